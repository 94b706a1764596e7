//! The page.

#![deny(clippy::unwrap_used, clippy::expect_used)]

pub mod lock;
pub mod store;

/// Mounts the page on the document's body.
pub fn mount() {}
