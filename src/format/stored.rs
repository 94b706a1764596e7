//! What the page keeps in the browser: keys and shapes of the stored records,
//! as `docs/stored-records.md` describes them.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value as Json};

use crate::annotation::{ArticleId, Timestamp};
use crate::edit::Commit;
use crate::project::{Key, Owner, Project, ProjectId, PutError, SetKey, SetRow, Value};

/// The names of the object stores.
pub const STORES: [&str; 5] = [PROJECTS, RECORDS, TEXTS, COMMITS, VIEWS];
/// By project id: a [`ProjectRow`].
pub const PROJECTS: &str = "projects";
/// By [`path`]: a [`Record`].
pub const RECORDS: &str = "records";
/// By hash: the text as a string.
pub const TEXTS: &str = "texts";
/// By project id and `seq`: a [`Commit`].
pub const COMMITS: &str = "commits";
/// By a name: what the page remembers of the view, in any shape.
pub const VIEWS: &str = "views";

/// What is known of a project without opening it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectRow {
    /// Its id.
    pub id: ProjectId,
    /// Its title.
    pub title: String,
    /// When it was last opened.
    pub opened: Timestamp,
    /// How many articles it has.
    pub articles: u32,
    /// When it was deleted, if it was; what it holds stays.
    pub deleted: Option<Timestamp>,
    /// The `seq` of its last commit; 0 where there is none.
    pub last_seq: u64,
}

/// The kinds of records that make the index of a project; what is missing is annotations.
pub const INDEX: [&str; 8] =
    ["meta", "scheme", "annotator", "speaker", "group", "relation", "article", "set"];

/// Where a record stands: project, kind, then what names it within its kind.
pub fn path(project: &ProjectId, key: &Key) -> Vec<String> {
    let (kind, rest) = match key {
        Key::Meta => ("meta", vec![]),
        Key::Scheme => ("scheme", vec![]),
        Key::Annotator(id) => ("annotator", vec![id.to_string()]),
        Key::Speaker(id) => ("speaker", vec![id.to_string()]),
        Key::Group(id) => ("group", vec![id.to_string()]),
        Key::Relation(id) => ("relation", vec![id.to_string()]),
        Key::Article(id) => ("article", vec![id.to_string()]),
        Key::Set(set) => ("set", set_path(set)),
        Key::Annotation(set, id) => {
            let mut path = set_path(set);
            path.push(id.to_string());
            ("annotation", path)
        }
    };
    [project.to_string(), kind.to_owned()].into_iter().chain(rest).collect()
}

fn set_path(set: &SetKey) -> Vec<String> {
    let owner = match &set.owner {
        Owner::Gold => "gold".to_owned(),
        Owner::Annotator(id) => format!("annotator {id}"),
    };
    vec![set.article.to_string(), owner]
}

/// The path below which all annotations of an article stand.
pub fn annotations_path(project: &ProjectId, article: &ArticleId) -> Vec<String> {
    vec![project.to_string(), "annotation".to_owned(), article.to_string()]
}

/// A stored record of a project.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A set, with its counts, so that they are known without the annotations.
    Set(SetKey, SetRow),
    /// Any other; the key is never that of a set.
    Other(Key, Value),
}

impl Record {
    /// As it is stored.
    pub fn to_json(&self) -> Result<Json, serde_json::Error> {
        match self {
            Record::Set(set, row) => to_plain(&Keyed { key: Key::Set(set.clone()), value: row }),
            Record::Other(key, value) => to_plain(&Keyed { key: key.clone(), value }),
        }
    }

    /// From what is stored.
    pub fn from_json(json: Json) -> Result<Record, serde_json::Error> {
        let Keyed { key, value } = from_plain::<Keyed<Json>>(json)?;
        Ok(match key {
            Key::Set(set) => Record::Set(set, serde_json::from_value(value)?),
            key => Record::Other(key, serde_json::from_value(value)?),
        })
    }

    /// Puts it into a project.
    ///
    /// # Errors
    /// It is an annotation of an article that is not loaded, or key and value do not fit.
    pub fn put(self, project: &mut Project) -> Result<(), PutError> {
        match self {
            Record::Set(key, row) => *project = project.with_set_row(key, row),
            Record::Other(key, value) => project.put(&key, Some(value))?,
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct Keyed<T> {
    key: Key,
    value: T,
}

/// What is to stand at each path once these commits have led to the project `after`:
/// a record, or nothing.
///
/// Each record is written once, as the last commit left it.
/// The index rows are those of `after`, which knows the counts.
pub fn touched(
    after: &Project,
    commits: &[Rc<Commit>],
) -> Result<BTreeMap<Vec<String>, Option<Json>>, serde_json::Error> {
    let mut last = BTreeMap::new();
    for change in commits.iter().flat_map(|commit| commit.transaction.changes()) {
        match &change.key {
            Key::Set(set) => drop(last.insert(Key::Set(set.clone()), None)),
            key => {
                last.insert(key.clone(), change.to.as_ref());
                if let Key::Annotation(set, _) = key {
                    last.insert(Key::Set(set.clone()), None);
                }
            }
        }
    }
    let record = |key: Key, value: Option<&Value>| match key {
        Key::Set(set) => after.set(&set).map(|row| Record::Set(set, (**row).clone())),
        key => value.map(|value| Record::Other(key, value.clone())),
    };
    last.into_iter()
        .map(|(key, value)| {
            let path = path(&after.meta().id, &key);
            Ok((path, record(key, value).map(|record| record.to_json()).transpose()?))
        })
        .collect()
}

/// A value as JSON that JavaScript holds without loss.
///
/// JavaScript has one type of number, and an object's `__proto__` is not a key like others.
/// So a number that would come back as another one is `{"$number": "its digits"}`,
/// and a `$` goes before a key that is `__proto__` or begins with `$`.
pub fn to_plain(value: &impl Serialize) -> Result<Json, serde_json::Error> {
    Ok(plain(serde_json::to_value(value)?))
}

/// The inverse of [`to_plain`].
pub fn from_plain<T: DeserializeOwned>(json: Json) -> Result<T, serde_json::Error> {
    serde_json::from_value(exact(json))
}

const NUMBER: &str = "$number";

fn plain(json: Json) -> Json {
    match json {
        Json::Number(number) if !survives(&number) => {
            Json::Object(Map::from_iter([(NUMBER.to_owned(), number.to_string().into())]))
        }
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(map) => {
            let escape = |key: String| match key.as_str() {
                "__proto__" => format!("${key}"),
                _ if key.starts_with('$') => format!("${key}"),
                _ => key,
            };
            map.into_iter().map(|(key, value)| (escape(key), plain(value))).collect()
        }
        json => json,
    }
}

/// Whether a number is the same after it was one of JavaScript's.
fn survives(number: &Number) -> bool {
    const SAFE: i64 = (1 << 53) - 1;
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => (-SAFE..=SAFE).contains(&integer),
        // A whole number written as a fraction, such as 1.0, would come back without it.
        (None, Some(float)) => float.fract() != 0.0,
        (None, None) => false,
    }
}

fn exact(json: Json) -> Json {
    match json {
        Json::Array(items) => items.into_iter().map(exact).collect(),
        Json::Object(map) => {
            if let Some(digits) = map.get(NUMBER).and_then(Json::as_str)
                && let Ok(number) = serde_json::from_str::<Number>(digits)
            {
                return Json::Number(number);
            }
            let unescape = |key: String| match key.strip_prefix('$') {
                Some(rest) => rest.to_owned(),
                None => key,
            };
            map.into_iter().map(|(key, value)| (unescape(key), exact(value))).collect()
        }
        json => json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_javascript_cannot_hold_comes_back() {
        let json = json!({
            "id": 12_345_678_901_234_567_890_u64, "low": -9_007_199_254_740_993_i64, "one": 1.0,
            "half": 0.5, "count": 7, "minus": -0.0, "huge": 1e300,
            "__proto__": {"$number": "7", "$": ["__proto__", {"$$x": null}]},
        });
        let plain = to_plain(&json).unwrap();
        assert_eq!(plain["id"], json!({"$number": "12345678901234567890"}));
        assert_eq!((&plain["half"], &plain["count"]), (&json!(0.5), &json!(7)));
        assert!(plain.get("__proto__").is_none());
        assert_eq!(from_plain::<Json>(plain).unwrap().to_string(), json.to_string());
    }

    #[test]
    fn paths_of_one_kind_stand_below_that_kind() {
        let set = SetKey { article: "a".into(), owner: Owner::Annotator("ada".into()) };
        let annotation = Key::Annotation(set.clone(), "1".into());
        assert_eq!(path(&"p".into(), &Key::Meta), ["p", "meta"]);
        assert_eq!(path(&"p".into(), &Key::Set(set)), ["p", "set", "a", "annotator ada"]);
        let path = path(&"p".into(), &annotation);
        assert_eq!(path, ["p", "annotation", "a", "annotator ada", "1"]);
        assert!(path.starts_with(&annotations_path(&"p".into(), &"a".into())));
    }
}
