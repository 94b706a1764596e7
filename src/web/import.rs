//! Files in lines, taken in some bytes at a time: no more of their articles is in memory at once.

use std::path::Path;
use std::sync::Arc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::Callback;

use super::effects;
use super::lock::Lock;
use super::worker::{Worker, number};
use super::world;
use crate::annotation::{AnnotatorId, Timestamp};
use crate::edit::act::Ctx;
use crate::edit::file_commit;
use crate::editor::{Action, Progress, Writer};
use crate::format::Problem;
use crate::job::{Answer, LinesRead, Part, Request, Whole};
use crate::project::{Meta, Project, ProjectId};
use crate::store::{Store, StoreError};
use crate::text::TextHash;

/// How many bytes are read at once, and stored in one go: some five hundred articles.
const PART: f64 = 3.0 * MEGABYTE;
const MEGABYTE: f64 = 1_000_000.0;

/// From how many bytes on a file of articles becomes a project of its own. A smaller one is added to the
/// open project in one act, which undo takes back, and is in memory for that.
const LARGE: f64 = 20.0 * MEGABYTE;

/// What taking a file in needs.
pub struct Import {
    pub store: Store,
    pub worker: Worker,
    /// The project that is open, whose files are merged into it.
    pub open: Option<Arc<Project>>,
    /// Whose act it is.
    pub by: AnnotatorId,
    /// Is told, after each part, how much of how much has been read.
    pub progress: Callback<Progress>,
}

/// A file while it is read.
struct Reading<'a> {
    /// Its number at the worker.
    number: u32,
    path: &'a str,
    file: &'a File,
    /// Whether it is all that is opened; else it may be one file of several of a dataset.
    alone: bool,
    /// How many bytes were read, this time.
    at: f64,
    /// Whether it was read once.
    again: bool,
    /// The project that it becomes if it holds articles alone and is large.
    made: Option<ProjectId>,
}

impl Import {
    /// Stores the project of a file, or nothing of it; none where the file is to be read whole: it
    /// cannot be read line by line, or its project is here already. `alone` says whether it is all that
    /// is opened.
    ///
    /// # Errors
    /// Why it was not stored, as part of a sentence.
    pub async fn take_in(
        &self,
        path: &str,
        file: &File,
        alone: bool,
    ) -> Result<Option<Action>, String> {
        if !begins_with_object(file).await {
            return Ok(None);
        }
        let (number, at, again, made) = (number(), 0.0, false, None);
        let mut reading = Reading { number, path, file, alone, at, again, made };
        let taken = self.take(&mut reading).await;
        if !matches!(taken, Ok(Some(_))) {
            self.worker.tell(&Request::ForgetFile(reading.number));
        }
        taken
    }

    async fn take(&self, reading: &mut Reading<'_>) -> Result<Option<Action>, String> {
        let Some(mut read) = self.next(reading).await? else { return Ok(None) };
        let begun = loop {
            match read.begun.take() {
                Some(begun) => break begun.into_project().map_err(|bad| bad.to_string())?,
                None => match self.next(reading).await? {
                    Some(next) => read = next,
                    None => return Ok(None),
                },
            }
        };
        let id = begun.meta().id.clone();
        let failed = |error: StoreError| error.to_string();
        let known = self.store.projects().await.map_err(failed)?;
        let is_open = self.open.as_ref().is_some_and(|open| open.meta().id == id);
        if is_open || known.iter().any(|row| row.id == id) {
            return Ok(None);
        }
        let (lock, writer) = effects::lock(&id, || {}).await;
        if writer == Writer::Reading {
            return Err("another tab has this project".to_owned());
        }
        clean(&self.store, Some(&id)).await.map_err(failed)?;
        self.store.begin_import(&begun).await.map_err(failed)?;
        let _hold = self.worker.hold();
        let mut texts = Vec::new();
        let stored = self.store_all(reading, read, &mut texts).await;
        if !matches!(stored, Ok(Some(_))) {
            // Where even that fails, it is done before the next file is taken in.
            let _ = self.store.give_up_import(&id, &texts).await;
        }
        drop::<Option<Lock>>(lock);
        let (title, made) = (begun.meta().title.clone(), reading.made.as_ref() == Some(&id));
        Ok(stored?.map(|problems| Action::ProjectTakenIn { id, title, made, problems }))
    }

    /// Stores part after part; which texts were new stands in `texts`. Gives back what could not be
    /// taken; none where the file is to be read whole.
    async fn store_all(
        &self,
        reading: &mut Reading<'_>,
        mut read: LinesRead,
        texts: &mut Vec<TextHash>,
    ) -> Result<Option<Vec<Problem>>, String> {
        let (mut problems, mut seq) = (Vec::new(), 0);
        loop {
            problems.append(&mut read.problems);
            for (part, last) in [(read.articles.take(), false), (read.finished.take(), true)] {
                let Some(part) = part else { continue };
                let part = part.into_project().map_err(|bad| bad.to_string())?;
                seq += 1;
                self.store_part(&part, seq, last, texts).await.map_err(|it| it.to_string())?;
                if last {
                    return Ok(Some(problems));
                }
            }
            match self.next(reading).await? {
                Some(next) => read = next,
                None => return Ok(None),
            }
        }
    }

    async fn store_part(
        &self,
        part: &Project,
        seq: u64,
        last: bool,
        texts: &mut Vec<TextHash>,
    ) -> Result<(), StoreError> {
        let own = part.loaded_articles().filter_map(|id| part.text(id).cloned());
        texts.extend(self.store.put_new_texts(&own.collect::<Vec<_>>()).await?);
        let commit = file_commit(part, seq, self.by.clone(), &mut world::Browser);
        self.store.import(part, commit.into(), last).await
    }

    /// The project that a file of articles alone becomes: annotated as the open one is.
    fn empty(&self, path: &str, now: Timestamp) -> Project {
        let id = ProjectId::from(world::Browser.new_id());
        let title = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
        match &self.open {
            Some(open) => open.alike(id, &title, now),
            None => Project::new(Meta::new(id, &title, now)),
        }
    }

    /// Reads the next bytes; none where the file is to be read whole.
    async fn next(&self, reading: &mut Reading<'_>) -> Result<Option<LinesRead>, String> {
        let Reading { number, path, file, at, .. } = *reading;
        let (size, first) = (file.size(), at == 0.0 && !reading.again);
        let end = size.min(at + PART);
        let bytes = match self.worker.bytes(file, at, end).await {
            Ok(bytes) => bytes,
            // Reading it whole will say so.
            Err(_) if first => return Ok(None),
            Err(error) => {
                return Err(format!("{path} could not be read ({})", world::message(&error)));
            }
        };
        let (me, now, last) = (self.by.clone(), world::now(), end >= size);
        let mut into = None;
        if first && size > LARGE {
            let project = self.empty(path, now);
            reading.made = Some(project.meta().id.clone());
            into = Some(Whole::of(&project));
        }
        let part = Part { number, file: path.to_owned(), first, last, me, now, into };
        let request = Request::ReadLines(part, Vec::new());
        let read = match self.worker.ask(&request, Array::of1(&bytes)).await?.0 {
            Answer::Lines(read) if !read.twice || reading.alone => read,
            _ => return Ok(None),
        };
        let (before, all) = match read.twice {
            true => (if reading.again { size } else { 0.0 }, 2.0 * size),
            false => (0.0, size),
        };
        let (done, all) = (((before + end) / MEGABYTE) as u32, (all / MEGABYTE).ceil() as u32);
        self.progress.emit(Progress { done, all, unit: "MB" });
        reading.at = end;
        if last && read.twice {
            (reading.at, reading.again) = (0.0, true);
        }
        Ok(Some(*read))
    }
}

/// Removes what is left of files that were being taken in when the page was closed, but for their
/// texts, which others may have by now; `own` is the project whose lock this tab holds.
pub async fn clean(store: &Store, own: Option<&ProjectId>) -> Result<(), StoreError> {
    for id in store.imports().await? {
        let is_own = own == Some(&id);
        let lock = if is_own { None } else { effects::lock(&id, || {}).await.0 };
        // Where nothing tells tabs apart, another may be taking it in.
        if is_own || lock.as_ref().is_some_and(Lock::excludes_others) {
            store.give_up_import(&id, &[]).await?;
        }
    }
    Ok(())
}

/// Whether a file begins as one in lines does: with an object.
async fn begins_with_object(file: &File) -> bool {
    const LOOK: f64 = 100.0;
    let Ok(start) = file.slice_with_f64_and_f64(0.0, LOOK) else { return false };
    let Ok(bytes) = JsFuture::from(start.array_buffer()).await else { return false };
    let bytes = Uint8Array::new(&bytes).to_vec();
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    text.trim_ascii_start().starts_with(b"{")
}
