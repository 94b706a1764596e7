//! What commands write.

use std::fmt;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::input::STANDARD;
use super::source::Source;
use crate::annotation::ArticleId;
use crate::format::dataset::{File, Frame, Opened, Piece};
use crate::format::native::Layout;
use crate::project::Project;

/// Why something was not written.
#[derive(Debug)]
pub enum OutputError {
    /// A file could not be written.
    File(PathBuf, io::Error),
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutputError::File(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for OutputError {}

/// Standard output, or a file with the folders that it is in.
fn create(path: &Path) -> io::Result<Box<dyn Write>> {
    if path == Path::new(STANDARD) {
        return Ok(Box::new(BufWriter::new(io::stdout())));
    }
    Ok(Box::new(create_file(path)?))
}

/// A file, with the folders that it is in.
///
/// # Errors
/// It cannot be made.
pub fn create_file(path: &Path) -> io::Result<BufWriter<fs::File>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create(path).map(BufWriter::new)
}

/// Writes a project's file, article by article, and says so; `-` is standard output.
///
/// # Errors
/// It cannot be written, or the source cannot be read any more.
pub fn write_native(source: &Source, layout: Layout, path: &Path) -> Result<(), OutputError> {
    let written = || -> io::Result<()> {
        let mut out = create(path)?;
        let project = source.project();
        out.write_all(layout.head(project).as_bytes())?;
        let write = |project: &Project, id: &ArticleId| {
            project.loaded(id).map(|loaded| layout.article(project, id, loaded))
        };
        source.each(write, |article| out.write_all(article.unwrap_or_default().as_bytes()))?;
        out.write_all(layout.tail(project).as_bytes())?;
        out.flush()
    };
    written().map_err(|error| OutputError::File(path.to_owned(), error))?;
    if path != Path::new(STANDARD) {
        eprintln!("{} was written.", path.display());
    }
    Ok(())
}

/// The files of a dataset while they are written.
pub struct Files {
    /// Where they are; none for standard output, which only has what stands in the first frame.
    folder: Option<PathBuf>,
    frames: Vec<Framed>,
    /// What each article has for itself, in its order.
    own: Vec<String>,
    shared: Vec<File>,
}

struct Framed {
    frame: Frame,
    out: Box<dyn Write>,
    is_empty: bool,
}

impl Files {
    /// One file alone, to standard output; none where there are several.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn standard(opened: Opened) -> io::Result<Option<Files>> {
        if opened.frames.len() != 1 || opened.own_files {
            return Ok(None);
        }
        let open = |_: &Frame| create(Path::new(STANDARD));
        Files::begun(None, Opened { shared: Vec::new(), ..opened }, open).map(Some)
    }

    /// Files in a folder.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn in_folder(folder: &Path, opened: Opened) -> io::Result<Files> {
        Files::begun(Some(folder), opened, |frame| create(&folder.join(&frame.name)))
    }

    fn begun(
        folder: Option<&Path>,
        opened: Opened,
        open: impl Fn(&Frame) -> io::Result<Box<dyn Write>>,
    ) -> io::Result<Files> {
        let mut frames = Vec::new();
        for frame in opened.frames {
            let mut out = open(&frame)?;
            out.write_all(frame.before.as_bytes())?;
            frames.push(Framed { frame, out, is_empty: true });
        }
        let folder = folder.map(Path::to_owned);
        Ok(Files { folder, frames, own: Vec::new(), shared: opened.shared })
    }

    /// Puts what an article has into its file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&mut self, Piece { file, content }: Piece) -> io::Result<()> {
        if let Some(framed) = self.frames.iter_mut().find(|it| it.frame.name == file) {
            if !std::mem::take(&mut framed.is_empty) {
                framed.out.write_all(framed.frame.between.as_bytes())?;
            }
            return framed.out.write_all(content.as_bytes());
        }
        self.write(&file, &content)?;
        self.own.push(file);
        Ok(())
    }

    fn write(&self, name: &str, content: &str) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut out = create(&folder.join(name))?;
        out.write_all(content.as_bytes())?;
        out.flush()
    }

    /// Ends all, with what stands beside them, given the names of the files of data; what comes are
    /// the names of all files, the most important first.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn finish(mut self, beside: impl FnOnce(&[&str]) -> Vec<File>) -> io::Result<Vec<String>> {
        for Framed { frame, out, .. } in &mut self.frames {
            out.write_all(frame.after.as_bytes())?;
            out.flush()?;
        }
        let framed = self.frames.iter().map(|it| it.frame.name.clone());
        let mut names: Vec<String> = framed.chain(std::mem::take(&mut self.own)).collect();
        let beside = beside(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for file in self.shared.iter().chain(&beside) {
            self.write(&file.name, &file.content)?;
            names.push(file.name.clone());
        }
        // The card is the first of all.
        let card = names.len() - beside.len();
        names[..=card].rotate_right(1);
        Ok(names)
    }
}
