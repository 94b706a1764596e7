//! Writing datasets, article by article. All articles come twice: first they are looked at, since what
//! is written of one depends on all; then each is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{self, Write};
use std::rc::Rc;

use serde_json::Value as Json;

use crate::annotation::{ArticleId, Place};
use crate::format::dataset::{
    Choice, Counts, Ended, FIRST, File, Format, Fractions, Part, Plan, Seen, Terms, Wanted, Whose,
    WriteError, Writing, ends, format,
};
use crate::format::stored::{Shape, Tree, Wrong, shape, tagged, untagged};
use crate::format::zip::Packing;
use crate::project::{Entry, Project};
use crate::text::Unit;

/// What dataset is to be made of a project.
#[derive(Clone, Debug, PartialEq)]
pub struct ToWrite {
    /// The kept project.
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
    /// The files and how many bytes each has, the most important first.
    pub files: Vec<(String, u64)>,
    /// What the format cannot hold, each as a sentence without its final stop.
    pub losses: Vec<String>,
    /// What is in each part.
    pub parts: Vec<PartSize>,
    /// How it is split, in lines.
    pub split: Option<String>,
}

/// What is appended to files of a dataset, by their names. The bytes are no part of the message.
pub type Pieces = BTreeMap<String, Vec<u8>>;

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
shape! { Dataset { files, losses, parts, split } }
shape! { PartSize { name, articles, labels, relations } }
shape! { Wanted { format, choice, split, terms } }
shape! { Choice { whose, statuses, labels, boilerplate, unit, text } }
shape! { Terms { licence, texts, authors } }
shape! { Unit { CodePoint => "code-point", Utf16 => "utf-16", Utf8 => "utf-8" } }

impl Shape for &'static Format {
    fn to_json(&self) -> Json {
        self.id.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> &'static Format {
        let id: String = Shape::read(tree, wrong);
        format(&id).unwrap_or_else(|| {
            wrong.note("format");
            FIRST
        })
    }
}

impl Shape for Fractions {
    fn to_json(&self) -> Json {
        self.to_string().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Fractions {
        let written: String = Shape::read(tree, wrong);
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

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Whose {
        let (tag, value) = untagged(tree);
        match &*tag {
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

/// A dataset that is being made.
pub(super) struct Making {
    /// With those articles that came, none of them loaded.
    index: Project,
    wanted: Wanted,
    give: Give,
    round: Round,
}

/// How far it is.
enum Round {
    /// All articles are looked at.
    Looking { ends: BTreeSet<Place>, seen: Vec<(ArticleId, Seen)> },
    /// All are written.
    Writing { plan: Box<Plan>, writing: Writing, files: Files },
}

/// What stands in the files, as far as they are written.
#[derive(Default)]
struct Files {
    sizes: BTreeMap<String, u64>,
    /// Whether what stands in them is given.
    given: bool,
    /// What was not given yet.
    pieces: Pieces,
}

impl Files {
    fn append(&mut self, pieces: impl IntoIterator<Item = File>) {
        for File { name, content } in pieces {
            if self.given {
                let piece = self.pieces.entry(name.clone()).or_default();
                piece.extend_from_slice(content.as_bytes());
            }
            *self.sizes.entry(name).or_default() += content.len() as u64;
        }
    }
}

impl Making {
    /// Begins one of a project, whose articles come.
    pub(super) fn begin(project: &Project, asked: ToWrite) -> Making {
        let ToWrite { project: _, wanted, give } = asked;
        let round = Round::Looking { ends: ends(project), seen: Vec::new() };
        Making { index: project.without_articles(), wanted, give, round }
    }

    /// Takes the next article.
    pub(super) fn take(&mut self, entry: Entry) -> Result<(), String> {
        let id = &entry.article.id.clone();
        match &mut self.round {
            Round::Looking { ends, seen } => {
                self.index.index(entry.clone());
                let project = &self.index.with_entries_loaded([entry]);
                let looked = Seen::of(project, id, &self.wanted, ends);
                let looked = looked.map_err(|error| WriteError::NotLoaded(error.0).to_string())?;
                seen.extend(looked.map(|looked| (id.clone(), looked)));
            }
            Round::Writing { plan, writing, files } => {
                let project = self.index.with_entries_loaded([entry]);
                let written = plan.article(&project, id).map_err(|error| error.to_string())?;
                files.append(writing.add(written));
            }
        }
        Ok(())
    }

    /// What is to be appended to files by now.
    pub(super) fn pieces(&mut self) -> Pieces {
        match &mut self.round {
            Round::Looking { .. } => Pieces::new(),
            Round::Writing { files, .. } => std::mem::take(&mut files.pieces),
        }
    }

    /// All articles came. If they were looked at, they have to come again; else it is made.
    pub(super) fn end_round(self) -> Result<Step, String> {
        let Making { index, wanted, give, round } = self;
        match round {
            Round::Looking { seen, .. } => {
                let plan = Plan::of(&index, &wanted, seen).map_err(|error| error.to_string())?;
                let (writing, begun) = Writing::begin(&plan);
                let mut files = Files { given: give != Give::Look, ..Files::default() };
                files.append(begun);
                let round = Round::Writing { plan: Box::new(plan), writing, files };
                Ok(Step::Again(Box::new(Making { index, wanted, give, round })))
            }
            Round::Writing { plan, writing, mut files } => {
                let (last, ended) = writing.end(&plan);
                files.append(last);
                files.append(ended.shared.iter().chain(&ended.beside).cloned());
                let dataset = made(&plan, &ended, &files.sizes);
                Ok(Step::Made(Box::new(dataset), files.pieces))
            }
        }
    }
}

/// What comes after all articles came.
pub(super) enum Step {
    /// They have to come again.
    Again(Box<Making>),
    /// Nothing: it is made. These are its last pieces.
    Made(Box<Dataset>, Pieces),
}

fn made(plan: &Plan, ended: &Ended, sizes: &BTreeMap<String, u64>) -> Dataset {
    let named = |name: &str| (name.to_owned(), sizes.get(name).copied().unwrap_or_default());
    Dataset {
        files: ended.names().map(named).collect(),
        losses: ended.losses.iter().map(ToString::to_string).collect(),
        parts: plan.parts().iter().map(|(part, counts)| size(*part, counts)).collect(),
        split: plan.report(),
    }
}

/// Files that are packed into one archive, some bytes at a time.
pub(super) struct Archive {
    packing: Packing<Packed>,
    packed: Packed,
    /// Those that come, and how many bytes of each.
    files: VecDeque<(String, u64)>,
    /// How many bytes of the one that was begun are still to come.
    left: u64,
}

/// What was packed and not given yet.
#[derive(Clone, Default)]
struct Packed(Rc<RefCell<Vec<u8>>>);

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Archive {
    /// An archive of files of these names and sizes.
    pub(super) fn new(files: &[(String, u64)]) -> Archive {
        let packed = Packed::default();
        let packing = Packing::new(packed.clone());
        Archive { packing, packed, files: files.iter().cloned().collect(), left: 0 }
    }

    /// Packs the next bytes of all files, one behind the other; gives what of the archive is ready.
    pub(super) fn pack(&mut self, mut bytes: &[u8]) -> io::Result<Vec<u8>> {
        while !bytes.is_empty() {
            if self.left == 0 {
                let Some((name, size)) = self.files.pop_front() else { break };
                self.packing.begin(&name, size)?;
                self.left = size;
            }
            let here = self.left.min(bytes.len() as u64) as usize;
            self.packing.write_all(&bytes[..here])?;
            self.left -= here as u64;
            bytes = &bytes[here..];
        }
        Ok(std::mem::take(&mut *self.packed.0.borrow_mut()))
    }

    /// The end of the archive.
    pub(super) fn end(mut self) -> io::Result<Vec<u8>> {
        // Only empty files are left.
        for (name, _) in self.files {
            self.packing.begin(&name, 0)?;
        }
        self.packing.finish()?;
        Ok(self.packed.0.take())
    }
}

fn size(part: Option<Part>, counts: &Counts) -> PartSize {
    PartSize {
        name: part.map_or("all", Part::name).to_owned(),
        articles: counts.articles as u32,
        labels: counts.labels.iter().map(|(id, count)| (id.clone(), *count as u32)).collect(),
        relations: counts.relations as u32,
    }
}
