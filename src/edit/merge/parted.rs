//! A merge of copies that are not in memory: the indices of both are, and their articles come by.
//!
//! What becomes of an article follows from what the two copies have of it. What lies on no article
//! comes together once all articles have: relations and groups may have lost what they are about, and
//! the order of articles is one of all that are left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::later_text::on_one_text;
use super::records::{BESIDE, Copy, Moves, removed_before, without_removals};
use super::{Decisions, Merging, joined, longer_times, needed, order, turn, with_texts};
use crate::annotation::{ArticleId, Place, Target};
use crate::edit::{Conflict, Intent};
use crate::project::{Article, Deletion, Entry, Key, Project, Value};

/// Two copies of one project, of which the indices are at hand.
pub struct Parted<'a> {
    mine: Index<'a>,
    theirs: Index<'a>,
    decisions: &'a Decisions,
    /// The articles by whose words relations are called that are to be decided.
    named: BTreeSet<ArticleId>,
}

/// What becomes of some articles.
pub struct Part {
    /// A project that has these alone.
    pub merged: Project,
    /// The names of what differed.
    pub differing: Vec<String>,
    lost: BTreeSet<Place>,
    moves: [Moves; 2],
    named: [Vec<Entry>; 2],
}

/// What is to be known of the parts that are done.
#[derive(Default)]
pub struct Done {
    articles: Vec<Entry>,
    deletions: Vec<(Key, Arc<Deletion>)>,
    lost: BTreeSet<Place>,
    moves: [Moves; 2],
    named: [Vec<Entry>; 2],
}

impl Done {
    /// Keeps what is to be known of a part.
    pub fn add(&mut self, part: Part) {
        let Part { merged, lost, moves, named, .. } = part;
        let record = |it: &Arc<Article>| merged.entry(it, Arc::default());
        self.articles.extend(merged.articles().into_iter().map(record));
        let deletions = merged.deletions();
        self.deletions.extend(deletions.map(|(key, it)| (key.clone(), it.clone())));
        self.lost.extend(lost);
        self.moves.iter_mut().zip(moves).for_each(|(all, more)| all.extend(more));
        self.named.iter_mut().zip(named).for_each(|(all, more)| all.extend(more));
    }
}

impl<'a> Parted<'a> {
    /// Of two copies; the caller has compared their ids.
    pub fn new(mine: &'a Project, theirs: &'a Project, decisions: &'a Decisions) -> Parted<'a> {
        let named = named(mine, theirs);
        Parted { mine: Index::of(mine), theirs: Index::of(theirs), decisions, named }
    }

    /// The articles that either copy has or has deleted: those together of which one may get the id of
    /// another.
    pub fn parts(&self) -> Vec<Vec<ArticleId>> {
        let mut parts: BTreeMap<&str, BTreeSet<&ArticleId>> = BTreeMap::new();
        for index in [&self.mine, &self.theirs] {
            let there = index.project.articles().into_iter().map(|it| &it.id);
            for id in there.chain(index.deleted.keys()) {
                parts.entry(stem(id.as_str())).or_default().insert(id);
            }
        }
        parts.into_values().map(|ids| ids.into_iter().cloned().collect()).collect()
    }

    /// Merges a part, of which each copy gives what it has.
    ///
    /// # Errors
    /// A text of mine is [`needed`] and not given; else a fault of Avow.
    pub fn part(
        &self,
        ids: &[ArticleId],
        mine: Vec<Entry>,
        theirs: Vec<Entry>,
    ) -> Result<Part, Conflict> {
        let (mine, theirs) = (self.mine.part(ids, mine)?, self.theirs.part(ids, theirs)?);
        if let Some(article) = needed(&mine, &theirs).into_iter().next() {
            return Err(Conflict::NotLoaded(article));
        }
        // Relations are called by the words of the text that stands.
        let one = on_one_text(&mine, &theirs);
        let is_named = |it: &Entry| self.named.contains(&it.article.id);
        let named = [&one.mine, &one.theirs].map(|it| it.entries().filter(is_named).collect());
        let mut merging = joined(&one.mine, &one.theirs, self.decisions);
        let lost = merging.lost();
        let moves = [&mut merging.mine, &mut merging.theirs];
        let moves = moves.map(|copy| std::mem::take(&mut copy.moves));
        let done = merging.done(&mine, "");
        let mut merged = done.transaction.apply(&with_texts(&mine, &done.transaction, &theirs))?;
        for (set, seconds) in longer_times(&merged, &theirs) {
            merged = merged.with_seconds(&set, seconds);
        }
        let of_articles = done.differences.into_iter().filter(|it| it.key.lies_on().is_some());
        let differing = of_articles.map(|it| it.name).collect();
        Ok(Part { merged, differing, lost, moves, named })
    }

    /// The merged project, none of its articles loaded, once all parts are done; and the names of what
    /// differs that lies on no article.
    ///
    /// # Errors
    /// It cannot be made: a fault of Avow.
    pub fn finish(self, done: Done) -> Result<(Project, Vec<String>), Conflict> {
        let Done { articles, deletions, lost, moves, named } = done;
        let ([my_moves, their_moves], [my_named, their_named]) = (moves, named);
        let mine = self.mine.rest(my_named, my_moves);
        let theirs = self.theirs.rest(their_named, their_moves);
        let mut merging = Merging::of(mine, theirs, self.decisions);
        merging.join(|key| key.lies_on().is_none());
        merging.forget(&lost);
        let record = |it: &Entry| (Key::Article(it.article.id.clone()), it.article.clone());
        let records = articles.iter().map(record).map(|(key, it)| (key, Value::Article(it)));
        merging.merged.extend(records);
        order::settle(&mut merging.merged, &merging.mine.records, &merging.theirs.records);

        let Merging { mut merged, differences, .. } = merging;
        let records = articles.into_iter().map(|it| {
            let place = merged.remove(&Key::Article(it.article.id.clone()));
            let order = place.map_or(it.article.order, |record| record.order());
            Entry { article: Article { order, ..(*it.article).clone() }.into(), ..it }
        });
        let articles: Vec<Entry> = records.collect();
        let before = &self.mine.rest;
        let intent = Intent::Merge { file: String::new() };
        let mut project = turn(&Copy::of_all(before).records, &merged, intent).apply(before)?;
        articles.into_iter().for_each(|entry| project.index(entry));
        put_deletions(&mut project, deletions)?;
        Ok((project, differences.into_iter().map(|it| it.name).collect()))
    }
}

/// A copy, and what a part of it needs.
struct Index<'a> {
    project: &'a Project,
    /// What lies on no article.
    rest: Project,
    /// What is needed to name what lies on one.
    empty: Project,
    /// What was deleted of each article.
    deleted: BTreeMap<ArticleId, Vec<(Key, Arc<Deletion>)>>,
}

impl Index<'_> {
    fn of(project: &Project) -> Index<'_> {
        let mut deleted: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let removed = removed_before(project).map(|(id, it)| (Key::Article(id), it));
        let known = project.deletions().map(|(key, it)| (key.clone(), it.clone()));
        for (key, deletion) in removed.chain(known) {
            if let Some(article) = key.lies_on().cloned() {
                deleted.entry(article).or_default().push((key, deletion));
            }
        }
        let mut rest = project.without_articles();
        for (key, _) in project.deletions().filter(|(key, _)| key.lies_on().is_some()) {
            rest.forget(&Key::Deletion(Arc::new(key.clone())));
        }
        let is_named = |key: &Key| matches!(key, Key::Scheme | Key::Annotator(_));
        let mut empty = Project::new(without_removals(project.meta()));
        for key in rest.keys().into_iter().filter(is_named) {
            let value = rest.value(&key).ok().flatten();
            // It stood under that key.
            let _ = empty.put(&key, value);
        }
        Index { project, rest, empty, deleted }
    }

    /// A project that has these articles alone, as far as they are given.
    fn part(&self, ids: &[ArticleId], given: Vec<Entry>) -> Result<Project, Conflict> {
        let mut part = self.empty.with_entries(given);
        for id in ids {
            if let Some(article) = self.project.article(id)
                && part.article(id).is_none()
            {
                part.index(self.project.entry(article, Arc::default()));
            }
            let deleted = self.deleted.get(id).into_iter().flatten().cloned();
            put_deletions(&mut part, deleted)?;
        }
        Ok(part)
    }

    /// What lies on no article, and the articles for their order and for what their words name.
    fn rest(&self, named: Vec<Entry>, moves: Moves) -> Copy {
        let mut copy = Copy::of(&self.rest.with_entries(named));
        for article in self.project.articles() {
            let key = Key::Article(article.id.clone());
            copy.records.entry(key).or_insert_with(|| Value::Article(article.clone()));
        }
        copy.move_articles(moves);
        copy
    }
}

fn put_deletions(
    project: &mut Project,
    deletions: impl IntoIterator<Item = (Key, Arc<Deletion>)>,
) -> Result<(), Conflict> {
    for (key, deletion) in deletions {
        let key = Key::Deletion(Arc::new(key));
        let put = project.put(&key, Some(Value::Deletion(deletion)));
        put.map_err(|_| Conflict::Invalid(Box::new(key)))?;
    }
    Ok(())
}

/// The id that an article had before it got others, see [`Copy::id_beside`].
fn stem(id: &str) -> &str {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let (before, hash) = match id.trim_end_matches(BESIDE).rsplit_once(BESIDE) {
        Some(parts) => parts,
        None => return id,
    };
    match hash.len() == 8 && hash.bytes().all(is_hex) {
        true => stem(before),
        false => id,
    }
}

/// The articles on which relations lie that the copies do not have alike.
fn named(mine: &Project, theirs: &Project) -> BTreeSet<ArticleId> {
    let mut named = BTreeSet::new();
    for (one, other) in [(mine, theirs), (theirs, mine)] {
        for relation in one.relations() {
            if other.relation(&relation.id) != Some(relation) {
                named.insert(relation.from.article.clone());
                if let Some(Target::Annotation(to)) = &relation.to {
                    named.insert(to.article.clone());
                }
            }
        }
    }
    named
}
