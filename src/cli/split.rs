//! `avow split`: which article goes into which part.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use clap::Args;

use super::input::InputError;
use super::source::Source;
use crate::annotation::ArticleId;
use crate::format::dataset::{Fractions, Sketch, Split, split_sketched};
use crate::project::{NotLoaded, Project};

/// The arguments of `avow split`.
#[derive(Args)]
#[command(after_help = "\
Standard output has a line for each article: its id and its part, with a tab between. Standard error
says what was held together and what is still alike on two sides. `avow convert --split` splits so.

Examples:
  avow split rain.avow.json --parts 80/10/10 --seed 7 > parts.tsv")]
pub struct SplitArticles {
    /// A project's file (.avow.json, .avow.jsonl) or a dataset (file, folder, ZIP); `-` reads standard
    /// input
    input: PathBuf,
    /// How much of the whole go into train, validation and test
    #[arg(long, default_value_t = Fractions::default())]
    parts: Fractions,
    /// Which of the possible splits
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Why nothing was split.
#[derive(Debug)]
pub enum SplitError {
    /// The input could not be read.
    Input(InputError),
    /// The text of an article is not in the file.
    NotLoaded(NotLoaded),
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SplitError::Input(error) => error.fmt(f),
            SplitError::NotLoaded(NotLoaded(id)) => write!(f, "The article “{id}” has no text"),
        }
    }
}

impl std::error::Error for SplitError {}

impl SplitArticles {
    /// Does it.
    ///
    /// # Errors
    /// The input is no project.
    pub fn run(&self) -> Result<(), SplitError> {
        let source = Source::open(&self.input).map_err(SplitError::Input)?;
        let split = self.split(&source)?;
        for (article, part) in split.parts() {
            println!("{article}\t{}", part.name());
        }
        eprint!("{}", split.report);
        Ok(())
    }

    fn split(&self, source: &Source) -> Result<Split, SplitError> {
        let failed = |error| SplitError::Input(InputError::File(self.input.clone(), error));
        let mut sketches = Vec::new();
        source
            .each(Sketch::of, |sketch| {
                sketches.extend(sketch.ok());
                Ok(())
            })
            .map_err(failed)?;
        has_all(source.project(), &sketches).map_err(SplitError::NotLoaded)?;
        let mut split = split_sketched(source.project(), sketches, self.parts, self.seed);
        if let Some(widespread) = &mut split.report.widespread {
            let mut begins = None;
            source
                .each(
                    |project, id| widespread.begins_in(project, id),
                    |found| {
                        begins = begins.take().or(found);
                        Ok(())
                    },
                )
                .map_err(failed)?;
            widespread.begins = begins.unwrap_or_default();
        }
        Ok(split)
    }
}

/// Says the first article, by id, of which there is no sketch: one without a text.
fn has_all(project: &Project, sketches: &[Sketch]) -> Result<(), NotLoaded> {
    let known: BTreeSet<&ArticleId> = sketches.iter().map(Sketch::article).collect();
    let articles = project.articles().into_iter().map(|article| &article.id);
    match articles.filter(|id| !known.contains(id)).min() {
        Some(id) => Err(NotLoaded(id.clone())),
        None => Ok(()),
    }
}
