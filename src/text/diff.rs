//! What two texts have in common, and where a span of the older lies in the newer.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use super::{Pos, Span, Text};
use crate::sort::order;

/// How an older text became a newer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// What stayed and what did not, in turn: by words, for people. They cover both texts, in order.
    pub hunks: Vec<Hunk>,
    old: Text,
    new: Text,
    /// What stayed, as finely as it is known: in the order of both texts, and no two touch in both.
    kept: Vec<Kept>,
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
struct Kept {
    old: usize,
    new: usize,
    len: usize,
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
    let (old_lines, new_lines) = (lines(whole.0), lines(whole.1));
    let same_lines = common(&old_lines, &new_lines, true, &mut budget);

    let (mut words, mut kept) = (Pieces::default(), Pieces::default());
    for (gap, same) in gaps(&same_lines, (whole.0.len(), whole.1.len())) {
        let (old, new) = (&whole.0[gap.0.clone()], &whole.1[gap.1.clone()]);
        let at = |piece: Kept| Kept {
            old: gap.0.start + piece.old,
            new: gap.1.start + piece.new,
            ..piece
        };
        let (old_words, new_words) = (split(old), split(new));
        let same_words = common(&old_words, &new_words, false, &mut budget);
        for (change, same) in gaps(&same_words, (old.len(), new.len())) {
            let (head, tail) = edges(&old[change.0.clone()], &new[change.1.clone()]);
            let (old, new) = (change.0, change.1);
            kept.push(at(Kept { old: old.start, new: new.start, len: head }));
            kept.push(at(Kept { old: old.end - tail, new: new.end - tail, len: tail }));
            kept.push(at(same));
            words.push(at(same));
        }
        kept.push(same);
        words.push(same);
    }
    let hunks = hunks(&words.0, old, new);
    Diff { hunks, old: old.clone(), new: new.clone(), kept: kept.0 }
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
    /// None where less than half of what it covered stands there still, by bytes that are not white
    /// space, or where an edge of it lies inside of what changed, so that it cannot be told. What came
    /// right before or behind it is not covered, and neither is white space at its edges that was not
    /// there before.
    pub fn carry(&self, span: Span) -> Option<Span> {
        let (start, end) = (span.start().byte(), span.end().byte());
        if span.is_empty() {
            return self.start(start).or_else(|| self.end(end)).map(|at| Span::empty(Pos::at(at)));
        }
        let found = Span::between(Pos::at(self.start(start)?), Pos::at(self.end(end)?.max(self.start(start)?)));
        if self.new.slice(found) == self.old.slice(span) {
            return Some(found);
        }
        let covered = visible(self.old.slice(span));
        if covered == 0 || self.left_of(start, end) * 2 < covered {
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
            let whole = (!free_before || free(&self.new, at)) && (!free_behind || free(&self.new, end));
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
            Some(last)
                if last.old + last.len == piece.old && last.new + last.len == piece.new =>
            {
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

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Words and all that stands between them, by UAX 29.
fn split(text: &str) -> Vec<&str> {
    text.split_word_bounds().collect()
}

/// The common stretches of two lists of pieces that make up two texts. `worded`: a piece without a
/// letter or digit is like no other; blank lines would else bind the paragraphs around them.
fn common(old: &[&str], new: &[&str], worded: bool, budget: &mut usize) -> Vec<Kept> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let mut ids = numbered(old, new, worded);
    let new_ids = ids.split_off(old.len());
    let mut matches = Vec::new();
    common_ids(Stretch { ids: &ids, at: 0 }, Stretch { ids: &new_ids, at: 0 }, DEPTH, budget, &mut matches);

    // Matches come in order, so that the bytes before each are counted on.
    let (mut pieces, mut bytes, mut at) = (Pieces::default(), (0, 0), (0, 0));
    let length = |pieces: &[&str]| pieces.iter().map(|piece| piece.len()).sum::<usize>();
    for Match { old: old_at, new: new_at, len } in matches {
        bytes.0 += length(&old[at.0..old_at]);
        bytes.1 += length(&new[at.1..new_at]);
        let same = length(&old[old_at..old_at + len]);
        pieces.push(Kept { old: bytes.0, new: bytes.1, len: same });
        bytes = (bytes.0 + same, bytes.1 + same);
        at = (old_at + len, new_at + len);
    }
    pieces.0
}

/// The pieces of both texts as numbers, the same for the same.
fn numbered(old: &[&str], new: &[&str], worded: bool) -> Vec<u32> {
    let all = [old, new].concat();
    let mut ids = vec![0; all.len()];
    let (mut id, mut last): (u32, Option<&str>) = (0, None);
    for at in order(all.len(), &|a, b| all[a].cmp(all[b])) {
        let is_like_last = last == Some(all[at]) && (!worded || has_word(all[at]));
        if !is_like_last {
            id += 1;
            last = Some(all[at]);
        }
        ids[at] = id;
    }
    ids
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

/// Finds what two lists have in common, in order.
fn common_ids(old: Stretch, new: Stretch, depth: u32, budget: &mut usize, found: &mut Vec<Match>) {
    let pairs = || old.ids.iter().zip(new.ids);
    let head = pairs().take_while(|(a, b)| a == b).count();
    let shorter = old.ids.len().min(new.ids.len());
    let from_behind = old.ids[head..].iter().rev().zip(new.ids[head..].iter().rev());
    let tail = from_behind.take_while(|(a, b)| a == b).count().min(shorter - head);
    found.push(Match { old: old.at, new: new.at, len: head });
    let middle = |it: Stretch<'_>| head..it.ids.len() - tail;
    compare(old.part(middle(old)), new.part(middle(new)), depth, budget, found);
    let (old_end, new_end) = (old.at + old.ids.len(), new.at + new.ids.len());
    found.push(Match { old: old_end - tail, new: new_end - tail, len: tail });
}

/// As [`common_ids`], where neither ends are the same.
fn compare(old: Stretch, new: Stretch, depth: u32, budget: &mut usize, found: &mut Vec<Match>) {
    if old.ids.is_empty() || new.ids.is_empty() {
        return;
    }
    let cost = (old.ids.len() + new.ids.len()).saturating_pow(2);
    let mut wholly = |found: &mut Vec<Match>, budget: &mut usize| {
        *budget -= cost;
        for op in capture_diff_slices(Algorithm::Myers, old.ids, new.ids) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                found.push(Match { old: old.at + old_index, new: new.at + new_index, len });
            }
        }
    };
    if cost <= SMALL.min(*budget) {
        return wholly(found, budget);
    }
    let anchors = if depth > 0 { anchors(old.ids, new.ids) } else { Vec::new() };
    if anchors.is_empty() {
        if cost <= *budget {
            wholly(found, budget);
        }
        return;
    }
    let mut at = (0, 0);
    for (old_anchor, new_anchor) in anchors {
        let gap = (old.part(at.0..old_anchor), new.part(at.1..new_anchor));
        common_ids(gap.0, gap.1, depth - 1, budget, found);
        found.push(Match { old: old.at + old_anchor, new: new.at + new_anchor, len: 1 });
        at = (old_anchor + 1, new_anchor + 1);
    }
    let rest = (old.part(at.0..old.ids.len()), new.part(at.1..new.ids.len()));
    common_ids(rest.0, rest.1, depth - 1, budget, found);
}

/// What stands once in each list: as many pairs of places as there are in one order.
fn anchors(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let id = |at: usize| if at < old.len() { old[at] } else { new[at - old.len()] };
    let sorted = order(old.len() + new.len(), &|a, b| id(a).cmp(&id(b)));
    // The place in the newer list, by that in the older.
    let mut once: Vec<Option<usize>> = vec![None; old.len()];
    for alike in sorted.chunk_by(|a, b| id(*a) == id(*b)) {
        if let [a, b] = *alike
            && a < old.len()
            && b >= old.len()
        {
            once[a] = Some(b - old.len());
        }
    }
    let pairs: Vec<(usize, usize)> =
        once.into_iter().enumerate().filter_map(|(old, new)| Some((old, new?))).collect();

    // The longest rising sequence: for each length, the pair with which one ends lowest.
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
