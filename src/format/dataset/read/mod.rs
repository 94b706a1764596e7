//! Datasets read back, and those of other tools: each format is one file beside this one, which fills
//! what all have in common, and of that a project is made.
//!
//! Positions alone are not trusted: the words that a file gives decide what its offsets count, and
//! where it gives none, where words start and end. What could not be taken is a problem, and the rest
//! is kept.

mod articles;
pub(super) mod brat;
mod build;
pub(super) mod cas;
pub(super) mod conll;
pub(super) mod doccano;
mod incoming;
mod json;
pub(super) mod label_studio;
mod links;
mod look;
mod places;
mod rows;
mod scheme;
pub(super) mod spacy;
pub(super) mod tables;
pub(super) mod training;
mod units;
mod values;
pub(super) mod web_annotation;
mod xml;

pub(super) use incoming::{At, Incoming};

use std::fmt;

use serde::de::IgnoredAny;

pub(super) use json::Json;

pub use rows::{Building, Look, Looking, Row, Rows};

use build::Builder;
use incoming::Notes;
use json::FirstKeys;
use look::Looked;

use super::{CODECS, FORMATS, Format};
use crate::annotation::{AnnotatorId, Timestamp};
use crate::format::Problem;
use crate::format::json::reason;
use crate::project::{Meta, Project, ProjectId};
use crate::text::{Hasher, Unit};

/// A file of a dataset that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path within what was chosen, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What files hold.
#[derive(Clone, Debug)]
pub struct Read {
    /// All its articles are loaded, but for those that [`Building`] has given out.
    pub project: Project,
    /// What could not be taken as it stands, each cause once for a file.
    pub problems: Vec<Problem>,
}

/// Why nothing was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// No file looks like one of a format that is known.
    Unknown,
    /// In files of this format, by its name, there is no article that could be taken.
    Nothing(&'static str, Vec<Problem>),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Unknown => f.write_str("it is no dataset of a format that is known"),
            Unreadable::Nothing(format, problems) => {
                write!(f, "there is nothing in it that {format} would have")?;
                match problems.first() {
                    Some(problem) => write!(f, ": {problem}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for Unreadable {}

/// The format that most of the files are of, told by their names and by how they begin; of several,
/// the first of [`FORMATS`].
pub fn recognise(files: &[SourceFile]) -> Option<&'static Format> {
    let mut best: Option<(&'static Format, usize)> = None;
    let peeked: Vec<Peeked<'_>> = files.iter().map(Peeked::of).collect();
    for (format, codec) in FORMATS.iter().zip(CODECS) {
        let count = peeked.iter().filter(|file| (codec.is_file)(file)).count();
        if count > best.map_or(0, |(_, most)| most) {
            best = Some((format, count));
        }
    }
    best.map(|(format, _)| format)
}

/// The id of the project that files make: the same files give the same one, so that reading them
/// again finds what is there.
pub fn project_id(files: &[SourceFile]) -> ProjectId {
    let mut hasher = Hasher::default();
    for (at, file) in files.iter().enumerate() {
        hasher.add(if at == 0 { "" } else { "\u{0}" });
        hasher.add(&file.path);
        hasher.add("\u{0}");
        hasher.add(&file.text);
    }
    id_of(hasher)
}

fn id_of(files: Hasher) -> ProjectId {
    ProjectId::from(format!("dataset-{}", &files.finish()[..16]))
}

/// Whose is what names nobody, where nobody is named for that.
pub const NOBODY: &str = "imported";

/// Reads files of a format that [`recognise`] finds. The project has that id, `now` is when it and all
/// in it that does not say otherwise was made; `imported` has what the files give to nobody.
///
/// # Errors
/// The format is not known, or there is no article.
pub fn read(files: &[SourceFile], id: ProjectId, now: Timestamp) -> Result<Read, Unreadable> {
    recognise(files).ok_or(Unreadable::Unknown)?.read(files, id, now)
}

impl Format {
    /// Reads files of this format; those that do not look like it are passed over. As [`read`], with
    /// what names nobody given to `imported`.
    ///
    /// # Errors
    /// There is no article.
    pub fn read(
        &self,
        files: &[SourceFile],
        id: ProjectId,
        now: Timestamp,
    ) -> Result<Read, Unreadable> {
        self.read_for(files, id, now, &NOBODY.into())
    }

    /// As [`Format::read`]; what the files give to nobody is this annotator's.
    ///
    /// # Errors
    /// There is no article.
    pub fn read_for(
        &self,
        files: &[SourceFile],
        id: ProjectId,
        now: Timestamp,
        nobody: &AnnotatorId,
    ) -> Result<Read, Unreadable> {
        let mut incoming = Incoming::default();
        if let Some(codec) = self.codec() {
            (codec.read)(files, &mut incoming);
        }
        incoming.keep_texts();
        let mut parts = files.iter().map(|file| first_part(&file.path));
        let first = parts.next().unwrap_or_default();
        let title = if parts.all(|part| part == first) { stem(first) } else { self.name };
        let mut looked = Looked::default();
        let evidence = incoming.evidence();
        looked.add(&mut incoming, evidence);
        let mut builder = Builder::new(looked, Meta::new(id, title, now), nobody);
        let entries = builder.add(incoming);
        let Read { project, problems } = self.something(builder.finish())?;
        Ok(Read { project: project.with_entries_loaded(entries), problems })
    }

    /// What was read, if there is an article.
    fn something(&self, read: Read) -> Result<Read, Unreadable> {
        match read.project.article_count() {
            0 => Err(Unreadable::Nothing(self.name, read.problems)),
            _ => Ok(read),
        }
    }
}

/// A file, with what its beginning says of its format.
pub(super) struct Peeked<'a> {
    pub(super) path: &'a str,
    /// Without a byte order mark.
    pub(super) text: &'a str,
    /// The keys of the first object, if it is JSON.
    pub(super) keys: FirstKeys,
}

impl<'a> Peeked<'a> {
    fn of(file: &'a SourceFile) -> Peeked<'a> {
        let text = unmarked(&file.text);
        Peeked { path: &file.path, text, keys: FirstKeys::of(text) }
    }

    fn at(&self) -> At {
        At::file(self.path)
    }
}

/// The files of a format, as its `is_file` tells them.
fn files_of<'a>(
    files: &'a [SourceFile],
    is_file: fn(&Peeked<'_>) -> bool,
) -> impl Iterator<Item = Peeked<'a>> {
    files.iter().map(Peeked::of).filter(move |file| is_file(file))
}

/// Without a byte order mark.
fn unmarked(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// What stands before the first `/`; all where there is none.
fn first_part(path: &str) -> &str {
    path.split('/').find(|part| !part.is_empty()).unwrap_or_default()
}

/// The name of a file, without its folders.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path without the ending of its file.
fn stem(path: &str) -> &str {
    let name = file_name(path);
    let cut = name.rfind('.').filter(|at| *at > 0).map_or(0, |at| name.len() - at);
    &path[..path.len() - cut]
}

/// What a name ends in, in lower case, without the dot.
fn ending(path: &str) -> String {
    path[stem(path).len()..].trim_start_matches('.').to_ascii_lowercase()
}

/// The objects of a file of JSON Lines, with their lines, or of a list or a single object of JSON.
/// What is none is noted and left out.
fn objects<'a>(file: &Peeked<'a>, notes: &mut Notes) -> Vec<(At, Json<'a>)> {
    let found = match whole(file, notes) {
        Some(Json::List(items)) => {
            (1..).zip(items).map(|(number, item)| (file.at().item(number), item)).collect()
        }
        Some(object) => vec![(file.at(), object)],
        None => lines(file, notes),
    };
    let (objects, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(_, value)| value.is_object());
    others.iter().for_each(|(at, _)| note_no_object(at, notes));
    objects
}

fn note_no_object(at: &At, notes: &mut Notes) {
    notes.note(at, "Something that is no object stands in its place", "It was left out", "");
}

/// The value of a file that is one value over several lines, or a list; an empty list, which is
/// noted, where that is damaged. None where a file is one of lines.
fn whole<'a>(file: &Peeked<'a>, notes: &mut Notes) -> Option<Json<'a>> {
    let text = file.text.trim();
    if text.starts_with('[') {
        return Some(Json::parse(text).unwrap_or_else(|error| {
            let remedy = "Mend it, or write it again from where it came";
            notes.note(&file.at(), "It is not JSON", remedy, &error.to_string());
            Json::List(Vec::new())
        }));
    }
    let first = text.lines().next().unwrap_or_default();
    if serde_json::from_str::<IgnoredAny>(first).is_ok() { None } else { Json::parse(text).ok() }
}

/// The values of the lines of a file.
fn lines<'a>(file: &Peeked<'a>, notes: &mut Notes) -> Vec<(At, Json<'a>)> {
    let lines = (1..).zip(file.text.split('\n'));
    let read = lines.filter_map(|(number, line)| {
        let at = file.at().line(number);
        line_value(&at, line, notes).map(|value| (at, value))
    });
    read.collect()
}

/// The value of a line; none, which is noted, where it is no JSON, and none of an empty line.
fn line_value<'a>(at: &At, line: &'a str, notes: &mut Notes) -> Option<Json<'a>> {
    if line.trim().is_empty() {
        return None;
    }
    let read = Json::parse(line).map_err(|error| {
        let what = "A line is not JSON";
        let which = format!("{} at column {}", reason(&error), error.column());
        notes.note(at, what, "It was left out; mend it and read the file again", &which);
    });
    read.ok()
}

/// A unit by what files call it.
fn unit_named(name: &str) -> Option<Unit> {
    match name.to_ascii_lowercase().replace(['-', '_', ' '], "").as_str() {
        "codepoint" | "codepoints" => Some(Unit::CodePoint),
        "utf16" => Some(Unit::Utf16),
        "utf8" | "byte" | "bytes" => Some(Unit::Utf8),
        _ => None,
    }
}
