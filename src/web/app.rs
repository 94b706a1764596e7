//! The root: turns events into actions, steps the editor once for each, and runs what it asks for.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, Event, HtmlDialogElement, HtmlElement, IntersectionObserver,
    IntersectionObserverEntry, IntersectionObserverInit, KeyboardEvent, MouseEvent, PointerEvent,
};
use yew::prelude::*;

use super::components::{
    ArticleHeadProps, ArticleListProps, BarProps, DialogProps, HeaderProps, NoticeListProps, Panel,
    SideProps, article_head, article_list, dialog, header, memo, notice_list, selection_bar, side,
};
use super::dom::{LineMotion, Places, Reader};
use super::effects::{self, ArticleView, Boot, ProjectView};
use super::files::{self, Brought};
use super::keys::{KeyAct, KeyContext, act_of};
use super::lock::Lock;
use super::shared::Shared;
use super::store::{Store, StoreError};
use super::worker::Worker;
use super::world;
use crate::editor::{Action, Ctx, Edge, EditorState, Effect, Focus, Mode, Opened, Writer, step};
use crate::format::deployment::Deployment;
use crate::project::ProjectId;

/// How long a message that does not stay is shown, in milliseconds.
const NOTICE_SHOWN: u32 = 8_000;

/// After how long a job says that it is under way, in milliseconds.
const SLOW: u32 = 300;

/// The whole page.
pub struct App {
    state: EditorState,
    dispatch: Callback<Action>,
    store: Option<Store>,
    worker: Worker,
    lock: Option<Lock>,
    deployment: Option<Rc<Deployment>>,
    reader: Option<Reader>,
    observer: Option<Observer>,
    keys: Rc<KeyContext>,
    listeners: Vec<EventListener>,
    refs: Refs,
    /// A write is under way.
    writing: bool,
    /// What to do once the project that is being opened is open.
    then: Option<Action>,
    /// The pointer is down in the text: the selection is not finished.
    pointing: bool,
    /// What the pointer selected was used at once: the click that follows of it is none.
    selection_used: bool,
    /// Which list a small screen shows over the article.
    panel: Option<Panel>,
    /// The view last remembered.
    remembered: Option<(crate::annotation::ArticleId, ArticleView)>,
    remember: Option<gloo::timers::callback::Timeout>,
    asked_to_persist: bool,
    /// What had the focus before the dialog.
    focus_before: Option<Element>,
    /// The picked annotation that the last rendering showed.
    shown_pick: Option<crate::annotation::AnnotationId>,
    /// Notices before this one have their timers.
    notices_timed: u32,
}

#[derive(Default)]
struct Refs {
    scroller: NodeRef,
    page: NodeRef,
    text: NodeRef,
    caret: NodeRef,
    bar: NodeRef,
    handles: NodeRef,
    live: NodeRef,
    dialog: NodeRef,
}

/// Tells which paragraphs are near the screen; stops when dropped.
struct Observer {
    observer: IntersectionObserver,
    _callback: Closure<dyn FnMut(Vec<IntersectionObserverEntry>)>,
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// What happens to the page.
pub enum Msg {
    Booted(Box<Boot>),
    Opened {
        opened: Box<Opened>,
        lock: Option<Lock>,
    },
    NotOpened {
        why: String,
    },
    Act(Action),
    Acts(Vec<Action>),
    Written(Result<(u64, usize), StoreError>),
    Line(LineMotion, bool),
    SelectionChanged,
    PointerDown,
    PointerUp,
    HandleDown {
        span: usize,
        start: bool,
    },
    PointerMoved(f64, f64),
    Clicked(f64, f64),
    Visible(Vec<(usize, bool)>),
    Layout,
    Remember,
    Brought(Vec<Brought>),
    Panel(Option<Panel>),
    Downloaded(Result<String, String>),
    /// A field is to have the focus once it stands.
    Focus(&'static str),
    /// Something was done that needs no answer.
    Nothing,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let boot: effects::Task<Msg> =
            Box::pin(async { Msg::Booted(Box::new(effects::boot().await)) });
        ctx.link().send_future(boot);
        let settings = world::settings();
        world::show_theme(settings.theme);
        let keys = Rc::new(KeyContext::default());
        keys.letters.set(settings.letters);
        App {
            state: EditorState::new("".into(), settings),
            dispatch: ctx.link().callback(Msg::Act),
            store: None,
            worker: Worker::default(),
            lock: None,
            deployment: None,
            reader: None,
            observer: None,
            keys,
            listeners: Vec::new(),
            refs: Refs::default(),
            writing: false,
            then: None,
            pointing: false,
            selection_used: false,
            panel: None,
            remembered: None,
            remember: None,
            asked_to_persist: false,
            focus_before: None,
            shown_pick: None,
            notices_timed: 0,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Booted(boot) => self.booted(ctx, *boot),
            Msg::Opened { opened, lock } => {
                self.lock = lock;
                let project = opened.project.meta().id.clone();
                self.act(ctx, Action::ProjectOpened(opened));
                self.remember_project(ctx, project);
                if let Some(deployment) = self.deployment.clone() {
                    self.act(ctx, Action::DeploymentFetched(Box::new((*deployment).clone())));
                }
                if let Some(then) = self.then.take() {
                    self.act(ctx, then);
                }
                self.list_projects(ctx);
            }
            Msg::NotOpened { why } => {
                let text = format!("The project could not be opened. {why}");
                self.act(ctx, Action::Notify { text, stays: true });
            }
            Msg::Act(action) => self.act(ctx, action),
            Msg::Acts(actions) => actions.into_iter().for_each(|action| self.act(ctx, action)),
            Msg::Written(result) => self.written(ctx, result),
            Msg::Line(motion, extend) => {
                let pos = match (&mut self.reader, &self.state.article) {
                    (Some(reader), Some(article)) => reader.line_motion(article, motion),
                    _ => None,
                };
                if let Some(pos) = pos {
                    self.act_keeping_goal(ctx, Action::Place { pos, extend });
                }
            }
            Msg::SelectionChanged => {
                let selection = self.reader.as_ref().and_then(|reader| reader.selection());
                let Some((anchor, head)) = selection else { return false };
                self.act(ctx, Action::Select { anchor, head });
                return false;
            }
            Msg::PointerDown => {
                self.pointing = true;
                self.selection_used = false;
                self.place_overlays();
                return false;
            }
            Msg::HandleDown { span, start } => {
                if let (Some(reader), Some(picked)) = (&mut self.reader, self.state.picked()) {
                    reader.hold(picked.id.clone(), Edge { span, start });
                }
                return false;
            }
            Msg::PointerMoved(x, y) => {
                if let (Some(reader), Some(project), Some(article)) =
                    (&mut self.reader, &self.state.project, &self.state.article)
                {
                    reader.drag(project, article, x, y);
                }
                return false;
            }
            Msg::PointerUp => self.pointer_up(ctx),
            Msg::Clicked(x, y) => self.clicked(ctx, x, y),
            Msg::Visible(changes) => {
                if let Some(reader) = &mut self.reader {
                    reader.set_visible(&changes);
                    if let (Some(project), Some(article)) =
                        (&self.state.project, &self.state.article)
                    {
                        reader.paint(project, article);
                    }
                }
                return false;
            }
            Msg::Layout => {
                self.place_overlays();
                return false;
            }
            Msg::Remember => {
                self.remember_view(ctx);
                return false;
            }
            Msg::Brought(files) => {
                if !files.is_empty() {
                    let what = match files.len() {
                        1 => "Reading the file…".to_owned(),
                        n => format!("Reading {n} files…"),
                    };
                    let worker = self.worker.clone();
                    self.work(ctx, what, async { Msg::Acts(files::read(files, worker).await) });
                }
                return false;
            }
            Msg::Panel(panel) => self.panel = panel,
            Msg::Focus(id) => {
                // The panel is rendered now.
                gloo::timers::callback::Timeout::new(0, move || {
                    focus_field(id);
                })
                .forget();
            }
            Msg::Nothing => return false,
            Msg::Downloaded(result) => {
                let (text, stays) = match result {
                    Ok(name) => (format!("{name} was downloaded."), false),
                    Err(why) => (format!("The file could not be written: {why}"), true),
                };
                self.act(ctx, Action::Notify { text, stays });
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let state = &self.state;
        let dispatch = self.dispatch.clone();
        let project = state.project.clone().map(Shared);
        let article = state.article.clone().map(Shared);
        let show_panel = ctx.link().callback(Msg::Panel);
        let bring = ctx.link().callback(Msg::Brought);
        let panel = match self.panel {
            Some(Panel::Articles) => "articles",
            Some(Panel::Annotations) => "annotations",
            None => "none",
        };
        let empty = project.as_ref().is_some_and(|project| project.article_count() == 0)
            && state.loading.is_none();
        let bar_mode = article.as_ref().map(|article| article.mode.clone()).unwrap_or_default();
        html! {
            <div class="app" data-panel={panel} data-picked={state.picked().is_some().to_string()}>
                { memo(HeaderProps {
                    project: project.clone(),
                    writer: state.writer,
                    saved: state.saving.is_saved(),
                    failed: state.saving.failed.as_ref().map(|why| AttrValue::from(why.to_string())),
                    settings: state.settings,
                    panel: self.panel,
                    show_panel: show_panel.clone(),
                    dispatch: dispatch.clone(),
                }, header) }
                <div class="columns">
                    { memo(ArticleListProps {
                        project: project.clone(),
                        annotator: state.annotator.clone(),
                        open: state.loading.clone().or(article.as_ref().map(|it| it.id.clone())),
                        writer: state.writer,
                        bring,
                        show_panel: show_panel.clone(),
                        dispatch: dispatch.clone(),
                    }, article_list) }
                    <main class="reading" aria-label="Article" ref={&self.refs.scroller}>
                        if let (Some(project), Some(article)) = (&project, &article) {
                            { memo(ArticleHeadProps {
                                project: project.clone(),
                                article: article.id.clone(),
                                annotator: state.annotator.clone(),
                                can_write: state.can_write(),
                                dispatch: dispatch.clone(),
                            }, article_head) }
                        }
                        <div class="page" ref={&self.refs.page} data-mode={mode_name(&bar_mode)}>
                            <div
                                class="article-text"
                                ref={&self.refs.text}
                                tabindex="0"
                                role="textbox"
                                aria-multiline="true"
                                aria-readonly="true"
                                aria-label="Article text"
                                hidden={article.is_none()}
                                spellcheck="false"
                                translate="no"
                            />
                            <div class="caret" ref={&self.refs.caret} hidden=true />
                            <div class="handles" ref={&self.refs.handles} />
                            <div class="bar" ref={&self.refs.bar} hidden=true>
                                if let Some(project) = &project {
                                    { memo(BarProps {
                                        project: project.clone(),
                                        mode: bar_mode.clone(),
                                        can_write: state.can_write(),
                                        dispatch: dispatch.clone(),
                                    }, selection_bar) }
                                }
                            </div>
                        </div>
                        if state.article.is_none() {
                            { empty_state(project.is_none() || state.loading.is_some(), empty) }
                        }
                        { mode_hint(&bar_mode, &dispatch) }
                    </main>
                    { memo(SideProps {
                        project: project.clone(),
                        article,
                        can_write: state.can_write(),
                        show_panel,
                        dispatch: dispatch.clone(),
                    }, side) }
                </div>
                { memo(NoticeListProps {
                    notices: Shared(state.notices.clone()),
                    dispatch: dispatch.clone(),
                }, notice_list) }
                if let Some(open) = &state.dialog {
                    { memo(DialogProps {
                        dialog: open.clone(),
                        project,
                        annotator: state.annotator.clone(),
                        projects: Shared(state.projects.clone()),
                        settings: state.settings,
                        dispatch,
                        element: self.refs.dialog.clone(),
                    }, dialog) }
                }
                <div class="visually-hidden" aria-live="polite" ref={&self.refs.live} />
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.reader = self.places().map(|places| Reader::new(gloo::utils::document(), places));
            self.listen(ctx);
        }
        self.show_dialog();
        self.keep_pick_in_view();
        // A side panel or a banner that came may have moved the text.
        self.place_overlays();
    }
}

impl App {
    fn places(&self) -> Option<Places> {
        Some(Places {
            scroller: self.refs.scroller.cast()?,
            page: self.refs.page.cast()?,
            text: self.refs.text.cast()?,
            caret: self.refs.caret.cast()?,
            bar: self.refs.bar.cast()?,
            handles: self.refs.handles.cast()?,
        })
    }

    /// Opens a dialog that has come, and gives the focus back when it has gone.
    fn show_dialog(&mut self) {
        match self.refs.dialog.cast::<HtmlDialogElement>() {
            Some(dialog) if !dialog.open() => {
                if self.focus_before.is_none() {
                    self.focus_before = gloo::utils::document().active_element();
                }
                // A dialog that is open already refuses, and is what was wanted.
                let _ = dialog.show_modal();
            }
            Some(_) => {}
            None => {
                let before =
                    self.focus_before.take().and_then(|it| it.dyn_into::<HtmlElement>().ok());
                if let Some(before) = before {
                    // What had the focus may be gone; then nothing has it.
                    let _ = before.focus();
                }
            }
        }
    }

    /// On a small screen the picked annotation's sheet takes room: what was picked stays in view.
    fn keep_pick_in_view(&mut self) {
        let picked = self.state.picked().map(|annotation| annotation.id.clone());
        if picked == self.shown_pick {
            return;
        }
        if let (Some(reader), Some(picked)) = (&self.reader, self.state.picked()) {
            reader.scroll_to(picked.spans.first().start());
        }
        self.shown_pick = picked;
    }

    /// Lets messages go that do not stay.
    fn time_notices(&mut self, ctx: &Context<Self>) {
        let new = self.state.notices.iter().filter(|notice| notice.id >= self.notices_timed);
        for id in new.filter(|notice| !notice.stays).map(|notice| notice.id) {
            let link = ctx.link().clone();
            let go = move || link.send_message(Msg::Act(Action::DropNotice(id)));
            gloo::timers::callback::Timeout::new(NOTICE_SHOWN, go).forget();
        }
        self.notices_timed = self.state.notice_count;
    }

    /// Does something in its own time; what comes of it is a message.
    fn later(&self, ctx: &Context<Self>, task: impl Future<Output = Msg> + 'static) {
        // Boxed, so that the machinery around it is there once and not for each task.
        let task: effects::Task<Msg> = Box::pin(task);
        ctx.link().send_future(task);
    }

    /// As [`App::later`], and where it takes long a message says so until it is done.
    fn work(&self, ctx: &Context<Self>, what: String, task: impl Future<Output = Msg> + 'static) {
        let link = ctx.link().clone();
        self.later(ctx, async move {
            let (to, said) = (link.clone(), what.clone());
            let slow = gloo::timers::callback::Timeout::new(SLOW, move || {
                to.send_message(Msg::Act(Action::Working(said)));
            });
            let done = task.await;
            drop(slow);
            link.send_message(Msg::Act(Action::Worked(what)));
            done
        });
    }

    // Actions and effects.

    fn act(&mut self, ctx: &Context<Self>, action: Action) {
        if let Some(reader) = &mut self.reader {
            reader.forget_goal();
        }
        self.act_keeping_goal(ctx, action);
    }

    fn act_keeping_goal(&mut self, ctx: &Context<Self>, action: Action) {
        let mut new_id = world::new_id;
        let mut world = Ctx { now: world::now(), new_id: &mut new_id };
        let (state, effects) = step(&self.state, action, &mut world);
        self.state = state;
        self.follow();
        self.show(ctx);
        for effect in effects {
            self.run(ctx, effect);
        }
        self.place_overlays();
        self.time_notices(ctx);
        self.remember_soon(ctx);
    }

    /// Tells the key handlers what they must know at once.
    fn follow(&self) {
        self.keys.letters.set(self.state.settings.letters);
        self.keys.dialog.set(self.state.dialog.is_some());
        let mode = self.state.article.as_ref().map(|article| &article.mode);
        self.keys.edge.set(matches!(mode, Some(Mode::Edge { .. })));
    }

    /// Puts the open article on the screen, and paints what changed, right now.
    fn show(&mut self, ctx: &Context<Self>) {
        let (Some(reader), Some(project)) = (&mut self.reader, &self.state.project) else { return };
        let article = self.state.article.as_deref();
        // The container is hidden while there is no article, and is rendered only later.
        if let Some(text) = self.refs.text.cast::<HtmlElement>() {
            text.set_hidden(article.is_none());
        }
        if reader.show(project, article) {
            self.observer = observe(ctx, &self.refs.scroller, reader.paragraphs());
        }
    }

    fn place_overlays(&self) {
        let (Some(reader), Some(project), Some(article)) =
            (&self.reader, &self.state.project, &self.state.article)
        else {
            return;
        };
        let bar = !self.pointing && !reader.is_holding();
        reader.place_overlays(project, article, bar);
    }

    fn run(&mut self, ctx: &Context<Self>, effect: Effect) {
        let project = self.state.project.as_ref().map(|project| project.meta().id.clone());
        match effect {
            Effect::Save => self.save(ctx),
            Effect::LoadArticle(article) => {
                let (Some(project), store) = (project, self.store.clone()) else { return };
                self.later(ctx, async move {
                    Msg::Act(effects::load_action(store, project, article).await)
                });
            }
            Effect::LoadThen(articles, then) => {
                let (Some(project), store) = (project, self.store.clone()) else { return };
                self.later(ctx, async move {
                    let mut actions = Vec::new();
                    for article in articles {
                        let loaded =
                            effects::load_action(store.clone(), project.clone(), article).await;
                        let failed = matches!(loaded, Action::ArticleFailed { .. });
                        actions.push(loaded);
                        if failed {
                            return Msg::Acts(actions);
                        }
                    }
                    actions.push(*then);
                    Msg::Acts(actions)
                });
            }
            Effect::LoadCommits { before } => {
                let (Some(project), Some(store)) = (project, self.store.clone()) else { return };
                self.later(ctx, async move {
                    match store.commits(&project, Some(before), effects::COMMITS).await {
                        Ok(commits) => Msg::Act(Action::OlderCommits(commits)),
                        Err(error) => Msg::Act(Action::Notify {
                            text: format!("Older changes could not be read: {error}"),
                            stays: false,
                        }),
                    }
                });
            }
            Effect::Merge { mine, seq, theirs, problems } => {
                let worker = self.worker.clone();
                self.work(ctx, "Comparing the file…".to_owned(), async move {
                    Msg::Act(effects::merge(worker, mine, seq, theirs, problems).await)
                });
            }
            Effect::CancelWork => self.worker.stop(),
            Effect::FetchNewer(articles) => self.later(ctx, async {
                Msg::Act(Action::NewerFetched(effects::fetch_newer(articles).await))
            }),
            Effect::OpenProject(id) => self.open_project(ctx, id, false),
            Effect::OpenThen(id, then) => {
                self.then = Some(*then);
                self.open_project(ctx, id, false);
            }
            Effect::TakeOver => {
                if let Some(project) = project {
                    self.open_project(ctx, project, true);
                }
            }
            Effect::StoreProject(project) => self.store_project(ctx, *project),
            Effect::DeleteProject(id, delete) => {
                let Some(store) = self.store.clone() else { return };
                self.later(ctx, async move {
                    let done = match delete {
                        true => store.delete_project(&id, world::now()).await,
                        false => store.restore_project(&id).await,
                    };
                    match (done, store.projects().await) {
                        (Ok(()), Ok(rows)) => Msg::Act(Action::ProjectsListed(rows)),
                        (Err(error), _) | (_, Err(error)) => {
                            Msg::Act(Action::Notify { text: error.to_string(), stays: true })
                        }
                    }
                });
            }
            Effect::ListProjects => self.list_projects(ctx),
            Effect::Export => self.export(ctx),
            Effect::Announce(text) => self.announce(&text),
            Effect::Focus(focus) => self.focus(ctx, focus),
            Effect::Reveal(span) => {
                if let Some(reader) = &self.reader {
                    reader.reveal(span);
                }
            }
            Effect::ShowCaret => {
                let pointing = self.pointing;
                if let (Some(reader), Some(article)) = (&mut self.reader, &self.state.article) {
                    reader.show_selection(article);
                    if !pointing {
                        reader.scroll_to(article.head);
                    }
                }
            }
            Effect::DropSelection => {
                if let Some(reader) = &self.reader {
                    reader.drop_selection();
                }
            }
            Effect::RememberSettings => {
                world::keep_settings(&self.state.settings);
                world::show_theme(self.state.settings.theme);
            }
        }
    }

    fn announce(&self, text: &str) {
        let Some(live) = self.refs.live.cast::<HtmlElement>() else { return };
        // The same words twice are read twice only if the text changes.
        let again = live.text_content().as_deref() == Some(text);
        live.set_text_content(Some(&if again { format!("{text}\u{a0}") } else { text.to_owned() }));
    }

    fn focus(&mut self, ctx: &Context<Self>, focus: Focus) {
        let id = match focus {
            Focus::Article => {
                // On a small screen a panel lies over the article.
                self.panel = None;
                if let Some(reader) = &self.reader {
                    reader.focus();
                }
                return;
            }
            Focus::Speaker => "inspector-speaker",
            Focus::Note => "inspector-note",
        };
        // At once, where the field stands: what is typed next belongs to it.
        if focus_field(id) {
            return;
        }
        self.panel = Some(Panel::Annotations);
        ctx.link().send_message(Msg::Focus(id));
    }

    // Opening.

    fn booted(&mut self, ctx: &Context<Self>, boot: Boot) {
        let Boot { store, annotator, annotator_name, deployment } = boot;
        self.state = EditorState::new(annotator, self.state.settings);
        self.state.annotator_name = annotator_name;
        let deployment = match deployment {
            Ok(deployment) => deployment,
            Err(why) => {
                let text = format!("The articles of this page could not be opened. {why}");
                self.act(ctx, Action::Notify { text, stays: true });
                None
            }
        };
        self.deployment = deployment.map(Rc::new);
        let deployment = self.deployment.clone();
        match store {
            Ok(store) => {
                self.store = Some(store.clone());
                let link = ctx.link().clone();
                self.later(ctx, async move {
                    let lost =
                        move || link.send_message(Msg::Act(Action::WriterChanged(Writer::Reading)));
                    match open_last(&store, deployment.as_deref(), lost).await {
                        Ok((opened, lock)) => Msg::Opened { opened: Box::new(opened), lock },
                        Err(error) => Msg::NotOpened { why: error.to_string() },
                    }
                });
            }
            Err(error) => {
                let text = format!(
                    "{error}. You can work, but nothing is kept: use Export before you leave."
                );
                self.act(ctx, Action::Notify { text, stays: true });
                let opened = Box::new(effects::new_project(self.deployment.as_deref()));
                ctx.link().send_message(Msg::Opened { opened, lock: None });
            }
        }
    }

    fn open_project(&mut self, ctx: &Context<Self>, id: ProjectId, steal: bool) {
        let Some(store) = self.store.clone() else { return };
        let link = ctx.link().clone();
        // One lock at a time: the old project is free for other tabs from here on.
        if !steal {
            self.lock = None;
        }
        self.later(ctx, async move {
            let lost = move || link.send_message(Msg::Act(Action::WriterChanged(Writer::Reading)));
            let (lock, writer) = effects::lock(&id, steal, lost).await;
            match effects::open_project(&store, &id, writer).await {
                Ok(Some(opened)) => Msg::Opened { opened: Box::new(opened), lock },
                Ok(None) => Msg::NotOpened { why: "It is not in this browser.".to_owned() },
                Err(error) => Msg::NotOpened { why: error.to_string() },
            }
        });
    }

    fn store_project(&mut self, ctx: &Context<Self>, project: crate::project::Project) {
        let id = project.meta().id.clone();
        let Some(store) = self.store.clone() else {
            let opened = Opened { project, ..effects::new_project(None) };
            ctx.link().send_message(Msg::Opened { opened: Box::new(opened), lock: None });
            return;
        };
        let mut new_id = world::new_id;
        let mut world = Ctx { now: world::now(), new_id: &mut new_id };
        let by = self.state.annotator.clone();
        let commit = Rc::new(crate::edit::first_commit(&project, by, &mut world));
        let link = ctx.link().clone();
        self.later(ctx, async move {
            let texts =
                project.articles().into_iter().filter_map(|it| project.text(&it.id).cloned());
            let texts: Vec<_> = texts.collect();
            let stored = async {
                store.put_texts(&texts).await?;
                store.write(&project, &[commit]).await?;
                let lost =
                    move || link.send_message(Msg::Act(Action::WriterChanged(Writer::Reading)));
                let (lock, writer) = effects::lock(&id, false, lost).await;
                Ok::<_, StoreError>((effects::open_project(&store, &id, writer).await?, lock))
            };
            match stored.await {
                Ok((Some(opened), lock)) => Msg::Opened { opened: Box::new(opened), lock },
                Ok((None, _)) => Msg::NotOpened { why: "It was not stored.".to_owned() },
                Err(error) => Msg::NotOpened { why: error.to_string() },
            }
        });
    }

    fn list_projects(&self, ctx: &Context<Self>) {
        let Some(store) = self.store.clone() else { return };
        self.later(ctx, async move {
            match store.projects().await {
                Ok(rows) => Msg::Act(Action::ProjectsListed(rows)),
                Err(error) => Msg::Act(Action::Notify { text: error.to_string(), stays: false }),
            }
        });
    }

    // Saving and leaving.

    /// Writes all that is not saved, in one go; what comes meanwhile is written after it.
    fn save(&mut self, ctx: &Context<Self>) {
        let (Some(store), Some(project)) = (self.store.clone(), self.state.project.clone()) else {
            return;
        };
        if self.writing {
            return;
        }
        self.writing = true;
        let (commits, texts) = (self.state.saving.commits.clone(), self.state.saving.texts.clone());
        let ask = !self.asked_to_persist && !commits.is_empty();
        self.asked_to_persist |= ask;
        self.later(ctx, async move {
            let written = async {
                if !texts.is_empty() {
                    store.put_texts(&texts).await?;
                }
                if let Some(last) = commits.last() {
                    store.write(&project, &commits).await?;
                    return Ok((last.seq, texts.len()));
                }
                Ok((0, texts.len()))
            };
            let written = written.await;
            if ask {
                // The browser may say no; a backup is then the safer place, and Export makes it.
                super::store::persist().await;
            }
            Msg::Written(written)
        });
    }

    fn written(&mut self, ctx: &Context<Self>, result: Result<(u64, usize), StoreError>) {
        self.writing = false;
        match result {
            Ok((seq, texts)) => self.act(ctx, Action::Saved { seq, texts }),
            Err(error) => self.act(ctx, Action::SaveFailed { why: error.to_string() }),
        }
    }

    fn export(&mut self, ctx: &Context<Self>) {
        let Some(project) = self.state.project.clone() else { return };
        let (store, worker) = (self.store.clone(), self.worker.clone());
        self.work(ctx, "Writing the file…".to_owned(), async move {
            let name = format!("{}.avow.json", effects::file_name(&project.meta().title));
            let file = effects::native_file(store.as_ref(), &worker, &project).await;
            Msg::Downloaded(file.and_then(|parts| {
                effects::download(&name, "application/json", &parts)
                    .map(|()| name)
                    .map_err(|error| world::message(&error))
            }))
        });
    }

    // The view: caret and scroll, no part of any project.

    fn remember_project(&self, ctx: &Context<Self>, id: ProjectId) {
        let Some(store) = self.store.clone() else { return };
        let key = last_project_key(self.deployment.as_deref());
        self.later(ctx, async move {
            // The next visit opens another project then; nothing is lost.
            let _ = store.remember_view(&key, &id).await;
            Msg::Nothing
        });
    }

    fn remember_soon(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let later = move || link.send_message(Msg::Remember);
        if self.remember.is_none() && self.view_to_remember() != self.remembered {
            self.remember = Some(gloo::timers::callback::Timeout::new(400, later));
        }
    }

    fn view_to_remember(&self) -> Option<(crate::annotation::ArticleId, ArticleView)> {
        let article = self.state.article.as_ref()?;
        let scroll = self.reader.as_ref()?.scroll_top();
        Some((article.id.clone(), ArticleView { caret: article.head.get(), scroll }))
    }

    fn remember_view(&mut self, ctx: &Context<Self>) {
        self.remember = None;
        let view = self.view_to_remember();
        let (Some(store), Some(project), Some((article, place))) =
            (self.store.clone(), &self.state.project, view.clone())
        else {
            return;
        };
        if self.remembered == view {
            return;
        }
        self.remembered = view;
        let project = project.meta().id.clone();
        self.later(ctx, async move {
            let open = ProjectView { article: Some(article.clone()) };
            // Only the place in the text is lost where these fail.
            let _ = store.remember_view(&effects::project_view_key(&project), &open).await;
            let key = effects::article_view_key(&project, &article);
            let _ = store.remember_view(&key, &place).await;
            Msg::Nothing
        });
    }

    // The pointer.

    fn pointer_up(&mut self, ctx: &Context<Self>) {
        if let Some((annotation, edge, to)) = self.reader.as_mut().and_then(Reader::let_go) {
            let Edge { span, start } = edge;
            self.act(ctx, Action::DragEdge { annotation, span, start, to });
        }
        if self.pointing {
            self.pointing = false;
            if let Some((anchor, head)) = self.reader.as_ref().and_then(|reader| reader.selection())
            {
                self.act(ctx, Action::Select { anchor, head });
                self.act(ctx, Action::SelectEnd);
                let left = self.reader.as_ref().and_then(|reader| reader.selection());
                self.selection_used = left.is_none();
            }
        }
        self.place_overlays();
    }

    fn clicked(&mut self, ctx: &Context<Self>, x: f64, y: f64) {
        let Some(reader) = &self.reader else { return };
        if self.selection_used || reader.selection().is_some() {
            return;
        }
        let under = reader.character_at_point(x, y);
        if let Some(pos) = under.or_else(|| reader.pos_at_point(x, y)) {
            self.act(ctx, Action::Click { pos, on_text: under.is_some() });
        }
    }

    /// Hears what no component hears: the window, the document, and the text that Yew does not make.
    fn listen(&mut self, ctx: &Context<Self>) {
        let link = ctx.link();
        let document = gloo::utils::document();
        let window = gloo::utils::window();
        let Some(text) = self.refs.text.cast::<HtmlElement>() else { return };
        let Some(handles) = self.refs.handles.cast::<HtmlElement>() else { return };
        let Some(scroller) = self.refs.scroller.cast::<HtmlElement>() else { return };
        let mut hear =
            |target: &web_sys::EventTarget, event: &'static str, act: Box<dyn Fn(&Event)>| {
                let active = EventListenerOptions::enable_prevent_default();
                let listener =
                    EventListener::new_with_options(target, event, active, move |event| act(event));
                self.listeners.push(listener);
            };
        let send = |msg: fn() -> Msg| {
            let link = link.clone();
            Box::new(move |_: &Event| link.send_message(msg())) as Box<dyn Fn(&Event)>
        };

        let (keys, article, to) = (self.keys.clone(), text.clone(), link.clone());
        hear(
            &document,
            "keydown",
            Box::new(move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                let msg = match act_of(event, &keys, Some(&article)) {
                    Some(KeyAct::Act(action)) => Msg::Act(action),
                    Some(KeyAct::Line(motion, extend)) => Msg::Line(motion, extend),
                    None => return,
                };
                event.prevent_default();
                to.send_message(msg);
            }),
        );
        hear(&document, "selectionchange", send(|| Msg::SelectionChanged));
        hear(&text, "pointerdown", send(|| Msg::PointerDown));
        hear(&window, "pointerup", send(|| Msg::PointerUp));
        hear(&window, "pointercancel", send(|| Msg::PointerUp));
        let to = link.clone();
        hear(
            &text,
            "click",
            Box::new(move |event| {
                if let Some(event) = event.dyn_ref::<MouseEvent>() {
                    to.send_message(Msg::Clicked(event.client_x().into(), event.client_y().into()));
                }
            }),
        );
        let to = link.clone();
        hear(
            &handles,
            "pointerdown",
            Box::new(move |event| {
                let handle = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let (Some(handle), Some(pointer)) = (handle, event.dyn_ref::<PointerEvent>())
                else {
                    return;
                };
                let span = handle.get_attribute("data-span").and_then(|span| span.parse().ok());
                let Some(span) = span else { return };
                let start = handle.get_attribute("data-edge").as_deref() == Some("start");
                event.prevent_default();
                // Without capture the handle still follows while the pointer is over the page.
                let _ = handle.set_pointer_capture(pointer.pointer_id());
                to.send_message(Msg::HandleDown { span, start });
            }),
        );
        let to = link.clone();
        hear(
            &handles,
            "pointermove",
            Box::new(move |event| {
                if let Some(event) =
                    event.dyn_ref::<PointerEvent>().filter(|event| event.buttons() != 0)
                {
                    to.send_message(Msg::PointerMoved(
                        event.client_x().into(),
                        event.client_y().into(),
                    ));
                }
            }),
        );
        hear(&window, "resize", send(|| Msg::Layout));
        hear(&scroller, "scroll", send(|| Msg::Remember));
        hear(&document, "visibilitychange", send(|| Msg::Remember));
        hear(&window, "pagehide", send(|| Msg::Remember));
        hear(&document, "dragover", Box::new(|event| event.prevent_default()));
        let to = link.clone();
        hear(
            &document,
            "drop",
            Box::new(move |event| {
                event.prevent_default();
                let data = event.dyn_ref::<DragEvent>().and_then(|event| event.data_transfer());
                if let Some(data) = data {
                    let files = files::dropped(&data);
                    let task: effects::Task<Msg> =
                        Box::pin(async move { Msg::Brought(files.await) });
                    to.send_future(task);
                }
            }),
        );
    }
}

/// Gives a field the focus; whether it has it.
fn focus_field(id: &str) -> bool {
    let document = gloo::utils::document();
    let Some(field) = document.get_element_by_id(id) else { return false };
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        // Whether it took the focus is asked below.
        let _ = field.focus();
    }
    document.active_element() == Some(field)
}

fn last_project_key(deployment: Option<&Deployment>) -> String {
    match deployment {
        Some(deployment) => format!("last-project/{}", deployment.project.id),
        None => "last-project".to_owned(),
    }
}

/// The project that was open last; else the deployment's; else a new one.
async fn open_last(
    store: &Store,
    deployment: Option<&Deployment>,
    lost: impl Fn() + Clone + 'static,
) -> Result<(Opened, Option<Lock>), StoreError> {
    let last: Option<ProjectId> = store.view(&last_project_key(deployment)).await?;
    let own = deployment.map(|deployment| deployment.project.id.clone());
    let new = effects::new_project(deployment);
    let mut held = None;
    for id in last.into_iter().chain(own) {
        let (lock, writer) = effects::lock(&id, false, lost.clone()).await;
        if let Some(opened) = effects::open_project(store, &id, writer).await? {
            return Ok((opened, lock));
        }
        // The lock of a project that is to be made is kept: given up, it would not be free at once.
        held = (id == new.project.meta().id).then_some((lock, writer));
    }
    let (lock, writer) = match held {
        Some(held) => held,
        None => effects::lock(&new.project.meta().id, false, lost).await,
    };
    Ok((Opened { writer, ..new }, lock))
}

/// Watches which paragraphs are within a screen of the window.
fn observe(ctx: &Context<App>, scroller: &NodeRef, paragraphs: &[Element]) -> Option<Observer> {
    let link = ctx.link().clone();
    let callback = Closure::new(move |entries: Vec<IntersectionObserverEntry>| {
        let changes = entries.iter().filter_map(|entry| {
            let paragraph = entry.target().get_attribute("data-paragraph")?.parse().ok()?;
            Some((paragraph, entry.is_intersecting()))
        });
        link.send_message(Msg::Visible(changes.collect()));
    });
    let options = IntersectionObserverInit::new();
    options.set_root(scroller.cast::<Element>().as_ref());
    options.set_root_margin("100% 0px");
    let function = callback.as_ref().unchecked_ref();
    let observer = IntersectionObserver::new_with_options(function, &options).ok()?;
    paragraphs.iter().for_each(|paragraph| observer.observe(paragraph));
    Some(Observer { observer, _callback: callback })
}

fn mode_name(mode: &Mode) -> &'static str {
    match mode {
        Mode::Mark => "mark",
        Mode::AddSpan { .. } => "add-span",
        Mode::PickSpan { .. } => "pick-span",
        Mode::Edge { .. } => "edge",
    }
}

fn mode_hint(mode: &Mode, dispatch: &Callback<Action>) -> Html {
    let text = match mode {
        Mode::Mark => return html! {},
        Mode::AddSpan { .. } => "Select the text to add.",
        Mode::PickSpan { .. } => "Select the text to pick.",
        Mode::Edge { .. } => "Arrow keys move the edge. Tab: other edge.",
    };
    let end = dispatch.reform(|_: MouseEvent| Action::Escape);
    html! {
        <div class="mode-hint">
            <span>{ text }</span>
            <button type="button" class="button button-quiet" onclick={end}>{ "Done" }<kbd>{ "Esc" }</kbd></button>
        </div>
    }
}

fn empty_state(opening: bool, empty: bool) -> Html {
    if opening {
        return html! { <p class="empty" role="status">{ "Opening…" }</p> };
    }
    if !empty {
        return html! { <p class="empty">{ "Choose an article from the list." }</p> };
    }
    html! {
        <div class="empty">
            <h2>{ "No articles yet" }</h2>
            <p>{ "Drop text files, saved web pages or a folder here, open files from the list of articles, or paste a text." }</p>
            <p class="faint">{ "Everything stays in this browser." }</p>
        </div>
    }
}
