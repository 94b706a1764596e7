//! The marks of a printed article, as CSS highlights over all of its text.
//!
//! Paper has other lines than the screen, where shapes would lie beside their words.

use wasm_bindgen::prelude::*;
use web_sys::Document;

use super::highlights::{HIGHLIGHTS, Highlight, ranges};
use super::marks::group_of;
use super::text_map::TextMap;
use crate::highlight::{Index, LANES, marks};
use crate::scheme::Scheme;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = CSSStyleSheet)]
    type Sheet;
    #[wasm_bindgen(constructor, js_class = "CSSStyleSheet")]
    fn new() -> Sheet;
    #[wasm_bindgen(method, js_name = replaceSync)]
    fn replace_sync(this: &Sheet, rules: &str);
    #[wasm_bindgen(extends = Document)]
    type StyledDocument;
    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    fn set_adopted_style_sheets(this: &StyledDocument, sheets: Vec<Sheet>);
}

/// Paints all marks of the article; nothing where the browser has no highlights. [`end`] takes them away.
pub fn begin(document: &Document, map: &TextMap, index: &Index, scheme: &Scheme) {
    HIGHLIGHTS.with(|registry| {
        let Some(registry) = registry else { return };
        let groups = names(scheme).map(|(name, lane)| {
            let highlight = Highlight::new();
            highlight.set_priority(i32::from(lane));
            registry.set(&name, &highlight);
            highlight
        });
        let groups: Vec<Highlight> = groups.collect();
        for (paragraph, span) in map.text.paragraphs().iter().enumerate() {
            for mark in index.paragraph(paragraph).into_iter().flat_map(|it| marks(*span, it)) {
                for range in ranges(map, mark.span) {
                    groups[group_of(scheme, &mark)].add(&range);
                }
            }
        }
        adopt(document, &rules(scheme));
    });
}

/// Takes away what [`begin`] painted.
pub fn end(document: &Document, scheme: &Scheme) {
    HIGHLIGHTS.with(|registry| {
        let Some(registry) = registry else { return };
        for (name, _) in names(scheme) {
            registry.remove(&name);
        }
        adopt(document, "");
    });
}

/// The name of the highlight of each label and lane, with its lane, as [`group_of`] counts them.
fn names(scheme: &Scheme) -> impl Iterator<Item = (String, u8)> {
    let labels = 0..scheme.labels.len();
    labels
        .flat_map(|label| (0..LANES).map(move |lane| (format!("avow-print-{label}-{lane}"), lane)))
}

/// How each label and lane looks; the colours are the theme's.
fn rules(scheme: &Scheme) -> String {
    let looks = scheme.labels.iter().flat_map(|label| [label; LANES as usize]);
    let rules = names(scheme).zip(looks).map(|((name, lane), label)| {
        let (color, style) = (label.color.name(), label.style.name());
        // A wave needs more room than a line, and each lane lies below the one before.
        let offset = 3 + 5 * u32::from(lane);
        format!(
            "::highlight({name}){{background-color:var(--label-{color}-tint);\
             text-decoration:underline {style} 2px var(--label-{color});\
             text-underline-offset:{offset}px;text-decoration-skip-ink:none}}"
        )
    });
    rules.collect()
}

/// The page's policy forbids style elements; a sheet made by script is no markup.
fn adopt(document: &Document, rules: &str) {
    let sheet = Sheet::new();
    sheet.replace_sync(rules);
    document.unchecked_ref::<StyledDocument>().set_adopted_style_sheets(vec![sheet]);
}
