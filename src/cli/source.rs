//! Projects of any size: of a file of lines only the index is kept, and its articles are read again
//! when they are wanted.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use rayon::prelude::*;

use super::input::{InputError, STANDARD, read_project};
use crate::annotation::{ArticleId, Place};
use crate::format::native::{Head, LineRead, second};
use crate::format::{Problem, encoding};
use crate::project::{Entry, Owner, Project};

/// How many bytes of lines are in memory at once, and how many articles.
const BATCH: usize = 8 << 20;
const MOST: usize = 256;

/// How often it is said how far reading is.
const EVERY: Duration = Duration::from_millis(500);

/// A project whose articles are at hand one after the other.
pub struct Source {
    project: Project,
    problems: usize,
    lines: Option<Lines>,
}

/// A file of lines whose articles are not in memory.
struct Lines {
    name: String,
    file: File,
    /// Where its first article's line starts, in bytes and in lines.
    start: (u64, u32),
    /// How large it is, and when it was changed.
    stamp: (u64, Option<SystemTime>),
    head: Head,
    /// The lines of articles that were left out.
    left_out: BTreeSet<u32>,
}

impl Source {
    /// Opens a project's file in either layout, a dataset, or standard input; what is wrong with it
    /// stands on standard error.
    ///
    /// # Errors
    /// See [`InputError`].
    pub fn open(input: &Path) -> Result<Source, InputError> {
        if input.is_dir() {
            return Source::in_memory(input, &input.to_string_lossy());
        }
        let failed = |error| InputError::File(input.to_owned(), error);
        let mut from: Box<dyn Read> = Box::new(io::stdin().lock());
        let mut file = None;
        if input != Path::new(STANDARD) {
            let opened = File::open(input).map_err(failed)?;
            match opened.metadata().map_err(failed)?.is_file() {
                true => file = Some(opened),
                false => from = Box::new(opened),
            }
        }
        let mut spooled = None;
        let file = match file {
            Some(file) => file,
            // What comes through a pipe is read more than once.
            None => {
                let mut kept = tempfile::NamedTempFile::new().map_err(failed)?;
                io::copy(&mut from, &mut kept).map_err(failed)?;
                let file = kept.reopen().map_err(failed)?;
                spooled = Some(kept);
                file
            }
        };
        let name = input.to_string_lossy().into_owned();
        match Lines::open(&name, file).map_err(failed)? {
            Some(lines) => lines.indexed().map_err(failed),
            None => Source::in_memory(spooled.as_ref().map_or(input, |kept| kept.path()), &name),
        }
    }

    fn in_memory(input: &Path, name: &str) -> Result<Source, InputError> {
        let read = read_project(input, name)?;
        Ok(Source { problems: read.problems, ..Source::of(read.project) })
    }

    /// A project whose articles are all loaded.
    pub fn of(project: Project) -> Source {
        Source { project, problems: 0, lines: None }
    }

    /// The project; its articles need not be loaded.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The project, with as much loaded as is.
    pub fn into_project(self) -> Project {
        self.project
    }

    /// How many things in the file could not be taken.
    pub fn problems(&self) -> usize {
        self.problems
    }

    /// The same with all articles in memory.
    ///
    /// # Errors
    /// The file, which is `input`, cannot be read any more.
    pub fn loaded(self, input: &Path) -> Result<Source, InputError> {
        let Some(lines) = &self.lines else { return Ok(self) };
        let mut entries = Vec::new();
        let keep = |_: &Lines, entry: Entry| entry;
        lines
            .each(keep, |entry| {
                entries.push(entry);
                Ok(())
            })
            .map_err(|error| InputError::File(input.to_owned(), error))?;
        let project = self.project.with_entries_loaded(entries);
        Ok(Source { project, lines: None, ..self })
    }

    /// Does something with each article, loaded, on all cores; the answers come in the project's
    /// order.
    ///
    /// # Errors
    /// What `take` says, or the file cannot be read any more.
    pub fn each<T: Send>(
        &self,
        work: impl Fn(&Project, &ArticleId) -> T + Sync,
        mut take: impl FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        // Those of the file's first line come first.
        let in_memory = self.project.articles().into_iter();
        let in_memory: Vec<&ArticleId> =
            in_memory.map(|it| &it.id).filter(|id| self.project.loaded(id).is_some()).collect();
        for batch in in_memory.chunks(MOST) {
            let done: Vec<T> = batch.par_iter().map(|id| work(&self.project, id)).collect();
            done.into_iter().try_for_each(&mut take)?;
        }
        let Some(lines) = &self.lines else { return Ok(()) };
        let load = |_: &Lines, entry: Entry| {
            let id = entry.article.id.clone();
            work(&self.project.with_entries_loaded([entry]), &id)
        };
        lines.each(load, take)
    }
}

impl Lines {
    /// None where it is no project in lines.
    fn open(name: &str, mut file: File) -> io::Result<Option<Lines>> {
        let mut first = Vec::new();
        let (mut at, mut bytes) = (0, 0);
        {
            let mut reader = BufReader::new(&mut file);
            while first.trim_ascii().is_empty() {
                first.clear();
                let read = reader.read_until(b'\n', &mut first)?;
                if read == 0 {
                    return Ok(None);
                }
                (at, bytes) = (at + 1, bytes + read as u64);
            }
        }
        let metadata = file.metadata()?;
        // One line is one object, if anything.
        if bytes == metadata.len() {
            return Ok(None);
        }
        let Some(head) = str::from_utf8(&first).ok().and_then(|it| Head::read(name, at, it).ok())
        else {
            return Ok(None);
        };
        let (name, start, left_out) = (name.to_owned(), (bytes, at), BTreeSet::new());
        let stamp = (metadata.len(), metadata.modified().ok());
        Ok(Some(Lines { name, file, start, stamp, head, left_out }))
    }

    /// Reads all once and keeps the index.
    fn indexed(mut self) -> io::Result<Source> {
        let asked = self.head.asked();
        let entries = self.head.take_own();
        let mut met: BTreeSet<ArticleId> =
            entries.iter().map(|entry| entry.article.id.clone()).collect();
        let mut there: BTreeSet<(Place, Owner)> =
            entries.iter().flat_map(|entry| found(&asked, entry)).collect();
        let mut project = self.head.project().with_entries(entries);
        let mut problems = 0;
        let mut left_out = BTreeSet::new();
        let mut say = |problem: &Problem| {
            problems += 1;
            eprintln!("{problem}");
        };
        let look = |lines: &Lines, at: u32, line: &[u8]| {
            let LineRead { entry, problems } = lines.read(at, line);
            let there = entry.iter().flat_map(|entry| found(&asked, entry)).collect::<Vec<_>>();
            // Only what the index holds goes on.
            (at, entry.map(Entry::without_content), there, problems)
        };
        self.each_line(look, |(at, entry, found, found_problems)| {
            found_problems.iter().for_each(&mut say);
            match entry {
                Some(entry) if !met.insert(entry.article.id.clone()) => {
                    say(&second(&self.name, Some(at), &entry.article.id));
                    left_out.insert(at);
                }
                Some(entry) => {
                    project.index(entry);
                    there.extend(found);
                }
                None => drop(left_out.insert(at)),
            }
            Ok(())
        })?;
        let is_there = |place: &Place, owner: Option<&Owner>| {
            let first = (place.clone(), Owner::Gold);
            let mut owners = there.range(first..).take_while(|(it, _)| it == place);
            owners.any(|(_, it)| owner.is_none_or(|owner| owner == it))
        };
        let read = self.head.finish(project, &is_there);
        read.problems.iter().for_each(&mut say);
        self.left_out = left_out;
        Ok(Source { project: read.project, problems, lines: Some(self) })
    }

    fn read(&self, at: u32, line: &[u8]) -> LineRead {
        match str::from_utf8(line) {
            Ok(line) => self.head.line(at, line),
            // As the page takes a file that is not UTF-8.
            Err(_) => self.head.line(at, &encoding::decode(line).text),
        }
    }

    /// Does something with each article that was not left out.
    fn each<T: Send>(
        &self,
        work: impl Fn(&Lines, Entry) -> T + Sync,
        mut take: impl FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        let read = |lines: &Lines, at: u32, line: &[u8]| {
            let wanted = !lines.left_out.contains(&at);
            let entry = wanted.then(|| lines.read(at, line).entry).flatten();
            entry.map(|entry| work(lines, entry))
        };
        self.each_line(read, |done| done.map_or(Ok(()), &mut take))
    }

    /// Whether it is still the file that was opened: what is read later is to fit what was read before.
    fn is_same(&self) -> io::Result<()> {
        let metadata = self.file.metadata()?;
        match (metadata.len(), metadata.modified().ok()) == self.stamp {
            true => Ok(()),
            false => Err(io::Error::other(format!("{} was changed while it was read", self.name))),
        }
    }

    /// Does something with each line behind the first, on all cores; the answers come in the order of
    /// the lines.
    fn each_line<T: Send>(
        &self,
        work: impl Fn(&Lines, u32, &[u8]) -> T + Sync,
        mut take: impl FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        self.is_same()?;
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.start.0))?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let mut at = self.start.1;
        let mut progress = Progress::new(self.stamp.0);
        loop {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while bytes < BATCH && batch.len() < MOST {
                let mut line = Vec::new();
                let read = reader.read_until(b'\n', &mut line)?;
                if read == 0 {
                    break;
                }
                (at, bytes) = (at + 1, bytes + read);
                if !line.trim_ascii().is_empty() {
                    batch.push((at, line));
                }
            }
            if bytes == 0 {
                return self.is_same();
            }
            progress.add(bytes);
            let done: Vec<T> = batch.par_iter().map(|(at, line)| work(self, *at, line)).collect();
            done.into_iter().try_for_each(&mut take)?;
        }
    }
}

/// How far reading is, for people who look on: on standard error, where that is a terminal.
struct Progress {
    read: u64,
    all: u64,
    /// When it was last said; none where nobody looks.
    said: Option<Instant>,
    /// Whether it was.
    shown: bool,
}

impl Progress {
    fn new(all: u64) -> Progress {
        let said = io::stderr().is_terminal().then(Instant::now);
        Progress { read: 0, all, said, shown: false }
    }

    fn add(&mut self, bytes: usize) {
        self.read += bytes as u64;
        if self.said.is_some_and(|said| said.elapsed() >= EVERY) {
            eprint!("\rReading: {} of {} MB ", self.read / 1_000_000, self.all / 1_000_000);
            (self.said, self.shown) = (Some(Instant::now()), true);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            // What comes next stands in its place.
            eprint!("\r{:40}\r", "");
        }
    }
}

/// The annotations of an entry that the file names elsewhere.
fn found(asked: &BTreeSet<Place>, entry: &Entry) -> Vec<(Place, Owner)> {
    let article = &entry.article.id;
    let first = Place { article: article.clone(), annotation: "".into() };
    let asked = asked.range(first..).take_while(|place| place.article == *article);
    let sets = &entry.loaded.sets;
    let there = asked.flat_map(|place| {
        let holds = sets.iter().filter(|(_, set)| set.get(&place.annotation).is_some());
        holds.map(|(owner, _)| (place.clone(), owner.clone()))
    });
    there.collect()
}
