//! Two projects into one transaction: all of another, or what another has more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;

use super::{Change, Intent, Transaction};
use crate::annotation::{ArticleId, Place, Status, Target};
use crate::project::{Key, NotLoaded, Project, SetInfo, Value};

/// The transaction that turns one project into another; articles that either has and has not
/// loaded keep their annotations.
///
/// An article that `from` does not have needs its text at hand before this applies: see
/// [`with_texts_of`].
pub fn between(from: &Project, to: &Project, intent: Intent) -> Transaction {
    let keys: BTreeSet<Key> = from.keys().into_iter().chain(to.keys()).collect();
    let change = |key: Key| {
        let (from, to) = (known(from, &key)?, known(to, &key)?);
        Some(Change { key, from, to })
    };
    let changes: Vec<Change> = keys.into_iter().filter_map(change).collect();
    let (gone, come): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|change| change.to.is_none());
    // Annotations go before their article does, and come after it.
    Transaction::new(intent, gone.into_iter().rev().chain(come))
}

/// The project with the texts at hand of articles that only `other` has, as a transaction that
/// adds them and their annotations needs them.
pub fn with_texts_of(project: &Project, other: &Project) -> Project {
    let mut project = project.clone();
    for article in other.loaded_articles() {
        if let (None, Some(text)) = (project.article(article), other.text(article)) {
            project = project.with_loaded(article, text.clone(), []).0;
        }
    }
    project
}

/// What stands under a key; none where it cannot be known.
fn known(project: &Project, key: &Key) -> Option<Option<Value>> {
    match project.value(key) {
        Ok(value) => Some(value),
        Err(NotLoaded(article)) if project.article(&article).is_none() => Some(None),
        Err(_) => None,
    }
}

/// What a merge does, and what it leaves for a person to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// Its intent is [`Intent::Merge`]; it needs the texts of new articles at hand, see
    /// [`with_texts_of`].
    pub transaction: Transaction,
    /// How many records of each kind are new.
    pub added: Tally,
    /// How many sets of mine are now further than they were.
    pub advanced: u32,
    /// Where the two do not agree; mine was kept.
    pub differs: Vec<Difference>,
}

/// How many records there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Tally {
    pub articles: u32,
    pub annotators: u32,
    pub speakers: u32,
    pub annotations: u32,
    pub relations: u32,
    pub groups: u32,
}

impl Tally {
    fn count(&mut self, key: &Key) {
        match key {
            Key::Meta | Key::Scheme | Key::Set(_) => {}
            Key::Annotator(_) => self.annotators += 1,
            Key::Speaker(_) => self.speakers += 1,
            Key::Group(_) => self.groups += 1,
            Key::Relation(_) => self.relations += 1,
            Key::Article(_) => self.articles += 1,
            Key::Annotation(..) => self.annotations += 1,
        }
    }
}

impl fmt::Display for Tally {
    /// As `2 articles, 1 annotation`; `nothing` if all are zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.articles, "article"),
            (self.annotations, "annotation"),
            (self.speakers, "speaker"),
            (self.annotators, "annotator"),
            (self.relations, "relation"),
            (self.groups, "group"),
        ];
        let named = counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| {
            let plural = if *count == 1 { "" } else { "s" };
            format!("{count} {name}{plural}")
        });
        match named.collect::<Vec<_>>() {
            named if named.is_empty() => f.write_str("nothing"),
            named => f.write_str(&named.join(", ")),
        }
    }
}

/// A record that both projects have, but not the same; mine was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Which record.
    pub key: Key,
    /// What people know it by, in mine.
    pub name: String,
    /// Why it differs.
    pub why: Why,
}

/// Why a record was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The two say different things.
    Content,
    /// An article of another text, so that so many annotations of theirs have no place in mine.
    Text {
        /// Those of theirs that were left out.
        left_out: u32,
    },
    /// An article that both have and mine has not loaded; its annotations were not compared.
    NotLoaded,
}

/// The articles that mine has yet to load for a merge to compare their annotations.
pub fn needed<'a>(mine: &'a Project, theirs: &'a Project) -> impl Iterator<Item = &'a ArticleId> {
    let both = theirs.loaded_articles().filter(|id| mine.article(id).is_some());
    both.filter(|id| mine.loaded(id).is_none())
}

/// What theirs has more than mine, where both are copies of one project: the caller has compared
/// their ids.
///
/// Records are told apart by id alone, so that speakers of one name stay two. Where both have a
/// record, mine stands, and the difference is listed; only a status moves to the further one.
/// What mine has deleted and theirs still has comes back: a project does not remember.
pub fn merge(mine: &Project, theirs: &Project) -> Merge {
    let mut differs = Vec::new();
    // Articles whose annotations cannot be taken.
    let mut closed: BTreeMap<ArticleId, Why> = BTreeMap::new();
    for article in theirs.articles() {
        let Some(own) = mine.article(&article.id) else { continue };
        let why = if own.text != article.text {
            let sets =
                theirs.loaded(&article.id).into_iter().flat_map(|loaded| loaded.sets.values());
            Why::Text { left_out: sets.map(|set| set.len() as u32).sum() }
        } else if theirs.loaded(&article.id).is_some() && mine.loaded(&article.id).is_none() {
            Why::NotLoaded
        } else {
            continue;
        };
        closed.insert(article.id.clone(), why);
        differs.push(difference(Key::Article(article.id.clone()), mine, why));
    }

    let (mut changes, mut added, mut advanced) = (Vec::new(), Tally::default(), 0);
    let mut orders: BTreeMap<u8, u32> = BTreeMap::new();
    // Records that theirs has in an order of its own come in that order, behind mine.
    for key in in_order(theirs) {
        let article = match &key {
            Key::Article(id) => Some(id),
            Key::Set(set) | Key::Annotation(set, _) => Some(&set.article),
            _ => None,
        };
        if article.is_some_and(|id| closed.contains_key(id)) {
            continue;
        }
        let (Some(own), Some(Some(value))) = (known(mine, &key), known(theirs, &key)) else {
            continue;
        };
        let missing = |place: &Place| {
            let other_text = matches!(closed.get(&place.article), Some(Why::Text { .. }));
            other_text && !holds(mine, place) && holds(theirs, place)
        };
        match (&own, value) {
            (None, value) => {
                let Some(value) = without(value, missing) else { continue };
                added.count(&key);
                let next = orders.entry(rank(&key)).or_insert_with(|| mine.next_order(&key));
                let value = with_order(value, *next);
                *next += 1;
                changes.push(Change { key, from: None, to: Some(value) });
            }
            (Some(Value::Set(own_info)), Value::Set(info)) => {
                let merged = SetInfo {
                    status: further(own_info.status, info.status),
                    seconds: own_info.seconds.max(info.seconds),
                    extra: own_info.extra.clone(),
                };
                if merged.extra != info.extra {
                    differs.push(difference(key.clone(), mine, Why::Content));
                }
                advanced += u32::from(merged.status != own_info.status);
                changes.push(Change { key, from: own, to: Some(Value::Set(Rc::new(merged))) });
            }
            (Some(own), value) => {
                if *own != with_order(value, own.order()) {
                    differs.push(difference(key, mine, Why::Content));
                }
            }
        }
    }
    Merge { transaction: Transaction::new(Intent::Merge, changes), added, advanced, differs }
}

/// The further of two; what was left out on purpose stays so, and is not learned from another.
fn further(mine: Status, theirs: Status) -> Status {
    match (mine, theirs) {
        (Status::Skipped, _) | (_, Status::Skipped) => mine,
        _ => mine.max(theirs),
    }
}

/// All keys of a project, each kind in the project's order.
fn in_order(project: &Project) -> Vec<Key> {
    let mut keys = project.keys();
    keys.sort_by_cached_key(|key| {
        let order = match project.value(key) {
            Ok(Some(value)) => value.order(),
            _ => 0,
        };
        (rank(key), order)
    });
    keys
}

/// One number for each kind of key, in the order of kinds.
fn rank(key: &Key) -> u8 {
    match key {
        Key::Meta => 0,
        Key::Scheme => 1,
        Key::Annotator(_) => 2,
        Key::Speaker(_) => 3,
        Key::Group(_) => 4,
        Key::Relation(_) => 5,
        Key::Article(_) => 6,
        Key::Set(_) => 7,
        Key::Annotation(..) => 8,
    }
}

fn with_order(mut value: Value, order: u32) -> Value {
    match &mut value {
        Value::Annotator(it) => Rc::make_mut(it).order = order,
        Value::Speaker(it) => Rc::make_mut(it).order = order,
        Value::Group(it) => Rc::make_mut(it).order = order,
        Value::Relation(it) => Rc::make_mut(it).order = order,
        Value::Article(it) => Rc::make_mut(it).order = order,
        Value::Meta(_) | Value::Scheme(_) | Value::Set(_) | Value::Annotation(_) => {}
    }
    value
}

/// Whether a loaded article holds an annotation.
fn holds(project: &Project, place: &Place) -> bool {
    let loaded = project.loaded(&place.article);
    loaded.is_some_and(|it| it.sets.values().any(|set| set.contains_key(&place.annotation)))
}

/// A record without what is missing; none for a relation that starts or ends there.
fn without(value: Value, missing: impl Fn(&Place) -> bool) -> Option<Value> {
    match value {
        Value::Relation(relation) => {
            let to = matches!(&relation.to, Some(Target::Annotation(place)) if missing(place));
            (!to && !missing(&relation.from)).then_some(Value::Relation(relation))
        }
        Value::Group(mut group) => {
            Rc::make_mut(&mut group).members.retain(|place| !missing(place));
            Some(Value::Group(group))
        }
        value => Some(value),
    }
}

fn difference(key: Key, mine: &Project, why: Why) -> Difference {
    let name = match mine.value(&key) {
        Ok(Some(Value::Meta(it))) => it.title.clone(),
        Ok(Some(Value::Scheme(it))) => it.id.to_string(),
        Ok(Some(Value::Annotator(it))) => it.name.clone(),
        Ok(Some(Value::Speaker(it))) => it.name.clone(),
        Ok(Some(Value::Group(it))) => it.sentence.clone(),
        Ok(Some(Value::Relation(it))) => it.kind.to_string(),
        Ok(Some(Value::Article(it))) => it.title.clone(),
        Ok(Some(Value::Set(_))) => String::new(),
        Ok(Some(Value::Annotation(it))) => match &key {
            Key::Annotation(set, _) => mine
                .text(&set.article)
                .map(|text| text.slice(it.spans.first()).to_owned())
                .unwrap_or_default(),
            _ => String::new(),
        },
        _ => String::new(),
    };
    Difference { key, name, why }
}
