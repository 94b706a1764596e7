//! Splitting articles into those to train on, those to choose by and those to test on, so that nothing
//! of a test was seen in training.
//!
//! Articles that belong together stand in one part: those that are alike ([`alike`] says when), those
//! whose claims are in one group, and those between which a relation leads. What belongs together with
//! one article belongs together, and is a *cluster*; an article by itself is one too. Clusters are
//! dealt to the parts, and a [`Report`] says what held them together and what likeness is left.
//!
//! The same articles, fractions and seed give the same split, natively and in the page, in whatever
//! order the articles stand: they are taken by their ids, what is hashed are bytes and characters, and
//! all that is computed is whole numbers.
//!
//! Of each article a [`Sketch`] is enough, so that texts need not be in memory together.

mod alike;
mod report;
mod sketch;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::iter::repeat_n;
use std::str::FromStr;

use alike::Texts;
pub use report::{Bond, Cluster, Filled, Likeness, Reason, Report, Residual, Widespread};
pub use sketch::Sketch;

use crate::annotation::{ArticleId, GroupId, Target};
use crate::project::{NotLoaded, Project};

/// So many words are compared at once, in a list of 64 MB.
const AT_ONCE: usize = 4 << 20;

/// A part of the articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What is learnt from.
    Train,
    /// What is chosen by while learning.
    Validation,
    /// What is measured at the end.
    Test,
}

impl Part {
    /// All, in the order in which they are given.
    pub const ALL: [Part; 3] = [Part::Train, Part::Validation, Part::Test];

    /// The name in files, which is that of `datasets` of Hugging Face.
    pub fn name(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Validation => "validation",
            Part::Test => "test",
        }
    }
}

/// How much of all articles each part gets: as many as its number is of the sum of all three.
///
/// Written as `80/10/10`. A part of 0 stays empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fractions {
    /// In the order of [`Part::ALL`]; not all 0.
    of: [u32; 3],
}

impl Fractions {
    /// None where all are 0.
    pub fn new(train: u32, validation: u32, test: u32) -> Option<Fractions> {
        let of = [train, validation, test];
        (of != [0; 3]).then_some(Fractions { of })
    }

    /// The number of a part.
    pub fn of(self, part: Part) -> u32 {
        self.of[part as usize]
    }

    /// The sum of all three; not 0.
    pub fn whole(self) -> u64 {
        self.of.iter().copied().map(u64::from).sum()
    }

    /// How far a part that holds so many of so many is below its fraction, in articles times
    /// [`Fractions::whole`]; negative where it is above.
    fn lack(self, part: Part, held: usize, all: usize) -> i128 {
        i128::from(self.of(part)) * all as i128 - i128::from(self.whole()) * held as i128
    }
}

impl Default for Fractions {
    /// Eight tenths, one and one.
    fn default() -> Fractions {
        Fractions { of: [80, 10, 10] }
    }
}

impl fmt::Display for Fractions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [train, validation, test] = self.of;
        write!(f, "{train}/{validation}/{test}")
    }
}

/// What was written says no fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadFractions;

impl fmt::Display for BadFractions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fractions are three whole numbers, not all of them 0, as in 80/10/10")
    }
}

impl std::error::Error for BadFractions {}

impl FromStr for Fractions {
    type Err = BadFractions;

    fn from_str(written: &str) -> Result<Fractions, BadFractions> {
        let numbers: Result<Vec<u32>, _> = written.split('/').map(str::parse).collect();
        match numbers.map_err(|_| BadFractions)?[..] {
            [train, validation, test] => {
                Fractions::new(train, validation, test).ok_or(BadFractions)
            }
            _ => Err(BadFractions),
        }
    }
}

/// Which article is in which part, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    parts: BTreeMap<ArticleId, Part>,
    /// What there is to say about it.
    pub report: Report,
}

impl Split {
    /// The part of an article; none where it was not among those that were split.
    pub fn part_of(&self, article: &ArticleId) -> Option<Part> {
        self.parts.get(article).copied()
    }

    /// All articles, by id, with their parts.
    pub fn parts(&self) -> impl Iterator<Item = (&ArticleId, Part)> {
        self.parts.iter().map(|(article, part)| (article, *part))
    }
}

/// Splits all articles of a project.
///
/// # Errors
/// The first article, by id, that is not loaded.
pub fn split(project: &Project, fractions: Fractions, seed: u64) -> Result<Split, NotLoaded> {
    let articles = project.articles();
    split_among(project, articles.iter().map(|article| &article.id), fractions, seed)
}

/// Splits some articles of a project, each once however often it is named. Only they count: the others
/// hold nothing together, and need not be loaded.
///
/// # Errors
/// The first of these articles, by id, that is not loaded or not there.
pub fn split_among<'a>(
    project: &'a Project,
    articles: impl IntoIterator<Item = &'a ArticleId>,
    fractions: Fractions,
    seed: u64,
) -> Result<Split, NotLoaded> {
    let chosen: BTreeSet<&ArticleId> = articles.into_iter().collect();
    let sketches: Result<_, NotLoaded> =
        chosen.into_iter().map(|id| Sketch::of(project, id)).collect();
    let mut split = split_sketched(project, sketches?, fractions, seed);
    if let Some(widespread) = &mut split.report.widespread
        && let Some(begins) = widespread.begins_in(project, &widespread.first)
    {
        widespread.begins = begins;
    }
    Ok(split)
}

/// Splits the articles of which these are, in any order. None need be loaded, and so the report does not
/// say yet how what is widespread begins: [`Widespread::begins_in`] does.
pub fn split_sketched(
    project: &Project,
    sketches: Vec<Sketch>,
    fractions: Fractions,
    seed: u64,
) -> Split {
    split_at_once(project, sketches, fractions, seed, AT_ONCE)
}

/// The same, where so many words are compared at once.
fn split_at_once(
    project: &Project,
    mut sketches: Vec<Sketch>,
    fractions: Fractions,
    seed: u64,
    at_once: usize,
) -> Split {
    sketches.sort_by(|a, b| a.article.cmp(&b.article));
    sketches.dedup_by(|a, b| a.article == b.article);
    let compared = Compared::of(sketches, at_once);
    let bonds = Bonds::of(&compared, project);
    let clusters = bonds.clusters();
    let parts = deal(&clusters, &compared.articles, fractions, seed);
    let report = Report {
        fractions,
        seed,
        filled: Part::ALL.map(|part| filled(part, &compared.articles, &parts)),
        clusters: bonds.described(&clusters, &parts),
        residual: compared.residual(&parts),
        widespread: compared.widespread(),
    };
    let ids = compared.articles.into_iter().map(|it| it.id);
    Split { parts: ids.zip(parts).collect(), report }
}

/// An article that is split.
struct Taken {
    id: ArticleId,
    /// How many.
    words: u32,
    /// How many, of all owners.
    annotations: u32,
}

/// Articles by their ids, and the texts that they have.
struct Compared {
    articles: Vec<Taken>,
    /// For each article its text. One of the same words is the same text, unless it has none.
    text_of: Vec<usize>,
    /// For each text the first article that has it.
    firsts: Vec<usize>,
    texts: Texts,
}

impl Compared {
    fn of(sketches: Vec<Sketch>, at_once: usize) -> Compared {
        let mut known: BTreeMap<&[u64], usize> = BTreeMap::new();
        let (mut text_of, mut firsts) = (Vec::new(), Vec::new());
        for (at, sketch) in sketches.iter().enumerate() {
            let next = firsts.len();
            let text = match sketch.words.is_empty() {
                true => next,
                false => *known.entry(&sketch.words).or_insert(next),
            };
            if text == next {
                firsts.push(at);
            }
            text_of.push(text);
        }
        let (mut articles, mut words) = (Vec::new(), Vec::with_capacity(firsts.len()));
        for (at, sketch) in sketches.into_iter().enumerate() {
            articles.push(Taken {
                id: sketch.article,
                words: sketch.words.len() as u32,
                annotations: sketch.annotations,
            });
            if firsts[text_of[at]] == at {
                words.push(sketch.words);
            }
        }
        Compared { articles, text_of, firsts, texts: Texts::of(words, at_once) }
    }

    /// What is most alike on two sides.
    fn residual(&self, parts: &[Part]) -> Vec<Residual> {
        let part = |text: usize| parts[self.firsts[text]];
        let most = self.texts.most_alike(part);
        let described = most.into_iter().map(|(a, b, likeness)| Residual {
            articles: [a, b].map(|text| self.articles[self.firsts[text]].id.clone()),
            parts: [a, b].map(part),
            likeness,
        });
        described.collect()
    }

    fn widespread(&self) -> Option<Widespread> {
        let passage = self.texts.widespread.as_ref()?;
        let has = |text: &&usize| passage.texts.binary_search(&(**text as u32)).is_ok();
        let first = &self.articles[self.firsts[passage.texts[0] as usize]];
        Some(Widespread {
            articles: self.text_of.iter().filter(has).count(),
            first: first.id.clone(),
            at: passage.at,
            begins: String::new(),
        })
    }
}

/// What holds articles together; articles are named by their place in the order of ids.
struct Bonds<'a> {
    articles: &'a [Taken],
    /// For each article one of its cluster that is not behind it; itself for the first.
    before: Vec<usize>,
    /// As few as hold each cluster together: for each article but the first of a cluster, one.
    bonds: Vec<(usize, usize, Reason)>,
}

impl<'a> Bonds<'a> {
    fn of(compared: &'a Compared, project: &Project) -> Bonds<'a> {
        let articles = &compared.articles;
        let before = (0..articles.len()).collect();
        let mut bonds = Bonds { articles, before, bonds: Vec::new() };
        bonds.add_copies(compared);
        bonds.add_alike(compared);
        bonds.add_groups_and_relations(project);
        bonds
    }

    fn add_copies(&mut self, compared: &Compared) {
        for (at, text) in compared.text_of.iter().enumerate() {
            let words = self.articles[at].words;
            let same = Likeness { shared: words, of: words, passage: words };
            self.join(compared.firsts[*text], at, || Reason::Alike(same));
        }
    }

    fn add_alike(&mut self, compared: &Compared) {
        let Compared { firsts, texts, .. } = compared;
        let join = |bonds: &mut Self, a: usize, b: usize| {
            bonds.join(firsts[a], firsts[b], || Reason::Alike(texts.likeness(a, b)));
        };
        texts.each_near(|a, b| join(self, a, b));
        let clusters: Vec<usize> = firsts.iter().map(|first| self.first(*first)).collect();
        texts.each_other(|text| clusters[text], |a, b| join(self, a, b));
    }

    /// A group holds together the articles of its members and those from which relations lead to it.
    fn add_groups_and_relations(&mut self, project: &Project) {
        let places = self.articles.iter().map(|it| &it.id).zip(0..);
        let places: BTreeMap<&ArticleId, usize> = places.collect();
        let at = |id: &ArticleId| places.get(id).copied();
        let mut first_of: BTreeMap<&GroupId, usize> = BTreeMap::new();
        let mut groups = project.groups();
        groups.sort_by(|a, b| a.id.cmp(&b.id));
        for group in groups {
            let members: BTreeSet<usize> =
                group.members.iter().filter_map(|place| at(&place.article)).collect();
            for member in members {
                let first = *first_of.entry(&group.id).or_insert(member);
                self.join(first, member, || Reason::Group(group.id.clone()));
            }
        }
        let mut relations = project.relations();
        relations.sort_by(|a, b| a.id.cmp(&b.id));
        for relation in relations {
            let Some(from) = at(&relation.from.article) else { continue };
            let to = match &relation.to {
                Some(Target::Annotation(to)) => at(&to.article),
                Some(Target::Group { group }) => Some(*first_of.entry(group).or_insert(from)),
                None => None,
            };
            if let Some(to) = to {
                self.join(from, to, || Reason::Relation(relation.id.clone()));
            }
        }
    }

    /// Holds two articles together, unless they are already.
    fn join(&mut self, a: usize, b: usize, reason: impl FnOnce() -> Reason) {
        let (first, second) = (self.first(a), self.first(b));
        if first != second {
            self.before[first.max(second)] = first.min(second);
            self.bonds.push((a.min(b), a.max(b), reason()));
        }
    }

    /// The first article of a cluster. The way there gets shorter each time.
    fn first(&mut self, mut article: usize) -> usize {
        while self.before[article] != article {
            self.before[article] = self.before[self.before[article]];
            article = self.before[article];
        }
        article
    }

    /// All clusters, by their first articles; the articles of each in order.
    fn clusters(&self) -> Vec<Vec<usize>> {
        let (mut clusters, mut cluster_of) = (Vec::new(), Vec::with_capacity(self.before.len()));
        for (article, before) in self.before.iter().enumerate() {
            let cluster = match *before == article {
                true => clusters.len(),
                false => cluster_of[*before],
            };
            if cluster == clusters.len() {
                clusters.push(Vec::new());
            }
            clusters[cluster].push(article);
            cluster_of.push(cluster);
        }
        clusters
    }

    /// The clusters of more than one article, the largest first.
    fn described(&self, clusters: &[Vec<usize>], parts: &[Part]) -> Vec<Cluster> {
        let id = |article: usize| self.articles[article].id.clone();
        let mut found: BTreeMap<usize, Cluster> = BTreeMap::new();
        let mut cluster_of = vec![0; self.articles.len()];
        for (number, cluster) in clusters.iter().enumerate().filter(|(_, it)| it.len() > 1) {
            cluster.iter().for_each(|article| cluster_of[*article] = number);
            let articles = cluster.iter().map(|article| id(*article)).collect();
            found.insert(number, Cluster { part: parts[cluster[0]], articles, bonds: Vec::new() });
        }
        for (a, b, reason) in &self.bonds {
            if let Some(cluster) = found.get_mut(&cluster_of[*a]) {
                cluster.bonds.push(Bond { articles: [id(*a), id(*b)], reason: reason.clone() });
            }
        }
        let mut found: Vec<Cluster> = found.into_values().collect();
        for cluster in &mut found {
            cluster.bonds.sort_by(|a, b| a.articles.cmp(&b.articles));
        }
        found.sort_by_key(|cluster| Reverse(cluster.articles.len()));
        found
    }
}

/// The part of each article.
///
/// Clusters are dealt by size, the largest first, each to the part that lacks most of its fraction of
/// what has been dealt with it. So each part gets its fraction of large clusters as of small ones and of
/// articles by themselves, and what the large ones leave uneven, the small ones even out: no part ends
/// farther from its fraction than the largest cluster is large.
///
/// Which clusters of one size go where is told by the seed alone: they stand in the order of a hash of
/// the seed and an id, and the first of them go to the first part, those behind to the next. Nothing of
/// a text can lead one into a part. An article by itself that comes or goes leaves this order as it is,
/// so that at most two others change their parts.
fn deal(clusters: &[Vec<usize>], articles: &[Taken], fractions: Fractions, seed: u64) -> Vec<Part> {
    let mut order: Vec<(Reverse<usize>, u64, &Vec<usize>)> = clusters
        .iter()
        .map(|cluster| (Reverse(cluster.len()), rank(cluster, articles, seed), cluster))
        .collect();
    order.sort();
    let (mut dealt, mut held) = (0, [0; 3]);
    let mut parts = vec![Part::Train; articles.len()];
    for same_size in order.chunk_by(|a, b| a.0 == b.0) {
        let size = same_size[0].0.0;
        let mut taken = [0; 3];
        for _ in same_size {
            dealt += size;
            // Of equal ones the first.
            let lack =
                |part: &Part| (fractions.lack(*part, held[*part as usize], dealt), Reverse(*part));
            let part = Part::ALL.into_iter().max_by_key(lack).unwrap_or(Part::Train) as usize;
            held[part] += size;
            taken[part] += 1;
        }
        let by_part = Part::ALL.iter().flat_map(|part| repeat_n(*part, taken[*part as usize]));
        for ((_, _, cluster), part) in same_size.iter().zip(by_part) {
            cluster.iter().for_each(|article| parts[*article] = part);
        }
    }
    parts
}

/// Where a cluster stands among those of its size: the lowest that one of its articles has. Of those
/// that come to it, few change it.
fn rank(cluster: &[usize], articles: &[Taken], seed: u64) -> u64 {
    let ids = cluster.iter().map(|article| articles[*article].id.as_str().bytes());
    let ranks = ids.map(|bytes| hash(std::iter::once(seed).chain(bytes.map(u64::from))));
    ranks.min().unwrap_or_default()
}

fn filled(part: Part, articles: &[Taken], parts: &[Part]) -> Filled {
    let here = || articles.iter().zip(parts).filter(|(_, it)| **it == part);
    Filled {
        part,
        articles: here().count(),
        annotations: here().map(|(article, _)| article.annotations as usize).sum(),
    }
}

/// A number for a sequence of numbers. Sequences that differ have numbers that look unrelated.
pub(in crate::format) fn hash(sequence: impl Iterator<Item = u64>) -> u64 {
    sequence.fold(0, |hash, next| mixed(hash ^ next))
}

/// The step of `SplitMix64`: each bit of what goes in changes about half of those that come out.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::annotation::Timestamp;
    use crate::project::{Meta, ProjectId};

    /// Sketches of articles, each of some stretches of stories: the story, where the stretch starts,
    /// its length.
    fn sketches(articles: &[Vec<(u64, usize, usize)>]) -> Vec<Sketch> {
        let stretch = |(of, from, length): &(u64, usize, usize)| {
            let word = move |at: usize| hash([*of, at as u64].into_iter());
            (*from..from + length).map(word).collect::<Vec<u64>>()
        };
        let sketch = |(at, stretches): (usize, &Vec<_>)| Sketch {
            article: format!("{at}").into(),
            words: stretches.iter().flat_map(stretch).collect(),
            annotations: 1,
        };
        articles.iter().enumerate().map(sketch).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn however_many_words_are_compared_at_once_the_split_is_the_same(
            articles in prop::collection::vec(
                prop::collection::vec((0..5_u64, 0..100_usize, 1..90_usize), 0..4), 1..50),
            lines in 0..80_usize,
            seed in any::<u64>(),
        ) {
            // Half of them have the same lines at the end.
            let with_lines = articles.into_iter().enumerate().map(|(at, mut stretches)| {
                stretches.extend((at % 2 == 0 && lines > 0).then_some((9, 0, lines)));
                stretches
            });
            let sketches = sketches(&with_lines.collect::<Vec<_>>());
            let project = Project::new(Meta::new(ProjectId::from("news"), "News", Timestamp(0)));
            let split = |at_once| {
                let fractions = Fractions { of: [2, 1, 1] };
                split_at_once(&project, sketches.clone(), fractions, seed, at_once)
            };
            let whole = split(usize::MAX);
            for at_once in [20, 1000] {
                prop_assert_eq!(&split(at_once), &whole);
            }
            let mut turned = sketches.clone();
            turned.reverse();
            let fractions = Fractions { of: [2, 1, 1] };
            prop_assert_eq!(&split_sketched(&project, turned, fractions, seed), &whole);
        }
    }
}
