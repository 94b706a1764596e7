//! The article in the document: its text, its highlights, the caret, and what points at them.

mod arcs;
mod highlights;
mod reader;
mod signs;
mod text_map;

pub use highlights::Highlights;
pub use reader::{Beside, LineMotion, Places, Reader};
