//! Painting with the CSS Custom Highlight API: a few groups of ranges, near the screen only.

use std::sync::Arc;

use wasm_bindgen::prelude::*;
use web_sys::{AbstractRange, Document, StaticRange};

use super::text_map::TextMap;
use crate::annotation::Annotation;
use crate::highlight::{Index, LANES, marks};
use crate::scheme::Scheme;
use crate::text::Span;

// web-sys has these only behind a flag that would have to be set for the whole build.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Highlight)]
    type Highlight;
    #[wasm_bindgen(constructor, js_class = "Highlight")]
    fn new() -> Highlight;
    #[wasm_bindgen(method)]
    fn add(this: &Highlight, range: &AbstractRange) -> Highlight;
    #[wasm_bindgen(method)]
    fn delete(this: &Highlight, range: &AbstractRange) -> bool;
    #[wasm_bindgen(method)]
    fn clear(this: &Highlight);
    #[wasm_bindgen(method, setter)]
    fn set_priority(this: &Highlight, priority: i32);

    type HighlightRegistry;
    #[wasm_bindgen(thread_local_v2, js_namespace = CSS, js_name = highlights)]
    static HIGHLIGHTS: Option<HighlightRegistry>;
    #[wasm_bindgen(method)]
    fn set(this: &HighlightRegistry, name: &str, highlight: &Highlight);
    #[wasm_bindgen(method, js_name = delete)]
    fn remove(this: &HighlightRegistry, name: &str) -> bool;

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

/// Highlights beside the labels': the picked annotation, its mentions and its cues, and what is not
/// to be annotated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    Picked,
    Mention,
    Cue,
    Dim,
}

impl Extra {
    const ALL: [Extra; 4] = [Extra::Picked, Extra::Mention, Extra::Cue, Extra::Dim];

    fn name(self) -> &'static str {
        match self {
            Extra::Picked => "avow-picked",
            Extra::Mention => "avow-mention",
            Extra::Cue => "avow-cue",
            Extra::Dim => "avow-dim",
        }
    }
}

/// One highlight for each label and lane; a range is added and taken away with its paragraph.
pub struct Highlights {
    /// By label and lane, `label * LANES + lane`.
    groups: Vec<Highlight>,
    /// As [`Extra::ALL`] has them, each with what it shows.
    extras: Vec<(Highlight, Vec<Span>)>,
    /// Paragraphs on the screen or near it, each once; so few that a list is enough.
    visible: Vec<Visible>,
}

struct Visible {
    paragraph: usize,
    painted: Option<Painted>,
}

/// What a paragraph shows, and the ranges that show it.
struct Painted {
    annotations: Arc<Vec<Arc<Annotation>>>,
    ranges: Vec<(usize, StaticRange)>,
}

impl Highlights {
    /// Whether this browser has the API.
    pub fn are_there() -> bool {
        HIGHLIGHTS.with(Option::is_some)
    }

    /// Registers the highlights of a scheme; none where the browser has no such API.
    pub fn new(document: &Document, scheme: &Scheme) -> Option<Highlights> {
        HIGHLIGHTS.with(|registry| {
            let registry = registry.as_ref()?;
            let register = |name: &str, priority: i32| {
                let highlight = Highlight::new();
                highlight.set_priority(priority);
                registry.set(name, &highlight);
                highlight
            };
            let lanes = (0..scheme.labels.len())
                .flat_map(|label| (0..LANES).map(move |lane| (label, lane)));
            let groups =
                lanes.map(|(label, lane)| register(&group_name(label, lane), i32::from(lane)));
            let groups = groups.collect();
            let extras = Extra::ALL.iter().map(|it| (register(it.name(), 10), Vec::new()));
            let extras = extras.collect();
            adopt_rules(document, &rules(scheme));
            Some(Highlights { groups, extras, visible: Vec::new() })
        })
    }

    /// Forgets the article that was painted.
    pub fn clear(&mut self) {
        self.groups.iter().for_each(Highlight::clear);
        for (highlight, shown) in &mut self.extras {
            highlight.clear();
            shown.clear();
        }
        self.visible.clear();
    }

    /// A paragraph came near the screen, or left it.
    pub fn set_visible(&mut self, paragraph: usize, visible: bool) {
        let at = self.visible.iter().position(|it| it.paragraph == paragraph);
        match (at, visible) {
            (None, true) => self.visible.push(Visible { paragraph, painted: None }),
            (Some(at), false) => {
                let gone = self.visible.swap_remove(at);
                erase(&self.groups, gone.painted);
            }
            _ => {}
        }
    }

    /// The paragraphs on the screen or near it.
    pub fn visible(&self) -> impl Iterator<Item = usize> + '_ {
        self.visible.iter().map(|it| it.paragraph)
    }

    /// Paints the visible paragraphs whose annotations are not those painted.
    pub fn paint(&mut self, map: &TextMap, index: &Index, scheme: &Scheme) {
        for Visible { paragraph, painted } in &mut self.visible {
            let paragraph = *paragraph;
            let Some(annotations) = index.paragraph(paragraph) else { continue };
            let same = |painted: &Painted| Arc::ptr_eq(&painted.annotations, annotations);
            if painted.as_ref().is_some_and(same) {
                continue;
            }
            erase(&self.groups, painted.take());
            let Some(span) = map.text.paragraphs().get(paragraph) else { continue };
            let ranges = marks(*span, annotations).into_iter().filter_map(|mark| {
                // A label that the scheme does not know is painted like its last one.
                let label = scheme.label_index(&mark.label).unwrap_or(scheme.labels.len() - 1);
                let group = label * LANES as usize + mark.lane as usize;
                Some((group, map.static_range(paragraph, mark.span)?))
            });
            let ranges: Vec<_> = ranges.collect();
            for (group, range) in &ranges {
                self.groups[*group].add(range);
            }
            *painted = Some(Painted { annotations: annotations.clone(), ranges });
        }
    }

    /// Paints one of the other highlights, in place of what it showed, if that was something else.
    pub fn paint_extra(&mut self, map: &TextMap, extra: Extra, spans: impl Iterator<Item = Span>) {
        let Some(at) = Extra::ALL.iter().position(|it| *it == extra) else { return };
        let (highlight, shown) = &mut self.extras[at];
        let spans: Vec<Span> = spans.collect();
        if *shown == spans {
            return;
        }
        highlight.clear();
        *shown = spans;
        for span in shown.iter().copied() {
            for paragraph in map.text.paragraphs_in(span) {
                let Some(lines) = map.text.paragraphs().get(paragraph) else { continue };
                let part = span.intersection(*lines);
                if let Some(range) = part.and_then(|part| map.static_range(paragraph, part)) {
                    highlight.add(&range);
                }
            }
        }
    }
}

impl Drop for Highlights {
    fn drop(&mut self) {
        HIGHLIGHTS.with(|registry| {
            let Some(registry) = registry.as_ref() else { return };
            for group in 0..self.groups.len() {
                let lane = (group % LANES as usize) as u8;
                registry.remove(&group_name(group / LANES as usize, lane));
            }
            Extra::ALL.iter().for_each(|extra| {
                registry.remove(extra.name());
            });
        });
    }
}

fn erase(groups: &[Highlight], painted: Option<Painted>) {
    for (group, range) in painted.into_iter().flat_map(|painted| painted.ranges) {
        groups[group].delete(&range);
    }
}

fn group_name(label: usize, lane: u8) -> String {
    format!("avow-{label}-{lane}")
}

/// How each label and lane looks; the colours are the theme's.
fn rules(scheme: &Scheme) -> String {
    let mut rules = String::new();
    for (at, label) in scheme.labels.iter().enumerate() {
        let (color, style) = (label.color.name(), label.style.name());
        for lane in 0..LANES {
            let name = group_name(at, lane);
            // A wave needs more room than a line, and each lane lies below the one before.
            let offset = 3 + 5 * u32::from(lane);
            rules.push_str(&format!(
                "::highlight({name}){{background-color:var(--label-{color}-tint);\
                 text-decoration:underline {style} 2px var(--label-{color});\
                 text-underline-offset:{offset}px;text-decoration-skip-ink:none}}"
            ));
        }
    }
    rules
}

/// The page's policy forbids style elements; a sheet made by script is no markup.
fn adopt_rules(document: &Document, rules: &str) {
    let sheet = Sheet::new();
    sheet.replace_sync(rules);
    document.unchecked_ref::<StyledDocument>().set_adopted_style_sheets(vec![sheet]);
}
