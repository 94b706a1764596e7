//! JSON Lines for training: a line for each set of an article.

use super::incoming::{
    At, InAnnotation, InDocument, InPlace, InRelation, InSpan, InTarget, InValue, Incoming, Units,
};
use super::json::Json;
use super::places::Places;
use super::{Peeked, SourceFile, files_of, objects, unit_named};
use crate::annotation::Status;
use crate::project::Source;
use crate::text::Unit;

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    let keys = &file.keys;
    keys.has("annotations") && keys.any(&["text", "sha256"]) && keys.any(&["offset_unit", "sha256"])
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    for file in files_of(files, is_file) {
        for (at, json) in objects(&file, &mut to.notes) {
            row(at, &json, to);
        }
    }
}

pub(in crate::format::dataset) fn row(at: At, row: &Json<'_>, to: &mut Incoming) {
    let text = Places::of(row.get("text").as_str().unwrap_or_default());
    let unit = unit_named(&row.get("offset_unit").text()).unwrap_or(Unit::CodePoint);
    let article = named(row, &at);
    let mut document = InDocument::new(at, article, text, Units::Declared(unit));
    document.title = row.get("title").as_str().map(str::to_owned);
    document.source = source(row);
    document.owner = row.get("annotator").given();
    document.status = status(row.get("status"));
    let regions = row.get("regions").list().iter();
    document.regions = regions.map(|it| (span(it), it.get("kind").text().into_owned())).collect();
    document.annotations = row.get("annotations").list().iter().map(annotation).collect();
    let relations = row.get("relations").list().iter();
    document.relations = relations.map(|it| relation(it, &document.at)).collect();
    to.documents.push(document);
}

/// What an article is called: its id, or where it stands in the file.
pub(super) fn named(row: &Json, at: &At) -> String {
    row.any(&["article", "id"]).given().unwrap_or_else(|| at.as_id())
}

/// Where an article is from, as rows and tables say it.
fn source(row: &Json) -> Source {
    Source {
        url: row.get("url").given(),
        publisher: row.get("publisher").given(),
        published: row.get("published").given(),
        language: row.get("language").given(),
        ..Source::default()
    }
}

/// A status by its name.
pub(super) fn status(name: &Json) -> Option<Status> {
    status_named(&name.text())
}

/// A status by its name.
pub(super) fn status_named(name: &str) -> Option<Status> {
    Status::ALL.into_iter().find(|status| status.name() == name)
}

/// An object of `start`, `end` and `text`.
fn span(json: &Json) -> InSpan {
    let words = json.get("text").text().into_owned();
    InSpan { words, ..InSpan::at(json.get("start").offset(), json.get("end").offset()) }
}

fn annotation(json: &Json) -> InAnnotation {
    let text = |key| json.get(key).text().into_owned();
    let mut annotation = InAnnotation::named(text("id"), text("label"));
    annotation.spans = match json.get("spans") {
        // Where there are no parts, it is one.
        Json::Null => vec![span(json)],
        spans => spans.list().iter().map(span).collect(),
    };
    let attributes = json.get("attributes").entries().iter();
    annotation.attributes = attributes.map(|(name, it)| (name.to_string(), value(it))).collect();
    annotation.group = text("group");
    annotation.note = text("note");
    annotation
}

/// A list is one of speakers, who have names, or of spans.
fn value(json: &Json) -> InValue {
    let Json::List(items) = json else { return InValue::Text(json.text().into_owned()) };
    let is_speaker = |item: &Json| !item.get("name").is_null() || !item.get("id").is_null();
    if !items.iter().any(is_speaker) {
        return InValue::Spans(items.iter().map(span).collect());
    }
    let speakers = items.iter().map(|item| {
        let text = |key| item.get(key).text().into_owned();
        let mention = item.get("start").offset().map(|_| span(item));
        (text("id"), text("name"), mention)
    });
    InValue::Speakers(speakers.collect())
}

fn relation(json: &Json, at: &At) -> InRelation {
    let text = |key| json.get(key).text().into_owned();
    let to = match (text("to"), text("to_group")) {
        (id, _) if !id.is_empty() => {
            InTarget::Annotation(InPlace { article: json.get("to_article").given(), id })
        }
        (_, group) if !group.is_empty() => InTarget::Group(group),
        _ => InTarget::Words(text("to_text")),
    };
    InRelation {
        at: at.clone(),
        id: text("id"),
        kind: text("type"),
        owner: None,
        from: InPlace::here(text("from")),
        to,
        note: text("note"),
    }
}
