//! The root: turns events into actions, steps the editor once for each, and runs what it asks for.

mod act;
mod beside;
mod focus;
mod keep;
mod listen;
mod open;
mod time;
mod work;

pub use work::{Work, work};

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, Event, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, ResizeObserver,
};
use yew::prelude::*;

use super::components::{
    ArticleHeadProps, ArticleListProps, HeaderProps, NoticeListProps, Panel, article_head,
    article_list, header, memo, notice_list,
};
use super::dataset::Underway;
use super::dom::{Places, Reader};
use super::effects::{self, ArticleView, Boot, Carried, ProjectView};
use super::files::{Brought, Dropped};
use super::keys::{KeyContext, Ours, is_ours, leaves_field, may_act};
use super::lock::Lock;
use super::parts;
use super::shared::Shared;
use super::tabs::{News, Tabs};
use super::window::{List, Window};
use super::worker::Worker;
use super::world;
use crate::editor::{
    Action, Dialog, Edge, EditorState, Effect, Mode, Opened, Side, Writer, step_reading,
};
use crate::format::Problem;
use crate::format::deployment::Deployment;
use crate::format::native::Layout;
use crate::project::ProjectId;
use crate::store::{Store, StoreError};
use crate::text::Pos;

/// How long a message that does not stay is shown, in milliseconds.
const NOTICE_SHOWN: u32 = 8_000;

/// After how long a fetch or a job says that it is under way, in milliseconds.
const SLOW: u32 = 300;

/// How many screens around the one that is shown have their marks.
const AROUND: i32 = 1;

/// The whole page.
pub struct App {
    state: EditorState,
    dispatch: Callback<Action>,
    show_panel: Callback<Option<Panel>>,
    bring: Callback<Vec<Brought>>,
    store: Option<Store>,
    worker: Worker,
    lock: Option<Lock>,
    tabs: Option<Tabs>,
    deployment: Option<Rc<Deployment>>,
    /// The project that this address carries, even where that could not be fetched.
    home: Option<ProjectId>,
    reader: Option<Reader>,
    keys: Rc<KeyContext>,
    listeners: Vec<EventListener>,
    refs: Refs,
    /// A write is under way.
    writing: bool,
    /// What happened before the second part of the page was there.
    waiting: Vec<Msg>,
    /// Work that waited is not done yet, and so not saved, even where it waits no more.
    behind: bool,
    /// The second part was asked for, though nothing waits for it.
    fetches_ahead: bool,
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
    /// How many writes of commits have succeeded.
    writes: u32,
    /// How long to wait before what could not be saved is tried again, in milliseconds.
    retry_in: u32,
    /// Checks more of a long article when the page is free.
    check_more: Option<gloo::timers::callback::Timeout>,
    /// When more of the open text is laid out.
    lay_out: Option<gloo::timers::callback::Timeout>,
    /// Writes the next copy when it has its time.
    next_copy: Option<gloo::timers::callback::Timeout>,
    /// What had the focus before the dialog.
    focus_before: Option<Element>,
    /// How many dialogs came so far.
    dialogs: u32,
    /// The picked annotation that the last rendering showed.
    shown_pick: Option<crate::annotation::AnnotationId>,
    /// The search over all articles that goes on, by its run.
    search: Rc<std::cell::Cell<u32>>,
    /// The counting of what speakers say that goes on, by its run.
    counting: Rc<std::cell::Cell<u32>>,
    /// What is being done for a dataset.
    dataset: Rc<Underway>,
    /// The rule of the guidelines that was scrolled to.
    shown_rule: Option<u32>,
    /// The field that is to have the focus and does not stand yet.
    awaited: Option<focus::Awaited>,
    /// What stands before and after the article, as it was last drawn.
    beside: [Html; 2],
    /// An act may have changed that: it is drawn anew after the frame that shows the act in the text.
    beside_waits: bool,
    /// All else that is not in the text is drawn with it.
    page_waits: bool,
    /// What the page was of when it was last rendered.
    scene: Option<Scene>,
    /// What is answered is a key.
    by_key: bool,
    /// An act has left the caret and the bar for then, too.
    overlays_wait: Cell<bool>,
    /// What a screen reader is to be told, once all is drawn.
    said: Option<String>,
    /// Notices before this one have their timers.
    notices_timed: u32,
    /// What the annotator does is heard, to count the time.
    hears_work: Cell<bool>,
    articles: List,
    /// The annotations of the open article.
    marks: List,
    /// The article that a long list was last scrolled to.
    shown_article: Option<crate::annotation::ArticleId>,
    /// The annotation that a long list was last scrolled to.
    shown_mark: Option<crate::annotation::AnnotationId>,
}

/// What the page is of: while that stays, all but the text can be drawn a frame later.
#[derive(PartialEq, Eq)]
pub struct Scene {
    article: Option<crate::annotation::ArticleId>,
    past: bool,
    dialog: bool,
}

#[derive(Default)]
struct Refs {
    status: NodeRef,
    scroller: NodeRef,
    page: NodeRef,
    text: NodeRef,
    caret: NodeRef,
    marks: NodeRef,
    bar: NodeRef,
    handles: NodeRef,
    arcs: NodeRef,
    signs: NodeRef,
    live: NodeRef,
    dialog: NodeRef,
}

/// A file that was given to the person.
pub struct Downloaded {
    name: String,
    /// It has all commits up to this one.
    seq: u64,
    /// Sentences on what is not in it.
    missing: Vec<String>,
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
    /// A key was pressed that may be one of ours.
    Key(KeyboardEvent),
    /// Something is about to happen in the text.
    Focused,
    SelectionChanged,
    PointerDown,
    PointerUp {
        /// Alt was down: what was selected names the speaker.
        alt: bool,
    },
    HandleDown {
        span: usize,
        start: bool,
    },
    PointerMoved(f64, f64),
    Clicked(f64, f64, bool),
    /// The sign of a line in the margin was clicked.
    SignClicked(i32),
    /// The window has another size, or the text has.
    Layout,
    /// More of the open text is to be laid out.
    LayOutMore,
    /// The page is about to be printed, or was.
    Print {
        begins: bool,
    },
    /// A list was scrolled.
    Scrolled,
    /// The text was.
    TextScrolled,
    /// The frame after an act was shown.
    Beside,
    /// The view is to be remembered.
    Remember,
    Dropped(Vec<Dropped>),
    Brought(Vec<Brought>, Vec<Problem>),
    Panel(Option<Panel>),
    /// A file was made, of this name.
    Downloaded(Result<Downloaded, String>),
    /// What the page carries was fetched once more.
    Fetched(Carried),
    /// A field that is to have the focus may have come.
    Await,
    /// `www/offline.js` tells of another build of the page.
    Told(Event),
    /// What was asked for before the second part was there.
    Run(Box<Effect>),
    /// What holds for one project only.
    Of(ProjectId, Action),
    /// Another tab says something of a project.
    News(ProjectId, News),
    /// What could not be saved is tried again.
    SaveAgain,
    /// The second part of the page was fetched, or could not be.
    Work(Result<Work, parts::Missing>),
    /// The second part did not come, for which nothing waited when it was asked for.
    NotAhead,
    /// Something was done that needs no answer.
    Nothing,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let gave_way = ctx.link().callback(|()| {
            let text = "Another tab has opened a newer version of this page, or the storage was \
                        deleted. Nothing is saved here any more: reload this page.";
            Msg::Act(Action::Notify { text: text.to_owned(), stays: true })
        });
        let boot: effects::Task<Msg> = Box::pin(async move {
            Msg::Booted(Box::new(effects::boot(Rc::new(move || gave_way.emit(()))).await))
        });
        ctx.link().send_future(boot);
        let settings = world::settings();
        world::show_theme(settings.theme);
        let keys = Rc::new(KeyContext::default());
        keys.letters.set(settings.letters);
        keys.own.replace(settings.keys.clone());
        let (leaving, link) = (keys.clone(), ctx.link().clone());
        let dispatch = Callback::from(move |action: Action| {
            if leaves_field(&action) {
                leaving.leaving.set(leaving.leaving.get() + 1);
            }
            if let Action::ChangeKey(wanted) = &action {
                leaving.changing.set(wanted.is_some());
            }
            link.send_message(Msg::Act(action));
        });
        let mut app = App {
            state: EditorState::new("".into(), settings),
            dispatch,
            show_panel: ctx.link().callback(Msg::Panel),
            bring: ctx.link().callback(|files| Msg::Brought(files, Vec::new())),
            store: None,
            worker: Worker::default(),
            lock: None,
            tabs: Tabs::join(ctx.link().callback(|(id, news)| Msg::News(id, news))),
            deployment: None,
            home: None,
            reader: None,
            keys,
            listeners: Vec::new(),
            refs: Refs::default(),
            writing: false,
            waiting: Vec::new(),
            behind: false,
            fetches_ahead: false,
            then: None,
            pointing: false,
            selection_used: false,
            panel: None,
            remembered: None,
            remember: None,
            writes: 0,
            retry_in: keep::FIRST_RETRY,
            check_more: None,
            lay_out: None,
            next_copy: None,
            focus_before: None,
            dialogs: 0,
            shown_pick: None,
            search: Rc::default(),
            counting: Rc::default(),
            dataset: Rc::default(),
            shown_rule: None,
            awaited: None,
            beside: Default::default(),
            beside_waits: false,
            page_waits: false,
            scene: None,
            by_key: false,
            overlays_wait: Cell::new(false),
            said: None,
            notices_timed: 0,
            hears_work: Cell::new(false),
            articles: List::default(),
            marks: List::default(),
            shown_article: None,
            shown_mark: None,
        };
        app.draw_beside();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let acts = matches!(
            msg,
            Msg::Act(_)
                | Msg::Key(_)
                | Msg::Clicked(..)
                | Msg::PointerUp { .. }
                | Msg::SignClicked(_)
                | Msg::Written(_)
        );
        self.by_key = matches!(msg, Msg::Key(_));
        let renders = self.answer(ctx, msg);
        match parts::loaded() {
            // What is typed next is for a field that stands there.
            Some(work) if renders && acts && self.awaited.is_none() => {
                return (work.render_later)(self, ctx);
            }
            _ if renders => self.draw_beside(),
            _ => {}
        }
        self.say();
        renders
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let state = &self.state;
        let dispatch = self.dispatch.clone();
        let project = state.project.clone().map(Shared);
        let article = state.article.clone().map(Shared);
        let [articles, annotations] = &self.beside;
        let panel = match self.panel {
            Some(Panel::Articles) => "articles",
            Some(Panel::Annotations) => "annotations",
            None => "none",
        };
        let empty = project.as_ref().is_some_and(|project| project.listed_count() == 0)
            && state.loading.is_none();
        let work = parts::loaded();
        let side = match state.side {
            Side::Search | Side::Guidelines { .. } if state.past.is_none() => "other",
            _ => "annotations",
        };
        html! {
            <div class="app" data-panel={panel} data-picked={state.picked().is_some().to_string()} data-hint={hint_of(state)} data-side={side}>
                // Not as a component of its own: Yew may let the browser paint between a parent and
                // its children, and an act must never be seen beside an older “Saved”.
                { header(&HeaderProps {
                    project: project.clone(),
                    writer: state.writer,
                    saved: state.saving.is_saved() && !self.behind,
                    failed: state.saving.failed.as_ref().map(|why| AttrValue::from(why.to_string())),
                    settings: state.settings.clone(),
                    whole: work.is_some(),
                    status: self.refs.status.clone(),
                    panel: self.panel,
                    show_panel: self.show_panel.clone(),
                    dispatch: dispatch.clone(),
                }) }
                <div class="columns">
                    { articles.clone() }
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
                        <div class="page" ref={&self.refs.page} data-empty={article.is_none().to_string()}>
                            // The list says the same to those who do not see it.
                            <svg class="marks" ref={&self.refs.marks} viewBox="0 0 4 4" aria-hidden="true" />
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
                            <div class="overlays">
                                <div class="caret" ref={&self.refs.caret} hidden=true />
                                <svg class="arcs" ref={&self.refs.arcs} aria-hidden="true" />
                                // For the pointer only: the list says the same to everybody.
                                <div class="signs" ref={&self.refs.signs} aria-hidden="true" />
                                <div class="handles" ref={&self.refs.handles} />
                                <div class="bar" ref={&self.refs.bar} hidden=true>
                                    if let Some(work) = &work { { (work.bar)(self) } }
                                </div>
                            </div>
                        </div>
                        if state.article.is_none() {
                            { empty_state(project.is_none() || state.loading.is_some(), empty) }
                        }
                        <div class="hint-place">
                            if let Some(work) = &work { { (work.hint)(self) } }
                        </div>
                    </main>
                    { annotations.clone() }
                </div>
                if state.dialog.is_none() {
                    { memo(NoticeListProps {
                        notices: Shared(state.notices.clone()),
                        dispatch: dispatch.clone(),
                    }, notice_list) }
                }
                if let Some(work) = &work { { (work.dialog)(self) } }
                <div class="visually-hidden" aria-live="polite" ref={&self.refs.live} />
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.reader = self.places().map(|places| Reader::new(gloo::utils::document(), places));
            self.listen(ctx);
        }
        if !self.beside_waits {
            self.show_open_row();
        }
        if let Some(work) = parts::loaded() {
            (work.rendered)(self, ctx);
        } else if self.state.project.is_some() && self.state.loading.is_none() {
            self.fetch_ahead(ctx);
        }
    }
}

impl App {
    /// Does what a message asks for; whether the page is to be rendered anew.
    fn answer(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Booted(boot) => self.booted(ctx, *boot),
            Msg::Opened { opened, lock } => {
                self.lock = lock;
                // Another project may have articles of the same names.
                self.shown_article = None;
                let project = opened.project.meta().id.clone();
                self.act(ctx, Action::ProjectOpened(opened));
                self.remember_project(ctx, project);
                if let Some(work) = parts::loaded() {
                    (work.begin)(self, ctx);
                }
                if let Some(deployment) = self.deployment.clone() {
                    self.act(ctx, Action::DeploymentFetched(Box::new((*deployment).clone())));
                }
                if let Some(then) = self.then.take() {
                    self.act(ctx, then);
                }
            }
            Msg::NotOpened { why } => {
                let text = format!("The project could not be opened. {why}");
                self.act(ctx, Action::Notify { text, stays: true });
            }
            // It is no movement: what moves by lines keeps its place in the line.
            Msg::Act(action @ Action::Active { .. }) => self.act_keeping_goal(ctx, action),
            Msg::Act(action) => {
                if leaves_field(&action) {
                    self.keys.leaving.set(self.keys.leaving.get().saturating_sub(1));
                }
                self.act(ctx, action);
            }
            Msg::Acts(actions) => actions.into_iter().for_each(|action| self.act(ctx, action)),
            Msg::Work(work) => self.work_came(ctx, work),
            // What waits for it by now hears of another try.
            Msg::NotAhead if !self.waiting.is_empty() => return false,
            Msg::NotAhead => self.work_came(ctx, Err(parts::Missing)),
            Msg::TextScrolled => {
                self.look();
                return false;
            }
            Msg::Layout => {
                if let Some(reader) = &mut self.reader {
                    reader.laid_out();
                }
                self.come_near();
                self.measure_rest();
                self.paint();
                self.draw_rest();
                return self.articles.move_window() | self.marks.move_window();
            }
            Msg::LayOutMore => {
                self.lay_out = None;
                // First: what is laid out after it is laid out with the next frame.
                self.look();
                if self.reader.as_ref().is_some_and(Reader::lay_out_more) {
                    self.lay_out_soon(ctx);
                }
                return false;
            }
            Msg::Scrolled => return self.articles.move_window() | self.marks.move_window(),
            Msg::Panel(panel) => self.panel = panel,
            Msg::Beside => return self.beside_waits,
            Msg::News(id, news) => {
                let action = match news {
                    News::Wrote(seq) => Action::OthersWrote { seq },
                    News::HandOver => Action::HandOver,
                };
                self.act_in(ctx, &id, action);
            }
            Msg::Of(id, action) => self.act_in(ctx, &id, action),
            Msg::Nothing => return false,
            Msg::SelectionChanged => {
                if let Some((anchor, head)) = self.new_selection() {
                    self.act(ctx, Action::Select { anchor, head });
                }
                return false;
            }
            pointed @ (Msg::PointerDown | Msg::PointerUp { .. } | Msg::Clicked(..))
                if parts::loaded().is_none() =>
            {
                return self.pointed(ctx, &pointed);
            }
            Msg::Remember => {
                self.remember_view(ctx);
                return false;
            }
            act => return self.with_work(ctx, act),
        }
        true
    }

    /// Draws anew what stands beside the article, for the rendering that follows.
    fn draw_beside(&mut self) {
        self.beside_waits = false;
        self.page_waits = false;
        self.measure_rest();
        self.draw_rest();
        let state = &self.state;
        let articles = ArticleListProps {
            project: state.project.clone().map(Shared),
            annotator: state.annotator.clone(),
            open: state.loading.clone().or(state.article.as_ref().map(|it| it.id.clone())),
            writer: state.writer,
            window: self.articles.window,
            list: self.articles.node.clone(),
            bring: self.bring.clone(),
            show_panel: self.show_panel.clone(),
            dispatch: self.dispatch.clone(),
        };
        let annotations = match parts::loaded() {
            Some(work) => (work.annotations)(self),
            None => {
                html! { <aside class="panel annotations" aria-label="Annotations" aria-busy="true" /> }
            }
        };
        self.beside = [memo(articles, article_list), annotations];
    }

    fn places(&self) -> Option<Places> {
        Some(Places {
            scroller: self.refs.scroller.cast()?,
            page: self.refs.page.cast()?,
            text: self.refs.text.cast()?,
            caret: self.refs.caret.cast()?,
            marks: self.refs.marks.cast()?,
            bar: self.refs.bar.cast()?,
            handles: self.refs.handles.cast()?,
            arcs: self.refs.arcs.cast()?,
            signs: self.refs.signs.cast()?,
        })
    }

    /// Shows the open article in a list of many, once.
    fn show_open_row(&mut self) {
        let Some(project) = &self.state.project else { return };
        let length = project.listed_count();
        self.articles.begin_if_gone();
        let id = self.state.article.as_deref().map(|open| &open.id);
        let id = id.filter(|_| Window::is_of(length));
        if id.is_some() && id != self.shown_article.as_ref() {
            let at = id.and_then(|id| project.position(id));
            let shown = at.is_some_and(|at| self.articles.show(at));
            self.shown_article = id.filter(|_| shown).cloned();
        }
    }

    /// What is selected in the text, if it is not what the state has.
    fn new_selection(&self) -> Option<(Pos, Pos)> {
        let known = self.state.article.as_ref().map(|article| (article.anchor, article.head));
        self.reader.as_ref()?.selection().filter(|selection| Some(*selection) != known)
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
}

/// Sends a message once a page that works through many things was free for a while.
fn when_free(ctx: &Context<App>, msg: fn() -> Msg) -> gloo::timers::callback::Timeout {
    const MILLISECONDS: u32 = 30;
    let link = ctx.link().clone();
    gloo::timers::callback::Timeout::new(MILLISECONDS, move || link.send_message(msg()))
}

/// What stands over the end of the text, for the styles.
fn hint_of(state: &EditorState) -> &'static str {
    let marks = state.article.as_ref().is_none_or(|open| matches!(open.mode, Mode::Mark));
    if state.past.is_some() {
        "past"
    } else if state.relating.is_some() || state.held_label.is_some() || !marks {
        "mode"
    } else {
        "none"
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
