//! Files: reading gives what it could and says what it could not.

pub mod articles;
pub mod dataset;
pub mod deployment;
pub mod encoding;
pub mod html;
mod json;
pub mod lists;
pub mod markdown;
pub mod native;
mod raw;
pub mod rescue;
pub mod scheme_file;
pub mod stored;
pub mod zip;

use crate::project::Article;
use crate::text::Text;
use stored::shape;

/// Something in a file that could not be taken; the rest was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name or path of the file.
    pub file: String,
    /// From 1, where the problem has a line.
    pub line: Option<u32>,
    /// What happened, as a sentence without its final stop.
    pub what: String,
    /// What to do about it, as a sentence without its final stop.
    pub remedy: String,
}

impl Problem {
    /// Of a file that gave nothing, for the reason given.
    pub fn unreadable(file: &str, why: &str) -> Problem {
        Problem {
            file: file.to_owned(),
            line: None,
            what: format!("It could not be read: {}", why.trim_end_matches('.')),
            remedy: "Check the file and open it again".to_owned(),
        }
    }
}

shape! { Problem { file, line, what, remedy } }

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}. {}.", self.file, self.what, self.remedy),
            None => write!(f, "{}: {}. {}.", self.file, self.what, self.remedy),
        }
    }
}

/// An article as a file gives it: its record, whose `order` the project sets, and its text.
#[derive(Clone, Debug, PartialEq)]
pub struct NewArticle {
    /// `article.text` names `text`.
    pub article: Article,
    /// What is to be annotated.
    pub text: Text,
}
