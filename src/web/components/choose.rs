//! One of several, and the button that does something with it.

use web_sys::SubmitEvent;
use yew::prelude::*;

use super::submitted;
use crate::editor::Action;

/// What is chosen from, and what for.
pub struct Choose<'a> {
    /// Names the field: “Merge Li into”.
    pub name: String,
    /// Stands there while nothing is chosen: “Merge into…”.
    pub first: &'a str,
    /// On the button, which is there once something is chosen: “Merge”.
    pub button: &'a str,
    /// The value and the name of each choice.
    pub choices: Vec<(String, String)>,
}

/// Shows it. Going through the choices by keys does nothing yet.
pub fn choose(
    choose: Choose<'_>,
    can_write: bool,
    dispatch: &Callback<Action>,
    then: impl Fn(String) -> Action + 'static,
) -> Html {
    let onsubmit = dispatch.reform(move |event: SubmitEvent| then(submitted(&event, "chosen")));
    let Choose { name, first, button, choices } = choose;
    html! {
        <form class="choose" {onsubmit}>
            <select name="chosen" required=true aria-label={name} disabled={!can_write}>
                <option value="" selected=true>{ first }</option>
                { for choices.into_iter().map(|(value, name)| html! { <option {value}>{ name }</option> }) }
            </select>
            <button type="submit" class="button button-small" disabled={!can_write}>{ button }</button>
        </form>
    }
}
