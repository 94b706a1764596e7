//! From one version of what is stored to the next.
//!
//! Version 1 had no rows that say which commits touch an article; version 2 has.

use serde_json::Value as Json;

use super::plan::{Ask, StoreKey};
use crate::format::stored::{TOUCHES, touched_articles};

/// The rows that say which articles a stored commit touches, given where the commit stands.
pub fn touches(commit_key: &StoreKey, commit: &Json) -> Vec<Ask> {
    let [super::Part::Text(project), super::Part::Number(seq)] = commit_key.parts() else {
        // No commit stands there.
        return Vec::new();
    };
    let articles = touched_articles(commit).into_iter();
    articles.map(|article| touch(project, &article, *seq)).collect()
}

/// The row that says that a commit touches an article.
pub(super) fn touch(project: &str, article: &str, seq: u64) -> Ask {
    let path = [project.to_owned(), article.to_owned()];
    Ask::Put(TOUCHES, StoreKey::from(&path[..]).at(seq), seq.into())
}
