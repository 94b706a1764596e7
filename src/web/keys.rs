//! Key events to actions; what they mean stands in `editor::COMMANDS`.

use std::cell::{Cell, RefCell};

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::dom::LineMotion;
use crate::editor::{Action, OwnKeys, Press, command_for, opens_keys};

/// What a key leads to.
pub enum KeyAct {
    /// Something the editor answers.
    Act(Action),
    /// A movement that only the layout answers.
    Line(LineMotion, bool),
    /// It is for a field that comes.
    Held,
}

/// Whether a key is one of ours, which must be said the moment it is pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ours {
    /// The browser and the field that it is pressed in answer it.
    No,
    /// We answer it in place of the browser.
    Acts,
    /// Nobody answers it before it is known what it is for.
    Waits,
}

/// What must be known the moment a key is pressed, since only then its usual effect can be stopped.
#[derive(Default)]
pub struct KeyContext {
    /// Single letters act in the article.
    pub letters: Cell<bool>,
    /// An edge is being moved: Tab goes to the other one.
    pub edge: Cell<bool>,
    /// A dialog is open: nothing behind it acts.
    pub dialog: Cell<bool>,
    /// It is one in which each change is an act: undo and redo act there too.
    pub screen: Cell<bool>,
    /// The new key of a command is awaited: the next one is that, whatever it does else.
    pub changing: Cell<bool>,
    /// Keys that the person has chosen.
    pub own: RefCell<OwnKeys>,
    /// The keys for a field that is to have the focus and does not stand yet; none when no field is
    /// awaited.
    pub held: RefCell<Option<Vec<KeyboardEvent>>>,
    /// How many acts wait to be done after which the focus may not be where it is: what is typed after
    /// them is not for the field that they leave.
    pub leaving: Cell<u32>,
    /// How many keys wait to be answered.
    pub pending: Cell<u32>,
}

impl KeyContext {
    /// Whether a key that is pressed elsewhere than in the text or a field is typed ahead, for what the
    /// keys before it bring.
    fn is_ahead(&self, event: &KeyboardEvent) -> bool {
        let key = event.key();
        let types = key.chars().count() == 1 || key == "Enter" || key == "Backspace";
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        self.pending.get() > 0 && types && plain && !composes(event)
    }

    /// Whether a key is taken for that of a command. Whoever goes on by Tab wants none.
    pub fn is_new_key(&self, event: &KeyboardEvent) -> bool {
        self.changing.get() && event.key() != "Tab" && !composes(event)
    }
}

/// Whether an act may take the focus out of a field.
pub fn leaves_field(action: &Action) -> bool {
    use Action as A;
    matches!(action, A::TakeFound | A::TakeThis(_) | A::CloseDialog | A::FocusArticle)
}

/// While an input method composes, keys belong to it (229 is what older browsers say).
fn composes(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Whether a key is one of ours; `acts` says it where nothing is awaited.
pub fn is_ours(
    event: &KeyboardEvent,
    context: &KeyContext,
    article: &HtmlElement,
    acts: impl FnOnce() -> Ours,
) -> Ours {
    let elsewhere =
        target_of(event).is_none_or(|it| !is_field(&it) && !article.is_same_node(Some(&it)));
    if elsewhere && context.is_ahead(event) { Ours::Waits } else { acts() }
}

/// Whether a key may be one of ours, as far as can be said before the second part of the page is
/// there: in the article what types, moves or deletes, elsewhere Escape, `?`, finding, undo and
/// export; and keys that the person has chosen.
pub fn may_act(event: &KeyboardEvent, context: &KeyContext, article: &HtmlElement) -> bool {
    let target = target_of(event);
    let (key, code) = (event.key(), event.code());
    let press = press(event, &key, &code);
    let (ctrl, own) = (press.ctrl, context.own.borrow().has(&press));
    let types = key.chars().count() == 1;
    let letter = key.to_ascii_lowercase();
    if composes(event) {
        false
    } else if target.as_ref().is_some_and(|target| article.is_same_node(Some(target))) {
        let named = ["Arrow", "Home", "End", "Page", "Enter", "Escape", "Delete", "Backspace"];
        (types && !ctrl)
            || own
            || ["a", "z", "y", "e", "s", "k", "f"].contains(&letter.as_str())
            || named.iter().any(|name| key.starts_with(name))
    } else {
        let acts = match ctrl {
            true => ["z", "y", "e", "s", "k"].contains(&letter.as_str()),
            false => key == "Escape" || key == "?",
        };
        (acts || own) && !target.is_some_and(|target| is_field(&target))
    }
}

/// A key press as commands have it.
fn press<'a>(event: &KeyboardEvent, key: &'a str, code: &'a str) -> Press<'a> {
    let ctrl = event.ctrl_key() || event.meta_key();
    Press { key, code, ctrl, alt: event.alt_key(), shift: event.shift_key() }
}

/// Where a key was pressed.
pub fn target_of(event: &KeyboardEvent) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Whether keys type into an element.
pub fn is_field(target: &Element) -> bool {
    matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// What a key press at `target` asks for; the browser's own answer to it is to be stopped.
pub fn act_of(
    event: &KeyboardEvent,
    target: Option<&Element>,
    context: &KeyContext,
    article: &HtmlElement,
) -> Option<KeyAct> {
    // What is typed for a field that comes is kept, even where a dialog brings it; and what is typed
    // into one that goes is for what gets the focus then.
    let held = context.held.borrow().is_some() || context.leaving.get() > 0;
    if composes(event) {
        return None;
    }
    let in_article = target.is_some_and(|target| article.is_same_node(Some(target)));
    let (key, code) = (event.key(), event.code());
    let press = press(event, &key, &code);
    if context.is_new_key(event) {
        // The key that pressed the button may still be held.
        return (!event.repeat()).then(|| {
            KeyAct::Act(Action::KeyPressed {
                key: event.key(),
                code: event.code(),
                ctrl: press.ctrl,
                alt: press.alt,
                shift: press.shift,
            })
        });
    }
    if !press.ctrl && !press.alt && held {
        return Some(KeyAct::Held);
    }
    let in_field = target.is_some_and(is_field);
    if context.dialog.get() {
        if !in_field && press.key == "Escape" {
            return Some(KeyAct::Act(Action::CloseDialog));
        }
        if in_field || !context.screen.get() {
            return None;
        }
        return anywhere(&press, false, context)
            .filter(|act| matches!(act, KeyAct::Act(Action::Undo) | KeyAct::Act(Action::Redo)));
    }
    if !in_article {
        return anywhere(&press, in_field, context);
    }
    if key == "Tab" && context.edge.get() {
        return Some(KeyAct::Act(Action::SwitchEdge));
    }
    let line = match key.as_str() {
        "ArrowUp" => Some(LineMotion::Up),
        "ArrowDown" => Some(LineMotion::Down),
        "Home" => Some(LineMotion::LineStart),
        "End" => Some(LineMotion::LineEnd),
        "PageUp" => Some(LineMotion::PageUp),
        "PageDown" => Some(LineMotion::PageDown),
        _ => None,
    };
    match line.filter(|_| !press.ctrl && !press.alt) {
        Some(motion) => Some(KeyAct::Line(motion, press.shift)),
        None => {
            let own = context.own.borrow();
            command_for(&press, false, context.letters.get(), &own).map(KeyAct::Act)
        }
    }
}

/// Whether a key that a dialog keeps from acting acts all the same: the dialog may be on its way out, and
/// the key is for what it leaves.
pub fn outlives_dialog(event: &KeyboardEvent, context: &KeyContext) -> bool {
    let in_field = target_of(event).is_some_and(|it| is_field(&it));
    let goes = context.leaving.get() > 0 || (context.pending.get() > 0 && !in_field);
    let (key, code) = (event.key(), event.code());
    context.dialog.get()
        && goes
        && !composes(event)
        && anywhere(&press(event, &key, &code), false, context).is_some()
}

/// Keys that act wherever the focus is; a field keeps its own undo and everything that types.
fn anywhere(press: &Press, in_field: bool, context: &KeyContext) -> Option<KeyAct> {
    let keeps = matches!(press.letter(), Some('z' | 'y')) || !(press.ctrl || press.alt);
    if in_field && keeps {
        return None;
    }
    let own = context.own.borrow();
    if !in_field && press.key == "Escape" {
        return Some(KeyAct::Act(Action::FocusArticle));
    }
    if !in_field && context.letters.get() && opens_keys(press, &own) {
        return Some(KeyAct::Act(Action::OpenKeys));
    }
    command_for(press, true, context.letters.get(), &own).map(KeyAct::Act)
}
