//! A whole dataset: the files of a format, in parts where a split is wanted, and what goes beside them.

use super::card::{self, Counts, Terms};
use super::split::{Fractions, Part, Split, split_among};
use super::{
    Choice, Export, File, Format, Frame, Loss, Losses, Opened, Piece, Seen, Survey, WriteError,
    ends,
};
use crate::annotation::ArticleId;
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
        Gathered::of(project, wanted).map(Gathered::package)
    }
}

/// How a dataset will be written: what is to be known before the first article is.
pub struct Plan<'a> {
    wanted: &'a Wanted,
    survey: Survey<'a>,
    split: Option<Split>,
    /// What is in each part that there is.
    parts: Vec<(Option<Part>, Counts)>,
    /// Whether all articles of a part stand in one file, which is then called after it.
    alone: bool,
}

/// What an article puts into a dataset.
#[derive(Debug, Default)]
pub struct Written {
    /// Into which files.
    pub pieces: Vec<Piece>,
    /// What the format could not hold of it.
    pub losses: Losses,
}

impl<'a> Plan<'a> {
    /// `seen` are the articles in the project's order, without those of which nothing goes in; the
    /// project need have none of them loaded, unless it is to be split.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn of(
        project: &'a Project,
        wanted: &'a Wanted,
        seen: Vec<(ArticleId, Seen)>,
    ) -> Result<Plan<'a>, WriteError> {
        let Wanted { format, choice, .. } = wanted;
        if format.needs_text && !choice.text {
            return Err(WriteError::NeedsText(format.name));
        }
        let survey = Survey::of(project, choice, format.unit(choice), seen);
        let split = match wanted.split {
            Some((fractions, seed)) => {
                let split = split_among(project, survey.articles(), fractions, seed);
                Some(split.map_err(|error| WriteError::NotLoaded(error.0))?)
            }
            None => None,
        };
        let parts = parts(split.as_ref()).into_iter().map(|part| {
            let is_in = |id: &ArticleId| match (part, &split) {
                (Some(part), Some(split)) => split.part_of(id) == Some(part),
                _ => true,
            };
            (part, survey.counts(is_in))
        });
        let parts = parts.collect();
        let opened = format.codec().map(|codec| (codec.open)(&survey, &Counts::default()));
        let alone = opened.is_some_and(|it| it.frames.len() == 1 && !it.own_files);
        Ok(Plan { wanted, survey, split, parts, alone })
    }

    /// The files that there are, whatever the articles.
    pub fn opened(&self) -> Opened {
        let Some(codec) = self.wanted.format.codec() else { return Opened::default() };
        let mut all = Opened::default();
        for (part, counts) in &self.parts {
            let opened = (codec.open)(&self.survey, counts);
            all.frames.extend(opened.frames.into_iter().map(|frame| {
                let name = name_in_part(&frame.name, *part, self.alone);
                Frame { name, ..frame }
            }));
            all.own_files = opened.own_files;
            all.shared = opened.shared;
        }
        all
    }

    /// Writes an article that is loaded in `project`, which is else the one that this was planned for.
    ///
    /// # Errors
    /// It is not loaded.
    pub fn article(&self, project: &Project, id: &ArticleId) -> Result<Written, WriteError> {
        let mut losses = Losses::default();
        let chosen = self.survey.article(project, id, &mut losses);
        let chosen = chosen.map_err(|error| WriteError::NotLoaded(error.0))?;
        let Some(codec) = self.wanted.format.codec() else { return Ok(Written::default()) };
        if chosen.documents.is_empty() {
            return Ok(Written::default());
        }
        let mut pieces = (codec.write)(&chosen, &mut losses);
        if let Some(part) = self.split.as_ref().and_then(|split| split.part_of(id)) {
            for piece in &mut pieces {
                piece.file = name_in_part(&piece.file, Some(part), self.alone);
            }
        }
        Ok(Written { pieces, losses })
    }

    /// What stands beside the data: `README.md` first. `files` are the names of files of data, the
    /// most important first.
    pub fn beside(&self, losses: &[Loss], files: &[&str]) -> Vec<File> {
        let split = self.split.as_ref().map(|split| split.report.to_string());
        let Plan { wanted, survey, parts, .. } = self;
        let about = card::About { wanted, survey, counts: parts, losses };
        let mut all = vec![File::shared("README.md", card::write(&about, files))];
        all.extend(beside(survey.project, losses, split.as_deref()));
        all
    }
}

/// A dataset in memory.
pub(super) struct Gathered<'a> {
    plan: Plan<'a>,
    opened: Opened,
    /// What stands in each of the frames, if anything does.
    contents: Vec<Option<String>>,
    /// The files of articles.
    own: Vec<File>,
    losses: Losses,
}

impl<'a> Gathered<'a> {
    pub(super) fn of(project: &'a Project, wanted: &'a Wanted) -> Result<Self, WriteError> {
        let ends = ends(project);
        let mut seen = Vec::new();
        for article in project.articles() {
            let looked = Seen::of(project, &article.id, &wanted.choice, &ends);
            let looked = looked.map_err(|error| WriteError::NotLoaded(error.0))?;
            seen.extend(looked.map(|seen| (article.id.clone(), seen)));
        }
        let articles: Vec<ArticleId> = seen.iter().map(|(id, _)| id.clone()).collect();
        let plan = Plan::of(project, wanted, seen)?;
        let opened = plan.opened();
        let contents = vec![None; opened.frames.len()];
        let mut gathered =
            Gathered { plan, opened, contents, own: Vec::new(), losses: Losses::default() };
        for id in &articles {
            let written = gathered.plan.article(project, id)?;
            gathered.losses.extend(written.losses);
            written.pieces.into_iter().for_each(|piece| gathered.put(piece));
        }
        Ok(gathered)
    }

    fn put(&mut self, Piece { file, content }: Piece) {
        let frames = &self.opened.frames;
        let Some(at) = frames.iter().position(|frame| frame.name == file) else {
            self.own.push(File::data(file, content));
            return;
        };
        match &mut self.contents[at] {
            Some(before) => {
                before.push_str(frames[at].between);
                before.push_str(&content);
            }
            empty => *empty = Some(content),
        }
    }

    /// The files of data and, behind them, those that say how they are read.
    pub(super) fn export(self) -> Export {
        self.into_parts().0
    }

    fn into_parts(self) -> (Export, Plan<'a>) {
        let Gathered { plan, opened: Opened { frames, shared, .. }, contents, own, losses } = self;
        let framed = frames.into_iter().zip(contents).map(|(frame, content)| {
            let Frame { name, before, after, .. } = frame;
            File::data(name, before + &content.unwrap_or_default() + &after)
        });
        let files = framed.chain(own).chain(shared).collect();
        (Export { files, losses: losses.into_all() }, plan)
    }

    fn package(self) -> Package {
        let (Export { files: data, losses }, plan) = self.into_parts();
        let names = data.iter().filter(|file| !file.shared).map(|file| &file.name[..]);
        let mut files = plan.beside(&losses, &names.collect::<Vec<_>>());
        // The card is the first of all.
        files.splice(1..1, data);
        let split = plan.split.map(|split| split.report.to_string());
        Package { files, losses, counts: plan.parts, split }
    }
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
fn name_in_part(name: &str, part: Option<Part>, alone: bool) -> String {
    let Some(part) = part else { return name.to_owned() };
    match name.rsplit_once('.') {
        Some((_, ending)) if alone => format!("{}.{ending}", part.name()),
        _ => format!("{}/{name}", part.name()),
    }
}

/// What stands beside the data.
fn beside(project: &Project, losses: &[Loss], split: Option<&str>) -> Vec<File> {
    let mut files = Vec::new();
    let guidelines = &project.meta().guidelines;
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
