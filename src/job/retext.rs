//! The shapes of a comparison of two texts, and of what the newer does to what lies on the older.

use serde_json::Value as Json;

use super::Whole;
use crate::annotation::ArticleId;
use crate::edit::act::retext::{Carried, How, Plan};
use crate::format::stored::{Shape, Tree, Wrong, shape};
use crate::text::Text;
use crate::text::diff::{Diff, Hunk, Kept};

/// An article and the text that it may get.
#[derive(Clone, Debug, PartialEq)]
pub struct ToCompare {
    /// A project with the article loaded; no more of it is looked at.
    pub project: Whole,
    /// Which article.
    pub article: ArticleId,
    /// Its other text.
    pub new: Text,
}

shape! { ToCompare { project, article, new } }
shape! { Plan { before, after, diff, carried, lost_regions } }
shape! { Carried { owner, before, after, how, lost } }
shape! { How { Stays => "stays", Edited => "edited", Found => "found", Unplaced => "unplaced" } }
shape! { Diff { hunks, old, new, kept } }
shape! { Hunk { old, new, same } }

impl Shape for Kept {
    fn to_json(&self) -> Json {
        vec![Json::from(self.old), self.new.into(), self.len.into()].into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Kept {
        let numbers: Vec<u32> = Shape::read(tree, wrong);
        let [old, new, len] = numbers[..] else {
            wrong.note("stretch");
            return Kept { old: 0, new: 0, len: 0 };
        };
        Kept { old: old as usize, new: new as usize, len: len as usize }
    }
}
