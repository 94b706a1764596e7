//! JSON of others: keys keep their order, and what is of another type than one would think is asked
//! for by what it can be taken as.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A value of JSON. Asked for a key or an item that it does not have, it gives null.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::format::dataset) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    /// In the order of the file; of keys that repeat, the last counts.
    Object(Vec<(String, Json)>),
}

static NULL: Json = Json::Null;

impl Json {
    /// The value of a text.
    ///
    /// # Errors
    /// What is wrong, with its line and column.
    pub(super) fn parse(text: &str) -> Result<Json, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    pub(super) fn get(&self, key: &str) -> &Json {
        let mut found = self.entries().iter().rev().filter(|(name, _)| name == key);
        found.next().map_or(&NULL, |(_, value)| value)
    }

    /// The value of the first of some keys that is there.
    pub(super) fn any(&self, keys: &[&str]) -> &Json {
        keys.iter().map(|key| self.get(key)).find(|it| !it.is_null()).unwrap_or(&NULL)
    }

    pub(super) fn at(&self, index: usize) -> &Json {
        self.list().get(index).unwrap_or(&NULL)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Json::Object(_))
    }

    /// The keys and values of an object; none of anything else.
    pub(super) fn entries(&self) -> &[(String, Json)] {
        match self {
            Json::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn list(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list; of anything else but null, the value itself.
    pub(super) fn each(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            Json::Null => &[],
            one => std::slice::from_ref(one),
        }
    }

    /// A string; none of anything else.
    pub(super) fn str(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A string, or a number or truth as one: ids are of any of these. Nothing of anything else.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Json::Text(text) => Cow::Borrowed(text),
            Json::Number(number) => Cow::Owned(number.to_string()),
            Json::Bool(yes) => Cow::Borrowed(if *yes { "yes" } else { "no" }),
            _ => Cow::Borrowed(""),
        }
    }

    /// [`Json::text`]; none where that is empty.
    pub(super) fn given(&self) -> Option<String> {
        Some(self.text()).filter(|it| !it.is_empty()).map(Cow::into_owned)
    }

    /// A whole number that can be an offset, also where it is written as text or with `.0`.
    pub(super) fn offset(&self) -> Option<u32> {
        match self {
            Json::Number(number) => match number.as_u64() {
                Some(whole) => u32::try_from(whole).ok(),
                None => {
                    let value = number.as_f64()?;
                    let is_whole = value.fract() == 0.0 && (0.0..4294967296.0).contains(&value);
                    is_whole.then_some(value as u32)
                }
            },
            Json::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Json, D::Error> {
        from.deserialize_any(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Json;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Json, E> {
        Ok(Json::Bool(it))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Json, E> {
        Ok(Number::from_f64(it).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, it: &str) -> Result<Json, E> {
        Ok(Json::Text(it.to_owned()))
    }

    fn visit_string<E>(self, it: String) -> Result<Json, E> {
        Ok(Json::Text(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut keys: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = keys.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}

/// The keys of the first object of a file of JSON or JSON Lines, or of the first in a list; nothing
/// of what they hold is built.
#[derive(Default)]
pub(in crate::format::dataset) struct FirstKeys(Vec<String>);

impl FirstKeys {
    pub(super) fn of(text: &str) -> FirstKeys {
        let text = text.trim_start();
        if !text.starts_with(['{', '[']) {
            return FirstKeys::default();
        }
        // What is cut off or damaged behind them is found when it is read.
        let mut found = FirstKeys::default();
        let mut reader = serde_json::Deserializer::from_str(text);
        let _ = (&mut reader).deserialize_any(KeysInto(&mut found.0));
        found
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|it| it == key)
    }

    /// Whether one of some keys is there.
    pub(super) fn any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.has(key))
    }
}

struct KeysInto<'a>(&'a mut Vec<String>);

impl<'de> serde::de::DeserializeSeed<'de> for KeysInto<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeysInto<'_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object, or a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        items.next_element_seed(KeysInto(self.0))?;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut keys: A) -> Result<(), A::Error> {
        while let Some(key) = keys.next_key()? {
            self.0.push(key);
            keys.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
