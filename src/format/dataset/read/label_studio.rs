//! Tasks of Label Studio, as it exports them, with the labelling configuration if it is there.
//!
//! A region has a result of labels, and others of the same id for its attributes.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use super::incoming::{
    At, Declared, InAnnotation, InAttribute, InDocument, InPlace, InRelation, InRelationType,
    InSpan, InTarget, InValue, Incoming, Notes, Units,
};
use super::json::Json;
use super::places::Places;
use super::training::status;
use super::xml::{Tag, tags};
use super::{Peeked, SourceFile, files_of, objects};
use crate::annotation::{Status, Timestamp};
use crate::scheme::AttributeKind;
use crate::text::Unit;

/// The control of notes that we write.
const NOTE: &str = "note";
/// What a link is called that says nothing.
const RELATION: &str = "relation";

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    let keys = &file.keys;
    keys.has("data") && keys.any(&["annotations", "completions", "predictions"])
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    let mut text_key = None;
    for file in files.iter().filter(|it| super::ending(&it.path) == "xml") {
        text_key = text_key.or(config(&file.text, &mut to.declared));
    }
    for file in files_of(files, is_file) {
        for (at, task) in objects(&file, &mut to.notes) {
            read_task(&at, &task, text_key.as_deref(), to);
        }
    }
}

fn read_task(at: &At, task: &Json, text_key: Option<&str>, to: &mut Incoming) {
    let data = task.get("data");
    let text = Places::of(text_of(data, text_key));
    let article = data.get("article").given().or(task.get("id").given());
    let article = article.unwrap_or_else(|| at.as_id());
    if !task.get("predictions").list().is_empty() {
        let remedy = "They were left out; export them as annotations";
        to.notes.note(at, "A task has predictions", remedy, &article);
    }
    let new = |text: Arc<Places>| {
        let units = Units::Declared(Unit::CodePoint);
        let mut document = InDocument::new(at.clone(), article.clone(), text, units);
        document.title = data.get("title").as_str().map(str::to_owned);
        document
    };
    let sets = task.any(&["annotations", "completions"]).list();
    for (index, set) in sets.iter().enumerate() {
        let mut document = new(text.clone());
        document.owner = owner(set, data.get("annotators").at(index));
        document.status = status(data.get("statuses").at(index)).or(Some(progress(set)));
        fill(&mut document, set, &mut to.notes);
        to.documents.push(document);
    }
    if sets.is_empty() {
        to.documents.push(InDocument { has_set: false, ..new(text) });
    }
}

/// What a task shows: what the configuration names, else `text`, else the longest string.
fn text_of<'a>(data: &'a Json, key: Option<&str>) -> &'a str {
    let named = key.and_then(|key| data.get(key).as_str()).or_else(|| data.get("text").as_str());
    let all = data.entries().iter().filter_map(|(_, value)| value.as_str());
    named.or_else(|| all.max_by_key(|it| it.len())).unwrap_or_default()
}

/// Who annotated: by our own list, or whom Label Studio says by an address or a number.
fn owner(set: &Json, ours: &Json) -> Option<String> {
    let by = set.get("completed_by");
    if let Some(ours) = ours.given() {
        return Some(ours);
    }
    if *set.get("ground_truth") == Json::Bool(true) {
        return Some("gold".to_owned());
    }
    by.given().or_else(|| by.any(&["email", "username", "id"]).given())
}

/// What is exported was submitted, or skipped.
fn progress(set: &Json) -> Status {
    let is_skipped = *set.get("was_cancelled") == Json::Bool(true);
    if is_skipped { Status::Skipped } else { Status::Done }
}

fn fill(document: &mut InDocument, set: &Json, notes: &mut Notes) {
    let time = |key| Timestamp::from_str(&set.get(key).text()).ok();
    let (created, updated) = (time("created_at"), time("updated_at"));
    let results = set.get("result").list();
    // By region, the first of its annotations.
    let mut regions: BTreeMap<String, usize> = BTreeMap::new();
    for result in results {
        let labels = labels(result);
        if labels.is_empty() {
            continue;
        }
        let id = result.get("id").text().into_owned();
        regions.entry(id.clone()).or_insert(document.annotations.len());
        for label in labels {
            let mut annotation = InAnnotation::named(id.clone(), label.text().into_owned());
            annotation.spans = vec![span(result.get("value"))];
            (annotation.created, annotation.updated) = (created, updated);
            document.annotations.push(annotation);
        }
    }
    for result in results.iter().filter(|it| labels(it).is_empty()) {
        if &*result.get("type").text() == "relation" {
            document.relations.push(relation(result, &document.at));
            continue;
        }
        let which = result.get("from_name").text();
        match regions.get(&*result.get("id").text()) {
            Some(region) => add_value(&mut document.annotations[*region], &which, result),
            None => {
                let what = "A value is of no region with a label";
                notes.note(&document.at, what, "It was left out", &which);
            }
        }
    }
}

/// The labels of a region; none where a result says something else.
fn labels<'a>(result: &'a Json<'a>) -> &'a [Json<'a>] {
    let kind = result.get("type").text();
    if kind.ends_with("labels") { result.get("value").get(&kind).each() } else { &[] }
}

fn span(value: &Json) -> InSpan {
    let (start, end) = (value.get("start").offset(), value.get("end").offset());
    InSpan { words: value.get("text").text().into_owned(), ..InSpan::at(start, end) }
}

/// What another control says of a region.
fn add_value(annotation: &mut InAnnotation, control: &str, result: &Json) {
    let kind = result.get("type").text();
    let content = if kind == "textarea" { "text" } else { &*kind };
    let said: Vec<String> =
        result.get("value").get(content).each().iter().filter_map(Json::given).collect();
    match control {
        NOTE => said.iter().for_each(|it| annotation.add_note(it)),
        control => {
            annotation.attributes.push((control.to_owned(), InValue::Text(said.join("; "))));
        }
    }
}

fn relation(result: &Json, at: &At) -> InRelation {
    let end = |key| InPlace::here(result.get(key).text());
    let (mut from, mut to) = (end("from_id"), end("to_id"));
    if &*result.get("direction").text() == "left" {
        std::mem::swap(&mut from, &mut to);
    }
    let kind = result.get("labels").each().iter().find_map(Json::given);
    InRelation {
        at: at.clone(),
        id: String::new(),
        kind: kind.unwrap_or_else(|| RELATION.to_owned()),
        owner: None,
        from,
        to: InTarget::Annotation(to),
        note: String::new(),
    }
}

/// Takes what a labelling configuration declares, and gives the key of the text.
fn config(xml: &str, declared: &mut Declared) -> Option<String> {
    let mut text_key = None;
    // The control of choices that is open, by its index.
    let mut open: Option<usize> = None;
    let mut met = BTreeSet::new();
    for tag in tags(xml) {
        let (name, attributes) = match tag {
            Tag::Open(name, attributes) => (name, attributes),
            Tag::Close("Choices") => {
                open = None;
                continue;
            }
            Tag::Close(_) => continue,
        };
        let get = |key| {
            let found = attributes.iter().find(|(name, _)| *name == key);
            found.map(|(_, value)| value.as_str()).filter(|it| !it.is_empty())
        };
        let value = get("alias").or(get("value")).map(str::to_owned);
        match (name, value) {
            ("Text", Some(value)) => {
                text_key = text_key.or(value.strip_prefix('$').map(str::to_owned));
            }
            ("Label", Some(value)) => declared.labels.push(value),
            ("Relation", Some(name)) => {
                declared.relations.push(InRelationType { name, ..InRelationType::default() });
            }
            ("Choice", Some(value)) => {
                let choices = open.and_then(|at| declared.attributes.get_mut(at));
                choices.into_iter().for_each(|it| it.values.push(value.clone()));
            }
            _ => {
                let kind = match name {
                    "Choices" => AttributeKind::Choice,
                    "TextArea" => AttributeKind::Text,
                    "Number" | "Rating" => AttributeKind::Number,
                    _ => continue,
                };
                let is_of_regions = get("perRegion") == Some("true");
                let Some(own) = get("name").filter(|it| *it != NOTE && is_of_regions) else {
                    continue;
                };
                if met.insert(own.to_owned()) {
                    open = (kind == AttributeKind::Choice).then_some(declared.attributes.len());
                    declared.attributes.push(InAttribute::new(own, Some(kind)));
                }
            }
        }
    }
    for attribute in &mut declared.attributes {
        if attribute.values == ["yes", "no"] {
            attribute.kind = Some(AttributeKind::YesNo);
            attribute.values.clear();
        }
    }
    text_key
}
