//! What breaks rules, as signs in the margin beside the lines.

use std::sync::Arc;

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use super::near::{Near, Paragraph};
use super::text_map::TextMap;
use crate::annotation::{Annotation, AnnotationId, reading_order};
use crate::editor::{OpenArticle, Problems};
use crate::map::Map;
use crate::project::Project;
use crate::scheme::Scheme;
use crate::sort::sort_by;
use crate::text::Pos;

/// The signs on the screen.
pub struct Signs {
    pub near: Near<Known>,
    /// What they were drawn for.
    problems: Arc<Problems>,
    /// Whose names their words have.
    scheme: Option<Arc<Scheme>>,
}

/// The signs of a paragraph.
#[derive(Default)]
pub struct Known {
    lines: Vec<Line>,
    /// Whether these are all.
    measured: bool,
    /// Whether others are drawn.
    waits: bool,
    /// What touches the paragraph, in these.
    annotations: Option<Arc<Vec<Arc<Annotation>>>>,
    /// Where lines are, by where annotations begin: to ask the browser for each takes longer than all
    /// else.
    places: Map<Pos, i32>,
}

/// A sign.
#[derive(PartialEq)]
struct Line {
    /// The middle of the line of text, in pixels below the page's top.
    y: i32,
    /// What breaks rules there.
    title: String,
    /// In reading order.
    annotations: Vec<AnnotationId>,
}

impl Signs {
    /// Draws in this element.
    pub fn new(layer: Element) -> Signs {
        Signs { near: Near::new(layer), problems: Arc::default(), scheme: None }
    }

    /// The text was laid out anew: nothing drawn holds.
    pub fn forget(&mut self) {
        for it in &mut self.near.paragraphs {
            it.known.measured = false;
            it.known.places = Map::new();
        }
    }

    /// Finds one sign for each line of the visible paragraphs on which an annotation begins that breaks a
    /// rule, for [`Signs::draw`]; does nothing where all is as it was. Measures, and changes nothing on
    /// the screen.
    pub fn measure(
        &mut self,
        page: &HtmlElement,
        map: &TextMap,
        project: &Project,
        article: &OpenArticle,
    ) {
        let scheme = project.scheme();
        if !self.scheme.as_ref().is_some_and(|of| Arc::ptr_eq(of, scheme)) {
            self.scheme = Some(scheme.clone());
            self.near.paragraphs.iter_mut().for_each(|it| it.known.measured = false);
        }
        let before = std::mem::replace(&mut self.problems, article.problems.clone());
        let changed = match Arc::ptr_eq(&before, &self.problems) {
            true => Vec::new(),
            false => before.differing(&self.problems),
        };
        let has_changed = |it: &Arc<Annotation>| changed.binary_search(&&it.id).is_ok();
        let mut stale = Vec::new();
        for it in &mut self.near.paragraphs {
            let now = article.index.paragraph(it.number);
            let same = it.known.annotations.as_ref().map(Arc::as_ptr) == now.map(Arc::as_ptr);
            let broken = || !changed.is_empty() && now.is_some_and(|it| it.iter().any(has_changed));
            if !it.known.measured || !same || broken() {
                it.known.annotations = now.cloned();
                stale.push(it);
            }
        }
        if stale.is_empty() {
            return;
        }
        let top = page.get_bounding_client_rect().top();
        for Paragraph { number, known, .. } in stale {
            let lines = known.lines_now(*number, map, top, &self.problems, scheme);
            known.measured = true;
            known.waits |= known.lines != lines;
            known.lines = lines;
        }
    }

    /// Draws what was measured.
    pub fn draw(&mut self, document: &Document) {
        let Near { layer, paragraphs } = &mut self.near;
        for it in paragraphs.iter_mut().filter(|it| it.known.waits) {
            it.known.waits = false;
            if let Some(element) = drawn(document, &it.known.lines) {
                it.put(layer, element);
            }
        }
    }

    /// What a click on the sign at this height picks: the first of its annotations, or the one after the picked one.
    pub fn clicked(&self, y: i32, picked: Option<&AnnotationId>) -> Option<&AnnotationId> {
        let mut lines = self.near.paragraphs.iter().flat_map(|it| &it.known.lines);
        let line = &lines.find(|line| line.y == y)?.annotations;
        let at = picked.and_then(|picked| line.iter().position(|it| it == picked));
        line.get(at.map_or(0, |at| (at + 1) % line.len()))
    }
}

impl Known {
    /// What a paragraph has to show. Measures, and changes nothing on the screen; `top` is the page's.
    fn lines_now(
        &mut self,
        paragraph: usize,
        map: &TextMap,
        top: f64,
        problems: &Problems,
        scheme: &Scheme,
    ) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let Some(span) = map.text.paragraphs().get(paragraph) else { return lines };
        let here = self.annotations.iter().flat_map(|it| it.iter());
        let begins = |it: &&Arc<Annotation>| {
            let start = it.spans.first().start();
            span.start() <= start && start <= span.end() && problems.contains_key(&it.id)
        };
        let mut broken: Vec<&Arc<Annotation>> = here.filter(begins).collect();
        sort_by(&mut broken, |a, b| reading_order(a, b));
        for annotation in broken {
            let start = annotation.spans.first().start();
            let known = self.places.get(&start).copied();
            let Some(y) = known.or_else(|| map.line_middle(start, top)) else { continue };
            self.places.insert(start, y);
            let found = problems.get(&annotation.id).into_iter().flat_map(|found| found.iter());
            let sentences = found.map(|it| it.sentence(scheme));
            let words = sentences.reduce(|all, it| format!("{all}\n{it}")).unwrap_or_default();
            match lines.last_mut().filter(|line| line.y == y) {
                Some(line) => {
                    line.annotations.push(annotation.id.clone());
                    line.title = format!("{}\n{words}", line.title);
                }
                None => {
                    let annotations = vec![annotation.id.clone()];
                    lines.push(Line { y, title: words, annotations });
                }
            }
        }
        lines
    }
}

/// An element with a sign for each of these lines.
fn drawn(document: &Document, lines: &[Line]) -> Option<Element> {
    let all = document.create_element("div").ok()?;
    for line in lines {
        let sign: HtmlElement = document.create_element("div").ok()?.unchecked_into();
        sign.set_class_name("sign");
        // Neither a name nor a value can be wrong here.
        let _ = sign.set_attribute("data-line", &line.y.to_string());
        let _ = sign.style().set_property("--y", &format!("{}px", line.y));
        sign.set_title(&line.title);
        let _ = all.append_child(&sign);
    }
    Some(all)
}
