//! Where the work is kept: IndexedDB, strictly durable.
//!
//! The shapes stand in [`stored`]; this module only carries them over.
//! Each call is one transaction. Where the connection broke, it is opened anew once and the call
//! is made again.

mod browser;
mod connection;
mod error;

pub use browser::{Estimate, estimate, is_secure_context, persist};
pub use connection::DATABASE;
pub use error::StoreError;

use std::cell::RefCell;
use std::rc::Rc;

use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionDurability::{Relaxed, Strict};
use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::annotation::{Annotation, ArticleId, Timestamp};
use crate::edit::Commit;
use crate::format::stored::{
    self, COMMITS, PROJECTS, ProjectRow, RECORDS, Record, Shape, TEXTS, VIEWS, from_plain, to_plain,
};
use crate::project::{Key, Meta, Owner, Project, ProjectId, TextHash, Value};
use crate::text::Text;
use crate::web::plain::to_js;
use connection::{Connection, End, below, complete, from_js, key};

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
        self.run(async |connection| {
            let transaction = connection.read(&[PROJECTS])?;
            let store = transaction.object_store(PROJECTS)?;
            let rows = store.get_all::<JsValue>().await?;
            rows.map(|row| read(row?, "The list of projects")).collect()
        })
        .await
    }

    /// The index of a project; none where there is no such project, or it is deleted.
    pub async fn load(&self, id: &ProjectId) -> Result<Option<LoadedProject>, StoreError> {
        self.run(async |connection| {
            let transaction = connection.read(&[PROJECTS, RECORDS])?;
            let store = transaction.object_store(RECORDS)?;
            let row = transaction.object_store(PROJECTS)?.get(id.as_str()).primitive()?;
            let mut kinds = Vec::new();
            for kind in stored::INDEX {
                let range = below(&[id.to_string(), kind.to_owned()]);
                kinds.push(store.get_all::<JsValue>().with_query::<JsValue, _>(range).primitive()?);
            }
            let Some(row) = row.await? else { return Ok(None) };
            let row: ProjectRow = read(row, "The project")?;
            if row.deleted.is_some() {
                return Ok(None);
            }
            let mut project = None;
            for records in kinds {
                for record in records.await? {
                    let what = format!("A record of the project “{}”", row.title);
                    let record = Record::from_json(from_js(&record?, &what)?)
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
            }
            let project = project
                .ok_or_else(|| StoreError::damaged(format!("The project “{}”", row.title)))?;
            Ok(Some(LoadedProject { project, last_seq: row.last_seq }))
        })
        .await
    }

    /// The text of an article, unless it is not here, and everybody's annotations on it.
    pub async fn load_article(
        &self,
        project: &ProjectId,
        article: &ArticleId,
        text: &TextHash,
    ) -> Result<(Option<Text>, Vec<(Owner, Annotation)>), StoreError> {
        self.run(async |connection| {
            let transaction = connection.read(&[TEXTS, RECORDS])?;
            let content = transaction.object_store(TEXTS)?.get(text.as_str()).primitive()?;
            let store = transaction.object_store(RECORDS)?;
            let range = below(&stored::annotations_path(project, article));
            let records = store.get_all::<JsValue>().with_query::<JsValue, _>(range).primitive()?;

            let content: Option<String> = content.await?;
            let content = content.map(|content| Text::new(&content));
            if content.as_ref().is_some_and(|content| content.hash() != text.as_str()) {
                return Err(StoreError::damaged(format!("The text of “{article}”")));
            }
            let mut annotations = Vec::new();
            for record in records.await? {
                let what = format!("An annotation of “{article}”");
                match Record::from_json(from_js(&record?, &what)?) {
                    Ok(Record::Other(Key::Annotation(set, _), Value::Annotation(annotation))) => {
                        annotations.push((set.owner, Annotation::clone(&annotation)))
                    }
                    _ => return Err(StoreError::damaged(what)),
                }
            }
            Ok((content, annotations))
        })
        .await
    }

    /// At most `limit` commits, newest first: those before the `seq` given, else the last.
    pub async fn commits(
        &self,
        project: &ProjectId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Rc<Commit>>, StoreError> {
        self.run(async |connection| {
            let transaction = connection.read(&[PROJECTS, COMMITS])?;
            let row = transaction.object_store(PROJECTS)?.get(project.as_str()).primitive()?;
            let row: Option<JsValue> = row.await?;
            let last_seq = match row {
                Some(row) => read::<ProjectRow>(row, "The project")?.last_seq,
                None => 0,
            };
            // They are numbered without gaps, so that the newest need no walk from the end.
            let end = before.unwrap_or(u64::MAX).min(last_seq + 1).max(1);
            let start = end.saturating_sub(u64::from(limit)).max(1);
            if start == end {
                return Ok(Vec::new());
            }
            let range = commit_key(project, start)..commit_key(project, end);
            let store = transaction.object_store(COMMITS)?;
            let commits = store.get_all::<JsValue>().with_query::<JsValue, _>(range).await?;
            let mut commits = commits
                .map(|commit| Ok(Rc::new(read(commit?, "The history of the project")?)))
                .collect::<Result<Vec<Rc<Commit>>, StoreError>>()?;
            commits.reverse();
            Ok(commits)
        })
        .await
    }

    /// Stores texts under their hashes; to be awaited before the commit that names them.
    pub async fn put_texts(&self, texts: &[Text]) -> Result<(), StoreError> {
        self.run(async |connection| {
            let transaction = connection.write(&[TEXTS], Strict)?;
            let store = transaction.object_store(TEXTS)?;
            for text in texts {
                drop(
                    store
                        .put(text.as_str())
                        .with_key(text.hash())
                        .without_key_type()
                        .primitive()?,
                );
            }
            drop(store);
            complete(transaction).await
        })
        .await
    }

    /// Stores commits that follow the last stored one, and with them the records they touch,
    /// in one transaction; `after` is the project that they led to.
    ///
    /// A project that is new here is made by it, with its title and scheme; it may come without
    /// any commit. Comes back when the browser says that all of it is on the disk.
    pub async fn write(&self, after: &Project, commits: &[Rc<Commit>]) -> Result<(), StoreError> {
        let meta = after.meta();
        let id = &meta.id;
        let commit_values: Vec<(JsValue, JsValue)> = commits
            .iter()
            .map(|commit| (commit_key(id, commit.seq), to_js(&to_plain(commit))))
            .collect();
        let touched: Vec<(JsValue, Option<JsValue>)> = stored::touched(after, commits)
            .into_iter()
            .map(|(path, record)| (key(&path), record.as_ref().map(to_js)))
            .collect();
        self.run(async |connection| {
            let transaction = connection.write(&[PROJECTS, RECORDS, COMMITS], Strict)?;
            let rows = transaction.object_store(PROJECTS)?;
            let history = transaction.object_store(COMMITS)?;
            let records = transaction.object_store(RECORDS)?;

            let row: Option<JsValue> = rows.get(id.as_str()).primitive()?.await?;
            let row: Option<ProjectRow> = row.map(|row| read(row, "The project")).transpose()?;
            let last_seq = row.as_ref().map_or(0, |row| row.last_seq);
            if let Some(first) = commits.first() {
                if first.seq <= last_seq {
                    // Either another tab took this number, or this is the second try of what
                    // succeeded at the first although the connection broke.
                    let there = history.get(commit_key(id, first.seq)).primitive()?;
                    let there: Option<JsValue> = there.await?;
                    let there: Option<Commit> =
                        there.map(|commit| read(commit, "The last commit")).transpose()?;
                    if there.is_none_or(|there| there.id != first.id) {
                        return Err(StoreError::Overtaken);
                    }
                } else if first.seq > last_seq + 1 {
                    return Err(StoreError::damaged(format!("The project “{}”", meta.title)));
                }
            }

            if row.is_none() {
                let made = [
                    Record::Other(Key::Meta, Value::Meta(meta.clone())),
                    Record::Other(Key::Scheme, Value::Scheme(after.scheme().clone())),
                ];
                for (record, path_of) in made.iter().zip([Key::Meta, Key::Scheme]) {
                    let value = to_js(&record.to_json());
                    drop(
                        records
                            .put(value)
                            .with_key(key(&stored::path(id, &path_of)))
                            .primitive()?,
                    );
                }
            }
            for (path, record) in &touched {
                match record {
                    Some(record) => {
                        drop(records.put(record.clone()).with_key(path.clone()).primitive()?);
                    }
                    None => drop(records.delete(path.clone()).primitive()?),
                }
            }
            for (seq, commit) in &commit_values {
                drop(history.put(commit.clone()).with_key(seq.clone()).primitive()?);
            }
            let last = commits.last();
            let row = ProjectRow {
                id: id.clone(),
                title: meta.title.clone(),
                opened: match &row {
                    Some(row) => row.opened,
                    None => last.map_or(meta.created, |commit| commit.at),
                },
                articles: u32::try_from(after.article_count()).unwrap_or(u32::MAX),
                deleted: row.and_then(|row| row.deleted),
                last_seq: last.map_or(last_seq, |commit| commit.seq.max(last_seq)),
            };
            drop(put_row(&rows, &row)?);
            drop((rows, history, records));
            complete(transaction).await
        })
        .await
    }

    /// Notes when a project was opened.
    pub async fn touch(&self, id: &ProjectId, now: Timestamp) -> Result<(), StoreError> {
        self.change_row(id, |row| row.opened = now).await
    }

    /// Marks a project as deleted; what it holds stays.
    pub async fn delete_project(&self, id: &ProjectId, now: Timestamp) -> Result<(), StoreError> {
        self.change_row(id, |row| row.deleted = Some(now)).await
    }

    /// Takes back that a project was deleted.
    pub async fn restore_project(&self, id: &ProjectId) -> Result<(), StoreError> {
        self.change_row(id, |row| row.deleted = None).await
    }

    async fn change_row(
        &self,
        id: &ProjectId,
        change: impl Fn(&mut ProjectRow),
    ) -> Result<(), StoreError> {
        self.run(async |connection| {
            let transaction = connection.write(&[PROJECTS], Strict)?;
            let rows = transaction.object_store(PROJECTS)?;
            let row: Option<JsValue> = rows.get(id.as_str()).primitive()?.await?;
            let row = row.ok_or_else(|| StoreError::damaged("The project"))?;
            let mut row = read(row, "The project")?;
            change(&mut row);
            drop(put_row(&rows, &row)?);
            drop(rows);
            complete(transaction).await
        })
        .await
    }

    /// Remembers something of the view, such as the caret's place.
    ///
    /// Not strictly durable: it may be lost with the machine's power, and is no work.
    pub async fn remember_view(&self, name: &str, value: &impl Shape) -> Result<(), StoreError> {
        let value = to_js(&to_plain(value));
        self.remember(name, value).await
    }

    async fn remember(&self, name: &str, value: JsValue) -> Result<(), StoreError> {
        self.run(async |connection| {
            let transaction = connection.write(&[VIEWS], Relaxed)?;
            let store = transaction.object_store(VIEWS)?;
            drop(store.put(value.clone()).with_key(name).without_key_type().primitive()?);
            drop(store);
            complete(transaction).await
        })
        .await
    }

    /// What was remembered of the view; none where nothing was, or it has another shape.
    pub async fn view<T: Shape>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let value = self.remembered(name).await?;
        Ok(value.and_then(|value| read(value, "The view").ok()))
    }

    async fn remembered(&self, name: &str) -> Result<Option<JsValue>, StoreError> {
        self.run(async |connection| {
            let transaction = connection.read(&[VIEWS])?;
            let value = transaction.object_store(VIEWS)?.get(name).primitive()?;
            Ok(value.await?)
        })
        .await
    }

    /// Acts on the open database; where the connection broke, once more on a new one.
    async fn run<T>(
        &self,
        act: impl AsyncFn(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.connection().await?;
        match act(&connection).await {
            Err(StoreError::Lost(why)) => {
                if connection.end() == Some(End::GaveWay) {
                    return Err(StoreError::VersionChange);
                }
                self.forget(&connection);
                match self.connection().await {
                    Ok(connection) => act(&connection).await,
                    Err(StoreError::Unavailable(_)) => Err(StoreError::Lost(why)),
                    Err(error) => Err(error),
                }
            }
            done => done,
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

fn put_row(
    rows: &indexed_db_futures::object_store::ObjectStore<'_>,
    row: &ProjectRow,
) -> Result<impl Sized, StoreError> {
    let value = to_js(&to_plain(row));
    Ok(rows.put(value).with_key(row.id.as_str()).without_key_type().primitive()?)
}

fn commit_key(project: &ProjectId, seq: u64) -> JsValue {
    // A double holds every number that can be counted to.
    Array::of2(&JsValue::from_str(project.as_str()), &JsValue::from_f64(seq as f64)).into()
}

/// A stored value; `what` names it where it is not of that type.
fn read<T: Shape>(value: JsValue, what: &str) -> Result<T, StoreError> {
    from_plain(from_js(&value, what)?).map_err(|_| StoreError::damaged(what))
}
