//! The page in two parts: what shows articles, and what works on them.
//!
//! The first part is fetched when the page is opened. The second holds what only acts need, and is
//! fetched at the first of them. [`load`] is the one door between them: what is only reached through
//! the functions that [`Work`] names is linked into the second file (by `cargo xtask build`; any
//! other build has both parts in one file, and the door stands open).

use std::cell::Cell;

use super::app::Work;

thread_local! {
    static LOADED: Cell<Option<Work>> = const { Cell::new(None) };
}

/// The second part could not be fetched.
#[derive(Debug)]
pub struct Missing;

/// The second part, once it is there.
pub fn work() -> Option<Work> {
    LOADED.get()
}

/// Fetches the second part, unless it is there; a failed fetch can be tried again.
pub async fn load() -> Result<Work, Missing> {
    if let Some(work) = work() {
        return Ok(work);
    }
    let work = door::open().await?;
    LOADED.set(Some(work));
    Ok(work)
}

#[cfg(avow_split)]
// The attribute makes an exported function, which needs a name of its own in the wasm file.
#[allow(unsafe_code)]
mod door {
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::{Missing, Work};

    impl From<SplitLoaderError> for Missing {
        fn from(_: SplitLoaderError) -> Missing {
            Missing
        }
    }

    #[wasm_split(work, fallible)]
    pub fn open() -> Result<Work, Missing> {
        Ok(super::super::app::work())
    }
}

#[cfg(not(avow_split))]
mod door {
    use super::{Missing, Work};

    #[allow(clippy::unused_async)]
    pub async fn open() -> Result<Work, Missing> {
        Ok(super::super::app::work())
    }
}
