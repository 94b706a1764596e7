//! Pure work for which nobody waits at a key press: reading and writing files, merging.
//!
//! [`run`] stands in no file that the page loads first: the page sends a [`Request`] to a worker
//! and gets an [`Answer`], both as JSON. What is bulky goes beside the JSON: the bytes of files
//! with the request, the pieces of a written file with the answer.

mod read;
mod whole;

pub use read::{FileIn, FilesRead, ProjectFile};
pub use whole::{BadWhole, Whole};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::edit::merge::{Merge, merge};
use crate::format::native;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Read files of any kind, good and bad; the answer is [`Answer::Read`].
    ReadFiles(Vec<FileIn>),
    /// Write the native file of a project; the answer is [`Answer::Written`].
    WriteProject(Whole),
    /// Say what a copy of a project has more; the answer is [`Answer::Merged`].
    Merge {
        /// The project that stays.
        mine: Whole,
        /// The copy.
        theirs: Whole,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// What the files held.
    Read(FilesRead),
    /// The native file, to be put together from pieces. They are no part of the JSON.
    Written(#[serde(skip)] Vec<String>),
    /// What merging would do.
    Merged(Merge),
    /// It could not be done, for this reason.
    Failed(String),
}

impl Request {
    /// As a message; the bytes of files go beside it, in their order.
    pub fn to_json(&self) -> String {
        to_json(self)
    }

    /// From a message, with the bytes of files that came beside it.
    pub fn from_json(json: &str, bytes: Vec<Vec<u8>>) -> Result<Request, serde_json::Error> {
        let mut request = from_json(json)?;
        if let Request::ReadFiles(files) = &mut request {
            for (file, bytes) in files.iter_mut().zip(bytes) {
                file.bytes = bytes;
            }
        }
        Ok(request)
    }
}

impl Answer {
    /// As a message; the pieces of a written file go beside it.
    pub fn to_json(&self) -> String {
        to_json(self)
    }

    /// From a message.
    pub fn from_json(json: &str) -> Result<Answer, serde_json::Error> {
        from_json(json)
    }
}

// By way of a JSON value, which the page turns records into and from in any case: a second
// serialiser for all types would weigh more than the detour costs.

fn to_json(message: &impl Serialize) -> String {
    // Strings are the only keys of our maps, and nothing else can fail.
    serde_json::to_value(message).unwrap_or_default().to_string()
}

fn from_json<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(serde_json::from_str::<Json>(json)?)
}

/// Does it.
pub fn run(request: Request) -> Answer {
    match request {
        Request::ReadFiles(files) => Answer::Read(read::read(files)),
        Request::WriteProject(whole) => match write(whole) {
            Ok(pieces) => Answer::Written(pieces),
            Err(why) => Answer::Failed(why),
        },
        Request::Merge { mine, theirs } => match (mine.into_project(), theirs.into_project()) {
            (Ok(mine), Ok(theirs)) => Answer::Merged(merge(&mine, &theirs)),
            (Err(bad), _) | (_, Err(bad)) => Answer::Failed(bad.to_string()),
        },
    }
}

/// The native file: its head, its articles one by one, and its tail.
fn write(whole: Whole) -> Result<Vec<String>, String> {
    let project = whole.into_project().map_err(|bad| bad.to_string())?;
    let mut pieces = vec![native::write_head(&project)];
    for article in project.articles() {
        let Some(loaded) = project.loaded(&article.id) else {
            return Err(format!("the text of “{}” is not at hand", article.title));
        };
        pieces.push(native::write_article(&project, &article.id, loaded));
    }
    pieces.push(native::write_tail(&project));
    Ok(pieces)
}
