//! Key events to actions; what they mean stands in `editor::COMMANDS`.

use std::cell::{Cell, RefCell};

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::dom::LineMotion;
use crate::editor::{Action, Press, command_for};

/// What a key leads to.
pub enum KeyAct {
    /// Something the editor answers.
    Act(Action),
    /// A movement that only the layout answers.
    Line(LineMotion, bool),
    /// It was kept for a field that comes.
    Held,
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
    /// What is typed for a field that is to have the focus and does not stand yet.
    pub held: RefCell<Option<String>>,
}

impl KeyContext {
    /// Keeps a key for the field that is awaited; whether one is.
    fn hold(&self, press: &Press) -> bool {
        let mut held = self.held.borrow_mut();
        let Some(typed) = held.as_mut().filter(|_| !press.ctrl && !press.alt) else { return false };
        match press.key {
            "Backspace" => drop(typed.pop()),
            key if key.chars().count() == 1 => typed.push_str(key),
            _ => {}
        }
        true
    }
}

/// What a key press asks for; the browser's own answer to it is to be stopped.
pub fn act_of(
    event: &KeyboardEvent,
    context: &KeyContext,
    article: Option<&HtmlElement>,
) -> Option<KeyAct> {
    // While an input method composes, keys belong to it (229 is what older browsers say).
    if event.is_composing() || event.key_code() == 229 || context.dialog.get() {
        return None;
    }
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let in_article = match (&target, article) {
        (Some(target), Some(article)) => article.is_same_node(Some(target)),
        _ => false,
    };
    let (key, code) = (event.key(), event.code());
    let press = Press {
        key: &key,
        code: &code,
        ctrl: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        shift: event.shift_key(),
    };
    if context.hold(&press) {
        return Some(KeyAct::Held);
    }
    if !in_article {
        let in_field = target.is_some_and(|target| {
            matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        });
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
        None => command_for(&press, false, context.letters.get()).map(KeyAct::Act),
    }
}

/// Keys that act wherever the focus is; a field keeps its own undo and everything that types.
fn anywhere(press: &Press, in_field: bool, context: &KeyContext) -> Option<KeyAct> {
    if in_field && matches!(press.letter(), Some('z' | 'y')) {
        return None;
    }
    if !in_field && press.key == "Escape" {
        return Some(KeyAct::Act(Action::FocusArticle));
    }
    if !in_field && press.key == "?" && context.letters.get() {
        return Some(KeyAct::Act(Action::OpenKeys));
    }
    command_for(press, true, context.letters.get()).map(KeyAct::Act)
}
