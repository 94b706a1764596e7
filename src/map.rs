//! One map for all: the standard one is several kilobytes for each pair of types, and its clone
//! copies everything.

use std::cmp::Ordering;
use std::fmt;
use std::slice;
use std::sync::Arc;

/// How many entries a chunk may have: few enough to copy at each keystroke, many enough that a
/// list of all chunks stays short.
const CHUNK: usize = 64;

/// A map in the order of its keys; a clone costs nothing and shares all that does not change.
///
/// A change copies one chunk and the list of chunks where these are shared, else nothing.
pub struct Map<K, V>(Arc<Chunks<K, V>>);

struct Chunks<K, V> {
    /// Sorted by key, no key twice; no chunk is empty or longer than [`CHUNK`].
    list: Vec<Arc<Vec<(K, V)>>>,
    /// The chunk into which something was put last, while there is one: most comes in order, and the next
    /// key stands there too.
    latest: usize,
}

/// Where a key stands, or would stand.
struct Place {
    chunk: usize,
    at: usize,
    found: bool,
}

/// How many of the first of `len` items satisfy a condition that none after them does. What comes in order
/// comes behind all.
fn partition_point(len: usize, is_before: &dyn Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    if len > 0 && is_before(len - 1) {
        low = len;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The last of `len` chunks that does not begin after a key, else the first; at once if that is the
/// `latest`.
fn chunk_of(len: usize, latest: usize, begins_by: &dyn Fn(usize) -> bool) -> usize {
    let begins_by = |at| at < len && begins_by(at);
    if begins_by(latest) && !begins_by(latest + 1) {
        return latest;
    }
    partition_point(len, &begins_by).saturating_sub(1)
}

/// What nobody else holds. (`Arc::make_mut` minds weak references too, of which there are none; it is
/// twice the code.)
fn unshared<T: Clone>(it: &mut Arc<T>) -> &mut T {
    if Arc::get_mut(it).is_none() {
        *it = Arc::new(T::clone(it));
    }
    Arc::get_mut(it).expect("it is new, or was not shared")
}

impl<K: Ord, V> Map<K, V> {
    /// A map with nothing in it.
    pub fn new() -> Map<K, V> {
        Map::default()
    }

    fn place(&self, key: &K) -> Place {
        let Chunks { list: chunks, latest } = &*self.0;
        let chunk = chunk_of(chunks.len(), *latest, &|at| chunks[at][0].0 <= *key);
        let entries = chunks.get(chunk).map_or(&[][..], |chunk| chunk);
        let at = partition_point(entries.len(), &|at| entries[at].0 < *key);
        let found = entries.get(at).is_some_and(|(other, _)| other == key);
        Place { chunk, at, found }
    }

    /// What stands under a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let Place { chunk, at, found } = self.place(key);
        found.then(|| &self.0.list[chunk][at].1)
    }

    /// Whether something stands under a key.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).found
    }

    /// All, in the order of keys.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { entries: [].iter(), chunks: self.0.list.iter() }
    }

    /// Those whose keys are not before this one.
    pub fn starting_at(&self, key: &K) -> Iter<'_, K, V> {
        let Place { chunk, at, .. } = self.place(key);
        let mut chunks = self.0.list.iter();
        let entries = chunks.nth(chunk).map_or(&[][..], |chunk| &chunk[at..]);
        Iter { entries: entries.iter(), chunks }
    }

    /// All but so many of the first.
    pub fn skipping(&self, mut count: usize) -> Iter<'_, K, V> {
        let mut chunks = self.0.list.iter();
        let mut entries = [].iter();
        for chunk in chunks.by_ref() {
            if count < chunk.len() {
                entries = chunk[count..].iter();
                break;
            }
            count -= chunk.len();
        }
        Iter { entries, chunks }
    }

    /// How many keys stand before this one.
    pub fn count_before(&self, key: &K) -> usize {
        let Place { chunk, at, .. } = self.place(key);
        self.0.list.iter().take(chunk).map(|chunk| chunk.len()).sum::<usize>() + at
    }

    /// The last, in the order of keys.
    pub fn last(&self) -> Option<(&K, &V)> {
        self.0.list.last()?.last().map(|(key, value)| (key, value))
    }

    /// In order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// In the order of keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The keys under which another value stands here than in another map, or where one of the two
    /// has none; in order. Costs what the chunks hold that the two do not share.
    pub fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a K>
    where
        V: PartialEq,
    {
        let (mut here, mut there) = (self.iter(), other.iter());
        let (mut first, mut second) = (None, None);
        let mut keys = Vec::new();
        loop {
            if first.is_none() && second.is_none() {
                here.skip_shared(&mut there);
            }
            first = first.or_else(|| here.next());
            second = second.or_else(|| there.next());
            let order = match (first, second) {
                (None, None) => return keys,
                (Some((one, _)), Some((another, _))) => one.cmp(another),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            let one = if order.is_le() { first.take() } else { None };
            let another = if order.is_ge() { second.take() } else { None };
            if one.map(|it| it.1) != another.map(|it| it.1) {
                keys.extend(one.or(another).map(|it| it.0));
            }
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.list.iter().map(|chunk| chunk.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.list.is_empty()
    }
}

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    /// Puts a value under a key, in place of what stood there.
    pub fn insert(&mut self, key: K, value: V) {
        self.replace(key, value);
    }

    /// Puts a value under a key, and gives what stood there.
    pub fn replace(&mut self, key: K, value: V) -> Option<V> {
        let Place { chunk: mut number, mut at, found } = self.place(&key);
        let Chunks { list: chunks, latest } = unshared(&mut self.0);
        *latest = number;
        if found {
            let stood = &mut unshared(&mut chunks[number])[at].1;
            return Some(std::mem::replace(stood, value));
        }
        if chunks.is_empty() {
            chunks.push(Arc::default());
        }
        if chunks[number].len() == CHUNK {
            // What comes in order, as most does, comes to the end of a chunk, and leaves it full.
            let kept = if at == CHUNK { CHUNK } else { CHUNK / 2 };
            let rest = unshared(&mut chunks[number]).split_off(kept);
            chunks.insert(number + 1, Arc::new(rest));
            if at > CHUNK / 2 {
                (number, at) = (number + 1, at - kept);
                *latest = number;
            }
        }
        let chunk = unshared(&mut chunks[number]);
        if chunk.len() == chunk.capacity() {
            // Twice the room, as always, but no more than it will ever need.
            chunk.reserve_exact(chunk.len().max(1).min(CHUNK - chunk.len()));
        }
        chunk.insert(at, (key, value));
        None
    }

    /// Puts a value under a key or takes away what is there, and gives what stood there.
    pub fn set(&mut self, key: &K, value: Option<V>) -> Option<V> {
        match value {
            Some(value) => self.replace(key.clone(), value),
            None => self.remove(key),
        }
    }

    /// Takes out what stands under a key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let Place { chunk: number, at, found } = self.place(key);
        if !found {
            return None;
        }
        let chunks = &mut unshared(&mut self.0).list;
        let chunk = unshared(&mut chunks[number]);
        let (_, value) = chunk.remove(at);
        if chunk.is_empty() {
            chunks.remove(number);
        }
        Some(value)
    }
}

/// The entries of a map, in the order of keys.
pub struct Iter<'a, K, V> {
    /// Those left of the chunk that was begun.
    entries: slice::Iter<'a, (K, V)>,
    /// Those not yet begun.
    chunks: slice::Iter<'a, Arc<Vec<(K, V)>>>,
}

impl<K, V> Iter<'_, K, V> {
    /// Skips the chunks that come next in both, where both have come to the end of one.
    fn skip_shared(&mut self, other: &mut Self) {
        if !self.entries.as_slice().is_empty() || !other.entries.as_slice().is_empty() {
            return;
        }
        let (here, there) = (self.chunks.as_slice(), other.chunks.as_slice());
        let shared = here.iter().zip(there).take_while(|(one, another)| Arc::ptr_eq(one, another));
        let count = shared.count();
        (self.chunks, other.chunks) = (here[count..].iter(), there[count..].iter());
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.entries.next() {
                return Some((key, value));
            }
            self.entries = self.chunks.next()?.iter();
        }
    }
}

impl<K, V> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        Map(self.0.clone())
    }
}

impl<K, V> Clone for Chunks<K, V> {
    fn clone(&self) -> Self {
        Chunks { list: self.list.clone(), latest: self.latest }
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map(Arc::new(Chunks { list: Vec::new(), latest: 0 }))
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Map::new();
        entries.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Act {
        Insert(u16, u8),
        Remove(u16),
        /// The map as it is now must not change any more.
        Keep,
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let key = 0..400_u16;
        let act = prop_oneof![
            12 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Act::Insert(key, value)),
            6 => key.prop_map(Act::Remove),
            1 => Just(Act::Keep),
        ];
        prop::collection::vec(act, 0..1000)
    }

    #[track_caller]
    fn same(map: &Map<u16, u8>, oracle: &BTreeMap<u16, u8>) {
        assert!(map.iter().eq(oracle));
        assert!(map.0.list.iter().all(|chunk| (1..=CHUNK).contains(&chunk.len())));
        assert_eq!((map.len(), map.is_empty()), (oracle.len(), oracle.is_empty()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_is_the_standard_map_and_clones_do_not_change(acts in acts()) {
            let (mut map, mut oracle) = (Map::new(), BTreeMap::new());
            let mut kept = Vec::new();
            for act in acts {
                match act {
                    Act::Insert(key, value) => {
                        assert_eq!(map.replace(key, value), oracle.insert(key, value));
                    }
                    Act::Remove(key) => assert_eq!(map.remove(&key), oracle.remove(&key)),
                    Act::Keep => kept.push((map.clone(), oracle.clone())),
                }
            }
            kept.push((map, oracle));
            for (map, oracle) in &kept {
                same(map, oracle);
                for key in 0..=400 {
                    assert_eq!(map.get(&key), oracle.get(&key));
                    assert_eq!(map.contains_key(&key), oracle.contains_key(&key));
                }
                for key in (0..=400).step_by(57) {
                    assert!(map.starting_at(&key).eq(oracle.range(key..)));
                    assert!(map.skipping(key.into()).eq(oracle.iter().skip(key.into())));
                    assert_eq!(map.count_before(&key), oracle.range(..key).count());
                }
                assert_eq!(map.last(), oracle.last_key_value());
            }
            for ((before, old), (after, new)) in kept.iter().zip(&kept[1..]) {
                let keys = (0..400).filter(|key| old.get(key) != new.get(key));
                assert_eq!(before.differing(after), keys.collect::<Vec<_>>().iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_comes_in_order_takes_no_more_room_than_it_needs() {
        let map: Map<(u8, u32), u32> =
            (0..10_000).flat_map(|key| [((0, key), key), ((1, key), key)]).collect();
        let room: usize = map.0.list.iter().map(|chunk| chunk.capacity()).sum();
        assert!(room < map.len() + 3 * CHUNK, "room for {room} of {}", map.len());
    }

    #[test]
    fn a_change_of_a_clone_copies_one_chunk() {
        let before: Map<u32, u32> = (0..10_000).map(|key| (key, key)).collect();
        let mut after = before.clone();
        after.insert(5000, 0);
        let shared = before.0.list.iter().zip(&after.0.list).filter(|(a, b)| Arc::ptr_eq(a, b));
        assert_eq!(shared.count(), before.0.list.len() - 1);
    }
}
