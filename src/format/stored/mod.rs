//! What the page keeps in the browser: keys and shapes of the stored records,
//! as `docs/stored-records.md` describes them.

mod annotations;
mod index;
mod packed;
mod plain;
pub(crate) mod shape;
mod shapes;
mod written;

/// A stored value while it is read. (Beside `serde_json::Value`, which is `Json` here.)
pub use super::json::{Json as Tree, Keys as Fields};
pub use annotations::{from_annotation_block, to_annotation_blocks};
pub use index::{from_block, to_block};
pub use packed::{from_packed, to_packed};
pub use plain::{from_plain, to_plain};
pub use shape::{Malformed, Shape, Wrong};
pub(crate) use shape::{shape, tagged, untagged};
pub use written::{read_written, to_written};

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::annotation::{ArticleId, Timestamp};
use crate::edit::Commit;
use crate::project::{Key, Owner, Project, ProjectId, PutError, SetKey, SetRow, Value};
use crate::sort::sort_by;

/// The version of what is stored.
pub const VERSION: u32 = 6;
/// The version that began to keep [`TOUCHES`].
pub const TOUCHES_SINCE: u32 = 2;

/// The names of the object stores, each with the version that began to keep it.
pub const STORES: [(&str, u32); 6] =
    [(PROJECTS, 1), (RECORDS, 1), (TEXTS, 1), (COMMITS, 1), (VIEWS, 1), (TOUCHES, TOUCHES_SINCE)];
/// By project id: a [`ProjectRow`].
pub const PROJECTS: &str = "projects";
/// By [`path`]: a [`Record`].
pub const RECORDS: &str = "records";
/// By hash: the text.
pub const TEXTS: &str = "texts";
/// By project id and `seq`: a [`Commit`].
pub const COMMITS: &str = "commits";
/// By a name: what the page remembers of the view, in any shape.
pub const VIEWS: &str = "views";
/// By project id, article id and `seq`: the `seq` again, for each commit that touches the article.
pub const TOUCHES: &str = "touches";

/// What is known of a project without opening it.
#[derive(Clone, Debug, PartialEq)]
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
    /// How many [blocks](block_path) there are.
    pub blocks: u32,
    /// Whether annotations may stand in [blocks](annotation_block_path).
    pub packed: bool,
    /// Whether a file is being taken in of which it is to hold all: until then, there is no such
    /// project.
    pub importing: bool,
}

/// The kinds of records that make the index of a project; what is missing is annotations.
pub const INDEX: [&str; 9] =
    ["meta", "scheme", "annotator", "speaker", "group", "relation", "article", "set", "deletion"];

/// Where a record stands: project, kind, then what names it within its kind.
pub fn path(project: &ProjectId, key: &Key) -> Vec<String> {
    let mut path = vec![project.to_string(), key.kind().to_owned()];
    match key {
        Key::Meta | Key::Scheme => {}
        Key::Annotator(id) => path.push(id.to_string()),
        Key::Speaker(id) => path.push(id.to_string()),
        Key::Group(id) => path.push(id.to_string()),
        Key::Relation(id) => path.push(id.to_string()),
        Key::Article(id) => path.push(id.to_string()),
        Key::Set(set) => path.extend(set_path(set)),
        Key::Annotation(set, id) => {
            path.extend(set_path(set));
            path.push(id.to_string());
        }
        // Behind its own kind, as what was deleted stood behind the project.
        Key::Deletion(of) => path.extend(self::path(project, of).split_off(1)),
    }
    path
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

/// The path of block number `number` of a project, from 1: records of articles and sets as one text.
/// A record that stands by itself, or says that there is none, counts in place of what a block has.
pub fn block_path(project: &ProjectId, number: u32) -> Vec<String> {
    vec![project.to_string(), BLOCK.to_owned(), format!("{number:08}")]
}

/// The path of block number `number`, from 1, of the annotations of an article: many as one text. Such
/// blocks stand before all annotations that stand by themselves, which count in place of what a block
/// has, as does one that says that there is none.
pub fn annotation_block_path(
    project: &ProjectId,
    article: &ArticleId,
    number: usize,
) -> Vec<String> {
    let mut path = annotations_path(project, article);
    path.extend([String::new(), format!("{number:08}")]);
    path
}

/// What stands in place of a kind in the paths of blocks.
pub const BLOCK: &str = "block";

/// A stored record of a project.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A set, with its counts, so that they are known without the annotations.
    Set(SetKey, Arc<SetRow>),
    /// Any other; the key is never that of a set.
    Other(Key, Value),
    /// There is none any more, whatever a block has.
    Gone(Key),
}

impl Record {
    /// As it is stored.
    pub fn to_json(&self) -> Json {
        let (key, value) = match self {
            Record::Set(set, row) => (Key::Set(set.clone()).to_json(), row.to_json()),
            Record::Other(key, value) => (key.to_json(), value.to_json()),
            Record::Gone(key) => (key.to_json(), Json::Null),
        };
        let mut map = Map::new();
        shape::insert(&mut map, "key", key);
        shape::insert(&mut map, "value", value);
        to_plain(&Json::Object(map))
    }

    /// From what is stored.
    ///
    /// # Errors
    /// It has another shape.
    pub fn read<'a>(stored: impl Into<Tree<'a>>) -> Result<Record, Malformed> {
        let (mut tree, mut wrong) = (stored.into(), Wrong::default());
        plain::exact(&mut tree);
        let record = Record::of(tree, &mut wrong);
        wrong.unless(record)
    }

    fn of(tree: Tree<'_>, wrong: &mut Wrong) -> Record {
        let mut map = shape::object(tree, "record", wrong);
        match shape::take(&mut map, "key", wrong) {
            key if matches!(map.get("value"), Some(Tree::Null)) => Record::Gone(key),
            Key::Set(set) => Record::Set(set, shape::take(&mut map, "value", wrong)),
            key => Record::Other(key, shape::take(&mut map, "value", wrong)),
        }
    }

    /// Puts it into a project.
    ///
    /// # Errors
    /// It is an annotation of an article that is not loaded, or key and value do not fit.
    pub fn put(self, project: &mut Project) -> Result<(), PutError> {
        match self {
            Record::Set(key, row) => project.put_row(&key, Some(row)),
            Record::Other(key, value) => project.put(&key, Some(value))?,
            Record::Gone(key) => project.forget(&key),
        }
        Ok(())
    }
}

/// What is to stand at each path once these commits have led to the project `after`:
/// a record, or that it is [gone](Record::Gone).
///
/// Each record is written once, as the last commit left it.
/// The index rows are those of `after`, which knows the counts.
pub fn touched(after: &Project, commits: &[Arc<Commit>]) -> Vec<(Vec<String>, Record)> {
    let mut last: Vec<(Key, Option<&Value>)> = Vec::new();
    for change in commits.iter().flat_map(|commit| commit.transaction.changes()) {
        if let Key::Annotation(set, _) = &change.key {
            last.push((Key::Set(set.clone()), None));
        }
        last.push((change.key.clone(), change.to.as_ref()));
    }
    sort_by(&mut last, |(a, _), (b, _)| a.cmp(b));
    last.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 = later.1;
        }
        same
    });
    let record = |key: Key, value: Option<&Value>| match &key {
        Key::Set(set) => after.set(set).map(|row| Record::Set(set.clone(), row.clone())),
        _ => value.map(|value| Record::Other(key.clone(), value.clone())),
    };
    let stands = |(key, value): (Key, Option<&Value>)| {
        let path = path(&after.meta().id, &key);
        (path, record(key.clone(), value).unwrap_or(Record::Gone(key)))
    };
    last.into_iter().map(stands).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_one_kind_stand_below_that_kind() {
        let set = SetKey { article: "a".into(), owner: Owner::Annotator("ada".into()) };
        let annotation = Key::Annotation(set.clone(), "1".into());
        assert_eq!(path(&"p".into(), &Key::Meta), ["p", "meta"]);
        assert_eq!(path(&"p".into(), &Key::Set(set)), ["p", "set", "a", "annotator ada"]);
        let deletion = Key::Deletion(Arc::new(annotation.clone()));
        let path = path(&"p".into(), &deletion);
        assert_eq!(path, ["p", "deletion", "annotation", "a", "annotator ada", "1"]);
        let path = super::path(&"p".into(), &annotation);
        assert_eq!(path, ["p", "annotation", "a", "annotator ada", "1"]);
        assert!(path.starts_with(&annotations_path(&"p".into(), &"a".into())));
    }
}
