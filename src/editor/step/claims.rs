//! Groups of annotations that repeat one claim.

use super::{Action, Effect, Step};
use crate::annotation::{ArticleId, GroupId, Place};
use crate::edit::act;
use crate::editor::state::Dialog;
use crate::sort::sort_by;

impl Step<'_> {
    /// Shows the groups, with the words of their members and of what denies them: the articles that have
    /// these are loaded for it.
    pub fn open_claims(&mut self) {
        let Some(project) = self.state.project.clone() else { return };
        if !matches!(self.state.dialog, Some(Dialog::Claims { .. })) {
            self.state.dialog = Some(Dialog::Claims { filter: String::new() });
        }
        let members = project.groups().into_iter().flat_map(|group| &group.members);
        let denials = project.relations().into_iter().map(|relation| &relation.from);
        let articles = members.chain(denials).map(|place| &place.article);
        let mut articles: Vec<&ArticleId> = articles.collect();
        sort_by(&mut articles, Ord::cmp);
        articles.dedup();
        let missing = articles.into_iter().filter(|id| project.loaded(id).is_none());
        let missing: Vec<_> = missing.filter_map(|id| project.article(id).cloned()).collect();
        if !missing.is_empty() {
            self.effects.push(Effect::LoadThen(missing, Box::new(Action::OpenClaims)));
        }
    }

    /// Writes the sentence of a group; all that is typed until the field is left is one intent.
    pub fn set_sentence(&mut self, group: &GroupId, sentence: &str) {
        let Some(project) = self.state.project.clone() else { return };
        self.type_in(act::set_sentence(&project, group, sentence));
    }

    /// Puts annotations into a group of their own.
    pub fn make_group(&mut self, members: Vec<Place>) {
        let Some(project) = self.state.project.clone() else { return };
        let (_, made) = act::make_group(&project, "", members, self.ctx);
        self.act(made);
    }

    /// Adds an annotation to a group.
    pub fn join_group(&mut self, group: &GroupId, place: &Place) {
        let Some(project) = self.state.project.clone() else { return };
        self.act(act::group_members(&project, group, [place]));
    }

    /// Takes an annotation out of a group.
    pub fn leave_group(&mut self, group: &GroupId, place: &Place) {
        let Some(project) = self.state.project.clone() else { return };
        self.act(act::ungroup(&project, group, place));
    }

    /// Makes one group of two.
    pub fn merge_groups(&mut self, into: &GroupId, from: &GroupId) {
        let Some(project) = self.state.project.clone() else { return };
        self.act(act::merge_groups(&project, into, from, self.deletion()));
    }

    /// Puts some members of a group into a new one.
    pub fn split_group(&mut self, group: &GroupId, members: &[Place]) {
        let Some(project) = self.state.project.clone() else { return };
        let (_, split) = act::split_group(&project, group, members, self.ctx);
        self.act(split);
    }

    /// Deletes a group; its members stay.
    pub fn delete_group(&mut self, group: &GroupId) {
        let Some(project) = self.state.project.clone() else { return };
        self.act(act::delete_group(&project, group, self.deletion()));
    }
}
