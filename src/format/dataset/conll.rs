//! CoNLL: a token a line, and what it belongs to in BIO (IOB2): `B-` starts a span, `I-` goes on.
//!
//! The form of CoNLL-2003 has one column, in which spans cannot overlap: the longer one stays, of two
//! as long the earlier. The form in tiers has a column for each label, in which only spans of one label
//! cannot overlap. Readers take each sentence for itself, so a span starts anew in each.

use super::tokens::{Stretch, Tokens, sentence_ends, stretches};
use super::{Chosen, Counts, Document, File, Format, Frame, Held, Losses, Opened, Survey};
use crate::annotation::Annotation;

pub(super) const FORMAT: Format = Format {
    id: "conll",
    name: "CoNLL-2003 (BIO)",
    about: "Tokens with one column of labels; of spans that overlap, the longest stays.",
    units: &[],
    needs_text: true,
    load: "\
from seqeval.metrics.sequence_labeling import get_entities
tags = [line.split()[3] for line in open(\"FILE\", encoding=\"utf-8\") if line.strip()]
print(get_entities(tags))",
};

pub(super) const TIERS_FORMAT: Format = Format {
    id: "conll-tiers",
    name: "CoNLL with a tier for each label (BIO)",
    about: "Tokens with a column for each label, so that spans of different labels may overlap.",
    units: &[],
    needs_text: true,
    load: "\
lines = [line.rstrip(\"\\n\") for line in open(\"FILE\", encoding=\"utf-8\")]
rows = [line.split(\"\\t\") for line in lines if line and not line.startswith(\"# \")]
print(rows[:20])",
};

const FILE: &str = "conll.conll";
const TIERS_FILE: &str = "tiers.tsv";

pub(super) fn open(_: &Survey, _: &Counts) -> Opened {
    Opened::plain(FILE)
}

pub(super) fn open_tiers(survey: &Survey, _: &Counts) -> Opened {
    let labels: Vec<&str> = survey.labels().collect();
    let before = format!("# token\t{}\n", labels.join("\t"));
    let frames = vec![Frame { before, ..Frame::plain(TIERS_FILE) }];
    Opened { frames, ..Opened::default() }
}

/// What starts a document.
const DOCUMENT: &str = "-DOCSTART- -X- -X- O\n\n";

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let mut out = String::new();
    for document in &chosen.documents {
        out += DOCUMENT;
        let tokens = Tokens::of(document.text);
        let spans = all(chosen, document, &tokens, losses);
        let ends = sentence_ends(&tokens, document.text);
        let tags = tags(document, &tokens, &ends, spans, losses);
        lines(document, &tokens, &ends, ' ', &mut out, |at| format!("-X- -X- {}", tags[at]));
    }
    vec![File::new(FILE, out)]
}

pub(super) fn write_tiers(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let labels: Vec<&str> = chosen.survey.labels().collect();
    let mut out = String::new();
    for document in &chosen.documents {
        out += &format!("# article {}\tannotator {}\n", document.article.id, document.owner_id());
        let tokens = Tokens::of(document.text);
        let spans = all(chosen, document, &tokens, losses);
        let ends = sentence_ends(&tokens, document.text);
        let columns: Vec<Vec<String>> = labels
            .iter()
            .map(|label| {
                let own = spans.iter().filter(|(_, it)| it.label.as_str() == *label).copied();
                tags(document, &tokens, &ends, own.collect(), losses)
            })
            .collect();
        lines(document, &tokens, &ends, '\t', &mut out, |at| {
            columns.iter().map(|tags| tags[at].as_str()).collect::<Vec<_>>().join("\t")
        });
    }
    vec![File::new(TIERS_FILE, out)]
}

type Labelled<'a> = (Stretch, &'a Annotation);

/// The spans of a document; all that tokens do not hold is counted.
fn all<'a>(
    chosen: &Chosen<'a>,
    document: &Document<'a>,
    tokens: &Tokens,
    losses: &mut Losses,
) -> Vec<Labelled<'a>> {
    let mut found = Vec::new();
    for annotation in document.annotations.iter().copied() {
        chosen.lose(document, annotation, Held::default(), losses);
        let spans = stretches(tokens, document, annotation, losses);
        found.extend(spans.into_iter().map(|it| (it, annotation)));
    }
    for relation in &document.relations {
        let what = "A link was left out";
        losses.note(what, document.article.id.as_str(), relation.id.as_str());
    }
    found
}

/// The tag of each token.
fn tags(
    document: &Document<'_>,
    tokens: &Tokens,
    ends: &[usize],
    mut spans: Vec<Labelled<'_>>,
    losses: &mut Losses,
) -> Vec<String> {
    spans.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then(a.first.cmp(&b.first)));
    let mut tags = vec!["O".to_owned(); tokens.spans().len()];
    for (span, annotation) in spans {
        let own = &mut tags[span.first..span.end];
        if own.iter().any(|tag| tag != "O") {
            let what = "A span that overlaps a longer one was left out";
            losses.note(what, document.article.id.as_str(), annotation.id.as_str());
            continue;
        }
        let next = ends.partition_point(|end| *end <= span.first);
        if ends.get(next).is_some_and(|end| *end < span.end) {
            let what = "A span of several sentences became one in each";
            losses.note(what, document.article.id.as_str(), annotation.id.as_str());
        }
        for (at, tag) in own.iter_mut().enumerate() {
            let begins =
                if at == 0 || ends.binary_search(&(span.first + at)).is_ok() { "B" } else { "I" };
            *tag = format!("{begins}-{}", word(annotation.label.as_str()));
        }
    }
    tags
}

/// The lines of a document, with an empty one after each sentence.
fn lines(
    document: &Document<'_>,
    tokens: &Tokens,
    ends: &[usize],
    between: char,
    out: &mut String,
    columns: impl Fn(usize) -> String,
) {
    let mut at = 0;
    for end in ends {
        while at < *end {
            *out += &word(document.text.slice(tokens.spans()[at]));
            out.push(between);
            *out += &columns(at);
            out.push('\n');
            at += 1;
        }
        out.push('\n');
    }
}

/// A token is one word to every reader.
fn word(token: &str) -> String {
    token.chars().map(|it| if it.is_whitespace() { '_' } else { it }).collect()
}
