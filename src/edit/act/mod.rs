//! Acts: functions that build transactions. None changes anything by itself.

mod again;
mod regions;
mod relate;
pub mod retext;
pub mod scheme;
mod speakers;

pub use again::{annotate_alike, copy_annotations, mark_all, set_attributes, without_places};
pub use regions::{BOILERPLATE, set_region, unset_region};
pub use relate::{
    End, delete_group, group_members, make_group, merge_groups, relate, set_sentence, split_group,
    ungroup, unrelate,
};
pub use speakers::{
    delete_speaker, drop_speaker, rename_speaker, repoint, repoint_mentions, set_aliases,
    split_speaker, take_names,
};

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Change, Intent, Transaction};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, GroupId, Origin, Place,
    Spans, SpeakerId, Status, Target, Timestamp,
};
use crate::map::Map;
use crate::project::{
    Annotator, Article, Deletion, Key, Meta, Owner, Project, SetInfo, SetKey, Speaker, Value,
};
use crate::scheme::{AttributeId, Extra, LabelId, Scheme};

/// What an act takes from the world: the time, and fresh ids.
pub trait Ctx {
    /// Now.
    fn now(&self) -> Timestamp;
    /// An id that was never given before, and never will be on any machine.
    fn new_id(&mut self) -> String;
}

/// The world in memory: its time is what it was set to, and its ids are counted.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Now, until it is set to something else.
    pub now: Timestamp,
    /// What all its ids begin with: no two such worlds of one project have the same.
    pub prefix: String,
    /// How many ids it has given.
    pub given: u32,
}

impl Ctx for Counted {
    fn now(&self) -> Timestamp {
        self.now
    }

    /// The prefix and a number, from 1.
    fn new_id(&mut self) -> String {
        self.given += 1;
        format!("{}{}", self.prefix, self.given)
    }
}

/// Replaces what stands under a key.
///
/// A key whose article is not loaded counts as empty here; applying the change then fails.
fn put(project: &Project, key: Key, to: Option<Value>) -> Change {
    let from = project.value(&key).ok().flatten();
    Change { key, from, to }
}

fn annotation<'a>(
    project: &'a Project,
    set: &SetKey,
    id: &AnnotationId,
) -> Option<&'a Arc<Annotation>> {
    project.annotations(set)?.get(id)
}

/// Changes one annotation; nothing where there is none of that id.
fn modify(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    now: Timestamp,
    intent: Intent,
    change: impl FnOnce(&mut Annotation),
) -> Transaction {
    let Some(before) = annotation(project, set, id) else {
        return Transaction::new(intent, []);
    };
    let mut after = (**before).clone();
    change(&mut after);
    if after == **before {
        return Transaction::new(intent, []);
    }
    after.updated = now;
    let key = Key::Annotation(set.clone(), id.clone());
    Transaction::new(intent, [put(project, key, Some(Value::Annotation(Arc::new(after))))])
}

/// Marks spans with a label; a set that was not begun is begun by it.
pub fn annotate(
    project: &Project,
    set: &SetKey,
    label: &LabelId,
    spans: Spans,
    ctx: &mut dyn Ctx,
) -> (AnnotationId, Transaction) {
    let id = AnnotationId::from(ctx.new_id());
    let made = Annotation {
        id: id.clone(),
        label: label.clone(),
        spans,
        attributes: Map::new(),
        note: String::new(),
        origin: Origin::Hand,
        created: ctx.now(),
        updated: ctx.now(),
        extra: Extra::new(),
    };
    let key = Key::Annotation(set.clone(), id.clone());
    let made = put(project, key, Some(Value::Annotation(Arc::new(made))));
    let begun = project.set(set).is_none_or(|row| row.status() == Status::Todo);
    let begun = begun.then(|| status_change(project, set, Status::Doing));
    let intent = Intent::Annotate { label: label.clone() };
    (id, Transaction::new(intent, [made].into_iter().chain(begun)))
}

/// Gives an annotation another label; its attributes stay.
pub fn relabel(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    label: &LabelId,
    now: Timestamp,
) -> Transaction {
    let intent = Intent::Relabel { label: label.clone() };
    modify(project, set, id, now, intent, |annotation| annotation.label = label.clone())
}

/// Gives an annotation other spans; the intent says which act it was.
pub fn set_spans(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    spans: Spans,
    intent: Intent,
    now: Timestamp,
) -> Transaction {
    modify(project, set, id, now, intent, |annotation| annotation.spans = spans)
}

/// Deletes an annotation, and with it the relations that start from it or lead to it.
pub fn delete(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    deletion: Deletion,
) -> Transaction {
    let deletion = Arc::new(deletion);
    let gone = take_out(project, Key::Annotation(set.clone(), id.clone()), &deletion);
    let is_it = |place: &Place| place.article == set.article && place.annotation == *id;
    let forgotten = forget(project, is_it, &deletion);
    Transaction::new(Intent::Delete, gone.into_iter().chain(forgotten))
}

/// Takes out what stands under a key, and writes down that it was deleted; nothing where there is
/// nothing.
fn take_out(project: &Project, key: Key, deletion: &Arc<Deletion>) -> Vec<Change> {
    let gone = put(project, key.clone(), None);
    if gone.from.is_none() {
        return Vec::new();
    }
    let deletion = Some(Value::Deletion(deletion.clone()));
    vec![gone, put(project, Key::Deletion(Arc::new(key)), deletion)]
}

/// Takes annotations that go out of the groups, and out of the project the relations that start
/// from them or lead to them.
fn forget(
    project: &Project,
    goes: impl Fn(&Place) -> bool,
    deletion: &Arc<Deletion>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for relation in project.relations() {
        let to = matches!(&relation.to, Some(Target::Annotation(place)) if goes(place));
        if to || goes(&relation.from) {
            changes.extend(take_out(project, Key::Relation(relation.id.clone()), deletion));
        }
    }
    for group in project.groups() {
        let mut kept = (**group).clone();
        kept.members.retain(|place| !goes(place));
        let key = Key::Group(group.id.clone());
        changes.push(put(project, key, Some(Value::Group(Arc::new(kept)))));
    }
    changes
}

/// Takes the relations that lead to a group out of the project.
fn forget_group(project: &Project, group: &GroupId, deletion: &Arc<Deletion>) -> Vec<Change> {
    let relations = project.relations().into_iter();
    let leads =
        relations.filter(|it| matches!(&it.to, Some(Target::Group { group: to }) if to == group));
    leads.flat_map(|it| take_out(project, Key::Relation(it.id.clone()), deletion)).collect()
}

/// Sets or clears one attribute of an annotation; an empty list clears it, and a number that is
/// none (NaN or infinite, which no file could hold) changes nothing.
pub fn set_attribute(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    attribute: &AttributeId,
    value: Option<AttributeValue>,
    intent: Intent,
    now: Timestamp,
) -> Transaction {
    if matches!(value, Some(AttributeValue::Number(number)) if !number.is_finite()) {
        return Transaction::new(intent, []);
    }
    let value = value.filter(|value| match value {
        AttributeValue::Speakers(speakers) => !speakers.is_empty(),
        AttributeValue::Spans(spans) => !spans.is_empty(),
        AttributeValue::Text(text) => !text.is_empty(),
        _ => true,
    });
    modify(project, set, id, now, intent, |annotation| {
        retext::forget_lost(&mut annotation.extra, attribute);
        match value {
            Some(value) => annotation.attributes.insert(attribute.clone(), value),
            None => drop(annotation.attributes.remove(attribute)),
        }
    })
}

/// Writes the note of an annotation.
pub fn set_note(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    note: &str,
    now: Timestamp,
) -> Transaction {
    modify(project, set, id, now, Intent::SetNote, |annotation| annotation.note = note.to_owned())
}

fn status_change(project: &Project, set: &SetKey, status: Status) -> Change {
    let row = project.set(set);
    let mut info = row.and_then(|row| row.info.clone()).unwrap_or_default();
    info.status = status;
    // A set that says nothing of itself is not written down.
    let info = (info != SetInfo::default()).then(|| Value::Set(Arc::new(info)));
    put(project, Key::Set(set.clone()), info)
}

/// Says how far the annotator is with an article.
pub fn set_status(project: &Project, set: &SetKey, status: Status) -> Transaction {
    Transaction::new(Intent::SetStatus, [status_change(project, set, status)])
}

/// Makes a speaker; join it with [`Transaction::then`] to the act that points to it.
pub fn add_speaker(project: &Project, name: &str, ctx: &mut dyn Ctx) -> (SpeakerId, Transaction) {
    let id = SpeakerId::from(ctx.new_id());
    let key = Key::Speaker(id.clone());
    let speaker = Speaker {
        id: id.clone(),
        order: project.next_order(&key),
        name: name.trim().to_owned(),
        aliases: Vec::new(),
        extra: Extra::new(),
    };
    let change = put(project, key, Some(Value::Speaker(Arc::new(speaker))));
    (id, Transaction::new(Intent::SetSpeaker, [change]))
}

/// Gives the project another title.
pub fn rename_project(project: &Project, title: &str) -> Transaction {
    let meta = Meta { title: title.trim().to_owned(), ..(**project.meta()).clone() };
    Transaction::new(
        Intent::RenameProject,
        [put(project, Key::Meta, Some(Value::Meta(Arc::new(meta))))],
    )
}

/// Gives the project other guidelines, in Markdown.
pub fn set_guidelines(project: &Project, guidelines: &str) -> Transaction {
    let meta = Meta { guidelines: guidelines.to_owned(), ..(**project.meta()).clone() };
    let meta = put(project, Key::Meta, Some(Value::Meta(Arc::new(meta))));
    Transaction::new(Intent::SetGuidelines, [meta])
}

/// Writes the annotator into the project, or gives them another name.
pub fn name_annotator(project: &Project, id: &AnnotatorId, name: &str) -> Transaction {
    let key = Key::Annotator(id.clone());
    let order = match project.annotator(id) {
        Some(annotator) => annotator.order,
        None => project.next_order(&key),
    };
    let extra = project.annotator(id).map(|it| it.extra.clone()).unwrap_or_default();
    let annotator = Annotator { id: id.clone(), order, name: name.trim().to_owned(), extra };
    Transaction::new(
        Intent::NameAnnotator,
        [put(project, key, Some(Value::Annotator(Arc::new(annotator))))],
    )
}

/// Adds articles behind those that are there; their `order` is set here. One that was removed
/// before is so no longer.
pub fn add_articles(
    project: &Project,
    articles: impl IntoIterator<Item = Article>,
    intent: Intent,
) -> Transaction {
    let mut order = project.next_order(&Key::Article("".into()));
    let changes = articles.into_iter().flat_map(|mut article| {
        article.order = order;
        order += 1;
        let key = Key::Article(article.id.clone());
        let back = put(project, Key::Deletion(Arc::new(key.clone())), None);
        [back, put(project, key, Some(Value::Article(Arc::new(article))))]
    });
    Transaction::new(intent, changes)
}

/// Gives articles that are there other records.
pub fn replace_articles(
    project: &Project,
    articles: impl IntoIterator<Item = Article>,
    intent: Intent,
) -> Transaction {
    let changes = articles.into_iter().map(|article| {
        put(project, Key::Article(article.id.clone()), Some(Value::Article(Arc::new(article))))
    });
    Transaction::new(intent, changes)
}

/// Says what a project is called and how it is annotated; without a scheme, that stays.
pub fn describe_project(
    project: &Project,
    meta: Meta,
    scheme: Option<Scheme>,
    intent: Intent,
) -> Transaction {
    let meta = put(project, Key::Meta, Some(Value::Meta(Arc::new(meta))));
    let scheme =
        scheme.map(|scheme| put(project, Key::Scheme, Some(Value::Scheme(Arc::new(scheme)))));
    Transaction::new(intent, [meta].into_iter().chain(scheme))
}

/// Takes an article out of the project, with everybody's annotations on it.
///
/// The article must be loaded, since undo brings its annotations back. That it was removed says
/// all of its annotations: none of them is written down as deleted.
pub fn remove_article(project: &Project, article: &Article, deletion: Deletion) -> Transaction {
    let deletion = Arc::new(deletion);
    let mut changes = forget(project, |place| place.article == article.id, &deletion);
    for (owner, row) in project.sets_of(&article.id) {
        let set = SetKey { article: article.id.clone(), owner: owner.clone() };
        for id in project.annotations(&set).into_iter().flat_map(|set| set.keys()) {
            changes.push(put(project, Key::Annotation(set.clone(), id.clone()), None));
        }
        if row.info.is_some() {
            changes.push(put(project, Key::Set(set), None));
        }
    }
    changes.extend(take_out(project, Key::Article(article.id.clone()), &deletion));
    Transaction::new(Intent::RemoveArticle, changes)
}

/// Whether an article of that id was removed from the project: what a deployment carries must not
/// come back at each visit.
pub fn was_removed(project: &Project, article: &ArticleId) -> bool {
    let deletion = Key::Deletion(Arc::new(Key::Article(article.clone())));
    project.value(&deletion).is_ok_and(|it| it.is_some())
        || removed_before(project.meta()).any(|id| id == *article)
}

/// The key among a project's own where the ids of removed articles stood before deletions were
/// records of their own.
pub(crate) const REMOVED: &str = "removed_articles";

/// The articles that were removed before deletions were records of their own.
pub(crate) fn removed_before(meta: &Meta) -> impl Iterator<Item = ArticleId> {
    let ids = meta.extra.get(REMOVED).and_then(Json::as_array);
    ids.into_iter().flatten().filter_map(|id| id.as_str().map(ArticleId::from))
}

/// The set of one annotator on one article.
pub fn own_set(article: &ArticleId, annotator: &AnnotatorId) -> SetKey {
    SetKey { article: article.clone(), owner: Owner::Annotator(annotator.clone()) }
}
