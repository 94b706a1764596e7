//! Where the focus is to be: fields that an act leads to, and dialogs that come and go.

use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlTextAreaElement};

use super::*;
use crate::editor::Focus;

/// How often a field that is to have the focus is looked for, in milliseconds, and how many times.
const AGAIN: u32 = 20;
const TIMES: u32 = 150;

/// A field that is to have the focus and does not stand yet. The page is said to be rendered before
/// its parts are, so that it is looked for until it comes.
pub(super) struct Awaited {
    id: &'static str,
    times: u32,
    _again: gloo::timers::callback::Interval,
}

impl App {
    pub(super) fn focus(&mut self, ctx: &Context<Self>, focus: Focus) {
        let id = match focus {
            Focus::Article => {
                // On a small screen a panel lies over the article.
                self.panel = None;
                if let Some(reader) = &self.reader {
                    reader.focus();
                }
                return;
            }
            Focus::Speaker => "inspector-speaker",
            Focus::Note => "inspector-note",
            Focus::Finder => "finder-field",
            Focus::Search => "search-field",
            Focus::Unplaced => "unplaced-first",
            Focus::Guidelines => "guidelines-field",
        };
        // At once, where the field stands, and for this annotation: what is typed next belongs to it.
        let picked = self.state.picked().map(|annotation| &annotation.id);
        // The search is made anew where it is given words.
        let stands =
            focus != Focus::Search && picked == self.shown_pick.as_ref() && !self.beside_waits;
        if stands && focus_field(id).is_some() {
            return;
        }
        // It comes with the next rendering.
        if focus != Focus::Finder {
            self.panel = Some(Panel::Annotations);
        }
        self.keys.held.replace(Some(Vec::new()));
        let link = ctx.link().clone();
        let _again = gloo::timers::callback::Interval::new(AGAIN, move || {
            link.send_message(Msg::Await);
        });
        self.awaited = Some(Awaited { id, times: 0, _again });
    }

    /// Gives the awaited field the focus, and what was typed for it.
    pub(super) fn focus_awaited(&mut self, ctx: &Context<Self>) {
        let Some(field) = self.awaited.as_ref().and_then(|it| focus_field(it.id)) else { return };
        self.awaited = None;
        let held = self.keys.held.take().unwrap_or_default();
        self.type_for(ctx, &field, held);
    }

    /// Looks once more for the awaited field, or gives it up.
    pub(super) fn look_for_awaited(&mut self, ctx: &Context<Self>) {
        self.focus_awaited(ctx);
        if let Some(awaited) = &mut self.awaited {
            awaited.times += 1;
            if awaited.times == TIMES {
                self.awaited = None;
                self.keys.held.replace(None);
            }
        }
    }

    /// Gives a field the keys that were pressed for it while the text had the focus.
    pub(super) fn type_for(
        &mut self,
        ctx: &Context<Self>,
        field: &Element,
        keys: Vec<KeyboardEvent>,
    ) {
        let mut keys = keys.into_iter();
        let mut typed = String::new();
        let end = keys.by_ref().map(|event| event.key()).find(|key| {
            match key.as_str() {
                "Backspace" => drop(typed.pop()),
                key if key.chars().count() == 1 => typed.push_str(key),
                _ => {}
            }
            ["Enter", "Escape", "Tab"].contains(&key.as_str())
        });
        if !typed.is_empty() {
            type_into(field, &typed);
        }
        if end.as_deref() == Some("Escape") && self.state.dialog.is_some() {
            self.act(ctx, Action::CloseDialog);
            keys.for_each(|event| self.key_later(ctx, event));
        } else if let Some(end) = end {
            // The field answers it; what came after it was for the text again.
            let options = web_sys::KeyboardEventInit::new();
            options.set_key(&end);
            options.set_bubbles(true);
            let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options);
            let _ = event.and_then(|event| field.dispatch_event(&event));
            keys.for_each(|event| self.key_later(ctx, event));
        }
    }

    /// Closes a dialog that has gone, at once: the keys that come next are for what had the focus.
    pub(super) fn dialog_turned(&mut self) {
        if self.state.dialog.is_some() {
            self.dialogs += 1;
            self.focus_before = None;
            return;
        }
        if let Some(dialog) = self.refs.dialog.cast::<HtmlDialogElement>() {
            dialog.close();
        }
        if let Some(before) = self.focus_before.as_ref().and_then(|it| it.dyn_ref::<HtmlElement>())
        {
            // What does not take the focus leaves it where it is.
            let _ = before.focus();
        }
    }

    /// What had the focus before a dialog may go with what the dialog did; keys act in the text.
    pub(super) fn focus_left(&mut self) {
        let gone = self.focus_before.as_ref().is_some_and(|it| !it.is_connected());
        if self.state.dialog.is_some() || !gone {
            return;
        }
        self.focus_before = None;
        if let Some(reader) = &self.reader
            && has_no_focus()
        {
            reader.focus();
        }
    }

    /// Opens a dialog that has come.
    pub(super) fn show_dialog(&mut self) {
        let dialog = self.refs.dialog.cast::<HtmlDialogElement>();
        let Some(dialog) = dialog.filter(|_| self.state.dialog.is_some()) else { return };
        let document = gloo::utils::document();
        if !dialog.open() {
            if self.focus_before.is_none() {
                self.focus_before = document.active_element();
            }
            // A dialog that is open already refuses, and is what was wanted.
            let _ = dialog.show_modal();
        } else if has_no_focus() {
            // What had the focus went with what it did; keys are the dialog's all the same. A moment
            // later: while the focus moves from one field to the next, neither has it.
            let focus = move || {
                if has_no_focus() && dialog.open() {
                    let _ = dialog.focus();
                }
            };
            gloo::timers::callback::Timeout::new(0, focus).forget();
        }
    }
}

/// Whether nothing on the page has the focus.
fn has_no_focus() -> bool {
    let document = gloo::utils::document();
    document.active_element() == document.body().map(Into::into)
}

/// Gives a field the focus; none if it did not take it.
fn focus_field(id: &str) -> Option<Element> {
    let document = gloo::utils::document();
    let field = document.get_element_by_id(id)?;
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        // Whether it took the focus is asked below.
        let _ = field.focus();
    }
    document.active_element().filter(|active| *active == field)
}

/// Types at the end of a field, as a person would.
fn type_into(field: &Element, typed: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(&(input.value() + typed));
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(&(area.value() + typed));
    }
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    // A field that does not hear of it has the text all the same.
    let _ = Event::new_with_event_init_dict("input", &options)
        .and_then(|event| field.dispatch_event(&event));
}
