//! Reading: what is wrong is left out and reported, and the rest is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde_json::Value as Json;

use super::object::{Object, Report};
use super::offsets::{Offsets, WrittenSpan};
use super::scheme::scheme_of;
use super::values::Within;
use super::{FORMAT, VERSION, unit_name};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, GroupId, Place, Relation,
    RelationId, Spans, SpansError, SpeakerId, Target, Timestamp,
};
use crate::edit::{Change, Intent, Transaction, act};
use crate::format::Problem;
use crate::map::Map;
use crate::project::{
    Annotator, Article, Deletion, Group, Key, Meta, Owner, Project, ProjectId, Region, SetInfo,
    SetKey, Speaker, Unplaced, Value,
};
use crate::scheme::{AttributeId, Scheme};
use crate::text::{Span, Text, Unit};

/// What a native file holds.
#[derive(Clone, Debug)]
pub struct Read {
    /// All its articles are loaded.
    pub project: Project,
    /// What could not be taken as it stands.
    pub problems: Vec<Problem>,
}

/// Why a file is not read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not JSON.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1, in UTF-8 bytes.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// It is JSON, but its `format` is not `avow`.
    NotAvow,
    /// Its `version` is no version.
    NoVersion,
    /// It was written by a later Avow, whose files may mean something else.
    LaterVersion {
        /// The file's.
        file: u64,
        /// The highest that is read.
        ours: u32,
    },
    /// Its offsets count something unknown.
    UnknownUnit(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotJson { line, column, what } => {
                write!(f, "the file is not JSON: {what} (line {line}, column {column})")
            }
            ReadError::NotAvow => f.write_str("the file does not say `\"format\": \"avow\"`"),
            ReadError::NoVersion => f.write_str("the file does not say which `version` it is of"),
            ReadError::LaterVersion { file, ours } => write!(
                f,
                "the file is of version {file}, and this Avow reads up to version {ours}: \
                 use a newer Avow"
            ),
            ReadError::UnknownUnit(unit) => write!(
                f,
                "the file counts offsets in “{unit}”; known are code-point, utf-16 and utf-8"
            ),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a native file; `file` is its name, for the problems.
///
/// # Errors
/// It is not JSON, not Avow's, of a later version, or counts in an unknown unit. Whatever else is
/// wrong is a problem.
pub fn read(file: &str, json: &str) -> Result<Read, ReadError> {
    let json = json.trim_start_matches('\u{feff}');
    read_value(json, parsed(json)?, Report::new(file))
}

/// Reads a native file in the form of lines: the object without its articles, then one article a
/// line. A line that cannot be read is a problem, and the others are kept.
///
/// # Errors
/// As [`read`], of the first line.
pub fn read_lines(file: &str, text: &str) -> Result<Read, ReadError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = (1..).zip(text.split('\n')).filter(|(_, line)| !line.trim().is_empty());
    let (at, first) = lines.next().unwrap_or((1, ""));
    let mut top = parsed(first).map_err(|error| match error {
        ReadError::NotJson { column, what, .. } => {
            ReadError::NotJson { line: at as usize, column, what }
        }
        other => other,
    })?;
    let report = Report::new(file);
    let mut articles = Vec::new();
    for (at, line) in lines {
        match parsed(line) {
            Ok(article) => articles.push(article),
            Err(error) => report.say_at(at, error),
        }
    }
    if let Json::Object(keys) = &mut top {
        // The first line may have some too.
        match keys.get_mut("articles") {
            Some(Json::Array(first)) => first.append(&mut articles),
            _ => drop(keys.insert("articles".to_owned(), Json::Array(articles))),
        }
    }
    read_value(first, top, report)
}

fn parsed(json: &str) -> Result<Json, ReadError> {
    serde_json::from_str(json).map_err(|error| ReadError::NotJson {
        line: error.line(),
        column: error.column(),
        what: reason(&error),
    })
}

/// `json` is the source of `value`, or a part of it that tells it from others.
fn read_value(json: &str, value: Json, report: Report) -> Result<Read, ReadError> {
    let Json::Object(mut keys) = value else { return Err(ReadError::NotAvow) };
    if keys.remove("format").as_ref().and_then(Json::as_str) != Some(FORMAT) {
        return Err(ReadError::NotAvow);
    }
    match keys.remove("version").as_ref().and_then(Json::as_u64) {
        None | Some(0) => return Err(ReadError::NoVersion),
        Some(file) if file > u64::from(VERSION) => {
            return Err(ReadError::LaterVersion { file, ours: VERSION });
        }
        Some(_) => {}
    }
    let unit = match keys.remove("offset_unit") {
        None | Some(Json::Null) => {
            let what = "The file does not say what its offsets count".to_owned();
            report.say(what, "They were taken as code points; write `offset_unit`");
            Unit::CodePoint
        }
        Some(name) => {
            let unit = Unit::ALL.into_iter().find(|unit| name.as_str() == Some(unit_name(*unit)));
            unit.ok_or_else(|| {
                ReadError::UnknownUnit(name.as_str().map_or_else(|| name.to_string(), Into::into))
            })?
        }
    };
    keys.remove("generator");
    let reader =
        Reader { unit, annotations: BTreeMap::new(), changes: Vec::new(), times: Vec::new() };
    let project = reader.project(Object::top(keys, &report), json);
    Ok(Read { project, problems: report.into_problems() })
}

/// What the parser says, without the place that it says it at.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

struct Reader {
    unit: Unit,
    /// All met so far, and the sets that hold them: one, unless the file is wrong.
    annotations: BTreeMap<AnnotationId, BTreeSet<SetKey>>,
    /// What makes the project.
    changes: Vec<Change>,
    /// The time spent, by set.
    times: Vec<(SetKey, u64)>,
}

impl Reader {
    fn add(&mut self, key: Key, value: Value) {
        self.changes.push(Change { key, from: None, to: Some(value) });
    }

    fn project(mut self, mut top: Object, json: &str) -> Project {
        let meta = top.object("project", "The project");
        let scheme = top.object("scheme", "The scheme");
        let annotators = top.objects("annotators");
        let speakers = top.objects("speakers");
        let groups = top.objects("groups");
        let articles = top.objects("articles");
        let relations = top.objects("relations");
        let deleted = top.objects("deleted");
        let report = top.report;

        let mut meta = meta_of(meta, json, report);
        meta.file_extra = top.rest();
        let removed: Vec<ArticleId> = act::removed_before(&meta).collect();
        meta.extra.remove(act::REMOVED);
        let created = meta.created;
        let mut project = Project::new(meta);

        match scheme {
            Some(scheme) => {
                let change = Change {
                    key: Key::Scheme,
                    from: Some(Value::Scheme(project.scheme().clone())),
                    to: Some(Value::Scheme(Arc::new(scheme_of(scheme)))),
                };
                project = made(&project, vec![change]);
            }
            None => report.say(
                "The file has no scheme".to_owned(),
                "It was given the one that Avow begins with",
            ),
        }
        let scheme = project.scheme().clone();

        self.annotators(annotators);
        let speakers = self.speakers(speakers);
        for (id, text) in self.articles(articles, &scheme, &speakers, created) {
            project = project.with_loaded(&id, text, []).0;
        }
        project = made(&project, std::mem::take(&mut self.changes));
        for (set, seconds) in &self.times {
            project = project.with_seconds(set, *seconds);
        }

        self.groups(groups, &project);
        project = made(&project, std::mem::take(&mut self.changes));
        self.relations(relations, &project);
        project = made(&project, std::mem::take(&mut self.changes));
        self.deleted(deleted, removed, &project);
        made(&project, self.changes)
    }

    /// What was deleted, and the articles whose removal an older file notes beside its title.
    fn deleted(&mut self, objects: Vec<Object>, removed: Vec<ArticleId>, project: &Project) {
        let mut deleted: BTreeMap<Key, Deletion> = BTreeMap::new();
        let created = project.meta().created;
        let deletion = |at, by, extra| Deletion { at, by, extra };
        for article in removed {
            let key = Key::Article(article);
            deleted.insert(key, deletion(created, "".into(), Default::default()));
        }
        for mut object in objects {
            let Some(key) = deleted_key(&mut object) else { continue };
            let at = moment(&mut object, "at").unwrap_or(created);
            let by = object.take("by").unwrap_or_else(|| "".into());
            if is_there(&key, project) {
                object.say("is said to be deleted, and is in the file", "It was kept");
            }
            deleted.insert(key, deletion(at, by, object.rest()));
        }
        deleted.retain(|key, _| !is_there(key, project));
        for (key, deletion) in deleted {
            self.add(Key::Deletion(Arc::new(key)), Value::Deletion(Arc::new(deletion)));
        }
    }

    fn annotators(&mut self, objects: Vec<Object>) {
        let (mut order, mut met) = (0, BTreeSet::new());
        for mut object in objects {
            let Some(id) = object.need::<AnnotatorId>("id") else { continue };
            if !object.is_new(&id, &mut met) {
                continue;
            }
            let name = object.take("name").unwrap_or_default();
            let annotator = Annotator { id: id.clone(), order, name, extra: object.rest() };
            self.add(Key::Annotator(id), Value::Annotator(Arc::new(annotator)));
            order += 1;
        }
    }

    fn speakers(&mut self, objects: Vec<Object>) -> BTreeSet<SpeakerId> {
        let (mut order, mut met) = (0, BTreeSet::new());
        for mut object in objects {
            let Some(id) = object.need::<SpeakerId>("id") else { continue };
            if !object.is_new(&id, &mut met) {
                continue;
            }
            let speaker = Speaker {
                id: id.clone(),
                order,
                name: object.take("name").unwrap_or_default(),
                aliases: object.take("aliases").unwrap_or_default(),
                extra: object.rest(),
            };
            self.add(Key::Speaker(id), Value::Speaker(Arc::new(speaker)));
            order += 1;
        }
        met
    }

    fn groups(&mut self, objects: Vec<Object>, project: &Project) {
        let (mut order, mut met) = (0, BTreeSet::new());
        for mut object in objects {
            let Some(id) = object.need::<GroupId>("id") else { continue };
            if !object.is_new(&id, &mut met) {
                continue;
            }
            let members: Vec<Place> = object.take("members").unwrap_or_default();
            for place in &members {
                report_missing(&object, place, project);
            }
            let sentence = object.take("sentence").unwrap_or_default();
            let group = Group { id: id.clone(), order, sentence, members, extra: object.rest() };
            self.add(Key::Group(id), Value::Group(Arc::new(group)));
            order += 1;
        }
    }

    fn relations(&mut self, objects: Vec<Object>, project: &Project) {
        let (mut order, mut met) = (0, BTreeSet::new());
        for mut object in objects {
            let (Some(id), Some(kind), Some(from)) = (
                object.need::<RelationId>("id"),
                object.need("type"),
                object.need::<Place>("from"),
            ) else {
                continue;
            };
            if !object.is_new(&id, &mut met) {
                continue;
            }
            report_missing(&object, &from, project);
            let to: Option<Target> = object.take("to");
            match &to {
                Some(Target::Annotation(place)) => report_missing(&object, place, project),
                Some(Target::Group { group })
                    if project.value(&Key::Group(group.clone())) == Ok(None) =>
                {
                    object.say(
                        format_args!("leads to the group “{group}”, which the file does not have"),
                        "It was kept",
                    );
                }
                _ => {}
            }
            let relation = Relation {
                id: id.clone(),
                order,
                kind,
                annotator: object.take("annotator").unwrap_or_else(|| "".into()),
                from,
                to,
                target_text: object.take("target_text"),
                note: object.take("note").unwrap_or_default(),
                extra: object.rest(),
            };
            self.add(Key::Relation(id), Value::Relation(Arc::new(relation)));
            order += 1;
        }
    }

    /// Their texts.
    fn articles(
        &mut self,
        objects: Vec<Object>,
        scheme: &Scheme,
        speakers: &BTreeSet<SpeakerId>,
        created: Timestamp,
    ) -> Vec<(ArticleId, Text)> {
        let (mut texts, mut met) = (Vec::new(), BTreeSet::new());
        for mut object in objects {
            let (Some(id), Some(raw)) =
                (object.need::<ArticleId>("id"), object.need::<String>("text"))
            else {
                continue;
            };
            if !object.is_new(&id, &mut met) {
                continue;
            }
            let text = Text::new(&raw);
            let offsets = Offsets::new(&raw, &text, self.unit);
            if let Some(hash) = object.take::<String>("sha256")
                && !offsets.is_hash(&hash)
            {
                object.say(
                    "has another text than its `sha256` says",
                    "Passages were found by their words where they have moved; look through them",
                );
            }
            let regions = object.objects("regions");
            let sets = object.objects("sets");
            let unplaced = object.objects("unplaced");
            let gold = object.object("gold", &format!("{}, its gold set", object.what));

            let within = Within { article: &id, offsets: &offsets, scheme, speakers, created };
            let mut owners = BTreeSet::new();
            for set in sets {
                self.set(set, None, &within, &mut owners);
            }
            if let Some(gold) = gold {
                self.set(gold, Some(Owner::Gold), &within, &mut owners);
            }
            // Behind the sets, whose annotations stand.
            let unplaced = unplaced.into_iter().filter_map(|it| self.unplaced(it, &within));
            let unplaced = unplaced.collect();
            let article = Article {
                id: id.clone(),
                order: texts.len() as u32,
                title: object.take("title").unwrap_or_default(),
                text: text.hash().into(),
                source: object.take("source").unwrap_or_default(),
                metadata: object.take("metadata").unwrap_or_default(),
                regions: regions.into_iter().filter_map(|it| region_of(it, &offsets)).collect(),
                former_texts: object.take("former_texts").unwrap_or_default(),
                unplaced,
                extra: object.rest(),
            };
            self.add(Key::Article(id.clone()), Value::Article(Arc::new(article)));
            texts.push((id, text));
        }
        texts
    }

    /// `owner` is of the gold set; others name theirs. `sets` are those of the article so far.
    fn set(
        &mut self,
        mut object: Object,
        owner: Option<Owner>,
        within: &Within,
        sets: &mut BTreeSet<Owner>,
    ) {
        let owner = match owner {
            Some(owner) => owner,
            None => match object.need("annotator") {
                Some(annotator) => Owner::Annotator(annotator),
                None => return,
            },
        };
        let key = SetKey { article: within.article.clone(), owner };
        for annotation in object.objects("annotations") {
            self.annotation(annotation, &key, within);
        }
        let info = SetInfo {
            status: object.take("status").unwrap_or_default(),
            extra: Default::default(),
        };
        let seconds: u64 = object.take("seconds").unwrap_or_default();
        if !sets.insert(key.owner.clone()) {
            object.say(
                "is a second set of that annotator on the article",
                "The two were made one; the status of the first was kept",
            );
            return;
        }
        let info = SetInfo { extra: object.rest(), ..info };
        if seconds > 0 {
            self.times.push((key.clone(), seconds));
        }
        if info != SetInfo::default() {
            self.add(Key::Set(key), Value::Set(Arc::new(info)));
        }
    }

    /// Whether an annotation is the first of its id in its set; noted where it is not, and where
    /// another set has one of its id.
    fn is_new(&mut self, object: &Object, set: &SetKey, id: &AnnotationId) -> bool {
        let sets = self.annotations.entry(id.clone()).or_default();
        if !object.is_new(set, sets) {
            return false;
        }
        if sets.len() > 1 {
            object.say(
                "has an id that an annotation of another set has",
                "Both were kept; give each an id of its own",
            );
        }
        true
    }

    fn annotation(&mut self, mut object: Object, set: &SetKey, within: &Within) {
        let (Some(id), Some(label)) = (object.need::<AnnotationId>("id"), object.need("label"))
        else {
            return;
        };
        let key = Key::Annotation(set.clone(), id.clone());
        if !self.is_new(&object, set, &id) {
            return;
        }
        let spans = object.take::<Vec<WrittenSpan>>("spans").unwrap_or_default();
        let named = spans.len();
        let spans = spans.iter().filter_map(|span| within.offsets.place(span, "span", &object));
        let spans = match Spans::new(spans.collect::<Vec<_>>()) {
            Ok(spans) => spans,
            // What was not found was said already.
            Err(SpansError::NoSpan) if named > 0 => return,
            Err(error) => {
                object.say(format_args!("cannot stand: {error}"), "It was left out; mark it again");
                return;
            }
        };
        let attributes = attributes_of(&mut object, within);
        let created = moment(&mut object, "created").unwrap_or(within.created);
        let annotation = Annotation {
            id: id.clone(),
            label,
            spans,
            attributes,
            note: object.take("note").unwrap_or_default(),
            origin: object.take("origin").unwrap_or_default(),
            created,
            updated: moment(&mut object, "updated").unwrap_or(created),
            extra: object.rest(),
        };
        self.add(key, Value::Annotation(Arc::new(annotation)));
    }

    /// An annotation of an older text; without an annotator it is of the gold set.
    fn unplaced(&mut self, mut object: Object, within: &Within) -> Option<Unplaced> {
        let (id, label) = (object.need::<AnnotationId>("id")?, object.need("label")?);
        let owner = object.take("annotator").map_or(Owner::Gold, Owner::Annotator);
        let set = SetKey { article: within.article.clone(), owner: owner.clone() };
        if !self.is_new(&object, &set, &id) {
            return None;
        }
        let attributes = attributes_of(&mut object, within);
        let created = moment(&mut object, "created").unwrap_or(within.created);
        Some(Unplaced {
            owner,
            id,
            label,
            quotes: object.take("quotes").unwrap_or_default(),
            before: object.take("before").unwrap_or_default(),
            after: object.take("after").unwrap_or_default(),
            attributes,
            note: object.take("note").unwrap_or_default(),
            origin: object.take("origin").unwrap_or_default(),
            created,
            updated: moment(&mut object, "updated").unwrap_or(created),
            extra: object.rest(),
        })
    }
}

fn attributes_of(object: &mut Object, within: &Within) -> Map<AttributeId, AttributeValue> {
    let written: BTreeMap<AttributeId, Json> = object.take("attributes").unwrap_or_default();
    let attributes = written.into_iter().filter_map(|(id, value)| {
        let value = within.value(&id, value, object)?;
        Some((id, value))
    });
    attributes.collect()
}

/// The key of what was deleted; none, which is noted, where that cannot be told.
fn deleted_key(object: &mut Object) -> Option<Key> {
    let kind: String = object.need("kind")?;
    let id: String = object.need("id")?;
    let id = id.as_str();
    Some(match kind.as_str() {
        "annotator" => Key::Annotator(id.into()),
        "speaker" => Key::Speaker(id.into()),
        "group" => Key::Group(id.into()),
        "relation" => Key::Relation(id.into()),
        "article" => Key::Article(id.into()),
        "annotation" => {
            let article = object.need("article")?;
            let owner = object.take("annotator").map_or(Owner::Gold, Owner::Annotator);
            Key::Annotation(SetKey { article, owner }, id.into())
        }
        _ => {
            object.say(format_args!("is of an unknown kind, “{kind}”"), "It was left out");
            return None;
        }
    })
}

/// Whether something stands under a key, or is an annotation without a place; of an article that
/// is not there, nothing does.
fn is_there(key: &Key, project: &Project) -> bool {
    let unplaced = match key {
        Key::Annotation(set, id) => {
            project.article(&set.article).is_some_and(|it| it.unplaced(&set.owner, id).is_some())
        }
        _ => false,
    };
    unplaced || project.value(key).is_ok_and(|it| it.is_some())
}

/// The project with changes to records that it does not have yet.
fn made(project: &Project, changes: Vec<Change>) -> Project {
    Transaction::new(Intent::OpenFile, changes)
        .apply(project)
        .expect("every record is new, and every span was made by its article's text")
}

fn meta_of(object: Option<Object>, json: &str, report: &Report) -> Meta {
    let no_keys = || Object::top(Default::default(), report);
    let mut object = object.unwrap_or_else(no_keys);
    let id = object.take::<ProjectId>("id").unwrap_or_else(|| {
        let what = "The project has no `id`".to_owned();
        report.say(
            what,
            "It was given one made from the file; other versions will not merge with it",
        );
        Text::new(json).hash()[..32].into()
    });
    Meta {
        id,
        title: object.take("title").unwrap_or_default(),
        guidelines: object.take("guidelines").unwrap_or_default(),
        created: moment(&mut object, "created").unwrap_or_default(),
        file_extra: Default::default(),
        extra: object.rest(),
    }
}

fn region_of(mut object: Object, offsets: &Offsets) -> Option<Region> {
    let span =
        WrittenSpan { start: object.need("start")?, end: object.need("end")?, text: String::new() };
    let span: Span = offsets.place(&span, "stretch", &object)?;
    Some(Region { span, kind: object.take("kind").unwrap_or_default(), extra: object.rest() })
}

/// A time; none if there is none or, which is noted, it cannot be read.
fn moment(object: &mut Object, key: &str) -> Option<Timestamp> {
    let written: String = object.take(key)?;
    let moment = Timestamp::from_str(&written);
    if moment.is_err() {
        object.say(
            format_args!("has a `{key}` that is no time: “{written}”"),
            "Another was put in its place; write times as 2026-01-02T03:04:05Z",
        );
    }
    moment.ok()
}

/// Notes an annotation that something names and the file does not have.
fn report_missing(object: &Object, place: &Place, project: &Project) {
    let Place { article, annotation } = place;
    if !project.has_annotation(place) {
        object.say(
            format_args!(
                "names the annotation “{annotation}” of the article “{article}”, which the file \
                 does not have"
            ),
            "It was kept",
        );
    }
}
