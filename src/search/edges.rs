//! Whether places are word boundaries.

use crate::text::{Pos, Span, Text};

/// The word boundaries of a text, found paragraph by paragraph as they are asked for.
///
/// A paragraph may be all of an article, so that finding them anew for each place would take time
/// that grows with its square.
pub struct Edges<'a> {
    text: &'a Text,
    /// The paragraph that was asked for last, by index.
    paragraph: Option<usize>,
    /// Its boundaries.
    places: Vec<Pos>,
}

impl<'a> Edges<'a> {
    /// Those of a text.
    pub fn new(text: &'a Text) -> Edges<'a> {
        Edges { text, paragraph: None, places: Vec::new() }
    }

    /// Whether a place is a word boundary.
    pub fn at(&mut self, pos: Pos) -> bool {
        let paragraph = self.text.paragraph_at(pos);
        if self.paragraph != Some(paragraph) {
            self.paragraph = Some(paragraph);
            self.places = self.text.word_boundaries(paragraph).collect();
        }
        self.places.binary_search(&pos).is_ok()
    }

    /// Whether a span begins and ends at word boundaries.
    pub fn at_both_ends(&mut self, span: Span) -> bool {
        self.at(span.start()) && self.at(span.end())
    }
}
