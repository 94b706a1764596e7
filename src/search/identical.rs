//! Where a passage stands again.

use super::edges::Edges;
use super::span_of;
use crate::text::{Span, Text};

/// Where a passage stands, letter by letter: in order, the first of those that overlap.
///
/// White space, case and quote marks must be the same. No occurrence cuts a grapheme, and where the
/// passage begins or ends with a letter or a digit, none cuts a word there: `tax` does not stand in
/// `taxes`. The time grows with the length of the text and of the passage, and with no product.
pub fn identical(text: &Text, passage: &str) -> Vec<Span> {
    let is_word = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    let starts_word = is_word(passage.chars().next());
    let ends_word = is_word(passage.chars().next_back());
    let mut edges = Edges::new(text);
    let mut spans: Vec<Span> = Vec::new();
    for start in everywhere(text.as_str(), passage) {
        let span = span_of(text, start, start + passage.len());
        let is_free = spans.last().is_none_or(|last| last.end() <= span.start());
        if is_free
            && text.snap_to_graphemes(span) == span
            && (!starts_word || edges.at(span.start()))
            && (!ends_word || edges.at(span.end()))
        {
            spans.push(span);
        }
    }
    spans
}

/// Every byte at which a passage stands, overlaps among them, by the algorithm of Knuth, Morris and
/// Pratt.
fn everywhere(content: &str, passage: &str) -> impl Iterator<Item = usize> {
    let (content, passage) = (content.as_bytes(), passage.as_bytes());
    // For each start of the passage, by its length, the longest shorter one that it ends with.
    let mut shorter = vec![0; passage.len() + 1];
    // How much of the passage stands before a byte; of the passage itself, of less than all of it.
    let grow = |shorter: &[usize], mut stands: usize, byte: u8| {
        while stands > 0 && passage.get(stands) != Some(&byte) {
            stands = shorter[stands];
        }
        stands + usize::from(passage.get(stands) == Some(&byte))
    };
    for at in 1..passage.len() {
        shorter[at + 1] = grow(&shorter, shorter[at], passage[at]);
    }
    let mut stands = 0;
    content.iter().enumerate().filter_map(move |(at, byte)| {
        stands = grow(&shorter, stands, *byte);
        (!passage.is_empty() && stands == passage.len()).then(|| at + 1 - passage.len())
    })
}
