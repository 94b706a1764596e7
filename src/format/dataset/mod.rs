//! Datasets: what people train on. Each format is one file beside this one and one row of
//! [`FORMATS`]; what goes in is the same for all ([`Choice`]), and so is the way in which a format
//! says what it cannot hold ([`Losses`]).
//!
//! The same project and choice give the same bytes.

mod chosen;
mod tables;
mod training;

pub use chosen::{Choice, Chosen, Document, Whose};

use std::fmt;

use crate::project::{NotLoaded, Project};

/// A format of datasets.
pub struct Format {
    /// Names it on the command line.
    pub id: &'static str,
    /// Names it to people.
    pub name: &'static str,
    /// What it is for and what its offsets count.
    pub about: &'static str,
    write: fn(&Chosen<'_>, &mut Losses) -> Vec<File>,
}

/// All of them.
pub const FORMATS: &[Format] = &[training::FORMAT, tables::FORMAT];

/// The format of that id.
pub fn format(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

/// A file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// What is in it, in UTF-8.
    pub content: String,
}

/// A dataset that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// In the order of their names' importance.
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

impl Format {
    /// Writes what was chosen of a project.
    ///
    /// # Errors
    /// The first chosen article that is not loaded.
    pub fn write(&self, project: &Project, choice: &Choice) -> Result<Export, NotLoaded> {
        let mut losses = Losses::default();
        let chosen = Chosen::of(project, choice, &mut losses)?;
        let files = (self.write)(&chosen, &mut losses);
        Ok(Export { files, losses: losses.0 })
    }
}
