//! A project as its records, which can be compared, moved and joined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::annotation::{Annotation, ArticleId, Place, Target};
use crate::edit::act;
use crate::project::{Article, Deletion, Key, Meta, Owner, Project, SetKey, Unplaced, Value};
use crate::text::{Text, TextHash};

/// What stands under each key.
pub(super) type Records = BTreeMap<Key, Value>;

/// A project as its records; annotations only of articles that are loaded.
pub(super) struct Copy {
    pub(super) records: Records,
    /// Of articles that are loaded.
    pub(super) texts: BTreeMap<ArticleId, Text>,
    /// Annotations that have no place in their article's text, by the keys that they would have, and
    /// where each stands in the article's record, which has them too.
    pub(super) unplaced: BTreeMap<Key, (usize, Unplaced)>,
    /// The articles that have another id here than in the project.
    pub(super) moves: Moves,
}

impl Copy {
    /// All that stands in a project.
    pub(super) fn of_all(project: &Project) -> Copy {
        let there = |article: &ArticleId| project.article(article).is_some();
        let records = project.keys().into_iter().filter_map(|key| {
            let value = project.value(&key).ok().flatten()?;
            // Of an article that was removed, its text may still be loaded.
            key.article().is_none_or(there).then_some((key, value))
        });
        let loaded = project.loaded_articles().filter(|article| there(article));
        let texts = loaded.filter_map(|id| Some((id.clone(), project.text(id)?.clone())));
        let (records, texts): (Records, _) = (records.collect(), texts.collect());
        let unplaced = records.values().flat_map(unplaced_in).collect();
        Copy { records, texts, unplaced, moves: Moves::new() }
    }

    /// All that stands in a project, with removals of an older kind as deletions, and none of
    /// something that is there.
    pub(super) fn of(project: &Project) -> Copy {
        let mut copy = Copy::of_all(project);
        for (article, deletion) in removed_before(project) {
            let key = Key::Deletion(Arc::new(Key::Article(article)));
            copy.records.entry(key).or_insert(Value::Deletion(deletion));
        }
        copy.records.insert(Key::Meta, Value::Meta(Arc::new(without_removals(project.meta()))));
        let there = copy.records.keys().chain(copy.unplaced.keys());
        let there: BTreeSet<Key> = there.cloned().collect();
        copy.records.retain(|key, _| !matches!(key, Key::Deletion(of) if there.contains(of)));
        copy
    }

    pub(super) fn article(&self, id: &ArticleId) -> Option<&Arc<Article>> {
        match self.records.get(&Key::Article(id.clone())) {
            Some(Value::Article(article)) => Some(article),
            _ => None,
        }
    }

    pub(super) fn articles(&self) -> Vec<(ArticleId, Arc<Article>)> {
        let articles = self.records.iter().filter_map(|(key, value)| match (key, value) {
            (Key::Article(id), Value::Article(article)) => Some((id.clone(), article.clone())),
            _ => None,
        });
        articles.collect()
    }

    /// Everybody's annotations on an article.
    pub(super) fn annotations_of(&self, article: &ArticleId) -> impl Iterator<Item = &Annotation> {
        let set = SetKey { article: article.clone(), owner: Owner::Gold };
        let from = self.records.range(Key::Annotation(set, "".into())..);
        from.map_while(move |(key, value)| match (key, value) {
            (Key::Annotation(set, _), Value::Annotation(it)) if set.article == *article => {
                Some(&**it)
            }
            _ => None,
        })
    }

    /// The articles whose text is not at hand.
    pub(super) fn without_text(&self) -> Vec<ArticleId> {
        let articles = self.articles().into_iter().map(|(id, _)| id);
        articles.filter(|id| !self.texts.contains_key(id)).collect()
    }

    /// Takes an article and what lies on it from another copy, in place of what is here.
    pub(super) fn replace_article(&mut self, article: &ArticleId, other: &Copy) {
        self.records.retain(|key, _| article_of(key) != Some(article));
        let theirs = other.records.iter().filter(|(key, _)| article_of(key) == Some(article));
        self.records.extend(theirs.map(|(key, value)| (key.clone(), value.clone())));
        self.unplaced.retain(|key, _| article_of(key) != Some(article));
        let theirs = other.unplaced.iter().filter(|(key, _)| article_of(key) == Some(article));
        self.unplaced.extend(theirs.map(|(key, it)| (key.clone(), it.clone())));
        if let Some(text) = other.texts.get(article) {
            self.texts.insert(article.clone(), text.clone());
        }
    }

    /// An id for an article beside its own, made of its text's hash, which no article has here.
    pub(super) fn id_beside(&self, from: &ArticleId, hash: &TextHash) -> ArticleId {
        let hash = hash.to_string();
        let mut id = format!("{from}{BESIDE}{}", hash.get(..8).unwrap_or_default());
        while self.records.contains_key(&Key::Article(id.as_str().into())) {
            id.push(BESIDE);
        }
        id.into()
    }

    /// Gives articles other ids, and all that speaks of them follows.
    pub(super) fn move_articles(&mut self, moves: Moves) {
        if moves.is_empty() {
            return;
        }
        let records = std::mem::take(&mut self.records).into_iter();
        self.records = records
            .map(|(key, value)| (moved_key(key, &moves), moved_value(value, &moves)))
            .collect();
        let unplaced = std::mem::take(&mut self.unplaced).into_iter();
        self.unplaced = unplaced.map(|(key, it)| (moved_key(key, &moves), it)).collect();
        let texts = std::mem::take(&mut self.texts).into_iter();
        self.texts = texts.map(|(id, text)| (moved(&id, &moves).clone(), text)).collect();
        self.moves = moves;
    }
}

/// The removals of an older kind.
pub(super) fn removed_before(
    project: &Project,
) -> impl Iterator<Item = (ArticleId, Arc<Deletion>)> {
    let at = project.meta().created;
    let deletion = move || Deletion { at, by: "".into(), extra: Default::default() };
    act::removed_before(project.meta()).map(move |article| (article, Arc::new(deletion())))
}

/// The same without them.
pub(super) fn without_removals(meta: &Meta) -> Meta {
    let mut meta = meta.clone();
    meta.extra.remove(act::REMOVED);
    meta
}

/// What parts an article's id from what is made of its text's hash.
pub(super) const BESIDE: char = '~';

/// The other ids that articles get.
pub(super) type Moves = BTreeMap<ArticleId, ArticleId>;

fn moved<'a>(id: &'a ArticleId, moves: &'a Moves) -> &'a ArticleId {
    moves.get(id).unwrap_or(id)
}

/// What of an article's record has no place in its text; nothing of another record.
pub(super) fn unplaced_in(
    record: &Value,
) -> impl Iterator<Item = (Key, (usize, Unplaced))> + use<> {
    let of_article = match record {
        Value::Article(article) => Some(article.clone()),
        _ => None,
    };
    of_article.into_iter().flat_map(|article| {
        let unplaced = article.unplaced.clone().into_iter().enumerate();
        unplaced.map(move |(at, it)| {
            let set = SetKey { article: article.id.clone(), owner: it.owner.clone() };
            (Key::Annotation(set, it.id.clone()), (at, it))
        })
    })
}

/// The article that a record is, or lies on; a deletion is and lies nowhere.
pub(super) fn article_of(key: &Key) -> Option<&ArticleId> {
    match key {
        Key::Deletion(_) => None,
        key => key.lies_on(),
    }
}

fn moved_key(key: Key, moves: &Moves) -> Key {
    let set = |set: SetKey| SetKey { article: moved(&set.article, moves).clone(), ..set };
    match key {
        Key::Article(id) => Key::Article(moved(&id, moves).clone()),
        Key::Set(of) => Key::Set(set(of)),
        Key::Annotation(of, id) => Key::Annotation(set(of), id),
        Key::Deletion(of) => Key::Deletion(Arc::new(moved_key((*of).clone(), moves))),
        key => key,
    }
}

pub(super) fn moved_value(mut value: Value, moves: &Moves) -> Value {
    let moves_place = |place: &Place| moves.contains_key(&place.article);
    let move_place = |place: &mut Place| place.article = moved(&place.article, moves).clone();
    match &mut value {
        Value::Article(article) => {
            if let Some(to) = moves.get(&article.id) {
                Arc::make_mut(article).id = to.clone();
            }
        }
        Value::Relation(relation) => {
            let to = match &relation.to {
                Some(Target::Annotation(place)) => moves_place(place),
                _ => false,
            };
            if to || moves_place(&relation.from) {
                let relation = Arc::make_mut(relation);
                move_place(&mut relation.from);
                if let Some(Target::Annotation(place)) = &mut relation.to {
                    move_place(place);
                }
            }
        }
        Value::Group(group) if group.members.iter().any(moves_place) => {
            Arc::make_mut(group).members.iter_mut().for_each(move_place);
        }
        _ => {}
    }
    value
}
