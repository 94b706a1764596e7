//! Files of articles: plain text, Markdown, web pages, JSON and JSON Lines.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::encoding::{Damage, Decoded, decode, decode_html};
use super::html::HtmlArticle;
use super::native::Layout;
use super::{NewArticle, Problem, json};
use crate::annotation::ArticleId;
use crate::project::{Article, Source};
use crate::scheme::Extra;
use crate::text::{Text, TextHash};

/// What files gave: the articles in their order, and what could not be taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Articles {
    /// Their ids may repeat, and so may their texts, until [`take_new`] has seen them.
    pub articles: Vec<NewArticle>,
    /// In the order in which they were met.
    pub problems: Vec<Problem>,
}

/// Who reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// [`read`].
    Articles,
    /// [`super::native`], laid out so.
    Project(Layout),
    /// [`super::rescue`].
    Rescue,
    /// Nobody; [`read`] says why.
    Unknown,
}

/// What a file holds, by its `format` if it is JSON and by the end of its name.
///
/// `file` is its name or path. Nothing is built; no more than one pass over the bytes is made.
pub fn kind(file: &str, bytes: &[u8]) -> FileKind {
    match declared_format(bytes).as_deref() {
        Some("avow") if is_lines(file, bytes) => FileKind::Project(Layout::Lines),
        Some("avow") => FileKind::Project(Layout::Object),
        Some("avow-rescue") => FileKind::Rescue,
        Some(other) if other.starts_with("avow") => FileKind::Unknown,
        _ if Form::of(file).is_some() => FileKind::Articles,
        _ => FileKind::Unknown,
    }
}

/// Whether [`read`] knows files whose names end like this one's.
pub fn has_known_ending(file: &str) -> bool {
    Form::of(file).is_some()
}

/// Whether [`read`] takes a file of this name for plain text or Markdown.
pub fn is_text(file: &str) -> bool {
    matches!(Form::of(file), Some(Form::Plain | Form::Markdown))
}

/// Whether [`read`] takes a file of this name for a web page.
pub fn is_page(file: &str) -> bool {
    matches!(Form::of(file), Some(Form::Html))
}

/// The articles of one file, and what of it could not be taken.
///
/// `file` is its path with `/`, relative to the folder that was chosen, or its name: it becomes
/// the id of an article that has none of its own, with `#` and the number of the article (the
/// line in JSON Lines) where the file can hold several. `html` turns a page's markup into text.
pub fn read(file: &str, bytes: &[u8], html: &dyn Fn(&str) -> HtmlArticle) -> Articles {
    let mut reader = Reader::of(file);
    match (kind(file, bytes), Form::of(file)) {
        (FileKind::Articles, Some(Form::Plain)) => reader.plain(bytes, false),
        (FileKind::Articles, Some(Form::Markdown)) => reader.plain(bytes, true),
        (FileKind::Articles, Some(Form::Html)) => reader.page(bytes, html),
        (FileKind::Articles, Some(Form::Json)) => reader.json(bytes),
        (FileKind::Articles, Some(Form::JsonLines)) => reader.json_lines(bytes),
        (FileKind::Project(_) | FileKind::Rescue, _) => reader.problem(
            None,
            "This is saved work and not an article",
            "Open it in Avow with “Open files”",
        ),
        (FileKind::Unknown | FileKind::Articles, form) => reader.problem(
            None,
            match form {
                Some(_) => "This file of Avow's is neither an article nor saved work".to_owned(),
                None => match file_name(file).rsplit_once('.') {
                    Some((_, ending)) => format!("Avow does not read .{ending} files"),
                    None => "The name of this file does not say what it is".to_owned(),
                },
            },
            "Save the article as .txt, .md, .html, .json or .jsonl, or paste its text",
        ),
    }
    reader.found
}

/// The article of one line of a file of JSON Lines, by its number from 1, as [`read`] has it; and what of
/// the line could not be taken.
pub fn read_line(file: &str, number: u32, line: &[u8]) -> Articles {
    let mut reader = Reader::of(file);
    let text = reader.decoded(decode(line));
    reader.line(number, &text);
    reader.found.problems.iter_mut().for_each(|problem| problem.line = Some(number));
    reader.found
}

/// Whether [`read`] takes a file of this name for JSON Lines.
pub fn is_json_lines(file: &str) -> bool {
    matches!(Form::of(file), Some(Form::JsonLines))
}

/// An article of pasted text; without a title, its first line is the title.
///
/// # Errors
/// There is no text in it, or it is no text.
pub fn pasted(text: &str, title: Option<&str>) -> Result<NewArticle, Problem> {
    let problem = |(what, remedy): (&str, &str)| Problem {
        file: "Pasted text".to_owned(),
        line: None,
        what: what.to_owned(),
        remedy: remedy.to_owned(),
    };
    let text = checked(text).map_err(problem)?;
    let title = title.map(one_line).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| first_line(&text, false));
    let id = format!("pasted-{}", &text.hash()[..12]);
    Ok(article(&id, &title, text, Source::default(), Extra::new()))
}

/// Those of the found articles whose text is not here yet, under ids that are not taken.
///
/// `here` are the project's articles. A text that is there, or that is found twice, is not taken
/// again, and that is said; an id that is taken gets a number behind it.
pub fn take_new<'a>(
    found: Vec<NewArticle>,
    here: impl IntoIterator<Item = &'a Article>,
) -> Articles {
    let (mut taken, mut new) = (Taken::default(), Articles::default());
    here.into_iter().for_each(|article| taken.add(article));
    for found in found {
        match taken.take(found) {
            Ok(article) => new.articles.push(article),
            Err(problem) => new.problems.push(problem),
        }
    }
    new
}

/// The ids and texts that articles have; the first article of a text is the one that has it.
#[derive(Default)]
pub struct Taken {
    ids: BTreeSet<ArticleId>,
    /// By text, the title of its article.
    titles: BTreeMap<TextHash, String>,
}

impl Taken {
    fn add(&mut self, article: &Article) {
        self.ids.insert(article.id.clone());
        self.titles.entry(article.text.clone()).or_insert_with(|| article.title.clone());
    }

    /// Takes an article under an id that none has yet: its own, or that with a number behind it.
    ///
    /// # Errors
    /// One has its text.
    pub fn take(&mut self, new: NewArticle) -> Result<NewArticle, Problem> {
        let NewArticle { mut article, text } = new;
        if let Some(title) = self.titles.get(&article.text) {
            return Err(Problem {
                file: article.source.file.unwrap_or(article.title),
                line: None,
                what: format!("The same text as “{title}” is already here"),
                remedy: "It was taken once; there is nothing to do".to_owned(),
            });
        }
        article.id = unique_id(&article.id, &self.ids);
        self.add(&article);
        Ok(NewArticle { article, text })
    }
}

/// Those of the found articles that are here with another text, under the ids that they have here,
/// and the others; each article that is here is met once at most.
///
/// An article is known by its id; else by its address, or by its file and title, where one alone
/// has them. A text that is here already is no other text of anything.
pub fn other_texts<'a>(
    found: Vec<NewArticle>,
    here: impl IntoIterator<Item = &'a Article> + Clone,
) -> (Vec<NewArticle>, Vec<NewArticle>) {
    let mut met = BTreeSet::new();
    let texts: BTreeSet<&TextHash> = here.clone().into_iter().map(|it| &it.text).collect();
    let (mut other, mut rest) = (Vec::new(), Vec::new());
    for mut new in found {
        let known = known_as(&new.article, here.clone());
        match known.filter(|id| !texts.contains(&new.article.text) && met.insert(id.clone())) {
            Some(id) => {
                new.article.id = id;
                other.push(new);
            }
            None => rest.push(new),
        }
    }
    (other, rest)
}

/// Which of the articles that are here a found one is, whatever its text.
fn known_as<'a>(
    new: &Article,
    here: impl IntoIterator<Item = &'a Article> + Clone,
) -> Option<ArticleId> {
    let only = |is_it: &dyn Fn(&Article) -> bool| {
        let mut found = here.clone().into_iter().filter(|it| is_it(it));
        let first = found.next()?;
        found.next().is_none().then(|| first.id.clone())
    };
    let (source, title) = (&new.source, &new.title);
    only(&|it| it.id == new.id)
        .or_else(|| only(&|it| source.url.is_some() && it.source.url == source.url))
        .or_else(|| {
            only(&|it| source.file.is_some() && it.source.file == source.file && it.title == *title)
        })
}

/// The id itself if it is free, else with the first number from 2 behind it that makes it so.
pub fn unique_id(id: &ArticleId, taken: &BTreeSet<ArticleId>) -> ArticleId {
    if !taken.contains(id) {
        return id.clone();
    }
    let numbered = (2_u32..).map(|number| ArticleId::from(format!("{id}-{number}")));
    numbered.into_iter().find(|id| !taken.contains(id)).unwrap_or_else(|| id.clone())
}

/// How articles stand in a file, by the end of its name.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    Markdown,
    Html,
    Json,
    JsonLines,
}

impl Form {
    fn of(file: &str) -> Option<Form> {
        let (_, ending) = file_name(file).rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Form::Plain),
            "md" | "markdown" => Some(Form::Markdown),
            "html" | "htm" | "xhtml" => Some(Form::Html),
            "json" => Some(Form::Json),
            "jsonl" | "ndjson" => Some(Form::JsonLines),
            _ => None,
        }
    }
}

fn file_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// With `/` between its parts and none before the first.
fn clean_path(file: &str) -> String {
    let file = file.replace('\\', "/");
    let parts = file.split('/').filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}

/// The `format` of a file that is one JSON object or starts with a line that is one.
fn declared_format(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<String>,
    }
    let text = bytes_without_mark(bytes).trim_ascii_start();
    if !text.starts_with(b"{") {
        return None;
    }
    // The first value is enough, so that of many lines only the first is read.
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<Head>();
    match values.next()? {
        Ok(head) => head.format,
        // Cut off or damaged: our own files name their format first.
        Err(_) => {
            let head = String::from_utf8_lossy(&text[..text.len().min(200)]);
            let value = head.strip_prefix('{')?.trim_start().strip_prefix("\"format\"")?;
            let value = value.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
            Some(value.split_once('"')?.0.to_owned())
        }
    }
}

/// Whether a project's file is one object a line.
fn is_lines(file: &str, bytes: &[u8]) -> bool {
    if is_json_lines(file) {
        return true;
    }
    let text = bytes_without_mark(bytes).trim_ascii();
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
    first.len() < text.len() && serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok()
}

fn bytes_without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

/// What stands in a line; a mark may stand before it where files were put together.
fn without_mark(line: &str) -> &str {
    line.trim_start_matches('\u{feff}')
}

fn is_empty_line(line: &str) -> bool {
    without_mark(line).trim().is_empty()
}

/// One file while it is read.
struct Reader {
    /// Its path, as it stands in ids and problems.
    file: String,
    found: Articles,
}

impl Reader {
    fn of(file: &str) -> Reader {
        Reader { file: clean_path(file), found: Articles::default() }
    }

    fn problem(&mut self, line: Option<u32>, what: impl Into<String>, remedy: impl Into<String>) {
        let file = self.file.clone();
        self.found.problems.push(Problem { file, line, what: what.into(), remedy: remedy.into() });
    }

    fn source(&self) -> Source {
        Source { file: Some(self.file.clone()), ..Source::default() }
    }

    /// The characters; damage is reported.
    fn decoded(&mut self, decoded: Decoded) -> String {
        match decoded.damage {
            None => {}
            Some(Damage::Replaced) => self.problem(
                None,
                "Some bytes stand for no character and became \u{FFFD}",
                "Compare the article with where it came from, and save it again as UTF-8",
            ),
            Some(Damage::Unknown(name)) => self.problem(
                None,
                format!(
                    "It is written in “{name}”, which Avow does not read; letters may be wrong"
                ),
                "Save it as UTF-8 and open it again",
            ),
        }
        decoded.text
    }

    fn text(&mut self, line: Option<u32>, text: &str) -> Option<Text> {
        checked(text).map_err(|(what, remedy)| self.problem(line, what, remedy)).ok()
    }

    fn plain(&mut self, bytes: &[u8], markdown: bool) {
        let text = self.decoded(decode(bytes));
        let Some(text) = self.text(None, &text) else { return };
        let title = first_line(&text, markdown);
        let article = article(&self.file, &title, text, self.source(), Extra::new());
        self.found.articles.push(article);
    }

    fn page(&mut self, bytes: &[u8], html: &dyn Fn(&str) -> HtmlArticle) {
        let markup = self.decoded(decode_html(bytes));
        let page = html(&markup);
        let Some(text) = self.text(None, &page.text) else { return };
        let title = page.title.unwrap_or_else(|| first_line(&text, false));
        let source = Source {
            url: page.url,
            publisher: page.publisher,
            published: page.published,
            language: page.language,
            ..self.source()
        };
        let author = page.author.map(|author| ("author".to_owned(), Value::from(author)));
        let article = article(&self.file, &title, text, source, author.into_iter().collect());
        self.found.articles.push(article);
    }

    fn json(&mut self, bytes: &[u8]) {
        let text = self.decoded(decode(bytes));
        let value = match parse_json(&text) {
            Ok(value) => value,
            Err((line, what)) => return self.problem(Some(line), what, MEND_JSON),
        };
        let articles = match value {
            Value::Array(articles) => articles,
            Value::Object(mut file) => match file.remove("articles") {
                Some(Value::Array(articles)) if !file.contains_key("text") => articles,
                other => {
                    file.extend(other.map(|other| ("articles".to_owned(), other)));
                    let id = self.file.clone();
                    return self.object(None, "", &id, Value::Object(file));
                }
            },
            other => return self.object(None, "", "", other),
        };
        if articles.is_empty() {
            self.problem(None, "It holds no article", "Put objects with a “text” into its list");
        }
        for (index, article) in articles.into_iter().enumerate() {
            let number = index + 1;
            let id = format!("{}#{number}", self.file);
            self.object(None, &format!("Article {number}: "), &id, article);
        }
    }

    fn json_lines(&mut self, bytes: &[u8]) {
        let text = self.decoded(decode(bytes));
        for (number, line) in (1..).zip(text.lines()) {
            self.line(number, line);
        }
        if text.lines().all(is_empty_line) {
            self.problem(None, EMPTY.0, EMPTY.1);
        }
    }

    fn line(&mut self, number: u32, line: &str) {
        if is_empty_line(line) {
            return;
        }
        let id = format!("{}#{number}", self.file);
        match parse_json(without_mark(line)) {
            Ok(value) => self.object(Some(number), "", &id, value),
            Err((_, what)) => self.problem(Some(number), what, MEND_JSON),
        }
    }

    /// Takes an article from a JSON value. `which` starts the sentence of a problem; `id` is what
    /// the article is called unless it says it itself.
    fn object(&mut self, line: Option<u32>, which: &str, id: &str, value: Value) {
        let Value::Object(mut object) = value else {
            let what = format!("{which}This is not a JSON object");
            return self.problem(line, what, "Write an article as {\"text\": \"…\"}");
        };
        let text = match object.remove("text") {
            Some(Value::String(text)) => text,
            other => {
                let what = match other {
                    None | Some(Value::Null) => "There is no “text”",
                    Some(_) => "Its “text” is not a string",
                };
                let what = format!("{which}{what}");
                return self.problem(line, what, "Give the article's text under the key “text”");
            }
        };
        let text = match checked(&text) {
            Ok(text) => text,
            Err((what, remedy)) => return self.problem(line, format!("{which}{what}"), remedy),
        };
        let id = own_id(&mut object).unwrap_or_else(|| id.to_owned());
        let title = take_string(&mut object, "title").map(|title| one_line(&title));
        let title = title.filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| first_line(&text, false));
        let source = Source {
            url: take_string(&mut object, "url"),
            published: take_string(&mut object, "published"),
            publisher: take_string(&mut object, "publisher"),
            language: take_string(&mut object, "language"),
            ..self.source()
        };
        self.found.articles.push(article(&id, &title, text, source, object));
    }
}

const MEND_JSON: &str = "Mend it, or write the file again from where it came";

/// What happened, and what to do about it.
const EMPTY: (&str, &str) = ("There is no text in it", "Look whether it is the file you meant");

/// A text that can be annotated; else what is wrong with it, and what to do.
pub(super) fn checked(text: &str) -> Result<Text, (&'static str, &'static str)> {
    if text.len() >= u32::MAX as usize {
        return Err(("It is longer than 4 GiB", "Split it into several articles"));
    }
    if looks_binary(text) {
        return Err((
            "This is not text, whatever its name says",
            "Open it in the program that made it and save it as plain text",
        ));
    }
    let text = Text::new(text);
    if text.as_str().trim().is_empty() { Err(EMPTY) } else { Ok(text) }
}

/// More than a few control characters, and more than one in fifty characters.
fn looks_binary(text: &str) -> bool {
    let is_binary = |char: char| matches!(char, '\0'..='\x08' | '\x0E'..='\x1F');
    let binary = text.chars().filter(|char| is_binary(*char)).count();
    text.starts_with("%PDF-") || binary > 3 && binary * 50 > text.chars().count()
}

/// The value, or the line and what is wrong there.
fn parse_json(text: &str) -> Result<Value, (u32, String)> {
    serde_json::from_str(text).map_err(|error| {
        let reason = json::reason(&error);
        let what = match &reason[..] {
            "recursion limit exceeded" => "its lists and objects are nested too deep",
            other => other,
        };
        let column = error.column();
        let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
        (line, format!("This is not valid JSON at column {column}: {what}"))
    })
}

/// The string under a key; anything else stays where it is, but a null goes.
fn take_string(object: &mut Extra, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(_) | Value::Null => match object.remove(key)? {
            Value::String(string) => Some(string).filter(|string| !string.is_empty()),
            _ => None,
        },
        _ => None,
    }
}

/// The article's own id; a number is one, too.
fn own_id(object: &mut Extra) -> Option<String> {
    if let Some(Value::Number(number)) = object.get("id") {
        let id = number.to_string();
        object.remove("id");
        return Some(id);
    }
    take_string(object, "id")
}

/// An article; without a title it is called by its id.
fn article(id: &str, title: &str, text: Text, source: Source, metadata: Extra) -> NewArticle {
    let article = Article {
        id: id.into(),
        order: 0,
        title: if title.is_empty() { id } else { title }.to_owned(),
        text: text.hash().into(),
        source,
        metadata,
        regions: Vec::new(),
        former_texts: Vec::new(),
        unplaced: Vec::new(),
        extra: Extra::new(),
    };
    NewArticle { article, text }
}

/// The longest title made from a text, in characters.
const TITLE: usize = 120;

/// The first line that is not blank, as a title: cut at a word if it is long.
fn first_line(text: &Text, markdown: bool) -> String {
    let line = text.as_str().lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    // A line may be the whole text; more than this is cut in any case.
    let start: String = line.trim_start().chars().take(TITLE * 10).collect();
    let line = one_line(&start);
    shortened(if markdown { heading(&line) } else { &line })
}

/// What a line says without the `#`s that make it a heading, which may also stand behind it.
fn heading(line: &str) -> &str {
    let Some(inner) = line.strip_prefix('#') else { return line };
    let inner = inner.trim_start_matches('#').trim_start();
    let open = inner.trim_end_matches('#');
    if open.ends_with(' ') { open.trim_end() } else { inner }
}

fn shortened(title: &str) -> String {
    let Some((cut, _)) = title.char_indices().nth(TITLE) else { return title.to_owned() };
    // In scripts without spaces there may be none to cut at.
    let words = title[..cut].rsplit_once(' ').map_or(&title[..cut], |(words, _)| words);
    format!("{words}…")
}

/// With one space for each stretch of white space or control characters.
fn one_line(text: &str) -> String {
    let space = |char: char| char.is_whitespace() || char.is_control();
    text.split(space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
