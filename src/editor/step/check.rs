//! Boundary checks of the open article: kept up with each act, gone through, mended.

use std::sync::Arc;

use super::{Effect, Step};
use crate::annotation::check::{Finding, Fix, check};
use crate::annotation::{Annotation, AnnotationId, Place, reading_order};
use crate::edit::{Intent, Transaction, act};
use crate::editor::state::OpenArticle;
use crate::map::Map;
use crate::project::{Key, Project, Value};
use crate::scheme::Rule;
use crate::sort::sort_by;

/// How many annotations are checked at once: within a frame, on a slow machine too.
const AT_ONCE: usize = 500;

impl Step<'_> {
    /// Sees to it that the open article is checked: at once where that is quick, else in steps that
    /// leave the page free between them.
    pub fn check_open(&mut self) {
        let (Some(project), Some(open)) = (&self.state.project, &self.state.article) else {
            return;
        };
        if open.unchecked.is_none() {
            return;
        }
        if project.annotations(&open.set).is_none_or(|all| all.len() <= AT_ONCE) {
            self.check(usize::MAX);
        } else {
            self.effects.push(Effect::CheckMore);
        }
    }

    /// Checks some of what is unchecked.
    pub fn check_more(&mut self) {
        self.check(AT_ONCE);
    }

    /// Checks so many of what is unchecked.
    fn check(&mut self, most: usize) {
        let (Some(project), Some(open)) = (&self.state.project, &self.state.article) else {
            return;
        };
        let Some(from) = &open.unchecked else { return };
        let none = Map::new();
        let all = project.annotations(&open.set).unwrap_or(&none);
        let mut rest = all.skipping(all.count_before(from));
        let mut problems = (*open.problems).clone();
        for (id, annotation) in rest.by_ref().take(most) {
            if let Some(found) = problems_of(project, open, annotation) {
                problems.insert(id.clone(), found);
            }
        }
        let unchecked = rest.next().map(|(id, _)| id.clone());
        if let Some(open) = &mut self.state.article {
            let open = Arc::make_mut(open);
            (open.problems, open.unchecked) = (Arc::new(problems), unchecked);
        }
    }

    /// Checks anew what an act has changed, and what lies beside it. The open article's index is up
    /// to date already.
    pub fn check_again(&mut self, transaction: &Transaction, after: &Project) {
        let Some(open) = self.state.article.clone() else { return };
        let mut problems = (*open.problems).clone();
        let mut again: Vec<Arc<Annotation>> = Vec::new();
        let mut all = false;
        let own = |id: &AnnotationId| after.annotations(&open.set)?.get(id).cloned();
        for change in transaction.changes() {
            let values = [&change.from, &change.to].into_iter().flatten();
            match &change.key {
                Key::Scheme => all = true,
                Key::Article(id) if *id == open.id => all = true,
                Key::Annotation(set, id) if *set == open.set => {
                    problems.remove(id);
                    for value in values {
                        let Value::Annotation(annotation) = value else { continue };
                        // What two annotations have to do with each other is in words of both.
                        again.extend(neighbours(&open, annotation));
                    }
                }
                Key::Relation(_) => {
                    for value in values {
                        let Value::Relation(relation) = value else { continue };
                        let here = relation.from.article == open.id;
                        again.extend(own(&relation.from.annotation).filter(|_| here));
                    }
                }
                _ => {}
            }
        }
        for annotation in again {
            match problems_of(after, &open, &annotation) {
                Some(found) => problems.insert(annotation.id.clone(), found),
                None => drop(problems.remove(&annotation.id)),
            }
        }
        if let Some(open) = &mut self.state.article {
            let open = Arc::make_mut(open);
            if all {
                (open.problems, open.unchecked) = (Arc::default(), Some("".into()));
            } else {
                open.problems = Arc::new(problems);
            }
        }
    }

    /// Picks the next annotation that breaks a rule, or the one before, and says which.
    pub fn next_problem(&mut self, back: bool) {
        self.check(usize::MAX);
        let (Some(project), Some(open)) = (self.state.project.clone(), self.state.article.clone())
        else {
            return;
        };
        let problems = &open.problems;
        let all = project.annotations(&open.set);
        let mut wrong: Vec<&Arc<Annotation>> =
            problems.keys().filter_map(|id| all?.get(id)).collect();
        sort_by(&mut wrong, |a, b| reading_order(a, b));
        let picked = open.picked.as_ref().and_then(|id| all?.get(id));
        let at = |it: &&Arc<Annotation>| match picked {
            Some(picked) => reading_order(it, picked).is_le(),
            None => it.spans.first().start() < open.head,
        };
        let after = wrong.partition_point(at);
        let next = match (back, picked.is_some_and(|picked| problems.contains_key(&picked.id))) {
            (false, _) => wrong.get(after).or(wrong.first()),
            (true, true) => after.checked_sub(2).map_or(wrong.last(), |at| wrong.get(at)),
            (true, false) => after.checked_sub(1).map_or(wrong.last(), |at| wrong.get(at)),
        };
        let Some(next) = next.map(|it| it.id.clone()) else {
            return self.announce("No problems in this article");
        };
        self.pick(&next);
        if let Some(first) = problems.get(&next).and_then(|found| found.first()) {
            self.announce(first.sentence(project.scheme()));
        }
    }

    /// Mends what breaks a rule, where one act does.
    pub fn fix(&mut self, id: &AnnotationId, rule: &Rule) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(open) = &self.state.article else { return };
        let found = open.problems.get(id);
        let fix = found.and_then(|found| found.iter().find(|it| it.rule == *rule)?.fix.clone());
        let Some(Fix::Spans(spans)) = fix else { return };
        let now = self.ctx.now();
        self.act(act::set_spans(&project, &set, id, spans, Intent::Fix, now));
    }

    /// Mends all that can be mended of the picked annotation, one rule after the other.
    pub fn fix_picked(&mut self) {
        let Some(picked) = self.state.picked().map(|it| it.id.clone()) else {
            return self.announce("Pick an annotation first");
        };
        // Each fix removes its finding; a few more than there are rules is always enough.
        for _ in 0..2 * Rule::ALL.len() {
            let open = self.state.article.clone();
            let problems = open.as_ref().and_then(|open| open.problems.get(&picked));
            let Some(rule) = problems
                .and_then(|found| found.iter().find(|it| it.fix.is_some()))
                .map(|it| it.rule.clone())
            else {
                return;
            };
            self.fix(&picked, &rule);
        }
    }
}

/// The annotations that share words with one, that one among them if it is there; by id.
fn neighbours(open: &OpenArticle, annotation: &Annotation) -> Vec<Arc<Annotation>> {
    let mut found: Vec<Arc<Annotation>> = Vec::new();
    for span in annotation.spans.iter() {
        for paragraph in open.text.paragraphs_in(span) {
            let there = open.index.paragraph(paragraph).into_iter().flat_map(|it| it.iter());
            found.extend(there.filter(|it| annotation.spans.shared(&it.spans).is_some()).cloned());
        }
    }
    sort_by(&mut found, |a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    found
}

/// What an annotation of the open article breaks; none where it breaks nothing, or lies in a
/// stretch that is not to be annotated.
fn problems_of(
    project: &Project,
    open: &OpenArticle,
    annotation: &Annotation,
) -> Option<Arc<Vec<Finding>>> {
    let regions = project.article(&open.id).map_or(&[][..], |article| &article.regions);
    let hull = annotation.spans.hull();
    if regions.iter().any(|region| region.span.intersection(hull) == Some(hull)) {
        return None;
    }
    let place = Place { article: open.id.clone(), annotation: annotation.id.clone() };
    let linked = project.relations_from(&place).next().is_some();
    let beside = neighbours(open, annotation);
    let found = check(&open.text, project.scheme(), annotation, &beside, linked);
    (!found.is_empty()).then(|| Arc::new(found))
}
