//! Several tabs on one project: one writes, the others follow.

use std::sync::Arc;

use super::{Effect, Step};
use crate::edit::{Commit, History};
use crate::editor::state::{Mode, Writer};
use crate::highlight::Index;

impl Step<'_> {
    /// Another tab has written commits up to this one.
    pub fn others_wrote(&mut self, seq: u64) {
        if self.state.writer == Writer::Reading && seq > self.state.last_seq {
            self.effects.push(Effect::LoadNewer { after: self.state.last_seq });
        }
    }

    /// What another tab has written has been read, oldest first: shown, at the same place.
    pub fn follow_others(&mut self, commits: &[Arc<Commit>]) {
        if self.state.writer != Writer::Reading {
            return;
        }
        for commit in commits {
            if commit.seq <= self.state.last_seq {
                continue;
            }
            let Some(project) = self.state.project.clone() else { return };
            let next = commit.seq == self.state.last_seq + 1;
            let after = commit.transaction.follow(&project).filter(|_| next);
            let Some(after) = after else {
                // It is not what this tab has read: all of it is read again.
                return self.effects.push(Effect::OpenProject(project.meta().id.clone()));
            };
            self.state.last_seq = commit.seq;
            self.state.project = Some(Arc::new(after));
            // What was the newest point of the history is so no more.
            self.state.past = None;
        }
        self.show_anew();
        // Nothing of this was done here: it is read from the store when this tab may undo it.
        self.state.history = Arc::new(History::new(self.state.annotator.clone()));
        self.state.history_from = self.state.last_seq + 1;
    }

    /// Another tab wants to write: from now on this one only reads, and gives the project up when
    /// all is on disk.
    pub fn hand_over(&mut self) {
        if self.state.writer == Writer::Writing {
            self.state.writer = Writer::HandingOver;
            self.announce("Another tab takes over; this one only reads now");
            self.give_up_when_saved();
        }
    }

    /// Gives the project up to the tab that asked for it, if nothing is left to write.
    pub fn give_up_when_saved(&mut self) {
        if self.state.writer == Writer::HandingOver && self.state.saving.is_saved() {
            self.state.writer = Writer::Reading;
            self.effects.push(Effect::GiveUpLock);
        }
    }

    /// Shows the open article as the project has it now, or another if it is gone.
    pub fn show_anew(&mut self) {
        let shown = self.state.shown().cloned();
        let (Some(project), Some(open)) = (shown, &mut self.state.article) else { return };
        let none = Default::default();
        let annotations = project.annotations(&open.set).unwrap_or(&none);
        let article = Arc::make_mut(open);
        article.index = Index::new(&article.text, annotations);
        if article.picked.as_ref().is_some_and(|picked| !annotations.contains_key(picked)) {
            article.picked = None;
            article.mode = Mode::Mark;
        }
        if project.article(&article.id).is_none() {
            self.state.article = None;
            self.open_nearest(0);
        }
    }
}
