//! An article as it was, and how to bring that back.

use super::{Change, Commit, Intent, Transaction};
use crate::annotation::{Annotation, ArticleId, AttributeValue, SpeakerId, Target};
use crate::project::{Key, Project, Value};
use crate::sort::order;
use std::sync::Arc;

/// The project with one article as it was before these commits, the newest of those that touch it,
/// newest first. The article is loaded; all else is as it is now, but for speakers that the article
/// had and the project has no more.
pub fn before(project: &Project, article: &ArticleId, commits: &[Arc<Commit>]) -> Project {
    let mut past = project.clone();
    for commit in commits {
        let own = commit.transaction.invert();
        let own = own.changes().iter().filter(|change| change.touches(article));
        // That the article did not exist yet shows as an article without annotations.
        let own = own.filter(|change| !matches!(change.key, Key::Article(_)));
        for Change { key, from, to } in own {
            // What no more fits stays as it is.
            let _ = past.put_known(key, from.as_ref(), to.clone());
        }
    }
    let Some(loaded) = past.loaded(article).cloned() else { return past };
    let annotations = loaded.sets.values().flat_map(|set| set.values());
    for id in annotations.flat_map(|annotation| speakers(annotation)) {
        if past.speaker(id).is_none()
            && let Some(speaker) = known_in(commits, id)
        {
            let _ = past.put(&Key::Speaker(id.clone()), Some(speaker));
        }
    }
    past
}

/// The transaction that makes an article again what it was in `past`, which [`before`] gave for
/// these commits.
pub fn bring_back(
    now: &Project,
    past: &Project,
    article: &ArticleId,
    commits: &[Arc<Commit>],
    intent: Intent,
) -> Transaction {
    let changes = commits.iter().flat_map(|commit| commit.transaction.changes());
    let own = changes.filter(|change| {
        let speaker = matches!(change.key, Key::Speaker(_)) && now.value(&change.key) == Ok(None);
        (change.touches(article) || speaker) && !matches!(change.key, Key::Article(_))
    });
    let keys: Vec<&Key> = own.map(|change| &change.key).collect();
    let by_key = order(keys.len(), &|a, b| keys[a].cmp(keys[b]));
    let mut changes: Vec<Change> = Vec::new();
    for key in by_key.into_iter().map(|at| keys[at]) {
        if changes.last().is_some_and(|last| last.key == *key) {
            continue;
        }
        let (Ok(from), Ok(to)) = (now.value(key), past.value(key)) else { continue };
        if to.as_ref().is_none_or(|to| has_ends(past, to)) {
            changes.push(Change { key: key.clone(), from, to });
        }
    }
    Transaction::new(intent, changes)
}

/// Whether what a relation joins is there, as far as that is loaded.
fn has_ends(project: &Project, value: &Value) -> bool {
    let Value::Relation(relation) = value else { return true };
    let ends = [
        Some(&relation.from),
        match &relation.to {
            Some(Target::Annotation(place)) => Some(place),
            _ => None,
        },
    ];
    ends.into_iter().flatten().all(|place| {
        project.article(&place.article).is_some()
            && (project.loaded(&place.article).is_none() || project.has_annotation(place))
    })
}

/// The speakers that an annotation points to.
fn speakers(annotation: &Annotation) -> impl Iterator<Item = &SpeakerId> {
    let lists = annotation.attributes.values().filter_map(|value| match value {
        AttributeValue::Speakers(speakers) => Some(speakers),
        _ => None,
    });
    lists.flatten().map(|mention| &mention.id)
}

/// A speaker as these commits last knew them.
fn known_in(commits: &[Arc<Commit>], id: &SpeakerId) -> Option<Value> {
    let changes = commits.iter().flat_map(|commit| commit.transaction.changes());
    let mut own = changes.filter(|change| change.key == Key::Speaker(id.clone()));
    own.find_map(|change| change.to.clone().or_else(|| change.from.clone()))
}
