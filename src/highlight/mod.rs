//! Where annotations lie in an article: what is under a place, and what each paragraph shows.

use std::ops::Range;
use std::sync::Arc;

use crate::annotation::{Annotation, Annotations, ReadingPlace, reading_order};
use crate::map::Map;
use crate::scheme::LabelId;
use crate::sort::sort_by;
use crate::text::{Pos, Span, Text};

/// How many lanes can be told apart; deeper marks share the last.
pub const LANES: u8 = 4;

/// The annotations of one set by the paragraphs that they touch.
///
/// Paragraphs that an edit does not touch are shared with the index before it, so that
/// comparing two indices by pointer tells what to paint again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// One for each paragraph of the text, in reading order.
    paragraphs: Vec<Arc<Vec<Arc<Annotation>>>>,
    /// All, in reading order.
    ordered: Map<ReadingPlace, Arc<Annotation>>,
}

impl Index {
    /// Builds the index of all annotations of a set.
    pub fn new(text: &Text, annotations: &Annotations) -> Index {
        let mut paragraphs = vec![Vec::new(); text.paragraphs().len()];
        // Sorted for each paragraph that they begin in: it is far less work than all at once.
        let mut beginning = paragraphs.clone();
        for annotation in annotations.values() {
            let paragraph = text.paragraph_at(annotation.spans.first().start());
            beginning[paragraph].push(annotation.clone());
        }
        let mut ordered = Map::new();
        for mut annotations in beginning {
            sort_by(&mut annotations, |a, b| reading_order(a, b));
            for annotation in annotations {
                for paragraph in paragraphs_of(text, &annotation) {
                    paragraphs[paragraph].push(annotation.clone());
                }
                ordered.insert(ReadingPlace::of(&annotation), annotation);
            }
        }
        Index { paragraphs: paragraphs.into_iter().map(Arc::new).collect(), ordered }
    }

    /// All annotations, in reading order.
    pub fn ordered(&self) -> &Map<ReadingPlace, Arc<Annotation>> {
        &self.ordered
    }

    /// The index after one annotation was made (`before` none), changed, or deleted (`after` none).
    pub fn replace(
        &mut self,
        text: &Text,
        before: Option<&Annotation>,
        after: Option<&Arc<Annotation>>,
    ) {
        for paragraph in before.into_iter().flat_map(|before| paragraphs_of(text, before)) {
            if let Some(before) = before {
                Arc::make_mut(&mut self.paragraphs[paragraph]).retain(|it| it.id != before.id);
            }
        }
        if let Some(before) = before {
            self.ordered.remove(&ReadingPlace::of(before));
        }
        if let Some(after) = after {
            self.ordered.insert(ReadingPlace::of(after), after.clone());
            for paragraph in paragraphs_of(text, after) {
                let annotations = Arc::make_mut(&mut self.paragraphs[paragraph]);
                let at = annotations.partition_point(|it| reading_order(it, after).is_lt());
                annotations.insert(at, after.clone());
            }
        }
    }

    /// The annotations that touch a paragraph, in reading order; shared while they are the same.
    pub fn paragraph(&self, paragraph: usize) -> Option<&Arc<Vec<Arc<Annotation>>>> {
        self.paragraphs.get(paragraph)
    }

    /// The annotations that hold the character after `pos`, the shortest first.
    pub fn at(&self, text: &Text, pos: Pos) -> Vec<Arc<Annotation>> {
        let Some(annotations) = self.paragraphs.get(text.paragraph_at(pos)) else {
            return Vec::new();
        };
        let mut found: Vec<_> =
            annotations.iter().filter(|it| it.spans.contains(pos)).cloned().collect();
        sort_by(&mut found, |a, b| {
            a.spans.covered().cmp(&b.spans.covered()).then_with(|| reading_order(a, b))
        });
        found
    }
}

/// The paragraphs that an annotation's spans touch, each once.
fn paragraphs_of(text: &Text, annotation: &Annotation) -> Vec<usize> {
    let ranges = annotation.spans.iter().map(|span| text.paragraphs_in(span));
    let mut paragraphs: Vec<usize> = ranges.flat_map(Range::into_iter).collect();
    paragraphs.dedup();
    paragraphs
}

/// A stretch of one paragraph that shows one annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Within the paragraph.
    pub span: Span,
    /// What it is tagged as.
    pub label: LabelId,
    /// Below [`LANES`]; no two marks of one paragraph that overlap share a lane before the last.
    pub lane: u8,
}

/// What a paragraph shows: every span of its annotations, each in a lane of its own.
///
/// A painted highlight is the union of its ranges, so overlapping marks need different lanes.
/// `annotations` come in reading order, so that an outer mark gets a lane before an inner one.
pub fn marks(paragraph: Span, annotations: &[Arc<Annotation>]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let stretches = annotations.iter().flat_map(|annotation| {
        let clipped = annotation.spans.iter().filter_map(move |span| span.intersection(paragraph));
        clipped.filter(|span| !span.is_empty()).map(move |span| (span, annotation))
    });
    let mut stretches: Vec<_> = stretches.collect();
    sort_by(&mut stretches, |(a, _), (b, _)| a.start().cmp(&b.start()).then(b.end().cmp(&a.end())));
    let mut lane_ends = [Pos::default(); LANES as usize];
    for (span, annotation) in stretches {
        let free = lane_ends.iter().position(|end| *end <= span.start());
        let lane = free.unwrap_or(LANES as usize - 1);
        lane_ends[lane] = lane_ends[lane].max(span.end());
        marks.push(Mark { span, label: annotation.label.clone(), lane: lane as u8 });
    }
    marks
}
