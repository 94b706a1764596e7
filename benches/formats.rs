//! How fast the project's file and datasets are read and written, beside what serde_json needs for the
//! same bytes as plain JSON.
//!
//! `cargo bench --bench formats` prints it. Megabytes differ by machine; the ratios should not.

use std::hint::black_box;
use std::time::{Duration, Instant};

use avow::format::dataset::{Choice, FORMATS};
use avow::format::native;
use avow::project::Project;
use serde_json::{Value as Json, json};

const INVENTED: &str = include_str!("../tests/golden/invented.avow.json");

/// A project of so many articles, each with the annotations of one of the golden project's, and as long
/// as articles are.
fn project(articles: usize) -> Project {
    let mut file: Json = serde_json::from_str(INVENTED).unwrap();
    let templates = file["articles"].as_array().unwrap().clone();
    let article = |at: usize| {
        let mut article = templates[at % templates.len()].clone();
        article["id"] = json!(format!("article-{at}"));
        let said = "The council met again and spoke of rain, of roofs and of what mending costs.\n";
        article["text"] = json!(article["text"].as_str().unwrap().to_owned() + &said.repeat(60));
        article["sha256"] = Json::Null;
        let sets = article["sets"].as_array_mut().unwrap();
        for annotation in sets.iter_mut().flat_map(|set| set["annotations"].as_array_mut().unwrap())
        {
            annotation["id"] = json!(format!("{}-{at}", annotation["id"].as_str().unwrap()));
        }
        article["unplaced"] = json!([]);
        article
    };
    file["articles"] = (0..articles).map(article).collect();
    for key in ["groups", "relations", "deletions"] {
        file[key] = json!([]);
    }
    native::read("bench", &file.to_string()).unwrap().project
}

/// The shortest of a few times.
fn time<T>(mut work: impl FnMut() -> T) -> Duration {
    let once = |work: &mut dyn FnMut() -> T| {
        let started = Instant::now();
        black_box(work());
        started.elapsed()
    };
    (0..3).map(|_| once(&mut work)).min().unwrap_or_default()
}

fn line(what: &str, bytes: usize, own: Duration, plain: Option<Duration>) {
    let speed = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    print!("{what:<22} {:>7.1} {:>9.1}", bytes as f64 / 1e6, speed(own));
    match plain {
        Some(plain) => {
            println!(" {:>9.1} {:>6.2}", speed(plain), own.as_secs_f64() / plain.as_secs_f64());
        }
        None => println!(),
    }
}

/// The lines of a file, or all of it, as plain JSON.
fn parse(text: &str, lines: bool) -> Vec<Json> {
    let parts: Vec<&str> = if lines { text.lines().collect() } else { vec![text] };
    parts.into_iter().filter_map(|part| serde_json::from_str(part).ok()).collect()
}

fn main() {
    println!("{:<22} {:>7} {:>9} {:>9} {:>6}", "", "MB", "MB/s", "plain", "times");
    let project = project(2_000);
    let object = native::write(&project).unwrap();
    let lines = native::write_lines(&project).unwrap();
    let (object_json, lines_json) = (parse(&object, false), parse(&lines, true));
    let read = |text: &str, lines| time(|| parse(text, lines));
    let pretty = |values: &[Json]| {
        time(|| {
            values.iter().map(|it| serde_json::to_string_pretty(it).unwrap().len()).sum::<usize>()
        })
    };
    let compact = |values: &[Json]| {
        time(|| values.iter().map(|it| serde_json::to_string(it).unwrap().len()).sum::<usize>())
    };
    let own = time(|| native::read("bench", &object).unwrap());
    line("avow, read", object.len(), own, Some(read(&object, false)));
    let own = time(|| native::read_lines("bench", &lines).unwrap());
    line("avow-lines, read", lines.len(), own, Some(read(&lines, true)));
    let own = time(|| native::write(&project).unwrap());
    line("avow, write", object.len(), own, Some(pretty(&object_json)));
    let own = time(|| native::write_lines(&project).unwrap());
    line("avow-lines, write", lines.len(), own, Some(compact(&lines_json)));

    for format in FORMATS {
        let files = format.write(&project, &Choice::default()).unwrap().files;
        let bytes = files.iter().map(|file| file.content.len()).sum();
        let own = time(|| format.write(&project, &Choice::default()).unwrap());
        let jsons: Vec<Json> = files
            .iter()
            .filter(|file| file.name.contains(".json"))
            .flat_map(|file| parse(&file.content, file.name.ends_with('l')))
            .collect();
        let plain = (!jsons.is_empty()).then(|| compact(&jsons));
        line(&format!("{}, write", format.id), bytes, own, plain);
    }
}
