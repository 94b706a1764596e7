//! The notation for marked text, in tests and in their failure messages.
//!
//! | written | means |
//! |---|---|
//! | `<c1:` … `:c1>` | a span of the annotation `c1`; a name is ASCII letters, then digits |
//! | `<q:"A,":q> X said. <q:"B.":q>` | one broken annotation of two spans |
//! | `<c:a <d:b:c> c:d>` | two that cross |
//! | `[abc\|]`, `[\|abc]` | the selection, its head at the bar; the other edge is its anchor |
//! | `\|` | a selection of nothing: the caret |
//! | `\` | before any character: that character as text |
//!
//! The characters `< [ ] | \` are always marks unless escaped, and `:` only where it closes a name.
//! Printing gives the canonical form: nothing escaped that need not be and, at one place, the end
//! of the selection, closing marks (shortest span first), empty spans, the caret, opening marks
//! (longest span first), the start of the selection.

use std::cmp::Reverse;
use std::fmt;

use super::{BYTE_ORDER_MARK, Pos, Span, Text, normal_line_ends};

/// A text with named spans and a selection on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The text without its marks.
    pub text: Text,
    /// The annotations by name, in the order in which they open. No two spans of one name overlap.
    pub spans: Vec<(String, Vec<Span>)>,
    /// Where the selection is anchored and where its head is; the same place twice for a caret.
    pub selection: Option<(Pos, Pos)>,
}

impl Marked {
    /// The spans of one name, in order; none if there is no such name.
    pub fn spans_of(&self, name: &str) -> &[Span] {
        self.spans.iter().find(|(n, _)| n == name).map_or(&[], |(_, spans)| spans)
    }
}

/// What is wrong in marked text. Places are UTF-8 bytes from the start of what was parsed, with
/// line ends as LF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkedError {
    /// A `<` without a name and a colon after it.
    NotAMark {
        /// Where the `<` stands.
        at: usize,
    },
    /// A name opened inside itself.
    OpenAlready {
        /// Where the second opening mark stands.
        at: usize,
        /// The name in both.
        name: String,
    },
    /// A closing mark of a name that is not open.
    NotOpen {
        /// Where the mark stands.
        at: usize,
        /// The name in it.
        name: String,
    },
    /// A name left open at the end of the text.
    NeverClosed {
        /// The name.
        name: String,
    },
    /// A second selection or caret, or brackets without a pair.
    StrayBracket {
        /// Where the bracket or bar stands.
        at: usize,
    },
    /// A selection without one head, or with its head at neither edge.
    NoHead {
        /// Where the closing bracket stands.
        at: usize,
    },
    /// A backslash with nothing after it.
    NothingEscaped,
}

impl fmt::Display for MarkedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAMark { at } => write!(f, "byte {at}: `<` opens no name; write `\\<`"),
            Self::OpenAlready { at, name } => write!(f, "byte {at}: `{name}` is open already"),
            Self::NotOpen { at, name } => write!(f, "byte {at}: `{name}` is not open"),
            Self::NeverClosed { name } => write!(f, "`{name}` is never closed"),
            Self::StrayBracket { at } => write!(f, "byte {at}: a second or unpaired selection"),
            Self::NoHead { at } => write!(f, "byte {at}: a selection needs `|` at one edge"),
            Self::NothingEscaped => f.write_str("a backslash at the end escapes nothing"),
        }
    }
}

impl std::error::Error for MarkedError {}

/// A selection while it is being read, as bytes of the plain text.
enum Selection {
    None,
    Open { start: usize, head: Option<usize> },
    Done { anchor: usize, head: usize },
}

/// The spans of a name while they are being read, as bytes of the plain text; one may be open.
type Reading = Vec<(usize, Option<usize>)>;

/// Reads marked text. Line ends become LF and leading byte order marks go, as in [`Text::new`].
///
/// # Errors
///
/// The first [`MarkedError`].
pub fn parse(marked: &str) -> Result<Marked, MarkedError> {
    let marked = &*normal_line_ends(marked);
    let mut plain = String::new();
    let mut spans: Vec<(String, Reading)> = Vec::new();
    let mut selection = Selection::None;
    let mut at = 0;
    while let Some(char) = marked[at..].chars().next() {
        let rest = &marked[at + char.len_utf8()..];
        let mut taken = char.len_utf8();
        let here = plain.len();
        match char {
            '\\' => {
                let escaped = rest.chars().next().ok_or(MarkedError::NothingEscaped)?;
                taken += escaped.len_utf8();
                push(&mut plain, escaped);
            }
            '<' => {
                let name = name_before(rest, ':').ok_or(MarkedError::NotAMark { at })?;
                taken += name.len() + 1;
                match spans.iter_mut().find(|(n, _)| n == name) {
                    None => spans.push((name.into(), vec![(here, None)])),
                    Some((_, list)) if list.iter().all(|(_, end)| end.is_some()) => {
                        list.push((here, None));
                    }
                    Some(_) => return Err(MarkedError::OpenAlready { at, name: name.into() }),
                }
            }
            ':' => match name_before(rest, '>') {
                None => plain.push(char),
                Some(name) => {
                    taken += name.len() + 1;
                    let list = spans.iter_mut().filter(|(n, _)| n == name);
                    let open = list.flat_map(|(_, l)| l).find(|(_, end)| end.is_none());
                    let (_, end) =
                        open.ok_or_else(|| MarkedError::NotOpen { at, name: name.into() })?;
                    *end = Some(here);
                }
            },
            '[' | '|' | ']' => {
                selection = match (char, selection) {
                    ('[', Selection::None) => Selection::Open { start: here, head: None },
                    ('|', Selection::None) => Selection::Done { anchor: here, head: here },
                    ('|', Selection::Open { start, head: None }) => {
                        Selection::Open { start, head: Some(here) }
                    }
                    (']', Selection::Open { start, head: Some(head) }) if head == here => {
                        Selection::Done { anchor: start, head }
                    }
                    (']', Selection::Open { start, head: Some(head) }) if head == start => {
                        Selection::Done { anchor: here, head }
                    }
                    (']', Selection::Open { .. }) => return Err(MarkedError::NoHead { at }),
                    _ => return Err(MarkedError::StrayBracket { at }),
                };
            }
            _ => push(&mut plain, char),
        }
        at += taken;
    }
    let selection = match selection {
        Selection::None => None,
        Selection::Done { anchor, head } => Some((Pos::at(anchor), Pos::at(head))),
        Selection::Open { .. } => return Err(MarkedError::StrayBracket { at }),
    };
    let closed = |(name, list): (String, Reading)| {
        let spans: Option<Vec<Span>> = list
            .into_iter()
            .map(|(start, end)| Some(Span::between(Pos::at(start), Pos::at(end?))))
            .collect();
        match spans {
            Some(spans) => Ok((name, spans)),
            None => Err(MarkedError::NeverClosed { name }),
        }
    };
    Ok(Marked {
        text: Text::new(&plain),
        spans: spans.into_iter().map(closed).collect::<Result<_, _>>()?,
        selection,
    })
}

/// Leaves out what [`Text::new`] would, which would shift the places counted in `plain`.
fn push(plain: &mut String, char: char) {
    if char != BYTE_ORDER_MARK || !plain.is_empty() {
        plain.push(char);
    }
}

/// The name at the start of `rest`, if `then` follows it.
fn name_before(rest: &str, then: char) -> Option<&str> {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = rest[letters..].bytes().take_while(u8::is_ascii_digit).count();
    let (name, rest) = rest.split_at(letters + digits);
    (letters > 0 && rest.starts_with(then)).then_some(name)
}

/// One mark in its place, in the order in which marks are printed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    SelectionEnd {
        has_head: bool,
    },
    /// Shortest first, so that what opened last closes first.
    Close {
        start: Reverse<Pos>,
        rank: Reverse<usize>,
    },
    Empty {
        rank: usize,
    },
    Caret,
    Open {
        end: Reverse<Pos>,
        rank: usize,
    },
    SelectionStart {
        has_head: bool,
    },
}

/// The canonical form, which [`parse`] reads back; not so where spans of one name overlap or a name
/// is none.
impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Which name goes first where two spans are the same must not depend on how this value was
        // made, so names are ranked by where they first open in what is printed.
        let opening = |(_, spans): &(String, Vec<Span>)| {
            spans.iter().map(|s| (s.start(), !s.is_empty(), Reverse(s.end()))).min()
        };
        let mut ranked: Vec<_> = self.spans.iter().collect();
        ranked.sort_by_key(|named| opening(named));

        let mut marks: Vec<(Pos, Mark)> = Vec::new();
        for (rank, (_, spans)) in ranked.iter().enumerate() {
            for span in spans {
                if span.is_empty() {
                    marks.push((span.start(), Mark::Empty { rank }));
                } else {
                    let (start, end) = (Reverse(span.start()), Reverse(span.end()));
                    marks.push((span.start(), Mark::Open { end, rank }));
                    marks.push((span.end(), Mark::Close { start, rank: Reverse(rank) }));
                }
            }
        }
        match self.selection {
            Some((anchor, head)) if anchor == head => marks.push((head, Mark::Caret)),
            Some((anchor, head)) => {
                let forward = anchor < head;
                marks.push((anchor.min(head), Mark::SelectionStart { has_head: !forward }));
                marks.push((anchor.max(head), Mark::SelectionEnd { has_head: forward }));
            }
            None => {}
        }
        marks.sort();

        let name = |rank: usize| ranked.get(rank).map_or("", |(name, _)| name);
        let mut written = Pos::default();
        for (at, mark) in marks {
            write_escaped(f, self.text.slice(Span::between(written, at)))?;
            written = at;
            match mark {
                Mark::SelectionEnd { has_head } => {
                    f.write_str(if has_head { "|]" } else { "]" })?
                }
                Mark::Close { rank: Reverse(rank), .. } => write!(f, ":{}>", name(rank))?,
                Mark::Empty { rank } => write!(f, "<{0}::{0}>", name(rank))?,
                Mark::Caret => f.write_str("|")?,
                Mark::Open { rank, .. } => write!(f, "<{}:", name(rank))?,
                Mark::SelectionStart { has_head } => {
                    f.write_str(if has_head { "[|" } else { "[" })?;
                }
            }
        }
        write_escaped(f, self.text.slice(Span::between(written, self.text.len())))
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, plain: &str) -> fmt::Result {
    for (at, char) in plain.char_indices() {
        let is_mark = match char {
            '<' | '[' | ']' | '|' | '\\' => true,
            ':' => name_before(&plain[at + 1..], '>').is_some(),
            _ => false,
        };
        if is_mark {
            f.write_str("\\")?;
        }
        write!(f, "{char}")?;
    }
    Ok(())
}
