//! A file in lines that need not be in memory: its lines come one by one, twice. What comes is what the
//! file gives as a whole.
//!
//! Lines are parsed by themselves, on any thread. First all are looked at ([`Looking`]), since the
//! scheme, ids and what offsets count depend on all; then of each is built what it holds ([`Building`]),
//! and articles are given out as soon as they are whole.

use std::sync::Arc;

use super::build::Builder;
use super::incoming::{At, Incoming};
use super::json::Json;
use super::look::Looked;
use super::units::Evidence;
use super::{
    Read, SourceFile, Unreadable, first_part, id_of, line_value, note_no_object, recognise, stem,
    unmarked,
};
use crate::annotation::{AnnotatorId, Timestamp};
use crate::format::dataset::Format;
use crate::project::{Entry, Meta, Project};
use crate::text::Hasher;

/// How the lines of a file are read.
pub struct Rows {
    format: &'static Format,
    row: fn(At, &Json<'_>, &mut Incoming),
    /// The file.
    at: At,
}

/// What a line holds.
pub struct Row(Incoming);

/// What a line holds, with what it says of what offsets count.
pub struct Look {
    row: Row,
    evidence: Vec<Evidence>,
}

impl Rows {
    /// Of a file of that path whose first line that is not empty is this. None where its format is not
    /// one whose lines are read by themselves, or where that is no line but the beginning of a value.
    pub fn of(path: &str, first: &str) -> Option<Rows> {
        let is_object = Json::parse(unmarked(first).trim()).is_ok_and(|json| json.is_object());
        let file = SourceFile { path: path.to_owned(), text: first.to_owned() };
        let format = recognise(&[file]).filter(|_| is_object)?;
        let row = format.codec()?.row?;
        Some(Rows { format, row, at: At::file(path) })
    }

    /// Reads a line, by its number from 1, to build what it holds; its line end may be there or not.
    pub fn row(&self, number: u32, line: &str) -> Row {
        let mut incoming = Incoming::default();
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = if number == 1 { unmarked(line) } else { line };
        let at = self.at.line(number);
        match line_value(&at, line, &mut incoming.notes) {
            Some(json) if json.is_object() => (self.row)(at, &json, &mut incoming),
            Some(_) => note_no_object(&at, &mut incoming.notes),
            None => {}
        }
        incoming.keep_texts();
        Row(incoming)
    }

    /// Reads a line as [`Rows::row`] does, to look at it.
    pub fn look(&self, number: u32, line: &str) -> Look {
        let row = self.row(number, line);
        Look { evidence: row.0.evidence(), row }
    }

    /// Begins to look at all lines.
    pub fn looking(&self) -> Looking {
        let (format, path, mut text) = (self.format, self.at.file.clone(), Hasher::default());
        text.add(&path);
        text.add("\u{0}");
        Looking { format, path, looked: Looked::default(), text }
    }
}

/// The first time that all lines come.
pub struct Looking {
    format: &'static Format,
    path: Arc<str>,
    looked: Looked,
    text: Hasher,
}

impl Looking {
    /// Takes the next piece of the file's text, line ends and empty lines included, without a byte order
    /// mark: the project's id is made of all of it.
    pub fn text(&mut self, piece: &str) {
        self.text.add(piece);
    }

    /// Takes the next line.
    pub fn add(&mut self, look: Look) {
        let Look { row: Row(mut incoming), evidence } = look;
        self.looked.add(&mut incoming, evidence);
    }

    /// All lines came. The project is as [`Format::read_for`] makes it, with the id that
    /// [`project_id`](super::project_id) gives to the file.
    pub fn finish(self, now: Timestamp, nobody: &AnnotatorId) -> Building {
        let Looking { format, path, looked, text } = self;
        let meta = Meta::new(id_of(text), stem(first_part(&path)), now);
        Building { format, builder: Builder::new(looked, meta, nobody) }
    }
}

/// The second time that all lines come.
pub struct Building {
    format: &'static Format,
    builder: Builder,
}

impl Building {
    /// Takes the next line; gives out the articles that are whole with it, in their order. Of an article
    /// that comes again much later, and of those between, all waits until then.
    pub fn add(&mut self, row: Row) -> Vec<Entry> {
        self.builder.add(row.0)
    }

    /// The project as far as articles were given out: its scheme but for links, its annotators, and the
    /// index of those articles.
    pub fn project(&self) -> &Project {
        self.builder.project()
    }

    /// All lines came. The project has the index of all articles that were given out.
    ///
    /// # Errors
    /// There is no article.
    pub fn finish(self) -> Result<Read, Unreadable> {
        self.format.something(self.builder.finish())
    }
}
