//! What commands write.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::input::STANDARD;
use crate::format::native::Layout;
use crate::project::{NotLoaded, Project};

/// Why something was not written.
#[derive(Debug)]
pub enum OutputError {
    /// A file could not be written.
    File(PathBuf, io::Error),
    /// The text of an article is not there.
    NotLoaded(NotLoaded),
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutputError::File(path, error) => write!(f, "{}: {error}", path.display()),
            OutputError::NotLoaded(NotLoaded(id)) => write!(f, "The article “{id}” has no text"),
        }
    }
}

impl std::error::Error for OutputError {}

/// Writes a file, with the folders that it is in, and says so; `-` is standard output.
///
/// # Errors
/// It cannot be written.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), OutputError> {
    let failed = |error| OutputError::File(path.to_owned(), error);
    if path == Path::new(STANDARD) {
        return io::stdout().write_all(content).map_err(failed);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, content).map_err(failed)?;
    eprintln!("{} was written.", path.display());
    Ok(())
}

/// Writes a project's file.
///
/// # Errors
/// See [`OutputError`].
pub fn write_native(project: &Project, layout: Layout, path: &Path) -> Result<(), OutputError> {
    write_file(path, layout.write(project).map_err(OutputError::NotLoaded)?.as_bytes())
}
