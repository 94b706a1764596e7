//! Relations between annotations, and groups of annotations that repeat one claim.

use std::sync::Arc;

use super::{Ctx, forget_group, put, take_out};
use crate::annotation::{AnnotatorId, GroupId, Place, Relation, RelationId, Target};
use crate::edit::{Change, Intent, Transaction};
use crate::project::{Deletion, Group, Key, Project, Value};
use crate::scheme::{Extra, RelationTypeId};

/// What a relation leads to, as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// An annotation or a group.
    Target(Target),
    /// Words, where what is meant is in no text.
    Words(String),
}

/// Draws a relation. One that an annotator has drawn already, and words that say nothing, change
/// nothing.
///
/// Where the scheme says of the type that it joins what is the same claim, both ends are members
/// of one group afterwards; if they were in two, these stay two, which a person may merge.
pub fn relate(
    project: &Project,
    kind: &RelationTypeId,
    from: &Place,
    end: End,
    by: &AnnotatorId,
    ctx: &mut dyn Ctx,
) -> Transaction {
    let known = project.scheme().relation(kind);
    let name = known.map_or_else(|| kind.to_string(), |known| known.name.clone());
    let intent = Intent::Relate { name };
    let (to, target_text) = match end {
        End::Target(target) => (Some(target), None),
        End::Words(words) if words.trim().is_empty() => return Transaction::new(intent, []),
        End::Words(words) => (None, Some(words.trim().to_owned())),
    };
    let is_drawn = project.relations_from(from).any(|it| {
        it.kind == *kind && it.to == to && it.target_text == target_text && it.annotator == *by
    });
    let to_itself = matches!(&to, Some(Target::Annotation(place)) if place == from);
    if is_drawn || to_itself {
        return Transaction::new(intent, []);
    }
    let id = RelationId::from(ctx.new_id());
    let key = Key::Relation(id.clone());
    let relation = Relation {
        id,
        order: project.next_order(&key),
        kind: kind.clone(),
        annotator: by.clone(),
        from: from.clone(),
        to: to.clone(),
        target_text,
        note: String::new(),
        extra: Extra::new(),
    };
    let drawn = put(project, key, Some(Value::Relation(Arc::new(relation))));
    let drawn = Transaction::new(intent, [drawn]);
    match to {
        Some(Target::Annotation(to)) if known.is_some_and(|known| known.same) => {
            drawn.then(same_group(project, from, &to, ctx))
        }
        Some(Target::Group { group }) if known.is_some_and(|known| known.same) => {
            drawn.then(group_members(project, &group, [from]))
        }
        _ => drawn,
    }
}

/// Takes a relation away; nothing where there is none of that id.
pub fn unrelate(project: &Project, id: &RelationId, deletion: Deletion) -> Transaction {
    let Some(relation) = project.relation(id) else {
        return Transaction::new(Intent::Unrelate { name: String::new() }, []);
    };
    let known = project.scheme().relation(&relation.kind);
    let name = known.map_or_else(|| relation.kind.to_string(), |known| known.name.clone());
    let gone = take_out(project, Key::Relation(id.clone()), &Arc::new(deletion));
    Transaction::new(Intent::Unrelate { name }, gone)
}

/// Puts two annotations into one group: that of either, or a new one whose sentence is empty.
fn same_group(project: &Project, a: &Place, b: &Place, ctx: &mut dyn Ctx) -> Transaction {
    match (project.group_of(a), project.group_of(b)) {
        (None, None) => make_group(project, "", vec![b.clone(), a.clone()], ctx).1,
        (Some(of_a), None) => group_members(project, &of_a.id, [b]),
        (None, Some(of_b)) => group_members(project, &of_b.id, [a]),
        (Some(_), Some(_)) => Transaction::new(Intent::Group, []),
    }
}

fn change_group(project: &Project, id: &GroupId, change: impl FnOnce(&mut Group)) -> Vec<Change> {
    let Some(group) = project.group(id) else { return Vec::new() };
    let mut after = (**group).clone();
    change(&mut after);
    vec![put(project, Key::Group(id.clone()), Some(Value::Group(Arc::new(after))))]
}

/// Makes a group of annotations, each of which leaves the one that it was in.
pub fn make_group(
    project: &Project,
    sentence: &str,
    members: Vec<Place>,
    ctx: &mut dyn Ctx,
) -> (GroupId, Transaction) {
    let id = GroupId::from(ctx.new_id());
    let key = Key::Group(id.clone());
    let left = members.iter().flat_map(|place| leave(project, place, &id));
    let mut changes: Vec<Change> = left.collect();
    let group = Group {
        id: id.clone(),
        order: project.next_order(&key),
        sentence: sentence.trim().to_owned(),
        members,
        extra: Extra::new(),
    };
    changes.push(put(project, key, Some(Value::Group(Arc::new(group)))));
    (id, Transaction::new(Intent::Group, changes))
}

/// Adds annotations to a group; each leaves the one that it was in.
pub fn group_members<'a>(
    project: &Project,
    group: &GroupId,
    places: impl IntoIterator<Item = &'a Place>,
) -> Transaction {
    let mut together = Transaction::new(Intent::Group, []);
    for place in places {
        let left = Transaction::new(Intent::Group, leave(project, place, group));
        let joined = change_group(project, group, |group| {
            if !group.members.contains(place) {
                group.members.push(place.clone());
            }
        });
        together = together.then(left).then(Transaction::new(Intent::Group, joined));
    }
    together
}

/// Takes an annotation out of every group but one.
fn leave(project: &Project, place: &Place, but: &GroupId) -> Vec<Change> {
    let groups = project.groups().into_iter();
    let others = groups.filter(|group| group.id != *but && group.members.contains(place));
    let left = others.flat_map(|group| {
        change_group(project, &group.id, |group| group.members.retain(|it| it != place))
    });
    left.collect()
}

/// Takes an annotation out of a group.
pub fn ungroup(project: &Project, group: &GroupId, place: &Place) -> Transaction {
    let changes = change_group(project, group, |group| group.members.retain(|it| it != place));
    Transaction::new(Intent::Ungroup, changes)
}

/// Writes the canonical sentence of a group.
pub fn set_sentence(project: &Project, group: &GroupId, sentence: &str) -> Transaction {
    let changes = change_group(project, group, |group| sentence.clone_into(&mut group.sentence));
    Transaction::new(Intent::SetSentence, changes)
}

/// Makes one group of two: the members of `from` come into `into`, and what leads to `from` leads
/// there. The sentence is that of `into`, or of `from` where that has none.
pub fn merge_groups(
    project: &Project,
    into: &GroupId,
    from: &GroupId,
    deletion: Deletion,
) -> Transaction {
    let intent = Intent::MergeGroups;
    let Some(gone) = project.group(from).filter(|_| into != from) else {
        return Transaction::new(intent, []);
    };
    let mut changes = change_group(project, into, |group| {
        for member in &gone.members {
            if !group.members.contains(member) {
                group.members.push(member.clone());
            }
        }
        if group.sentence.is_empty() {
            group.sentence.clone_from(&gone.sentence);
        }
    });
    if changes.is_empty() {
        return Transaction::new(intent, []);
    }
    for relation in project.relations() {
        if matches!(&relation.to, Some(Target::Group { group }) if group == from) {
            let mut after = (**relation).clone();
            after.to = Some(Target::Group { group: into.clone() });
            let key = Key::Relation(relation.id.clone());
            changes.push(put(project, key, Some(Value::Relation(Arc::new(after)))));
        }
    }
    changes.extend(take_out(project, Key::Group(from.clone()), &Arc::new(deletion)));
    Transaction::new(intent, changes)
}

/// Puts some members of a group into a new one.
pub fn split_group(
    project: &Project,
    group: &GroupId,
    members: &[Place],
    ctx: &mut dyn Ctx,
) -> (GroupId, Transaction) {
    let held = project.group(group).map_or(&[][..], |group| &group.members);
    let members: Vec<Place> = held.iter().filter(|it| members.contains(it)).cloned().collect();
    if members.is_empty() {
        return (group.clone(), Transaction::new(Intent::SplitGroup, []));
    }
    let (id, made) = make_group(project, "", members, ctx);
    (id, made.with_intent(Intent::SplitGroup))
}

/// Deletes a group, and the relations that lead to it; its members stay.
pub fn delete_group(project: &Project, group: &GroupId, deletion: Deletion) -> Transaction {
    let deletion = Arc::new(deletion);
    let mut changes = forget_group(project, group, &deletion);
    changes.extend(take_out(project, Key::Group(group.clone()), &deletion));
    Transaction::new(Intent::DeleteGroup, changes)
}
