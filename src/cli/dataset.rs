//! Datasets in lines that need not be in memory: what is built of them waits in a temporary file, in
//! the lines of a project's file.

use std::io::{self, ErrorKind};

use rayon::prelude::*;

use super::input::now;
use super::lines::{BATCH, First, LinesFile, MOST};
use super::spool::{Articles, Spool, line};
use crate::format::articles::{self, FileKind};
use crate::format::dataset::{Building, NOBODY, Read, Rows, Unreadable};
use crate::format::encoding::plain_line;
use crate::project::Entry;

/// A dataset whose articles wait in a file.
pub struct Spooled {
    /// The project, which has the index of its articles, and what could not be taken.
    pub read: Result<Read, Unreadable>,
    /// An article a line.
    pub articles: Articles,
}

/// Reads a dataset, whose first line is this, twice line by line; none of what has to be read as a
/// whole: its format is not one of lines, or it is not plainly UTF-8.
///
/// # Errors
/// It cannot be read or is another by now, or the temporary file cannot be written.
pub fn spooled(file: &LinesFile, first: &First) -> io::Result<Option<Spooled>> {
    let is_project = matches!(articles::kind(file.name(), &first.line), FileKind::Project(_));
    let line = plain_line(&first.line).filter(|_| !is_project);
    let Some(rows) = line.and_then(|line| Rows::of(file.name(), line)) else { return Ok(None) };
    let Some(mut building) = looked(file, &rows)? else { return Ok(None) };

    let mut spool = Spool::new()?;
    let mut waiting = Vec::new();
    let build = |at: u32, line: &[u8]| rows.row(at, plain_line(line).unwrap_or_default());
    file.each("Reading", build, |_, row| {
        waiting.append(&mut row.map(|row| building.add(row)).unwrap_or_default());
        let size = |entry: &Entry| entry.loaded.text.as_str().len();
        match waiting.len() < MOST && waiting.iter().map(size).sum::<usize>() < BATCH {
            true => Ok(()),
            false => write(&mut waiting, &mut spool, &building),
        }
    })?;
    write(&mut waiting, &mut spool, &building)?;
    let articles = spool.finish(file.name())?;
    Ok(Some(Spooled { read: building.finish(), articles }))
}

/// Writes articles that were built.
fn write(waiting: &mut Vec<Entry>, spool: &mut Spool, building: &Building) -> io::Result<()> {
    let project = building.project();
    let lines = waiting.par_drain(..).map(|it| line(project, &it.article, &it.loaded));
    lines.collect::<Vec<_>>().into_iter().try_for_each(|(id, line)| spool.put(id, &line))
}

/// Looks at all lines; none where one is not plainly UTF-8.
fn looked(file: &LinesFile, rows: &Rows) -> io::Result<Option<Building>> {
    let mut looking = rows.looking();
    let look = |at: u32, line: &[u8]| plain_line(line).map(|line| rows.look(at, line));
    let mut is_first = true;
    let done = file.each("Looking through", look, |line, look| {
        let text = plain_line(&line.bytes).ok_or(ErrorKind::InvalidData)?;
        // A mark says how the file is written, and is none of its text.
        let mark = if std::mem::take(&mut is_first) { "\u{feff}" } else { "" };
        looking.text(text.strip_prefix(mark).unwrap_or(text));
        look.flatten().into_iter().for_each(|look| looking.add(look));
        Ok(())
    });
    match done {
        Err(error) if error.kind() == ErrorKind::InvalidData => Ok(None),
        done => done.map(|()| Some(looking.finish(now(), &NOBODY.into()))),
    }
}
