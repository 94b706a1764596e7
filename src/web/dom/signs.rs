//! What breaks rules, as signs in the margin beside the lines.

use std::sync::Arc;

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

use super::text_map::TextMap;
use crate::annotation::{Annotation, AnnotationId, reading_order};
use crate::editor::{OpenArticle, Problems};
use crate::project::Project;
use crate::sort::sort_by;

/// The signs on the screen, each with its annotations in reading order.
#[derive(Default)]
pub struct Signs {
    lines: Vec<Vec<AnnotationId>>,
    /// What they were drawn for: the problems, and how wide and high the page was.
    drawn: Option<(Arc<Problems>, i32, i32)>,
}

impl Signs {
    /// Other paragraphs are near the screen: what is drawn does not hold.
    pub fn forget(&mut self) {
        self.drawn = None;
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
        let now = (problems.clone(), page.offset_width(), page.offset_height());
        let same = |(of, width, height): &(Arc<Problems>, i32, i32)| {
            Arc::ptr_eq(of, &problems) && (*width, *height) == (now.1, now.2)
        };
        if self.drawn.as_ref().is_some_and(same) {
            return;
        }
        self.drawn = Some(now);
        self.lines.clear();
        signs.set_text_content(None);
        if problems.is_empty() {
            return;
        }
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
        let top = page.get_bounding_client_rect().top();
        let mut last: Option<(i32, HtmlElement)> = None;
        for annotation in broken {
            let Some(rect) = map.caret_rect(document, annotation.spans.first().start()) else {
                continue;
            };
            let y = (rect.y() + rect.height() / 2.0 - top) as i32;
            let found = problems.get(&annotation.id).into_iter().flat_map(|found| found.iter());
            let words: Vec<_> = found.map(|it| it.sentence(project.scheme())).collect();
            let words = words.join("\n");
            match (&last, self.lines.last_mut()) {
                (Some((same, sign)), Some(line)) if *same == y => {
                    line.push(annotation.id.clone());
                    sign.set_title(&format!("{}\n{words}", sign.title()));
                }
                _ => {
                    let Ok(sign) = document.create_element("div") else { return };
                    let sign: HtmlElement = sign.unchecked_into();
                    sign.set_class_name("sign");
                    if signs.append_child(&sign).is_err() {
                        return;
                    }
                    // Neither a name nor a value can be wrong here.
                    let _ = sign.set_attribute("data-line", &self.lines.len().to_string());
                    let _ = sign.style().set_property("--y", &format!("{y}px"));
                    sign.set_title(&words);
                    self.lines.push(vec![annotation.id.clone()]);
                    last = Some((y, sign));
                }
            }
        }
    }

    /// What a click on a sign picks: the first of its annotations, or the one after the picked one.
    pub fn clicked(&self, line: usize, picked: Option<&AnnotationId>) -> Option<&AnnotationId> {
        let line = self.lines.get(line)?;
        let at = picked.and_then(|picked| line.iter().position(|it| it == picked));
        line.get(at.map_or(0, |at| (at + 1) % line.len()))
    }
}
