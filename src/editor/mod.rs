//! The whole program without a browser: state, what can happen to it, and what it asks for.

mod command;
pub mod find;
pub mod scheme;
pub mod speakers;
mod state;
mod step;

pub use crate::edit::act::{Counted, Ctx};
pub use command::{COMMANDS, Command, CommandGroup, Keys, Press, command_for};
pub use state::{
    Copies, Dialog, Edge, EditorState, Folder, FolderState, GuidePage, Incoming, Keeps, Leaving,
    Mode, Notice, Offer, OpenArticle, Past, Problems, Relating, Saving, Settings, Side, Storage,
    Theme, Tidings, Writer, describe, label_name, speaker_names,
};
pub use step::{
    Action, Effect, Focus, Merging, Motion, Opened, Sweep, guidelines, step, step_reading,
};
