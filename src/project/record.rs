//! The records that a project consists of: what a change replaces and what the store keeps.

use std::sync::Arc;

use super::{Annotator, Article, Deletion, Group, Meta, Owner, SetInfo, SetKey, Speaker};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, GroupId, Relation, RelationId, SpeakerId,
};
use crate::scheme::Scheme;

/// Names a record of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The project's own title and guidelines.
    Meta,
    /// Its scheme.
    Scheme,
    /// One of its annotators.
    Annotator(AnnotatorId),
    /// One of its speakers.
    Speaker(SpeakerId),
    /// One of its groups.
    Group(GroupId),
    /// One of its relations.
    Relation(RelationId),
    /// One of its articles, without text and annotations.
    Article(ArticleId),
    /// What an annotation set says of itself.
    Set(SetKey),
    /// An annotation of a set.
    Annotation(SetKey, AnnotationId),
    /// That what stood under a key was deleted; never of meta, scheme, set or a deletion.
    Deletion(Arc<Key>),
}

impl Key {
    /// The name of its kind, as in what is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Key::Meta => "meta",
            Key::Scheme => "scheme",
            Key::Annotator(_) => "annotator",
            Key::Speaker(_) => "speaker",
            Key::Group(_) => "group",
            Key::Relation(_) => "relation",
            Key::Article(_) => "article",
            Key::Set(_) => "set",
            Key::Annotation(..) => "annotation",
            Key::Deletion(_) => "deletion",
        }
    }

    /// A key that none of its kind comes before.
    pub(super) fn first_of_kind(&self) -> Key {
        let set = || SetKey { article: "".into(), owner: Owner::Gold };
        match self {
            Key::Meta => Key::Meta,
            Key::Scheme => Key::Scheme,
            Key::Annotator(_) => Key::Annotator("".into()),
            Key::Speaker(_) => Key::Speaker("".into()),
            Key::Group(_) => Key::Group("".into()),
            Key::Relation(_) => Key::Relation("".into()),
            Key::Article(_) => Key::Article("".into()),
            Key::Set(_) => Key::Set(set()),
            Key::Annotation(..) => Key::Annotation(set(), "".into()),
            Key::Deletion(_) => Key::Deletion(Arc::new(Key::Meta)),
        }
    }

    /// The article whose own record it is, or on which the record lies.
    pub fn lies_on(&self) -> Option<&ArticleId> {
        match self {
            Key::Article(id) => Some(id),
            Key::Set(set) | Key::Annotation(set, _) => Some(&set.article),
            Key::Deletion(key) => key.lies_on(),
            _ => None,
        }
    }

    /// The article that must be loaded before a record under this key can change.
    pub fn article(&self) -> Option<&ArticleId> {
        match self {
            Key::Annotation(set, _) => Some(&set.article),
            _ => None,
        }
    }
}

/// A record of a project.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Value {
    Meta(Arc<Meta>),
    Scheme(Arc<Scheme>),
    Annotator(Arc<Annotator>),
    Speaker(Arc<Speaker>),
    Group(Arc<Group>),
    Relation(Arc<Relation>),
    Article(Arc<Article>),
    Set(Arc<SetInfo>),
    Annotation(Arc<Annotation>),
    Deletion(Arc<Deletion>),
}

impl Value {
    /// The name of its kind, which is that of its key.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Meta(_) => "meta",
            Value::Scheme(_) => "scheme",
            Value::Annotator(_) => "annotator",
            Value::Speaker(_) => "speaker",
            Value::Group(_) => "group",
            Value::Relation(_) => "relation",
            Value::Article(_) => "article",
            Value::Set(_) => "set",
            Value::Annotation(_) => "annotation",
            Value::Deletion(_) => "deletion",
        }
    }

    /// Where it stands among those of its kind; 0 where these have no order.
    pub fn order(&self) -> u32 {
        match self {
            Value::Annotator(it) => it.order,
            Value::Speaker(it) => it.order,
            Value::Group(it) => it.order,
            Value::Relation(it) => it.order,
            Value::Article(it) => it.order,
            Value::Meta(_)
            | Value::Scheme(_)
            | Value::Set(_)
            | Value::Annotation(_)
            | Value::Deletion(_) => 0,
        }
    }
}
