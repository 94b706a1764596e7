//! Datasets: the worker says what would be in one, and makes it, article by article. It keeps the
//! project between two wishes, with its articles unless these are too much: then they are read again
//! for each. What is made waits in the browser's hands, not in memory.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use gloo::timers::callback::Interval;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;
use yew::Callback;

use super::effects::{Batches, Loading, download, file_name};
use super::folder::{self, Directory, NewFolder};
use super::worker::{Kept, Worker};
use super::world;
use crate::editor::{Action, Stage};
use crate::format::dataset::Wanted;
use crate::job::{Answer, Dataset, Give, Pieces, Request, STOPPED, ToWrite, Whole};
use crate::project::Project;
use crate::store::Store;

thread_local! {
    /// The folder that was chosen for the next dataset.
    static FOLDER: RefCell<Option<Directory>> = const { RefCell::new(None) };
}

/// What is being done for a dataset.
#[derive(Default)]
pub struct Underway {
    /// Which run it is; 0 where none goes on.
    run: Cell<u32>,
    stage: Cell<Stage>,
}

impl Underway {
    /// Stops it. The worker is stopped only where it would go on: it keeps the project.
    pub fn stop(&self, worker: &Worker) {
        let run = self.run.replace(0);
        match self.stage.get() {
            Stage::Writing => worker.stop(),
            _ => worker.tell(&Request::ForgetDataset(run)),
        }
    }
}

/// A dataset, or what would be in one, as it is asked for.
pub struct Asked {
    pub store: Option<Store>,
    pub worker: Worker,
    /// Of what.
    pub project: Arc<Project>,
    pub wanted: Box<Wanted>,
    pub give: Give,
    /// Which run it is.
    pub run: u32,
    /// The one that goes on.
    pub now: Rc<Underway>,
    pub dispatch: Callback<Action>,
}

/// Lets the person choose a folder for a dataset.
pub async fn choose_folder() -> Option<Action> {
    match folder::pick("avow-datasets").await {
        Ok(Some(directory)) => {
            FOLDER.replace(Some(directory));
            Some(Action::DatasetFolderChosen)
        }
        Ok(None) => None,
        Err(error) => {
            let text = format!("The folder could not be chosen: {}.", world::message(&error));
            Some(Action::Notify { text, stays: true })
        }
    }
}

/// Makes a dataset and gives it to the person, or says what would be in it; every so many
/// milliseconds it is told how far that is.
pub async fn dataset(asked: Asked, every: u32) -> Action {
    let run = asked.run;
    asked.now.run.set(run);
    asked.now.stage.set(Stage::Writing);
    let (now, dispatch) = (asked.now.clone(), asked.dispatch.clone());
    let _told = Interval::new(every, move || {
        if now.run.get() == run {
            dispatch.emit(Action::DatasetStage { run, stage: now.stage.get() });
        }
    });
    let made = asked.made().await;
    if asked.give == Give::Look {
        return Action::DatasetKnown { run, found: made.map(|(dataset, _)| dataset) };
    }
    let given = match made {
        Err(why) => Err(format!("The dataset could not be made: {why}.")),
        Ok((dataset, contents)) if asked.give == Give::Archive => {
            asked.download(&dataset, &contents).await
        }
        Ok((dataset, contents)) => match asked.save(&dataset, &contents).await {
            Err(Unsaved::Stopped { said, stays }) => {
                return Action::Notify { text: said, stays };
            }
            Err(Unsaved::Failed(said)) => Err(said),
            Ok(said) => Ok((said, true)),
        },
    };
    let (said, stays) = given.unwrap_or_else(|why| (why, true));
    Action::DatasetDone { run, said, stays }
}

/// Why a dataset is in no folder, as sentences.
enum Unsaved {
    /// The person has stopped it.
    Stopped { said: String, stays: bool },
    /// It could not be.
    Failed(String),
}

impl Asked {
    /// What it is called, without its ending.
    fn name(&self) -> String {
        format!("{}-{}", file_name(&self.project.meta().title), self.wanted.format.id)
    }

    /// The dataset, and what stands in its files where that is given.
    async fn made(&self) -> Result<(Box<Dataset>, Contents), String> {
        let _hold = self.worker.hold();
        let Kept { number: project, articles } = self.kept().await?;
        let asked = ToWrite { project, wanted: Wanted::clone(&self.wanted), give: self.give };
        self.ask(Request::BeginDataset(self.run, Box::new(asked))).await?;
        let mut contents = Contents::default();
        for stage in [Stage::Articles, Stage::Written] {
            match articles {
                true => {
                    self.ask_for_pieces(Request::TakeKept(self.run, project), &mut contents).await?
                }
                false => self.send(stage, &mut contents).await?,
            }
            self.reach(Stage::Writing)?;
            match self.ask(Request::EndRound(self.run)).await? {
                (Answer::Pieces(pieces), blobs) => contents.append(pieces, &blobs),
                (Answer::Dataset(dataset, pieces), blobs) => {
                    contents.append(pieces, &blobs);
                    return Ok((dataset, contents));
                }
                _ => break,
            }
        }
        Err(OTHER.to_owned())
    }

    /// Sends all articles for a dataset.
    async fn send(
        &self,
        stage: fn(usize, usize) -> Stage,
        contents: &mut Contents,
    ) -> Result<(), String> {
        let mut articles = self.articles();
        self.reach(stage(0, articles.all()))?;
        while let Some(batch) = articles.next().await {
            self.reach(stage(articles.given(), articles.all()))?;
            let batch = self.whole(batch)?;
            self.ask_for_pieces(Request::TakeArticles(self.run, batch), contents).await?;
        }
        Ok(())
    }

    async fn ask_for_pieces(
        &self,
        request: Request,
        contents: &mut Contents,
    ) -> Result<(), String> {
        match self.ask(request).await? {
            (Answer::Pieces(pieces), blobs) => {
                contents.append(pieces, &blobs);
                Ok(())
            }
            _ => Err(OTHER.to_owned()),
        }
    }

    /// Articles as they are sent.
    fn whole(&self, batch: Vec<Loading>) -> Result<Whole, String> {
        let entries = batch.into_iter().map(|(article, loaded)| match loaded {
            Ok(loaded) => Ok(self.project.entry(&article, loaded)),
            Err(why) => Err(format!("“{}” could not be read, since {why}", article.title)),
        });
        Ok(Whole::of_entries(self.project.meta(), entries.collect::<Result<Vec<_>, String>>()?))
    }

    async fn ask(&self, request: Request) -> Result<(Answer, Array), String> {
        self.worker.ask(&request, Array::new()).await
    }

    /// It has come so far, unless it was stopped.
    fn reach(&self, stage: Stage) -> Result<(), String> {
        if self.now.run.get() != self.run {
            return Err(STOPPED.to_owned());
        }
        self.now.stage.set(stage);
        Ok(())
    }

    /// The articles on which somebody has worked. Of the others nothing goes into a dataset.
    fn articles(&self) -> Batches<'_> {
        let project = &self.project;
        let articles = project.articles().into_iter();
        let articles = articles.filter(|it| project.sets_of(&it.id).next().is_some()).cloned();
        Batches::new(self.store.as_ref(), project, articles.collect())
    }

    /// What the worker keeps of the project. It is sent unless the worker has it: without articles, and
    /// then these, some at a time, until they are too much.
    async fn kept(&self) -> Result<Kept, String> {
        let project = &self.project;
        if let Some(kept) = self.worker.kept(project) {
            return Ok(kept);
        }
        self.worker.set_kept(None);
        let bare = Whole::of(&project.without_articles());
        self.ask(Request::KeepProject(self.run, bare)).await?;
        let mut kept = Kept { number: self.run, articles: true };
        let mut articles = self.articles();
        self.reach(Stage::Articles(0, articles.all()))?;
        while let (true, Some(batch)) = (kept.articles, articles.next().await) {
            self.reach(Stage::Articles(articles.given(), articles.all()))?;
            let batch = self.whole(batch)?;
            let answer = self.ask(Request::KeepArticles(self.run, batch)).await?.0;
            kept.articles = !matches!(answer, Answer::Full);
        }
        // Another run may have sent another by now.
        self.reach(Stage::Writing)?;
        self.worker.set_kept(Some((kept, project.clone())));
        Ok(kept)
    }

    async fn download(
        &self,
        dataset: &Dataset,
        contents: &Contents,
    ) -> Result<(String, bool), String> {
        let name = format!("{}.zip", self.name());
        let packed = self.packed(dataset, contents).await;
        let packed = packed.map_err(|why| format!("The dataset could not be packed: {why}."))?;
        download(&name, "application/zip", &packed).map_err(|error| {
            format!("The dataset could not be downloaded: {}.", world::message(&error))
        })?;
        Ok((format!("{name} was downloaded."), false))
    }

    /// The pieces of an archive of all files.
    async fn packed(&self, dataset: &Dataset, contents: &Contents) -> Result<Array, String> {
        let failed = |error: JsValue| world::message(&error);
        let files = dataset.files.iter().map(|(name, _)| contents.file(name));
        let files = files.collect::<Result<Array, JsValue>>().map_err(failed)?;
        let all = Blob::new_with_blob_sequence(&files).map_err(failed)?;
        let (packed, size, mut at) = (Array::new(), all.size(), 0.0);
        while at < size {
            let [done, of] = [at, size].map(|bytes| (bytes / 1e6).ceil() as usize);
            self.reach(Stage::Packed(done, of))?;
            let end = size.min(at + PART);
            let bytes = self.worker.bytes(&all, at, end).await.map_err(failed)?;
            self.reach(Stage::Packed(done, of))?;
            let request = Request::Pack(self.run, end >= size, Vec::new());
            let (_, pieces) = self.worker.ask(&request, Array::of1(&bytes)).await?;
            pieces.iter().for_each(|piece| _ = packed.push(&piece));
            at = end;
        }
        Ok(packed)
    }

    /// Writes the files into a new folder in the one that was chosen, or none of them.
    async fn save(&self, dataset: &Dataset, contents: &Contents) -> Result<String, Unsaved> {
        let Some(parent) = FOLDER.take() else {
            return Err(Unsaved::Failed("Choose a folder for the dataset first.".to_owned()));
        };
        let place = parent.name();
        let failed = |error: &JsValue, removed: &str| {
            let why = folder::in_words(error);
            Unsaved::Failed(format!(
                "The dataset could not be saved in the folder “{place}”: {why}.{removed} Save it \
                 into another folder, or download it."
            ))
        };
        let made = NewFolder::make(parent, &self.name()).await;
        let mut folder = made.map_err(|error| failed(&error, ""))?;
        let (name, count) = (folder.name().to_owned(), dataset.files.len());
        if let Err(why) = self.write(&mut folder, dataset, contents).await {
            // Half a dataset might be taken for a whole one.
            let removed = folder.remove().await.is_ok();
            let said = match removed {
                true => " What had been written was removed.".to_owned(),
                false => {
                    format!(" What had been written could not be removed: delete “{name}” there.")
                }
            };
            return Err(match why {
                Some(error) => failed(&error, &said),
                None => {
                    let said = format!("The dataset was not saved.{said}");
                    Unsaved::Stopped { said, stays: !removed }
                }
            });
        }
        let files = match count {
            1 => "1 file is".to_owned(),
            n => format!("{n} files are"),
        };
        Ok(format!("The dataset was saved: {files} in “{name}”, in the folder “{place}”."))
    }

    /// Writes the files; where that fails it says why, or nothing if it was stopped.
    async fn write(
        &self,
        folder: &mut NewFolder,
        dataset: &Dataset,
        contents: &Contents,
    ) -> Result<(), Option<JsValue>> {
        let count = dataset.files.len();
        for (at, (path, _)) in dataset.files.iter().enumerate() {
            self.reach(Stage::Files(at, count)).map_err(|_| None)?;
            let content = contents.file(path).map_err(Some)?;
            folder.write(path, &content).await.map_err(Some)?;
        }
        self.reach(Stage::Files(count, count)).map_err(|_| None)
    }
}

/// What an answer is that nothing asks for.
const OTHER: &str = "the answer is to another question";

/// About how many bytes are packed at once.
const PART: f64 = 4e6;

/// What stands in the files of a dataset, by their names.
#[derive(Default)]
struct Contents(BTreeMap<String, Array>);

impl Contents {
    /// Appends pieces to files; `blobs` are theirs, in the order of their names.
    fn append(&mut self, pieces: Pieces, blobs: &Array) {
        for (name, piece) in pieces.into_keys().zip(blobs.iter()) {
            self.0.entry(name).or_default().push(&piece);
        }
    }

    /// A whole file.
    fn file(&self, name: &str) -> Result<Blob, JsValue> {
        match self.0.get(name) {
            Some(pieces) if pieces.length() == 1 => Ok(pieces.get(0).unchecked_into()),
            Some(pieces) => Blob::new_with_blob_sequence(pieces),
            None => Blob::new(),
        }
    }
}
