//! Commands and their keys, in one table that the page, its key map and its help read.

use super::step::{Action, Motion};

/// A key as the browser reports it, with its modifiers; Ctrl stands for Command on a Mac.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press<'a> {
    /// What the key types (`KeyboardEvent.key`).
    pub key: &'a str,
    /// Where the key lies (`KeyboardEvent.code`): it tells letters on non-Latin layouts.
    pub code: &'a str,
    /// Ctrl, or Command on a Mac.
    pub ctrl: bool,
    /// Alt, or Option on a Mac.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
}

impl Press<'_> {
    /// The lower-case Latin letter that the key stands for, whatever the layout.
    pub fn letter(&self) -> Option<char> {
        let single = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        let latin = single(self.key).filter(char::is_ascii_alphabetic);
        let by_place = || {
            // A layout that types another script keeps its letters where Latin ones lie.
            let typed = single(self.key)?;
            self.code.strip_prefix("Key").filter(|_| !typed.is_ascii()).and_then(single)
        };
        latin.or_else(by_place).map(|letter| letter.to_ascii_lowercase())
    }
}

/// Keys that run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// A lower-case letter, or `KeyboardEvent.key`.
    pub key: &'static str,
    /// With Ctrl (Command on a Mac).
    pub ctrl: bool,
    /// With Alt (Option on a Mac).
    pub alt: bool,
    /// With Shift.
    pub shift: bool,
}

/// Where a command belongs in the list of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CommandGroup {
    Anywhere,
    Mark,
    Change,
    Go,
}

impl CommandGroup {
    /// All, in the order of the list.
    pub const ALL: [CommandGroup; 4] =
        [CommandGroup::Mark, CommandGroup::Change, CommandGroup::Go, CommandGroup::Anywhere];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            CommandGroup::Anywhere => "Anywhere",
            CommandGroup::Mark => "Mark",
            CommandGroup::Change => "Change the picked annotation",
            CommandGroup::Go => "Go",
        }
    }
}

/// Something that keys can do.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// What it does.
    pub name: &'static str,
    /// Where it is listed.
    pub group: CommandGroup,
    /// What runs it.
    pub keys: &'static [Keys],
    /// What it leads to.
    pub action: fn() -> Action,
}

const fn plain(key: &'static str) -> Keys {
    Keys { key, ctrl: false, alt: false, shift: false }
}
const fn shift(key: &'static str) -> Keys {
    Keys { shift: true, ..plain(key) }
}
const fn ctrl(key: &'static str) -> Keys {
    Keys { ctrl: true, ..plain(key) }
}
const fn alt(key: &'static str) -> Keys {
    Keys { alt: true, ..plain(key) }
}
const fn ctrl_shift(key: &'static str) -> Keys {
    Keys { ctrl: true, shift: true, ..plain(key) }
}

macro_rules! commands {
    ($($group:ident: $name:literal, [$($keys:expr),*] => $action:expr;)*) => {
        &[$(Command {
            name: $name,
            group: CommandGroup::$group,
            keys: &[$($keys),*],
            action: || $action,
        }),*]
    };
}

/// All commands but the labels', whose keys the scheme gives, and the caret's movements.
pub const COMMANDS: &[Command] = commands! {
    Mark: "Add the selection to the picked annotation", [plain("a")] => Action::AddSpan;
    Mark: "Use the selection as its speaker, or type a name", [plain("s")] => Action::Speaker;
    Mark: "Use the selection as its cue, or pick one", [plain("u")] => Action::Cue;
    Change: "Move its edges; Tab changes the edge, Enter ends", [plain("e")] => Action::StartEdge;
    Change: "Directness: next value", [plain("i")] => Action::NextChoice;
    Change: "Write a note", [plain("n")] => Action::FocusNote;
    Change: "Delete it", [plain("Delete"), plain("Backspace"), plain("x")] => Action::Delete;
    Change: "Mend what breaks a rule", [plain("z")] => Action::FixPicked;
    Go: "Next annotation that breaks a rule", [plain("p")] => Action::NextProblem { back: false };
    Go: "Previous annotation that breaks a rule", [shift("p")] => Action::NextProblem { back: true };
    Change: "Mark what reads the same in this article", [plain("m")] => Action::MarkIdentical;
    Change: "Give it what the last one was given", [plain("v")] => Action::RepeatValues;
    Change: "Link it to another; again for the next kind of link", [plain("r")] => Action::Relate;
    Change: "Link it to one that is found by typing, or to words", [plain("t")] => Action::FindOtherEnd;
    Go: "Go to what it is linked to; again for the next", [plain("g")] => Action::FollowRelation;
    Go: "Go back", [shift("g")] => Action::FollowBack;
    Go: "Pick what lies under the caret; again for the next", [plain("Enter")] => Action::PickAtCaret;
    Go: "Next annotation", [plain("j")] => Action::PickNext { back: false };
    Go: "Previous annotation", [plain("k")] => Action::PickNext { back: true };
    Go: "Let go of the annotation or the selection", [plain("Escape")] => Action::Escape;
    Go: "Next article", [shift("j")] => Action::NextArticle { back: false };
    Go: "Next article that is not begun", [plain("w")] => Action::NextUnannotated;
    Go: "Previous article", [shift("k")] => Action::NextArticle { back: true };
    Go: "History of the article; then next and previous are older and newer", [plain("h")] => Action::OpenHistory;
    Go: "Article done, or not", [plain("f")] => Action::ToggleDone;
    Anywhere: "Find a command, an article, a speaker, a label", [ctrl("k")] => Action::OpenPalette;
    Go: "Search all articles", [plain("/"), ctrl_shift("f")] => Action::OpenSearch;
    Go: "Next hit of the search", [plain("l")] => Action::NextHit { back: false };
    Go: "Previous hit of the search", [shift("l")] => Action::NextHit { back: true };
    Change: "Find what reads the same in all articles", [shift("m")] => Action::SearchIdentical;
    Go: "Guidelines", [plain("y")] => Action::OpenGuidelines(None);
    Anywhere: "Undo", [ctrl("z")] => Action::Undo;
    Anywhere: "Redo", [ctrl_shift("z"), ctrl("y")] => Action::Redo;
    Anywhere: "Export", [ctrl("e"), ctrl("s")] => Action::OpenExport;
    Anywhere: "All keys", [plain("?")] => Action::OpenKeys;
};

/// Movements of the caret; with Shift each extends the selection.
const MOTIONS: &[(Keys, Motion)] = &[
    (plain("ArrowLeft"), Motion::Left),
    (plain("ArrowRight"), Motion::Right),
    (ctrl("ArrowLeft"), Motion::WordLeft),
    (ctrl("ArrowRight"), Motion::WordRight),
    (alt("ArrowUp"), Motion::SentenceBack),
    (alt("ArrowDown"), Motion::SentenceForward),
    (ctrl("ArrowUp"), Motion::ParagraphBack),
    (ctrl("ArrowDown"), Motion::ParagraphForward),
    (ctrl("Home"), Motion::Start),
    (ctrl("End"), Motion::End),
];

fn matches(keys: &Keys, press: &Press) -> bool {
    let is_letter = keys.key.len() == 1 && keys.key.as_bytes()[0].is_ascii_lowercase();
    let same = if is_letter {
        press.letter().is_some_and(|letter| keys.key.starts_with(letter))
    } else {
        press.key == keys.key
    };
    // A sign such as `?` needs Shift on some layouts and not on others.
    let shift_counts = is_letter || keys.key.len() > 1;
    same && keys.ctrl == press.ctrl
        && keys.alt == press.alt
        && (!shift_counts || keys.shift == press.shift)
}

/// What a key does while the article has the focus, or `anywhere` on the page.
///
/// `letters` says whether keys without Ctrl or Alt that type something may act.
pub fn command_for(press: &Press, anywhere: bool, letters: bool) -> Option<Action> {
    let types = press.key.chars().count() == 1 && !press.ctrl && !press.alt;
    if types && !letters {
        return None;
    }
    let commands =
        COMMANDS.iter().filter(|it| !anywhere || it.group == CommandGroup::Anywhere && !types);
    for command in commands {
        if command.keys.iter().any(|keys| matches(keys, press)) {
            return Some((command.action)());
        }
    }
    if anywhere {
        return None;
    }
    let unshifted = Press { shift: false, ..*press };
    MOTIONS
        .iter()
        .find(|(keys, _)| matches(keys, &unshifted))
        .map(|(_, motion)| Action::Move { motion: *motion, extend: press.shift })
        .or_else(|| {
            (press.ctrl && !press.alt && press.letter() == Some('a')).then_some(Action::SelectAll)
        })
        .or_else(|| {
            let letter = press.letter().filter(|_| types)?;
            Some(if press.shift { Action::HoldLabel(letter) } else { Action::LabelKey(letter) })
        })
}
