//! The marks of annotations, as shapes below the text, for the paragraphs near the screen only.

use std::fmt::Write;
use std::sync::Arc;

use web_sys::{Document, Element};

use super::arcs::SVG;
use super::near::{Near, Paragraph};
use super::text_map::TextMap;
use crate::annotation::Annotation;
use crate::highlight::{Index, LANES, Mark, marks};
use crate::scheme::{LineStyle, Scheme};
use crate::text::Span;

/// What a paragraph is to show.
pub struct Drawing {
    /// Which one of the text.
    paragraph: usize,
    annotations: Arc<Vec<Arc<Annotation>>>,
    shapes: Vec<Shape>,
}

/// A shape of a paragraph: its number among all that there may be, by which they are in order, and its path.
/// See [`Known::shapes`].
type Shape = (usize, String);

/// What is drawn in the layer below the text, one group of shapes for each paragraph.
///
/// Shapes cost the browser what they cover. CSS highlights would be made anew, all of them, and their
/// text painted again, for each that changes.
pub struct Marks {
    pub near: Near<Known>,
    /// What the groups were drawn for.
    scheme: Option<Arc<Scheme>>,
}

/// The shapes of a paragraph.
#[derive(Default)]
pub struct Known {
    /// What they show; none if they must be drawn anew.
    annotations: Option<Arc<Vec<Arc<Annotation>>>>,
    /// What is drawn; nothing if it must be drawn anew.
    shapes: Vec<Shape>,
    /// Where words lie, by spans, for as long as the text is laid out alike: to ask the browser for
    /// each mark of a paragraph takes longer than to draw it.
    places: Vec<(Span, Vec<Rect>)>,
}

/// Left, top, width and height in quarters of a pixel, from the corner of the page.
type Rect = [i32; 4];

impl Marks {
    /// Draws in this element, an `svg` whose unit is a quarter of a pixel.
    pub fn new(layer: Element) -> Marks {
        Marks { near: Near::new(layer), scheme: None }
    }

    /// The text was laid out anew: nothing drawn holds.
    pub fn forget(&mut self) {
        self.near.paragraphs.iter_mut().for_each(|it| it.known = Known::default());
    }

    /// What the visible paragraphs are to show whose annotations are not those drawn, from the corner
    /// of `page`. Measures, and changes nothing on the screen.
    pub fn measure(
        &mut self,
        page: &Element,
        map: &TextMap,
        index: &Index,
        scheme: &Arc<Scheme>,
    ) -> Vec<Drawing> {
        if !self.scheme.as_ref().is_some_and(|of| Arc::ptr_eq(of, scheme)) {
            self.scheme = Some(scheme.clone());
            for it in &mut self.near.paragraphs {
                it.known.annotations = None;
                it.known.shapes = Vec::new();
            }
        }
        let (mut drawings, mut corner) = (Vec::new(), None);
        for Paragraph { number, known, .. } in &mut self.near.paragraphs {
            let Some(annotations) = index.paragraph(*number) else { continue };
            if known.annotations.as_ref().is_some_and(|drawn| Arc::ptr_eq(drawn, annotations)) {
                continue;
            }
            let corner = *corner.get_or_insert_with(|| {
                let page = page.get_bounding_client_rect();
                (page.left(), page.top())
            });
            drawings.push(Drawing {
                paragraph: *number,
                annotations: annotations.clone(),
                shapes: known.shapes(corner, map, annotations, *number, scheme),
            });
        }
        drawings
    }

    /// Shows what was measured.
    pub fn draw(&mut self, document: &Document, drawings: Vec<Drawing>) {
        let (Near { layer, paragraphs }, Some(scheme)) = (&mut self.near, &self.scheme) else {
            return;
        };
        for Drawing { paragraph, annotations, shapes } in drawings {
            let Some(it) = paragraphs.iter_mut().find(|it| it.number == paragraph) else {
                continue;
            };
            it.known.annotations = Some(annotations);
            let before = std::mem::replace(&mut it.known.shapes, shapes);
            match it.element.as_ref().filter(|_| !before.is_empty()) {
                Some(group) => change(document, scheme, group, &before, &it.known.shapes),
                None => {
                    let Ok(group) = document.create_element_ns(Some(SVG), "g") else { return };
                    change(document, scheme, &group, &[], &it.known.shapes);
                    it.put(layer, group);
                }
            }
        }
    }
}

/// Has a group show these shapes where it shows those before: what is alike stays, since the browser styles
/// and lays out each element that is new.
fn change(document: &Document, scheme: &Scheme, group: &Element, before: &[Shape], now: &[Shape]) {
    let shown = group.children();
    let remove = |at| shown.item(at).iter().for_each(Element::remove);
    let (mut at, mut before) = (0, before.iter().peekable());
    for (number, path) in now {
        while before.next_if(|it| it.0 < *number).is_some() {
            remove(at);
        }
        // Neither a name nor a place among children can fail here.
        match before.next_if(|it| it.0 == *number) {
            Some((_, drawn)) if drawn == path => {}
            Some(_) => {
                let _ = shown.item(at).map(|shape| shape.set_attribute("d", path));
            }
            None => {
                let Ok(shape) = document.create_element_ns(Some(SVG), "path") else { return };
                let _ = shape.set_attribute("class", &class_of(scheme, *number));
                let _ = shape.set_attribute("d", path);
                let _ = group.insert_before(&shape, shown.item(at).as_deref());
            }
        }
        at += 1;
    }
    before.for_each(|_| remove(at));
}

/// The class of the shapes of this number.
fn class_of(scheme: &Scheme, number: usize) -> String {
    let (group, lanes) = (number / 2, usize::from(LANES));
    let color = scheme.labels[group / lanes].color.name();
    match number % 2 {
        0 => format!("tint lane-{} label-{color}", group % lanes),
        _ => format!("line label-{color}"),
    }
}

/// What a mark is drawn with: all of one label and lane, counted by labels and then by lanes.
pub(super) fn group_of(scheme: &Scheme, mark: &Mark) -> usize {
    // A label that the scheme does not know is drawn like its last one.
    let label = scheme.label_index(&mark.label).unwrap_or(scheme.labels.len() - 1);
    label * usize::from(LANES) + usize::from(mark.lane)
}

/// Where the words of a span within a paragraph lie, for each line.
fn rects((left, top): (f64, f64), map: &TextMap, paragraph: usize, span: Span) -> Vec<Rect> {
    let quarters = |value: f64| (value * 4.0).round() as i32;
    let Some(found) = map.rects_in(paragraph, span) else { return Vec::new() };
    let mut rects = Vec::new();
    for it in (0..found.length()).filter_map(|at| found.get(at)) {
        let (x, y) = (quarters(it.left() - left), quarters(it.top() - top));
        rects.push([x, y, quarters(it.width()), quarters(it.height())]);
    }
    rects
}

impl Known {
    /// The shapes of a paragraph: for each label and lane, as [`group_of`] counts them, the tint behind the
    /// words, and the line below them.
    ///
    /// All are filled polygons: strokes, dashes and curves cost a browser several times as much.
    fn shapes(
        &mut self,
        corner: (f64, f64),
        map: &TextMap,
        annotations: &[Arc<Annotation>],
        paragraph: usize,
        scheme: &Scheme,
    ) -> Vec<Shape> {
        let lanes = usize::from(LANES);
        let mut paths = vec![(String::new(), String::new()); scheme.labels.len() * lanes];
        let Some(span) = map.text.paragraphs().get(paragraph) else { return Vec::new() };
        for mark in marks(*span, annotations) {
            let group = group_of(scheme, &mark);
            let (tint, line) = &mut paths[group];
            let at = self.places.binary_search_by_key(&mark.span, |it| it.0);
            let at = at.unwrap_or_else(|at| {
                self.places.insert(at, (mark.span, rects(corner, map, paragraph, mark.span)));
                at
            });
            for &[x, y, width, height] in &self.places[at].1 {
                let solid = format!("h{width}v8h-{width}z");
                let (piece, step) = match scheme.labels[group / lanes].style {
                    LineStyle::Solid => (&*solid, width),
                    LineStyle::Wavy => ("l12-12 12 12v8l-12-12-12 12z", 24),
                    LineStyle::Dashed => ("h20v8h-20z", 32),
                    LineStyle::Dotted => ("h8v8h-8z", 16),
                    LineStyle::Double => (&*format!("{solid}m0 14{solid}m0-14"), width),
                };
                // Each lane lies below the one before. A piece is drawn even where less than one has room.
                let below = y + height - 6 + 20 * i32::from(mark.lane);
                // Writing to a string cannot fail.
                let _ = write!(tint, "M{x} {y}h{width}v{height}h-{width}z");
                let _ = write!(line, "M{x} {below}{piece}");
                for _ in 1..width / step.max(1) {
                    let _ = write!(line, "m{step} 0{piece}");
                }
            }
        }
        let all = paths.into_iter().flat_map(|(tint, line)| [tint, line]).enumerate();
        all.filter(|(_, path)| !path.is_empty()).collect()
    }
}
