//! Searching all articles, stepping through what was found, and marking it.

use std::sync::Arc;

use super::sweep::Bulk;
use super::{Effect, Focus, Step};
use crate::annotation::{ArticleId, Place};
use crate::edit::act;
use crate::editor::state::{Search, Side};
use crate::project::Owner;
use crate::scheme::LabelId;
use crate::search::{Found, Query};

/// How many hits are kept; all are counted.
pub const KEPT_HITS: u32 = 2_000;

impl Step<'_> {
    /// Shows the search beside the text; the selection, if it is of one paragraph, is looked for.
    pub fn open_search(&mut self) {
        self.state.dialog = None;
        self.state.side = Side::Search;
        let selected = self.state.selected_span().and_then(|span| {
            let text = &self.state.article.as_ref()?.text;
            Some(text.slice(span)).filter(|words| !words.contains('\n')).map(str::to_owned)
        });
        if let Some(words) = selected {
            let mut search = Search::clone(&self.state.search);
            search.query.words = words;
            search.given += 1;
            self.state.search = Arc::new(search);
        }
        self.effects.push(Effect::ShowSide);
        self.effects.push(Effect::Focus(Focus::Search));
    }

    /// Looks for something in all articles; what was looked for before is no more.
    pub fn search(&mut self, query: Query) {
        let Some(project) = self.state.project.clone() else { return };
        let before = self.state.search.clone();
        let articles: Vec<_> = project.articles().into_iter().cloned().collect();
        let run = before.run + 1;
        let of = articles.len();
        self.state.search = Arc::new(Search {
            query: query.clone(),
            given: before.given,
            run,
            of,
            running: of > 0,
            ..Search::default()
        });
        if of > 0 {
            self.effects.push(Effect::Search { query: Box::new(query), articles, run });
        }
    }

    /// Some articles have been searched.
    pub fn found_more(&mut self, run: u32, found: Found, searched: usize) {
        let mut search = Search::clone(&self.state.search);
        if run != search.run || !search.running {
            return;
        }
        let room = (KEPT_HITS as usize).saturating_sub(search.hits.len());
        Arc::make_mut(&mut search.hits).extend(found.hits.into_iter().take(room));
        search.total = search.total.saturating_add(found.total);
        search.searched += searched;
        search.running = search.searched < search.of;
        if !search.running {
            let said = match search.total {
                0 => "Nothing found".to_owned(),
                1 => "1 hit".to_owned(),
                n => format!("{n} hits"),
            };
            self.announce(said);
        }
        self.state.search = Arc::new(search);
    }

    /// The search could not be done, for this reason.
    pub fn search_failed(&mut self, run: u32, why: String) {
        let mut search = Search::clone(&self.state.search);
        if run == search.run {
            (search.running, search.problem) = (false, Some(why.clone()));
            self.state.search = Arc::new(search);
            self.announce(why);
        }
    }

    /// Stops searching; what was found until now stays.
    pub fn stop_search(&mut self) {
        let mut search = Search::clone(&self.state.search);
        search.running = false;
        self.state.search = Arc::new(search);
        self.effects.push(Effect::StopSearch);
    }

    /// Goes to the hit after the one that one is at, or before.
    pub fn next_hit(&mut self, back: bool) {
        let search = &self.state.search;
        let count = search.hits.len();
        if count == 0 {
            return self.announce("Nothing found");
        }
        let at = match (search.at, back) {
            (None, false) => 0,
            (None, true) => count - 1,
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => (at + count - 1) % count,
        };
        self.go_to_hit(at);
    }

    /// Goes to a hit: its annotation is picked, or its words are selected, to be marked.
    pub fn go_to_hit(&mut self, at: usize) {
        let mut search = Search::clone(&self.state.search);
        let Some(hit) = search.hits.get(at).cloned() else { return };
        search.at = Some(at);
        self.state.search = Arc::new(search);
        let own = Owner::Annotator(self.state.annotator.clone());
        match hit.annotation {
            Some((owner, annotation)) if owner == own => {
                self.effects.push(Effect::Focus(Focus::Article));
                self.go_to(&Place { article: hit.article, annotation });
            }
            _ => {
                self.state.to_select = Some((hit.article.clone(), hit.span));
                if self.state.article.as_ref().is_none_or(|open| open.id != hit.article) {
                    self.open_article(&hit.article);
                }
                self.select_awaited();
            }
        }
    }

    /// Selects what was to be selected once its article is open.
    pub fn select_awaited(&mut self) {
        let open = self.state.article.clone();
        let is_open = |id: &ArticleId| open.as_ref().is_some_and(|open| open.id == *id);
        let Some((_, span)) = self.state.to_select.take_if(|(id, _)| is_open(id)) else { return };
        let Some(open) = open else { return };
        // The text may have changed since.
        let Some(span) = open.text.span(span.start(), span.end()) else { return };
        self.set_picked(None);
        if let Some(open) = &mut self.state.article {
            let open = Arc::make_mut(open);
            (open.anchor, open.head) = (span.start(), span.end());
        }
        self.effects.push(Effect::Focus(Focus::Article));
        self.effects.push(Effect::ShowCaret);
        self.effects.push(Effect::Reveal(span));
    }

    /// Marks all hits that are kept with a label, as one act over all articles; words that have it
    /// are passed over.
    pub fn mark_hits(&mut self, label: LabelId) {
        let hits = self.state.search.hits.clone();
        if hits.is_empty() || self.state.search.running {
            return;
        }
        let articles = hits.iter().map(|hit| hit.article.clone());
        let mut articles: Vec<_> = articles.collect();
        articles.dedup();
        let nothing = crate::edit::Transaction::new(crate::edit::Intent::MarkAlike, []);
        self.begin_sweep_over(articles, Bulk::MarkHits { label, hits }, nothing);
    }

    /// Searches all articles for the words of the picked annotation, to mark all that read alike.
    pub fn search_identical(&mut self) {
        let Some(picked) = self.state.picked().cloned() else {
            return self.announce("Pick an annotation first");
        };
        let Some(open) = self.state.article.clone() else { return };
        let words = open.text.slice(picked.spans.first()).to_owned();
        self.state.side = Side::Search;
        self.effects.push(Effect::ShowSide);
        self.search(Query { words, case: true, whole_word: true, ..Query::default() });
        let mut search = Search::clone(&self.state.search);
        search.like = Some(picked.label.clone());
        search.given += 1;
        self.state.search = Arc::new(search);
    }
}

/// What marking the hits of one article changes.
pub(super) fn marked_hits(
    project: &crate::project::Project,
    article: &crate::annotation::ArticleId,
    label: &LabelId,
    hits: &[crate::search::Hit],
    set: &crate::project::SetKey,
    ctx: &mut dyn act::Ctx,
) -> Vec<crate::edit::Change> {
    let Some(text) = project.text(article) else { return Vec::new() };
    let own = hits.iter().filter(|hit| hit.article == *article);
    // What no more reads as it was found is passed over.
    let still = own.filter(|hit| {
        text.span(hit.span.start(), hit.span.end()).is_some_and(|it| text.slice(it) == hit.covered)
    });
    let spans = still.filter_map(|hit| crate::annotation::Spans::new([hit.span]).ok());
    act::mark_all(project, set, label, spans, ctx).changes().to_vec()
}
