//! Queries that can be searched for.

use std::fmt;
use std::ops::Range;

use regex::{Regex, RegexBuilder};
use regex_syntax::{ast, hir};

use super::Query;

/// The most bytes that a compiled expression may have. `\w`, which is any letter of any script, has
/// 50 kB, and a page of plain words 200 kB.
const LARGEST: usize = 8 << 20;

/// The most bytes of words or of an expression that are compiled at all, which takes time with each.
const LONGEST: usize = 1 << 16;

/// Characters that match each other: apostrophes and single quote marks, double ones, hyphens.
const ALIKE: [&str; 3] = ["'‘’‚‛‹›ʼ", "\"“”„‟«»", "-\u{2010}\u{2011}"];

/// A query, made ready once for all articles.
#[derive(Clone, Debug)]
pub struct Pattern {
    query: Query,
    /// None where the query has no words.
    expression: Option<Regex>,
}

impl Pattern {
    /// Makes a query ready.
    ///
    /// # Errors
    /// Its words are no regular expression and should be one, or are far too many.
    pub fn new(query: &Query) -> Result<Pattern, BadPattern> {
        let expression = match (query.has_words(), query.regex) {
            (false, _) => None,
            (true, true) => Some(compile(&query.words, query)?),
            (true, false) => Some(compile(&literal(&query.words), query)?),
        };
        Ok(Pattern { query: query.clone(), expression })
    }

    /// What is asked for.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Whether words are asked for.
    pub(super) fn has_words(&self) -> bool {
        self.expression.is_some()
    }

    /// The first occurrence of the words that begins at a byte or later, in bytes; it may be empty.
    pub(super) fn find_at(&self, content: &str, from: usize) -> Option<Range<usize>> {
        if from > content.len() {
            return None;
        }
        self.expression.as_ref()?.find_at(content, from).map(|found| found.range())
    }
}

/// An expression of words as they are, but for white space and characters that match each other.
fn literal(words: &str) -> String {
    let mut expression = String::new();
    for word in words.split_whitespace() {
        if !expression.is_empty() {
            expression.push_str(r"\s+");
        }
        for char in word.chars() {
            match ALIKE.iter().find(|alike| alike.contains(char)) {
                // In this order, no hyphen stands between two others.
                Some(alike) => expression.extend(["[", alike, "]"]),
                None => expression.push_str(&regex::escape(char.encode_utf8(&mut [0; 4]))),
            }
        }
    }
    expression
}

fn compile(expression: &str, query: &Query) -> Result<Regex, BadPattern> {
    let too_much = if query.regex { BadPattern::TooLarge } else { BadPattern::TooLong };
    if query.words.len() > LONGEST {
        return Err(too_much);
    }
    let mut builder = RegexBuilder::new(expression);
    builder.multi_line(true).case_insensitive(!query.case).size_limit(LARGEST);
    builder.build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => too_much,
        error => malformed(expression).unwrap_or_else(|| BadPattern::Malformed {
            before: String::new(),
            part: String::new(),
            why: error.to_string(),
        }),
    })
}

/// What is wrong in an expression; none if nothing is.
fn malformed(expression: &str) -> Option<BadPattern> {
    let parsed = regex_syntax::ParserBuilder::new().build().parse(expression);
    let (span, why) = match parsed.err()? {
        regex_syntax::Error::Parse(error) => (*error.span(), in_words(error.kind())),
        regex_syntax::Error::Translate(error) => (*error.span(), untranslated(error.kind())),
        _ => return None,
    };
    let (before, rest) = expression.split_at_checked(span.start.offset)?;
    // Where something is missing, what stands in its place.
    let next = rest.chars().next().map_or(0, char::len_utf8);
    let part = rest.get(..next.max(span.end.offset - span.start.offset))?;
    Some(BadPattern::Malformed { before: before.to_owned(), part: part.to_owned(), why })
}

/// The mistakes that people make, in their words.
fn in_words(kind: &ast::ErrorKind) -> String {
    use ast::ErrorKind::*;
    match kind {
        GroupUnclosed => "this parenthesis is never closed",
        GroupUnopened => "this parenthesis closes none",
        ClassUnclosed => "this bracket is never closed",
        ClassRangeInvalid => "this range ends before it begins",
        RepetitionMissing => "there is nothing here to be repeated",
        RepetitionCountInvalid => "this repetition has more at least than at most",
        RepetitionCountUnclosed => "this brace is never closed",
        RepetitionCountDecimalEmpty => "this repetition needs a number",
        EscapeUnexpectedEof => "a backslash at the end escapes nothing",
        EscapeUnrecognized => "this backslash and what follows it mean nothing",
        UnsupportedBackreference => "what a group has found cannot be looked for again",
        UnsupportedLookAround => "what stands before or after cannot be asked for",
        kind => return kind.to_string(),
    }
    .to_owned()
}

/// The same of what is well written and means nothing.
fn untranslated(kind: &hir::ErrorKind) -> String {
    use hir::ErrorKind::*;
    match kind {
        UnicodePropertyNotFound | UnicodePropertyValueNotFound => {
            "this property of characters is not known".to_owned()
        }
        kind => kind.to_string(),
    }
}

/// Why a query cannot be searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPattern {
    /// Its words are no regular expression.
    Malformed {
        /// What stands before the mistake.
        before: String,
        /// The mistake; empty where something is missing at the end.
        part: String,
        /// What is wrong with it.
        why: String,
    },
    /// The regular expression would take too much memory.
    TooLarge,
    /// There are too many words.
    TooLong,
}

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadPattern::Malformed { before, part, why } => {
                write!(f, "the expression is wrong at character {}", before.chars().count() + 1)?;
                if !part.is_empty() {
                    write!(f, ", “{part}”")?;
                }
                write!(f, ": {why}")
            }
            BadPattern::TooLarge => f.write_str(
                "the expression is too large to search for; it says or repeats too much",
            ),
            BadPattern::TooLong => f.write_str("the words are too long to search for"),
        }
    }
}

impl std::error::Error for BadPattern {}
