//! The native file, `*.avow.json`: all that a project holds, as one JSON object.
//!
//! `docs/file-format.md` describes it to its readers and `docs/avow.schema.json` to programs.
//! Offsets count code points and stand beside the text that they cover, so that reading can tell
//! whether they still hold. The same project gives the same bytes.

mod object;
mod offsets;
mod read;
mod scheme;
mod values;
mod write;

pub use read::{Read, ReadError, read};
pub(super) use scheme::scheme_in;
pub use write::{write, write_article, write_head, write_tail};

use crate::text::Unit;

/// What `format` says in a native file.
pub(super) const FORMAT: &str = "avow";

/// The version that is written, and the highest that is read.
pub const VERSION: u32 = 1;

/// The name of a unit in `offset_unit`; [`Unit::CodePoint`]'s is written, all are read.
fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Utf8 => "utf-8",
        Unit::Utf16 => "utf-16",
        Unit::CodePoint => "code-point",
    }
}
