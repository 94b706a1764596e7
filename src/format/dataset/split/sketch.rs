//! What a split is to know of one article.

use super::alike;
use crate::annotation::ArticleId;
use crate::project::{NotLoaded, Project};

/// What a split compares of one article and counts: nothing of its text, so that articles can be
/// looked at one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    pub(super) article: ArticleId,
    /// As [`alike::words`]. Eight bytes for each, though four would hardly take two words for one: from
    /// their hashes follows the order of what is alike, and so which of several reasons a report
    /// names; and while texts are compared, each place is used for something else of that size.
    pub(super) words: Vec<u64>,
    /// How many, of all owners.
    pub(super) annotations: u32,
}

impl Sketch {
    /// Of an article that is loaded.
    ///
    /// # Errors
    /// It is not loaded or not there.
    pub fn of(project: &Project, id: &ArticleId) -> Result<Sketch, NotLoaded> {
        let (Some(article), Some(text)) = (project.article(id), project.text(id)) else {
            return Err(NotLoaded(id.clone()));
        };
        let mut words = alike::words(text, &article.regions);
        // Many of them wait together.
        words.shrink_to_fit();
        let annotations = project.rows_of(id).map(|(_, row)| row.total()).sum();
        Ok(Sketch { article: id.clone(), words, annotations })
    }

    /// Of which article.
    pub fn article(&self) -> &ArticleId {
        &self.article
    }
}
