//! Boundary checks: what of an annotation breaks a rule, and what would mend it.
//!
//! They report and never refuse. What a check costs follows the paragraphs that the annotation is
//! in, never the article.

use std::sync::Arc;

use super::quotation::Marks;
use super::{Annotation, AnnotationId, AttributeValue, Spans};
use crate::scheme::{AttributeId, Rule, Scheme};
use crate::text::{Pos, Span, Text};

/// A rule that an annotation breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The stretch at fault: what is too much, what is missing, or what two annotations share;
    /// the first span where the fault has no place. Never empty.
    pub at: Span,
    /// What else has to do with it.
    pub about: Option<About>,
    /// What mends it, if one act does.
    pub fix: Option<Fix>,
}

/// What a finding has to do with beside its own annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The attribute that has no value.
    Attribute(AttributeId),
    /// The annotation that is crossed, shared with or the same.
    Annotation(AnnotationId),
}

/// What an act makes of an annotation, so that it breaks a rule no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// These are its spans, instead of those that it has.
    Spans(Spans),
}

impl Finding {
    /// The rule in one sentence.
    pub fn sentence(&self, scheme: &Scheme) -> String {
        let sentence = match &self.rule {
            Rule::WhiteSpace => "No white space at the ends.",
            Rule::HalfWord => "Words are marked whole.",
            Rule::Crossing => "Annotations lie apart or one in the other; these two cross.",
            Rule::Twice => "The same words have this label twice; delete one.",
            Rule::Required => {
                let attribute = match &self.about {
                    Some(About::Attribute(id)) => scheme.attribute(id),
                    _ => None,
                };
                let name = attribute.map_or("An attribute", |attribute| &attribute.name);
                return format!("{name} is required and has no value.");
            }
            Rule::Marks => {
                "A quote goes from the opening quotation mark to the closing one, marks included."
            }
            Rule::NoFinalStop => "The stop that ends the sentence is left out.",
            Rule::NoLeadIn => "A leading “that”, “whether”, “and”, “but” or “so” is left out.",
            Rule::InsideMarks => {
                "Inside quotation marks, the marks are left out, and so is the comma or stop \
                 before the closing one."
            }
            Rule::Apart => "Claims and denials share no words with each other.",
            Rule::Linked => "A denial is linked to what it denies.",
            Rule::Other(name) => return format!("The rule “{name}” is not kept."),
        };
        sentence.to_owned()
    }
}

/// What of an annotation breaks a rule, in the order of [`Rule::ALL`]; each fault once.
///
/// `neighbours` are the annotations of the same set that share words with it; itself and others may
/// be among them. `linked` says whether a relation starts from it. A label that is not in
/// the scheme has no rules beside those that hold for all.
///
/// The annotation is one of this text. So is what a fix makes of it: it covers some of the text, and
/// the rule is not found broken again.
pub fn check(
    text: &Text,
    scheme: &Scheme,
    annotation: &Annotation,
    neighbours: &[Arc<Annotation>],
    linked: bool,
) -> Vec<Finding> {
    let label = scheme.label(&annotation.label);
    let named = label.map_or(&[][..], |label| &label.rules);
    let (spans, first) = (&annotation.spans, annotation.spans.first());
    let of_marks = [Rule::Marks, Rule::NoFinalStop, Rule::InsideMarks];
    let marks = match named.iter().any(|rule| of_marks.contains(rule)) {
        true => Marks::around(text, spans),
        false => Marks::default(),
    };
    let clashes: Vec<Finding> =
        neighbours.iter().filter_map(|it| clash(scheme, annotation, it)).collect();
    let mut findings = Vec::new();
    for rule in Rule::ALL {
        match rule {
            Rule::Crossing | Rule::Twice | Rule::Apart => {
                findings.extend(clashes.iter().filter(|it| it.rule == rule).cloned());
            }
            Rule::Required => {
                let attributes = label.into_iter().flat_map(|label| scheme.attributes_of(label));
                let lacking = attributes.filter(|it| it.required && !has(annotation, &it.id));
                findings.extend(lacking.map(|attribute| Finding {
                    rule: Rule::Required,
                    at: first,
                    about: Some(About::Attribute(attribute.id.clone())),
                    fix: None,
                }));
            }
            Rule::Linked if !linked && named.contains(&rule) => {
                findings.push(Finding { rule, at: first, about: None, fix: None });
            }
            Rule::WhiteSpace | Rule::HalfWord => findings.extend(ends(text, &marks, spans, rule)),
            _ if named.contains(&rule) => findings.extend(ends(text, &marks, spans, rule)),
            _ => {}
        }
    }
    findings
}

/// Whether an attribute has a value.
fn has(annotation: &Annotation, attribute: &AttributeId) -> bool {
    match annotation.attributes.get(attribute) {
        Some(AttributeValue::Text(text)) => !text.trim().is_empty(),
        value => value.is_some(),
    }
}

/// What is wrong between two annotations: the worst, if anything.
fn clash(scheme: &Scheme, annotation: &Annotation, other: &Annotation) -> Option<Finding> {
    if annotation.id == other.id {
        return None;
    }
    let at = annotation.spans.shared(&other.spans)?;
    let keeps_apart = |it: &Annotation| {
        scheme.label(&it.label).is_some_and(|label| label.rules.contains(&Rule::Apart))
    };
    let rule = if annotation.spans == other.spans && annotation.label == other.label {
        Rule::Twice
    } else if !annotation.spans.cover(&other.spans) && !other.spans.cover(&annotation.spans) {
        Rule::Crossing
    } else if keeps_apart(annotation) && keeps_apart(other) {
        Rule::Apart
    } else {
        return None;
    };
    Some(Finding { rule, at, about: Some(About::Annotation(other.id.clone())), fix: None })
}

/// Whether spans end where a rule has them end.
fn ends(text: &Text, marks: &Marks, spans: &Spans, rule: Rule) -> Option<Finding> {
    let better = |spans: &Spans| -> Vec<Span> {
        let spans = spans.iter().enumerate();
        spans.map(|(nth, span)| better(text, marks, &rule, span, nth == 0)).collect()
    };
    let (was, is) = spans.iter().zip(better(spans)).find(|(was, is)| was != is)?;
    let at = match (is.is_empty(), was.start() == is.start()) {
        (true, _) => was,
        (false, true) => between(text, was.end(), is.end()),
        (false, false) => between(text, was.start(), is.start()),
    };
    let fix = settled(spans, better).map(Fix::Spans);
    Some(Finding { rule, at, about: None, fix })
}

/// What spans become when each is replaced by what is better until nothing is; none if nothing is
/// left. Those that come to touch are joined, and may then end elsewhere.
fn settled(spans: &Spans, better: impl Fn(&Spans) -> Vec<Span>) -> Option<Spans> {
    let mut now = spans.clone();
    // Each round joins some, or is the first or the last.
    for _ in 0..spans.len() + 2 {
        let next = better(&now);
        if next == now.as_slice() {
            return Some(now);
        }
        now = Spans::new(next.into_iter().filter(|span| !span.is_empty())).ok()?;
    }
    None
}

/// The span as a rule has it. It is empty only where nothing but white space is covered; of one
/// that keeps to the rule, nothing changes.
fn better(text: &Text, marks: &Marks, rule: &Rule, span: Span, is_first: bool) -> Span {
    let words = text.trim(span);
    let better = match rule {
        Rule::WhiteSpace => return words,
        _ if words.is_empty() => return span,
        Rule::HalfWord => whole_words(text, words),
        Rule::Marks => with_marks(text, marks, words),
        Rule::NoFinalStop => without_final_stop(text, marks, words),
        Rule::NoLeadIn if is_first => without_lead_ins(text, words),
        Rule::InsideMarks => without_marks(text, marks, words),
        _ => words,
    };
    // White space at the ends alone is a matter of its own rule.
    if better == words || better.is_empty() { span } else { better }
}

fn between(text: &Text, a: Pos, b: Pos) -> Span {
    text.span(a, b).unwrap_or(Span::empty(a))
}

// ---- Words ----

/// The span grown to whole words and graphemes.
fn whole_words(text: &Text, span: Span) -> Span {
    let span = text.snap_to_graphemes(span);
    let start = word_cut_by(text, span.start()).map_or(span.start(), Span::start);
    let end = word_cut_by(text, span.end()).map_or(span.end(), Span::end);
    between(text, start, end)
}

/// The word that a place is strictly inside of. Scripts without spaces between words have none.
fn word_cut_by(text: &Text, pos: Pos) -> Option<Span> {
    if text.is_between_words(pos) {
        return None;
    }
    // White space is part of a word behind signs that form a grapheme with it.
    let word = text.trim(text.word_at(pos)?);
    if pos <= word.start() || word.end() <= pos {
        return None;
    }
    let (before, after) = (between(text, word.start(), pos), between(text, pos, word.end()));
    let beside = [text.slice(before).chars().next_back(), text.slice(after).chars().next()];
    // UAX 29 takes a run of katakana for one word, and other such scripts apart by signs.
    if beside.into_iter().flatten().any(is_katakana) {
        return None;
    }
    // Where a text lacks the space behind a full stop, "plan.The" is one word to UAX 29.
    let (mut start, mut end) = (word.start(), word.end());
    let slice = text.slice(word);
    for (stop, _) in slice.match_indices('.') {
        let lower = slice[..stop].chars().next_back().is_some_and(char::is_lowercase);
        let upper = slice[stop + 1..].chars().next().is_some_and(char::is_uppercase);
        for edge in [stop, stop + 1] {
            let edge = text.pos(word.start().get() + edge as u32).filter(|_| lower && upper);
            start = edge.filter(|edge| *edge <= pos).unwrap_or(start);
            end = edge.filter(|edge| pos <= *edge).map_or(end, |edge| edge.min(end));
        }
    }
    (start < pos && pos < end).then(|| between(text, start, end))
}

fn is_katakana(char: char) -> bool {
    matches!(char, '\u{30a0}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

/// The span without what comes behind its first `bytes`, and without the white space before that;
/// none where that would halve a word or a grapheme.
fn cut_end(text: &Text, span: Span, bytes: usize) -> Option<Span> {
    let end = text.pos(span.start().get() + bytes as u32)?;
    let cut = text.trim(between(text, span.start(), end));
    is_edge(text, end).then_some(cut)
}

fn is_edge(text: &Text, pos: Pos) -> bool {
    text.snap_to_graphemes(Span::empty(pos)).start() == pos && word_cut_by(text, pos).is_none()
}

// ---- The stop at the end ----

fn is_stop(char: char) -> bool {
    matches!(char, '.' | '。' | '．' | '｡' | '।' | '۔' | '։' | '።')
}

/// The span without the stop that ends it and its sentence. One before a closing mark is for
/// [`without_marks`] to say, and stays where a claim keeps the end of a quotation.
fn without_final_stop(text: &Text, marks: &Marks, span: Span) -> Span {
    let Some(mut cut) = without_stop(text, span) else { return span };
    let sentence = text.sentence_at(text.previous_grapheme(span.end()));
    let rest = text.slice(between(text, span.end(), sentence.end().max(span.end())));
    let ends_it = rest.chars().all(|char| matches!(char, ')' | ']' | '）'));
    if !ends_it || marks.closing_after(text, span, is_blank).is_some() {
        return span;
    }
    while let Some(more) = without_stop(text, cut) {
        cut = more;
    }
    cut
}

/// The span without the stop at its end, unless that is one of an ellipsis or an abbreviation, or
/// all there is.
fn without_stop(text: &Text, span: Span) -> Option<Span> {
    let covered = text.slice(span);
    let stop = covered.chars().next_back().filter(|char| is_stop(*char))?;
    let last = covered.chars().rev().filter(|char| !char.is_whitespace()).take(3);
    let is_ellipsis = last.filter(|char| *char == stop).count() == 3;
    if is_ellipsis || text.abbreviates(span.end()) {
        return None;
    }
    cut_end(text, span, covered.len() - stop.len_utf8()).filter(|cut| !cut.is_empty())
}

// ---- The word at the start ----

/// What may lead a clause in.
const LEAD_INS: &[&str] = &["that", "whether", "and", "And", "but", "But", "so", "So"];

/// Behind these, "that" is no conjunction: "that is wrong".
const VERBS: &[&str] = &[
    "can", "could", "did", "does", "had", "has", "is", "isn't", "isn’t", "made", "makes", "may",
    "means", "meant", "might", "must", "should", "was", "wasn't", "wasn’t", "will", "won't",
    "won’t", "would",
];

/// Before these, "so" is a conjunction, and not as in "so far".
const SUBJECTS: &[&str] = &[
    "a", "an", "he", "her", "his", "i", "if", "it", "its", "my", "no", "our", "she", "that", "the",
    "their", "there", "these", "they", "this", "those", "we", "when", "you", "your",
];

/// The span without the English words that lead a clause in.
fn without_lead_ins(text: &Text, span: Span) -> Span {
    let mut rest = span;
    while let Some(less) = without_lead_in(text, rest) {
        rest = less;
    }
    rest
}

fn without_lead_in(text: &Text, span: Span) -> Option<Span> {
    // Where words begin and end is asked only of what may be one of these.
    let covered = text.slice(span);
    if !LEAD_INS.iter().any(|word| covered.starts_with(word)) {
        return None;
    }
    let word = text.word_at(span.start()).filter(|word| word.start() == span.start())?;
    let after = between(text, word.end(), span.end());
    let after = (word.end() < span.end()).then(|| text.slice(after))?;
    let comma = after.starts_with(',') as u32;
    let tail = &after[comma as usize..];
    let next = tail.trim_start().split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    let next = next.take(1).collect::<String>().to_lowercase();
    let leads_in = match text.slice(word) {
        "that" => !VERBS.contains(&&*next),
        "so" | "So" => SUBJECTS.contains(&&*next),
        word => LEAD_INS.contains(&word),
    };
    if !leads_in || !tail.starts_with(char::is_whitespace) {
        return None;
    }
    let start = text.pos(word.end().get() + comma)?;
    Some(text.trim(between(text, start, span.end()))).filter(|rest| !rest.is_empty())
}

// ---- Quotation marks ----

fn is_blank(char: char) -> bool {
    char.is_whitespace() && char != '\n'
}

fn is_comma(char: char) -> bool {
    matches!(char, ',' | '،' | '、' | '，' | '､')
}

/// The span from an opening mark to a closing one, where it has only one of them, or they lie just
/// outside. Where the text lacks a mark, there is nothing to grow to.
fn with_marks(text: &Text, marks: &Marks, span: Span) -> Span {
    let before = || marks.opening_before(text, span, is_blank);
    let after = || {
        let between =
            |char| is_blank(char) || is_comma(char) || is_stop(char) || "!?…".contains(char);
        marks.closing_after(text, span, between)
    };
    let (start, end) = match (marks.opening(span), marks.closing(span)) {
        (Some(_), Some(_)) => return span,
        (Some(open), None) => match open.partner {
            Some(close) if span.covers(close) => {
                let last = marks.last_closing_in(span).map_or(close, |mark| mark.at);
                (span.start(), last.end())
            }
            Some(close) => (span.start(), close.end()),
            // A quotation that goes on in the next paragraph closes there.
            None => (span.start(), after().map_or(span.end(), |mark| mark.at.end())),
        },
        (None, Some(close)) => match close.partner {
            Some(open) if span.covers(open) => {
                let first = marks.first_opening_in(span).map_or(open, |mark| mark.at);
                (first.start(), span.end())
            }
            Some(open) => (open.start(), span.end()),
            None => (before().map_or(span.start(), |mark| mark.at.start()), span.end()),
        },
        (None, None) => {
            match before().or_else(after).and_then(|mark| Some((mark.at, mark.partner?))) {
                Some((a, b)) => (a.start().min(b.start()), a.end().max(b.end())),
                None => return span,
            }
        }
    };
    between(text, start, end)
}

/// The span without the marks that enclose it, and without commas and stops before the closing one.
/// Marks of a quotation that is a part of the span stay.
fn without_marks(text: &Text, marks: &Marks, span: Span) -> Span {
    let mut rest = span;
    loop {
        let less = without_mark(text, marks, rest).filter(|less| !less.is_empty());
        match less {
            Some(less) => rest = less,
            None => return rest,
        }
    }
}

fn without_mark(text: &Text, marks: &Marks, span: Span) -> Option<Span> {
    if let Some(open) = marks.opening(span)
        // A part of the span is quoted if its mark closes before the end.
        && open.partner.is_none_or(|close| span.end() <= close.end())
    {
        return Some(text.trim(between(text, open.at.end(), span.end())));
    }
    if let Some(close) = marks.closing(span)
        && close.partner.is_none_or(|open| open.start() < span.start())
    {
        return Some(text.trim(between(text, span.start(), close.at.start())));
    }
    let close = marks.closing_after(text, span, is_blank)?;
    if close.partner.is_some_and(|open| span.start() <= open.start()) {
        return None;
    }
    let covered = text.slice(span);
    if covered.ends_with(is_stop) {
        return without_stop(text, span);
    }
    let words = covered.trim_end_matches(|char: char| is_comma(char) || char.is_whitespace());
    if covered.ends_with(is_comma) { cut_end(text, span, words.len()) } else { None }
}
