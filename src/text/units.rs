//! The units that the world outside counts in.

use super::{Pos, Text};

/// What an offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Bytes of UTF-8, as everywhere inside the program.
    Utf8,
    /// Units of UTF-16, as in the DOM and in JavaScript: characters above U+FFFF count two.
    Utf16,
    /// Unicode code points, as in Python and in the native file.
    CodePoint,
}

impl Unit {
    /// All of them.
    pub const ALL: [Unit; 3] = [Unit::Utf8, Unit::Utf16, Unit::CodePoint];
}

/// How far each unit has counted at every [`STRIDE`]th byte, so that a conversion counts at most
/// one stride.
pub(super) enum Checkpoints {
    /// All units count the same.
    Ascii,
    /// Entry `n` holds the counts before the character that byte `n * STRIDE` belongs to.
    Mixed(Box<[Counts]>),
}

/// Short enough that counting it is not felt, long enough that the table is a sixteenth of the text.
const STRIDE: usize = 128;

#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    utf16: u32,
    code_points: u32,
}

impl Counts {
    fn of(text: &str) -> Counts {
        let mut counts = Counts::default();
        for byte in text.bytes() {
            // Each character has one byte that is no continuation byte; from 0xF0 it leads a
            // character of four bytes, which are those above U+FFFF.
            let starts = u32::from(byte & 0xC0 != 0x80);
            counts.code_points += starts;
            counts.utf16 += starts + u32::from(byte >= 0xF0);
        }
        counts
    }

    fn plus(self, other: Counts) -> Counts {
        Counts {
            utf16: self.utf16 + other.utf16,
            code_points: self.code_points + other.code_points,
        }
    }

    fn get(self, unit: OtherUnit) -> u32 {
        match unit {
            OtherUnit::Utf16 => self.utf16,
            OtherUnit::CodePoint => self.code_points,
        }
    }
}

/// The units that differ from our own.
#[derive(Clone, Copy)]
enum OtherUnit {
    Utf16,
    CodePoint,
}

impl Checkpoints {
    pub(super) fn new(content: &str) -> Checkpoints {
        if content.is_ascii() {
            return Checkpoints::Ascii;
        }
        let mut table = vec![Counts::default()];
        let mut counted = 0;
        for at in (STRIDE..=content.len()).step_by(STRIDE) {
            let at = boundary_at_or_before(content, at);
            let last = table.last().copied().unwrap_or_default();
            table.push(last.plus(Counts::of(&content[counted..at])));
            counted = at;
        }
        Checkpoints::Mixed(table.into())
    }
}

impl Text {
    /// How many of `unit` lie before `pos`.
    ///
    /// # Panics
    ///
    /// With a place of another text, where it does not fit this one.
    pub fn offset(&self, pos: Pos, unit: Unit) -> u32 {
        let content = &*self.0.content;
        match self.conversion(unit) {
            None => pos.get(),
            Some((table, unit)) => {
                let row = pos.byte() / STRIDE;
                let from = boundary_at_or_before(content, row * STRIDE);
                table[row].plus(Counts::of(&content[from..pos.byte()])).get(unit)
            }
        }
    }

    /// The place that `offset` of `unit` lie before; none past the end or inside a character, which
    /// in UTF-16 is between the halves of a surrogate pair.
    pub fn pos_at(&self, offset: u32, unit: Unit) -> Option<Pos> {
        let pos = self.pos_at_or_before(offset, unit);
        (self.offset(pos, unit) == offset).then_some(pos)
    }

    /// The last place that at most `offset` of `unit` lie before: the end when the offset is past
    /// it, the start of the character when it is inside one.
    pub fn pos_at_or_before(&self, offset: u32, unit: Unit) -> Pos {
        let content = &*self.0.content;
        let Some((table, unit)) = self.conversion(unit) else {
            return Pos::at(boundary_at_or_before(content, offset as usize));
        };
        // The first row counts zero, so there is always one.
        let row = table.partition_point(|counts| counts.get(unit) <= offset).saturating_sub(1);
        let from = boundary_at_or_before(content, row * STRIDE);
        let mut left = offset - table[row].get(unit);
        for (at, char) in content[from..].char_indices() {
            let width = match unit {
                OtherUnit::Utf16 => char.len_utf16() as u32,
                OtherUnit::CodePoint => 1,
            };
            if left < width {
                return Pos::at(from + at);
            }
            left -= width;
        }
        self.len()
    }

    /// The table to convert with, unless the unit counts what we count.
    fn conversion(&self, unit: Unit) -> Option<(&[Counts], OtherUnit)> {
        let Checkpoints::Mixed(table) = &self.0.units else { return None };
        match unit {
            Unit::Utf8 => None,
            Unit::Utf16 => Some((table, OtherUnit::Utf16)),
            Unit::CodePoint => Some((table, OtherUnit::CodePoint)),
        }
    }
}

/// The last character boundary at or before a byte.
fn boundary_at_or_before(content: &str, byte: usize) -> usize {
    let mut at = byte.min(content.len());
    while !content.is_char_boundary(at) {
        at -= 1;
    }
    at
}
