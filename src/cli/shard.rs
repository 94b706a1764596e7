//! `avow shard`: a project of any size as what a built page carries, its texts some to a file.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use serde::Serialize;

use super::deployment::{self, NAME, SHARDS, count, withdraw};
use super::input::InputError;
use super::output::{Out, OutputError};
use super::source::Source;
use crate::annotation::ArticleId;
use crate::format::NewArticle;
use crate::format::deployment::{Bytes, Deployment, Entry, LONGEST, ProjectMeta};
use crate::format::lists::{Share, TooFew, deal};
use crate::project::Project;
use crate::text::Hasher;

/// The arguments of `avow shard`.
#[derive(Args)]
#[command(after_help = "\
FOLDER/articles is written: index.json, which says what there is, and shards/, which has the texts. Put
it beside a built page of Avow. A page fetches the index, and of the shards what is opened.

With --annotator, each annotator has a list: the page at ?annotator=NAME shows that alone. Lists are of
one length, and the same seed makes the same lists. Annotations are no part of it.

Examples:
  avow shard corpus.avow.jsonl -o site/
  avow shard corpus.avow.jsonl -o site/ --annotator Ada --annotator Bo --annotator Cy --overlap 20
  avow shard corpus.avow.jsonl -o site/ --annotator Ada --annotator Bo --per-article 2 --seed 7")]
pub struct Shard {
    /// A project's file (.avow.json, .avow.jsonl) or a dataset (file, folder, ZIP); `-` reads standard
    /// input
    input: PathBuf,
    /// The folder of the built page
    #[arg(short, long, value_name = "FOLDER")]
    out: PathBuf,
    /// How large a shard gets, in MB. Where a host gives no parts of files, a page fetches a whole shard
    /// for an article: make them smaller
    #[arg(long, value_name = "MB", default_value = "1")]
    size: Size,
    /// Make a list for this annotator; may be given again
    #[arg(long, value_name = "NAME")]
    annotator: Vec<String>,
    /// How many annotators each article goes to
    #[arg(long, value_name = "N", requires = "annotator", conflicts_with = "overlap",
        value_parser = clap::value_parser!(u16).range(1..))]
    per_article: Option<u16>,
    /// How many of a hundred articles go to two annotators, so that their agreement can be measured;
    /// the others go to one
    #[arg(long, value_name = "PERCENT", requires = "annotator",
        value_parser = clap::value_parser!(u8).range(0..=100))]
    overlap: Option<u8>,
    /// Which of the possible lists
    #[arg(long, default_value_t = 1, requires = "annotator")]
    seed: u64,
}

/// How large a shard gets, unless one article is longer.
#[derive(Clone, Copy)]
struct Size {
    /// From 1.
    bytes: usize,
}

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(written: &str) -> Result<Size, &'static str> {
        let megabytes: f64 = written.parse().map_err(|_| "this is no number")?;
        match (0.001..=1000.0).contains(&megabytes) {
            true => Ok(Size { bytes: (megabytes * 1e6) as usize }),
            false => Err("a shard has from 0.001 to 1000 MB"),
        }
    }
}

/// Why nothing was written.
#[derive(Debug)]
pub enum ShardError {
    /// The input is no project.
    Input(InputError),
    /// A file could not be written, or the input not be read once more.
    Output(OutputError),
    /// Of what an earlier deployment wrote, something could not be taken away.
    Earlier(deployment::Error),
    /// There is no article with a text.
    NoArticle,
    /// A name of an annotator is empty or there twice.
    Name(String),
    /// There are too few annotators.
    TooFew(TooFew),
}

impl fmt::Display for ShardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShardError::Input(error) => error.fmt(f),
            ShardError::Output(error) => error.fmt(f),
            ShardError::Earlier(error) => error.fmt(f),
            ShardError::NoArticle => f.write_str("There is no article with a text in it"),
            ShardError::Name(name) => {
                write!(f, "Annotators have names of their own, and “{name}” is none")
            }
            ShardError::TooFew(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ShardError {}

impl Shard {
    /// Does it.
    ///
    /// # Errors
    /// The input is no project or has no text, the annotators are too few or named alike, or nothing
    /// can be written.
    pub fn run(&self) -> Result<(), ShardError> {
        let share = self.share()?;
        let source = Source::open(&self.input).map_err(ShardError::Input)?;
        let folder = self.out.join("articles");
        let failed = |error| ShardError::Output(OutputError::File(folder.clone(), error));
        let (articles, shards) = self.write_shards(&source, &folder).map_err(failed)?;
        if articles.is_empty() {
            return Err(ShardError::NoArticle);
        }
        let ids: Vec<ArticleId> = articles.iter().map(|entry| entry.id.clone()).collect();
        let lists = match self.annotator.is_empty() {
            true => Vec::new(),
            false => deal(&ids, &self.annotator, share, self.seed).map_err(ShardError::TooFew)?,
        };
        let project = source.project();
        let meta = project.meta();
        let deployment = Deployment {
            project: ProjectMeta {
                id: meta.id.clone(),
                title: meta.title.clone(),
                guidelines: meta.guidelines.clone(),
            },
            scheme: Some((**project.scheme()).clone()),
            // Whoever reads the file gives it its name.
            scheme_name: None,
            articles,
            lists,
            others: None,
        };
        let mut index = Out::create(&folder.join("index.json")).map_err(failed)?;
        index.write_all(deployment.to_json().as_bytes()).map_err(failed)?;
        index.finish().map_err(failed)?;
        // Up to here, a page had what was there before.
        withdraw(&folder, &shards.iter().cloned().collect()).map_err(ShardError::Earlier)?;
        say(project, &deployment, shards.len());
        Ok(())
    }

    /// How many annotators each article goes to.
    fn share(&self) -> Result<Share, ShardError> {
        let mut names = BTreeSet::new();
        for name in &self.annotator {
            if name.trim().is_empty() || !names.insert(name.trim()) {
                return Err(ShardError::Name(name.clone()));
            }
        }
        let share = match self.per_article {
            Some(count) => Share::Each(count.into()),
            None => Share::Overlap(self.overlap.unwrap_or_default().into()),
        };
        // What cannot be dealt is said before anything is written.
        if !self.annotator.is_empty() {
            deal(&[], &self.annotator, share, self.seed).map_err(ShardError::TooFew)?;
        }
        Ok(share)
    }

    /// Writes all texts; gives the articles, and the paths of the shards in the folder.
    fn write_shards(
        &self,
        source: &Source,
        folder: &Path,
    ) -> io::Result<(Vec<Entry>, Vec<String>)> {
        fs::create_dir_all(folder.join(SHARDS))?;
        let mut shards = Shards::new(folder, self.size);
        source.each(Line::of, |line| line.map_or(Ok(()), |line| shards.add(line)))?;
        shards.finish()
    }
}

/// An article as a line of a shard.
struct Line {
    json: String,
    entry: Entry,
}

/// The line as it stands in JSON: enough to be opened as an article, wherever it is found.
#[derive(Serialize)]
struct LineOut<'a> {
    id: &'a str,
    title: &'a str,
    text: &'a str,
}

impl Line {
    /// None of an article without a text.
    fn of(project: &Project, id: &ArticleId) -> Option<io::Result<Line>> {
        let (article, text) = (project.article(id)?, project.text(id)?);
        let (id, title) = (id.as_str(), article.title.as_str());
        // Strings alone: they cannot fail.
        let json = serde_json::to_string(&LineOut { id, title, text: text.as_str() });
        let json = json.unwrap_or_default() + "\n";
        let new = NewArticle { article: (**article).clone(), text: text.clone() };
        let bytes = Bytes::new(0, json.len() as u64);
        let too_long = || {
            let megabytes = LONGEST / 1_000_000;
            io::Error::other(format!("“{id}” is longer than {megabytes} MB: split it"))
        };
        Some(match bytes {
            Some(bytes) => Ok(Line { json, entry: Entry::in_shard(&new, bytes) }),
            None => Err(too_long()),
        })
    }
}

/// Shards while they are written, one after the other.
struct Shards<'a> {
    folder: &'a Path,
    size: Size,
    /// The lines of the shard that is not full yet.
    lines: String,
    /// All articles up to here.
    entries: Vec<Entry>,
    /// How many of them are in shards that are written.
    written: usize,
    names: Vec<String>,
}

impl<'a> Shards<'a> {
    fn new(folder: &'a Path, size: Size) -> Shards<'a> {
        let (lines, entries, names) = (String::new(), Vec::new(), Vec::new());
        Shards { folder, size, lines, entries, written: 0, names }
    }

    fn add(&mut self, line: io::Result<Line>) -> io::Result<()> {
        let Line { json, mut entry } = line?;
        if !self.lines.is_empty() && self.lines.len() + json.len() > self.size.bytes {
            self.write()?;
        }
        entry.bytes = Bytes::new(self.lines.len() as u64, json.len() as u64);
        self.lines += &json;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the shard under a name made from what is in it: no cache between a host and a page can
    /// take it for another.
    fn write(&mut self) -> io::Result<()> {
        let mut hasher = Hasher::default();
        hasher.add(&self.lines);
        let (number, hash) = (self.names.len() + 1, hasher.finish());
        let name = format!("{SHARDS}/{number:04}-{}.jsonl", &hash[..NAME]);
        fs::write(self.folder.join(&name), &self.lines)?;
        self.entries[self.written..].iter_mut().for_each(|entry| entry.file.clone_from(&name));
        self.written = self.entries.len();
        self.names.push(name);
        self.lines.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<(Vec<Entry>, Vec<String>)> {
        if !self.lines.is_empty() {
            self.write()?;
        }
        Ok((self.entries, self.names))
    }
}

/// Says what was written, and what of the project is not in it.
fn say(project: &Project, deployment: &Deployment, shards: usize) {
    let articles = &deployment.articles;
    println!("{} in {}", count(articles.len(), "article"), count(shards, "shard"));
    for list in &deployment.lists {
        let (name, length) = (&list.annotator, count(list.articles.len(), "article"));
        println!("{name}: {length}, at ?annotator={}", escaped(name));
    }
    let some = |what: &str, number: usize| {
        if number > 0 {
            eprintln!("{what}: {}.", count(number, "article"));
        }
    };
    let all = project.articles();
    some("Left out, since there is no text", all.len() - articles.len());
    let is_annotated = |id| project.rows_of(id).any(|(_, row)| row.total() > 0);
    let annotated = all.iter().filter(|it| is_annotated(&it.id)).count();
    some("Annotations stay in the project, and are no part of what was written", annotated);
    let marked = all.iter().filter(|it| !it.regions.is_empty()).count();
    some("So does what is marked as boilerplate", marked);
}

/// A name as an address has it.
fn escaped(name: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    name.bytes().map(escape).collect()
}
