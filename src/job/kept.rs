//! A project that several jobs are about: it is sent once, some articles at a time, and they name it.

use super::Whole;
use crate::annotation::{Annotation, ArticleId};
use crate::format::stored::shape;
use crate::project::{Owner, Project};
use crate::text::Text;

/// What of an article is loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// Which article.
    pub article: ArticleId,
    /// Its text.
    pub text: Text,
    /// Everybody's annotations.
    pub annotations: Vec<(Owner, Annotation)>,
}

shape! { Content { article, text, annotations } }

/// The project that is kept, by its number, if one is.
#[derive(Default)]
pub(super) struct Kept(Option<(u32, Project)>);

impl Kept {
    /// Keeps a project in place of the one before.
    pub(super) fn keep(&mut self, number: u32, whole: Whole) -> Result<(), String> {
        // The older goes first: two large ones might not fit.
        self.0 = None;
        let project = whole.into_project().map_err(|bad| bad.to_string())?;
        self.0 = Some((number, project));
        Ok(())
    }

    /// Keeps what of some articles is loaded.
    pub(super) fn load(&mut self, number: u32, contents: Vec<Content>) -> Result<(), String> {
        let project = self.get(number)?;
        for Content { article, text, annotations } in contents {
            *project = project.with_loaded(&article, text, annotations).0;
        }
        Ok(())
    }

    /// The project of that number.
    pub(super) fn get(&mut self, number: u32) -> Result<&mut Project, String> {
        match &mut self.0 {
            Some((kept, project)) if *kept == number => Ok(project),
            _ => Err("the project is not at hand".to_owned()),
        }
    }
}
