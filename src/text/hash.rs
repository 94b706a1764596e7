//! The name of a text.

use sha2::{Digest, Sha256};

use super::BYTE_ORDER_MARK;

/// The SHA-256 of the UTF-8 bytes of a [`Text`](super::Text) that comes in pieces, which need not be in
/// memory together.
#[derive(Clone, Default)]
pub struct Hasher {
    digest: Sha256,
    /// Whether something stands before what comes: a byte order mark is then a character.
    is_begun: bool,
    /// Whether the last character was a carriage return, which a line feed belongs to.
    after_return: bool,
}

impl Hasher {
    /// Takes the next piece of the text as it was found.
    pub fn add(&mut self, piece: &str) {
        let mut piece = piece;
        if !self.is_begun {
            piece = piece.trim_start_matches(BYTE_ORDER_MARK);
        }
        if piece.is_empty() {
            return;
        }
        self.is_begun = true;
        if std::mem::take(&mut self.after_return) {
            piece = piece.strip_prefix('\n').unwrap_or(piece);
        }
        self.after_return = piece.ends_with('\r');
        let mut lines = piece.split('\r');
        self.digest.update(lines.next().unwrap_or_default());
        for line in lines {
            self.digest.update("\n");
            self.digest.update(line.strip_prefix('\n').unwrap_or(line));
        }
    }

    /// The same as [`Text::hash`](super::Text::hash) of all pieces together.
    pub fn finish(self) -> String {
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
        let digest = self.digest.finalize();
        digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}
