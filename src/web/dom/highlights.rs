//! What is painted over the text itself, with the CSS Custom Highlight API: a few groups of ranges.

use wasm_bindgen::prelude::*;
use web_sys::{AbstractRange, StaticRange};

use super::text_map::TextMap;
use crate::text::Span;

// web-sys has these only behind a flag that would have to be set for the whole build.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Highlight)]
    pub(super) type Highlight;
    #[wasm_bindgen(constructor, js_class = "Highlight")]
    pub(super) fn new() -> Highlight;
    #[wasm_bindgen(method)]
    pub(super) fn add(this: &Highlight, range: &AbstractRange) -> Highlight;
    #[wasm_bindgen(method)]
    fn clear(this: &Highlight);
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_priority(this: &Highlight, priority: i32);

    pub(super) type HighlightRegistry;
    #[wasm_bindgen(thread_local_v2, js_namespace = CSS, js_name = highlights)]
    pub(super) static HIGHLIGHTS: Option<HighlightRegistry>;
    #[wasm_bindgen(method)]
    pub(super) fn set(this: &HighlightRegistry, name: &str, highlight: &Highlight);
    #[wasm_bindgen(method, js_name = delete)]
    pub(super) fn remove(this: &HighlightRegistry, name: &str) -> bool;
}

/// A highlight: the picked annotation, its mentions and its cues, and what is not to be annotated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    Picked,
    Mention,
    Cue,
    Dim,
}

/// The names in the style sheet, as [`Extra`] has them.
const NAMES: [&str; 4] = ["avow-picked", "avow-mention", "avow-cue", "avow-dim"];

/// The highlights, as [`Extra`] has them, each with what it shows.
pub struct Highlights([(Highlight, Vec<Span>); 4]);

impl Highlights {
    /// Registers the highlights; none where the browser has no such API.
    pub fn new() -> Option<Highlights> {
        HIGHLIGHTS.with(|registry| {
            let registry = registry.as_ref()?;
            Some(Highlights(NAMES.map(|name| {
                let highlight = Highlight::new();
                registry.set(name, &highlight);
                (highlight, Vec::new())
            })))
        })
    }

    /// Forgets the article that was painted.
    pub fn clear(&mut self) {
        for (highlight, shown) in &mut self.0 {
            highlight.clear();
            shown.clear();
        }
    }

    /// Paints one of them, in place of what it showed, if that was something else.
    pub fn paint(&mut self, map: &TextMap, extra: Extra, spans: impl Iterator<Item = Span>) {
        let (highlight, shown) = &mut self.0[extra as usize];
        let spans: Vec<Span> = spans.collect();
        if *shown == spans {
            return;
        }
        highlight.clear();
        *shown = spans;
        for span in shown.iter() {
            for range in ranges(map, *span) {
                highlight.add(&range);
            }
        }
    }
}

/// A range over what a span has of each of its paragraphs.
pub(super) fn ranges(map: &TextMap, span: Span) -> impl Iterator<Item = StaticRange> + '_ {
    map.text.paragraphs_in(span).filter_map(move |paragraph| {
        let part = span.intersection(*map.text.paragraphs().get(paragraph)?)?;
        map.static_range(paragraph, part)
    })
}
