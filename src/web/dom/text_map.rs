//! Places of a text and points of the document, one paragraph an element, one text node in it.

use std::cell::Cell;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Document, DomRect, DomRectList, Element, Node, Range, StaticRange, StaticRangeInit};

use crate::text::{Pos, Span, Text, Unit};

/// How many bytes of text behind the place that is to be seen are laid out at once: more than any screen
/// shows.
const FAR: u32 = 20_000;

/// How many bytes of the text that is far behind are laid out at once.
const AT_ONCE: u32 = 200_000;

/// The elements that show a text, one for each paragraph, in order.
pub struct TextMap {
    /// What is shown.
    pub text: Text,
    /// What holds the paragraphs and nothing else.
    container: Element,
    /// As many as the text has paragraphs.
    paragraphs: Vec<Element>,
    /// How many of them are laid out wherever they are; see [`TextMap::lay_out`].
    laid_out: Cell<usize>,
    /// Where each paragraph starts, in UTF-16 units from the start of the text.
    starts: Vec<u32>,
    /// The one that measures: each that lives follows the document, and makes each change of it dearer.
    measure: Range,
}

impl TextMap {
    /// Shows a text in a container, which is emptied first. What stands far behind the place that is to
    /// be seen is laid out only where it comes to be seen, until [`TextMap::lay_out`].
    pub fn build(
        document: &Document,
        container: &Element,
        text: &Text,
        seen: Pos,
    ) -> Result<TextMap, JsValue> {
        let far = seen.get().saturating_add(FAR);
        let mut laid_out = 0;
        let mut paragraphs = Vec::with_capacity(text.paragraphs().len());
        let mut starts = Vec::with_capacity(text.paragraphs().len());
        let all = Array::new();
        for (at, span) in text.paragraphs().iter().enumerate() {
            let paragraph = document.create_element("p")?;
            paragraph.set_attribute("dir", "auto")?;
            paragraph.set_attribute("data-paragraph", &at.to_string())?;
            if !span.is_empty() {
                paragraph.append_child(&document.create_text_node(text.slice(*span)))?;
            }
            match span.start().get() > far {
                true => paragraph.set_class_name("far"),
                false => laid_out = at + 1,
            }
            all.push(&paragraph);
            starts.push(text.offset(span.start(), Unit::Utf16));
            paragraphs.push(paragraph);
        }
        container.replace_children_with_node(&all);
        let (text, container) = (text.clone(), container.clone());
        let (laid_out, measure) = (Cell::new(laid_out), document.create_range()?);
        Ok(TextMap { text, container, paragraphs, laid_out, starts, measure })
    }

    /// Has more of what is far behind laid out, or all of it; whether there is more.
    pub fn lay_out(&self, all: bool) -> bool {
        let mut laid_out = self.laid_out.get();
        let start = self.text.paragraphs().get(laid_out).map_or(0, |span| span.start().get());
        let left = self.text.paragraphs().iter().zip(&self.paragraphs).skip(laid_out);
        for (_, paragraph) in
            left.take_while(|(span, _)| all || span.start().get() < start + AT_ONCE)
        {
            paragraph.set_class_name("");
            laid_out += 1;
        }
        self.laid_out.set(laid_out);
        laid_out < self.paragraphs.len()
    }

    /// The element of a paragraph. Who asks may measure it: all before it is as high as it is.
    pub fn paragraph(&self, at: usize) -> Option<&Element> {
        if at >= self.laid_out.get() {
            self.lay_out(true);
        }
        self.paragraphs.get(at)
    }

    /// All paragraphs, in order.
    pub fn paragraphs(&self) -> &[Element] {
        &self.paragraphs
    }

    /// The place that a boundary point of the document stands for.
    ///
    /// Points on elements count too, as browsers give them for triple clicks and Ctrl+A;
    /// a point outside the text is its start or its end, whichever is nearer in the document.
    pub fn pos(&self, node: &Node, offset: u32) -> Option<Pos> {
        if !self.container.contains(Some(node)) {
            let order = self.container.compare_document_position(node);
            if node.contains(Some(&self.container)) {
                let before = (0..offset).filter_map(|at| node.child_nodes().get(at));
                let passed = before.into_iter().any(|child| child.contains(Some(&self.container)));
                return Some(if passed { self.text.len() } else { Pos::default() });
            }
            let after = order & Node::DOCUMENT_POSITION_FOLLOWING != 0;
            return Some(if after { self.text.len() } else { Pos::default() });
        }
        if node.is_same_node(Some(&self.container)) {
            let starts = self.text.paragraphs().get(offset as usize);
            return Some(starts.map_or(self.text.len(), |paragraph| paragraph.start()));
        }
        let element = match node.dyn_ref::<Element>() {
            Some(element) => element.clone(),
            None => node.parent_element()?,
        };
        let at: usize = element.get_attribute("data-paragraph")?.parse().ok()?;
        let paragraph = *self.text.paragraphs().get(at)?;
        if node.node_type() == Node::ELEMENT_NODE {
            return Some(if offset == 0 { paragraph.start() } else { paragraph.end() });
        }
        let place = self.text.pos_at_or_before(self.starts.get(at)? + offset, Unit::Utf16);
        Some(place.min(paragraph.end()))
    }

    /// The boundary point that stands for a place: a node and UTF-16 units into it.
    pub fn point(&self, pos: Pos) -> Option<(Node, u32)> {
        self.point_in(self.text.paragraph_at(pos), pos)
    }

    fn point_in(&self, paragraph: usize, pos: Pos) -> Option<(Node, u32)> {
        let element = self.paragraph(paragraph)?;
        let offset = self.text.offset(pos, Unit::Utf16) - self.starts.get(paragraph)?;
        match element.first_child() {
            Some(text) => Some((text, offset)),
            None => Some((element.clone().into(), 0)),
        }
    }

    /// Where a span is on the screen, by lines.
    pub fn rects(&self, span: Span) -> Option<DomRectList> {
        self.rects_between(self.point(span.start())?, self.point(span.end())?)
    }

    /// As [`TextMap::rects`], for a span within one paragraph.
    pub fn rects_in(&self, paragraph: usize, span: Span) -> Option<DomRectList> {
        let start = self.point_in(paragraph, span.start())?;
        self.rects_between(start, self.point_in(paragraph, span.end())?)
    }

    fn rects_between(&self, start: (Node, u32), end: (Node, u32)) -> Option<DomRectList> {
        self.measure.set_start(&start.0, start.1).ok()?;
        self.measure.set_end(&end.0, end.1).ok()?;
        self.measure.get_client_rects()
    }

    /// A range over a span within one paragraph, for painting.
    pub fn static_range(&self, paragraph: usize, span: Span) -> Option<StaticRange> {
        let (start, start_offset) = self.point_in(paragraph, span.start())?;
        let (end, end_offset) = self.point_in(paragraph, span.end())?;
        StaticRange::new(&StaticRangeInit::new(&end, end_offset, &start, start_offset)).ok()
    }

    /// Where the line of a place is on the screen: what stands in it beside the place.
    pub fn line_rect(&self, pos: Pos) -> Option<DomRect> {
        let at = self.text.paragraph_at(pos);
        let paragraph = *self.text.paragraphs().get(at)?;
        let after = self.text.span(pos, paragraph.end())?;
        let rects = self.rects(after)?;
        rects.get(0).or_else(|| Some(self.paragraph(at)?.get_bounding_client_rect()))
    }

    /// Where the caret stands on the screen: a rectangle as high as the line, without width.
    pub fn caret_rect(&self, pos: Pos) -> Option<DomRect> {
        let at = self.text.paragraph_at(pos);
        let paragraph = *self.text.paragraphs().get(at)?;
        if paragraph.is_empty() {
            let rect = self.paragraph(at)?.get_bounding_client_rect();
            let edge = if self.text.is_right_to_left(at) { rect.right() } else { rect.left() };
            return DomRect::new_with_x_and_y_and_width_and_height(
                edge,
                rect.y(),
                0.0,
                rect.height(),
            )
            .ok();
        }
        // The edge of a neighbouring character tells both place and height in every browser,
        // while a collapsed range has no rectangle in some.
        let (beside, leading) = if pos < paragraph.end() {
            (self.text.span(pos, self.text.next_grapheme(pos))?, true)
        } else {
            (self.text.span(self.text.previous_grapheme(pos), pos)?, false)
        };
        let rects = self.rects_in(at, beside)?;
        let rect = if leading { rects.get(0) } else { rects.get(rects.length().checked_sub(1)?) };
        let rect = rect?;
        let right_to_left = self.text.runs_right_to_left(beside.start());
        let edge = if leading == right_to_left { rect.right() } else { rect.left() };
        DomRect::new_with_x_and_y_and_width_and_height(edge, rect.y(), 0.0, rect.height()).ok()
    }

    /// The middle of the line of a place, in pixels below `top`, which is a height on the screen.
    pub fn line_middle(&self, pos: Pos, top: f64) -> Option<i32> {
        let rect = self.caret_rect(pos)?;
        Some((rect.y() + rect.height() / 2.0 - top) as i32)
    }
}
