//! What the page consists of. Components get shared values and one callback for actions.

mod annotations;
mod article_head;
mod article_list;
mod bar;
mod dialogs;
mod header;
mod inspector;
mod notices;

pub use annotations::Side;
pub use article_head::ArticleHead;
pub use article_list::ArticleList;
pub use bar::SelectionBar;
pub use dialogs::DialogView;
pub use header::Header;
pub use notices::NoticeList;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

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

/// Whether the box that an event comes from is ticked.
fn checked_of(event: &Event) -> bool {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.checked())
}
