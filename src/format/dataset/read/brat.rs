//! Standoff of brat: pairs of `.txt` and `.ann`, in a folder for each annotator where there are any.

use std::collections::BTreeMap;

use super::incoming::{
    At, Declared, InAnnotation, InAttribute, InDocument, InPlace, InRelation, InRelationType,
    InSpan, InTarget, InValue, Incoming, Notes, Units,
};
use super::places::Places;
use super::{Peeked, SourceFile, ending, file_name, stem};
use crate::scheme::AttributeKind;
use crate::text::Unit;

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    ending(file.path) == "ann"
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    let mut annotations: BTreeMap<&str, &SourceFile> = BTreeMap::new();
    for file in files.iter().filter(|it| ending(&it.path) == "ann") {
        annotations.insert(stem(&file.path), file);
    }
    for file in files.iter().filter(|it| file_name(&it.path) == "annotation.conf") {
        config(&file.text, &mut to.declared);
    }
    for file in files.iter().filter(|it| ending(&it.path) == "txt") {
        let at = At::file(&file.path);
        let Some(beside) = annotations.remove(stem(&file.path)) else {
            let remedy = "It was left out; put an empty .ann of the same name beside it";
            to.notes.note(&at, "There is no .ann beside it", remedy, "");
            continue;
        };
        let text = Places::of(&file.text);
        let (owner, article) = owned(stem(&file.path));
        let units = Units::Declared(Unit::CodePoint);
        let mut document = InDocument::new(At::file(&beside.path), article, text, units);
        document.owner = owner.map(str::to_owned);
        fill(&mut document, beside, &mut to.notes);
        to.documents.push(document);
    }
    for file in annotations.values() {
        let what = "There is no text beside it";
        let remedy = "It was left out; put the .txt of the same name beside it";
        to.notes.note(&At::file(&file.path), what, remedy, "");
    }
}

/// Whose a file is, by its folder, and which article it is of, by what remains of its path.
pub(super) fn owned(path: &str) -> (Option<&str>, String) {
    let Some((folders, name)) = path.rsplit_once('/') else { return (None, path.to_owned()) };
    match folders.rsplit_once('/') {
        Some((before, folder)) => (Some(folder), format!("{before}/{name}")),
        None => (Some(folders), name.to_owned()),
    }
}

/// Lines of a file while they are taken.
struct Lines<'a> {
    document: &'a mut InDocument,
    notes: &'a mut Notes,
    /// By its `T…`, or an event's `E…`, which annotation it is.
    marks: BTreeMap<String, usize>,
    /// By its `R…`, which link it is.
    links: BTreeMap<String, usize>,
}

fn fill(document: &mut InDocument, file: &SourceFile, notes: &mut Notes) {
    let lines = super::unmarked(&file.text).split('\n').map(|it| it.trim_end_matches('\r'));
    let lines: Vec<(u32, &str)> =
        (1..).zip(lines).filter(|(_, it)| !it.trim().is_empty()).collect();
    let (marks, links) = (BTreeMap::new(), BTreeMap::new());
    let mut to = Lines { document, notes, marks, links };
    // What others name comes first, wherever it stands.
    for kinds in ["T", "ER", "AMN#*"] {
        for (number, line) in &lines {
            if line.starts_with(|it| kinds.contains(it)) {
                to.line(*number, line);
            }
        }
    }
    for (number, line) in lines {
        if !line.starts_with(|it| "TERAMN#*".contains(it)) {
            to.lose(number, "A line is of no kind that brat has", line);
        }
    }
}

impl Lines<'_> {
    fn lose(&mut self, line: u32, what: &str, which: &str) {
        let at = self.document.at.line(line);
        self.notes.note(&at, what, "It was left out", which);
    }

    fn line(&mut self, number: u32, line: &str) {
        let (id, rest) = line.split_once('\t').unwrap_or((line, ""));
        let (what, words) = rest.split_once('\t').unwrap_or((rest, ""));
        let mut parts = what.split(' ').filter(|part| !part.is_empty());
        let (name, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        match id.chars().next() {
            Some('T') => self.mark(number, id, what, words),
            Some('R') => self.link(number, id, what),
            Some('A' | 'M') => {
                let value = parts.next().unwrap_or(YES).to_owned();
                match self.marks.get(target) {
                    Some(mark) => {
                        let value = (name.to_owned(), InValue::Text(value));
                        self.document.annotations[*mark].attributes.push(value);
                    }
                    None => self.lose(number, "An attribute is of no span", id),
                }
            }
            Some('#') => self.note(number, id, target, words),
            Some('E') => {
                let (_, trigger) = name.split_once(':').unwrap_or_default();
                if let Some(mark) = self.marks.get(trigger).copied() {
                    self.marks.insert(id.to_owned(), mark);
                }
                let what = "Of an event the trigger was taken, and not its roles";
                let at = self.document.at.line(number);
                self.notes.note(&at, what, "Draw links in their place", id);
            }
            Some('N') => self.lose(number, "A normalization", id),
            _ => self.lose(number, "An equivalence", what),
        }
    }

    fn mark(&mut self, number: u32, id: &str, what: &str, words: &str) {
        let (label, places) = what.split_once(' ').unwrap_or((what, ""));
        let spans = fragments(places, words);
        if spans.is_none() {
            self.lose(number, "A span says in no known way where it is", id);
        }
        let Some(spans) = spans else { return };
        if spans.len() > 1 && spans.iter().all(|span| span.words.is_empty()) {
            let what = "The words of a span do not fit its fragments";
            let at = self.document.at.line(number);
            self.notes.note(&at, what, "They were taken where they are said to be; look at it", id);
        }
        let mut annotation = InAnnotation::numbered(id.to_owned(), label.to_owned());
        annotation.at = Some(self.document.at.line(number));
        annotation.spans = spans;
        annotation.joins_lines = true;
        self.marks.insert(id.to_owned(), self.document.annotations.len());
        self.document.annotations.push(annotation);
    }

    fn link(&mut self, number: u32, id: &str, what: &str) {
        let mut parts = what.split(' ').filter(|part| !part.is_empty());
        let kind = parts.next().unwrap_or_default().to_owned();
        let end = |part: Option<&str>| {
            let (_, id) = part.and_then(|it| it.split_once(':')).unwrap_or_default();
            // An event is its trigger.
            let mark = self.marks.get(id).and_then(|mark| self.document.annotations.get(*mark));
            InPlace::here(mark.map_or(id, |it| &it.id))
        };
        let (from, to) = (end(parts.next()), InTarget::Annotation(end(parts.next())));
        let (at, note) = (self.document.at.line(number), String::new());
        self.links.insert(id.to_owned(), self.document.relations.len());
        let relation = InRelation { at, id: String::new(), kind, owner: None, from, to, note };
        self.document.relations.push(relation);
    }

    /// What we have no other place for stands in notes as `name=value`; others are notes.
    fn note(&mut self, number: u32, id: &str, target: &str, words: &str) {
        if let Some(link) = self.links.get(target) {
            self.document.relations[*link].note = words.to_owned();
            return;
        }
        let Some(mark) = self.marks.get(target) else {
            return self.lose(number, "A note is of no span", id);
        };
        let annotation = &mut self.document.annotations[*mark];
        match words.split_once('=') {
            Some(("note", note)) => annotation.add_note(note),
            Some(("group", group)) => annotation.group = group.to_owned(),
            Some((name, value)) if is_name(name) => {
                annotation.attributes.push((name.to_owned(), InValue::Text(value.to_owned())));
            }
            _ => annotation.add_note(words),
        }
    }
}

/// What a flag says.
const YES: &str = "yes";

/// Whether a note that goes on with `=` may begin with an attribute.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || "_-.".contains(it))
}

/// The fragments of `start end;start end`, each with its words; none where these are no numbers.
fn fragments(places: &str, words: &str) -> Option<Vec<InSpan>> {
    let mut spans = Vec::new();
    for place in places.split(';') {
        let (start, end) = place.trim().split_once(' ')?;
        // What is no offset is searched by its words.
        let offset = |text: &str| text.trim().parse::<u32>().ok();
        spans.push(InSpan::at(offset(start), offset(end)));
    }
    if let [only] = &mut spans[..] {
        only.words = words.to_owned();
    } else if let Some(pieces) = Unit::ALL.iter().rev().find_map(|it| pieces(&spans, words, *it)) {
        spans.iter_mut().zip(pieces).for_each(|(span, piece)| span.words = piece);
    }
    Some(spans)
}

/// The words of each fragment, which stand with a blank between them, if their lengths count a unit.
fn pieces(spans: &[InSpan], words: &str, unit: Unit) -> Option<Vec<String>> {
    let mut chars = words.chars();
    let mut pieces = Vec::new();
    for (at, span) in spans.iter().enumerate() {
        if at > 0 && chars.next() != Some(' ') {
            return None;
        }
        let (mut left, mut piece) = (span.end?.checked_sub(span.start?)? as usize, String::new());
        while left > 0 {
            let char = chars.next()?;
            left = left.checked_sub(match unit {
                Unit::Utf8 => char.len_utf8(),
                Unit::Utf16 => char.len_utf16(),
                Unit::CodePoint => 1,
            })?;
            piece.push(char);
        }
        pieces.push(piece);
    }
    chars.next().is_none().then_some(pieces)
}

/// Takes what `annotation.conf` declares.
fn config(text: &str, declared: &mut Declared) {
    let mut section = "";
    for line in super::unmarked(text).lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            section = name;
            continue;
        }
        let (name, rest) = line.split_once(['\t', ' ']).unwrap_or((line, ""));
        let name = name.trim_start_matches('!');
        if name.is_empty() || name.starts_with(['#', '<']) {
            continue;
        }
        let given = |key: &str| -> Vec<String> {
            let parts = rest.split(',').filter_map(|part| part.trim().split_once(':'));
            let values = parts.filter(|(name, _)| *name == key).flat_map(|(_, it)| it.split('|'));
            values.filter(|it| !it.is_empty() && !it.starts_with('<')).map(str::to_owned).collect()
        };
        match section {
            "entities" | "events" => declared.labels.push(name.to_owned()),
            "relations" => declared.relations.push(InRelationType {
                name: name.to_owned(),
                from: given("Arg1"),
                to: given("Arg2"),
            }),
            "attributes" => {
                let (values, labels) = (given("Value"), given("Arg"));
                let is_flag = values.is_empty() || values == ["yes", "no"];
                let kind = if is_flag { AttributeKind::YesNo } else { AttributeKind::Choice };
                let values = if is_flag { Vec::new() } else { values };
                let new = InAttribute::new(name, Some(kind));
                declared.attributes.push(InAttribute { values, labels, ..new });
            }
            _ => {}
        }
    }
}
