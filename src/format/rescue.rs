//! The rescue file: all that the page has stored, as `www/rescue.js` copies it.
//!
//! `{"format": "avow-rescue", "version": 1, "stores": {name: [{"key": …, "value": …}]}}`, with
//! keys and values as they stand in the database. What cannot be read is told, the rest is kept.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::Problem;
use super::stored::{self, ProjectRow, Record, from_plain};
use crate::annotation::{Annotations, ArticleId};
use crate::project::{Key, Meta, Project, SetKey, Sets, Value, put_into};
use crate::text::{Text, TextHash};

/// What a rescue file says it is.
pub const FORMAT: &str = "avow-rescue";
const VERSION: u64 = 1;

/// What a rescue file held.
#[derive(Clone, Debug)]
pub struct Rescued {
    /// All that were not deleted, with every article loaded whose text is there.
    pub projects: Vec<Project>,
    /// What could not be taken.
    pub problems: Vec<Problem>,
}

/// Why a file is no rescue file that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not JSON.
    NotJson(String),
    /// It is JSON of another kind.
    NotRescue,
    /// It is of a later version.
    Version(u64),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::NotJson(why) => write!(f, "it is not complete JSON ({why})"),
            ReadError::NotRescue => f.write_str("it is not a rescue file"),
            ReadError::Version(version) => {
                write!(f, "it is of version {version}, and this page reads version {VERSION}")
            }
        }
    }
}

impl std::error::Error for ReadError {}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stores {
    projects: Vec<Entry>,
    records: Vec<Entry>,
    texts: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    key: Json,
    #[serde(default)]
    value: Json,
}

/// What stands under one project id, on the way to a project.
#[derive(Default)]
struct Parts {
    meta: Option<Meta>,
    /// Of blocks; what stands by itself counts in place of it.
    packed: Vec<Record>,
    index: Vec<Record>,
    annotations: HashMap<ArticleId, Sets>,
}

/// Reads a rescue file; `file` names it in problems.
pub fn read(file: &str, json: &str) -> Result<Rescued, ReadError> {
    let mut json: Json =
        serde_json::from_str(json).map_err(|error| ReadError::NotJson(error.to_string()))?;
    if json.get("format").and_then(Json::as_str) != Some(FORMAT) {
        return Err(ReadError::NotRescue);
    }
    match json.get("version").and_then(Json::as_u64) {
        Some(VERSION) => {}
        Some(version) => return Err(ReadError::Version(version)),
        None => return Err(ReadError::NotRescue),
    }
    let stores = json.get_mut("stores").ok_or(ReadError::NotRescue)?.take();
    let stores: Stores = serde_json::from_value(stores).map_err(|_| ReadError::NotRescue)?;

    let mut problems = Vec::new();
    let mut problem = |what: String| {
        let remedy = "Keep the file: it still holds what could not be read".to_owned();
        problems.push(Problem { file: file.to_owned(), line: None, what, remedy });
    };

    let mut texts: HashMap<TextHash, Text> = HashMap::new();
    for entry in stores.texts {
        let (Some(hash), Some(content)) = (entry.key.as_str(), entry.value.as_str()) else {
            problem("A text cannot be read".to_owned());
            continue;
        };
        let text = Text::new(content);
        if text.hash() == hash {
            texts.insert(hash.into(), text);
        } else {
            problem(format!("The text {hash} is not what it was"));
        }
    }

    let mut parts: HashMap<String, Parts> = HashMap::new();
    for entry in stores.records {
        let id = entry.key.get(0).and_then(Json::as_str).unwrap_or_default().to_owned();
        let place = entry.key.to_string();
        let parts = parts.entry(id).or_default();
        if entry.key.get(1).and_then(Json::as_str) == Some(stored::BLOCK) {
            match stored::from_block(&(&entry.value).into()) {
                Ok(records) => parts.packed.extend(records),
                Err(error) => problem(format!("The records {place} cannot be read ({error})")),
            }
            continue;
        }
        if let (Some("annotation"), Json::String(block)) =
            (entry.key.get(1).and_then(Json::as_str), &entry.value)
        {
            let article = entry.key.get(2).and_then(Json::as_str).unwrap_or_default();
            let sets = parts.annotations.entry(article.into()).or_default();
            if let Err(error) = stored::from_annotation_block(block, sets) {
                problem(format!("The annotations {place} cannot be read ({error})"));
            }
            continue;
        }
        match Record::read(entry.value) {
            Ok(Record::Other(Key::Meta, Value::Meta(meta))) => {
                parts.meta = Some(Meta::clone(&meta));
            }
            // They stand behind the blocks.
            Ok(Record::Other(Key::Annotation(set, id), Value::Annotation(annotation))) => {
                let sets = parts.annotations.entry(set.article).or_default();
                put_into(sets, set.owner, &id, Some(annotation));
            }
            Ok(Record::Gone(Key::Annotation(set, id))) => {
                let sets = parts.annotations.entry(set.article).or_default();
                put_into(sets, set.owner, &id, None);
            }
            Ok(record) => parts.index.push(record),
            Err(error) => problem(format!("The record {place} cannot be read ({error})")),
        }
    }

    let mut projects = Vec::new();
    for entry in stores.projects {
        let id = entry.key.as_str().unwrap_or_default().to_owned();
        let row = match from_plain::<ProjectRow>(entry.value) {
            Ok(row) if row.deleted.is_some() => {
                parts.remove(&id);
                problem(format!("The project “{}” was deleted and is left out", row.title));
                continue;
            }
            Ok(row) => Some(row),
            Err(_) => None,
        };
        let Some(mut parts) = parts.remove(&id) else { continue };
        if parts.meta.is_none() {
            // Its work is worth more than its guidelines.
            parts.meta = row.map(|row| Meta::new(row.id, &row.title, row.opened));
            problem(format!("The title and guidelines of the project “{id}” are not there"));
        }
        projects.extend(assemble(parts, &texts, &mut problem));
    }
    let mut orphans: Vec<_> = parts.into_iter().collect();
    orphans.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (id, parts) in orphans {
        match parts.meta {
            Some(_) => projects.extend(assemble(parts, &texts, &mut problem)),
            None => problem(format!("Records belong to a project “{id}” that is not there")),
        }
    }
    Ok(Rescued { projects, problems })
}

fn assemble(
    parts: Parts,
    texts: &HashMap<TextHash, Text>,
    problem: &mut impl FnMut(String),
) -> Option<Project> {
    let Parts { meta, packed, index, mut annotations } = parts;
    let mut project = Project::new(meta?);
    for record in packed.into_iter().chain(index) {
        // Counts are made anew below, by the annotations that are really there.
        let record = match record {
            Record::Set(set, row) => match row.info.clone() {
                Some(info) => Record::Other(Key::Set(set), Value::Set(info.into())),
                None => continue,
            },
            record => record,
        };
        if record.put(&mut project).is_err() {
            problem("A record stands in the wrong place".to_owned());
        }
    }
    for article in project.clone().articles() {
        let annotations = annotations.remove(&article.id).unwrap_or_default();
        let title = &article.title;
        let Some(text) = texts.get(&article.text) else {
            problem(format!(
                "The text of “{title}” is not there, so its {} annotations are left out",
                count(&annotations)
            ));
            continue;
        };
        (project, _) = project.with_loaded(&article.id, text.clone(), Sets::new());
        for (owner, set) in annotations.iter() {
            for (id, annotation) in set.iter() {
                let set = SetKey { article: article.id.clone(), owner: owner.clone() };
                let key = Key::Annotation(set, id.clone());
                if project.put(&key, Some(Value::Annotation(annotation.clone()))).is_err() {
                    problem(format!("An annotation of “{title}” does not fit its text"));
                }
            }
        }
    }
    let left: usize = annotations.values().map(count).sum();
    if left > 0 {
        problem(format!("{left} annotations belong to articles that are not there"));
    }
    Some(project)
}

fn count(sets: &Sets) -> usize {
    sets.values().map(Annotations::len).sum()
}
