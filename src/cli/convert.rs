//! `avow convert`: a project's file as a dataset, or in its other layout.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::input::{InputError, STANDARD};
use super::output::{Files, OutputError, pack, write_native};
use super::source::Source;
use crate::annotation::{AnnotatorId, ArticleId, Status};
use crate::format::dataset::{
    Choice, Ended, FORMATS, Format, Fractions, Loss, Plan, Seen, Terms, Wanted, Whose, WriteError,
    Writing, ends,
};
use crate::format::native::Layout;
use crate::project::Project;
use crate::scheme::LabelId;
use crate::text::Unit;

/// The arguments of `avow convert`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  avow convert rain.avow.json --to training -o data/
  avow convert rain.avow.json --to csv --status done --label claim --label denial -o tables/
  avow convert rain.avow.json --to spacy --split 80/10/10 --seed 7 -o rain.zip
  avow convert - --to avow-lines -o - < rain.avow.json > rain.avow.jsonl")]
pub struct Convert {
    /// A project's file (.avow.json, .avow.jsonl) or a dataset (file, folder, ZIP); `-` reads standard
    /// input
    input: PathBuf,
    /// What is written
    #[arg(long, value_name = "FORMAT", value_parser = To::parser())]
    to: To,
    /// The folder or the .zip file that is written; `-` writes a format of one file to standard output
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// The adjudicated annotations instead of each annotator's
    #[arg(long, conflicts_with = "annotator")]
    gold: bool,
    /// Only this annotator's, by name or id; may be given again
    #[arg(long, value_name = "NAME")]
    annotator: Vec<String>,
    /// Only sets of this status; may be given again
    #[arg(long, value_enum)]
    status: Vec<Progress>,
    /// Only annotations of this label, by name or id; may be given again
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,
    /// With annotations that lie in boilerplate
    #[arg(long)]
    boilerplate: bool,
    /// What offsets count, in a format that has a choice
    #[arg(long, value_enum)]
    unit: Option<Counts>,
    /// Into train, validation and test, as parts of the whole: 80/10/10
    #[arg(long, value_name = "PARTS")]
    split: Option<Fractions>,
    /// Which of the possible splits
    #[arg(long, default_value_t = 1, requires = "split")]
    seed: u64,
    /// The licence that the card names, for example cc-by-4.0
    #[arg(long, default_value = "", hide_default_value = true)]
    licence: String,
    /// What the card says of the rights in the texts
    #[arg(long, default_value = "", hide_default_value = true, value_name = "RIGHTS")]
    texts: String,
    /// Whom the card names as makers
    #[arg(long, default_value = "", hide_default_value = true)]
    authors: String,
    /// Without texts: offsets and the hash of each text alone
    #[arg(long)]
    without_text: bool,
}

/// What is written.
#[derive(Clone, Copy)]
enum To {
    /// The project's file.
    Native(Layout),
    /// A dataset.
    Dataset(&'static Format),
}

impl To {
    /// What each is called, with what it is.
    fn named() -> impl Iterator<Item = (&'static str, String, To)> {
        let native = |name, about: &str, layout| (name, about.to_owned(), To::Native(layout));
        let own = [
            native("avow", "The project's file as one object", Layout::Object),
            native("avow-lines", "The project's file with an article a line", Layout::Lines),
        ];
        let formats = FORMATS.iter().map(|format| {
            (format.id, format!("{}: {}", format.name, format.about), To::Dataset(format))
        });
        own.into_iter().chain(formats)
    }

    fn parser() -> impl TypedValueParser<Value = To> {
        let values = To::named().map(|(name, about, _)| PossibleValue::new(name).help(about));
        PossibleValuesParser::new(values).map(|name| {
            let found = To::named().find(|(known, ..)| *known == name);
            found.expect("the parser knows no others").2
        })
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Counts {
    /// Characters, as Python counts
    CodePoint,
    /// Units of UTF-16, as JavaScript and Java count
    Utf16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Progress {
    Todo,
    Doing,
    Done,
    Skipped,
}

impl From<Progress> for Status {
    fn from(progress: Progress) -> Status {
        match progress {
            Progress::Todo => Status::Todo,
            Progress::Doing => Status::Doing,
            Progress::Done => Status::Done,
            Progress::Skipped => Status::Skipped,
        }
    }
}

/// Why nothing was written.
#[derive(Debug)]
pub enum ConvertError {
    /// The input is no project.
    Input(InputError),
    /// A file could not be written.
    Output(OutputError),
    /// There is no annotator or label of this name or id: its kind, the name, those that there are.
    Unknown(&'static str, String, Vec<String>),
    /// The format, of this name, counts something else and has no choice.
    Unit(&'static str),
    /// The format cannot be written.
    Write(WriteError),
    /// The input could not be read once more.
    Again(io::Error),
    /// Several files do not go to standard output.
    ManyFiles,
    /// The project's file has all of the project, and this is asked of it.
    Whole(&'static str),
    /// The project's file does not go into an archive.
    Archive,
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConvertError::Input(error) => error.fmt(f),
            ConvertError::Output(error) => error.fmt(f),
            ConvertError::Unknown(kind, name, known) => {
                write!(f, "There is no {kind} “{name}”; there are: {}", known.join(", "))
            }
            ConvertError::Unit(format) => {
                write!(f, "What {format} counts cannot be chosen so: leave --unit out")
            }
            ConvertError::Write(error) => write!(f, "{error}: leave --without-text out"),
            ConvertError::Again(error) => {
                write!(f, "The input could not be read once more: {error}")
            }
            ConvertError::ManyFiles => {
                f.write_str("This format writes several files: name a folder with -o")
            }
            ConvertError::Whole(option) => {
                write!(f, "The project's file holds all of the project: leave {option} out")
            }
            ConvertError::Archive => f.write_str(
                "The project's file does not go into a .zip file: name a folder with -o",
            ),
        }
    }
}

impl std::error::Error for ConvertError {}

impl Convert {
    /// Does it.
    ///
    /// # Errors
    /// The input cannot be read or is no project, an annotator or a label is unknown, or nothing can
    /// be written.
    pub fn run(&self) -> Result<(), ConvertError> {
        let source = Source::open(&self.input).map_err(ConvertError::Input)?;
        match self.to {
            To::Native(layout) => {
                if let Some(option) = self.of_datasets() {
                    return Err(ConvertError::Whole(option));
                }
                if self.out.extension().is_some_and(|it| it.eq_ignore_ascii_case("zip")) {
                    return Err(ConvertError::Archive);
                }
                let out = match self.out == Path::new(STANDARD) {
                    true => self.out.clone(),
                    false => self.out.join(format!("project.{}", layout.ending())),
                };
                write_native(&source, layout, &out).map_err(ConvertError::Output)
            }
            To::Dataset(format) => self.dataset(&source, format),
        }
    }

    /// An option that is given and that only a dataset can keep to. Whoever leaves the texts out must
    /// not get a file that has them.
    fn of_datasets(&self) -> Option<&'static str> {
        let given = [
            ("--gold", self.gold),
            ("--annotator", !self.annotator.is_empty()),
            ("--status", !self.status.is_empty()),
            ("--label", !self.label.is_empty()),
            ("--boilerplate", self.boilerplate),
            ("--unit", self.unit.is_some()),
            ("--split", self.split.is_some()),
            ("--licence", !self.licence.is_empty()),
            ("--texts", !self.texts.is_empty()),
            ("--authors", !self.authors.is_empty()),
            ("--without-text", self.without_text),
        ];
        given.into_iter().find_map(|(option, given)| given.then_some(option))
    }

    fn dataset(&self, source: &Source, format: &'static Format) -> Result<(), ConvertError> {
        let choice = self.choice(source.project())?;
        if self.unit.is_some() && !format.units.contains(&choice.unit) {
            return Err(ConvertError::Unit(format.name));
        }
        let wanted = Wanted {
            format,
            choice,
            split: self.split.map(|parts| (parts, self.seed)),
            terms: Terms {
                licence: self.licence.clone(),
                texts: self.texts.clone(),
                authors: self.authors.clone(),
            },
        };
        let plan = plan(source, &wanted)?;
        let losses = write_dataset(source, &plan, &self.out)?;
        for loss in &losses {
            eprintln!("{loss}.");
        }
        Ok(())
    }

    fn choice(&self, project: &Project) -> Result<Choice, ConvertError> {
        let annotators: Vec<(&str, &str)> =
            project.annotators().iter().map(|it| (it.id.as_str(), it.name.as_str())).collect();
        let labels: Vec<(&str, &str)> =
            project.scheme().labels.iter().map(|it| (it.id.as_str(), it.name.as_str())).collect();
        let annotator =
            |name: &String| known("annotator", name, &annotators).map(AnnotatorId::from);
        let label = |name: &String| known("label", name, &labels).map(LabelId::from);
        let whose = match (self.gold, self.annotator.is_empty()) {
            (true, _) => Whose::Gold,
            (false, true) => Whose::All,
            (false, false) => {
                Whose::Annotators(self.annotator.iter().map(annotator).collect::<Result<_, _>>()?)
            }
        };
        Ok(Choice {
            whose,
            statuses: self.status.iter().map(|it| (*it).into()).collect(),
            labels: self.label.iter().map(label).collect::<Result<_, _>>()?,
            boilerplate: self.boilerplate,
            unit: match self.unit {
                Some(Counts::Utf16) => Unit::Utf16,
                Some(Counts::CodePoint) | None => Unit::CodePoint,
            },
            text: !self.without_text,
        })
    }
}

/// Looks at all articles once.
fn plan(source: &Source, wanted: &Wanted) -> Result<Plan, ConvertError> {
    let ends = ends(source.project());
    let mut seen = Vec::new();
    let look = |project: &Project, id: &ArticleId| {
        let seen = Seen::of(project, id, wanted, &ends);
        (id.clone(), seen.expect("it is loaded"))
    };
    source
        .each(look, |(id, looked)| {
            seen.extend(looked.map(|looked| (id, looked)));
            Ok(())
        })
        .map_err(ConvertError::Again)?;
    Plan::of(source.project(), wanted, seen).map_err(ConvertError::Write)
}

/// Writes all articles, one after the other, into a folder, a ZIP file or to standard output.
fn write_dataset(source: &Source, plan: &Plan, out: &Path) -> Result<Vec<Loss>, ConvertError> {
    let failed = |error| ConvertError::Output(OutputError::File(out.to_owned(), error));
    let is_zip = out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let packed = is_zip.then(tempfile::tempdir).transpose().map_err(failed)?;
    let folder = packed.as_ref().map_or(out, |kept| kept.path());
    let is_standard = out == Path::new(STANDARD);
    if is_standard && !plan.is_one_file() {
        return Err(ConvertError::ManyFiles);
    }
    let written = || {
        let (mut writing, first) = Writing::begin(plan);
        let mut files = Files::begin((!is_standard).then_some(folder), first)?;
        let write = |project: &Project, id: &ArticleId| plan.article(project, id);
        source.each(write, |written| {
            let pieces = writing.add(written.map_err(io::Error::other)?);
            pieces.iter().try_for_each(|piece| files.put(piece))
        })?;
        let (last, ended) = writing.end(plan);
        let others = ended.shared.iter().chain(&ended.beside);
        last.iter().chain(others).try_for_each(|file| files.put(file))?;
        files.finish()?;
        if is_zip {
            pack(folder, &ended.names().collect::<Vec<_>>(), out)?;
        }
        Ok(ended)
    };
    let ended: Ended = written().map_err(failed)?;
    if out != Path::new(STANDARD) {
        eprintln!("{} was written: {} files.", out.display(), ended.names().count());
    }
    Ok(ended.losses)
}

/// The id of what has this name or id.
fn known(kind: &'static str, name: &str, all: &[(&str, &str)]) -> Result<String, ConvertError> {
    let found = all.iter().find(|(id, called)| *id == name || *called == name);
    found.map(|(id, _)| (*id).to_owned()).ok_or_else(|| {
        let known = all.iter().map(|(id, called)| if called.is_empty() { id } else { called });
        ConvertError::Unknown(kind, name.to_owned(), known.map(|it| (*it).to_owned()).collect())
    })
}
