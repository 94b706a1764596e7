//! A scheme in a file of its own, `*.scheme.json`, for projects that are annotated alike.
//!
//! `{"format": "avow-scheme", "version": 1, "scheme": {…}}`, where the scheme is what it is in a
//! native file. Reading takes the scheme of a native file too.

use std::fmt;

use serde::Serialize;
use serde_json::Value as Json;

use super::stored::shape;
use super::{Problem, native};
use crate::scheme::Scheme;

/// What `format` says.
const FORMAT: &str = "avow-scheme";

/// The version that is written, and the highest that is read.
pub const VERSION: u32 = 1;

/// A scheme as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeFile {
    /// The file's name.
    pub file: String,
    /// The scheme.
    pub scheme: Scheme,
    /// What of it could not be taken.
    pub problems: Vec<Problem>,
}

shape! { SchemeFile { file, scheme, problems } }

/// Why a file gives no scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not JSON.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1, in UTF-8 bytes.
        column: usize,
    },
    /// It is JSON, but neither a scheme nor a project of Avow.
    NotScheme,
    /// Its `version` is no version.
    NoVersion,
    /// It was written by a later Avow.
    LaterVersion {
        /// The file's.
        file: u64,
        /// The highest that is read.
        ours: u32,
    },
    /// It has no `scheme`.
    NoScheme,
    /// Its scheme has no label at all.
    NoLabel,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotJson { line, column } => {
                write!(f, "the file is not JSON (line {line}, column {column})")
            }
            ReadError::NotScheme => f.write_str(
                "the file says neither `\"format\": \"avow-scheme\"` nor `\"format\": \"avow\"`",
            ),
            ReadError::NoVersion => f.write_str("the file does not say which `version` it is of"),
            ReadError::LaterVersion { file, ours } => write!(
                f,
                "the file is of version {file}, and this Avow reads up to version {ours}: \
                 use a newer Avow"
            ),
            ReadError::NoScheme => f.write_str("the file has no `scheme`"),
            ReadError::NoLabel => f.write_str("its scheme has no label"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads the scheme of a scheme's file, or of a project's; `file` is its name, for the problems.
///
/// # Errors
/// It is not JSON, neither of both, of a later version, or has no scheme with a label. Whatever else
/// is wrong is a problem.
pub fn read(file: &str, json: &str) -> Result<SchemeFile, ReadError> {
    let value: Json = serde_json::from_str(json.trim_start_matches('\u{feff}'))
        .map_err(|error| ReadError::NotJson { line: error.line(), column: error.column() })?;
    let Json::Object(mut keys) = value else { return Err(ReadError::NotScheme) };
    let ours = match keys.get("format").and_then(Json::as_str) {
        Some(FORMAT) => VERSION,
        Some(native::FORMAT) => native::VERSION,
        _ => return Err(ReadError::NotScheme),
    };
    match keys.get("version").and_then(Json::as_u64) {
        None | Some(0) => return Err(ReadError::NoVersion),
        Some(file) if file > u64::from(ours) => {
            return Err(ReadError::LaterVersion { file, ours });
        }
        Some(_) => {}
    }
    keys.retain(|key, _| key == "scheme");
    let (scheme, problems) = native::scheme_in(file, keys);
    let scheme = scheme.ok_or(ReadError::NoScheme)?;
    if scheme.labels.is_empty() {
        return Err(ReadError::NoLabel);
    }
    Ok(SchemeFile { file: file.to_owned(), scheme, problems })
}

/// The file of a scheme. The same scheme gives the same bytes.
pub fn write(scheme: &Scheme) -> String {
    #[derive(Serialize)]
    struct Out<'a> {
        format: &'static str,
        version: u32,
        scheme: &'a Scheme,
    }
    let out = Out { format: FORMAT, version: VERSION, scheme };
    // Nothing in a scheme is of a kind that JSON does not have.
    serde_json::to_string_pretty(&out).unwrap_or_default() + "\n"
}
