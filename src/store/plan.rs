//! A transaction told as data, so that any engine can run it, and run it again.

use std::pin::Pin;

use serde_json::Value as Json;

use super::StoreError;
use crate::format::stored::{Tree, read_written};

/// Something that is done in its own time. Boxed: an async function that several others await
/// would stand in each of them as a whole.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What keeps the work: object stores of values by keys, and transactions over them.
pub trait Engine {
    /// Runs a transaction: all of it is done when it comes back without an error, and else
    /// nothing.
    ///
    /// Gives the answers to what it reads, in the order of the requests.
    fn run<'a>(&'a self, plan: &'a Plan<'a>) -> Task<'a, Result<Answers, StoreError>>;
}

/// What transactions read: for each request the values that stood there, by key.
pub type Answers = Vec<Vec<Answer>>;

/// A stored value. Something stored that is no JSON reads as null, which no record is.
pub enum Answer {
    /// As JSON.
    Json(Json),
    /// As a browser has written it, and what reads numbers, see [`read_written`]: many values that are
    /// read one after the other never stand in the memory all at once, which takes ten times as much.
    Written(String, fn(&str) -> f64),
}

impl Answer {
    /// The value.
    pub fn tree(&self) -> Tree<'_> {
        match self {
            Answer::Json(json) => json.into(),
            Answer::Written(text, float) => read_written(text, *float).unwrap_or_default(),
        }
    }
}

/// What a transaction may do, and how sure that is to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It reads.
    Read,
    /// It is complete when what it wrote is on the disk.
    Strict,
    /// It is complete when the system has what it wrote; a loss of power may undo it.
    Relaxed,
}

/// One part of a key. In the order of IndexedDB, which every engine keeps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Part {
    Number(u64),
    Text(String),
}

/// Where a value stands in its object store. In one store all keys have several parts, or all
/// have one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoreKey(Vec<Part>);

impl StoreKey {
    /// Its parts; at least one.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The key with a number behind it.
    pub fn at(mut self, number: u64) -> StoreKey {
        self.0.push(Part::Number(number));
        self
    }

    /// Whether it begins with all parts of the other.
    pub fn is_below(&self, other: &StoreKey) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl FromIterator<Part> for StoreKey {
    fn from_iter<T: IntoIterator<Item = Part>>(parts: T) -> StoreKey {
        StoreKey(parts.into_iter().collect())
    }
}

impl From<&str> for StoreKey {
    fn from(name: &str) -> StoreKey {
        StoreKey(vec![Part::Text(name.to_owned())])
    }
}

impl From<&[String]> for StoreKey {
    fn from(path: &[String]) -> StoreKey {
        StoreKey(path.iter().map(|part| Part::Text(part.clone())).collect())
    }
}

/// One request to the object store whose name stands first.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The value at a key; the answer has one or none.
    Get(&'static str, StoreKey),
    /// All values, by key.
    All(&'static str),
    /// The values at a key and below it: whose keys begin with all its parts.
    Below(&'static str, StoreKey),
    /// The values from a first key to one that is no longer among them.
    Between(&'static str, StoreKey, StoreKey),
    /// To write a value at a key.
    Put(&'static str, StoreKey, Json),
    /// To delete what is at a key.
    Delete(&'static str, StoreKey),
    /// To delete what is below a key: whose keys begin with all its parts and have more.
    DeleteBelow(&'static str, StoreKey),
}

impl Ask {
    /// The object store that it asks.
    pub fn store(&self) -> &'static str {
        let (Ask::Get(store, _)
        | Ask::All(store)
        | Ask::Below(store, _)
        | Ask::Between(store, ..)
        | Ask::Put(store, ..)
        | Ask::Delete(store, _)
        | Ask::DeleteBelow(store, _)) = self;
        store
    }

    /// Whether there is an answer to it.
    pub fn reads(&self) -> bool {
        !matches!(self, Ask::Put(..) | Ask::Delete(..) | Ask::DeleteBelow(..))
    }
}

/// What a transaction asks when it knows the answers to what it asked at first; where this fails,
/// nothing is changed.
pub type Then<'a> = dyn Fn(&Answers) -> Result<Vec<Ask>, StoreError> + 'a;

/// A transaction that can be run.
pub struct Plan<'a> {
    /// What it may do.
    pub mode: Mode,
    /// The object stores it may ask.
    pub stores: &'a [&'static str],
    /// What it asks.
    pub first: &'a [Ask],
    /// What it asks then.
    pub then: Option<&'a Then<'a>>,
}

impl<'a> Plan<'a> {
    /// To make these requests to these object stores.
    pub fn new(mode: Mode, stores: &'a [&'static str], first: &'a [Ask]) -> Plan<'a> {
        Plan { mode, stores, first, then: None }
    }

    /// And then those that follow from the answers.
    pub fn then(self, then: &'a Then<'a>) -> Plan<'a> {
        Plan { then: Some(then), ..self }
    }
}
