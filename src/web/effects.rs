//! What the editor asks for, done by the browser: storing, fetching, downloading.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement};

use super::lock::{Lock, Request};
use super::store::{self, Store, StoreError};
use super::worker::Worker;
use super::{plain, world};
use crate::annotation::{Annotation, AnnotatorId, ArticleId};
use crate::editor::{Action, Incoming, Merging, Opened, Storage, Writer};
use crate::format::NewArticle;
use crate::format::deployment::{self, Deployment};
use crate::format::stored::shape::shape;
use crate::job::{self, Whole};
use crate::project::{Article, Meta, Owner, Project, ProjectId};
use crate::text::Text;

/// Something that is done in its own time. Boxed: an async function that several others await
/// would stand in each of them as a whole.
pub type Task<T> = std::pin::Pin<Box<dyn Future<Output = T>>>;

/// How many commits are read at a time for undo.
pub const COMMITS: u32 = 200;

const ARTICLES: &str = "articles/";

/// What is remembered of a project's view.
#[derive(Clone, Debug, Default)]
pub struct ProjectView {
    /// The article that was open.
    pub article: Option<ArticleId>,
}
shape! { ProjectView { article } }

/// What is remembered of an article's view.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ArticleView {
    /// The caret, in UTF-8 bytes.
    pub caret: u32,
    /// How far it was scrolled, in pixels.
    pub scroll: i32,
}
shape! { ArticleView { caret: default, scroll: default } }

pub fn project_view_key(project: &ProjectId) -> String {
    format!("project/{project}")
}

pub fn article_view_key(project: &ProjectId, article: &ArticleId) -> String {
    format!("article/{project}/{article}")
}

/// What the page starts with.
pub struct Boot {
    pub store: Result<Store, StoreError>,
    pub annotator: AnnotatorId,
    pub annotator_name: Option<String>,
    pub deployment: Result<Option<Deployment>, String>,
}

/// Opens the store, and fetches what the page carries.
pub async fn boot() -> Boot {
    let annotator_name = world::parameter("annotator");
    let store = Store::open().await;
    let annotator = match &store {
        Ok(store) => annotator(store, annotator_name.as_deref()).await,
        Err(_) => AnnotatorId::from(world::new_id()),
    };
    Boot { store, annotator, annotator_name, deployment: fetch_deployment().await }
}

/// The id of who sits here; each name that a page's address gives has one of its own.
async fn annotator(store: &Store, name: Option<&str>) -> AnnotatorId {
    let key = name.map_or_else(|| "annotator".to_owned(), |name| format!("annotator/{name}"));
    if let Ok(Some(known)) = store.view::<AnnotatorId>(&key).await {
        return known;
    }
    let new = AnnotatorId::from(world::new_id());
    // Where it cannot be kept, saving fails too, and says so.
    let _ = store.remember_view(&key, &new).await;
    new
}

/// A file of our own host; none if it is not there.
async fn fetch(path: &str) -> Result<Option<web_sys::Response>, String> {
    let failed =
        |error: JsValue| format!("{path} could not be fetched ({})", world::message(&error));
    let response = JsFuture::from(gloo::utils::window().fetch_with_str(path)).await;
    let response: web_sys::Response = response.and_then(|it| it.dyn_into()).map_err(failed)?;
    match response.status() {
        404 | 410 => Ok(None),
        200..=299 => Ok(Some(response)),
        status => Err(format!("{path} could not be fetched (the host answers {status})")),
    }
}

/// The body of a response, by one of its methods that promise it.
async fn body(path: &str, promise: Result<js_sys::Promise, JsValue>) -> Result<JsValue, String> {
    let body = match promise {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    body.map_err(|error| format!("{path} could not be read ({})", world::message(&error)))
}

/// What the page carries; none if it carries nothing.
pub async fn fetch_deployment() -> Result<Option<Deployment>, String> {
    let path = format!("{ARTICLES}index.json");
    let Some(response) = fetch(&path).await? else { return Ok(None) };
    let json = body(&path, response.json()).await?;
    let json = plain::from_js(&json).ok_or_else(|| format!("{path} is not JSON"))?;
    let (deployment, problems) =
        deployment::read(&json).map_err(|error| format!("{path}: {error}"))?;
    for problem in problems {
        web_sys::console::warn_1(&problem.to_string().into());
    }
    Ok(Some(deployment))
}

/// A text of the deployment, if it is the one that the hash names.
async fn fetch_text(article: &Article) -> Result<Text, String> {
    let missing = || "its text is neither stored here nor on this page".to_owned();
    let file = article.source.file.as_deref().ok_or_else(missing)?;
    if !deployment::is_safe_path(file) {
        return Err(missing());
    }
    // A path may hold any character; only its slashes mean something.
    let parts = file.split('/').map(|part| String::from(js_sys::encode_uri_component(part)));
    let path = format!("{ARTICLES}{}", parts.collect::<Vec<_>>().join("/"));
    let response = fetch(&path).await?.ok_or_else(missing)?;
    let text = body(&path, response.text()).await?;
    let text = Text::new(&text.as_string().ok_or_else(missing)?);
    if text.hash() != article.text.as_str() {
        return Err(format!(
            "{path} is not the text that the page names (another copy, or a host that changes \
             files); reload the page, or ask whoever deployed it"
        ));
    }
    Ok(text)
}

/// The newer texts of a deployment.
pub async fn fetch_newer(articles: Vec<Article>) -> Vec<NewArticle> {
    let mut newer = Vec::new();
    for article in articles {
        if let Ok(text) = fetch_text(&article).await {
            newer.push(NewArticle { article, text });
        }
    }
    newer
}

/// An article's text and annotations; a text that comes with the page is stored on the way.
pub async fn load_article(
    store: Option<&Store>,
    project: &ProjectId,
    article: &Article,
) -> Result<(Text, Vec<(Owner, Annotation)>), String> {
    let (text, annotations) = match store {
        Some(store) => {
            let loaded = store.load_article(project, &article.id, &article.text).await;
            loaded.map_err(|error| error.to_string())?
        }
        None => (None, Vec::new()),
    };
    let text = match text {
        Some(text) => text,
        None => {
            let text = fetch_text(article).await?;
            if let Some(store) = store {
                // A text that is not stored is fetched again; a full disk says so at the first act.
                let _ = store.put_texts(std::slice::from_ref(&text)).await;
            }
            text
        }
    };
    Ok((text, annotations))
}

/// Loads an article, as the action that shows it.
pub fn load_action(store: Option<Store>, project: ProjectId, article: Rc<Article>) -> Task<Action> {
    Box::pin(async move {
        match load_article(store.as_ref(), &project, &article).await {
            Ok((text, annotations)) => {
                let view = match &store {
                    Some(store) => store.view(&article_view_key(&project, &article.id)).await,
                    None => Ok(None),
                };
                let ArticleView { caret, .. } = view.ok().flatten().unwrap_or_default();
                Action::ArticleLoaded { article: article.id.clone(), text, annotations, caret }
            }
            Err(why) => Action::ArticleFailed { article: article.id.clone(), why },
        }
    })
}

/// A project of the store; none if there is no such project.
pub fn open_project(
    store: &Store,
    id: &ProjectId,
    writer: Writer,
) -> Task<Result<Option<Opened>, StoreError>> {
    let (store, id) = (store.clone(), id.clone());
    Box::pin(async move {
        let Some(loaded) = store.load(&id).await? else { return Ok(None) };
        let view: Option<ProjectView> = store.view(&project_view_key(&id)).await?;
        Ok(Some(Opened {
            project: loaded.project,
            last_seq: loaded.last_seq,
            writer,
            article: view.and_then(|view| view.article),
        }))
    })
}

/// A project that is not stored yet: a deployment's, or an empty one.
pub fn new_project(deployment: Option<&Deployment>) -> Opened {
    let now = world::now();
    let empty = || Project::new(Meta::new(ProjectId::from(world::new_id()), "My articles", now));
    Opened {
        project: deployment.map_or_else(empty, |deployment| deployment.to_project(now)),
        last_seq: 0,
        writer: Writer::Unstored,
        article: None,
    }
}

/// Asks to be the one tab that writes a project.
pub fn lock(
    id: &ProjectId,
    steal: bool,
    lost: impl Fn() + 'static,
) -> Task<(Option<Lock>, Writer)> {
    let (id, lost): (_, Box<dyn Fn()>) = (id.clone(), Box::new(lost));
    Box::pin(async move {
        let answer =
            if steal { Lock::steal(&id, lost).await } else { Lock::request(&id, lost).await };
        match answer {
            Request::Acquired(lock) => (Some(lock), Writer::Writing),
            Request::Busy => (None, Writer::Reading),
        }
    })
}

/// What the browser says of its storage; asks it to keep the work, which it may decline.
pub async fn storage(exclusive: bool) -> Storage {
    let lasting = store::persist().await;
    let told = world::told_of_storage();
    Storage { used: store::estimate().await, lasting, exclusive, told }
}

/// The native file of a project, as parts of a download.
pub async fn native_file(
    store: Option<&Store>,
    worker: &Worker,
    project: &Project,
) -> Result<Array, String> {
    let mut project = project.clone();
    for article in project.clone().articles() {
        if project.loaded(&article.id).is_none() {
            let loaded = load_article(store, &project.meta().id, article).await;
            let (text, annotations) = loaded
                .map_err(|why| format!("“{}” is not in the file, since {why}", article.title))?;
            project = project.with_loaded(&article.id, text, annotations).0;
        }
    }
    let request = job::Request::WriteProject(Whole::of(&project));
    drop(project);
    Ok(worker.ask(&request, Array::new()).await?.1)
}

/// What merging does, as the action that shows it or does it.
pub async fn merge(worker: Worker, asked: Box<Merging>) -> Action {
    let Incoming { file, project, .. } = &*asked.incoming;
    let copies = job::ToMerge {
        mine: Whole::of(&asked.mine),
        theirs: Whole::of(project),
        file: file.clone(),
        decisions: asked.decisions.clone(),
    };
    let request = job::Request::Merge(Box::new(copies));
    let why = match worker.ask(&request, Array::new()).await {
        Ok((job::Answer::Merged(merge), _)) => {
            return Action::Merged { asked, merge: Box::new(merge) };
        }
        Ok(_) => "the answer is to another question".to_owned(),
        Err(why) => why,
    };
    let text = format!("The file could not be compared with this project: {why}.");
    Action::Notify { text, stays: true }
}

/// Gives a person a file.
pub fn download(name: &str, kind: &str, parts: &Array) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(parts, &options)?;
    let url = gloo::file::ObjectUrl::from(gloo::file::Blob::from(blob));
    let link: HtmlAnchorElement = gloo::utils::document().create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser reads the file after the click; dropped at once, it would be gone.
    gloo::timers::callback::Timeout::new(60_000, move || drop(url)).forget();
    Ok(())
}

/// A file name made of a title: what no system minds.
pub fn file_name(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars().take(60) {
        if c.is_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    match name.trim_matches('-') {
        "" => "project".to_owned(),
        name => name.to_lowercase(),
    }
}
