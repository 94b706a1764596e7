//! Writing datasets.

use serde_json::Value as Json;

use crate::format::dataset::{
    Choice, Counts, FORMATS, Format, Fractions, Package, Part, Terms, Wanted, Whose, format,
};
use crate::format::stored::{Shape, Wrong, shape, tagged, untagged};
use crate::format::zip;
use crate::project::Project;
use crate::text::Unit;

/// What dataset is to be made of a project.
#[derive(Clone, Debug, PartialEq)]
pub struct ToWrite {
    /// The kept project, with all articles that go in.
    pub project: u32,
    /// What is to be made.
    pub wanted: Wanted,
    /// What is given of it.
    pub give: Give,
}

/// What is given of a dataset, beside what would be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Give {
    /// Nothing: it is only looked at.
    Look,
    /// All files in one archive.
    Archive,
    /// Each file by itself.
    Files,
}

/// A dataset, or what it would be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// The files and how many bytes each has.
    pub files: Vec<(String, u32)>,
    /// What the format cannot hold, each as a sentence without its final stop.
    pub losses: Vec<String>,
    /// What is in each part.
    pub parts: Vec<PartSize>,
    /// How it is split, in lines.
    pub split: Option<String>,
    /// What was to be given: the archive, or each file in the order of `files`. It is no part of the
    /// JSON.
    pub pieces: Vec<Vec<u8>>,
}

/// What is in a part of a dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartSize {
    /// `train`, `validation`, `test`, or `all` where it is not split.
    pub name: String,
    /// Articles.
    pub articles: u32,
    /// Annotations by the ids of their labels.
    pub labels: Vec<(String, u32)>,
    /// Links.
    pub relations: u32,
}

shape! { ToWrite { project, wanted, give } }
shape! { Give { Look => "look", Archive => "archive", Files => "files" } }
shape! { PartSize { name, articles, labels, relations } }
shape! { Wanted { format, choice, split, terms } }
shape! { Choice { whose, statuses, labels, boilerplate, unit, text } }
shape! { Terms { licence, texts, authors } }
shape! { Unit { CodePoint => "code-point", Utf16 => "utf-16", Utf8 => "utf-8" } }

impl Shape for Dataset {
    fn to_json(&self) -> Json {
        let Dataset { files, losses, parts, split, pieces: _ } = self;
        let all = vec![files.to_json(), losses.to_json(), parts.to_json(), split.to_json()];
        Json::Array(all)
    }

    fn read(json: Json, wrong: &mut Wrong) -> Dataset {
        let mut all: Vec<Json> = Shape::read(json, wrong);
        all.resize(4, Json::Null);
        let mut next = || all.remove(0);
        Dataset {
            files: Shape::read(next(), wrong),
            losses: Shape::read(next(), wrong),
            parts: Shape::read(next(), wrong),
            split: Shape::read(next(), wrong),
            pieces: Vec::new(),
        }
    }
}

impl Shape for &'static Format {
    fn to_json(&self) -> Json {
        self.id.into()
    }

    fn read(json: Json, wrong: &mut Wrong) -> &'static Format {
        let id: String = Shape::read(json, wrong);
        format(&id).unwrap_or_else(|| {
            wrong.note("format");
            &FORMATS[0]
        })
    }
}

impl Shape for Fractions {
    fn to_json(&self) -> Json {
        self.to_string().into()
    }

    fn read(json: Json, wrong: &mut Wrong) -> Fractions {
        let written: String = Shape::read(json, wrong);
        written.parse().unwrap_or_else(|_| {
            wrong.note("fractions");
            Fractions::default()
        })
    }
}

impl Shape for Whose {
    fn to_json(&self) -> Json {
        match self {
            Whose::All => "all".into(),
            Whose::Gold => "gold".into(),
            Whose::Annotators(them) => tagged("annotators", them.to_json()),
        }
    }

    fn read(json: Json, wrong: &mut Wrong) -> Whose {
        let (tag, value) = untagged(json);
        match tag.as_str() {
            "all" => Whose::All,
            "gold" => Whose::Gold,
            "annotators" => Whose::Annotators(Shape::read(value, wrong)),
            _ => {
                wrong.note("whose");
                Whose::All
            }
        }
    }
}

/// Makes a dataset, or says why none can be made.
pub(super) fn write(project: &Project, wanted: &Wanted, give: Give) -> Result<Dataset, String> {
    let package = Package::of(project, wanted).map_err(|error| error.to_string())?;
    let names = package.files.iter().map(|file| (file.name.clone(), file.content.len() as u32));
    Ok(Dataset {
        files: names.collect(),
        losses: package.losses.iter().map(ToString::to_string).collect(),
        parts: package.counts.iter().map(|(part, counts)| size(*part, counts)).collect(),
        split: package.split,
        pieces: match give {
            Give::Look => Vec::new(),
            Give::Archive => {
                let files = package.files.iter();
                let files = files.map(|file| (&file.name[..], file.content.as_bytes()));
                vec![zip::write(files).map_err(|error| error.to_string())?]
            }
            Give::Files => package.files.into_iter().map(|it| it.content.into_bytes()).collect(),
        },
    })
}

fn size(part: Option<Part>, counts: &Counts) -> PartSize {
    PartSize {
        name: part.map_or("all", Part::name).to_owned(),
        articles: counts.articles as u32,
        labels: counts.labels.iter().map(|(id, count)| (id.clone(), *count as u32)).collect(),
        relations: counts.relations as u32,
    }
}
