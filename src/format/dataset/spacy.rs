//! Doc JSON of spaCy, as `Doc.from_json` reads it: one document a line.
//!
//! `spans["sc"]`, which spancat trains on, holds each span with its label; what a span of spaCy has
//! no place for stands in `_`, in lists. Tokens are given, and cover everything but one blank after
//! each; spans end where tokens do.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tokens::{Tokens, covered, sentence_ends, stretches};
use super::{Chosen, Counts, Document, File, Format, Losses, Opened, Survey};
use crate::text::{Span, Unit};

pub(super) const FORMAT: Format = Format {
    id: "spacy",
    name: "spaCy (Doc JSON)",
    about: "One document a line, with a script that makes a DocBin for spaCy to train on.",
    units: &[Unit::CodePoint],
    needs_text: true,
    load: "\
import json, spacy
docs = [spacy.tokens.Doc(spacy.blank(\"xx\").vocab).from_json(json.loads(line)) for line in open(\"FILE\", encoding=\"utf-8\")]
print([(span.label_, span.text) for span in docs[0].spans[\"sc\"]])",
};

/// What makes of the lines what `spacy train` reads.
const TO_DOCBIN: &str = "\
\"\"\"Makes a DocBin beside each file of documents: python to_docbin.py spacy.jsonl\"\"\"

import json
import sys
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

# spaCy takes only what is announced.
for name in (\"article\", \"title\", \"annotator\", \"status\", \"annotations\", \"relations\"):
    Doc.set_extension(name, default=None)

vocab = spacy.blank(\"xx\").vocab
for path in map(Path, sys.argv[1:]):
    with path.open(encoding=\"utf-8\") as lines:
        docs = [Doc(vocab).from_json(json.loads(line)) for line in lines]
    DocBin(docs=docs, store_user_data=True).to_disk(path.with_suffix(\".spacy\"))
    longest = max((len(span) for doc in docs for span in doc.spans[\"sc\"]), default=0)
    print(f\"{path}: {len(docs)} documents; the longest span has {longest} tokens\")
";

#[derive(Serialize)]
struct Doc<'a> {
    text: &'a str,
    sents: Vec<Stretch>,
    tokens: Vec<TokenOut>,
    spans: Groups<'a>,
    #[serde(rename = "_")]
    more: More<'a>,
}

#[derive(Serialize)]
struct Stretch {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct TokenOut {
    id: usize,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Groups<'a> {
    sc: Vec<SpanOut<'a>>,
}

#[derive(Serialize)]
struct SpanOut<'a> {
    start: u32,
    end: u32,
    label: &'a str,
    kb_id: &'a str,
}

#[derive(Serialize)]
struct More<'a> {
    article: &'a str,
    title: &'a str,
    annotator: &'a str,
    status: &'a str,
    annotations: Vec<AnnotationOut<'a>>,
    relations: Vec<RelationOut<'a>>,
}

#[derive(Serialize)]
struct AnnotationOut<'a> {
    id: &'a str,
    label: &'a str,
    spans: Vec<Stretch>,
    attributes: BTreeMap<&'a str, String>,
    group: &'a str,
    note: &'a str,
}

#[derive(Serialize)]
struct RelationOut<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    from: &'a str,
    to: &'a str,
}

const FILE: &str = "spacy.jsonl";

pub(super) fn open(_: &Survey, _: &Counts) -> Opened {
    let shared = vec![File::new("to_docbin.py", TO_DOCBIN.to_owned())];
    Opened { shared, ..Opened::plain(FILE) }
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let mut content = String::new();
    for document in &chosen.documents {
        let doc = doc(document, chosen, losses);
        content += &serde_json::to_string(&doc).expect("keys are strings, and a String takes all");
        content.push('\n');
    }
    vec![File::new(FILE, content)]
}

fn doc<'a>(document: &'a Document<'a>, chosen: &'a Chosen<'a>, losses: &mut Losses) -> Doc<'a> {
    let tokens = Tokens::of(document.text);
    let stretch = |span| {
        let (start, end) = chosen.offsets(document, span);
        Stretch { start, end }
    };
    let mut spans = Vec::new();
    let mut annotations = Vec::new();
    for annotation in document.annotations.iter().copied() {
        let mut own = Vec::new();
        for found in stretches(&tokens, document, annotation, losses) {
            let Stretch { start, end } = stretch(covered(&tokens, found));
            spans.push(SpanOut { start, end, label: annotation.label.as_str(), kb_id: "" });
            own.push(Stretch { start, end });
        }
        let values = chosen.values(document, annotation, losses);
        let given = values.into_iter().filter(|(_, value)| !value.is_empty());
        annotations.push(AnnotationOut {
            id: annotation.id.as_str(),
            label: annotation.label.as_str(),
            spans: own,
            attributes: given.map(|(attribute, value)| (attribute.id.as_str(), value)).collect(),
            group: chosen.group(document, annotation),
            note: &annotation.note,
        });
    }
    let links = chosen.links(document, losses);
    let relations = links.iter().map(|link| RelationOut {
        id: link.relation.id.as_str(),
        kind: link.relation.kind.as_str(),
        from: link.from.id.as_str(),
        to: link.to.id.as_str(),
    });
    let all = all_tokens(document, &tokens);
    let sents = sentences(document, &tokens, &all).into_iter().map(stretch).collect();
    Doc {
        text: document.text.as_str(),
        sents,
        tokens: all
            .iter()
            .enumerate()
            .map(|(id, span)| {
                let Stretch { start, end } = stretch(*span);
                TokenOut { id, start, end }
            })
            .collect(),
        spans: Groups { sc: spans },
        more: More {
            article: document.article.id.as_str(),
            title: &document.article.title,
            annotator: document.owner_id(),
            status: document.status.name(),
            annotations,
            relations: relations.collect(),
        },
    }
}

/// The tokens with those of white space that spaCy wants: all of it but one blank after a token.
fn all_tokens(document: &Document<'_>, tokens: &Tokens) -> Vec<Span> {
    let text = document.text;
    let mut all: Vec<Span> = Vec::new();
    let ends = tokens.spans().iter().copied().chain([Span::empty(text.len())]);
    let mut before = Span::empty(text.all().start());
    for token in ends {
        let gap = text.span(before.end(), token.start());
        let blank = gap.filter(|gap| !before.is_empty() && text.slice(*gap).starts_with(' '));
        let start = blank.and_then(|gap| text.pos(gap.start().get() + 1));
        let white = text.span(start.unwrap_or(before.end()), token.start());
        all.extend(white.filter(|it| !it.is_empty()));
        all.extend((!token.is_empty()).then_some(token));
        before = token;
    }
    all
}

/// Sentences that cover all tokens: white space that follows belongs to the one before.
fn sentences(document: &Document<'_>, tokens: &Tokens, all: &[Span]) -> Vec<Span> {
    let starts: Vec<_> = sentence_ends(tokens, document.text)
        .into_iter()
        .filter_map(|end| tokens.spans().get(end).map(|next| next.start()))
        .collect();
    let mut sentences: Vec<Span> = Vec::new();
    for token in all {
        match sentences.last_mut() {
            Some(sentence) if starts.binary_search(&token.start()).is_err() => {
                *sentence = sentence.union(*token)
            }
            _ => sentences.push(*token),
        }
    }
    sentences
}
