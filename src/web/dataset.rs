//! Datasets: the worker is given the project once, says what would be in one, and makes it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use gloo::timers::callback::Interval;
use js_sys::Array;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::effects::{download, file_name, is_batch, load_article};
use super::folder::{self, Directory, NewFolder};
use super::worker::Worker;
use super::world;
use crate::editor::{Action, Stage};
use crate::format::dataset::Wanted;
use crate::job::{Answer, Content, Dataset, Give, Request, ToWrite, Whole};
use crate::project::{Article, Project};
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
        self.run.set(0);
        if self.stage.get() == Stage::Writing {
            worker.stop();
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
        Ok((_, pieces)) if asked.give == Give::Archive => asked.download(&pieces),
        Ok((dataset, pieces)) => match asked.save(&dataset, &pieces).await {
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

    /// The dataset, and what of it is given.
    async fn made(&self) -> Result<(Box<Dataset>, Array), String> {
        let project = self.kept().await?;
        self.reach(Stage::Writing)?;
        let wanted = Wanted::clone(&self.wanted);
        let asked = ToWrite { project, wanted, give: self.give };
        match self.ask(Request::WriteDataset(Box::new(asked))).await? {
            (Answer::Dataset(dataset), pieces) => Ok((dataset, pieces)),
            _ => Err("the answer is to another question".to_owned()),
        }
    }

    async fn ask(&self, request: Request) -> Result<(Answer, Array), String> {
        self.worker.ask(&request, Array::new()).await
    }

    /// It has come so far, unless it was stopped.
    fn reach(&self, stage: Stage) -> Result<(), String> {
        if self.now.run.get() != self.run {
            return Err("it was stopped".to_owned());
        }
        self.now.stage.set(stage);
        Ok(())
    }

    /// The number under which the worker keeps the project. It is sent unless the worker has it:
    /// its index, and then what of the articles is loaded on which somebody has worked, some at a
    /// time. Of the others nothing goes into a dataset.
    async fn kept(&self) -> Result<u32, String> {
        let project = &self.project;
        if let Some(number) = self.worker.kept(project) {
            return Ok(number);
        }
        self.worker.set_kept(None);
        let loaded = project.loaded_articles();
        let index = loaded.fold(Project::clone(project), |it, id| it.without_loaded(id));
        self.ask(Request::KeepProject(self.run, Whole::of(&index))).await?;
        drop(index);
        let articles = project.articles().into_iter();
        let articles: Vec<_> =
            articles.filter(|it| project.sets_of(&it.id).next().is_some()).collect();
        let (mut contents, mut size) = (Vec::new(), 0);
        self.reach(Stage::Articles(0, articles.len()))?;
        for (at, article) in articles.iter().enumerate() {
            let content = self.content(article).await?;
            self.reach(Stage::Articles(at + 1, articles.len()))?;
            size += content.text.len().get();
            contents.push(content);
            if is_batch(size, contents.len()) || at + 1 == articles.len() {
                let contents = std::mem::take(&mut contents);
                size = 0;
                self.ask(Request::KeepArticles(self.run, contents)).await?;
            }
        }
        // Another run may have sent another by now.
        self.reach(Stage::Writing)?;
        self.worker.set_kept(Some((self.run, project.clone())));
        Ok(self.run)
    }

    /// What of an article is loaded, or can be.
    async fn content(&self, article: &Article) -> Result<Content, String> {
        let id = article.id.clone();
        if let Some(loaded) = self.project.loaded(&id) {
            let sets = loaded.sets.iter().flat_map(|(owner, set)| {
                set.values().map(|annotation| (owner.clone(), (**annotation).clone()))
            });
            let (text, annotations) = (loaded.text.clone(), sets.collect());
            return Ok(Content { article: id, text, annotations });
        }
        let project = &self.project.meta().id;
        match load_article(self.store.as_ref(), project, article).await {
            Ok((text, annotations)) => Ok(Content { article: id, text, annotations }),
            Err(why) => Err(format!("“{}” could not be read, since {why}", article.title)),
        }
    }

    fn download(&self, pieces: &Array) -> Result<(String, bool), String> {
        let name = format!("{}.zip", self.name());
        download(&name, "application/zip", pieces).map_err(|error| {
            format!("The dataset could not be downloaded: {}.", world::message(&error))
        })?;
        Ok((format!("{name} was downloaded."), false))
    }

    /// Writes the files into a new folder in the one that was chosen, or none of them.
    async fn save(&self, dataset: &Dataset, pieces: &Array) -> Result<String, Unsaved> {
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
        if let Err(why) = self.write(&mut folder, dataset, pieces).await {
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
        pieces: &Array,
    ) -> Result<(), Option<JsValue>> {
        let count = dataset.files.len();
        for (at, (path, _)) in dataset.files.iter().enumerate() {
            self.reach(Stage::Files(at, count)).map_err(|_| None)?;
            folder.write(path, &pieces.get(at as u32)).await.map_err(Some)?;
        }
        self.reach(Stage::Files(count, count)).map_err(|_| None)
    }
}
