//! Paragraphs, which are lines, and the way that they run.

use std::ops::Range;

use unicode_bidi::{Direction, ParagraphBidiInfo, get_base_direction};

use super::{Pos, Span, Text};

/// The lines of a text without their LF.
pub(super) fn split(content: &str) -> Box<[Span]> {
    let mut start = 0;
    content
        .split('\n')
        .map(|line| {
            let span = Span::between(Pos::at(start), Pos::at(start + line.len()));
            start += line.len() + 1;
            span
        })
        .collect()
}

impl Text {
    /// The lines without their LF, in order. There is at least one, and each may be empty.
    pub fn paragraphs(&self) -> &[Span] {
        &self.0.paragraphs
    }

    /// The index of the paragraph that a place is in; an LF belongs to the paragraph that it ends.
    pub fn paragraph_at(&self, pos: Pos) -> usize {
        // The first paragraph starts at zero, so there is always one.
        self.0.paragraphs.partition_point(|p| p.start() <= pos).saturating_sub(1)
    }

    /// The indices of the paragraphs that a span covers a character of, where an LF is a character
    /// of the paragraph that it ends; for an empty span, of the one that it is in. Never empty.
    pub fn paragraphs_in(&self, span: Span) -> Range<usize> {
        let first = self.paragraph_at(span.start());
        if span.is_empty() {
            return first..first + 1;
        }
        // A span that ends where a paragraph starts covers nothing of it.
        let last = self.0.paragraphs.partition_point(|p| p.start() < span.end());
        first..last
    }

    /// The paragraph that a place is in.
    pub(super) fn paragraph_around(&self, pos: Pos) -> Span {
        self.0.paragraphs[self.paragraph_at(pos)]
    }

    /// Whether nothing but white space stands there.
    pub(super) fn is_blank(&self, span: Span) -> bool {
        self.slice(span).chars().all(char::is_whitespace)
    }

    /// The start of the next paragraph that is not blank; the text's end after the last.
    pub fn next_paragraph(&self, pos: Pos) -> Pos {
        let after = self.paragraph_at(pos) + 1;
        let later = self.0.paragraphs[after..].iter();
        later.copied().find(|p| !self.is_blank(*p)).map_or(self.len(), Span::start)
    }

    /// The start of this paragraph, or from there of the one before that is not blank; the text's
    /// start before the first.
    pub fn previous_paragraph(&self, pos: Pos) -> Pos {
        let until = self.0.paragraphs.partition_point(|p| p.start() < pos);
        let earlier = self.0.paragraphs[..until].iter().rev();
        earlier.copied().find(|p| !self.is_blank(*p)).map_or(Pos::default(), Span::start)
    }

    /// Whether a paragraph, given by index, is written from right to left: its first strong
    /// character decides, as with `dir="auto"`. False when there is no such paragraph.
    pub fn is_right_to_left(&self, paragraph: usize) -> bool {
        self.0
            .paragraphs
            .get(paragraph)
            .is_some_and(|p| get_base_direction(self.slice(*p)) == Direction::Rtl)
    }

    /// Whether the character after `pos` is shown in a run from right to left; at a paragraph's
    /// end, the character before it; in an empty paragraph, false.
    pub fn runs_right_to_left(&self, pos: Pos) -> bool {
        let paragraph = self.paragraph_around(pos);
        let line = self.slice(paragraph);
        if !line.chars().any(may_turn) {
            return false;
        }
        let info = ParagraphBidiInfo::new(line, None);
        let last = line.len() - 1;
        let at = (pos.get() - paragraph.start().get()) as usize;
        info.reordered_levels(0..line.len())[at.min(last)].is_rtl()
    }
}

/// Whether a character can make a run from right to left: one of a script that is written so, or a
/// control. Without any, which is usual, the levels need not be computed. The ranges are those that
/// Unicode sets aside for such scripts, so that they hold for later versions.
fn may_turn(char: char) -> bool {
    matches!(char,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use unicode_bidi::BidiClass::{AL, R, RLE, RLI, RLO};

    #[test]
    fn every_right_to_left_character_may_turn() {
        for char in '\0'..=char::MAX {
            if matches!(unicode_bidi::bidi_class(char), R | AL | RLE | RLI | RLO) {
                assert!(super::may_turn(char), "{char:?}");
            }
        }
    }
}
