//! From one version of what is stored to the next.
//!
//! Version 1 had no rows that say which commits touch an article; version 2 has. Version 3 may have
//! blocks, version 4 blocks of annotations, version 5 texts as their bytes, and version 6 rows in blocks,
//! which nothing older lacks.

use super::StoreError;
use super::plan::{Ask, Part, StoreKey};
use crate::edit::Commit;
use crate::format::stored::{TOUCHES, Tree, from_plain};

/// The rows that say which articles a stored commit touches, given where the commit stands.
///
/// # Errors
/// What stands there is no commit.
pub fn touches(commit_key: &StoreKey, commit: Tree<'_>) -> Result<Vec<Ask>, StoreError> {
    let damaged = || StoreError::damaged("The history of a project");
    let [Part::Text(project), Part::Number(_)] = commit_key.parts() else { return Err(damaged()) };
    let commit: Commit = from_plain(commit).map_err(|_| damaged())?;
    Ok(rows(project, &commit).collect())
}

/// The rows that say which articles a commit touches.
pub(super) fn rows(project: &str, commit: &Commit) -> impl Iterator<Item = Ask> {
    let seq = commit.seq;
    commit.touched().into_iter().map(move |article| {
        let path = [project.to_owned(), article.to_string()];
        Ask::Put(TOUCHES, StoreKey::from(&path[..]).at(seq), seq.into())
    })
}
