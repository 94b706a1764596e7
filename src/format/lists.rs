//! Dealing articles to annotators: who is to annotate what, and in which order.
//!
//! The same articles, annotators and seed give the same lists, on every machine: what is hashed are
//! bytes, and all that is computed is whole numbers.

use std::fmt;

use super::dataset::hash;
use super::deployment::List;
use crate::annotation::ArticleId;

/// How many annotators each article goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// So many.
    Each(usize),
    /// Two, for so many of a hundred articles, the half rounded up; one for the others.
    Overlap(usize),
}

impl Share {
    /// How many annotators there must be.
    fn needs(self) -> usize {
        match self {
            Share::Each(count) => count,
            Share::Overlap(0) => 1,
            Share::Overlap(_) => 2,
        }
    }
}

/// There are fewer annotators than one article is to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew {
    /// How many there must be.
    pub needed: usize,
    /// How many there are.
    pub there: usize,
}

impl fmt::Display for TooFew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooFew { needed, there } = self;
        write!(f, "An article is to go to {needed} annotators, and there are {there}: name more")
    }
}

impl std::error::Error for TooFew {}

/// A list for each annotator, in the order of their names.
///
/// No list is longer than another by more than one article, and no two annotators share more articles
/// than two others by more than one, where an article goes to two. (Where it goes to more, they share
/// about as many.) Which articles are whose is told by the seed alone; and so is the order of each
/// list, so that those that annotators share are strewn over it.
///
/// # Errors
/// There are too few annotators.
pub fn deal(
    articles: &[ArticleId],
    annotators: &[String],
    share: Share,
    seed: u64,
) -> Result<Vec<List>, TooFew> {
    let (needed, there) = (share.needs().max(1), annotators.len());
    if there < needed {
        return Err(TooFew { needed, there });
    }
    let mut held: Vec<Vec<u32>> = vec![Vec::new(); there];
    let order = shuffled((0..articles.len() as u32).collect(), articles, "", seed);
    for (article, team) in order.into_iter().zip(teams(articles.len(), there, share)) {
        team.into_iter().for_each(|annotator| held[annotator].push(article));
    }
    let lists = annotators.iter().zip(held).map(|(annotator, held)| List {
        annotator: annotator.clone(),
        articles: shuffled(held, articles, annotator, seed),
    });
    Ok(lists.collect())
}

/// Articles, named by their places, in an order that the seed and a name tell.
fn shuffled(mut places: Vec<u32>, articles: &[ArticleId], name: &str, seed: u64) -> Vec<u32> {
    let bytes = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
    // What no byte is stands between the name and the id.
    let start = [&[seed], &bytes(name)[..], &[u64::MAX]].concat();
    places.sort_by_cached_key(|place| {
        let id = articles[*place as usize].as_str();
        (hash(start.iter().copied().chain(bytes(id))), *place)
    });
    places
}

/// Who gets each of so many articles.
fn teams(articles: usize, annotators: usize, share: Share) -> Vec<Vec<usize>> {
    let shared = match share {
        Share::Each(1) => 0,
        Share::Each(2) => articles,
        Share::Each(count) => return large_teams(articles, annotators, count),
        Share::Overlap(percent) => (articles * percent.min(100) + 50) / 100,
    };
    let mut teams: Vec<Vec<usize>> =
        pairs(shared, annotators).into_iter().map(|pair| pair.to_vec()).collect();
    let mut loads = vec![0; annotators];
    teams.iter().flatten().for_each(|annotator| loads[*annotator] += 1);
    while teams.len() < articles {
        // Of those that have the fewest, the first.
        let next = (0..annotators).min_by_key(|it| loads[*it]).unwrap_or_default();
        loads[next] += 1;
        teams.push(vec![next]);
    }
    teams
}

/// So many pairs of annotators, each pair as often as another and each annotator in as many as another,
/// but for one.
fn pairs(count: usize, annotators: usize) -> Vec<[usize; 2]> {
    let all: Vec<[usize; 2]> =
        (0..annotators).flat_map(|a| (a + 1..annotators).map(move |b| [a, b])).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let mut pairs = all.repeat(count / all.len());
    pairs.extend(even_pairs(count % all.len(), annotators));
    pairs
}

/// So many pairs, no two the same, each annotator in as many as another but for one; there are no more
/// than all.
///
/// Those who are in the most pairs still get each of theirs with another of those who are, as Havel
/// (1955) and Hakimi (1962) make a graph of given degrees.
fn even_pairs(count: usize, annotators: usize) -> Vec<[usize; 2]> {
    let (each, more) = (2 * count / annotators, 2 * count % annotators);
    let mut left: Vec<(usize, usize)> =
        (0..annotators).map(|it| (each + usize::from(it < more), it)).collect();
    let mut pairs = Vec::new();
    while !left.is_empty() {
        left.sort_by_key(|(degree, annotator)| (usize::MAX - degree, *annotator));
        let (degree, annotator) = left.remove(0);
        for (other_degree, other) in &mut left[..degree] {
            *other_degree -= 1;
            pairs.push([annotator, *other]);
        }
    }
    pairs
}

/// So many annotators for each article: those that have the fewest; of these, those that share the
/// fewest with the ones before.
fn large_teams(articles: usize, annotators: usize, count: usize) -> Vec<Vec<usize>> {
    let (mut loads, mut shared) = (vec![0; annotators], vec![vec![0; annotators]; annotators]);
    let mut teams = Vec::new();
    for _ in 0..articles {
        let mut team: Vec<usize> = Vec::new();
        while team.len() < count {
            let free = (0..annotators).filter(|it| !team.contains(it));
            let with = |it: usize| team.iter().map(|other| shared[it][*other]).sum::<u32>();
            team.extend(free.min_by_key(|it| (loads[*it], with(*it))));
        }
        for (at, a) in team.iter().enumerate() {
            loads[*a] += 1;
            for b in &team[at + 1..] {
                shared[*a][*b] += 1;
                shared[*b][*a] += 1;
            }
        }
        teams.push(team);
    }
    teams
}
