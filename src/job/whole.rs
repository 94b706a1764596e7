//! A project as data that can be sent.

use std::fmt;

use serde_json::Value as Json;

use crate::annotation::ArticleId;
use crate::format::stored::{Record, shape};
use crate::map::Map;
use crate::project::{Entry, Key, Meta, Project, SetKey, Sets, Value, put_into};
use crate::text::{Text, TextHash};

/// A project as its stored records and texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// What it is called.
    meta: Meta,
    /// All other records, in the shape in which they are stored; annotations stand last.
    records: Vec<Json>,
    /// The texts of loaded articles.
    texts: Map<TextHash, String>,
    /// Those whose text and annotations are here.
    loaded: Vec<ArticleId>,
}

shape! { Whole { meta, records, texts, loaded } }

/// A record or a text of a [`Whole`] that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadWhole(String);

impl fmt::Display for BadWhole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the project arrived damaged ({})", self.0)
    }
}

impl std::error::Error for BadWhole {}

impl From<BadWhole> for String {
    fn from(bad: BadWhole) -> String {
        bad.to_string()
    }
}

impl Whole {
    /// All that is known of a project.
    pub fn of(project: &Project) -> Whole {
        let mut whole = Whole {
            meta: Meta::clone(project.meta()),
            records: Vec::new(),
            texts: Map::new(),
            loaded: Vec::new(),
        };
        for article in project.articles() {
            if let Some(text) = project.text(&article.id) {
                whole.loaded.push(article.id.clone());
                whole.texts.insert(article.text.clone(), text.as_str().to_owned());
            }
            for (owner, row) in project.rows_of(&article.id) {
                let set = SetKey { article: article.id.clone(), owner: owner.clone() };
                whole.push(Record::Set(set, row.clone()));
            }
        }
        for key in project.keys() {
            // Of an article that was removed, annotations may still be loaded.
            let there = key.article().is_none_or(|id| project.article(id).is_some());
            if let Ok(Some(value)) = project.value(&key)
                && there
                && !matches!(key, Key::Meta | Key::Set(_))
            {
                whole.push(Record::Other(key, value));
            }
        }
        whole
    }

    /// Articles of a project that is called so, and nothing else of it.
    pub fn of_entries(meta: &Meta, entries: impl IntoIterator<Item = Entry>) -> Whole {
        Whole::of(&Project::new(meta.clone()).with_entries(entries))
    }

    fn push(&mut self, record: Record) {
        self.records.push(record.to_json());
    }

    /// The project again.
    ///
    /// # Errors
    /// It was not made by [`Whole::of`], or damaged on its way.
    pub fn into_project(self) -> Result<Project, BadWhole> {
        let Whole { meta, records, mut texts, loaded } = self;
        let mut project = Project::new(meta);
        let mut annotations: Map<ArticleId, Sets> = Map::new();
        for record in records {
            match Record::read(record).map_err(|error| BadWhole(error.to_string()))? {
                Record::Other(Key::Annotation(set, id), Value::Annotation(annotation)) => {
                    let mut of_article = annotations.remove(&set.article).unwrap_or_default();
                    put_into(&mut of_article, set.owner, &id, Some(annotation));
                    annotations.insert(set.article, of_article);
                }
                record => record
                    .put(&mut project)
                    .map_err(|_| BadWhole("a record is in the wrong place".to_owned()))?,
            }
        }
        let mut known: Map<TextHash, Text> = Map::new();
        for id in loaded {
            let missing = || BadWhole(format!("the text of “{id}” is missing"));
            let hash = project.article(&id).ok_or_else(missing)?.text.clone();
            if let Some(text) = texts.remove(&hash) {
                known.insert(hash.clone(), Text::new(&text));
            }
            let text = known.get(&hash).ok_or_else(missing)?.clone();
            let annotations = annotations.remove(&id).unwrap_or_default();
            let (with, damaged) = project.with_loaded(&id, text, annotations);
            if !damaged.is_empty() {
                return Err(BadWhole(format!("annotations of “{id}” do not fit its text")));
            }
            project = with;
        }
        match annotations.keys().next() {
            Some(id) => Err(BadWhole(format!("the text of “{id}” is missing"))),
            None => Ok(project),
        }
    }
}
