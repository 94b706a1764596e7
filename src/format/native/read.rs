//! Reading: what is wrong is left out and reported, and the rest is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

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
use crate::format::json::{self, Json};
use crate::map::Map;
use crate::project::{
    Annotator, Article, Deletion, Entry, Group, Key, Meta, Owner, Project, ProjectId, Region,
    SetInfo, SetKey, SetRow, Speaker, Unplaced, Value,
};
use crate::scheme::AttributeId;
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
    let mut head = Head::of(file, json.trim_start_matches('\u{feff}'))?;
    let entries = head.take_own();
    Ok(head.with_all(entries))
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
    let mut head = Head::read(file, at, first)?;
    let mut articles = std::mem::take(&mut head.own);
    for (at, line) in lines {
        let LineRead { entry, mut problems } = head.line(at, line);
        if let Some(entry) = entry {
            problems.extend(articles.add(entry, file, Some(at)).err());
        }
        head.problems.append(&mut problems);
    }
    Ok(head.with_all(articles.entries))
}

fn parsed(json: &str) -> Result<Json<'_>, ReadError> {
    serde_json::from_str(json).map_err(|error| ReadError::NotJson {
        line: error.line(),
        column: error.column(),
        what: json::reason(&error),
    })
}

/// All of a file but its articles, which are read against it: each by itself, in any order, on any
/// thread.
pub struct Head {
    file: String,
    unit: Unit,
    /// Without an article, and without what was deleted.
    project: Project,
    /// Those of the project.
    speakers: BTreeSet<SpeakerId>,
    /// The annotations that groups and relations name, each with what names it.
    named: Vec<(String, Place)>,
    /// What is said to be deleted, and what that is called where it is not to be there.
    deleted: BTreeMap<Key, (Deletion, Option<String>)>,
    /// The articles that stand in it; all, where it is the whole file.
    own: Articles,
    /// Which line it is, and how many articles it has for it.
    line: u32,
    before: u32,
    problems: Vec<Problem>,
}

/// An article's line.
pub struct LineRead {
    /// What stands there; none where it cannot be read.
    pub entry: Option<Entry>,
    /// What could not be taken.
    pub problems: Vec<Problem>,
}

/// Articles as they come, none twice.
#[derive(Default)]
struct Articles {
    met: BTreeSet<ArticleId>,
    entries: Vec<Entry>,
}

impl Articles {
    /// # Errors
    /// It was there already.
    fn add(&mut self, entry: Entry, file: &str, line: Option<u32>) -> Result<(), Problem> {
        if !self.met.insert(entry.article.id.clone()) {
            return Err(second(file, line, &entry.article.id));
        }
        self.entries.push(entry);
        Ok(())
    }
}

/// What is said of an article whose id another has.
pub(super) fn second(file: &str, line: Option<u32>, id: &ArticleId) -> Problem {
    Problem {
        file: file.to_owned(),
        line,
        what: format!("“{id}” in `articles` has an id that another has"),
        remedy: "The first was kept; give each an id of its own".to_owned(),
    }
}

/// Whether an annotation is in a file: of that owner, or of any.
type IsThere<'a> = dyn Fn(&Place, Option<&Owner>) -> bool + 'a;

impl Head {
    /// Reads the first line of a file in lines, which is its line `at`.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(file: &str, at: u32, line: &str) -> Result<Head, ReadError> {
        let head = Head::of(file, line.trim_start_matches('\u{feff}'));
        head.map(|head| Head { line: at, ..head }).map_err(|error| match error {
            ReadError::NotJson { column, what, .. } => {
                ReadError::NotJson { line: at as usize, column, what }
            }
            other => other,
        })
    }

    /// That of lines which [`Layout::article`](super::Layout::article) wrote of a project and nothing
    /// stands before.
    pub fn of_written(project: &Project) -> Head {
        Head {
            file: String::new(),
            unit: Unit::CodePoint,
            project: project.clone(),
            speakers: project.speakers().into_iter().map(|it| it.id.clone()).collect(),
            named: Vec::new(),
            deleted: BTreeMap::new(),
            own: Articles::default(),
            line: 0,
            before: 0,
            problems: Vec::new(),
        }
    }

    /// `json` is the whole file, or the first of its lines.
    fn of(file: &str, json: &str) -> Result<Head, ReadError> {
        let Json::Object(mut keys) = parsed(json)? else { return Err(ReadError::NotAvow) };
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
        let report = Report::new(file, None);
        let unit = match keys.remove("offset_unit") {
            None | Some(Json::Null) => {
                let what = "The file does not say what its offsets count".to_owned();
                report.say(what, "They were taken as code points; write `offset_unit`");
                Unit::CodePoint
            }
            Some(name) => {
                let unit =
                    Unit::ALL.into_iter().find(|unit| name.as_str() == Some(unit_name(*unit)));
                unit.ok_or_else(|| {
                    let written = name.as_str().map(str::to_owned);
                    let written = written.unwrap_or_else(|| name.into_value().to_string());
                    ReadError::UnknownUnit(written)
                })?
            }
        };
        keys.remove("generator");
        let mut top = Object::top(keys, &report);
        let meta = top.object("project", "The project");
        let scheme = top.object("scheme", "The scheme");
        let lists = ["annotators", "speakers", "groups", "articles", "relations", "deleted"];
        let [annotators, speakers, groups, articles, relations, deleted] =
            lists.map(|key| top.objects(key));

        let mut meta = meta_of(meta, json, &report);
        meta.file_extra = top.rest();
        let removed: Vec<ArticleId> = act::removed_before(&meta).collect();
        meta.extra.remove(act::REMOVED);
        let project = Project::new(meta);
        let scheme = match scheme {
            Some(scheme) => Arc::new(scheme_of(scheme)),
            None => {
                report.say(
                    "The file has no scheme".to_owned(),
                    "It was given the one that Avow begins with",
                );
                project.scheme().clone()
            }
        };
        let mut records = Records::default();
        records.annotators(annotators);
        let speakers = records.speakers(speakers);
        let groups = records.groups(groups);
        records.relations(relations, &groups);
        let mut changes = records.changes;
        let from = Some(Value::Scheme(project.scheme().clone()));
        changes.push(Change { key: Key::Scheme, from, to: Some(Value::Scheme(scheme)) });
        let project = made(&project, changes);
        let mut head = Head {
            file: file.to_owned(),
            unit,
            deleted: deleted_of(deleted, removed, &project),
            project,
            speakers,
            named: records.named,
            own: Articles::default(),
            line: 1,
            before: articles.len() as u32,
            problems: Vec::new(),
        };
        for (order, object) in articles.into_iter().enumerate() {
            let entry = head.article(object, order as u32);
            if let Some(Err(problem)) = entry.map(|entry| head.own.add(entry, file, None)) {
                report.add(problem);
            }
        }
        head.problems = report.into_problems();
        Ok(head)
    }

    /// The articles that stand in the line itself, which are to come first.
    pub fn take_own(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.own).entries
    }

    /// The project without its articles.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Reads an article's line, which is line `at` of the file and stands behind this one; its place
    /// among the articles is that among the lines.
    pub fn line(&self, at: u32, line: &str) -> LineRead {
        let report = Report::new(&self.file, Some(at));
        let entry = match parsed(line) {
            Ok(Json::Object(keys)) => {
                let order = self.before + at - self.line - 1;
                let object = Object::item(&report, "", "articles", order as usize, keys);
                self.article(object, order)
            }
            Ok(_) => {
                report.say("The line is no object".to_owned(), "It was left out");
                None
            }
            Err(error) => {
                report.say_unreadable(error);
                None
            }
        };
        LineRead { entry, problems: report.into_problems() }
    }

    /// The annotations that the file names outside its articles: those of which
    /// [`Head::finish`] asks whether they are there.
    pub fn asked(&self) -> BTreeSet<Place> {
        let deleted = self.deleted.keys().filter_map(|key| match key {
            Key::Annotation(set, id) => {
                Some(Place { article: set.article.clone(), annotation: id.clone() })
            }
            _ => None,
        });
        self.named.iter().map(|(_, place)| place.clone()).chain(deleted).collect()
    }

    /// The articles of which [`Head::finish`] asks anything.
    pub fn asked_articles(&self) -> BTreeSet<ArticleId> {
        let deleted = self.deleted.keys().filter_map(|key| match key {
            Key::Article(id) => Some(id.clone()),
            _ => None,
        });
        self.asked().into_iter().map(|place| place.article).chain(deleted).collect()
    }

    /// The project with all its articles loaded.
    fn with_all(self, entries: Vec<Entry>) -> Read {
        let project = self.project.with_entries(entries);
        let all = project.clone();
        let is_there = |place: &Place, owner: Option<&Owner>| match owner {
            Some(owner) => {
                let loaded = all.loaded(&place.article);
                loaded.and_then(|it| it.sets.get(owner)?.get(&place.annotation)).is_some()
            }
            None => all.annotation_at(place).is_some(),
        };
        self.finish(project, &is_there)
    }

    /// The whole, of a project that has all [`Head::asked_articles`], if only in its index. `is_there`
    /// says whether an annotation of [`Head::asked`] is in its article, of that owner or of any.
    pub fn finish(&self, project: Project, is_there: &IsThere<'_>) -> Read {
        let report = Report::new(&self.file, None);
        for (what, Place { article, annotation }) in &self.named {
            let place = Place { article: article.clone(), annotation: annotation.clone() };
            let unplaced = project.article(article).is_some_and(|it| it.has_unplaced(annotation));
            if !unplaced && !is_there(&place, None) {
                report.say(
                    format!(
                        "{what} names the annotation “{annotation}” of the article “{article}”, \
                         which the file does not have"
                    ),
                    "It was kept",
                );
            }
        }
        let mut changes = Vec::new();
        for (key, (deletion, what)) in &self.deleted {
            if stands(key, &project, is_there) {
                if let Some(what) = what {
                    let what = format!("{what} is said to be deleted, and is in the file");
                    report.say(what, "It was kept");
                }
                continue;
            }
            let to = Some(Value::Deletion(Arc::new(deletion.clone())));
            changes.push(Change { key: Key::Deletion(Arc::new(key.clone())), from: None, to });
        }
        let mut problems = self.problems.clone();
        problems.extend(report.into_problems());
        Read { project: made(&project, changes), problems }
    }

    /// What an article holds; none, which is noted, where it has no id or no text.
    fn article(&self, mut object: Object, order: u32) -> Option<Entry> {
        let (id, raw) = (object.need::<ArticleId>("id"), object.need::<String>("text"));
        let (id, raw) = (id?, raw?);
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
        let written = object.objects("sets");
        let unplaced = object.objects("unplaced");
        let gold = object.object("gold", &format!("{}, its gold set", object.what));

        let within = Within {
            offsets: &offsets,
            scheme: self.project.scheme(),
            speakers: &self.speakers,
            created: self.project.meta().created,
        };
        let mut sets = Sets::default();
        for set in written {
            sets.set(set, None, &within);
        }
        if let Some(gold) = gold {
            sets.set(gold, Some(Owner::Gold), &within);
        }
        // Behind the sets, whose annotations stand.
        let unplaced = unplaced.into_iter().filter_map(|it| sets.unplaced(it, &within));
        let unplaced = unplaced.collect();
        let article = Article {
            id,
            order,
            title: object.take("title").unwrap_or_default(),
            text: text.hash().into(),
            source: object.take("source").unwrap_or_default(),
            metadata: object.take("metadata").unwrap_or_default(),
            regions: regions.into_iter().filter_map(|it| region_of(it, &offsets)).collect(),
            former_texts: object.take("former_texts").unwrap_or_default(),
            unplaced,
            extra: object.rest(),
        };
        drop(offsets);
        Some(Entry::new(article, text, sets.read))
    }
}

/// What was deleted, each with what it is called, and the articles whose removal an older file notes
/// beside its title.
fn deleted_of(
    objects: Vec<Object>,
    removed: Vec<ArticleId>,
    project: &Project,
) -> BTreeMap<Key, (Deletion, Option<String>)> {
    let created = project.meta().created;
    let before = |article| {
        let deletion = Deletion { at: created, by: "".into(), extra: Default::default() };
        (Key::Article(article), (deletion, None))
    };
    let mut deleted: BTreeMap<_, _> = removed.into_iter().map(before).collect();
    for mut object in objects {
        let Some(key) = deleted_key(&mut object) else { continue };
        let at = moment(&mut object, "at").unwrap_or(created);
        let by = object.take("by").unwrap_or_else(|| "".into());
        let what = object.what.clone();
        deleted.insert(key, (Deletion { at, by, extra: object.rest() }, Some(what)));
    }
    deleted
}

/// The records of a file that are no articles.
#[derive(Default)]
struct Records {
    changes: Vec<Change>,
    /// See [`Head::named`].
    named: Vec<(String, Place)>,
}

impl Records {
    fn add(&mut self, key: Key, value: Value) {
        self.changes.push(Change { key, from: None, to: Some(value) });
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

    fn groups(&mut self, objects: Vec<Object>) -> BTreeSet<GroupId> {
        let (mut order, mut met) = (0, BTreeSet::new());
        for mut object in objects {
            let Some(id) = object.need::<GroupId>("id") else { continue };
            if !object.is_new(&id, &mut met) {
                continue;
            }
            let members: Vec<Place> = object.take("members").unwrap_or_default();
            self.named.extend(members.iter().map(|place| (object.what.clone(), place.clone())));
            let sentence = object.take("sentence").unwrap_or_default();
            let group = Group { id: id.clone(), order, sentence, members, extra: object.rest() };
            self.add(Key::Group(id), Value::Group(Arc::new(group)));
            order += 1;
        }
        met
    }

    fn relations(&mut self, objects: Vec<Object>, groups: &BTreeSet<GroupId>) {
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
            self.named.push((object.what.clone(), from.clone()));
            let to: Option<Target> = object.take("to");
            match &to {
                Some(Target::Annotation(place)) => {
                    self.named.push((object.what.clone(), place.clone()));
                }
                Some(Target::Group { group }) if !groups.contains(group) => {
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
}

/// The sets of an article while they are read.
#[derive(Default)]
struct Sets {
    /// All ids met so far, and whose sets hold them: one, unless the file is wrong.
    ids: BTreeMap<AnnotationId, BTreeSet<Owner>>,
    read: Vec<(Owner, SetRow, Vec<Annotation>)>,
}

impl Sets {
    /// `owner` is of the gold set; others name theirs.
    fn set(&mut self, mut object: Object, owner: Option<Owner>, within: &Within) {
        let owner = match owner {
            Some(owner) => owner,
            None => match object.need("annotator") {
                Some(annotator) => Owner::Annotator(annotator),
                None => return,
            },
        };
        let annotations = object.objects("annotations");
        let annotations: Vec<Annotation> =
            annotations.into_iter().filter_map(|it| self.annotation(it, &owner, within)).collect();
        let status = object.take("status").unwrap_or_default();
        let seconds = object.take("seconds").unwrap_or_default();
        if let Some((.., first)) = self.read.iter_mut().find(|(known, ..)| *known == owner) {
            first.extend(annotations);
            object.say(
                "is a second set of that annotator on the article",
                "The two were made one; the status of the first was kept",
            );
            return;
        }
        let info = SetInfo { status, extra: object.rest() };
        let info = (info != SetInfo::default()).then_some(info);
        self.read.push((owner, SetRow { info, seconds, ..SetRow::default() }, annotations));
    }

    /// Whether an annotation is the first of its id in its set; noted where it is not, and where
    /// another set of the article has one of its id.
    fn is_new(&mut self, object: &Object, owner: &Owner, id: &AnnotationId) -> bool {
        let owners = self.ids.entry(id.clone()).or_default();
        if !object.is_new(owner, owners) {
            return false;
        }
        if owners.len() > 1 {
            object.say(
                "has an id that an annotation of another set has",
                "Both were kept; give each an id of its own",
            );
        }
        true
    }

    fn annotation(
        &mut self,
        mut object: Object,
        owner: &Owner,
        within: &Within,
    ) -> Option<Annotation> {
        let (id, label) = (object.need::<AnnotationId>("id"), object.need("label"));
        let (id, label) = (id?, label?);
        if !self.is_new(&object, owner, &id) {
            return None;
        }
        let spans = object.spans("spans");
        let named = spans.len();
        let spans = spans.iter().filter_map(|span| within.offsets.place(span, "span", &object));
        let spans = match Spans::new(spans.collect::<Vec<_>>()) {
            Ok(spans) => spans,
            // What was not found was said already.
            Err(SpansError::NoSpan) if named > 0 => return None,
            Err(error) => {
                object.say(format_args!("cannot stand: {error}"), "It was left out; mark it again");
                return None;
            }
        };
        let attributes = attributes_of(&mut object, within);
        let created = moment(&mut object, "created").unwrap_or(within.created);
        Some(Annotation {
            id,
            label,
            spans,
            attributes,
            note: object.take("note").unwrap_or_default(),
            origin: object.take("origin").unwrap_or_default(),
            created,
            updated: moment(&mut object, "updated").unwrap_or(created),
            extra: object.rest(),
        })
    }

    /// An annotation of an older text; without an annotator it is of the gold set.
    fn unplaced(&mut self, mut object: Object, within: &Within) -> Option<Unplaced> {
        let (id, label) = (object.need::<AnnotationId>("id")?, object.need("label")?);
        let owner = object.take("annotator").map_or(Owner::Gold, Owner::Annotator);
        if !self.is_new(&object, &owner, &id) {
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
    let written = object.keys("attributes").unwrap_or_default();
    let attributes = written.into_iter().filter_map(|(id, value)| {
        let id = AttributeId::from(&*id);
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
fn stands(key: &Key, project: &Project, is_there: &IsThere<'_>) -> bool {
    let Key::Annotation(set, id) = key else {
        return project.value(key).is_ok_and(|it| it.is_some());
    };
    let place = Place { article: set.article.clone(), annotation: id.clone() };
    project.article(&set.article).is_some_and(|it| it.unplaced(&set.owner, id).is_some())
        || is_there(&place, Some(&set.owner))
}

/// The project with changes to records that it does not have yet.
fn made(project: &Project, changes: Vec<Change>) -> Project {
    Transaction::new(Intent::OpenFile, changes)
        .apply(project)
        .expect("every record is new, and none of them lies on an article")
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
        Text::new(json.trim()).hash()[..32].into()
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
