//! Which texts are alike, found without comparing each with each.
//!
//! A text is taken as its shingles: every [`SHINGLE`] words in a row. The shingles of all texts
//! are sorted once, some millions at a time, each by its hash. Most stand in one text alone and are of
//! no further interest; the others get numbers, and tell for each text which others have how many of its
//! shingles. Nothing is sampled or estimated here, as MinHash would: that tells how much of both texts is
//! the same, and misses the short text within the long one.
//!
//! There are eight bytes for each word: first for its hash, then for that of the shingle that starts
//! there, then for the number of that shingle. All else that grows with the texts is about what they
//! share.
//!
//! Two texts are alike
//!
//! - where they share a passage of [`PASSAGE`] words, whatever stands around it;
//! - where the longer has [`SHARE`] percent of the shingles of the shorter, so that a text within
//!   another counts as much as a copy.
//!
//! What stands in very many texts, such as the lines at the end of each article of one paper, is
//! *widespread* and counts for neither: to hold together a few articles too many costs little, but
//! this would hold together a large part of the project. A story that very many papers print is
//! widespread too. It is told by this, that it makes most of a text: where the longer has
//! [`SHARE_OF_ALL`] percent of all shingles of the shorter, widespread or not, they are alike.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;
use std::ops::Range;

use super::{Likeness, hash};
use crate::project::Region;
use crate::text::{Span, Text};

/// How many words make a shingle. Of fewer, texts that have nothing to do with each other share many;
/// of more, few are left whole where words were changed here and there. Where each tenth word is
/// another, half of these are whole.
const SHINGLE: usize = 5;

/// How long a passage is, in words, that two texts do not share by chance. Two sentences that
/// somebody said, which many papers quote, are mostly shorter; what is longer was copied.
const PASSAGE: usize = 50;

/// How many shingles it has.
const IN_PASSAGE: usize = PASSAGE - SHINGLE + 1;

/// How many percent of the shingles of the shorter text the longer must have. Two reports of one event
/// share a few in a hundred, and a copy with each tenth word changed at least half; in between
/// there is room for copies of which both were changed.
const SHARE: u64 = 30;

/// The same where widespread shingles count: what is half of a text is no line that stands under all.
const SHARE_OF_ALL: u64 = 50;

/// How many shingles two texts must share before percents tell anything: twelve words in a row. A
/// phrase that is shorter is soon half of a text of two lines.
const ENOUGH: u32 = 8;

/// In the lists of how many percent of the shingles of the shorter two texts must stand side by side
/// before they are compared. This is far less than must be shared.
const SIDE_BY_SIDE: u64 = 10;

/// What stands in more than one of so many texts is widespread. What stands in fewer may hold them
/// together: no part is so small that a twentieth of all could not be dealt with.
const WIDESPREAD: usize = 20;

/// In how few texts nothing is widespread, however small the project is: a story of an agency may be
/// in so many papers.
const FEW: usize = 20;

/// Stands for a shingle that no other text has; no shingle has this number.
const ALONE: u64 = u32::MAX as u64;

/// Into how many buckets what is sorted in portions is counted out, as a power of two.
const BUCKET_BITS: u32 = 12;
const BUCKETS: usize = 1 << BUCKET_BITS;

/// How many words of a widespread passage are shown.
const BEGINS: usize = 8;

/// How many pairs that are most alike are looked up.
const MOST: usize = 5;

/// The words of a text outside of the regions, in order, as hashes: letters and digits alone, in lower
/// case. Accents that are characters of their own are no letters.
pub(super) fn words(text: &Text, regions: &[Region]) -> Vec<u64> {
    outside(text, regions).map(|word| word_hash(text.slice(word))).collect()
}

/// How a passage begins, given by how many words stand before it: on one line.
pub(super) fn begins(text: &Text, regions: &[Region], at: usize) -> String {
    let words = outside(text, regions).skip(at).take(BEGINS).reduce(Span::union);
    let words = words.map_or("", |words| text.slice(words));
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a text that lie in no region.
fn outside<'a>(text: &'a Text, regions: &'a [Region]) -> impl Iterator<Item = Span> {
    let is_left_out = |word| regions.iter().any(|region| region.span.overlaps(word));
    text.words_in(text.all()).filter(move |word| !is_left_out(*word))
}

fn word_hash(word: &str) -> u64 {
    let chars = word.chars().flat_map(char::to_lowercase).filter(|it| it.is_alphanumeric());
    hash(chars.map(u64::from))
}

/// Where a sequence stands: its hash, its text, and its place there.
type Met = (u64, u32, u32);

/// Where each sequence stands: a list for each, by their hashes, so that the order is the same
/// everywhere. Of ten million sequences two have the same hash with a chance of one in some 400,000.
fn sorted(met: &mut [Met]) -> impl Iterator<Item = &[Met]> {
    met.sort_unstable();
    met.chunk_by(|a, b| a.0 == b.0)
}

/// The texts in which a sequence stands, each once, in order.
fn texts_of(met: &[Met]) -> impl Iterator<Item = u32> {
    met.chunk_by(|a, b| a.1 == b.1).map(|here| here[0].1)
}

/// Ranges of buckets in order, all of them together, each with no more in it than so many, but for
/// one bucket that has more; given the bucket of each that is counted.
fn portions(buckets: impl Iterator<Item = usize>, at_once: usize) -> Vec<Range<usize>> {
    let mut counts = vec![0; BUCKETS];
    buckets.for_each(|bucket| counts[bucket] += 1);
    let (mut portions, mut start, mut sum) = (Vec::new(), 0, 0);
    for (bucket, count) in counts.into_iter().enumerate() {
        if sum > 0 && sum + count > at_once {
            portions.push(start..bucket);
            (start, sum) = (bucket, 0);
        }
        sum += count;
    }
    portions.push(start..BUCKETS);
    portions
}

/// Puts shingles in the place of the words that they start with.
fn to_shingles(words: &mut Vec<u64>) {
    let count = (words.len() + 1).saturating_sub(SHINGLE);
    for at in 0..count {
        words[at] = hash(words[at..at + SHINGLE].iter().copied());
    }
    words.truncate(count);
}

/// The numbers in a run, ascending and each once.
fn set_of(run: &[u64]) -> Vec<u32> {
    let shared = run.iter().filter(|number| **number != ALONE);
    let mut set: Vec<u32> = shared.map(|number| *number as u32).collect();
    set.sort_unstable();
    set.dedup();
    set.shrink_to_fit();
    set
}

/// The passages of a run that are made of shingles which other texts have too, and where each starts.
fn passages(run: &[u64]) -> impl Iterator<Item = (u32, &[u64])> {
    let mut behind = 0;
    run.split(|shingle| *shingle == ALONE).flat_map(move |stretch| {
        let at = behind;
        behind += stretch.len() as u32 + 1;
        (at..).zip(stretch.windows(IN_PASSAGE))
    })
}

/// Whether not all texts of a list stand on one side.
fn is_on_two<S: PartialEq>(list: &[u32], side: impl Fn(usize) -> S) -> bool {
    list.windows(2).any(|two| side(two[0] as usize) != side(two[1] as usize))
}

/// How many shingles a text has, each counted once.
#[derive(Clone, Copy, Default)]
struct Size {
    all: u32,
    /// Without widespread ones.
    own: u32,
}

/// A passage that stands in very many texts.
pub(super) struct WidespreadPassage {
    /// In which.
    pub(super) texts: Vec<u32>,
    /// Where it starts in the first of them, in words.
    pub(super) at: usize,
}

/// Lists of texts, named by numbers.
#[derive(Default)]
struct Lists {
    /// One behind the other: most are short, and there are very many.
    all: Vec<u32>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Lists {
    /// Puts one more, and gives its number.
    fn push(&mut self, list: impl Iterator<Item = u32>) -> u32 {
        self.all.extend(list);
        self.ends.push(self.all.len());
        self.ends.len() as u32 - 1
    }

    fn get(&self, number: u32) -> &[u32] {
        let at = number as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[at]]
    }

    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.ends.len() as u32).map(|number| self.get(number))
    }
}

/// Texts, none of which has the same words as another, named by their place in the list.
pub(super) struct Texts {
    /// The shingles of each in order, by their numbers or as [`ALONE`]. Half as many bytes would do for
    /// a number; but these stand where words stood, and to move them would take more.
    runs: Vec<Vec<u64>>,
    /// The numbers of each, ascending and each once.
    sets: Vec<Vec<u32>>,
    sizes: Vec<Size>,
    /// By number, the texts that have the shingle: at least two, ascending.
    having: Lists,
    /// Texts that share a passage that tells something of them, in the order of these passages.
    near: Vec<(u32, u32)>,
    /// The widespread passage that stands in most texts.
    pub(super) widespread: Option<WidespreadPassage>,
}

impl Texts {
    /// Of the words of each. What is compared is sorted in portions of about so many places, since a list
    /// of all would be larger than the texts; this changes nothing of what is found.
    pub(super) fn of(mut words: Vec<Vec<u64>>, at_once: usize) -> Texts {
        words.iter_mut().for_each(to_shingles);
        let mut found = Texts {
            sets: Vec::new(),
            sizes: vec![Size::default(); words.len()],
            runs: words,
            having: Lists::default(),
            near: Vec::new(),
            widespread: None,
        };
        found.number(at_once);
        found.sets = found.runs.iter().map(|run| set_of(run)).collect();
        found.add_passages(at_once);
        found
    }

    /// Gives numbers to the shingles of all texts, in the order of their hashes, where these stand.
    fn number(&mut self, at_once: usize) {
        // A number is less than 2³² and so in the first bucket: portions that come later do not take it
        // for a hash.
        let bucket = |shingle: u64| (shingle >> (u64::BITS - BUCKET_BITS)) as usize;
        let portions =
            portions(self.runs.iter().flatten().map(|shingle| bucket(*shingle)), at_once);
        let mut met: Vec<Met> = Vec::new();
        for portion in portions {
            met.clear();
            for (text, shingles) in (0..).zip(&self.runs) {
                let here = (0..).zip(shingles).filter(|(_, it)| portion.contains(&bucket(**it)));
                met.extend(here.map(|(at, shingle)| (*shingle, text, at)));
            }
            sorted(&mut met).for_each(|shingle| self.add(shingle));
        }
    }

    /// Takes in where one shingle stands, and gives it a number.
    fn add(&mut self, met: &[Met]) {
        let count = texts_of(met).count();
        let is_widespread = self.is_widespread(count);
        for text in texts_of(met) {
            let size = &mut self.sizes[text as usize];
            size.all += 1;
            size.own += u32::from(!is_widespread);
        }
        let number = if count < 2 { ALONE } else { self.having.push(texts_of(met)).into() };
        met.iter().for_each(|(_, text, at)| self.runs[*text as usize][*at as usize] = number);
    }

    /// Whether what stands in so many texts is widespread.
    fn is_widespread(&self, texts: usize) -> bool {
        texts > FEW.max(self.sizes.len() / WIDESPREAD)
    }

    /// Shows texts that are alike, two at a time, the earlier first: those that share a passage, those
    /// that are alike by what is widespread, and most of the others. Not each is shown with each, but
    /// with one through which they are held together.
    pub(super) fn each_near(&self, mut show: impl FnMut(usize, usize)) {
        self.near.iter().for_each(|(a, b)| show(*a as usize, *b as usize));
        for (a, b) in self.neighbours(|_| true) {
            let Size { all, own } = self.shared(a, b);
            if own >= ENOUGH && self.own(a, b, own).reaches(SHARE)
                || all >= ENOUGH && self.all(a, b, all).reaches(SHARE_OF_ALL)
            {
                show(a, b);
            }
        }
    }

    /// Shows the others, where sides tell what is held together already. Of many copies of one story
    /// there is nothing left to compare.
    pub(super) fn each_other<S: PartialEq>(
        &self,
        side: impl Fn(usize) -> S,
        mut show: impl FnMut(usize, usize),
    ) {
        let counts = |list: &[u32]| !self.is_widespread(list.len()) && is_on_two(list, &side);
        self.each_pair(counts, &mut |a, b, shared| {
            if self.own(a, b, shared).reaches(SHARE) {
                show(a, b);
            }
        });
    }

    /// Whether a passage tells something of its texts. A phrase that many use may be in it; but
    /// it may not be the widespread lines and the one word before them that two texts happen to share.
    fn is_own(&self, (_, text, at): Met) -> bool {
        let passage = &self.runs[text as usize][at as usize..][..IN_PASSAGE];
        let lists = passage.iter().map(|number| self.having.get(*number as u32).len());
        lists.filter(|texts| self.is_widespread(*texts)).count() * 4 <= IN_PASSAGE
    }

    /// Takes in each [`PASSAGE`] words in a row that stand in more than one text. Words that no two texts
    /// share are never looked at.
    fn add_passages(&mut self, at_once: usize) {
        // Passages that are the same start with the same shingle.
        let bucket = |passage: &[u64]| passage[0] as usize % BUCKETS;
        let all = self.runs.iter().flat_map(|run| passages(run));
        let portions = portions(all.map(|(_, passage)| bucket(passage)), at_once);
        let mut near: Vec<(u32, u32, u64)> = Vec::new();
        let (mut met, mut own): (Vec<Met>, Vec<Met>) = (Vec::new(), Vec::new());
        for portion in portions {
            met.clear();
            for (text, run) in (0..).zip(&self.runs) {
                let here = passages(run).filter(|(_, passage)| portion.contains(&bucket(passage)));
                own.extend(here.map(|(at, it)| (hash(it.iter().copied()), text, at)));
                // Of several places in one text the first is enough.
                own.sort_unstable();
                own.dedup_by_key(|(passage, ..)| *passage);
                met.append(&mut own);
            }
            for met in sorted(&mut met).filter(|met| met.len() > 1) {
                self.add_widespread(met);
                if self.is_own(met[0]) {
                    near.extend(met.windows(2).map(|two| (two[0].1, two[1].1, two[0].0)));
                }
            }
            // Of several passages that two texts share, the first is enough.
            near.sort_unstable();
            near.dedup_by_key(|(a, b, _)| (*a, *b));
        }
        near.sort_unstable_by_key(|(a, b, passage)| (*passage, *a, *b));
        self.near = near.into_iter().map(|(a, b, _)| (a, b)).collect();
    }

    /// Takes in where a passage stands, once for each text.
    fn add_widespread(&mut self, met: &[Met]) {
        // Of a passage that is longer than counts, the start.
        let rank = |texts: usize, first: u32, at: usize| (Reverse(texts), first, at);
        let found = rank(met.len(), met[0].1, met[0].2 as usize);
        let known = self.widespread.as_ref().map(|it| rank(it.texts.len(), it.texts[0], it.at));
        if self.is_widespread(met.len()) && known.is_none_or(|known| found < known) {
            let texts = met.iter().map(|(_, text, _)| *text).collect();
            self.widespread = Some(WidespreadPassage { texts, at: found.2 });
        }
    }

    /// Each two texts that share [`ENOUGH`] shingles of some lists, and how many: the first is the
    /// earlier. The time grows with what is shared, and not with the square of the texts.
    fn each_pair(&self, counts: impl Fn(&[u32]) -> bool, show: &mut dyn FnMut(usize, usize, u32)) {
        let counts: Vec<bool> = self.having.iter().map(counts).collect();
        let mut shared = vec![0; self.sets.len()];
        let mut others = Vec::new();
        for (text, set) in self.sets.iter().enumerate() {
            for number in set.iter().copied().filter(|it| counts[*it as usize]) {
                let list = self.having.get(number);
                let later = list.partition_point(|other| *other as usize <= text);
                for other in &list[later..] {
                    let shared = &mut shared[*other as usize];
                    if *shared == 0 {
                        others.push(*other as usize);
                    }
                    *shared += 1;
                }
            }
            for other in others.drain(..) {
                let shared = std::mem::take(&mut shared[other]);
                if shared >= ENOUGH {
                    show(text, other, shared);
                }
            }
        }
    }

    /// Texts that stand side by side in several of some lists. In a long list each with each would be
    /// too many; but of texts that tell one story, each has most of the next, with hardly another
    /// between them.
    fn neighbours(&self, counts: impl Fn(&[u32]) -> bool) -> Vec<(usize, usize)> {
        let lists = self.having.iter().filter(|list| counts(list));
        let pairs = lists.flat_map(|list| list.windows(2));
        let mut pairs: Vec<(u32, u32)> = pairs.map(|two| (two[0], two[1])).collect();
        pairs.sort_unstable();
        let pairs = pairs.chunk_by(|a, b| a == b).filter_map(|times| {
            let (a, b) = (times[0].0 as usize, times[0].1 as usize);
            self.all(a, b, times.len() as u32).reaches(SIDE_BY_SIDE).then_some((a, b))
        });
        pairs.collect()
    }

    /// How alike two texts are.
    pub(super) fn likeness(&self, a: usize, b: usize) -> Likeness {
        let shared = self.shared(a, b);
        let share = self.own(a, b, shared.own).max(self.all(a, b, shared.all));
        let passage = longest_passage(&self.runs[a], &self.runs[b]);
        Likeness { shared: share.shared, of: share.of, passage }
    }

    /// How many shingles two texts share.
    fn shared(&self, a: usize, b: usize) -> Size {
        let (mut size, mut of_b) = (Size::default(), self.sets[b].iter().peekable());
        for number in &self.sets[a] {
            while of_b.next_if(|other| *other < number).is_some() {}
            if of_b.next_if_eq(&number).is_some() {
                size.all += 1;
                let having = self.having.get(*number).len();
                size.own += u32::from(!self.is_widespread(having));
            }
        }
        size
    }

    /// So many shared shingles of those that the shorter has, but for widespread ones.
    fn own(&self, a: usize, b: usize, shared: u32) -> Share {
        Share { shared, of: self.sizes[a].own.min(self.sizes[b].own) }
    }

    /// So many shared shingles of all that the shorter has.
    fn all(&self, a: usize, b: usize, shared: u32) -> Share {
        Share { shared, of: self.sizes[a].all.min(self.sizes[b].all) }
    }

    /// Those two texts that are most alike of all that stand on two sides, a few times: the most alike
    /// first.
    pub(super) fn most_alike<S: PartialEq>(
        &self,
        side: impl Fn(usize) -> S,
    ) -> Vec<(usize, usize, Likeness)> {
        let mut most = Vec::new();
        let mut take = |share: Share, a: usize, b: usize| {
            if share.shared < ENOUGH || side(a) == side(b) {
                return;
            }
            let pair = (Reverse(share), a, b);
            let at = most.partition_point(|other| *other < pair);
            most.insert(at, pair);
            // A pair may come twice: among all pairs, and among neighbours.
            most.truncate(2 * MOST);
        };
        let counts = |list: &[u32]| !self.is_widespread(list.len()) && is_on_two(list, &side);
        self.each_pair(counts, &mut |a, b, shared| take(self.own(a, b, shared), a, b));
        for (a, b) in self.neighbours(|list| self.is_widespread(list.len())) {
            take(self.all(a, b, self.shared(a, b).all), a, b);
        }
        let pairs: BTreeSet<(usize, usize)> = most.into_iter().map(|(_, a, b)| (a, b)).collect();
        let mut most: Vec<_> = pairs.iter().map(|(a, b)| (*a, *b, self.likeness(*a, *b))).collect();
        most.sort_by_key(|(_, _, likeness)| Reverse(Share::of(likeness)));
        most.truncate(MOST);
        most
    }
}

/// A part of a whole, ordered as fractions are; nothing of nothing is as little as nothing of much.
#[derive(Clone, Copy)]
struct Share {
    shared: u32,
    of: u32,
}

impl Share {
    fn of(likeness: &Likeness) -> Share {
        Share { shared: likeness.shared, of: likeness.of }
    }

    /// Whether it is so many percent, or more.
    fn reaches(self, percent: u64) -> bool {
        u64::from(self.shared) * 100 >= u64::from(self.of) * percent
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Share) -> Ordering {
        let times = |shared: u32, of: u32| u64::from(shared) * u64::from(of.max(1));
        times(self.shared, other.of).cmp(&times(other.shared, self.of))
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Share) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Share) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Share {}

/// The most words in a row that stand in both texts, given by their shingles; 0 where they share none.
/// The time grows with how often a shingle of one meets itself in the other.
fn longest_passage(a: &[u64], b: &[u64]) -> u32 {
    let mut places: Vec<(u64, usize)> =
        b.iter().copied().zip(0..).filter(|(number, _)| *number != ALONE).collect();
    places.sort_unstable();
    let mut longest = 0;
    for (at, number) in a.iter().enumerate().filter(|(_, number)| **number != ALONE) {
        // No longer one starts where less is left.
        if a.len() - at <= longest {
            break;
        }
        let first = places.partition_point(|(other, _)| other < number);
        for (_, there) in places[first..].iter().take_while(|(other, _)| other == number) {
            // What goes on here was followed from where it starts.
            let goes_on = at > 0 && *there > 0 && a[at - 1] != ALONE && a[at - 1] == b[there - 1];
            if !goes_on {
                let both = a[at..].iter().zip(&b[*there..]);
                longest = longest.max(both.take_while(|(a, b)| a == b && **a != ALONE).count());
            }
        }
    }
    if longest == 0 { 0 } else { (longest + SHINGLE - 1) as u32 }
}
