//! The text of a file as it stands there, beside the one that was made from it, and what may be
//! searched in it.

use std::cell::Cell;

use crate::text::{Text, Unit};

/// What of a file's text is not in ours: carriage returns before line ends, and byte order marks.
pub(super) struct Removed {
    /// For each unit that is in the file's text and not in ours, how many stand before it.
    units: Vec<u32>,
}

impl Removed {
    /// `text` was made from `raw`; offsets count `unit`.
    pub(super) fn new(raw: &str, text: &Text, unit: Unit) -> Removed {
        let mut units = Vec::new();
        if raw != text.as_str() {
            let (mut at, mut chars, mut leading) = (0, raw.chars().peekable(), true);
            while let Some(char) = chars.next() {
                let width = match unit {
                    Unit::Utf8 => char.len_utf8(),
                    Unit::Utf16 => char.len_utf16(),
                    Unit::CodePoint => 1,
                } as u32;
                leading &= char == '\u{feff}';
                if leading || (char == '\r' && chars.peek() == Some(&'\n')) {
                    units.extend(at..at + width);
                }
                at += width;
            }
        }
        Removed { units }
    }

    /// Where an offset in the file's text leads in ours.
    pub(super) fn shifted(&self, offset: u32) -> u32 {
        offset - self.units.partition_point(|removed| *removed < offset) as u32
    }

    /// Whether the two texts are one.
    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }
}

/// How many bytes of text may be searched, in a dataset or in one article of a native file, for words
/// that do not stand where the file says. What is wrong in each of its annotations would else cost the
/// square of its size.
const SEARCHED: usize = 1 << 30;

/// What is left of it.
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub(super) fn new() -> Budget {
        Budget(Cell::new(SEARCHED))
    }

    /// Whether a text can still be searched; then it is counted.
    pub(super) fn pays(&self, text: &Text) -> bool {
        let left = self.0.get().checked_sub(text.as_str().len());
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }
}
