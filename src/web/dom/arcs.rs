//! The relations of the picked annotation, as arcs in the margin beside the text.

use web_sys::{Document, Element};

use super::text_map::TextMap;
use crate::annotation::{Place, Target};
use crate::editor::OpenArticle;
use crate::project::Project;
use crate::text::Pos;

/// The namespace of what is drawn.
pub const SVG: &str = "http://www.w3.org/2000/svg";

/// A path: its class and what it draws.
pub type Path = (&'static str, String);

/// One arc for each relation of the picked annotation; one that leads out of the article is a stroke
/// that ends in a ring. Measures, and changes nothing.
pub fn paths(map: &TextMap, page_top: f64, project: &Project, article: &OpenArticle) -> Vec<Path> {
    let mut paths = Vec::new();
    let Some(picked) = &article.picked else { return paths };
    let here = Place { article: article.id.clone(), annotation: picked.clone() };
    let set = project.annotations(&article.set);
    let height = |annotation: &crate::annotation::AnnotationId| -> Option<i32> {
        let start: Pos = set?.get(annotation)?.spans.first().start();
        map.line_middle(start, page_top)
    };
    let relations = project.relations_of(&here);
    if relations.is_empty() {
        return paths;
    }
    let Some(own) = height(picked) else { return paths };
    for (at, relation) in relations.into_iter().enumerate() {
        let outgoing = relation.from == here;
        let other = match (&relation.to, outgoing) {
            (Some(Target::Annotation(to)), true) => Some(to),
            (_, false) => Some(&relation.from),
            _ => None,
        };
        let other = other.filter(|other| other.article == here.article);
        // Each further arc lies further out, as far as a narrow screen has a margin.
        let out = -18 - 6 * (at.min(4) as i32);
        let (curve, head) = match other.and_then(|other| height(&other.annotation)) {
            Some(y) => {
                let (from, to) = if outgoing { (own, y) } else { (y, own) };
                (format!("M-3 {from}C{out} {from} {out} {to} -7 {to}"), format!("M-2 {to}l-6-4v8z"))
            }
            None => (
                format!("M-3 {own}H{}", out + 6),
                format!("M{} {own}a3 3 0 1 0 6 0a3 3 0 1 0-6 0z", out),
            ),
        };
        paths.extend([("arc", curve), ("arc-head", head)]);
    }
    paths
}

/// Draws them in place of what is there.
pub fn draw(document: &Document, arcs: &Element, paths: Vec<Path>) {
    if arcs.child_element_count() > 0 {
        arcs.set_text_content(None);
    }
    for (class, path) in paths {
        let Ok(element) = document.create_element_ns(Some(SVG), "path") else { return };
        // Neither a name nor a place among children can fail here.
        let _ = element.set_attribute("class", class);
        let _ = element.set_attribute("d", &path);
        let _ = arcs.append_child(&element);
    }
}
