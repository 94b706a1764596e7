//! A file of a project that is here already: merged into it, put in its place, or kept beside it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Action, Effect, Merging, Step};
use crate::annotation::ArticleId;
use crate::edit::Transaction;
use crate::edit::merge::{
    Decisions, Merge, longer_times, needed, needed_to_restore, restore, with_texts,
};
use crate::editor::state::{Dialog, Incoming, Offer};
use crate::format::Problem;
use crate::project::{Key, Meta, NotLoaded, Project, ProjectId, Value, titled};
use crate::text::TextHash;

impl Step<'_> {
    /// A project's file was read: stored if it is new here, else shown with what differs.
    pub fn project_read(&mut self, incoming: Arc<Incoming>) {
        let id = incoming.project.meta().id.clone();
        let open = self.state.project.clone().filter(|mine| mine.meta().id == id);
        let Some(mine) = open else {
            if self.state.projects.iter().any(|row| row.id == id) {
                let again = Action::ProjectRead(incoming);
                self.change_project(Effect::OpenThen(id, Box::new(again)));
                return;
            }
            let Incoming { project, problems, .. } = &*incoming;
            self.report_opened(&project.meta().title, problems.clone());
            self.change_project(Effect::StoreProject(Box::new(project.clone())));
            return;
        };
        let missing = needed(&mine, &incoming.project);
        if !self.load_then(&mine, missing, || Action::ProjectRead(incoming.clone())) {
            self.ask_merge(incoming, Decisions::default(), false);
        }
    }

    /// A project's file was stored on the way: opened.
    pub fn project_taken_in(
        &mut self,
        id: ProjectId,
        title: &str,
        made: bool,
        problems: Vec<Problem>,
    ) {
        self.report_opened(title, problems);
        if made {
            let what = "is large and became a project of its own, with the labels and guidelines of \
                        the one that was open.";
            self.notify(format!("“{}” {what}", titled(title)), true, None);
        }
        self.change_project(Effect::OpenProject(id));
    }

    /// Shows what of a file that is opened could not be taken, if there is something.
    fn report_opened(&mut self, title: &str, problems: Vec<Problem>) {
        if !problems.is_empty() {
            let (summary, problems) =
                (format!("“{}” was opened.", titled(title)), Arc::new(problems));
            self.state.dialog = Some(Dialog::Report { summary, problems });
        }
    }

    /// Loads articles and then does something; whether there was any to load.
    fn load_then(
        &mut self,
        project: &Project,
        articles: Vec<ArticleId>,
        then: impl FnOnce() -> Action,
    ) -> bool {
        let articles: Vec<_> =
            articles.iter().filter_map(|id| project.article(id)).cloned().collect();
        let any = !articles.is_empty();
        if any {
            self.effects.push(Effect::LoadThen(articles, Box::new(then())));
        }
        any
    }

    fn ask_merge(&mut self, incoming: Arc<Incoming>, decisions: Decisions, decided: bool) {
        let Some(mine) = self.state.project.clone() else { return };
        let seq = self.state.last_seq;
        let asked = Merging { mine, seq, incoming, decisions, decided };
        self.effects.push(Effect::Merge(Box::new(asked)));
    }

    /// What merging does is known: shown or done, unless the project has changed meanwhile.
    pub fn merged(&mut self, asked: Merging, merge: Merge) {
        let Merging { seq, incoming, decisions, decided, .. } = asked;
        let id = &incoming.project.meta().id;
        let same = self.state.project.as_ref().is_some_and(|mine| mine.meta().id == *id);
        if !same || self.state.last_seq != seq {
            return self.project_read(incoming);
        }
        if decided {
            return self.merge_in(&incoming, merge.transaction);
        }
        let (merge, decisions) = (Arc::new(merge), Arc::new(decisions));
        self.state.dialog = Some(Dialog::Merge { incoming, merge, decisions });
    }

    /// Changes what is decided in the dialog.
    pub fn decide(&mut self, change: impl FnOnce(&mut Decisions)) {
        if let Some(Dialog::Merge { decisions, .. }) = &mut self.state.dialog {
            let mut changed = (**decisions).clone();
            change(&mut changed);
            *decisions = Arc::new(changed);
        }
    }

    /// Merges the file, as the dialog says.
    pub fn merge_theirs(&mut self) {
        let Some(Dialog::Merge { incoming, merge, decisions }) = self.state.dialog.clone() else {
            return;
        };
        if *decisions == Decisions::default() {
            self.merge_in(&incoming, merge.transaction.clone());
        } else {
            self.ask_merge(incoming, (*decisions).clone(), true);
        }
    }

    fn merge_in(&mut self, incoming: &Incoming, transaction: Transaction) {
        if transaction.is_empty() {
            self.state.dialog = None;
            self.take_times(&incoming.project);
            self.notify("As decided, the file changes nothing in this project.", false, None);
        } else if self.take_in(incoming, transaction) {
            self.notify("The file was merged into this project.", false, Some(Offer::Undo));
        }
    }

    /// Makes a transaction true that brings what a file has, texts included.
    fn take_in(&mut self, incoming: &Incoming, transaction: Transaction) -> bool {
        if !self.may_write() {
            return false;
        }
        let Some(project) = self.state.project.clone() else { return false };
        let named =
            transaction.changes().iter().filter_map(|change| match (&change.key, &change.to) {
                (Key::Article(_), Some(Value::Article(article))) => Some(&article.text),
                _ => None,
            });
        let named: BTreeSet<&TextHash> = named.collect();
        let theirs = &incoming.project;
        let texts = theirs.loaded_articles().filter_map(|id| theirs.text(id));
        let new = texts.filter(|text| named.contains(&TextHash::from(text.hash()))).cloned();
        Arc::make_mut(&mut self.state.saving.texts).extend(new);
        let ready = with_texts(&project, &transaction, theirs);
        self.state.project = Some(Arc::new(ready));
        self.state.dialog = None;
        let done = self.act(transaction);
        self.take_times(theirs);
        done
    }

    /// Takes over how much time was spent on articles, where a file knows of more.
    fn take_times(&mut self, theirs: &Project) {
        let Some(mine) = self.state.project.clone() else { return };
        for (set, seconds) in longer_times(&mine, theirs) {
            self.set_seconds(set, seconds);
        }
    }

    /// Stores the file as a project of its own.
    pub fn keep_copy(&mut self) {
        let Some(Dialog::Merge { incoming, .. }) = self.state.dialog.take() else { return };
        let theirs = &incoming.project;
        let id = ProjectId::from(self.ctx.new_id());
        let title = format!("{} (copy)", theirs.meta().title);
        let meta = Meta { id, title, ..(**theirs.meta()).clone() };
        self.change_project(Effect::StoreProject(Box::new(theirs.with_meta(meta))));
    }

    /// Shows what would change if the project were made what the file has.
    pub fn ask_restore(&mut self) {
        let Some(Dialog::Merge { incoming, .. }) = self.state.dialog.clone() else { return };
        let Some(mine) = self.state.project.clone() else { return };
        let missing = needed_to_restore(&mine, &incoming.project);
        if self.load_then(&mine, missing, || Action::AskRestore) {
            return;
        }
        match restore(&mine, &incoming.project, &incoming.file) {
            Ok(restore) => {
                let restore = Arc::new(restore);
                self.state.dialog = Some(Dialog::Restore { incoming, restore });
            }
            Err(NotLoaded(article)) => {
                self.notify(format!("The article “{article}” is not loaded."), true, None);
            }
        }
    }

    /// Makes the project what the file has.
    pub fn restore(&mut self) {
        let Some(Dialog::Restore { incoming, restore }) = self.state.dialog.clone() else { return };
        if self.take_in(&incoming, restore.transaction.clone()) {
            let text = format!("This project is as in “{}” now.", incoming.file);
            self.notify(text, false, Some(Offer::Undo));
        }
    }
}
