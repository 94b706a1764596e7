//! Doc JSON of spaCy: a document a line, a list of them, or one.
//!
//! What we write stands in `_`; of others, the groups of `spans` and the `ents` are taken, with what
//! stands in `underscore_span`.

use std::collections::{BTreeMap, BTreeSet};

use super::incoming::{
    At, InAnnotation, InDocument, InPlace, InRelation, InSpan, InTarget, InValue, Incoming, Units,
};
use super::json::Json;
use super::places::Places;
use super::training::{named, status};
use super::{Peeked, SourceFile, files_of, objects};
use crate::text::Unit;

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    let keys = &file.keys;
    keys.has("text") && keys.has("tokens") && keys.any(&["spans", "ents", "sents", "_"])
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    for file in files_of(files, is_file) {
        for (at, doc) in objects(&file, &mut to.notes) {
            row(at, &doc, to);
        }
    }
}

/// A stretch as `start` and `end`.
type Stretch = (Option<u32>, Option<u32>);

pub(in crate::format::dataset) fn row(at: At, doc: &Json<'_>, to: &mut Incoming) {
    let more = doc.get("_");
    let text = Places::of(doc.get("text").as_str().unwrap_or_default());
    let units = Units::Likely(Unit::CodePoint);
    let mut document = InDocument::new(at.clone(), named(more, &at), text, units);
    document.title = more.get("title").as_str().map(str::to_owned);
    document.owner = more.get("annotator").given();
    document.status = status(more.get("status"));
    let tokens = doc.get("tokens").list().iter().map(stretch);
    document.tokens = tokens.filter_map(|(start, end)| start.zip(end)).collect();
    document.annotations = more.get("annotations").list().iter().map(ours).collect();
    let known: BTreeSet<(Stretch, String)> = (document.annotations.iter())
        .flat_map(|it| it.spans.iter().map(|span| ((span.start, span.end), it.label.clone())))
        .collect();
    let groups = doc.get("spans").entries().iter().flat_map(|(_, group)| group.list());
    let mut met = BTreeSet::new();
    for mark in groups.chain(doc.get("ents").list()) {
        let (place, label) = (stretch(mark), mark.get("label").text().into_owned());
        let is_new = met.insert((place, label.clone()));
        if is_new && !known.contains(&(place, label.clone())) {
            let mut annotation = InAnnotation::numbered(reference(place, &label), label);
            annotation.spans = vec![span(place)];
            document.annotations.push(annotation);
        }
    }
    add_values(&mut document, doc.get("underscore_span"));
    for relation in more.get("relations").list() {
        document.relations.push(link(relation, &at));
    }
    to.documents.push(document);
}

fn stretch(json: &Json) -> Stretch {
    (json.get("start").offset(), json.get("end").offset())
}

fn span((start, end): Stretch) -> InSpan {
    InSpan::at(start, end)
}

/// What names a span that has no id.
fn reference((start, end): Stretch, label: &str) -> String {
    let shown = |offset: Option<u32>| offset.map_or_else(String::new, |it| it.to_string());
    format!("{} to {}, {label}", shown(start), shown(end))
}

/// An annotation as we write it.
fn ours(json: &Json) -> InAnnotation {
    let text = |key| json.get(key).text().into_owned();
    let mut annotation = InAnnotation::named(text("id"), text("label"));
    annotation.spans = json.get("spans").list().iter().map(|it| span(stretch(it))).collect();
    let attributes = json.get("attributes").entries().iter();
    let values =
        attributes.map(|(name, it)| (name.to_string(), InValue::Text(it.text().into_owned())));
    annotation.attributes = values.collect();
    annotation.group = text("group");
    annotation.note = text("note");
    annotation
}

/// Values by attribute that stand with no more than the place of their span.
fn add_values(document: &mut InDocument, values: &Json) {
    let mut there: BTreeMap<Stretch, Vec<usize>> = BTreeMap::new();
    for (at, annotation) in document.annotations.iter().enumerate() {
        for span in &annotation.spans {
            there.entry((span.start, span.end)).or_default().push(at);
        }
    }
    for (name, values) in values.entries() {
        for value in values.list() {
            // One place has one value, whatever stands there.
            let marks = there.get(&stretch(value)).into_iter().flatten();
            let said = value.get("value").given();
            for (mark, said) in marks.filter_map(|mark| Some((*mark, said.clone()?))) {
                let attributes = &mut document.annotations[mark].attributes;
                attributes.push((name.to_string(), InValue::Text(said)));
            }
        }
    }
}

/// A link by ids, as we write it, or by lists of start, end and label.
fn link(relation: &Json, at: &At) -> InRelation {
    let end = |keys: &[&str]| match relation.any(keys) {
        list @ Json::List(_) => {
            let place = (list.at(0).offset(), list.at(1).offset());
            InPlace::here(reference(place, &list.at(2).text()))
        }
        id => InPlace::here(id.text()),
    };
    InRelation {
        at: at.clone(),
        id: relation.get("id").text().into_owned(),
        kind: relation.any(&["type", "label"]).text().into_owned(),
        owner: None,
        from: end(&["from", "head"]),
        to: InTarget::Annotation(end(&["to", "child"])),
        note: relation.get("note").text().into_owned(),
    }
}
