//! The shapes of searches.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::annotation::check::check;
use crate::annotation::{Annotation, AnnotationId};
use crate::format::stored::{Shape, Tree, Wrong, shape};
use crate::scheme::Scheme;
use crate::search::{Found, Hit, Query, Searched, SearchedSet};
use crate::sort::sort_by;
use crate::text::Text;

/// What is to be found, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct ToSearch {
    /// What is asked for.
    pub query: Query,
    /// Where it is looked for, in this order.
    pub articles: Vec<Searched>,
    /// How many hits are given at most; all are counted.
    pub limit: u32,
    /// What says which annotations break a rule.
    pub scheme: Scheme,
    /// The annotations from which relations start.
    pub linked: Vec<AnnotationId>,
}

impl ToSearch {
    /// Leaves out the annotations that keep all rules, where only the others are asked for.
    pub fn leave_out_kept(&mut self) {
        if !self.query.broken {
            return;
        }
        let mut linked = self.linked.clone();
        sort_by(&mut linked, Ord::cmp);
        for article in &mut self.articles {
            let text = article.text.clone();
            let aside = |annotation: &Annotation| {
                let hull = annotation.spans.hull();
                article.regions.iter().any(|region| region.span.covers(hull))
            };
            let is_broken = |annotation: &Annotation, all: &[Arc<Annotation>]| {
                let linked = linked.binary_search(&annotation.id).is_ok();
                !aside(annotation)
                    && !check(&text, &self.scheme, annotation, all, linked).is_empty()
            };
            for set in &mut article.sets {
                // What does not lie in the text is no hit, and cannot be checked.
                let fits = |annotation: &Annotation| {
                    let mut spans = annotation.spans.iter();
                    spans.all(|span| text.span(span.start(), span.end()) == Some(span))
                };
                let all: Vec<_> = set.annotations.iter().filter(|it| fits(it)).cloned().collect();
                set.annotations = all.iter().filter(|it| is_broken(it, &all)).cloned().collect();
            }
        }
    }
}

shape! { ToSearch { query, articles, limit, scheme, linked } }
shape! {
    Query { words, case, whole_word, regex, labels, speakers, annotators, broken, statuses, regions }
}
shape! { Searched { id, text, sets, regions } }
shape! { SearchedSet { owner, status, annotations } }
shape! { Found { hits, total } }
shape! { Hit { article, span, before, covered, after, annotation } }

impl Shape for Text {
    fn to_json(&self) -> Json {
        self.as_str().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Text {
        Text::new(wrong.part(tree.as_str(), "text"))
    }
}
