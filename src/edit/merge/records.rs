//! A project as its records, which can be compared, moved and joined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::annotation::{Annotation, ArticleId, Place, Target};
use crate::edit::act;
use crate::project::{Article, Deletion, Key, Owner, Project, SetKey, TextHash, Unplaced, Value};
use crate::text::Text;

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
        Copy { records, texts, unplaced }
    }

    /// All that stands in a project, with removals of an older kind as deletions, and none of
    /// something that is there.
    pub(super) fn of(project: &Project) -> Copy {
        let mut copy = Copy::of_all(project);
        let mut meta = (**project.meta()).clone();
        for article in act::removed_before(project.meta()) {
            let deletion = Deletion { at: meta.created, by: "".into(), extra: Default::default() };
            let key = Key::Deletion(Arc::new(Key::Article(article)));
            copy.records.entry(key).or_insert(Value::Deletion(Arc::new(deletion)));
        }
        if meta.extra.remove(act::REMOVED).is_some() {
            copy.records.insert(Key::Meta, Value::Meta(Arc::new(meta)));
        }
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

    /// Gives an article an id made of its text's hash, and all that speaks of it follows.
    pub(super) fn move_article(&mut self, from: &ArticleId, hash: &TextHash) {
        let mut id = format!("{from}~{}", hash.as_str().get(..8).unwrap_or_default());
        while self.records.contains_key(&Key::Article(id.as_str().into())) {
            id.push('~');
        }
        let to = ArticleId::from(id);
        let records = std::mem::take(&mut self.records).into_iter();
        self.records = records
            .map(|(key, value)| (moved_key(key, from, &to), moved_value(value, from, &to)))
            .collect();
        let unplaced = std::mem::take(&mut self.unplaced).into_iter();
        self.unplaced = unplaced.map(|(key, it)| (moved_key(key, from, &to), it)).collect();
        if let Some(text) = self.texts.remove(from) {
            self.texts.insert(to, text);
        }
    }
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

fn moved_key(key: Key, from: &ArticleId, to: &ArticleId) -> Key {
    let set = |set: SetKey| match set.article == *from {
        true => SetKey { article: to.clone(), ..set },
        false => set,
    };
    match key {
        Key::Article(id) if id == *from => Key::Article(to.clone()),
        Key::Set(of) => Key::Set(set(of)),
        Key::Annotation(of, id) => Key::Annotation(set(of), id),
        Key::Deletion(of) => Key::Deletion(Arc::new(moved_key((*of).clone(), from, to))),
        key => key,
    }
}

fn moved_value(mut value: Value, from: &ArticleId, to: &ArticleId) -> Value {
    let move_place = |place: &mut Place| {
        if place.article == *from {
            place.article = to.clone();
        }
    };
    match &mut value {
        Value::Article(article) if article.id == *from => Arc::make_mut(article).id = to.clone(),
        Value::Relation(relation) => {
            let relation = Arc::make_mut(relation);
            move_place(&mut relation.from);
            if let Some(Target::Annotation(place)) = &mut relation.to {
                move_place(place);
            }
        }
        Value::Group(group) => Arc::make_mut(group).members.iter_mut().for_each(move_place),
        _ => {}
    }
    value
}
