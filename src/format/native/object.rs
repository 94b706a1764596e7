//! JSON objects while they are being read: keys are taken out one by one, and what is left is
//! what this version does not know.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::read::ReadError;
use crate::format::Problem;
use crate::scheme::Extra;

/// Where what could not be taken is noted.
pub(super) struct Report {
    file: String,
    problems: RefCell<Vec<Problem>>,
}

impl Report {
    pub(super) fn new(file: &str) -> Report {
        Report { file: file.to_owned(), problems: RefCell::default() }
    }

    pub(super) fn say(&self, what: String, remedy: &str) {
        let (file, remedy) = (self.file.clone(), remedy.to_owned());
        self.problems.borrow_mut().push(Problem { file, line: None, what, remedy });
    }

    /// Notes that a line cannot be read.
    pub(super) fn say_at(&self, line: u32, error: ReadError) {
        let what = match error {
            ReadError::NotJson { column, what, .. } => {
                format!("It is not JSON: {what} (column {column})")
            }
            other => other.to_string(),
        };
        let (file, line) = (self.file.clone(), Some(line));
        let remedy = "It was left out; mend the line and open the file again".to_owned();
        self.problems.borrow_mut().push(Problem { file, line, what, remedy });
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
    keys: Extra,
}

impl<'r> Object<'r> {
    pub(super) fn top(keys: Extra, report: &'r Report) -> Object<'r> {
        Object { report, what: TOP.to_owned(), keys }
    }

    /// Notes something about this object.
    pub(super) fn say(&self, what: impl Display, remedy: &str) {
        self.report.say(format!("{} {what}", self.what), remedy);
    }

    /// The value of a key; none if it is absent, null or, which is noted, of another type.
    pub(super) fn take<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let value = self.keys.remove(key).filter(|value| !value.is_null())?;
        match serde_json::from_value(value) {
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
        if self.keys.get(key).is_none_or(Value::is_null) {
            self.say(format_args!("has no `{key}`"), "It was left out; add the key");
        }
        self.take(key)
    }

    /// The object under a key; none if there is none.
    pub(super) fn object(&mut self, key: &str, what: &str) -> Option<Object<'r>> {
        let keys = self.take(key)?;
        Some(Object { report: self.report, what: what.to_owned(), keys })
    }

    /// The objects of a list; what is none is noted and left out.
    pub(super) fn objects(&mut self, key: &str) -> Vec<Object<'r>> {
        let values: Vec<Value> = self.take(key).unwrap_or_default();
        let mut objects = Vec::with_capacity(values.len());
        let within = if self.what == TOP { String::new() } else { format!("{}: ", self.what) };
        for (index, value) in values.into_iter().enumerate() {
            let Value::Object(keys) = value else {
                self.say(
                    format_args!("has something in `{key}` that is no object, at index {index}"),
                    "It was left out",
                );
                continue;
            };
            // People find an object by its id, and one without it by its place.
            let what = match keys.get("id").or(keys.get("annotator")).and_then(Value::as_str) {
                Some(id) => format!("{within}“{id}” in `{key}`"),
                None => format!("{within}`{key}` at index {index}"),
            };
            objects.push(Object { report: self.report, what, keys });
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
        self.keys
    }
}
