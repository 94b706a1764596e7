//! JSON as a large file wants it: what was parsed refers to the text that it was parsed from, and an
//! object is a list, since its keys are each looked for once. `serde_json::Value` copies each key and
//! each string, and builds a tree for each object.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::scheme::Extra;

/// A value.
#[derive(Debug)]
pub(super) enum Tree<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Keys(Keys<'a>),
}

/// An object, in the order of its text.
#[derive(Debug, Default)]
pub(super) struct Keys<'a>(Vec<(Cow<'a, str>, Tree<'a>)>);

impl<'a> Keys<'a> {
    /// The value of a key; of several, the last.
    pub(super) fn get(&self, key: &str) -> Option<&Tree<'a>> {
        self.0.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Takes a key out.
    pub(super) fn remove(&mut self, key: &str) -> Option<Tree<'a>> {
        let at = self.0.iter().rposition(|(known, _)| known == key)?;
        let (_, value) = self.0.remove(at);
        // One that stands twice is gone as well.
        if self.0[..at].iter().any(|(known, _)| known == key) {
            self.0.retain(|(known, _)| known != key);
        }
        Some(value)
    }

    /// The same as a map of serde_json.
    pub(super) fn into_map(self) -> Extra {
        self.0.into_iter().map(|(key, value)| (key.into_owned(), value.into_value())).collect()
    }
}

impl<'a> IntoIterator for Keys<'a> {
    type Item = (Cow<'a, str>, Tree<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Extra> for Keys<'_> {
    fn from(map: Extra) -> Self {
        Keys(map.into_iter().map(|(key, value)| (Cow::Owned(key), value.into())).collect())
    }
}

impl Tree<'_> {
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        match self {
            Tree::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Tree::Null)
    }

    /// The same as a value of serde_json.
    pub(super) fn into_value(self) -> Value {
        match self {
            Tree::Null => Value::Null,
            Tree::Bool(yes) => Value::Bool(yes),
            Tree::Number(number) => Value::Number(number),
            Tree::Text(text) => Value::String(text.into_owned()),
            Tree::List(items) => Value::Array(items.into_iter().map(Tree::into_value).collect()),
            Tree::Keys(keys) => Value::Object(keys.into_map()),
        }
    }
}

impl From<Value> for Tree<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Tree::Null,
            Value::Bool(yes) => Tree::Bool(yes),
            Value::Number(number) => Tree::Number(number),
            Value::String(text) => Tree::Text(Cow::Owned(text)),
            Value::Array(items) => Tree::List(items.into_iter().map(Tree::from).collect()),
            Value::Object(keys) => Tree::Keys(keys.into()),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Tree<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Tree<'a>, D::Error> {
        from.deserialize_any(Build)
    }
}

struct Build;

impl<'de> Visitor<'de> for Build {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Bool(yes))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree<'de>, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree<'de>, E> {
        Ok(Number::from_f64(number).map_or(Tree::Null, Tree::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Tree<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Tree<'de>, A::Error> {
        let mut keys = Vec::new();
        // A key is a string, and comes as one.
        while let Some(key) = from.next_key::<Tree<'de>>()? {
            let value = from.next_value()?;
            if let Tree::Text(key) = key {
                keys.push((key, value));
            }
        }
        Ok(Tree::Keys(Keys(keys)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is parsed is what serde_json parses.
    #[test]
    fn a_tree_is_the_value_of_its_text() {
        for json in [
            "null",
            "[true, false, -3, 18446744073709551615, 0.1, 1e300, \"\"]",
            r#"{"a": "\u00e9\n", "é\"": [{}, [], {"b": {"c": null}}], "a": 2}"#,
        ] {
            let tree: Tree = serde_json::from_str(json).unwrap();
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(tree.into_value(), value);
            assert_eq!(Tree::from(value.clone()).into_value(), value);
        }
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_is_taken_and_none_is_left() {
        let json = r#"{"a": 1, "b": 2, "a": 3}"#;
        let Tree::Keys(mut keys) = serde_json::from_str(json).unwrap() else { panic!() };
        assert_eq!(keys.get("a").and_then(Tree::as_u64), Some(3));
        assert_eq!(keys.remove("a").and_then(|it| it.as_u64()), Some(3));
        assert!(keys.remove("a").is_none());
        assert_eq!(keys.into_map().len(), 1);
    }
}
