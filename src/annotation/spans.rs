//! The spans of one annotation.

use crate::sort::sort_by;
use crate::text::{Pos, Span};

/// The stretches of text that one annotation covers.
#[derive(Clone, Debug, PartialEq, Eq)]
// Invariant: not empty, no span empty, sorted, no two touch.
pub struct Spans(Vec<Span>);

/// Why spans cannot be those of an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpansError {
    /// There is none.
    NoSpan,
    /// One of them covers no text.
    EmptySpan,
}

impl std::fmt::Display for SpansError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            SpansError::NoSpan => "an annotation needs at least one span",
            SpansError::EmptySpan => "a span covers no text",
        })
    }
}

impl std::error::Error for SpansError {}

impl Spans {
    /// Sorts the spans and joins those that touch.
    pub fn new(spans: impl IntoIterator<Item = Span>) -> Result<Spans, SpansError> {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        if spans.is_empty() {
            return Err(SpansError::NoSpan);
        }
        if spans.iter().any(|span| span.is_empty()) {
            return Err(SpansError::EmptySpan);
        }
        sort_by(&mut spans, Span::cmp);
        spans.dedup_by(|span, last| {
            let touches = last.touches(*span);
            if touches {
                *last = last.union(*span);
            }
            touches
        });
        Ok(Spans(spans))
    }

    /// A first character, where something must stand for spans that could not be read.
    pub(crate) fn stand_in() -> Spans {
        Spans(Span::stored(0, 1).into_iter().collect())
    }

    /// In the order of the text.
    pub fn as_slice(&self) -> &[Span] {
        &self.0
    }

    /// In the order of the text.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Span> + Clone + '_ {
        self.0.iter().copied()
    }

    /// The one that comes first.
    pub fn first(&self) -> Span {
        self.0[0]
    }

    /// The one that comes last.
    pub fn last(&self) -> Span {
        self.0[self.0.len() - 1]
    }

    /// From the first start to the last end.
    pub fn hull(&self) -> Span {
        self.first().union(self.last())
    }

    /// How many there are; never zero.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// UTF-8 bytes covered.
    pub fn covered(&self) -> u32 {
        self.iter().map(Span::len).sum()
    }

    /// Whether one of them holds the character after `pos`.
    pub fn contains(&self, pos: Pos) -> bool {
        self.iter().any(|span| span.contains(pos))
    }

    /// Whether all that `other` covers is covered.
    pub fn cover(&self, other: &Spans) -> bool {
        other.iter().all(|inner| self.iter().any(|span| span.covers(inner)))
    }

    /// The first stretch that both cover.
    pub fn shared(&self, other: &Spans) -> Option<Span> {
        self.iter().find_map(|span| other.iter().find_map(|it| span.intersection(it)))
    }

    /// These and one more.
    pub fn with(&self, span: Span) -> Result<Spans, SpansError> {
        Spans::new(self.iter().chain([span]))
    }
}
