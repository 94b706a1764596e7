//! The scheme of what was read: what the default scheme knows becomes that, and the rest is added.

use std::collections::{BTreeMap, BTreeSet};

use super::incoming::{InAttribute, InValue, Incoming};
use crate::scheme::{
    Attribute, AttributeId, AttributeKind, Color, Extra, Label, LabelId, LineStyle, RelationType,
    RelationTypeId, Scheme, default_scheme,
};
use crate::text::Text;

/// The scheme, and what the names of the files are in it.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) scheme: Scheme,
    labels: BTreeMap<String, LabelId>,
    attributes: BTreeMap<String, (AttributeId, AttributeKind)>,
}

/// A link of a type between labels; where it leads to none, it leads to a group or to words.
pub(super) struct Drawn {
    pub(super) kind: String,
    pub(super) from: LabelId,
    pub(super) to: Leads,
}

/// What a link leads to.
pub(super) enum Leads {
    Label(LabelId),
    Group,
    Words,
}

/// The letters that no command has.
const KEYS: [&str; 4] = ["c", "d", "o", "q"];

impl Known {
    /// Of the labels and attributes that files declare or use.
    pub(super) fn of(incoming: &Incoming) -> Known {
        let default = default_scheme();
        let names = label_names(incoming);
        let own: BTreeSet<&str> = names.iter().copied().collect();
        let known = |name: &str| {
            let all = default.labels.iter().map(|it| (it.id.as_str(), it.name.as_str()));
            among(all, name, &own).map(LabelId::from)
        };
        let is_default = names.is_empty() || names.iter().any(|name| known(name).is_some());
        let mut scheme = default_scheme();
        if !is_default {
            scheme.id = format!("imported-{}", &Text::new(&names.join("\n")).hash()[..8]).into();
            scheme.version = 1;
            scheme.labels.clear();
            scheme.attributes.clear();
            scheme.relations.clear();
        }
        let mut labels = BTreeMap::new();
        let mut added: Vec<Label> = Vec::new();
        for name in names {
            let id = known(name).unwrap_or_else(|| {
                added.push(label(name, scheme.labels.len() + added.len()));
                name.into()
            });
            labels.insert(name.to_owned(), id);
        }
        give_keys(&scheme.labels, &mut added);
        let begins = scheme.labels.len();
        scheme.labels.append(&mut added);
        let mut known = Known { scheme, labels, attributes: BTreeMap::new() };
        known.add_attributes(incoming, &default, begins);
        if is_default && known.scheme != default {
            known.scheme.version += 1;
        }
        known
    }

    /// `begins` is the index of the first label that is none of the default scheme's.
    fn add_attributes(&mut self, incoming: &Incoming, default: &Scheme, begins: usize) {
        let found = attributes(incoming);
        let own: BTreeSet<&str> = found.iter().map(|it| it.declared.name.as_str()).collect();
        // By label, the indices of its attributes.
        let mut with: BTreeMap<LabelId, BTreeSet<usize>> = BTreeMap::new();
        let ids = self.scheme.attributes.iter().map(|it| it.id.clone());
        let mut here: BTreeMap<AttributeId, usize> = ids.zip(0..).collect();
        let defaults = here.len();
        for Found { declared, seen, labels } in &found {
            let name = declared.name.as_str();
            let all = default.attributes.iter().map(|it| (it.id.as_str(), it.name.as_str()));
            let known = among(all, name, &own).and_then(|id| default.attribute(&id.into()));
            let attribute = known.cloned().unwrap_or_else(|| attribute(declared, *seen));
            self.attributes.insert(name.to_owned(), (attribute.id.clone(), attribute.kind));
            let index = *here.entry(attribute.id.clone()).or_insert_with(|| {
                self.scheme.attributes.push(attribute);
                self.scheme.attributes.len() - 1
            });
            let labels = labels.iter().copied().chain(declared.labels.iter().map(String::as_str));
            for label in labels.filter_map(|name| self.labels.get(name)) {
                with.entry(label.clone()).or_default().insert(index);
            }
        }
        let ids = &self.scheme.attributes;
        for (at, label) in self.scheme.labels.iter_mut().enumerate() {
            let own = with.get(&label.id).into_iter().flatten().copied();
            // What the default scheme says of its labels and attributes stays.
            let new = own.filter(|index| at >= begins || *index >= defaults);
            label.attributes.extend(new.map(|index| ids[index].id.clone()));
        }
    }

    /// Adds types of links that are not known; what the types are by the names of the files.
    pub(super) fn add_relations(
        &mut self,
        incoming: &Incoming,
        drawn: &[&Drawn],
    ) -> BTreeMap<String, RelationTypeId> {
        let mut types = BTreeMap::new();
        let names: Vec<&str> = (incoming.declared.relations.iter().map(|it| it.name.as_str()))
            .chain(drawn.iter().map(|it| it.kind.as_str()))
            .collect();
        let own: BTreeSet<&str> = names.iter().copied().collect();
        let default = default_scheme();
        let mut ends = ends(drawn);
        for declared in &incoming.declared.relations {
            let ends = ends.entry(&declared.name).or_default();
            let label = |name: &String| self.labels.get(name).cloned();
            ends.from.extend(declared.from.iter().filter_map(label));
            ends.to.extend(declared.to.iter().filter_map(label));
        }
        let before = self.scheme.relations.len();
        let labels = self.scheme.labels.iter().map(|it| it.id.clone());
        let ranks: BTreeMap<LabelId, usize> = labels.zip(0..).collect();
        let ids = self.scheme.relations.iter().map(|it| it.id.clone());
        let mut here: BTreeSet<RelationTypeId> = ids.collect();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            if types.contains_key(name) {
                continue;
            }
            let all = default.relations.iter().map(|it| (it.id.as_str(), it.name.as_str()));
            let known = among(all, name, &own).map(RelationTypeId::from);
            let id = known.clone().unwrap_or_else(|| name.into());
            types.insert(name.to_owned(), id.clone());
            if here.insert(id.clone()) {
                let ends = ends.remove(name).unwrap_or_default();
                let known = known.and_then(|id| default.relation(&id));
                self.scheme.relations.push(relation(id, known, ends, &ranks));
            }
        }
        if self.scheme.relations.len() > before && self.scheme.id == default.id {
            self.scheme.version = default.version + 1;
        }
        types
    }

    /// The label that a name of the files is; it is one of those that were met.
    pub(super) fn label(&self, name: &str) -> LabelId {
        self.labels.get(name).cloned().unwrap_or_else(|| name.into())
    }

    /// The attribute that a name of the files is, and what values it takes.
    pub(super) fn attribute(&self, name: &str) -> Option<(AttributeId, AttributeKind)> {
        self.attributes.get(name).cloned()
    }
}

/// The labels of files, those that are declared first.
fn label_names(incoming: &Incoming) -> Vec<&str> {
    let used = incoming.documents.iter().flat_map(|it| &it.annotations).map(|it| &it.label);
    let all = incoming.declared.labels.iter().chain(used).map(String::as_str);
    let mut met = BTreeSet::new();
    all.filter(|name| !name.is_empty() && met.insert(*name)).collect()
}

/// The id among those known that a name means: by id, else by id or name without regard to case,
/// where no other name of the files is that id.
fn among<'a>(
    known: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    name: &str,
    own: &BTreeSet<&str>,
) -> Option<&'a str> {
    let mut exact = known.clone().filter(|(id, _)| *id == name);
    let alike = |a: &str| a.eq_ignore_ascii_case(name);
    let mut others = known.filter(|(id, called)| alike(id) || alike(called));
    let (id, _) = exact.next().or_else(|| others.next().filter(|(id, _)| !own.contains(id)))?;
    Some(id)
}

/// A label of no more than a name, with the next of the colours and styles.
fn label(name: &str, at: usize) -> Label {
    Label {
        id: name.into(),
        name: name.to_owned(),
        key: String::new(),
        color: Color::ALL[at % Color::ALL.len()],
        style: LineStyle::ALL[at % LineStyle::ALL.len()],
        description: String::new(),
        example: String::new(),
        attributes: Vec::new(),
        rules: Vec::new(),
        extra: Extra::new(),
    }
}

/// Gives new labels the letters that are left: to each its own first letter, then to the first of
/// the others.
fn give_keys(before: &[Label], added: &mut [Label]) {
    let mut free: Vec<&str> = KEYS.to_vec();
    free.retain(|key| before.iter().all(|label| label.key != *key));
    for own in [true, false] {
        for label in added.iter_mut().filter(|label| label.key.is_empty()) {
            let first = label.name.get(..1).unwrap_or_default();
            let found = free.iter().position(|key| !own || first.eq_ignore_ascii_case(key));
            label.key = found.map_or_else(String::new, |at| free.remove(at).to_owned());
        }
    }
}

/// An attribute of files.
struct Found<'a> {
    declared: InAttribute,
    /// What values of it are.
    seen: AttributeKind,
    /// Labels whose annotations have a value of it.
    labels: BTreeSet<&'a str>,
}

/// The attributes of files, those that are declared first.
fn attributes(incoming: &Incoming) -> Vec<Found<'_>> {
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for InAttribute { name, kind, values, labels } in &incoming.declared.attributes {
        if known.contains_key(name.as_str()) {
            continue;
        }
        known.insert(name, found.len());
        let (name, values, labels) = (name.clone(), values.clone(), labels.clone());
        let declared = InAttribute { name, kind: *kind, values, labels };
        found.push(Found { declared, seen: AttributeKind::Text, labels: BTreeSet::new() });
    }
    for annotation in incoming.documents.iter().flat_map(|it| &it.annotations) {
        for (name, value) in &annotation.attributes {
            let at = *known.entry(name).or_insert_with(|| {
                let declared = InAttribute::new(name, None);
                let seen = AttributeKind::Text;
                found.push(Found { declared, seen, labels: BTreeSet::new() });
                found.len() - 1
            });
            let seen = match value {
                InValue::Text(_) => AttributeKind::Text,
                InValue::Speakers(_) => AttributeKind::Speaker,
                InValue::Spans(_) => AttributeKind::Span,
            };
            let is_first = found[at].labels.is_empty();
            // An empty list may be one of speakers.
            if is_first || (!value.is_nothing() && seen == AttributeKind::Speaker) {
                found[at].seen = seen;
            }
            if !value.is_nothing() {
                found[at].labels.insert(&annotation.label);
            }
        }
    }
    found
}

fn attribute(declared: &InAttribute, seen: AttributeKind) -> Attribute {
    let InAttribute { name, kind, values, .. } = declared;
    Attribute {
        id: name.as_str().into(),
        name: name.clone(),
        description: String::new(),
        kind: kind.unwrap_or(seen),
        values: values.clone(),
        required: false,
        extra: Extra::new(),
    }
}

/// What links of a type lead from and to.
#[derive(Default)]
struct Ends {
    from: BTreeSet<LabelId>,
    to: BTreeSet<LabelId>,
    groups: bool,
    text: bool,
}

fn ends<'a>(drawn: &[&'a Drawn]) -> BTreeMap<&'a str, Ends> {
    let mut ends: BTreeMap<&str, Ends> = BTreeMap::new();
    for Drawn { kind, from, to } in drawn {
        let ends = ends.entry(kind).or_default();
        ends.from.insert(from.clone());
        match to {
            Leads::Label(label) => drop(ends.to.insert(label.clone())),
            Leads::Group => ends.groups = true,
            Leads::Words => ends.text = true,
        }
    }
    ends
}

fn relation(
    id: RelationTypeId,
    known: Option<&RelationType>,
    ends: Ends,
    ranks: &BTreeMap<LabelId, usize>,
) -> RelationType {
    let of = |ends: BTreeSet<LabelId>| {
        let mut labels: Vec<LabelId> = ends.into_iter().collect();
        labels.sort_by_key(|label| ranks.get(label));
        labels
    };
    RelationType {
        name: known.map_or_else(|| id.to_string(), |it| it.name.clone()),
        id,
        description: known.map_or_else(String::new, |it| it.description.clone()),
        from: of(ends.from),
        to: of(ends.to),
        groups: ends.groups,
        text: ends.text,
        same: known.is_some_and(|it| it.same),
        extra: Extra::new(),
    }
}
