//! Saving, exporting, and remembering where the reader was.

use super::*;

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
        let ask = !self.asked_to_persist && !commits.is_empty();
        self.asked_to_persist |= ask;
        let exclusive = self.lock.as_ref().is_some_and(Lock::excludes_others);
        let link = ctx.link().clone();
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
            if ask && written.is_ok() {
                let storage = effects::storage(exclusive).await;
                link.send_message(Msg::Act(Action::StorageKnown(storage)));
            }
            Msg::Written(written)
        });
    }

    pub(super) fn written(
        &mut self,
        ctx: &Context<Self>,
        result: Result<(u64, usize), StoreError>,
    ) {
        self.writing = false;
        match result {
            Ok((seq, texts)) => self.act(ctx, Action::Saved { seq, texts }),
            Err(error) => self.act(ctx, Action::SaveFailed { why: error.to_string() }),
        }
    }

    pub(super) fn export(&mut self, ctx: &Context<Self>) {
        let Some(project) = self.state.project.clone() else { return };
        let (store, worker) = (self.store.clone(), self.worker.clone());
        self.job(ctx, "Writing the file…".to_owned(), async move {
            let name = format!("{}.avow.json", effects::file_name(&project.meta().title));
            let file = effects::native_file(store.as_ref(), &worker, &project).await;
            Msg::Downloaded(file.and_then(|(parts, missing)| {
                effects::download(&name, "application/json", &parts)
                    .map(|()| (name, missing))
                    .map_err(|error| world::message(&error))
            }))
        });
    }

    pub(super) fn remember_project(&self, ctx: &Context<Self>, id: ProjectId) {
        let Some(store) = self.store.clone() else { return };
        if self.deployment.is_none() && self.home.is_some() {
            // What is open while the host fails is not what the next visit is for.
            return;
        }
        let key = last_project_key(self.home.as_ref());
        self.later(ctx, async move {
            // The next visit opens another project then; nothing is lost.
            let _ = store.remember_view(&key, &id).await;
            Msg::Nothing
        });
    }

    pub(super) fn remember_soon(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let later = move || link.send_message(Msg::Remember);
        if self.remember.is_none() && self.view_to_remember() != self.remembered {
            self.remember = Some(gloo::timers::callback::Timeout::new(400, later));
        }
    }

    pub(super) fn view_to_remember(&self) -> Option<(crate::annotation::ArticleId, ArticleView)> {
        let article = self.state.article.as_ref()?;
        let scroll = self.reader.as_ref()?.scroll_top();
        Some((article.id.clone(), ArticleView { caret: article.head.get(), scroll }))
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

pub(super) fn last_project_key(home: Option<&ProjectId>) -> String {
    match home {
        Some(home) => format!("last-project/{home}"),
        None => "last-project".to_owned(),
    }
}
