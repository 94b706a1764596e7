//! Standoff of brat: a text and what stands in it, side by side, and what may stand in it.
//!
//! A folder for each annotator has two files for each article. A span that goes over a line end or a
//! tab is one of several fragments, since brat's lines hold neither. Attributes that choose are brat's
//! attributes; other values stand in notes, as `name=value`.

use std::collections::BTreeSet;

use super::names::Names;
use super::{Chosen, Counts, Document, File, Format, Held, Losses, Opened, Survey};
use crate::annotation::Annotation;
use crate::map::Map;
use crate::scheme::{Attribute, AttributeKind, Scheme};
use crate::text::{Span, Text, Unit};

pub(super) const FORMAT: Format = Format {
    id: "brat",
    name: "brat standoff",
    about: "A text and an .ann file for each article, with annotation.conf.",
    units: &[Unit::CodePoint],
    needs_text: true,
    load: "\
from pathlib import Path
for path in Path(\".\").rglob(\"*.ann\"):
    print(path, path.read_text(encoding=\"utf-8\"))",
};

/// What things are called where brat takes only plain words.
struct Called {
    labels: Names,
    relations: Names,
    attributes: Names,
    values: Names,
}

impl Called {
    fn of(survey: &Survey) -> Called {
        let scheme = survey.project.scheme();
        let values = scheme.attributes.iter().flat_map(values).map(String::as_str);
        Called {
            labels: Names::of(survey.labels()),
            relations: Names::of(
                scheme.relations.iter().map(|it| it.id.as_str()).chain(survey.drawn()),
            ),
            attributes: Names::of(scheme.attributes.iter().map(|it| it.id.as_str())),
            values: Names::of(values.chain(YES_NO)),
        }
    }
}

const YES_NO: [&str; 2] = ["yes", "no"];

/// The values that an attribute of brat could have.
fn values(attribute: &Attribute) -> &[String] {
    if attribute.kind == AttributeKind::Choice { &attribute.values } else { &[] }
}

pub(super) fn open(survey: &Survey, _: &Counts) -> Opened {
    let config = config(survey.project.scheme(), &Called::of(survey));
    let shared = vec![File::new("annotation.conf", config)];
    Opened { shared, own_files: true, ..Opened::default() }
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let called = Called::of(chosen.survey);
    let mut pieces = Vec::new();
    for document in &chosen.documents {
        let owner = chosen.survey.owner_name(document);
        let path = format!("{owner}/{}", chosen.survey.article_name(&document.article.id));
        pieces.push(File::new(format!("{path}.txt"), document.text.as_str().to_owned()));
        let annotations = annotations(document, chosen, &called, losses);
        pieces.push(File::new(format!("{path}.ann"), annotations));
    }
    pieces
}

fn annotations(
    document: &Document<'_>,
    chosen: &Chosen<'_>,
    called: &Called,
    losses: &mut Losses,
) -> String {
    let mut out = String::new();
    let mut rest = String::new();
    let (mut attributes, mut notes) = (0, 0);
    let mut numbers = Map::new();
    let mut number = 0;
    for annotation in document.annotations.iter().copied() {
        let Some(span_line) = span_line(document, chosen, called, number + 1, annotation) else {
            let what = "A span of white space alone was left out";
            losses.note(what, document.article.id.as_str(), annotation.id.as_str());
            continue;
        };
        number += 1;
        numbers.insert(&annotation.id, number);
        let held = Held { note: true, group: true, broken: true, attributes: true };
        chosen.lose(document, annotation, held, losses);
        out += &span_line;
        let mut note = |name: &str, value: &str| {
            notes += 1;
            rest += &format!("#{notes}\tAnnotatorNotes T{number}\t{name}={}\n", line(value));
        };
        let mut flags = String::new();
        for (attribute, value) in chosen.values(document, annotation, losses) {
            if is_flag(chosen.project.scheme(), annotation, attribute, &value) {
                attributes += 1;
                let name = called.attributes.get(attribute.id.as_str());
                flags +=
                    &format!("A{attributes}\t{name} T{number} {}\n", called.values.get(&value));
            } else if !value.is_empty() {
                note(attribute.id.as_str(), &value);
            }
        }
        let group = chosen.group(document, annotation);
        for (name, value) in [("group", group), ("note", &annotation.note)] {
            if !value.is_empty() {
                note(name, value);
            }
        }
        if annotation.note.contains(is_end) {
            let what = "A line end or a tab in a note became a blank";
            losses.note(what, document.article.id.as_str(), annotation.id.as_str());
        }
        rest += &flags;
    }
    out += &rest;
    for (at, link) in chosen.links(document, losses).into_iter().enumerate() {
        if let (Some(from), Some(to)) = (numbers.get(&&link.from.id), numbers.get(&&link.to.id)) {
            let kind = called.relations.get(link.relation.kind.as_str());
            out += &format!("R{}\t{kind} Arg1:T{from} Arg2:T{to}\n", at + 1);
        }
    }
    out
}

/// Whether a value is one that `annotation.conf` lists for annotations of that label.
fn is_flag(scheme: &Scheme, annotation: &Annotation, attribute: &Attribute, value: &str) -> bool {
    let label = scheme.label(&annotation.label);
    label.is_some_and(|it| it.attributes.contains(&attribute.id))
        && match attribute.kind {
            AttributeKind::Choice => attribute.values.iter().any(|it| it == value),
            AttributeKind::YesNo => YES_NO.contains(&value),
            _ => false,
        }
}

/// The line of a span; none where it covers nothing but line ends.
fn span_line(
    document: &Document<'_>,
    chosen: &Chosen<'_>,
    called: &Called,
    number: usize,
    annotation: &Annotation,
) -> Option<String> {
    let fragments: Vec<Span> =
        annotation.spans.iter().flat_map(|span| fragments(document.text, span)).collect();
    if fragments.is_empty() {
        return None;
    }
    let places: Vec<String> = fragments
        .iter()
        .map(|span| {
            let (start, end) = chosen.offsets(document, *span);
            format!("{start} {end}")
        })
        .collect();
    let words: Vec<&str> = fragments.iter().map(|span| document.text.slice(*span)).collect();
    let label = called.labels.get(annotation.label.as_str());
    Some(format!("T{number}\t{label} {}\t{}\n", places.join(";"), words.join(" ")))
}

/// A span in pieces without line ends; blank ones go, unless there is no other.
fn fragments(text: &Text, span: Span) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut from = span.start();
    for (at, end) in text.slice(span).match_indices(is_end) {
        let at = text.pos(span.start().get() + bytes(at));
        let next = at.and_then(|at| text.pos(at.get() + bytes(end.len())));
        if let (Some(at), Some(next)) = (at, next) {
            pieces.extend(text.span(from, at));
            from = next;
        }
    }
    pieces.extend(text.span(from, span.end()));
    let said: Vec<Span> =
        pieces.iter().copied().filter(|it| !text.slice(*it).trim().is_empty()).collect();
    if said.is_empty() { pieces.into_iter().take(1).collect() } else { said }
}

/// A length within a text, which is shorter than 4 GiB.
fn bytes(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What ends a line for brat, which reads lines as Python splits them, or a column of one.
fn is_end(it: char) -> bool {
    matches!(it, '\t'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn line(value: &str) -> String {
    value.replace(is_end, " ")
}

/// What may stand where.
fn config(scheme: &Scheme, called: &Called) -> String {
    let mut out = "[entities]\n".to_owned();
    let named: BTreeSet<&str> = scheme.labels.iter().map(|it| it.id.as_str()).collect();
    for label in &scheme.labels {
        out += &format!("{}\n", called.labels.get(label.id.as_str()));
    }
    for other in called.labels.others(&named) {
        out += &format!("{other}\n");
    }
    let labels = |ids: &mut dyn Iterator<Item = &str>| {
        ids.map(|id| called.labels.get(id))
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join("|")
    };
    out += "\n[relations]\n<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n";
    for relation in &scheme.relations {
        let from = labels(&mut relation.from.iter().map(|it| it.as_str()));
        let to = labels(&mut relation.to.iter().map(|it| it.as_str()));
        out += &format!("{}\tArg1:{from}, Arg2:{to}\n", called.relations.get(relation.id.as_str()));
    }
    out += "\n[events]\n\n[attributes]\n";
    for attribute in &scheme.attributes {
        let values: Vec<&str> = match attribute.kind {
            AttributeKind::YesNo => YES_NO.to_vec(),
            _ => values(attribute).iter().map(String::as_str).collect(),
        };
        let with = scheme.labels.iter().filter(|it| it.attributes.contains(&attribute.id));
        let labels = labels(&mut with.map(|it| it.id.as_str()));
        if values.is_empty() || labels.is_empty() {
            continue;
        }
        let values: Vec<&str> = values.into_iter().map(|it| called.values.get(it)).collect();
        let name = called.attributes.get(attribute.id.as_str());
        out += &format!("{name}\tArg:{labels}, Value:{}\n", values.join("|"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_cut_where_brat_ends_a_line_or_a_column() {
        let text = Text::new("one\ttwo\u{2028}\nthree é\n");
        let fragments = fragments(&text, text.all());
        let words: Vec<&str> = fragments.into_iter().map(|it| text.slice(it)).collect();
        assert_eq!(words, ["one", "two", "three é"]);
    }
}
