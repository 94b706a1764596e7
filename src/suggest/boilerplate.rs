//! Paragraphs that a web page put around its article: found by their words and by where they stand.
//!
//! Rather a few that are surely none of the article than all: what is proposed is not read again.

use crate::text::{Span, Text};

/// How long a paragraph of these may be, in words: what is longer is prose.
const LONGEST: usize = 30;

/// How long a label of a section or a button may be, in words.
const LABEL: usize = 6;

/// How many short lines at the end make a list of other articles.
const LINKS: usize = 3;

/// How long a headline in such a list may be, in words.
const HEADLINE: usize = 16;

/// A paragraph that says just this is none of the article, wherever it stands.
const WHOLE: &[&str] = &[
    "advertisement",
    "advertisements",
    "ad",
    "advert",
    "sponsored",
    "sponsored content",
    "promoted",
    "article continues below",
    "continue reading",
    "continue reading below",
    "story continues below",
    "story continues below advertisement",
    "article continues after advertisement",
    "scroll to continue",
    "share",
    "share this",
    "share this article",
    "share this story",
    "share on facebook",
    "share on twitter",
    "share on x",
    "tweet",
    "copy link",
    "print this article",
    "save article",
    "print",
    "email",
    "read more",
    "read also",
    "also read",
    "more on this story",
    "most read",
    "most popular",
    "trending",
    "trending now",
    "recommended",
    "recommended for you",
    "you may also like",
    "you might also like",
    "related",
    "related articles",
    "related stories",
    "related content",
    "related topics",
    "more stories",
    "more from this author",
    "top stories",
    "latest news",
    "image caption",
    "video caption",
    "media caption",
    "image source",
    "getty images",
    "comments",
    "leave a comment",
    "leave a reply",
    "post a comment",
    "view comments",
    "show comments",
    "load more comments",
    "join the conversation",
    "skip to content",
    "skip to main content",
    "back to top",
    "subscribe",
    "subscribe now",
    "sign up",
    "sign in",
    "log in",
    "accept all",
    "accept all cookies",
    "accept cookies",
    "reject all",
    "cookie settings",
    "manage cookies",
    "privacy policy",
    "terms of use",
    "all rights reserved",
    // German.
    "anzeige",
    "werbung",
    "mehr zum thema",
    "lesen sie auch",
    "auch interessant",
    "meistgelesen",
    "artikel teilen",
    "teilen",
    "kommentare",
    "kommentar schreiben",
    "newsletter abonnieren",
    "alle cookies akzeptieren",
    "alle rechte vorbehalten",
    // French.
    "publicité",
    "lire aussi",
    "à lire aussi",
    "lire la suite",
    "partager",
    "partager cet article",
    "commentaires",
    "les plus lus",
    "sur le même sujet",
    "tout accepter",
    "tous droits réservés",
    // Spanish.
    "publicidad",
    "anuncio",
    "lee también",
    "leer más",
    "te puede interesar",
    "compartir",
    "comentarios",
    "lo más leído",
    "noticias relacionadas",
    "aceptar todas las cookies",
    "todos los derechos reservados",
];

/// A short paragraph that begins so is none of the article, wherever it stands.
const BEGINS: &[&str] = &[
    "read more:",
    "read also:",
    "also read:",
    "read next:",
    "see also:",
    "more:",
    "related:",
    "related article:",
    "related articles:",
    "related story:",
    "related stories:",
    "watch:",
    "listen:",
    "in pictures:",
    "photo:",
    "photos:",
    "photo by",
    "photograph:",
    "image:",
    "image source",
    "image caption",
    "picture:",
    "video:",
    "getty images",
    "follow us on",
    "follow us at",
    "like us on facebook",
    "find us on",
    "sign up for our",
    "sign up to our",
    "sign up for the",
    "subscribe to our",
    "get our newsletter",
    "get the latest",
    "this website uses cookies",
    "this site uses cookies",
    "we use cookies",
    "by clicking accept",
    "click here to",
    "log in to comment",
    "sign in to comment",
    "please log in to",
    "share this",
    "download our app",
    "© ",
    "(c) 19",
    "(c) 20",
    "copyright ©",
    "copyright 19",
    "copyright 20",
    // German.
    "lesen sie auch:",
    "mehr zum thema:",
    "foto:",
    "bild:",
    "folgen sie uns",
    "abonnieren sie",
    "melden sie sich für unseren",
    "wir verwenden cookies",
    "diese website verwendet cookies",
    // French.
    "lire aussi :",
    "lire aussi:",
    "à lire aussi :",
    "à lire :",
    "crédit photo",
    "photo :",
    "suivez-nous",
    "abonnez-vous",
    "inscrivez-vous à",
    "nous utilisons des cookies",
    // Spanish.
    "lee también:",
    "lea también:",
    "te puede interesar:",
    "fotografía:",
    "síguenos en",
    "suscríbete",
    "utilizamos cookies",
];

/// At the start or the end of a text, a short paragraph with all words of one of these is none of
/// the article.
const ABOUT: &[&[&str]] = &[
    &["sign", "up", "newsletter"],
    &["subscribe", "newsletter"],
    &["newsletter", "inbox"],
    &["follow", "twitter"],
    &["follow", "facebook"],
    &["follow", "instagram"],
    &["all", "rights", "reserved"],
    &["comments", "closed"],
    &["comments", "moderated"],
    &["cookies", "privacy"],
    &["cookies", "experience"],
    &["terms", "privacy", "policy"],
    &["newsletter", "abonnieren"],
    &["rechte", "vorbehalten"],
    &["droits", "réservés"],
    &["derechos", "reservados"],
    &["boletín", "suscríbete"],
];

/// Headings under which other articles are listed: what follows them as a list goes with them.
const LISTS: &[&str] = &[
    "related",
    "related articles",
    "related stories",
    "more on this story",
    "read more",
    "read also",
    "also read",
    "most read",
    "most popular",
    "trending",
    "trending now",
    "recommended",
    "recommended for you",
    "you may also like",
    "you might also like",
    "more stories",
    "top stories",
    "latest news",
    "mehr zum thema",
    "lesen sie auch",
    "auch interessant",
    "meistgelesen",
    "lire aussi",
    "à lire aussi",
    "sur le même sujet",
    "les plus lus",
    "lee también",
    "te puede interesar",
    "noticias relacionadas",
    "lo más leído",
];

/// The paragraphs of an article's text that seem to be none of it, in order. Each is whole, without
/// the white space around it.
pub fn boilerplate(text: &Text) -> Vec<Span> {
    let lines = text.paragraphs().iter().map(|line| text.trim(*line));
    let lines: Vec<Line> =
        lines.filter(|it| !it.is_empty()).map(|it| Line::new(text, it)).collect();
    let count = lines.len();
    // The first and the last fifth: there pages put what is around an article.
    let fifth = count.div_ceil(5);
    let is_outer = |at: usize| at < fifth || at + fifth >= count;
    let mut is_around: Vec<bool> =
        lines.iter().enumerate().map(|(at, line)| line.is_around(is_outer(at))).collect();
    if let Some(first) = list_at_end(&lines, &is_around) {
        is_around[first..].fill(true);
    }
    // A text that is nothing else was misunderstood.
    if is_around.iter().all(|it| *it) {
        return Vec::new();
    }
    let around = lines.iter().zip(&is_around).filter(|(_, is_around)| **is_around);
    around.map(|(line, _)| line.span).collect()
}

/// A paragraph that is not blank.
struct Line {
    span: Span,
    /// In small letters, with single spaces, without marks of lists and headings around it.
    words: String,
    count: usize,
    /// It ends as a sentence does.
    ends: bool,
}

impl Line {
    fn new(text: &Text, span: Span) -> Line {
        let is_mark = |c: char| c.is_whitespace() || "#*_-–—•·|»›>+=[]…".contains(c);
        let content = text.slice(span).trim_matches(is_mark).to_lowercase();
        let parts: Vec<&str> = content.split_whitespace().collect();
        let count = parts.len();
        let ends = content.ends_with(['.', '!', '?', '”', '"', '’', '»']);
        Line { span, words: parts.join(" "), count, ends }
    }

    /// What it says, without the colon or stop behind it.
    fn label(&self) -> &str {
        self.words.trim_end_matches([':', '.', '!', '…', ' '])
    }

    fn has(&self, word: &str) -> bool {
        self.words.split(|c: char| !c.is_alphanumeric()).any(|it| it == word)
    }

    /// Whether it seems to be none of the article; `outer` says that it stands at the start or the
    /// end of it.
    fn is_around(&self, outer: bool) -> bool {
        if self.words.is_empty() || self.count > LONGEST {
            return false;
        }
        if self.count <= LABEL && WHOLE.contains(&self.label()) {
            return true;
        }
        // A quotation is what somebody said.
        if self.words.contains(['“', '„', '«', '"']) && !outer {
            return false;
        }
        let begins = BEGINS.iter().any(|begin| self.words.starts_with(begin));
        // In the middle, what ends as a sentence may be a sentence of the article.
        let says_so = begins && (outer || self.count <= 2 * LABEL || !self.ends);
        let about = || ABOUT.iter().any(|words| words.iter().all(|word| self.has(word)));
        says_so || (outer && about())
    }

    /// Whether it looks like the headline of another article.
    fn is_headline(&self) -> bool {
        (2..=HEADLINE).contains(&self.count) && !self.ends
    }
}

/// Where a list of other articles begins with which the text ends: three headlines or more under
/// a heading that says so. Lines that are none of the article anyway may stand behind it.
fn list_at_end(lines: &[Line], is_around: &[bool]) -> Option<usize> {
    let is_heading = |at: usize| LISTS.contains(&lines[at].label());
    let heading = (0..lines.len()).rev().find(|at| is_heading(*at))?;
    let after = heading + 1..lines.len();
    let listed = after.clone().filter(|at| lines[*at].is_headline()).count();
    let only = after.clone().all(|at| is_around[at] || lines[at].is_headline());
    (listed >= LINKS && only).then_some(heading)
}
