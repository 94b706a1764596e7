//! Groups, and links between annotations, once these are there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::put;
use super::incoming::{At, InDocument, InPlace, InRelation, InTarget, Notes};
use super::look::hashed;
use super::scheme::{Drawn, Leads};
use crate::annotation::{AnnotatorId, GroupId, Place, Relation, Target};
use crate::project::{Group, Key, Project, Value};
use crate::scheme::{Extra, LabelId, RelationTypeId};

/// The ends of links that are asked for elsewhere than in their own document, while all documents are
/// looked at. They are held as hashes: one too many is kept, and not used.
#[derive(Default)]
pub(super) struct Asking {
    /// Of those that are not in the document of their link.
    elsewhere: Vec<u64>,
    /// Of those that are, should they be left out there.
    here: Vec<u64>,
    /// Of all annotations.
    met: Vec<u64>,
    /// How many links there are.
    links: usize,
}

impl Asking {
    /// The links of a document, and what others may name in it.
    pub(super) fn document(&mut self, document: &InDocument) {
        let article = Some(document.article.as_str());
        let ids = document.annotations.iter().map(|it| it.id.as_str()).filter(|id| !id.is_empty());
        self.met.extend(ids.clone().map(|id| hashed(&(article, id))));
        if document.relations.is_empty() {
            return;
        }
        let ids: BTreeSet<&str> = ids.collect();
        for end in document.relations.iter().flat_map(InRelation::ends) {
            let named = end.article().or(article);
            let is_here = named == article && ids.contains(end.id.as_str());
            let to = if is_here { &mut self.here } else { &mut self.elsewhere };
            to.push(hashed(&(named, end.id.as_str())));
        }
        self.links += document.relations.len();
    }

    /// A link of no document.
    pub(super) fn link(&mut self, link: &InRelation) {
        let ends = link.ends().map(|end| hashed(&(end.article(), end.id.as_str())));
        self.elsewhere.extend(ends);
        self.links += 1;
    }

    fn finish(mut self) -> Vec<u64> {
        self.met.sort_unstable();
        let met = &self.met;
        // Where no other has its id, none is asked for in its place.
        self.here.retain(|end| met.get(met.partition_point(|it| it < end) + 1) == Some(end));
        self.elsewhere.append(&mut self.here);
        self.elsewhere.sort_unstable();
        self.elsewhere.dedup();
        self.elsewhere
    }
}

/// An annotation that a link starts from or leads to.
pub(super) type End = (Place, LabelId);

/// The annotations that links of other documents name.
struct Ends {
    asked: Vec<u64>,
    /// By article, none for any, and id; of several the first.
    there: BTreeMap<(Option<String>, String), End>,
}

impl Ends {
    fn add(&mut self, article: &str, id: &str, end: &End) {
        for article in [Some(article), None] {
            if self.asked.binary_search(&hashed(&(article, id))).is_ok() {
                let key = (article.map(str::to_owned), id.to_owned());
                self.there.entry(key).or_insert_with(|| end.clone());
            }
        }
    }
}

/// Groups while they are filled.
#[derive(Default)]
pub(super) struct Groups {
    all: Vec<(GroupId, Vec<Place>)>,
    known: BTreeMap<String, usize>,
}

impl Groups {
    /// The group of that name, which may have no members yet.
    fn named(&mut self, name: &str) -> &mut (GroupId, Vec<Place>) {
        let at = match self.known.get(name) {
            Some(at) => *at,
            None => {
                self.all.push((name.into(), Vec::new()));
                self.known.insert(name.to_owned(), self.all.len() - 1);
                self.all.len() - 1
            }
        };
        &mut self.all[at]
    }

    /// Adds a member to the group of that name; an empty one is none.
    pub(super) fn add(&mut self, name: &str, place: &Place) {
        if !name.is_empty() {
            self.named(name).1.push(place.clone());
        }
    }

    /// Puts them into the project.
    pub(super) fn put(self, project: &mut Project) {
        for (order, (id, members)) in (0..).zip(self.all) {
            let (sentence, extra) = (String::new(), Extra::new());
            let group = Group { id: id.clone(), order, sentence, members, extra };
            put(project, Key::Group(id), Value::Group(Arc::new(group)));
        }
    }
}

/// A link whose ends are there.
pub(super) struct Link {
    /// `kind` stands there as the files call it.
    relation: Relation,
    pub(super) drawn: Drawn,
}

/// A link while not all documents are built.
struct Waiting {
    at: At,
    id: String,
    kind: String,
    owner: Option<String>,
    from: Side,
    to: To,
    note: String,
}

/// An end of it: found in its own document, or what that has to be looked for by.
enum Side {
    Here(End),
    Elsewhere(Option<String>, String),
}

enum To {
    Annotation(Side),
    Group(String),
    Words(String),
}

impl Side {
    fn of(end: InPlace, own: Option<(&str, &BTreeMap<String, End>)>) -> Side {
        let article = end.article().map(str::to_owned);
        let within = own.filter(|(name, _)| article.as_ref().is_none_or(|it| it == name));
        match within.and_then(|(_, ends)| ends.get(&end.id)) {
            Some(end) => Side::Here(end.clone()),
            None => Side::Elsewhere(article.or(own.map(|(name, _)| name.to_owned())), end.id),
        }
    }

    fn found(self, ends: &Ends) -> Option<End> {
        match self {
            Side::Here(end) => Some(end),
            Side::Elsewhere(article, id) => ends.there.get(&(article, id)).cloned(),
        }
    }
}

/// Links while documents are built.
pub(super) struct Links {
    ends: Ends,
    waiting: Vec<Waiting>,
    /// How many digits the number of one has.
    width: usize,
}

impl Links {
    pub(super) fn new(asking: Asking) -> Links {
        let width = asking.links.to_string().len();
        let ends = Ends { asked: asking.finish(), there: BTreeMap::new() };
        Links { ends, waiting: Vec::new(), width }
    }

    /// An annotation that is built, under the id that its document, of an article of that name, has for
    /// it; the first of an id is the one.
    pub(super) fn end(&mut self, article: &str, id: &str, end: &End) {
        if !id.is_empty() {
            self.ends.add(article, id, end);
        }
    }

    /// Takes a link: of a document, with the name of its article and the ends that are in it, or of
    /// none.
    pub(super) fn add(&mut self, link: InRelation, own: Option<(&str, &BTreeMap<String, End>)>) {
        let InRelation { at, id, kind, owner, from, to, note } = link;
        let from = Side::of(from, own);
        let to = match to {
            InTarget::Annotation(end) => To::Annotation(Side::of(end, own)),
            InTarget::Group(name) => To::Group(name),
            InTarget::Words(words) => To::Words(words),
        };
        self.waiting.push(Waiting { at, id, kind, owner, from, to, note });
    }

    /// The links whose ends are there, of each the annotator of that name; noted where one is not.
    pub(super) fn finish(
        self,
        mut annotator: impl FnMut(Option<&str>) -> AnnotatorId,
        groups: &mut Groups,
        notes: &mut Notes,
    ) -> Vec<Link> {
        let Links { ends, waiting, width } = self;
        let (mut found, mut ids) = (Vec::new(), BTreeSet::new());
        for (number, link) in (1_usize..).zip(waiting) {
            let Waiting { at, id, kind, owner, from, to, note } = link;
            let annotator = annotator(owner.as_deref());
            let which = if id.is_empty() { &kind } else { &id };
            if kind.is_empty() {
                let what = "A link does not say what it means";
                notes.note(&at, what, "It was left out; draw it again", which);
                continue;
            }
            let mut words = None;
            let target = match to {
                To::Annotation(side) => side
                    .found(&ends)
                    .map(|(place, label)| (Some(Target::Annotation(place)), Leads::Label(label))),
                To::Group(name) => {
                    let group = groups.named(&name).0.clone();
                    Some((Some(Target::Group { group }), Leads::Group))
                }
                To::Words(said) => {
                    words = Some(said);
                    Some((None, Leads::Words))
                }
            };
            let (Some((from, label)), Some((to, leads))) = (from.found(&ends), target) else {
                let what = "A link starts from or leads to what is not there";
                notes.note(&at, what, "It was left out; draw it again", which);
                continue;
            };
            let id = free_id(id, &format!("r{number:0width$}"), &mut ids);
            let relation = Relation {
                id: id.into(),
                order: found.len() as u32,
                kind: kind.as_str().into(),
                annotator,
                from,
                to,
                target_text: words,
                note,
                extra: Extra::new(),
            };
            found.push(Link { relation, drawn: Drawn { kind, from: label, to: leads } });
        }
        found
    }
}

/// Its own id where it is the first of it, else the one by its number.
fn free_id(own: String, numbered: &str, ids: &mut BTreeSet<String>) -> String {
    let mut id = own;
    if id.is_empty() || ids.contains(&id) {
        id = numbered.to_owned();
    }
    while !ids.insert(id.clone()) {
        id.push('\'');
    }
    id
}

/// Puts links into a project, as the types that the names of the files are.
pub(super) fn put_links(
    links: Vec<Link>,
    project: &mut Project,
    types: &BTreeMap<String, RelationTypeId>,
) {
    for Link { mut relation, .. } in links {
        if let Some(kind) = types.get(relation.kind.as_str()) {
            relation.kind = kind.clone();
        }
        put(project, Key::Relation(relation.id.clone()), Value::Relation(Arc::new(relation)));
    }
}
