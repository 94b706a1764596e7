//! What gives a type its stored shape: plain functions from and to JSON.
//!
//! The page starts with what stands here, so that it has to be small: derived readers of what is
//! tagged or flattened are many times larger.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Number, Value as Json};

use super::{Fields, Tree};
use crate::map::Map as SortedMap;

/// A type with a stored shape; what is written is read back as the same value.
pub trait Shape: Sized {
    /// As it is stored, but for what [`to_plain`](super::to_plain) does.
    fn to_json(&self) -> Json;

    /// From what is stored, but for what [`from_plain`](super::from_plain) does.
    ///
    /// What has another shape is noted, and some value stands in for it: a way out at each field
    /// would make readers twice as large.
    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self;

    /// From what is stored.
    ///
    /// # Errors
    /// It has another shape.
    fn from_json(json: Json) -> Result<Self, Malformed> {
        let mut wrong = Wrong::default();
        let read = Self::read(json.into(), &mut wrong);
        wrong.unless(read)
    }
}

/// The first thing that was found to be of another shape, if any was.
#[derive(Default)]
pub struct Wrong(Option<Malformed>);

impl Wrong {
    /// Something is of another shape.
    pub(crate) fn note(&mut self, what: &'static str) {
        self.0 = self.0.or(Some(Malformed(what)));
    }

    /// What was read, if it was; else something in its place.
    pub(crate) fn part<T: Default>(&mut self, part: Option<T>, what: &'static str) -> T {
        if part.is_none() {
            self.note(what);
        }
        part.unwrap_or_default()
    }

    /// Something within is of another shape; what is said is where that stands.
    fn note_within(&mut self, within: Wrong, what: &'static str) {
        if within.0.is_some() {
            self.note(what);
        }
    }

    /// What was read, unless something was wrong.
    pub(super) fn unless<T>(self, read: T) -> Result<T, Malformed> {
        self.0.map_or(Ok(read), Err)
    }
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

            fn read(
                tree: $crate::format::stored::Tree<'_>,
                wrong: &mut $crate::format::stored::shape::Wrong,
            ) -> Self {
                let mut map = $crate::format::stored::shape::object(tree, stringify!($type), wrong);
                $type {
                    $($field: shape!(take $($rule)?)(&mut map, shape!(key $field $($key)?), wrong),)*
                    $($extra: map.into_map())?
                }
            }
        }
    };
    ($type:ident { $($variant:ident => $name:literal),* $(,)? }) => {
        impl $crate::format::stored::Shape for $type {
            fn to_json(&self) -> serde_json::Value {
                match self { $($type::$variant => $name),* }.into()
            }

            fn read(
                tree: $crate::format::stored::Tree<'_>,
                wrong: &mut $crate::format::stored::shape::Wrong,
            ) -> Self {
                let at = $crate::format::stored::shape::one_of(tree, stringify!($type), &[$($name),*], wrong);
                [$($type::$variant),*][at]
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
pub(crate) fn take<T: Shape>(map: &mut Fields<'_>, key: &'static str, wrong: &mut Wrong) -> T {
    let mut within = Wrong::default();
    let value = T::read(map.remove(key).unwrap_or_default(), &mut within);
    wrong.note_within(within, key);
    value
}

/// The value of a key, or the default where it is absent.
pub(crate) fn take_or_default<T: Shape + Default>(
    map: &mut Fields<'_>,
    key: &'static str,
    wrong: &mut Wrong,
) -> T {
    if map.get(key).is_some() { take(map, key, wrong) } else { T::default() }
}

/// The keys of an object.
pub(crate) fn object<'a>(tree: Tree<'a>, what: &'static str, wrong: &mut Wrong) -> Fields<'a> {
    match tree {
        Tree::Object(fields) => fields,
        _ => {
            wrong.note(what);
            Fields::default()
        }
    }
}

/// Which of some names a string is.
pub(crate) fn one_of(
    tree: Tree<'_>,
    what: &'static str,
    names: &[&str],
    wrong: &mut Wrong,
) -> usize {
    let at = names.iter().position(|name| tree.as_str() == Some(name));
    at.unwrap_or_else(|| {
        wrong.note(what);
        0
    })
}

/// An object of one key, as an enum is written whose variants hold values.
pub(crate) fn tagged(tag: &str, value: Json) -> Json {
    let mut map = Map::new();
    insert(&mut map, tag, value);
    map.into()
}

/// The tag and the value of an object of one key; a string is a tag without a value.
pub(crate) fn untagged(tree: Tree<'_>) -> (Cow<'_, str>, Tree<'_>) {
    match tree {
        Tree::Text(tag) => (tag, Tree::Null),
        Tree::Object(mut fields) if fields.0.len() == 1 => fields.0.pop().unwrap_or_default(),
        // No tag is empty.
        _ => Default::default(),
    }
}

pub(super) fn insert(map: &mut Map<String, Json>, key: &str, value: Json) {
    map.insert(key.to_owned(), value);
}

fn items<'a>(tree: Tree<'a>, wrong: &mut Wrong) -> Vec<Tree<'a>> {
    match tree {
        Tree::List(items) => items,
        _ => {
            wrong.note("list");
            Vec::new()
        }
    }
}

impl Shape for Json {
    fn to_json(&self) -> Json {
        self.clone()
    }

    fn read(tree: Tree<'_>, _: &mut Wrong) -> Json {
        tree.into_value()
    }
}

impl Shape for Map<String, Json> {
    fn to_json(&self) -> Json {
        self.clone().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        object(tree, "object", wrong).into_map()
    }
}

impl Shape for String {
    fn to_json(&self) -> Json {
        self.as_str().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> String {
        match tree {
            Tree::Text(string) => string.into(),
            _ => {
                wrong.note("string");
                String::new()
            }
        }
    }
}

impl Shape for bool {
    fn to_json(&self) -> Json {
        (*self).into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> bool {
        match tree {
            Tree::Bool(truth) => truth,
            _ => {
                wrong.note("truth value");
                false
            }
        }
    }
}

impl Shape for f64 {
    fn to_json(&self) -> Json {
        Number::from_f64(*self).map_or(Json::Null, Json::Number)
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> f64 {
        wrong.part(tree.as_number().and_then(Number::as_f64), "number")
    }
}

macro_rules! integers {
    ($($type:ident),+) => {$(
        impl Shape for $type {
            fn to_json(&self) -> Json {
                (*self).into()
            }

            fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
                let whole = tree.as_number();
                let number = whole.and_then(Number::as_i64).and_then(|it| it.try_into().ok());
                let large = || whole.and_then(Number::as_u64).and_then(|it| it.try_into().ok());
                wrong.part(number.or_else(large), "integer")
            }
        }
    )+};
}
integers!(u32, i32, u64);

impl<T: Shape> Shape for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::to_json)
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        match tree {
            Tree::Null => None,
            tree => Some(T::read(tree, wrong)),
        }
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn to_json(&self) -> Json {
        Json::Array(self.iter().map(T::to_json).collect())
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut list = Vec::new();
        for item in items(tree, wrong) {
            list.push(T::read(item, wrong));
        }
        list
    }
}

impl<T: Shape> Shape for Arc<T> {
    fn to_json(&self) -> Json {
        T::to_json(self)
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        Arc::new(T::read(tree, wrong))
    }
}

impl<T: Shape> Shape for Box<T> {
    fn to_json(&self) -> Json {
        T::to_json(self)
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        Box::new(T::read(tree, wrong))
    }
}

impl<A: Shape, B: Shape> Shape for (A, B) {
    fn to_json(&self) -> Json {
        vec![self.0.to_json(), self.1.to_json()].into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let pair = items(tree, wrong).try_into();
        let [a, b] = wrong.part(pair.ok(), "pair");
        (A::read(a, wrong), B::read(b, wrong))
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

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut values = SortedMap::new();
        for (key, value) in object(tree, "object", wrong).0 {
            values.insert(K::read(Tree::Text(key), wrong), T::read(value, wrong));
        }
        values
    }
}
