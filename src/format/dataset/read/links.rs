//! Groups, and links between annotations, once these are there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::put;
use super::incoming::{InDocument, InPlace, InRelation, InTarget, Notes};
use super::scheme::{Drawn, Leads};
use crate::annotation::{AnnotatorId, GroupId, Place, Relation, Target};
use crate::project::{Group, Key, Project, Value};
use crate::scheme::{Extra, LabelId, RelationTypeId};

/// The annotations that links may name.
#[derive(Default)]
pub(super) struct Ends<'a> {
    /// By document, by its index, and id.
    in_document: BTreeMap<(usize, &'a str), (Place, LabelId)>,
    /// By article and id; of several the first.
    in_article: BTreeMap<(&'a str, &'a str), (Place, LabelId)>,
    /// By id; of several the first.
    anywhere: BTreeMap<&'a str, (Place, LabelId)>,
}

impl<'a> Ends<'a> {
    /// Adds one under the id that its document has for it; the first of an id is the one.
    pub(super) fn add(
        &mut self,
        (index, document): (usize, &'a InDocument),
        id: &'a str,
        place: Place,
        label: LabelId,
    ) {
        if id.is_empty() {
            return;
        }
        let here = (place, label);
        self.in_article.entry((&document.article, id)).or_insert_with(|| here.clone());
        self.anywhere.entry(id).or_insert_with(|| here.clone());
        self.in_document.entry((index, id)).or_insert(here);
    }

    fn find(
        &self,
        end: &InPlace,
        within: Option<(usize, &InDocument)>,
    ) -> Option<(Place, LabelId)> {
        let article = end.article.as_deref().filter(|it| !it.is_empty());
        let own = within.filter(|(_, it)| article.is_none_or(|article| article == it.article));
        let here = own.and_then(|(index, _)| self.in_document.get(&(index, &*end.id)));
        let article = article.or(within.map(|(_, document)| document.article.as_str()));
        let there = || match article {
            Some(article) => self.in_article.get(&(article, &*end.id)),
            None => self.anywhere.get(&*end.id),
        };
        here.or_else(there).cloned()
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

/// Links while they are found.
pub(super) struct Links<'a> {
    ends: Ends<'a>,
    ids: BTreeSet<String>,
    /// How many digits the number of one has.
    width: usize,
    met: usize,
    pub(super) found: Vec<Link>,
}

impl<'a> Links<'a> {
    /// `count` is how many the files have.
    pub(super) fn new(ends: Ends<'a>, count: usize) -> Links<'a> {
        let width = count.to_string().len();
        Links { ends, ids: BTreeSet::new(), width, met: 0, found: Vec::new() }
    }

    /// Takes a link of a document, or of none, if its ends are there; noted where they are not.
    pub(super) fn add(
        &mut self,
        link: &InRelation,
        within: Option<(usize, &InDocument)>,
        annotator: AnnotatorId,
        groups: &mut Groups,
        notes: &mut Notes,
    ) {
        self.met += 1;
        let which = if link.id.is_empty() { &link.kind } else { &link.id };
        if link.kind.is_empty() {
            let what = "A link does not say what it means";
            notes.note(&link.at, what, "It was left out; draw it again", which);
            return;
        }
        let from = self.ends.find(&link.from, within);
        let target = self.target(&link.to, within, groups);
        let (Some((from, label)), Some((to, leads))) = (from, target) else {
            let what = "A link starts from or leads to what is not there";
            notes.note(&link.at, what, "It was left out; draw it again", which);
            return;
        };
        let relation = Relation {
            id: self.id(link).into(),
            order: self.found.len() as u32,
            kind: link.kind.as_str().into(),
            annotator,
            from,
            to,
            target_text: match &link.to {
                InTarget::Words(words) => Some(words.clone()),
                _ => None,
            },
            note: link.note.clone(),
            extra: Extra::new(),
        };
        let drawn = Drawn { kind: link.kind.clone(), from: label, to: leads };
        self.found.push(Link { relation, drawn });
    }

    /// Its own id where it is the first of it, else one by its number.
    fn id(&mut self, link: &InRelation) -> String {
        let mut id = link.id.clone();
        if id.is_empty() || self.ids.contains(&id) {
            id = format!("r{:0width$}", self.met, width = self.width);
        }
        while !self.ids.insert(id.clone()) {
            id.push('\'');
        }
        id
    }

    fn target(
        &self,
        to: &InTarget,
        within: Option<(usize, &InDocument)>,
        groups: &mut Groups,
    ) -> Option<(Option<Target>, Leads)> {
        Some(match to {
            InTarget::Annotation(place) => {
                let (place, label) = self.ends.find(place, within)?;
                (Some(Target::Annotation(place)), Leads::Label(label))
            }
            InTarget::Group(name) => {
                let group = groups.named(name).0.clone();
                (Some(Target::Group { group }), Leads::Group)
            }
            InTarget::Words(_) => (None, Leads::Words),
        })
    }

    /// Puts them into the project, as the types that the names of the files are.
    pub(super) fn put(self, project: &mut Project, types: &BTreeMap<String, RelationTypeId>) {
        for Link { mut relation, .. } in self.found {
            if let Some(kind) = types.get(relation.kind.as_str()) {
                relation.kind = kind.clone();
            }
            put(project, Key::Relation(relation.id.clone()), Value::Relation(Arc::new(relation)));
        }
    }
}
