//! What lists of articles ask for at each act, kept so that the answer costs nothing.

use std::sync::Arc;

use super::{Article, Owner, SetKey, SetRow};
use crate::annotation::{ArticleId, Status};
use crate::map::Map;

/// The articles in their order, and how many sets are how far.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    /// By `order`.
    pub(super) ranks: Ranks,
    /// What lists show, where that is another order or not all.
    own: Option<OwnList>,
    /// Of the sets of all articles that lists show.
    tallies: Map<Owner, Tally>,
}

/// Articles by their ranks, then by id.
pub(super) type Ranks = Map<(u32, ArticleId), Arc<Article>>;

/// What lists show of a project: some articles first, some not at all, and those that it says nothing
/// of, which a person has added, behind the first.
#[derive(Clone, Debug)]
struct OwnList {
    /// The ranks of the first; none for what is not shown.
    places: Arc<Map<ArticleId, Option<u32>>>,
    /// How many ranks there are in `places`.
    first: u32,
    /// What is shown.
    ranks: Ranks,
}

impl OwnList {
    fn rank(&self, article: &Article) -> Option<u32> {
        let behind = || Some(self.first.saturating_add(article.order));
        self.places.get(&article.id).copied().unwrap_or_else(behind)
    }
}

/// How many sets of an owner have each status; which have none is known by how many articles there
/// are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As [`Status::ALL`] has them.
    counts: [u32; Status::ALL.len()],
}

impl Tally {
    /// How many have a status; of [`Status::Todo`] those alone that say so.
    pub fn with(&self, status: Status) -> usize {
        self.counts[index(status)] as usize
    }
}

fn index(status: Status) -> usize {
    Status::ALL.iter().position(|it| *it == status).unwrap_or_default()
}

impl Listing {
    /// Of no articles yet: of those that come, lists show some first and some not at all.
    pub(super) fn of_list(first: &[ArticleId], hidden: &[ArticleId]) -> Listing {
        let places = hidden.iter().map(|id| (id.clone(), None));
        let places = places.chain(first.iter().zip(0..).map(|(id, at)| (id.clone(), Some(at))));
        let (places, first) = (Arc::new(places.collect()), first.len() as u32);
        Listing { own: Some(OwnList { places, first, ranks: Map::new() }), ..Listing::default() }
    }

    /// The same of no articles.
    pub(super) fn without_articles(&self) -> Listing {
        let own = self.own.clone().map(|own| OwnList { ranks: Map::new(), ..own });
        Listing { own, ..Listing::default() }
    }

    /// What lists show.
    pub(super) fn shown(&self) -> &Ranks {
        self.own.as_ref().map_or(&self.ranks, |own| &own.ranks)
    }

    /// Where an article stands among [`Listing::shown`].
    pub(super) fn rank(&self, article: &Article) -> Option<u32> {
        self.own.as_ref().map_or(Some(article.order), |own| own.rank(article))
    }

    /// An article stands at its ranks from now on, or no longer.
    fn rank_article(&mut self, article: &Arc<Article>, stands: bool) {
        let own = self.own.as_mut().and_then(|own| Some((own.rank(article)?, &mut own.ranks)));
        for (rank, ranks) in [(article.order, &mut self.ranks)].into_iter().chain(own) {
            ranks.set(&(rank, article.id.clone()), stands.then(|| article.clone()));
        }
    }

    /// Something else stands in place of an article from now on.
    pub(super) fn change_article(
        &mut self,
        before: Option<&Arc<Article>>,
        after: Option<&Arc<Article>>,
    ) {
        for (article, stands) in [(before, false), (after, true)] {
            if let Some(article) = article {
                self.rank_article(article, stands);
            }
        }
    }

    /// Something else stands in place of a set's row from now on.
    pub(super) fn change_row(
        &mut self,
        key: &SetKey,
        before: Option<&SetRow>,
        after: Option<&SetRow>,
    ) {
        let place = self.own.as_ref().and_then(|own| own.places.get(&key.article));
        let (before, after) = (before.map(SetRow::status), after.map(SetRow::status));
        if place == Some(&None) || before == after {
            return;
        }
        let mut tally = self.tally(&key.owner);
        if let Some(before) = before {
            tally.counts[index(before)] -= 1;
        }
        if let Some(after) = after {
            tally.counts[index(after)] += 1;
        }
        self.tallies.set(&key.owner, (tally != Tally::default()).then_some(tally));
    }

    /// How many sets of an owner have each status.
    pub(super) fn tally(&self, owner: &Owner) -> Tally {
        self.tallies.get(owner).copied().unwrap_or_default()
    }
}
