//! Pure work for which nobody waits at a key press: reading and writing files, merging,
//! searching.
//!
//! [`Jobs`] stand in no file that the page loads first: the page sends a [`Request`] to a worker
//! and gets an [`Answer`], both as texts. What is bulky goes beside the text: the bytes of files
//! with the request, the pieces of a written file with the answer.

mod dataset;
mod file;
mod kept;
mod lines;
mod read;
mod retext;
mod search;
mod whole;

pub use dataset::{Dataset, Give, PartSize, Pieces, ToWrite};
pub use lines::{LinesRead, Part};
pub use read::{FileIn, FilesRead, ProjectFile};
pub use retext::ToCompare;
pub use search::ToSearch;
pub use whole::{BadWhole, Whole};

use std::collections::BTreeMap;

use dataset::{Archive, Making, Step};
use file::Writing;
use kept::Kept;
use lines::{Lines, NotInParts};
use serde_json::Value as Json;

use crate::annotation::{AnnotatorId, Timestamp};
use crate::edit::act::retext::{Plan, plan};
use crate::edit::merge::{Decisions, Merge, merge};
use crate::format::markdown::{self, Block};
use crate::format::native::Layout;
use crate::format::scheme_file::{self, SchemeFile};
use crate::format::stored::{
    Malformed, Shape, Tree, Wrong, from_packed, shape, tagged, to_packed, untagged,
};
use crate::project::NotLoaded;
use crate::scheme::Scheme;
use crate::search::{Found, Pattern, search};

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Read files of any kind, good and bad, for this person at this time; the answer is
    /// [`Answer::Read`].
    ReadFiles(Vec<FileIn>, AnnotatorId, Timestamp),
    /// Read the next bytes of a file in lines, which are no part of the message; the answer is
    /// [`Answer::Lines`] or [`Answer::NotLines`].
    ReadLines(Part, Vec<u8>),
    /// Begin the native file of a project, which comes without articles, under a number; the answer is
    /// [`Answer::Written`], as it is to what comes next of the file.
    BeginFile(u32, Layout, Whole),
    /// Write the next articles of the file of that number.
    WriteArticles(u32, Whole),
    /// Write the end of the file of that number.
    EndFile(u32),
    /// Give up the file of that number, which is being read or written; the answer is
    /// [`Answer::Kept`].
    ForgetFile(u32),
    /// Say what merging a copy of a project does; the answer is [`Answer::Merged`].
    Merge(Box<ToMerge>),
    /// Search articles; the answer is [`Answer::Found`].
    Search(Box<ToSearch>),
    /// Read a page of Markdown; the answer is [`Answer::Page`].
    ReadMarkdown(String),
    /// Say what giving an article another text does; the answer is [`Answer::Planned`].
    Compare(Box<ToCompare>),
    /// Read the scheme of a file, given as its name and its text; the answer is
    /// [`Answer::Scheme`].
    ReadScheme(String, String),
    /// Write the file of a scheme; the answer is [`Answer::Written`].
    WriteScheme(Box<Scheme>),
    /// Keep a project under a number, in place of the one before; the answer is [`Answer::Kept`].
    KeepProject(u32, Whole),
    /// Keep articles of the kept project too; the answer is [`Answer::Kept`], or [`Answer::Full`] where
    /// they are too much and none is kept.
    KeepArticles(u32, Whole),
    /// Begin a dataset of the kept project under a number, in place of the one before; the answer is
    /// [`Answer::Kept`].
    BeginDataset(u32, Box<ToWrite>),
    /// Take the next articles for the dataset of that number; the answer is [`Answer::Pieces`].
    TakeArticles(u32, Whole),
    /// Take all articles of the kept project, whose number is the second; the answer is
    /// [`Answer::Pieces`].
    TakeKept(u32, u32),
    /// All articles came. The answer is [`Answer::Pieces`] if they have to come again, else
    /// [`Answer::Dataset`].
    EndRound(u32),
    /// Give up the dataset of that number; the answer is [`Answer::Kept`].
    ForgetDataset(u32),
    /// Pack the next bytes of the files of that dataset, one behind the other, and whether they are the
    /// last; the bytes are no part of the message. The answer is [`Answer::Written`], the next bytes of the
    /// archive.
    Pack(u32, bool, Vec<u8>),
}

/// Two copies of a project.
#[derive(Clone, Debug, PartialEq)]
pub struct ToMerge {
    /// The one that stays.
    pub mine: Whole,
    /// The other.
    pub theirs: Whole,
    /// Where the other came from.
    pub file: String,
    /// What stands where the two differ.
    pub decisions: Decisions,
}

shape! { ToMerge { mine, theirs, file, decisions } }

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// What the files held.
    Read(FilesRead),
    /// What the lines held that ended with the bytes.
    Lines(Box<LinesRead>),
    /// The file can only be read whole.
    NotLines,
    /// The next bytes of a file. They are no part of the message.
    Written(Vec<u8>),
    /// What merging would do.
    Merged(Merge),
    /// What the articles hold of what was asked for.
    Found(Found),
    /// What was asked for cannot be searched, for this reason.
    BadQuery(String),
    /// The blocks of a page.
    Page(Vec<Block>),
    /// What another text would do.
    Planned(Box<Plan>),
    /// The scheme of a file.
    Scheme(Box<SchemeFile>),
    /// It is kept.
    Kept,
    /// It is not kept: it is too much.
    Full,
    /// What is appended to files of a dataset.
    Pieces(Pieces),
    /// A dataset that is made, with what is appended to its files.
    Dataset(Box<Dataset>, Pieces),
    /// It could not be done, for this reason.
    Failed(String),
}

impl Request {
    /// As a message; the bytes of files go beside it.
    pub fn to_message(&self) -> String {
        to_packed(self)
    }

    /// From a message, with the bytes of files that came beside it, in their order.
    ///
    /// # Errors
    /// It is none.
    pub fn from_message(message: &str, bytes: Vec<Vec<u8>>) -> Result<Request, Malformed> {
        let mut request = from_packed(message)?;
        let into: Vec<&mut Vec<u8>> = match &mut request {
            Request::ReadFiles(files, ..) => files.iter_mut().map(|it| &mut it.bytes).collect(),
            Request::ReadLines(_, bytes) | Request::Pack(_, _, bytes) => vec![bytes],
            _ => Vec::new(),
        };
        for (into, bytes) in into.into_iter().zip(bytes) {
            *into = bytes;
        }
        Ok(request)
    }
}

impl Answer {
    /// As a message; what is [beside](Answer::beside) it is no part of it.
    pub fn to_message(&self) -> String {
        to_packed(self)
    }

    /// The bytes that go beside the message.
    pub fn beside(&self) -> Vec<&[u8]> {
        match self {
            Answer::Written(bytes) => vec![bytes],
            Answer::Pieces(pieces) | Answer::Dataset(_, pieces) => {
                pieces.values().map(|piece| &piece[..]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// From a message.
    ///
    /// # Errors
    /// It is none.
    pub fn from_message(message: &str) -> Result<Answer, Malformed> {
        from_packed(message)
    }
}

impl Shape for Request {
    fn to_json(&self) -> Json {
        match self {
            Request::ReadFiles(files, me, now) => {
                let when = Json::from(vec![me.to_json(), now.to_json()]);
                tagged("read", vec![files.to_json(), when].into())
            }
            Request::ReadLines(part, _) => tagged("read-lines", part.to_json()),
            Request::BeginFile(number, layout, index) => {
                let tag = match layout {
                    Layout::Object => "begin-object",
                    Layout::Lines => "begin-lines",
                };
                tagged(tag, vec![number.to_json(), index.to_json()].into())
            }
            Request::WriteArticles(number, articles) => {
                tagged("write-articles", vec![number.to_json(), articles.to_json()].into())
            }
            Request::EndFile(number) => tagged("end-file", number.to_json()),
            Request::ForgetFile(number) => tagged("forget-file", number.to_json()),
            Request::Merge(copies) => tagged("merge", copies.to_json()),
            Request::Search(asked) => tagged("search", asked.to_json()),
            Request::ReadMarkdown(text) => tagged("markdown", text.to_json()),
            Request::Compare(asked) => tagged("compare", asked.to_json()),
            Request::ReadScheme(file, text) => {
                tagged("read-scheme", vec![file.to_json(), text.to_json()].into())
            }
            Request::WriteScheme(scheme) => tagged("write-scheme", scheme.to_json()),
            Request::KeepProject(number, whole) => {
                tagged("keep", vec![number.to_json(), whole.to_json()].into())
            }
            Request::KeepArticles(number, articles) => {
                tagged("keep-articles", vec![number.to_json(), articles.to_json()].into())
            }
            Request::BeginDataset(number, asked) => {
                tagged("begin-dataset", vec![number.to_json(), asked.to_json()].into())
            }
            Request::TakeArticles(number, articles) => {
                tagged("take-articles", vec![number.to_json(), articles.to_json()].into())
            }
            Request::TakeKept(number, project) => {
                tagged("take-kept", vec![number.to_json(), project.to_json()].into())
            }
            Request::EndRound(number) => tagged("end-round", number.to_json()),
            Request::ForgetDataset(number) => tagged("forget-dataset", number.to_json()),
            Request::Pack(number, last, _) => {
                tagged("pack", vec![number.to_json(), last.to_json()].into())
            }
        }
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Request {
        let (tag, value) = untagged(tree);
        match &*tag {
            "read" => {
                let (files, (me, now)) = Shape::read(value, wrong);
                Request::ReadFiles(files, me, now)
            }
            "read-lines" => Request::ReadLines(Shape::read(value, wrong), Vec::new()),
            "begin-object" | "begin-lines" => {
                let (number, index) = Shape::read(value, wrong);
                let layout = match &*tag {
                    "begin-lines" => Layout::Lines,
                    _ => Layout::Object,
                };
                Request::BeginFile(number, layout, index)
            }
            "write-articles" => {
                let (number, articles) = Shape::read(value, wrong);
                Request::WriteArticles(number, articles)
            }
            "end-file" => Request::EndFile(Shape::read(value, wrong)),
            "forget-file" => Request::ForgetFile(Shape::read(value, wrong)),
            "merge" => Request::Merge(Shape::read(value, wrong)),
            "search" => Request::Search(Shape::read(value, wrong)),
            "markdown" => Request::ReadMarkdown(Shape::read(value, wrong)),
            "compare" => Request::Compare(Shape::read(value, wrong)),
            "read-scheme" => {
                let (file, text) = Shape::read(value, wrong);
                Request::ReadScheme(file, text)
            }
            "write-scheme" => Request::WriteScheme(Box::new(Shape::read(value, wrong))),
            "keep" => {
                let (number, whole) = Shape::read(value, wrong);
                Request::KeepProject(number, whole)
            }
            "keep-articles" => {
                let (number, articles) = Shape::read(value, wrong);
                Request::KeepArticles(number, articles)
            }
            "begin-dataset" => {
                let (number, asked) = Shape::read(value, wrong);
                Request::BeginDataset(number, Box::new(asked))
            }
            "take-articles" => {
                let (number, articles) = Shape::read(value, wrong);
                Request::TakeArticles(number, articles)
            }
            "take-kept" => {
                let (number, project) = Shape::read(value, wrong);
                Request::TakeKept(number, project)
            }
            "end-round" => Request::EndRound(Shape::read(value, wrong)),
            "forget-dataset" => Request::ForgetDataset(Shape::read(value, wrong)),
            "pack" => {
                let (number, last) = Shape::read(value, wrong);
                Request::Pack(number, last, Vec::new())
            }
            _ => {
                wrong.note("request");
                Request::ReadFiles(Vec::new(), "".into(), Timestamp::default())
            }
        }
    }
}

impl Shape for Answer {
    fn to_json(&self) -> Json {
        match self {
            Answer::Read(read) => tagged("read", read.to_json()),
            Answer::Lines(read) => tagged("lines", read.to_json()),
            Answer::NotLines => "not-lines".into(),
            Answer::Written(_) => "written".into(),
            Answer::Merged(merge) => tagged("merged", merge.to_json()),
            Answer::Found(found) => tagged("found", found.to_json()),
            Answer::BadQuery(why) => tagged("bad-query", why.to_json()),
            Answer::Page(blocks) => tagged("page", blocks.to_json()),
            Answer::Planned(plan) => tagged("planned", plan.to_json()),
            Answer::Scheme(read) => tagged("scheme", read.to_json()),
            Answer::Kept => "kept".into(),
            Answer::Full => "full".into(),
            Answer::Pieces(pieces) => tagged("pieces", names(pieces)),
            Answer::Dataset(dataset, pieces) => {
                tagged("dataset", vec![dataset.to_json(), names(pieces)].into())
            }
            Answer::Failed(why) => tagged("failed", why.to_json()),
        }
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Answer {
        let (tag, value) = untagged(tree);
        match &*tag {
            "read" => Answer::Read(Shape::read(value, wrong)),
            "lines" => Answer::Lines(Box::new(Shape::read(value, wrong))),
            "not-lines" => Answer::NotLines,
            "written" => Answer::Written(Vec::new()),
            "merged" => Answer::Merged(Shape::read(value, wrong)),
            "found" => Answer::Found(Shape::read(value, wrong)),
            "bad-query" => Answer::BadQuery(Shape::read(value, wrong)),
            "page" => Answer::Page(Shape::read(value, wrong)),
            "planned" => Answer::Planned(Shape::read(value, wrong)),
            "scheme" => Answer::Scheme(Box::new(Shape::read(value, wrong))),
            "kept" => Answer::Kept,
            "full" => Answer::Full,
            "pieces" => Answer::Pieces(named(Shape::read(value, wrong))),
            "dataset" => {
                let (dataset, names) = Shape::read(value, wrong);
                Answer::Dataset(Box::new(dataset), named(names))
            }
            "failed" => Answer::Failed(Shape::read(value, wrong)),
            _ => {
                wrong.note("answer");
                Answer::Written(Vec::new())
            }
        }
    }
}

fn names(pieces: &Pieces) -> Json {
    pieces.keys().cloned().collect()
}

fn named(names: Vec<String>) -> Pieces {
    names.into_iter().map(|name| (name, Vec::new())).collect()
}

/// Does jobs, and keeps what later ones name.
#[derive(Default)]
pub struct Jobs {
    kept: Kept,
    /// The dataset that is being made, by its number.
    making: Option<(u32, Making)>,
    /// The archive that a dataset is packed into, by its number.
    archive: Option<(u32, Archive)>,
    /// The files that are being read, by their numbers.
    lines: BTreeMap<u32, Lines>,
    /// The files that are being written, by their numbers.
    writing: BTreeMap<u32, Writing>,
    /// What was searched for last, made ready: a search over many articles asks once for some of them.
    pattern: Option<Pattern>,
}

/// Why what was begun with a worker that was stopped does not go on.
pub const STOPPED: &str = "it was stopped";

impl Jobs {
    /// Does it.
    pub fn run(&mut self, request: Request) -> Answer {
        self.done(request).unwrap_or_else(Answer::Failed)
    }

    fn done(&mut self, request: Request) -> Result<Answer, String> {
        Ok(match request {
            Request::ReadLines(part, bytes) => self.read_lines(&part, &bytes)?,
            Request::WriteArticles(number, articles) => {
                let writing = self.writing.get_mut(&number).ok_or(STOPPED)?;
                Answer::Written(writing.articles(articles)?.into_bytes())
            }
            Request::TakeArticles(number, articles) => {
                let making = self.making(number)?;
                articles.into_project()?.entries().try_for_each(|entry| making.take(entry))?;
                Answer::Pieces(making.pieces())
            }
            Request::Search(asked) => self.search(*asked),
            rest => return self.done_once(rest),
        })
    }

    /// What is asked for once for a job. It stands apart from what is asked for all the time, as seldom
    /// acts do in `editor::step`.
    #[inline(never)]
    fn done_once(&mut self, request: Request) -> Result<Answer, String> {
        Ok(match request {
            Request::ReadFiles(files, me, now) => Answer::Read(read::read(files, &me, now)),
            Request::BeginFile(number, layout, index) => {
                let (writing, head) = Writing::begin(layout, index)?;
                self.writing.insert(number, writing);
                Answer::Written(head.into_bytes())
            }
            Request::EndFile(number) => {
                let end = self.writing.remove(&number).ok_or(STOPPED)?.end();
                Answer::Written(end.into_bytes())
            }
            Request::ForgetFile(number) => {
                self.lines.remove(&number);
                self.writing.remove(&number);
                Answer::Kept
            }
            Request::ReadMarkdown(text) => Answer::Page(markdown::read(&text)),
            Request::Compare(asked) => Answer::Planned(Box::new(planned(*asked)?)),
            Request::ReadScheme(file, text) => {
                let read = scheme_file::read(&file, &text).map_err(|error| error.to_string())?;
                Answer::Scheme(Box::new(read))
            }
            Request::WriteScheme(scheme) => {
                Answer::Written(scheme_file::write(&scheme).into_bytes())
            }
            Request::KeepProject(number, whole) => {
                self.kept.keep(number, whole)?;
                Answer::Kept
            }
            Request::KeepArticles(number, articles) => match self.kept.add(number, articles)? {
                true => Answer::Kept,
                false => Answer::Full,
            },
            Request::BeginDataset(number, asked) => {
                let making = Making::begin(self.kept.get(asked.project)?, *asked);
                (self.making, self.archive) = (Some((number, making)), None);
                Answer::Kept
            }
            Request::TakeKept(number, project) => {
                let articles: Vec<_> = self.kept.get(project)?.entries().collect();
                let making = self.making(number)?;
                articles.into_iter().try_for_each(|entry| making.take(entry))?;
                Answer::Pieces(making.pieces())
            }
            Request::EndRound(number) => self.end_round(number)?,
            Request::ForgetDataset(number) => {
                self.making.take_if(|(at, _)| *at == number);
                self.archive.take_if(|(at, _)| *at == number);
                Answer::Kept
            }
            Request::Pack(number, last, bytes) => {
                let archive = self.archive.take_if(|(at, _)| *at == number);
                let (_, mut archive) = archive.ok_or(STOPPED)?;
                let packed = archive.pack(&bytes).and_then(|mut packed| {
                    match last {
                        true => packed.extend(archive.end()?),
                        false => self.archive = Some((number, archive)),
                    }
                    Ok(packed)
                });
                Answer::Written(packed.map_err(|error| error.to_string())?)
            }
            Request::Merge(copies) => Answer::Merged(compare(*copies)?),
            Request::ReadLines(..)
            | Request::WriteArticles(..)
            | Request::TakeArticles(..)
            | Request::Search(..) => return self.done(request),
        })
    }
}

impl Jobs {
    /// The dataset of that number.
    fn making(&mut self, number: u32) -> Result<&mut Making, String> {
        match &mut self.making {
            Some((at, making)) if *at == number => Ok(making),
            _ => Err(STOPPED.to_owned()),
        }
    }

    fn search(&mut self, mut asked: ToSearch) -> Answer {
        let kept = self.pattern.take().filter(|it| *it.query() == asked.query);
        let pattern = match kept.map_or_else(|| Pattern::new(&asked.query), Ok) {
            Ok(pattern) => self.pattern.insert(pattern),
            Err(bad) => return Answer::BadQuery(bad.to_string()),
        };
        asked.leave_out_kept();
        Answer::Found(search(pattern, &asked.articles, asked.limit))
    }

    fn end_round(&mut self, number: u32) -> Result<Answer, String> {
        let making = self.making.take_if(|(at, _)| *at == number);
        let (_, making) = making.ok_or(STOPPED)?;
        Ok(match making.end_round()? {
            Step::Again(mut making) => {
                let pieces = making.pieces();
                self.making = Some((number, *making));
                Answer::Pieces(pieces)
            }
            Step::Made(dataset, pieces) => {
                self.archive = Some((number, Archive::new(&dataset.files)));
                Answer::Dataset(dataset, pieces)
            }
        })
    }

    fn read_lines(&mut self, part: &Part, bytes: &[u8]) -> Result<Answer, String> {
        let mut lines = match part.first {
            true => match Lines::of(part, bytes) {
                Ok(lines) => lines,
                Err(NotInParts) => return Ok(Answer::NotLines),
            },
            false => self.lines.remove(&part.number).ok_or(STOPPED)?,
        };
        Ok(match lines.take(bytes, part.last) {
            Ok(read) => {
                if read.finished.is_none() {
                    self.lines.insert(part.number, lines);
                }
                Answer::Lines(Box::new(read))
            }
            Err(NotInParts) => Answer::NotLines,
        })
    }
}

/// Does a job that is about nothing kept.
pub fn run(request: Request) -> Answer {
    Jobs::default().run(request)
}

fn compare(copies: ToMerge) -> Result<Merge, String> {
    let ToMerge { mine, theirs, file, decisions } = copies;
    let mine = mine.into_project().map_err(|bad| bad.to_string())?;
    let theirs = theirs.into_project().map_err(|bad| bad.to_string())?;
    merge(&mine, &theirs, &file, &decisions)
        .map_err(|NotLoaded(id)| format!("the article “{id}” is not at hand"))
}

fn planned(asked: ToCompare) -> Result<Plan, String> {
    let ToCompare { project, article, new } = asked;
    let project = project.into_project().map_err(|bad| bad.to_string())?;
    plan(&project, &article, &new).ok_or_else(|| "the texts are the same".to_owned())
}
