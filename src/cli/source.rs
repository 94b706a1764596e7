//! Projects of any size: of a file of lines only the index is kept, and its articles are read again
//! when they are wanted.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::dataset::{self, Spooled};
use super::input::{InputError, STANDARD, read_project};
use super::lines::{LinesFile, MOST, Progress};
use super::spool::Articles;
use crate::annotation::ArticleId;
use crate::format::dataset::Read;
use crate::format::native::{Head, Index, Indexed, LineRead};
use crate::format::{Problem, encoding};
use crate::project::{Entry, Project};

/// What is done with files of lines, for people who look on.
const READING: &str = "Reading";

/// A project whose articles are at hand one after the other.
pub struct Source {
    project: Project,
    problems: usize,
    lines: Option<Lines>,
}

/// A file of lines whose articles are not in memory.
struct Lines {
    head: Head,
    articles: Articles,
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
        let mut from: Box<dyn io::Read> = Box::new(io::stdin().lock());
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
        let file = LinesFile::new(&name, file).map_err(failed)?;
        if let Some(first) = file.first().map_err(failed)? {
            if let Some(head) = first.text().and_then(|it| Head::read(&name, first.at, it).ok()) {
                return Lines::indexed(head, file.behind(&first)).map_err(failed);
            }
            if let Some(dataset) = dataset::spooled(&file, &first).map_err(failed)? {
                return Source::spooled(dataset, &name);
            }
        }
        Source::in_memory(spooled.as_ref().map_or(input, |kept| kept.path()), &name)
    }

    /// A dataset in lines, built.
    fn spooled(Spooled { read, articles }: Spooled, name: &str) -> Result<Source, InputError> {
        let Read { project, problems } =
            read.map_err(|error| InputError::no_project(name, &error))?;
        problems.iter().for_each(|problem| eprintln!("{problem}"));
        Ok(Source { problems: problems.len(), ..Source::waiting(project, articles) })
    }

    /// A project whose articles wait in a file.
    pub fn waiting(project: Project, articles: Articles) -> Source {
        let lines = Some(Lines { head: Head::of_written(&project), articles });
        Source { project, problems: 0, lines }
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

    /// How many things in the file could not be taken.
    pub fn problems(&self) -> usize {
        self.problems
    }

    /// How many bytes an article has in its file; none where it is in memory.
    pub fn length(&self, id: &ArticleId) -> usize {
        let place = self.lines.as_ref().and_then(|lines| lines.articles.places.get(id));
        place.map_or(0, |place| place.length)
    }

    /// Some articles with all that is of them, of those that have a text, in any order.
    ///
    /// # Errors
    /// The file cannot be read any more.
    pub fn entries(&self, ids: &[&ArticleId], progress: &mut Progress) -> io::Result<Vec<Entry>> {
        let in_memory = ids.iter().filter_map(|id| {
            let loaded = self.project.loaded(id)?.clone();
            Some(self.project.entry(self.project.article(id)?, loaded))
        });
        let mut entries: Vec<Entry> = in_memory.collect();
        if let Some(lines) = &self.lines {
            let places = ids.iter().filter_map(|id| lines.articles.places.get(*id)).copied();
            let add = |entry: Option<Entry>| {
                entries.extend(entry);
                Ok(())
            };
            let read = |at: u32, line: &[u8]| lines.read(at, line).entry;
            lines.articles.file.pick(places, progress, read, add)?;
        }
        Ok(entries)
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
        let ids = || self.project.articles().into_iter().map(|it| &it.id);
        // Those of the file's first line come first.
        let in_memory: Vec<&ArticleId> =
            ids().filter(|id| self.project.loaded(id).is_some()).collect();
        for batch in in_memory.chunks(MOST) {
            let done: Vec<T> = batch.par_iter().map(|id| work(&self.project, id)).collect();
            done.into_iter().try_for_each(&mut take)?;
        }
        let Some(lines) = &self.lines else { return Ok(()) };
        let Articles { file, places } = &lines.articles;
        let read = |at: u32, line: &[u8]| {
            lines.read(at, line).entry.map(|entry| {
                let id = entry.article.id.clone();
                work(&self.project.with_entries_loaded([entry]), &id)
            })
        };
        let progress = &mut Progress::new(READING, file.size());
        let places = ids().filter_map(|id| places.get(id)).copied();
        file.pick(places, progress, read, |done| done.map_or(Ok(()), &mut take))
    }
}

impl Lines {
    /// Reads all once and keeps the index.
    fn indexed(head: Head, file: LinesFile) -> io::Result<Source> {
        let articles = Articles { file, places: BTreeMap::new() };
        let mut lines = Lines { head, articles };
        let own = lines.head.take_own();
        let (asked, mut index) = (lines.head.asked(), Index::of(&lines.head));
        let (mut problems, mut places) = (0, BTreeMap::new());
        let mut say = |problem: &Problem| {
            problems += 1;
            eprintln!("{problem}");
        };
        for entry in &own {
            // No two of one id: they were read together.
            let _ = index.add(lines.articles.file.name(), None, Indexed::of(entry, &asked));
        }
        let Articles { file, .. } = &lines.articles;
        let look = |at: u32, line: &[u8]| {
            let LineRead { entry, problems } = lines.read(at, line);
            (entry.map(|entry| Indexed::of(&entry, &asked)), problems)
        };
        file.each(READING, look, |line, looked| {
            let Some((entry, found)) = looked else { return Ok(()) };
            found.iter().for_each(&mut say);
            let Some(entry) = entry else { return Ok(()) };
            let id = entry.id().clone();
            match index.add(file.name(), Some(line.place.at), entry) {
                Ok(()) => drop(places.insert(id, line.place)),
                Err(problem) => say(&problem),
            }
            Ok(())
        })?;
        let all = index.finish(&lines.head);
        all.problems.iter().for_each(&mut say);
        lines.articles.places = places;
        let project = all.project.with_entries_loaded(own);
        Ok(Source { project, problems, lines: Some(lines) })
    }

    fn read(&self, at: u32, line: &[u8]) -> LineRead {
        // As the page takes a file that is not UTF-8.
        self.head.line(at, &encoding::line(line))
    }
}
