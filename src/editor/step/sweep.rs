//! Acts over many articles: some at a time, as commits of one wish, undone as one.

use std::sync::Arc;

use super::search::marked_hits;
use super::{Action, Effect, Step};
use crate::annotation::{ArticleId, SpeakerId};
use crate::edit::act::scheme::{Rewrite, rewrite, set_scheme};
use crate::edit::{Change, Intent, IntentGroup, Transaction, act};
use crate::editor::state::{Offer, describe};
use crate::project::Project;
use crate::scheme::{LabelId, Scheme};
use crate::search::Hit;

/// How many articles are in memory for a sweep at once.
const AT_ONCE: usize = 50;

/// What is done to each article, and when all are done.
#[derive(Clone, Debug, PartialEq)]
pub enum Bulk {
    /// One speaker takes the place of another.
    MergeSpeakers {
        /// Who stays.
        into: SpeakerId,
        /// Who goes.
        from: SpeakerId,
    },
    /// What was found is marked.
    MarkHits {
        /// With this label.
        label: LabelId,
        /// Where, by article.
        hits: Arc<Vec<Hit>>,
    },
    /// What is named by an alias of one speaker is by another.
    SplitSpeaker {
        /// Who had the alias.
        from: SpeakerId,
        /// As in the text, whatever its capitals.
        alias: String,
        /// Whose name it is now.
        into: SpeakerId,
    },
    /// What annotations have is rewritten, for a scheme that the project has afterwards.
    Scheme {
        /// How.
        what: Rewrite,
        /// The scheme, whose version is set when it is given to the project.
        then: Arc<Scheme>,
        /// What was wished.
        intent: Intent,
    },
}

/// An act over many articles that is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    what: Bulk,
    /// The articles that are still to be changed, the next one last.
    rest: Vec<ArticleId>,
    /// How many there were.
    of: usize,
    /// How many annotations were changed so far.
    changed: usize,
    /// How many values could not be kept so far.
    lost: usize,
    group: IntentGroup,
}

impl Step<'_> {
    /// Begins an act over all articles that have annotations: first what concerns none of them.
    pub fn begin_sweep(&mut self, what: Bulk, first: Transaction) {
        if !self.may_write() {
            return;
        }
        let Some(project) = self.state.project.clone() else { return };
        let articles = project.articles().into_iter();
        let annotated = articles.filter(|it| match &what {
            Bulk::Scheme { what, .. } => super::scheme::may_have(&project, it, what),
            _ => project.sets_of(&it.id).any(|(_, row)| row.total() > 0),
        });
        let articles: Vec<ArticleId> = annotated.map(|article| article.id.clone()).collect();
        self.begin_sweep_over(articles, what, first);
    }

    /// Begins an act over these articles: first what concerns none of them.
    pub fn begin_sweep_over(&mut self, articles: Vec<ArticleId>, what: Bulk, first: Transaction) {
        if !self.may_write() {
            return;
        }
        let group = self.new_group();
        if !first.is_empty() && self.commit(first, group.clone(), None).is_err() {
            return;
        }
        let of = articles.len();
        let rest: Vec<ArticleId> = articles.into_iter().rev().collect();
        self.state.sweeping = true;
        self.sweep(Sweep { what, rest, of, changed: 0, lost: 0, group });
    }

    /// Does the next articles, or ends.
    pub fn sweep(&mut self, mut sweep: Sweep) {
        if !self.state.sweeping {
            return;
        }
        let next = sweep.rest.split_off(sweep.rest.len().saturating_sub(AT_ONCE));
        self.forget_others(&next);
        let Some(project) = self.state.project.clone() else { return };
        let missing: Vec<_> = next
            .iter()
            .filter(|id| project.loaded(id).is_none())
            .filter_map(|id| project.article(id).cloned())
            .collect();
        if !missing.is_empty() {
            self.say_how_far(&sweep);
            sweep.rest.extend(next);
            let then = Box::new(Action::Sweep(Box::new(sweep)));
            return self.effects.push(Effect::LoadThen(missing, then));
        }
        let mut changes: Vec<Change> = Vec::new();
        // The next one stands last.
        for id in next.iter().rev() {
            changes.extend(self.changes_in(&project, id, &sweep.what));
        }
        let mut rewritten = 0;
        if let Bulk::Scheme { what, .. } = &sweep.what {
            let done = rewrite(&project, &next, what, &self.deletion());
            sweep.lost += done.lost;
            rewritten = done.annotations;
            changes = done.changes;
        }
        let transaction = Transaction::new(sweep.what.intent(), changes);
        // Those without a place are changed with the records of their articles.
        sweep.changed += transaction.annotations().max(rewritten);
        if !transaction.is_empty() && self.commit(transaction, sweep.group.clone(), None).is_err() {
            return self.end_sweep(&sweep);
        }
        if !sweep.rest.is_empty() {
            // Through the queue, so that what comes meanwhile has its turn.
            return self
                .effects
                .push(Effect::LoadThen(Vec::new(), Box::new(Action::Sweep(Box::new(sweep)))));
        }
        if let (Some(project), Bulk::MergeSpeakers { from, .. }) =
            (&self.state.project, &sweep.what)
        {
            let gone = act::drop_speaker(&project.clone(), from, self.deletion());
            // A conflict has said so; what is left of the speaker is no harm.
            let _ = self.commit(gone, sweep.group.clone(), None);
        }
        if let (Some(project), Bulk::Scheme { then, intent, .. }) =
            (&self.state.project, &sweep.what)
        {
            let scheme = set_scheme(project, (**then).clone(), intent.clone());
            // A conflict has said so; what is rewritten then is taken back by one undo.
            let _ = self.commit(scheme, sweep.group.clone(), None);
        }
        self.end_sweep(&sweep);
    }

    fn changes_in(&mut self, project: &Project, article: &ArticleId, what: &Bulk) -> Vec<Change> {
        let now = self.ctx.now();
        match what {
            Bulk::MergeSpeakers { into, from } => act::repoint(project, article, from, into, now),
            Bulk::SplitSpeaker { from, alias, into } => {
                act::repoint_mentions(project, article, from, alias, into, now)
            }
            // It is done for many articles at once.
            Bulk::Scheme { .. } => Vec::new(),
            Bulk::MarkHits { label, hits } => {
                let set = act::own_set(article, &self.state.annotator);
                marked_hits(project, article, label, hits, &set, self.ctx)
            }
        }
    }

    fn say_how_far(&mut self, sweep: &Sweep) {
        let done = sweep.of - sweep.rest.len();
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::StopSweep)));
        let text = format!("Changing annotations: {done} of {} articles…", sweep.of);
        self.notify(text, true, Some(Offer::StopSweep));
    }

    fn end_sweep(&mut self, sweep: &Sweep) {
        self.state.sweeping = false;
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::StopSweep)));
        let annotations = match sweep.changed {
            1 => "1 annotation".to_owned(),
            n => format!("{n} annotations"),
        };
        let mut text = format!("{}, {annotations} {}.", self.said(&sweep.what), sweep.what.verb());
        if sweep.lost > 0 {
            let values = crate::editor::scheme::counted(sweep.lost as u32, "value");
            text.push_str(&format!(" {values} could not be kept."));
        }
        self.announce(text.clone());
        self.notify(text, false, Some(Offer::Undo));
    }

    fn said(&self, what: &Bulk) -> String {
        match (what, &self.state.project) {
            (Bulk::Scheme { intent, .. }, Some(project)) => describe(project, intent),
            _ => what.done().to_owned(),
        }
    }

    /// Stops an act over many articles: what is done stays, and one undo takes it back.
    pub fn stop_sweep(&mut self) {
        self.state.sweeping = false;
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::StopSweep)));
        self.notify("Stopped. Some articles are changed already.", false, Some(Offer::Undo));
    }
}

impl Bulk {
    fn intent(&self) -> Intent {
        match self {
            Bulk::MergeSpeakers { .. } => Intent::MergeSpeakers,
            Bulk::SplitSpeaker { .. } => Intent::SplitSpeaker,
            Bulk::MarkHits { .. } => Intent::MarkAlike,
            Bulk::Scheme { intent, .. } => intent.clone(),
        }
    }

    fn done(&self) -> &'static str {
        match self {
            Bulk::MergeSpeakers { .. } => "Speakers merged",
            Bulk::SplitSpeaker { .. } => "Speaker split",
            Bulk::MarkHits { .. } => "Hits marked",
            Bulk::Scheme { .. } => "Scheme changed",
        }
    }

    /// What became of the annotations.
    fn verb(&self) -> &'static str {
        match self {
            Bulk::Scheme { what: Rewrite::Delete { .. }, .. } => "deleted",
            _ => "changed",
        }
    }
}
