//! What two copies of one record come to. Nothing here knows whose copy is whose, but by name.

use std::sync::Arc;

use super::Side;
use crate::annotation::Status;
use crate::project::{Article, SetInfo, Value};

/// What a record is if mine stands, and if theirs does: the same where nothing has to be decided.
pub(super) struct Joined {
    pub(super) mine: Value,
    pub(super) theirs: Value,
    /// Which of them was changed last, or comes later in a fixed order.
    pub(super) newest: Side,
}

/// What a record comes to that both have: what can be joined without loss is the same in either
/// outcome. Where it stands among its kind is found elsewhere.
pub(super) fn join(mine: &Value, theirs: &Value) -> Joined {
    let order = mine.order().min(theirs.order());
    let (mut mine, mut theirs) =
        (with_order(mine.clone(), order), with_order(theirs.clone(), order));
    match (&mut mine, &mut theirs) {
        (mine, theirs) if mine == theirs => {}
        (Value::Annotator(mine), Value::Annotator(theirs)) => {
            // Who has not said their name yet has no other.
            if mine.name.is_empty() {
                Arc::make_mut(mine).name = theirs.name.clone();
            } else if theirs.name.is_empty() {
                Arc::make_mut(theirs).name = mine.name.clone();
            }
        }
        (Value::Speaker(mine), Value::Speaker(theirs)) => {
            let aliases = union(&mine.aliases, &theirs.aliases);
            Arc::make_mut(mine).aliases = aliases.clone();
            Arc::make_mut(theirs).aliases = aliases;
        }
        (Value::Group(mine), Value::Group(theirs)) => {
            let members = union(&mine.members, &theirs.members);
            Arc::make_mut(mine).members = members.clone();
            Arc::make_mut(theirs).members = members;
        }
        (Value::Article(mine), Value::Article(theirs)) => {
            let length = |it: &Article| (it.former_texts.len(), it.former_texts.clone());
            let longer = if length(mine) >= length(theirs) { &*mine } else { &*theirs };
            let former_texts = longer.former_texts.clone();
            for article in [mine, theirs] {
                let article = Arc::make_mut(article);
                article.former_texts = former_texts.clone();
                // What has no place in the text comes together by itself, as annotations do.
                article.unplaced.clear();
            }
        }
        (Value::Set(mine), Value::Set(theirs)) => {
            let status = further(mine.status, theirs.status);
            for set in [mine, theirs] {
                *set = Arc::new(SetInfo { status, extra: set.extra.clone() });
            }
        }
        _ => {}
    }
    let newest = if rank(&mine) >= rank(&theirs) { Side::Mine } else { Side::Theirs };
    Joined { mine, theirs, newest }
}

/// Of two deletions of one record, the later.
pub(super) fn later_deletion(known: [Option<Value>; 2]) -> Option<Value> {
    known.into_iter().flatten().max_by_key(rank)
}

/// Decides which of two records is the newer. Where they do not tell, what they say decides,
/// spelled out: an order that is the same whoever asks.
fn rank(value: &Value) -> (u64, String) {
    let time = match value {
        Value::Annotation(it) => it.updated.0,
        Value::Deletion(it) => it.at.0,
        Value::Scheme(it) => u64::from(it.version),
        _ => 0,
    };
    (time, format!("{value:?}"))
}

/// The further of two. What one left out on purpose was begun no further by the other, unless that
/// one finished it.
fn further(a: Status, b: Status) -> Status {
    let how_far = |status: &Status| match status {
        Status::Todo => 0,
        Status::Doing => 1,
        Status::Skipped => 2,
        Status::Done => 3,
    };
    if how_far(&a) >= how_far(&b) { a } else { b }
}

/// All that stands in either list, each once: as in the one that has all of the other, else sorted.
pub(super) fn union<T: Ord + Clone>(a: &[T], b: &[T]) -> Vec<T> {
    let (a, b) = (each_once(a), each_once(b));
    let has_all = |of: &[T], other: &[T]| other.iter().all(|it| of.contains(it));
    match (has_all(&a, &b), has_all(&b, &a)) {
        (true, true) => a.max(b),
        (true, false) => a,
        (false, true) => b,
        (false, false) => {
            let mut all = [a, b].concat();
            all.sort();
            all.dedup();
            all
        }
    }
}

pub(super) fn each_once<T: PartialEq + Clone>(list: &[T]) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for item in list {
        if !once.contains(item) {
            once.push(item.clone());
        }
    }
    once
}

/// The record at another place among its kind; nothing changes where these have no order.
pub(super) fn with_order(mut value: Value, order: u32) -> Value {
    if value.order() == order {
        return value;
    }
    match &mut value {
        Value::Annotator(it) => Arc::make_mut(it).order = order,
        Value::Speaker(it) => Arc::make_mut(it).order = order,
        Value::Group(it) => Arc::make_mut(it).order = order,
        Value::Relation(it) => Arc::make_mut(it).order = order,
        Value::Article(it) => Arc::make_mut(it).order = order,
        Value::Meta(_)
        | Value::Scheme(_)
        | Value::Set(_)
        | Value::Annotation(_)
        | Value::Deletion(_) => {}
    }
    value
}
