//! JSON Lines of doccano: one document a line, for a project of sequence labelling.
//!
//! doccano's server keeps the numbers that it is given. Its screen counts UTF-16 units, and people's
//! scripts count code points; so both are offered.

use serde::Serialize;

use super::{Chosen, Counts, Document, File, Format, Held, Losses, Numbers, Opened, Survey};
use crate::map::Map;
use crate::text::Unit;

pub(super) const FORMAT: Format = Format {
    id: "doccano",
    name: "doccano (spans and relations)",
    about: "For a doccano project with overlapping spans and relations switched on.",
    units: &[Unit::CodePoint, Unit::Utf16],
    needs_text: true,
    load: "\
import json
documents = [json.loads(line) for line in open(\"FILE\", encoding=\"utf-8\")]
print(documents[0][\"entities\"])",
};

pub(super) const SPANS_FORMAT: Format = Format {
    id: "doccano-spans",
    name: "doccano (spans)",
    about: "For a doccano project of sequence labelling without relations.",
    units: &[Unit::CodePoint, Unit::Utf16],
    needs_text: true,
    load: "\
import json
documents = [json.loads(line) for line in open(\"FILE\", encoding=\"utf-8\")]
print(documents[0][\"label\"])",
};

const FILE: &str = "doccano.jsonl";

pub(super) fn open(_: &Survey, _: &Counts) -> Opened {
    Opened::plain(FILE)
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    vec![File::new(FILE, lines(chosen, losses, related))]
}

pub(super) fn write_spans(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    vec![File::new(FILE, lines(chosen, losses, spans))]
}

/// What stands first in each line. What doccano does not know it keeps as the document's own.
#[derive(Serialize)]
struct Head<'a> {
    id: usize,
    text: &'a str,
    article: &'a str,
    title: &'a str,
    annotator: &'a str,
    status: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    entities: Vec<Entity<'a>>,
    relations: Vec<RelationOut<'a>>,
}

#[derive(Serialize)]
struct Entity<'a> {
    id: usize,
    label: &'a str,
    start_offset: u32,
    end_offset: u32,
}

#[derive(Serialize)]
struct RelationOut<'a> {
    id: usize,
    from_id: usize,
    to_id: usize,
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
struct Spans<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    label: Vec<(u32, u32, &'a str)>,
}

/// Ids are numbers, each once in a dataset; `ids` are the last ones.
type Line = fn(&Document<'_>, Head<'_>, &Chosen<'_>, &mut Numbers, &mut Losses) -> String;

fn lines(chosen: &Chosen<'_>, losses: &mut Losses, line: Line) -> String {
    let mut content = String::new();
    let Some(first) = chosen.documents.first() else { return content };
    let mut ids = chosen.survey.before(&first.article.id);
    for document in &chosen.documents {
        ids.sets += 1;
        let head = Head {
            id: ids.sets,
            text: document.text.as_str(),
            article: document.article.id.as_str(),
            title: &document.article.title,
            annotator: document.owner_id(),
            status: document.status.name(),
        };
        for annotation in &document.annotations {
            chosen.lose(document, annotation, Held::default(), losses);
        }
        content += &line(document, head, chosen, &mut ids, losses);
        content.push('\n');
    }
    content
}

fn json(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("keys are strings, and a String takes all")
}

fn related(
    document: &Document<'_>,
    head: Head<'_>,
    chosen: &Chosen<'_>,
    ids: &mut Numbers,
    losses: &mut Losses,
) -> String {
    let mut entities = Vec::new();
    // A link is one of the first span.
    let mut firsts = Map::new();
    for annotation in &document.annotations {
        firsts.insert(&annotation.id, ids.spans + 1);
        for span in annotation.spans.iter() {
            ids.spans += 1;
            let (start_offset, end_offset) = chosen.offsets(document, span);
            let label = annotation.label.as_str();
            entities.push(Entity { id: ids.spans, label, start_offset, end_offset });
        }
    }
    let mut relations = Vec::new();
    for link in chosen.links(document, losses) {
        if let (Some(from), Some(to)) = (firsts.get(&&link.from.id), firsts.get(&&link.to.id)) {
            ids.relations += 1;
            let (id, kind) = (ids.relations, link.relation.kind.as_str());
            relations.push(RelationOut { id, from_id: *from, to_id: *to, kind });
        }
    }
    json(&Related { head, entities, relations })
}

fn spans(
    document: &Document<'_>,
    head: Head<'_>,
    chosen: &Chosen<'_>,
    _ids: &mut Numbers,
    losses: &mut Losses,
) -> String {
    for relation in &document.relations {
        let what = "A link was left out";
        losses.note(what, document.article.id.as_str(), relation.id.as_str());
    }
    let mut label = Vec::new();
    for annotation in &document.annotations {
        for span in annotation.spans.iter() {
            let (start, end) = chosen.offsets(document, span);
            label.push((start, end, annotation.label.as_str()));
        }
    }
    json(&Spans { head, label })
}
