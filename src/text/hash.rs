//! The name of a text.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{BYTE_ORDER_MARK, Text};

/// The SHA-256 of the UTF-8 bytes of a [`Text`] that comes in pieces, which need not be in
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

    /// The same as [`Text::hash`] of all pieces together.
    pub fn finish(self) -> String {
        digits(&self.digest.finalize())
    }
}

/// Names a text: the SHA-256 of its UTF-8 bytes, in files 64 hexadecimal digits.
///
/// It is kept as its bytes: an index has one for each article.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct TextHash(Name);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Name {
    Sha256([u8; 32]),
    /// What a file has in place of one; no text is called so.
    Other(Arc<str>),
}

impl<T: AsRef<str>> From<T> for TextHash {
    fn from(name: T) -> TextHash {
        let name = name.as_ref();
        TextHash(sha256(name).map_or_else(|| Name::Other(name.into()), Name::Sha256))
    }
}

/// As 64 digits, of which the letters are small.
fn sha256(name: &str) -> Option<[u8; 32]> {
    let (mut bytes, digits) = ([0; 32], name.as_bytes());
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let digit = |at: usize| match pair[at] {
            digit @ b'0'..=b'9' => Some(digit - b'0'),
            digit @ b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Some(bytes)
}

fn digits(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl TextHash {
    /// Whether it is a hash, and not what a file has in place of one.
    pub fn is_sha256(&self) -> bool {
        matches!(self.0, Name::Sha256(_))
    }

    /// Whether the text is called so.
    pub fn names(&self, text: &Text) -> bool {
        *self == text.hash().into()
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Name::Sha256(bytes) => f.write_str(&digits(bytes)),
            Name::Other(name) => f.write_str(name),
        }
    }
}

impl fmt::Debug for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<TextHash> for String {
    fn from(hash: TextHash) -> String {
        hash.to_string()
    }
}
