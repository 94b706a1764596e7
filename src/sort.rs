//! One small stable sort for all: the standard one is several kilobytes, and these for each type
//! that is sorted.

use std::cmp::Ordering;

/// Sorts; what is equal keeps its order.
pub(crate) fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let compare: &dyn Fn(usize, usize) -> Ordering = &|a, b| compare(&items[a], &items[b]);
    if is_in_order(items.len(), compare) {
        return;
    }
    let order = order(items.len(), compare);
    let mut unsorted: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| unsorted[at].take()));
}

/// Whether nothing is to be done, as for most lists.
fn is_in_order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> bool {
    (1..len).all(|at| compare(at - 1, at).is_le())
}

/// The indices of a list in the order of its sorted items; of those that are equal, the earlier
/// first. Runs of sorted items are merged, two by two, until there is one.
pub(crate) fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let (mut order, mut merged): (Vec<usize>, _) = ((0..len).collect(), Vec::with_capacity(len));
    let mut sorted = 1;
    while sorted < len {
        for pair in order.chunks(2 * sorted) {
            let (mut left, mut right) = pair.split_at(sorted.min(pair.len()));
            while let (Some(a), Some(b)) = (left.first(), right.first()) {
                let run = if compare(*a, *b).is_le() { &mut left } else { &mut right };
                merged.push(run[0]);
                *run = &run[1..];
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
        sorted *= 2;
    }
    order
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_is_the_standard_stable_sort(keys in prop::collection::vec(0..20_u8, 0..100)) {
            let mut items: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by(&mut items, |(a, _), (b, _)| a.cmp(b));
            assert_eq!(items, expected);
        }
    }
}
