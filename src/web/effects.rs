//! What the editor asks for, done by the browser: storing, fetching, downloading.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement};

use super::lock::{Lock, Request};
use super::store;
use super::worker::{Worker, number};
use super::{garbage, parts, plain, world};
use crate::annotation::{AnnotatorId, ArticleId};
use crate::edit::act::retext::alone;
use crate::editor::speakers::count;
use crate::editor::{
    Action, Comparing, Incoming, Keeps, Merging, Opened, Progress, Storage, Writer,
};
use crate::format::deployment::{self, Bytes, Deployment, Places};
use crate::format::native::Layout;
use crate::format::stored::shape::shape;
use crate::format::{NewArticle, Problem};
use crate::job::{self, Whole};
use crate::map::Map;
use crate::project::{Article, Loaded, Meta, Project, ProjectId, Sets};
use crate::search::{Query, Searched, SearchedSet};
use crate::store::{LoadedArticle, Store, StoreError};
use crate::text::Text;

/// Something that is done in its own time. Boxed: an async function that several others await
/// would stand in each of them as a whole.
pub type Task<T> = crate::store::Task<'static, T>;

/// How many commits are read at a time for undo.
pub const COMMITS: u32 = 200;

const ARTICLES: &str = "articles";
/// Says which.
const INDEX: &str = "articles/index.json";

/// For how long the page waits for its host to begin an answer, in milliseconds; a quarter of how
/// long the answer may take.
const PATIENCE: u32 = 15_000;

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
}
shape! { ArticleView { caret: default } }

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
    pub carried: Carried,
    /// The project that this address carries, or carried when it could last be fetched.
    pub home: Option<ProjectId>,
    /// The project that was open last.
    pub last: Option<ProjectId>,
}

/// What the page carries, and what of it was left out; or why that could not be had.
pub type Carried = Result<Option<(Deployment, Vec<Problem>)>, String>;

/// Opens the store, and fetches what the page carries.
///
/// `gave_way` is called when the store must be closed for another version of the page.
pub async fn boot(gave_way: Rc<dyn Fn()>) -> Boot {
    let annotator_name = world::annotator_name();
    // Asked for already now, so that the host and the browser's store answer at the same time.
    let carried = fetch_deployment();
    let mut store = opened_store(gave_way).await;
    let (mut annotator, mut home, mut last) = (None, None, None);
    if let Ok(open) = &store {
        match annotator_of(open, annotator_name.as_deref()).await {
            Ok(known) => annotator = Some(known),
            Err(error) => store = Err(error),
        }
    }
    if let Ok(open) = &store {
        home = open.view(&home_key()).await.ok().flatten();
        last = last_project(open, home.as_ref()).await;
    }
    let mut carried = carried.await;
    if let (Ok(open), Ok(Some((deployment, _)))) = (&store, &carried)
        && home.as_ref() != Some(&deployment.project.id)
    {
        home = Some(deployment.project.id.clone());
        // Without it, a visit while the host fails opens another project; nothing is lost.
        let _ = open.remember_view(&home_key(), &deployment.project.id).await;
        last = last_project(open, home.as_ref()).await;
    }
    if home.is_some() && matches!(carried, Ok(None)) {
        carried = Err(format!("{INDEX} was there and is missing now"));
    }
    let annotator = annotator.unwrap_or_else(|| world::new_id().into());
    Boot { store, annotator, annotator_name, carried, home, last }
}

/// The store of this browser; what an older version left in it needs the second part of the page.
async fn opened_store(gave_way: Rc<dyn Fn()>) -> Result<Store, StoreError> {
    match store::open(None, gave_way.clone()).await {
        Err(StoreError::Older) => {}
        opened => return opened,
    }
    let work = parts::load().await.map_err(|parts::Missing| StoreError::Older)?;
    parts::keep(work);
    store::open(Some(work.upgrade), gave_way).await
}

/// The id of who sits here; each name that a page's address gives has one of its own.
///
/// Fails where it can be neither read nor kept: what is stored under one id is not found under
/// another.
async fn annotator_of(store: &Store, name: Option<&str>) -> Result<AnnotatorId, StoreError> {
    let key = name.map_or_else(|| "annotator".to_owned(), |name| format!("annotator/{name}"));
    if let Some(known) = store.view::<AnnotatorId>(&key).await? {
        return Ok(known);
    }
    let new = AnnotatorId::from(world::new_id());
    store.remember_view(&key, &new).await?;
    Ok(new)
}

/// Where it is remembered which project this address carries: the host may fail at another visit.
fn home_key() -> String {
    let path = gloo::utils::window().location().pathname().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("home{folder}/")
}

/// The project that was open last, at an address that carries this one.
async fn last_project(store: &Store, home: Option<&ProjectId>) -> Option<ProjectId> {
    store.view(&last_project_key(home)).await.ok().flatten()
}

pub fn last_project_key(home: Option<&ProjectId>) -> String {
    match home {
        Some(home) => format!("last-project/{home}"),
        None => "last-project".to_owned(),
    }
}

/// What the promise comes to, unless the host takes longer than so many milliseconds.
fn within(milliseconds: u32, promise: Promise) -> JsFuture {
    let late = Promise::new(&mut |_, reject| {
        let why = js_sys::Error::new("the host does not answer");
        let late = move || drop(reject.call1(&JsValue::NULL, &why));
        gloo::timers::callback::Timeout::new(milliseconds, late).forget();
    });
    JsFuture::from(Promise::race(&Array::of2(&promise, &late)))
}

/// A file of our own host, or some bytes of it if the host gives parts; none if it is not there. The
/// host is asked at once.
fn fetch(
    path: &str,
    bytes: Option<Bytes>,
) -> crate::store::Task<'_, Result<Option<web_sys::Response>, String>> {
    let how = web_sys::RequestInit::new();
    if let Some(bytes) = bytes {
        let range = format!("bytes={}-{}", bytes.start(), bytes.end() - 1);
        how.set_headers_str_sequence_sequence(&Array::of1(&Array::of2(
            &"Range".into(),
            &range.into(),
        )));
    }
    let response = within(PATIENCE, gloo::utils::window().fetch_with_str_and_init(path, &how));
    Box::pin(async move {
        let failed =
            |error: JsValue| format!("{path} could not be fetched ({})", world::message(&error));
        let response = response.await;
        let response: web_sys::Response = response.and_then(|it| it.dyn_into()).map_err(failed)?;
        match response.status() {
            404 | 410 => Ok(None),
            200..=299 => Ok(Some(response)),
            status => Err(format!("{path} could not be fetched (the host answers {status})")),
        }
    })
}

/// The body of a response, by one of its methods that promise it.
fn body(
    path: &str,
    promise: Result<Promise, JsValue>,
) -> crate::store::Task<'_, Result<JsValue, String>> {
    Box::pin(async move {
        let body = match promise {
            Ok(promise) => within(4 * PATIENCE, promise).await,
            Err(error) => Err(error),
        };
        body.map_err(|error| match error.is_instance_of::<js_sys::SyntaxError>() {
            true => {
                let why = world::message(&error);
                format!("The host answers something else for {path} ({why})")
            }
            false => format!("{path} could not be read ({})", world::message(&error)),
        })
    })
}

thread_local! {
    /// Of the deployment that was fetched last.
    static PLACES: RefCell<Places> = RefCell::default();
}

/// What the page carries; none if it carries nothing. The host is asked at once.
pub fn fetch_deployment() -> Task<Carried> {
    let response = fetch(INDEX, None);
    Box::pin(async move {
        let Some(response) = response.await? else { return Ok(None) };
        let json = body(INDEX, response.json()).await?;
        let json = plain::from_js(&json).ok_or_else(|| format!("{INDEX} is not JSON"))?;
        let read = deployment::read(&json).map_err(|error| error.to_string())?;
        PLACES.set(Places::of(&read.0));
        Ok(Some(read))
    })
}

/// The text in a line of a shard; none where there is no such line.
async fn text_in_shard(
    path: &str,
    response: &web_sys::Response,
    bytes: Bytes,
) -> Result<Option<String>, String> {
    let mut line: Blob = body(path, response.blob()).await?.unchecked_into();
    // A host that gives no parts gives the whole shard, whose other lines the browser keeps from us.
    if response.status() != 206 {
        let (start, end) = (bytes.start() as f64, bytes.end() as f64);
        line = line.slice_with_f64_and_f64(start, end).unwrap_or(line);
    }
    let line = body(path, Ok(line.text())).await?.as_string().unwrap_or_default();
    let article = js_sys::JSON::parse(&line).unwrap_or_default();
    let text = js_sys::Reflect::get(&article, &"text".into());
    Ok(text.ok().and_then(|text| text.as_string()))
}

/// A text of the deployment, if it is the one that the hash names.
async fn fetch_text(article: &Article) -> Result<Text, String> {
    let missing = || "its text is neither stored here nor on this page".to_owned();
    let place = PLACES.with_borrow(|places| places.find(&article.text).cloned());
    let in_file = || Some((article.source.file.clone()?, None));
    let (file, bytes) = place.or_else(in_file).ok_or_else(missing)?;
    if !deployment::is_safe_path(&file) {
        return Err(missing());
    }
    // A path may hold any character; only its slashes mean something.
    let mut path = ARTICLES.to_owned();
    for part in file.split('/') {
        path.push('/');
        path.push_str(&String::from(js_sys::encode_uri_component(part)));
    }
    let response = fetch(&path, bytes).await?.ok_or_else(missing)?;
    let text = match bytes {
        Some(bytes) => text_in_shard(&path, &response, bytes).await?,
        None => body(&path, response.text()).await?.as_string(),
    };
    let text = Text::new(&text.unwrap_or_default());
    if !article.text.names(&text) {
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
) -> Result<(Text, Sets), String> {
    let stored = match store {
        Some(store) => {
            let loaded = store.load_article(project, &article.id, &article.text).await;
            loaded.map_err(|error| error.to_string())?
        }
        None => (None, Sets::new()),
    };
    with_text(store, article, stored).await
}

/// What is stored of an article, with its text fetched where that is not.
async fn with_text(
    store: Option<&Store>,
    article: &Article,
    (text, annotations): LoadedArticle,
) -> Result<(Text, Sets), String> {
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
pub fn load_action(
    store: Option<Store>,
    project: ProjectId,
    article: Arc<Article>,
) -> Task<Action> {
    Box::pin(async move {
        match load_article(store.as_ref(), &project, &article).await {
            Ok((text, annotations)) => {
                let view = match &store {
                    Some(store) => store.view(&article_view_key(&project, &article.id)).await,
                    None => Ok(None),
                };
                let ArticleView { caret } = view.ok().flatten().unwrap_or_default();
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

/// How long a tab that is asked for a project has to save what it has, in milliseconds.
const HAND_OVER: u32 = 2_000;

/// Asks to be the one tab that writes a project.
pub fn lock(id: &ProjectId, lost: impl Fn() + 'static) -> Task<(Option<Lock>, Writer)> {
    let id = id.clone();
    Box::pin(async move { answered(Lock::request(&id, lost).await) })
}

/// Becomes the one tab that writes a project, once the tab that did so, which was asked, has given
/// it up; one that does not answer loses it.
pub fn take_over(id: &ProjectId, lost: Rc<dyn Fn()>) -> Task<(Option<Lock>, Writer)> {
    let id = id.clone();
    Box::pin(async move {
        let on_lost = lost.clone();
        match Lock::wait(&id, HAND_OVER, move || on_lost()).await {
            Request::Busy => answered(Lock::steal(&id, move || lost()).await),
            given => answered(given),
        }
    })
}

fn answered(answer: Request) -> (Option<Lock>, Writer) {
    match answer {
        Request::Acquired(lock) => (Some(lock), Writer::Writing),
        Request::Busy => (None, Writer::Reading),
    }
}

/// What the browser says of its storage; at the `first` time it is asked to keep the work, which
/// it may decline.
pub async fn storage(exclusive: bool, first: bool) -> Storage {
    let keeps = match store::persist(first).await {
        true => Keeps::UntilDeleted,
        false if world::is_safari() => Keeps::SevenDays,
        false => Keeps::WhileRoom,
    };
    let told = world::told_of_storage();
    Storage { used: store::estimate().await, keeps, exclusive, told }
}

/// The native file of a project, as parts of a download; and why articles are missing in it. Some
/// articles are in memory at a time; `progress` is told how many of how many are written.
///
/// What somebody has worked on is in the file, or there is none.
pub async fn native_file(
    store: Option<&Store>,
    worker: &Worker,
    project: &Project,
    layout: Layout,
    progress: &yew::Callback<Progress>,
) -> Result<(Array, Vec<String>), String> {
    let _hold = worker.hold();
    let number = number();
    let written = write_file(store, worker, project, layout, number, progress).await;
    if written.is_err() {
        worker.tell(&job::Request::ForgetFile(number));
    }
    written
}

async fn write_file(
    store: Option<&Store>,
    worker: &Worker,
    project: &Project,
    layout: Layout,
    number: u32,
    progress: &yew::Callback<Progress>,
) -> Result<(Array, Vec<String>), String> {
    let (parts, mut missing) = (Array::new(), Vec::new());
    let write = async |request| {
        let (_, pieces) = worker.ask(&request, Array::new()).await?;
        pieces.iter().for_each(|piece| _ = parts.push(&piece));
        Ok::<_, String>(())
    };
    write(job::Request::BeginFile(number, layout, Whole::of(&project.without_articles()))).await?;
    let articles: Vec<_> = project.articles().into_iter().cloned().collect();
    let all = articles.len() as u32;
    let mut batches = Batches::new(store, project, articles);
    while let Some(batch) = batches.next().await {
        let mut entries = Vec::new();
        for (article, loaded) in batch {
            match loaded {
                Ok(loaded) => entries.push(project.entry(&article, loaded)),
                Err(why) => {
                    let why = format!("“{}” is not in the file, since {why}", article.title);
                    if project.sets_of(&article.id).next().is_some() {
                        return Err(why);
                    }
                    missing.push(why);
                }
            }
        }
        let entries = Whole::of_entries(project.meta(), entries);
        write(job::Request::WriteArticles(number, entries)).await?;
        progress.emit(Progress { done: batches.given() as u32, all, unit: "articles" });
    }
    write(job::Request::EndFile(number)).await?;
    Ok((parts, missing))
}

/// Articles of a project, with what of them is loaded or can be, some at a time.
pub struct Batches<'a> {
    store: Option<&'a Store>,
    project: &'a Project,
    articles: Vec<Arc<Article>>,
    /// Whether their annotations are read too.
    annotations: bool,
    /// How many of them were read.
    read: usize,
    /// Those that were read and are still to be given.
    ahead: VecDeque<Loading>,
}

/// An article, and what of it is loaded, or why that cannot be had, as part of a sentence.
pub type Loading = (Arc<Article>, Result<Arc<Loaded>, String>);

/// How many articles are read at once, in one transaction.
const AT_ONCE: usize = 50;

/// With how many characters of articles a batch ends: about what the worker gets at once.
const BATCH: u32 = 1_000_000;

impl<'a> Batches<'a> {
    pub fn new(
        store: Option<&'a Store>,
        project: &'a Project,
        articles: Vec<Arc<Article>>,
    ) -> Batches<'a> {
        Batches { store, project, articles, annotations: true, read: 0, ahead: VecDeque::new() }
    }

    /// Reads annotations or leaves them out, but for those of articles that are loaded.
    pub fn with_annotations(self, annotations: bool) -> Batches<'a> {
        Batches { annotations, ..self }
    }

    /// How many articles there are.
    pub fn all(&self) -> usize {
        self.articles.len()
    }

    /// How many articles have been given.
    pub fn given(&self) -> usize {
        self.read - self.ahead.len()
    }

    /// The next articles; none when all were given.
    pub async fn next(&mut self) -> Option<Vec<Loading>> {
        let (mut batch, mut size) = (Vec::new(), 0);
        while size < BATCH && batch.len() < AT_ONCE {
            if self.ahead.is_empty() && !self.read_ahead().await {
                break;
            }
            let Some((article, loaded)) = self.ahead.pop_front() else { break };
            size += loaded.as_ref().map_or(0, |loaded| loaded.text.len().get());
            batch.push((article, loaded));
        }
        (!batch.is_empty()).then_some(batch)
    }

    /// Whether there was any article to read.
    async fn read_ahead(&mut self) -> bool {
        let end = self.articles.len().min(self.read + AT_ONCE);
        let next = self.articles[self.read..end].to_vec();
        self.read = end;
        let there = |it: &Article| self.project.loaded(&it.id).is_some();
        let asked = next.iter().filter(|it| !there(it)).map(|it| (&it.id, &it.text));
        let asked: Vec<_> = asked.collect();
        let stored = match self.store {
            Some(store) if !asked.is_empty() => {
                let project = &self.project.meta().id;
                store.load_articles(project, &asked, self.annotations).await
            }
            _ => Ok(asked.iter().map(|_| Ok((None, Sets::new()))).collect()),
        };
        let mut stored = match stored {
            Ok(stored) => stored.into_iter(),
            Err(error) => asked.iter().map(|_| Err(error.clone())).collect::<Vec<_>>().into_iter(),
        };
        let any = !next.is_empty();
        for article in next {
            let loaded = match self.project.loaded(&article.id) {
                Some(loaded) => Ok(loaded.clone()),
                None => match stored.next() {
                    Some(Ok(stored)) => {
                        let read = with_text(self.store, &article, stored).await;
                        read.map(|(text, annotations)| Arc::new(Loaded::of(text, annotations).0))
                    }
                    Some(Err(error)) => Err(error.to_string()),
                    None => Err("it was not read".to_owned()),
                },
            };
            self.ahead.push_back((article, loaded));
        }
        any
    }
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

/// How many articles are counted at once, in one transaction.
const COUNTED: usize = 500;

/// About how many bytes the annotations of an article are as they are stored.
const STORED: u32 = 1 << 10;

/// Counts how often speakers speak in articles, some at a time, and tells of each, for as long as this is
/// the counting that goes on.
pub async fn count_uses(
    store: Option<Store>,
    open: Arc<Project>,
    articles: Vec<ArticleId>,
    run: u32,
    goes_on: impl Fn() -> bool,
    dispatch: yew::Callback<Action>,
) {
    for some in articles.chunks(COUNTED) {
        let mut by_speaker = Map::new();
        let mut add = |sets: &Sets| {
            let annotations = sets.values().flat_map(|set| set.values());
            annotations.for_each(|it| count(it, &mut by_speaker));
        };
        let mut missing = Vec::new();
        for id in some {
            match open.loaded(id) {
                Some(loaded) => add(&loaded.sets),
                None => missing.push(id),
            }
        }
        if let Some(store) = store.as_ref().filter(|_| !missing.is_empty()) {
            match store.annotations(&open.meta().id, &missing).await {
                Ok(read) => {
                    read.iter().for_each(add);
                    garbage::left(missing.len() as u32 * STORED);
                }
                Err(error) => {
                    return dispatch.emit(Action::UsesFailed { run, why: error.to_string() });
                }
            }
        }
        if !goes_on() {
            return;
        }
        dispatch.emit(Action::UsesCounted { run, articles: some.len(), by_speaker });
    }
}

/// A search over articles.
pub struct Searching {
    /// What is looked for.
    pub query: Box<Query>,
    /// Where.
    pub articles: Vec<Arc<Article>>,
    /// Which search it is.
    pub run: u32,
    /// The one that goes on.
    pub now: Rc<std::cell::Cell<u32>>,
}

/// Searches articles, some at a time, and tells of each, for as long as this is the search that
/// goes on.
pub async fn search(
    worker: Worker,
    store: Store,
    open: Arc<Project>,
    asked: Searching,
    dispatch: yew::Callback<Action>,
) {
    let Searching { query, articles, run, now } = asked;
    let linked = open.relations().into_iter().map(|it| it.from.annotation.clone()).collect();
    let mut asked = job::ToSearch {
        query: *query,
        articles: Vec::new(),
        limit: crate::editor::KEPT_HITS,
        scheme: (**open.scheme()).clone(),
        linked,
    };
    let annotations = asked.query.needs_annotations();
    let batches = Batches::new(Some(&store), &open, articles);
    let mut batches = batches.with_annotations(annotations);
    loop {
        let before = batches.given();
        let Some(batch) = batches.next().await else { return };
        if now.get() != run {
            return;
        }
        // What cannot be read has nothing to be found; opening it says why.
        let read = batch.into_iter().filter_map(|(article, loaded)| Some((article, loaded.ok()?)));
        asked.articles =
            read.map(|(article, loaded)| searched(&open, &article, &loaded, annotations)).collect();
        let request = job::Request::Search(Box::new(asked.clone()));
        let why = match worker.ask(&request, Array::new()).await {
            Ok((job::Answer::Found(found), _)) => {
                let searched = batches.given() - before;
                dispatch.emit(Action::FoundMore { run, found, searched });
                continue;
            }
            Ok((job::Answer::BadQuery(why), _)) => format!("This cannot be searched: {why}."),
            Ok(_) => "The answer is to another question.".to_owned(),
            Err(why) => format!("The search has failed: {why}."),
        };
        return dispatch.emit(Action::SearchFailed { run, why });
    }
}

/// An article as a search sees it, with annotations if it asks for some.
fn searched(project: &Project, article: &Article, loaded: &Loaded, annotations: bool) -> Searched {
    let mut sets: Vec<SearchedSet> = Vec::new();
    for (owner, row) in project.sets_of(&article.id) {
        let (owner, status) = (owner.clone(), row.status());
        sets.push(SearchedSet { owner, status, annotations: Vec::new() });
    }
    for (owner, set) in loaded.sets.iter().filter(|_| annotations) {
        let at = sets.iter().position(|set| set.owner == *owner).unwrap_or_else(|| {
            let (owner, status) = (owner.clone(), Default::default());
            sets.push(SearchedSet { owner, status, annotations: Vec::new() });
            sets.len() - 1
        });
        sets[at].annotations = set.values().cloned().collect();
    }
    let text = loaded.text.clone();
    Searched { id: article.id.clone(), text, sets, regions: article.regions.clone() }
}

/// Finds out what another text of an article does.
pub async fn compare(worker: Worker, asked: Box<Comparing>) -> Action {
    let Some(alone) = alone(&asked.mine, &asked.article) else {
        let text = "The texts could not be compared: the article is not loaded.".to_owned();
        return Action::Notify { text, stays: true };
    };
    let (article, new) = (asked.article.clone(), asked.new.clone());
    let to_compare = job::ToCompare { project: Whole::of(&alone), article, new };
    let request = job::Request::Compare(Box::new(to_compare));
    let why = match worker.ask(&request, Array::new()).await {
        Ok((job::Answer::Planned(plan), _)) => return Action::Compared { asked, plan },
        Ok(_) => "the answer is to another question".to_owned(),
        Err(why) => why,
    };
    Action::Notify { text: format!("The texts could not be compared: {why}."), stays: true }
}

/// Reads Markdown as blocks.
pub async fn read_markdown(worker: Worker, source: String) -> Action {
    let request = job::Request::ReadMarkdown(source.clone());
    let why = match worker.ask(&request, Array::new()).await {
        Ok((job::Answer::Page(blocks), _)) => return Action::MarkdownRead { source, blocks },
        Ok(_) => "the answer is to another question".to_owned(),
        Err(why) => why,
    };
    Action::Notify { text: format!("The guidelines could not be read: {why}."), stays: true }
}

/// Reads the scheme of a file.
pub async fn read_scheme(worker: Worker, file: String, text: String) -> Action {
    let request = job::Request::ReadScheme(file, text);
    Action::SchemeRead(Box::new(match worker.ask(&request, Array::new()).await {
        Ok((job::Answer::Scheme(read), _)) => Ok(*read),
        Ok(_) => Err("the answer is to another question".to_owned()),
        Err(why) => Err(why),
    }))
}

/// Gives a person the scheme as a file.
pub async fn export_scheme(worker: Worker, project: &Project) -> Action {
    let name = format!("{}.scheme.json", file_name(&project.meta().title));
    let request = job::Request::WriteScheme(Box::new((**project.scheme()).clone()));
    let written = worker.ask(&request, Array::new()).await.and_then(|(_, parts)| {
        download(&name, "application/json", &parts).map_err(|error| world::message(&error))
    });
    match written {
        Ok(()) => Action::Notify { text: format!("{name} was downloaded."), stays: false },
        Err(why) => {
            Action::Notify { text: format!("The file could not be written: {why}"), stays: true }
        }
    }
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
