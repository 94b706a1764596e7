//! What breaks rules, as signs in the margin beside the lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

use super::text_map::TextMap;
use crate::annotation::{Annotation, AnnotationId, reading_order};
use crate::editor::{OpenArticle, Problems};
use crate::project::Project;
use crate::sort::sort_by;
use crate::text::Pos;

/// The signs on the screen.
pub struct Signs {
    /// Gets one element for each paragraph that is near the screen.
    layer: HtmlElement,
    /// What they were drawn for.
    problems: Option<Arc<Problems>>,
    /// Paragraphs on the screen or near it, each once; so few that a list is enough.
    visible: Vec<Visible>,
}

/// The signs of a paragraph.
struct Visible {
    paragraph: usize,
    /// Holds one element for each line.
    element: HtmlElement,
    lines: Vec<Line>,
    /// Whether it shows all that is known.
    drawn: bool,
    /// Where lines are, by where annotations begin: to ask the browser for each takes longer than all
    /// else.
    places: BTreeMap<Pos, i32>,
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
    pub fn new(layer: HtmlElement) -> Signs {
        Signs { layer, problems: None, visible: Vec::new() }
    }

    /// Forgets the article that was drawn.
    pub fn clear(&mut self) {
        self.layer.set_text_content(None);
        self.visible.clear();
    }

    /// The text was laid out anew: nothing drawn holds.
    pub fn forget(&mut self) {
        for it in &mut self.visible {
            it.drawn = false;
            it.places.clear();
        }
    }

    /// A paragraph came near the screen, or left it.
    pub fn set_visible(&mut self, document: &Document, paragraph: usize, visible: bool) {
        let at = self.visible.iter().position(|it| it.paragraph == paragraph);
        match (at, visible) {
            (None, true) => {
                let Ok(element) = document.create_element("div") else { return };
                // One that was just made has a place among any children.
                let _ = self.layer.append_child(&element);
                self.visible.push(Visible {
                    paragraph,
                    element: element.unchecked_into(),
                    lines: Vec::new(),
                    drawn: false,
                    places: BTreeMap::new(),
                });
            }
            (Some(at), false) => self.visible.swap_remove(at).element.remove(),
            _ => {}
        }
    }

    /// Draws one sign for each line of the visible paragraphs on which an annotation begins that
    /// breaks a rule; does nothing where all is as it was drawn.
    pub fn draw(
        &mut self,
        document: &Document,
        page: &HtmlElement,
        map: &TextMap,
        project: &Project,
        article: &OpenArticle,
    ) {
        let same = match (&self.problems, &article.problems) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        if !same {
            self.problems = article.problems.clone();
            self.visible.iter_mut().for_each(|it| it.drawn = false);
        }
        let none = Problems::default();
        let problems = self.problems.as_deref().unwrap_or(&none);
        let stale: Vec<_> = self.visible.iter_mut().filter(|it| !it.drawn).collect();
        if stale.is_empty() {
            return;
        }
        // All places are asked for before anything is drawn: asked for in turns, each would be laid
        // out anew.
        let top = page.get_bounding_client_rect().top();
        let mut changed = Vec::new();
        for it in stale {
            it.drawn = true;
            let lines = it.lines_now(map, top, problems, project, article);
            if it.lines != lines {
                it.lines = lines;
                changed.push(it);
            }
        }
        for it in changed {
            it.put(document);
        }
    }

    /// What a click on the sign at this height picks: the first of its annotations, or the one after the picked one.
    pub fn clicked(&self, y: i32, picked: Option<&AnnotationId>) -> Option<&AnnotationId> {
        let mut lines = self.visible.iter().flat_map(|it| &it.lines);
        let line = &lines.find(|line| line.y == y)?.annotations;
        let at = picked.and_then(|picked| line.iter().position(|it| it == picked));
        line.get(at.map_or(0, |at| (at + 1) % line.len()))
    }
}

impl Visible {
    /// What it has to show. Measures, and changes nothing on the screen; `top` is the page's.
    fn lines_now(
        &mut self,
        map: &TextMap,
        top: f64,
        problems: &Problems,
        project: &Project,
        article: &OpenArticle,
    ) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let Some(span) = map.text.paragraphs().get(self.paragraph) else { return lines };
        let here = article.index.paragraph(self.paragraph).into_iter().flat_map(|it| it.iter());
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
            let words: Vec<_> = found.map(|it| it.sentence(project.scheme())).collect();
            let words = words.join("\n");
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

    /// Has the element show its lines.
    fn put(&self, document: &Document) {
        self.element.set_text_content(None);
        for line in &self.lines {
            let Ok(sign) = document.create_element("div") else { return };
            let sign: HtmlElement = sign.unchecked_into();
            sign.set_class_name("sign");
            // Neither a name nor a value can be wrong here.
            let _ = sign.set_attribute("data-line", &line.y.to_string());
            let _ = sign.style().set_property("--y", &format!("{}px", line.y));
            sign.set_title(&line.title);
            let _ = self.element.append_child(&sign);
        }
    }
}
