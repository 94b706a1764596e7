//! Datasets: what people train on. Each format is one file beside this one and one row of
//! [`FORMATS`]; what goes in is the same for all ([`Choice`]), and so is the way in which a format
//! says what it cannot hold ([`Losses`]).
//!
//! The same project and choice give the same bytes.

mod brat;
mod cas;
mod chosen;
mod conll;
mod doccano;
mod label_studio;
mod names;
mod spacy;
mod tables;
mod tokens;
mod training;
mod web_annotation;
mod xml;

pub use chosen::{Choice, Chosen, Document, Held, Link, Whose};

use std::fmt;

use crate::annotation::ArticleId;
use crate::project::Project;
use crate::text::Unit;

/// A format of datasets.
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
    write: fn(&Chosen<'_>, &mut Losses) -> Vec<File>,
}

/// All of them.
pub const FORMATS: &[Format] = &[
    training::FORMAT,
    spacy::FORMAT,
    doccano::FORMAT,
    doccano::SPANS_FORMAT,
    label_studio::FORMAT,
    brat::FORMAT,
    cas::FORMAT,
    web_annotation::FORMAT,
    conll::FORMAT,
    conll::TIERS_FORMAT,
    tables::FORMAT,
];

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
        if self.needs_text && !choice.text {
            return Err(WriteError::NeedsText(self.name));
        }
        let mut losses = Losses::default();
        let unit = self.units.contains(&choice.unit).then_some(choice.unit);
        let unit = unit.or(self.units.first().copied()).unwrap_or(Unit::CodePoint);
        let chosen = Chosen::of(project, choice, unit, &mut losses)
            .map_err(|error| WriteError::NotLoaded(error.0))?;
        let files = (self.write)(&chosen, &mut losses);
        Ok(Export { files, losses: losses.0 })
    }
}
