//! `avow merge`: copies of one project as one.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::input::InputError;
use super::output::{OutputError, write_native};
use super::source::Source;
use crate::edit::Conflict;
use crate::edit::merge::{Decisions, Rule, longer_times, merge, with_texts};
use crate::format::native::Layout;
use crate::project::{NotLoaded, Project};

/// The arguments of `avow merge`.
#[derive(Args)]
#[command(after_help = "\
Where copies differ, --stands says what stands; each difference is told on standard error.

Examples:
  avow merge ada.avow.json bo.avow.json -o both.avow.json
  avow merge --stands first final.avow.jsonl late.avow.json -o - > whole.avow.json")]
pub struct MergeCopies {
    /// Files of copies of one project; each is merged into what those before it gave
    #[arg(required = true, num_args = 2..)]
    inputs: Vec<PathBuf>,
    /// The file that is written (.avow.json or .avow.jsonl); `-` writes to standard output
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// What stands where copies differ
    #[arg(long, value_enum, default_value_t = Stands::Newest)]
    stands: Stands,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stands {
    /// What was changed last
    Newest,
    /// What the earlier of the files says
    First,
    /// What the later of the files says
    Last,
}

/// Why nothing was merged.
#[derive(Debug)]
pub enum MergeError {
    /// A file could not be read.
    Input(InputError),
    /// A file, of this path, is of another project than the first.
    Other(PathBuf),
    /// The text of an article is not in a file.
    NotLoaded(NotLoaded),
    /// What a merge does cannot be done: a fault of Avow.
    Conflict(Conflict),
    /// The file could not be written.
    Output(OutputError),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::Input(error) => error.fmt(f),
            MergeError::Other(path) => {
                write!(f, "{}: It is of another project than the first file", path.display())
            }
            MergeError::NotLoaded(NotLoaded(id)) => {
                write!(f, "The text of “{id}” is in none of the files")
            }
            MergeError::Conflict(conflict) => write!(f, "The merge failed: {conflict:?}"),
            MergeError::Output(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MergeError {}

impl MergeCopies {
    /// Does it.
    ///
    /// # Errors
    /// A file is no copy of the first one's project, or nothing can be written.
    pub fn run(&self) -> Result<(), MergeError> {
        let mut merged: Option<Project> = None;
        for path in &self.inputs {
            let source = Source::open(path).and_then(|source| source.loaded(path));
            let copy = source.map_err(MergeError::Input)?.into_project();
            merged = Some(match merged {
                None => copy,
                Some(mine) => self.join(&mine, &copy, path)?,
            });
        }
        let Some(merged) = merged else { return Ok(()) };
        write_native(&Source::of(merged), Layout::of_path(&self.out), &self.out)
            .map_err(MergeError::Output)
    }

    fn join(&self, mine: &Project, theirs: &Project, path: &Path) -> Result<Project, MergeError> {
        if mine.meta().id != theirs.meta().id {
            return Err(MergeError::Other(path.to_owned()));
        }
        let rule = match self.stands {
            Stands::Newest => Rule::Newest,
            Stands::First => Rule::Mine,
            Stands::Last => Rule::Theirs,
        };
        let file = path.to_string_lossy();
        let done =
            merge(mine, theirs, &file, &Decisions::by(rule)).map_err(MergeError::NotLoaded)?;
        for difference in &done.differences {
            eprintln!("{file}: {} differs.", difference.name);
        }
        let ready = with_texts(mine, &done.transaction, theirs);
        let mut merged = done.transaction.apply(&ready).map_err(MergeError::Conflict)?;
        for (set, seconds) in longer_times(&merged, theirs) {
            merged = merged.with_seconds(&set, seconds);
        }
        Ok(merged)
    }
}
