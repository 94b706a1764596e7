//! JSON as files and stored values are read by: what was parsed refers to the text that it was parsed
//! from, and an object is a list in the order of the text, since its keys are each looked for once.
//! `serde_json::Value` copies each key and each string, and builds a tree for each object.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::scheme::Extra;

/// What is wrong with a text, without the place, which serde_json ends its sentence with.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub enum Json<'a> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Keys<'a>),
}

/// The keys of an object, in the order of the text; of keys that repeat, the last counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keys<'a>(pub(super) Vec<Entry<'a>>);

/// A key and its value.
pub(super) type Entry<'a> = (Cow<'a, str>, Json<'a>);

impl<'a> Keys<'a> {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.0.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Takes a key out.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Json<'a>> {
        let at = self.0.iter().rposition(|(known, _)| known == key)?;
        let (_, value) = self.0.remove(at);
        // One that stands twice is gone as well.
        if self.0[..at].iter().any(|(known, _)| known == key) {
            self.0.retain(|(known, _)| known != key);
        }
        Some(value)
    }

    /// Each key with its value.
    pub(super) fn entries(&self) -> &[Entry<'a>] {
        &self.0
    }

    /// The same as a map of serde_json.
    pub(crate) fn into_map(self) -> Extra {
        // One by one: what makes a map of many at once sorts them first, and is several kilobytes.
        let mut map = Extra::new();
        for (key, value) in self.0 {
            map.insert(key.into_owned(), value.into_value());
        }
        map
    }
}

impl<'a> IntoIterator for Keys<'a> {
    type Item = (Cow<'a, str>, Json<'a>);
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

impl Json<'_> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<&Number> {
        match self {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// The same as a value of serde_json.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Json::Null => Value::Null,
            Json::Bool(yes) => Value::Bool(yes),
            Json::Number(number) => Value::Number(number),
            Json::Text(text) => Value::String(text.into_owned()),
            Json::List(items) => Value::Array(items.into_iter().map(Json::into_value).collect()),
            Json::Object(keys) => Value::Object(keys.into_map()),
        }
    }
}

impl From<Value> for Json<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Json::Null,
            Value::Bool(yes) => Json::Bool(yes),
            Value::Number(number) => Json::Number(number),
            Value::String(text) => Json::Text(Cow::Owned(text)),
            Value::Array(items) => Json::List(items.into_iter().map(Json::from).collect()),
            Value::Object(keys) => Json::Object(keys.into()),
        }
    }
}

impl<'a> From<&'a Value> for Json<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Json::Null,
            Value::Bool(yes) => Json::Bool(*yes),
            Value::Number(number) => Json::Number(number.clone()),
            Value::String(text) => Json::Text(text.into()),
            Value::Array(items) => Json::List(items.iter().map(Json::from).collect()),
            Value::Object(map) => {
                Json::Object(Keys(map.iter().map(|(key, it)| (key.into(), it.into())).collect()))
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Json<'a>, D::Error> {
        from.deserialize_any(Build)
    }
}

struct Build;

impl<'de> Visitor<'de> for Build {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(yes))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json<'de>, A::Error> {
        let mut keys = Vec::new();
        // A key is a string, and comes as one.
        while let Some(key) = from.next_key::<Json<'de>>()? {
            let value = from.next_value()?;
            if let Json::Text(key) = key {
                keys.push((key, value));
            }
        }
        Ok(Json::Object(Keys(keys)))
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
            let tree: Json = serde_json::from_str(json).unwrap();
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(tree.into_value(), value);
            assert_eq!(Json::from(value.clone()).into_value(), value);
        }
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_is_taken_and_none_is_left() {
        let json = r#"{"a": 1, "b": 2, "a": 3}"#;
        let Json::Object(mut keys) = serde_json::from_str(json).unwrap() else { panic!() };
        assert_eq!(keys.get("a").and_then(Json::as_u64), Some(3));
        assert_eq!(keys.remove("a").and_then(|it| it.as_u64()), Some(3));
        assert!(keys.remove("a").is_none());
        assert_eq!(keys.into_map().len(), 1);
    }
}
