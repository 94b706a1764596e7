//! Pure work for which nobody waits at a key press: reading and writing files, merging,
//! searching.
//!
//! [`Jobs`] stand in no file that the page loads first: the page sends a [`Request`] to a worker
//! and gets an [`Answer`], both as JSON. What is bulky goes beside the JSON: the bytes of files
//! with the request, the pieces of a written file with the answer.

mod dataset;
mod kept;
mod read;
mod retext;
mod search;
mod whole;

pub use dataset::{Dataset, Give, PartSize, ToWrite};
pub use kept::Content;
pub use read::{FileIn, FilesRead, ProjectFile};
pub use retext::ToCompare;
pub use search::ToSearch;
pub use whole::{BadWhole, Whole};

use kept::Kept;
use serde_json::Value as Json;

use crate::annotation::{AnnotatorId, Timestamp};
use crate::edit::act::retext::{Plan, plan};
use crate::edit::merge::{Decisions, Merge, merge};
use crate::format::markdown::{self, Block};
use crate::format::native::Layout;
use crate::format::scheme_file::{self, SchemeFile};
use crate::format::stored::{
    Malformed, Shape, Wrong, from_plain, shape, tagged, to_plain, untagged,
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
    /// Write the native file of a project; the answer is [`Answer::Written`].
    WriteProject(Whole),
    /// As [`Request::WriteProject`], one article a line.
    WriteLines(Whole),
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
    /// Keep what of some articles of the kept project is loaded; the answer is [`Answer::Kept`].
    KeepArticles(u32, Vec<Content>),
    /// Make a dataset of the kept project, or say what would be in it; the answer is
    /// [`Answer::Dataset`].
    WriteDataset(Box<ToWrite>),
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
    /// The native file, to be put together from pieces. They are no part of the JSON.
    Written(Vec<String>),
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
    /// A dataset. The bytes of its files are no part of the JSON.
    Dataset(Box<Dataset>),
    /// It could not be done, for this reason.
    Failed(String),
}

impl Request {
    /// As a message that JavaScript holds without loss; the bytes of files go beside it.
    pub fn to_message(&self) -> Json {
        to_plain(self)
    }

    /// From a message, with the bytes of files that came beside it, in their order.
    ///
    /// # Errors
    /// It is none.
    pub fn from_message(message: Json, bytes: Vec<Vec<u8>>) -> Result<Request, Malformed> {
        let mut request = from_plain(message)?;
        if let Request::ReadFiles(files, ..) = &mut request {
            for (file, bytes) in files.iter_mut().zip(bytes) {
                file.bytes = bytes;
            }
        }
        Ok(request)
    }
}

impl Answer {
    /// As a message that JavaScript holds without loss; the pieces of a written file go beside it.
    pub fn to_message(&self) -> Json {
        to_plain(self)
    }

    /// From a message.
    ///
    /// # Errors
    /// It is none.
    pub fn from_message(message: Json) -> Result<Answer, Malformed> {
        from_plain(message)
    }
}

impl Shape for Request {
    fn to_json(&self) -> Json {
        match self {
            Request::ReadFiles(files, me, now) => {
                let when = Json::from(vec![me.to_json(), now.to_json()]);
                tagged("read", vec![files.to_json(), when].into())
            }
            Request::WriteProject(whole) => tagged("write", whole.to_json()),
            Request::WriteLines(whole) => tagged("write-lines", whole.to_json()),
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
            Request::KeepArticles(number, contents) => {
                tagged("keep-articles", vec![number.to_json(), contents.to_json()].into())
            }
            Request::WriteDataset(asked) => tagged("write-dataset", asked.to_json()),
        }
    }

    fn read(json: Json, wrong: &mut Wrong) -> Request {
        let (tag, value) = untagged(json);
        match tag.as_str() {
            "read" => {
                let (files, (me, now)) = Shape::read(value, wrong);
                Request::ReadFiles(files, me, now)
            }
            "write" => Request::WriteProject(Shape::read(value, wrong)),
            "write-lines" => Request::WriteLines(Shape::read(value, wrong)),
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
                let (number, contents) = Shape::read(value, wrong);
                Request::KeepArticles(number, contents)
            }
            "write-dataset" => Request::WriteDataset(Box::new(Shape::read(value, wrong))),
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
            Answer::Written(_) => "written".into(),
            Answer::Merged(merge) => tagged("merged", merge.to_json()),
            Answer::Found(found) => tagged("found", found.to_json()),
            Answer::BadQuery(why) => tagged("bad-query", why.to_json()),
            Answer::Page(blocks) => tagged("page", blocks.to_json()),
            Answer::Planned(plan) => tagged("planned", plan.to_json()),
            Answer::Scheme(read) => tagged("scheme", read.to_json()),
            Answer::Kept => "kept".into(),
            Answer::Dataset(dataset) => tagged("dataset", dataset.to_json()),
            Answer::Failed(why) => tagged("failed", why.to_json()),
        }
    }

    fn read(json: Json, wrong: &mut Wrong) -> Answer {
        let (tag, value) = untagged(json);
        match tag.as_str() {
            "read" => Answer::Read(Shape::read(value, wrong)),
            "written" => Answer::Written(Vec::new()),
            "merged" => Answer::Merged(Shape::read(value, wrong)),
            "found" => Answer::Found(Shape::read(value, wrong)),
            "bad-query" => Answer::BadQuery(Shape::read(value, wrong)),
            "page" => Answer::Page(Shape::read(value, wrong)),
            "planned" => Answer::Planned(Shape::read(value, wrong)),
            "scheme" => Answer::Scheme(Box::new(Shape::read(value, wrong))),
            "kept" => Answer::Kept,
            "dataset" => Answer::Dataset(Box::new(Shape::read(value, wrong))),
            "failed" => Answer::Failed(Shape::read(value, wrong)),
            _ => {
                wrong.note("answer");
                Answer::Written(Vec::new())
            }
        }
    }
}

/// Does jobs, and keeps what later ones name.
#[derive(Default)]
pub struct Jobs {
    kept: Kept,
}

impl Jobs {
    /// Does it.
    pub fn run(&mut self, request: Request) -> Answer {
        self.done(request).unwrap_or_else(Answer::Failed)
    }

    fn done(&mut self, request: Request) -> Result<Answer, String> {
        Ok(match request {
            Request::ReadFiles(files, me, now) => Answer::Read(read::read(files, &me, now)),
            Request::WriteProject(whole) => Answer::Written(write(whole, Layout::Object)?),
            Request::WriteLines(whole) => Answer::Written(write(whole, Layout::Lines)?),
            Request::ReadMarkdown(text) => Answer::Page(markdown::read(&text)),
            Request::Compare(asked) => Answer::Planned(Box::new(planned(*asked)?)),
            Request::ReadScheme(file, text) => {
                let read = scheme_file::read(&file, &text).map_err(|error| error.to_string())?;
                Answer::Scheme(Box::new(read))
            }
            Request::WriteScheme(scheme) => Answer::Written(vec![scheme_file::write(&scheme)]),
            Request::KeepProject(number, whole) => {
                self.kept.keep(number, whole)?;
                Answer::Kept
            }
            Request::KeepArticles(number, contents) => {
                self.kept.load(number, contents)?;
                Answer::Kept
            }
            Request::WriteDataset(asked) => {
                let project = self.kept.get(asked.project)?;
                Answer::Dataset(Box::new(dataset::write(project, &asked.wanted, asked.give)?))
            }
            Request::Merge(copies) => Answer::Merged(compare(*copies)?),
            Request::Search(mut asked) => match Pattern::new(&asked.query) {
                Ok(pattern) => {
                    asked.leave_out_kept();
                    Answer::Found(search(&pattern, &asked.articles, asked.limit))
                }
                Err(bad) => Answer::BadQuery(bad.to_string()),
            },
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

/// The native file, article by article.
fn write(whole: Whole, layout: Layout) -> Result<Vec<String>, String> {
    let project = whole.into_project().map_err(|bad| bad.to_string())?;
    let mut pieces = vec![layout.head(&project)];
    for (at, article) in project.articles().into_iter().enumerate() {
        let Some(loaded) = project.loaded(&article.id) else {
            return Err(format!("the text of “{}” is not at hand", article.title));
        };
        pieces.push(layout.article(&project, article, loaded, at == 0));
    }
    pieces.push(layout.tail(&project));
    Ok(pieces)
}
