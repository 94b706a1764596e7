//! Of what was read, a project.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Read;
use super::incoming::{InAnnotation, InDocument, Incoming, Units};
use super::links::{Ends, Groups, Links};
use super::places::Places;
use super::scheme::{Drawn, Known};
use super::units;
use super::values::{Values, Within};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, Origin, Place, Spans, SpeakerId, Status,
    Timestamp,
};
use crate::format::articles;
use crate::map::Map;
use crate::project::{
    Annotator, Article, Key, Meta, Owner, Project, Region, SetInfo, SetKey, Speaker, Value,
};
use crate::scheme::Extra;
use crate::text::{Span, Text, Unit};

/// Whose the adjudicated set is.
const GOLD: &str = "gold";

/// Makes the project; what does not say when it was made was made when the project was, and what names
/// nobody is that annotator's.
pub(super) fn project(mut incoming: Incoming, meta: Meta, nobody: &AnnotatorId) -> Read {
    let places = places(&mut incoming);
    let mut problems = std::mem::take(&mut incoming.notes).into_problems();
    let known = Arc::new(Known::of(&incoming));
    let mut builder = Builder::of(&incoming, places, known.clone(), meta, nobody);
    for (index, document) in incoming.documents.iter().enumerate() {
        builder.document(index, document);
    }
    let links = builder.links(&incoming);
    let Builder { mut project, values, groups, .. } = builder;
    let drawn: Vec<&Drawn> = links.found.iter().map(|it| &it.drawn).collect();
    let mut known = Arc::unwrap_or_clone(known);
    let types = known.add_relations(&incoming, &drawn);
    put(&mut project, Key::Scheme, Value::Scheme(Arc::new(known.scheme)));
    put_speakers(&mut project, &values.speakers.all);
    groups.put(&mut project);
    links.put(&mut project, &types);
    problems.extend(values.notes.into_problems());
    Read { project, problems }
}

/// The texts; documents of one that cannot be annotated go, and that is noted.
fn places(incoming: &mut Incoming) -> Vec<Places> {
    let texts = incoming.texts().iter().cloned();
    let places: Vec<_> = texts.map(|raw| (articles::checked(&raw).err(), raw)).collect();
    let Incoming { documents, notes, .. } = incoming;
    documents.retain(|document| {
        let wrong = places[document.text.0].0;
        if let Some((what, remedy)) = wrong {
            notes.note(&document.at, what, remedy, &document.article);
        }
        wrong.is_none()
    });
    let good = places
        .into_iter()
        .map(|(wrong, raw)| Places::new(if wrong.is_none() { raw } else { "".into() }));
    good.collect()
}

/// Puts a record that is new. It fits: its spans were made by their text, which is loaded.
pub(super) fn put(project: &mut Project, key: Key, value: Value) {
    let done = project.put(&key, Some(value));
    debug_assert!(done.is_ok(), "{key:?}: {done:?}");
}

fn put_speakers(project: &mut Project, all: &[(SpeakerId, String)]) {
    for (order, (id, name)) in (0..).zip(all) {
        let (name, aliases, extra) = (name.clone(), Vec::new(), Extra::new());
        let speaker = Speaker { id: id.clone(), order, name, aliases, extra };
        put(project, Key::Speaker(id.clone()), Value::Speaker(Arc::new(speaker)));
    }
}

struct Builder<'a> {
    project: Project,
    known: Arc<Known>,
    values: Values,
    places: Arc<Vec<Places>>,
    /// What offsets count, by file.
    units: BTreeMap<&'a str, Unit>,
    articles: Articles<'a>,
    /// How many annotations of the files have an id.
    ids: BTreeMap<&'a str, u32>,
    ends: Ends<'a>,
    owners: BTreeMap<&'a str, Owner>,
    /// Whose is what names nobody.
    nobody: &'a str,
    groups: Groups,
    now: Timestamp,
}

impl<'a> Builder<'a> {
    fn of(
        incoming: &'a Incoming,
        places: Vec<Places>,
        known: Arc<Known>,
        meta: Meta,
        nobody: &'a AnnotatorId,
    ) -> Builder<'a> {
        let documents = &incoming.documents;
        let mut ids: BTreeMap<&str, u32> = BTreeMap::new();
        let all = documents.iter().flat_map(|it| &it.annotations);
        for annotation in all.filter(|it| it.is_named && !it.id.is_empty()) {
            *ids.entry(&annotation.id).or_default() += 1;
        }
        let mut values = Values::new();
        let units = units::find(documents, &places, &mut values.notes);
        Builder {
            now: meta.created,
            project: Project::new(meta),
            known,
            values,
            places: Arc::new(places),
            units,
            articles: Articles::of(documents.iter().map(|it| it.article.as_str())),
            ids,
            ends: Ends::default(),
            owners: BTreeMap::new(),
            nobody: nobody.as_str(),
            groups: Groups::default(),
        }
    }

    fn unit(&self, document: &InDocument) -> Unit {
        let (Units::Declared(unit) | Units::Likely(unit)) = document.units;
        self.units.get(document.counts_in()).copied().unwrap_or(unit)
    }

    fn document(&mut self, index: usize, document: &'a InDocument) {
        let article = self.article(document);
        if !document.has_set {
            return;
        }
        let set = SetKey { article, owner: self.owner(document.owner.as_deref()) };
        // The first that says something of a set says it.
        if self.project.set(&set).is_none_or(|row| row.info.is_none()) {
            let begun = if document.annotations.is_empty() { Status::Todo } else { Status::Doing };
            let status = document.status.unwrap_or(begun);
            let info = SetInfo { status, extra: Extra::new() };
            put(&mut self.project, Key::Set(set.clone()), Value::Set(Arc::new(info)));
        }
        let width = document.annotations.len().to_string().len();
        for (at, annotation) in document.annotations.iter().enumerate() {
            // As wide as the last one's, so that they come in the order of the file.
            let made = format!("d{}-{:0width$}", index + 1, at + 1);
            self.annotation((index, document), annotation, &set, made);
        }
    }

    /// The article that a document is of, which is put if it is new.
    fn article(&mut self, document: &InDocument) -> ArticleId {
        let places = self.places.clone();
        let places = &places[document.text.0];
        let named = self.articles.id(&document.article, places.text.hash());
        if named.is_other {
            let what = "An article has an id that one with another text has";
            let remedy = "Both were kept; the second has a number behind its id";
            self.values.notes.note(&document.at, what, remedy, &document.article);
        }
        if !named.is_new {
            return named.id;
        }
        let mut source = document.source.clone();
        source.file.get_or_insert_with(|| document.at.file.to_string());
        let title = document.title.as_ref().unwrap_or(&document.article);
        let article = Article {
            id: named.id.clone(),
            order: self.articles.count().saturating_sub(1) as u32,
            title: title.to_owned(),
            text: places.text.hash().into(),
            source,
            metadata: Extra::new(),
            regions: self.regions(document, places),
            former_texts: Vec::new(),
            unplaced: Vec::new(),
            extra: Extra::new(),
        };
        let id = named.id;
        put(&mut self.project, Key::Article(id.clone()), Value::Article(Arc::new(article)));
        self.project = self.project.with_loaded(&id, places.text.clone(), []).0;
        id
    }

    fn regions(&mut self, document: &InDocument, places: &Places) -> Vec<Region> {
        let unit = self.unit(document);
        let mut regions = Vec::new();
        for (span, kind) in &document.regions {
            let which = format!("{kind} of {}", document.article);
            let within = Within { places, unit, at: document.at.clone(), which };
            let (kind, extra) = (kind.clone(), Extra::new());
            let found = self.values.place(span, &within);
            regions.extend(found.map(|span| Region { span, kind, extra }));
        }
        regions
    }

    /// Who a name of the files is; somebody where there is none.
    fn owner(&mut self, name: Option<&'a str>) -> Owner {
        let name = name.filter(|name| !name.is_empty()).unwrap_or(self.nobody);
        if name == GOLD {
            return Owner::Gold;
        }
        if let Some(owner) = self.owners.get(name) {
            return owner.clone();
        }
        let (id, order) = (AnnotatorId::from(name), self.owners.len() as u32);
        let called = name.to_owned();
        let annotator = Annotator { id: id.clone(), order, name: called, extra: Extra::new() };
        put(&mut self.project, Key::Annotator(id.clone()), Value::Annotator(Arc::new(annotator)));
        self.owners.insert(name, Owner::Annotator(id.clone()));
        Owner::Annotator(id)
    }

    fn annotation(
        &mut self,
        (index, document): (usize, &'a InDocument),
        annotation: &'a InAnnotation,
        set: &SetKey,
        made: String,
    ) {
        let places = self.places.clone();
        let within = Within {
            places: &places[document.text.0],
            unit: self.unit(document),
            at: annotation.at.as_ref().unwrap_or(&document.at).clone(),
            which: called(annotation, document),
        };
        let mut lose = |what| {
            let remedy = "It was left out; mark it again";
            self.values.notes.note(&within.at, what, remedy, &within.which);
        };
        if annotation.label.is_empty() {
            lose("An annotation has no label");
            return;
        }
        if annotation.spans.is_empty() {
            lose("An annotation has no span");
        }
        let spans = annotation.spans.iter().filter_map(|it| self.values.place(it, &within));
        // What was not found was said already.
        let mut spans: Vec<Span> = spans.collect();
        if annotation.joins_lines {
            spans = joined(&within.places.text, spans);
        }
        let Ok(spans) = Spans::new(spans) else { return };
        let near = spans.first().start();
        let mut attributes = Map::new();
        for (name, value) in annotation.attributes.iter().filter(|(_, it)| !it.is_nothing()) {
            let Some((id, kind)) = self.known.attribute(name) else { continue };
            if let Some(value) = self.values.value(kind, value, &within, near) {
                attributes.insert(id, value);
            }
        }
        let label = self.known.label(&annotation.label);
        let id = self.annotation_id(annotation, made);
        let place = Place { article: set.article.clone(), annotation: id.clone() };
        self.groups.add(&annotation.group, &place);
        self.ends.add((index, document), &annotation.id, place, label.clone());
        let created = annotation.created.unwrap_or(self.now);
        let record = Annotation {
            id: id.clone(),
            label,
            spans,
            attributes,
            note: annotation.note.clone(),
            origin: Origin::Import { file: document.at.file.to_string() },
            created,
            updated: annotation.updated.unwrap_or(created),
            extra: Extra::new(),
        };
        let key = Key::Annotation(set.clone(), id);
        put(&mut self.project, key, Value::Annotation(Arc::new(record)));
    }

    /// The annotation's own id where no other has it, else the made one, with `'` behind it should
    /// the files have that too.
    fn annotation_id(&self, annotation: &InAnnotation, made: String) -> AnnotationId {
        if annotation.is_named && self.ids.get(annotation.id.as_str()) == Some(&1) {
            return annotation.id.as_str().into();
        }
        let mut id = made;
        while self.ids.contains_key(id.as_str()) {
            id.push('\'');
        }
        id.into()
    }

    /// The links of the files whose ends are there.
    fn links(&mut self, incoming: &'a Incoming) -> Links<'a> {
        let own = incoming.documents.iter().map(|it| it.relations.len()).sum::<usize>();
        let ends = std::mem::take(&mut self.ends);
        let mut links = Links::new(ends, own + incoming.relations.len());
        let documents = incoming.documents.iter().enumerate();
        let own = documents.flat_map(|(index, document)| {
            document.relations.iter().map(move |link| (link, Some((index, document))))
        });
        for (link, within) in own.chain(incoming.relations.iter().map(|link| (link, None))) {
            let of_document = within.and_then(|(_, document)| document.owner.as_deref());
            let annotator = match link.owner.as_deref() {
                // Nobody is the one who drew it.
                Some("") => "".into(),
                owner => match self.owner(owner.or(of_document)) {
                    Owner::Annotator(id) => id,
                    Owner::Gold => "".into(),
                },
            };
            links.add(link, within, annotator, &mut self.groups, &mut self.values.notes);
        }
        links
    }
}

/// Spans of which those are one that go to the end of a line and on from the start of a later one,
/// with no more than white space between.
fn joined(text: &Text, mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        let gap = joined.last().filter(|last| last.end() <= span.start());
        let gap = gap.and_then(|last| text.span(last.end(), span.start()));
        let gap = gap.map_or("", |gap| text.slice(gap));
        match joined.last_mut() {
            Some(last) if gap.starts_with('\n') && gap.ends_with('\n') && gap.trim().is_empty() => {
                *last = last.union(span);
            }
            _ => joined.push(span),
        }
    }
    joined
}

/// What a message calls an annotation.
fn called(annotation: &InAnnotation, document: &InDocument) -> String {
    let id = if annotation.id.is_empty() { &annotation.label } else { &annotation.id };
    // Long ids are cut there; the article is to be seen too.
    let id: String = id.chars().take(50).collect();
    let article: String = document.article.chars().take(40).collect();
    format!("{id} of {article}")
}

/// The ids of articles, by what the files call them and by their texts.
struct Articles<'a> {
    named: BTreeSet<&'a str>,
    made: BTreeSet<String>,
    /// By name and by the hash of the text.
    found: BTreeMap<(String, String), ArticleId>,
    /// The highest number behind a name.
    numbers: BTreeMap<String, u32>,
}

/// What an article is called.
struct NamedArticle {
    id: ArticleId,
    /// Whether it was not met before.
    is_new: bool,
    /// Whether an article with another text has its name.
    is_other: bool,
}

impl<'a> Articles<'a> {
    fn of(names: impl Iterator<Item = &'a str>) -> Articles<'a> {
        let (made, found, numbers) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Articles { named: names.collect(), made, found, numbers }
    }

    fn count(&self) -> usize {
        self.found.len()
    }

    fn id(&mut self, name: &str, hash: &str) -> NamedArticle {
        let key = (name.to_owned(), hash.to_owned());
        if let Some(id) = self.found.get(&key) {
            return NamedArticle { id: id.clone(), is_new: false, is_other: false };
        }
        let number = self.numbers.entry(name.to_owned()).or_default();
        *number += 1;
        let is_other = *number > 1;
        let mut id = name.to_owned();
        while *number > 1 && (self.named.contains(id.as_str()) || !self.made.insert(id.clone())) {
            id = format!("{name}-{number}");
            *number += 1;
        }
        let id = ArticleId::from(id);
        self.found.insert(key, id.clone());
        NamedArticle { id, is_new: true, is_other }
    }
}
