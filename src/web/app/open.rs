//! Opening, making and listing projects.

use super::*;
use crate::web::import::clean;

impl App {
    pub(super) fn booted(&mut self, ctx: &Context<Self>, boot: Boot) {
        let Boot { store, annotator, annotator_name, carried, home, last } = boot;
        self.home = home;
        // What was said already stays.
        self.state = EditorState {
            notices: self.state.notices.clone(),
            notice_count: self.state.notice_count,
            ..EditorState::new(annotator, self.state.settings.clone())
        };
        self.state.annotator_name = annotator_name;
        self.carry(ctx, carried);
        let (deployment, home) = (self.deployment.clone(), self.home.clone());
        match store {
            Ok(store) => {
                self.store = Some(store.clone());
                let link = ctx.link().clone();
                self.later(ctx, async move {
                    let lost =
                        move || link.send_message(Msg::Act(Action::WriterChanged(Writer::Reading)));
                    match open_last(&store, deployment.as_deref(), last, home, lost).await {
                        Ok((opened, lock)) => Msg::Opened { opened: Box::new(opened), lock },
                        Err(error) => Msg::NotOpened { why: error.to_string() },
                    }
                });
            }
            Err(error) => {
                let text = format!(
                    "{error}. Reload the page to try again. You can work all the same, but nothing \
                     is kept: use Export before you leave."
                );
                self.act(ctx, Action::Notify { text, stays: true });
                let opened = Box::new(effects::new_project(self.deployment.as_deref()));
                ctx.link().send_message(Msg::Opened { opened, lock: None });
            }
        }
    }

    /// Takes in what the page carries, and says what is wrong with it.
    fn carry(&mut self, ctx: &Context<Self>, carried: Carried) {
        match carried {
            Ok(Some((mut deployment, left_out))) => {
                if let Some(name) = world::annotator_name()
                    && !deployment.keep_list_of(&name)
                {
                    let text = format!(
                        "This page has no list of articles for “{name}”, so it shows all. If it \
                         should have one, look at the name in the address."
                    );
                    self.act(ctx, Action::Notify { text, stays: true });
                }
                self.deployment = Some(Rc::new(deployment));
                if let Some(first) = left_out.first() {
                    let text = match left_out.len() {
                        1 => first.to_string(),
                        n => format!(
                            "{n} things are wrong with the articles of this page. First: {first}"
                        ),
                    };
                    self.act(ctx, Action::Notify { text, stays: true });
                }
            }
            Ok(None) => {}
            Err(why) => self.act(ctx, Action::DeploymentFailed { why }),
        }
    }

    /// What the page carries was fetched once more: it is opened.
    pub(super) fn fetched(&mut self, ctx: &Context<Self>, carried: Carried) {
        let missing = || Err("articles/index.json is missing".to_owned());
        let carried = carried.and_then(|carried| carried.map_or_else(missing, |it| Ok(Some(it))));
        let is_there = carried.is_ok();
        self.carry(ctx, carried);
        let Some(deployment) = self.deployment.clone().filter(|_| is_there) else { return };
        let id = deployment.project.id.clone();
        self.home = Some(id.clone());
        let open = self.state.project.as_ref().map(|project| project.meta().id.clone());
        if open.as_ref() == Some(&id) {
            self.act(ctx, Action::DeploymentFetched(Box::new((*deployment).clone())));
        } else if self.store.is_some() {
            self.open_project(ctx, id, false);
        } else {
            let opened = Box::new(effects::new_project(Some(&deployment)));
            ctx.link().send_message(Msg::Opened { opened, lock: None });
        }
    }

    /// Opens a stored project; `take_over` from the tab that writes it.
    pub(super) fn open_project(&mut self, ctx: &Context<Self>, id: ProjectId, take_over: bool) {
        let Some(store) = self.store.clone() else { return };
        let link = ctx.link().clone();
        let deployment = self.deployment.clone().filter(|it| it.project.id == id);
        // One lock at a time: the old project is free for other tabs from here on.
        self.lock = None;
        if take_over && let Some(tabs) = &self.tabs {
            tabs.tell(&id, News::HandOver);
        }
        self.later(ctx, async move {
            let lost = move || link.send_message(Msg::Act(Action::WriterChanged(Writer::Reading)));
            let (lock, writer) = match take_over {
                true => effects::take_over(&id, Rc::new(lost)).await,
                false => effects::lock(&id, lost).await,
            };
            match effects::open_project(&store, &id, writer).await {
                Ok(Some(opened)) => Msg::Opened { opened: Box::new(opened), lock },
                // Until the first act in it, a deployment's project is nowhere else.
                Ok(None) if deployment.is_some() => {
                    let new = effects::new_project(deployment.as_deref());
                    Msg::Opened { opened: Box::new(Opened { writer, ..new }), lock }
                }
                Ok(None) => Msg::NotOpened { why: "It is not in this browser.".to_owned() },
                Err(error) => Msg::NotOpened { why: error.to_string() },
            }
        });
    }

    pub(super) fn store_project(&mut self, ctx: &Context<Self>, project: crate::project::Project) {
        let id = project.meta().id.clone();
        let Some(store) = self.store.clone() else {
            let opened = Opened { project, ..effects::new_project(None) };
            ctx.link().send_message(Msg::Opened { opened: Box::new(opened), lock: None });
            return;
        };
        let mut world = world::Browser;
        let by = self.state.annotator.clone();
        let commit = std::sync::Arc::new(crate::edit::file_commit(&project, 1, by, &mut world));
        let link = ctx.link().clone();
        self.later(ctx, async move {
            let texts =
                project.articles().into_iter().filter_map(|it| project.text(&it.id).cloned());
            let texts: Vec<_> = texts.collect();
            let stored = async {
                clean(&store, None).await?;
                store.put_texts(&texts).await?;
                store.write(&project, &[commit]).await?;
                let lost =
                    move || link.send_message(Msg::Act(Action::WriterChanged(Writer::Reading)));
                let (lock, writer) = effects::lock(&id, lost).await;
                Ok::<_, StoreError>((effects::open_project(&store, &id, writer).await?, lock))
            };
            match stored.await {
                Ok((Some(opened), lock)) => Msg::Opened { opened: Box::new(opened), lock },
                Ok((None, _)) => Msg::NotOpened { why: "It was not stored.".to_owned() },
                Err(error) => Msg::NotOpened { why: error.to_string() },
            }
        });
    }

    pub(super) fn list_projects(&self, ctx: &Context<Self>) {
        let Some(store) = self.store.clone() else { return };
        self.later(ctx, async move { Msg::Act(projects(&store).await) });
    }
}

/// The list of projects, as the action that shows it.
pub(super) async fn projects(store: &Store) -> Action {
    match store.projects().await {
        Ok(rows) => Action::ProjectsListed(rows),
        Err(error) => Action::Notify { text: error.to_string(), stays: false },
    }
}

/// The project that was open `last`; else the page's `own`; else a new one.
async fn open_last(
    store: &Store,
    deployment: Option<&Deployment>,
    last: Option<ProjectId>,
    own: Option<ProjectId>,
    lost: impl Fn() + Clone + 'static,
) -> Result<(Opened, Option<Lock>), StoreError> {
    let new = effects::new_project(deployment);
    let mut held = None;
    // One id only once: its lock, taken twice, would be denied to ourselves.
    let own = own.filter(|own| last.as_ref() != Some(own));
    for id in last.into_iter().chain(own) {
        let (lock, writer) = effects::lock(&id, lost.clone()).await;
        if let Some(opened) = effects::open_project(store, &id, writer).await? {
            return Ok((opened, lock));
        }
        // The lock of a project that is to be made is kept: given up, it would not be free at once.
        held = (id == new.project.meta().id).then_some((lock, writer));
    }
    let (lock, writer) = match held {
        Some(held) => held,
        None => effects::lock(&new.project.meta().id, lost).await,
    };
    Ok((Opened { writer, ..new }, lock))
}
