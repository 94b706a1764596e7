//! Commands and their keys, in one table that the page, its key map and its help read.

use std::borrow::Cow;
use std::sync::Arc;

use super::step::{Action, Motion};
use crate::format::stored::shape::{Wrong, shape};
use crate::format::stored::{Shape, Tree};
use crate::scheme::Scheme;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// A lower-case letter, or `KeyboardEvent.key`.
    pub key: Cow<'static, str>,
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
#[derive(Clone, Debug)]
pub struct Command {
    /// Names it where own keys are kept: how its action is written.
    pub id: &'static str,
    /// What it does.
    pub name: &'static str,
    /// Where it is listed.
    pub group: CommandGroup,
    /// What runs it.
    pub keys: &'static [Keys],
    /// What it leads to.
    pub action: fn() -> Action,
}

const fn keys(key: &'static str, ctrl: bool, alt: bool, shift: bool) -> Keys {
    Keys { key: Cow::Borrowed(key), ctrl, alt, shift }
}
const fn plain(key: &'static str) -> Keys {
    keys(key, false, false, false)
}
const fn shift(key: &'static str) -> Keys {
    keys(key, false, false, true)
}
const fn ctrl(key: &'static str) -> Keys {
    keys(key, true, false, false)
}
const fn alt(key: &'static str) -> Keys {
    keys(key, false, true, false)
}
const fn ctrl_shift(key: &'static str) -> Keys {
    keys(key, true, false, true)
}

macro_rules! commands {
    ($($group:ident: $name:literal, [$($keys:expr),*] => $action:expr;)*) => {
        &[$(Command {
            id: stringify!($action),
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
    Mark: "The selection is boilerplate, or is so no longer", [plain("b")] => Action::ToggleRegion;
    Mark: "Propose what is not the article", [] => Action::ProposeRegions;
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

/// Keys that a person has chosen for a command, in place of those that it has of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnKey {
    /// The [`Command::id`].
    pub command: String,
    /// What runs it.
    pub keys: Keys,
}

/// All keys that a person has chosen, at most one for each command; a clone is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnKeys(Arc<Vec<OwnKey>>);

shape! { Keys { key, ctrl: omitted, alt: omitted, shift: omitted } }
shape! { OwnKey { command, keys } }

impl Shape for Cow<'static, str> {
    fn to_json(&self) -> serde_json::Value {
        self.as_ref().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        Cow::Owned(String::read(tree, wrong))
    }
}

impl Shape for OwnKeys {
    fn to_json(&self) -> serde_json::Value {
        self.0.to_json()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        OwnKeys(Arc::new(Vec::read(tree, wrong)))
    }
}

impl OwnKeys {
    /// Whether none was chosen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What runs a command.
    pub fn of<'a>(&'a self, command: &'a Command) -> &'a [Keys] {
        let own = self.0.iter().find(|own| own.command == command.id);
        own.map_or(command.keys, |own| std::slice::from_ref(&own.keys))
    }

    /// With other keys for a command.
    pub fn with(&self, command: &Command, keys: Keys) -> OwnKeys {
        let others = self.0.iter().filter(|own| own.command != command.id).cloned();
        let own = OwnKey { command: command.id.to_owned(), keys };
        // What a command has of itself need not be kept.
        let own = Some(own).filter(|own| *command.keys != [own.keys.clone()]);
        OwnKeys(Arc::new(others.chain(own).collect()))
    }

    /// Whether a press is one of these keys.
    pub fn has(&self, press: &Press) -> bool {
        self.0.iter().any(|own| matches(&own.keys, press))
    }
}

/// What else has the same keys as a command: other commands, and labels. Whoever stands first in
/// the list gets them, and labels come last.
pub fn clashes(command: &Command, own: &OwnKeys, scheme: &Scheme) -> Vec<String> {
    let keys = own.of(command);
    let others = COMMANDS.iter().filter(|it| it.id != command.id);
    let same = others.filter(|it| own.of(it).iter().any(|it| keys.contains(it)));
    let labels = scheme.labels.iter().filter(|label| {
        let has = |it: &Keys| is_label_key(it, &label.key);
        keys.iter().any(has)
    });
    let labels = labels.map(|label| format!("Mark as {}", label.name));
    same.map(|it| it.name.to_owned()).chain(labels).collect()
}

/// The commands that have a label's key, so that it does not mark, or does not hold the label.
pub fn label_clashes(key: &str, own: &OwnKeys) -> Vec<String> {
    let same = COMMANDS.iter().filter(|it| own.of(it).iter().any(|it| is_label_key(it, key)));
    same.map(|it| it.name.to_owned()).collect()
}

/// The command, by its name, that has a label's key, alone or with Shift.
pub fn command_of(key: &str, shift: bool, own: &OwnKeys) -> Option<&'static str> {
    let is_it = |keys: &Keys| is_label_key(keys, key) && keys.shift == shift;
    COMMANDS.iter().find(|it| own.of(it).iter().any(is_it)).map(|it| it.name)
}

/// Whether keys are a label's: the letter marks, and with Shift holds the label.
fn is_label_key(keys: &Keys, label: &str) -> bool {
    !keys.ctrl && !keys.alt && !label.is_empty() && keys.key == label
}

/// Why keys cannot run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKeys {
    /// There is only a modifier yet, or a key that an input method has: nothing to say.
    Part,
    /// They move the caret or the focus, or are the browser's, for this reason.
    Taken(&'static str),
}

impl Keys {
    /// What was pressed, as keys for a command.
    ///
    /// # Errors
    /// They can be none.
    pub fn of(press: &Press) -> Result<Keys, NoKeys> {
        let named = press.key.chars().count() > 1;
        let Press { ctrl, alt, .. } = *press;
        match press.key {
            "Shift" | "Control" | "Alt" | "AltGraph" | "Meta" | "CapsLock" | "Dead" | "Process"
            | "Unidentified" | "" => return Err(NoKeys::Part),
            "Tab" => return Err(NoKeys::Taken("Tab moves the focus")),
            "Escape" => return Err(NoKeys::Taken("Escape lets go")),
            " " => return Err(NoKeys::Taken("The space bar scrolls")),
            key if key.starts_with("Arrow")
                || ["Home", "End", "PageUp", "PageDown"].contains(&key) =>
            {
                return Err(NoKeys::Taken("That key moves the caret"));
            }
            _ => {}
        }
        let letter = press.letter();
        if ctrl && !alt && letter.is_some_and(|it| "acvxnqrtw".contains(it)) {
            return Err(NoKeys::Taken("The browser has those keys"));
        }
        // A sign needs Shift on some layouts and not on others.
        let shift = press.shift && (letter.is_some() || named);
        let key = letter.map_or_else(|| press.key.to_owned(), String::from);
        Ok(Keys { key: Cow::Owned(key), ctrl, alt, shift })
    }
}

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
pub fn command_for(press: &Press, anywhere: bool, letters: bool, own: &OwnKeys) -> Option<Action> {
    let types = press.key.chars().count() == 1 && !press.ctrl && !press.alt;
    if types && !letters {
        return None;
    }
    let commands =
        COMMANDS.iter().filter(|it| !anywhere || it.group == CommandGroup::Anywhere && !types);
    for command in commands {
        if own.of(command).iter().any(|keys| matches(keys, press)) {
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

/// Whether a key that types opens the list of keys: outside fields it does so anywhere.
pub fn opens_keys(press: &Press, own: &OwnKeys) -> bool {
    let types = !press.ctrl && !press.alt;
    let lists = |it: &&Command| matches!((it.action)(), Action::OpenKeys);
    let command = COMMANDS.iter().find(lists);
    types && command.is_some_and(|it| own.of(it).iter().any(|keys| matches(keys, press)))
}
