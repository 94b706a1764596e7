//! Two copies of a project into one, and a project made what a file has.
//!
//! Merging is a function of two projects and of decisions, told to people in `docs/merging.md`. It
//! finds what the project is to be, and the transaction is the difference. Whichever copy is merged
//! into the other, the result is the same, and merging again changes nothing.

mod facts;
mod join;
mod later_text;
mod order;
mod parted;
mod records;
mod summary;

pub use facts::Fact;
pub use parted::{Done, Part, Parted};
pub use summary::{Listed, Summary, Tally};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Change, Intent, Transaction, act};
use crate::annotation::{ArticleId, Place, Spans, Target, Timestamp};
use crate::project::{Key, NotLoaded, Project, SetKey, Sets, Unplaced, Value};
use join::{Joined, each_once, join, later_deletion, union};
use later_text::{OnOneText, on_one_text};
use records::{Copy, Moves, Records, article_of, unplaced_in};

/// One of two copies of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The project that another is merged into.
    Mine,
    /// The other.
    Theirs,
}

/// How all differences are decided that are not decided one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// What was changed last stands; where that is not known, a fixed order of what the two say.
    #[default]
    Newest,
    /// Mine stands.
    Mine,
    /// Theirs stands.
    Theirs,
}

/// What stands where two copies differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// For all that are not decided one by one.
    pub rule: Rule,
    /// Those that are, each once.
    pub single: Vec<(Key, Side)>,
}

impl Decisions {
    /// What a rule decides, and no person.
    pub fn by(rule: Rule) -> Decisions {
        Decisions { rule, single: Vec::new() }
    }

    /// Which copy stands in a difference whose newer one is known.
    pub fn side(&self, key: &Key, newest: Side) -> Side {
        let single = self.single.iter().find(|(decided, _)| decided == key);
        match (single, self.rule) {
            (Some((_, side)), _) => *side,
            (None, Rule::Newest) => newest,
            (None, Rule::Mine) => Side::Mine,
            (None, Rule::Theirs) => Side::Theirs,
        }
    }

    /// Decides one difference, whatever the rule says.
    pub fn decide(&mut self, key: Key, side: Side) {
        self.single.retain(|(decided, _)| *decided != key);
        self.single.push((key, side));
    }
}

/// What a merge does, and where the two do not agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// Its intent is [`Intent::Merge`]; it needs texts at hand, see [`with_texts`].
    pub transaction: Transaction,
    /// What it does whatever is decided, for people.
    pub summary: Summary,
    /// What was decided; in the order of keys.
    pub differences: Vec<Difference>,
    /// What could not be decided, but is to be known.
    pub notes: Vec<Note>,
}

/// A record that the two copies have not the same, or that one has and the other deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Which record.
    pub key: Key,
    /// What people know it by.
    pub name: String,
    /// What mine says of it.
    pub mine: Vec<Fact>,
    /// What theirs says of it.
    pub theirs: Vec<Fact>,
    /// Which one stands by [`Rule::Newest`].
    pub newest: Side,
}

/// Something that is done without a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What people know it by.
    pub name: String,
    /// What is done with it, and why.
    pub why: Why,
}

/// What is done without a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An article of another text in each copy: both are kept, this one's under a new id.
    OtherText(Side),
    /// An article whose text was changed in one copy, or in both: the text of this one stands, and
    /// what lies on the other copy's was carried over.
    LaterText(Side),
    /// A relation that goes, since what it starts from or leads to goes.
    LostEnd,
    /// An article of theirs whose text is not in the file, so that what lies on it is not there.
    NoText,
}

/// The articles that mine has yet to load before the two can be compared.
pub fn needed(mine: &Project, theirs: &Project) -> Vec<ArticleId> {
    let deleted = theirs.deletions().filter_map(|(key, _)| match key {
        Key::Article(id) => Some(id.clone()),
        Key::Annotation(set, _) => Some(set.article.clone()),
        _ => None,
    });
    let deleted: BTreeSet<_> = deleted.chain(act::removed_before(theirs.meta())).collect();
    not_loaded(mine, |id| theirs.loaded(id).is_some() || deleted.contains(id))
}

/// The articles that mine has yet to load before it can be made what a file has.
pub fn needed_to_restore(mine: &Project, theirs: &Project) -> Vec<ArticleId> {
    not_loaded(mine, |id| theirs.loaded(id).is_some() || theirs.article(id).is_none())
}

fn not_loaded(mine: &Project, is_needed: impl Fn(&ArticleId) -> bool) -> Vec<ArticleId> {
    let ids = mine.articles().into_iter().map(|article| &article.id);
    ids.filter(|id| mine.loaded(id).is_none() && is_needed(id)).cloned().collect()
}

/// What merging theirs into mine does, where both are copies of one project: the caller has
/// compared their ids. `file` says where theirs came from.
///
/// # Errors
/// The first article that is [`needed`] and not loaded.
pub fn merge(
    mine: &Project,
    theirs: &Project,
    file: &str,
    decisions: &Decisions,
) -> Result<Merge, NotLoaded> {
    if let Some(article) = needed(mine, theirs).into_iter().next() {
        return Err(NotLoaded(article));
    }
    let mut merging = joined(mine, theirs, decisions);
    let lost = merging.lost();
    merging.forget(&lost);
    order::settle(&mut merging.merged, &merging.mine.records, &merging.theirs.records);
    Ok(merging.done(mine, file))
}

/// The two copies of all articles brought together, and of what has no article as far as no article
/// matters.
fn joined<'a>(mine: &Project, theirs: &Project, decisions: &'a Decisions) -> Merging<'a> {
    let OnOneText { mine, theirs, notes } = on_one_text(mine, theirs);
    let mut merging =
        Merging { notes, ..Merging::of(Copy::of(&mine), Copy::of(&theirs), decisions) };
    merging.leave_out_without_text();
    merging.part_texts();
    merging.join(|_| true);
    merging
}

/// What making a project what a file has does.
#[derive(Clone, Debug, PartialEq)]
pub struct Restore {
    /// Its intent is [`Intent::Restore`]; it needs texts at hand, see [`with_texts`].
    pub transaction: Transaction,
    /// What it does, for people.
    pub summary: Summary,
    /// What of the file is not what it was.
    pub notes: Vec<Note>,
}

/// What makes mine just what theirs is; of articles whose text is not in the file, mine stay.
///
/// # Errors
/// The first article that is needed ([`needed_to_restore`]) and not loaded.
pub fn restore(mine: &Project, theirs: &Project, file: &str) -> Result<Restore, NotLoaded> {
    if let Some(article) = needed_to_restore(mine, theirs).into_iter().next() {
        return Err(NotLoaded(article));
    }
    let (before, mut after) = (Copy::of_all(mine), Copy::of_all(theirs));
    let mut notes = Vec::new();
    for article in after.without_text() {
        notes.push(Note { name: after.title(&article), why: Why::NoText });
        after.replace_article(&article, &before);
    }
    let intent = Intent::Restore { file: file.to_owned() };
    let transaction = turn(&before.records, &after.records, intent);
    let summary = Summary::of(transaction.changes(), &before, &after);
    Ok(Restore { transaction, summary, notes })
}

/// The transaction that turns one project into another; articles that both have and either has
/// not loaded keep their annotations.
///
/// It needs texts at hand before it applies: see [`with_texts`].
pub fn between(from: &Project, to: &Project, intent: Intent) -> Transaction {
    let known_in = |project: &Project, key: &Key| match key.article() {
        Some(article) => project.loaded(article).is_some() || project.article(article).is_none(),
        None => true,
    };
    let mut records = [Copy::of_all(from).records, Copy::of_all(to).records];
    for records in &mut records {
        records.retain(|key, _| known_in(from, key) && known_in(to, key));
    }
    turn(&records[0], &records[1], intent)
}

/// The project with all texts at hand that a transaction needs, of those that it or `other` has:
/// texts of new articles, and texts that articles get in place of theirs.
pub fn with_texts(project: &Project, transaction: &Transaction, other: &Project) -> Project {
    let mut ready = project.clone();
    for change in transaction.changes() {
        let (Key::Article(id), Some(Value::Article(article))) = (&change.key, &change.to) else {
            continue;
        };
        let known = [project, other].into_iter().flat_map(|project| {
            project.loaded_articles().filter_map(|id| project.text(id)).collect::<Vec<_>>()
        });
        let mut known = known.filter(|text| article.text.names(text));
        let Some(text) = known.next().cloned() else { continue };
        if change.from.is_none() {
            ready = ready.with_loaded(id, text, Sets::new()).0;
        } else if change.replaced_text().is_some() {
            ready = ready.with_text(text);
        }
    }
    ready
}

/// The transaction from one set of records to another.
fn turn(from: &Records, to: &Records, intent: Intent) -> Transaction {
    let keys: BTreeSet<&Key> = from.keys().chain(to.keys()).collect();
    let changes = keys.into_iter().map(|key| Change {
        key: key.clone(),
        from: from.get(key).cloned(),
        to: to.get(key).cloned(),
    });
    let (gone, come): (Vec<_>, Vec<_>) = changes.partition(|change| change.to.is_none());
    // Annotations go before their article does, and come after it.
    Transaction::new(intent, gone.into_iter().rev().chain(come))
}

/// Where theirs knows of more time that was spent on an article, on its same text: the sets, and
/// how much. Time is no part of the transaction, so that no undo takes it back.
pub fn longer_times(mine: &Project, theirs: &Project) -> Vec<(SetKey, u64)> {
    let mut longer = Vec::new();
    for article in theirs.articles() {
        if mine.article(&article.id).is_none_or(|own| own.text != article.text) {
            continue;
        }
        for (owner, row) in theirs.rows_of(&article.id) {
            let set = SetKey { article: article.id.clone(), owner: owner.clone() };
            if row.seconds > mine.seconds(&set) {
                longer.push((set, row.seconds));
            }
        }
    }
    longer
}

/// A merge under way.
struct Merging<'a> {
    mine: Copy,
    theirs: Copy,
    decisions: &'a Decisions,
    merged: Records,
    differences: Vec<Difference>,
    notes: Vec<Note>,
}

impl Merging<'_> {
    fn of(mine: Copy, theirs: Copy, decisions: &Decisions) -> Merging<'_> {
        Merging {
            mine,
            theirs,
            decisions,
            merged: Records::new(),
            differences: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What mine has to become what was merged.
    fn done(self, mine: &Project, file: &str) -> Merge {
        let Merging { merged, differences, notes, theirs, .. } = self;
        let before = Copy::of_all(mine);
        let transaction = turn(&before.records, &merged, Intent::Merge { file: file.to_owned() });
        let disputed: BTreeSet<&Key> = differences.iter().map(|it| &it.key).collect();
        let is_disputed = |key: &Key| {
            let article = article_of(key).map(|id| Key::Article(id.clone()));
            disputed.contains(key) || article.is_some_and(|article| disputed.contains(&article))
        };
        let changes = transaction.changes().iter().filter(|change| !is_disputed(&change.key));
        let summary = Summary::of(changes, &before, &theirs);
        Merge { transaction, summary, differences, notes }
    }

    /// Of an article whose text is not in the file, nothing can come; what mine has stays.
    fn leave_out_without_text(&mut self) {
        for article in self.theirs.without_text() {
            self.notes.push(Note { name: self.theirs.title(&article), why: Why::NoText });
            self.theirs.replace_article(&article, &self.mine);
        }
    }

    /// Articles of one id and two texts are two articles: the one whose text has the greater hash
    /// gets an id made of that.
    fn part_texts(&mut self) {
        let both = self.mine.articles().into_iter().filter_map(|(id, mine)| {
            let theirs = self.theirs.article(&id)?.text.clone();
            (mine.text != theirs).then_some((id, mine.text.clone(), theirs))
        });
        let (mut my_moves, mut their_moves) = (Moves::new(), Moves::new());
        for (id, mine, theirs) in both {
            let (side, copy, hash, moves) = match mine > theirs {
                true => (Side::Mine, &self.mine, mine, &mut my_moves),
                false => (Side::Theirs, &self.theirs, theirs, &mut their_moves),
            };
            self.notes.push(Note { name: copy.title(&id), why: Why::OtherText(side) });
            let to = copy.id_beside(&id, &hash);
            moves.insert(id, to);
        }
        self.mine.move_articles(my_moves);
        self.theirs.move_articles(their_moves);
    }

    /// Record by record, of those that are wanted: what both say the same, what one has, and what is
    /// decided.
    fn join(&mut self, is_wanted: impl Fn(&Key) -> bool) {
        let keys = self.mine.records.keys().chain(self.theirs.records.keys());
        let keys: BTreeSet<Key> = keys.filter(|key| is_wanted(key)).cloned().collect();
        let (deletions, keys): (Vec<Key>, Vec<Key>) =
            keys.into_iter().partition(|key| matches!(key, Key::Deletion(_)));
        let mut gone: BTreeSet<ArticleId> = BTreeSet::new();
        // An article's key comes before those of what lies on it.
        for key in keys {
            let article = match &key {
                Key::Set(set) | Key::Annotation(set, _) => Some(&set.article),
                _ => None,
            };
            if article.is_some_and(|article| gone.contains(article)) {
                continue;
            }
            let stands = match (self.mine.records.get(&key), self.theirs.records.get(&key)) {
                (Some(mine), Some(theirs)) => {
                    let joined = join(mine, theirs);
                    Some(self.decided(&key, joined))
                }
                (Some(mine), None) => self.kept(&key, mine.clone(), Side::Mine),
                (None, Some(theirs)) => self.kept(&key, theirs.clone(), Side::Theirs),
                (None, None) => None,
            };
            match (stands, key) {
                (Some(value), key) => drop(self.merged.insert(key, value)),
                (None, Key::Article(id)) => drop(gone.insert(id)),
                (None, _) => {}
            }
        }
        let unplaced = self.join_unplaced();
        for key in deletions {
            let Key::Deletion(of) = &key else { continue };
            if !self.merged.contains_key(of) && !unplaced.contains_key(of) {
                let known = [&self.mine, &self.theirs].map(|it| it.records.get(&key).cloned());
                self.merged.extend(later_deletion(known).map(|value| (key, value)));
            }
        }
    }

    /// What has no place in the text of its article, once all that has is known: of what is placed
    /// in either copy, the place stands. Gives those that stand, and puts them where they belong.
    fn join_unplaced(&mut self) -> BTreeMap<Key, Unplaced> {
        let both = [&self.mine, &self.theirs].into_iter().flat_map(|it| it.unplaced.keys());
        let both: BTreeSet<Key> = both.cloned().collect();
        let mut stand: BTreeMap<Key, Unplaced> = BTreeMap::new();
        for key in both {
            let article = article_of(&key).map(|id| Key::Article(id.clone()));
            let lies_nowhere = article.is_none_or(|it| !self.merged.contains_key(&it));
            if lies_nowhere || self.merged.contains_key(&key) {
                continue;
            }
            let of = |copy: &Copy| copy.unplaced.get(&key).map(|(_, it)| it.clone());
            let side = match (of(&self.mine), of(&self.theirs)) {
                (Some(mine), Some(theirs)) => {
                    let rank = |it: &Unplaced| (it.updated, format!("{it:?}"));
                    let newest =
                        if rank(&mine) >= rank(&theirs) { Side::Mine } else { Side::Theirs };
                    let (mine, theirs) = (on_stand_in(&mine), on_stand_in(&theirs));
                    self.decided(&key, Joined { mine, theirs, newest });
                    Some(self.decisions.side(&key, newest))
                }
                (Some(mine), None) => {
                    self.kept(&key, on_stand_in(&mine), Side::Mine).map(|_| Side::Mine)
                }
                (None, Some(theirs)) => {
                    self.kept(&key, on_stand_in(&theirs), Side::Theirs).map(|_| Side::Theirs)
                }
                (None, None) => None,
            };
            let stands = side.and_then(|side| match side {
                Side::Mine => of(&self.mine),
                Side::Theirs => of(&self.theirs),
            });
            stand.extend(stands.map(|it| (key, it)));
        }
        let Merging { mine, theirs, merged, .. } = self;
        for (article, value) in merged.iter_mut() {
            let Value::Article(record) = value else { continue };
            let order = |copy: &Copy| -> Vec<Key> {
                let record = copy.records.get(article);
                let keys = record.into_iter().flat_map(unplaced_in).map(|(key, _)| key);
                keys.filter(|key| stand.contains_key(key)).collect()
            };
            let keys = union(&order(mine), &order(theirs));
            let unplaced: Vec<Unplaced> =
                keys.iter().filter_map(|key| stand.get(key)).cloned().collect();
            if record.unplaced != unplaced {
                Arc::make_mut(record).unplaced = unplaced;
            }
        }
        stand
    }

    /// What stands of a record that both have.
    fn decided(&mut self, key: &Key, joined: Joined) -> Value {
        let Joined { mine, theirs, newest } = joined;
        if mine == theirs {
            return mine;
        }
        self.differences.push(Difference {
            key: key.clone(),
            name: self.mine.name(key, &mine),
            mine: self.mine.facts(key, &mine),
            theirs: self.theirs.facts(key, &theirs),
            newest,
        });
        let last = self.differences.last_mut();
        if let Some(Difference { mine, theirs, .. }) = last.filter(|it| it.mine == it.theirs) {
            for facts in [mine, theirs] {
                facts.push(Fact::new("More", "What is not shown here differs"));
            }
        }
        match self.decisions.side(key, newest) {
            Side::Mine => mine,
            Side::Theirs => theirs,
        }
    }

    /// What stands of a record that one has, and the other has not or has deleted.
    fn kept(&mut self, key: &Key, value: Value, side: Side) -> Option<Value> {
        let (here, there, other) = match side {
            Side::Mine => (&self.mine, &self.theirs, Side::Theirs),
            Side::Theirs => (&self.theirs, &self.mine, Side::Mine),
        };
        let deletion = Key::Deletion(Arc::new(key.clone()));
        let Some(Value::Deletion(deletion)) = there.records.get(&deletion) else {
            return Some(value);
        };
        let newest = if updated(here, key, &value) > Some(deletion.at) { side } else { other };
        let (has, has_not) = (here.facts(key, &value), there.deleted(deletion));
        let (mine, theirs) = match side {
            Side::Mine => (has, has_not),
            Side::Theirs => (has_not, has),
        };
        let name = here.name(key, &value);
        self.differences.push(Difference { key: key.clone(), name, mine, theirs, newest });
        (self.decisions.side(key, newest) == side).then_some(value)
    }

    /// The annotations that either copy has, placed or not, and that are there no more.
    fn lost(&self) -> BTreeSet<Place> {
        let places = |records: &Records| -> BTreeSet<Place> {
            let unplaced = records.values().flat_map(unplaced_in).map(|(key, _)| key);
            let places = records.keys().cloned().chain(unplaced).filter_map(|key| match key {
                Key::Annotation(set, annotation) => {
                    Some(Place { article: set.article, annotation })
                }
                _ => None,
            });
            places.collect()
        };
        let left = places(&self.merged);
        let had = [&self.mine, &self.theirs].into_iter().flat_map(|copy| places(&copy.records));
        had.filter(|place| !left.contains(place)).collect()
    }

    /// Takes out what has lost what it is about: members of groups, and relations.
    ///
    /// What led nowhere before stays, as it came from a file that had it so.
    fn forget(&mut self, lost: &BTreeSet<Place>) {
        let group_is_lost = |group: &Key| {
            let had = [&self.mine, &self.theirs].iter().any(|it| it.records.contains_key(group));
            had && !self.merged.contains_key(group)
        };
        let mut without_end = Vec::new();
        for (key, value) in &self.merged {
            let Value::Relation(relation) = value else { continue };
            let to = match &relation.to {
                Some(Target::Annotation(place)) => lost.contains(place),
                Some(Target::Group { group }) => group_is_lost(&Key::Group(group.clone())),
                None => false,
            };
            if to || lost.contains(&relation.from) {
                without_end.push(key.clone());
            }
        }
        for key in without_end {
            let Some(value) = self.merged.remove(&key) else { continue };
            let copy = if self.mine.records.contains_key(&key) { &self.mine } else { &self.theirs };
            self.notes.push(Note { name: copy.name(&key, &value), why: Why::LostEnd });
        }
        for value in self.merged.values_mut() {
            if let Value::Group(group) = value
                && group.members.iter().any(|place| lost.contains(place))
            {
                let left: Vec<Place> =
                    group.members.iter().filter(|place| !lost.contains(place)).cloned().collect();
                Arc::make_mut(group).members = each_once(&left);
            }
        }
    }
}

/// When a record was last changed, where that is known: of an article, what lies on it.
fn updated(copy: &Copy, key: &Key, value: &Value) -> Option<Timestamp> {
    match (key, value) {
        (_, Value::Annotation(annotation)) => Some(annotation.updated),
        (Key::Article(id), Value::Article(article)) => {
            let unplaced = article.unplaced.iter().map(|it| it.updated);
            copy.annotations_of(id).map(|it| it.updated).chain(unplaced).max()
        }
        _ => None,
    }
}

/// What has no place as if it had one: what it says is compared as that of other annotations.
fn on_stand_in(unplaced: &Unplaced) -> Value {
    Value::Annotation(Arc::new(unplaced.placed(Spans::stand_in())))
}
