//! A whole dataset: the files of a format, in parts where a split is wanted, and what goes beside them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::card::{self, Counts, Terms};
use super::split::{Fractions, Part, Split, split_sketched};
use super::{
    Choice, Export, File, Format, Frame, Loss, Losses, Opened, Seen, Survey, WriteError, ends,
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
        let (plan, ended, data) = in_memory(project, wanted)?;
        let Ended { shared, mut beside, losses, .. } = ended;
        // The card is the first of all.
        let others = beside.split_off(1);
        let files = beside.into_iter().chain(data).chain(shared).chain(others).collect();
        let split = plan.report();
        Ok(Package { files, losses, counts: plan.parts, split })
    }
}

/// Writes what is wanted of a project: the files of data and, behind them, those that say how they are
/// read.
pub(super) fn export(project: &Project, wanted: &Wanted) -> Result<Export, WriteError> {
    let (_, ended, data) = in_memory(project, wanted)?;
    Ok(Export { files: data.into_iter().chain(ended.shared).collect(), losses: ended.losses })
}

/// How a dataset of a project was planned, what was known at its end, and its files of data.
fn in_memory(project: &Project, wanted: &Wanted) -> Result<(Plan, Ended, Vec<File>), WriteError> {
    let ends = ends(project);
    let mut seen = Vec::new();
    for article in project.articles() {
        let looked = Seen::of(project, &article.id, wanted, &ends);
        let looked = looked.map_err(|error| WriteError::NotLoaded(error.0))?;
        seen.extend(looked.map(|seen| (article.id.clone(), seen)));
    }
    let articles: Vec<ArticleId> = seen.iter().map(|(id, _)| id.clone()).collect();
    let plan = Plan::of(project, wanted, seen)?;
    let mut contents: BTreeMap<String, String> = BTreeMap::new();
    let mut append = |pieces: Vec<File>| {
        for File { name, content } in pieces {
            *contents.entry(name).or_default() += &content;
        }
    };
    let (mut writing, begun) = Writing::begin(&plan);
    append(begun);
    for id in &articles {
        append(writing.add(plan.article(project, id)?));
    }
    let (last, ended) = writing.end(&plan);
    append(last);
    let data = ended.data.iter();
    let data = data.map(|name| File::new(name, contents.remove(name).unwrap_or_default()));
    let data = data.collect();
    Ok((plan, ended, data))
}

/// How a dataset will be written: what is to be known before the first article is.
pub struct Plan {
    wanted: Wanted,
    survey: Survey,
    split: Option<Split>,
    /// How what is widespread begins, once the article was written that has it.
    begins: OnceLock<String>,
    /// What is in each part that there is.
    parts: Vec<(Option<Part>, Counts)>,
    /// Whether all articles of a part stand in one file, which is then called after it.
    alone: bool,
}

/// What an article puts into a dataset.
#[derive(Debug, Default)]
pub struct Written {
    /// What is appended to which files, or all of files of its own.
    pub pieces: Vec<File>,
    /// What the format could not hold of it.
    pub losses: Losses,
}

impl Plan {
    /// `seen` are the articles in the project's order, without those of which nothing goes in; the
    /// project need have none of them loaded.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn of(
        project: &Project,
        wanted: &Wanted,
        mut seen: Vec<(ArticleId, Seen)>,
    ) -> Result<Plan, WriteError> {
        let Wanted { format, choice, .. } = wanted;
        if format.needs_text && !choice.text {
            return Err(WriteError::NeedsText(format.name));
        }
        let sketches = seen.iter_mut().filter_map(|(_, seen)| seen.sketch.take()).collect();
        let split = wanted
            .split
            .map(|(fractions, seed)| split_sketched(project, sketches, fractions, seed));
        let survey = Survey::of(project, choice, format.unit(choice), seen);
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
        let (wanted, begins) = (wanted.clone(), OnceLock::new());
        Ok(Plan { wanted, survey, split, begins, parts, alone })
    }

    /// Whether all articles stand in one file.
    pub fn is_one_file(&self) -> bool {
        self.alone && self.parts.len() == 1
    }

    /// The files that there are, whatever the articles.
    fn opened(&self) -> Opened {
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
    /// It is not loaded, or something else than what was seen of it.
    pub fn article(&self, project: &Project, id: &ArticleId) -> Result<Written, WriteError> {
        let mut losses = Losses::default();
        let chosen = self.survey.article(project, id, &mut losses);
        let chosen = chosen.map_err(|error| WriteError::NotLoaded(error.0))?;
        if !self.survey.is_as_seen(id, &chosen) {
            return Err(WriteError::Changed(id.clone()));
        }
        if let Some(begins) = self.begins_in(project, id) {
            self.begins.get_or_init(|| begins);
        }
        let Some(codec) = self.wanted.format.codec() else { return Ok(Written::default()) };
        if chosen.documents.is_empty() {
            return Ok(Written::default());
        }
        let mut pieces = (codec.write)(&chosen, &mut losses);
        if let Some(part) = self.split.as_ref().and_then(|split| split.part_of(id)) {
            for piece in &mut pieces {
                piece.name = name_in_part(&piece.name, Some(part), self.alone);
            }
        }
        Ok(Written { pieces, losses })
    }

    /// The articles that go in, by id.
    pub fn articles(&self) -> impl Iterator<Item = &ArticleId> {
        self.survey.articles()
    }

    /// What is in each part; one without a part where it is not split.
    pub fn parts(&self) -> &[(Option<Part>, Counts)] {
        &self.parts
    }

    /// How it is split, in lines, once all articles were written.
    pub fn report(&self) -> Option<String> {
        let mut report = self.split.as_ref()?.report.clone();
        if let (Some(widespread), Some(begins)) = (&mut report.widespread, self.begins.get()) {
            widespread.begins.clone_from(begins);
        }
        Some(report.to_string())
    }

    /// How what is widespread begins, where this is the article that has it.
    fn begins_in(&self, project: &Project, id: &ArticleId) -> Option<String> {
        self.split.as_ref()?.report.widespread.as_ref()?.begins_in(project, id)
    }

    /// What stands beside the data: `README.md` first. `files` are the names of files of data, the
    /// most important first.
    fn beside(&self, losses: &[Loss], files: &[&str]) -> Vec<File> {
        let Plan { wanted, survey, parts, .. } = self;
        let about = card::About { wanted, survey, counts: parts, losses };
        let mut all = vec![File::new("README.md", card::write(&about, files))];
        all.extend(beside(&survey.project, losses, self.report()));
        all
    }
}

/// A dataset while it is written, wherever its files are: says what is appended to which.
pub struct Writing {
    /// The files that articles share, and whether one stands there already.
    frames: Vec<(Frame, bool)>,
    /// The names of those that articles have for themselves.
    own: Vec<String>,
    shared: Vec<File>,
    losses: Losses,
}

/// What is known when all articles are written.
#[derive(Debug)]
pub struct Ended {
    /// The names of the files of data, the most important first.
    pub data: Vec<String>,
    /// The files that say how those are read.
    pub shared: Vec<File>,
    /// What stands beside them: `README.md` first.
    pub beside: Vec<File>,
    /// What the format could not hold.
    pub losses: Vec<Loss>,
}

impl Writing {
    /// Begins all files that several articles stand in, with their first pieces.
    pub fn begin(plan: &Plan) -> (Writing, Vec<File>) {
        let Opened { frames, shared, .. } = plan.opened();
        let begun = frames.iter().map(|it| File::new(&it.name, it.before.clone())).collect();
        let frames = frames.into_iter().map(|frame| (frame, false)).collect();
        (Writing { frames, own: Vec::new(), shared, losses: Losses::default() }, begun)
    }

    /// Adds an article: what is appended to files that were begun, and whole files of its own.
    pub fn add(&mut self, Written { mut pieces, losses }: Written) -> Vec<File> {
        self.losses.extend(losses);
        for File { name, content } in &mut pieces {
            match self.frames.iter_mut().find(|(frame, _)| frame.name == *name) {
                Some((frame, true)) => content.insert_str(0, frame.between),
                Some((_, has_some)) => *has_some = true,
                None => self.own.push(name.clone()),
            }
        }
        pieces
    }

    /// The last pieces of the files that were begun, and what else there is to write.
    pub fn end(self, plan: &Plan) -> (Vec<File>, Ended) {
        let Writing { frames, own, shared, losses } = self;
        let losses = losses.into_all();
        let last = frames.into_iter().map(|(frame, _)| File::new(frame.name, frame.after));
        let last: Vec<File> = last.collect();
        let data: Vec<String> = last.iter().map(|it| it.name.clone()).chain(own).collect();
        let names: Vec<&str> = data.iter().map(String::as_str).collect();
        let beside = plan.beside(&losses, &names);
        (last, Ended { data, shared, beside, losses })
    }
}

impl Ended {
    /// The names of all files, the most important first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let (card, others) = self.beside.split_at(1);
        let behind = self.shared.iter().chain(others).map(|file| &file.name);
        let names = card.iter().map(|card| &card.name).chain(&self.data).chain(behind);
        names.map(String::as_str)
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
fn beside(project: &Project, losses: &[Loss], split: Option<String>) -> Vec<File> {
    let mut files = Vec::new();
    let guidelines = &project.meta().guidelines;
    if !guidelines.trim().is_empty() {
        files.push(File::new("guidelines.md", guidelines.clone()));
    }
    if !losses.is_empty() {
        let lines = losses.iter().map(|loss| format!("{loss}\n"));
        files.push(File::new("losses.txt", lines.collect()));
    }
    files.extend(split.map(|report| File::new("split.txt", report)));
    files
}
