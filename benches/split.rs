//! What a split of articles costs, of a thousand and of ten thousand.
//!
//! `cargo bench --bench split` prints it. Times differ by machine; ten times as many articles should
//! take little more than ten times as long.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use avow::format::dataset::{Fractions, split};
use avow::format::native;
use avow::project::Project;

/// So many characters has an article, about.
const LENGTH: usize = 5_000;

/// What makes so many texts.
type Kind = fn(&mut Random, usize) -> Vec<String>;

struct Random(u64);

impl Random {
    /// From 0 to less than 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() * end as f64) as usize
    }

    /// A word: few come often, and most seldom, as in any language.
    fn word(&mut self) -> String {
        let number = (20_000_f64.powf(self.next()) - 1.0) as usize;
        let syllables = ["ba", "ler", "ti", "mon", "du", "ser", "ka", "nel", "or", "vi"];
        number.to_string().bytes().map(|digit| syllables[usize::from(digit - b'0')]).collect()
    }

    fn article(&mut self) -> String {
        let mut text = String::new();
        while text.len() < LENGTH {
            text += &self.word();
            text += if self.below(12) == 0 { ". " } else { " " };
        }
        text
    }

    /// The same with one of so many words another.
    fn edited(&mut self, text: &str, each: usize) -> String {
        let words = text.split(' ').map(|word| match self.below(each) {
            0 => self.word(),
            _ => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Articles that have nothing to do with each other, but that each tenth is an edited copy of one.
fn news(random: &mut Random, count: usize) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for at in 0..count {
        let text = match at % 10 {
            9 => {
                let of = random.below(texts.len());
                random.edited(&texts[of].clone(), 15)
            }
            _ => random.article(),
        };
        texts.push(text);
    }
    texts
}

/// Forty stories, and nothing but edited copies of them.
fn copies(random: &mut Random, count: usize) -> Vec<String> {
    let stories: Vec<String> = (0..40).map(|_| random.article()).collect();
    (0..count).map(|at| random.edited(&stories[at % stories.len()], 15)).collect()
}

/// Sentences from a list of four hundred, in any order.
fn forms(random: &mut Random, count: usize) -> Vec<String> {
    let mut sentence = |_| (0..14).map(|_| random.word()).collect::<Vec<_>>().join(" ") + ". ";
    let sentences: Vec<String> = (0..400).map(&mut sentence).collect();
    let mut article = |_| {
        let mut text = String::new();
        while text.len() < LENGTH {
            text += &sentences[random.below(sentences.len())];
        }
        text
    };
    (0..count).map(&mut article).collect()
}

fn project(texts: &[String]) -> Option<Project> {
    let mut lines = "{\"format\": \"avow\", \"version\": 1}\n".to_owned();
    for (at, text) in texts.iter().enumerate() {
        let _ = writeln!(lines, "{{\"id\": \"{at}\", \"text\": \"{text}\"}}");
    }
    native::read_lines("bench.avow.jsonl", &lines).ok().map(|read| read.project)
}

fn main() {
    println!("{:<24} {:>9} {:>9} {:>9} {:>12}", "", "articles", "ms", "clusters", "in clusters");
    let kinds: [(&str, Kind); 3] =
        [("news, each tenth a copy", news), ("copies of forty stories", copies), ("forms", forms)];
    for (what, texts) in kinds {
        for count in [1_000, 10_000] {
            let Some(project) = project(&texts(&mut Random(1), count)) else { continue };
            let Some(fractions) = Fractions::new(80, 10, 10) else { continue };
            let started = Instant::now();
            let Ok(split) = split(black_box(&project), fractions, 1) else { continue };
            let took = started.elapsed().as_secs_f64() * 1000.0;
            let clusters = &split.report.clusters;
            let articles: usize = clusters.iter().map(|it| it.articles.len()).sum();
            println!("{what:<24} {count:>9} {took:>9.0} {:>9} {articles:>12}", clusters.len());
        }
    }
}
