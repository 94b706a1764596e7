//! ZIP: what a dataset is packed into, and what other tools pack their projects into.

use std::fmt;
use std::io::{self, Cursor, Read, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{ZipArchive, ZipWriter};

/// How much an archive may hold when it is unpacked, in bytes; more does not fit into a browser's
/// memory beside the rest.
pub const LARGEST: u64 = 512 << 20;

/// How many files an archive may hold.
pub const MOST_FILES: usize = 100_000;

/// Why an archive is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZipError {
    /// It is damaged, encrypted, or packed in a way that is not known.
    Damaged(String),
    /// It holds more than [`LARGEST`] bytes.
    TooLarge,
    /// It holds more than [`MOST_FILES`] files.
    TooMany,
}

impl fmt::Display for ZipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ZipError::Damaged(why) => write!(f, "it is no ZIP file that can be opened ({why})"),
            ZipError::TooLarge => {
                write!(f, "it unpacks to more than {} MB", LARGEST >> 20)
            }
            ZipError::TooMany => write!(f, "it holds more than {MOST_FILES} files"),
        }
    }
}

impl std::error::Error for ZipError {}

/// Packs files of these paths, in their order. The same files give the same bytes.
///
/// # Errors
/// A path is longer than ZIP allows, or all is larger than it does.
pub fn write<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, ZipError> {
    let mut packed = Packing::new(Vec::new());
    let written = files.into_iter().try_for_each(|(path, bytes)| {
        packed.begin(path, bytes.len() as u64)?;
        packed.write_all(bytes)
    });
    let packed = written.and_then(|()| packed.finish());
    packed.map_err(|error| ZipError::Damaged(error.to_string()))
}

/// An archive that is written from its beginning to its end: what was written is never changed, and
/// need not be kept.
pub struct Packing<W: Write>(ZipWriter<StreamWriter<W>>);

impl<W: Write> Packing<W> {
    /// An archive of nothing yet.
    pub fn new(out: W) -> Packing<W> {
        Packing(ZipWriter::new_stream(out))
    }

    /// Begins a file of this path and so many bytes, which come next; the one before is ended.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(&mut self, path: &str, size: u64) -> io::Result<()> {
        // No clock: all files are of the first day that ZIP knows.
        let options = SimpleFileOptions::default()
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644)
            .large_file(size >= u64::from(u32::MAX));
        Ok(self.0.start_file(path, options)?)
    }

    /// Ends the archive, and gives back what it was written to.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.0.finish()?.into_inner())
    }
}

impl<W: Write> Write for Packing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether bytes begin as those of an archive do.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The files of an archive by their paths, in its order. A path never leads out of the archive:
/// what has another one is left out, as are links and what systems put beside.
///
/// # Errors
/// See [`ZipError`]. What an archive says of its sizes is not believed.
pub fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ZipError> {
    let failed = |error: &dyn fmt::Display| ZipError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| failed(&error))?;
    if archive.len() > MOST_FILES {
        return Err(ZipError::TooMany);
    }
    let (mut files, mut left) = (Vec::new(), LARGEST);
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(|error| failed(&error))?;
        let Some(path) = inner_path(&file) else { continue };
        let mut content = Vec::new();
        let limit = left + 1;
        file.by_ref().take(limit).read_to_end(&mut content).map_err(|error| failed(&error))?;
        left = left.checked_sub(content.len() as u64).ok_or(ZipError::TooLarge)?;
        files.push((path, content));
    }
    Ok(files)
}

/// The path of a file that is one, within the archive.
fn inner_path<R: Read>(file: &zip::read::ZipFile<'_, R>) -> Option<String> {
    let path = file.enclosed_name()?;
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    let path = parts?.join("/");
    let aside = path.starts_with("__MACOSX/") || path.ends_with(".DS_Store");
    (file.is_file() && !aside && !path.is_empty()).then_some(path)
}
