//! Lines of doccano, with relations or without, and as it exports them. JSON of Label Studio's short
//! form is of the same shape.
//!
//! There are no covered words, and what offsets count depends on who wrote them.

use super::incoming::{
    At, InAnnotation, InDocument, InPlace, InRelation, InSpan, InTarget, Incoming, Units,
};
use super::json::Json;
use super::places::Places;
use super::training::{named, status};
use super::{Peeked, SourceFile, file_name, files_of, objects, stem, unit_named};
use crate::text::Unit;

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    let keys = &file.keys;
    keys.any(&["text", "data"])
        && keys.any(&["label", "labels", "entities"])
        && !keys.any(&["tokens", "annotations", "start", "%FEATURE_STRUCTURES"])
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    // Where there are several files, doccano names each for who annotated.
    let several = files_of(files, is_file).count() > 1;
    for file in files_of(files, is_file) {
        let before = to.documents.len();
        for (at, json) in objects(&file, &mut to.notes) {
            row(at, &json, to);
        }
        for document in to.documents[before..].iter_mut().filter(|_| several) {
            document.owner.get_or_insert_with(|| stem(file_name(file.path)).to_owned());
        }
    }
}

pub(in crate::format::dataset) fn row(at: At, row: &Json<'_>, to: &mut Incoming) {
    let text = Places::of(row.any(&["text", "data"]).as_str().unwrap_or_default());
    let units = match unit_named(&row.get("offset_unit").text()) {
        Some(unit) => Units::Declared(unit),
        None => Units::Likely(Unit::CodePoint),
    };
    let mut document = InDocument::new(at.clone(), named(row, &at), text, units);
    document.title = row.get("title").as_str().map(str::to_owned);
    document.owner = row.get("annotator").given();
    document.status = status(row.get("status"));
    fill(&mut document, row, to);
    to.documents.push(document);
}

fn fill(document: &mut InDocument, row: &Json, to: &mut Incoming) {
    let at = document.at.clone();
    let mut lose = |what, which: &str| {
        to.notes.note(&at, what, "It was left out", which);
    };
    let marked = row.any(&["entities", "label", "labels"]);
    for mark in marked.each() {
        match annotation(mark) {
            Some(annotation) => document.annotations.push(annotation),
            None => lose("A label that is of no span", &mark.text()),
        }
    }
    for relation in row.get("relations").list() {
        let text = |keys: &[&str]| relation.any(keys).text().into_owned();
        document.relations.push(InRelation {
            at: at.clone(),
            id: String::new(),
            kind: text(&["type", "label"]),
            owner: None,
            from: InPlace::here(text(&["from_id"])),
            to: InTarget::Annotation(InPlace::here(text(&["to_id"]))),
            note: String::new(),
        });
    }
    for comment in row.any(&["Comments", "comments"]).list() {
        lose("A comment on a whole text", &comment.text());
    }
}

/// A span as a list of its start, end and label, or as an object.
fn annotation(mark: &Json) -> Option<InAnnotation> {
    let (id, label, start, end) = match mark {
        Json::List(_) => (&Json::Null, mark.at(2), mark.at(0), mark.at(1)),
        Json::Object(_) => {
            let label = mark.any(&["label", "labels"]);
            let label = label.each().first().unwrap_or(label);
            let (start, end) = (&["start_offset", "start"][..], &["end_offset", "end"][..]);
            (mark.get("id"), label, mark.any(start), mark.any(end))
        }
        _ => return None,
    };
    let mut annotation = InAnnotation::numbered(id.text().into_owned(), label.text().into_owned());
    let words = mark.get("text").text().into_owned();
    annotation.spans = vec![InSpan { words, ..InSpan::at(start.offset(), end.offset()) }];
    Some(annotation)
}
