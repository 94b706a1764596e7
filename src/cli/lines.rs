//! Files that are read line by line, more than once, on all cores.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Seek, SeekFrom};
use std::time::{Duration, Instant, SystemTime};

use rayon::prelude::*;

/// How many bytes of lines are in memory at once.
pub const BATCH: usize = 8 << 20;

/// How many lines or articles are.
pub const MOST: usize = 256;

/// How often it is said how far reading is.
const EVERY: Duration = Duration::from_millis(500);

/// A file of lines that stays the same while it is read.
pub struct LinesFile {
    name: String,
    file: File,
    /// Where its first line starts that is read, in bytes and in lines.
    start: (u64, u32),
    /// How large it is, and when it was changed.
    stamp: (u64, Option<SystemTime>),
}

/// Where a line is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Which line it is, from 1.
    pub at: u32,
    /// Where it starts, in bytes.
    pub start: u64,
    /// How long it is with its end, in bytes.
    pub length: usize,
}

/// A line, with its end.
pub struct Line {
    /// Where it is.
    pub place: Place,
    /// What stands there.
    pub bytes: Vec<u8>,
}

/// The first line of a file that is not empty, which is not the whole file.
pub struct First {
    /// The line, with its end.
    pub line: Vec<u8>,
    /// Which line it is, from 1.
    pub at: u32,
    /// Where the line behind it starts, in bytes.
    pub end: u64,
}

impl First {
    /// The line; none where it is not UTF-8.
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.line).ok()
    }
}

impl LinesFile {
    /// All lines of a file; messages call it by that name.
    ///
    /// # Errors
    /// It cannot be asked how large it is.
    pub fn new(name: &str, file: File) -> io::Result<LinesFile> {
        let metadata = file.metadata()?;
        let stamp = (metadata.len(), metadata.modified().ok());
        Ok(LinesFile { name: name.to_owned(), file, start: (0, 0), stamp })
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How large it is, in bytes.
    pub fn size(&self) -> u64 {
        self.stamp.0
    }

    /// The lines behind one.
    pub fn behind(self, first: &First) -> LinesFile {
        LinesFile { start: (first.end, first.at), ..self }
    }

    /// Its first line; none of a file that is one line or none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn first(&self) -> io::Result<Option<First>> {
        let mut file = &self.file;
        file.rewind()?;
        let mut reader = BufReader::new(file);
        let mut first = First { line: Vec::new(), at: 0, end: 0 };
        while first.line.trim_ascii().is_empty() {
            first.line.clear();
            let read = reader.read_until(b'\n', &mut first.line)?;
            if read == 0 {
                return Ok(None);
            }
            (first.at, first.end) = (first.at + 1, first.end + read as u64);
        }
        Ok((first.end < self.stamp.0).then_some(first))
    }

    /// Whether it is still the file that was opened: what is read later is to fit what was read before.
    fn is_same(&self) -> io::Result<()> {
        let metadata = self.file.metadata()?;
        match (metadata.len(), metadata.modified().ok()) == self.stamp {
            true => Ok(()),
            false => Err(io::Error::other(format!("{} was changed while it was read", self.name))),
        }
    }

    /// Does something with each line that is not empty, on all cores; the answers come in the order of
    /// the lines, with the line, none for an empty line. People are told that this is what is done.
    ///
    /// # Errors
    /// What `take` says, or the file cannot be read or is another by now.
    pub fn each<T: Send>(
        &self,
        doing: &'static str,
        work: impl Fn(u32, &[u8]) -> T + Sync,
        mut take: impl FnMut(&Line, Option<T>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.is_same()?;
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.start.0))?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let (mut start, mut at) = self.start;
        let mut next = || {
            let mut bytes = Vec::new();
            let length = reader.read_until(b'\n', &mut bytes)?;
            at += 1;
            let place = Place { at, start, length };
            start += length as u64;
            Ok((length > 0).then_some(Line { place, bytes }))
        };
        let mut progress = Progress::new(doing, self.stamp.0);
        loop {
            let batch = batch(&mut next)?;
            if batch.is_empty() {
                return self.is_same();
            }
            progress.add(batch.iter().map(|line| line.place.length).sum());
            let done = batch.par_iter().map(|Line { place, bytes }| {
                let is_empty = bytes.trim_ascii().is_empty();
                (!is_empty).then(|| work(place.at, bytes))
            });
            let done: Vec<Option<T>> = done.collect();
            batch.iter().zip(done).try_for_each(|(line, done)| take(line, done))?;
        }
    }

    /// Does something with the lines at these places, on all cores; the answers come in their order.
    ///
    /// # Errors
    /// What `take` says, or the file cannot be read or is another by now.
    pub fn pick<T: Send>(
        &self,
        places: impl IntoIterator<Item = Place>,
        progress: &mut Progress,
        work: impl Fn(u32, &[u8]) -> T + Sync,
        mut take: impl FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        self.is_same()?;
        let mut places = places.into_iter();
        let mut next = || {
            let Some(place) = places.next() else { return Ok(None) };
            let (mut file, mut bytes) = (&self.file, vec![0; place.length]);
            file.seek(SeekFrom::Start(place.start))?;
            file.read_exact(&mut bytes)?;
            Ok(Some(Line { place, bytes }))
        };
        loop {
            let batch = batch(&mut next)?;
            if batch.is_empty() {
                return self.is_same();
            }
            progress.add(batch.iter().map(|line| line.place.length).sum());
            let done: Vec<T> =
                batch.par_iter().map(|Line { place, bytes }| work(place.at, bytes)).collect();
            done.into_iter().try_for_each(&mut take)?;
        }
    }
}

/// As many lines as are in memory at once; none at the end.
fn batch(next: &mut impl FnMut() -> io::Result<Option<Line>>) -> io::Result<Vec<Line>> {
    let (mut batch, mut length) = (Vec::new(), 0);
    while length < BATCH && batch.len() < MOST {
        let Some(line) = next()? else { break };
        length += line.place.length;
        batch.push(line);
    }
    Ok(batch)
}

/// How far something is, for people who look on: on standard error, where that is a terminal.
pub struct Progress {
    doing: &'static str,
    read: u64,
    all: u64,
    /// When it was last said; none where nobody looks.
    said: Option<Instant>,
    /// Whether it was.
    shown: bool,
}

impl Progress {
    /// At the start of so many bytes.
    pub fn new(doing: &'static str, all: u64) -> Progress {
        let said = io::stderr().is_terminal().then(Instant::now);
        Progress { doing, read: 0, all, said, shown: false }
    }

    /// So many more are done.
    pub fn add(&mut self, bytes: usize) {
        self.read += bytes as u64;
        if self.said.is_some_and(|said| said.elapsed() >= EVERY) {
            let (read, all) = (self.read / 1_000_000, self.all / 1_000_000);
            eprint!("\r{}: {read} of {all} MB ", self.doing);
            (self.said, self.shown) = (Some(Instant::now()), true);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            // What comes next stands in its place.
            eprint!("\r{:40}\r", "");
        }
    }
}
