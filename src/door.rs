//! The door between the two parts of the page, see `src/web/parts.rs`.
//!
//! `cargo xtask build` splits the wasm file here. In any other build both parts are in one file, and
//! the door stands open.

use avow::web::{Missing, Task, Work, work};

/// The second part, fetched at the first call.
pub fn open() -> Task<Result<Work, Missing>> {
    Box::pin(async { second().await.map_err(|_| Missing) })
}

#[cfg(not(avow_split))]
async fn second() -> Result<Work, Missing> {
    Ok(work())
}

#[cfg(avow_split)]
use split::second;

#[cfg(avow_split)]
// What is exported and imported here needs a name of its own in the wasm file.
#[allow(unsafe_code)]
mod split {
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::{Work, work};

    #[link(wasm_import_module = "./__wasm_split.js")]
    unsafe extern "C" {
        safe fn need();
    }

    /// Fetches at once the functions that are seldom run: called where one of them is, before they are
    /// there. See `xtask/src/seldom.rs`.
    #[unsafe(export_name = "need_seldom")]
    extern "C" fn need_seldom() {
        need();
    }

    #[wasm_split(work, fallible)]
    pub fn second() -> Result<Work, SplitLoaderError> {
        Ok(work())
    }
}
