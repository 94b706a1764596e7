//! What of an article is none of it: marked by hand, and proposed.

use std::sync::Arc;

use super::{Action, Effect, Step};
use crate::annotation::ArticleId;
use crate::edit::act;
use crate::editor::state::{Notice, Offer, OpenArticle};
use crate::project::{Project, Region};
use crate::sort::sort_by;
use crate::suggest::boilerplate;
use crate::text::{Span, Text};

impl Step<'_> {
    /// Marks the selection as boilerplate; takes that away where all of it is so already, and at
    /// the caret where nothing is selected.
    pub fn toggle_region(&mut self) {
        let (Some(project), Some(open)) = (self.state.project.clone(), self.state.article.clone())
        else {
            return;
        };
        let Some(article) = project.article(&open.id) else { return };
        let selected = open.text.trim(open.selection());
        if selected.is_empty() {
            let caret = Span::empty(open.head);
            if !article.regions.iter().any(|region| region.span.touches(caret)) {
                return self.announce("Select some text first");
            }
            self.act(act::unset_region(&project, &open.id, caret));
            return;
        }
        if is_covered(&open.text, selected, &article.regions) {
            self.act(act::unset_region(&project, &open.id, selected));
            return;
        }
        let span = grown(&open, selected);
        if self.act(act::set_region(&project, &open.id, [span])) {
            self.effects.push(Effect::DropSelection);
            self.collapse_selection(span.end());
            // What is proposed may be marked by this already.
            let is_old = |notice: &Notice| matches!(&notice.offer, Some(Offer::MarkProposed(id, _)) if *id == open.id);
            if self.state.notices.iter().any(is_old) {
                self.drop_notices(&is_old);
                self.propose(&open.id);
            }
        }
    }

    /// Says what of the open article looks like none of it, and offers to mark that.
    pub fn propose_regions(&mut self) {
        let Some(open) = self.state.article.as_ref().map(|open| open.id.clone()) else { return };
        if !self.propose(&open) {
            let text = "Nothing more in this article looks like none of it.";
            self.notify(text, false, None);
        }
    }

    /// Does so by itself at the first annotation of an article in which nothing is boilerplate, once
    /// in a visit.
    pub fn propose_once(&mut self) {
        let (Some(project), Some(open)) = (&self.state.project, &self.state.article) else {
            return;
        };
        let id = open.id.clone();
        let has_some = project.article(&id).is_none_or(|article| !article.regions.is_empty());
        if has_some || self.state.proposed.contains(&id) {
            return;
        }
        Arc::make_mut(&mut self.state.proposed).push(id.clone());
        self.propose(&id);
    }

    fn propose(&mut self, id: &ArticleId) -> bool {
        let Some(project) = &self.state.project else { return false };
        let spans = proposed(project, id, &self.state.annotator);
        let Some(first) = spans.first() else { return false };
        let words = project.text(id).map_or("", |text| text.slice(*first));
        let words: String = words.chars().take(40).collect();
        let text = match spans.len() {
            1 => format!("A passage of this article looks like none of it: “{words}”"),
            n => format!("{n} passages of this article look like none of it, as “{words}”"),
        };
        let offer = Offer::MarkProposed(id.clone(), spans.len());
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::MarkProposed(..))));
        self.notify(text, true, Some(offer));
        true
    }

    /// Marks what is proposed of an article as boilerplate, all of it as one act.
    pub fn mark_proposed(&mut self, id: &ArticleId) {
        let Some(project) = self.state.project.clone() else { return };
        let Some(article) = project.article(id).cloned() else { return };
        if project.loaded(id).is_none() {
            let then = Box::new(Action::MarkProposed(id.clone()));
            return self.effects.push(Effect::LoadThen(vec![article], then));
        }
        let spans = proposed(&project, id, &self.state.annotator);
        let done = self.act(act::set_region(&project, id, spans));
        if done {
            self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::MarkProposed(..))));
        }
    }
}

/// What looks like none of an article, is not said to be so yet, and carries no annotation of who
/// sits here; none of an article that is not loaded.
fn proposed(
    project: &Project,
    id: &ArticleId,
    annotator: &crate::annotation::AnnotatorId,
) -> Vec<Span> {
    let (Some(article), Some(text)) = (project.article(id), project.text(id)) else {
        return Vec::new();
    };
    let own = project.annotations(&act::own_set(id, annotator));
    let is_marked = |span: Span| {
        let mut all = own.into_iter().flat_map(|set| set.values());
        all.any(|it| it.spans.iter().any(|it| it.overlaps(span)))
    };
    let is_known = |span: Span| article.regions.iter().any(|region| region.span.overlaps(span));
    let new = boilerplate(text).into_iter();
    new.filter(|span| !is_marked(*span) && !is_known(*span)).collect()
}

/// A selection as a region: whole paragraphs where it covers most of those that it touches.
fn grown(open: &OpenArticle, selected: Span) -> Span {
    let touched = open.text.paragraphs_in(selected);
    let paragraphs = open.text.paragraphs().get(touched).unwrap_or_default();
    let whole = paragraphs.iter().fold(selected, |whole, paragraph| whole.union(*paragraph));
    let whole = open.text.trim(whole);
    if selected.len() * 2 > whole.len() { whole } else { open.text.snap_to_graphemes(selected) }
}

/// Whether regions leave nothing of a span but white space.
fn is_covered(text: &Text, span: Span, regions: &[Region]) -> bool {
    let mut spans: Vec<Span> = regions.iter().map(|region| region.span).collect();
    sort_by(&mut spans, |a, b| a.start().cmp(&b.start()));
    let mut at = span.start();
    for region in spans {
        if region.start() > at {
            let between = text.span(at, region.start().min(span.end()));
            if between.is_none_or(|it| !text.trim(it).is_empty()) {
                return false;
            }
        }
        at = at.max(region.end()).min(span.end());
    }
    text.span(at, span.end()).is_some_and(|rest| text.trim(rest).is_empty())
}
