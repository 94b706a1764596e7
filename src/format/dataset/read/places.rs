//! Where the offsets and words of a file lead in the text that was made from its article.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::incoming::InSpan;
use crate::format::articles;
use crate::format::raw::{Budget, Removed};
use crate::text::{Pos, Span, Text, Unit, locate};

/// How a span was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Where the file says.
    There(Span),
    /// Where the file says, if its offsets count this unit.
    Counted(Span, Unit),
    /// The nearest passage of the same words.
    Searched(Span),
    /// It covers nothing.
    Empty,
    /// Nowhere.
    Nowhere,
    /// Not where the file says; too much was searched already to search for it.
    NotSearched,
}

/// A text as a file has it, and as we have it.
pub(in crate::format::dataset) struct Places {
    /// As the file has it, where that is not as we have it.
    raw: Option<Box<str>>,
    /// Empty where it cannot be annotated.
    pub(super) text: Text,
    /// Why it cannot be annotated, and what to do.
    pub(super) wrong: Option<(&'static str, &'static str)>,
    /// By unit, as [`Unit::ALL`] has them.
    removed: [OnceLock<Removed>; 3],
    edges: OnceLock<Edges>,
}

/// Where words and signs start and end, in order.
struct Edges {
    starts: Vec<Pos>,
    ends: Vec<Pos>,
}

impl Places {
    pub(super) fn of(raw: &str) -> Arc<Places> {
        let (text, wrong) = match articles::checked(raw) {
            Ok(text) => (text, None),
            Err(wrong) => (Text::default(), Some(wrong)),
        };
        // What names it is found here, where lines are read on several threads.
        text.hash();
        let raw = (wrong.is_none() && raw != text.as_str()).then(|| raw.into());
        let (removed, edges) = (Default::default(), OnceLock::new());
        Arc::new(Places { raw, text, wrong, removed, edges })
    }

    fn removed(&self, unit: Unit) -> &Removed {
        let index = Unit::ALL.iter().position(|it| *it == unit).unwrap_or_default();
        let raw = self.raw.as_deref().unwrap_or(self.text.as_str());
        self.removed[index].get_or_init(|| Removed::new(raw, &self.text, unit))
    }

    /// The span at offsets that count on the file's text.
    fn at(&self, start: u32, end: u32, unit: Unit) -> Option<Span> {
        let removed = self.removed(unit);
        self.at_ours(removed.shifted(start), removed.shifted(end), unit)
    }

    /// The span at offsets that count on ours.
    fn at_ours(&self, start: u32, end: u32, unit: Unit) -> Option<Span> {
        let (start, end) = (self.text.pos_at(start, unit)?, self.text.pos_at(end, unit)?);
        if start <= end { self.text.span(start, end) } else { None }
    }

    /// Finds what a file names. The words decide, where there are some: as they stand, then without
    /// regard to white space, each in the declared unit and then in the others; then by a search.
    pub(super) fn find(&self, span: &InSpan, declared: Unit, budget: &Budget) -> Found {
        let InSpan { start, end, words, before } = span;
        let offsets = start.zip(*end);
        if words.is_empty() {
            let span = offsets.and_then(|(start, end)| self.at(start, end, declared));
            return match span {
                Some(span) if span.is_empty() => Found::Empty,
                Some(span) => Found::There(span),
                None => Found::Nowhere,
            };
        }
        if let Some((start, end)) = offsets {
            for says in [is_same, is_alike] {
                if let Some(found) = self.where_it_says(start, end, declared, words, says) {
                    return found;
                }
            }
        }
        if !budget.pays(&self.text) {
            return Found::NotSearched;
        }
        let near = self.removed(declared).shifted(start.unwrap_or_default());
        let whole = format!("{before}{words}");
        let found = locate(&self.text, near, near, declared, &whole).span();
        let behind = found.and_then(|whole| {
            let cut = whole.len().checked_sub(Text::new(words).as_str().len() as u32)?;
            self.text.span(self.text.pos(whole.start().get() + cut)?, whole.end())
        });
        let found = behind.or_else(|| {
            let alone = !before.is_empty() && budget.pays(&self.text);
            if alone { locate(&self.text, near, near, declared, words).span() } else { None }
        });
        found.map_or(Found::Nowhere, Found::Searched)
    }

    /// Whether a span covers the words that the file gives, if its offsets count a unit.
    pub(super) fn is_said(&self, span: &InSpan, unit: Unit) -> bool {
        let InSpan { start, end, words, .. } = span;
        let Some((start, end)) = start.zip(*end).filter(|_| !words.is_empty()) else {
            return false;
        };
        let spans = [self.at(start, end, unit), self.at_ours(start, end, unit)];
        spans.into_iter().flatten().any(|it| is_same(self.text.slice(it), words))
    }

    fn where_it_says(
        &self,
        start: u32,
        end: u32,
        declared: Unit,
        words: &str,
        says: fn(&str, &str) -> bool,
    ) -> Option<Found> {
        let others = Unit::ALL.into_iter().filter(|unit| *unit != declared);
        for unit in [declared].into_iter().chain(others) {
            // A writer may have counted after its own reading of line ends.
            let spans = [self.at(start, end, unit), self.at_ours(start, end, unit)];
            let mut spans = spans.into_iter().flatten();
            let found = spans.find(|it| !it.is_empty() && says(self.text.slice(*it), words));
            if let Some(span) = found {
                let there = unit == declared;
                return Some(if there { Found::There(span) } else { Found::Counted(span, unit) });
            }
        }
        None
    }

    /// The nearest passage of words to a place of the text.
    pub(super) fn nearest(&self, near: Pos, words: &str, budget: &Budget) -> Option<Span> {
        if words.is_empty() || !budget.pays(&self.text) {
            return None;
        }
        locate(&self.text, near.get(), near.get(), Unit::Utf8, words).span()
    }

    /// How many starts and ends stand where words start and end, if offsets count a unit.
    pub(super) fn score(&self, stretches: &Stretches, unit: Unit) -> usize {
        let edges = self.edges.get_or_init(|| {
            let (mut starts, mut ends) = (Vec::new(), Vec::new());
            for token in self.text.tokens() {
                starts.push(token.start());
                ends.push(token.end());
            }
            Edges { starts, ends }
        });
        let removed = self.removed(unit);
        let stand = |offsets: &BTreeSet<u32>, edges: &[Pos]| {
            let places =
                offsets.iter().filter_map(|it| self.text.pos_at(removed.shifted(*it), unit));
            places.filter(|pos| edges.binary_search(pos).is_ok()).count()
        };
        stand(&stretches.starts, &edges.starts) + stand(&stretches.ends, &edges.ends)
    }
}

/// Where stretches start and end, each place once: what is there twice tells no more of what offsets
/// count.
#[derive(Default)]
pub(super) struct Stretches {
    starts: BTreeSet<u32>,
    ends: BTreeSet<u32>,
}

impl Stretches {
    pub(super) fn len(&self) -> usize {
        self.starts.len() + self.ends.len()
    }
}

impl FromIterator<(u32, u32)> for Stretches {
    fn from_iter<I: IntoIterator<Item = (u32, u32)>>(all: I) -> Stretches {
        let (starts, ends) = all.into_iter().unzip();
        Stretches { starts, ends }
    }
}

/// Whether a passage is what a file says, whatever its line ends.
fn is_same(passage: &str, words: &str) -> bool {
    passage == words || (words.contains('\r') && passage == Text::new(words).as_str())
}

/// Whether a passage is what a file says but for white space: tools write blanks or `\n` for line
/// ends. One that has much more of it is another.
fn is_alike(passage: &str, words: &str) -> bool {
    fn said(text: &str) -> impl Iterator<Item = char> {
        text.split("\\n").flat_map(str::split_whitespace).flat_map(str::chars)
    }
    passage.len() <= 2 * words.len() + 16 && said(passage).eq(said(words))
}
