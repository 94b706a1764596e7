//! Finding words and annotations in articles.
//!
//! A [`Query`] is what a person asks, a [`Pattern`] is one that can be searched for, and [`search`]
//! gives the [`Hit`]s. [`identical()`] finds where a passage stands again, letter by letter.
//!
//! Words are found as a person means them, not as they were typed:
//!
//! - Without `case`, letters match by Unicode's simple case folding, one character for one: `Σ` and
//!   `ς` match, `ß` and `SS` do not. Characters are compared as they are: an `é` of one character
//!   is not one of two.
//! - White space between words matches any white space, line ends among it. White space around
//!   them is not looked for.
//! - Single quote marks match each other, straight, curved and low, and apostrophes are among them;
//!   double ones match each other, guillemets among them. The hyphens match each other: that of the
//!   keyboard, Unicode's own and the one that does not break. Dashes are no hyphens.
//!
//! A regular expression is what the `regex` crate says, with `^` and `$` at the edges of paragraphs.
//!
//! Hits are in reading order and none cuts a grapheme: one that would is grown. Occurrences of words
//! do not overlap; the search goes on where the last hit ends. What is not to be a hit, since it is
//! no whole word, say, does not keep an occurrence that begins within it from being one; but of a
//! regular expression, whose matches may be as long as the text, only those are tried that the
//! expression itself finds one after the other.

mod edges;
mod identical;
mod pattern;

pub use identical::identical;
pub use pattern::{BadPattern, Pattern};

use std::sync::Arc;

use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, SpeakerId, Status,
    reading_order,
};
use crate::project::{Owner, Region};
use crate::scheme::LabelId;
use crate::sort::sort_by;
use crate::text::{Pos, Span, Text};
use edges::Edges;

/// What is asked for.
///
/// Words alone are looked for in the whole text. With labels, speakers or annotators, they are
/// looked for within annotations that have one of each; and without words, those annotations are
/// the hits. An empty list leaves nothing out, and a query that asks for nothing finds nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// The words, or a regular expression.
    pub words: String,
    /// Whether upper and lower case differ.
    pub case: bool,
    /// Whether a hit must begin and end at word boundaries, which are those of
    /// [`Text::word_boundaries`].
    pub whole_word: bool,
    /// Whether `words` is a regular expression.
    pub regex: bool,
    /// Of annotations: one of these labels.
    pub labels: Vec<LabelId>,
    /// Of annotations: one of these among the speakers.
    pub speakers: Vec<SpeakerId>,
    /// Of annotations: made by one of these, which leaves the gold sets out.
    pub annotators: Vec<AnnotatorId>,
    /// Of annotations: those that break a rule, which whoever searches finds out first: the
    /// others are left out of what is searched.
    pub broken: bool,
    /// Of sets: one of these statuses. Words alone are looked for in articles with such a set; an
    /// article without any is not begun.
    pub statuses: Vec<Status>,
    /// Whether words are also looked for in stretches that are not to be annotated.
    pub regions: bool,
}

impl Query {
    fn has_words(&self) -> bool {
        if self.regex { !self.words.is_empty() } else { !self.words.trim().is_empty() }
    }

    /// Whether only annotations can hold what is asked for.
    fn asks_for_annotations(&self) -> bool {
        let any = self.labels.is_empty() && self.speakers.is_empty() && self.annotators.is_empty();
        !any || self.broken
    }

    /// Whether it cannot be answered by texts and the statuses of sets alone.
    pub fn needs_annotations(&self) -> bool {
        self.asks_for_annotations() || !self.has_words()
    }

    fn wants_status(&self, status: Status) -> bool {
        self.statuses.is_empty() || self.statuses.contains(&status)
    }

    fn wants_set(&self, set: &SearchedSet) -> bool {
        let by = match &set.owner {
            Owner::Gold => self.annotators.is_empty(),
            Owner::Annotator(id) => self.annotators.is_empty() || self.annotators.contains(id),
        };
        by && self.wants_status(set.status)
    }

    fn wants_annotation(&self, annotation: &Annotation) -> bool {
        let speaks = |value: &AttributeValue| match value {
            AttributeValue::Speakers(speakers) => {
                speakers.iter().any(|speaker| self.speakers.contains(&speaker.id))
            }
            _ => false,
        };
        (self.labels.is_empty() || self.labels.contains(&annotation.label))
            && (self.speakers.is_empty() || annotation.attributes.values().any(speaks))
    }
}

/// One article as a search sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// Names it in its hits.
    pub id: ArticleId,
    /// Its text.
    pub text: Text,
    /// Everybody's annotations. Those that do not lie in the text are never hits.
    pub sets: Vec<SearchedSet>,
    /// Stretches that are not to be annotated.
    pub regions: Vec<Region>,
}

/// One annotation set as a search sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchedSet {
    /// Whose it is.
    pub owner: Owner,
    /// How far its annotator is.
    pub status: Status,
    /// In any order.
    pub annotations: Vec<Arc<Annotation>>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Where.
    pub article: ArticleId,
    /// The words; of an annotation that is a hit itself, all from its first span to its last.
    pub span: Span,
    /// What stands before the span in its paragraph: whole graphemes, at most [`CONTEXT`].
    pub before: String,
    /// The text of the span.
    pub covered: String,
    /// What stands after the span in its paragraph: whole graphemes, at most [`CONTEXT`].
    pub after: String,
    /// The annotation that was asked for: the hit itself, or one of whose spans holds the words.
    /// Words that several hold are as many hits.
    pub annotation: Option<(Owner, AnnotationId)>,
}

/// How much of the text around it a hit shows on each side, in code points.
pub const CONTEXT: usize = 40;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The first hits: by article, then in reading order.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: u32,
}

/// Searches articles, in their order. All hits are counted, and the first `limit` are given.
pub fn search(pattern: &Pattern, articles: &[Searched], limit: u32) -> Found {
    let mut found = Found::default();
    for article in articles {
        let mut hit = |span, annotation: Option<&Chosen>| {
            if found.total < limit {
                found.hits.push(Hit::new(article, span, annotation));
            }
            found.total = found.total.saturating_add(1);
        };
        search_one(pattern, article, &mut hit);
    }
    found
}

/// An annotation that was asked for, and whose it is.
type Chosen<'a> = (&'a Owner, &'a Annotation);

fn search_one<'a>(
    pattern: &Pattern,
    article: &'a Searched,
    hit: &mut impl FnMut(Span, Option<&Chosen<'a>>),
) {
    let query = pattern.query();
    if !query.needs_annotations() {
        let status = match &article.sets[..] {
            [] => query.wants_status(Status::Todo),
            sets => sets.iter().any(|set| query.wants_status(set.status)),
        };
        if status {
            occurrences(pattern, article, |span| {
                hit(span, None);
                true
            });
        }
        return;
    }
    let chosen = chosen(query, article);
    if pattern.has_words() {
        let mut holders = Holders::new(&chosen);
        occurrences(pattern, article, |span| {
            let mut held = false;
            for annotation in holders.of(span) {
                hit(span, Some(annotation));
                held = true;
            }
            held
        });
    } else if query.asks_for_annotations() || !query.statuses.is_empty() {
        for annotation in &chosen {
            let hull = annotation.1.spans.hull();
            hit(article.text.snap_to_graphemes(hull), Some(annotation));
        }
    }
}

/// The annotations that are asked for, in reading order.
fn chosen<'a>(query: &Query, article: &'a Searched) -> Vec<Chosen<'a>> {
    let fits = |annotation: &Annotation| {
        let mut spans = annotation.spans.iter();
        spans.all(|span| article.text.span(span.start(), span.end()) == Some(span))
    };
    let mut chosen: Vec<Chosen> = Vec::new();
    for set in article.sets.iter().filter(|set| query.wants_set(set)) {
        let annotations = set.annotations.iter().map(|annotation| (&set.owner, &**annotation));
        chosen.extend(annotations.filter(|(_, it)| query.wants_annotation(it) && fits(it)));
    }
    sort_by(&mut chosen, |(mine, a), (theirs, b)| {
        reading_order(a, b).then_with(|| mine.cmp(theirs))
    });
    chosen
}

/// Tells of each occurrence of the words that may be a hit, in order; `take` says whether it is one.
fn occurrences(pattern: &Pattern, article: &Searched, mut take: impl FnMut(Span) -> bool) {
    let (query, text) = (pattern.query(), &article.text);
    let mut edges = Edges::new(text);
    let mut from = 0;
    while let Some(range) = pattern.find_at(text.as_str(), from) {
        let span = span_of(text, range.start, range.end);
        let grown = text.snap_to_graphemes(span);
        let is_hit = !span.is_empty()
            && (!query.whole_word || edges.at_both_ends(grown))
            && (query.regions || !article.regions.iter().any(|it| it.span.covers(grown)))
            && take(grown);
        from = if is_hit {
            grown.end().get() as usize
        } else if query.regex && !span.is_empty() {
            range.end
        } else {
            let char = text.as_str()[range.start..].chars().next();
            range.start + char.map_or(1, char::len_utf8)
        };
    }
}

/// The span between two bytes on character boundaries.
fn span_of(text: &Text, start: usize, end: usize) -> Span {
    let pos = |byte: usize| text.pos(byte as u32).unwrap_or(text.len());
    text.span(pos(start), pos(end)).unwrap_or(Span::empty(text.len()))
}

/// Which annotations hold a stretch, asked in reading order.
struct Holders<'a, 'b> {
    /// Every span, in order; of the same span, the annotations in reading order.
    spans: Vec<(Span, &'b Chosen<'a>)>,
    /// How many of them begin no later than the stretch that was asked for last.
    begun: usize,
    /// Those of them that end after its start.
    open: Vec<(Span, &'b Chosen<'a>)>,
}

impl<'a, 'b> Holders<'a, 'b> {
    fn new(chosen: &'b [Chosen<'a>]) -> Holders<'a, 'b> {
        let mut spans: Vec<(Span, &Chosen)> = Vec::new();
        for annotation in chosen {
            spans.extend(annotation.1.spans.iter().map(|span| (span, annotation)));
        }
        sort_by(&mut spans, |(a, _), (b, _)| a.start().cmp(&b.start()).then(b.end().cmp(&a.end())));
        Holders { spans, begun: 0, open: Vec::new() }
    }

    /// Those of which one span holds all of a stretch, which starts no earlier than the last did.
    fn of(&mut self, stretch: Span) -> impl Iterator<Item = &'b Chosen<'a>> {
        while let Some(next) = self.spans.get(self.begun)
            && next.0.start() <= stretch.start()
        {
            self.open.push(*next);
            self.begun += 1;
        }
        self.open.retain(|(span, _)| span.end() > stretch.start());
        let open = self.open.iter();
        open.filter(move |(span, _)| span.covers(stretch)).map(|(_, annotation)| *annotation)
    }
}

impl Hit {
    fn new(article: &Searched, span: Span, annotation: Option<&Chosen>) -> Hit {
        let text = &article.text;
        let slice = |a: Pos, b: Pos| {
            text.span(a, b).map_or_else(String::new, |span| text.slice(span).to_owned())
        };
        Hit {
            article: article.id.clone(),
            span,
            before: slice(context_start(text, span.start()), span.start()),
            covered: text.slice(span).to_owned(),
            after: slice(span.end(), context_end(text, span.end())),
            annotation: annotation.map(|(owner, it)| ((*owner).clone(), it.id.clone())),
        }
    }

    /// What stands before and after it as people read it: dots stand for the word that a context ends in,
    /// where there is more of the paragraph.
    pub fn around(&self) -> (String, String) {
        let is_cut = |context: &str| context.chars().count() == CONTEXT;
        let (mut before, mut after) = (self.before.clone(), self.after.clone());
        if is_cut(&before) {
            before.replace_range(..before.find(char::is_whitespace).unwrap_or(0), "…");
        }
        if is_cut(&after) {
            after.truncate(after.rfind(char::is_whitespace).map_or(after.len(), |at| at + 1));
            after.push('…');
        }
        (before, after)
    }
}

/// Where the context before a place starts.
fn context_start(text: &Text, pos: Pos) -> Pos {
    let paragraph = text.paragraphs()[text.paragraph_at(pos)];
    let Some(before) = text.span(paragraph.start(), pos) else { return pos };
    let Some((at, _)) = text.slice(before).char_indices().rev().take(CONTEXT).last() else {
        return pos;
    };
    let at = span_of(text, paragraph.start().get() as usize + at, pos.get() as usize).start();
    // A grapheme that it cuts is left out.
    let whole = text.snap_to_graphemes(Span::empty(at)).start() == at;
    if whole { at } else { text.next_grapheme(at).min(pos) }
}

/// Where the context after a place ends.
fn context_end(text: &Text, pos: Pos) -> Pos {
    let paragraph = text.paragraphs()[text.paragraph_at(pos)];
    let Some(after) = text.span(pos, paragraph.end()) else { return pos };
    let shown: usize = text.slice(after).chars().take(CONTEXT).map(char::len_utf8).sum();
    let end = span_of(text, pos.get() as usize, pos.get() as usize + shown).end();
    // A grapheme that it cuts is left out.
    text.snap_to_graphemes(Span::empty(end)).start().max(pos)
}
