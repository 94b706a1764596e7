//! A folder of articles to the files that a built page carries.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::html;
use crate::format::articles::{Articles, has_known_ending, read, take_new};
use crate::format::deployment::{Deployment, Entry, ProjectMeta};
use crate::format::{NewArticle, Problem};
use crate::project::ProjectId;
use crate::scheme::Scheme;
use crate::text::Text;

/// What became of a folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How many articles the page carries.
    pub articles: usize,
    /// How many files they came from.
    pub files: usize,
    /// Files of other kinds, by their paths in the folder; nobody looked into them.
    pub passed_over: Vec<String>,
    /// What could not be taken.
    pub problems: Vec<Problem>,
    /// What the person should know of the project, as whole sentences.
    pub notes: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", count(self.articles, "article"), count(self.files, "file"))?;
        if let [first, others @ ..] = &self.passed_over[..] {
            let all = count(others.len() + 1, "file");
            write!(f, "\n{all} of other kinds passed over, for example {first}")?;
        }
        for note in &self.notes {
            write!(f, "\n{note}")?;
        }
        write_problems(f, &self.problems)
    }
}

/// Why a folder was not turned into anything.
#[derive(Debug)]
pub enum Error {
    /// A file or folder could not be read or written.
    Io {
        /// What was tried, as in `cannot … PATH`.
        act: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The folder and the place to write to are one, or the folder lies inside of it.
    SamePlace(PathBuf),
    /// Its `project.json` cannot be understood.
    Project {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// There is not one article in the folder.
    NoArticle {
        /// The folder.
        folder: PathBuf,
        /// What could not be taken.
        problems: Vec<Problem>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { act, path, error } => {
                write!(f, "Cannot {act} {}: {error}.", path.display())
            }
            Error::SamePlace(path) => write!(
                f,
                "The articles would be written over {}. Name another folder to write to.",
                path.display()
            ),
            Error::Project { path, what } => write!(
                f,
                "{} is malformed: {what}. It holds {{\"id\": …, \"title\": …, \"guidelines\": …}}; \
                 mend it, or delete it to start a new project.",
                path.display()
            ),
            Error::NoArticle { folder, problems } => {
                write!(
                    f,
                    "There is no article in {}. Put .txt, .md, .html, .json or .jsonl files into it.",
                    folder.display()
                )?;
                write_problems(f, problems)
            }
        }
    }
}

impl std::error::Error for Error {}

fn write_problems(f: &mut fmt::Formatter<'_>, problems: &[Problem]) -> fmt::Result {
    if !problems.is_empty() {
        write!(f, "\n{}:", count(problems.len(), "problem"))?;
    }
    problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
}

pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Writes `out/articles/index.json` and the texts that it names, from the articles in `folder`.
///
/// Which project they are is kept in `folder/project.json`, which is made if it is not there, so
/// that all readers of all builds work on one project. The same folder gives the same files.
///
/// # Errors
/// There is no article, `project.json` is malformed, or nothing can be read or written. A single
/// bad file is none: the report has it.
pub fn build(folder: &Path, out: &Path) -> Result<Report, Error> {
    let files = walk(folder, &out.join("articles"))?;
    let (known, unknown): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(name, _)| has_known_ending(name));
    let Articles { articles, problems } = read_all(&known);
    if articles.is_empty() {
        return Err(Error::NoArticle { folder: folder.to_owned(), problems });
    }
    let mut notes = Vec::new();
    let settings = settings(folder, &articles, &mut notes)?;
    let articles_dir = out.join("articles");
    let entries = write_texts(&articles_dir, &articles)?;
    let deployment = Deployment {
        project: ProjectMeta {
            id: settings.id,
            title: settings.title,
            guidelines: settings.guidelines,
        },
        scheme: settings.scheme,
        // Whoever reads the file gives it its name.
        scheme_name: None,
        articles: entries,
        lists: Vec::new(),
        others: None,
    };
    write(&articles_dir.join("index.json"), &deployment.to_json())?;
    Ok(Report {
        articles: articles.len(),
        files: known.len(),
        passed_over: unknown.into_iter().map(|(name, _)| name).collect(),
        problems,
        notes,
    })
}

fn io_error(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |error| Error::Io { act, path: path.to_owned(), error }
}

fn write(path: &Path, content: &str) -> Result<(), Error> {
    fs::write(path, content).map_err(io_error("write", path))
}

/// The files of a folder at any depth, by their paths in it with `/`, in the order of these.
///
/// Left out are what is hidden, the project's settings, what `out` holds, and links to folders,
/// which may lead round in a circle.
fn walk(folder: &Path, out: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let real = folder.canonicalize().map_err(io_error("read the folder", folder))?;
    let out = out.canonicalize().ok();
    if out.as_ref().is_some_and(|out| real.starts_with(out)) {
        return Err(Error::SamePlace(folder.to_owned()));
    }
    let mut files = Vec::new();
    let mut folders = vec![(String::new(), real)];
    while let Some((prefix, path)) = folders.pop() {
        let failed = "read the folder";
        for entry in fs::read_dir(&path).map_err(io_error(failed, &path))? {
            let entry = entry.map_err(io_error(failed, &path))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_settings = prefix.is_empty() && name == SETTINGS;
            if name.starts_with('.') || is_settings || out.as_ref() == Some(&entry.path()) {
                continue;
            }
            let kind = entry.file_type().map_err(io_error(failed, &path))?;
            if kind.is_dir() {
                folders.push((format!("{prefix}{name}/"), entry.path()));
            } else if entry.path().is_file() {
                files.push((format!("{prefix}{name}"), entry.path()));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Their articles, each text once, each under an id of its own.
fn read_all(files: &[(String, PathBuf)]) -> Articles {
    let mut all = Articles::default();
    for (name, path) in files {
        match fs::read(path) {
            Ok(bytes) => {
                let found = read(name, &bytes, &html::article);
                all.articles.extend(found.articles);
                all.problems.extend(found.problems);
            }
            Err(error) => all.problems.push(Problem {
                file: name.clone(),
                line: None,
                what: format!("It cannot be read: {error}"),
                remedy: "Make the file readable".to_owned(),
            }),
        }
    }
    let new = take_new(all.articles, []);
    all.problems.extend(new.problems);
    Articles { articles: new.articles, problems: all.problems }
}

/// Writes each text under a name made from its hash, and takes away those of an earlier build:
/// what was withdrawn from the folder must not stay published.
fn write_texts(articles_dir: &Path, articles: &[NewArticle]) -> Result<Vec<Entry>, Error> {
    let texts = articles_dir.join(TEXTS);
    fs::create_dir_all(&texts).map_err(io_error("make the folder", &texts))?;
    withdraw(articles_dir, &BTreeSet::new())?;
    let mut entries = Vec::new();
    for article in articles {
        let file = format!("{TEXTS}/{}.txt", &article.text.hash()[..NAME]);
        write(&articles_dir.join(&file), article.text.as_str())?;
        entries.push(Entry::new(article, &file));
    }
    Ok(entries)
}

/// The folder of texts.
const TEXTS: &str = "texts";

/// The folder of shards.
pub(super) const SHARDS: &str = "shards";

/// How the names of texts and of shards end.
const TEXT: &str = ".txt";
const SHARD: &str = ".jsonl";

/// How many digits of the hash of what is in a file name it.
pub(super) const NAME: usize = 16;

/// Takes away the texts and shards of an earlier deployment, but for these, by their paths in the folder.
pub(super) fn withdraw(articles_dir: &Path, but: &BTreeSet<String>) -> Result<(), Error> {
    for (folder, ending) in [(TEXTS, TEXT), (SHARDS, SHARD)] {
        let path = articles_dir.join(folder);
        if !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&path).map_err(io_error("read the folder", &path))? {
            let file = entry.map_err(io_error("read the folder", &path))?.path();
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_kept = but.contains(&format!("{folder}/{name}"));
            if is_own_name(name, ending) && !is_kept {
                fs::remove_file(&file).map_err(io_error("remove", &file))?;
            }
        }
    }
    Ok(())
}

/// Whether a deployment is what names files so. A shard has its number before its hash.
fn is_own_name(name: &str, ending: &str) -> bool {
    let Some(stem) = name.strip_suffix(ending) else { return false };
    let (number, hash) = match stem.split_once('-') {
        Some((number, hash)) if ending == SHARD => (number, hash),
        None if ending == TEXT => ("0", stem),
        _ => return false,
    };
    let is_hash = hash.len() == NAME && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of the file that says which project a folder is.
const SETTINGS: &str = "project.json";

/// What that file holds.
#[derive(Serialize, Deserialize)]
struct Settings {
    id: ProjectId,
    #[serde(default)]
    title: String,
    #[serde(default)]
    guidelines: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scheme: Option<Scheme>,
}

/// The folder's settings; new ones are written into it and noted.
fn settings(
    folder: &Path,
    articles: &[NewArticle],
    notes: &mut Vec<String>,
) -> Result<Settings, Error> {
    let path = folder.join(SETTINGS);
    let name = folder_name(folder);
    match fs::read_to_string(&path) {
        Ok(json) => {
            let malformed = |what: String| Error::Project { path: path.clone(), what };
            let json = json.trim_start_matches('\u{feff}');
            let mut settings: Settings =
                serde_json::from_str(json).map_err(|error| malformed(error.to_string()))?;
            if settings.id.as_str().trim().is_empty() {
                return Err(malformed("its “id” is empty".to_owned()));
            }
            if settings.title.trim().is_empty() {
                settings.title = name;
            }
            return Ok(settings);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(Error::Project { path, what: "it is not UTF-8".to_owned() });
        }
        Err(error) => return Err(io_error("read", &path)(error)),
    }
    let id = random_id().unwrap_or_else(|| derived_id(&name, articles));
    let mut settings =
        Settings { id, title: name.clone(), guidelines: String::new(), scheme: None };
    let json = serde_json::to_string_pretty(&settings).unwrap_or_default() + "\n";
    match fs::write(&path, json) {
        Ok(()) => notes.push(format!(
            "Made {}, which names the project. Keep it with the articles: all builds with it \
             share their readers' work. Title and guidelines can be written there.",
            path.display()
        )),
        Err(error) => {
            settings.id = derived_id(&name, articles);
            notes.push(format!(
                "Cannot write {}: {error}. The project's id is made from the articles instead, \
                 and another set of articles will be another project. Make the folder writable, \
                 or put a project.json with an \"id\" there.",
                path.display()
            ));
        }
    }
    Ok(settings)
}

fn folder_name(folder: &Path) -> String {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = real.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "Articles".to_owned())
}

/// 128 random bits as 32 hexadecimal digits; none where the system has none to give.
fn random_id() -> Option<ProjectId> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    Some(digits.collect::<String>().into())
}

/// The same for the same folder name and article ids, in any order.
fn derived_id(name: &str, articles: &[NewArticle]) -> ProjectId {
    let mut ids: Vec<&str> = articles.iter().map(|new| new.article.id.as_str()).collect();
    ids.sort_unstable();
    let all = [&[name], &ids[..]].concat().join("\n");
    Text::new(&all).hash()[..32].into()
}
