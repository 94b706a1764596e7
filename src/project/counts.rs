//! How many annotations of each label a set holds.

use std::sync::Arc;

use crate::scheme::LabelId;

/// How many there are of each label; never a zero.
///
/// A list: a map of two labels would be larger than the rest of a set's row, of which an index has one
/// for each article and annotator. A clone shares it, since many sets have the same counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// By label, no label twice.
    list: Arc<[(LabelId, u32)]>,
}

impl Counts {
    /// How many there are of a label.
    pub fn of(&self, label: &LabelId) -> u32 {
        self.list.iter().find(|(it, _)| it == label).map_or(0, |(_, count)| *count)
    }

    /// By label.
    pub fn iter(&self) -> impl Iterator<Item = (&LabelId, u32)> {
        self.list.iter().map(|(label, count)| (label, *count))
    }

    /// How many there are.
    pub fn total(&self) -> u32 {
        self.list.iter().map(|(_, count)| count).sum()
    }

    /// So many more of a label, or fewer.
    pub(crate) fn add(&mut self, label: LabelId, more: i32) {
        let count = self.of(&label).saturating_add_signed(more);
        self.put(label, count);
    }

    /// So many of a label, whatever there were.
    pub(crate) fn put(&mut self, label: LabelId, count: u32) {
        let at = self.list.iter().position(|(it, _)| *it >= label).unwrap_or(self.list.len());
        let is_known = self.list.get(at).is_some_and(|(it, _)| *it == label);
        if !is_known && count == 0 {
            return;
        }
        let mut list = self.list.to_vec();
        list.splice(at..at + usize::from(is_known), (count > 0).then_some((label, count)));
        self.list = list.into();
    }
}
