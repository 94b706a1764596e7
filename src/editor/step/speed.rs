//! What saves the hand: a held label, the same again elsewhere, the last values again.

use std::sync::Arc;

use super::{Action, Effect, Step};
use crate::annotation::{AnnotationId, ArticleId, Spans, Status};
use crate::edit::act;
use crate::editor::state::{Mode, Offer, label_name};
use crate::project::SetKey;
use crate::search::identical;

impl Step<'_> {
    /// Holds the label that has the key: what is selected from now on is marked with it at once.
    /// The same key again lets go of it; a selection is marked and the label held.
    pub fn hold_label(&mut self, key: char) {
        let Some(project) = self.state.project.clone() else { return };
        let mut text = [0; 4];
        let key: &str = key.encode_utf8(&mut text);
        let Some(label) = project.scheme().labels.iter().find(|label| label.key == key) else {
            return;
        };
        if self.state.held_label.as_ref() == Some(&label.id) {
            self.state.held_label = None;
            return self.announce("Label let go");
        }
        self.state.held_label = Some(label.id.clone());
        self.announce(format!("{}: what you select is marked at once; Escape ends", label.name));
        self.mark_held();
    }

    /// Marks the selection with the held label, if there are both; whether it did.
    pub fn mark_held(&mut self) -> bool {
        let marks = self.state.article.as_ref().is_some_and(|open| open.mode == Mode::Mark);
        let Some(label) = self.state.held_label.clone().filter(|_| marks) else { return false };
        if self.state.selected_span().is_none() {
            return false;
        }
        self.mark(&label);
        true
    }

    /// Marks every passage of the open article that reads as the picked annotation does, with its
    /// label and what was said of it; those that carry the label already are passed over.
    pub fn mark_identical(&mut self) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(picked) = self.state.picked().cloned() else {
            return self.announce("Pick an annotation first");
        };
        let Some(text) = self.state.article.as_ref().map(|open| open.text.clone()) else { return };
        if picked.spans.len() > 1 {
            return self.notify("A broken annotation has no identical passages.", false, None);
        }
        let others: Vec<Spans> = identical(&text, text.slice(picked.spans.first()))
            .into_iter()
            .filter_map(|span| Spans::new([span]).ok())
            .collect();
        let made = act::annotate_alike(&project, &set, &picked, others, self.ctx);
        let count = made.annotations();
        if count == 0 {
            return self.notify("No other passage here reads the same.", false, None);
        }
        if self.act(made) {
            let label = label_name(&project, &picked.label);
            let text = match count {
                1 => format!("1 more passage marked as {label}."),
                n => format!("{n} more passages marked as {label}."),
            };
            self.notify(text, false, Some(Offer::Undo));
        }
    }

    /// Gives the picked annotation what the last one was given, as far as its label has that and
    /// nothing is there: speakers without their mentions, and choices.
    pub fn repeat_values(&mut self) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(picked) = self.state.picked().cloned() else {
            return self.announce("Pick an annotation first");
        };
        let Some(label) = project.scheme().label(&picked.label) else { return };
        let missing = self.state.last_values.iter().filter(|(attribute, _)| {
            label.attributes.contains(attribute) && !picked.attributes.contains_key(attribute)
        });
        let values = missing.map(|(attribute, value)| (attribute.clone(), value.clone()));
        let repeated = act::set_attributes(&project, &set, &picked.id, values, self.ctx.now());
        if repeated.is_empty() {
            return self.announce("There is nothing to repeat");
        }
        self.act(repeated);
    }

    /// Remembers what an annotation was given, to be given to another.
    pub fn remember_values(&mut self, annotation: &AnnotationId) {
        let Some(annotation) = self.state.annotation(annotation) else { return };
        let values = act::without_places(&annotation.attributes);
        self.state.last_values = Arc::new(values);
    }

    /// Opens the next article that nobody has begun here, after the open one and then from the
    /// first.
    pub fn next_unannotated(&mut self) {
        let Some(project) = self.state.project.clone() else { return };
        let articles: Vec<_> = project.listed_from(0).collect();
        let open = self.state.article.as_ref().map(|open| &open.id);
        let at = articles.iter().position(|article| Some(&article.id) == open);
        let after = at.map_or(0, |at| at + 1);
        let is_untouched = |id: &ArticleId| {
            let row = project.set(&act::own_set(id, &self.state.annotator));
            row.is_none_or(|row| row.status() == Status::Todo && row.total() == 0)
        };
        let (before, later) = articles.split_at(after.min(articles.len()));
        let next =
            later.iter().chain(before).find(|it| Some(&it.id) != open && is_untouched(&it.id));
        match next.map(|article| article.id.clone()) {
            Some(id) => self.open_article(&id),
            None => self.notify("Every other article is begun, done or skipped.", false, None),
        }
    }

    /// Copies the annotator's annotations of another article with the very same text to the open
    /// one; those that are here already are passed over.
    pub fn copy_from_twin(&mut self) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(twin) = self.twin() else {
            return self.notify("No other article has the same text.", false, None);
        };
        if project.loaded(&twin).is_none() {
            let Some(article) = project.article(&twin).cloned() else { return };
            let then = Box::new(Action::CopyFromTwin);
            return self.effects.push(Effect::LoadThen(vec![article], then));
        }
        let from = act::own_set(&twin, &self.state.annotator);
        let copied = act::copy_annotations(&project, &from, &set, self.ctx);
        let count = copied.annotations();
        if self.act(copied) {
            let text = match count {
                1 => "1 annotation copied.".to_owned(),
                n => format!("{n} annotations copied."),
            };
            self.notify(text, false, Some(Offer::Undo));
        } else {
            self.announce("There is nothing to copy");
        }
    }

    /// Another article with the same text on which the annotator has worked.
    fn twin(&self) -> Option<ArticleId> {
        let project = self.state.project.as_ref()?;
        let open = self.state.article.as_ref()?;
        let annotated = |id: &ArticleId| {
            let set: SetKey = act::own_set(id, &self.state.annotator);
            project.set(&set).is_some_and(|row| row.total() > 0)
        };
        let articles = project.articles();
        let same = articles
            .iter()
            .find(|it| it.id != open.id && it.text.names(&open.text) && annotated(&it.id));
        same.map(|article| article.id.clone())
    }
}
