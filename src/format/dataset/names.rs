//! Names for where only plain characters may stand: of files, of types.

use std::collections::{BTreeMap, BTreeSet};

/// What ids are called, no two alike, even where case does not count.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Names of ASCII letters, digits, `_`, `-` and `.` that begin with a letter, as files may have.
    pub(super) fn of<'a>(ids: impl IntoIterator<Item = &'a str>) -> Names {
        Names::with("_-.", "-", &[], ids)
    }

    /// Names of ASCII letters, digits and `_` that begin with a letter, none of which is reserved.
    pub(super) fn identifiers<'a>(
        reserved: &[&str],
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Names {
        Names::with("_", "_", reserved, ids)
    }

    /// The first of several ids that would be called the same is called so.
    fn with<'a>(
        signs: &str,
        other: &str,
        reserved: &[&str],
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Names {
        let mut taken: BTreeSet<String> =
            reserved.iter().map(|name| name.to_ascii_lowercase()).collect();
        let mut names = BTreeMap::new();
        for id in ids {
            if names.contains_key(id) {
                continue;
            }
            let plain = plain(id, signs, other);
            let mut name = plain.clone();
            let mut count = 1;
            while !taken.insert(name.to_ascii_lowercase()) {
                count += 1;
                name = format!("{plain}{other}{count}");
            }
            names.insert(id.to_owned(), name);
        }
        Names(names)
    }

    /// The name of an id; empty for one that was not named.
    pub(super) fn get(&self, id: &str) -> &str {
        self.0.get(id).map_or("", String::as_str)
    }

    /// The names of all ids but these, in the order of ids.
    pub(super) fn others(&self, known: &BTreeSet<&str>) -> impl Iterator<Item = &str> {
        let others = self.0.iter().filter(|(id, _)| !known.contains(id.as_str()));
        others.map(|(_, name)| name.as_str())
    }
}

/// How much of an id is kept: file systems have 255 bytes for a name with its ending.
const LONGEST: usize = 100;

fn plain(id: &str, signs: &str, other: &str) -> String {
    let mut name = String::new();
    for it in id.chars().take(LONGEST) {
        if it.is_ascii_alphanumeric() || signs.contains(it) {
            name.push(it);
        } else {
            name += other;
        }
    }
    if name.starts_with(|it: char| it.is_ascii_alphabetic()) { name } else { format!("x{name}") }
}
