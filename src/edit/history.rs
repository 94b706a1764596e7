//! What can be undone and redone, found from the commits alone.

use std::sync::Arc;

use super::{Change, Commit, CommitId, Intent};
use crate::annotation::{AnnotatorId, ArticleId};
use crate::project::Key;

/// Back or forth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Take back.
    Undo,
    /// Make again.
    Redo,
}

/// One annotator's commits that can be undone and redone.
///
/// Undo is itself a commit, so that the same commits give the same history after a reload:
/// [`History::push`] follows new commits, [`History::extend_back`] reads older ones
/// in any number of steps, newest first, and both ways lead to the same history.
///
/// Limitation: what several commits of one intent group made is undone together only
/// while they stand next to each other.
#[derive(Clone, Debug)]
pub struct History {
    annotator: AnnotatorId,
    /// Oldest first; the last is undone next.
    undo: Vec<Arc<Commit>>,
    /// Oldest first; the last is redone next.
    redo: Vec<Arc<Commit>>,
    /// Commits that later ones have taken back, not yet met on the way back: few, since an act is
    /// undone soon after it was made.
    taken_back: Vec<CommitId>,
    /// Whether an act has been met or made: no undo that is older can be redone.
    redo_ends: bool,
    /// Articles whose text was replaced by what cannot be taken back here, which seldom happens: what
    /// was done on the older text stays as it is. What can be taken back brings the older text with
    /// it, before anything older comes to its turn.
    replaced: Vec<ArticleId>,
}

impl History {
    /// A history with nothing in it.
    pub fn new(annotator: AnnotatorId) -> History {
        History {
            annotator,
            undo: Vec::new(),
            redo: Vec::new(),
            taken_back: Vec::new(),
            redo_ends: false,
            replaced: Vec::new(),
        }
    }

    /// Follows a commit that was just made.
    pub fn push(&mut self, commit: Arc<Commit>) {
        if !self.can_take_back(&commit) {
            return self.leave_behind(replaced_by(&commit).collect());
        }
        match commit.transaction.intent() {
            Intent::Undo { .. } => {
                take(&mut self.undo, &mut self.taken_back, &commit);
                self.redo.push(commit);
            }
            Intent::Redo { .. } => {
                take(&mut self.redo, &mut self.taken_back, &commit);
                self.undo.push(commit);
            }
            _ => {
                self.redo.clear();
                self.redo_ends = true;
                self.undo.push(commit);
            }
        }
    }

    /// Reads commits that are older than all it has seen, given newest first.
    pub fn extend_back(&mut self, newest_first: impl IntoIterator<Item = Arc<Commit>>) {
        let (mut undo, mut redo) = (Vec::new(), Vec::new());
        for commit in newest_first {
            if !self.can_take_back(&commit) {
                self.replaced.extend(replaced_by(&commit));
                continue;
            }
            let lost = touches(&commit, &self.replaced);
            let taken_back = self.taken_back.iter().position(|id| *id == commit.id);
            let taken_back = taken_back.map(|at| self.taken_back.swap_remove(at)).is_some();
            if let Some(target) = &commit.undoes {
                self.taken_back.push(target.clone());
            }
            match commit.transaction.intent() {
                Intent::Undo { .. } if !taken_back && !self.redo_ends && !lost => {
                    redo.push(commit);
                }
                Intent::Undo { .. } => {}
                Intent::Redo { .. } if taken_back || lost => {}
                Intent::Redo { .. } => undo.push(commit),
                _ => {
                    // An act ends what could be redone before it, even if it was taken back since.
                    self.redo_ends = true;
                    if !taken_back && !lost {
                        undo.push(commit);
                    }
                }
            }
        }
        for (stack, older) in [(&mut self.undo, undo), (&mut self.redo, redo)] {
            stack.splice(0..0, older.into_iter().rev());
        }
    }

    /// The commits that one step takes back, in the order in which to take them back;
    /// empty if there is nothing to do.
    pub fn next(&self, direction: Direction) -> Vec<Arc<Commit>> {
        let stack = match direction {
            Direction::Undo => &self.undo,
            Direction::Redo => &self.redo,
        };
        let Some(last) = stack.last() else { return Vec::new() };
        let same = |commit: &&Arc<Commit>| commit.intent_group == last.intent_group;
        stack.iter().rev().take_while(same).cloned().collect()
    }

    /// Whether older commits must be read before [`History::next`] is all of that step:
    /// there is none yet, or the oldest that is known may have elder sisters in its group.
    pub fn must_look_back(&self, direction: Direction) -> bool {
        match direction {
            Direction::Undo => self.next(direction).len() == self.undo.len(),
            Direction::Redo => !self.redo_ends && self.next(direction).len() == self.redo.len(),
        }
    }

    /// Gives up commits that can no longer be taken back, so that those before them can.
    pub fn give_up(&mut self, commits: &[Arc<Commit>]) {
        for stack in [&mut self.undo, &mut self.redo] {
            stack.retain(|commit| !commits.iter().any(|it| it.id == commit.id));
        }
        self.leave_behind(commits.iter().flat_map(|commit| replaced_by(commit)).collect());
    }

    fn can_take_back(&self, commit: &Commit) -> bool {
        commit.by == self.annotator && commit.transaction.intent().can_be_undone()
    }

    /// Gives up what was done on these articles: they have other texts now, and keep them.
    fn leave_behind(&mut self, replaced: Vec<ArticleId>) {
        if replaced.is_empty() {
            return;
        }
        for stack in [&mut self.undo, &mut self.redo] {
            stack.retain(|commit| !touches(commit, &replaced));
        }
        // Older commits may be read only after this.
        self.replaced.extend(replaced);
    }
}

/// The articles whose text a commit replaces by another.
fn replaced_by(commit: &Commit) -> impl Iterator<Item = ArticleId> + '_ {
    let replaced = commit.transaction.changes().iter().filter_map(Change::replaced_text);
    replaced.map(|article| article.id.clone())
}

/// Whether a commit changes what lies on the text of one of these articles, or the record that
/// names the text.
fn touches(commit: &Commit, articles: &[ArticleId]) -> bool {
    let changes = commit.transaction.changes().iter();
    let mut changed = changes.filter_map(|change| match &change.key {
        Key::Article(id) => Some(id),
        key => key.article(),
    });
    changed.any(|article| articles.contains(article))
}

/// Takes the commit that `by` takes back off a stack, or keeps its name until it is met.
fn take(stack: &mut Vec<Arc<Commit>>, taken_back: &mut Vec<CommitId>, by: &Commit) {
    let Some(target) = &by.undoes else { return };
    match stack.iter().rposition(|commit| commit.id == *target) {
        Some(at) => {
            stack.remove(at);
        }
        None => taken_back.push(target.clone()),
    }
}
