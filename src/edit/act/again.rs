//! The same again: passages that read alike, values that were given before, texts that are twins.

use std::sync::Arc;

use super::{Ctx, annotate, modify, put, status_change};
use crate::annotation::{
    Annotation, AnnotationId, AttributeValue, Origin, Spans, SpeakerMention, Status, Timestamp,
};
use crate::edit::{Change, Intent, Transaction};
use crate::map::Map;
use crate::project::{Key, Project, SetKey, Value};
use crate::scheme::{AttributeId, LabelId};

/// Marks more spans of the same article as an annotation is marked: with its label and its values,
/// but without the places in the text that those name. Spans that have the label are passed over.
pub fn annotate_alike(
    project: &Project,
    set: &SetKey,
    like: &Annotation,
    spans: impl IntoIterator<Item = Spans>,
    ctx: &mut dyn Ctx,
) -> Transaction {
    let there: Vec<&Arc<Annotation>> =
        project.annotations(set).into_iter().flat_map(|set| set.values()).collect();
    let is_marked =
        |spans: &Spans| there.iter().any(|it| it.label == like.label && it.spans == *spans);
    let attributes = without_places(&like.attributes);
    let new = spans.into_iter().filter(|spans| !is_marked(spans));
    let changes: Vec<Change> = new
        .map(|spans| {
            let copy = Annotation { spans, attributes: attributes.clone(), ..like.clone() };
            added(project, set, copy, ctx)
        })
        .collect();
    Transaction::new(Intent::MarkAlike, changes)
}

/// Marks spans of one article with a label; those that have it are passed over. The set is begun by
/// it.
pub fn mark_all(
    project: &Project,
    set: &SetKey,
    label: &LabelId,
    spans: impl IntoIterator<Item = Spans>,
    ctx: &mut dyn Ctx,
) -> Transaction {
    let is_marked = |spans: &Spans| {
        let mut there = project.annotations(set).into_iter().flat_map(|set| set.values());
        there.any(|it| it.label == *label && it.spans == *spans)
    };
    let mut marked = Transaction::new(Intent::MarkAlike, []);
    for spans in spans.into_iter().filter(|spans| !is_marked(spans)) {
        marked = marked.then(annotate(project, set, label, spans, ctx).1);
    }
    marked
}

/// Gives an annotation several values at once.
pub fn set_attributes(
    project: &Project,
    set: &SetKey,
    id: &AnnotationId,
    values: impl IntoIterator<Item = (AttributeId, AttributeValue)>,
    now: Timestamp,
) -> Transaction {
    modify(project, set, id, now, Intent::RepeatValues, |annotation| {
        for (attribute, value) in values {
            annotation.attributes.insert(attribute, value);
        }
    })
}

/// Copies annotations from one article to another with the very same text, both loaded; what is
/// there already, with the same label on the same spans, is passed over. The set is begun by it.
pub fn copy_annotations(
    project: &Project,
    from: &SetKey,
    to: &SetKey,
    ctx: &mut dyn Ctx,
) -> Transaction {
    let intent = Intent::CopyAnnotations;
    if project.text(&from.article) != project.text(&to.article) {
        return Transaction::new(intent, []);
    }
    let none = Map::new();
    let there = project.annotations(to).unwrap_or(&none);
    let is_there = |it: &Annotation| {
        there.values().any(|other| other.label == it.label && other.spans == it.spans)
    };
    let own = project.annotations(from).into_iter().flat_map(|set| set.values());
    let new = own.filter(|it| !is_there(it));
    let mut changes: Vec<Change> = new.map(|it| added(project, to, (**it).clone(), ctx)).collect();
    if !changes.is_empty() && project.set(to).is_none_or(|row| row.status() == Status::Todo) {
        changes.push(status_change(project, to, Status::Doing));
    }
    Transaction::new(intent, changes)
}

/// A copy under an id of its own, made now by hand.
fn added(project: &Project, set: &SetKey, copy: Annotation, ctx: &mut dyn Ctx) -> Change {
    let id = AnnotationId::from(ctx.new_id());
    let (created, updated, origin) = (ctx.now(), ctx.now(), Origin::Hand);
    let copy = Annotation { id: id.clone(), origin, created, updated, ..copy };
    let key = Key::Annotation(set.clone(), id);
    put(project, key, Some(Value::Annotation(Arc::new(copy))))
}

/// Values as they hold elsewhere: no cue, and speakers without the place that names them.
pub fn without_places(
    values: &Map<AttributeId, AttributeValue>,
) -> Map<AttributeId, AttributeValue> {
    let mut kept = Map::new();
    for (attribute, value) in values.iter() {
        let value = match value {
            AttributeValue::Spans(_) => continue,
            AttributeValue::Speakers(speakers) => {
                let unnamed = |it: &SpeakerMention| SpeakerMention { mention: None, ..it.clone() };
                AttributeValue::Speakers(speakers.iter().map(unnamed).collect())
            }
            other => other.clone(),
        };
        kept.insert(attribute.clone(), value);
    }
    kept
}
