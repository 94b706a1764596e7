//! Of what was read, a project.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Read;
use super::articles::{Articles, Drafts, Named};
use super::incoming::{InAnnotation, InDocument, InRelation, Incoming, Notes, Units};
use super::links::{Groups, Links, put_links};
use super::look::{Ids, Looked};
use super::scheme::Known;
use super::values::{Values, Within};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, Origin, Place, Spans, SpeakerId, Status, Timestamp,
};
use crate::format::Problem;
use crate::map::Map;
use crate::project::{
    Annotator, Article, Entry, Key, Meta, Owner, Project, Region, SetInfo, Speaker, Value,
};
use crate::scheme::Extra;
use crate::text::{Span, Text, Unit};

/// Whose the adjudicated set is.
const GOLD: &str = "gold";

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

/// Makes a project of documents that come one after the other. Articles are given out when all of
/// them and of those before is built; of these the project keeps its index.
pub(super) struct Builder {
    project: Project,
    known: Known,
    values: Values,
    /// What offsets count, by file.
    units: BTreeMap<Arc<str>, Unit>,
    articles: Articles,
    drafts: Drafts,
    /// How many documents came.
    documents: usize,
    ids: Ids,
    links: Links,
    /// Those of no document, which come behind the others.
    relations: Vec<InRelation>,
    owners: Owners,
    groups: Groups,
    problems: Vec<Problem>,
    now: Timestamp,
}

impl Builder {
    /// Of what a first look at all of it has shown. What does not say when it was made was made when
    /// the project was, and what names nobody is that annotator's.
    pub(super) fn new(looked: Looked, meta: Meta, nobody: &AnnotatorId) -> Builder {
        let Looked { notes, met, files, ids, asking, articles, .. } = looked;
        let known = Known::of(met);
        let mut values = Values::new();
        let units = files.decide(&mut values.notes);
        let (now, mut project) = (meta.created, Project::new(meta));
        put(&mut project, Key::Scheme, Value::Scheme(Arc::new(known.scheme.clone())));
        Builder {
            project,
            known,
            values,
            units,
            articles,
            drafts: Drafts::default(),
            documents: 0,
            ids: ids.sorted(),
            links: Links::new(asking),
            relations: Vec::new(),
            owners: Owners { met: BTreeMap::new(), nobody: nobody.clone() },
            groups: Groups::default(),
            problems: notes.into_problems(),
            now,
        }
    }

    /// The project as far as it was given out: scheme, annotators, index.
    pub(super) fn project(&self) -> &Project {
        &self.project
    }

    /// Builds what comes next, in the order in which it was looked at; gives out the articles of which
    /// all is built.
    pub(super) fn add(&mut self, incoming: Incoming) -> Vec<Entry> {
        for document in incoming.documents {
            self.document(document);
        }
        self.relations.extend(incoming.relations);
        let mut whole = Vec::new();
        while let Some(entry) = self.drafts.next_whole() {
            self.project.index(entry.clone());
            whole.push(entry);
        }
        whole
    }

    /// The project, of whose articles it has the index, once all was built.
    pub(super) fn finish(self) -> Read {
        let Builder { mut project, mut known, mut values, mut links, .. } = self;
        let (mut owners, mut groups, mut problems) = (self.owners, self.groups, self.problems);
        self.relations.into_iter().for_each(|link| links.add(link, None));
        let mut notes = Notes::default();
        let annotator = |name: Option<&str>| match name {
            // Nobody is the one who drew it.
            Some("") => "".into(),
            name => match owners.named(name, &mut project) {
                Owner::Annotator(id) => id,
                Owner::Gold => "".into(),
            },
        };
        let links = links.finish(annotator, &mut groups, &mut notes);
        let types = known.add_relations(links.iter().map(|it| &it.drawn));
        put(&mut project, Key::Scheme, Value::Scheme(Arc::new(known.scheme)));
        put_speakers(&mut project, &values.speakers.all);
        groups.put(&mut project);
        put_links(links, &mut project, &types);
        values.notes.extend(notes);
        problems.extend(values.notes.into_problems());
        Read { project, problems }
    }

    fn unit(&self, document: &InDocument) -> Unit {
        let (Units::Declared(unit) | Units::Likely(unit)) = document.units;
        self.units.get(document.counts_in()).copied().unwrap_or(unit)
    }

    fn document(&mut self, mut document: InDocument) {
        self.documents += 1;
        let links = std::mem::take(&mut document.relations);
        let named = self.article(&document);
        let mut ends = BTreeMap::new();
        if document.has_set {
            let owner = self.owners.named(document.owner.as_deref(), &mut self.project);
            let mut built = Vec::new();
            let width = document.annotations.len().to_string().len();
            for (at, annotation) in (1..).zip(&document.annotations) {
                // As wide as the last one's, so that they come in the order of the file.
                let made = format!("d{}-{at:0width$}", self.documents);
                let Some(new) = self.annotation(&document, annotation, made) else { continue };
                let place = Place { article: named.id.clone(), annotation: new.id.clone() };
                self.groups.add(&annotation.group, &place);
                let end = (place, new.label.clone());
                self.links.end(&document.article, &annotation.id, &end);
                if !links.is_empty() && !annotation.id.is_empty() {
                    ends.entry(annotation.id.clone()).or_insert(end);
                }
                built.push(new);
            }
            let begun = if document.annotations.is_empty() { Status::Todo } else { Status::Doing };
            let status = document.status.unwrap_or(begun);
            if let Some(draft) = self.drafts.at(named.at) {
                let (row, annotations) = draft.sets.entry(owner).or_default();
                // The first that says something of a set says it.
                row.info.get_or_insert_with(|| SetInfo { status, extra: Extra::new() });
                annotations.append(&mut built);
            }
        }
        let of_document = document.owner.filter(|name| !name.is_empty());
        for mut link in links {
            link.owner = link.owner.or_else(|| of_document.clone());
            self.links.add(link, Some((&document.article, &ends)));
        }
        if named.is_last {
            self.drafts.end(named.at);
        }
    }

    /// The article that a document is of, which is begun if it is new.
    fn article(&mut self, document: &InDocument) -> Named {
        let named = self.articles.of(document, self.documents);
        if named.is_other {
            let what = "An article has an id that one with another text has";
            let remedy = "Both were kept; the second has a number behind its id";
            self.values.notes.note(&document.at, what, remedy, &document.article);
        }
        if !named.is_first {
            return named;
        }
        let mut source = document.source.clone();
        source.file.get_or_insert_with(|| document.at.file.to_string());
        let title = document.title.as_ref().unwrap_or(&document.article);
        let text = document.text.text.clone();
        let article = Article {
            id: named.id.clone(),
            order: named.at as u32,
            title: title.to_owned(),
            text: text.hash().into(),
            source,
            metadata: Extra::new(),
            regions: self.regions(document),
            former_texts: Vec::new(),
            unplaced: Vec::new(),
            extra: Extra::new(),
        };
        self.drafts.begin(article, text);
        named
    }

    fn regions(&mut self, document: &InDocument) -> Vec<Region> {
        let places = &*document.text;
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

    fn annotation(
        &mut self,
        document: &InDocument,
        annotation: &InAnnotation,
        made: String,
    ) -> Option<Annotation> {
        let within = Within {
            places: &document.text,
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
            return None;
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
        let spans = Spans::new(spans).ok()?;
        let near = spans.first().start();
        let mut attributes = Map::new();
        for (name, value) in annotation.attributes.iter().filter(|(_, it)| !it.is_nothing()) {
            let Some((id, kind)) = self.known.attribute(name) else { continue };
            if let Some(value) = self.values.value(kind, value, &within, near) {
                attributes.insert(id, value);
            }
        }
        let created = annotation.created.unwrap_or(self.now);
        Some(Annotation {
            id: self.annotation_id(annotation, made),
            label: self.known.label(&annotation.label),
            spans,
            attributes,
            note: annotation.note.clone(),
            origin: Origin::Import { file: document.at.file.to_string() },
            created,
            updated: annotation.updated.unwrap_or(created),
            extra: Extra::new(),
        })
    }

    /// The annotation's own id where no other has it, else the made one, with `'` behind it should
    /// the files have that too.
    fn annotation_id(&self, annotation: &InAnnotation, made: String) -> AnnotationId {
        if annotation.is_named && self.ids.count(&annotation.id) == 1 {
            return annotation.id.as_str().into();
        }
        let mut id = made;
        while self.ids.count(&id) > 0 {
            id.push('\'');
        }
        id.into()
    }
}

/// Who annotates.
struct Owners {
    met: BTreeMap<String, Owner>,
    /// Whose is what names nobody.
    nobody: AnnotatorId,
}

impl Owners {
    /// Who a name of the files is, who comes into the project if they are new; somebody where there is
    /// none.
    fn named(&mut self, name: Option<&str>, project: &mut Project) -> Owner {
        let name = name.filter(|name| !name.is_empty()).unwrap_or(self.nobody.as_str());
        if name == GOLD {
            return Owner::Gold;
        }
        if let Some(owner) = self.met.get(name) {
            return owner.clone();
        }
        let (id, order) = (AnnotatorId::from(name), self.met.len() as u32);
        let owner = Owner::Annotator(id.clone());
        let name = name.to_owned();
        let annotator =
            Annotator { id: id.clone(), order, name: name.clone(), extra: Extra::new() };
        self.met.insert(name, owner.clone());
        put(project, Key::Annotator(id), Value::Annotator(Arc::new(annotator)));
        owner
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
