//! What can be undone and redone, found from the commits alone.

use std::collections::HashSet;
use std::rc::Rc;

use super::{Commit, CommitId, Intent};
use crate::annotation::AnnotatorId;

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
    undo: Vec<Rc<Commit>>,
    /// Oldest first; the last is redone next.
    redo: Vec<Rc<Commit>>,
    /// Commits that later ones have taken back, not yet met on the way back.
    taken_back: HashSet<CommitId>,
    /// Whether an act has been met or made: no undo that is older can be redone.
    redo_ends: bool,
}

impl History {
    /// A history with nothing in it.
    pub fn new(annotator: AnnotatorId) -> History {
        History {
            annotator,
            undo: Vec::new(),
            redo: Vec::new(),
            taken_back: HashSet::new(),
            redo_ends: false,
        }
    }

    /// Follows a commit that was just made.
    pub fn push(&mut self, commit: Rc<Commit>) {
        if commit.by != self.annotator || !commit.transaction.intent().can_be_undone() {
            return;
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
    pub fn extend_back(&mut self, newest_first: impl IntoIterator<Item = Rc<Commit>>) {
        let (mut undo, mut redo) = (Vec::new(), Vec::new());
        for commit in newest_first {
            if commit.by != self.annotator || !commit.transaction.intent().can_be_undone() {
                continue;
            }
            let taken_back = self.taken_back.remove(&commit.id);
            if let Some(target) = &commit.undoes {
                self.taken_back.insert(target.clone());
            }
            match commit.transaction.intent() {
                Intent::Undo { .. } if !taken_back && !self.redo_ends => redo.push(commit),
                Intent::Undo { .. } => {}
                Intent::Redo { .. } if taken_back => {}
                Intent::Redo { .. } => undo.push(commit),
                _ => {
                    // An act ends what could be redone before it, even if it was taken back since.
                    self.redo_ends = true;
                    if !taken_back {
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
    pub fn next(&self, direction: Direction) -> Vec<Rc<Commit>> {
        let stack = match direction {
            Direction::Undo => &self.undo,
            Direction::Redo => &self.redo,
        };
        let Some(last) = stack.last() else { return Vec::new() };
        let same = |commit: &&Rc<Commit>| commit.intent_group == last.intent_group;
        stack.iter().rev().take_while(same).cloned().collect()
    }
}

/// Takes the commit that `by` takes back off a stack, or keeps its name until it is met.
fn take(stack: &mut Vec<Rc<Commit>>, taken_back: &mut HashSet<CommitId>, by: &Commit) {
    let Some(target) = &by.undoes else { return };
    match stack.iter().rposition(|commit| commit.id == *target) {
        Some(at) => {
            stack.remove(at);
        }
        None => {
            taken_back.insert(target.clone());
        }
    }
}
