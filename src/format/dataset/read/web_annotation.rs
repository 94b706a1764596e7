//! Web Annotations as JSON-LD: a page, a collection with its first page, a list, or one; with the texts
//! that they are of beside them.
//!
//! Bodies, targets and selectors stand alone or in lists.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use super::incoming::{
    At, InAnnotation, InDocument, InPlace, InRelation, InSpan, InTarget, InValue, Incoming, Units,
};
use super::json::Json;
use super::places::Places;
use super::{Peeked, SourceFile, ending, file_name, files_of, stem, whole};
use crate::annotation::Timestamp;
use crate::text::Unit;

/// What our own names begin with.
const ANNOTATION: &str = "urn:avow:annotation:";
const RELATION: &str = "urn:avow:relation:";
const ATTRIBUTE: &str = "urn:avow:attribute:";
/// What a body has beside its value.
const OWN: [&str; 14] = [
    "type",
    "@type",
    "id",
    "@id",
    "purpose",
    "value",
    "source",
    "group",
    "format",
    "language",
    "creator",
    "created",
    "modified",
    "generator",
];

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    let keys = &file.keys;
    ending(file.path) != "xml"
        && (keys.has("@context") && keys.any(&["items", "first", "target", "@graph", "type"])
            || keys.has("target") && keys.any(&["body", "type", "motivation"])
            || keys.has("type") && keys.any(&["items", "first"]))
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    let mut pages = Pages::of(files);
    for file in files_of(files, is_file) {
        // A file of lines is a list too.
        let values = match whole(&file, &mut to.notes) {
            Some(value) => vec![(file.at(), value)],
            None => super::lines(&file, &mut to.notes),
        };
        for (at, value) in values {
            let terms = terms(value.get("@context"));
            for item in items(&value) {
                pages.item(&at, item, &terms, to);
            }
        }
    }
    pages.unmarked(files, to);
}

/// The annotations of a page, a collection, a graph or a list; an annotation itself.
fn items<'a>(value: &'a Json<'a>) -> &'a [Json<'a>] {
    let first = value.get("first");
    for list in [value.get("items"), first.get("items"), value.get("@graph")] {
        if !list.is_null() {
            return list.each();
        }
    }
    value.each()
}

/// What an attribute is called by the key that it has.
fn terms(context: &Json) -> BTreeMap<String, String> {
    let entries = context.each().iter().flat_map(|it| it.entries());
    let ours = entries.filter_map(|(term, iri)| {
        let iri = iri.as_str().or_else(|| iri.get("@id").as_str())?;
        Some((term.to_string(), decoded(iri.strip_prefix(ATTRIBUTE)?)))
    });
    ours.collect()
}

/// `%XX` as what it stands for.
fn decoded(iri: &str) -> String {
    let mut bytes = Vec::with_capacity(iri.len());
    let mut rest = iri.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let code = digits.filter(|_| *first == b'%').and_then(|it| u8::from_str_radix(it, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An id of ours, or a whole IRI.
fn name(iri: &str, before: &str) -> String {
    iri.strip_prefix(before).map_or_else(|| iri.to_owned(), decoded)
}

/// The id of a thing that may be given by its IRI alone.
fn iri(thing: &Json) -> String {
    match thing {
        Json::Object(_) => thing.any(&["id", "@id"]).text().into_owned(),
        iri => iri.text().into_owned(),
    }
}

/// Documents while they are filled.
struct Pages {
    /// By path and by name, which texts there are; none where several have the name.
    texts: BTreeMap<String, Option<usize>>,
    /// Each with its path.
    all: Vec<(String, Arc<Places>)>,
    /// By text and annotator, the document.
    documents: BTreeMap<(usize, String), usize>,
    used: BTreeSet<usize>,
}

impl Pages {
    fn of(files: &[SourceFile]) -> Pages {
        let (mut texts, mut all) = (BTreeMap::new(), Vec::new());
        for file in files.iter().filter(|it| matches!(&*ending(&it.path), "txt" | "text" | "md")) {
            let index = all.len();
            all.push((file.path.clone(), Places::of(&file.text)));
            let name = file_name(&file.path).to_owned();
            texts.entry(name).and_modify(|it| *it = None).or_insert(Some(index));
            texts.insert(file.path.clone(), Some(index));
        }
        Pages { texts, all, documents: BTreeMap::new(), used: BTreeSet::new() }
    }

    /// The text that a source names: by the whole path, by the name of the file; else the only one.
    fn text(&self, source: &str) -> Option<usize> {
        let plain = decoded(source.split(['#', '?']).next().unwrap_or_default());
        let by_path = self.texts.get(&plain).copied().flatten();
        let by_name = || self.texts.get(file_name(&plain)).copied().flatten();
        let only = || Some(0).filter(|_| self.all.len() == 1);
        by_path.or_else(by_name).or_else(only)
    }

    fn item(&mut self, at: &At, item: &Json, terms: &BTreeMap<String, String>, to: &mut Incoming) {
        let id = item.any(&["id", "@id"]).text().into_owned();
        let links = item.get("body").each().iter().filter(|it| purpose(it, item) == "linking");
        let links: Vec<&Json> = links.filter(|it| !leads_to(it).is_empty()).collect();
        if !links.is_empty() {
            to.relations.extend(links.into_iter().map(|link| relation(at, item, &id, link)));
            return;
        }
        let targets = item.get("target").each();
        let source = targets.first().map(|it| match it {
            Json::Object(_) => iri(it.any(&["source", "scope", "id", "@id"])),
            iri => iri.text().into_owned(),
        });
        let Some(text) = self.text(&source.unwrap_or_default()) else {
            let what = "An annotation is of a text that is not there";
            let remedy = "It was left out; put the text beside it, as .txt";
            to.notes.note(at, what, remedy, &id);
            return;
        };
        let owner = owner(item);
        let document = self.document(at, text, owner, to);
        let mut annotations = annotations(item, &name(&id, ANNOTATION), terms);
        let spans: Vec<InSpan> = targets.iter().map(target).collect();
        for annotation in &mut annotations {
            annotation.spans = spans.clone();
            let time = |key| Timestamp::from_str(&item.get(key).text()).ok();
            annotation.created = time("created");
            annotation.updated = time("modified");
        }
        to.documents[document].annotations.append(&mut annotations);
    }

    fn document(&mut self, at: &At, text: usize, owner: String, to: &mut Incoming) -> usize {
        self.used.insert(text);
        let count = to.documents.len();
        let index = *self.documents.entry((text, owner.clone())).or_insert(count);
        if index == count {
            let (path, text) = &self.all[text];
            let article = stem(file_name(path)).to_owned();
            let units = Units::Declared(Unit::CodePoint);
            let mut document = InDocument::new(at.clone(), article, text.clone(), units);
            document.owner = Some(owner).filter(|it| !it.is_empty());
            document.source.file = Some(path.clone());
            to.documents.push(document);
        }
        index
    }

    /// Texts on which nothing is marked are articles too.
    fn unmarked(&self, files: &[SourceFile], to: &mut Incoming) {
        if files_of(files, is_file).next().is_none() {
            return;
        }
        for (index, (path, text)) in self.all.iter().enumerate() {
            if !self.used.contains(&index) {
                let article = stem(file_name(path)).to_owned();
                let units = Units::Declared(Unit::CodePoint);
                let document = InDocument::new(At::file(path), article, text.clone(), units);
                to.documents.push(InDocument { has_set: false, ..document });
            }
        }
    }
}

/// What a body is for; what its annotation is for where it does not say.
fn purpose(body: &Json, item: &Json) -> String {
    let own = body.any(&["purpose", "motivation"]);
    let own = if own.is_null() { item.get("motivation") } else { own };
    let first = own.each().first().map(|it| it.text().into_owned()).unwrap_or_default();
    first.trim_start_matches("oa:").to_owned()
}

/// What a body leads to.
fn leads_to(body: &Json) -> String {
    match body {
        Json::Object(_) if !body.get("value").is_null() => String::new(),
        Json::Object(_) => iri(body.any(&["source", "id", "@id"])),
        iri => iri.text().into_owned(),
    }
}

/// Whose an annotation is: a name, or the id of who made it.
fn owner(item: &Json) -> String {
    let creator = item.get("creator").each().first().cloned().unwrap_or(Json::Null);
    let named = item.get("annotator").given().or_else(|| creator.given());
    named.or_else(|| creator.any(&["name", "nickname", "id"]).given()).unwrap_or_default()
}

fn relation(at: &At, item: &Json, id: &str, link: &Json) -> InRelation {
    let place = |iri: String| InPlace::here(name(&iri, ANNOTATION));
    let from = item.get("target").each().first().map(|it| match it {
        Json::Object(_) => iri(it.any(&["source", "id", "@id"])),
        iri => iri.text().into_owned(),
    });
    let bodies = item.get("body").each().iter();
    let said = |wanted: &str| {
        let mut found = bodies.clone().filter(|it| purpose(it, item) == wanted);
        found.find_map(|it| it.get("value").given())
    };
    InRelation {
        at: at.clone(),
        id: name(id, RELATION),
        kind: said("tagging").unwrap_or_else(|| "linking".to_owned()),
        owner: Some(owner(item)),
        from: place(from.unwrap_or_default()),
        to: InTarget::Annotation(place(leads_to(link))),
        note: said("commenting").unwrap_or_default(),
    }
}

/// An annotation for each tag; where there is none, one that is called for what it is for.
fn annotations(item: &Json, id: &str, terms: &BTreeMap<String, String>) -> Vec<InAnnotation> {
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    for body in item.get("body").each() {
        match (&*purpose(body, item), said(body)) {
            (_, None) => {}
            ("commenting" | "describing" | "replying" | "questioning", Some(note)) => {
                notes.push(note);
            }
            (_, Some(label)) => {
                let mut annotation = InAnnotation::named(id.to_owned(), label);
                annotation.group = body.get("group").text().into_owned();
                annotation.attributes = values(body, terms);
                found.push(annotation);
            }
        }
    }
    if found.is_empty() {
        let label = purpose(&Json::Null, item);
        let label = if label.is_empty() { "annotation".to_owned() } else { label };
        found.push(InAnnotation::named(id.to_owned(), label));
    }
    for note in notes {
        found.iter_mut().for_each(|annotation| annotation.add_note(&note));
    }
    found
}

/// What a body says: its text, or the name of what it leads to.
fn said(body: &Json) -> Option<String> {
    let value = if body.is_object() { body.any(&["value", "chars"]).given() } else { None };
    value.or_else(|| Some(leads_to(body)).filter(|it| !it.is_empty()))
}

/// What else stands in a tag.
fn values(body: &Json, terms: &BTreeMap<String, String>) -> Vec<(String, InValue)> {
    let others = body.entries().iter().filter(|(key, _)| !OWN.contains(&&**key));
    let values = others.filter_map(|(key, value)| {
        let said: Vec<String> = value.each().iter().filter_map(Json::given).collect();
        let name = terms.get(&**key).cloned().unwrap_or_else(|| key.to_string());
        Some((name, InValue::Text(said.join("; ")))).filter(|_| !said.is_empty())
    });
    values.collect()
}

/// Where a target is: by the positions and the words of its selectors.
fn target(target: &Json) -> InSpan {
    let mut span = InSpan::at(None, None);
    let mut open: Vec<&Json> = target.get("selector").each().iter().collect();
    while let Some(selector) = open.pop() {
        open.extend(selector.get("refinedBy").each());
        if let (start @ Some(_), end @ Some(_)) =
            (selector.get("start").offset(), selector.get("end").offset())
        {
            (span.start, span.end) = (start, end);
        }
        if let Some(exact) = selector.get("exact").as_str() {
            span.words = exact.to_owned();
            span.before = selector.get("prefix").text().into_owned();
        }
        // RFC 5147, as in `char=3,9`.
        let value = selector.get("value").text();
        let chars = value.strip_prefix("char=").and_then(|it| it.split_once(','));
        if let Some((start, end)) = chars {
            (span.start, span.end) = (start.parse().ok(), end.parse().ok());
        }
    }
    span
}
