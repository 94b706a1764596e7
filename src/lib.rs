//! Avow: annotate claims, denials and quotes in news articles, wholly in the browser.
//!
//! The modules in reading order; each may name those above it and none below
//! (siblings that stand together do not know each other).
//! Only `web` names a browser, and it exists only where there is one.

pub mod map;
mod sort;
pub mod text;

pub mod scheme;

pub mod annotation;

pub mod project;

pub mod edit;

pub mod format;
pub mod highlight;
pub mod search;
pub mod suggest;

pub mod store;

pub mod job;

pub mod editor;

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(target_arch = "wasm32")]
pub mod web;
