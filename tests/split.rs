//! Splits of datasets: what belongs together stands in one part, and the same seed gives the same.
#![cfg(not(target_arch = "wasm32"))]

use avow::format::dataset::{Fractions, Part, Split, split};
use avow::format::native;
use avow::project::Project;
use serde_json::{Value as Json, json};

/// A project of these articles, in this order, and links between articles.
fn project(articles: &[(String, String)], links: &[(&str, &str)]) -> Project {
    let article = |(id, text): &(String, String)| {
        let end = text.split(' ').next().unwrap().chars().count();
        let word: String = text.chars().take(end).collect();
        json!({ "id": id, "title": id, "text": text, "sets": [{ "annotator": "ada", "annotations": [
            { "id": format!("c-{id}"), "label": "claim", "spans": [{ "start": 0, "end": end, "text": word }] }
        ] }] })
    };
    let place = |id: &str| json!({ "article": id, "annotation": format!("c-{id}") });
    let relations: Vec<Json> = links
        .iter()
        .enumerate()
        .map(|(at, (from, to))| {
            json!({ "id": format!("r{at}"), "type": "repeats", "annotator": "ada",
                    "from": place(from), "to": place(to) })
        })
        .collect();
    let file = json!({ "format": "avow", "version": 1, "offset_unit": "code-point",
        "project": { "id": "p", "title": "P" }, "annotators": [{ "id": "ada", "name": "Ada" }],
        "articles": articles.iter().map(article).collect::<Vec<_>>(), "relations": relations });
    native::read("p", &file.to_string()).unwrap().project
}

/// So many words that no other seed gives.
fn words(seed: u32, count: usize) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut word = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!(
            "{}{}",
            ["river", "mayor", "harbour", "tax", "bridge"][(state >> 20) as usize % 5],
            state >> 12
        )
    };
    (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
}

fn articles(count: u32) -> Vec<(String, String)> {
    (0..count).map(|at| (format!("a{at}"), words(at + 1, 120))).collect()
}

fn parts(project: &Project, seed: u64) -> Split {
    split(project, Fractions::default(), seed).unwrap()
}

fn part(split: &Split, id: &str) -> Part {
    split.part_of(&id.into()).unwrap()
}

#[test]
fn every_article_is_in_one_part_and_parts_are_as_large_as_asked() {
    let project = project(&articles(100), &[]);
    let split = parts(&project, 1);
    let count = |wanted| split.parts().filter(|(_, part)| *part == wanted).count();
    assert_eq!(Part::ALL.map(count), [80, 10, 10]);
}

#[test]
fn order_does_not_matter_and_seeds_do() {
    let mut shuffled = articles(60);
    shuffled.rotate_left(17);
    shuffled.swap(3, 40);
    let (one, other) = (project(&articles(60), &[]), project(&shuffled, &[]));
    assert_eq!(parts(&one, 5), parts(&other, 5));
    assert_eq!(parts(&one, 5).report.to_string(), parts(&other, 5).report.to_string());
    let of = |seed| -> Vec<Part> { parts(&one, seed).parts().map(|(_, part)| part).collect() };
    let differing = (0..5).filter(|seed| of(*seed) != of(seed + 1));
    assert!(differing.count() >= 4);
}

#[test]
fn what_is_alike_stays_together_whatever_the_seed() {
    let mut all = articles(40);
    // A later version, in which each twentieth word is another.
    let edited: Vec<String> = all[0]
        .1
        .split(' ')
        .enumerate()
        .map(|(at, word)| if at % 20 == 7 { format!("new{at}") } else { word.to_owned() })
        .collect();
    all.push(("edited".to_owned(), edited.join(" ")));
    // A short one that a long one holds, and a passage that two have.
    all.push(("long".to_owned(), format!("{} {} {}", words(901, 200), all[1].1, words(902, 200))));
    let passage = words(903, 60);
    for (id, seed) in [("left", 904), ("right", 905)] {
        all.push((
            id.to_owned(),
            format!("{} {passage} {}", words(seed, 150), words(seed + 10, 150)),
        ));
    }
    let project = project(&all, &[("a2", "a3"), ("a3", "a4")]);
    for seed in 0..20 {
        let split = parts(&project, seed);
        for (a, b) in
            [("a0", "edited"), ("a1", "long"), ("left", "right"), ("a2", "a3"), ("a2", "a4")]
        {
            assert_eq!(part(&split, a), part(&split, b), "{a} and {b}, seed {seed}");
        }
    }
}

#[test]
fn a_phrase_in_common_holds_nothing_together() {
    let mut all = articles(40);
    for (_, text) in &mut all {
        text.push_str(" our reporter wrote this and the agency helped");
    }
    assert_eq!(parts(&project(&all, &[]), 1).report.clusters, []);
}

#[test]
fn nothing_and_one_and_all_alike_can_be_split() {
    assert_eq!(parts(&project(&[], &[]), 1).parts().count(), 0);
    assert_eq!(parts(&project(&articles(1), &[]), 1).parts().count(), 1);
    let same: Vec<_> = (0..9).map(|at| (format!("a{at}"), words(1, 90))).collect();
    let split = parts(&project(&same, &[]), 1);
    let first = part(&split, "a0");
    assert!(split.parts().all(|(_, it)| it == first));
}
