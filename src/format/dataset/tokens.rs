//! The words and signs that formats of tokens count in.

use super::{Document, Losses};
use crate::annotation::Annotation;
use crate::text::{Span, Text};

/// The words and signs of a text, in order.
pub(super) struct Tokens(Vec<Span>);

impl Tokens {
    pub(super) fn of(text: &Text) -> Tokens {
        Tokens(text.tokens().collect())
    }

    pub(super) fn spans(&self) -> &[Span] {
        &self.0
    }

    /// The indices of the tokens that a span touches, from the first to before the last; empty where
    /// it covers white space alone.
    fn touched(&self, span: Span) -> (usize, usize) {
        let first = self.0.partition_point(|token| token.end() <= span.start());
        (first, self.0.partition_point(|token| token.start() < span.end()).max(first))
    }
}

/// A span of an annotation that is whole tokens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    /// The index of its first token.
    pub(super) first: usize,
    /// The index after its last.
    pub(super) end: usize,
}

impl Stretch {
    /// How many tokens it has.
    pub(super) fn len(self) -> usize {
        self.end - self.first
    }
}

/// The spans of an annotation on whole tokens: one that ends within a token takes all of it, one of
/// white space alone goes.
pub(super) fn stretches(
    tokens: &Tokens,
    document: &Document<'_>,
    annotation: &Annotation,
    losses: &mut Losses,
) -> Vec<Stretch> {
    let mut lose = |what| losses.note(what, document.article.id.as_str(), annotation.id.as_str());
    let mut found = Vec::new();
    for span in annotation.spans.iter() {
        let (first, end) = tokens.touched(span);
        let Some(whole) =
            tokens.0.get(first..end).and_then(|it| Some(Span::union(*it.first()?, *it.last()?)))
        else {
            lose("A span of white space alone was left out");
            continue;
        };
        if whole != span {
            lose("A span was moved to the edges of tokens");
        }
        found.push(Stretch { first, end });
    }
    found
}

/// A span from the start of the first token to the end of the last.
pub(super) fn covered(tokens: &Tokens, stretch: Stretch) -> Span {
    tokens.0[stretch.first].union(tokens.0[stretch.end - 1])
}

/// Where tokens end sentences: for each sentence, the index after its last token, in order.
pub(super) fn sentence_ends(tokens: &Tokens, text: &Text) -> Vec<usize> {
    let ends = text.sentences().map(|it| tokens.touched(it).1);
    let mut ends: Vec<usize> = ends.chain([tokens.0.len()]).collect();
    ends.dedup();
    ends.retain(|end| *end > 0);
    ends
}
