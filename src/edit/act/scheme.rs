//! The scheme: its parts one by one, and what annotations have of parts that change or go.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{forget, put, retext, take_out};
use crate::annotation::{Annotation, ArticleId, AttributeValue, Place};
use crate::edit::{Change, Intent, Transaction};
use crate::map::Map;
use crate::project::{Article, Deletion, Key, Project, SetKey, Value};
use crate::scheme::{
    Attribute, AttributeId, AttributeKind, Color, Extra, Label, LabelId, LineStyle, RelationType,
    RelationTypeId, Scheme,
};

/// The longest id that is made of a name, in characters.
const LONGEST_ID: usize = 40;

/// Gives the project another scheme, as the next version of the one that it has. What has the id of
/// something before it is left out, and a scheme that says the same changes nothing.
pub fn set_scheme(project: &Project, mut scheme: Scheme, intent: Intent) -> Transaction {
    let now = project.scheme();
    scheme.version = now.version;
    only_first(&mut scheme.labels, |it| it.id.as_str());
    only_first(&mut scheme.attributes, |it| it.id.as_str());
    only_first(&mut scheme.relations, |it| it.id.as_str());
    if scheme == **now {
        return Transaction::new(intent, []);
    }
    scheme.version = now.version.saturating_add(1);
    Transaction::new(intent, [put(project, Key::Scheme, Some(Value::Scheme(Arc::new(scheme))))])
}

fn only_first<T>(all: &mut Vec<T>, id: impl Fn(&T) -> &str) {
    let mut met: Vec<String> = Vec::new();
    all.retain(|it| {
        let new = !met.iter().any(|met| met == id(it));
        met.push(id(it).to_owned());
        new
    });
}

fn change_scheme(
    project: &Project,
    intent: Intent,
    change: impl FnOnce(&mut Scheme),
) -> Transaction {
    let mut scheme = (**project.scheme()).clone();
    change(&mut scheme);
    set_scheme(project, scheme, intent)
}

/// An id made of a name: letters and digits as they are, in small letters, and `_` between them;
/// with a number where that is taken.
fn fresh_id(name: &str, otherwise: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut id = String::new();
    for c in name.chars().flat_map(char::to_lowercase).take(LONGEST_ID) {
        if c.is_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('_') {
            id.push('_');
        }
    }
    let id = match id.trim_end_matches('_') {
        "" => otherwise,
        id => id,
    };
    if !taken(id) {
        return id.to_owned();
    }
    (2_u32..).map(|n| format!("{id}_{n}")).find(|id| !taken(id)).unwrap_or_default()
}

/// Puts a label behind the others. It has the key that is given, a colour that no other has, if one
/// is left, and no attributes. Nothing without a name.
pub fn add_label(project: &Project, name: &str, key: &str) -> (LabelId, Transaction) {
    let scheme = project.scheme();
    let taken = |id: &str| {
        let id = LabelId::from(id);
        scheme.label(&id).is_some() || !label_uses(project, &id).is_empty()
    };
    let id = LabelId::from(fresh_id(name, "label", taken));
    let labels = &scheme.labels;
    let unused = Color::ALL.into_iter().find(|color| labels.iter().all(|it| it.color != *color));
    let styled =
        LineStyle::ALL.into_iter().find(|style| labels.iter().all(|it| it.style != *style));
    let label = Label {
        id: id.clone(),
        name: name.trim().to_owned(),
        key: key.to_owned(),
        color: unused.unwrap_or_default(),
        style: styled.unwrap_or_default(),
        description: String::new(),
        example: String::new(),
        attributes: Vec::new(),
        rules: Vec::new(),
        extra: Extra::new(),
    };
    let added = change_scheme(project, Intent::AddLabel, |scheme| {
        scheme.labels.extend(Some(label).filter(|label| !label.name.is_empty()));
    });
    (id, added)
}

/// Puts an attribute behind the others: a choice with nothing to choose from yet, which no label
/// has. Nothing without a name.
pub fn add_attribute(project: &Project, name: &str) -> (AttributeId, Transaction) {
    let scheme = project.scheme();
    let id = fresh_id(name, "attribute", |id| scheme.attribute(&id.into()).is_some());
    let id = AttributeId::from(id);
    let attribute = Attribute {
        id: id.clone(),
        name: name.trim().to_owned(),
        description: String::new(),
        kind: AttributeKind::Choice,
        values: Vec::new(),
        required: false,
        extra: Extra::new(),
    };
    let added = change_scheme(project, Intent::AddAttribute, |scheme| {
        scheme.attributes.extend(Some(attribute).filter(|it| !it.name.is_empty()));
    });
    (id, added)
}

/// Puts a type of relation behind the others, which joins no labels yet. Nothing without a name.
pub fn add_relation_type(project: &Project, name: &str) -> (RelationTypeId, Transaction) {
    let scheme = project.scheme();
    let taken = |id: &str| {
        let id = RelationTypeId::from(id);
        scheme.relation(&id).is_some() || relation_uses(project, &id) > 0
    };
    let id = RelationTypeId::from(fresh_id(name, "relation", taken));
    let relation = RelationType {
        id: id.clone(),
        name: name.trim().to_owned(),
        description: String::new(),
        from: Vec::new(),
        to: Vec::new(),
        groups: false,
        text: false,
        same: false,
        extra: Extra::new(),
    };
    let added = change_scheme(project, Intent::AddRelationType, |scheme| {
        scheme.relations.extend(Some(relation).filter(|it| !it.name.is_empty()));
    });
    (id, added)
}

/// Puts a label in the place of the one that has its id. An empty name leaves the one that was; a
/// new key is one lower-case Latin letter, or none.
pub fn change_label(project: &Project, mut label: Label) -> Transaction {
    change_scheme(project, Intent::ChangeLabel, |scheme| {
        let Some(now) = scheme.labels.iter_mut().find(|it| it.id == label.id) else { return };
        keep_name(&mut label.name, &now.name);
        if label.key != now.key {
            let letter = label.key.trim().chars().next().map(|it| it.to_ascii_lowercase());
            let letter = letter.filter(char::is_ascii_lowercase);
            label.key = letter.map_or_else(String::new, |letter| letter.to_string());
        }
        *now = label;
    })
}

/// Puts an attribute in the place of the one that has its id, of which kind and values stay:
/// annotations have them. An empty name leaves the one that was.
pub fn change_attribute(project: &Project, mut attribute: Attribute) -> Transaction {
    change_scheme(project, Intent::ChangeAttribute, |scheme| {
        let now = scheme.attributes.iter_mut().find(|it| it.id == attribute.id);
        let Some(now) = now else { return };
        keep_name(&mut attribute.name, &now.name);
        let values = std::mem::take(&mut now.values);
        *now = Attribute { kind: now.kind, values, ..attribute };
    })
}

/// Puts a type of relation in the place of the one that has its id. An empty name leaves the one
/// that was.
pub fn change_relation_type(project: &Project, mut relation: RelationType) -> Transaction {
    change_scheme(project, Intent::ChangeRelationType, |scheme| {
        let Some(now) = scheme.relations.iter_mut().find(|it| it.id == relation.id) else { return };
        keep_name(&mut relation.name, &now.name);
        *now = relation;
    })
}

fn keep_name(name: &mut String, before: &str) {
    let trimmed = name.trim();
    *name = if trimmed.is_empty() { before } else { trimmed }.to_owned();
}

/// Moves a label one place on, or back.
pub fn move_label(project: &Project, id: &LabelId, back: bool) -> Transaction {
    change_scheme(project, Intent::ChangeLabel, |scheme| {
        shift(&mut scheme.labels, |it| it.id == *id, back);
    })
}

/// Moves an attribute one place on, or back.
pub fn move_attribute(project: &Project, id: &AttributeId, back: bool) -> Transaction {
    change_scheme(project, Intent::ChangeAttribute, |scheme| {
        shift(&mut scheme.attributes, |it| it.id == *id, back);
    })
}

/// Moves a type of relation one place on, or back.
pub fn move_relation_type(project: &Project, id: &RelationTypeId, back: bool) -> Transaction {
    change_scheme(project, Intent::ChangeRelationType, |scheme| {
        shift(&mut scheme.relations, |it| it.id == *id, back);
    })
}

/// Moves a value of a choice one place on, or back.
pub fn move_value(
    project: &Project,
    attribute: &AttributeId,
    value: &str,
    back: bool,
) -> Transaction {
    change_values(project, attribute, |values| shift(values, |it| it == value, back))
}

/// Puts a value behind the others that a choice chooses from; an empty one, and one that is there,
/// changes nothing.
pub fn add_value(project: &Project, attribute: &AttributeId, value: &str) -> Transaction {
    let value = value.trim();
    change_values(project, attribute, |values| {
        if !value.is_empty() && !values.iter().any(|it| it == value) {
            values.push(value.to_owned());
        }
    })
}

fn change_values(
    project: &Project,
    attribute: &AttributeId,
    change: impl FnOnce(&mut Vec<String>),
) -> Transaction {
    change_scheme(project, Intent::ChangeAttribute, |scheme| {
        if let Some(attribute) = scheme.attributes.iter_mut().find(|it| it.id == *attribute) {
            change(&mut attribute.values);
        }
    })
}

fn shift<T>(all: &mut [T], is_it: impl Fn(&T) -> bool, back: bool) {
    let Some(at) = all.iter().position(is_it) else { return };
    let to = if back { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < all.len()) };
    if let Some(to) = to {
        all.swap(at, to);
    }
}

/// Deletes a type of relation. The relations of it are of another type then, or are deleted too.
pub fn delete_relation_type(
    project: &Project,
    id: &RelationTypeId,
    into: Option<&RelationTypeId>,
    deletion: Deletion,
) -> Transaction {
    let deletion = Arc::new(deletion);
    let mut changes = Vec::new();
    for relation in project.relations().into_iter().filter(|it| it.kind == *id) {
        let key = Key::Relation(relation.id.clone());
        match into {
            Some(into) => {
                let mut after = (**relation).clone();
                after.kind = into.clone();
                changes.push(put(project, key, Some(Value::Relation(Arc::new(after)))));
            }
            None => changes.extend(take_out(project, key, &deletion)),
        }
    }
    let gone = change_scheme(project, Intent::DeleteRelationType, |scheme| {
        scheme.relations.retain(|it| it.id != *id);
    });
    Transaction::new(Intent::DeleteRelationType, changes).then(gone)
}

/// How many annotations have a label, everybody's, by article in the project's order: of those that
/// have a place and those that have none. Nothing needs to be loaded.
pub fn label_uses(project: &Project, label: &LabelId) -> Vec<(ArticleId, u32)> {
    let articles = project.articles().into_iter();
    let uses = articles.map(|article| {
        let rows = project.sets_of(&article.id);
        let placed = rows.map(|(_, row)| row.counts.of(label)).sum::<u32>();
        let unplaced = article.unplaced.iter().filter(|it| it.label == *label).count();
        (article.id.clone(), placed + unplaced as u32)
    });
    uses.filter(|(_, count)| *count > 0).collect()
}

/// How many relations are of a type.
pub fn relation_uses(project: &Project, id: &RelationTypeId) -> usize {
    project.relations().into_iter().filter(|it| it.kind == *id).count()
}

/// The scheme without a label. Relation types that named it name the one that takes its place.
pub fn without_label(scheme: &Scheme, label: &LabelId, into: Option<&LabelId>) -> Scheme {
    let mut scheme = scheme.clone();
    scheme.labels.retain(|it| it.id != *label);
    for relation in &mut scheme.relations {
        for ends in [&mut relation.from, &mut relation.to] {
            let Some(at) = ends.iter().position(|it| it == label) else { continue };
            match into.filter(|into| !ends.contains(into)) {
                Some(into) => ends[at] = into.clone(),
                None => drop(ends.remove(at)),
            }
        }
    }
    scheme
}

/// The scheme without an attribute.
pub fn without_attribute(scheme: &Scheme, attribute: &AttributeId) -> Scheme {
    let mut scheme = scheme.clone();
    scheme.attributes.retain(|it| it.id != *attribute);
    for label in &mut scheme.labels {
        label.attributes.retain(|it| it != attribute);
    }
    scheme
}

/// The scheme with an attribute of another kind. A choice that was yes or no chooses from these.
pub fn with_kind(scheme: &Scheme, attribute: &AttributeId, kind: AttributeKind) -> Scheme {
    let mut scheme = scheme.clone();
    if let Some(it) = scheme.attributes.iter_mut().find(|it| it.id == *attribute) {
        let was = std::mem::replace(&mut it.kind, kind);
        if (was, kind) == (AttributeKind::YesNo, AttributeKind::Choice) && it.values.is_empty() {
            it.values = ["yes", "no"].map(str::to_owned).to_vec();
        }
    }
    scheme
}

/// The scheme with another value in the place of one of a choice's; without it, where the other is
/// there already or there is none.
pub fn with_value(
    scheme: &Scheme,
    attribute: &AttributeId,
    from: &str,
    into: Option<&str>,
) -> Scheme {
    let mut scheme = scheme.clone();
    let it = scheme.attributes.iter_mut().find(|it| it.id == *attribute);
    if let Some(it) = it
        && let Some(at) = it.values.iter().position(|value| value == from)
    {
        match into.filter(|into| !it.values.iter().any(|value| value == into)) {
            Some(into) => it.values[at] = into.to_owned(),
            None => drop(it.values.remove(at)),
        }
    }
    scheme
}

/// What is done to what annotations have, of every annotator and gold.
#[derive(Clone, Debug, PartialEq)]
pub enum Rewrite {
    /// One label takes the place of another.
    Relabel {
        /// The one that goes.
        from: LabelId,
        /// The one that stays.
        into: LabelId,
    },
    /// The annotations of a label are deleted, with the relations that start from them or lead to
    /// them; they leave their groups.
    Delete {
        /// Which label.
        label: LabelId,
    },
    /// The values of an attribute go.
    Clear {
        /// Which attribute.
        attribute: AttributeId,
    },
    /// One value of an attribute takes the place of another, or nothing does.
    Value {
        /// Which attribute.
        attribute: AttributeId,
        /// The one that goes.
        from: String,
        /// The one that takes its place.
        into: Option<String>,
    },
    /// The values of these attributes become values of a kind, where they can; see [`as_kind`].
    Kinds(Vec<(AttributeId, AttributeKind)>),
}

/// What became of some articles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rewritten {
    /// What changes.
    pub changes: Vec<Change>,
    /// How many annotations are touched.
    pub annotations: usize,
    /// How many values could not be kept.
    pub lost: usize,
}

/// Rewrites what lies on these articles, which are loaded, and what has no place on them; `deletion`
/// says when and by whom.
pub fn rewrite(
    project: &Project,
    articles: &[ArticleId],
    what: &Rewrite,
    deletion: &Deletion,
) -> Rewritten {
    let mut done = Rewritten::default();
    let shared = Arc::new(deletion.clone());
    let mut gone: Map<Place, ()> = Map::new();
    for id in articles {
        let sets = project.loaded(id).into_iter().flat_map(|loaded| loaded.sets.iter());
        for (owner, set) in sets {
            let set_key = SetKey { article: id.clone(), owner: owner.clone() };
            for annotation in set.values() {
                let key = Key::Annotation(set_key.clone(), annotation.id.clone());
                if matches!(what, Rewrite::Delete { label } if *label == annotation.label) {
                    done.annotations += 1;
                    done.changes.extend(take_out(project, key, &shared));
                    let annotation = annotation.id.clone();
                    gone.insert(Place { article: id.clone(), annotation }, ());
                    continue;
                }
                let mut after: Annotation = (**annotation).clone();
                let Annotation { label, attributes, extra, .. } = &mut after;
                done.lost += change(what, label, attributes, extra);
                if after != **annotation {
                    done.annotations += 1;
                    after.updated = deletion.at;
                    done.changes.push(put(project, key, Some(Value::Annotation(Arc::new(after)))));
                }
            }
        }
        if let Some(article) = project.article(id).filter(|it| !it.unplaced.is_empty()) {
            rewrite_unplaced(project, article, what, &shared, &mut gone, &mut done);
        }
    }
    if !gone.is_empty() {
        done.changes.extend(forget(project, |place| gone.contains_key(place), &shared));
    }
    done
}

/// Rewrites what has no place in an article's text.
fn rewrite_unplaced(
    project: &Project,
    article: &Article,
    what: &Rewrite,
    deletion: &Arc<Deletion>,
    gone: &mut Map<Place, ()>,
    done: &mut Rewritten,
) {
    let mut record = article.clone();
    record.unplaced.clear();
    for it in &article.unplaced {
        if matches!(what, Rewrite::Delete { label } if *label == it.label) {
            done.annotations += 1;
            let set = SetKey { article: article.id.clone(), owner: it.owner.clone() };
            let key = Key::Deletion(Arc::new(Key::Annotation(set, it.id.clone())));
            done.changes.push(put(project, key, Some(Value::Deletion(deletion.clone()))));
            let place = Place { article: article.id.clone(), annotation: it.id.clone() };
            gone.insert(place, ());
            continue;
        }
        let mut after = it.clone();
        done.lost += change(what, &mut after.label, &mut after.attributes, &mut after.extra);
        if after != *it {
            done.annotations += 1;
            after.updated = deletion.at;
        }
        record.unplaced.push(after);
    }
    let key = Key::Article(article.id.clone());
    done.changes.push(put(project, key, Some(Value::Article(Arc::new(record)))));
}

/// Changes what one annotation has; how many of its values could not be kept.
fn change(
    what: &Rewrite,
    label: &mut LabelId,
    attributes: &mut Map<AttributeId, AttributeValue>,
    extra: &mut Extra,
) -> usize {
    let mut lost = 0;
    match what {
        Rewrite::Relabel { from, into } if label == from => *label = into.clone(),
        Rewrite::Relabel { .. } | Rewrite::Delete { .. } => {}
        Rewrite::Clear { attribute } => {
            attributes.remove(attribute);
            retext::forget_lost(extra, attribute);
        }
        Rewrite::Value { attribute, from, into } => {
            if matches!(attributes.get(attribute), Some(AttributeValue::Text(it)) if it == from) {
                match into {
                    Some(into) => {
                        attributes.insert(attribute.clone(), AttributeValue::Text(into.clone()));
                    }
                    None => drop(attributes.remove(attribute)),
                }
            }
        }
        Rewrite::Kinds(kinds) => {
            for (attribute, kind) in kinds {
                let Some(value) = attributes.get(attribute) else { continue };
                match as_kind(value, *kind) {
                    Some(after) if after == *value => {}
                    Some(after) => attributes.insert(attribute.clone(), after),
                    None => {
                        lost += 1;
                        attributes.remove(attribute);
                    }
                }
            }
        }
    }
    lost
}

/// The highest whole number of which all smaller ones are numbers too.
const WHOLE: i64 = 1 << 53;

/// A value as one of a kind: itself where it is one, the same in words or from words where that says
/// all of it, and none where nothing of the kind says the same. What no kind is known of stays.
pub fn as_kind(value: &AttributeValue, kind: AttributeKind) -> Option<AttributeValue> {
    use AttributeKind as K;
    use AttributeValue as V;
    let words = matches!(kind, K::Choice | K::Text);
    Some(match (value, kind) {
        (V::Speakers(_), K::Speaker)
        | (V::Spans(_), K::Span)
        | (V::Text(_), K::Choice | K::Text)
        | (V::YesNo(_), K::YesNo)
        | (V::Number(_), K::Number) => value.clone(),
        (V::Other(Json::String(text)), _) => as_kind(&V::Text(text.clone()), kind)?,
        (V::Other(Json::Bool(yes)), _) => as_kind(&V::YesNo(*yes), kind)?,
        (V::Other(Json::Number(number)), _) => as_kind(&V::Number(number.as_f64()?), kind)?,
        (V::Other(_), _) => value.clone(),
        (V::YesNo(yes), _) if words => V::Text(if *yes { "yes" } else { "no" }.to_owned()),
        (V::Number(number), _) if words => {
            let whole = *number as i64;
            let is_whole = whole.unsigned_abs() <= WHOLE as u64 && whole as f64 == *number;
            V::Text(Some(whole).filter(|_| is_whole)?.to_string())
        }
        (V::Text(text), K::YesNo) => match text.trim() {
            "yes" => V::YesNo(true),
            "no" => V::YesNo(false),
            _ => return None,
        },
        (V::Text(text), K::Number) => {
            let whole: i64 = text.trim().parse().ok()?;
            V::Number(Some(whole).filter(|it| it.unsigned_abs() <= WHOLE as u64)? as f64)
        }
        _ => return None,
    })
}

/// The attributes whose kind in `after` may not be that of their values now: those that the scheme
/// has with another kind, and those that it does not have.
pub fn kinds_that_change(before: &Scheme, after: &Scheme) -> Vec<(AttributeId, AttributeKind)> {
    let changed = after
        .attributes
        .iter()
        .filter(|it| before.attribute(&it.id).is_none_or(|now| now.kind != it.kind));
    changed.map(|it| (it.id.clone(), it.kind)).collect()
}
