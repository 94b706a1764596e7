//! Where the work is kept.
//!
//! The shapes stand in [`stored`]; this module says which of them a call reads and writes, as one
//! transaction of an [`Engine`]: the browser's database, or its twin in memory.

mod error;
mod memory;
pub mod migrate;
mod plan;

pub use error::StoreError;
pub use memory::Memory;
pub use plan::{Answers, Ask, Engine, Mode, Part, Plan, StoreKey, Task};

use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::annotation::{Annotation, ArticleId, Timestamp};
use crate::edit::Commit;
use crate::format::stored::{
    self, COMMITS, PROJECTS, ProjectRow, RECORDS, Record, Shape, TEXTS, TOUCHES, VIEWS, from_plain,
    to_plain,
};
use crate::project::{Key, Meta, Owner, Project, ProjectId, SetKey, SetRow, TextHash, Value};
use crate::text::Text;

/// The store; a clone is the same store and costs nothing.
#[derive(Clone)]
pub struct Store {
    engine: Rc<dyn Engine>,
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
    /// What an engine keeps.
    pub fn new(engine: Rc<dyn Engine>) -> Store {
        Store { engine }
    }

    /// All projects, the deleted ones too, by id.
    pub async fn projects(&self) -> Result<Vec<ProjectRow>, StoreError> {
        let all = [Ask::All(PROJECTS)];
        let answers = self.run(&Plan::new(Mode::Read, &[PROJECTS], &all)).await?;
        answers.into_iter().flatten().map(|row| read(row, "The list of projects")).collect()
    }

    /// The index of a project; none where there is no such project, or it is deleted.
    pub async fn load(&self, id: &ProjectId) -> Result<Option<LoadedProject>, StoreError> {
        let mut asks = vec![Ask::Get(PROJECTS, id.as_str().into())];
        for kind in stored::INDEX {
            asks.push(Ask::Below(RECORDS, path_key(&[id.to_string(), kind.to_owned()])));
        }
        let answers = self.run(&Plan::new(Mode::Read, &[PROJECTS, RECORDS], &asks)).await?;
        let Some(row) = row(&answers)? else { return Ok(None) };
        if row.deleted.is_some() {
            return Ok(None);
        }
        let mut project = None;
        for record in answers.into_iter().skip(1).flatten() {
            let what = format!("A record of the project “{}”", row.title);
            let record = Record::from_json(record).map_err(|_| StoreError::damaged(&what))?;
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
        let annotations = path_key(&stored::annotations_path(project, article));
        let asks = [Ask::Get(TEXTS, text.as_str().into()), Ask::Below(RECORDS, annotations)];
        let mut answers = self.run(&Plan::new(Mode::Read, &[TEXTS, RECORDS], &asks)).await?;
        let records = answers.pop().unwrap_or_default();
        let content = answers.first().and_then(|content| content.first()).map(|content| {
            let content = content.as_str().map(Text::new);
            content
                .filter(|content| content.hash() == text.as_str())
                .ok_or_else(|| StoreError::damaged(format!("The text of “{article}”")))
        });
        let content = content.transpose()?;
        let mut annotations = Vec::new();
        for record in records {
            let what = format!("An annotation of “{article}”");
            match Record::from_json(record) {
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
    ) -> Result<Vec<Arc<Commit>>, StoreError> {
        let first = [Ask::Get(PROJECTS, project.as_str().into())];
        let then = |answers: &Answers| {
            let last_seq = row(answers)?.map_or(0, |row| row.last_seq);
            // They are numbered without gaps, so that the newest need no walk from the end.
            let end = before.unwrap_or(u64::MAX).min(last_seq + 1).max(1);
            let start = end.saturating_sub(u64::from(limit)).max(1);
            Ok(commits_between(project, start, end))
        };
        let answers =
            self.run(&Plan::new(Mode::Read, &[PROJECTS, COMMITS], &first).then(&then)).await?;
        let mut commits = read_commits(answers.into_iter().skip(1))?;
        commits.reverse();
        Ok(commits)
    }

    /// At most `limit` commits that follow the `seq` given, oldest first.
    pub async fn commits_after(
        &self,
        project: &ProjectId,
        seq: u64,
        limit: u32,
    ) -> Result<Vec<Arc<Commit>>, StoreError> {
        let asks = commits_between(project, seq + 1, seq + 1 + u64::from(limit));
        read_commits(self.run(&Plan::new(Mode::Read, &[COMMITS], &asks)).await?)
    }

    /// At most `limit` of the commits that touch an article, newest first: those before the `seq`
    /// given, else the last.
    pub async fn article_commits(
        &self,
        project: &ProjectId,
        article: &ArticleId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Arc<Commit>>, StoreError> {
        let first = [Ask::Below(TOUCHES, path_key(&[project.to_string(), article.to_string()]))];
        let then = |answers: &Answers| {
            let seqs = answers[0].iter().filter_map(Json::as_u64).rev();
            let older = seqs.filter(|seq| before.is_none_or(|before| *seq < before));
            Ok(older.take(limit).map(|seq| Ask::Get(COMMITS, commit_key(project, seq))).collect())
        };
        let plan = Plan::new(Mode::Read, &[TOUCHES, COMMITS], &first);
        read_commits(self.run(&plan.then(&then)).await?.into_iter().skip(1))
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
    pub async fn write(&self, after: &Project, commits: &[Arc<Commit>]) -> Result<(), StoreError> {
        let id = &after.meta().id;
        let mut first = vec![Ask::Get(PROJECTS, id.as_str().into())];
        first.extend(commits.first().map(|commit| Ask::Get(COMMITS, commit_key(id, commit.seq))));
        let then = |answers: &Answers| what_to_write(after, commits, answers);
        let stores = [PROJECTS, RECORDS, COMMITS, TOUCHES];
        self.run(&Plan::new(Mode::Strict, &stores, &first).then(&then)).await.map(drop)
    }

    /// Notes how much time the owner of a set has spent on its article, beside what else is stored
    /// of the set; what is there stays where it is more. Nothing where the project is not stored.
    pub async fn put_seconds(
        &self,
        project: &ProjectId,
        set: &SetKey,
        seconds: u64,
    ) -> Result<(), StoreError> {
        let path = path_key(&stored::path(project, &Key::Set(set.clone())));
        let first = [Ask::Get(PROJECTS, project.as_str().into()), Ask::Get(RECORDS, path.clone())];
        let then = |answers: &Answers| {
            if row(answers)?.is_none() {
                return Ok(Vec::new());
            }
            let there = answers[1].first().cloned().map(Record::from_json).transpose();
            let mut row = match there.map_err(|_| StoreError::damaged("A set"))? {
                Some(Record::Set(_, row)) => row,
                _ => SetRow::default(),
            };
            if row.seconds >= seconds {
                return Ok(Vec::new());
            }
            row.seconds = seconds;
            Ok(vec![Ask::Put(RECORDS, path.clone(), Record::Set(set.clone(), row).to_json())])
        };
        let plan = Plan::new(Mode::Relaxed, &[PROJECTS, RECORDS], &first);
        self.run(&plan.then(&then)).await.map(drop)
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
        let then = |answers: &Answers| {
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
        self.remember(name, to_plain(value)).await
    }

    fn remember<'a>(&'a self, name: &'a str, value: Json) -> Task<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let put = [Ask::Put(VIEWS, name.into(), value)];
            self.run(&Plan::new(Mode::Relaxed, &[VIEWS], &put)).await.map(drop)
        })
    }

    /// What was remembered of the view; none where nothing was, or it has another shape.
    pub async fn view<T: Shape>(&self, name: &str) -> Result<Option<T>, StoreError> {
        Ok(self.remembered(name).await?.and_then(|value| from_plain(value).ok()))
    }

    fn remembered<'a>(&'a self, name: &'a str) -> Task<'a, Result<Option<Json>, StoreError>> {
        Box::pin(async move {
            let get = [Ask::Get(VIEWS, name.into())];
            let answers = self.run(&Plan::new(Mode::Read, &[VIEWS], &get)).await?;
            Ok(answers.into_iter().flatten().next())
        })
    }

    /// Every call goes through here, so that what an engine's future costs is there once.
    fn run<'a>(&'a self, plan: &'a Plan<'a>) -> Task<'a, Result<Answers, StoreError>> {
        self.engine.run(plan)
    }
}

/// What commits and the project that they led to change in the store, given what it holds: the
/// row of the project and, if there is any commit, what stands where the first is to stand.
fn what_to_write(
    after: &Project,
    commits: &[Arc<Commit>],
    answers: &Answers,
) -> Result<Vec<Ask>, StoreError> {
    let meta = after.meta();
    let id = &meta.id;
    let row = row(answers)?;
    let last_seq = row.as_ref().map_or(0, |row| row.last_seq);
    if let Some(first) = commits.first() {
        if first.seq <= last_seq {
            // Either another tab took this number, or this is the second try of what
            // succeeded at the first although the connection broke.
            let there = answers[1].first().cloned();
            let there: Option<Commit> =
                there.map(|commit| read(commit, "The last commit")).transpose()?;
            if there.is_none_or(|there| there.id != first.id) {
                return Err(StoreError::Overtaken);
            }
        } else if first.seq > last_seq + 1 {
            return Err(StoreError::damaged(format!("The project “{}”", meta.title)));
        }
    }

    let mut changes = Vec::new();
    let put_record = |path: &[String], record| Ask::Put(RECORDS, path_key(path), record);
    if row.is_none() {
        let made = [
            (Key::Meta, Value::Meta(meta.clone())),
            (Key::Scheme, Value::Scheme(after.scheme().clone())),
        ];
        for (key, value) in made {
            let path = stored::path(id, &key);
            changes.push(put_record(&path, Record::Other(key, value).to_json()));
        }
        // Sets that say nothing but the time that was spent: no commit names them.
        for article in after.articles() {
            for (owner, row) in after.rows_of(&article.id).filter(|(_, row)| !row.is_begun()) {
                let set = SetKey { article: article.id.clone(), owner: owner.clone() };
                let path = stored::path(id, &Key::Set(set.clone()));
                changes.push(put_record(&path, Record::Set(set, (**row).clone()).to_json()));
            }
        }
    }
    for (path, record) in stored::touched(after, commits) {
        changes.push(match record {
            Some(record) => put_record(&path, record),
            None => Ask::Delete(RECORDS, path_key(&path)),
        });
    }
    for commit in commits {
        changes.extend(migrate::rows(id.as_str(), commit));
        changes.push(Ask::Put(COMMITS, commit_key(id, commit.seq), to_plain(&**commit)));
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
    Ask::Put(PROJECTS, row.id.as_str().into(), to_plain(row))
}

fn path_key(path: &[String]) -> StoreKey {
    path.into()
}

fn commit_key(project: &ProjectId, seq: u64) -> StoreKey {
    StoreKey::from(project.as_str()).at(seq)
}

/// Asks for the commits from one `seq` to another, which is no longer among them.
fn commits_between(project: &ProjectId, start: u64, end: u64) -> Vec<Ask> {
    if start >= end {
        return Vec::new();
    }
    vec![Ask::Between(COMMITS, commit_key(project, start), commit_key(project, end))]
}

fn read_commits(
    answers: impl IntoIterator<Item = Vec<Json>>,
) -> Result<Vec<Arc<Commit>>, StoreError> {
    let commits = answers.into_iter().flatten();
    commits.map(|commit| Ok(Arc::new(read(commit, "The history of the project")?))).collect()
}

/// The row of a project that was asked for first.
fn row(answers: &Answers) -> Result<Option<ProjectRow>, StoreError> {
    let row = answers.first().and_then(|rows| rows.first()).cloned();
    row.map(|row| read(row, "The project")).transpose()
}

/// A stored value; `what` names it where it is not of that type.
fn read<T: Shape>(value: Json, what: &str) -> Result<T, StoreError> {
    from_plain(value).map_err(|_| StoreError::damaged(what))
}
