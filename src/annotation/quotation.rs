//! The quotation marks of paragraphs, and which of them belong together.

use super::Spans;
use crate::text::{Pos, Span, Text};

/// A quotation mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// One character.
    pub(super) at: Span,
    /// Whether words follow it, not precede it.
    pub(super) opens: bool,
    /// The mark at the other end, in the same paragraph. None where a quotation goes on in the next
    /// paragraph, and where a text lacks a mark.
    pub(super) partner: Option<Span>,
}

/// The quotation marks of some paragraphs. Apostrophes are none.
// Invariant: in the order of the text.
#[derive(Default)]
pub(super) struct Marks(Vec<Mark>);

impl Marks {
    /// Those of the paragraphs that spans touch.
    pub(super) fn around(text: &Text, spans: &Spans) -> Marks {
        let mut marks = Marks(Vec::new());
        let mut next = 0;
        for paragraph in spans.iter().flat_map(|span| text.paragraphs_in(span)) {
            // Two spans may be in one paragraph.
            if paragraph >= next {
                marks.0.extend(paired(text, text.paragraphs()[paragraph]));
                next = paragraph + 1;
            }
        }
        marks
    }

    /// Those from a place on.
    fn from(&self, pos: Pos) -> &[Mark] {
        &self.0[self.0.partition_point(|mark| mark.at.start() < pos)..]
    }

    /// Those that end up to a place.
    fn until(&self, pos: Pos) -> &[Mark] {
        &self.0[..self.0.partition_point(|mark| mark.at.end() <= pos)]
    }

    /// The opening mark that a span begins with.
    pub(super) fn opening(&self, span: Span) -> Option<Mark> {
        let first = *self.from(span.start()).first()?;
        (first.opens && first.at.start() == span.start()).then_some(first)
    }

    /// The closing mark that a span ends with.
    pub(super) fn closing(&self, span: Span) -> Option<Mark> {
        let last = *self.until(span.end()).last()?;
        (!last.opens && last.at.end() == span.end()).then_some(last)
    }

    /// The opening mark before a span, with nothing but what `between` allows between them.
    pub(super) fn opening_before(
        &self,
        text: &Text,
        span: Span,
        between: fn(char) -> bool,
    ) -> Option<Mark> {
        let mark = *self.until(span.start()).last()?;
        let gap = text.span(mark.at.end(), span.start())?;
        (mark.opens && text.slice(gap).chars().all(between)).then_some(mark)
    }

    /// The closing mark after a span, with nothing but what `between` allows between them.
    pub(super) fn closing_after(
        &self,
        text: &Text,
        span: Span,
        between: fn(char) -> bool,
    ) -> Option<Mark> {
        let mark = *self.from(span.end()).first()?;
        let gap = text.span(span.end(), mark.at.start())?;
        (!mark.opens && text.slice(gap).chars().all(between)).then_some(mark)
    }

    /// The last closing mark within a span whose opening mark is there too.
    pub(super) fn last_closing_in(&self, span: Span) -> Option<Mark> {
        let is_in = |it: Span| span.covers(it);
        let mut marks = self.until(span.end()).iter().rev().take_while(|mark| is_in(mark.at));
        marks.find(|mark| !mark.opens && mark.partner.is_some_and(is_in)).copied()
    }

    /// The first opening mark within a span whose closing mark is there too.
    pub(super) fn first_opening_in(&self, span: Span) -> Option<Mark> {
        let is_in = |it: Span| span.covers(it);
        let mut marks = self.from(span.start()).iter().take_while(|mark| is_in(mark.at));
        marks.find(|mark| mark.opens && mark.partner.is_some_and(is_in)).copied()
    }
}

/// What a mark's neighbours say of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lean {
    /// It stands before words and not behind any.
    Opening,
    /// It stands behind words and not before any.
    Closing,
    /// They do not tell.
    Either,
}

/// How many open marks are looked at for the one that a mark closes. Texts nest two or three deep;
/// without a limit, one of nothing but marks would take forever.
const DEPTH: usize = 8;

/// The marks of a paragraph.
fn paired(text: &Text, paragraph: Span) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    // Most paragraphs have none, and need not be taken apart into words.
    if !text.slice(paragraph).contains(is_sign) {
        return marks;
    }
    // Those that nothing has closed yet, as indices.
    let mut open: Vec<usize> = Vec::new();
    for (at, char) in signs(text, paragraph) {
        let glyph = |mark: Span| text.slice(mark).chars().next().unwrap_or_default();
        let lean = lean(text, paragraph, at, marks.last());
        let shallow = open.len().saturating_sub(DEPTH);
        let begun = |it: &usize| closes(glyph(marks[*it].at), char, lean);
        match open[shallow..].iter().rposition(begun).map(|it| shallow + it) {
            Some(it) => {
                let partner = open[it];
                open.truncate(it);
                marks[partner].partner = Some(at);
                let partner = Some(marks[partner].at);
                marks.push(Mark { at, opens: false, partner });
            }
            None if opens(char, lean) => {
                open.push(marks.len());
                marks.push(Mark { at, opens: true, partner: None });
            }
            None => marks.push(Mark { at, opens: false, partner: None }),
        }
    }
    // A single one without a partner is an apostrophe.
    let is_single = |mark: &Mark| matches!(text.slice(mark.at), "'" | "’" | "‘" | "‚");
    marks.retain(|mark| mark.partner.is_some() || !is_single(mark));
    marks
}

/// What may be a quotation mark: no sign within a word is one, nor one that is part of a grapheme.
fn signs(text: &Text, paragraph: Span) -> impl Iterator<Item = (Span, char)> {
    let end = Span::empty(paragraph.end());
    let mut at = paragraph.start();
    text.words_in(paragraph).chain([end]).flat_map(move |word| {
        let gap = text.span(at, word.start()).unwrap_or(Span::empty(at));
        at = word.end();
        let chars = text.slice(gap).char_indices().filter(|(_, char)| is_sign(*char));
        chars.filter_map(move |(byte, char)| {
            let start = text.pos(gap.start().get() + byte as u32)?;
            let at = text.span(start, text.pos(start.get() + char.len_utf8() as u32)?)?;
            (text.snap_to_graphemes(at) == at).then_some((at, char))
        })
    })
}

fn is_sign(char: char) -> bool {
    matches!(
        char,
        '"' | '\''
            | '“'
            | '”'
            | '„'
            | '‟'
            | '‘'
            | '’'
            | '‚'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '「'
            | '」'
            | '『'
            | '』'
            | '｢'
            | '｣'
            | '〝'
            | '〞'
            | '〟'
            | '＂'
    )
}

/// Whether a mark may begin a quotation.
fn opens(mark: char, lean: Lean) -> bool {
    match mark {
        '„' | '‟' | '«' | '‹' | '「' | '『' | '｢' | '〝' => true,
        '“' | '‘' | '"' | '＂' => lean != Lean::Closing,
        // In Swedish and Finnish, ” and » stand at both ends; in German and Danish, » begins.
        '”' | '»' | '›' | '\'' | '‚' => lean == Lean::Opening,
        _ => false,
    }
}

/// Whether a mark may end what another began. Typists mix straight and curly ones.
fn closes(open: char, close: char, lean: Lean) -> bool {
    match (open, close) {
        ('「', '」') | ('『', '』') | ('｢', '｣') | ('〝', '〞' | '〟') => true,
        ('«', '»') | ('‹', '›') => true,
        ('»', '«') | ('›', '‹') => lean != Lean::Opening,
        ('»', '»') | ('›', '›') | ('“', '“') => lean == Lean::Closing,
        ('"' | '＂' | '“' | '”' | '„' | '‟', '"' | '＂' | '”') => lean != Lean::Opening,
        ('„' | '‟', '“') | ('‚', '‘') => lean != Lean::Opening,
        ('\'' | '‘' | '‚', '\'' | '’') => lean != Lean::Opening,
        _ => false,
    }
}

/// What the neighbours of a sign say of it; `last` is the mark before it.
fn lean(text: &Text, paragraph: Span, at: Span, last: Option<&Mark>) -> Lean {
    let side = |a, b| text.span(a, b).map_or("", |span| text.slice(span));
    let before = side(paragraph.start(), at.start()).chars().next_back();
    let free_before = match last {
        Some(last) if last.at.end() == at.start() => last.opens,
        _ => before.is_none_or(|c| c.is_whitespace() || "([{—–-/:：".contains(c)),
    };
    // Past the marks that stand with it, of which more than a few are no text.
    let mut after = side(at.end(), paragraph.end()).chars().take(DEPTH);
    let after = after.find(|char| !is_sign(*char));
    let free_after =
        after.is_none_or(|c| c.is_whitespace() || ")]}—–-/.,;:!?…。，、；：！？）".contains(c));
    match (free_before, free_after) {
        (true, false) => Lean::Opening,
        (false, true) => Lean::Closing,
        _ => Lean::Either,
    }
}
