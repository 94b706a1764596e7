//! How an input of a target becomes what readers take. `cargo xtask fuzz` writes the first inputs so.

use avow::annotation::Timestamp;
use avow::format::dataset::{self, FORMATS, Read, SourceFile, Unreadable, project_id};
use avow::format::encoding::decode;

/// No clock: an input does the same each time.
pub const NOW: Timestamp = Timestamp(1_700_000_000);

/// What stands between the files of an input.
const BETWEEN_FILES: u8 = 0x1E;

/// The text of a file, as all that opens files gets it.
pub fn text(bytes: &[u8]) -> String {
    decode(bytes).text
}

/// A file: a line that is its path, and what is in it.
pub fn file(input: &[u8]) -> (String, &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (path, content) = input.split_at(end);
    (text(path), content.get(1..).unwrap_or_default())
}

/// Reads files as the format that the first byte names, or as that which they look like.
pub fn read_dataset(input: &[u8]) -> Option<Result<Read, Unreadable>> {
    let (format, rest) = input.split_first()?;
    let source = |input| {
        let (path, content) = file(input);
        SourceFile { path, text: text(content) }
    };
    let files: Vec<SourceFile> = rest.split(|byte| *byte == BETWEEN_FILES).map(source).collect();
    let id = project_id(&files);
    Some(match FORMATS.get(usize::from(*format) % (FORMATS.len() + 1)) {
        Some(format) => format.read(&files, id, NOW),
        None => dataset::read(&files, id, NOW),
    })
}
