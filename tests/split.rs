//! Splits of articles: what belongs together stays together, the parts get what was asked, and the
//! report says why. `UPDATE=1` rewrites the golden report.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use avow::annotation::ArticleId;
use avow::format::dataset::{
    BadFractions, FORMATS, Fractions, Likeness, Package, Part, Reason, Sketch, Split, Wanted,
    split, split_among, split_sketched,
};
use avow::format::native;
use avow::project::Project;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

// ---- Projects ----

const EMPTY: &str = include_str!("golden/empty.avow.json");

/// Articles by id and text, and what leads from one to another.
#[derive(Clone, Debug, Default)]
struct News {
    articles: Vec<(String, String)>,
    /// The words of an article that are no part of it.
    boilerplate: Vec<(String, String)>,
    groups: Vec<(&'static str, Vec<String>)>,
    /// From an article to another, or to a group.
    relations: Vec<(&'static str, String, Json)>,
}

/// The one annotation that each article has.
fn place(article: &str) -> Json {
    json!({"article": article, "annotation": format!("{article}-claim")})
}

impl News {
    fn of<'a>(articles: impl IntoIterator<Item = (&'a str, String)>) -> News {
        let articles = articles.into_iter().map(|(id, text)| (id.to_owned(), text)).collect();
        News { articles, ..News::default() }
    }

    fn article(&self, id: &str, text: &str) -> Json {
        let regions = self.boilerplate.iter().filter(|(of, _)| of == id).map(|(_, words)| {
            let start = text[..text.find(words).unwrap()].chars().count();
            let end = start + words.chars().count();
            json!({"start": start, "end": end, "kind": "boilerplate"})
        });
        let first: String = text.chars().take(1).collect();
        let annotation = json!({
            "id": format!("{id}-claim"), "label": "claim",
            "spans": [{"start": 0, "end": 1, "text": first}],
        });
        let annotations = if first.is_empty() { json!([]) } else { json!([annotation]) };
        json!({
            "id": id, "title": id, "text": text, "regions": regions.collect::<Vec<_>>(),
            "sets": [{"annotator": "ada", "status": "done", "annotations": annotations}],
        })
    }

    fn project(&self) -> Project {
        let articles: Vec<Json> =
            self.articles.iter().map(|(id, text)| self.article(id, text)).collect();
        let groups = self.groups.iter().map(|(id, members)| {
            let members: Vec<Json> = members.iter().map(|it| place(it)).collect();
            json!({"id": id, "sentence": "So it is.", "members": members})
        });
        let relations = self.relations.iter().map(|(id, from, to)| {
            json!({"id": id, "type": "denies", "annotator": "ada", "from": place(from), "to": to})
        });
        let file = json!({
            "format": "avow", "version": 1, "offset_unit": "code-point",
            "project": {"id": "news", "title": "News"},
            "scheme": serde_json::from_str::<Json>(EMPTY).unwrap()["scheme"],
            "annotators": [{"id": "ada", "name": "Ada"}],
            "groups": groups.collect::<Vec<_>>(), "articles": articles,
            "relations": relations.collect::<Vec<_>>(),
        });
        let read = native::read("news.avow.json", &file.to_string()).unwrap();
        assert_eq!(read.problems, []);
        read.project
    }

    fn split(&self, fractions: &str, seed: u64) -> Split {
        split(&self.project(), fractions.parse().unwrap(), seed).unwrap()
    }

    /// The clusters of more than one article.
    fn clusters(&self) -> BTreeSet<Vec<String>> {
        let clusters = self.split("80/10/10", 1).report.clusters;
        let ids = clusters.iter().map(|it| it.articles.iter().map(ToString::to_string).collect());
        ids.collect()
    }

    /// How alike the only two articles are that are held together.
    #[track_caller]
    fn likeness(&self) -> Likeness {
        let report = self.split("80/10/10", 1).report;
        let [cluster] = &report.clusters[..] else { panic!("{report}") };
        let [bond] = &cluster.bonds[..] else { panic!("{report}") };
        let Reason::Alike(likeness) = bond.reason else { panic!("{report}") };
        likeness
    }
}

// ---- Words ----

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        (self.0 >> 33) as usize % end
    }

    /// A word of a language that nobody speaks.
    fn word(&mut self) -> String {
        const SYLLABLES: &[&str] =
            &["lo", "mer", "ti", "van", "du", "sel", "ka", "nor", "wi", "pesh", "ga", "ruu"];
        (0..2 + self.below(2)).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }

    fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.word()).collect()
    }
}

/// So many words, of which another seed gives others.
fn prose(seed: u64, count: usize) -> Vec<String> {
    Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).words(count)
}

fn text(words: &[String]) -> String {
    let sentences = words.chunks(11).map(|sentence| sentence.join(" ") + ".");
    sentences.collect::<Vec<_>>().join(" ")
}

/// The same with one of so many words another, from one place on.
fn edited(words: &[String], every: usize, from: usize) -> Vec<String> {
    let another = |at: usize| prose(at as u64 + 1_000_000 * (from as u64 + 1), 1).remove(0) + "x";
    let each = words.iter().enumerate();
    each.map(|(at, it)| if at % every == from { another(at) } else { it.clone() }).collect()
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/dataset").join(name)
}

/// Compares with a golden file, or rewrites it.
#[track_caller]
fn golden(name: &str, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path(name), found).unwrap();
    }
    let expected = fs::read_to_string(path(name)).unwrap_or_default();
    assert!(found == expected, "{name} differs; UPDATE=1 rewrites it. Found:\n{found}");
}

// ---- A story: the dam of Lower Wend ----

const AGENCY: &str = "The dam above Lower Wend will be emptied before the winter, the water board of \
    Marrowshire said on Monday. Engineers had found two cracks in its eastern wall in spring, and a \
    third last week. “Nobody in the valley is in danger,” said Odile Brask, who heads the board. The \
    mayor of Lower Wend, Tam Okoro, called that a promise which she had heard before. The board had \
    known of the cracks for two years, she said, and had told neither the town nor the farmers below \
    it. Brask denied this. The first report, she said, spoke of stains and not of cracks, and was \
    sent to the town hall within a week.";

/// A day later: the agency has put the news in front and taken the end away.
const UPDATED: &str = "Forty families left their houses on Tuesday night after a siren had sounded by \
    mistake. The dam above Lower Wend will be emptied before the winter, the water board of \
    Marrowshire said on Monday. Engineers had found two cracks in its eastern wall in spring, and a \
    third last week. “Nobody in the valley is in danger,” said Odile Brask, who heads the board. The \
    mayor of Lower Wend, Tam Okoro, called that a promise which she had heard before. The board had \
    known of the cracks for two years, she said.";

/// In a paper's own words, with one sentence of the board that all papers quote.
const COURIER: &str = "People along the Wend have learnt to read water. When the brook behind the \
    school ran brown in March, old Hanno Pell put his geese on the hill and told whoever asked that \
    the wall up there was weeping. He was laughed at then. “Nobody in the valley is in danger,” said \
    Odile Brask, who heads the board, at a hearing to which he was not invited. Pell says that he \
    will believe her when she sleeps a night in his barn. His geese are still on the hill.";

/// Other news, with a claim that the mayor denies in the agency's story.
const LETTER: &str = "To the editor of the Marrow Gazette: your paper wrote that the town hall lost a \
    letter. I have worked there for thirty years and have never lost one. There was no such letter. \
    What came in June was a calendar with pictures of dams, which hangs in the kitchen.";

const FAIR: &str = "The pear fair at Quillan drew more visitors than ever, its stewards said. A pear of \
    two kilograms won, and a boy who had eaten nineteen was taken home in a cart.";

const FERRY: &str = "The ferry between Quillan and Saint Osk stays in port until Friday. Its only captain \
    has a cold, and the law knows no other who may steer it.";

const HEBREW: &str = "הסכר שמעל הכפר יתרוקן לפני החורף, כך הודיעה רשות המים ביום שני. המהנדסים מצאו שני \
    סדקים בקיר המזרחי באביב, ועוד אחד בשבוע שעבר. ראש העיר אמרה כי כבר שמעה הבטחה כזאת.";

const CHINESE: &str = "水务局周一表示，下温德上方的水坝将在冬天之前放空。工程师春天在东墙上发现了两条裂缝，\
    上周又发现了第三条。镇长说，这样的承诺她以前听过。";

fn dam() -> News {
    let mut news = News::of([
        ("agency", AGENCY.to_owned()),
        ("evening", AGENCY.to_uppercase().replace(',', " –")),
        ("updated", UPDATED.to_owned()),
        ("courier", COURIER.to_owned()),
        ("letter", LETTER.to_owned()),
        ("fair", FAIR.to_owned()),
        ("ferry", FERRY.to_owned()),
        ("hebrew", HEBREW.to_owned()),
        ("chinese", CHINESE.to_owned()),
        ("morning", format!("晨报。{CHINESE}读者来信见第四版。")),
        ("smiles", "😀 😀 🌊".to_owned()),
        ("geese", text(&prose(1, 60))),
    ]);
    news.groups = vec![("lost", vec!["letter".into(), "geese".into(), "geese".into()])];
    news.relations = vec![
        ("r1", "agency".into(), json!({"group": "lost"})),
        ("r2", "fair".into(), place("ferry")),
        ("r3", "fair".into(), Json::Null),
    ];
    news
}

#[test]
fn the_report_is_as_before() {
    let lines = [dam().split("1/1/1", 3), with_footer(24, 200, 60).split("80/10/10", 1)];
    let lines = lines.map(|split| split.report.to_string()).join("\n");
    golden("split.txt", &lines);
    assert!(lines.lines().all(|line| line.chars().count() < 100), "{lines}");
}

#[test]
fn the_story_is_held_together_and_the_paper_of_its_own_words_is_not() {
    let clusters = dam().clusters();
    let expected = [
        vec!["agency", "evening", "geese", "letter", "updated"],
        vec!["chinese", "morning"],
        vec!["fair", "ferry"],
    ];
    assert_eq!(clusters, expected.map(|it| it.into_iter().map(str::to_owned).collect()).into());
    // It shares a sentence of twelve words with all three, which stays the most that is left.
    let residual = |seed| dam().split("60/20/20", seed).report.residual;
    let pairs = (0..20).flat_map(residual);
    let mut left = 0;
    for pair in pairs {
        assert!(pair.articles.contains(&"courier".into()), "{pair:?}");
        assert!((12..20).contains(&pair.likeness.passage) && pair.likeness.percent() < 30);
        assert_ne!(pair.parts[0], pair.parts[1]);
        left += 1;
    }
    assert!(left > 0);
}

// ---- What is alike ----

#[test]
fn a_copy_is_found_though_each_tenth_word_is_another() {
    for length in [60, 100, 400, 1000] {
        for every in 10..=20 {
            let story = prose(length as u64, length);
            let news = News::of([
                ("story", text(&story)),
                ("copy", text(&edited(&story, every, every / 2))),
                ("other", text(&prose(7, length))),
            ]);
            let likeness = news.likeness();
            assert!(likeness.percent() >= 45, "{length}, {every}: {likeness}");
        }
    }
}

#[test]
fn a_short_article_within_a_long_one_is_found() {
    for length in [12, 20, 40, 200] {
        let brief = prose(length as u64, length);
        let long = [prose(1, 900), brief.clone(), prose(2, 900)].concat();
        let likeness = News::of([("brief", text(&brief)), ("long", text(&long))]).likeness();
        assert_eq!((likeness.percent(), likeness.passage), (100, length as u32));
    }
}

#[test]
fn a_long_passage_within_other_words_is_found_and_a_short_one_is_not() {
    for (length, is_found) in [(50, true), (80, true), (49, false), (25, false), (8, false)] {
        let passage = prose(length as u64, length);
        let around =
            |seed: u64| text(&[prose(seed, 400), passage.clone(), prose(seed + 1, 500)].concat());
        let news = News::of([("a", around(10)), ("b", around(20)), ("c", text(&prose(3, 900)))]);
        assert_eq!(news.clusters().len(), usize::from(is_found), "{length}");
        if is_found {
            assert_eq!(news.likeness().passage, length as u32);
        } else if length >= 12 {
            // Should the two come apart, it is said.
            let residuals = (0..20).flat_map(|seed| news.split("1/1/1", seed).report.residual);
            assert!(residuals.map(|it| it.likeness.passage).any(|it| it == length as u32));
        }
    }
}

#[test]
fn case_punctuation_and_line_ends_make_no_difference() {
    let other = AGENCY.replace("“", "\"").replace(". ", ".\r\n\r\n").replace(", ", " — ");
    let likeness = News::of([("a", AGENCY.into()), ("b", other.to_uppercase())]).likeness();
    assert_eq!((likeness.percent(), likeness.passage), (100, 113));
}

#[test]
fn what_is_marked_as_boilerplate_is_no_likeness() {
    let footer = text(&prose(99, 70));
    let mut news = News::of((1..=3).map(|at| {
        (["a", "b", "c"][at - 1], format!("{}\n{footer}", text(&prose(at as u64, 100))))
    }));
    assert_eq!(news.clusters().len(), 1);
    news.boilerplate = ["a", "b", "c"].map(|id| (id.to_owned(), footer.clone())).into();
    assert_eq!(news.clusters().len(), 0);
    news.boilerplate.pop();
    assert_eq!(news.clusters().len(), 0);
}

/// Articles of a paper that puts the same lines under each.
fn with_footer(count: usize, length: usize, footer: usize) -> News {
    let ids: Vec<String> = (0..count).map(|at| format!("a{at:03}")).collect();
    let footer = text(&prose(77, footer));
    let own = |at: usize| format!("{}\n{footer}", text(&prose(at as u64 + 100, length)));
    News::of(ids.iter().enumerate().map(|(at, id)| (id.as_str(), own(at))))
}

#[test]
fn what_stands_under_very_many_articles_holds_none_together_and_is_told() {
    let few = with_footer(20, 300, 60);
    assert_eq!(few.clusters().len(), 1);
    for (many, told) in [(with_footer(60, 200, 60), true), (with_footer(60, 40, 30), false)] {
        assert_eq!(many.clusters().len(), 0);
        let report = many.split("80/10/10", 1).report;
        assert_eq!(report.widespread.as_ref().map(|it| it.articles), told.then_some(60));
        if let Some(widespread) = report.widespread {
            assert_eq!(widespread.first.as_str(), "a000");
            assert!(text(&prose(77, 60)).starts_with(&widespread.begins), "{widespread:?}");
        }
    }
}

#[test]
fn a_story_in_very_many_papers_is_held_together_nevertheless() {
    let mut news = with_footer(40, 300, 60);
    let story = prose(5, 200);
    for at in 0..60 {
        let copy = match at % 3 {
            0 => text(&story),
            1 => text(&edited(&story, 25, at % 25)),
            // Within a long article of the paper's own.
            _ => text(&[prose(at as u64 + 500, 150), story.clone()].concat()),
        };
        news.articles.push((format!("s{at:02}"), copy));
    }
    let clusters = news.clusters();
    let lengths: Vec<usize> = clusters.iter().map(Vec::len).collect();
    assert_eq!(lengths, [60], "{clusters:?}");
}

#[test]
fn copies_of_any_script_are_found_and_texts_without_words_are_none() {
    let hindi =
        "बाँध सर्दियों से पहले खाली किया जाएगा, जल बोर्ड ने सोमवार को कहा। मेयर ने कहा कि यह वादा पुराना है।";
    let thai = "เขื่อนเหนือหมู่บ้านจะถูกระบายน้ำออกก่อนฤดูหนาว คณะกรรมการน้ำกล่าวเมื่อวันจันทร์";
    for words in [HEBREW, CHINESE, hindi, thai, AGENCY] {
        let within = format!("{} 🌊 {words} 😀", text(&prose(4, 300)));
        let news = News::of([("a", words.to_owned()), ("b", within), ("c", FERRY.to_owned())]);
        assert_eq!(news.likeness().percent(), 100, "{words}");
    }
    for empty in ["", "😀", "… — !\n"] {
        assert_eq!(
            News::of([("a", empty.to_owned()), ("b", empty.to_owned())]).clusters().len(),
            0
        );
    }
    let short = News::of([("a", "Rain.".to_owned()), ("b", "rain".to_owned())]);
    assert_eq!(short.likeness().percent(), 100);
}

#[test]
fn one_word_over_and_over_takes_no_time() {
    let ids: Vec<String> = (0..30).map(|at| format!("a{at}")).collect();
    let again = |at: usize| "rain ".repeat(2000 + at);
    let news = News::of(ids.iter().enumerate().map(|(at, id)| (id.as_str(), again(at))));
    assert!(news.split("80/10/10", 1).report.clusters.len() <= 1);
}

// ---- Parts ----

fn alone(count: usize) -> News {
    let ids: Vec<String> = (0..count).map(|at| format!("a{at:03}")).collect();
    News::of(ids.iter().enumerate().map(|(at, id)| (id.as_str(), text(&prose(at as u64, 12)))))
}

fn sizes(split: &Split) -> [usize; 3] {
    Part::ALL.map(|part| split.parts().filter(|(_, it)| *it == part).count())
}

#[test]
fn fractions_are_three_whole_numbers() {
    for (written, shown) in [("80/10/10", "80/10/10"), ("1/0/0", "1/0/0"), ("07/2/1", "7/2/1")] {
        assert_eq!(written.parse::<Fractions>().map(|it| it.to_string()), Ok(shown.to_owned()));
    }
    for written in ["", "80", "80/20", "0/0/0", "8/1/1/0", "0.8/0.1/0.1", "-1/1/1", "80/ 10/10"] {
        assert_eq!(written.parse::<Fractions>(), Err(BadFractions), "{written}");
    }
    assert_eq!(Fractions::new(0, 0, 0), None);
    assert_eq!(Part::ALL.map(Part::name), ["train", "validation", "test"]);
}

#[test]
fn each_part_gets_what_was_asked() {
    for (count, fractions, expected) in [
        (0, "80/10/10", [0, 0, 0]),
        (1, "80/10/10", [1, 0, 0]),
        (10, "80/10/10", [8, 1, 1]),
        (100, "80/10/10", [80, 10, 10]),
        (101, "80/10/10", [81, 10, 10]),
        (30, "1/1/1", [10, 10, 10]),
        (20, "0/1/3", [0, 5, 15]),
        (7, "0/0/4294967295", [0, 0, 7]),
    ] {
        let split = alone(count).split(fractions, 3);
        assert_eq!(sizes(&split), expected, "{count} as {fractions}");
        let filled = split.report.filled.each_ref().map(|it| (it.articles, it.annotations));
        assert_eq!(filled, expected.map(|count| (count, count)));
        assert!(split.report.is_met());
    }
}

#[test]
fn a_cluster_too_large_for_the_fractions_is_told() {
    let mut news = alone(10);
    let text = text(&prose(50, 100));
    news.articles.extend((0..30).map(|at| (format!("copy{at:02}"), text.clone())));
    let split = news.split("1/1/1", 1);
    let mut found = sizes(&split);
    found.sort_unstable();
    assert_eq!(found, [5, 5, 30]);
    let report = split.report.to_string();
    assert!(!split.report.is_met() && report.contains("the largest cluster has 30 articles"));

    let news = News::of(["a", "b", "c"].map(|id| (id, AGENCY.to_owned())));
    assert_eq!(sizes(&news.split("80/10/10", 1)), [3, 0, 0]);
}

#[test]
fn no_part_gets_only_what_stands_alone() {
    let mut news = News::default();
    for at in 0..60_u64 {
        for copy in 0..=at % 3 {
            news.articles.push((format!("{at}-{copy}"), text(&prose(at, 30))));
        }
    }
    let split = news.split("60/20/20", 1);
    for part in Part::ALL {
        let of_size = |size| {
            let clusters = split.report.clusters.iter();
            clusters.filter(|it| it.part == part && it.articles.len() == size).count()
        };
        let share = if part == Part::Train { 12 } else { 4 };
        assert!(of_size(2).abs_diff(share) <= 1 && of_size(3).abs_diff(share) <= 1);
    }
}

#[test]
fn another_seed_gives_another_split() {
    let news = alone(30);
    let splits: BTreeSet<String> = (0..20)
        .map(|seed| {
            let split = news.split("80/10/10", seed);
            split.parts().map(|(_, part)| &part.name()[..2]).collect()
        })
        .collect();
    assert!(splits.len() > 15, "{}", splits.len());
    // Each article is in each part for some seed.
    let test = |seed| {
        let split = news.split("80/10/10", seed);
        let test = split.parts().filter(|(_, part)| *part == Part::Test);
        test.map(|(id, _)| id.clone()).collect::<Vec<_>>()
    };
    assert_eq!((0..100).flat_map(test).collect::<BTreeSet<_>>().len(), 30);
}

#[test]
fn an_article_more_moves_at_most_two_others() {
    for count in 1..40 {
        let before = alone(count).split("70/20/10", 5);
        let after = alone(count + 1).split("70/20/10", 5);
        let moved = before.parts().filter(|(id, part)| after.part_of(id) != Some(*part)).count();
        assert!(moved <= 2, "{count}: {moved}");
    }
}

#[test]
fn the_same_split_everywhere() {
    // What another machine must find too.
    let split = alone(12).split("50/25/25", 2611);
    let parts: Vec<Part> = split.parts().map(|(_, part)| part).collect();
    let [train, validation, test] = Part::ALL;
    let mut expected = [train; 12];
    [0, 6, 7].into_iter().for_each(|at| expected[at] = test);
    [4, 9, 11].into_iter().for_each(|at| expected[at] = validation);
    assert_eq!(parts, expected);
}

#[test]
fn only_some_articles_are_split_and_only_they_are_needed() {
    let project = dam().project();
    let some: Vec<ArticleId> = ["fair", "letter", "geese", "fair"].map(Into::into).into();
    let fractions = "1/1/1".parse().unwrap();
    let all_else = project.articles().into_iter().filter(|it| !some.contains(&it.id));
    let least = all_else.fold(project.clone(), |least, it| least.without_loaded(&it.id));
    let split = split_among(&least, &some, fractions, 1).unwrap();
    assert_eq!(split.parts().count(), 3);
    assert_eq!(split.part_of(&"letter".into()), split.part_of(&"geese".into()));
    assert_eq!(split.part_of(&"ferry".into()), None);
    assert_eq!(split, split_among(&project, some.iter().rev(), fractions, 1).unwrap());

    let error = avow::format::dataset::split(&least, fractions, 1).unwrap_err();
    assert_eq!(error.0, "agency".into());
    let nobody = "nobody".into();
    assert_eq!(split_among(&project, [&nobody], fractions, 1).unwrap_err().0, nobody);
}

/// The split of a project of which no two articles are loaded at once.
fn one_by_one(project: &Project, fractions: Fractions, seed: u64) -> Split {
    let ids: Vec<ArticleId> = project.articles().iter().map(|it| it.id.clone()).collect();
    let index = ids.iter().fold(project.clone(), |index, id| index.without_loaded(id));
    let with = |id: &ArticleId| {
        let others = ids.iter().filter(|other| *other != id);
        others.fold(project.clone(), |alone, other| alone.without_loaded(other))
    };
    let sketches = ids.iter().map(|id| Sketch::of(&with(id), id).unwrap()).collect();
    let mut split = split_sketched(&index, sketches, fractions, seed);
    if let Some(widespread) = &mut split.report.widespread {
        let begins = |id| widespread.begins_in(&with(id), id);
        let found: Vec<String> = ids.iter().filter_map(begins).collect();
        assert_eq!((found.len(), widespread.begins.as_str()), (1, ""));
        widespread.begins = found.concat();
    }
    split
}

#[test]
fn articles_one_by_one_give_the_same_split() {
    for news in [dam(), with_footer(24, 200, 60), News::default()] {
        let (project, fractions) = (news.project(), "50/25/25".parse().unwrap());
        let split = split(&project, fractions, 5).unwrap();
        assert_eq!(one_by_one(&project, fractions, 5), split);
        let wanted = Wanted { split: Some((fractions, 5)), ..Wanted::new(&FORMATS[0]) };
        let package = Package::of(&project, &wanted).unwrap();
        assert_eq!(package.split, Some(split.report.to_string()));
        let beside = package.files.iter().find(|it| it.name == "split.txt").unwrap();
        assert_eq!(beside.content, split.report.to_string());
    }
    let nobody = "nobody".into();
    assert_eq!(Sketch::of(&dam().project(), &nobody).unwrap_err().0, nobody);
}

// ---- Laws ----

/// What an article has of one of four stories.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Own,
    Copy,
    Edited(usize),
    /// A passage of it.
    Extract,
    /// That passage within other words.
    Around,
}

#[derive(Clone, Debug)]
struct Case {
    articles: Vec<(usize, Kind)>,
    group: Vec<usize>,
    relation: (usize, usize),
    fractions: [u32; 3],
    seed: u64,
    turn: usize,
}

fn case() -> impl Strategy<Value = Case> {
    let kind = prop_oneof![
        4 => Just(Kind::Own),
        1 => Just(Kind::Copy),
        1 => (0..17_usize).prop_map(Kind::Edited),
        1 => Just(Kind::Extract),
        1 => Just(Kind::Around),
    ];
    let fractions = [0..5_u32, 0..5, 1..5];
    let articles = prop::collection::vec((0..4_usize, kind), 1..25);
    let group = prop::collection::vec(0..40_usize, 0..4);
    (articles, group, (0..40_usize, 0..40_usize), fractions, any::<u64>(), 0..25_usize).prop_map(
        |(articles, group, relation, fractions, seed, turn)| Case {
            articles,
            group,
            relation,
            fractions,
            seed,
            turn,
        },
    )
}

impl Case {
    fn id(&self, at: usize) -> Option<String> {
        // Not in the order of their places.
        (at < self.articles.len()).then(|| format!("{}{at}", ["q", "b", "k"][at % 3]))
    }

    fn text(&self, at: usize) -> String {
        let (of, kind) = self.articles[at];
        let story = prose(of as u64 + 1, 150);
        let own = prose(at as u64 + 100, 120);
        text(&match kind {
            Kind::Own => own,
            Kind::Copy => story,
            Kind::Edited(from) => edited(&story, 17, from),
            Kind::Extract => story[40..100].to_vec(),
            Kind::Around => [&own[..60], &story[40..100], &own[60..]].concat(),
        })
    }

    fn news(&self) -> News {
        let articles =
            (0..self.articles.len()).filter_map(|at| Some((self.id(at)?, self.text(at)))).collect();
        let members: Vec<String> = self.group.iter().filter_map(|at| self.id(*at)).collect();
        let mut news = News { articles, ..News::default() };
        news.groups = vec![("g", members)];
        if let (Some(from), Some(to)) = (self.id(self.relation.0), self.id(self.relation.1)) {
            news.relations.push(("r1", from, json!({"group": "g"})));
            news.relations.push(("r2", to.clone(), place(&to)));
        }
        news
    }

    /// Whether two articles must not come apart.
    fn belong_together(&self, a: usize, b: usize) -> bool {
        let part_of_story = |kind| kind != Kind::Own;
        let is_passage_edited = |kind| matches!(kind, Kind::Edited(_));
        // Around an edited passage there are too many other words.
        let alike = |a, b| part_of_story(a) && !(a == Kind::Around && is_passage_edited(b));
        let [(of_a, kind_a), (of_b, kind_b)] = [self.articles[a], self.articles[b]];
        let leads = self.relation.1 < self.articles.len() && self.relation.0 < self.articles.len();
        let to_group = |at| self.group.contains(&at) || leads && self.relation.0 == at;
        let alike = alike(kind_a, kind_b) && alike(kind_b, kind_a);
        of_a == of_b && alike || to_group(a) && to_group(b)
    }
}

/// Holds the laws of any split.
fn check(case: &Case, split: &Split) {
    let count = case.articles.len();
    assert_eq!(split.parts().count(), count);
    for a in 0..count {
        let part = |at| split.part_of(&case.id(at).unwrap().into()).unwrap();
        for b in (0..count).filter(|b| case.belong_together(a, *b)) {
            assert_eq!(part(a), part(b), "{case:?}\n{}", split.report);
        }
    }
    let report = &split.report;
    for cluster in &report.clusters {
        assert_eq!(cluster.bonds.len() + 1, cluster.articles.len());
        assert!(cluster.articles.iter().all(|it| split.part_of(it) == Some(cluster.part)));
        for bond in &cluster.bonds {
            assert!(bond.articles[0] < bond.articles[1]);
            assert!(bond.articles.iter().all(|it| cluster.articles.contains(it)));
        }
    }
    for pair in &report.residual {
        assert_ne!(pair.parts[0], pair.parts[1]);
        assert_eq!([0, 1].map(|at| split.part_of(&pair.articles[at]).unwrap()), pair.parts);
        assert!(pair.likeness.percent() < 30 && pair.likeness.passage < 50, "{report}");
    }
    let largest = report.clusters.first().map_or(1, |it| it.articles.len());
    let whole: u32 = case.fractions.iter().sum();
    for (asked, found) in case.fractions.iter().zip(sizes(split)) {
        let off = (*asked as usize * count).abs_diff(found * whole as usize);
        assert!(off <= largest * whole as usize, "{report}");
        assert!(*asked > 0 || found == 0, "{report}");
    }
}

/// Stretches of stories, one behind the other: the story, where the stretch starts, its length.
type Stretches = Vec<(u64, usize, usize)>;

fn stretches() -> impl Strategy<Value = Vec<Stretches>> {
    let stretch = (0..6_u64, 0..150_usize, 1..70_usize);
    prop::collection::vec(prop::collection::vec(stretch, 0..5), 1..12)
}

fn assembled(stretches: &Stretches) -> Vec<String> {
    let stretch = |(of, from, length): &(u64, usize, usize)| {
        prose(*of + 1, 220)[*from..from + length].to_vec()
    };
    stretches.iter().flat_map(stretch).collect()
}

/// Whether two texts are alike, by comparing all with all.
fn are_alike(a: &[String], b: &[String]) -> bool {
    fn all(words: &[String], length: usize) -> BTreeSet<&[String]> {
        words.windows(length).collect()
    }
    let (of_a, of_b) = (all(a, 5), all(b, 5));
    let shared = of_a.intersection(&of_b).count();
    let passage = all(a, 50).intersection(&all(b, 50)).next().is_some();
    let share = shared >= 8 && shared * 100 >= of_a.len().min(of_b.len()) * 30;
    passage || share || a == b && !a.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_belongs_together_stays_together_in_any_order(case in case()) {
        let [train, validation, test] = case.fractions;
        let fractions = Fractions::new(train, validation, test).unwrap();
        let mut news = case.news();
        let found = split(&news.project(), fractions, case.seed).unwrap();
        check(&case, &found);
        prop_assert_eq!(&one_by_one(&news.project(), fractions, case.seed), &found);

        let turn = case.turn % news.articles.len();
        news.articles.rotate_left(turn);
        news.articles[turn..].reverse();
        let again = split(&news.project(), fractions, case.seed).unwrap();
        prop_assert_eq!(again.report.to_string(), found.report.to_string());
        prop_assert_eq!(again, found);
    }

    #[test]
    fn what_is_alike_is_what_a_slow_look_finds(articles in stretches()) {
        let words: Vec<Vec<String>> = articles.iter().map(assembled).collect();
        let mut cluster: Vec<usize> = (0..words.len()).collect();
        for a in 0..words.len() {
            for b in (0..a).filter(|b| are_alike(&words[a], &words[*b])) {
                let (from, to) = (cluster[a], cluster[b]);
                cluster.iter_mut().filter(|it| **it == from).for_each(|it| *it = to);
            }
        }
        let ids: Vec<String> = (10..10 + words.len()).map(|at| at.to_string()).collect();
        let of = |number: usize| -> Vec<String> {
            let here = ids.iter().zip(&cluster).filter(|(_, it)| **it == number);
            here.map(|(id, _)| id.clone()).collect()
        };
        let expected: BTreeSet<Vec<String>> =
            (0..words.len()).map(of).filter(|ids| ids.len() > 1).collect();
        let news = News::of(ids.iter().zip(&words).map(|(id, words)| (id.as_str(), text(words))));
        prop_assert_eq!(news.clusters(), expected);
    }

    #[test]
    fn what_is_its_own_is_held_together_with_nothing(
        case in case(), lengths in prop::collection::vec(0..200_usize, 1..20),
    ) {
        let ids: Vec<String> = (0..lengths.len()).map(|at| format!("a{at}")).collect();
        let own = |at: usize| text(&prose(case.seed.wrapping_add(at as u64), lengths[at]));
        let news = News::of(ids.iter().enumerate().map(|(at, id)| (id.as_str(), own(at))));
        prop_assert_eq!(news.clusters().len(), 0);
    }
}
