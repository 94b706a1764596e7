//! Opening, making and leaving projects.

use std::sync::Arc;

use super::{Effect, Opened, Step};
use crate::edit::{History, Intent, Transaction, act};
use crate::editor::state::{Dialog, Offer, Saving, Writer};
use crate::format::NewArticle;
use crate::format::deployment::{BROUGHT, Deployment, Entry};
use crate::format::native::Layout;
use crate::project::{Article, Meta, Project, ProjectId, titled};
use crate::sort::sort_by;

impl Step<'_> {
    /// A project has come from the store.
    pub fn project_opened(&mut self, opened: Opened) {
        let Opened { project, last_seq, writer, article } = opened;
        let articles = project.articles();
        let first = articles.first().map(|article| article.id.clone());
        let article = article.filter(|id| project.article(id).is_some()).or(first);
        let state = &mut self.state;
        state.project = Some(Arc::new(project));
        state.last_seq = last_seq;
        state.writer = writer;
        state.article = None;
        state.loading = None;
        state.past = None;
        state.relating = None;
        state.sweeping = false;
        state.active_at = None;
        state.to_pick = None;
        state.to_select = None;
        state.search = Arc::default();
        state.uses = Arc::new(state.uses.anew(None));
        state.recent = Arc::default();
        state.trail = Arc::default();
        state.next_project = None;
        state.copies = Arc::default();
        state.waiting = None;
        state.saving = Saving::default();
        // Older commits are read when something is to be taken back.
        state.history = Arc::new(History::new(state.annotator.clone()));
        state.history_from = last_seq + 1;
        state.held_back = Arc::default();
        if matches!(state.dialog, Some(Dialog::Projects)) {
            state.dialog = None;
        }
        if let Some(article) = article {
            self.open_article(&article);
        }
    }

    /// Whether the open project has all that a deployment brings, or cannot take it.
    pub fn is_known(&self, deployment: &Deployment) -> bool {
        let Some(project) = &self.state.project else { return true };
        if project.meta().id != deployment.project.id || !self.state.can_write() {
            return true;
        }
        let article_is_known = |entry: &Entry| {
            project.article(&entry.id).is_some_and(|known| {
                known.text == entry.sha256 || known.former_texts.contains(&entry.sha256)
            })
        };
        project.meta().extra.get(BROUGHT) == Some(&deployment.brings())
            && deployment.articles.iter().all(article_is_known)
    }

    /// The deployment that the page carries is open: what is new in it comes in.
    ///
    /// An article whose text changed is replaced where nobody has worked on it;
    /// else the older text stays until the annotator agrees to have both. Guidelines and scheme are
    /// the host's where the host has changed them, else those of the project, which may have been
    /// edited here.
    pub fn deployment_fetched(&mut self, deployment: &Deployment) {
        let Some(project) = self.state.project.clone() else { return };
        if project.meta().id != deployment.project.id || !self.state.can_write() {
            return;
        }
        let (transaction, held_back) = deployment_update(&project, deployment);
        if !held_back.is_empty() {
            self.effects.push(Effect::FetchNewer(held_back));
        }
        if !transaction.is_empty() {
            let group = self.new_group();
            // A conflict cannot be: the transaction was built from this very project.
            let _ = self.commit(transaction, group, None);
        }
        self.take_settings(&project, deployment);
        self.show_list(deployment);
        if self.state.article.is_none() && self.state.loading.is_none() {
            self.next_article(false);
        }
    }

    /// Where the page has a list for this annotator, shows that alone: other articles of the page may
    /// be stored here too, from visits under other names.
    pub fn show_list(&mut self, deployment: &Deployment) {
        let (Some(project), Some(others)) = (&self.state.project, &deployment.others) else {
            return;
        };
        if project.meta().id != deployment.project.id {
            return;
        }
        let own: Vec<_> = deployment.articles.iter().map(|entry| entry.id.clone()).collect();
        let project = project.with_list(&own, others);
        let open = self.state.article.as_ref().map(|article| &article.id);
        let open = self.state.loading.as_ref().or(open);
        let is_shown = open.is_none_or(|id| project.position(id).is_some());
        self.state.project = Some(Arc::new(project));
        if !is_shown {
            (self.state.article, self.state.loading) = (None, None);
            self.open_nearest(0);
        }
    }

    /// Takes guidelines and scheme that the host has changed, as an act that one undo takes back.
    fn take_settings(&mut self, before: &Project, deployment: &Deployment) {
        let Some(project) = self.state.project.clone() else { return };
        let brings = deployment.brings();
        let brought = before.meta().extra.get(BROUGHT);
        let is_new = |name| brought.and_then(|it| it.get(name)) != brings.get(name);
        let (mut meta, mut scheme, mut what) = ((**project.meta()).clone(), None, Vec::new());
        if is_new("guidelines") && meta.guidelines != deployment.project.guidelines {
            meta.guidelines.clone_from(&deployment.project.guidelines);
            what.push("other guidelines");
        }
        if is_new("scheme") {
            scheme = deployment.scheme.clone().filter(|other| *other != **project.scheme());
            what.extend(scheme.is_some().then_some("another scheme"));
        }
        if what.is_empty() {
            return;
        }
        let intent = if scheme.is_some() { Intent::ImportScheme } else { Intent::SetGuidelines };
        let taken = act::describe_project(&project, meta, scheme, intent);
        let group = self.new_group();
        // A conflict cannot be: the transaction was built from this very project.
        let _ = self.commit(taken, group, None);
        let text = format!("This page brings {}, in place of what was here.", what.join(" and "));
        self.notify(text, true, Some(Offer::Undo));
    }

    /// The deployment could not be fetched or read.
    pub fn deployment_failed(&mut self, why: &str) {
        let text = format!(
            "The articles of this page could not be opened. {why}. What is stored in this browser \
             is there all the same."
        );
        self.notify(text, true, Some(Offer::FetchDeployment));
    }

    /// Newer texts, of articles that carry work, have been fetched.
    pub fn hold_back(&mut self, newer: Vec<NewArticle>) {
        let count = newer.len();
        let text = match count {
            1 => "This page has a newer text of 1 article that you have worked on.".to_owned(),
            n => format!("This page has newer texts of {n} articles that you have worked on."),
        };
        self.hold(newer, format!("{text} Yours stay as they are."));
    }

    /// The annotator agrees: the newer texts come in beside the older ones.
    pub fn take_held_back(&mut self) {
        let newer = std::mem::take(&mut self.state.held_back);
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::TakeHeldBack)));
        self.add_read(newer.to_vec(), Vec::new());
    }

    /// Leaves the project for another, once all of this one is on disk.
    pub fn change_project(&mut self, to: Effect) {
        if self.state.saving.is_saved() {
            self.effects.push(to);
        } else {
            self.state.next_project = Some(Arc::new(to));
            self.announce("This project is saved first");
        }
    }

    /// Goes where one wanted to go when not all was on disk yet.
    pub fn change_project_when_saved(&mut self) {
        if self.state.saving.is_saved()
            && let Some(to) = self.state.next_project.take()
        {
            self.effects.push(Arc::unwrap_or_clone(to));
        }
    }

    /// Opens another project.
    pub fn open_project(&mut self, id: ProjectId) {
        self.state.dialog = None;
        if self.state.project.as_ref().is_none_or(|project| project.meta().id != id) {
            self.change_project(Effect::OpenProject(id));
        }
    }

    /// Makes an empty project and opens it.
    pub fn new_project(&mut self, title: &str) {
        let title = titled(title.trim());
        let id = ProjectId::from(self.ctx.new_id());
        let project = Project::new(Meta::new(id, title, self.ctx.now()));
        self.state.dialog = None;
        self.change_project(Effect::StoreProject(Box::new(project)));
    }

    /// Gives the open project another title.
    pub fn rename_project(&mut self, title: &str) {
        let Some(project) = self.state.project.clone() else { return };
        if !title.trim().is_empty() && self.act(act::rename_project(&project, title)) {
            self.effects.push(Effect::ListProjects);
        }
    }

    /// Asks before a project is deleted.
    pub fn ask_delete_project(&mut self, id: ProjectId) {
        let row = self.state.projects.iter().find(|row| row.id == id);
        let title = row.map_or(id.as_str(), |row| titled(&row.title)).to_owned();
        self.state.dialog = Some(Dialog::DeleteProject { id, title });
    }

    /// Deletes a project; it can be brought back from the list.
    pub fn delete_project(&mut self, id: ProjectId) {
        self.state.dialog = Some(Dialog::Projects);
        self.effects.push(Effect::DeleteProject(id, true));
    }

    /// Opens the dialog that asks for what a file needs.
    pub fn open_export(&mut self) {
        if self.state.project.is_some() {
            self.state.dialog = Some(Dialog::Export);
        }
    }

    /// Names the annotator, if that is new, and writes the file.
    pub fn export(&mut self, name: &str, layout: Layout) {
        let Some(project) = self.state.project.clone() else { return };
        let me = self.state.annotator.clone();
        let known = project.annotator(&me).map_or("", |annotator| annotator.name.as_str());
        if known != name.trim() && self.state.writer != Writer::Reading {
            let group = self.new_group();
            let named = act::name_annotator(&project, &me, name);
            // A conflict has said so; the file is written all the same.
            let _ = self.commit(named, group, None);
        }
        self.state.dialog = None;
        self.effects.push(Effect::Export(layout));
    }
}

/// What a deployment adds to the project: articles that were never there, texts that changed under
/// no work, and the name of what else it brings. And those articles whose text changed under work.
fn deployment_update(project: &Project, deployment: &Deployment) -> (Transaction, Vec<Article>) {
    let (mut new, mut changed, mut held_back) = (Vec::new(), Vec::new(), Vec::new());
    let mut known_texts: Vec<_> = project.articles().iter().map(|it| it.text.clone()).collect();
    sort_by(&mut known_texts, Ord::cmp);
    for article in deployment.articles.iter().map(Entry::to_article) {
        match project.article(&article.id) {
            None if act::was_removed(project, &article.id) => {}
            None => new.push(article),
            Some(_) if known_texts.binary_search(&article.text).is_ok() => {}
            // It was given another here.
            Some(known) if known.former_texts.contains(&article.text) => {}
            Some(known)
                if project.sets_of(&article.id).next().is_some() || !known.unplaced.is_empty() =>
            {
                held_back.push(article);
            }
            Some(known) => {
                let former_texts = known.former_texts.clone();
                changed.push(Article { order: known.order, former_texts, ..article });
            }
        }
    }
    let intent = || Intent::OpenDeployment;
    let added = act::add_articles(project, new, intent());
    let replaced = act::replace_articles(project, changed, intent());
    // The title is the person's: they may have given the project another.
    let mut meta = (**project.meta()).clone();
    meta.extra.insert(BROUGHT.to_owned(), deployment.brings());
    let opened = act::describe_project(project, meta, None, intent());
    (opened.then(added).then(replaced), held_back)
}
