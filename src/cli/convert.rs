//! `avow convert`: a project's file as a dataset, or in its other layout.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::input::{InputError, STANDARD, read_project};
use super::output::{OutputError, write_file};
use crate::annotation::{AnnotatorId, Status};
use crate::format::dataset::{
    Choice, Export, FORMATS, File, Format, Fractions, Package, Terms, Wanted, Whose, WriteError,
};
use crate::format::native::Layout;
use crate::format::zip::{self, ZipError};
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
    /// The files could not be packed.
    Zip(ZipError),
    /// Several files do not go to standard output.
    ManyFiles(usize),
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
            ConvertError::Zip(error) => write!(f, "The files could not be packed: {error}"),
            ConvertError::ManyFiles(count) => {
                write!(f, "This format writes {count} files: name a folder with -o")
            }
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
        let project = read_project(&self.input).map_err(ConvertError::Input)?.project;
        let export = self.export(&project)?;
        for loss in &export.losses {
            eprintln!("{loss}.");
        }
        self.write(&export)
    }

    fn export(&self, project: &Project) -> Result<Export, ConvertError> {
        // All that a file holds is loaded.
        let loaded = "all articles of a file are loaded";
        let format = match self.to {
            To::Native(layout) => {
                let name = format!("project.{}", layout.ending());
                let file = File::data(name, layout.write(project).expect(loaded));
                return Ok(Export { files: vec![file], losses: Vec::new() });
            }
            To::Dataset(format) => format,
        };
        let choice = self.choice(project)?;
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
        let package = Package::of(project, &wanted).map_err(ConvertError::Write)?;
        Ok(Export { files: package.files, losses: package.losses })
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

    fn write(&self, export: &Export) -> Result<(), ConvertError> {
        let write =
            |path: &Path, content: &[u8]| write_file(path, content).map_err(ConvertError::Output);
        if self.out == Path::new(STANDARD) {
            let data: Vec<&File> = export.files.iter().filter(|file| !file.shared).collect();
            return match &data[..] {
                [file] => write(&self.out, file.content.as_bytes()),
                _ => Err(ConvertError::ManyFiles(data.len())),
            };
        }
        if self.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
            let files = export.files.iter().map(|it| (&it.name[..], it.content.as_bytes()));
            return write(&self.out, &zip::write(files).map_err(ConvertError::Zip)?);
        }
        for file in &export.files {
            write(&self.out.join(&file.name), file.content.as_bytes())?;
        }
        Ok(())
    }
}

/// The id of what has this name or id.
fn known(kind: &'static str, name: &str, all: &[(&str, &str)]) -> Result<String, ConvertError> {
    let found = all.iter().find(|(id, called)| *id == name || *called == name);
    found.map(|(id, _)| (*id).to_owned()).ok_or_else(|| {
        let known = all.iter().map(|(id, called)| if called.is_empty() { id } else { called });
        ConvertError::Unknown(kind, name.to_owned(), known.map(|it| (*it).to_owned()).collect())
    })
}
