//! Files in lines, read some bytes at a time: what stood before them is not kept. A project's own file and
//! one of articles are read once; a dataset twice, since what its lines are depends on all of them.

use std::collections::BTreeSet;

use super::Whole;
use crate::annotation::{AnnotatorId, Place, Timestamp};
use crate::format::articles::{self, FileKind, Taken};
use crate::format::dataset::{Building, Looking, Rows, Unreadable};
use crate::format::encoding::{self, plain_line};
use crate::format::native::{Head, Index, Indexed, Layout, LineRead, ReadError};
use crate::format::stored::shape;
use crate::format::{NewArticle, Problem};
use crate::project::{Entry, Project};

/// Which bytes of a file are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Names the file as long as it is read; no other has it.
    pub number: u32,
    /// The file's path or name.
    pub file: String,
    /// Whether they are its first, and are read for the first time.
    pub first: bool,
    /// Whether none come after them.
    pub last: bool,
    /// Whose is what names nobody.
    pub me: AnnotatorId,
    /// When what does not say so was made.
    pub now: Timestamp,
    /// With the first bytes, the project without articles into which those of a file come that holds
    /// nothing else. Without it, such a file is to be read whole.
    pub into: Option<Whole>,
}

shape! { Part { number, file, first, last, me, now, into } }

/// What the lines hold that ended with some bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinesRead {
    /// Whether the file is read twice: after its last bytes its first come again.
    pub twice: bool,
    /// The project with its scheme and without an article, once that is known.
    pub begun: Option<Whole>,
    /// A project of the same name that holds the articles of these lines and nothing else, if there
    /// are some.
    pub articles: Option<Whole>,
    /// With the last bytes, the project as `begun`, with what is known when all articles are.
    pub finished: Option<Whole>,
    /// What could not be taken.
    pub problems: Vec<Problem>,
}

shape! { LinesRead { twice, begun, articles, finished, problems } }

/// It can only be read whole.
#[derive(Debug)]
pub(super) struct NotInParts;

impl From<ReadError> for NotInParts {
    fn from(_: ReadError) -> NotInParts {
        NotInParts
    }
}

impl From<Unreadable> for NotInParts {
    fn from(_: Unreadable) -> NotInParts {
        NotInParts
    }
}

/// A file that is being read.
pub(super) struct Lines {
    /// What stands behind its last end of a line.
    rest: Vec<u8>,
    /// How many lines there were.
    at: u32,
    reader: Reader,
}

/// How far a file is.
enum Reader {
    /// Its first line, which is not empty, is still to come.
    Beginning(Part),
    Project(Box<ProjectLines>),
    Articles(Box<ArticleLines>),
    /// A dataset, for the first time.
    Looking {
        rows: Rows,
        looking: Box<Looking>,
        part: Part,
    },
    /// For the second.
    Building {
        rows: Rows,
        building: Box<Building>,
    },
    Ended,
}

/// The first line of a project's file, and what is known of the others.
struct ProjectLines {
    file: String,
    head: Head,
    /// What [`Head::asked`] says.
    asked: BTreeSet<Place>,
    index: Index,
}

/// A file of articles alone.
struct ArticleLines {
    file: String,
    /// Into which they come; without them.
    project: Project,
    taken: Taken,
    /// How many there were.
    count: u32,
}

impl Lines {
    /// A file whose first bytes are these.
    ///
    /// # Errors
    /// Its lines cannot be read by themselves.
    pub(super) fn of(part: &Part, bytes: &[u8]) -> Result<Lines, NotInParts> {
        let is_in_lines = match articles::kind(&part.file, bytes) {
            FileKind::Project(layout) => layout == Layout::Lines,
            FileKind::Rescue => false,
            // Of a dataset, the first line says what it is; in other files it may never end.
            FileKind::Articles | FileKind::Unknown => {
                part.file.ends_with(".jsonl") || bytes.contains(&b'\n')
            }
        };
        let reader = Reader::Beginning(part.clone());
        is_in_lines.then_some(Lines { rest: Vec::new(), at: 0, reader }).ok_or(NotInParts)
    }

    /// Takes its next bytes.
    ///
    /// # Errors
    /// It can only be read whole.
    pub(super) fn take(&mut self, bytes: &[u8], last: bool) -> Result<LinesRead, NotInParts> {
        let (mut read, mut entries) = (LinesRead::default(), Vec::new());
        let complete = match bytes.iter().rposition(|byte| *byte == b'\n') {
            _ if last => bytes.len(),
            found => found.map_or(0, |at| at + 1),
        };
        self.rest.extend_from_slice(&bytes[..complete]);
        let lines = if complete > 0 { std::mem::take(&mut self.rest) } else { Vec::new() };
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            // A mark says how the file is written, and is none of its text.
            let mark = if self.at == 0 { "\u{feff}" } else { "" };
            let line = line.strip_prefix(mark.as_bytes()).unwrap_or(line);
            self.at += 1;
            self.line(line, &mut read, &mut entries)?;
        }
        self.rest.extend_from_slice(&bytes[complete..]);
        if let (false, Some(project)) = (entries.is_empty(), self.reader.project()) {
            read.articles = Some(Whole::of_entries(project.meta(), entries));
        }
        read.twice = matches!(self.reader, Reader::Looking { .. } | Reader::Building { .. });
        if last {
            self.end(&mut read)?;
        }
        Ok(read)
    }

    fn line(
        &mut self,
        line: &[u8],
        read: &mut LinesRead,
        entries: &mut Vec<Entry>,
    ) -> Result<(), NotInParts> {
        let is_empty = line.trim_ascii().is_empty();
        if let (Reader::Beginning(part), false) = (&self.reader, is_empty) {
            let begun = Reader::begin(part, self.at, line, read, entries)?;
            let is_project = matches!(begun, Reader::Project(_));
            self.reader = begun;
            // The first line of others is as all are.
            if is_project {
                return Ok(());
            }
        }
        match &mut self.reader {
            Reader::Project(lines) if !is_empty => lines.line(self.at, line, read, entries),
            Reader::Articles(lines) if !is_empty => lines.line(self.at, line, read, entries),
            Reader::Project(_) | Reader::Articles(_) | Reader::Beginning(_) | Reader::Ended => {}
            Reader::Looking { rows, looking, .. } => {
                let text = plain_line(line).ok_or(NotInParts)?;
                looking.text(text);
                if !is_empty {
                    looking.add(rows.look(self.at, text));
                }
            }
            Reader::Building { rows, building } => {
                let text = plain_line(line).ok_or(NotInParts)?;
                if !is_empty {
                    entries.extend(building.add(rows.row(self.at, text)));
                }
            }
        }
        Ok(())
    }

    /// The file is at its end, and may come again.
    fn end(&mut self, read: &mut LinesRead) -> Result<(), NotInParts> {
        let (project, problems) = match std::mem::replace(&mut self.reader, Reader::Ended) {
            Reader::Beginning(_) | Reader::Ended => return Err(NotInParts),
            Reader::Looking { rows, looking, part } => {
                // One line may be one object.
                if self.at < 2 {
                    return Err(NotInParts);
                }
                let building = Box::new(looking.finish(part.now, &part.me));
                read.begun = Some(Whole::of(building.project()));
                let reader = Reader::Building { rows, building };
                *self = Lines { rest: Vec::new(), at: 0, reader };
                return Ok(());
            }
            Reader::Project(lines) => {
                let ProjectLines { head, index, .. } = *lines;
                let all = index.finish(&head);
                (all.project, all.problems)
            }
            Reader::Articles(lines) => (lines.project, Vec::new()),
            Reader::Building { building, .. } => {
                let all = building.finish()?;
                (all.project, all.problems)
            }
        };
        read.finished = Some(Whole::of(&project.without_articles()));
        read.problems.extend(problems);
        Ok(())
    }
}

impl Reader {
    /// What the first line says.
    fn begin(
        part: &Part,
        at: u32,
        line: &[u8],
        read: &mut LinesRead,
        entries: &mut Vec<Entry>,
    ) -> Result<Reader, NotInParts> {
        let FileKind::Project(_) = articles::kind(&part.file, line) else {
            let rows = plain_line(line).and_then(|line| Rows::of(&part.file, line));
            let Some(rows) = rows else {
                let lines = ArticleLines::begin(part, at, line)?;
                read.begun = Some(Whole::of(&lines.project));
                return Ok(Reader::Articles(Box::new(lines)));
            };
            let looking = Box::new(rows.looking());
            return Ok(Reader::Looking { rows, looking, part: part.clone() });
        };
        let mut head = Head::read(&part.file, at, &encoding::line(line))?;
        read.begun = Some(Whole::of(head.project()));
        let own = head.take_own();
        let (asked, index) = (head.asked(), Index::without_articles(&head));
        let mut lines = ProjectLines { file: part.file.clone(), head, asked, index };
        own.into_iter().for_each(|entry| lines.add(None, entry, read, entries));
        Ok(Reader::Project(Box::new(lines)))
    }

    /// The project as far as it is known.
    fn project(&self) -> Option<&Project> {
        match self {
            Reader::Project(lines) => Some(lines.head.project()),
            Reader::Articles(lines) => Some(&lines.project),
            Reader::Building { building, .. } => Some(building.project()),
            Reader::Beginning(_) | Reader::Looking { .. } | Reader::Ended => None,
        }
    }
}

impl ProjectLines {
    fn line(&mut self, at: u32, line: &[u8], read: &mut LinesRead, entries: &mut Vec<Entry>) {
        let LineRead { entry, problems } = self.head.line(at, &encoding::line(line));
        read.problems.extend(problems);
        if let Some(entry) = entry {
            self.add(Some(at), entry, read, entries);
        }
    }

    fn add(
        &mut self,
        at: Option<u32>,
        entry: Entry,
        read: &mut LinesRead,
        entries: &mut Vec<Entry>,
    ) {
        match self.index.add(&self.file, at, Indexed::of(&entry, &self.asked)) {
            Ok(()) => entries.push(entry),
            Err(problem) => read.problems.push(problem),
        }
    }
}

impl ArticleLines {
    /// Of a file whose first line is this.
    fn begin(part: &Part, at: u32, line: &[u8]) -> Result<ArticleLines, NotInParts> {
        let holds_article = || !articles::read_line(&part.file, at, line).articles.is_empty();
        let into = part.into.clone().filter(|_| articles::is_json_lines(&part.file));
        let project = into.filter(|_| holds_article()).and_then(|it| it.into_project().ok());
        let project = project.ok_or(NotInParts)?;
        Ok(ArticleLines { file: part.file.clone(), project, taken: Taken::default(), count: 0 })
    }

    fn line(&mut self, at: u32, line: &[u8], read: &mut LinesRead, entries: &mut Vec<Entry>) {
        let found = articles::read_line(&self.file, at, line);
        read.problems.extend(found.problems);
        for new in found.articles {
            match self.taken.take(new) {
                Ok(NewArticle { mut article, text }) => {
                    article.order = self.count;
                    self.count += 1;
                    entries.push(Entry::new(article, text, Vec::new()));
                }
                Err(problem) => read.problems.push(Problem { line: Some(at), ..problem }),
            }
        }
    }
}
