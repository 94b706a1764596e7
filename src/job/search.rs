//! The shapes of searches.

use serde_json::Value as Json;

use crate::format::stored::{Shape, Wrong, shape};
use crate::search::{Found, Hit, Query, Searched, SearchedSet};
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
}

shape! { ToSearch { query, articles, limit } }
shape! {
    Query { words, case, whole_word, regex, labels, speakers, annotators, statuses, regions }
}
shape! { Searched { id, text, sets, regions } }
shape! { SearchedSet { owner, status, annotations } }
shape! { Found { hits, total } }
shape! { Hit { article, span, before, covered, after, annotation } }

impl Shape for Text {
    fn to_json(&self) -> Json {
        self.as_str().into()
    }

    fn read(json: Json, wrong: &mut Wrong) -> Text {
        Text::new(&String::read(json, wrong))
    }
}
