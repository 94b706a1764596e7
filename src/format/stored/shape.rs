//! What gives a type its stored shape: plain functions from and to JSON.
//!
//! The page starts with what stands here, so that it has to be small: derived readers of what is
//! tagged or flattened are many times larger.

use std::fmt;
use std::rc::Rc;

use serde_json::{Map, Number, Value as Json};

use crate::map::Map as SortedMap;

/// A type with a stored shape; what is written is read back as the same value.
pub trait Shape: Sized {
    /// As it is stored, but for what [`to_plain`](super::to_plain) does.
    fn to_json(&self) -> Json;

    /// From what is stored, but for what [`from_plain`](super::from_plain) does.
    ///
    /// # Errors
    /// It has another shape.
    fn from_json(json: Json) -> Result<Self, Malformed>;
}

/// What is stored has another shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(
    /// Which key or kind of value.
    pub &'static str,
);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is missing or of another shape", self.0)
    }
}

impl std::error::Error for Malformed {}

/// Gives structs and enums without data their shapes.
///
/// A struct is an object of its fields, by their names or those given, in any order. Of fields that
/// may be absent, a `default` is always written and an `omitted` one only if it is not the default.
/// `+ extra` takes the keys that are left.
macro_rules! shape {
    ($type:ident { $($field:ident $(= $key:literal)? $(: $rule:ident)?),* $(,)? } $(+ $extra:ident)?) => {
        impl $crate::format::stored::Shape for $type {
            fn to_json(&self) -> serde_json::Value {
                #[allow(unused_mut)]
                let mut map = serde_json::Map::new();
                $(shape!(put $($rule)?)(&mut map, shape!(key $field $($key)?), &self.$field);)*
                $(map.extend(self.$extra.clone());)?
                map.into()
            }

            fn from_json(
                json: serde_json::Value,
            ) -> Result<Self, $crate::format::stored::Malformed> {
                let mut map = $crate::format::stored::shape::object(json, stringify!($type))?;
                Ok($type {
                    $($field: shape!(take $($rule)?)(&mut map, shape!(key $field $($key)?))?,)*
                    $($extra: map)?
                })
            }
        }
    };
    ($type:ident { $($variant:ident => $name:literal),* $(,)? }) => {
        impl $crate::format::stored::Shape for $type {
            fn to_json(&self) -> serde_json::Value {
                match self { $($type::$variant => $name),* }.into()
            }

            fn from_json(
                json: serde_json::Value,
            ) -> Result<Self, $crate::format::stored::Malformed> {
                match json.as_str() {
                    $(Some($name) => Ok($type::$variant),)*
                    _ => Err($crate::format::stored::Malformed(stringify!($type))),
                }
            }
        }
    };
    (key $field:ident) => { stringify!($field) };
    (key $field:ident $key:literal) => { $key };
    (put omitted) => { $crate::format::stored::shape::put_unless_default };
    (put $($rule:ident)?) => { $crate::format::stored::shape::put };
    (take) => { $crate::format::stored::shape::take };
    (take $rule:ident) => { $crate::format::stored::shape::take_or_default };
}
pub(crate) use shape;

/// Puts a value under a key.
pub(crate) fn put(map: &mut Map<String, Json>, key: &str, value: &impl Shape) {
    insert(map, key, value.to_json());
}

/// Puts a value under a key, unless it is the default.
pub(crate) fn put_unless_default<T: Shape + Default + PartialEq>(
    map: &mut Map<String, Json>,
    key: &str,
    value: &T,
) {
    if *value != T::default() {
        put(map, key, value);
    }
}

/// The value of a key, which may be absent only where null may stand.
pub(crate) fn take<T: Shape>(
    map: &mut Map<String, Json>,
    key: &'static str,
) -> Result<T, Malformed> {
    T::from_json(map.remove(key).unwrap_or_default()).map_err(|_| Malformed(key))
}

/// The value of a key, or the default where it is absent.
pub(crate) fn take_or_default<T: Shape + Default>(
    map: &mut Map<String, Json>,
    key: &'static str,
) -> Result<T, Malformed> {
    if map.contains_key(key) { take(map, key) } else { Ok(T::default()) }
}

/// The keys of an object.
pub(crate) fn object(json: Json, what: &'static str) -> Result<Map<String, Json>, Malformed> {
    match json {
        Json::Object(map) => Ok(map),
        _ => Err(Malformed(what)),
    }
}

/// An object of one key, as an enum is written whose variants hold values.
pub(crate) fn tagged(tag: &str, value: Json) -> Json {
    let mut map = Map::new();
    insert(&mut map, tag, value);
    map.into()
}

/// The tag and the value of an object of one key; a string is a tag without a value.
pub(crate) fn untagged(json: Json, what: &'static str) -> Result<(String, Json), Malformed> {
    match json {
        Json::String(tag) => Ok((tag, Json::Null)),
        Json::Object(map) if map.len() == 1 => map.into_iter().next().ok_or(Malformed(what)),
        _ => Err(Malformed(what)),
    }
}

pub(super) fn insert(map: &mut Map<String, Json>, key: &str, value: Json) {
    map.insert(key.to_owned(), value);
}

fn items(json: Json) -> Result<Vec<Json>, Malformed> {
    match json {
        Json::Array(items) => Ok(items),
        _ => Err(Malformed("list")),
    }
}

impl Shape for Json {
    fn to_json(&self) -> Json {
        self.clone()
    }

    fn from_json(json: Json) -> Result<Json, Malformed> {
        Ok(json)
    }
}

impl Shape for Map<String, Json> {
    fn to_json(&self) -> Json {
        self.clone().into()
    }

    fn from_json(json: Json) -> Result<Self, Malformed> {
        object(json, "object")
    }
}

impl Shape for String {
    fn to_json(&self) -> Json {
        self.as_str().into()
    }

    fn from_json(json: Json) -> Result<String, Malformed> {
        match json {
            Json::String(string) => Ok(string),
            _ => Err(Malformed("string")),
        }
    }
}

impl Shape for bool {
    fn to_json(&self) -> Json {
        (*self).into()
    }

    fn from_json(json: Json) -> Result<bool, Malformed> {
        json.as_bool().ok_or(Malformed("truth value"))
    }
}

impl Shape for f64 {
    fn to_json(&self) -> Json {
        Number::from_f64(*self).map_or(Json::Null, Json::Number)
    }

    fn from_json(json: Json) -> Result<f64, Malformed> {
        json.as_f64().ok_or(Malformed("number"))
    }
}

macro_rules! integers {
    ($($type:ident),+) => {$(
        impl Shape for $type {
            fn to_json(&self) -> Json {
                (*self).into()
            }

            fn from_json(json: Json) -> Result<Self, Malformed> {
                let number = json.as_i64().and_then(|number| number.try_into().ok());
                let large = || json.as_u64().and_then(|number| number.try_into().ok());
                number.or_else(large).ok_or(Malformed("integer"))
            }
        }
    )+};
}
integers!(u32, i32, u64);

impl<T: Shape> Shape for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::to_json)
    }

    fn from_json(json: Json) -> Result<Self, Malformed> {
        if json.is_null() { Ok(None) } else { T::from_json(json).map(Some) }
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn to_json(&self) -> Json {
        Json::Array(self.iter().map(T::to_json).collect())
    }

    fn from_json(json: Json) -> Result<Self, Malformed> {
        items(json)?.into_iter().map(T::from_json).collect()
    }
}

impl<T: Shape> Shape for Rc<T> {
    fn to_json(&self) -> Json {
        T::to_json(self)
    }

    fn from_json(json: Json) -> Result<Self, Malformed> {
        T::from_json(json).map(Rc::new)
    }
}

impl<T: Shape> Shape for Box<T> {
    fn to_json(&self) -> Json {
        T::to_json(self)
    }

    fn from_json(json: Json) -> Result<Self, Malformed> {
        T::from_json(json).map(Box::new)
    }
}

impl<A: Shape, B: Shape> Shape for (A, B) {
    fn to_json(&self) -> Json {
        vec![self.0.to_json(), self.1.to_json()].into()
    }

    fn from_json(json: Json) -> Result<Self, Malformed> {
        let pair: [Json; 2] = items(json)?.try_into().map_err(|_| Malformed("pair"))?;
        let [a, b] = pair;
        Ok((A::from_json(a)?, B::from_json(b)?))
    }
}

/// An object; its keys are what is stored as a string.
impl<K: Ord + Clone + Shape, T: Clone + Shape> Shape for SortedMap<K, T> {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        for (key, value) in self.iter() {
            put(&mut map, key.to_json().as_str().unwrap_or_default(), value);
        }
        map.into()
    }

    fn from_json(json: Json) -> Result<Self, Malformed> {
        let mut values = SortedMap::new();
        for (key, value) in object(json, "object")? {
            values.insert(K::from_json(key.into())?, T::from_json(value)?);
        }
        Ok(values)
    }
}
