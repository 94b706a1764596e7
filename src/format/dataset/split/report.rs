//! What there is to say about a split: for programs as values, for people as lines.

use std::fmt;

use super::{Fractions, Part, alike};
use crate::annotation::{ArticleId, GroupId, RelationId};
use crate::project::Project;

/// What a split did and what it leaves. Shown, it is a text of short lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was asked.
    pub fractions: Fractions,
    /// What the split was made with.
    pub seed: u64,
    /// What each part got, in the order of [`Part::ALL`].
    pub filled: [Filled; 3],
    /// What was held together: the clusters of more than one article, the largest first, and of one
    /// size by their first articles.
    pub clusters: Vec<Cluster>,
    /// What is most alike of all that stands on two sides, the most alike first: a few pairs, and
    /// none that share less than eight sequences of five words.
    pub residual: Vec<Residual>,
    /// What held nothing together, since it stands in too many articles.
    pub widespread: Option<Widespread>,
}

/// What a part got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Which.
    pub part: Part,
    /// How many.
    pub articles: usize,
    /// How many lie on these articles, whoever made them.
    pub annotations: usize,
}

/// Articles that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Where all of them are.
    pub part: Part,
    /// By id; two or more.
    pub articles: Vec<ArticleId>,
    /// As few as hold them together: one less than there are articles.
    pub bonds: Vec<Bond>,
}

/// Why two articles belong together. There may be other reasons too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// By id.
    pub articles: [ArticleId; 2],
    /// Why.
    pub reason: Reason,
}

/// What holds two articles together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Their texts are alike.
    Alike(Likeness),
    /// Both have claims in this group.
    Group(GroupId),
    /// This relation leads from one to the other, or to a group that the other has to do with.
    Relation(RelationId),
}

/// How much two texts share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// How many sequences of five words both have. Of copies, it is all words.
    pub shared: u32,
    /// How many the shorter has. Those that stand in very many articles are left out of both numbers
    /// where that makes the share higher.
    pub of: u32,
    /// The longest passage that stands in both, in words.
    pub passage: u32,
}

impl Likeness {
    /// The share, in whole percent: 100 only where it is all.
    pub fn percent(self) -> u32 {
        (u64::from(self.shared) * 100 / u64::from(self.of.max(1))) as u32
    }
}

/// Two articles in two parts, and what they share nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residual {
    /// By id.
    pub articles: [ArticleId; 2],
    /// The part of each.
    pub parts: [Part; 2],
    /// What they share.
    pub likeness: Likeness,
}

/// A long passage that stands in very many articles, as what a paper puts under each of its own: of
/// all such, the one in most of them. It is best marked as boilerplate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widespread {
    /// In how many.
    pub articles: usize,
    /// The first of them, by id.
    pub first: ArticleId,
    /// How many words stand before it there, outside of what is marked as boilerplate.
    pub at: usize,
    /// Its first words; empty until they were taken from there.
    pub begins: String,
}

impl Widespread {
    /// Its first words, where this is the article that has them, and is loaded.
    pub fn begins_in(&self, project: &Project, article: &ArticleId) -> Option<String> {
        let regions = &project.article(article)?.regions;
        let text = project.text(article)?;
        (*article == self.first).then(|| alike::begins(text, regions, self.at))
    }
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} % of the shorter, {} words in a row", self.percent(), self.passage)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Alike(likeness) => write!(f, "alike: {likeness}"),
            Reason::Group(id) => write!(f, "group {id}"),
            Reason::Relation(id) => write!(f, "relation {id}"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_parts(f)?;
        self.write_clusters(f)?;
        self.write_residual(f)?;
        if let Some(Widespread { articles, first, begins, at: _ }) = &self.widespread {
            writeln!(f, "Too widespread to hold articles together, perhaps boilerplate:")?;
            writeln!(f, "  in {articles} articles, such as {first}: “{begins} …”")?;
        }
        Ok(())
    }
}

impl Report {
    fn articles(&self) -> usize {
        self.filled.iter().map(|it| it.articles).sum()
    }

    fn write_parts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let annotations = self.filled.iter().map(|it| it.annotations).sum();
        writeln!(
            f,
            "{} articles, split as {}, seed {}.",
            self.articles(),
            self.fractions,
            self.seed
        )?;
        for it in &self.filled {
            writeln!(
                f,
                "{}: {} articles (asked: {}), {} annotations (asked: {})",
                it.part.name(),
                it.articles,
                self.asked(it.part, self.articles()),
                it.annotations,
                self.asked(it.part, annotations),
            )?;
        }
        if let Some(largest) = self.clusters.first().filter(|_| !self.is_met()) {
            let largest = largest.articles.len();
            writeln!(f, "That is not what was asked, since what belongs together stays together:")?;
            writeln!(f, "  the largest cluster has {largest} articles.")?;
        }
        Ok(())
    }

    /// What a part should have of so many, to a tenth.
    fn asked(&self, part: Part, all: usize) -> String {
        let (of, whole) = (u128::from(self.fractions.of(part)), u128::from(self.fractions.whole()));
        let tenths = (all as u128 * of * 20 + whole) / (whole * 2);
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// Whether each part has what was asked, but for less than one article.
    pub fn is_met(&self) -> bool {
        self.filled.iter().all(|it| {
            let lack = self.fractions.lack(it.part, it.articles, self.articles());
            lack.abs() < i128::from(self.fractions.whole())
        })
    }

    fn write_clusters(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.clusters.is_empty() {
            return writeln!(f, "No articles had to be held together.");
        }
        let articles: usize = self.clusters.iter().map(|it| it.articles.len()).sum();
        writeln!(f, "Held together: {articles} articles, in {} clusters.", self.clusters.len())?;
        for Cluster { part, articles, bonds } in &self.clusters {
            writeln!(f, "{} articles in {}:", articles.len(), part.name())?;
            for Bond { articles: [a, b], reason } in bonds {
                writeln!(f, "  {a}, {b}: {reason}")?;
            }
        }
        Ok(())
    }

    fn write_residual(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.residual.is_empty() {
            return writeln!(f, "Nothing that stands on two sides is alike.");
        }
        writeln!(f, "Most alike of what stands on two sides:")?;
        for Residual { articles: [a, b], parts, likeness } in &self.residual {
            let [in_a, in_b] = parts.map(Part::name);
            writeln!(f, "  {a} ({in_a}), {b} ({in_b}): {likeness}")?;
        }
        Ok(())
    }
}
