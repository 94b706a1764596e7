//! What the readers of all formats fill: names and numbers as the files have them.

use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;

use super::places::Places;
use super::units::Evidence;
use crate::annotation::{Status, Timestamp};
use crate::format::Problem;
use crate::project::Source;
use crate::scheme::AttributeKind;
use crate::text::Unit;

/// Where in the files something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::format::dataset) struct At {
    /// The file's path.
    pub(super) file: Arc<str>,
    /// From 1, in files of lines.
    pub(super) line: Option<u32>,
    /// From 1, in files that are lists.
    pub(super) item: Option<u32>,
}

impl At {
    pub(super) fn file(file: &str) -> At {
        At { file: file.into(), line: None, item: None }
    }

    pub(super) fn line(&self, line: u32) -> At {
        At { line: Some(line), ..self.clone() }
    }

    pub(super) fn item(&self, item: u32) -> At {
        At { item: Some(item), ..self.clone() }
    }

    /// A name for an article that has none: the file, and where it stands in it.
    pub(super) fn as_id(&self) -> String {
        match self.line.or(self.item) {
            Some(number) => format!("{}#{number}", self.file),
            None => self.file.to_string(),
        }
    }
}

/// What files hold, or one line of a file.
#[derive(Default)]
pub(in crate::format::dataset) struct Incoming {
    pub(super) documents: Vec<InDocument>,
    /// Links whose ends name their articles.
    pub(super) relations: Vec<InRelation>,
    pub(super) declared: Declared,
    pub(super) notes: Notes,
}

impl Incoming {
    /// Leaves out documents whose texts cannot be annotated, and notes that.
    pub(super) fn keep_texts(&mut self) {
        let Incoming { documents, notes, .. } = self;
        documents.retain(|document| {
            let wrong = document.text.wrong;
            if let Some((what, remedy)) = wrong {
                notes.note(&document.at, what, remedy, &document.article);
            }
            wrong.is_none()
        });
    }

    /// What each of its documents says of units.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        self.documents.iter().map(Evidence::of).collect()
    }
}

/// What files say of what may be annotated.
#[derive(Default)]
pub(in crate::format::dataset) struct Declared {
    pub(super) labels: Vec<String>,
    pub(super) attributes: Vec<InAttribute>,
    pub(super) relations: Vec<InRelationType>,
}

pub(in crate::format::dataset) struct InAttribute {
    pub(super) name: String,
    /// None where the file does not tell.
    pub(super) kind: Option<AttributeKind>,
    /// Of a choice.
    pub(super) values: Vec<String>,
    /// The labels that have it, where the file tells.
    pub(super) labels: Vec<String>,
}

impl InAttribute {
    pub(super) fn new(name: &str, kind: Option<AttributeKind>) -> InAttribute {
        InAttribute { name: name.to_owned(), kind, values: Vec::new(), labels: Vec::new() }
    }
}

#[derive(Default)]
pub(in crate::format::dataset) struct InRelationType {
    pub(super) name: String,
    /// Labels.
    pub(super) from: Vec<String>,
    /// Labels.
    pub(super) to: Vec<String>,
}

/// One annotator's annotations on one article.
pub(in crate::format::dataset) struct InDocument {
    pub(super) at: At,
    /// Names the article.
    pub(super) article: String,
    /// None where the file does not tell.
    pub(super) title: Option<String>,
    pub(super) source: Source,
    /// Several documents may have one.
    pub(super) text: Arc<Places>,
    /// None where the file does not tell; `gold` is the adjudicated set.
    pub(super) owner: Option<String>,
    /// None where the file does not tell.
    pub(super) status: Option<Status>,
    /// Whether there is a set at all, be it empty.
    pub(super) has_set: bool,
    pub(super) units: Units,
    /// Where words and signs start and end, if the file says: they tell what offsets count.
    pub(super) tokens: Vec<(u32, u32)>,
    /// Stretches that are not to be annotated, each with its kind.
    pub(super) regions: Vec<(InSpan, String)>,
    pub(super) annotations: Vec<InAnnotation>,
    /// Links, whose ends are of this document where they do not say otherwise.
    pub(super) relations: Vec<InRelation>,
}

impl InDocument {
    pub(super) fn new(at: At, article: String, text: Arc<Places>, units: Units) -> InDocument {
        InDocument {
            at,
            article,
            title: None,
            source: Source::default(),
            text,
            owner: None,
            status: None,
            has_set: true,
            units,
            tokens: Vec::new(),
            regions: Vec::new(),
            annotations: Vec::new(),
            relations: Vec::new(),
        }
    }

    /// The file in which its offsets stand.
    pub(super) fn counts_in(&self) -> &Arc<str> {
        let own = self.annotations.first().and_then(|it| it.at.as_ref());
        &own.unwrap_or(&self.at).file
    }
}

/// What the offsets of a document count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format::dataset) enum Units {
    /// This, which the covered words are to show.
    Declared(Unit),
    /// This, unless another makes more spans start and end where words do: there are no covered words.
    Likely(Unit),
}

pub(in crate::format::dataset) struct InAnnotation {
    /// Where it stands, if that is not where its document does.
    pub(super) at: Option<At>,
    /// What links of the document name it by; may be empty.
    pub(super) id: String,
    /// Whether that can name it in the project; else it is a number that means nothing elsewhere.
    pub(super) is_named: bool,
    pub(super) label: String,
    pub(super) spans: Vec<InSpan>,
    /// Whether spans that only line ends part are one.
    pub(super) joins_lines: bool,
    pub(super) attributes: Vec<(String, InValue)>,
    /// Names the group that it belongs to; empty for none.
    pub(super) group: String,
    pub(super) note: String,
    pub(super) created: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
}

impl InAnnotation {
    /// One of a label, under an id that can name it in the project.
    pub(super) fn named(id: String, label: String) -> InAnnotation {
        InAnnotation {
            at: None,
            id,
            is_named: true,
            label,
            spans: Vec::new(),
            joins_lines: false,
            attributes: Vec::new(),
            group: String::new(),
            note: String::new(),
            created: None,
            updated: None,
        }
    }

    /// One of a label, under what means nothing outside its document.
    pub(super) fn numbered(id: String, label: String) -> InAnnotation {
        InAnnotation { is_named: false, ..InAnnotation::named(id, label) }
    }

    /// Adds to the note, on a line of its own.
    pub(super) fn add_note(&mut self, note: &str) {
        if !self.note.is_empty() {
            self.note.push('\n');
        }
        self.note += note;
    }
}

/// Where something stands: offsets that are none where the file has no whole number, and the words,
/// empty where the file does not give them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::format::dataset) struct InSpan {
    pub(super) start: Option<u32>,
    pub(super) end: Option<u32>,
    pub(super) words: String,
    /// What stands before, as far as the file tells it: it helps a search.
    pub(super) before: String,
}

impl InSpan {
    /// One whose words are not known.
    pub(super) fn at(start: Option<u32>, end: Option<u32>) -> InSpan {
        InSpan { start, end, words: String::new(), before: String::new() }
    }
}

/// A value as the file has it; the scheme says what is made of it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::format::dataset) enum InValue {
    /// One line of text.
    Text(String),
    /// Each with an id, which may be empty, a name, and where it stands.
    Speakers(Vec<(String, String, Option<InSpan>)>),
    Spans(Vec<InSpan>),
}

impl InValue {
    /// Whether it says nothing: an empty text or list.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            InValue::Text(text) => text.is_empty(),
            InValue::Speakers(speakers) => speakers.is_empty(),
            InValue::Spans(spans) => spans.is_empty(),
        }
    }
}

pub(in crate::format::dataset) struct InRelation {
    pub(super) at: At,
    /// Empty where there is none.
    pub(super) id: String,
    pub(super) kind: String,
    /// Who drew it; the owner of its document where the file does not tell.
    pub(super) owner: Option<String>,
    pub(super) from: InPlace,
    pub(super) to: InTarget,
    pub(super) note: String,
}

impl InRelation {
    /// The annotations that it names.
    pub(super) fn ends(&self) -> impl Iterator<Item = &InPlace> {
        let to = match &self.to {
            InTarget::Annotation(place) => Some(place),
            InTarget::Group(_) | InTarget::Words(_) => None,
        };
        iter::once(&self.from).chain(to)
    }
}

/// An annotation, by its article, which is the document's where it is none, and its id there.
#[derive(Clone, Debug)]
pub(in crate::format::dataset) struct InPlace {
    pub(super) article: Option<String>,
    pub(super) id: String,
}

impl InPlace {
    /// One of the same document.
    pub(super) fn here(id: impl Into<String>) -> InPlace {
        InPlace { article: None, id: id.into() }
    }

    /// The name of its article, where it is given.
    pub(super) fn article(&self) -> Option<&str> {
        self.article.as_deref().filter(|name| !name.is_empty())
    }
}

#[derive(Clone, Debug)]
pub(in crate::format::dataset) enum InTarget {
    Annotation(InPlace),
    Group(String),
    Words(String),
}

/// What could not be taken as it stands, counted by file and cause.
#[derive(Default)]
pub(in crate::format::dataset) struct Notes {
    order: Vec<Noted>,
    known: BTreeMap<(Arc<str>, String), usize>,
}

struct Noted {
    at: At,
    what: String,
    remedy: &'static str,
    count: u32,
    first: Vec<String>,
}

/// How many places of one cause are named.
const PLACES: usize = 3;

impl Notes {
    /// Counts a case of a cause; `which` names it, or is empty.
    pub(super) fn note(
        &mut self,
        at: &At,
        what: impl Into<String>,
        remedy: &'static str,
        which: &str,
    ) {
        let first = (!which.is_empty()).then(|| shortened(which)).into_iter().collect();
        self.add(Noted { at: at.clone(), what: what.into(), remedy, count: 1, first });
    }

    fn add(&mut self, noted: Noted) {
        let key = (noted.at.file.clone(), noted.what.clone());
        let Some(index) = self.known.get(&key) else {
            self.known.insert(key, self.order.len());
            self.order.push(noted);
            return;
        };
        let known = &mut self.order[*index];
        known.count += noted.count;
        let more = PLACES.saturating_sub(known.first.len());
        known.first.extend(noted.first.into_iter().take(more));
    }

    /// Counts the cases of what comes behind.
    pub(super) fn extend(&mut self, more: Notes) {
        more.order.into_iter().for_each(|noted| self.add(noted));
    }

    /// By file, as files were met, and by line.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        let mut files: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        let mut place = |at: &At| {
            let next = files.len();
            (*files.entry(at.file.clone()).or_insert(next), at.line)
        };
        let mut order: Vec<_> =
            std::mem::take(&mut self.order).into_iter().map(|it| (place(&it.at), it)).collect();
        order.sort_by_key(|(place, _)| *place);
        let problems = order.into_iter().map(|(_, it)| Problem {
            file: it.at.file.to_string(),
            line: it.at.line,
            what: match (it.count, &it.first[..]) {
                (1, []) => it.what,
                (1, first) => format!("{}: {}", it.what, first.join(", ")),
                (count, []) => format!("{}: {count} times", it.what),
                (count, first) => {
                    format!("{}: {count} times, first {}", it.what, first.join(", "))
                }
            },
            remedy: it.remedy.to_owned(),
        });
        problems.collect()
    }
}

/// The start of a name or a quote, for a message.
fn shortened(which: &str) -> String {
    const LONGEST: usize = 100;
    let line: String =
        which.chars().take(LONGEST).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if which.chars().nth(LONGEST).is_some() { format!("{line}…") } else { line }
}
