//! Annotations: labels on spans of one article, with attribute values.

pub mod check;
mod quotation;
mod spans;

pub use spans::{Spans, SpansError};

use std::cmp::Reverse;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::map::Map;
use crate::scheme::{AttributeId, Extra, LabelId, RelationTypeId, id_type};
use crate::text::{Pos, Span};

id_type! {
    /// Names an annotation, unique in the project.
    AnnotationId,
    /// Names a relation, unique in the project.
    RelationId,
    /// Names a speaker, unique in the project.
    SpeakerId,
    /// Names a group of annotations that repeat one claim.
    GroupId,
    /// Names an annotator: random, made on the first visit.
    AnnotatorId,
    /// Names an article within its project.
    ArticleId,
}

/// A moment, in whole seconds since 1970 (UTC): the precision of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u64);

impl std::fmt::Display for Timestamp {
    /// RFC 3339, as `2026-01-02T03:04:05Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Past the year 9999 the format has no form; such a clock is clamped rather than fatal.
        let seconds = self.0.min(253_402_300_799);
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        write!(f, "{}", humantime::format_rfc3339_seconds(time))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = humantime::TimestampError;

    /// RFC 3339, with any offset from UTC; a date and a time without one are taken as UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // `humantime` knows UTC only as `Z`; Python writes `+00:00`.
        let (text, ahead) = split_offset(text);
        let time = humantime::parse_rfc3339_weak(text)?;
        let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ok(Timestamp(since.as_secs().saturating_add_signed(-ahead)))
    }
}

/// A time without its `+hh:mm` or `-hh:mm`, and the seconds that this is ahead of UTC.
fn split_offset(text: &str) -> (&str, i64) {
    let parse = || {
        let (time, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
        let sign = match offset.as_bytes()[0] {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, minutes) = offset[1..].split_once(':')?;
        let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
        Some((time, sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60)))
    };
    parse().unwrap_or((text, 0))
}

/// A label on one or more spans of one article.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Unique in the project.
    pub id: AnnotationId,
    /// What the spans are tagged as.
    pub label: LabelId,
    /// Several spans make one broken quote.
    pub spans: Spans,
    /// By attribute; one without a value is absent.
    pub attributes: Map<AttributeId, AttributeValue>,
    /// Free text of the annotator.
    pub note: String,
    /// How it came to be.
    pub origin: Origin,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// The value of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeValue {
    /// Never empty: no speaker is no value.
    Speakers(Vec<SpeakerMention>),
    /// Never empty: no span is no value.
    Spans(Vec<Span>),
    /// A choice or free text.
    Text(String),
    /// Yes or no.
    YesNo(bool),
    /// A number.
    Number(f64),
    /// A value whose kind the scheme does not tell, kept as it was read.
    Other(serde_json::Value),
}

/// A speaker, and the place in the article that names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerMention {
    /// The speaker of the project.
    pub id: SpeakerId,
    /// A name, a pronoun, a title.
    pub mention: Option<Span>,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// How an annotation came to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Origin {
    /// Marked by a person.
    #[default]
    Hand,
    /// A rule's suggestion that a person accepted.
    Rule {
        /// Of the rule.
        name: String,
        /// From 0 to 1.
        score: f64,
    },
    /// A learner's suggestion that a person accepted.
    Learned {
        /// Of the learner.
        name: String,
        /// From 0 to 1.
        score: f64,
    },
    /// Read from a file of another tool.
    Import {
        /// Its name.
        file: String,
    },
    /// Decided from several annotators' annotations.
    Adjudication {
        /// Those it was decided from.
        from: Vec<AnnotationId>,
    },
    /// An origin that this version does not know, kept as it was read.
    #[serde(untagged)]
    Other(Extra),
}

/// A typed, directed link between two annotations.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Unique in the project.
    pub id: RelationId,
    /// Where it stands among the project's relations.
    pub order: u32,
    /// What it means.
    pub kind: RelationTypeId,
    /// Who drew it.
    pub annotator: AnnotatorId,
    /// Where it starts.
    pub from: Place,
    /// Where it leads; nothing where the target is not in any text.
    pub to: Option<Target>,
    /// The target in words, where it is not in any text.
    pub target_text: Option<String>,
    /// Free text of the annotator.
    pub note: String,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// An annotation of some article.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The article it is in.
    pub article: ArticleId,
    /// Its id.
    pub annotation: AnnotationId,
}

/// What a relation leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Target {
    /// An annotation.
    Annotation(Place),
    /// A group of annotations that repeat one claim.
    Group {
        /// The group.
        group: GroupId,
    },
}

/// One annotator's annotations on one article, by id; a clone shares all that does not change.
pub type Annotations = Map<AnnotationId, Arc<Annotation>>;

/// How far an annotator is with an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not begun.
    #[default]
    Todo,
    /// Begun.
    Doing,
    /// Finished.
    Done,
    /// Left out on purpose.
    Skipped,
}

impl Status {
    /// All, in the order in which they are offered.
    pub const ALL: [Status; 4] = [Status::Todo, Status::Doing, Status::Done, Status::Skipped];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Status::Todo => "todo",
            Status::Doing => "doing",
            Status::Done => "done",
            Status::Skipped => "skipped",
        }
    }
}

/// Where an annotation stands in [reading order](reading_order).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadingPlace(Pos, Reverse<Pos>, AnnotationId);

impl ReadingPlace {
    /// That of an annotation.
    pub fn of(annotation: &Annotation) -> ReadingPlace {
        let first = annotation.spans.first();
        ReadingPlace(first.start(), Reverse(first.end()), annotation.id.clone())
    }

    /// Before all annotations of a text of this length that start at `start` or behind it.
    pub fn before(start: Pos, length: Pos) -> ReadingPlace {
        ReadingPlace(start, Reverse(length), "".into())
    }
}

/// Orders annotations as lists and files show them: by first span, the longer first, then id.
pub fn reading_order(a: &Annotation, b: &Annotation) -> std::cmp::Ordering {
    let (first, second) = (a.spans.first(), b.spans.first());
    first
        .start()
        .cmp(&second.start())
        .then(second.end().cmp(&first.end()))
        .then_with(|| a.id.cmp(&b.id))
}
