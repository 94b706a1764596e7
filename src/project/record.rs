//! The records that a project consists of: what a change replaces and what the store keeps.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Annotator, Article, Group, Meta, SetInfo, SetKey, Speaker};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, GroupId, Relation, RelationId, SpeakerId,
};
use crate::scheme::Scheme;

/// Names a record of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
}

impl Key {
    /// The article that must be loaded before a record under this key can change.
    pub fn article(&self) -> Option<&ArticleId> {
        match self {
            Key::Annotation(set, _) => Some(&set.article),
            _ => None,
        }
    }
}

/// A record of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Value {
    Meta(Rc<Meta>),
    Scheme(Rc<Scheme>),
    Annotator(Rc<Annotator>),
    Speaker(Rc<Speaker>),
    Group(Rc<Group>),
    Relation(Rc<Relation>),
    Article(Rc<Article>),
    Set(Rc<SetInfo>),
    Annotation(Rc<Annotation>),
}
