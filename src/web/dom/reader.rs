//! The article on the screen: shown once, then only painted and pointed at.

use std::cell::RefCell;

use gloo::timers::callback::Interval;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, DomRect, Element, HtmlElement, Node, Range, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use super::arcs;
use super::highlights::{Extra, Highlights};
use super::marks::{Drawing, Marks};
use super::print;
use super::signs::Signs;
use super::text_map::TextMap;
use crate::annotation::{AnnotationId, AttributeValue};
use crate::editor::{Edge, OpenArticle};
use crate::project::Project;
use crate::text::{Pos, Span, Text};

/// How long a caret that blinks is seen, and how long not, in milliseconds.
const BLINK: u32 = 550;

// Missing in web-sys: what Safari before 26 has in place of `caretPositionFromPoint`.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Document)]
    type PointDocument;
    #[wasm_bindgen(method, catch, js_name = caretRangeFromPoint)]
    fn caret_range_from_point(
        this: &PointDocument,
        x: f32,
        y: f32,
    ) -> Result<Option<Range>, JsValue>;
}

/// Where things stand that the reader fills or moves; the page makes them once.
pub struct Places {
    /// What scrolls.
    pub scroller: HtmlElement,
    /// Holds all of the others; positions count from its corner.
    pub page: HtmlElement,
    /// Gets one element for each paragraph.
    pub text: HtmlElement,
    /// The caret.
    pub caret: HtmlElement,
    /// Gets the shapes of the marks, below the text.
    pub marks: Element,
    /// What marks the selection.
    pub bar: HtmlElement,
    /// Gets the handles of the picked annotation.
    pub handles: HtmlElement,
    /// Gets the arcs of its relations.
    pub arcs: Element,
    /// Gets a sign for each line on which a rule is broken.
    pub signs: HtmlElement,
}

/// The article on the screen.
pub struct Reader {
    document: Document,
    places: Places,
    map: Option<TextMap>,
    marks: Marks,
    highlights: Option<Highlights>,
    /// Where the caret wants to be when it moves by lines.
    goal: Option<f64>,
    /// An edge that the pointer holds, and where it is.
    held: Option<Held>,
    signs: RefCell<Signs>,
    /// What was measured and is to be drawn.
    rest: RefCell<Option<Rest>>,
    /// Has the caret blink, once it stands somewhere.
    blink: RefCell<Option<Interval>>,
}

/// Where what lies over the text belongs, on the screen.
pub struct Overlays {
    /// The page.
    corner: DomRect,
    /// The edge that the caret stands at, as high as its line.
    caret: Option<DomRect>,
    /// The corner of the bar; none where there is to be none.
    bar: Option<(f64, f64)>,
}

/// Where what is drawn after an act belongs, on the screen.
struct Rest {
    overlays: Option<Overlays>,
    /// The page.
    corner: DomRect,
    /// The edges that handles stand at, as high as their lines: of each span the start, and then the end.
    edges: Vec<Option<DomRect>>,
    arcs: Vec<arcs::Path>,
}

struct Held {
    annotation: AnnotationId,
    edge: Edge,
    at: Option<Pos>,
    /// From the middle of the handle's bar to the pointer that holds it.
    grip: Option<(f64, f64)>,
}

/// The places that the characters on both sides of one end at.
pub type Beside = fn(&Text, Pos) -> (Pos, Pos);

/// A movement that only the layout can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineMotion {
    Up,
    Down,
    LineStart,
    LineEnd,
    PageUp,
    PageDown,
}

impl Reader {
    /// A reader that shows nothing yet.
    pub fn new(document: Document, places: Places) -> Reader {
        let marks = Marks::new(places.marks.clone());
        let signs = Signs::new(places.signs.clone().into());
        Reader {
            document,
            places,
            map: None,
            marks,
            highlights: Highlights::new(),
            goal: None,
            held: None,
            signs: RefCell::new(signs),
            rest: RefCell::default(),
            blink: RefCell::default(),
        }
    }

    /// Shows an article, whose paint follows; true if its text is new on the screen and must be observed.
    pub fn show(&mut self, project: &Project, article: Option<&OpenArticle>) -> bool {
        let Some(article) = article else {
            if self.map.take().is_some() {
                self.places.text.set_text_content(None);
                self.clear_marks();
            }
            self.set_shown(&self.places.caret, false);
            self.blink.take();
            self.show_bar(false);
            return false;
        };
        let new = self.map.as_ref().is_none_or(|map| map.text != article.text);
        if new {
            self.clear_marks();
            self.let_go();
            let text = &self.places.text;
            match TextMap::build(&self.document, text, &article.text, article.head) {
                Ok(map) => self.map = Some(map),
                Err(error) => web_sys::console::error_1(&error),
            }
            let title = project.article(&article.id).map_or("", |article| article.title.as_str());
            self.mark_headline(title);
            self.places.scroller.set_scroll_top(0);
        }
        new
    }

    /// Where the text begins with its title, that line looks like one.
    fn mark_headline(&self, title: &str) {
        let Some(map) = &self.map else { return };
        let lines = map.text.paragraphs().iter().zip(map.paragraphs());
        let first = lines.into_iter().find(|(span, _)| !map.text.slice(**span).trim().is_empty());
        if let Some((span, element)) = first
            && map.text.slice(*span).trim().trim_start_matches('#').trim() == title.trim()
        {
            element.set_class_name("headline");
        }
    }

    fn clear_marks(&mut self) {
        self.marks.near.clear();
        self.signs.get_mut().near.clear();
        if let Some(highlights) = &mut self.highlights {
            highlights.clear();
        }
    }

    /// Finds the paragraphs that are on the screen, or so many screens away from it; whether these are
    /// others than before. A paint follows.
    pub fn look(&mut self, screens: i32) -> bool {
        let Some(map) = &self.map else { return false };
        let window = self.places.scroller.get_bounding_client_rect();
        // Of the whole screen: the text may get more of it.
        let screen = self.document.document_element().map_or(0, |it| it.client_height());
        let (top, bottom) = (window.top(), window.bottom());
        let around = f64::from(screens * screen);
        let place = |it: &Element| it.get_bounding_client_rect();
        let first = map.paragraphs().partition_point(|it| place(it).bottom() <= top - around);
        let behind = &map.paragraphs()[first..];
        let count = behind.partition_point(|it| place(it).top() < bottom + around);
        let near = first..first + count;
        self.signs.get_mut().near.come(near.clone());
        self.marks.near.come(near)
    }

    /// Has more of the text laid out that is far behind what was seen first; whether there is more.
    pub fn lay_out_more(&self) -> bool {
        self.map.as_ref().is_some_and(|map| map.lay_out(false))
    }

    /// The text was laid out anew; a paint follows.
    pub fn laid_out(&mut self) {
        self.signs.get_mut().forget();
        self.marks.forget();
    }

    /// The marks that are new, for [`Reader::paint`]. Measures, and changes nothing on the screen.
    pub fn measure_marks(&mut self, project: &Project, article: &OpenArticle) -> Vec<Drawing> {
        let Some(map) = &self.map else { return Vec::new() };
        self.marks.measure(&self.places.page, map, &article.index, project.scheme())
    }

    /// Draws what was measured.
    pub fn draw_marks(&mut self, marks: Vec<Drawing>) {
        self.marks.draw(&self.document, marks);
    }

    /// Paints what is new: annotations of visible paragraphs, and the picked one.
    pub fn paint(&mut self, project: &Project, article: &OpenArticle, marks: Vec<Drawing>) {
        self.draw_marks(marks);
        let Some(map) = &self.map else { return };
        let Some(highlights) = &mut self.highlights else { return };
        let regions = project.article(&article.id).map_or(&[][..], |it| &it.regions);
        highlights.paint(map, Extra::Dim, regions.iter().map(|region| region.span));
        let picked = article.picked_in(project);
        let spans = picked.into_iter().flat_map(|annotation| annotation.spans.iter());
        highlights.paint(map, Extra::Picked, spans);
        let values = || picked.into_iter().flat_map(|annotation| annotation.attributes.values());
        let mentions = values().filter_map(|value| match value {
            AttributeValue::Speakers(speakers) => Some(speakers.iter().filter_map(|it| it.mention)),
            _ => None,
        });
        highlights.paint(map, Extra::Mention, mentions.flatten());
        let cues = values().filter_map(|value| match value {
            AttributeValue::Spans(spans) => Some(spans.iter().copied()),
            _ => None,
        });
        highlights.paint(map, Extra::Cue, cues.flatten());
    }

    /// Before the article is printed, and after it.
    pub fn print(&self, project: &Project, article: &OpenArticle, begins: bool) {
        match &self.map {
            Some(map) if begins => {
                map.lay_out(true);
                print::begin(&self.document, map, &article.index, project.scheme());
            }
            _ => print::end(&self.document, project.scheme()),
        }
    }

    // Overlays.

    /// Whether that is new.
    fn set_shown(&self, element: &HtmlElement, shown: bool) -> bool {
        // `hidden` is the state of the element for screen readers too.
        let new = element.hidden() == shown;
        if new {
            element.set_hidden(!shown);
        }
        new
    }

    fn show_bar(&self, shown: bool) {
        if self.places.bar.hidden() != shown {
            return;
        }
        self.places.bar.set_hidden(!shown);
        // What else is at the end of a narrow screen makes room for it.
        let _ = self.places.page.set_attribute("data-bar", if shown { "true" } else { "false" });
    }

    /// Where the state and the layout have caret and bar. Changes nothing on the screen, but has the bar seen
    /// where there is to be one.
    pub fn measure_overlays(&self, article: &OpenArticle, bar: bool) -> Option<Overlays> {
        let map = self.map.as_ref()?;
        let corner = self.places.page.get_bounding_client_rect();
        let caret = map.caret_rect(article.head);
        // Last: the page is laid out once more for a bar that was not seen.
        let selection = map.text.trim(article.selection());
        let bar = (bar && !selection.is_empty()).then(|| {
            self.show_bar(true);
            self.bar_place(map, selection, &corner)
        });
        Some(Overlays { bar: bar.flatten(), corner, caret })
    }

    /// Puts them there.
    pub fn place_overlays(&self, overlays: Overlays) {
        let Overlays { corner, caret, bar } = overlays;
        if self.place_line(&self.places.caret, &corner, caret) {
            self.blink();
        }
        self.show_bar(bar.is_some());
        if let Some((x, y)) = bar {
            move_to(&self.places.bar, &corner, x, y);
        }
    }

    /// Puts the caret or a handle where it belongs; it is not seen where that is nowhere. Whether it stands
    /// elsewhere now.
    fn place_line(&self, element: &HtmlElement, corner: &DomRect, at: Option<DomRect>) -> bool {
        let shown = self.set_shown(element, at.is_some());
        let moved = at.is_some_and(|rect| {
            move_to(element, corner, rect.x(), rect.y())
                | set_length(element, "--height", rect.height())
        });
        shown || moved
    }

    /// Shows the caret for a moment, and has it blink from then on. With an animation the browser would draw
    /// sixty frames a second for it, and an act would wait for the next of them.
    fn blink(&self) {
        let caret = self.places.caret.clone();
        // Neither fails for an attribute of this name.
        let _ = caret.remove_attribute("data-off");
        let turn = move || {
            let _ = caret.toggle_attribute("data-off");
        };
        self.blink.replace(Some(Interval::new(BLINK, turn)));
    }

    /// Lays out what was drawn, before the frame does that: it is shown the sooner then.
    pub fn lay_out_now(&self) {
        self.places.page.get_bounding_client_rect();
    }

    /// Where the rest belongs, which an act leaves for the next frame: signs in the margin, the handles and
    /// arcs of the picked annotation, and these overlays, if they are left too. Changes nothing on the screen.
    pub fn measure_rest(
        &self,
        project: &Project,
        article: &OpenArticle,
        overlays: Option<Overlays>,
    ) {
        let Some(map) = &self.map else { return };
        self.signs.borrow_mut().measure(&self.places.page, map, project, article);
        let picked = article.picked_in(project);
        let spans = picked.into_iter().flat_map(|annotation| annotation.spans.iter());
        let edges = spans.flat_map(|span| [(span, true), (span, false)]);
        let edges = edges.map(|(span, start)| self.edge_rect(map, span, start)).collect();
        let corner = self.places.page.get_bounding_client_rect();
        let arcs = arcs::paths(map, corner.top(), project, article);
        self.rest.replace(Some(Rest { overlays, corner, edges, arcs }));
    }

    /// Draws it.
    pub fn draw_rest(&self) {
        self.signs.borrow_mut().draw(&self.document);
        let Some(Rest { overlays, corner, edges, arcs }) = self.rest.take() else { return };
        if let Some(overlays) = overlays {
            self.place_overlays(overlays);
        }
        arcs::draw(&self.document, &self.places.arcs, arcs);
        for (handle, edge) in self.handles(edges.len() as u32).into_iter().zip(edges) {
            self.place_line(&handle, &corner, edge);
        }
    }

    /// What a click on the sign in the margin at this height picks.
    pub fn at_sign(&self, y: i32, picked: Option<&AnnotationId>) -> Option<AnnotationId> {
        self.signs.borrow().clicked(y, picked).cloned()
    }

    /// Where the bar of a selection belongs, which is shown.
    fn bar_place(&self, map: &TextMap, selection: Span, page: &DomRect) -> Option<(f64, f64)> {
        let rects = map.rects(selection)?;
        let (first, last) = (rects.get(0)?, rects.get(rects.length().checked_sub(1)?)?);
        let scroller = self.places.scroller.get_bounding_client_rect();
        let (width, height) =
            (f64::from(self.places.bar.offset_width()), f64::from(self.places.bar.offset_height()));
        const GAP: f64 = 10.0;
        // Above the selection where there is room, else below it; never across it.
        let above = first.top() - height - GAP;
        let y = if above > scroller.top() { above } else { last.bottom() + GAP };
        let x = first.left() + first.width() / 2.0 - width / 2.0;
        Some((x.min(page.right() - width).max(page.left()), y))
    }

    /// The handles of so many edges, in their order.
    fn handles(&self, wanted: u32) -> Vec<HtmlElement> {
        let all = &self.places.handles;
        while all.child_element_count() > wanted {
            if let Some(last) = all.last_element_child() {
                last.remove();
            }
        }
        while all.child_element_count() < wanted {
            let at = all.child_element_count();
            let Ok(handle) = self.document.create_element("div") else { break };
            let edge = if at.is_multiple_of(2) { "start" } else { "end" };
            handle.set_class_name(&format!("handle handle-{edge}"));
            let _ = handle.set_attribute("data-span", &(at / 2).to_string());
            let _ = handle.set_attribute("data-edge", edge);
            if all.append_child(&handle).is_err() {
                break;
            }
        }
        let children = all.children();
        let handles = (0..children.length()).filter_map(|at| children.item(at)?.dyn_into().ok());
        handles.collect()
    }

    /// The edge of a span on the screen; the end belongs to the line of the last character.
    fn edge_rect(&self, map: &TextMap, span: Span, start: bool) -> Option<DomRect> {
        if start {
            return map.caret_rect(span.start());
        }
        let last = map.text.span(map.text.previous_grapheme(span.end()), span.end())?;
        let rects = map.rects(last)?;
        let rect = rects.get(rects.length().checked_sub(1)?)?;
        let edge =
            if map.text.runs_right_to_left(last.start()) { rect.left() } else { rect.right() };
        DomRect::new_with_x_and_y_and_width_and_height(edge, rect.y(), 0.0, rect.height()).ok()
    }

    // Selection.

    /// Shows the state's selection as the browser's own.
    pub fn show_selection(&mut self, article: &OpenArticle) {
        let Some(map) = &self.map else { return };
        let Ok(Some(selection)) = self.document.get_selection() else { return };
        if !article.selects() {
            self.drop_selection();
            return;
        }
        let (Some(anchor), Some(head)) = (map.point(article.anchor), map.point(article.head))
        else {
            return;
        };
        // A selection that cannot be shown is still the state's: the bar and the keys act on it.
        let _ = selection.set_base_and_extent(&anchor.0, anchor.1, &head.0, head.1);
    }

    /// Lets go of the browser's selection, if it is in the article.
    pub fn drop_selection(&self) {
        if let Ok(Some(selection)) = self.document.get_selection()
            && selection.anchor_node().is_some_and(|node| self.places.text.contains(Some(&node)))
        {
            // There is nothing to do where a browser refuses: the next click drops it.
            let _ = selection.remove_all_ranges();
        }
    }

    /// The browser's selection as places, if it touches the article and is not empty.
    pub fn selection(&self) -> Option<(Pos, Pos)> {
        let map = self.map.as_ref()?;
        let selection = self.document.get_selection().ok()??;
        if selection.is_collapsed() || selection.range_count() == 0 {
            return None;
        }
        let range = selection.get_range_at(0).ok()?;
        if !range.intersects_node(&self.places.text).ok()? {
            return None;
        }
        let in_field = selection.anchor_node().is_some_and(|node| {
            !self.places.page.contains(Some(&node)) && !node.contains(Some(&self.places.page))
        });
        if in_field {
            return None;
        }
        let anchor = map.pos(&selection.anchor_node()?, selection.anchor_offset())?;
        let head = map.pos(&selection.focus_node()?, selection.focus_offset())?;
        (anchor != head).then_some((anchor, head))
    }

    // Points.

    /// The place nearest to a point of the window.
    pub fn pos_at_point(&self, x: f64, y: f64) -> Option<Pos> {
        let map = self.map.as_ref()?;
        let (node, offset): (Node, u32) =
            match self.document.caret_position_from_point(x as f32, y as f32) {
                Some(position) => (position.offset_node()?, position.offset()),
                None => {
                    let document = self.document.unchecked_ref::<PointDocument>();
                    let range = document.caret_range_from_point(x as f32, y as f32).ok()??;
                    (range.start_container().ok()?, range.start_offset().ok()?)
                }
            };
        self.places.text.contains(Some(&node)).then(|| map.pos(&node, offset))?
    }

    /// The character under a point of the window, as the place before it; none beside all text.
    pub fn character_at_point(&self, x: f64, y: f64, beside: Beside) -> Option<Pos> {
        let map = self.map.as_ref()?;
        let near = self.pos_at_point(x, y)?;
        let (back, on) = beside(&map.text, near);
        let candidates = [(near, on), (back, near)];
        let under = candidates.into_iter().find(|(start, end)| {
            let rects = map.text.span(*start, *end).and_then(|span| map.rects(span));
            let Some(rects) = rects else { return false };
            (0..rects.length()).filter_map(|at| rects.get(at)).any(|rect| {
                rect.left() <= x
                    && x <= rect.right()
                    && rect.top() - 3.0 <= y
                    && y <= rect.bottom() + 3.0
            })
        });
        under.map(|(start, _)| start)
    }

    /// Where a movement by lines leads.
    pub fn line_motion(&mut self, article: &OpenArticle, motion: LineMotion) -> Option<Pos> {
        let map = self.map.as_ref()?;
        let caret = map.caret_rect(article.head)?;
        let (goal, middle) = (self.goal.unwrap_or(caret.x()), caret.y() + caret.height() / 2.0);
        let text = self.places.text.get_bounding_client_rect();
        match motion {
            LineMotion::LineStart | LineMotion::LineEnd => {
                let to_left = (motion == LineMotion::LineStart)
                    != map.text.is_right_to_left(map.text.paragraph_at(article.head));
                let x = if to_left { text.left() + 1.0 } else { text.right() - 1.0 };
                self.pos_at_point(x, middle)
            }
            LineMotion::Up => self.search_line(article.head, goal, &caret, -1.0),
            LineMotion::Down => self.search_line(article.head, goal, &caret, 1.0),
            LineMotion::PageUp | LineMotion::PageDown => {
                let page = f64::from(self.places.scroller.client_height()) * 0.85;
                let page = if motion == LineMotion::PageUp { -page } else { page };
                let before = self.places.scroller.scroll_top();
                self.places.scroller.set_scroll_top(before + page as i32);
                let moved = f64::from(self.places.scroller.scroll_top() - before);
                // At the first and last screen the caret moves where the text cannot.
                if moved == 0.0 {
                    let end = if page < 0.0 { Pos::default() } else { map.text.len() };
                    return Some(end);
                }
                self.pos_at_point(goal, middle)
            }
        }
        .inspect(|_| {
            let by_line = !matches!(motion, LineMotion::LineStart | LineMotion::LineEnd);
            self.goal = by_line.then_some(goal);
        })
    }

    /// Looks up or down for the next line, past margins and blank paragraphs' edges.
    fn search_line(&self, from: Pos, x: f64, caret: &DomRect, direction: f64) -> Option<Pos> {
        let map = self.map.as_ref()?;
        self.make_room(caret, direction);
        let caret = map.caret_rect(from)?;
        let edge = if direction < 0.0 { caret.top() } else { caret.bottom() };
        const STEP: f64 = 6.0;
        const FARTHEST: u32 = 40;
        let on_other_line = |pos: &Pos| {
            let rect = map.caret_rect(*pos);
            rect.is_some_and(|rect| (rect.y() - caret.y()) * direction > caret.height() / 2.0)
        };
        let places = (1..FARTHEST)
            .filter_map(|step| self.pos_at_point(x, edge + direction * STEP * f64::from(step)));
        places
            .into_iter()
            .find(on_other_line)
            .or_else(|| Some(if direction < 0.0 { Pos::default() } else { map.text.len() }))
    }

    /// Scrolls so that the line after the caret lies within the window.
    fn make_room(&self, caret: &DomRect, direction: f64) {
        const ROOM: f64 = 120.0;
        let window = self.places.scroller.get_bounding_client_rect();
        let lacking = if direction < 0.0 {
            (caret.top() - ROOM - window.top()).min(0.0)
        } else {
            (caret.bottom() + ROOM - window.bottom()).max(0.0)
        };
        if lacking != 0.0 {
            self.places.scroller.set_scroll_top(self.places.scroller.scroll_top() + lacking as i32);
        }
    }

    /// The caret moved otherwise than by lines.
    pub fn forget_goal(&mut self) {
        self.goal = None;
    }

    /// Scrolls as little as needed to show a place with some room around it.
    pub fn scroll_to(&self, pos: Pos) {
        let Some(map) = &self.map else { return };
        if let Some(rect) = map.caret_rect(pos) {
            self.scroll_to_rect(&rect, |window| self.floor(window));
        }
    }

    /// Down to where the text is seen: not below messages and hints that float over its end, which is
    /// below its middle.
    fn floor(&self, window: &DomRect) -> f64 {
        let middle = (window.top() + window.bottom()) / 2.0;
        let floating = self.document.query_selector_all(".notice, .mode-hint");
        let tops = floating.iter().flat_map(|all| (0..all.length()).filter_map(|at| all.item(at)));
        tops.filter_map(|it| it.dyn_into::<Element>().ok())
            .map(|it| it.get_bounding_client_rect().top())
            .filter(|top| *top > middle)
            .fold(window.bottom(), f64::min)
    }

    /// As [`Reader::scroll_to`], for the first time that an article is shown: it measures the rest
    /// of a paragraph, and needs nothing of what only acts need.
    pub fn scroll_to_line(&self, pos: Pos) {
        let rect = self.map.as_ref().and_then(|map| map.line_rect(pos));
        if let Some(rect) = rect {
            self.scroll_to_rect(&rect, |window| window.bottom());
        }
    }

    /// `floor` says how far down in a window the text is seen, and is asked for places below its middle only.
    fn scroll_to_rect(&self, rect: &DomRect, floor: impl Fn(&DomRect) -> f64) {
        let window = self.places.scroller.get_bounding_client_rect();
        const ROOM: f64 = 72.0;
        let foot = rect.bottom() + ROOM;
        let lacking = if rect.top() - ROOM < window.top() {
            rect.top() - ROOM - window.top()
        } else if foot > (window.top() + window.bottom()) / 2.0 {
            (foot - floor(&window)).max(0.0)
        } else {
            0.0
        };
        if lacking != 0.0 {
            self.places.scroller.set_scroll_top(self.places.scroller.scroll_top() + lacking as i32);
        }
    }

    /// Brings a place to the middle of the window, unless it is seen already.
    pub fn reveal(&self, span: Span) {
        let Some(map) = &self.map else { return };
        let Some(rect) = map.caret_rect(span.start()) else { return };
        let window = self.places.scroller.get_bounding_client_rect();
        if rect.top() > window.top() + 40.0 && rect.bottom() < window.bottom() - 40.0 {
            return;
        }
        if let Some(paragraph) = map.paragraph(map.text.paragraph_at(span.start())) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Center);
            paragraph.scroll_into_view_with_scroll_into_view_options(&options);
            self.scroll_to(span.start());
        }
    }

    /// Gives the article the keyboard.
    pub fn focus(&self) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that is not there to be focused leaves the focus where it is.
        let _ = self.places.text.focus_with_options(&options);
    }

    // Edges held by the pointer.

    /// The pointer went down on a handle.
    pub fn hold(&mut self, annotation: AnnotationId, edge: Edge) {
        self.held = Some(Held { annotation, edge, at: None, grip: None });
        // A handle under the pointer would hide the text from it.
        let _ = self.places.handles.set_attribute("data-held", "");
    }

    /// Whether the pointer holds a handle.
    pub fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    /// The pointer moved with a handle: shows what it would become.
    pub fn drag(&mut self, project: &Project, article: &OpenArticle, x: f64, y: f64) {
        let Some(Held { edge, grip, .. }) = &self.held else { return };
        // The grip lies beside its line: the pointer keeps the distance at which it took hold.
        let handle =
            self.places.handles.children().item(edge.span as u32 * 2 + u32::from(!edge.start));
        let grip = grip.or_else(|| {
            let bar = handle?.get_bounding_client_rect();
            Some((x - bar.left(), y - bar.top() - bar.height() / 2.0))
        });
        let Some((right, down)) = grip else { return };
        let to = self.pos_at_point(x - right, y - down);
        let Some(held) = &mut self.held else { return };
        held.grip = grip;
        let Some(to) = to else { return };
        held.at = Some(to);
        let spans = project.annotations(&article.set).and_then(|set| set.get(&held.annotation));
        let spans = spans.map_or(&[][..], |annotation| annotation.spans.as_slice());
        let edge = held.edge;
        let preview = spans.iter().enumerate().map(|(at, span)| {
            if at != edge.span {
                return *span;
            }
            let fixed = if edge.start { span.end() } else { span.start() };
            article.text.span(fixed, to).unwrap_or(*span)
        });
        let preview: Vec<Span> = preview.collect();
        if let (Some(map), Some(highlights)) = (&self.map, &mut self.highlights) {
            highlights.paint(map, Extra::Picked, preview.into_iter());
        }
    }

    /// The pointer let go of a handle: which edge, and where it is now, if it was moved.
    pub fn let_go(&mut self) -> Option<(AnnotationId, Edge, Pos)> {
        let held = self.held.take()?;
        let _ = self.places.handles.remove_attribute("data-held");
        Some((held.annotation, held.edge, held.at?))
    }
}

/// Moves an element of the page, which is there, to a place given in the window's coordinates.
/// Whether that is another one.
fn move_to(element: &HtmlElement, page: &DomRect, x: f64, y: f64) -> bool {
    set_length(element, "--x", x - page.left()) | set_length(element, "--y", y - page.top())
}

/// Sets a custom property of an element, unless it has that value: the browser would style the element
/// anew all the same. Whether it had another one.
fn set_length(element: &HtmlElement, name: &str, value: f64) -> bool {
    let (style, value) = (element.style(), pixels(value));
    let new = style.get_property_value(name).as_ref() != Ok(&value);
    if new {
        // Setting a custom property of an element that is there cannot fail.
        let _ = style.set_property(name, &value);
    }
    new
}

/// To the nearest quarter, as a length: whole numbers are a tenth of the code of decimal ones.
fn pixels(value: f64) -> String {
    let quarters = (value * 4.0).round() as i32;
    format!("calc({quarters}px / 4)")
}
