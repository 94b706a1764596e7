//! Where the work is kept: IndexedDB, strictly durable.
//!
//! The shapes stand in [`stored`]; this module only carries them over.
//! Each call is one transaction. Where the connection broke, it is opened anew once and the call
//! is made again.

mod browser;
mod connection;
mod error;
mod idb;

pub use browser::{estimate, persist};
pub use connection::DATABASE;
pub use error::StoreError;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use serde_json::Value as Json;
use wasm_bindgen::{JsCast, JsValue};

use crate::annotation::{Annotation, ArticleId, Timestamp};
use crate::edit::Commit;
use crate::format::stored::{
    self, COMMITS, PROJECTS, ProjectRow, RECORDS, Record, Shape, TEXTS, VIEWS, from_plain, to_plain,
};
use crate::project::{Key, Meta, Owner, Project, ProjectId, TextHash, Value};
use crate::text::Text;
use crate::web::plain::to_js;
use connection::{Connection, End, below, between, from_js, key};
use idb::{Ask, Mode, Plan};

/// The store; a clone is the same store and costs nothing.
#[derive(Clone)]
pub struct Store {
    connection: Rc<RefCell<Option<Rc<Connection>>>>,
}

impl PartialEq for Store {
    fn eq(&self, other: &Store) -> bool {
        Rc::ptr_eq(&self.connection, &other.connection)
    }
}

/// A project as it was stored.
#[derive(Clone, Debug)]
pub struct LoadedProject {
    /// Its index; no article is loaded.
    pub project: Project,
    /// The `seq` of its last commit; 0 where there is none.
    pub last_seq: u64,
}

impl Store {
    /// Opens the database, and makes it on the first visit.
    pub async fn open() -> Result<Store, StoreError> {
        let connection = Rc::new(Connection::open().await?);
        Ok(Store { connection: Rc::new(RefCell::new(Some(connection))) })
    }

    /// All projects, the deleted ones too, by id.
    pub async fn projects(&self) -> Result<Vec<ProjectRow>, StoreError> {
        let all = [Ask::All(PROJECTS, JsValue::UNDEFINED)];
        let answers = self.run(&Plan::new(Mode::Read, &[PROJECTS], &all)).await?;
        let rows = many(&answers.get(0)).into_iter();
        rows.map(|row| read(&row, "The list of projects")).collect()
    }

    /// The index of a project; none where there is no such project, or it is deleted.
    pub async fn load(&self, id: &ProjectId) -> Result<Option<LoadedProject>, StoreError> {
        let mut asks = vec![Ask::Get(PROJECTS, id.as_str().into())];
        for kind in stored::INDEX {
            asks.push(Ask::All(RECORDS, below(&[id.to_string(), kind.to_owned()])?));
        }
        let answers = self.run(&Plan::new(Mode::Read, &[PROJECTS, RECORDS], &asks)).await?;
        let Some(row) = row(&answers)? else { return Ok(None) };
        if row.deleted.is_some() {
            return Ok(None);
        }
        let mut project = None;
        for record in answers.iter().skip(1).flat_map(|records| many(&records)) {
            let what = format!("A record of the project “{}”", row.title);
            let record = Record::from_json(from_js(&record, &what)?)
                .map_err(|_| StoreError::damaged(&what))?;
            match (&mut project, record) {
                // The first kind of the index.
                (None, Record::Other(Key::Meta, Value::Meta(meta))) => {
                    project = Some(Project::new(Meta::clone(&meta)));
                }
                (None, _) => return Err(StoreError::damaged(what)),
                (Some(project), record) => {
                    record.put(project).map_err(|_| StoreError::damaged(&what))?;
                }
            }
        }
        let project =
            project.ok_or_else(|| StoreError::damaged(format!("The project “{}”", row.title)))?;
        Ok(Some(LoadedProject { project, last_seq: row.last_seq }))
    }

    /// The text of an article, unless it is not here, and everybody's annotations on it.
    pub async fn load_article(
        &self,
        project: &ProjectId,
        article: &ArticleId,
        text: &TextHash,
    ) -> Result<(Option<Text>, Vec<(Owner, Annotation)>), StoreError> {
        let annotations = below(&stored::annotations_path(project, article))?;
        let asks = [Ask::Get(TEXTS, text.as_str().into()), Ask::All(RECORDS, annotations)];
        let answers = self.run(&Plan::new(Mode::Read, &[TEXTS, RECORDS], &asks)).await?;
        let content = some(answers.get(0)).map(|content| {
            let content = content.as_string().map(|content| Text::new(&content));
            content
                .filter(|content| content.hash() == text.as_str())
                .ok_or_else(|| StoreError::damaged(format!("The text of “{article}”")))
        });
        let content = content.transpose()?;
        let mut annotations = Vec::new();
        for record in many(&answers.get(1)) {
            let what = format!("An annotation of “{article}”");
            match Record::from_json(from_js(&record, &what)?) {
                Ok(Record::Other(Key::Annotation(set, _), Value::Annotation(annotation))) => {
                    annotations.push((set.owner, Annotation::clone(&annotation)))
                }
                _ => return Err(StoreError::damaged(what)),
            }
        }
        Ok((content, annotations))
    }

    /// At most `limit` commits, newest first: those before the `seq` given, else the last.
    pub async fn commits(
        &self,
        project: &ProjectId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Rc<Commit>>, StoreError> {
        let first = [Ask::Get(PROJECTS, project.as_str().into())];
        let then = |answers: &Array| {
            let last_seq = row(answers)?.map_or(0, |row| row.last_seq);
            // They are numbered without gaps, so that the newest need no walk from the end.
            let end = before.unwrap_or(u64::MAX).min(last_seq + 1).max(1);
            let start = end.saturating_sub(u64::from(limit)).max(1);
            if start == end {
                return Ok(Vec::new());
            }
            let range = between(&commit_key(project, start), &commit_key(project, end))?;
            Ok(vec![Ask::All(COMMITS, range)])
        };
        let answers =
            self.run(&Plan::new(Mode::Read, &[PROJECTS, COMMITS], &first).then(&then)).await?;
        let mut commits = many(&answers.get(1))
            .into_iter()
            .map(|commit| Ok(Rc::new(read(&commit, "The history of the project")?)))
            .collect::<Result<Vec<Rc<Commit>>, StoreError>>()?;
        commits.reverse();
        Ok(commits)
    }

    /// Stores texts under their hashes; to be awaited before the commit that names them.
    pub async fn put_texts(&self, texts: &[Text]) -> Result<(), StoreError> {
        let puts: Vec<Ask> = texts
            .iter()
            .map(|text| Ask::Put(TEXTS, text.hash().into(), text.as_str().into()))
            .collect();
        self.run(&Plan::new(Mode::Strict, &[TEXTS], &puts)).await.map(drop)
    }

    /// Stores commits that follow the last stored one, and with them the records they touch,
    /// in one transaction; `after` is the project that they led to.
    ///
    /// A project that is new here is made by it, with its title and scheme; it may come without
    /// any commit. Comes back when the browser says that all of it is on the disk.
    pub async fn write(&self, after: &Project, commits: &[Rc<Commit>]) -> Result<(), StoreError> {
        let id = &after.meta().id;
        let mut first = vec![Ask::Get(PROJECTS, id.as_str().into())];
        first.extend(commits.first().map(|commit| Ask::Get(COMMITS, commit_key(id, commit.seq))));
        let then = |answers: &Array| what_to_write(after, commits, answers);
        self.run(&Plan::new(Mode::Strict, &[PROJECTS, RECORDS, COMMITS], &first).then(&then))
            .await
            .map(drop)
    }

    /// Notes when a project was opened.
    pub async fn touch(&self, id: &ProjectId, now: Timestamp) -> Result<(), StoreError> {
        self.change_row(id, &|row| row.opened = now).await
    }

    /// Marks a project as deleted; what it holds stays.
    pub async fn delete_project(&self, id: &ProjectId, now: Timestamp) -> Result<(), StoreError> {
        self.change_row(id, &|row| row.deleted = Some(now)).await
    }

    /// Takes back that a project was deleted.
    pub async fn restore_project(&self, id: &ProjectId) -> Result<(), StoreError> {
        self.change_row(id, &|row| row.deleted = None).await
    }

    async fn change_row(
        &self,
        id: &ProjectId,
        change: &dyn Fn(&mut ProjectRow),
    ) -> Result<(), StoreError> {
        let first = [Ask::Get(PROJECTS, id.as_str().into())];
        let then = |answers: &Array| {
            let mut row = row(answers)?.ok_or_else(|| StoreError::damaged("The project"))?;
            change(&mut row);
            Ok(vec![put_row(&row)])
        };
        self.run(&Plan::new(Mode::Strict, &[PROJECTS], &first).then(&then)).await.map(drop)
    }

    /// Remembers something of the view, such as the caret's place.
    ///
    /// Not strictly durable: it may be lost with the machine's power, and is no work.
    pub async fn remember_view(&self, name: &str, value: &impl Shape) -> Result<(), StoreError> {
        let value = to_js(&to_plain(value));
        self.remember(name, value).await
    }

    async fn remember(&self, name: &str, value: JsValue) -> Result<(), StoreError> {
        let put = [Ask::Put(VIEWS, name.into(), value)];
        self.run(&Plan::new(Mode::Relaxed, &[VIEWS], &put)).await.map(drop)
    }

    /// What was remembered of the view; none where nothing was, or it has another shape.
    pub async fn view<T: Shape>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let value = self.remembered(name).await?;
        Ok(value.and_then(|value| read(&value, "The view").ok()))
    }

    async fn remembered(&self, name: &str) -> Result<Option<JsValue>, StoreError> {
        let get = [Ask::Get(VIEWS, name.into())];
        let answers = self.run(&Plan::new(Mode::Read, &[VIEWS], &get)).await?;
        Ok(some(answers.get(0)))
    }

    /// Runs a transaction; where the connection broke, once more on a new one.
    async fn run(&self, plan: &Plan<'_>) -> Result<Array, StoreError> {
        let connection = self.connection().await?;
        let why = match connection.run(plan).await {
            Err(StoreError::Lost(why)) => why,
            done => return done,
        };
        if connection.end() == Some(End::GaveWay) {
            return Err(StoreError::VersionChange);
        }
        self.forget(&connection);
        match self.connection().await {
            Ok(connection) => connection.run(plan).await,
            Err(StoreError::Unavailable(_)) => Err(StoreError::Lost(why)),
            Err(error) => Err(error),
        }
    }

    async fn connection(&self) -> Result<Rc<Connection>, StoreError> {
        let open = self.connection.borrow().clone();
        if let Some(open) = open {
            match open.end() {
                None => return Ok(open),
                // Opened anew, the database could be an empty one, and writing to it would look
                // like success.
                Some(End::GaveWay) => return Err(StoreError::VersionChange),
                Some(End::Lost) => {}
            }
        }
        let connection = Rc::new(Connection::open().await?);
        *self.connection.borrow_mut() = Some(connection.clone());
        Ok(connection)
    }

    /// Lets go of a connection, unless another has taken its place.
    fn forget(&self, connection: &Rc<Connection>) {
        let mut open = self.connection.borrow_mut();
        if open.as_ref().is_some_and(|open| Rc::ptr_eq(open, connection)) {
            *open = None;
        }
    }
}

/// What commits and the project that they led to change in the store, given what it holds: the
/// row of the project and, if there is any commit, what stands where the first is to stand.
fn what_to_write(
    after: &Project,
    commits: &[Rc<Commit>],
    answers: &Array,
) -> Result<Vec<Ask>, StoreError> {
    let meta = after.meta();
    let id = &meta.id;
    let row = row(answers)?;
    let last_seq = row.as_ref().map_or(0, |row| row.last_seq);
    if let Some(first) = commits.first() {
        if first.seq <= last_seq {
            // Either another tab took this number, or this is the second try of what
            // succeeded at the first although the connection broke.
            let there = some(answers.get(1));
            let there: Option<Commit> =
                there.map(|commit| read(&commit, "The last commit")).transpose()?;
            if there.is_none_or(|there| there.id != first.id) {
                return Err(StoreError::Overtaken);
            }
        } else if first.seq > last_seq + 1 {
            return Err(StoreError::damaged(format!("The project “{}”", meta.title)));
        }
    }

    let mut changes = Vec::new();
    let put_record =
        |path: &[String], record: &Json| Ask::Put(RECORDS, key(path).into(), to_js(record));
    if row.is_none() {
        let made = [
            (Key::Meta, Value::Meta(meta.clone())),
            (Key::Scheme, Value::Scheme(after.scheme().clone())),
        ];
        for (key, value) in made {
            let path = stored::path(id, &key);
            changes.push(put_record(&path, &Record::Other(key, value).to_json()));
        }
    }
    for (path, record) in stored::touched(after, commits) {
        changes.push(match record {
            Some(record) => put_record(&path, &record),
            None => Ask::Delete(RECORDS, key(&path).into()),
        });
    }
    for commit in commits {
        changes.push(Ask::Put(COMMITS, commit_key(id, commit.seq), to_js(&to_plain(commit))));
    }
    let last = commits.last();
    changes.push(put_row(&ProjectRow {
        id: id.clone(),
        title: meta.title.clone(),
        opened: match &row {
            Some(row) => row.opened,
            None => last.map_or(meta.created, |commit| commit.at),
        },
        articles: u32::try_from(after.article_count()).unwrap_or(u32::MAX),
        deleted: row.and_then(|row| row.deleted),
        last_seq: last.map_or(last_seq, |commit| commit.seq.max(last_seq)),
    }));
    Ok(changes)
}

fn put_row(row: &ProjectRow) -> Ask {
    Ask::Put(PROJECTS, row.id.as_str().into(), to_js(&to_plain(row)))
}

fn commit_key(project: &ProjectId, seq: u64) -> JsValue {
    // A double holds every number that can be counted to.
    Array::of2(&JsValue::from_str(project.as_str()), &JsValue::from_f64(seq as f64)).into()
}

/// What stands at a key; none where nothing does.
fn some(answer: JsValue) -> Option<JsValue> {
    (!answer.is_undefined() && !answer.is_null()).then_some(answer)
}

/// What stands in a range of keys.
fn many(answer: &JsValue) -> Vec<JsValue> {
    answer.dyn_ref::<Array>().map(Array::to_vec).unwrap_or_default()
}

/// The row of a project that was asked for first.
fn row(answers: &Array) -> Result<Option<ProjectRow>, StoreError> {
    some(answers.get(0)).map(|row| read(&row, "The project")).transpose()
}

/// A stored value; `what` names it where it is not of that type.
fn read<T: Shape>(value: &JsValue, what: &str) -> Result<T, StoreError> {
    from_plain(from_js(value, what)?).map_err(|_| StoreError::damaged(what))
}
