//! The article in the document: its text, its marks, the caret, and what points at them.

mod arcs;
mod highlights;
mod marks;
mod near;
mod print;
mod reader;
mod signs;
mod text_map;

pub use reader::{Beside, LineMotion, Overlays, Places, Reader};
