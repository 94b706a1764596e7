//! What the screen of speakers shows: how often each speaks, and whose names are alike.

use crate::annotation::{AttributeValue, SpeakerId};
use crate::map::Map;
use crate::project::{Project, Speaker};

/// How many annotations of loaded articles point to each speaker; never a zero.
pub fn speaker_uses(project: &Project) -> Map<SpeakerId, u32> {
    let mut uses: Map<SpeakerId, u32> = Map::new();
    let loaded = project.loaded_articles().filter(|id| project.article(id).is_some());
    let sets = loaded.filter_map(|id| project.loaded(id)).flat_map(|it| it.sets.values());
    let values = sets.flat_map(|set| set.values()).flat_map(|it| it.attributes.values());
    for value in values {
        let AttributeValue::Speakers(speakers) = value else { continue };
        for speaker in speakers {
            let count = uses.get(&speaker.id).copied().unwrap_or_default();
            uses.insert(speaker.id.clone(), count + 1);
        }
    }
    uses
}

/// Pairs of speakers who may be one, to be proposed and never merged by themselves: a name of one
/// is the last word of a name of the other, or differs from it by one letter.
pub fn alike(project: &Project) -> Vec<(SpeakerId, SpeakerId)> {
    let speakers = project.speakers();
    let mut pairs = Vec::new();
    for (at, first) in speakers.iter().enumerate() {
        for second in &speakers[at + 1..] {
            let near = names(first).any(|a| names(second).any(|b| are_alike(a, b)));
            if near {
                pairs.push((first.id.clone(), second.id.clone()));
            }
        }
    }
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

fn names(speaker: &Speaker) -> impl Iterator<Item = &str> {
    [&speaker.name].into_iter().chain(&speaker.aliases).map(String::as_str)
}

fn are_alike(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim().to_lowercase(), b.trim().to_lowercase());
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let last = |name: &str| name.split_whitespace().next_back().unwrap_or_default().to_owned();
    let one_word = |name: &str| name.split_whitespace().count() == 1;
    let surname = one_word(&a) && last(&b) == a || one_word(&b) && last(&a) == b;
    a == b || surname || is_one_letter_off(&a, &b)
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

#[cfg(test)]
mod tests {
    use super::are_alike;

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
