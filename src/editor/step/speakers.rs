//! Who speaks: names, merging and splitting, and how often each is pointed to.

use std::sync::Arc;

use super::sweep::Bulk;
use super::{Effect, Step};
use crate::annotation::{ArticleId, SpeakerId};
use crate::edit::{Change, Transaction, act};
use crate::editor::speakers::count;
use crate::editor::state::Dialog;
use crate::map::Map;
use crate::project::{Key, Value};

impl Step<'_> {
    /// Makes one speaker of two.
    pub fn merge_speakers(&mut self, into: SpeakerId, from: SpeakerId) {
        let Some(project) = self.state.project.clone() else { return };
        if into == from || project.speaker(&into).is_none() || project.speaker(&from).is_none() {
            return;
        }
        let first = act::take_names(&project, &into, &from);
        self.begin_sweep(Bulk::MergeSpeakers { into, from }, first);
    }

    /// Makes a speaker of one of the aliases of another, and gives them what that alias names.
    pub fn split_speaker(&mut self, from: SpeakerId, alias: String) {
        let Some(project) = self.state.project.clone() else { return };
        let Some((into, first)) = act::split_speaker(&project, &from, &alias, self.ctx) else {
            return;
        };
        self.begin_sweep(Bulk::SplitSpeaker { from, alias, into }, first);
    }

    /// Gives a speaker another name.
    pub fn rename_speaker(&mut self, id: &SpeakerId, name: &str) {
        let Some(project) = self.state.project.clone() else { return };
        let name = name.trim();
        let other = super::annotate::find_speaker(&project, name).filter(|other| other != id);
        if let Some(other) = other.and_then(|other| project.speaker(&other).cloned()) {
            let text = format!("“{}” is another speaker here. Merge the two instead.", other.name);
            return self.notify(text, false, None);
        }
        self.act(act::rename_speaker(&project, id, name));
    }

    /// Says by which other names a speaker goes, given with commas between them.
    pub fn set_aliases(&mut self, id: &SpeakerId, aliases: &str) {
        let Some(project) = self.state.project.clone() else { return };
        let aliases: Vec<String> = aliases.split(',').map(str::to_owned).collect();
        self.act(act::set_aliases(&project, id, &aliases));
    }

    /// Deletes a speaker that nothing points to; says so where something does.
    pub fn delete_speaker(&mut self, id: &SpeakerId) {
        let Some(project) = self.state.project.clone() else { return };
        if !self.state.uses.are_all() {
            let text = "Not all annotations are counted yet. Wait until they are.";
            return self.notify(text, false, None);
        }
        if let Some(uses) = self.state.uses.by_speaker.get(id) {
            let text =
                format!("{uses} annotations point to this speaker. Merge them into another.");
            return self.notify(text, false, None);
        }
        self.act(act::delete_speaker(&project, id, self.deletion()));
    }

    /// Shows the speakers, and counts how often each speaks.
    pub fn open_speakers(&mut self) {
        if self.state.project.is_some() {
            self.state.dialog = Some(Dialog::Speakers { filter: String::new() });
            self.count_uses();
        }
    }

    /// Counts anew who speaks in which annotations.
    fn count_uses(&mut self) {
        let Some(project) = self.state.project.clone() else { return };
        let annotated = |id: &ArticleId| project.sets_of(id).any(|(_, row)| row.total() > 0);
        let articles = project.articles().into_iter().map(|article| article.id.clone());
        let articles: Vec<_> = articles.filter(|id| annotated(id)).collect();
        let uses = self.state.uses.anew(Some(articles.len()));
        let run = uses.run;
        self.state.uses = Arc::new(uses);
        // With none it stops what is counted for before.
        self.effects.push(Effect::CountUses { articles, run });
    }

    /// Some articles are counted.
    pub fn uses_counted(&mut self, run: u32, articles: usize, by_speaker: &Map<SpeakerId, u32>) {
        if run == self.state.uses.run {
            Arc::make_mut(&mut self.state.uses).take(articles, by_speaker);
        }
    }

    /// They could not be counted, for this reason.
    pub fn uses_failed(&mut self, run: u32, why: &str) {
        if run == self.state.uses.run {
            self.stop_counting();
            self.notify(format!("Who speaks where could not be counted: {why}."), true, None);
        }
    }

    /// Counts no more; what was counted is not all.
    pub fn stop_counting(&mut self) {
        let uses = self.state.uses.anew(None);
        let run = uses.run;
        self.state.uses = Arc::new(uses);
        self.effects.push(Effect::CountUses { articles: Vec::new(), run });
    }

    /// Keeps what was counted true after a change.
    pub fn follow_uses(&mut self, transaction: &Transaction) {
        if self.state.uses.left.is_none() {
            return;
        }
        let annotations = |of: fn(&Change) -> &Option<Value>| {
            let changes = transaction.changes().iter();
            let changes = changes.filter(|it| matches!(it.key, Key::Annotation(..)));
            changes.filter_map(move |change| match of(change) {
                Some(Value::Annotation(annotation)) => Some(annotation),
                _ => None,
            })
        };
        let (mut before, mut after) = (Map::new(), Map::new());
        annotations(|it| &it.from).for_each(|it| count(it, &mut before));
        annotations(|it| &it.to).for_each(|it| count(it, &mut after));
        if before == after {
            return;
        }
        // What is counted while it changes may have it or not.
        match self.state.uses.are_all() {
            true => Arc::make_mut(&mut self.state.uses).replace(&before, &after),
            false => self.count_uses(),
        }
    }
}
