//! JSON objects while they are being read: keys are taken out one by one, and what is left is
//! what this version does not know.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::offsets::{WrittenSpan, written_spans};
use super::read::ReadError;
use crate::format::Problem;
use crate::format::json::{Json, Keys};
use crate::scheme::Extra;

/// Where what could not be taken is noted.
pub(super) struct Report {
    file: String,
    /// The line that it is about, in a file of lines.
    line: Option<u32>,
    problems: RefCell<Vec<Problem>>,
}

impl Report {
    pub(super) fn new(file: &str, line: Option<u32>) -> Report {
        Report { file: file.to_owned(), line, problems: RefCell::default() }
    }

    pub(super) fn say(&self, what: String, remedy: &str) {
        let (file, remedy) = (self.file.clone(), remedy.to_owned());
        self.problems.borrow_mut().push(Problem { file, line: self.line, what, remedy });
    }

    /// Notes that a line cannot be read.
    pub(super) fn say_unreadable(&self, error: ReadError) {
        let what = match error {
            ReadError::NotJson { column, what, .. } => {
                format!("It is not JSON: {what} (column {column})")
            }
            other => other.to_string(),
        };
        self.say(what, "It was left out; mend the line and open the file again");
    }

    pub(super) fn add(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// What the whole is called.
const TOP: &str = "The file";

/// An object of the file.
pub(super) struct Object<'r> {
    pub(super) report: &'r Report,
    /// What it is, for the report; starts a sentence.
    pub(super) what: String,
    keys: Keys<'r>,
}

impl<'r> Object<'r> {
    pub(super) fn top(keys: Keys<'r>, report: &'r Report) -> Object<'r> {
        Object { report, what: TOP.to_owned(), keys }
    }

    /// One of a list. People find it by its id, and one without it by its place.
    pub(super) fn item(
        report: &'r Report,
        within: &str,
        key: &str,
        index: usize,
        keys: Keys<'r>,
    ) -> Object<'r> {
        let colon = if within.is_empty() { "" } else { ": " };
        let what = match keys.get("id").or(keys.get("annotator")).and_then(Json::as_str) {
            Some(id) => format!("{within}{colon}“{id}” in `{key}`"),
            None => format!("{within}{colon}`{key}` at index {index}"),
        };
        Object { report, what, keys }
    }

    /// Notes something about this object.
    pub(super) fn say(&self, what: impl Display, remedy: &str) {
        self.report.say(format!("{} {what}", self.what), remedy);
    }

    /// The value of a key; none if it is absent, null or, which is noted, of another type.
    pub(super) fn take<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let value = self.keys.remove(key)?;
        self.typed(key, value)
    }

    /// A value of that key; none if it is null or, which is noted, of another type.
    fn typed<T: DeserializeOwned>(&self, key: &str, value: Json<'_>) -> Option<T> {
        if value.is_null() {
            return None;
        }
        match serde_json::from_value(value.into_value()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.say(
                    format_args!("has a `{key}` that cannot be read: {error}"),
                    "It was left out; see the description of the file format",
                );
                None
            }
        }
    }

    /// The value of a key without which the object is nothing; noted where there is none.
    pub(super) fn need<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        if self.keys.get(key).is_none_or(Json::is_null) {
            self.say(format_args!("has no `{key}`"), "It was left out; add the key");
        }
        self.take(key)
    }

    /// The object under a key; none if there is none.
    pub(super) fn object(&mut self, key: &str, what: &str) -> Option<Object<'r>> {
        let keys = self.keys(key)?;
        Some(Object { report: self.report, what: what.to_owned(), keys })
    }

    /// The keys of the object under a key; none if there is none.
    pub(super) fn keys(&mut self, key: &str) -> Option<Keys<'r>> {
        match self.keys.remove(key)? {
            Json::Object(keys) => Some(keys),
            other => self.typed::<Extra>(key, other).map(Keys::from),
        }
    }

    /// The list under a key; empty if there is none.
    fn list(&mut self, key: &str) -> Vec<Json<'r>> {
        match self.keys.remove(key) {
            Some(Json::List(values)) => values,
            // None is a list: it is null, or noted.
            Some(other) => {
                self.typed::<Vec<Value>>(key, other);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// The spans under a key; empty if there are none.
    pub(super) fn spans(&mut self, key: &str) -> Vec<WrittenSpan> {
        let Some(value) = self.keys.remove(key) else { return Vec::new() };
        written_spans(&value).or_else(|| self.typed(key, value)).unwrap_or_default()
    }

    /// The objects of a list; what is none is noted and left out.
    pub(super) fn objects(&mut self, key: &str) -> Vec<Object<'r>> {
        let values = self.list(key);
        let mut objects = Vec::with_capacity(values.len());
        let within = if self.what == TOP { "" } else { &self.what[..] };
        for (index, value) in values.into_iter().enumerate() {
            let Json::Object(keys) = value else {
                self.say(
                    format_args!("has something in `{key}` that is no object, at index {index}"),
                    "It was left out",
                );
                continue;
            };
            objects.push(Object::item(self.report, within, key, index, keys));
        }
        objects
    }

    /// Whether what this object stands for was not met before; noted where it was.
    pub(super) fn is_new<I: Ord + Clone>(&self, it: &I, met: &mut BTreeSet<I>) -> bool {
        let new = met.insert(it.clone());
        if !new {
            self.say(
                "has an id that another has",
                "The first was kept; give each an id of its own",
            );
        }
        new
    }

    /// The keys that nobody took.
    pub(super) fn rest(self) -> Extra {
        self.keys.into_map()
    }
}
