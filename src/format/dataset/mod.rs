//! Datasets: what people train on. Each format is one file beside this one, one in `read` and one row
//! of [`FORMATS`]; what goes in is the same for all ([`Choice`]), and so is the way in which a format
//! says what it cannot hold ([`Losses`]).
//!
//! The same project and choice give the same bytes.

mod brat;
mod card;
mod cas;
mod chosen;
mod conll;
mod doccano;
mod label_studio;
mod names;
mod package;
mod read;
mod spacy;
mod split;
mod tables;
mod tokens;
mod training;
mod web_annotation;
mod xml;

pub use card::{Counts, Terms};
pub use chosen::{Choice, Chosen, Document, Held, Link, Numbers, Seen, Survey, Whose, ends};
pub use package::{Ended, Package, Plan, Wanted, Writing, Written};
pub use read::{
    Building, Look, Looking, NOBODY, Read, Row, Rows, SourceFile, Unreadable, project_id, read,
    recognise,
};
pub(super) use split::hash;
pub use split::{
    BadFractions, Bond, Cluster, Filled, Fractions, Likeness, Part, Reason, Report, Residual,
    Sketch, Split, Widespread, split, split_among, split_sketched,
};

use std::fmt;

use crate::annotation::ArticleId;
use crate::project::Project;
use crate::text::Unit;
use read::{At, Incoming, Json, Peeked};

/// A format of datasets.
#[derive(Debug, PartialEq, Eq)]
pub struct Format {
    /// Names it on the command line.
    pub id: &'static str,
    /// Names it to people.
    pub name: &'static str,
    /// What it is for, as a sentence.
    pub about: &'static str,
    /// What its offsets can count, what its specification says first; none where there are no
    /// offsets, or they stand in several units beside each other.
    pub units: &'static [Unit],
    /// Whether it is nothing without the texts.
    pub needs_text: bool,
    /// How a program gets at it, in a few lines of Python beside its files: `FILE` is the first of
    /// them, `FOLDER` the folder that it is in, with its `/`.
    pub load: &'static str,
}

/// What writes and reads a format.
struct Codec {
    /// The files that there are, whatever the articles.
    open: fn(&Survey, &Counts) -> Opened,
    /// What an article puts into those, or all of files of its own.
    write: fn(&Chosen<'_>, &mut Losses) -> Vec<File>,
    /// Whether a file is one of data in this format, by its name and its beginning.
    is_file: fn(&Peeked<'_>) -> bool,
    read: fn(&[SourceFile], &mut Incoming),
    /// What reads one object of a file in lines by itself, where each is documents of its own.
    row: Option<fn(At, &Json<'_>, &mut Incoming)>,
}

/// Names all formats, each with what writes and reads it: the page offers formats without carrying
/// that.
macro_rules! formats {
    ($($format:path => $open:path, $write:path, $is_file:path, $read:path, $row:expr;)*) => {
        /// All of them.
        pub const FORMATS: &[Format] = &[$($format),*];

        /// What writes and reads each, in the same order.
        const CODECS: &[Codec] =
            &[$(Codec { open: $open, write: $write, is_file: $is_file, read: $read, row: $row }),*];
    };
}

formats! {
    training::FORMAT => training::open, training::write, read::training::is_file, read::training::read, Some(read::training::row);
    spacy::FORMAT => spacy::open, spacy::write, read::spacy::is_file, read::spacy::read, Some(read::spacy::row);
    doccano::FORMAT => doccano::open, doccano::write, read::doccano::is_file, read::doccano::read, Some(read::doccano::row);
    doccano::SPANS_FORMAT => doccano::open, doccano::write_spans, read::doccano::is_file, read::doccano::read, Some(read::doccano::row);
    label_studio::FORMAT => label_studio::open, label_studio::write, read::label_studio::is_file, read::label_studio::read, None;
    brat::FORMAT => brat::open, brat::write, read::brat::is_file, read::brat::read, None;
    cas::FORMAT => cas::open, cas::write, read::cas::is_file, read::cas::read, None;
    web_annotation::FORMAT => web_annotation::open, web_annotation::write, read::web_annotation::is_file, read::web_annotation::read, None;
    conll::FORMAT => conll::open, conll::write, read::conll::is_file, read::conll::read, None;
    conll::TIERS_FORMAT => conll::open_tiers, conll::write_tiers, read::conll::is_tiers, read::conll::read_tiers, None;
    tables::FORMAT => tables::open, tables::write, read::tables::is_file, read::tables::read, None;
}

/// The first of [`FORMATS`], by itself: whoever names the list brings the words of all.
pub const FIRST: &Format = &training::FORMAT;

impl Format {
    fn codec(&self) -> Option<&'static Codec> {
        let mut all = FORMATS.iter().zip(CODECS);
        all.find(|(format, _)| format.id == self.id).map(|(_, codec)| codec)
    }
}

/// The format of that id.
pub fn format(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

/// A file of a dataset, or what is appended to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The file's path within the dataset, with `/` between folders.
    pub name: String,
    /// What is in it, in UTF-8.
    pub content: String,
}

impl File {
    /// A file of that name.
    pub fn new(name: impl Into<String>, content: String) -> File {
        File { name: name.into(), content }
    }
}

/// A file that all articles, or those of a part, stand in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Its path within the dataset.
    pub name: String,
    /// What stands before the first article.
    pub before: String,
    /// What stands between two.
    pub between: &'static str,
    /// What stands behind the last.
    pub after: String,
}

impl Frame {
    /// A file in which nothing stands around and between the articles.
    fn plain(name: &str) -> Frame {
        Frame { name: name.to_owned(), ..Frame::default() }
    }
}

/// The files that a dataset has, whatever the articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Those that articles stand in.
    pub frames: Vec<Frame>,
    /// Those that say how the others are to be read.
    pub shared: Vec<File>,
    /// Whether each article has files of its own.
    pub own_files: bool,
}

impl Opened {
    /// One file in which nothing stands around and between the articles.
    fn plain(name: &str) -> Opened {
        Opened { frames: vec![Frame::plain(name)], ..Opened::default() }
    }
}

/// A value of JSON in many lines as an item of a list, so many levels deep.
fn within(value: &str, levels: usize) -> String {
    let start = format!("\n{}", "  ".repeat(levels));
    start.clone() + &value.replace('\n', &start)
}

/// A dataset that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// In the order of their importance.
    pub files: Vec<File>,
    /// What the format could not hold; what was not chosen is none of it.
    pub losses: Vec<Loss>,
}

/// Something that a format cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What became of it, as a sentence without its final stop.
    pub what: &'static str,
    /// How often.
    pub count: u32,
    /// Where for the first time: an article, and an annotation or a link of it.
    pub first: (String, String),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (article, id) = &self.first;
        write!(f, "{}: {} (first: {id} of {article})", self.what, self.count)
    }
}

/// Losses while they are counted.
#[derive(Debug, Default)]
pub struct Losses(Vec<Loss>);

impl Losses {
    /// All of them, in the order in which each was first met.
    pub fn into_all(self) -> Vec<Loss> {
        self.0
    }

    /// Counts those of what comes behind.
    pub fn extend(&mut self, more: Losses) {
        for loss in more.0 {
            match self.0.iter_mut().find(|known| known.what == loss.what) {
                Some(known) => known.count += loss.count,
                None => self.0.push(loss),
            }
        }
    }

    /// Counts one, at an annotation or a link of an article.
    pub fn note(&mut self, what: &'static str, article: &str, id: &str) {
        match self.0.iter_mut().find(|loss| loss.what == what) {
            Some(loss) => loss.count += 1,
            None => {
                let first = (article.to_owned(), id.to_owned());
                self.0.push(Loss { what, count: 1, first });
            }
        }
    }
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// A chosen article is not in memory.
    NotLoaded(ArticleId),
    /// A chosen article was changed after it was looked at.
    Changed(ArticleId),
    /// The format, of this name, is nothing without the texts.
    NeedsText(&'static str),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::NotLoaded(id) => write!(f, "The article “{id}” is not in memory"),
            WriteError::Changed(id) => write!(f, "The article “{id}” was changed meanwhile"),
            WriteError::NeedsText(format) => write!(f, "{format} cannot be written without texts"),
        }
    }
}

impl std::error::Error for WriteError {}

impl Format {
    /// Writes what was chosen of a project.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn write(&self, project: &Project, choice: &Choice) -> Result<Export, WriteError> {
        let format = format(self.id).unwrap_or(FIRST);
        let wanted = Wanted { choice: choice.clone(), ..Wanted::new(format) };
        package::export(project, &wanted)
    }

    /// What offsets count.
    fn unit(&self, choice: &Choice) -> Unit {
        let unit = self.units.contains(&choice.unit).then_some(choice.unit);
        unit.or(self.units.first().copied()).unwrap_or(Unit::CodePoint)
    }
}
