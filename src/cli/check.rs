//! `avow check`: what of a project breaks its rules.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::input::InputError;
use super::source::Source;
use crate::annotation::check::check;
use crate::annotation::{Annotation, ArticleId, Place, reading_order};
use crate::project::{Loaded, Owner, Project};

/// The arguments of `avow check`.
#[derive(Args)]
#[command(after_help = "\
What is found stands on standard output, one a line: article, annotator, annotation, rule and what
is wrong, with tabs between. The status is 0 if nothing was found, else 1.

Examples:
  avow check rain.avow.json
  avow check - < rain.avow.jsonl | cut -f4 | sort | uniq -c")]
pub struct Check {
    /// A project's file (.avow.json, .avow.jsonl) or a dataset (file, folder, ZIP); `-` reads standard
    /// input
    input: PathBuf,
}

/// Why a project does not pass.
#[derive(Debug)]
pub enum CheckError {
    /// It could not be read.
    Input(InputError),
    /// What was found could not be written, or the input not be read once more.
    Output(io::Error),
    /// So many faults in the file, which are on standard error, and so many broken rules.
    Found(usize, usize),
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CheckError::Input(error) => error.fmt(f),
            CheckError::Output(error) => error.fmt(f),
            CheckError::Found(file, rules) => {
                write!(f, "Faults in the file: {file}. Broken rules: {rules}.")
            }
        }
    }
}

impl std::error::Error for CheckError {}

impl Check {
    /// Does it.
    ///
    /// # Errors
    /// Something was found, or the input is no project.
    pub fn run(&self) -> Result<(), CheckError> {
        let source = Source::open(&self.input).map_err(CheckError::Input)?;
        let mut found = 0;
        let mut out = io::stdout().lock();
        let relations = source.project().relations().into_iter();
        let linked: BTreeSet<&Place> = relations.map(|it| &it.from).collect();
        let look = |project: &Project, id: &ArticleId| {
            let loaded = project.loaded(id);
            loaded.map(|loaded| findings(project, id, loaded, &linked)).unwrap_or_default()
        };
        source
            .each(look, |lines| {
                found += lines.len();
                lines.iter().try_for_each(|line| writeln!(out, "{line}"))
            })
            .map_err(CheckError::Output)?;
        match (source.problems(), found) {
            (0, 0) => Ok(()),
            (faults, found) => Err(CheckError::Found(faults, found)),
        }
    }
}

/// `linked` are those from which a link starts.
fn findings(
    project: &Project,
    article: &ArticleId,
    loaded: &Loaded,
    linked: &BTreeSet<&Place>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (owner, set) in loaded.sets.iter() {
        let owner = match owner {
            Owner::Gold => "gold",
            Owner::Annotator(id) => id.as_str(),
        };
        let mut all: Vec<Arc<Annotation>> = set.values().cloned().collect();
        all.sort_by(|a, b| reading_order(a, b));
        for annotation in &all {
            let beside = neighbours(&all, annotation);
            let place = Place { article: article.clone(), annotation: annotation.id.clone() };
            let linked = linked.contains(&place);
            let found = check(&loaded.text, project.scheme(), annotation, &beside, linked);
            lines.extend(found.iter().map(|finding| {
                let (rule, what) = (finding.rule.name(), finding.sentence(project.scheme()));
                format!("{article}\t{owner}\t{}\t{rule}\t{what}", annotation.id)
            }));
        }
    }
    lines
}

/// Those that overlap an annotation: of sorted ones, none that starts after its end.
fn neighbours(all: &[Arc<Annotation>], of: &Annotation) -> Vec<Arc<Annotation>> {
    let hull = of.spans.hull();
    let until = all.partition_point(|it| it.spans.first().start() < hull.end());
    all[..until].iter().filter(|it| it.spans.hull().end() > hull.start()).cloned().collect()
}
