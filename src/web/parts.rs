//! The page in two parts: what shows articles, and what only acts need.
//!
//! The first part is fetched when the page is opened, the second once an article can be read, or at
//! the first act if that comes before. The program's
//! own file (`src/door.rs`) holds the one door between them: what is only reached through the
//! functions that [`Work`] names is linked into the second part.

use std::cell::Cell;

pub use super::app::{Work, work};
use super::effects::Task;

/// Gives the second part, fetching it if need be.
pub type Door = fn() -> Task<Result<Work, Missing>>;

/// The second part could not be fetched; it may be tried again.
#[derive(Debug)]
pub struct Missing;

thread_local! {
    static DOOR: Cell<Door> = const { Cell::new(|| Box::pin(async { Err(Missing) })) };
    static LOADED: Cell<Option<Work>> = const { Cell::new(None) };
}

/// Sets the door; to be called before the page is mounted.
pub fn set_door(door: Door) {
    DOOR.set(door);
}

/// The second part, once it is there.
pub fn loaded() -> Option<Work> {
    LOADED.get()
}

/// Fetches the second part, which is to be given to [`keep`].
pub fn load() -> Task<Result<Work, Missing>> {
    (DOOR.get())()
}

/// From now on the second part is there: what waited for it comes first.
pub fn keep(work: Work) {
    LOADED.set(Some(work));
}
