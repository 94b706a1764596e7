//! What commands write.

use std::fmt;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::input::STANDARD;
use super::source::Source;
use crate::annotation::ArticleId;
use crate::format::dataset::File;
use crate::format::native::Layout;
use crate::format::zip::Packing;
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
pub fn pack(folder: &Path, names: &[&str], path: &Path) -> io::Result<()> {
    let mut out = Out::create(path)?;
    let mut packing = Packing::new(&mut out);
    for name in names {
        let mut file = fs::File::open(folder.join(name))?;
        packing.begin(name, file.metadata()?.len())?;
        io::copy(&mut file, &mut packing)?;
    }
    packing.finish()?;
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
        out.write_all(layout.tail(project, first.is_none()).as_bytes())?;
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
    /// Where they are; none for standard output, which only has what stands in a file that was begun.
    folder: Option<PathBuf>,
    /// Those that were begun, by their names.
    begun: Vec<(String, Out)>,
}

impl Files {
    /// Begins files with what stands first in them, in a folder or, without one, on standard output.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn begin(folder: Option<&Path>, first: Vec<File>) -> io::Result<Files> {
        let mut files = Files { folder: folder.map(Path::to_owned), begun: Vec::new() };
        for File { name, content } in first {
            let path = folder.map_or(PathBuf::from(STANDARD), |folder| folder.join(&name));
            let mut out = Out::create(&path)?;
            out.write_all(content.as_bytes())?;
            files.begun.push((name, out));
        }
        Ok(files)
    }

    /// Appends to a file that was begun, or writes a whole one.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&mut self, File { name, content }: &File) -> io::Result<()> {
        if let Some((_, out)) = self.begun.iter_mut().find(|(begun, _)| begun == name) {
            return out.write_all(content.as_bytes());
        }
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut out = Out::create(&folder.join(name))?;
        out.write_all(content.as_bytes())?;
        out.finish()
    }

    /// All is there.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn finish(self) -> io::Result<()> {
        self.begun.into_iter().try_for_each(|(_, out)| out.finish())
    }
}
