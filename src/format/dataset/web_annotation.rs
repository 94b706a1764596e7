//! Web Annotations of the W3C, as one JSON-LD page, with the texts beside it.
//!
//! A span is where it stands (`TextPositionSelector`, code points by the specification) and what stands
//! there and around it (`TextQuoteSelector`). A broken annotation has several targets. A link is an
//! annotation of its own, from its target to its body. Recogito counts UTF-16 units, so these are
//! offered too.

use serde_json::{Value as Json, json};

use super::names::Names;
use super::{Chosen, Counts, Document, File, Format, Frame, Held, Losses, Opened, Survey, within};
use crate::annotation::Annotation;
use crate::scheme::Scheme;
use crate::text::{Span, Text, Unit};

pub(super) const FORMAT: Format = Format {
    id: "web-annotation",
    name: "W3C Web Annotation (JSON-LD)",
    about: "One page of annotations and the texts beside it; UTF-16 is what Recogito counts.",
    units: &[Unit::CodePoint, Unit::Utf16],
    needs_text: false,
    load: "\
import json
page = json.load(open(\"FILE\", encoding=\"utf-8\"))
print(page[\"items\"][0])",
};

/// Where the names of attributes and of what else is ours are from.
const OURS: &str = "urn:avow:";
/// How many characters before and after a span help to find it.
const CONTEXT: u32 = 32;

const FILE: &str = "annotations.jsonld";
/// Where the items stand in a page that has none; no text in it can look so, since `"` is escaped there.
const NO_ITEMS: &str = "\"items\": []";

pub(super) fn open(survey: &Survey, counts: &Counts) -> Opened {
    let collection = iri(&["project", survey.project.meta().id.as_str()]);
    let page = json!({
        "@context": ["http://www.w3.org/ns/anno.jsonld", context(survey.project.scheme())],
        "id": format!("{collection}:annotations:1"),
        "type": "AnnotationPage",
        "partOf": {
            "id": format!("{collection}:annotations"),
            "type": "AnnotationCollection",
            "total": counts.labels.values().sum::<usize>() + counts.linked,
        },
        "startIndex": 0,
        "items": [],
    });
    let page = pretty(&page);
    let (before, after) = page.split_once(NO_ITEMS).unwrap_or_default();
    let frame = Frame {
        before: format!("{before}\"items\": ["),
        between: ",",
        after: format!("\n  ]{after}\n"),
        ..Frame::plain(FILE)
    };
    Opened { frames: vec![frame], own_files: survey.choice.text, ..Opened::default() }
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let mut items = Vec::new();
    let mut texts = Vec::new();
    for document in &chosen.documents {
        let source = format!("texts/{}.txt", chosen.survey.article_name(&document.article.id));
        for annotation in document.annotations.iter().copied() {
            items.push(annotation_json(document, chosen, &source, annotation, losses));
        }
        links(document, chosen, &mut items, losses);
        if chosen.choice.text && texts.is_empty() {
            texts.push(File::new(source, document.text.as_str().to_owned()));
        }
    }
    let items: Vec<String> = items.iter().map(|item| within(&pretty(item), 2)).collect();
    let mut pieces = Vec::new();
    if !items.is_empty() {
        pieces.push(File::new(FILE, items.join(",")));
    }
    pieces.extend(texts);
    pieces
}

/// JSON with an annotation a line would be shorter; this can be read by people.
fn pretty(value: &Json) -> String {
    serde_json::to_string_pretty(value).expect("keys are strings")
}

/// What processors do not know they drop, unless it is told here.
fn context(scheme: &Scheme) -> Json {
    let mut terms = serde_json::Map::new();
    terms.insert("avow".to_owned(), json!(OURS));
    for own in ["annotator", "group"] {
        terms.insert(own.to_owned(), json!(format!("avow:{own}")));
    }
    for (attribute, term) in scheme.attributes.iter().zip(terms_of(scheme)) {
        terms.insert(term, json!(iri(&["attribute", attribute.id.as_str()])));
    }
    Json::Object(terms)
}

/// The key of each attribute. The words of the vocabulary stay what they are.
fn terms_of(scheme: &Scheme) -> Vec<String> {
    let names = Names::identifiers(&[], scheme.attributes.iter().map(|it| it.id.as_str()));
    let names =
        scheme.attributes.iter().map(|it| format!("attribute_{}", names.get(it.id.as_str())));
    names.collect()
}

/// `urn:avow:` and the parts, each with what an IRI cannot hold as `%XX`.
fn iri(parts: &[&str]) -> String {
    let mut iri = OURS.trim_end_matches(':').to_owned();
    for part in parts {
        iri.push(':');
        for byte in part.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    iri.push(char::from(byte));
                }
                other => iri += &format!("%{other:02X}"),
            }
        }
    }
    iri
}

fn annotation_iri(id: &str) -> String {
    iri(&["annotation", id])
}

fn annotation_json(
    document: &Document<'_>,
    chosen: &Chosen<'_>,
    source: &str,
    annotation: &Annotation,
    losses: &mut Losses,
) -> Json {
    let held = Held { note: true, group: true, broken: true, attributes: true };
    chosen.lose(document, annotation, held, losses);
    let mut tag = serde_json::Map::new();
    tag.insert("type".to_owned(), json!("TextualBody"));
    tag.insert("purpose".to_owned(), json!("tagging"));
    tag.insert("value".to_owned(), json!(annotation.label.as_str()));
    let values = chosen.values(document, annotation, losses);
    for ((_, value), term) in values.into_iter().zip(terms_of(chosen.project.scheme())) {
        if !value.is_empty() {
            tag.insert(term, json!(value));
        }
    }
    let group = chosen.group(document, annotation);
    if !group.is_empty() {
        tag.insert("group".to_owned(), json!(group));
    }
    let mut body = vec![Json::Object(tag)];
    if !annotation.note.is_empty() {
        let note = &annotation.note;
        body.push(json!({ "type": "TextualBody", "purpose": "commenting", "value": note }));
    }
    let targets = annotation.spans.iter().map(|span| target(document, chosen, source, span));
    json!({
        "id": annotation_iri(annotation.id.as_str()),
        "type": "Annotation",
        "motivation": "classifying",
        "annotator": document.owner_id(),
        "created": annotation.created.to_string(),
        "modified": annotation.updated.to_string(),
        "body": body,
        "target": targets.collect::<Vec<_>>(),
    })
}

fn target(document: &Document<'_>, chosen: &Chosen<'_>, source: &str, span: Span) -> Json {
    let (start, end) = chosen.offsets(document, span);
    let mut selectors = vec![json!({ "type": "TextPositionSelector", "start": start, "end": end })];
    if chosen.choice.text {
        let (prefix, suffix) = around(document.text, span);
        selectors.push(json!({
            "type": "TextQuoteSelector",
            "exact": document.text.slice(span),
            "prefix": prefix,
            "suffix": suffix,
        }));
    }
    json!({ "type": "SpecificResource", "source": source, "selector": selectors })
}

/// What stands before and after a span.
fn around(text: &Text, span: Span) -> (&str, &str) {
    let at = |pos| text.offset(pos, Unit::CodePoint);
    let from = text.pos_at_or_before(at(span.start()).saturating_sub(CONTEXT), Unit::CodePoint);
    let to = text.pos_at_or_before(at(span.end()).saturating_add(CONTEXT), Unit::CodePoint);
    let slice = |a, b| text.span(a, b).map_or("", |it| text.slice(it));
    (slice(from, span.start()), slice(span.end(), to))
}

/// Links between annotations of the page, in one article or across; others have nothing to lead to.
fn links(document: &Document<'_>, chosen: &Chosen<'_>, items: &mut Vec<Json>, losses: &mut Losses) {
    for relation in &document.relations {
        let (_, to, group) = super::chosen::end(relation);
        if to.is_empty() {
            let what = match group {
                "" => "A link to words that are in no text was left out",
                _ => "A link to a group was left out",
            };
            losses.note(what, document.article.id.as_str(), relation.id.as_str());
            continue;
        }
        let mut body = vec![
            json!({ "type": "TextualBody", "purpose": "tagging", "value": relation.kind.as_str() }),
            json!({ "type": "SpecificResource", "purpose": "linking", "source": annotation_iri(to) }),
        ];
        if !relation.note.is_empty() {
            let note = &relation.note;
            body.push(json!({ "type": "TextualBody", "purpose": "commenting", "value": note }));
        }
        items.push(json!({
            "id": iri(&["relation", relation.id.as_str()]),
            "type": "Annotation",
            "motivation": "linking",
            "annotator": chosen.project.annotator(&relation.annotator).map_or("", |it| it.id.as_str()),
            "body": body,
            "target": annotation_iri(relation.from.annotation.as_str()),
        }));
    }
}
