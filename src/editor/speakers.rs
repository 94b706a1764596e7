//! What the screen of speakers shows: how often each speaks, and whose names are alike.

use crate::annotation::{Annotation, AttributeValue, SpeakerId};
use crate::map::Map;
use crate::project::{Project, Speaker};
use crate::sort::sort_by;

/// How often speakers speak, as it is counted for who looks at them, some articles at a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uses {
    /// Which counting this is: what is counted for another is dropped.
    pub run: u32,
    /// How many articles there are to be counted.
    pub of: usize,
    /// How many of them are left; none where nothing is counted.
    pub left: Option<usize>,
    /// How many annotations point to each; never a zero.
    pub by_speaker: Map<SpeakerId, u32>,
}

impl Uses {
    /// Another counting, of so many articles.
    pub fn anew(&self, of: Option<usize>) -> Uses {
        let by_speaker = Map::new();
        Uses { run: self.run + 1, of: of.unwrap_or_default(), left: of, by_speaker }
    }

    /// Whether all are counted.
    pub fn are_all(&self) -> bool {
        self.left == Some(0)
    }

    /// So many articles more are counted.
    pub fn take(&mut self, articles: usize, by_speaker: &Map<SpeakerId, u32>) {
        self.left = self.left.map(|left| left.saturating_sub(articles));
        self.replace(&Map::new(), by_speaker);
    }

    /// Annotations that were counted are others now.
    pub fn replace(&mut self, before: &Map<SpeakerId, u32>, after: &Map<SpeakerId, u32>) {
        let mut set = |id: &SpeakerId, change: &dyn Fn(u32) -> u32| {
            let count = change(self.by_speaker.get(id).copied().unwrap_or_default());
            match count {
                0 => drop(self.by_speaker.remove(id)),
                _ => self.by_speaker.insert(id.clone(), count),
            }
        };
        after.iter().for_each(|(id, more)| set(id, &|count| count + more));
        before.iter().for_each(|(id, less)| set(id, &|count| count.saturating_sub(*less)));
    }
}

/// Counts an annotation for each speaker that it points to.
pub fn count(annotation: &Annotation, uses: &mut Map<SpeakerId, u32>) {
    for value in annotation.attributes.values() {
        let AttributeValue::Speakers(speakers) = value else { continue };
        for speaker in speakers {
            let count = uses.get(&speaker.id).copied().unwrap_or_default();
            uses.insert(speaker.id.clone(), count + 1);
        }
    }
}

/// Pairs of speakers who may be one, to be proposed and never merged by themselves: a name of one
/// is the last word of a name of the other, or differs from it by one letter.
pub fn alike(project: &Project) -> Vec<(SpeakerId, SpeakerId)> {
    let speakers = project.speakers();
    let all = speakers.iter().enumerate();
    let all: Vec<_> = all.flat_map(|(at, it)| names(it).map(move |name| (at, name))).collect();
    let id = |at: usize| speakers[at].id.clone();
    pairs_alike(&all).into_iter().map(|(a, b)| (id(a), id(b))).collect()
}

/// Whose names are alike, each name beside who has it. Of thousands only those are compared that end in
/// one word, or are the same with a letter left out.
fn pairs_alike(all: &[(usize, &str)]) -> Vec<(usize, usize)> {
    let all = all.iter().map(|(who, name)| (*who, name.trim().to_lowercase()));
    let all: Vec<(usize, String)> = all.filter(|(_, name)| !name.is_empty()).collect();
    let mut by_word: Vec<_> = all.iter().map(|(who, name)| (last_word(name), name, who)).collect();
    sort_by(&mut by_word, Ord::cmp);
    let rests = all.iter().flat_map(|(who, name)| {
        let without = name
            .char_indices()
            .map(move |(at, letter)| format!("{}{}", &name[..at], &name[at + letter.len_utf8()..]));
        without.chain([name.clone()]).map(move |rest| (rest, name, who))
    });
    let mut by_rest: Vec<_> = rests.collect();
    sort_by(&mut by_rest, Ord::cmp);

    let mut pairs = Vec::new();
    for of_word in by_word.chunk_by(|a, b| a.0 == b.0) {
        for (_, _, first) in of_word.iter().filter(|(word, name, _)| word == name) {
            pairs.extend(of_word.iter().map(|(_, _, second)| (**first, **second)));
        }
    }
    for of_rest in by_rest.chunk_by(|a, b| a.0 == b.0) {
        for (at, (_, name, first)) in of_rest.iter().enumerate() {
            let near = of_rest[at + 1..].iter().filter(|(_, other, _)| is_near(name, other));
            pairs.extend(near.map(|(_, _, second)| (**first, **second)));
        }
    }
    pairs.retain(|(a, b)| a != b);
    pairs.iter_mut().for_each(|(a, b)| (*a, *b) = ((*a).min(*b), (*a).max(*b)));
    sort_by(&mut pairs, Ord::cmp);
    pairs.dedup();
    pairs
}

/// Names of speakers that have what is typed in them, in the project's order; the first of them,
/// since there may be thousands.
pub fn names_with(project: &Project, typed: &str) -> Vec<String> {
    const MOST: usize = 50;
    let typed = typed.trim().to_lowercase();
    let all = project.speakers().into_iter().map(|speaker| &speaker.name);
    all.filter(|name| name.to_lowercase().contains(&typed)).take(MOST).cloned().collect()
}

/// The speaker whom a mention most likely names: by name or alias, else by the last word of one,
/// else by a spelling that is one letter off.
pub fn likely_speaker(project: &Project, mention: &str) -> Option<SpeakerId> {
    let speakers = project.speakers();
    let same = |name: &str| name.to_lowercase() == mention.trim().to_lowercase();
    let exact = speakers.iter().find(|speaker| names(speaker).any(same));
    let alike = || speakers.iter().find(|it| names(it).any(|name| are_alike(name, mention)));
    exact.or_else(alike).map(|speaker| speaker.id.clone())
}

/// All names of a speaker, the one they go by first.
pub fn names(speaker: &Speaker) -> impl Iterator<Item = &str> {
    [&speaker.name].into_iter().chain(&speaker.aliases).map(String::as_str)
}

fn are_alike(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim().to_lowercase(), b.trim().to_lowercase());
    let both = !a.is_empty() && !b.is_empty();
    both && (last_word(&b) == a || last_word(&a) == b || is_near(&a, &b))
}

fn last_word(name: &str) -> &str {
    name.split_whitespace().next_back().unwrap_or_default()
}

fn is_near(a: &str, b: &str) -> bool {
    a == b || is_one_letter_off(a, b)
}

/// Whether two words of four letters or more, with the same first one, differ by one letter that
/// is another, missing or too many.
fn is_one_letter_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 4 || long.len() - short.len() > 1 || short[0] != long[0] {
        return false;
    }
    let same = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let rest = if short.len() == long.len() { same + 1 } else { same };
    same < long.len() && short[rest.min(short.len())..] == long[same + 1..]
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn those_who_are_alike_are_found_without_comparing_all(
            names in prop::collection::vec((0..6_usize, "[aAä]{0,5}( [ab]{1,2})?"), 0..12),
        ) {
            let names: Vec<(usize, &str)> = names.iter().map(|(who, it)| (*who, &**it)).collect();
            let pair = |a: &(usize, &str), b: &(usize, &str)| {
                (a.0 < b.0 && are_alike(a.1, b.1)).then_some((a.0, b.0))
            };
            let all = names.iter().flat_map(|a| names.iter().filter_map(|b| pair(a, b)));
            let mut all: Vec<_> = all.collect();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(pairs_alike(&names), all);
        }
    }

    #[test]
    fn names_that_may_be_one_person() {
        for (a, b) in [
            ("Jo Reyes", "Reyes"),
            ("reyes", "JO REYES"),
            ("Marlow", "Marlowe"),
            ("Blok", "Block"),
            ("Ødegård", "Ødegard"),
        ] {
            assert!(are_alike(a, b) && are_alike(b, a), "{a} and {b}");
        }
        for (a, b) in [
            ("Jo Reyes", "Al Reyes"),
            ("Reyes", "Keyes"),
            ("Lee", "Lea"),
            ("", "Reyes"),
            ("the minister", "the ministry of rain"),
        ] {
            assert!(!are_alike(a, b) && !are_alike(b, a), "{a} and {b}");
        }
    }
}
