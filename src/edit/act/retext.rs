//! Giving an article another text: what lies on it is carried over, and what has no place in the
//! new text is kept as [`Unplaced`].
//!
//! A span is carried by its place first, see [`Diff::carry`]; one that went is looked for where the
//! same words have come, see [`Diff::find`]. Of an annotation with several spans all are carried or
//! none: half a broken quote says something else. Mentions and cues are carried each by itself;
//! those without a place leave their words behind, in [`LOST_WORDS`].

use std::sync::Arc;

use serde_json::Value as Json;

use super::{forget, put};
use crate::annotation::{
    Annotation, AnnotationId, ArticleId, AttributeValue, Spans, Timestamp, reading_order,
};
use crate::edit::{Change, Intent, Transaction};
use crate::map::Map;
use crate::project::{Article, Deletion, Key, Owner, Project, Region, SetKey, Unplaced, Value};
use crate::scheme::{AttributeId, Extra};
use crate::sort::sort_by;
use crate::text::diff::{Diff, diff};
use crate::text::{Span, Text};

/// The key among an annotation's own under which the words stand that its mentions and cues covered
/// and that have no place in the text: a list of `{"attribute", "words"}`, with `speaker` where the
/// words named one.
pub const LOST_WORDS: &str = "lost_words";

/// How much of what stood around an annotation is kept, in characters on either side.
const AROUND: usize = 40;

/// What giving an article another text does.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The article's record as it is.
    pub before: Arc<Article>,
    /// The article's record as it is to be.
    pub after: Arc<Article>,
    /// How the text changes.
    pub diff: Diff,
    /// Everybody's annotations, by owner and in the order of the older text.
    pub carried: Vec<Carried>,
    /// Stretches that were not to be annotated and are gone.
    pub lost_regions: Vec<Region>,
}

/// What becomes of an annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// Whose it is.
    pub owner: Owner,
    /// As it is.
    pub before: Arc<Annotation>,
    /// As it is to be; none where it has no place.
    pub after: Option<Arc<Annotation>>,
    /// How its place was found.
    pub how: How,
    /// The words of mentions and cues that have no place.
    pub lost: Vec<String>,
}

/// How the place of an annotation was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It covers the words that it covered, where they stood.
    Stays,
    /// What it covers has changed inside.
    Edited,
    /// Its words went, and stand elsewhere now.
    Found,
    /// It was not found.
    Unplaced,
}

impl Plan {
    /// Which article.
    pub fn article(&self) -> &ArticleId {
        &self.before.id
    }

    /// The new text; it must be at hand ([`Project::with_text`]) when [`retext`] is applied.
    pub fn text(&self) -> &Text {
        self.diff.new_text()
    }

    /// How many annotations there are whose places were found so.
    pub fn count(&self, how: How) -> usize {
        self.carried.iter().filter(|carried| carried.how == how).count()
    }

    /// Whether it was made for what stands in the project now.
    pub fn holds(&self, project: &Project) -> bool {
        let Some(loaded) = project.loaded(self.article()) else { return false };
        let total: usize = loaded.sets.values().map(|set| set.len()).sum();
        let is_there = |carried: &Carried| {
            let set = loaded.sets.get(&carried.owner);
            set.and_then(|set| set.get(&carried.before.id)) == Some(&carried.before)
        };
        project.article(self.article()) == Some(&self.before)
            && loaded.text == *self.diff.old()
            && total == self.carried.len()
            && self.carried.iter().all(is_there)
    }
}

/// What giving an article another text would do; none where the article is not loaded, or has that
/// text.
pub fn plan(project: &Project, article: &ArticleId, new: &Text) -> Option<Plan> {
    let (before, loaded) = (project.article(article)?, project.loaded(article)?);
    if loaded.text == *new {
        return None;
    }
    let diff = diff(&loaded.text, new);
    let mut after = (**before).clone();
    after.former_texts.push(std::mem::replace(&mut after.text, new.hash().into()));
    for unplaced in &mut after.unplaced {
        carry_attributes(&mut unplaced.attributes, &mut unplaced.extra, &diff);
    }
    let mut carried = Vec::new();
    for (owner, set) in loaded.sets.iter() {
        let mut annotations: Vec<&Arc<Annotation>> = set.values().collect();
        sort_by(&mut annotations, |a, b| reading_order(a, b));
        for before in annotations {
            let mut annotation = (**before).clone();
            let lost = carry_attributes(&mut annotation.attributes, &mut annotation.extra, &diff);
            let found = carry_spans(&before.spans, &diff);
            let how = found.as_ref().map_or(How::Unplaced, |(_, how)| *how);
            let placed = match found {
                Some((spans, _)) => {
                    annotation.spans = spans;
                    Some(Arc::new(annotation))
                }
                None => {
                    after.unplaced.push(unplaced(owner, annotation, &loaded.text));
                    None
                }
            };
            let (owner, before) = (owner.clone(), before.clone());
            carried.push(Carried { owner, before, after: placed, how, lost });
        }
    }
    let mut lost_regions = Vec::new();
    after.regions.retain_mut(|region| {
        let found = carry(region.span, &diff);
        match found {
            Some(span) => region.span = span,
            None => lost_regions.push(region.clone()),
        }
        found.is_some()
    });
    let (before, after) = (before.clone(), Arc::new(after));
    Some(Plan { before, after, diff, carried, lost_regions })
}

/// Gives an article another text, as planned; where the project has changed since, as would be
/// planned now.
///
/// Nothing counts as changed by hand: an annotation keeps the time at which it was last changed, so
/// that two people who change a text alike have the same afterwards.
pub fn retext(project: &Project, plan: &Plan) -> Transaction {
    retext_as_planned(project, plan).unwrap_or_else(|| {
        let anew = self::plan(project, plan.article(), plan.text());
        let done = anew.and_then(|plan| retext_as_planned(project, &plan));
        done.unwrap_or_else(|| Transaction::new(Intent::ChangeText, []))
    })
}

/// As [`retext`]; none where the project has changed since.
///
/// It compares nothing, so that the page needs no part of what does.
pub fn retext_as_planned(project: &Project, plan: &Plan) -> Option<Transaction> {
    if !plan.holds(project) {
        return None;
    }
    let record = change_record(project, (*plan.after).clone());
    let moves = plan.carried.iter().map(|carried| {
        let set = SetKey { article: plan.article().clone(), owner: carried.owner.clone() };
        let key = Key::Annotation(set, carried.before.id.clone());
        put(project, key, carried.after.clone().map(Value::Annotation))
    });
    Some(Transaction::new(Intent::ChangeText, [record].into_iter().chain(moves)))
}

/// A project of one article with its text and everybody's annotations: all that [`plan`] looks at.
/// None where the article is not loaded.
pub fn alone(project: &Project, article: &ArticleId) -> Option<Project> {
    let (record, loaded) = (project.article(article)?, project.loaded(article)?);
    let mut alone = Project::new((**project.meta()).clone());
    // A record of its own kind that is of no set is always taken.
    alone.put(&Key::Article(article.clone()), Some(Value::Article(record.clone()))).ok()?;
    Some(alone.with_loaded(article, loaded.text.clone(), loaded.sets.clone()).0)
}

/// Gives an annotation that has no place in the text spans there; nothing where there is no such
/// annotation.
pub fn place(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    spans: Spans,
    now: Timestamp,
) -> Transaction {
    let taken = take(project, set, id);
    let changes = taken.map(|(record, unplaced)| {
        let placed = Annotation { updated: now, ..unplaced.placed(spans) };
        let key = Key::Annotation(set.clone(), id.clone());
        [record, put(project, key, Some(Value::Annotation(Arc::new(placed))))]
    });
    Transaction::new(Intent::PlaceAnnotation, changes.into_iter().flatten())
}

/// Deletes an annotation that has no place in the text, and with it the relations that start from it
/// or lead to it; nothing where there is no such annotation.
pub fn give_up_unplaced(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    deletion: Deletion,
) -> Transaction {
    let Some((record, _)) = take(project, set, id) else {
        return Transaction::new(Intent::Delete, []);
    };
    let deletion = Arc::new(deletion);
    let key = Key::Annotation(set.clone(), id.clone());
    let written =
        put(project, Key::Deletion(Arc::new(key)), Some(Value::Deletion(deletion.clone())));
    let forgotten =
        forget(project, |place| place.article == set.article && place.annotation == *id, &deletion);
    Transaction::new(Intent::Delete, [record, written].into_iter().chain(forgotten))
}

/// Takes back that words of an attribute's spans were lost: it was set anew.
pub(super) fn forget_lost(extra: &mut Extra, attribute: &AttributeId) {
    let Some(Json::Array(lost)) = extra.get_mut(LOST_WORDS) else { return };
    lost.retain(|it| it.get("attribute").and_then(Json::as_str) != Some(attribute.as_str()));
    if lost.is_empty() {
        extra.remove(LOST_WORDS);
    }
}

/// Takes an annotation without a place out of its article's record.
fn take(project: &Project, set: &SetKey, id: &AnnotationId) -> Option<(Change, Unplaced)> {
    let mut record = (**project.article(&set.article)?).clone();
    let at = record.unplaced.iter().position(|it| it.owner == set.owner && it.id == *id)?;
    let taken = record.unplaced.remove(at);
    Some((change_record(project, record), taken))
}

fn change_record(project: &Project, record: Article) -> Change {
    put(project, Key::Article(record.id.clone()), Some(Value::Article(Arc::new(record))))
}

/// An annotation of the older text as what has no place in the newer.
fn unplaced(owner: &Owner, annotation: Annotation, old: &Text) -> Unplaced {
    let hull = annotation.spans.hull();
    let (before, _) = old.as_str().split_at(hull.start().get() as usize);
    let (_, after) = old.as_str().split_at(hull.end().get() as usize);
    let from = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
    Unplaced {
        owner: owner.clone(),
        id: annotation.id,
        label: annotation.label,
        quotes: annotation.spans.iter().map(|span| old.slice(span).to_owned()).collect(),
        before: before[from..].to_owned(),
        after: after[..to].to_owned(),
        attributes: annotation.attributes,
        note: annotation.note,
        origin: annotation.origin,
        created: annotation.created,
        updated: annotation.updated,
        extra: annotation.extra,
    }
}

fn carry(span: Span, diff: &Diff) -> Option<Span> {
    diff.carry(span).or_else(|| diff.find(span))
}

/// Where all spans of an annotation lie in the newer text, and how that was found; none unless each
/// is found, in their order and apart from each other.
fn carry_spans(spans: &Spans, diff: &Diff) -> Option<(Spans, How)> {
    let (mut found, mut how): (Vec<Span>, _) = (Vec::new(), How::Stays);
    for span in spans.iter() {
        let by_place = diff.carry(span);
        let to = by_place.or_else(|| diff.find(span))?;
        if found.last().is_some_and(|last| to.start() < last.end()) {
            return None;
        }
        if by_place.is_none() {
            how = How::Found;
        } else if how == How::Stays && diff.old().slice(span) != diff.new_text().slice(to) {
            how = How::Edited;
        }
        found.push(to);
    }
    Some((Spans::new(found).ok()?, how))
}

/// Carries the spans of attributes over; the words of those without a place are noted in `extra`,
/// and given.
fn carry_attributes(
    attributes: &mut Map<AttributeId, AttributeValue>,
    extra: &mut Extra,
    diff: &Diff,
) -> Vec<String> {
    let mut lost: Vec<(String, Json)> = Vec::new();
    let mut carried = Map::new();
    for (id, value) in attributes.iter() {
        let mut lose = |span: Span, speaker: Option<&str>| {
            let words = diff.old().slice(span).to_owned();
            let mut entry = Extra::new();
            entry.insert("attribute".to_owned(), id.as_str().into());
            if let Some(speaker) = speaker {
                entry.insert("speaker".to_owned(), speaker.into());
            }
            entry.insert("words".to_owned(), words.as_str().into());
            lost.push((words, entry.into()));
        };
        let value = match value {
            AttributeValue::Spans(spans) => {
                let mut kept = Vec::new();
                for span in spans {
                    match carry(*span, diff) {
                        Some(span) => kept.push(span),
                        None => lose(*span, None),
                    }
                }
                if kept.is_empty() {
                    continue;
                }
                AttributeValue::Spans(kept)
            }
            AttributeValue::Speakers(speakers) => {
                let mut speakers = speakers.clone();
                for speaker in &mut speakers {
                    let Some(mention) = speaker.mention else { continue };
                    speaker.mention = carry(mention, diff);
                    if speaker.mention.is_none() {
                        lose(mention, Some(speaker.id.as_str()));
                    }
                }
                AttributeValue::Speakers(speakers)
            }
            other => other.clone(),
        };
        carried.insert(id.clone(), value);
    }
    *attributes = carried;
    let (words, entries): (Vec<String>, Vec<Json>) = lost.into_iter().unzip();
    if !entries.is_empty() {
        match extra.get_mut(LOST_WORDS) {
            Some(Json::Array(known)) => known.extend(entries),
            _ => drop(extra.insert(LOST_WORDS.to_owned(), entries.into())),
        }
    }
    words
}
