//! JSON Lines for training, as `datasets` of Hugging Face reads them: one set of an article a line.
//!
//! `datasets` takes the types of columns from the rows that it sees first. So every row has every
//! key, and what is absent is `""`, `-1` or an empty list, never `null`. Offsets count code points, as
//! Python does: `text[start:end]` is the `text` that stands beside them.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value as Json, json};

use super::chosen::{NOT_IN_SCHEME, end, plain};
use super::{Chosen, Counts, Document, File, Format, Losses, Opened, Survey};
use crate::annotation::{Annotation, AttributeValue, Relation};
use crate::scheme::{Attribute, AttributeKind, Scheme};
use crate::text::{Span, Unit};

pub(super) const FORMAT: Format = Format {
    id: "training",
    name: "Training data (JSON Lines)",
    about: "One article of one annotator a line, for Hugging Face datasets and pandas.",
    units: &[Unit::CodePoint],
    needs_text: false,
    load: "\
from datasets import load_dataset
rows = load_dataset(\".\")
print(rows[\"train\"][0][\"annotations\"])",
};

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    annotator: &'a str,
    title: &'a str,
    text: &'a str,
    sha256: &'a str,
    offset_unit: &'a str,
    status: &'a str,
    url: &'a str,
    publisher: &'a str,
    published: &'a str,
    language: &'a str,
    annotations: Vec<AnnotationRow<'a>>,
    relations: Vec<RelationRow<'a>>,
    regions: Vec<RegionRow<'a>>,
}

#[derive(Serialize)]
struct AnnotationRow<'a> {
    id: &'a str,
    label: &'a str,
    /// From the first span to the last.
    #[serde(flatten)]
    hull: SpanRow<'a>,
    spans: Vec<SpanRow<'a>>,
    attributes: Attributes<'a>,
    group: &'a str,
    note: &'a str,
}

#[derive(Serialize)]
struct SpanRow<'a> {
    start: i64,
    end: i64,
    text: &'a str,
}

#[derive(Serialize)]
struct SpeakerRow<'a> {
    id: &'a str,
    name: &'a str,
    /// What names the speaker in the text.
    #[serde(flatten)]
    mention: SpanRow<'a>,
}

#[derive(Serialize)]
struct RelationRow<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    from: &'a str,
    to: &'a str,
    to_article: &'a str,
    to_group: &'a str,
    to_text: &'a str,
    note: &'a str,
}

#[derive(Serialize)]
struct RegionRow<'a> {
    #[serde(flatten)]
    span: SpanRow<'a>,
    kind: &'a str,
}

/// All attributes of the scheme, in its order, whether they have a value or not.
struct Attributes<'a> {
    annotation: &'a Annotation,
    document: &'a Document<'a>,
    chosen: &'a Chosen<'a>,
}

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Attributes { annotation, document, chosen } = self;
        let mut map = to.serialize_map(None)?;
        for attribute in &chosen.project.scheme().attributes {
            let value = annotation.attributes.get(&attribute.id);
            let id = attribute.id.as_str();
            match (attribute.kind, value) {
                (AttributeKind::Speaker, Some(AttributeValue::Speakers(speakers))) => {
                    let rows = speakers.iter().map(|it| SpeakerRow {
                        id: it.id.as_str(),
                        name: chosen.speaker(&it.id),
                        mention: span_row(document, chosen, it.mention),
                    });
                    map.serialize_entry(id, &rows.collect::<Vec<_>>())?;
                }
                (AttributeKind::Span, Some(AttributeValue::Spans(spans))) => {
                    let rows = spans.iter().map(|span| span_row(document, chosen, Some(*span)));
                    map.serialize_entry(id, &rows.collect::<Vec<_>>())?;
                }
                // One type for a column: an empty list of what would be in it.
                (AttributeKind::Speaker | AttributeKind::Span, _) => {
                    map.serialize_entry(id, &[(); 0])?;
                }
                (_, value) => {
                    let text = value.map_or_else(String::new, |it| plain(it, document, chosen));
                    map.serialize_entry(id, &text)?;
                }
            }
        }
        map.end()
    }
}

const FILE: &str = "train.jsonl";

pub(super) fn open(_: &Survey, _: &Counts) -> Opened {
    Opened::plain(FILE)
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let mut content = String::new();
    for document in &chosen.documents {
        for annotation in &document.annotations {
            note_losses(document, chosen, annotation, losses);
        }
        let row = row(document, chosen);
        content += &serde_json::to_string(&row).expect("keys are strings, and a String takes all");
        content.push('\n');
    }
    vec![File::new(FILE, content)]
}

/// The types of the columns, as the header of a card names them: what `datasets` would otherwise take
/// from the first rows, where a list may be empty.
pub(super) fn features(scheme: &Scheme) -> String {
    let text = |name: &str| json!({ "name": name, "dtype": "string" });
    let span = || {
        let number = |name: &str| json!({ "name": name, "dtype": "int64" });
        vec![number("start"), number("end"), text("text")]
    };
    let with = |mut first: Vec<Json>, then: Vec<Json>| {
        first.extend(then);
        first
    };
    let all = |names: &[&str]| names.iter().map(|name| text(name)).collect::<Vec<Json>>();
    let attributes = scheme.attributes.iter().map(|attribute| {
        let name = attribute.id.as_str();
        match attribute.kind {
            AttributeKind::Speaker => {
                json!({ "name": name, "list": with(all(&["id", "name"]), span()) })
            }
            AttributeKind::Span => json!({ "name": name, "list": span() }),
            _ => text(name),
        }
    });
    let attributes: Vec<Json> = attributes.collect();
    let mut annotation = with(all(&["id", "label"]), span());
    annotation.push(json!({ "name": "spans", "list": span() }));
    // A struct without fields is none.
    if !attributes.is_empty() {
        annotation.push(json!({ "name": "attributes", "struct": attributes }));
    }
    annotation.extend(all(&["group", "note"]));
    let relation = all(&["id", "type", "from", "to", "to_article", "to_group", "to_text", "note"]);
    let mut columns = all(&[
        "id",
        "annotator",
        "title",
        "text",
        "sha256",
        "offset_unit",
        "status",
        "url",
        "publisher",
        "published",
        "language",
    ]);
    columns.push(json!({ "name": "annotations", "list": annotation }));
    columns.push(json!({ "name": "relations", "list": relation }));
    columns.push(json!({ "name": "regions", "list": with(span(), all(&["kind"])) }));
    // YAML takes JSON as it is.
    format!("dataset_info:\n  features: {}\n", Json::Array(columns))
}

/// Values of no attribute of the scheme, or of another kind than it says, have no column.
fn note_losses(
    document: &Document<'_>,
    chosen: &Chosen<'_>,
    annotation: &Annotation,
    losses: &mut Losses,
) {
    let scheme = chosen.project.scheme();
    for (id, value) in annotation.attributes.iter() {
        let holds = |it: &Attribute| match it.kind {
            AttributeKind::Speaker => matches!(value, AttributeValue::Speakers(_)),
            AttributeKind::Span => matches!(value, AttributeValue::Spans(_)),
            _ => true,
        };
        if !scheme.attribute(id).is_some_and(holds) {
            losses.note(NOT_IN_SCHEME, document.article.id.as_str(), annotation.id.as_str());
        }
    }
}

fn row<'a>(document: &'a Document<'a>, chosen: &'a Chosen<'a>) -> Row<'a> {
    let article = document.article;
    let given = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
    Row {
        id: article.id.as_str(),
        annotator: document.owner_id(),
        title: &article.title,
        text: if chosen.choice.text { document.text.as_str() } else { "" },
        sha256: document.text.hash(),
        offset_unit: "code-point",
        status: document.status.name(),
        url: given(&article.source.url),
        publisher: given(&article.source.publisher),
        published: given(&article.source.published),
        language: given(&article.source.language),
        annotations: document
            .annotations
            .iter()
            .map(|annotation| annotation_row(document, chosen, annotation))
            .collect(),
        relations: document.relations.iter().map(|it| relation_row(it)).collect(),
        regions: article
            .regions
            .iter()
            .map(|region| RegionRow {
                span: span_row(document, chosen, Some(region.span)),
                kind: &region.kind,
            })
            .collect(),
    }
}

fn annotation_row<'a>(
    document: &'a Document<'a>,
    chosen: &'a Chosen<'a>,
    annotation: &'a Annotation,
) -> AnnotationRow<'a> {
    AnnotationRow {
        id: annotation.id.as_str(),
        label: annotation.label.as_str(),
        hull: span_row(document, chosen, Some(annotation.spans.hull())),
        spans: annotation.spans.iter().map(|it| span_row(document, chosen, Some(it))).collect(),
        attributes: Attributes { annotation, document, chosen },
        group: chosen.group(document, annotation),
        note: &annotation.note,
    }
}

/// -1 where there is no span.
fn span_row<'a>(
    document: &'a Document<'a>,
    chosen: &Chosen<'_>,
    span: Option<Span>,
) -> SpanRow<'a> {
    let Some(span) = span else { return SpanRow { start: -1, end: -1, text: "" } };
    SpanRow {
        start: document.text.offset(span.start(), Unit::CodePoint).into(),
        end: document.text.offset(span.end(), Unit::CodePoint).into(),
        text: document.words(span, chosen.choice),
    }
}

fn relation_row(relation: &Relation) -> RelationRow<'_> {
    let (to_article, to, to_group) = end(relation);
    RelationRow {
        id: relation.id.as_str(),
        kind: relation.kind.as_str(),
        from: relation.from.annotation.as_str(),
        to,
        to_article,
        to_group,
        to_text: relation.target_text.as_deref().unwrap_or_default(),
        note: &relation.note,
    }
}
