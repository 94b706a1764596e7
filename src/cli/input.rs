//! What commands read.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::annotation::Timestamp;
use crate::format::articles::{self, FileKind};
use crate::format::dataset::{self, SourceFile};
use crate::format::{Problem, encoding, native, zip};
use crate::project::Project;

/// What stands for standard input and output.
pub const STANDARD: &str = "-";

/// Why there is no project.
#[derive(Debug)]
pub enum InputError {
    /// A file could not be read.
    File(PathBuf, io::Error),
    /// It is no project.
    NoProject(Problem),
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InputError::File(path, error) => write!(f, "{}: {error}", path.display()),
            InputError::NoProject(problem) => problem.fmt(f),
        }
    }
}

impl std::error::Error for InputError {}

impl InputError {
    /// Of a file, of this name, that is none.
    pub fn no_project(name: &str, why: &dyn fmt::Display) -> InputError {
        InputError::NoProject(Problem::unreadable(name, &why.to_string()))
    }
}

/// A project that was read.
pub struct ProjectRead {
    /// The project, with all articles that have a text loaded.
    pub project: Project,
    /// How many things in the file could not be taken; standard error says which.
    pub problems: usize,
}

/// Reads a project's file in either layout or a dataset (a file, a folder or a ZIP file of it); `name`
/// is what messages call it.
///
/// # Errors
/// See [`InputError`].
pub fn read_project(input: &Path, name: &str) -> Result<ProjectRead, InputError> {
    let files = files_of(input, name)?;
    let single = match &files[..] {
        [(_, bytes)] => Some(bytes),
        _ => None,
    };
    let kind = single.map_or(FileKind::Unknown, |bytes| articles::kind(name, bytes));
    let text = || encoding::decode(single.map_or(&[][..], Vec::as_slice)).text;
    let failed = |why: &dyn fmt::Display| InputError::no_project(name, why);
    let (project, problems) = match kind {
        FileKind::Project(layout) => {
            let read = layout.read(name, &text()).map_err(|error| failed(&error))?;
            (read.project, read.problems)
        }
        _ => {
            let source = |(path, bytes): &(String, Vec<u8>)| SourceFile {
                path: path.clone(),
                text: encoding::decode(bytes).text,
            };
            let sources: Vec<SourceFile> = files.iter().map(source).collect();
            let format =
                dataset::recognise(&sources).ok_or_else(|| failed(&native::ReadError::NotAvow))?;
            let read = format.read(&sources, dataset::project_id(&sources), now());
            let read = read.map_err(|error| failed(&error))?;
            (read.project, read.problems)
        }
    };
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(ProjectRead { project, problems: problems.len() })
}

/// The time.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| since.as_secs()))
}

/// The files of an input, by their paths: those of a folder or an archive, sorted, or one.
fn files_of(input: &Path, name: &str) -> Result<Vec<(String, Vec<u8>)>, InputError> {
    if input.is_dir() {
        let mut files = Vec::new();
        collect(input, &mut files)?;
        files.sort();
        return Ok(files);
    }
    let bytes = fs::read(input).map_err(|error| InputError::File(input.to_owned(), error))?;
    if !zip::is_zip(&bytes) {
        return Ok(vec![(name.to_owned(), bytes)]);
    }
    zip::read(&bytes)
        .map_err(|error| InputError::NoProject(Problem::unreadable(name, &error.to_string())))
}

fn collect(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), InputError> {
    let failed = |path: &Path, error| InputError::File(path.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            let bytes = fs::read(&path).map_err(|error| failed(&path, error))?;
            files.push((path.to_string_lossy().replace('\\', "/"), bytes));
        }
    }
    Ok(())
}
