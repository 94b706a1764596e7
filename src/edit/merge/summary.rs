//! What changes do to a project, in numbers and names.

use std::collections::BTreeSet;
use std::fmt;

use super::join::with_order;
use super::records::{Copy, unplaced_in};
use crate::edit::Change;
use crate::project::Key;

/// How many names are kept.
const NAMED: usize = 100;

/// What changes do, for people: what is only remembered and where things stand among
/// their kind is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// What is new.
    pub comes: Listed,
    /// What is there before and after, and not the same.
    pub changes: Listed,
    /// What is no more.
    pub goes: Listed,
}

/// Records, counted, and some of them by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// All of them.
    pub tally: Tally,
    /// What people know the first of them by.
    pub names: Vec<String>,
}

/// How many records there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Tally {
    pub settings: u32,
    pub articles: u32,
    pub annotators: u32,
    pub speakers: u32,
    pub annotations: u32,
    pub relations: u32,
    pub groups: u32,
    /// Of articles: how far somebody is with one.
    pub statuses: u32,
}

impl Summary {
    /// Of changes from one copy to another, which know the names.
    pub(super) fn of<'a>(
        changes: impl IntoIterator<Item = &'a Change>,
        from: &Copy,
        to: &Copy,
    ) -> Summary {
        let mut summary = Summary::default();
        let mut changes: Vec<&Change> = changes.into_iter().collect();
        changes.sort_by(|a, b| a.key.cmp(&b.key));
        let lose_place = changes.iter().filter_map(|change| change.to.as_ref());
        let lose_place: BTreeSet<Key> =
            lose_place.flat_map(unplaced_in).map(|(key, _)| key).collect();
        for change in changes {
            let (listed, name) = match (&change.from, &change.to) {
                (None, Some(value)) => (&mut summary.comes, to.name(&change.key, value)),
                (Some(value), None) => {
                    // What loses its place is still there.
                    let stays = lose_place.contains(&change.key);
                    let listed = if stays { &mut summary.changes } else { &mut summary.goes };
                    (listed, from.name(&change.key, value))
                }
                (Some(value), Some(after)) => {
                    if with_order(value.clone(), after.order()) == *after {
                        continue;
                    }
                    (&mut summary.changes, from.name(&change.key, value))
                }
                (None, None) => continue,
            };
            listed.add(&change.key, name);
        }
        summary
    }

    /// Whether nothing comes, changes or goes.
    pub fn is_empty(&self) -> bool {
        [&self.comes, &self.changes, &self.goes].iter().all(|listed| listed.tally.total() == 0)
    }
}

impl Listed {
    fn add(&mut self, key: &Key, name: String) {
        let tally = &mut self.tally;
        let count = match key {
            Key::Deletion(_) => return,
            Key::Meta | Key::Scheme => &mut tally.settings,
            Key::Annotator(_) => &mut tally.annotators,
            Key::Speaker(_) => &mut tally.speakers,
            Key::Group(_) => &mut tally.groups,
            Key::Relation(_) => &mut tally.relations,
            Key::Article(_) => &mut tally.articles,
            Key::Set(_) => &mut tally.statuses,
            Key::Annotation(..) => &mut tally.annotations,
        };
        *count += 1;
        if self.names.len() < NAMED {
            self.names.push(name);
        }
    }
}

impl Tally {
    fn named(&self) -> [(u32, &'static str, &'static str); 8] {
        [
            (self.settings, "setting", "settings"),
            (self.articles, "article", "articles"),
            (self.annotations, "annotation", "annotations"),
            (self.speakers, "speaker", "speakers"),
            (self.annotators, "annotator", "annotators"),
            (self.relations, "relation", "relations"),
            (self.groups, "group", "groups"),
            (self.statuses, "status", "statuses"),
        ]
    }

    /// All kinds together.
    pub fn total(&self) -> u32 {
        self.named().iter().map(|(count, ..)| count).sum()
    }
}

impl fmt::Display for Tally {
    /// As `2 articles, 1 annotation`; `nothing` if all are zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.total() == 0 {
            return f.write_str("nothing");
        }
        let named = self.named().into_iter().filter(|(count, ..)| *count > 0);
        for (at, (count, one, many)) in named.enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{count} {}", if count == 1 { one } else { many })?;
        }
        Ok(())
    }
}
