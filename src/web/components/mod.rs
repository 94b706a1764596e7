//! What the page consists of. Components get shared values and one callback for actions.

mod annotations;
mod article_head;
mod article_list;
mod bar;
mod claims;
mod dataset;
mod dialogs;
mod finder;
mod guidelines;
mod header;
mod history;
mod inspector;
mod linked;
mod memo;
mod merge;
mod notices;
mod problems;
mod retext;
mod scheme;
mod search;
mod settings;
mod speakers;
mod typed;

pub use annotations::{SideProps, side};
pub use article_head::{ArticleHeadProps, article_head};
pub use article_list::{ArticleListProps, article_list};
pub use bar::{BarProps, selection_bar};
pub(crate) use dialogs::key_hint;
pub use dialogs::{DialogProps, dialog, keys_of};
pub use guidelines::{GuidelinesProps, guidelines_view};
pub use header::{HeaderProps, header};
pub use history::{HistoryProps, looking};
pub use memo::memo;
pub use notices::{NoticeListProps, notice_list};
pub use search::{SearchProps, search_view};
pub use settings::{SettingsProps, settings};

use crate::editor::Action;
use wasm_bindgen::JsCast;
use web_sys::{
    Event, FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

/// What a small screen shows over the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The list of articles.
    Articles,
    /// The annotations of the open article.
    Annotations,
}

/// The value of the field that an event comes from; empty where it comes from none.
fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else {
        String::new()
    }
}

/// A callback for events of which some lead to nothing.
fn maybe<E: 'static>(
    dispatch: &yew::Callback<Action>,
    action: impl Fn(E) -> Option<Action> + 'static,
) -> yew::Callback<E> {
    let dispatch = dispatch.clone();
    yew::Callback::from(move |event| {
        if let Some(action) = action(event) {
            dispatch.emit(action);
        }
    })
}

/// Whether the box that an event comes from is ticked.
fn checked_of(event: &Event) -> bool {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.checked())
}

/// The value of a named field of the form that an event comes from; empty where there is none.
/// The browser's own answer to the event is stopped.
fn submitted(event: &Event, field: &str) -> String {
    event.prevent_default();
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let data = form.and_then(|form| FormData::new_with_form(&form).ok());
    data.and_then(|data| data.get(field).as_string()).unwrap_or_default()
}
