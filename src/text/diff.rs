//! What two texts have in common, and where a span of the older lies in the newer.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use super::{Pos, Span, Text};

/// How an older text became a newer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// What stayed and what did not, in turn: by words, for people. They cover both texts, in order.
    pub hunks: Vec<Hunk>,
    /// The older text.
    pub(crate) old: Text,
    /// The newer text.
    pub(crate) new: Text,
    /// What stayed, as finely as it is known: in the order of both texts, and no two touch in both.
    pub(crate) kept: Vec<Kept>,
}

/// A stretch of the older text, and what stands for it in the newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// In the older text; empty where something came and nothing went.
    pub old: Span,
    /// In the newer text; empty where something went and nothing came.
    pub new: Span,
    /// Whether both hold the same words; then neither is empty.
    pub same: bool,
}

/// A stretch that both texts have; places are in UTF-8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) old: usize,
    pub(crate) new: usize,
    pub(crate) len: usize,
}

/// What a comparison whose cost is the square of its length may be tried on at once: two stretches
/// of a thousand words.
const SMALL: usize = 1 << 22;

/// The squares that all such comparisons of two texts may come to. There is no clock here to end
/// one that takes long.
const BUDGET: usize = 1 << 26;

/// How often a stretch is parted at what stands once in both texts.
const DEPTH: u32 = 24;

/// Compares two texts: by lines first, then by the words of lines that are not the same.
///
/// It takes little more time than the texts have length. What that leaves no time for, in texts that
/// have little in common, counts as changed.
pub fn diff(old: &Text, new: &Text) -> Diff {
    let mut budget = BUDGET;
    let whole = (old.as_str(), new.as_str());
    let same_lines = common(&lines(whole.0), &lines(whole.1), &mut budget);

    let (mut words, mut kept) = (Pieces::default(), Pieces::default());
    for (gap, same) in gaps(&same_lines, (whole.0.len(), whole.1.len())) {
        let (old, new) = (&whole.0[gap.0.clone()], &whole.1[gap.1.clone()]);
        let at = |old: usize, new: usize, len: usize| Kept {
            old: gap.0.start + old,
            new: gap.1.start + new,
            len,
        };
        let same_words = common(&split(old), &split(new), &mut budget);
        for ((gone, come), same) in gaps(&same_words, (old.len(), new.len())) {
            let (old, new) = (&old[gone.clone()], &new[come.clone()]);
            let (head, tail) = edges(old, new);
            kept.push(at(gone.start, come.start, head));
            kept.push(at(gone.end - tail, come.end - tail, tail));
            // Words are shown whole, and the white space between them is theirs.
            let (head, tail) = match old == new {
                true => (head, tail),
                false => {
                    (head - old[..head].trim_start().len(), white_end(&old[old.len() - tail..]))
                }
            };
            words.push(at(gone.start, come.start, head));
            words.push(at(gone.end - tail, come.end - tail, tail));
            for pieces in [&mut kept, &mut words] {
                pieces.push(at(same.old, same.new, same.len));
            }
        }
        kept.push(same);
        words.push(same);
    }
    let [words, kept] = [words, kept].map(|pieces| slid(pieces.0, old, new));
    let hunks = hunks(&words, old, new);
    Diff { hunks, old: old.clone(), new: new.clone(), kept }
}

impl Diff {
    /// The older text.
    pub fn old(&self) -> &Text {
        &self.old
    }

    /// The newer text.
    pub fn new_text(&self) -> &Text {
        &self.new
    }

    /// Where a span of the older text lies in the newer; it may have changed inside.
    ///
    /// None unless more than half of what it covered stands there still, by bytes that are not white
    /// space, or where an edge of it lies inside of what changed, so that it cannot be told. What came
    /// right before or behind it is not covered, and neither is white space at its edges that was not
    /// there before.
    pub fn carry(&self, span: Span) -> Option<Span> {
        let (start, end) = (span.start().byte(), span.end().byte());
        if span.is_empty() {
            return self.start(start).or_else(|| self.end(end)).map(|at| Span::empty(Pos::at(at)));
        }
        // White space tells no place: at the edges it goes with the words.
        let words = self.old.trim(span);
        if words != span
            && !words.is_empty()
            && let Some(found) = self.carry(words)
        {
            let before = &self.old.as_str()[start..words.start().byte()];
            let behind = &self.old.as_str()[words.end().byte()..end];
            let (from, to) = (found.start().byte(), found.end().byte());
            if self.new.as_str()[..from].ends_with(before)
                && self.new.as_str()[to..].starts_with(behind)
            {
                let (from, to) = (from - before.len(), to + behind.len());
                return Some(Span::between(Pos::at(from), Pos::at(to)));
            }
        }
        let found = Span::between(
            Pos::at(self.start(start)?),
            Pos::at(self.end(end)?.max(self.start(start)?)),
        );
        if self.new.slice(found) == self.old.slice(span) {
            return Some(found);
        }
        let covered = visible(self.old.slice(span));
        if covered == 0 || self.left_of(start, end) * 2 <= covered {
            return None;
        }
        let trims = self.old.trim(span) == span;
        let found = if trims { self.new.trim(found) } else { found };
        (!found.is_empty()).then_some(found)
    }

    /// The nearest place where the words of a span have come anew: where they stood already when the
    /// text was older, they are another passage.
    ///
    /// Where an edge of the span cuts no word, neither does that of the place.
    pub fn find(&self, span: Span) -> Option<Span> {
        let quote = self.old.slice(span);
        if quote.trim().is_empty() {
            return None;
        }
        let content = self.new.as_str();
        let near = self.near(span.start()).byte();
        let free = |text: &Text, at: usize| !cuts_word(text.as_str(), at);
        let free_before = free(&self.old, span.start().byte());
        let free_behind = free(&self.old, span.end().byte());
        let mut best: Option<usize> = None;
        for (at, _) in content.match_indices(quote) {
            let end = at + quote.len();
            if best.is_some_and(|best| best.abs_diff(near) <= at.abs_diff(near)) {
                // They come in order, so that all that follow are farther.
                if at > near {
                    break;
                }
                continue;
            }
            let whole =
                (!free_before || free(&self.new, at)) && (!free_behind || free(&self.new, end));
            if whole && self.is_new(at, end) {
                best = Some(at);
            }
        }
        best.map(|at| Span::between(Pos::at(at), Pos::at(at + quote.len())))
    }

    /// About where a place of the older text is in the newer.
    pub fn near(&self, pos: Pos) -> Pos {
        let at = pos.byte();
        let before = self.kept.partition_point(|kept| kept.old <= at).checked_sub(1);
        let kept = before.map_or(Kept { old: 0, new: 0, len: 0 }, |before| self.kept[before]);
        Pos::at(kept.new + (at - kept.old).min(kept.len))
    }

    /// Where a span starts that started here, by the character behind.
    fn start(&self, at: usize) -> Option<usize> {
        let next = self.kept.partition_point(|kept| kept.old + kept.len <= at);
        if let Some(kept) = self.kept.get(next).filter(|kept| kept.old <= at) {
            return Some(kept.new + (at - kept.old));
        }
        let before = next.checked_sub(1).map(|before| self.kept[before]);
        let (old, new) = before.map_or((0, 0), |kept| (kept.old + kept.len, kept.new + kept.len));
        is_white(&self.old.as_str()[old..at]).then_some(new)
    }

    /// Where a span ends that ended here, by the character before.
    fn end(&self, at: usize) -> Option<usize> {
        let next = self.kept.partition_point(|kept| kept.old < at);
        let before = next.checked_sub(1).map(|before| self.kept[before]);
        if let Some(kept) = before.filter(|kept| at <= kept.old + kept.len) {
            return Some(kept.new + (at - kept.old));
        }
        let lengths = (self.old.len().byte(), self.new.len().byte());
        let (old, new) = self.kept.get(next).map_or(lengths, |kept| (kept.old, kept.new));
        is_white(&self.old.as_str()[at..old]).then_some(new)
    }

    /// How many bytes of the older text between two places stayed, but for white space.
    fn left_of(&self, start: usize, end: usize) -> usize {
        let first = self.kept.partition_point(|kept| kept.old + kept.len <= start);
        let within = self.kept[first..].iter().take_while(|kept| kept.old < end);
        let parts = within.map(|kept| kept.old.max(start)..(kept.old + kept.len).min(end));
        parts.map(|part| visible(&self.old.as_str()[part])).sum()
    }

    /// Whether some character between two places of the newer text was not in the older.
    fn is_new(&self, start: usize, end: usize) -> bool {
        let next = self.kept.partition_point(|kept| kept.new + kept.len <= start);
        self.kept.get(next).is_none_or(|kept| start < kept.new || kept.new + kept.len < end)
    }
}

/// Stretches that both texts have; what touches is one.
#[derive(Default)]
struct Pieces(Vec<Kept>);

impl Pieces {
    fn push(&mut self, piece: Kept) {
        match self.0.last_mut() {
            _ if piece.len == 0 => {}
            Some(last) if last.old + last.len == piece.old && last.new + last.len == piece.new => {
                last.len += piece.len;
            }
            _ => self.0.push(piece),
        }
    }
}

type Range = std::ops::Range<usize>;

/// What lies before each common stretch, and that; what lies behind the last comes with nothing.
fn gaps(common: &[Kept], lengths: (usize, usize)) -> impl Iterator<Item = ((Range, Range), Kept)> {
    let end = Kept { old: lengths.0, new: lengths.1, len: 0 };
    let mut at = (0, 0);
    common.iter().copied().chain([end]).map(move |kept| {
        let gap = (at.0..kept.old, at.1..kept.new);
        at = (kept.old + kept.len, kept.new + kept.len);
        (gap, kept)
    })
}

/// A line, a word or a mark, and where it stands.
type Piece<'a> = (usize, &'a str);

/// Lines with their ends that hold a word; blank ones would bind the paragraphs around them.
fn lines(text: &str) -> Vec<Piece<'_>> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        (at - line.len(), line)
    });
    lines.filter(|(_, line)| has_word(line)).collect()
}

/// Words and marks by UAX 29, without white space: that would count as much as they do.
fn split(text: &str) -> Vec<Piece<'_>> {
    text.split_word_bound_indices().filter(|(_, word)| !is_white(word)).collect()
}

/// What two texts have in common of these pieces.
fn common(old: &[Piece], new: &[Piece], budget: &mut usize) -> Vec<Kept> {
    let mut known = HashMap::new();
    let (old_ids, new_ids) = (numbered(old, &mut known), numbered(new, &mut known));
    let mut search = Search { once: vec![Met::default(); known.len()], budget, found: Vec::new() };
    let (all_old, all_new) = (Stretch { ids: &old_ids, at: 0 }, Stretch { ids: &new_ids, at: 0 });
    search.run(all_old, all_new, DEPTH);

    let mut pieces = Pieces::default();
    for Match { old: old_at, new: new_at, len } in search.found {
        for nth in 0..len {
            let (old, piece) = old[old_at + nth];
            pieces.push(Kept { old, new: new[new_at + nth].0, len: piece.len() });
        }
    }
    pieces.0
}

/// Pieces as numbers, the same for the same.
fn numbered<'a>(pieces: &[Piece<'a>], known: &mut HashMap<&'a str, u32>) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(pieces.len());
    for (_, piece) in pieces {
        let next = known.len() as u32;
        numbers.push(*known.entry(piece).or_insert(next));
    }
    numbers
}

/// Part of a list of numbered pieces, and where in the list it starts.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    ids: &'a [u32],
    at: usize,
}

impl<'a> Stretch<'a> {
    fn part(self, range: Range) -> Stretch<'a> {
        Stretch { ids: &self.ids[range.clone()], at: self.at + range.start }
    }
}

/// Pieces that both lists have, by their places.
struct Match {
    old: usize,
    new: usize,
    len: usize,
}

/// Where a piece stands in two lists, while it is known to stand no more than once in each.
#[derive(Clone, Copy, Default)]
struct Met {
    old: Times,
    new: Times,
}

#[derive(Clone, Copy, Default)]
enum Times {
    #[default]
    Never,
    Once(usize),
    Often,
}

impl Times {
    fn meet(&mut self, at: usize) {
        *self = match self {
            Times::Never => Times::Once(at),
            _ => Times::Often,
        };
    }
}

/// A search for what two lists have in common.
struct Search<'a> {
    /// By number; all [`Met::default`] between two uses.
    once: Vec<Met>,
    budget: &'a mut usize,
    /// In the order of both lists.
    found: Vec<Match>,
}

impl Search<'_> {
    /// Finds what two stretches have in common.
    fn run(&mut self, old: Stretch, new: Stretch, depth: u32) {
        let head = old.ids.iter().zip(new.ids).take_while(|(a, b)| a == b).count();
        let behind = (old.ids[head..].iter().rev()).zip(new.ids[head..].iter().rev());
        let tail = behind.take_while(|(a, b)| a == b).count();
        let (old_end, new_end) = (old.ids.len() - tail, new.ids.len() - tail);
        self.found.push(Match { old: old.at, new: new.at, len: head });
        self.between(old.part(head..old_end), new.part(head..new_end), depth);
        self.found.push(Match { old: old.at + old_end, new: new.at + new_end, len: tail });
    }

    /// As [`Search::run`], where neither ends are the same.
    fn between(&mut self, old: Stretch, new: Stretch, depth: u32) {
        if old.ids.is_empty() || new.ids.is_empty() {
            return;
        }
        let cost = (old.ids.len() + new.ids.len()).saturating_pow(2);
        if cost <= SMALL.min(*self.budget) {
            return self.wholly(old, new, cost);
        }
        let anchors = if depth > 0 { self.anchors(old.ids, new.ids) } else { Vec::new() };
        if anchors.is_empty() {
            if cost <= *self.budget {
                self.wholly(old, new, cost);
            }
            return;
        }
        let mut at = (0, 0);
        for (old_anchor, new_anchor) in anchors {
            self.run(old.part(at.0..old_anchor), new.part(at.1..new_anchor), depth - 1);
            self.found.push(Match { old: old.at + old_anchor, new: new.at + new_anchor, len: 1 });
            at = (old_anchor + 1, new_anchor + 1);
        }
        self.run(old.part(at.0..old.ids.len()), new.part(at.1..new.ids.len()), depth - 1);
    }

    /// Compares each with each.
    fn wholly(&mut self, old: Stretch, new: Stretch, cost: usize) {
        *self.budget -= cost;
        for op in capture_diff_slices(Algorithm::Myers, old.ids, new.ids) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                self.found.push(Match { old: old.at + old_index, new: new.at + new_index, len });
            }
        }
    }

    /// What stands once in each list: as many pairs of places as there are in one order.
    fn anchors(&mut self, old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
        for (at, id) in old.iter().enumerate() {
            self.once[*id as usize].old.meet(at);
        }
        for (at, id) in new.iter().enumerate() {
            self.once[*id as usize].new.meet(at);
        }
        let pair = |id: &u32| match self.once[*id as usize] {
            Met { old: Times::Once(old), new: Times::Once(new) } => Some((old, new)),
            _ => None,
        };
        let pairs: Vec<(usize, usize)> = old.iter().filter_map(pair).collect();
        for id in old.iter().chain(new) {
            self.once[*id as usize] = Met::default();
        }
        rising(&pairs)
    }
}

/// The longest sequence of pairs, which are sorted by the first of each, that rises in the second.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair with which a sequence of that length ends lowest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (at, (_, new)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *new);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut rising: Vec<(usize, usize)> = Vec::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        rising.push(pairs[at]);
        next = before[at];
    }
    rising.reverse();
    rising
}

/// The same stretches, with what only came or only went moved along repeated text to where people
/// would say that it was: to the start of a line, else behind white space, else to the edge of a
/// word.
fn slid(kept: Vec<Kept>, old: &Text, new: &Text) -> Vec<Kept> {
    let (old, new) = (old.as_str(), new.as_str());
    let mut pieces = vec![Kept { old: 0, new: 0, len: 0 }];
    pieces.extend(kept);
    pieces.push(Kept { old: old.len(), new: new.len(), len: 0 });
    for at in 1..pieces.len() {
        let (before, behind) = (pieces[at - 1], pieces[at]);
        let gone = before.old + before.len..behind.old;
        let come = before.new + before.len..behind.new;
        let (text, gap) = match (gone.is_empty(), come.is_empty()) {
            (false, true) => (old, gone),
            (true, false) => (new, come),
            _ => continue,
        };
        let bytes = text.as_bytes();
        let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
        // A stretch that is used up would leave one change of two; the last has none behind it.
        let next = pieces.get(at + 1).filter(|next| next.len == 0);
        let is_last = next.is_some_and(|end| {
            (end.old, end.new) == (behind.old + behind.len, behind.new + behind.len)
        });
        let room = if is_last { behind.len } else { behind.len.saturating_sub(1) };
        let right = bytes[gap.start..].iter().zip(&bytes[gap.end..]).take(room);
        let right = right.take_while(same).count();
        let room = if at == 1 { before.len } else { before.len.saturating_sub(1) };
        let left = bytes[..gap.start].iter().rev().zip(bytes[..gap.end].iter().rev()).take(room);
        let left = left.take_while(same).count();
        let mut best = (rank(text, gap.start), gap.start);
        for start in gap.start - left..=gap.start + right {
            let is_place = text.is_char_boundary(start) && text.is_char_boundary(start + gap.len());
            if is_place && rank(text, start) > best.0 {
                best = (rank(text, start), start);
            }
        }
        let start = best.1;
        let (forth, back) = (start.saturating_sub(gap.start), gap.start.saturating_sub(start));
        pieces[at - 1].len = before.len + forth - back;
        pieces[at] = Kept {
            old: behind.old + forth - back,
            new: behind.new + forth - back,
            len: behind.len + back - forth,
        };
    }
    pieces.retain(|piece| piece.len > 0);
    pieces
}

/// How well a place parts a text.
fn rank(text: &str, at: usize) -> u8 {
    match text[..at].chars().next_back() {
        None | Some('\n') => 3,
        Some(before) if before.is_whitespace() => 2,
        _ if !cuts_word(text, at) => 1,
        _ => 0,
    }
}

/// How many bytes of white space a stretch ends with.
fn white_end(text: &str) -> usize {
    text.len() - text.trim_end().len()
}

/// How many bytes two stretches have in common at their starts, and then at their ends.
fn edges(old: &str, new: &str) -> (usize, usize) {
    fn same(pairs: impl Iterator<Item = (char, char)>) -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    }
    let head = same(old.chars().zip(new.chars()));
    (head, same(old[head..].chars().rev().zip(new[head..].chars().rev())))
}

/// What people see: what stayed between two changes and has no word counts as changed with them,
/// unless a line ends there.
fn hunks(words: &[Kept], old: &Text, new: &Text) -> Vec<Hunk> {
    let (old_content, lengths) = (old.as_str(), (old.len().byte(), new.len().byte()));
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut push = |old: Range, new: Range, same: bool| {
        let between = |range: Range| Span::between(Pos::at(range.start), Pos::at(range.end));
        let (old, new) = (between(old), between(new));
        match hunks.last_mut() {
            _ if old.is_empty() && new.is_empty() => {}
            Some(last) if last.same == same => {
                (last.old, last.new) = (last.old.union(old), last.new.union(new));
            }
            _ => hunks.push(Hunk { old, new, same }),
        }
    };
    for (gap, kept) in gaps(words, lengths) {
        let first = gap.0.start == 0 && gap.1.start == 0 && gap.0.is_empty() && gap.1.is_empty();
        push(gap.0, gap.1, false);
        let (old, new) = (kept.old..kept.old + kept.len, kept.new..kept.new + kept.len);
        let covered = &old_content[old.clone()];
        let last = old.end == lengths.0 && new.end == lengths.1;
        let stays = first || last || has_word(covered) || covered.contains('\n');
        push(old, new, stays);
    }
    hunks
}

/// Whether a letter or a digit stands there.
fn has_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn is_white(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Bytes that are not white space.
fn visible(text: &str) -> usize {
    text.chars().filter(|char| !char.is_whitespace()).map(char::len_utf8).sum()
}

/// Whether letters or digits stand on both sides of a place.
fn cuts_word(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at(at);
    let is_word = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    is_word(before.chars().next_back()) && is_word(behind.chars().next())
}
