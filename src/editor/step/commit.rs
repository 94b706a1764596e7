//! Making transactions true: commits, undo and redo, and what became of saving them.

use std::sync::Arc;

use super::{Effect, Step};
use crate::edit::{
    Change, Commit, CommitId, Conflict, Direction, Intent, IntentGroup, Transaction, act,
    file_commit,
};
use crate::editor::state::{Keeps, Offer, Storage, Writer, describe};
use crate::project::{Article, Key, Project, Value};

impl Step<'_> {
    /// A fresh name for what one wish leads to.
    pub fn new_group(&mut self) -> IntentGroup {
        IntentGroup::from(self.ctx.new_id())
    }

    /// Makes an act of the annotator true, if the tab may write, and says what was done.
    /// Whether anything changed.
    pub fn act(&mut self, transaction: Transaction) -> bool {
        let group = self.new_group();
        self.act_in(transaction, group)
    }

    /// As [`Step::act`], undone together with what else carries the group.
    pub fn act_in(&mut self, transaction: Transaction, group: IntentGroup) -> bool {
        let looks_back = self.state.past.is_some();
        if (transaction.is_empty() && !looks_back) || !self.may_write() {
            return false;
        }
        let intent = transaction.intent().clone();
        let done = self.commit(transaction, group, None).is_ok();
        if self.state.relating.as_ref().is_some_and(|relating| relating.asked) {
            self.state.relating = None;
        }
        if done && let Some(project) = &self.state.project {
            let said = describe(project, &intent);
            self.announce(said);
        }
        done
    }

    /// Whether acts are possible; a notice says why they are not.
    pub fn may_write(&mut self) -> bool {
        if self.state.can_write() {
            return true;
        }
        if self.state.past.is_some() {
            let text = "This is the article as it was. Go back to now to change it.";
            self.notify(text, false, Some(Offer::BackToNow));
            return false;
        }
        if self.state.sweeping {
            self.announce("One moment: many articles are being changed");
            return false;
        }
        if matches!(self.state.writer, Writer::Reading | Writer::HandingOver) {
            let text = "Another tab is annotating this project, so this one only reads.";
            self.notify(text, false, Some(Offer::TakeOver));
        }
        false
    }

    /// Applies a transaction and queues its commit to be saved.
    pub fn commit(
        &mut self,
        transaction: Transaction,
        intent_group: IntentGroup,
        undoes: Option<CommitId>,
    ) -> Result<(), Conflict> {
        let Some(project) = self.state.project.clone() else { return Ok(()) };
        let me = self.state.annotator.clone();
        if self.state.last_seq == 0 {
            // The project was only shown until now, as the page carries it.
            let first = file_commit(&project, 1, me.clone(), self.ctx);
            if !first.transaction.is_empty() {
                self.keep(first);
            }
        }
        if project.annotator(&me).is_none() && *transaction.intent() != Intent::NameAnnotator {
            let name = self.state.annotator_name.clone().unwrap_or_default();
            let introduced = act::name_annotator(&project, &me, &name);
            let group = self.new_group();
            self.commit(introduced, group, None)?;
        }
        let Some(project) = self.state.project.clone() else { return Ok(()) };
        let after = match transaction.apply(&project) {
            Ok(after) => after,
            Err(conflict) => {
                self.notify(format!("That could not be done: {conflict}."), false, None);
                return Err(conflict);
            }
        };
        // An undo that was offered for the act before would now take back this one.
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::Undo)));
        let replaced = self.state.article.as_ref().is_some_and(|open| {
            after.article(&open.id).is_some_and(|it| !it.text.names(&open.text))
        });
        if !replaced {
            self.follow(&transaction, &after);
        }
        let after = Arc::new(after);
        self.state.project = Some(after.clone());
        self.follow_uses(&transaction);
        if replaced && let Some(open) = self.state.article.take() {
            self.open_article(&open.id);
        }
        let open = self.state.article.as_ref().and_then(|open| project.article(&open.id));
        if let Some(gone) = open.filter(|open| after.article(&open.id).is_none()) {
            self.state.article = None;
            let before = project.position(&gone.id).unwrap_or_default();
            let left =
                project.listed_from(0).take(before).filter(|it| after.article(&it.id).is_some());
            self.open_nearest(left.count());
        }
        if transaction.changes().iter().any(|change| change.key == Key::Meta) {
            self.read_guidelines();
        }
        if transaction.changes().iter().any(|change| change.key == Key::Scheme) {
            self.follow_scheme();
        }
        let id = CommitId::from(self.ctx.new_id());
        self.keep(Commit {
            id,
            seq: self.state.last_seq + 1,
            at: self.ctx.now(),
            by: me,
            intent_group,
            undoes,
            transaction,
        });
        Ok(())
    }

    /// Queues a commit, the newest of the project, to be saved.
    fn keep(&mut self, commit: Commit) {
        let commit = Arc::new(commit);
        self.state.last_seq = commit.seq;
        Arc::make_mut(&mut self.state.history).push(commit.clone());
        Arc::make_mut(&mut self.state.saving.commits).push(commit);
        self.effects.push(Effect::Save);
    }

    /// Brings the open article's index up to date, and lets go of what is no more.
    fn follow(&mut self, transaction: &Transaction, after: &Project) {
        let Some(article) = &mut self.state.article else { return };
        let article = Arc::make_mut(article);
        for change in transaction.changes() {
            let Key::Annotation(set, _) = &change.key else { continue };
            if *set != article.set {
                continue;
            }
            let annotation = |value: &Option<Value>| match value {
                Some(Value::Annotation(annotation)) => Some(annotation.clone()),
                _ => None,
            };
            let (before, after) = (annotation(&change.from), annotation(&change.to));
            article.index.replace(&article.text, before.as_deref(), after.as_ref());
        }
        self.check_again(transaction, after);
        let Some(article) = &mut self.state.article else { return };
        let article = Arc::make_mut(article);
        let annotations = after.annotations(&article.set);
        let gone = |id: &_| annotations.is_none_or(|annotations| !annotations.contains_key(id));
        if article.picked.as_ref().is_some_and(gone) {
            article.picked = None;
            article.mode = Default::default();
        }
    }

    /// Takes back the newest act, or makes it again; loads what that needs first.
    pub fn take_back(&mut self, direction: Direction) {
        self.state.waiting = None;
        if !self.may_write() {
            return;
        }
        if self.state.history_from > 1 && self.state.history.must_look_back(direction) {
            self.state.waiting = Some(direction);
            self.effects.push(Effect::LoadCommits { before: self.state.history_from });
            return;
        }
        let commits = self.state.history.next(direction);
        let Some(first) = commits.first().cloned() else {
            return self.announce(match direction {
                Direction::Undo => "Nothing to undo",
                Direction::Redo => "Nothing to redo",
            });
        };
        let Some(project) = self.state.project.clone() else { return };
        let missing = missing_article(&project, &commits);
        if let Some(article) = missing.or_else(|| missing_text(&project, &commits)) {
            self.state.waiting = Some(direction);
            self.effects.push(Effect::LoadArticle(article));
            return;
        }
        let group = self.new_group();
        let what = Box::new(first.transaction.intent().root().clone());
        let intent = match direction {
            Direction::Undo => Intent::Undo { what },
            Direction::Redo => Intent::Redo { what },
        };
        for commit in &commits {
            let inverse = commit.transaction.invert().with_intent(intent.clone());
            if self.commit(inverse, group.clone(), Some(commit.id.clone())).is_err() {
                // What it changed is no more as it was: the acts before it must stay in reach.
                return Arc::make_mut(&mut self.state.history).give_up(&commits);
            }
        }
        self.go_to_change(&first, &intent);
    }

    /// Older commits of the history have come.
    pub fn older_commits(&mut self, commits: Vec<Arc<Commit>>) {
        self.state.history_from = commits.last().map_or(0, |oldest| oldest.seq);
        Arc::make_mut(&mut self.state.history).extend_back(commits);
        if let Some(direction) = self.state.waiting.take() {
            self.take_back(direction);
        }
    }

    /// Goes where something was undone or redone, and says what and where.
    fn go_to_change(&mut self, commit: &Commit, intent: &Intent) {
        let Some(project) = self.state.project.clone() else { return };
        let said = describe(&project, intent);
        let keys = commit.transaction.changes().iter().map(|change| &change.key);
        let place = keys.filter_map(|key| match key {
            Key::Annotation(set, _) | Key::Set(set) => project.article(&set.article),
            Key::Article(id) => project.article(id),
            _ => None,
        });
        let here = self.state.article.as_ref().map(|article| article.id.clone());
        let elsewhere = place.into_iter().next().filter(|place| here.as_ref() != Some(&place.id));
        let Some(article) = elsewhere else {
            self.show_change(commit);
            return self.announce(said);
        };
        let said = format!("{said}, in “{}”", article.title);
        self.open_article(&article.id);
        self.show_change(commit);
        self.notify(said.clone(), false, None);
        self.announce(said);
    }

    /// Goes to the annotation that a commit taken back has touched, and picks it if it is there.
    fn show_change(&mut self, commit: &Commit) {
        let Some(article) = &self.state.article else { return };
        let changes = commit.transaction.changes();
        if changes.iter().filter_map(Change::replaced_text).any(|it| it.id == article.id) {
            // What it touched lay on the other text.
            return;
        }
        let touched = changes.iter().find_map(|change| {
            let value = change.from.as_ref().or(change.to.as_ref());
            match (&change.key, value) {
                (Key::Annotation(set, _), Some(Value::Annotation(before))) => {
                    Some(before.clone()).filter(|_| *set == article.set)
                }
                _ => None,
            }
        });
        let Some(before) = touched else { return };
        let now = self.state.annotation(&before.id).cloned();
        if now.is_some() {
            self.set_picked(Some(before.id.clone()));
        }
        let place = now.unwrap_or(before).spans.first();
        self.collapse_selection(place.start());
        self.effects.push(Effect::Reveal(place));
    }

    /// Some commits and texts are on disk now.
    pub fn saved(&mut self, seq: u64, texts: usize) {
        let saving = &mut self.state.saving;
        if saving.commits.first().is_some_and(|first| first.seq <= seq) {
            Arc::make_mut(&mut saving.commits).retain(|commit| commit.seq > seq);
        }
        if texts > 0 {
            let stored = texts.min(saving.texts.len());
            Arc::make_mut(&mut saving.texts).drain(..stored);
        }
        saving.failed = None;
        if !saving.commits.is_empty() || !saving.texts.is_empty() {
            self.effects.push(Effect::Save);
        }
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::SaveUnsaved)));
        self.give_up_when_saved();
        self.change_project_when_saved();
        self.leave_if_saved();
        self.copy_when_due();
    }

    /// What is not saved stays here: it is tried again, and can be saved as a file.
    pub fn save_failed(&mut self, why: String) {
        let known = self.state.saving.failed.as_deref() == Some(&*why);
        let text = format!(
            "{why}. Your last acts are on this page only for now; saving them is tried again."
        );
        self.state.saving.failed = Some(why.into());
        if known {
            return;
        }
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::SaveUnsaved)));
        self.notify(text, true, Some(Offer::SaveUnsaved));
    }

    /// The browser was asked about its storage: where it is not what one expects, a notice says so,
    /// once.
    pub fn storage_known(&mut self, storage: Storage) {
        let before = self.state.storage.replace(storage);
        if storage.is_almost_full() && !before.is_some_and(|before| before.is_almost_full()) {
            let text = "This browser's storage is almost full. Export the project, and delete what \
                        other pages of this site store.";
            self.notify(text, true, Some(Offer::Export));
        }
        if before.is_some() {
            return;
        }
        if !storage.exclusive {
            let text = "This browser keeps no two tabs from writing one project here (the address \
                        is not https, or the browser is old). Use one tab only.";
            self.notify(text, true, None);
        }
        if storage.told {
            return;
        }
        match storage.keeps {
            Keeps::UntilDeleted => {}
            Keeps::WhileRoom => {
                let text = "This browser may clear what it stores, as when its disk is full or a \
                            private window is closed.";
                self.notify(text, false, Some(Offer::Export));
            }
            Keeps::SevenDays => {
                let text = "Safari deletes what a page stores when you do not visit it for seven \
                            days of using the browser. Save a copy of your work now and then, or \
                            add this page to the Dock or the Home Screen.";
                self.notify(text, true, Some(Offer::Export));
            }
        }
    }

    /// Another tab took the project over, or this one has it now.
    pub fn writer_changed(&mut self, writer: Writer) {
        let lost = self.state.writer == Writer::Writing && writer == Writer::Reading;
        self.state.writer = writer;
        if lost {
            self.announce("Another tab has taken over; this one only reads now");
        }
    }
}

/// An article that taking back these commits changes and that is not loaded;
/// it may have been removed from the project, and is then found in the commits.
fn missing_article(project: &Project, commits: &[Arc<Commit>]) -> Option<Arc<Article>> {
    let changes = || commits.iter().flat_map(|commit| commit.transaction.changes());
    let mut touched = changes().filter_map(|change| change.key.article());
    let missing = touched.find(|article| project.loaded(article).is_none())?;
    let removed = changes().find_map(|change| match &change.from {
        Some(Value::Article(article)) if article.id == *missing => Some(article),
        _ => None,
    });
    project.article(missing).or(removed).cloned()
}

/// An article as it was, that taking back these commits gives its former text, which is not at
/// hand.
fn missing_text(project: &Project, commits: &[Arc<Commit>]) -> Option<Arc<Article>> {
    let changes = commits.iter().flat_map(|commit| commit.transaction.changes());
    let mut former = changes.filter_map(Change::replaced_text);
    let missing = |article: &&Arc<Article>| {
        let loaded = project.text(&article.id);
        loaded.is_some_and(|text| !article.text.names(text)) && !project.has_text(&article.text)
    };
    former.find(missing).cloned()
}
