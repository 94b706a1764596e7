//! Regions: stretches of an article that are not to be annotated.

use std::sync::Arc;

use super::put;
use crate::annotation::ArticleId;
use crate::edit::{Intent, Transaction};
use crate::project::{Article, Key, Project, Region, Value};
use crate::sort::sort_by;
use crate::text::Span;

/// The kind of what a page puts around its article.
pub const BOILERPLATE: &str = "boilerplate";

/// Says of some spans of an article that they are boilerplate; they are joined with what is so
/// already and touches them.
pub fn set_region(
    project: &Project,
    article: &ArticleId,
    spans: impl IntoIterator<Item = Span>,
) -> Transaction {
    let spans: Vec<Span> = spans.into_iter().filter(|span| !span.is_empty()).collect();
    change(project, article, Intent::SetRegion, |article| {
        let new = spans.into_iter().map(|span| Region {
            span,
            kind: BOILERPLATE.to_owned(),
            extra: Default::default(),
        });
        article.regions.extend(new);
        article.regions = joined(std::mem::take(&mut article.regions));
    })
}

/// Takes away the regions, of whatever kind, that a span overlaps; those that an empty one touches.
pub fn unset_region(project: &Project, article: &ArticleId, span: Span) -> Transaction {
    change(project, article, Intent::UnsetRegion, |article| {
        let goes = |region: &Region| match span.is_empty() {
            true => region.span.touches(span),
            false => region.span.overlaps(span),
        };
        article.regions.retain(|region| !goes(region));
    })
}

fn change(
    project: &Project,
    id: &ArticleId,
    intent: Intent,
    change: impl FnOnce(&mut Article),
) -> Transaction {
    let Some(before) = project.article(id) else { return Transaction::new(intent, []) };
    let mut after = Article::clone(before);
    change(&mut after);
    let after = Some(Value::Article(Arc::new(after)));
    Transaction::new(intent, [put(project, Key::Article(id.clone()), after)])
}

/// In the order of the text, those of boilerplate joined where they touch. Of keys that are not
/// known, the first stays.
fn joined(mut regions: Vec<Region>) -> Vec<Region> {
    sort_by(&mut regions, |a, b| {
        let place = |it: &Region| (it.span.start(), it.span.end());
        place(a).cmp(&place(b)).then_with(|| a.kind.cmp(&b.kind))
    });
    let mut joined: Vec<Region> = Vec::new();
    for region in regions {
        let same = |it: &&mut Region| {
            it.kind == BOILERPLATE && region.kind == BOILERPLATE && it.span.touches(region.span)
        };
        match joined.iter_mut().rev().find(same) {
            Some(before) => {
                before.span = before.span.union(region.span);
                for (key, value) in region.extra {
                    before.extra.entry(key).or_insert(value);
                }
            }
            None => joined.push(region),
        }
    }
    joined
}
