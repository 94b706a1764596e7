//! The second part of the page: what only acts need. See [`parts`].

use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlTextAreaElement, MouseEvent};

use super::*;
use crate::annotation::ReadingPlace;
use crate::edit::Commit;
use crate::editor::find::find;
use crate::editor::{Ctx, Dialog, Focus, Progress, Side, step};
use crate::web::components::{
    BarProps, DialogProps, GuidelinesProps, HistoryProps, SearchProps, SettingsProps, SideProps,
    dialog, guidelines_view, key_hint, looking, search_view, selection_bar, settings, side,
};
use crate::web::import::{Import, clean};
use crate::web::keys::{KeyAct, Ours, act_of, is_field, target_of};
use crate::web::store::{Upgrade, upgrade};
use crate::web::{build, dataset, files};

/// How often a field that is to have the focus is looked for, in milliseconds, and how many times.
const AGAIN: u32 = 20;
const TIMES: u32 = 150;

/// A field that is to have the focus and does not stand yet. The page is said to be rendered before
/// its parts are, so that it is looked for until it comes.
pub(super) struct Awaited {
    id: &'static str,
    times: u32,
    _again: gloo::timers::callback::Interval,
}

/// What [`step`] is.
type StepFn = fn(&EditorState, Action, &mut dyn Ctx) -> (EditorState, Vec<Effect>);

/// What the first part calls in the second.
#[derive(Clone, Copy)]
pub struct Work {
    /// [`step`].
    pub step: StepFn,
    /// Whether a key is one of ours.
    pub is_ours: fn(&KeyboardEvent, &KeyContext, &HtmlElement) -> Ours,
    /// Called when the second part has come, and for each project that is opened after it.
    pub begin: fn(&App, &Context<App>),
    /// What a message leads to; whether the page is to be rendered anew.
    pub update: fn(&mut App, &Context<App>, Msg) -> bool,
    /// Runs what an act asks for.
    pub run: fn(&mut App, &Context<App>, Effect),
    /// Called when the page was rendered.
    pub rendered: fn(&mut App, &Context<App>),
    /// Puts caret, bar and handles where they belong.
    pub place_overlays: fn(&App),
    /// The bar at the selection.
    pub bar: fn(&App) -> Html,
    /// What the selection is for, if it is not to be marked.
    pub hint: fn(&App) -> Html,
    /// What stands after the article: mostly its annotations.
    pub annotations: fn(&App) -> Html,
    /// Draws what stands beside the article once the next frame is shown.
    pub beside_later: fn(&mut App, &Context<App>),
    /// The dialog that is open.
    pub dialog: fn(&App) -> Html,
    /// Called when a dialog came or went.
    pub dialog_turned: fn(&mut App),
    /// The settings.
    pub settings: fn(SettingsProps) -> Html,
    /// Brings what an older version stored to this one.
    pub upgrade: Upgrade,
}

/// The second part. Named only behind the door between the two, see `parts::load`.
pub fn work() -> Work {
    Work {
        step,
        is_ours: |event, keys, article| {
            if keys.is_new_key(event) {
                return Ours::Waits;
            }
            match act_of(event, target_of(event).as_ref(), keys, article) {
                None => Ours::No,
                Some(KeyAct::Held) => Ours::Waits,
                Some(_) => Ours::Acts,
            }
        },
        begin: App::begin_work,
        update: App::update_act,
        run: App::run_act,
        rendered: App::work_rendered,
        place_overlays: App::place_all_overlays,
        bar: App::bar,
        hint: App::hint,
        annotations: App::annotations,
        beside_later: App::beside_later,
        dialog: App::dialog,
        dialog_turned: App::dialog_turned,
        settings: |props| memo(props, settings),
        upgrade,
    }
}

impl App {
    fn begin_work(&self, ctx: &Context<Self>) {
        self.place_overlays();
        self.find_copies(ctx);
        self.hear_work(ctx);
        let (Some(store), Some(project)) = (self.store.clone(), &self.state.project) else {
            return;
        };
        let id = project.meta().id.clone();
        let writes = self.lock.is_some();
        self.later(ctx, async move {
            // What is left then is no project, and only takes room.
            let _ = clean(&store, Some(&id).filter(|_| writes)).await;
            // Only the order of the list is lost where this fails.
            let _ = store.touch(&id, world::now()).await;
            Msg::Act(open::projects(&store).await)
        });
    }

    fn update_act(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Written(result) => self.written(ctx, result),
            Msg::SaveAgain => self.save_again(ctx),
            Msg::Focused => return false,
            Msg::Key(event) => return self.key(ctx, event),
            Msg::Run(effect) => self.run(ctx, *effect),
            Msg::Print { begins } => {
                if let (Some(reader), Some(project), Some(article)) =
                    (&self.reader, self.state.shown(), &self.state.article)
                {
                    reader.print(project, article, begins);
                }
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
            Msg::PointerUp { alt } => self.pointer_up(ctx, alt),
            Msg::Clicked(x, y, alt) => self.clicked(ctx, x, y, alt),
            Msg::SignClicked(y) => {
                let picked = self.state.picked().map(|it| &it.id);
                if let Some(next) = self.reader.as_ref().and_then(|it| it.at_sign(y, picked)) {
                    self.act(ctx, Action::Pick(next));
                }
            }
            Msg::Dropped(dropped) => {
                self.later(ctx, async {
                    let (files, problems) = files::files_in(dropped).await;
                    Msg::Brought(files, problems)
                });
                return false;
            }
            Msg::Brought(files, problems) => {
                if !files.is_empty() || !problems.is_empty() {
                    let what = match files.len() {
                        1 => "Reading the file…".to_owned(),
                        n => format!("Reading {n} files…"),
                    };
                    let (store, worker) = (self.store.clone(), self.worker.clone());
                    let me = self.state.annotator.clone();
                    let import = store.clone().map(|store| Import {
                        store,
                        worker: worker.clone(),
                        open: self.state.project.as_ref().map(|open| open.meta().id.clone()),
                        by: me.clone(),
                        progress: self.progress(&what),
                    });
                    self.job(ctx, what, async move {
                        let read = files::read(files, problems, me, worker, import).await;
                        let mut acts = Vec::new();
                        if let Some(store) = store {
                            // Whether a file's project is here already is looked up in the list.
                            acts.push(open::projects(&store).await);
                        }
                        acts.extend(read);
                        Msg::Acts(acts)
                    });
                }
                return false;
            }
            Msg::Fetched(carried) => self.fetched(ctx, carried),
            Msg::Await => {
                self.focus_awaited(ctx);
                if let Some(awaited) = &mut self.awaited {
                    awaited.times += 1;
                    if awaited.times == TIMES {
                        self.awaited = None;
                        self.keys.held.replace(None);
                    }
                }
                return false;
            }
            Msg::Told(event) => {
                if let Some(tidings) = build::tidings(&event) {
                    self.act(ctx, Action::Told(tidings));
                }
            }
            Msg::Downloaded(result) => {
                let (text, stays) = match result {
                    Ok(Downloaded { name, seq, missing }) => {
                        self.act(ctx, Action::Copied { seq });
                        let text = format!("{name} was downloaded.");
                        let sentences = missing.iter().map(|why| format!(" {why}."));
                        (text + &sentences.collect::<String>(), !missing.is_empty())
                    }
                    Err(why) => (format!("The file could not be written: {why}"), true),
                };
                self.act(ctx, Action::Notify { text, stays });
            }
            // The first part has answered the others.
            _ => return false,
        }
        true
    }

    fn key_later(&self, ctx: &Context<Self>, event: KeyboardEvent) {
        self.keys.pending.set(self.keys.pending.get() + 1);
        ctx.link().send_message(Msg::Key(event));
    }

    /// Does what a key asks for, now that those before it have been done; whether it did anything.
    fn key(&mut self, ctx: &Context<Self>, event: KeyboardEvent) -> bool {
        self.keys.pending.set(self.keys.pending.get().saturating_sub(1));
        let (target, active) = (target_of(&event), gloo::utils::document().active_element());
        // The focus went to a field between the key and now, or stayed in one that it might have left:
        // it is the field's. There, only what was held back comes here without a modifier.
        let typed = target != active || !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if let Some(field) = active.clone().filter(|it| typed && is_field(it)) {
            self.type_for(ctx, &field, vec![event]);
            return false;
        }
        let Some(article) = self.refs.text.cast::<HtmlElement>() else { return false };
        // A field that has lost the focus has lost the key with it.
        let target = target.filter(|it| !is_field(it)).or(active);
        match act_of(&event, target.as_ref(), &self.keys, &article) {
            Some(KeyAct::Act(action)) => self.act(ctx, action),
            Some(KeyAct::Line(motion, extend)) => {
                let pos = match (&mut self.reader, &self.state.article) {
                    (Some(reader), Some(article)) => reader.line_motion(article, motion),
                    _ => None,
                };
                if let Some(pos) = pos {
                    self.act_keeping_goal(ctx, Action::Place { pos, extend });
                }
            }
            Some(KeyAct::Held) => {
                match self.keys.held.borrow_mut().as_mut() {
                    Some(held) => held.push(event),
                    // Once what may move the focus has been done.
                    None => self.key_later(ctx, event),
                }
                return false;
            }
            None => return false,
        }
        true
    }

    fn run_act(&mut self, ctx: &Context<Self>, effect: Effect) {
        let project = self.state.project.as_ref().map(|project| project.meta().id.clone());
        match effect {
            Effect::Save => self.save(ctx),
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
            Effect::LoadHistory { article, before } => {
                let (Some(project), Some(store)) = (project, self.store.clone()) else { return };
                self.later(ctx, async move {
                    let limit = effects::COMMITS as usize;
                    match store.article_commits(&project, &article, before, limit + 1).await {
                        Ok(mut commits) => {
                            let more = commits.len() > limit;
                            commits.truncate(limit);
                            Msg::Act(Action::HistoryRead { article, before, commits, more })
                        }
                        Err(error) => Msg::Act(Action::Notify {
                            text: format!("The history could not be read: {error}"),
                            stays: false,
                        }),
                    }
                });
            }
            Effect::LoadNewer { after } => {
                let (Some(project), Some(store)) = (project, self.store.clone()) else { return };
                self.later(ctx, async move {
                    let mut newer: Vec<std::sync::Arc<Commit>> = Vec::new();
                    loop {
                        let after = newer.last().map_or(after, |last| last.seq);
                        match store.commits_after(&project, after, effects::COMMITS).await {
                            Ok(commits) if commits.is_empty() => break,
                            Ok(commits) => newer.extend(commits),
                            Err(error) => {
                                let text =
                                    format!("What another tab wrote could not be read: {error}");
                                return Msg::Act(Action::Notify { text, stays: false });
                            }
                        }
                    }
                    Msg::Act(Action::NewerCommits(newer))
                });
            }
            Effect::GiveUpLock => self.lock = None,
            Effect::Merge(asked) => {
                let worker = self.worker.clone();
                let what = match asked.decided {
                    false => "Comparing the file…",
                    true => "Merging the file…",
                };
                self.job(ctx, what.to_owned(), async move {
                    Msg::Act(effects::merge(worker, asked).await)
                });
            }
            Effect::Compare(asked) => {
                let worker = self.worker.clone();
                self.job(ctx, "Comparing the texts…".to_owned(), async move {
                    Msg::Act(effects::compare(worker, asked).await)
                });
            }
            Effect::ReadMarkdown(source) => {
                let worker = self.worker.clone();
                self.job(ctx, "Reading the guidelines…".to_owned(), async move {
                    Msg::Act(effects::read_markdown(worker, source).await)
                });
            }
            Effect::Search { query, articles, run } => {
                let (Some(store), Some(open)) = (self.store.clone(), self.state.project.clone())
                else {
                    let why = "Nothing is stored here that could be searched".to_owned();
                    return self.act(ctx, Action::SearchFailed { run, why });
                };
                let (worker, dispatch) = (self.worker.clone(), self.dispatch.clone());
                self.search.set(run);
                let asked = effects::Searching { query, articles, run, now: self.search.clone() };
                let task = effects::search(worker, store, open, asked, dispatch);
                self.later(ctx, async move {
                    task.await;
                    Msg::Nothing
                });
            }
            Effect::StopSearch => self.search.set(0),
            Effect::ReadScheme { file, text } => {
                let worker = self.worker.clone();
                self.job(ctx, "Reading the scheme…".to_owned(), async move {
                    Msg::Act(effects::read_scheme(worker, file, text).await)
                });
            }
            Effect::ExportScheme => {
                let Some(project) = self.state.project.clone() else { return };
                let worker = self.worker.clone();
                self.job(ctx, "Writing the scheme…".to_owned(), async move {
                    Msg::Act(effects::export_scheme(worker, &project).await)
                });
            }
            Effect::Dataset { wanted, give, run } => {
                let Some(project) = self.state.project.clone() else { return };
                let (store, worker) = (self.store.clone(), self.worker.clone());
                let (now, dispatch) = (self.dataset.clone(), self.dispatch.clone());
                let asked =
                    dataset::Asked { store, worker, project, wanted, give, run, now, dispatch };
                self.later(ctx, async move { Msg::Act(dataset::dataset(asked, SLOW).await) });
            }
            Effect::StopDataset => self.dataset.stop(&self.worker),
            Effect::ChooseDatasetFolder => self.later(ctx, async {
                dataset::choose_folder().await.map_or(Msg::Nothing, Msg::Act)
            }),
            Effect::ShowSide => self.panel = Some(Panel::Annotations),
            Effect::CancelWork => self.worker.stop(),
            Effect::FetchNewer(articles) => self.later(ctx, async {
                Msg::Act(Action::NewerFetched(effects::fetch_newer(articles).await))
            }),
            Effect::FetchDeployment => {
                self.later(ctx, async { Msg::Fetched(effects::fetch_deployment().await) });
            }
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
            Effect::CheckMore => {
                let link = ctx.link().clone();
                let more = move || link.send_message(Msg::Act(Action::CheckMore));
                self.check_more = Some(gloo::timers::callback::Timeout::new(FREE, more));
            }
            Effect::ListProjects => self.list_projects(ctx),
            Effect::Export(layout) => self.export(ctx, layout),
            Effect::CopyIn { seconds } => self.copy_in(ctx, seconds),
            Effect::WriteCopy => self.write_copy(ctx),
            Effect::RememberCopy => self.remember_copy(ctx),
            Effect::ChooseFolder => self.choose_folder(ctx, true),
            Effect::AllowFolder => self.choose_folder(ctx, false),
            Effect::ForgetFolder => self.forget_folder(ctx),
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
                // What the pointer selects just now is not what was done.
                if let Some(reader) = self.reader.as_ref().filter(|_| !self.pointing) {
                    reader.drop_selection();
                }
            }
            Effect::RememberSettings => {
                world::keep_settings(&self.state.settings);
                world::show_theme(self.state.settings.theme);
            }
            Effect::Leave(how) => build::leave(how),
            Effect::RememberTime { set, seconds } => {
                let (Some(project), Some(store)) = (project, self.store.clone()) else { return };
                let open = self.state.project.as_ref().filter(|_| self.state.saving.is_saved());
                let known = open.and_then(|open| open.set(&set)).cloned();
                self.later(ctx, async move {
                    // The next call has all of it again.
                    let _ = store.put_seconds(&project, &set, known.as_deref(), seconds).await;
                    Msg::Nothing
                });
            }
            Effect::Print => {
                // A browser that cannot print says so itself.
                let _ = gloo::utils::window().print();
            }
            // The first part has done these.
            Effect::LoadArticle(_) | Effect::Announce(_) => {}
        }
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
            Focus::Finder => "finder-field",
            Focus::Search => "search-field",
            Focus::Unplaced => "unplaced-first",
            Focus::Guidelines => "guidelines-field",
        };
        // At once, where the field stands, and for this annotation: what is typed next belongs to it.
        let picked = self.state.picked().map(|annotation| &annotation.id);
        // The search is made anew where it is given words.
        let stands =
            focus != Focus::Search && picked == self.shown_pick.as_ref() && !self.beside_waits;
        if stands && focus_field(id).is_some() {
            return;
        }
        // It comes with the next rendering.
        if focus != Focus::Finder {
            self.panel = Some(Panel::Annotations);
        }
        self.keys.held.replace(Some(Vec::new()));
        let link = ctx.link().clone();
        let _again = gloo::timers::callback::Interval::new(AGAIN, move || {
            link.send_message(Msg::Await);
        });
        self.awaited = Some(Awaited { id, times: 0, _again });
    }

    /// Gives the awaited field the focus, and what was typed for it.
    fn focus_awaited(&mut self, ctx: &Context<Self>) {
        let Some(field) = self.awaited.as_ref().and_then(|it| focus_field(it.id)) else { return };
        self.awaited = None;
        let held = self.keys.held.take().unwrap_or_default();
        self.type_for(ctx, &field, held);
    }

    /// Gives a field the keys that were pressed for it while the text had the focus.
    fn type_for(&mut self, ctx: &Context<Self>, field: &Element, keys: Vec<KeyboardEvent>) {
        let mut keys = keys.into_iter();
        let mut typed = String::new();
        let end = keys.by_ref().map(|event| event.key()).find(|key| {
            match key.as_str() {
                "Backspace" => drop(typed.pop()),
                key if key.chars().count() == 1 => typed.push_str(key),
                _ => {}
            }
            ["Enter", "Escape", "Tab"].contains(&key.as_str())
        });
        if !typed.is_empty() {
            type_into(field, &typed);
        }
        if end.as_deref() == Some("Escape") && self.state.dialog.is_some() {
            self.act(ctx, Action::CloseDialog);
            keys.for_each(|event| self.key_later(ctx, event));
        } else if let Some(end) = end {
            // The field answers it; what came after it was for the text again.
            let options = web_sys::KeyboardEventInit::new();
            options.set_key(&end);
            options.set_bubbles(true);
            let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options);
            let _ = event.and_then(|event| field.dispatch_event(&event));
            keys.for_each(|event| self.key_later(ctx, event));
        }
    }

    fn work_rendered(&mut self, ctx: &Context<Self>) {
        self.show_dialog();
        self.focus_left();
        self.keep_pick_in_view();
        self.show_rule();
        self.focus_awaited(ctx);
        if !self.beside_waits {
            self.place_marks();
        }
        // What the bar shows is new, or what is above the text leaves it another room. All else was placed
        // when the act was done.
        let selected = self.state.article.as_ref().is_some_and(|it| it.anchor != it.head);
        if selected {
            self.place_overlays();
        }
    }

    /// Scrolls the guidelines to the rule that one came for, once.
    fn show_rule(&mut self) {
        let wanted = match &self.state.side {
            Side::Guidelines { rule, .. } => *rule,
            Side::Annotations | Side::Search => None,
        };
        let rule = wanted.filter(|_| wanted != self.shown_rule);
        let element = rule
            .and_then(|rule| gloo::utils::document().get_element_by_id(&format!("rule-{rule}")));
        match element {
            Some(element) => {
                element.scroll_into_view();
                self.shown_rule = wanted;
            }
            None if wanted.is_none() => self.shown_rule = None,
            None => {}
        }
    }

    /// Closes a dialog that has gone, at once: the keys that come next are for what had the focus.
    fn dialog_turned(&mut self) {
        if self.state.dialog.is_some() {
            self.dialogs += 1;
            self.focus_before = None;
            return;
        }
        if let Some(dialog) = self.refs.dialog.cast::<HtmlDialogElement>() {
            dialog.close();
        }
        if let Some(before) = self.focus_before.as_ref().and_then(|it| it.dyn_ref::<HtmlElement>())
        {
            // What does not take the focus leaves it where it is.
            let _ = before.focus();
        }
    }

    /// What had the focus before a dialog may go with what the dialog did; keys act in the text.
    fn focus_left(&mut self) {
        let gone = self.focus_before.as_ref().is_some_and(|it| !it.is_connected());
        if self.state.dialog.is_some() || !gone {
            return;
        }
        self.focus_before = None;
        if let Some(reader) = &self.reader
            && has_no_focus()
        {
            reader.focus();
        }
    }

    /// Opens a dialog that has come.
    fn show_dialog(&mut self) {
        let dialog = self.refs.dialog.cast::<HtmlDialogElement>();
        let Some(dialog) = dialog.filter(|_| self.state.dialog.is_some()) else { return };
        let document = gloo::utils::document();
        if !dialog.open() {
            if self.focus_before.is_none() {
                self.focus_before = document.active_element();
            }
            // A dialog that is open already refuses, and is what was wanted.
            let _ = dialog.show_modal();
        } else if has_no_focus() {
            // What had the focus went with what it did; keys are the dialog's all the same. A moment
            // later: while the focus moves from one field to the next, neither has it.
            let focus = move || {
                if has_no_focus() && dialog.open() {
                    let _ = dialog.focus();
                }
            };
            gloo::timers::callback::Timeout::new(0, focus).forget();
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

    /// Gives a list of many annotations its height, and shows the picked one in it, once.
    fn place_marks(&mut self) {
        let open = self.state.article.as_deref();
        let all = open.map(|open| open.index.ordered());
        let length = all.map_or(0, |all| all.len());
        self.marks.place(length);
        if all.is_none() {
            return;
        }
        if self.marks.node.get().is_none() {
            self.shown_mark = None;
        }
        let picked = self.state.picked().filter(|_| Window::is_of(length));
        if let (Some(all), Some(picked)) = (all, picked)
            && self.shown_mark.as_ref() != Some(&picked.id)
        {
            let before = all.count_before(&ReadingPlace::of(picked));
            self.shown_mark = self.marks.show(before).then(|| picked.id.clone());
        }
    }

    fn place_all_overlays(&self) {
        let (Some(reader), Some(project), Some(article)) =
            (&self.reader, self.state.shown(), &self.state.article)
        else {
            return;
        };
        let bar = !self.pointing && !reader.is_holding() && self.state.past.is_none();
        reader.place_overlays(project, article, bar);
    }

    fn bar(&self) -> Html {
        let (Some(project), Some(article)) = (&self.state.project, &self.state.article) else {
            return html! {};
        };
        let props = BarProps {
            project: Shared(project.clone()),
            mode: article.mode.clone(),
            picked: self.state.picked().cloned().map(Shared),
            can_write: self.state.can_write(),
            keys: self.state.settings.keys.clone(),
            dispatch: self.dispatch.clone(),
        };
        memo(props, selection_bar)
    }

    fn hint(&self) -> Html {
        let keys = &self.state.settings.keys;
        if let (Some(project), Some(past), Some(article)) =
            (&self.state.project, &self.state.past, &self.state.article)
        {
            return looking(&HistoryProps {
                project: Shared(project.clone()),
                past: Shared(past.clone()),
                text: article.text.clone(),
                keys: keys.clone(),
                dispatch: self.dispatch.clone(),
            });
        }
        if let (Some(project), Some(relating)) = (&self.state.project, &self.state.relating) {
            let kind = project.scheme().relation(&relating.kind);
            let name = kind.map_or("", |kind| kind.name.as_str());
            let more = project.scheme().relations_from(&relating.label).nth(1).is_some();
            let find = self.dispatch.reform(|_: MouseEvent| Action::FindOtherEnd);
            let next = self.dispatch.reform(|_: MouseEvent| Action::Relate);
            let end = self.dispatch.reform(|_: MouseEvent| Action::Escape);
            return html! {
                <div class="mode-hint">
                    <span>{ format!("“{name}”: click the other end.") }</span>
                    <button type="button" class="button button-quiet" onclick={find}>{ "Find it" }{ key_hint!(Action::FindOtherEnd, keys) }</button>
                    if more { <button type="button" class="button button-quiet" onclick={next}>{ "Another kind" }{ key_hint!(Action::Relate, keys) }</button> }
                    <button type="button" class="button button-quiet" onclick={end}>{ "Cancel" }{ key_hint!(Action::Escape, keys) }</button>
                </div>
            };
        }
        let end = self.dispatch.reform(|_: MouseEvent| Action::Escape);
        if let (Some(project), Some(held)) = (&self.state.project, &self.state.held_label)
            && let Some(label) = project.scheme().label(held)
        {
            return html! {
                <div class="mode-hint">
                    <span>{ format!("{}: select text to mark it.", label.name) }</span>
                    <button type="button" class="button button-quiet" onclick={end}>{ "Done" }{ key_hint!(Action::Escape, keys) }</button>
                </div>
            };
        }
        let text = match self.state.article.as_ref().map(|article| &article.mode) {
            None | Some(Mode::Mark) => return html! {},
            Some(Mode::AddSpan { .. }) => "Select the text to add.",
            Some(Mode::PickSpan { .. }) => "Select the text to pick.",
            Some(Mode::Place { .. }) => "Select where the annotation belongs.",
            Some(Mode::Edge { .. }) => "Arrow keys move the edge. Tab: other edge.",
        };
        html! {
            <div class="mode-hint">
                <span>{ text }</span>
                <button type="button" class="button button-quiet" onclick={end}>{ "Done" }{ key_hint!(Action::Escape, keys) }</button>
            </div>
        }
    }

    fn beside_later(&mut self, ctx: &Context<Self>) {
        if std::mem::replace(&mut self.beside_waits, true) {
            return;
        }
        let link = ctx.link().clone();
        let shown = Closure::once_into_js(move || {
            let draw = move || link.send_message(Msg::Beside);
            gloo::timers::callback::Timeout::new(0, draw).forget();
        });
        // It fails for what is no function.
        let _ = gloo::utils::window().request_animation_frame(shown.unchecked_ref());
    }

    fn annotations(&self) -> Html {
        let other = match &self.state.project {
            Some(project) if self.state.past.is_none() => Some((&self.state.side, project)),
            _ => None,
        };
        match other {
            Some((Side::Guidelines { rule, writing }, project)) => {
                let props = GuidelinesProps {
                    project: Shared(project.clone()),
                    page: self.state.guide.clone().map(Shared),
                    rule: *rule,
                    writing: *writing,
                    can_write: self.state.can_write(),
                    dispatch: self.dispatch.clone(),
                };
                memo(props, guidelines_view)
            }
            Some((Side::Search, project)) => {
                let props = SearchProps {
                    project: Shared(project.clone()),
                    search: Shared(self.state.search.clone()),
                    can_write: self.state.can_write(),
                    keys: self.state.settings.keys.clone(),
                    dispatch: self.dispatch.clone(),
                };
                memo(props, search_view)
            }
            _ => {
                let props = SideProps {
                    project: self.state.shown().cloned().map(Shared),
                    article: self.state.article.clone().map(Shared),
                    past: self.state.past.clone().map(Shared),
                    can_write: self.state.can_write(),
                    window: self.marks.window,
                    list: self.marks.node.clone(),
                    show_panel: self.show_panel.clone(),
                    keys: self.state.settings.keys.clone(),
                    dispatch: self.dispatch.clone(),
                };
                memo(props, side)
            }
        }
    }

    fn dialog(&self) -> Html {
        let Some(open) = &self.state.dialog else { return html! {} };
        let props = DialogProps {
            dialog: open.clone(),
            project: self.state.project.clone().map(Shared),
            annotator: self.state.annotator.clone(),
            projects: Shared(self.state.projects.clone()),
            settings: self.state.settings.clone(),
            changing_key: self.state.changing_key,
            storage: self.state.storage,
            copies: Shared(self.state.copies.clone()),
            found: match open {
                Dialog::Find(now) => Some(Shared(std::sync::Arc::new(find(&self.state, now)))),
                _ => None,
            },
            making: Shared(self.state.making.clone()),
            held_back: self.state.held_back.len(),
            can_write: self.state.can_write(),
            dispatch: self.dispatch.clone(),
        };
        let notices = Shared(self.state.notices.clone());
        let notices = NoticeListProps { notices, dispatch: self.dispatch.clone() };
        // The root opens the dialog once it stands.
        dialog(self.dialogs, props, self.refs.dialog.clone(), notices)
    }

    /// Says how far an [`App::job`] is that says `what`.
    pub(super) fn progress(&self, what: &str) -> Callback<Progress> {
        let (what, dispatch) = (what.to_owned(), self.dispatch.clone());
        Callback::from(move |progress| {
            dispatch.emit(Action::Progress { what: what.clone(), progress });
        })
    }

    /// As [`App::later`], and where it takes long a message says so until it is done.
    pub(super) fn job(
        &self,
        ctx: &Context<Self>,
        what: String,
        task: impl Future<Output = Msg> + 'static,
    ) {
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
}

/// Whether nothing on the page has the focus.
fn has_no_focus() -> bool {
    let document = gloo::utils::document();
    document.active_element() == document.body().map(Into::into)
}

/// Gives a field the focus; none if it did not take it.
fn focus_field(id: &str) -> Option<Element> {
    let document = gloo::utils::document();
    let field = document.get_element_by_id(id)?;
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        // Whether it took the focus is asked below.
        let _ = field.focus();
    }
    document.active_element().filter(|active| *active == field)
}

/// Types at the end of a field, as a person would.
fn type_into(field: &Element, typed: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(&(input.value() + typed));
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(&(area.value() + typed));
    }
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    // A field that does not hear of it has the text all the same.
    let _ = Event::new_with_event_init_dict("input", &options)
        .and_then(|event| field.dispatch_event(&event));
}
