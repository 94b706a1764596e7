//! Files of all kinds, read.

use serde_json::Value as Json;

use super::Whole;
use crate::format::articles::{self, FileKind};
use crate::format::html::{self, Event};
use crate::format::stored::{Shape, Wrong, shape};
use crate::format::{NewArticle, Problem, encoding, native, rescue};
use crate::project::Project;

/// A file to be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileIn {
    /// Its path in the folder that was chosen, or its name.
    pub path: String,
    /// What is in it. It is no part of the JSON.
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

    fn read(json: Json, wrong: &mut Wrong) -> FileIn {
        let (path, page) = Shape::read(json, wrong);
        FileIn { path, bytes: Vec::new(), page }
    }
}

/// Reads files; none is so bad that the others are not read.
pub fn read(files: Vec<FileIn>) -> FilesRead {
    let mut found = FilesRead::default();
    for FileIn { path, bytes, page } in files {
        match articles::kind(&path, &bytes) {
            kind @ (FileKind::Project | FileKind::ProjectLines) => {
                let text = encoding::decode(&bytes).text;
                let read = match kind {
                    FileKind::ProjectLines => native::read_lines(&path, &text),
                    _ => native::read(&path, &text),
                };
                match read {
                    Ok(read) => found.take(&path, &read.project, read.problems),
                    Err(error) => {
                        found.problems.push(Problem::unreadable(&path, &error.to_string()))
                    }
                }
            }
            FileKind::Rescue => match rescue::read(&path, &encoding::decode(&bytes).text) {
                Ok(read) if read.projects.is_empty() => found.problems.extend(read.problems),
                Ok(read) => {
                    let mut problems = read.problems;
                    for project in &read.projects {
                        found.take(&path, project, std::mem::take(&mut problems));
                    }
                }
                Err(error) => found.problems.push(Problem::unreadable(&path, &error.to_string())),
            },
            FileKind::Articles | FileKind::Unknown => {
                let html = |_: &str| html::convert(page.as_deref().unwrap_or_default());
                let read = articles::read(&path, &bytes, &html);
                found.articles.extend(read.articles);
                found.problems.extend(read.problems);
            }
        }
    }
    found
}

impl FilesRead {
    fn take(&mut self, file: &str, project: &Project, problems: Vec<Problem>) {
        let (file, project) = (file.to_owned(), Whole::of(project));
        self.projects.push(ProjectFile { file, project, problems });
    }
}
