//! Stepping the editor, and running what it asks for.

use super::listen::observe;
use super::*;

impl App {
    pub(super) fn act(&mut self, ctx: &Context<Self>, action: Action) {
        if let Some(reader) = &mut self.reader {
            reader.forget_goal();
        }
        self.act_keeping_goal(ctx, action);
    }

    pub(super) fn act_keeping_goal(&mut self, ctx: &Context<Self>, action: Action) {
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
    pub(super) fn follow(&self) {
        self.keys.letters.set(self.state.settings.letters);
        self.keys.dialog.set(self.state.dialog.is_some());
        let mode = self.state.article.as_ref().map(|article| &article.mode);
        self.keys.edge.set(matches!(mode, Some(Mode::Edge { .. })));
    }

    /// Puts the open article on the screen, and paints what changed, right now.
    pub(super) fn show(&mut self, ctx: &Context<Self>) {
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

    pub(super) fn place_overlays(&self) {
        let (Some(reader), Some(project), Some(article)) =
            (&self.reader, &self.state.project, &self.state.article)
        else {
            return;
        };
        let bar = !self.pointing && !reader.is_holding();
        reader.place_overlays(project, article, bar);
    }

    pub(super) fn run(&mut self, ctx: &Context<Self>, effect: Effect) {
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

    pub(super) fn announce(&self, text: &str) {
        let Some(live) = self.refs.live.cast::<HtmlElement>() else { return };
        // The same words twice are read twice only if the text changes.
        let again = live.text_content().as_deref() == Some(text);
        live.set_text_content(Some(&if again { format!("{text}\u{a0}") } else { text.to_owned() }));
    }

    pub(super) fn focus(&mut self, ctx: &Context<Self>, focus: Focus) {
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
}

/// Gives a field the focus; whether it has it.
pub(super) fn focus_field(id: &str) -> bool {
    let document = gloo::utils::document();
    let Some(field) = document.get_element_by_id(id) else { return false };
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        // Whether it took the focus is asked below.
        let _ = field.focus();
    }
    document.active_element() == Some(field)
}
