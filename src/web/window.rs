//! Long lists, of which only the rows near the screen stand in the page.

use std::ops::Range;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// A list that is longer has rows of one height, and is windowed.
const MANY: usize = 200;

/// How many rows stand before and behind those on the screen, where a window has just moved.
const AROUND: usize = 20;

/// It moves where fewer are left: not at each step of a wheel.
const LEFT: usize = 10;

/// The rows that stand in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    first: usize,
    count: usize,
}

impl Default for Window {
    /// What a list shows at first.
    fn default() -> Window {
        Window { first: 0, count: 80 }
    }
}

impl Window {
    /// Whether a list of that length is windowed.
    pub fn is_of(length: usize) -> bool {
        length > MANY
    }

    /// The rows of a list of that length. The list may have become shorter than what it showed.
    pub fn rows(self, length: usize) -> Range<usize> {
        if !Window::is_of(length) {
            return 0..length;
        }
        let first = self.first.min(length.saturating_sub(self.count));
        first..(first + self.count).min(length)
    }
}

/// A list of the page that may be long.
#[derive(Default)]
pub struct List {
    /// Its element.
    pub node: NodeRef,
    /// The rows of it that stand.
    pub window: Window,
}

/// A list with the rows of it that stand, and before and behind them room for the others. These are
/// elements of their own: a property of the list itself would have every row of it styled anew. They
/// get their height with the rows: a list that is shorter in between is scrolled to where it ends then.
pub fn list(
    node: &NodeRef,
    shown: Range<usize>,
    length: usize,
    rows: impl Iterator<Item = Html>,
) -> Html {
    // A property, since the page's policy allows no attribute of this name.
    let room = |count: usize| {
        let height = format!("block-size: calc({count} * var(--row))");
        html! { <li class="room" aria-hidden="true" ~style={height} /> }
    };
    html! {
        <ul class={classes!("rows", Window::is_of(length).then_some("rows-many"))} ref={node}>
            { room(shown.start) }
            { rows.collect::<Html>() }
            { room(length - shown.end) }
        </ul>
    }
}

/// A list as it stands on the screen, in pixels.
struct Shown {
    scroller: HtmlElement,
    /// How high each row is.
    row: f64,
    /// How far the list begins above what the scroller shows.
    above: f64,
    /// How much the scroller shows.
    height: f64,
}

impl List {
    /// None where no row of it stands on the screen.
    fn shown(&self) -> Option<Shown> {
        let list: HtmlElement = self.node.cast()?;
        let row = list.query_selector("li:not(.room)").ok()??.get_bounding_client_rect().height();
        // In a sheet, what is around the list scrolls and not the list.
        let (scroller, own) = match list.scroll_height() > list.client_height() {
            true => (list.clone(), f64::from(list.scroll_top())),
            false => (list.parent_element()?.dyn_into().ok()?, 0.0),
        };
        let top = |it: &HtmlElement| it.get_bounding_client_rect().top();
        let above = top(&scroller) - top(&list) + own;
        let height = f64::from(scroller.client_height());
        (row > 0.0).then_some(Shown { scroller, row, above, height })
    }

    /// Makes the rows stand that are near what it shows; whether these are others.
    pub fn move_window(&mut self) -> bool {
        let Some(Shown { row, above, height, .. }) = self.shown() else { return false };
        let before = self.window;
        let (first, end) = ((above.max(0.0) / row) as usize, ((above + height) / row) as usize + 1);
        if before.first > first.saturating_sub(LEFT) || before.first + before.count < end + LEFT {
            // As many as a screen may ever show: what is picked takes room from the list, and gives it back.
            let root = gloo::utils::document().document_element();
            let screen = root.map_or(0, |root| root.client_height());
            let count = (f64::from(screen) / row) as usize + 1 + 2 * AROUND;
            self.window = Window { first: first.saturating_sub(AROUND), count };
        }
        self.window != before
    }

    /// One that does not stand in the page will show its beginning.
    pub fn begin_if_gone(&mut self) {
        if self.node.get().is_none() {
            self.window = Window::default();
        }
    }

    /// Scrolls to a row, unless it is shown; whether the list, which is windowed, shows anything.
    pub fn show(&self, at: usize) -> bool {
        let Some(Shown { scroller, row, above, height }) = self.shown() else { return false };
        let top = at as f64 * row - above;
        if top < 0.0 || top + row > height {
            let by = (top - (height - row) / 2.0) as i32;
            scroller.set_scroll_top(scroller.scroll_top() + by);
        }
        true
    }

    /// Whether an event comes from what scrolls it.
    pub fn is_scrolled_by(node: &NodeRef, event: &Event) -> bool {
        let (list, target) = (node.get(), event.target());
        let around = list.as_ref().and_then(|list| list.parent_node());
        [list, around].into_iter().flatten().any(|it| target.as_ref() == Some(&it))
    }
}
