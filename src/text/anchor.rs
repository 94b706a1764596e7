//! Finding the span that a file names.

use super::{Pos, Span, Text, Unit, normal_line_ends};

/// Where a quoted passage was found, and how far the file's own word for it could be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Where the file says, in the unit that it says.
    Declared(Span),
    /// Where the file says, if its offsets count this unit instead.
    OtherUnit(Span, Unit),
    /// Elsewhere: the nearest place where the quote stands.
    Searched(Span),
    /// Nowhere.
    NotFound,
}

impl Anchor {
    /// The span, however it was found.
    pub fn span(self) -> Option<Span> {
        match self {
            Anchor::Declared(span) | Anchor::OtherUnit(span, _) | Anchor::Searched(span) => {
                Some(span)
            }
            Anchor::NotFound => None,
        }
    }
}

/// Finds the passage that a file gives as offsets and as the text that they cover.
///
/// The quote decides: first in the declared unit, then in the others, then by a search for the
/// occurrence whose start is nearest to the declared one, the earlier of two as near. Line ends in
/// the quote need not be ours. An empty quote says nothing, so that the offsets are taken at their
/// word if they are in range.
pub fn locate(text: &Text, start: u32, end: u32, declared: Unit, quote: &str) -> Anchor {
    match locate_unsearched(text, start, end, declared, quote) {
        Anchor::NotFound if !quote.is_empty() => {
            let near = text.pos_at_or_before(start, declared);
            let found = nearest(text, near, &normal_line_ends(quote));
            found.map_or(Anchor::NotFound, Anchor::Searched)
        }
        found => found,
    }
}

/// As [`locate`], without the search, which costs as much as the text is long.
pub fn locate_unsearched(text: &Text, start: u32, end: u32, declared: Unit, quote: &str) -> Anchor {
    let at = |unit| {
        let (start, end) = (text.pos_at(start, unit)?, text.pos_at(end, unit)?);
        (start <= end).then(|| Span::between(start, end))
    };
    if quote.is_empty() {
        return at(declared).map_or(Anchor::NotFound, Anchor::Declared);
    }
    let quote = &*normal_line_ends(quote);
    let holds = |unit| at(unit).filter(|span| text.slice(*span) == quote);
    if let Some(span) = holds(declared) {
        return Anchor::Declared(span);
    }
    let mut others = Unit::ALL.into_iter().filter(|unit| *unit != declared);
    let found = others.find_map(|unit| Some(Anchor::OtherUnit(holds(unit)?, unit)));
    found.unwrap_or(Anchor::NotFound)
}

/// The occurrence of `quote` whose start is nearest to a place.
fn nearest(text: &Text, near: Pos, quote: &str) -> Option<Span> {
    let content = text.as_str();
    let after = content[near.byte()..].find(quote).map(|found| near.byte() + found);
    // One that starts before `near` ends before this, and so does not reach a character that this
    // cuts.
    let reach = text.pos_at_or_before((near.byte() + quote.len() - 1) as u32, Unit::Utf8);
    let before = content[..reach.byte()].rfind(quote);
    let found = match (before, after) {
        (Some(before), Some(after)) if near.byte() - before > after - near.byte() => after,
        (Some(before), _) => before,
        (None, after) => after?,
    };
    Some(Span::between(Pos::at(found), Pos::at(found + quote.len())))
}
