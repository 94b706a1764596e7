//! A stored value while it is read: its strings are slices of the text that it stands in, but where that
//! has escapes, and the keys of an object stand as they came. As JSON, each string and each object would be
//! allocated only to be taken apart.

use std::borrow::Cow;

use serde_json::{Map, Number, Value as Json};

/// A value that is being read.
#[derive(Clone, Debug, Default)]
pub enum Tree<'a> {
    /// Null.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Tree<'a>>),
    /// An object.
    Object(Fields<'a>),
}

/// The keys and values of an object, in the order in which they stood.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a>(pub(super) Vec<(Cow<'a, str>, Tree<'a>)>);

impl<'a> Tree<'a> {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(super) fn as_number(&self) -> Option<&Number> {
        match self {
            Tree::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl<'a> Fields<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Tree<'a>> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Takes the value of a key out.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Tree<'a>> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Adds a key that is not there.
    pub(super) fn add(&mut self, key: &'a str, value: Tree<'a>) {
        self.0.push((key.into(), value));
    }
}

impl<'a> From<&'a Json> for Tree<'a> {
    fn from(json: &'a Json) -> Tree<'a> {
        match json {
            Json::Null => Tree::Null,
            Json::Bool(truth) => Tree::Bool(*truth),
            Json::Number(number) => Tree::Number(number.clone()),
            Json::String(text) => Tree::Text(text.into()),
            Json::Array(items) => Tree::List(items.iter().map(Tree::from).collect()),
            Json::Object(map) => Tree::Object(Fields(
                map.iter().map(|(key, value)| (key.into(), value.into())).collect(),
            )),
        }
    }
}

impl From<Tree<'_>> for Json {
    fn from(tree: Tree<'_>) -> Json {
        match tree {
            Tree::Null => Json::Null,
            Tree::Bool(truth) => truth.into(),
            Tree::Number(number) => number.into(),
            Tree::Text(text) => text.into(),
            Tree::List(items) => Json::Array(items.into_iter().map(Json::from).collect()),
            Tree::Object(fields) => Json::Object(fields.into()),
        }
    }
}

impl From<Fields<'_>> for Map<String, Json> {
    fn from(fields: Fields<'_>) -> Self {
        fields.0.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
    }
}
