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
#[derive(Default)]
pub struct Signs {
    /// In the order of the elements.
    lines: Vec<Line>,
    /// What they were drawn for.
    drawn: Option<Arc<Problems>>,
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
    /// The text was laid out anew, or other paragraphs are near the screen: what is drawn does not hold.
    pub fn forget(&mut self) {
        self.drawn = None;
        self.places.clear();
    }

    /// Draws one sign for each line of these paragraphs on which an annotation begins that breaks a
    /// rule; does nothing where all is as it was drawn.
    pub fn draw(
        &mut self,
        document: &Document,
        (page, signs): (&HtmlElement, &HtmlElement),
        map: &TextMap,
        visible: impl Iterator<Item = usize>,
        project: &Project,
        article: &OpenArticle,
    ) {
        let problems = article.problems.clone().unwrap_or_default();
        if self.drawn.as_ref().is_some_and(|of| Arc::ptr_eq(of, &problems)) {
            return;
        }
        self.drawn = Some(problems.clone());
        let mut broken: Vec<&Arc<Annotation>> = Vec::new();
        for paragraph in visible {
            let Some(span) = map.text.paragraphs().get(paragraph) else { continue };
            let here = article.index.paragraph(paragraph).into_iter().flat_map(|it| it.iter());
            let begins = |it: &&Arc<Annotation>| {
                let start = it.spans.first().start();
                span.start() <= start && start <= span.end() && problems.contains_key(&it.id)
            };
            broken.extend(here.filter(begins));
        }
        sort_by(&mut broken, |a, b| reading_order(a, b));
        broken.dedup_by(|a, b| a.id == b.id);
        // All places are asked for before anything is drawn: asked for in turns, each would be laid
        // out anew.
        let top = page.get_bounding_client_rect().top();
        let places = broken.into_iter().filter_map(|annotation| {
            let start = annotation.spans.first().start();
            let y = self.places.get(&start).copied().or_else(|| {
                let rect = map.caret_rect(document, start)?;
                let y = (rect.y() + rect.height() / 2.0 - top) as i32;
                self.places.insert(start, y);
                Some(y)
            });
            Some((y?, annotation))
        });
        let places: Vec<(i32, &Arc<Annotation>)> = places.collect();
        let mut lines: Vec<Line> = Vec::new();
        for (y, annotation) in places {
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
        self.put(document, signs, lines);
    }

    /// Has the elements show these lines; those before and behind what changed stay.
    fn put(&mut self, document: &Document, signs: &HtmlElement, lines: Vec<Line>) {
        let pairs = || self.lines.iter().zip(&lines);
        let before = pairs().take_while(|(old, new)| old == new).count();
        let left = self.lines.len().min(lines.len()) - before;
        let pairs = self.lines.iter().rev().zip(lines.iter().rev()).take(left);
        let behind = pairs.take_while(|(old, new)| old == new).count();
        let elements = signs.children();
        for _ in before..self.lines.len() - behind {
            if let Some(gone) = elements.item(before as u32) {
                gone.remove();
            }
        }
        let next = elements.item(before as u32);
        for line in &lines[before..lines.len() - behind] {
            let Ok(sign) = document.create_element("div") else { return };
            let sign: HtmlElement = sign.unchecked_into();
            sign.set_class_name("sign");
            // Neither a name nor a value can be wrong here.
            let _ = sign.set_attribute("data-line", &line.y.to_string());
            let _ = sign.style().set_property("--y", &format!("{}px", line.y));
            sign.set_title(&line.title);
            let _ = signs.insert_before(&sign, next.as_deref());
        }
        self.lines = lines;
    }

    /// What a click on the sign at this height picks: the first of its annotations, or the one after the picked one.
    pub fn clicked(&self, y: i32, picked: Option<&AnnotationId>) -> Option<&AnnotationId> {
        let line = &self.lines.iter().find(|line| line.y == y)?.annotations;
        let at = picked.and_then(|picked| line.iter().position(|it| it == picked));
        line.get(at.map_or(0, |at| (at + 1) % line.len()))
    }
}
