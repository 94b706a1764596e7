//! Long lists, of which only the rows near the screen stand in the page.

use std::ops::Range;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};
use yew::NodeRef;

/// A list that is longer has rows of one height, and is windowed.
const MANY: usize = 200;

/// How many rows stand before and behind those on the screen.
const AROUND: usize = 20;

/// By how many rows a window moves at once: one need not be made anew at each step of a wheel.
const STEP: usize = 10;

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
        let row = list.query_selector("li").ok()??.get_bounding_client_rect().height();
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
        let before = self.window;
        if let Some(Shown { row, above, height, .. }) = self.shown() {
            let first = (above.max(0.0) / row) as usize;
            let first = first.saturating_sub(AROUND) / STEP * STEP;
            let count = (height / row) as usize + 1 + 2 * AROUND + STEP;
            self.window = Window { first, count };
        }
        self.window != before
    }

    /// Leaves room for the rows that do not stand of so many. One that does not stand at all will
    /// show its beginning.
    pub fn place(&mut self, length: usize) {
        let Some(list) = self.node.cast::<HtmlElement>() else {
            self.window = Window::default();
            return;
        };
        if !Window::is_of(length) {
            return;
        }
        let rows = self.window.rows(length);
        for (name, count) in [("--above", rows.start), ("--below", length - rows.end)] {
            // It fails for no name and no number.
            let _ = list.style().set_property(name, &count.to_string());
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
