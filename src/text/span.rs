//! Places and stretches.

use std::ops::Range;

/// A place in one text: UTF-8 bytes from its start, on a character boundary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pos(u32);

impl Pos {
    /// UTF-8 bytes from the start of the text.
    pub fn get(self) -> u32 {
        self.0
    }

    /// For offsets into a [`Text`](super::Text), whose length fits.
    pub(super) fn at(byte: usize) -> Pos {
        Pos(byte as u32)
    }

    pub(super) fn byte(self) -> usize {
        self.0 as usize
    }

    pub(super) fn plus(self, bytes: usize) -> Pos {
        Pos::at(self.byte() + bytes)
    }
}

/// A half-open stretch of one text, possibly empty. Spans are ordered by start, then by end.
///
/// One that was read is only known to have `start <= end`: whoever
/// brings it together with its text checks it with [`Text::span`](super::Text::span).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// At most `end`.
    start: Pos,
    end: Pos,
}

impl Span {
    /// Both ends are places of one text, and `start <= end`.
    pub(super) fn between(start: Pos, end: Pos) -> Span {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// A span that was written down, in UTF-8 bytes; none if it ends before it starts.
    pub fn stored(start: u32, end: u32) -> Option<Span> {
        (start <= end).then_some(Span { start: Pos(start), end: Pos(end) })
    }

    /// The empty span at a place.
    pub fn empty(at: Pos) -> Span {
        Span { start: at, end: at }
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start.byte()..self.end.byte()
    }

    /// The place before the first character.
    pub fn start(self) -> Pos {
        self.start
    }

    /// The place after the last character.
    pub fn end(self) -> Pos {
        self.end
    }

    /// UTF-8 bytes.
    pub fn len(self) -> u32 {
        self.end.0 - self.start.0
    }

    /// Whether it covers no character.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether it covers the character after `pos`.
    pub fn contains(self, pos: Pos) -> bool {
        self.start <= pos && pos < self.end
    }

    /// Whether both cover some character; an empty span overlaps nothing.
    pub fn overlaps(self, other: Span) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Whether `other` lies within this one, edges included.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two overlap or one begins where the other ends.
    pub fn touches(self, other: Span) -> bool {
        self.start.max(other.start) <= self.end.min(other.end)
    }

    /// The shortest span that covers both, and with them what lies between.
    pub fn union(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The characters that both cover; none unless they overlap.
    pub fn intersection(self, other: Span) -> Option<Span> {
        self.overlaps(other)
            .then(|| Span { start: self.start.max(other.start), end: self.end.min(other.end) })
    }
}
