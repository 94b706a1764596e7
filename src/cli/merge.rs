//! `avow merge`: copies of one project as one.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::input::InputError;
use super::lines::{BATCH, MOST, Progress};
use super::output::{OutputError, write_native};
use super::source::Source;
use super::spool::{Spool, line};
use crate::annotation::ArticleId;
use crate::edit::Conflict;
use crate::edit::merge::{Decisions, Done, Parted, Rule};
use crate::format::native::Layout;
use crate::project::Entry;

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
    /// The text of an article is in no file; else a fault of Avow.
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
            MergeError::Conflict(Conflict::NotLoaded(id)) => {
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
        let mut merged: Option<Source> = None;
        for path in &self.inputs {
            let copy = Source::open(path).map_err(MergeError::Input)?;
            merged = Some(match merged {
                None => copy,
                Some(mine) => self.join(&mine, &copy, path)?,
            });
        }
        let Some(merged) = merged else { return Ok(()) };
        write_native(&merged, Layout::of_path(&self.out), &self.out).map_err(MergeError::Output)
    }

    fn join(&self, mine: &Source, theirs: &Source, path: &Path) -> Result<Source, MergeError> {
        if mine.project().meta().id != theirs.project().meta().id {
            return Err(MergeError::Other(path.to_owned()));
        }
        let failed = |error| MergeError::Input(InputError::File(path.to_owned(), error));
        let tell = |name: &String| eprintln!("{}: {name} differs.", path.display());
        let decisions = Decisions::by(match self.stands {
            Stands::Newest => Rule::Newest,
            Stands::First => Rule::Mine,
            Stands::Last => Rule::Theirs,
        });
        let parted = Parted::new(mine.project(), theirs.project(), &decisions);
        let (mut spool, mut done) = (Spool::new().map_err(failed)?, Done::default());
        // Told when no progress is: it stands in the same line.
        let mut differing = Vec::new();
        let parts = parted.parts();
        let length = |ids: &Vec<ArticleId>| -> usize {
            ids.iter().map(|id| mine.length(id) + theirs.length(id)).sum()
        };
        let all: usize = parts.iter().map(length).sum();
        let mut progress = Progress::new("Merging", all as u64);
        let mut rest = &parts[..];
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at(how_many(rest, length));
            rest = behind;
            let ids: Vec<&ArticleId> = batch.iter().flatten().collect();
            let mut read = |copy: &Source| copy.entries(&ids, &mut progress).map(by_id);
            let mut mine = read(mine).map_err(failed)?;
            let mut theirs = read(theirs).map_err(failed)?;
            let given = batch.iter().map(|ids| {
                let take = |from: &mut BTreeMap<ArticleId, Entry>| -> Vec<Entry> {
                    ids.iter().filter_map(|id| from.remove(id)).collect()
                };
                (ids, take(&mut mine), take(&mut theirs))
            });
            let given: Vec<_> = given.collect();
            let merge = |(ids, mine, theirs): (&Vec<ArticleId>, _, _)| {
                let part = parted.part(ids, mine, theirs)?;
                let entries = part.merged.entries();
                let lines = entries.map(|it| line(&part.merged, &it.article, &it.loaded));
                Ok((lines.collect::<Vec<_>>(), part))
            };
            let merged: Vec<Result<_, Conflict>> = given.into_par_iter().map(merge).collect();
            for part in merged {
                let (lines, part) = part.map_err(MergeError::Conflict)?;
                for (id, line) in lines {
                    spool.put(id, &line).map_err(failed)?;
                }
                differing.extend_from_slice(&part.differing);
                done.add(part);
            }
        }
        drop(progress);
        let (project, more) = parted.finish(done).map_err(MergeError::Conflict)?;
        differing.iter().chain(&more).for_each(tell);
        let articles = spool.finish(&path.to_string_lossy()).map_err(failed)?;
        Ok(Source::waiting(project, articles))
    }
}

/// How many parts are in memory at once.
fn how_many(parts: &[Vec<ArticleId>], length: impl Fn(&Vec<ArticleId>) -> usize) -> usize {
    let mut sum = 0;
    let fit = parts.iter().take(MOST).take_while(|part| {
        let fits = sum < BATCH;
        sum += length(part);
        fits
    });
    fit.count()
}

fn by_id(entries: Vec<Entry>) -> BTreeMap<ArticleId, Entry> {
    entries.into_iter().map(|entry| (entry.article.id.clone(), entry)).collect()
}
