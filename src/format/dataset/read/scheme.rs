//! The scheme of what was read: what the default scheme knows becomes that, and the rest is added.

use std::collections::{BTreeMap, BTreeSet};

use super::incoming::{Declared, InAttribute, InDocument, InRelationType, InValue};
use crate::scheme::{
    Attribute, AttributeId, AttributeKind, Color, Extra, Label, LabelId, LineStyle, RelationType,
    RelationTypeId, Scheme, default_scheme,
};
use crate::text::Text;

/// The labels and attributes of files, in the order in which they are met; what files declare comes
/// before what they use.
#[derive(Default)]
pub(super) struct Met {
    labels: Vec<String>,
    known_labels: BTreeSet<String>,
    attributes: Vec<Found>,
    /// By name, the index of each.
    known_attributes: BTreeMap<String, usize>,
    /// The types of links that are declared.
    relations: Vec<InRelationType>,
}

/// An attribute of files.
struct Found {
    declared: InAttribute,
    /// What values of it are.
    seen: AttributeKind,
    /// Labels whose annotations have a value of it.
    labels: BTreeSet<String>,
}

impl Met {
    pub(super) fn declare(&mut self, declared: Declared) {
        let Declared { labels, attributes, relations } = declared;
        labels.iter().for_each(|name| self.label(name));
        for declared in attributes {
            self.attribute(&declared.name.clone(), || declared);
        }
        self.relations.extend(relations);
    }

    /// What a document uses.
    pub(super) fn add(&mut self, document: &InDocument) {
        for annotation in &document.annotations {
            self.label(&annotation.label);
            for (name, value) in &annotation.attributes {
                let found = self.attribute(name, || InAttribute::new(name, None));
                let seen = match value {
                    InValue::Text(_) => AttributeKind::Text,
                    InValue::Speakers(_) => AttributeKind::Speaker,
                    InValue::Spans(_) => AttributeKind::Span,
                };
                let is_first = found.labels.is_empty();
                // An empty list may be one of speakers.
                if is_first || (!value.is_nothing() && seen == AttributeKind::Speaker) {
                    found.seen = seen;
                }
                if !value.is_nothing() && !found.labels.contains(&annotation.label) {
                    found.labels.insert(annotation.label.clone());
                }
            }
        }
    }

    fn label(&mut self, name: &str) {
        if !name.is_empty() && !self.known_labels.contains(name) {
            self.known_labels.insert(name.to_owned());
            self.labels.push(name.to_owned());
        }
    }

    fn attribute(&mut self, name: &str, new: impl FnOnce() -> InAttribute) -> &mut Found {
        let at = match self.known_attributes.get(name) {
            Some(at) => *at,
            None => {
                let (declared, seen, labels) = (new(), AttributeKind::Text, BTreeSet::new());
                self.attributes.push(Found { declared, seen, labels });
                self.known_attributes.insert(name.to_owned(), self.attributes.len() - 1);
                self.attributes.len() - 1
            }
        };
        &mut self.attributes[at]
    }
}

/// The scheme, and what the names of the files are in it.
pub(super) struct Known {
    pub(super) scheme: Scheme,
    labels: BTreeMap<String, LabelId>,
    attributes: BTreeMap<String, (AttributeId, AttributeKind)>,
    /// The types of links that files declare.
    relations: Vec<InRelationType>,
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
    pub(super) fn of(met: Met) -> Known {
        let Met { labels: names, attributes, relations, .. } = met;
        let default = default_scheme();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
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
        let mut known = Known { scheme, labels, attributes: BTreeMap::new(), relations };
        known.add_attributes(&attributes, &default, begins);
        if is_default && known.scheme != default {
            known.scheme.version += 1;
        }
        known
    }

    /// `begins` is the index of the first label that is none of the default scheme's.
    fn add_attributes(&mut self, found: &[Found], default: &Scheme, begins: usize) {
        let own: BTreeSet<&str> = found.iter().map(|it| it.declared.name.as_str()).collect();
        // By label, the indices of its attributes.
        let mut with: BTreeMap<LabelId, BTreeSet<usize>> = BTreeMap::new();
        let ids = self.scheme.attributes.iter().map(|it| it.id.clone());
        let mut here: BTreeMap<AttributeId, usize> = ids.zip(0..).collect();
        let defaults = here.len();
        for Found { declared, seen, labels } in found {
            let name = declared.name.as_str();
            let all = default.attributes.iter().map(|it| (it.id.as_str(), it.name.as_str()));
            let known = among(all, name, &own).and_then(|id| default.attribute(&id.into()));
            let attribute = known.cloned().unwrap_or_else(|| attribute(declared, *seen));
            self.attributes.insert(name.to_owned(), (attribute.id.clone(), attribute.kind));
            let index = *here.entry(attribute.id.clone()).or_insert_with(|| {
                self.scheme.attributes.push(attribute);
                self.scheme.attributes.len() - 1
            });
            let labels = labels.iter().chain(&declared.labels);
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
    pub(super) fn add_relations<'a>(
        &mut self,
        drawn: impl Iterator<Item = &'a Drawn> + Clone,
    ) -> BTreeMap<String, RelationTypeId> {
        let mut types = BTreeMap::new();
        let names: Vec<&str> = (self.relations.iter().map(|it| it.name.as_str()))
            .chain(drawn.clone().map(|it| it.kind.as_str()))
            .collect();
        let own: BTreeSet<&str> = names.iter().copied().collect();
        let default = default_scheme();
        let mut ends = ends(drawn);
        for declared in &self.relations {
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

fn ends<'a>(drawn: impl Iterator<Item = &'a Drawn>) -> BTreeMap<&'a str, Ends> {
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
