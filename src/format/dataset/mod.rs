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
pub use chosen::{Choice, Chosen, Document, Held, Link, Whose};
pub use package::{Package, Wanted};
pub use read::{Read, SourceFile, Unreadable, project_id, read, recognise};
pub use split::{
    BadFractions, Bond, Cluster, Filled, Fractions, Likeness, Part, Reason, Report, Residual,
    Split, Widespread, split, split_among,
};

use std::fmt;

use crate::annotation::ArticleId;
use crate::project::Project;
use crate::text::Unit;
use read::{Incoming, Peeked};

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
    write: fn(&Chosen<'_>, &mut Losses) -> Vec<File>,
    /// Whether a file is one of data in this format, by its name and its beginning.
    is_file: fn(&Peeked<'_>) -> bool,
    read: fn(&[SourceFile], &mut Incoming),
}

/// Names all formats, each with what writes and reads it: the page offers formats without carrying
/// that.
macro_rules! formats {
    ($($format:path => $write:path, $is_file:path, $read:path;)*) => {
        /// All of them.
        pub const FORMATS: &[Format] = &[$($format),*];

        /// What writes and reads each, in the same order.
        const CODECS: &[Codec] = &[$(Codec { write: $write, is_file: $is_file, read: $read }),*];
    };
}

formats! {
    training::FORMAT => training::write, read::training::is_file, read::training::read;
    spacy::FORMAT => spacy::write, read::spacy::is_file, read::spacy::read;
    doccano::FORMAT => doccano::write, read::doccano::is_file, read::doccano::read;
    doccano::SPANS_FORMAT => doccano::write_spans, read::doccano::is_file, read::doccano::read;
    label_studio::FORMAT => label_studio::write, read::label_studio::is_file, read::label_studio::read;
    brat::FORMAT => brat::write, read::brat::is_file, read::brat::read;
    cas::FORMAT => cas::write, read::cas::is_file, read::cas::read;
    web_annotation::FORMAT => web_annotation::write, read::web_annotation::is_file, read::web_annotation::read;
    conll::FORMAT => conll::write, read::conll::is_file, read::conll::read;
    conll::TIERS_FORMAT => conll::write_tiers, read::conll::is_tiers, read::conll::read_tiers;
    tables::FORMAT => tables::write, read::tables::is_file, read::tables::read;
}

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

/// A file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path within the dataset, with `/` between folders.
    pub name: String,
    /// What is in it, in UTF-8.
    pub content: String,
    /// Whether it says how the others are to be read, and is the same for each part of the dataset.
    pub shared: bool,
}

impl File {
    /// A file of data.
    pub fn data(name: impl Into<String>, content: String) -> File {
        File { name: name.into(), content, shared: false }
    }

    /// A file that says how others are to be read.
    fn shared(name: impl Into<String>, content: String) -> File {
        File { name: name.into(), content, shared: true }
    }
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
#[derive(Default)]
pub struct Losses(Vec<Loss>);

impl Losses {
    /// All of them, in the order in which each was first met.
    fn into_all(self) -> Vec<Loss> {
        self.0
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
    /// The format, of this name, is nothing without the texts.
    NeedsText(&'static str),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::NotLoaded(id) => write!(f, "The article “{id}” is not in memory"),
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
        let mut losses = Losses::default();
        let chosen = self.choose(project, choice, &mut losses)?;
        let files = self.write_chosen(&chosen, &mut losses);
        Ok(Export { files, losses: losses.into_all() })
    }

    /// What goes into a dataset of this format.
    fn choose<'a>(
        &self,
        project: &'a Project,
        choice: &'a Choice,
        losses: &mut Losses,
    ) -> Result<Chosen<'a>, WriteError> {
        if self.needs_text && !choice.text {
            return Err(WriteError::NeedsText(self.name));
        }
        let unit = self.units.contains(&choice.unit).then_some(choice.unit);
        let unit = unit.or(self.units.first().copied()).unwrap_or(Unit::CodePoint);
        Chosen::of(project, choice, unit, losses).map_err(|error| WriteError::NotLoaded(error.0))
    }

    fn write_chosen(&self, chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
        self.codec().map_or_else(Vec::new, |codec| (codec.write)(chosen, losses))
    }
}
