//! What commands write.

use std::fmt;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::input::STANDARD;
use super::source::Source;
use crate::annotation::ArticleId;
use crate::format::dataset::{File, Frame, Opened, Piece};
use crate::format::native::Layout;
use crate::format::zip;
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

/// A file while it is written, or standard output. It stands beside the one that it is to be, and takes
/// its place when all is there: what was there before may be what it is made of.
pub enum Out {
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
    /// A file, and what it is to be called.
    File(BufWriter<NamedTempFile>, PathBuf),
}

impl Out {
    /// Begins a file, with the folders that it is in; `-` is standard output.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(path: &Path) -> io::Result<Out> {
        if path == Path::new(STANDARD) {
            return Ok(Out::Standard(BufWriter::new(io::stdout())));
        }
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        // Others may read it, as far as the person lets them.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Ok(Out::File(BufWriter::new(builder.tempfile_in(folder)?), path.to_owned()))
    }

    /// All is there.
    ///
    /// # Errors
    /// It cannot be written, or not be called so.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Out::Standard(mut out) => out.flush(),
            Out::File(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(path).map(drop).map_err(io::Error::from)
            }
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Out::Standard(out) => out.write(bytes),
            Out::File(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Standard(out) => out.flush(),
            Out::File(out, _) => out.flush(),
        }
    }
}

/// Packs files of these names in a folder into a ZIP file.
///
/// # Errors
/// One cannot be read, or the archive not be written.
pub fn pack(folder: &Path, names: &[String], path: &Path) -> io::Result<()> {
    let mut out = Out::create(path)?;
    if let Out::File(file, _) = &mut out {
        let content = |name: &String| {
            let file = fs::File::open(folder.join(name))?;
            let size = file.metadata()?.len();
            Ok((file, size))
        };
        zip::write_to(file, names.iter().map(|name| (name, content(name))))?;
    }
    out.finish()
}

/// Writes a project's file, article by article, and says so; `-` is standard output.
///
/// # Errors
/// It cannot be written, or the source cannot be read any more.
pub fn write_native(source: &Source, layout: Layout, path: &Path) -> Result<(), OutputError> {
    let written = || -> io::Result<()> {
        let mut out = Out::create(path)?;
        let project = source.project();
        out.write_all(layout.head(project).as_bytes())?;
        let first = project.articles().first().map(|article| article.id.clone());
        let write = |project: &Project, id: &ArticleId| {
            let is_first = first.as_ref() == Some(id);
            let (article, loaded) = (project.article(id)?, project.loaded(id)?);
            Some(layout.article(project, article, loaded, is_first))
        };
        source.each(write, |article| out.write_all(article.unwrap_or_default().as_bytes()))?;
        out.write_all(layout.tail(project).as_bytes())?;
        out.finish()
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
    /// The names of the files that articles have for themselves, in their order.
    own: Vec<String>,
    shared: Vec<File>,
}

struct Framed {
    frame: Frame,
    out: Out,
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
        let open = |_: &Frame| Out::create(Path::new(STANDARD));
        Files::begun(None, Opened { shared: Vec::new(), ..opened }, open).map(Some)
    }

    /// Files in a folder.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn in_folder(folder: &Path, opened: Opened) -> io::Result<Files> {
        Files::begun(Some(folder), opened, |frame| Out::create(&folder.join(&frame.name)))
    }

    fn begun(
        folder: Option<&Path>,
        opened: Opened,
        open: impl Fn(&Frame) -> io::Result<Out>,
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
        let mut out = Out::create(&folder.join(name))?;
        out.write_all(content.as_bytes())?;
        out.finish()
    }

    /// Ends all, with what stands beside them, given the names of the files of data; what comes are
    /// the names of all files, the most important first.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn finish(mut self, beside: impl FnOnce(&[&str]) -> Vec<File>) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for Framed { frame, mut out, .. } in std::mem::take(&mut self.frames) {
            out.write_all(frame.after.as_bytes())?;
            out.finish()?;
            names.push(frame.name);
        }
        names.append(&mut self.own);
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
