//! The native file: all that a project holds, as one JSON object (`*.avow.json`), or as lines for
//! what is too large for one object (`*.avow.jsonl`).
//!
//! `docs/file-format.md` describes it to its readers and `docs/avow.schema.json` to programs.
//! Offsets count code points and stand beside the text that they cover, so that reading can tell
//! whether they still hold. The same project gives the same bytes.

mod index;
mod object;
mod offsets;
mod read;
mod scheme;
mod values;
mod write;

pub use index::{Index, Indexed};
pub use read::{Head, LineRead, Read, ReadError, read, read_lines};
pub(super) use scheme::scheme_in;
pub use write::{write, write_lines};

use crate::text::Unit;

/// What `format` says in a native file.
pub(super) const FORMAT: &str = "avow";

/// The version that is written, and the highest that is read.
pub const VERSION: u32 = 1;

/// How a file is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One object: [`write()`].
    #[default]
    Object,
    /// The object without its articles, then one article a line: [`write_lines`].
    Lines,
}

impl Layout {
    /// Both.
    pub const ALL: [Layout; 2] = [Layout::Object, Layout::Lines];

    /// What names of such files end in, without the first dot.
    pub fn ending(self) -> &'static str {
        match self {
            Layout::Object => "avow.json",
            Layout::Lines => "avow.jsonl",
        }
    }

    /// The layout that a file of this path has by its ending; one object where that says nothing.
    pub fn of_path(path: &std::path::Path) -> Layout {
        match path.extension() {
            Some(ending) if ending == "jsonl" => Layout::Lines,
            _ => Layout::Object,
        }
    }

    /// Reads a file that is laid out so; `file` is its name.
    ///
    /// # Errors
    /// It is no project.
    pub fn read(self, file: &str, text: &str) -> Result<Read, ReadError> {
        match self {
            Layout::Object => read(file, text),
            Layout::Lines => read_lines(file, text),
        }
    }

    /// The type that a browser is told of.
    pub fn media_type(self) -> &'static str {
        match self {
            Layout::Object => "application/json",
            Layout::Lines => "application/jsonl",
        }
    }
}

/// The name of a unit in `offset_unit`; [`Unit::CodePoint`]'s is written, all are read.
fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Utf8 => "utf-8",
        Unit::Utf16 => "utf-16",
        Unit::CodePoint => "code-point",
    }
}
