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
pub use plan::{Answer, Answers, Ask, Engine, Mode, Part, Plan, StoreKey, Task};

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::annotation::{ArticleId, Timestamp};
use crate::edit::Commit;
use crate::format::stored::{
    self, COMMITS, Malformed, PROJECTS, ProjectRow, RECORDS, Record, Shape, TEXTS, TOUCHES, Tree,
    VIEWS, from_plain, to_plain,
};
use crate::map::Map;
use crate::project::{Key, Meta, Project, ProjectId, SetKey, SetRow, Sets, Value, put_into};
use crate::text::{Text, TextHash};

/// How many blocks are read at once: few enough that what is read does not fill the memory.
const BLOCKS_AT_ONCE: u32 = 20;

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

/// The text of an article, unless it is not here, and everybody's annotations on it.
pub type LoadedArticle = (Option<Text>, Sets);

impl Store {
    /// What an engine keeps.
    pub fn new(engine: Rc<dyn Engine>) -> Store {
        Store { engine }
    }

    /// All projects, the deleted ones too, by id.
    pub async fn projects(&self) -> Result<Vec<ProjectRow>, StoreError> {
        Ok(self.rows().await?.into_iter().filter(|row| !row.importing).collect())
    }

    /// The projects of files that are being taken in, here or in another tab, or were when the page
    /// was closed.
    pub async fn imports(&self) -> Result<Vec<ProjectId>, StoreError> {
        let rows = self.rows().await?.into_iter();
        Ok(rows.filter(|row| row.importing).map(|row| row.id).collect())
    }

    async fn rows(&self) -> Result<Vec<ProjectRow>, StoreError> {
        let all = [Ask::All(PROJECTS)];
        let answers = self.run(&Plan::new(Mode::Read, &[PROJECTS], &all)).await?;
        answers.iter().flatten().map(|row| read(row.tree(), "The list of projects")).collect()
    }

    /// The index of a project; none where there is no such project, or it is deleted.
    pub async fn load(&self, id: &ProjectId) -> Result<Option<LoadedProject>, StoreError> {
        let mut asks = vec![Ask::Get(PROJECTS, id.as_str().into())];
        for kind in stored::INDEX {
            asks.push(Ask::Below(RECORDS, path_key(&[id.to_string(), kind.to_owned()])));
        }
        let answers = self.run(&Plan::new(Mode::Read, &[PROJECTS, RECORDS], &asks)).await?;
        let Some(row) = row(&answers)? else { return Ok(None) };
        if row.deleted.is_some() || row.importing {
            return Ok(None);
        }
        let damaged = || StoreError::damaged(format!("A record of the project “{}”", row.title));
        let mut records = answers.iter().skip(1).flatten().map(Answer::tree);
        // The first kind of the index.
        let meta = records.next().map(Record::read);
        let Some(Ok(Record::Other(Key::Meta, Value::Meta(meta)))) = meta else {
            return Err(StoreError::damaged(format!("The project “{}”", row.title)));
        };
        let mut project = Project::new(Meta::clone(&meta));
        // A block never changes: it is none of what has to be read in one transaction.
        for first in (1..=row.blocks).step_by(BLOCKS_AT_ONCE as usize) {
            let blocks = first..=row.blocks.min(first + (BLOCKS_AT_ONCE - 1));
            for block in self.blocks(id, blocks).await? {
                for record in block.map_err(|_| damaged())? {
                    record.put(&mut project).map_err(|_| damaged())?;
                }
            }
        }
        for record in records {
            let record = Record::read(record).map_err(|_| damaged())?;
            record.put(&mut project).map_err(|_| damaged())?;
        }
        Ok(Some(LoadedProject { project, last_seq: row.last_seq }))
    }

    /// Some blocks of a project.
    async fn blocks(
        &self,
        project: &ProjectId,
        numbers: RangeInclusive<u32>,
    ) -> Result<Vec<Result<Vec<Record>, Malformed>>, StoreError> {
        let path = |number| path_key(&stored::block_path(project, number));
        let asks: Vec<Ask> = numbers.map(|number| Ask::Get(RECORDS, path(number))).collect();
        let answers = self.run(&Plan::new(Mode::Read, &[RECORDS], &asks)).await?;
        let block = |answer: Vec<Answer>| {
            stored::from_block(&answer.first().map(Answer::tree).unwrap_or_default())
        };
        Ok(answers.into_iter().map(block).collect())
    }

    /// What is stored of an article.
    pub async fn load_article(
        &self,
        project: &ProjectId,
        article: &ArticleId,
        text: &TextHash,
    ) -> Result<LoadedArticle, StoreError> {
        let mut loaded = self.load_articles(project, &[(article, text)], true).await?;
        loaded.pop().unwrap_or_else(|| Err(StoreError::damaged(format!("“{article}”"))))
    }

    /// What is stored of some articles, in one go: an answer for each, in their order. Without their
    /// annotations, if these are not wanted.
    pub async fn load_articles(
        &self,
        project: &ProjectId,
        articles: &[(&ArticleId, &TextHash)],
        annotations: bool,
    ) -> Result<Vec<Result<LoadedArticle, StoreError>>, StoreError> {
        let mut asks = Vec::new();
        for (article, text) in articles {
            asks.push(Ask::Get(TEXTS, (&*text.to_string()).into()));
            if annotations {
                let path = stored::annotations_path(project, article);
                asks.push(Ask::Below(RECORDS, path_key(&path)));
            }
        }
        let answers = self.run(&Plan::new(Mode::Read, &[TEXTS, RECORDS], &asks)).await?;
        let (mut answers, mut loaded) = (answers.into_iter(), Vec::new());
        for (article, hash) in articles {
            let text = answers.next();
            let records = if annotations { answers.next() } else { None };
            loaded.push(loaded_article(
                article,
                hash,
                text.as_ref().and_then(|text| text.first()).map(Answer::tree),
                records.unwrap_or_default(),
            ));
        }
        Ok(loaded)
    }

    /// The annotations that are stored of some articles, in one go and in their order.
    ///
    /// # Errors
    /// The store fails, or an annotation cannot be read.
    pub async fn annotations(
        &self,
        project: &ProjectId,
        articles: &[&ArticleId],
    ) -> Result<Vec<Sets>, StoreError> {
        let path = |article: &&ArticleId| stored::annotations_path(project, article);
        let asks = articles.iter().map(|it| Ask::Below(RECORDS, path_key(&path(it))));
        let asks: Vec<Ask> = asks.collect();
        let answers = self.run(&Plan::new(Mode::Read, &[RECORDS], &asks)).await?;
        articles.iter().zip(answers).map(|(article, records)| sets_of(article, records)).collect()
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
            let seqs = answers[0].iter().filter_map(|seq| from_plain::<u64>(seq.tree()).ok()).rev();
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

    /// As [`Store::put_texts`]; gives back which texts were not there.
    pub async fn put_new_texts(&self, texts: &[Text]) -> Result<Vec<TextHash>, StoreError> {
        let first: Vec<Ask> =
            texts.iter().map(|text| Ask::Get(TEXTS, text.hash().into())).collect();
        let new = RefCell::new(Vec::new());
        let then = |answers: &Answers| {
            let missing = texts.iter().zip(answers).filter(|(_, there)| there.is_empty());
            let missing: Vec<&Text> = missing.map(|(text, _)| text).collect();
            new.replace(missing.iter().map(|text| text.hash().into()).collect());
            let puts = missing.into_iter();
            Ok(puts.map(|it| Ask::Put(TEXTS, it.hash().into(), it.as_str().into())).collect())
        };
        let plan = Plan::new(Mode::Strict, &[TEXTS], &first);
        self.run(&plan.then(&then)).await?;
        Ok(new.into_inner())
    }

    /// Begins to store a project part by part, of which `begun` has what it is called and its scheme.
    /// Until [`Store::import`] has stored the last part, there is no such project.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] where there is one of that id.
    pub async fn begin_import(&self, begun: &Project) -> Result<(), StoreError> {
        let first = [Ask::Get(PROJECTS, begun.meta().id.as_str().into())];
        let then = |answers: &Answers| match row(answers)? {
            // A second try of what succeeded at the first has nothing of it yet.
            Some(row) if !row.importing || row.last_seq > 0 => Err(StoreError::Overtaken),
            _ => {
                let mut changes = made(begun);
                changes.push(put_row(&ProjectRow { importing: true, ..new_row(begun.meta()) }));
                Ok(changes)
            }
        };
        let plan = Plan::new(Mode::Strict, &[PROJECTS, RECORDS], &first);
        self.run(&plan.then(&then)).await.map(drop)
    }

    /// Stores the next part of a project that is being imported: a project that has its articles and
    /// no others, with the commit that brings them. With the `last` part the project is there.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] where somebody else has stored this part, or the import was given up.
    pub async fn import(
        &self,
        part: &Project,
        commit: Arc<Commit>,
        last: bool,
    ) -> Result<(), StoreError> {
        let id = &part.meta().id;
        let first =
            [Ask::Get(PROJECTS, id.as_str().into()), Ask::Get(COMMITS, commit_key(id, commit.seq))];
        let then = |answers: &Answers| {
            // The second try of what succeeded at the first although the connection broke.
            if let Some(there) = answers[1].first().map(Answer::tree)
                && read::<Commit>(there, "The last commit")?.id == commit.id
            {
                return Ok(Vec::new());
            }
            let expected = |row: &ProjectRow| row.importing && row.last_seq + 1 == commit.seq;
            let row = row(answers)?.filter(expected).ok_or(StoreError::Overtaken)?;
            let commits = std::slice::from_ref(&commit);
            let mut touched = stored::touched(part, commits);
            let mut changes = in_blocks(part, commits, &mut touched, false);
            let (packed, single): (Vec<_>, Vec<_>) = touched
                .into_iter()
                .chain(only_times(part))
                .partition(|(_, record)| is_packed(record));
            let packed: Vec<Record> = packed.into_iter().map(|(_, record)| record).collect();
            changes.extend(single.iter().map(|(path, record)| put_record(path, record)));
            let blocks = row.blocks + u32::from(!packed.is_empty());
            if !packed.is_empty() {
                let path = path_key(&stored::block_path(id, blocks));
                changes.push(Ask::Put(RECORDS, path, stored::to_block(&packed)));
            }
            changes.extend(committed(id, commits));
            changes.push(put_row(&ProjectRow {
                articles: row.articles.saturating_add(count(part)),
                blocks,
                packed: true,
                last_seq: commit.seq,
                opened: commit.at,
                importing: !last,
                ..row
            }));
            Ok(changes)
        };
        let stores = [PROJECTS, RECORDS, COMMITS, TOUCHES];
        self.run(&Plan::new(Mode::Strict, &stores, &first).then(&then)).await.map(drop)
    }

    /// Removes what is stored of a project that is being imported, and of these texts, which came with
    /// it, those that no article of another project has.
    pub async fn give_up_import(
        &self,
        id: &ProjectId,
        texts: &[TextHash],
    ) -> Result<(), StoreError> {
        let mut first = vec![Ask::Get(PROJECTS, id.as_str().into())];
        if !texts.is_empty() {
            let others = self.rows().await?.into_iter().filter(|row| row.id != *id);
            let kinds = [Key::Article("".into()).kind(), stored::BLOCK];
            first.extend(others.flat_map(|row| {
                let path = move |kind: &str| path_key(&[row.id.to_string(), kind.to_owned()]);
                kinds.map(|kind| Ask::Below(RECORDS, path(kind)))
            }));
        }
        let then = |answers: &Answers| {
            if row(answers)?.is_none_or(|row| !row.importing) {
                return Ok(Vec::new());
            }
            let all =
                [RECORDS, COMMITS, TOUCHES].map(|it| Ask::DeleteBelow(it, id.as_str().into()));
            let mut kept = Map::new();
            for stored in answers.iter().skip(1).flatten() {
                let records = match stored.tree() {
                    block @ Tree::Text(_) => stored::from_block(&block),
                    record => Record::read(record).map(|record| vec![record]),
                };
                for record in records.map_err(|_| StoreError::damaged("A record of an article"))? {
                    if let Record::Other(_, Value::Article(article)) = record {
                        kept.insert(article.text.clone(), ());
                        article.former_texts.iter().for_each(|it| kept.insert(it.clone(), ()));
                    }
                }
            }
            let gone = texts.iter().filter(|text| !kept.contains_key(text));
            let gone = gone.map(|text| Ask::Delete(TEXTS, (&*text.to_string()).into()));
            let row = Ask::Delete(PROJECTS, id.as_str().into());
            Ok(all.into_iter().chain(gone).chain([row]).collect())
        };
        let stores = [PROJECTS, RECORDS, COMMITS, TOUCHES, TEXTS];
        self.run(&Plan::new(Mode::Strict, &stores, &first).then(&then)).await.map(drop)
    }

    /// Notes how much time the owner of a set has spent on its article, beside what else is stored
    /// of the set; what is there stays where it is more. Nothing where the project is not stored.
    ///
    /// `known` is what the page has of the set, if all of that is stored: it counts where none stands by
    /// itself, since what a block has is not looked up. Without it, nothing is noted then.
    pub async fn put_seconds(
        &self,
        project: &ProjectId,
        set: &SetKey,
        known: Option<&SetRow>,
        seconds: u64,
    ) -> Result<(), StoreError> {
        let path = path_key(&stored::path(project, &Key::Set(set.clone())));
        let first = [Ask::Get(PROJECTS, project.as_str().into()), Ask::Get(RECORDS, path.clone())];
        let then = |answers: &Answers| {
            let Some(project) = row(answers)? else { return Ok(Vec::new()) };
            let there = answers[1].first().map(Answer::tree).map(Record::read).transpose();
            let (mut row, stored) = match there.map_err(|_| StoreError::damaged("A set"))? {
                Some(Record::Set(_, row)) => ((*row).clone(), row.seconds),
                None if project.blocks > 0 => match known {
                    Some(known) => (known.clone(), 0),
                    None => return Ok(Vec::new()),
                },
                _ => (SetRow::default(), 0),
            };
            if stored >= seconds {
                return Ok(Vec::new());
            }
            row.seconds = row.seconds.max(seconds);
            Ok(vec![Ask::Put(
                RECORDS,
                path.clone(),
                Record::Set(set.clone(), Arc::new(row)).to_json(),
            )])
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
        Ok(self.remembered(name).await?.and_then(|value| from_plain(value.tree()).ok()))
    }

    fn remembered<'a>(&'a self, name: &'a str) -> Task<'a, Result<Option<Answer>, StoreError>> {
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

fn loaded_article(
    article: &ArticleId,
    hash: &TextHash,
    text: Option<Tree<'_>>,
    records: Vec<Answer>,
) -> Result<LoadedArticle, StoreError> {
    let text = text.map(|text| {
        let text = text.as_str().map(Text::new);
        text.filter(|text| hash.names(text))
            .ok_or_else(|| StoreError::damaged(format!("The text of “{article}”")))
    });
    Ok((text.transpose()?, sets_of(article, records)?))
}

/// The annotations of an article, from what stands below its path.
fn sets_of(article: &ArticleId, records: Vec<Answer>) -> Result<Sets, StoreError> {
    let mut sets = Sets::new();
    let damaged = || StoreError::damaged(format!("An annotation of “{article}”"));
    for record in records {
        let tree = record.tree();
        if let Some(block) = tree.as_str() {
            stored::from_annotation_block(block, &mut sets).map_err(|_| damaged())?;
            continue;
        }
        let (set, id, to) = match Record::read(tree) {
            Ok(Record::Other(Key::Annotation(set, id), Value::Annotation(to))) => {
                (set, id, Some(to))
            }
            Ok(Record::Gone(Key::Annotation(set, id))) => (set, id, None),
            _ => return Err(damaged()),
        };
        put_into(&mut sets, set.owner, &id, to);
    }
    Ok(sets)
}

/// What commits and the project that they led to change in the store, given what it holds: the
/// row of the project and, if there is any commit, what stands where the first is to stand.
fn what_to_write(
    after: &Project,
    commits: &[Arc<Commit>],
    answers: &Answers,
) -> Result<Vec<Ask>, StoreError> {
    let meta = after.meta();
    let row = row(answers)?;
    let last_seq = row.as_ref().map_or(0, |row| row.last_seq);
    if let Some(first) = commits.first() {
        if first.seq <= last_seq {
            // Either another tab took this number, or this is the second try of what
            // succeeded at the first although the connection broke.
            let there = answers[1].first().map(Answer::tree);
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
    if row.is_none() {
        changes.extend(made(after));
        changes.extend(only_times(after).iter().map(|(path, record)| put_record(path, record)));
    }
    let (blocks, packed) = row.as_ref().map_or((0, false), |row| (row.blocks, row.packed));
    let mut touched = stored::touched(after, commits);
    let blocked = in_blocks(after, commits, &mut touched, row.is_some());
    let packed = packed || blocked.iter().any(|ask| matches!(ask, Ask::Put(..)));
    changes.extend(blocked);
    for (path, record) in touched {
        // A block may still have it.
        let may_be_in_block = match record {
            Record::Gone(Key::Annotation(..)) => packed,
            _ => blocks > 0 && is_packed(&record),
        };
        changes.push(match &record {
            Record::Gone(_) if !may_be_in_block => Ask::Delete(RECORDS, path_key(&path)),
            record => put_record(&path, record),
        });
    }
    changes.extend(committed(&meta.id, commits));
    let last = commits.last();
    let new = new_row(meta);
    changes.push(put_row(&ProjectRow {
        opened: match &row {
            Some(row) => row.opened,
            None => last.map_or(new.opened, |commit| commit.at),
        },
        articles: count(after),
        deleted: row.and_then(|row| row.deleted),
        last_seq: last.map_or(last_seq, |commit| commit.seq.max(last_seq)),
        blocks,
        packed,
        ..new
    }));
    Ok(changes)
}

/// What commits change of the annotations of articles that come or go with them: those that come are
/// put in blocks, in place of what there was if there `may_be` something. They are taken out of what is
/// `touched`.
fn in_blocks(
    after: &Project,
    commits: &[Arc<Commit>],
    touched: &mut Vec<(Vec<String>, Record)>,
    may_be: bool,
) -> Vec<Ask> {
    let id = &after.meta().id;
    let (mut asks, mut done) = (Vec::new(), Map::new());
    for change in commits.iter().flat_map(|commit| commit.transaction.changes()) {
        let Key::Article(article) = &change.key else { continue };
        if (change.from.is_some() && change.to.is_some()) || done.contains_key(article) {
            continue;
        }
        let blocks = match (after.article(article), after.loaded(article)) {
            (None, _) => Vec::new(),
            (_, Some(loaded)) => stored::to_annotation_blocks(&loaded.sets),
            // It is not known what it has but for what is touched.
            (_, None) => continue,
        };
        done.insert(article.clone(), ());
        if may_be {
            let annotations = stored::annotations_path(id, article);
            asks.push(Ask::DeleteBelow(RECORDS, path_key(&annotations)));
        }
        for (number, block) in (1..).zip(blocks) {
            let path = stored::annotation_block_path(id, article, number);
            asks.push(Ask::Put(RECORDS, path_key(&path), block));
        }
    }
    touched.retain(|(_, record)| match record {
        Record::Other(Key::Annotation(set, _), _) | Record::Gone(Key::Annotation(set, _)) => {
            !done.contains_key(&set.article)
        }
        _ => true,
    });
    asks
}

/// What stands in the store of every project, whatever its commits say.
fn made(project: &Project) -> Vec<Ask> {
    let id = &project.meta().id;
    let made = [
        (Key::Meta, Value::Meta(project.meta().clone())),
        (Key::Scheme, Value::Scheme(project.scheme().clone())),
    ];
    let put = |(key, value)| {
        let path = stored::path(id, &key);
        put_record(&path, &Record::Other(key, value))
    };
    made.into_iter().map(put).collect()
}

/// The sets of a new project that say nothing but the time that was spent: no commit names them.
fn only_times(project: &Project) -> Vec<(Vec<String>, Record)> {
    let mut times = Vec::new();
    for article in project.articles() {
        for (owner, row) in project.rows_of(&article.id).filter(|(_, row)| !row.is_begun()) {
            let set = SetKey { article: article.id.clone(), owner: owner.clone() };
            let path = stored::path(&project.meta().id, &Key::Set(set.clone()));
            times.push((path, Record::Set(set, row.clone())));
        }
    }
    times
}

/// Whether a record may stand in a block: there is one for each article or each of its sets.
fn is_packed(record: &Record) -> bool {
    match record {
        Record::Set(..) => true,
        Record::Other(key, _) | Record::Gone(key) => matches!(key, Key::Article(_) | Key::Set(_)),
    }
}

/// The commits, and where they are found by article.
fn committed(project: &ProjectId, commits: &[Arc<Commit>]) -> Vec<Ask> {
    let mut puts = Vec::new();
    for commit in commits {
        puts.extend(migrate::rows(project.as_str(), commit));
        puts.push(Ask::Put(COMMITS, commit_key(project, commit.seq), to_plain(&**commit)));
    }
    puts
}

/// The row of a project that nothing is known of but this.
fn new_row(meta: &Meta) -> ProjectRow {
    let (id, title) = (meta.id.clone(), meta.title.clone());
    let (opened, articles, deleted) = (meta.created, 0, None);
    let (last_seq, blocks, packed, importing) = (0, 0, false, false);
    ProjectRow { id, title, opened, articles, deleted, last_seq, blocks, packed, importing }
}

fn count(project: &Project) -> u32 {
    u32::try_from(project.article_count()).unwrap_or(u32::MAX)
}

fn put_record(path: &[String], record: &Record) -> Ask {
    Ask::Put(RECORDS, path_key(path), record.to_json())
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
    answers: impl IntoIterator<Item = Vec<Answer>>,
) -> Result<Vec<Arc<Commit>>, StoreError> {
    let commits = answers.into_iter().flatten();
    commits.map(|commit| Ok(Arc::new(read(commit.tree(), "The history of the project")?))).collect()
}

/// The row of a project that was asked for first.
fn row(answers: &Answers) -> Result<Option<ProjectRow>, StoreError> {
    let row = answers.first().and_then(|rows| rows.first()).map(Answer::tree);
    row.map(|row| read(row, "The project")).transpose()
}

/// A stored value; `what` names it where it is not of that type.
fn read<T: Shape>(value: Tree<'_>, what: &str) -> Result<T, StoreError> {
    from_plain(value).map_err(|_| StoreError::damaged(what))
}
