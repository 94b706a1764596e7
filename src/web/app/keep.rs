//! Saving, exporting, and remembering where the reader was.

use super::*;
use crate::editor::Copies;
use crate::web::folder;

/// How long to wait, in milliseconds, before what could not be saved is tried again; twice as long
/// each time, up to a minute.
pub(super) const FIRST_RETRY: u32 = 2_000;
const LAST_RETRY: u32 = 60_000;

/// After how many writes the browser is asked again how much room there is.
const ASK_EVERY: u32 = 32;

impl App {
    /// Writes all that is not saved, in one go; what comes meanwhile is written after it.
    pub(super) fn save(&mut self, ctx: &Context<Self>) {
        let (Some(store), Some(project)) = (self.store.clone(), self.state.project.clone()) else {
            return;
        };
        if self.writing {
            return;
        }
        self.writing = true;
        let (commits, texts) = (self.state.saving.commits.clone(), self.state.saving.texts.clone());
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
            Msg::Written(written.await)
        });
    }

    pub(super) fn written(
        &mut self,
        ctx: &Context<Self>,
        result: Result<(u64, usize), StoreError>,
    ) {
        self.writing = false;
        match result {
            Ok((seq, texts)) => {
                self.retry_in = FIRST_RETRY;
                if seq > 0 {
                    self.ask_storage(ctx);
                }
                self.act(ctx, Action::Saved { seq, texts });
                if let (Some(tabs), Some(project)) = (&self.tabs, &self.state.project) {
                    tabs.tell(&project.meta().id, News::Wrote(seq));
                }
            }
            Err(error) => {
                let final_one = matches!(error, StoreError::Overtaken | StoreError::VersionChange);
                self.act(ctx, Action::SaveFailed { why: error.to_string() });
                if !final_one {
                    let link = ctx.link().clone();
                    let again = move || link.send_message(Msg::SaveAgain);
                    gloo::timers::callback::Timeout::new(self.retry_in, again).forget();
                    self.retry_in = (self.retry_in * 2).min(LAST_RETRY);
                }
            }
        }
    }

    /// Asks the browser to keep what is stored, at the first write, and how much room there is, now
    /// and then. Nothing waits for the answer: a person may have to give it.
    fn ask_storage(&mut self, ctx: &Context<Self>) {
        let (first, due) = (self.writes == 0, self.writes.is_multiple_of(ASK_EVERY));
        self.writes += 1;
        if due {
            let exclusive = self.lock.as_ref().is_some_and(Lock::excludes_others);
            self.later(ctx, async move {
                Msg::Act(Action::StorageKnown(effects::storage(exclusive, first).await))
            });
        }
    }

    /// Tries again what could not be saved, unless that was done meanwhile.
    pub(super) fn save_again(&mut self, ctx: &Context<Self>) {
        if self.state.saving.failed.is_some() {
            self.save(ctx);
        }
    }

    pub(super) fn export(&mut self, ctx: &Context<Self>, layout: Layout) {
        let Some(project) = self.state.project.clone() else { return };
        let (store, worker) = (self.store.clone(), self.worker.clone());
        let seq = self.state.last_seq;
        let what = "Writing the file…".to_owned();
        let progress = self.progress(&what);
        self.job(ctx, what, async move {
            let title = effects::file_name(&project.meta().title);
            let name = format!("{title}.{}", layout.ending());
            let file =
                effects::native_file(store.as_ref(), &worker, &project, layout, &progress).await;
            Msg::Downloaded(file.and_then(|(parts, missing)| {
                effects::download(&name, layout.media_type(), &parts)
                    .map(|()| Downloaded { name, seq, missing })
                    .map_err(|error| world::message(&error))
            }))
        });
    }

    /// Writes a copy into the chosen folder: one file for each day, since the last of a day has all
    /// of it.
    pub(super) fn write_copy(&mut self, ctx: &Context<Self>) {
        let Some(project) = self.state.project.clone() else { return };
        let (store, worker) = (self.store.clone(), self.worker.clone());
        let seq = self.state.last_seq;
        self.later(ctx, async move {
            let title = effects::file_name(&project.meta().title);
            let name = format!("{title}-{}.avow.json", world::today());
            let written = async {
                // What is missing nobody has worked on; the page says so when it is opened.
                let whole = Layout::Object;
                let (store, quiet) = (store.as_ref(), Callback::noop());
                let (parts, _) =
                    effects::native_file(store, &worker, &project, whole, &quiet).await?;
                folder::write(&project.meta().id, &name, &parts).await
            };
            Msg::Act(match written.await {
                Ok(()) => Action::Copied { seq },
                Err(why) => Action::CopyFailed { why },
            })
        });
    }

    /// Finds out what is known of copies of the open project.
    pub(super) fn find_copies(&self, ctx: &Context<Self>) {
        let (Some(store), Some(project)) = (self.store.clone(), &self.state.project) else {
            return;
        };
        let id = project.meta().id.clone();
        self.later(ctx, async move {
            let last = store.view(&copy_key(&id)).await.ok().flatten();
            let folder = folder::known(&id).await;
            let can_choose = folder::can_choose();
            let known = Copies { can_choose, folder, last, ..Copies::default() };
            Msg::Of(id, Action::CopiesKnown(known))
        });
    }

    pub(super) fn remember_copy(&self, ctx: &Context<Self>) {
        let (Some(store), Some(project), Some(last)) =
            (self.store.clone(), &self.state.project, self.state.copies.last)
        else {
            return;
        };
        let key = copy_key(&project.meta().id);
        self.later(ctx, async move {
            // A reminder comes too early where this fails.
            let _ = store.remember_view(&key, &last).await;
            Msg::Nothing
        });
    }

    pub(super) fn copy_in(&mut self, ctx: &Context<Self>, seconds: u32) {
        let link = ctx.link().clone();
        let now = move || link.send_message(Msg::Act(Action::CopyNow));
        // Another project's copy has its own time: this one's is given up with it.
        self.next_copy = Some(gloo::timers::callback::Timeout::new(seconds * 1_000, now));
    }

    /// Lets the person choose a folder, or allow the one that was chosen.
    pub(super) fn choose_folder(&self, ctx: &Context<Self>, new: bool) {
        let Some(project) = &self.state.project else { return };
        let id = project.meta().id.clone();
        self.later(ctx, async move {
            let chosen = match new {
                true => folder::choose(&id).await,
                false => Ok(folder::allow(&id).await),
            };
            match chosen {
                Ok(Some(folder)) => Msg::Of(id, Action::FolderIs(Some(folder))),
                Ok(None) => Msg::Nothing,
                Err(error) => {
                    let why = world::message(&error);
                    let text = format!("The folder could not be chosen: {why}");
                    Msg::Act(Action::Notify { text, stays: true })
                }
            }
        });
    }

    pub(super) fn forget_folder(&mut self, ctx: &Context<Self>) {
        self.next_copy = None;
        let Some(project) = &self.state.project else { return };
        let id = project.meta().id.clone();
        self.later(ctx, async move {
            folder::forget(&id).await;
            Msg::Nothing
        });
    }

    pub(super) fn remember_project(&self, ctx: &Context<Self>, id: ProjectId) {
        let Some(store) = self.store.clone() else { return };
        if self.deployment.is_none() && self.home.is_some() {
            // What is open while the host fails is not what the next visit is for.
            return;
        }
        let key = effects::last_project_key(self.home.as_ref());
        self.later(ctx, async move {
            // The next visit opens another project then; nothing is lost.
            let _ = store.remember_view(&key, &id).await;
            Msg::Nothing
        });
    }

    /// Remembers the view a moment later, so that keys do not wait for it.
    pub(super) fn remember_soon(&mut self, ctx: &Context<Self>) {
        let Some(open) = &self.state.article else { return };
        if self.remembered.as_ref().is_none_or(|(article, _)| *article != open.id) {
            // A reload right after an article was opened shows that one.
            return self.remember_view(ctx);
        }
        if self.remember.is_none() {
            let link = ctx.link().clone();
            let later = move || link.send_message(Msg::Remember);
            self.remember = Some(gloo::timers::callback::Timeout::new(400, later));
        }
    }

    pub(super) fn view_to_remember(&self) -> Option<(crate::annotation::ArticleId, ArticleView)> {
        let article = self.state.article.as_ref()?;
        Some((article.id.clone(), ArticleView { caret: article.head.get() }))
    }

    pub(super) fn remember_view(&mut self, ctx: &Context<Self>) {
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
}

fn copy_key(project: &ProjectId) -> String {
    format!("copy/{project}")
}
