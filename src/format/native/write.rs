//! Writing, article by article. Keys stand in the order in which the structs name them.
//!
//! The scheme, sources, origins and places are in the file what they are in the store.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use super::{FORMAT, Layout, VERSION, unit_name};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, GroupId, Origin, Place,
    RelationId, SpeakerId, Target, reading_order,
};
use crate::map::Map;
use crate::project::{
    Article, Deletion, Key, Loaded, NotLoaded, Owner, Project, SetInfo, SetKey, Source, Unplaced,
};
use crate::scheme::{AttributeId, Extra, LabelId, RelationTypeId, Scheme};
use crate::text::{Span, Text, TextHash, Unit};

/// The whole file of a project whose articles are all loaded.
///
/// # Errors
/// The first article that is not loaded.
pub fn write(project: &Project) -> Result<String, NotLoaded> {
    Layout::Object.write(project)
}

/// The same as lines: the object without its articles, then one article a line.
///
/// # Errors
/// The first article that is not loaded.
pub fn write_lines(project: &Project) -> Result<String, NotLoaded> {
    Layout::Lines.write(project)
}

/// Head, all articles in the project's order, and tail, one after the other, are the file.
impl Layout {
    /// Writes a project whose articles are all loaded.
    ///
    /// # Errors
    /// The first article that is not loaded.
    pub fn write(self, project: &Project) -> Result<String, NotLoaded> {
        let mut file = self.head(project);
        for (at, article) in project.articles().into_iter().enumerate() {
            let loaded = project.loaded(&article.id);
            let loaded = loaded.ok_or_else(|| NotLoaded(article.id.clone()))?;
            file += &self.article(project, article, loaded, at == 0);
        }
        Ok(file + &self.tail(project, project.article_count() == 0))
    }

    /// The file up to its first article.
    pub fn head(self, project: &Project) -> String {
        let head = head_out(project);
        match self {
            Layout::Object => {
                let mut head = pretty(&head);
                head.truncate(head.len() - "\n}".len());
                head + ",\n  \"articles\": ["
            }
            Layout::Lines => {
                let (mut head, tail) = (compact(&head), compact(&tail_out(project)));
                head.truncate(head.len() - "}".len());
                format!("{head},{}\n", &tail["{".len()..])
            }
        }
    }

    /// One article of the project, with what parts it from the one before, if it is not the first.
    pub fn article(
        self,
        project: &Project,
        article: &Article,
        loaded: &Loaded,
        is_first: bool,
    ) -> String {
        let out = article_out(project, article, loaded);
        match self {
            Layout::Object => {
                let comma = if is_first { "" } else { "," };
                format!("{comma}\n    {}", pretty(&out).replace('\n', "\n    "))
            }
            Layout::Lines => compact(&out) + "\n",
        }
    }

    /// The file behind its last article, if it has one.
    pub fn tail(self, project: &Project, is_empty: bool) -> String {
        match self {
            Layout::Object => {
                let tail = pretty(&tail_out(project));
                let end = if is_empty { "]" } else { "\n  ]" };
                format!("{end},{}\n", &tail["{".len()..])
            }
            Layout::Lines => String::new(),
        }
    }
}

fn head_out(project: &Project) -> HeadOut<'_> {
    let meta = project.meta();
    HeadOut {
        format: FORMAT,
        version: VERSION,
        offset_unit: unit_name(Unit::CodePoint),
        generator: concat!("avow ", env!("CARGO_PKG_VERSION")),
        project: MetaOut {
            id: meta.id.as_str(),
            title: &meta.title,
            guidelines: &meta.guidelines,
            created: meta.created.to_string(),
            extra: &meta.extra,
        },
        scheme: project.scheme(),
        annotators: project
            .annotators()
            .into_iter()
            .map(|it| AnnotatorOut { id: &it.id, name: &it.name, extra: &it.extra })
            .collect(),
        speakers: project
            .speakers()
            .into_iter()
            .map(|it| SpeakerOut {
                id: &it.id,
                name: &it.name,
                aliases: &it.aliases,
                extra: &it.extra,
            })
            .collect(),
        groups: project
            .groups()
            .into_iter()
            .map(|it| GroupOut {
                id: &it.id,
                sentence: &it.sentence,
                members: &it.members,
                extra: &it.extra,
            })
            .collect(),
    }
}

fn article_out<'a>(
    project: &'a Project,
    article: &'a Article,
    loaded: &'a Loaded,
) -> ArticleOut<'a> {
    let id = &article.id;
    let text = &loaded.text;
    let set_of = |owner: &Owner| {
        let row = project.set(&SetKey { article: id.clone(), owner: owner.clone() });
        let info = row.and_then(|row| row.info.clone()).unwrap_or_default();
        let seconds = row.map_or(0, |row| row.seconds);
        let mut annotations: Vec<&Annotation> =
            loaded.sets.get(owner).into_iter().flat_map(|set| set.values()).map(|a| &**a).collect();
        annotations.sort_by(|a, b| reading_order(a, b));
        let annotator = match owner {
            Owner::Gold => None,
            Owner::Annotator(id) => Some(id.clone()),
        };
        // A set with nothing in it that says nothing of itself is none.
        let says = info != SetInfo::default() || seconds > 0;
        (says || !annotations.is_empty()).then(|| SetOut {
            annotator,
            status: info.status.name(),
            seconds,
            annotations: annotations
                .into_iter()
                .map(|annotation| annotation_out(annotation, project.scheme(), text))
                .collect(),
            extra: info.extra,
        })
    };
    ArticleOut {
        id,
        title: &article.title,
        text: text.as_str(),
        sha256: text.hash(),
        source: &article.source,
        metadata: &article.metadata,
        regions: article
            .regions
            .iter()
            .map(|region| RegionOut {
                start: text.offset(region.span.start(), Unit::CodePoint),
                end: text.offset(region.span.end(), Unit::CodePoint),
                kind: &region.kind,
                extra: &region.extra,
            })
            .collect(),
        sets: owners(project, id, loaded).iter().filter_map(set_of).collect(),
        gold: set_of(&Owner::Gold),
        former_texts: &article.former_texts,
        unplaced: article
            .unplaced
            .iter()
            .map(|it| unplaced_out(it, project.scheme(), text))
            .collect(),
        extra: &article.extra,
    }
}

fn tail_out(project: &Project) -> TailOut<'_> {
    TailOut {
        relations: project
            .relations()
            .into_iter()
            .map(|it| RelationOut {
                id: &it.id,
                kind: &it.kind,
                annotator: &it.annotator,
                from: &it.from,
                to: it.to.as_ref(),
                target_text: it.target_text.as_deref(),
                note: &it.note,
                extra: &it.extra,
            })
            .collect(),
        deleted: project.deletions().filter_map(|(key, it)| deleted_out(key, it)).collect(),
        extra: &project.meta().file_extra,
    }
}

/// What was deleted, by its kind and ids; none of what is never written down as deleted.
fn deleted_out<'a>(key: &'a Key, deletion: &'a Deletion) -> Option<DeletedOut<'a>> {
    let (mut article, mut annotator) = (None, None);
    let id = match key {
        Key::Annotator(id) => id.as_str(),
        Key::Speaker(id) => id.as_str(),
        Key::Group(id) => id.as_str(),
        Key::Relation(id) => id.as_str(),
        Key::Article(id) => id.as_str(),
        Key::Annotation(set, id) => {
            article = Some(&set.article);
            annotator = match &set.owner {
                Owner::Gold => None,
                Owner::Annotator(id) => Some(id),
            };
            id.as_str()
        }
        Key::Meta | Key::Scheme | Key::Set(_) | Key::Deletion(_) => return None,
    };
    let Deletion { at, by, extra } = deletion;
    Some(DeletedOut { kind: key.kind(), article, annotator, id, at: at.to_string(), by, extra })
}

/// The annotators who have a set on an article, in the project's order; those that the project
/// does not list, by id behind the others.
fn owners(project: &Project, article: &ArticleId, loaded: &Loaded) -> Vec<Owner> {
    let mut owners: Vec<Owner> = project.rows_of(article).map(|(owner, _)| owner.clone()).collect();
    owners.extend(loaded.sets.keys().cloned());
    owners.sort();
    owners.dedup();
    owners.retain(|owner| *owner != Owner::Gold);
    owners.sort_by_key(|owner| match owner {
        Owner::Annotator(id) => project.annotator(id).map_or(u32::MAX, |it| it.order),
        Owner::Gold => 0,
    });
    owners
}

fn annotation_out<'a>(
    annotation: &'a Annotation,
    scheme: &Scheme,
    text: &'a Text,
) -> AnnotationOut<'a> {
    AnnotationOut {
        id: &annotation.id,
        label: &annotation.label,
        spans: annotation.spans.iter().map(|span| span_out(span, text)).collect(),
        attributes: attributes_out(&annotation.label, &annotation.attributes, scheme, text),
        note: &annotation.note,
        origin: &annotation.origin,
        created: annotation.created.to_string(),
        updated: annotation.updated.to_string(),
        extra: &annotation.extra,
    }
}

fn unplaced_out<'a>(it: &'a Unplaced, scheme: &Scheme, text: &'a Text) -> UnplacedOut<'a> {
    UnplacedOut {
        annotator: match &it.owner {
            Owner::Gold => None,
            Owner::Annotator(id) => Some(id),
        },
        id: &it.id,
        label: &it.label,
        quotes: &it.quotes,
        before: &it.before,
        after: &it.after,
        attributes: attributes_out(&it.label, &it.attributes, scheme, text),
        note: &it.note,
        origin: &it.origin,
        created: it.created.to_string(),
        updated: it.updated.to_string(),
        extra: &it.extra,
    }
}

/// The label's order first, then whatever else there is, by id.
fn attributes_out<'a>(
    label: &LabelId,
    values: &'a Map<AttributeId, AttributeValue>,
    scheme: &Scheme,
    text: &'a Text,
) -> AttributesOut<'a> {
    let named = scheme.label(label).map_or(&[][..], |label| &label.attributes);
    let (mut attributes, mut met) = (Vec::new(), BTreeSet::new());
    for id in named.iter().chain(values.keys()) {
        if let Some(value) = values.get(id)
            && met.insert(id)
            && let Some(value) = value_out(value, text)
        {
            attributes.push((id.clone(), value));
        }
    }
    AttributesOut(attributes)
}

/// A value as in the file; none for one that says nothing.
fn value_out<'a>(value: &'a AttributeValue, text: &'a Text) -> Option<ValueOut<'a>> {
    Some(match value {
        AttributeValue::Speakers(speakers) if speakers.is_empty() => return None,
        AttributeValue::Speakers(speakers) => ValueOut::Speakers(
            speakers
                .iter()
                .map(|speaker| MentionOut {
                    id: &speaker.id,
                    mention: speaker.mention.map(|span| span_out(span, text)),
                    extra: &speaker.extra,
                })
                .collect(),
        ),
        AttributeValue::Spans(spans) if spans.is_empty() => return None,
        AttributeValue::Spans(spans) => {
            ValueOut::Spans(spans.iter().map(|span| span_out(*span, text)).collect())
        }
        AttributeValue::Text(text) => ValueOut::Text(text),
        AttributeValue::YesNo(yes) => ValueOut::YesNo(*yes),
        // JSON has no form for the others.
        AttributeValue::Number(number) if !number.is_finite() => return None,
        AttributeValue::Number(number) => ValueOut::Number(*number),
        AttributeValue::Other(serde_json::Value::Null) => return None,
        AttributeValue::Other(value) => ValueOut::Other(value),
    })
}

fn span_out(span: Span, text: &Text) -> SpanOut<'_> {
    SpanOut {
        start: text.offset(span.start(), Unit::CodePoint),
        end: text.offset(span.end(), Unit::CodePoint),
        text: text.slice(span),
    }
}

/// With two spaces for each level.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("every key is a string, and a String takes all")
}

fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("every key is a string, and a String takes all")
}

#[derive(Serialize)]
struct HeadOut<'a> {
    format: &'a str,
    version: u32,
    offset_unit: &'a str,
    generator: &'a str,
    project: MetaOut<'a>,
    scheme: &'a Scheme,
    annotators: Vec<AnnotatorOut<'a>>,
    speakers: Vec<SpeakerOut<'a>>,
    groups: Vec<GroupOut<'a>>,
}

#[derive(Serialize)]
struct MetaOut<'a> {
    id: &'a str,
    title: &'a str,
    guidelines: &'a str,
    created: String,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct AnnotatorOut<'a> {
    id: &'a AnnotatorId,
    name: &'a str,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct SpeakerOut<'a> {
    id: &'a SpeakerId,
    name: &'a str,
    aliases: &'a [String],
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct GroupOut<'a> {
    id: &'a GroupId,
    sentence: &'a str,
    members: &'a [Place],
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct ArticleOut<'a> {
    id: &'a ArticleId,
    title: &'a str,
    text: &'a str,
    sha256: &'a str,
    source: &'a Source,
    metadata: &'a Extra,
    regions: Vec<RegionOut<'a>>,
    sets: Vec<SetOut<'a>>,
    gold: Option<SetOut<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    former_texts: &'a [TextHash],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unplaced: Vec<UnplacedOut<'a>>,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct RegionOut<'a> {
    start: u32,
    end: u32,
    kind: &'a str,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct SetOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    annotator: Option<AnnotatorId>,
    status: &'static str,
    seconds: u64,
    annotations: Vec<AnnotationOut<'a>>,
    #[serde(flatten)]
    extra: Extra,
}

#[derive(Serialize)]
struct AnnotationOut<'a> {
    id: &'a AnnotationId,
    label: &'a LabelId,
    spans: Vec<SpanOut<'a>>,
    attributes: AttributesOut<'a>,
    note: &'a str,
    origin: &'a Origin,
    created: String,
    updated: String,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct UnplacedOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    annotator: Option<&'a AnnotatorId>,
    id: &'a AnnotationId,
    label: &'a LabelId,
    quotes: &'a [String],
    before: &'a str,
    after: &'a str,
    attributes: AttributesOut<'a>,
    note: &'a str,
    origin: &'a Origin,
    created: String,
    updated: String,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct SpanOut<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

/// An object whose keys keep the order of the list.
struct AttributesOut<'a>(Vec<(AttributeId, ValueOut<'a>)>);

impl Serialize for AttributesOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, value)| (id, value)))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValueOut<'a> {
    Speakers(Vec<MentionOut<'a>>),
    Spans(Vec<SpanOut<'a>>),
    Text(&'a str),
    YesNo(bool),
    Number(f64),
    Other(&'a serde_json::Value),
}

#[derive(Serialize)]
struct MentionOut<'a> {
    id: &'a SpeakerId,
    #[serde(skip_serializing_if = "Option::is_none")]
    mention: Option<SpanOut<'a>>,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct TailOut<'a> {
    relations: Vec<RelationOut<'a>>,
    deleted: Vec<DeletedOut<'a>>,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct RelationOut<'a> {
    id: &'a RelationId,
    #[serde(rename = "type")]
    kind: &'a RelationTypeId,
    annotator: &'a AnnotatorId,
    from: &'a Place,
    to: Option<&'a Target>,
    target_text: Option<&'a str>,
    note: &'a str,
    #[serde(flatten)]
    extra: &'a Extra,
}

#[derive(Serialize)]
struct DeletedOut<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<&'a ArticleId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotator: Option<&'a AnnotatorId>,
    id: &'a str,
    at: String,
    by: &'a AnnotatorId,
    #[serde(flatten)]
    extra: &'a Extra,
}
