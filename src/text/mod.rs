//! The text of one article, places in it, and what reading moves by.
//!
//! A [`Text`] never changes. A [`Pos`] is a place between two of its characters and a [`Span`]
//! is a half-open stretch of it; both are made by the text that they belong to, which is what
//! makes them valid. With another text, methods give a wrong place or panic.
//!
//! - Inside the program every offset is a [`Pos`], in UTF-8 bytes. Other units are converted at
//!   the edges, by [`Text::offset`] and [`Text::pos_at`].
//! - Paragraphs are lines. Graphemes, words and sentences follow Unicode's UAX 29, always within
//!   one paragraph, so that a step costs what its paragraph costs and not what the article does.
//!   No edge of a word or a sentence stands inside a grapheme, and a few English abbreviations do
//!   not end a sentence.
//! - [`locate`] finds the span that a file names by offsets and the text that they cover.
//! - [`diff`] finds what two texts have in common, and where a span of the one lies in the other.
//! - [`marked`] is the notation for marked text in tests and in their failure messages.

mod abbreviations;
mod anchor;
mod boundaries;
pub mod diff;
mod hash;
pub mod marked;
mod paragraphs;
mod span;
mod units;

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use anchor::{Anchor, locate, locate_unsearched};
pub use hash::{Hasher, TextHash};
pub use span::{Pos, Span};
pub use units::Unit;

/// The immutable text of one article; a clone shares it and costs nothing.
///
/// Two texts are equal when their content is. In JSON it is its content.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Text(Arc<Inner>);

struct Inner {
    /// No CR, no leading byte order mark, and fewer than `u32::MAX` bytes.
    content: Box<str>,
    /// The lines of `content` without their LF, in order; at least one.
    paragraphs: Box<[Span]>,
    units: units::Checkpoints,
    hash: OnceLock<String>,
}

impl Text {
    /// Takes a text as it was found: CRLF and lone CR become LF, leading byte order marks go, and
    /// nothing else changes. What comes out goes in again unchanged.
    ///
    /// # Panics
    ///
    /// With a text of 4 GiB or more, which a browser cannot hold: places are 32-bit.
    pub fn new(raw: &str) -> Text {
        let content = raw.trim_start_matches(BYTE_ORDER_MARK);
        let content: Box<str> = normal_line_ends(content).into();
        assert!(content.len() < u32::MAX as usize, "a text holds less than 4 GiB");
        Text(Arc::new(Inner {
            paragraphs: paragraphs::split(&content),
            units: units::Checkpoints::new(&content),
            hash: OnceLock::new(),
            content,
        }))
    }

    /// The whole content.
    pub fn as_str(&self) -> &str {
        &self.0.content
    }

    /// The place after the last character, which is also the length in UTF-8 bytes.
    pub fn len(&self) -> Pos {
        Pos::at(self.0.content.len())
    }

    /// Whether there is no character at all.
    pub fn is_empty(&self) -> bool {
        self.0.content.is_empty()
    }

    /// The whole text as one span.
    pub fn all(&self) -> Span {
        Span::between(Pos::default(), self.len())
    }

    /// The name of this content: the SHA-256 of its UTF-8 bytes as 64 lower-case hex digits.
    /// Computed at the first call.
    pub fn hash(&self) -> &str {
        self.0.hash.get_or_init(|| {
            let mut hasher = Hasher::default();
            hasher.add(&self.0.content);
            hasher.finish()
        })
    }

    /// The place `byte` UTF-8 bytes from the start; none past the end or inside a character.
    pub fn pos(&self, byte: u32) -> Option<Pos> {
        self.0.content.is_char_boundary(byte as usize).then(|| Pos::at(byte as usize))
    }

    /// The span between two places, given in either order; none when one of them is not a place
    /// of this text.
    pub fn span(&self, a: Pos, b: Pos) -> Option<Span> {
        let (a, b) = (self.pos(a.get())?, self.pos(b.get())?);
        Some(Span::between(a.min(b), a.max(b)))
    }

    /// The covered text.
    ///
    /// # Panics
    ///
    /// With a span of another text, where it does not fit this one.
    pub fn slice(&self, span: Span) -> &str {
        &self.0.content[span.range()]
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Line ends as LF.
fn normal_line_ends(raw: &str) -> String {
    let mut lines = raw.split('\r');
    let mut content = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        content.push('\n');
        content.push_str(line.strip_prefix('\n').unwrap_or(line));
    }
    content
}

impl Default for Text {
    fn default() -> Self {
        Text::new("")
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Text {
        Text::new(&raw)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.as_str().to_owned()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.content == other.0.content
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&self.as_str()).finish()
    }
}
