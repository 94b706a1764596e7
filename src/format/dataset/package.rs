//! A whole dataset: the files of a format, in parts where a split is wanted, and what goes beside them.

use super::card::{self, Counts, Terms};
use super::split::{Fractions, Part, Split, split_among};
use super::{Choice, Chosen, File, Format, Loss, Losses, WriteError};
use crate::project::Project;

/// What a dataset is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// In which form.
    pub format: &'static Format,
    /// What goes in.
    pub choice: Choice,
    /// Into which parts it is split, and by which seed; one part where nothing is said.
    pub split: Option<(Fractions, u64)>,
    /// What its card says of rights.
    pub terms: Terms,
}

impl Wanted {
    /// All of a project in a format, without terms and not split.
    pub fn new(format: &'static Format) -> Wanted {
        Wanted { format, choice: Choice::default(), split: None, terms: Terms::default() }
    }
}

/// A dataset that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// In the order of their importance, with what goes beside them: `README.md`, the losses, the
    /// guidelines, the report of the split.
    pub files: Vec<File>,
    /// What the format could not hold.
    pub losses: Vec<Loss>,
    /// What is in each part; one without a part where it was not split.
    pub counts: Vec<(Option<Part>, Counts)>,
    /// How it was split, and what is still alike on two sides.
    pub split: Option<String>,
}

impl Package {
    /// Writes what is wanted of a project. The same project and wish give the same bytes.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn of(project: &Project, wanted: &Wanted) -> Result<Package, WriteError> {
        let format = wanted.format;
        let mut losses = Losses::default();
        let chosen = format.choose(project, &wanted.choice, &mut losses)?;
        let split = split_of(&chosen, wanted)?;
        let mut files: Vec<File> = Vec::new();
        let mut counts = Vec::new();
        for part in parts(split.as_ref()) {
            let own = match (part, &split) {
                (Some(part), Some(split)) => {
                    chosen.with_articles(|id| split.part_of(id) == Some(part))
                }
                _ => chosen.with_articles(|_| true),
            };
            counts.push((part, Counts::of(&own)));
            let written = format.write_chosen(&own, &mut losses);
            let alone = written.iter().filter(|file| !file.shared).count() == 1;
            for file in written {
                let name = match part {
                    Some(part) if !file.shared => name_in_part(&file.name, part, alone),
                    _ => file.name.clone(),
                };
                if !files.iter().any(|it| it.name == name) {
                    files.push(File { name, ..file });
                }
            }
        }
        let losses = losses.into_all();
        let split = split.map(|split| split.report.to_string());
        files.extend(beside(&chosen, &losses, split.as_deref()));
        let about = card::About { wanted, chosen: &chosen, counts: &counts, losses: &losses };
        let card = card::write(&about, &files);
        files.insert(0, File::shared("README.md", card));
        Ok(Package { files, losses, counts, split })
    }
}

fn split_of(chosen: &Chosen<'_>, wanted: &Wanted) -> Result<Option<Split>, WriteError> {
    let Some((fractions, seed)) = wanted.split else { return Ok(None) };
    let articles = chosen.documents.iter().map(|document| &document.article.id);
    split_among(chosen.project, articles, fractions, seed)
        .map(Some)
        .map_err(|error| WriteError::NotLoaded(error.0))
}

/// The parts that are written.
fn parts(split: Option<&Split>) -> Vec<Option<Part>> {
    match split {
        None => vec![None],
        Some(split) => {
            let wanted = |part: &Part| split.report.fractions.of(*part) > 0;
            Part::ALL.into_iter().filter(wanted).map(Some).collect()
        }
    }
}

/// A file that holds all of its part is called after it; others stand in the part's folder.
fn name_in_part(name: &str, part: Part, alone: bool) -> String {
    match name.rsplit_once('.') {
        Some((_, ending)) if alone => format!("{}.{ending}", part.name()),
        _ => format!("{}/{name}", part.name()),
    }
}

/// What stands beside the data.
fn beside(chosen: &Chosen<'_>, losses: &[Loss], split: Option<&str>) -> Vec<File> {
    let mut files = Vec::new();
    let guidelines = &chosen.project.meta().guidelines;
    if !guidelines.trim().is_empty() {
        files.push(File::shared("guidelines.md", guidelines.clone()));
    }
    if !losses.is_empty() {
        let lines = losses.iter().map(|loss| format!("{loss}\n"));
        files.push(File::shared("losses.txt", lines.collect()));
    }
    files.extend(split.map(|report| File::shared("split.txt", report.to_owned())));
    files
}
