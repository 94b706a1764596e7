//! The whole program without a browser: state, what can happen to it, and what it asks for.

mod command;
pub mod compare;
pub mod find;
pub mod scheme;
pub mod speakers;
mod state;
mod step;

pub use crate::edit::act::{Counted, Ctx};
pub use command::{
    COMMANDS, Command, CommandGroup, Keys, NoKeys, OwnKey, OwnKeys, Press, clashes, command_for,
    command_of, label_clashes, opens_keys,
};
pub use state::{
    Comparing, Copies, Dialog, Doing, Edge, EditorState, Folder, FolderState, GuidePage, Incoming,
    Keeps, Leaving, Making, Mode, NewText, Notice, Offer, OpenArticle, Past, Problems, Progress,
    Relating, Saving, Search, Settings, Side, Stage, Storage, Theme, Tidings, Writer, describe,
    label_name, speaker_names, speakers_in,
};
pub use step::{
    Action, Effect, Focus, KEPT_HITS, Merging, Motion, Opened, Sweep, Wish, guidelines, step,
    step_reading,
};
