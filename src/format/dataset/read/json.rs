//! JSON of others: what is of another type than one would think is asked for by what it can be taken
//! as. Asked for a key or an item that it does not have, a value gives null.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::format::json::Entry;
pub(in crate::format::dataset) use crate::format::json::Json;

static NULL: Json<'static> = Json::Null;

impl<'a> Json<'a> {
    /// The value of a text.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn parse(text: &'a str) -> serde_json::Result<Json<'a>> {
        serde_json::from_str(text)
    }

    pub(super) fn get(&self, key: &str) -> &Json<'a> {
        match self {
            Json::Object(keys) => keys.get(key).unwrap_or(&NULL),
            _ => &NULL,
        }
    }

    /// The value of the first of some keys that is there.
    pub(super) fn any(&self, keys: &[&str]) -> &Json<'a> {
        keys.iter().map(|key| self.get(key)).find(|it| !it.is_null()).unwrap_or(&NULL)
    }

    pub(super) fn at(&self, index: usize) -> &Json<'a> {
        self.list().get(index).unwrap_or(&NULL)
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Json::Object(_))
    }

    /// The keys and values of an object; none of anything else.
    pub(super) fn entries(&self) -> &[Entry<'a>] {
        match self {
            Json::Object(keys) => keys.entries(),
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn list(&self) -> &[Json<'a>] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list; of anything else but null, the value itself.
    pub(super) fn each(&self) -> &[Json<'a>] {
        match self {
            Json::List(items) => items,
            Json::Null => &[],
            one => std::slice::from_ref(one),
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
