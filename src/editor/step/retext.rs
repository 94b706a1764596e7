//! Giving an article another text: written, compared, changed; and what has no place in it.

use std::sync::Arc;

use super::{Action, Effect, Focus, Step};
use crate::annotation::{AnnotationId, ArticleId};
use crate::edit::act::retext::{Plan, give_up_unplaced, retext_as_planned};
use crate::editor::compare::outcome;
use crate::editor::state::{Comparing, Dialog, Mode, NewText, Offer};
use crate::format::articles::pasted;
use crate::format::{NewArticle, Problem};
use crate::text::Text;

impl Step<'_> {
    /// Shows the open article's text, to be changed.
    pub fn write_text(&mut self) {
        if !self.may_write() {
            return;
        }
        let Some(open) = &self.state.article else { return };
        let (article, text) = (open.id.clone(), open.text.clone());
        self.state.dialog = Some(Dialog::WriteText { article, text, problem: None });
    }

    /// Compares what was written with the article's text.
    pub fn compare_written(&mut self, written: &str) {
        let Some(Dialog::WriteText { article, text, .. }) = self.state.dialog.clone() else {
            return;
        };
        let now = self.state.project.as_ref().and_then(|it| it.article(&article)).cloned();
        let (text, problem) = match (pasted(written, None), now) {
            (Err(Problem { what, remedy, .. }), _) => (text, Some(format!("{what}. {remedy}."))),
            (Ok(new), Some(now)) if now.text == new.article.text => {
                let what = "This is the text that the article has. Change something in it first.";
                (new.text, Some(what.to_owned()))
            }
            (Ok(new), _) => {
                self.compare(&article, new.text.clone(), NewText::Written);
                (new.text, None)
            }
        };
        self.state.dialog = Some(Dialog::WriteText { article, text, problem });
    }

    /// Back from the comparison to what was written.
    pub fn write_on(&mut self) {
        if let Some(Dialog::Retext { plan, from: NewText::Written }) = self.state.dialog.clone() {
            let (article, text) = (plan.article().clone(), plan.text().clone());
            self.state.dialog = Some(Dialog::WriteText { article, text, problem: None });
        }
    }

    fn compare(&mut self, article: &ArticleId, new: Text, from: NewText) {
        let Some(mine) = self.state.project.clone() else { return };
        let article = article.clone();
        self.effects.push(Effect::Compare(Box::new(Comparing { mine, article, new, from })));
    }

    /// Goes on to the text at this place of those held back; says which are left where it was the
    /// last.
    pub fn compare_held_back(&mut self, at: usize) {
        if !self.may_write() {
            return self.say_held_back();
        }
        let Some(project) = self.state.project.clone() else { return };
        let Some(new) = self.state.held_back.get(at).cloned() else {
            if matches!(self.state.dialog, Some(Dialog::Retext { .. })) {
                self.state.dialog = None;
            }
            return self.say_held_back();
        };
        let Some(article) = project.article(&new.article.id) else { return self.let_go(at) };
        if article.text == new.article.text {
            self.let_go(at);
        } else if project.loaded(&article.id).is_none() {
            let then = Box::new(Action::CompareHeldBack(at));
            self.effects.push(Effect::LoadThen(vec![article.clone()], then));
        } else {
            self.compare(&article.id, new.text, NewText::HeldBack(at));
        }
    }

    /// There is nothing to compare at this place any more.
    fn let_go(&mut self, at: usize) {
        Arc::make_mut(&mut self.state.held_back).remove(at);
        self.compare_held_back(at);
    }

    /// What another text would do is known: shown, unless something else was turned to meanwhile.
    pub fn compared(&mut self, asked: Comparing, plan: Plan) {
        let Comparing { mine, article, new, from } = asked;
        let Some(project) = self.state.project.clone() else { return };
        if project.meta().id != mine.meta().id {
            return;
        }
        let is_awaited = match (from, &self.state.dialog) {
            (NewText::Written, Some(Dialog::WriteText { article: open, .. })) => *open == article,
            // It was shown, and something has changed since.
            (NewText::Written, Some(Dialog::Retext { plan, from: NewText::Written })) => {
                *plan.article() == article
            }
            (NewText::HeldBack(_), None | Some(Dialog::Retext { .. })) => true,
            _ => false,
        };
        if !is_awaited {
            if from != NewText::Written {
                self.say_held_back();
            }
            return;
        }
        if !plan.holds(&project) {
            return match from {
                NewText::HeldBack(at) => self.compare_held_back(at),
                NewText::Written => self.compare(&article, new, from),
            };
        }
        self.announce(outcome(&plan));
        self.state.dialog = Some(Dialog::Retext { plan: Arc::new(plan), from });
    }

    /// Gives the article the text that was compared, and what lies on it its new places.
    pub fn change_text(&mut self) {
        let Some(Dialog::Retext { plan, from }) = self.state.dialog.clone() else { return };
        let Some(project) = self.state.project.clone() else { return };
        if !self.may_write() {
            return;
        }
        let Some(changed) = retext_as_planned(&project, &plan) else {
            return self.compare(plan.article(), plan.text().clone(), from);
        };
        // Undo needs the older one, which may have come with the page and not be stored.
        let texts = [plan.diff.old().clone(), plan.text().clone()];
        Arc::make_mut(&mut self.state.saving.texts).extend(texts);
        self.state.project = Some(Arc::new(project.with_text(plan.text().clone())));
        self.state.dialog = None;
        let open = self.state.article.as_ref().filter(|open| open.id == *plan.article());
        let caret = open.map(|open| plan.diff.near(open.head));
        if !self.act(changed) {
            return;
        }
        if let Some(caret) = caret {
            self.collapse_selection(caret);
        }
        let text = format!("Text changed. {}", outcome(&plan));
        self.notify(text, false, Some(Offer::Undo));
        if let NewText::HeldBack(at) = from {
            self.let_go(at);
        }
    }

    /// Leaves the text at this place as it is, and goes on to the next that is held back.
    pub fn skip_held_back(&mut self) {
        if let Some(Dialog::Retext { from: NewText::HeldBack(at), .. }) = self.state.dialog {
            self.compare_held_back(at + 1);
        }
    }

    /// Closes what stands over the page; texts that wait to be compared are not forgotten.
    pub fn close_dialog(&mut self) {
        match self.state.dialog.take() {
            Some(Dialog::Retext { from: NewText::HeldBack(_), .. }) => self.say_held_back(),
            Some(Dialog::Speakers { .. }) if !self.state.uses.are_all() => self.stop_counting(),
            Some(Dialog::Find(find)) => self.state.dialog = find.over.map(|over| *over),
            _ => {}
        }
    }

    /// Keeps other texts of articles that are here until a person says what is to be done.
    pub fn hold(&mut self, newer: Vec<NewArticle>, said: String) {
        if newer.is_empty() {
            return;
        }
        let held_back = Arc::make_mut(&mut self.state.held_back);
        held_back.retain(|held| newer.iter().all(|new| new.article.id != held.article.id));
        held_back.extend(newer);
        self.notify(said, true, Some(Offer::TakeHeldBack));
    }

    /// Says that texts wait, and for what; none does where none is left.
    pub fn say_held_back(&mut self) {
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::TakeHeldBack)));
        let text = match self.state.held_back.len() {
            0 => return,
            1 => "1 article may get another text. It stays as it is until you say so.".to_owned(),
            n => {
                format!("{n} articles may get other texts. They stay as they are until you say so.")
            }
        };
        self.notify(text, true, Some(Offer::TakeHeldBack));
    }

    /// Shows the annotations that have no place in the text.
    pub fn show_unplaced(&mut self) {
        if self.own_unplaced(None) {
            self.close_side();
            self.effects.push(Effect::ShowSide);
            self.effects.push(Effect::Focus(Focus::Unplaced));
        } else {
            self.announce("Every annotation of this article has its place");
        }
    }

    /// Whether this one of the annotator's own annotations, or any, has no place in the open text.
    fn own_unplaced(&self, id: Option<&AnnotationId>) -> bool {
        let (Some(project), Some(open)) = (&self.state.project, &self.state.article) else {
            return false;
        };
        project.article(&open.id).is_some_and(|article| {
            let mut own = article.unplaced.iter().filter(|it| it.owner == open.set.owner);
            own.any(|it| id.is_none_or(|id| it.id == *id))
        })
    }

    /// Says that an annotation which was to be picked has no place, where that is why it cannot be.
    pub fn say_unplaced(&mut self, id: &AnnotationId) {
        if self.own_unplaced(Some(id)) {
            self.close_side();
            self.effects.push(Effect::ShowSide);
            self.announce("It has no place in the text");
        }
    }

    /// Asks for the place of an annotation that has none.
    pub fn start_placing(&mut self, id: AnnotationId) {
        if !self.own_unplaced(Some(&id)) {
            return;
        }
        self.set_picked(None);
        let mode = Mode::Place { annotation: id };
        self.select_for(mode, "Select where it belongs; Enter places it, Escape ends");
    }

    /// Deletes an annotation that has no place.
    pub fn give_up(&mut self, id: &AnnotationId) {
        let Some((project, set)) = self.own_set() else { return };
        if self.act(give_up_unplaced(&project, &set, id, self.deletion())) {
            self.notify("The annotation was given up.", false, Some(Offer::Undo));
        }
    }
}
