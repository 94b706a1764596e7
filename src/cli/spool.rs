//! Articles that wait in a temporary file, in the lines of a project's file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};

use super::lines::{LinesFile, Place};
use crate::annotation::ArticleId;
use crate::format::native::Layout;
use crate::project::{Article, Loaded, Project};

/// Articles in the lines of a file.
pub struct Articles {
    /// The file.
    pub file: LinesFile,
    /// Where each article is.
    pub places: BTreeMap<ArticleId, Place>,
}

/// Articles on their way into a file.
pub struct Spool {
    out: BufWriter<File>,
    places: BTreeMap<ArticleId, Place>,
    end: u64,
}

/// The line of an article of a project.
pub fn line(project: &Project, article: &Article, loaded: &Loaded) -> (ArticleId, String) {
    (article.id.clone(), Layout::Lines.article(project, article, loaded, false))
}

impl Spool {
    /// An empty one.
    ///
    /// # Errors
    /// There can be no temporary file.
    pub fn new() -> io::Result<Spool> {
        let out = BufWriter::new(tempfile::tempfile()?);
        Ok(Spool { out, places: BTreeMap::new(), end: 0 })
    }

    /// Appends an article's line.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&mut self, id: ArticleId, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())?;
        let (at, length) = (self.places.len() as u32 + 1, line.len());
        self.places.insert(id, Place { at, start: self.end, length });
        self.end += length as u64;
        Ok(())
    }

    /// All that was put, in a file that messages call by this name.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self, name: &str) -> io::Result<Articles> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Articles { file: LinesFile::new(name, file)?, places: self.places })
    }
}
