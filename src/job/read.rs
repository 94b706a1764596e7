//! Files of all kinds, read.

use serde_json::Value as Json;

use super::Whole;
use crate::annotation::{AnnotatorId, Timestamp};
use crate::format::articles::{self, FileKind};
use crate::format::dataset::{self, Format, SourceFile};
use crate::format::html::{self, Event};
use crate::format::stored::{Shape, Tree, Wrong, shape};
use crate::format::{NewArticle, Problem, encoding, rescue, zip};
use crate::project::Project;

/// A file to be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileIn {
    /// Its path in the folder that was chosen, or its name.
    pub path: String,
    /// What is in it. It is no part of the message.
    pub bytes: Vec<u8>,
    /// Of a web page, what the browser's parser made of it; a worker has no such parser.
    pub page: Option<Vec<Event>>,
}

/// What files held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilesRead {
    /// In the order of the files.
    pub articles: Vec<NewArticle>,
    /// In the order of the files.
    pub projects: Vec<ProjectFile>,
    /// What could not be taken, but for what a project's own problems say.
    pub problems: Vec<Problem>,
}

/// A project that was in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectFile {
    /// The file's path or name.
    pub file: String,
    /// The project.
    pub project: Whole,
    /// What of it could not be taken.
    pub problems: Vec<Problem>,
}

shape! { FilesRead { articles, projects, problems } }
shape! { ProjectFile { file, project, problems } }

impl Shape for FileIn {
    fn to_json(&self) -> Json {
        Json::Array(vec![self.path.to_json(), self.page.to_json()])
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> FileIn {
        let (path, page) = Shape::read(tree, wrong);
        FileIn { path, bytes: Vec::new(), page }
    }
}

/// Reads files; none is so bad that the others are not read. What archives hold is read as if it
/// stood beside them. Files of a dataset, as other tools write it, are one project, of this time; what
/// they give to nobody is mine.
pub fn read(files: Vec<FileIn>, me: &AnnotatorId, now: Timestamp) -> FilesRead {
    let mut found = FilesRead::default();
    let files = found.unpacked(files);
    let (datasets, others) = parted(files);
    for file in others {
        found.read_file(file);
    }
    for (format, files) in datasets {
        found.read_dataset(format, &files, me, now);
    }
    found
}

/// The files of datasets, those of each archive and those that came by themselves apart, and the
/// others.
fn parted(files: Vec<FileIn>) -> (Vec<(&'static Format, Vec<SourceFile>)>, Vec<FileIn>) {
    let mut groups: Vec<(String, Vec<FileIn>)> = Vec::new();
    for file in files {
        let group = group_of(&file.path);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, files)) => files.push(file),
            None => groups.push((group, vec![file])),
        }
    }
    let (mut datasets, mut others) = (Vec::new(), Vec::new());
    for (_, files) in groups {
        let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        let may_be = |file: &FileIn| {
            let kind = articles::kind(&file.path, &file.bytes);
            matches!(kind, FileKind::Articles | FileKind::Unknown)
                && is_of_dataset(&file.path, &paths)
        };
        let source = |file: &FileIn| {
            let text = encoding::decode(&file.bytes).text;
            SourceFile { path: file.path.clone(), text }
        };
        let sources: Vec<SourceFile> = files.iter().filter(|it| may_be(it)).map(source).collect();
        if let Some(format) = dataset::recognise(&sources) {
            others.extend(files.into_iter().filter(|file| !may_be(file)));
            datasets.push((format, sources));
        } else {
            others.extend(files);
        }
    }
    (datasets, others)
}

/// Whether a file may be one of a dataset. A text is one only beside what says so: else it is an
/// article.
fn is_of_dataset(path: &str, all: &[String]) -> bool {
    if !articles::is_text(path) {
        return !articles::is_page(path);
    }
    let standoff = path.rsplit_once('.').map(|(stem, _)| format!("{stem}.ann"));
    standoff.is_some_and(|it| all.contains(&it))
        || (path.contains("texts/") && all.iter().any(|it| it.ends_with(".jsonld")))
}

/// What an archive's files have in common; nothing where a file came by itself.
fn group_of(path: &str) -> String {
    let end = path.to_ascii_lowercase().find(INSIDE).map_or(0, |at| at + INSIDE.len());
    path[..end].to_owned()
}

/// What stands between the path of an archive and those within it.
const INSIDE: &str = ".zip/";

impl FilesRead {
    /// The files with those of archives in place of these.
    fn unpacked(&mut self, files: Vec<FileIn>) -> Vec<FileIn> {
        let mut all = Vec::new();
        for file in files {
            if !zip::is_zip(&file.bytes) {
                all.push(file);
                continue;
            }
            let folder = file.path.trim_end_matches(".zip").trim_end_matches(".ZIP");
            match zip::read(&file.bytes) {
                Ok(inner) => all.extend(inner.into_iter().map(|(path, bytes)| FileIn {
                    path: format!("{folder}{INSIDE}{path}"),
                    bytes,
                    page: None,
                })),
                Err(error) => {
                    self.problems.push(Problem::unreadable(&file.path, &error.to_string()));
                }
            }
        }
        all
    }

    fn read_file(&mut self, FileIn { path, bytes, page }: FileIn) {
        match articles::kind(&path, &bytes) {
            FileKind::Project(layout) => match layout.read(&path, &encoding::decode(&bytes).text) {
                Ok(read) => self.take(&path, &read.project, read.problems),
                Err(error) => self.fail(&path, &error),
            },
            FileKind::Rescue => match rescue::read(&path, &encoding::decode(&bytes).text) {
                Ok(read) if read.projects.is_empty() => self.problems.extend(read.problems),
                Ok(read) => {
                    let mut problems = read.problems;
                    for project in &read.projects {
                        self.take(&path, project, std::mem::take(&mut problems));
                    }
                }
                Err(error) => self.fail(&path, &error),
            },
            FileKind::Articles | FileKind::Unknown => {
                let html = |_: &str| html::convert(page.as_deref().unwrap_or_default());
                let read = articles::read(&path, &bytes, &html);
                self.articles.extend(read.articles);
                self.problems.extend(read.problems);
            }
        }
    }

    fn read_dataset(
        &mut self,
        format: &Format,
        files: &[SourceFile],
        me: &AnnotatorId,
        now: Timestamp,
    ) {
        let file = dataset_name(files);
        match format.read_for(files, dataset::project_id(files), now, me) {
            Ok(read) => self.take(&file, &read.project, read.problems),
            Err(error) => self.fail(&file, &error),
        }
    }

    fn fail(&mut self, file: &str, why: &dyn std::fmt::Display) {
        self.problems.push(Problem::unreadable(file, &why.to_string()));
    }

    fn take(&mut self, file: &str, project: &Project, problems: Vec<Problem>) {
        let (file, project) = (file.to_owned(), Whole::of(project));
        self.projects.push(ProjectFile { file, project, problems });
    }
}

/// What the files of a dataset are called together: the archive or the folder that they are in, or
/// the first of them.
fn dataset_name(files: &[SourceFile]) -> String {
    let first = files.first().map_or("", |file| &file.path);
    let archive = group_of(first);
    match (archive.as_str(), first.split_once('/')) {
        ("", Some((folder, _))) => folder.to_owned(),
        ("", None) => first.to_owned(),
        (archive, _) => archive.trim_end_matches('/').to_owned(),
    }
}
