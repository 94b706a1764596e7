//! The second part of the page: what only acts need. See [`parts`].

use super::*;
use crate::annotation::ReadingPlace;
use crate::edit::Commit;
use crate::editor::{Ctx, Progress, Side, step};
use crate::web::components::{SettingsProps, settings};
use crate::web::dom::Overlays;
use crate::web::import::{Import, clean};
use crate::web::keys::{KeyAct, Ours, act_of, is_field, outlives_dialog, target_of};
use crate::web::store::{Upgrade, upgrade};
use crate::web::{build, dataset, files};

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
    /// Where caret and bar belong.
    pub measure_overlays: fn(&App) -> Option<Overlays>,
    /// Puts them there.
    pub place_overlays: fn(&Reader, Overlays),
    /// Where signs in the margin, handles and arcs belong, and what an act has left with them.
    pub measure_rest: fn(&App),
    /// Draws them.
    pub draw_rest: fn(&App),
    /// The bar at the selection.
    pub bar: fn(&App) -> Html,
    /// What the selection is for, if it is not to be marked.
    pub hint: fn(&App) -> Html,
    /// What stands after the article: mostly its annotations.
    pub annotations: fn(&App) -> Html,
    /// Draws what stands beside the article, and all else that may wait, once the next frame is shown.
    /// Whether the page must be rendered at once.
    pub render_later: fn(&mut App, &Context<App>) -> bool,
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
                None if outlives_dialog(event, keys) => Ours::Waits,
                None => Ours::No,
                Some(KeyAct::Held) => Ours::Waits,
                Some(_) => Ours::Acts,
            }
        },
        begin: App::begin_work,
        update: App::update_act,
        run: App::run_act,
        rendered: App::work_rendered,
        measure_overlays: App::measure_overlays,
        place_overlays: Reader::place_overlays,
        measure_rest: App::measure_whole_rest,
        draw_rest: |app| app.reader.iter().for_each(Reader::draw_rest),
        bar: App::bar,
        hint: App::hint,
        annotations: App::annotations,
        render_later: App::render_later,
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
                        open: self.state.project.clone(),
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
                self.look_for_awaited(ctx);
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

    pub(super) fn key_later(&self, ctx: &Context<Self>, event: KeyboardEvent) {
        self.keys.pending.set(self.keys.pending.get() + 1);
        ctx.link().send_message(Msg::Key(event));
    }

    /// Does what a key asks for, now that those before it have been done; whether it did anything.
    fn key(&mut self, ctx: &Context<Self>, event: KeyboardEvent) -> bool {
        self.keys.pending.set(self.keys.pending.get().saturating_sub(1));
        let (target, active) = (target_of(&event), gloo::utils::document().active_element());
        // The focus went to a field between the key and now, or stayed in one that it might have left:
        // what types is the field's.
        let types = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if let Some(field) = active.clone().filter(|it| types && is_field(it)) {
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
            Effect::CountUses { articles, run } => {
                let Some(open) = self.state.project.clone() else { return };
                let (store, dispatch, now) =
                    (self.store.clone(), self.dispatch.clone(), self.counting.clone());
                now.set(run);
                let goes_on = move || now.get() == run;
                let task = effects::count_uses(store, open, articles, run, goes_on, dispatch);
                self.later(ctx, async move {
                    task.await;
                    Msg::Nothing
                });
            }
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
                self.check_more = Some(when_free(ctx, || Msg::Act(Action::CheckMore)));
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

    fn work_rendered(&mut self, ctx: &Context<Self>) {
        self.show_dialog();
        self.focus_left();
        self.keep_pick_in_view();
        self.show_rule();
        self.focus_awaited(ctx);
        if !self.beside_waits {
            self.show_picked_row();
        }
        // What the bar shows is new, or what is above the text leaves it another room. All else was placed
        // when the act was done.
        if self.selects() {
            self.place_overlays();
        }
        self.scene = Some(self.scene());
        if let Some(status) = self.refs.status.cast::<Element>() {
            let _ = status.remove_attribute("data-old");
        }
        if let Some(reader) = self.reader.as_ref().filter(|_| self.beside_waits) {
            reader.lay_out_now();
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

    /// Shows the picked annotation in a list of many, once.
    fn show_picked_row(&mut self) {
        let open = self.state.article.as_deref();
        let all = open.map(|open| open.index.ordered());
        let length = all.map_or(0, |all| all.len());
        self.marks.begin_if_gone();
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

    fn measure_overlays(&self) -> Option<Overlays> {
        let reader = self.reader.as_ref()?;
        let bar = !self.pointing && !reader.is_holding() && self.state.past.is_none();
        reader.measure_overlays(self.state.article.as_deref()?, bar)
    }

    pub(super) fn place_overlays(&self) {
        if let (Some(reader), Some(overlays)) = (&self.reader, self.measure_overlays()) {
            reader.place_overlays(overlays);
        }
    }

    fn measure_whole_rest(&self) {
        if let (Some(reader), Some(project), Some(article)) =
            (&self.reader, self.state.shown(), &self.state.article)
        {
            let overlays = self.overlays_wait.take().then(|| self.measure_overlays()).flatten();
            reader.measure_rest(project, article, overlays);
        }
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
