//! Tokens with BIO tags, in one column or in one for each label.
//!
//! There is no text: it is made of the tokens, with a blank between them and a line for each
//! sentence. `I-` without a beginning starts a span, and the letters of BIOES and BILOU are known.

use super::incoming::{At, InAnnotation, InDocument, InSpan, Incoming, Units};
use super::places::Places;
use super::{Peeked, SourceFile, files_of, stem};
use crate::text::Unit;

/// What starts a document of CoNLL-2003.
const DOCUMENT: &str = "-DOCSTART-";
/// What names the tiers.
const TIERS: &str = "# token\t";
/// What starts a document of tiers.
const ARTICLE: &str = "# article ";

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    let text = file.text.trim_start();
    let named =
        matches!(&*super::ending(file.path), "conll" | "conll2003" | "bio" | "iob" | "iob2");
    !text.starts_with(TIERS) && (named || text.starts_with(DOCUMENT))
}

pub(in crate::format::dataset) fn is_tiers(file: &Peeked<'_>) -> bool {
    file.text.trim_start().starts_with(TIERS)
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    for file in files_of(files, is_file) {
        let mut reader = Reader::new(&file, Vec::new());
        for (number, line) in lines(&file) {
            let mut columns = line.split_whitespace();
            let token = columns.next().unwrap_or_default();
            let tag = columns.next_back();
            match tag {
                _ if token == DOCUMENT => reader.start(number, None, None, to),
                _ if line.is_empty() => reader.sentence(),
                Some(tag) if is_tag(tag) => reader.token(number, token, &[tag]),
                // A comment.
                _ if token == "#" => {}
                _ => reader.lose(number, to),
            }
        }
        reader.end(to);
    }
}

pub(in crate::format::dataset) fn read_tiers(files: &[SourceFile], to: &mut Incoming) {
    for file in files_of(files, is_tiers) {
        let mut reader = Reader::new(&file, Vec::new());
        for (number, line) in lines(&file) {
            if let Some(labels) = line.strip_prefix(TIERS) {
                reader.labels = labels.split('\t').map(str::to_owned).collect();
                to.declared.labels.extend(reader.labels.iter().cloned());
            } else if let Some(article) = line.strip_prefix(ARTICLE) {
                let (article, owner) = article.split_once("\tannotator ").unwrap_or((article, ""));
                reader.start(number, Some(article), Some(owner), to);
            } else if line.is_empty() {
                reader.sentence();
            } else {
                let (token, tags) = line.split_once('\t').unwrap_or((line, ""));
                let tags: Vec<&str> = tags.split('\t').collect();
                if tags.iter().all(|tag| is_tag(tag)) {
                    reader.token(number, token, &tags);
                } else {
                    reader.lose(number, to);
                }
            }
        }
        reader.end(to);
    }
}

/// The lines of a file with their numbers, without what stands around them.
fn lines<'a>(file: &Peeked<'a>) -> impl Iterator<Item = (u32, &'a str)> {
    (1..).zip(file.text.split('\n').map(|line| line.trim_end_matches([' ', '\r'])))
}

/// Whether a column is a tag.
fn is_tag(column: &str) -> bool {
    column == "O" || part(column).is_some()
}

/// The letter of a tag and its label.
fn part(tag: &str) -> Option<(char, &str)> {
    let (letter, label) = tag.split_once('-')?;
    let mut letters = letter.chars();
    let letter = letters.next().filter(|it| letters.next().is_none() && "BIOESLU".contains(*it))?;
    Some((letter, label)).filter(|_| !label.is_empty())
}

/// A document while it is put together.
struct Reader<'a> {
    at: At,
    path: &'a str,
    /// Of tiers.
    labels: Vec<String>,
    /// How many documents there were.
    count: u32,
    line: u32,
    article: Option<String>,
    owner: Option<String>,
    text: String,
    /// How many code points the text has.
    length: u32,
    /// Whether the next token starts a sentence.
    is_new: bool,
    annotations: Vec<InAnnotation>,
    /// By column, the annotation that may go on.
    open: Vec<Option<usize>>,
}

impl<'a> Reader<'a> {
    fn new(file: &Peeked<'a>, labels: Vec<String>) -> Reader<'a> {
        Reader {
            at: file.at(),
            path: file.path,
            labels,
            count: 0,
            line: 1,
            article: None,
            owner: None,
            text: String::new(),
            length: 0,
            is_new: true,
            annotations: Vec::new(),
            open: Vec::new(),
        }
    }

    fn lose(&self, line: u32, to: &mut Incoming) {
        let what = "A line has no tag of BIO";
        to.notes.note(&self.at.line(line), what, "It was left out; mend the file", "");
    }

    fn start(&mut self, line: u32, article: Option<&str>, owner: Option<&str>, to: &mut Incoming) {
        self.end(to);
        self.line = line;
        self.article = article.map(str::to_owned);
        self.owner = owner.map(str::to_owned);
    }

    /// Ends the document, if there is one.
    fn end(&mut self, to: &mut Incoming) {
        let (text, annotations) =
            (std::mem::take(&mut self.text), std::mem::take(&mut self.annotations));
        (self.length, self.is_new) = (0, true);
        self.open.clear();
        if text.is_empty() {
            return;
        }
        self.count += 1;
        let article =
            self.article.take().unwrap_or_else(|| format!("{}-{}", stem(self.path), self.count));
        let text = Places::of(&text);
        let units = Units::Declared(Unit::CodePoint);
        let mut document = InDocument::new(self.at.line(self.line), article, text, units);
        document.owner = self.owner.take();
        document.annotations = annotations;
        to.documents.push(document);
    }

    fn sentence(&mut self) {
        self.is_new = true;
    }

    fn token(&mut self, line: u32, token: &str, tags: &[&str]) {
        if !self.text.is_empty() {
            self.text.push(if self.is_new { '\n' } else { ' ' });
            self.length += 1;
        }
        self.is_new = false;
        let start = self.length;
        self.text += token;
        self.length += token.chars().count() as u32;
        self.open.resize(tags.len(), None);
        for (column, tag) in tags.iter().enumerate() {
            let Some((letter, named)) = part(tag) else {
                self.open[column] = None;
                continue;
            };
            let label = self.labels.get(column).map_or(named, String::as_str);
            let goes_on = self.open[column]
                .filter(|at| "IEL".contains(letter) && self.annotations[*at].label == label);
            let at = goes_on.unwrap_or(self.annotations.len());
            match goes_on {
                Some(at) => {
                    self.annotations[at].spans.iter_mut().for_each(|it| it.end = Some(self.length));
                }
                None => {
                    let mut new = InAnnotation::numbered(String::new(), label.to_owned());
                    new.at = Some(self.at.line(line));
                    new.spans = vec![InSpan::at(Some(start), Some(self.length))];
                    self.annotations.push(new);
                }
            }
            self.open[column] = Some(at).filter(|_| !"ESLU".contains(letter));
        }
    }
}
