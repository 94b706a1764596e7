//! `articles/index.json`: what a built page carries, read by the page and written by the build.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::stored::shape::{Wrong, shape};
use super::stored::{Shape, Tree};
use super::{NewArticle, Problem};
use crate::annotation::{ArticleId, Timestamp};
use crate::project::{self, Article, Key, Meta, Project, ProjectId, Source};
use crate::scheme::{Extra, Scheme};
use crate::sort::{order, sort_by};
use crate::text::TextHash;

/// What the file says that it is.
pub const FORMAT: &str = "avow-deployment";
/// The latest version that is read. It is written of what pages that read version 1 alone do not know:
/// texts in shards, and lists.
pub const VERSION: u64 = 2;

/// How long a line of a shard may be, in bytes: a page reads one as a whole.
pub const LONGEST: u64 = 1 << 26;

/// A corpus of a built page, without its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Which project every reader of this deployment works on.
    pub project: ProjectMeta,
    /// What may be annotated; none means the default scheme.
    pub scheme: Option<Scheme>,
    /// Names the scheme as the file writes it, see [`fingerprint`].
    pub scheme_name: Option<String>,
    /// No two have one id, and each `file` is a safe path, see [`is_safe_path`].
    pub articles: Vec<Entry>,
    /// Which annotator is to annotate what; where there is none, each all.
    pub lists: Vec<List>,
    /// Where the articles are one annotator's list, those of the others; see
    /// [`Deployment::keep_list_of`].
    pub others: Option<Vec<ArticleId>>,
}

/// What a deployment says of its project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProjectMeta {
    /// Fixed: all readers' files carry it.
    pub id: ProjectId,
    /// For people.
    pub title: String,
    /// Markdown.
    pub guidelines: String,
}

/// One article of a deployment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Unique in the deployment.
    pub id: ArticleId,
    /// For people; the id where there is none.
    pub title: String,
    /// The path, relative to `index.json`, of its text, which is UTF-8 with LF line ends; or of the shard
    /// that holds its line.
    pub file: String,
    /// Where its line stands in the shard: a JSON object that has the text as `text`. None where
    /// the file is the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Bytes>,
    /// The name or path of the file that an article in a shard came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Names the text.
    pub sha256: TextHash,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// When, as its file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// A BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What else its file said.
    pub metadata: Extra,
    /// Length of the text in code points.
    pub characters: u64,
}

/// A stretch of a file; as JSON, `[start, length]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "[u64; 2]")]
pub struct Bytes {
    /// How many bytes stand before it. Its end is a number that JavaScript holds exactly.
    start: u64,
    /// From 1 to [`LONGEST`].
    length: u64,
}

impl Bytes {
    /// None where it is empty, too long, or too far behind.
    pub fn new(start: u64, length: u64) -> Option<Bytes> {
        let is_sound = (1..=LONGEST).contains(&length) && start <= (1 << 53) - LONGEST;
        is_sound.then_some(Bytes { start, length })
    }

    /// How many bytes stand before it.
    pub fn start(self) -> u64 {
        self.start
    }

    /// How many bytes stand before what comes behind it.
    pub fn end(self) -> u64 {
        self.start + self.length
    }
}

impl From<Bytes> for [u64; 2] {
    fn from(Bytes { start, length }: Bytes) -> [u64; 2] {
        [start, length]
    }
}

/// What one annotator is to annotate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List {
    /// The name, as `?annotator=` gives it.
    pub annotator: String,
    /// By their places in [`Deployment::articles`], from 0; each once, in the order in which they are
    /// to be annotated.
    pub articles: Vec<u32>,
}

shape! { ProjectMeta { id, title: default, guidelines: default } }
shape! {
    Entry {
        id, title: default, file, bytes: omitted, from: omitted, sha256, url: omitted,
        publisher: omitted, published: omitted, language: omitted, metadata: default,
        characters: default,
    }
}
shape! { List { annotator, articles } }

impl Shape for Bytes {
    fn to_json(&self) -> Value {
        [self.start, self.length].as_slice().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Bytes {
        let (start, length) = Shape::read(tree, wrong);
        Bytes::new(start, length).unwrap_or_else(|| {
            wrong.note("bytes");
            Bytes { start: 0, length: 1 }
        })
    }
}

impl Deployment {
    /// The project of a reader who has just come: all the articles, and no work.
    pub fn to_project(&self, now: Timestamp) -> Project {
        let ProjectMeta { id, title, guidelines } = self.project.clone();
        let mut meta = Meta { guidelines, ..Meta::new(id, &title, now) };
        meta.extra.insert(BROUGHT.to_owned(), self.brings());
        let mut project = Project::new(meta);
        let scheme = self
            .scheme
            .iter()
            .map(|scheme| (Key::Scheme, project::Value::Scheme(Arc::new(scheme.clone()))));
        let articles = self.articles.iter().zip(0..).map(|(entry, order)| {
            let article = Article { order, ..entry.to_article() };
            (Key::Article(entry.id.clone()), project::Value::Article(Arc::new(article)))
        });
        for (key, value) in scheme.chain(articles) {
            let put = project.put(&key, Some(value));
            debug_assert!(put.is_ok(), "only annotations ask for more than a value of their kind");
        }
        project
    }

    /// Names what it brings beside articles: `{"guidelines": …, "scheme": …}`, the second only where
    /// it has one. Kept in the project as [`BROUGHT`], so that what a person changes of it stays
    /// until the host brings something else.
    pub fn brings(&self) -> Value {
        let guidelines = fingerprint(&self.project.guidelines.as_str().into());
        let mut parts = Extra::new();
        parts.insert("guidelines".to_owned(), guidelines.into());
        if let Some(scheme) = &self.scheme_name {
            parts.insert("scheme".to_owned(), scheme.clone().into());
        }
        parts.into()
    }

    /// Lets go of all articles but those of an annotator's list, in its order. Where there is no list
    /// at all, all stay.
    ///
    /// Says no, and changes nothing, where others have lists and this annotator has none.
    pub fn keep_list_of(&mut self, annotator: &str) -> bool {
        if self.lists.is_empty() {
            return true;
        }
        let own_list = self.lists.iter().find(|list| list.annotator.trim() == annotator.trim());
        let Some(own_list) = own_list else { return false };
        let (mut own, mut all) = (Vec::new(), Vec::new());
        all.extend(std::mem::take(&mut self.articles).into_iter().map(Some));
        for at in &own_list.articles {
            own.extend(all.get_mut(*at as usize).and_then(Option::take));
        }
        self.others = Some(all.into_iter().flatten().map(|entry| entry.id).collect());
        (self.articles, self.lists) = (own, Vec::new());
        true
    }
}

/// Where the texts of a deployment stand.
///
/// What is stored of a project does not tell: the next deployment may have other shards, or other files.
#[derive(Debug, Default)]
pub struct Places {
    /// By the texts.
    sorted: Vec<(TextHash, Place)>,
}

/// A file, and which of its bytes, if it is a shard.
pub type Place = (String, Option<Bytes>);

impl Places {
    /// Of all articles.
    pub fn of(deployment: &Deployment) -> Places {
        let place = |entry: &Entry| (entry.sha256.clone(), (entry.file.clone(), entry.bytes));
        let mut sorted = deployment.articles.iter().map(place).collect();
        sort_by(&mut sorted, |a, b| a.0.cmp(&b.0));
        Places { sorted }
    }

    /// Where a text stands; none where it is no article's.
    pub fn find(&self, text: &TextHash) -> Option<&Place> {
        let at = self.sorted.binary_search_by(|place| place.0.cmp(text)).ok()?;
        Some(&self.sorted[at].1)
    }
}

/// The key among a project's own where stands what a deployment last brought, see
/// [`Deployment::brings`].
pub const BROUGHT: &str = "deployed";

/// Names a value, so that one that was changed has another name: FNV-1a, which is enough where nobody
/// gains by two values of one name. The value is not written as JSON, since what does that is in no
/// part of the page that is fetched first.
pub fn fingerprint(value: &Value) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    add(&mut hash, value);
    let digit = |at: u32| char::from_digit((hash >> (60 - 4 * at)) as u32 & 15, 16);
    (0..16).filter_map(digit).collect()
}

fn add(hash: &mut u64, value: &Value) {
    let mut bytes = |kind: u8, bytes: &[u8]| {
        let length = (bytes.len() as u64).to_le_bytes();
        for byte in [kind].iter().chain(&length).chain(bytes) {
            *hash = (*hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    match value {
        Value::Null => bytes(0, &[]),
        Value::Bool(value) => bytes(1, &[u8::from(*value)]),
        Value::Number(value) => {
            bytes(2, &value.as_f64().unwrap_or_default().to_bits().to_le_bytes())
        }
        Value::String(value) => bytes(3, value.as_bytes()),
        Value::Array(values) => {
            bytes(4, &[]);
            values.iter().for_each(|value| add(hash, value));
            *hash ^= values.len() as u64;
        }
        Value::Object(values) => {
            bytes(5, &[]);
            for (key, value) in values {
                add(hash, &Value::String(key.clone()));
                add(hash, value);
            }
            *hash ^= values.len() as u64;
        }
    }
}

impl Entry {
    /// The entry of an article whose text stands in `file`.
    pub fn new(new: &NewArticle, file: &str) -> Entry {
        let NewArticle { article, text } = new;
        let Source { url, publisher, published, language, .. } = article.source.clone();
        Entry {
            id: article.id.clone(),
            title: article.title.clone(),
            file: file.to_owned(),
            bytes: None,
            from: None,
            sha256: article.text.clone(),
            url,
            publisher,
            published,
            language,
            metadata: article.metadata.clone(),
            characters: text.as_str().chars().count() as u64,
        }
    }

    /// The entry of an article whose line stands in a shard, which has yet to be named.
    pub fn in_shard(new: &NewArticle, bytes: Bytes) -> Entry {
        let from = new.article.source.file.clone();
        Entry { bytes: Some(bytes), from, ..Entry::new(new, "") }
    }

    /// The project's record of it, whose `order` the project sets. Its `source.file` is
    /// [`Entry::file`], or what that of an article in a shard came from: a shard is no place that lasts.
    pub fn to_article(&self) -> Article {
        Article {
            id: self.id.clone(),
            order: 0,
            title: self.title.clone(),
            text: self.sha256.clone(),
            source: Source {
                file: match self.bytes {
                    Some(_) => self.from.clone(),
                    None => Some(self.file.clone()),
                },
                url: self.url.clone(),
                publisher: self.publisher.clone(),
                published: self.published.clone(),
                language: self.language.clone(),
                extra: Extra::new(),
            },
            metadata: self.metadata.clone(),
            regions: Vec::new(),
            former_texts: Vec::new(),
            unplaced: Vec::new(),
            extra: Extra::new(),
        }
    }
}

/// Why a deployment cannot be opened at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeploymentError {
    /// It is not JSON: what is wrong, and in which line.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser says.
        what: String,
    },
    /// Its `format` is this, or there is none.
    OtherFormat(Option<String>),
    /// It is of this version, later than [`VERSION`]; or its version is no number.
    OtherVersion(String),
    /// A part of it that must be there is not, or is not what it should be.
    Malformed {
        /// The key.
        part: &'static str,
        /// What is wrong with it.
        what: String,
    },
}

impl std::fmt::Display for DeploymentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("articles/index.json ")?;
        match self {
            DeploymentError::NotJson { line, column, what } => {
                write!(f, "is not valid JSON at line {line}, column {column}: {what}")
            }
            DeploymentError::OtherFormat(None) => {
                write!(f, "does not say “format”: “{FORMAT}”, so it is not this page's")
            }
            DeploymentError::OtherFormat(Some(format)) => {
                write!(f, "is of the format “{format}” and not “{FORMAT}”")
            }
            DeploymentError::OtherVersion(version) => write!(
                f,
                "is of version {version}, and this page reads versions 1 to {VERSION}. Build both \
                 together"
            ),
            DeploymentError::Malformed { part, what } => write!(f, "has a wrong “{part}”: {what}"),
        }
    }
}

impl std::error::Error for DeploymentError {}

/// The file of version 1 as it stands in JSON, in the order of its keys.
#[derive(Serialize)]
struct File<'a> {
    format: &'a str,
    version: u64,
    project: &'a ProjectMeta,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme: &'a Option<Scheme>,
    articles: &'a [Entry],
}

impl Deployment {
    /// The file; the same deployment gives the same characters.
    ///
    /// It is of version 1, which older pages read, unless it has what that does not know. Then it may be
    /// large, and an article or a list is a line.
    pub fn to_json(&self) -> String {
        let in_files = self.articles.iter().all(|entry| entry.bytes.is_none());
        if !in_files || !self.lists.is_empty() {
            return self.to_lines();
        }
        let file = File {
            format: FORMAT,
            version: 1,
            project: &self.project,
            scheme: &self.scheme,
            articles: &self.articles,
        };
        // Strings, numbers and maps with string keys: none of them can fail.
        let json = serde_json::to_string_pretty(&file).unwrap_or_default();
        json + "\n"
    }

    fn to_lines(&self) -> String {
        let mut json = format!("{{\n\"format\": \"{FORMAT}\",\n\"version\": {VERSION},\n");
        json += &format!("\"project\": {},\n", compact(&self.project));
        if let Some(scheme) = &self.scheme {
            json += &format!("\"scheme\": {},\n", compact(scheme));
        }
        json += "\"articles\": ";
        push_lines(&mut json, &self.articles);
        if !self.lists.is_empty() {
            json += ",\n\"lists\": ";
            push_lines(&mut json, &self.lists);
        }
        json + "\n}\n"
    }
}

fn compact(value: &impl Serialize) -> String {
    // Strings, numbers and maps with string keys: none of them can fail.
    serde_json::to_string(value).unwrap_or_default()
}

fn push_lines(json: &mut String, items: &[impl Serialize]) {
    json.push('[');
    for (at, item) in items.iter().enumerate() {
        *json += if at == 0 { "\n" } else { ",\n" };
        *json += &compact(item);
    }
    *json += "\n]";
}

/// Reads the file's text, see [`read`].
///
/// # Errors
/// It is not JSON, or as with [`read`].
pub fn parse(json: &str) -> Result<(Deployment, Vec<Problem>), DeploymentError> {
    let json = json.trim_start_matches('\u{feff}');
    let file: Value = serde_json::from_str(json).map_err(|error| DeploymentError::NotJson {
        line: error.line(),
        column: error.column(),
        what: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    })?;
    read(&file)
}

/// Reads what the file holds. Articles that cannot be taken are left out, and that is said.
///
/// The page calls this one: the browser has parsed the text already.
///
/// # Errors
/// It is not a deployment of a version that is known, or its project or scheme is malformed.
pub fn read(file: &Value) -> Result<(Deployment, Vec<Problem>), DeploymentError> {
    let format = file.get("format").and_then(Value::as_str);
    if format != Some(FORMAT) {
        return Err(DeploymentError::OtherFormat(format.map(str::to_owned)));
    }
    match file.get("version").map(Value::as_u64) {
        Some(Some(1..=VERSION)) => {}
        other => {
            let version = other.map(|version| version.map(|version| version.to_string()));
            let none = || "none".to_owned();
            return Err(DeploymentError::OtherVersion(version.flatten().unwrap_or_else(none)));
        }
    }
    let project: ProjectMeta = part(file, "project")?;
    if project.id.as_str().trim().is_empty() {
        return Err(malformed("project", "its “id” is empty"));
    }
    let scheme = part::<Option<Scheme>>(file, "scheme")?;
    let scheme_name = file.get("scheme").filter(|it| !it.is_null()).map(fingerprint);
    let entries: Vec<Value> = part(file, "articles")?;
    let (articles, places, mut problems) = take_entries(entries);
    let mut lists = part::<Option<Vec<List>>>(file, "lists")?.unwrap_or_default();
    problems.extend(lists.iter_mut().filter_map(|list| take_list(list, &places)));
    let deployment = Deployment { project, scheme, scheme_name, articles, lists, others: None };
    Ok((deployment, problems))
}

fn malformed(part: &'static str, what: impl ToString) -> DeploymentError {
    DeploymentError::Malformed { part, what: what.to_string() }
}

fn part<T: Shape>(file: &Value, name: &'static str) -> Result<T, DeploymentError> {
    let value = file.get(name).cloned().unwrap_or_default();
    T::from_json(value).map_err(|error| malformed(name, error))
}

/// The articles, for each of the values its place among them, and what is wrong with the others.
fn take_entries(values: Vec<Value>) -> (Vec<Entry>, Vec<Option<u32>>, Vec<Problem>) {
    let mut taken: Vec<_> = values.into_iter().map(take_entry).collect();
    let id = |at: usize| taken[at].as_ref().ok().map(|entry| &entry.id);
    let sorted = order(taken.len(), &|a, b| id(a).cmp(&id(b)));
    let pairs =
        sorted.windows(2).filter(|pair| id(pair[0]).is_some() && id(pair[0]) == id(pair[1]));
    let seconds: Vec<usize> = pairs.map(|pair| pair[1]).collect();
    for at in seconds {
        if let Ok(Entry { id, .. }) = &taken[at] {
            taken[at] = Err(format!("another article has the id “{id}”"));
        }
    }
    let (mut entries, mut places, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for (number, taken) in (1..).zip(taken) {
        places.push(taken.is_ok().then_some(entries.len() as u32));
        match taken {
            Ok(entry) => entries.push(entry),
            Err(what) => problems.push(problem(
                format!("Article {number} was left out: {what}"),
                "Build the page again, or mend the entry",
            )),
        }
    }
    (entries, places, problems)
}

/// Has a list name its articles by their new places; those that were left out are in no list. What
/// else cannot be taken is said.
fn take_list(list: &mut List, places: &[Option<u32>]) -> Option<Problem> {
    let (mut met, all) = (vec![false; places.len()], list.articles.len());
    list.articles
        .retain(|at| met.get_mut(*at as usize).is_some_and(|met| !std::mem::replace(met, true)));
    let is_sound = list.articles.len() == all;
    list.articles = list.articles.iter().filter_map(|at| places[*at as usize]).collect();
    let what =
        || format!("The list of “{}” names what is no article, or one twice", list.annotator);
    (!is_sound).then(|| problem(what(), "Build the page again, or mend the list"))
}

fn problem(what: String, remedy: &str) -> Problem {
    Problem { file: "articles/index.json".to_owned(), line: None, what, remedy: remedy.to_owned() }
}

fn take_entry(value: Value) -> Result<Entry, String> {
    let mut entry = Entry::from_json(value).map_err(|error| error.to_string())?;
    if entry.id.as_str().is_empty() {
        return Err("its “id” is empty".to_owned());
    }
    if !is_safe_path(&entry.file) {
        return Err(format!("its “file” is no path below articles/: “{}”", entry.file));
    }
    if !entry.sha256.is_sha256() {
        return Err("its “sha256” is not 64 lower-case hexadecimal digits".to_owned());
    }
    if entry.title.trim().is_empty() {
        entry.title = entry.id.as_str().to_owned();
    }
    Ok(entry)
}

/// Whether a relative URL leads to a file beside or below its base, whatever its base is.
///
/// It has no scheme, no host and no leading `/`, no `.` or `..`, and nothing that an URL parser
/// reads as anything but a name: `\`, `%`, `?`, `#`, `:`, control characters.
pub fn is_safe_path(path: &str) -> bool {
    let is_odd = |char: char| matches!(char, '\\' | '%' | '?' | '#' | ':') || char.is_control();
    let is_name = |part: &str| !matches!(part.trim(), "" | "." | "..");
    !path.contains(is_odd) && path.split('/').all(is_name)
}
