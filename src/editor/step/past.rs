//! The history of the open article: looking back, and bringing back.

use std::sync::Arc;

use super::{Effect, Step};
use crate::annotation::ArticleId;
use crate::edit::{Change, Commit, Intent, past};
use crate::editor::state::{Past, describe};

impl Step<'_> {
    /// Asks for the open article's history; closes it where it is open.
    pub fn open_history(&mut self) {
        if self.state.past.is_some() {
            return self.close_history();
        }
        let Some(open) = &self.state.article else { return };
        let article = open.id.clone();
        self.end_typing();
        self.effects.push(Effect::LoadHistory { article, before: None });
    }

    /// Asks for what is older than what was read.
    pub fn older_history(&mut self) {
        let (Some(past), Some(open)) = (&self.state.past, &self.state.article) else { return };
        let before = past.commits.last().map(|oldest| oldest.seq);
        self.effects.push(Effect::LoadHistory { article: open.id.clone(), before });
    }

    /// A part of an article's history has come.
    pub fn history_read(
        &mut self,
        article: &ArticleId,
        before: Option<u64>,
        older: Vec<Arc<Commit>>,
        more: bool,
    ) {
        let Some(project) = self.state.project.clone() else { return };
        if self.state.article.as_ref().is_none_or(|open| open.id != *article) {
            return;
        }
        // What was done on an older text cannot be shown on this one.
        let of_this_text = |commit: &Arc<Commit>| {
            let changes = commit.transaction.changes().iter();
            changes.filter_map(Change::replaced_text).all(|replaced| replaced.id != *article)
        };
        let cut = |commits: Vec<Arc<Commit>>, more: bool| {
            let newer = commits.iter().take_while(|it| of_this_text(it)).count();
            match newer < commits.len() {
                true => (commits.into_iter().take(newer + 1).collect(), false),
                false => (commits, more),
            }
        };
        // Who stands at the oldest point that was known wants to see the next.
        let go_on = self
            .state
            .past
            .as_ref()
            .is_some_and(|past| before.is_some() && past.acts().last() == Some(&past.at));
        let past = match (before, &self.state.past) {
            (None, _) => {
                // What is done but not on disk yet is newer than all that was read.
                let unsaved = self.state.saving.commits.iter().rev();
                let newest = older.first().map_or(0, |newest| newest.seq);
                let own = unsaved.filter(|it| it.seq > newest && it.touched().contains(article));
                let (commits, more) =
                    cut(own.cloned().chain(older.iter().cloned()).collect(), more);
                Past { commits: Arc::new(commits), more, at: 0, project }
            }
            (Some(before), Some(past)) if past.commits.last().map(|it| it.seq) == Some(before) => {
                let (older, more) = cut(older, more);
                let commits = past.commits.iter().chain(&older).cloned().collect();
                Past { commits: Arc::new(commits), more, ..(**past).clone() }
            }
            // It was closed meanwhile.
            (Some(_), _) => return,
        };
        self.state.past = Some(Arc::new(past));
        if go_on {
            self.look_further(false);
        }
    }

    /// Shows the article as the commit at a place left it.
    pub fn look_at(&mut self, at: usize) {
        let (Some(past), Some(project), Some(open)) =
            (&self.state.past, &self.state.project, &self.state.article)
        else {
            return;
        };
        let mut looked = Past { at, ..(**past).clone() };
        looked.project = match looked.later() {
            [] => project.clone(),
            later => Arc::new(past::before(project, &open.id, later)),
        };
        let Some(commit) = looked.commits.get(at) else { return };
        let said = describe(project, commit.transaction.intent());
        self.state.past = Some(Arc::new(looked));
        self.show_anew();
        self.announce(if at == 0 { format!("Now: {said}") } else { said });
    }

    /// Looks at the next older point, or the next newer one.
    pub fn look_further(&mut self, newer: bool) {
        let Some(past) = &self.state.past else { return };
        let acts = past.acts();
        let at = acts.iter().position(|act| *act == past.at).unwrap_or_default();
        let next = if newer { at.checked_sub(1) } else { Some(at + 1) };
        match next.and_then(|next| acts.get(next).copied()) {
            Some(next) => self.look_at(next),
            None if newer => self.announce("This is the newest"),
            None if past.more => self.older_history(),
            None => self.announce("This is the oldest"),
        }
    }

    /// Makes the article again what it was at the point that is looked at, as one new act.
    pub fn bring_back(&mut self) {
        let (Some(past), Some(project), Some(open)) =
            (self.state.past.clone(), self.state.project.clone(), self.state.article.clone())
        else {
            return;
        };
        let Some(commit) = past.commits.get(past.at) else { return };
        let intent = Intent::BringBack { to: commit.at };
        let back = past::bring_back(&project, &past.project, &open.id, past.later(), intent);
        self.close_history();
        if back.is_empty() {
            return self.announce("It is as it was");
        }
        self.act(back);
    }

    /// Shows the article as it is.
    pub fn close_history(&mut self) {
        if self.state.past.take().is_some() {
            self.show_anew();
        }
    }
}
