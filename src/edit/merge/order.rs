//! Where records stand among those of their kind, once two copies have come together.

use std::collections::BTreeMap;

use super::join::with_order;
use super::records::Records;
use crate::project::Key;

/// Gives all records of a kind their places.
///
/// Where one copy has the records of both in an order that the other does not contradict, its
/// order stands; else each record stands as early as either copy has it. Mine stays as it is where
/// that comes to the same.
pub(super) fn settle(merged: &mut Records, mine: &Records, theirs: &Records) {
    let kinds = [
        Key::Annotator("".into()),
        Key::Speaker("".into()),
        Key::Group("".into()),
        Key::Relation("".into()),
        Key::Article("".into()),
    ];
    for kind in kinds {
        let of_kind = |records: &Records| -> BTreeMap<Key, u32> {
            let of_kind = records.range(&kind..).take_while(|(key, _)| key.kind() == kind.kind());
            let standing = of_kind.filter(|(key, _)| merged.contains_key(key));
            standing.map(|(key, value)| (key.clone(), value.order())).collect()
        };
        let (mine, theirs) = (of_kind(mine), of_kind(theirs));
        let (my_sequence, their_sequence) = (sequence(&mine), sequence(&theirs));
        let places = if holds(&my_sequence, &their_sequence) {
            mine
        } else if holds(&their_sequence, &my_sequence) {
            theirs
        } else {
            let mut earliest = mine.clone();
            for (key, order) in theirs {
                let place = earliest.entry(key).or_insert(order);
                *place = order.min(*place);
            }
            if sequence(&earliest) == my_sequence { mine } else { earliest }
        };
        for (key, order) in places {
            if let Some(value) = merged.get_mut(&key) {
                *value = with_order(value.clone(), order);
            }
        }
    }
}

/// Keys by their places; of those at one place, by id.
fn sequence(places: &BTreeMap<Key, u32>) -> Vec<Key> {
    let mut keys: Vec<Key> = places.keys().cloned().collect();
    keys.sort_by_key(|key| places.get(key));
    keys
}

/// Whether a sequence has all that stands in another, in the same order.
fn holds(sequence: &[Key], other: &[Key]) -> bool {
    let mut left = sequence.iter();
    other.iter().all(|key| left.any(|it| it == key))
}
