//! Graphemes, words and sentences, and the steps and snaps made of them.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::{Pos, Span, Text, abbreviations};

/// What a segment between two word boundaries holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A letter or a digit.
    Word,
    /// Only white space.
    White,
    /// Punctuation, symbols, emoji.
    Other,
}

impl Kind {
    fn of(segment: &str) -> Kind {
        if segment.chars().any(char::is_alphanumeric) {
            Kind::Word
        } else if segment.chars().all(char::is_whitespace) {
            Kind::White
        } else {
            Kind::Other
        }
    }
}

impl Text {
    /// The places one grapheme back and one on.
    pub fn graphemes_beside(&self, pos: Pos) -> (Pos, Pos) {
        (self.previous_grapheme(pos), self.next_grapheme(pos))
    }

    /// The places one code point back and one on: what [`Text::graphemes_beside`] is for most texts,
    /// without its tables.
    pub fn chars_beside(&self, pos: Pos) -> (Pos, Pos) {
        let (before, after) = self.as_str().split_at(pos.byte());
        let back = before.char_indices().next_back().map_or(0, |(at, _)| at);
        let on = after.chars().next().map_or(0, char::len_utf8);
        (Pos::default().plus(back), pos.plus(on))
    }

    /// The place one grapheme on, where an LF counts as one; stays at the end.
    pub fn next_grapheme(&self, pos: Pos) -> Pos {
        let paragraph = self.paragraph_around(pos);
        if pos < paragraph.end() {
            self.grapheme_after(paragraph, pos)
        } else {
            pos.plus(1).min(self.len())
        }
    }

    /// The place one grapheme back, where an LF counts as one; stays at the start.
    pub fn previous_grapheme(&self, pos: Pos) -> Pos {
        let paragraph = self.paragraph_around(pos);
        if pos > paragraph.start() {
            self.grapheme_before(paragraph, pos)
        } else {
            Pos::at(pos.byte().saturating_sub(1))
        }
    }

    /// The end of the next word, or of the next run of punctuation and other signs, so that quote
    /// marks can be reached; the text's end after the last.
    pub fn next_word(&self, pos: Pos) -> Pos {
        let later = &self.0.paragraphs[self.paragraph_at(pos)..];
        let mut stops = later.iter().flat_map(|p| self.caret_stops(self.words_around(*p, pos)));
        stops.find(|stop| stop.end() > pos).map_or(self.len(), Span::end)
    }

    /// The start of the word before, or of the run of punctuation and other signs; the text's start
    /// before the first.
    pub fn previous_word(&self, pos: Pos) -> Pos {
        let earlier = &self.0.paragraphs[..=self.paragraph_at(pos)];
        let mut lasts = earlier
            .iter()
            .rev()
            .map(|p| self.caret_stops(self.words_around(*p, pos)))
            .filter_map(|stops| stops.take_while(|stop| stop.start() < pos).last());
        lasts.next().map_or(Pos::default(), Span::start)
    }

    /// The start of the next sentence; the text's end after the last.
    pub fn next_sentence(&self, pos: Pos) -> Pos {
        let later = &self.0.paragraphs[self.paragraph_at(pos)..];
        let mut sentences =
            later.iter().flat_map(|p| self.sentences_within(self.sentences_around(*p, pos)));
        sentences.find(|s| s.start() > pos).map_or(self.len(), Span::start)
    }

    /// The start of this sentence, or from there of the one before; the text's start before the
    /// first.
    pub fn previous_sentence(&self, pos: Pos) -> Pos {
        let earlier = &self.0.paragraphs[..=self.paragraph_at(pos)];
        let mut lasts = earlier
            .iter()
            .rev()
            .map(|p| self.sentences_within(self.sentences_around(*p, pos)))
            .filter_map(|sentences| sentences.take_while(|s| s.start() < pos).last());
        lasts.next().map_or(Pos::default(), Span::start)
    }

    /// Whether `pos` surely cuts no word, as at a space of ASCII: most edges are of this sort, and no other
    /// sign has to be looked at. False tells nothing.
    pub fn is_between_words(&self, pos: Pos) -> bool {
        let bytes = self.as_str().as_bytes();
        let (before, after) = bytes.split_at(pos.byte());
        match (before.last(), after.first()) {
            (Some(before), Some(after)) => {
                let is_space = |byte: &u8| matches!(byte, b' ' | b'\n');
                before.is_ascii() && after.is_ascii() && is_space(before) != is_space(after)
            }
            _ => true,
        }
    }

    /// The word that the character after `pos` belongs to, else the word that ends there. White
    /// space, punctuation and emoji are no words.
    pub fn word_at(&self, pos: Pos) -> Option<Span> {
        let mut ending = None;
        for (segment, kind) in self.segments(self.words_around(self.paragraph_around(pos), pos)) {
            if kind == Kind::Word && segment.contains(pos) {
                return Some(segment);
            }
            if kind == Kind::Word && segment.end() == pos {
                ending = Some(segment);
            }
            if segment.start() > pos {
                break;
            }
        }
        ending
    }

    /// The sentence that the character after `pos` belongs to, without the white space around it.
    /// That belongs to the sentence before it, or to the first; a paragraph's end, to the last.
    /// Empty only in a blank paragraph, at its start.
    pub fn sentence_at(&self, pos: Pos) -> Span {
        let paragraph = self.paragraph_around(pos);
        let after = self.next_grapheme(pos).min(paragraph.end());
        let mut sentences =
            self.sentences_within(self.sentences_around(paragraph, after)).peekable();
        let mut sentence = sentences.next();
        while let Some(next) = sentences.next_if(|next| next.start() <= pos) {
            sentence = Some(next);
        }
        sentence.unwrap_or(Span::empty(paragraph.start()))
    }

    /// Whether the full stop that ends at `pos` is part of an English abbreviation, as in "the U.S."
    /// and "Acme Inc."; false where none ends there.
    pub fn abbreviates(&self, pos: Pos) -> bool {
        abbreviations::is_one(self.line_before(self.paragraph_around(pos), pos))
    }

    /// The words that a span overlaps, whole and in order.
    pub fn words_in(&self, span: Span) -> impl Iterator<Item = Span> {
        self.0.paragraphs[self.paragraphs_in(span)]
            .iter()
            .flat_map(move |p| self.segments(self.words_around(*p, span.start())))
            .take_while(move |(segment, _)| segment.start() < span.end())
            .filter(move |(segment, kind)| *kind == Kind::Word && segment.overlaps(span))
            .map(|(segment, _)| segment)
    }

    /// The words and signs of the whole text in order: what stands between its word boundaries and is
    /// not white space.
    pub fn tokens(&self) -> impl Iterator<Item = Span> {
        let segments = self.0.paragraphs.iter().flat_map(|paragraph| self.segments(*paragraph));
        segments.filter(|(_, kind)| *kind != Kind::White).map(|(segment, _)| segment)
    }

    /// The sentences of the whole text in order, without the white space around them.
    pub fn sentences(&self) -> impl Iterator<Item = Span> {
        self.0.paragraphs.iter().flat_map(|paragraph| self.sentences_within(*paragraph))
    }

    /// The edges, in order, of the words of a paragraph, given by index, and of what stands between
    /// them: where UAX 29 has a word boundary that cuts no grapheme. The paragraph's start and end are
    /// among them. None when there is no such paragraph.
    pub fn word_boundaries(&self, paragraph: usize) -> impl Iterator<Item = Pos> {
        self.0.paragraphs.get(paragraph).into_iter().flat_map(|paragraph| {
            let ends = self.segments(*paragraph).map(|(segment, _)| segment.end());
            std::iter::once(paragraph.start()).chain(ends)
        })
    }

    /// The span without the white space at its edges; empty at its start if it is all white.
    /// White space that carries a combining mark is not at the edge.
    pub fn trim(&self, span: Span) -> Span {
        let covered = self.slice(span);
        let tail = covered.trim_start();
        if tail.is_empty() {
            return Span::empty(span.start());
        }
        let start = span.start().plus(covered.len() - tail.len());
        let end = start.plus(tail.trim_end().len());
        // What was cut may have cut a grapheme; then its white space stays. A span whose own edge
        // is inside a grapheme keeps that edge.
        Span::between(
            self.grapheme_start(start).max(span.start()),
            self.grapheme_end(end).min(span.end()),
        )
    }

    /// The span without white space at its edges, then grown to whole words. Punctuation at an edge
    /// stays as it was selected; a word is what UAX 29 says, so "don't" and "US's" are one each and
    /// a CJK ideograph is one by itself. A span without a word in it is only trimmed, and an empty
    /// one stays empty.
    pub fn snap_to_words(&self, span: Span) -> Span {
        let span = self.trim(span);
        if span.is_empty() {
            return self.snap_to_graphemes(span);
        }
        Span::between(
            self.segment_cut_by(span.start()).map_or(span.start(), Span::start),
            self.segment_cut_by(span.end()).map_or(span.end(), Span::end),
        )
    }

    /// The span grown to whole graphemes; an empty one moves to the start of its grapheme.
    pub fn snap_to_graphemes(&self, span: Span) -> Span {
        let start = self.grapheme_start(span.start());
        if span.is_empty() {
            return Span::empty(start);
        }
        Span::between(start, self.grapheme_end(span.end()))
    }

    /// The segment that a place is strictly inside of.
    fn segment_cut_by(&self, pos: Pos) -> Option<Span> {
        self.segments(self.words_around(self.paragraph_around(pos), pos))
            .map(|(segment, _)| segment)
            .take_while(|segment| segment.start() < pos)
            .find(|segment| pos < segment.end())
    }

    /// Where a caret that moves by words stops: words, and runs of what is neither word nor white.
    fn caret_stops(&self, paragraph: Span) -> impl Iterator<Item = Span> {
        let mut segments = self.segments(paragraph).peekable();
        std::iter::from_fn(move || {
            loop {
                let (mut stop, kind) = segments.next()?;
                match kind {
                    Kind::White => continue,
                    Kind::Word => return Some(stop),
                    Kind::Other => {
                        while let Some((more, _)) = segments.next_if(|(_, k)| *k == Kind::Other) {
                            stop = stop.union(more);
                        }
                        return Some(stop);
                    }
                }
            }
        })
    }

    /// What stands between the word boundaries of a paragraph, or of its [`Text::words_around`].
    fn segments(&self, within: Span) -> impl Iterator<Item = (Span, Kind)> {
        let parts = self.slice(within).split_word_bounds();
        let cut = move |at| self.is_grapheme_boundary(within, at);
        spans(within, parts, cut).map(|span| (span, Kind::of(self.slice(span))))
    }

    /// The sentences of a paragraph, or of its [`Text::sentences_around`], without the white space
    /// around them. The rules end one at a line separator too, so that some parts are only white.
    fn sentences_within(&self, within: Span) -> impl Iterator<Item = Span> {
        let line = self.slice(within);
        let cut = move |at: Pos| {
            let (before, after) = line.split_at(at.byte() - within.start().byte());
            self.is_grapheme_boundary(within, at) && !abbreviations::goes_on(before, after)
        };
        let parts = line.split_sentence_bounds();
        spans(within, parts, cut).map(|s| self.trim(s)).filter(|s| !s.is_empty())
    }

    /// A paragraph from the last place that surely is a word boundary and has a word between itself
    /// and `pos`. An article may be one paragraph of a megabyte, and a step must not walk all of it.
    fn words_around(&self, paragraph: Span, pos: Pos) -> Span {
        let before = self.line_before(paragraph, pos).as_bytes();
        // No rule joins a space to a letter or digit before it, and none looks back across one.
        let word = before.iter().rposition(u8::is_ascii_alphanumeric).unwrap_or(0);
        let end = before[..word]
            .windows(2)
            .rposition(|pair| pair[0].is_ascii_alphanumeric() && pair[1] == b' ');
        Span::between(paragraph.start().plus(end.map_or(0, |end| end + 1)), paragraph.end())
    }

    /// A paragraph from the last place before `pos` where surely a sentence starts.
    fn sentences_around(&self, paragraph: Span, pos: Pos) -> Span {
        let line = self.slice(paragraph);
        let before = self.line_before(paragraph, pos).as_bytes();
        // What else the rules may join to a full stop needs something other than one space and a
        // capital.
        let starts = before.windows(3).enumerate().rev().filter_map(|(at, three)| {
            let ends = matches!(three, [b'.' | b'!' | b'?', b' ', b'A'..=b'Z']);
            ends.then_some(at + 2)
        });
        let start = starts
            .map(|at| line.split_at(at))
            .find(|(before, after)| !abbreviations::goes_on(before, after))
            .map_or(0, |(before, _)| before.len());
        Span::between(paragraph.start().plus(start), paragraph.end())
    }

    /// What stands in a paragraph before a place, which may be in another paragraph.
    fn line_before(&self, paragraph: Span, pos: Pos) -> &str {
        let end = pos.clamp(paragraph.start(), paragraph.end());
        self.slice(Span::between(paragraph.start(), end))
    }

    fn is_grapheme_boundary(&self, paragraph: Span, pos: Pos) -> bool {
        let line = self.slice(paragraph);
        let at = pos.byte() - paragraph.start().byte();
        // Most boundaries are of this sort, and here ASCII never joins: there is no CR.
        if let (Some(before), Some(after)) =
            (at.checked_sub(1).and_then(|i| line.as_bytes().get(i)), line.as_bytes().get(at))
            && before.is_ascii()
            && after.is_ascii()
        {
            return true;
        }
        // It asks for more context only when it is not given the whole line.
        GraphemeCursor::new(at, line.len(), true).is_boundary(line, 0).unwrap_or(true)
    }

    /// The last grapheme boundary at or before a place.
    fn grapheme_start(&self, pos: Pos) -> Pos {
        let paragraph = self.paragraph_around(pos);
        if self.is_grapheme_boundary(paragraph, pos) {
            pos
        } else {
            self.grapheme_before(paragraph, pos)
        }
    }

    /// The first grapheme boundary at or after a place.
    fn grapheme_end(&self, pos: Pos) -> Pos {
        let paragraph = self.paragraph_around(pos);
        if self.is_grapheme_boundary(paragraph, pos) {
            pos
        } else {
            self.grapheme_after(paragraph, pos)
        }
    }

    fn grapheme_after(&self, paragraph: Span, pos: Pos) -> Pos {
        let line = self.slice(paragraph);
        let at = pos.byte() - paragraph.start().byte();
        let next = GraphemeCursor::new(at, line.len(), true).next_boundary(line, 0);
        next.ok().flatten().map_or(paragraph.end(), |next| paragraph.start().plus(next))
    }

    fn grapheme_before(&self, paragraph: Span, pos: Pos) -> Pos {
        let line = self.slice(paragraph);
        let at = pos.byte() - paragraph.start().byte();
        let previous = GraphemeCursor::new(at, line.len(), true).prev_boundary(line, 0);
        previous.ok().flatten().map_or(paragraph.start(), |prev| paragraph.start().plus(prev))
    }
}

/// The spans of the parts that a stretch is split into, joined where there is not to be a cut. That
/// is where it would go through a grapheme, which UAX 29 allows in a few scripts, such as before the
/// Thai vowel sign AM.
fn spans<'a>(
    within: Span,
    mut parts: impl Iterator<Item = &'a str>,
    cut: impl Fn(Pos) -> bool,
) -> impl Iterator<Item = Span> {
    let mut at = within.start();
    std::iter::from_fn(move || {
        let start = at;
        at = at.plus(parts.next()?.len());
        while !cut(at) {
            let Some(more) = parts.next() else { break };
            at = at.plus(more.len());
        }
        Some(Span::between(start, at))
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = Text> {
        let pieces = prop::sample::select(vec![
            "a", "A", "No", "The", "Mr. ", "U.S. ", "? A", "é", "\u{301}", "\u{200d}", "\u{ad}",
            "👩", "🇫", "記", "\u{e33}", ".", "!", "?", "…", ",", "'", "\"", "”", "“", ")", " ",
            " ", " ", "\u{a0}", "\u{2028}", "\n", "1", "_",
        ]);
        prop::collection::vec(pieces, 0..40).prop_map(|pieces| Text::new(&pieces.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_starts_near_a_place_is_the_end_of_the_whole(text in text()) {
            for (at, _) in text.as_str().char_indices() {
                let pos = Pos::at(at);
                let paragraph = text.paragraph_around(pos);

                let near = text.words_around(paragraph, pos);
                let of = |within| text.segments(within).map(|(s, _)| s).collect::<Vec<_>>();
                let (near, whole) = (of(near), of(paragraph));
                prop_assert!(whole.ends_with(&near), "{near:?} of {whole:?}");

                let near = text.sentences_around(paragraph, pos);
                let of = |within| text.sentences_within(within).collect::<Vec<_>>();
                let (near, whole) = (of(near), of(paragraph));
                prop_assert!(whole.ends_with(&near), "{near:?} of {whole:?}");
            }
        }
    }
}
