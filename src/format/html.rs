//! A web page to the text of its article.
//!
//! The page has the browser's parser, native code has html5ever; both walk their tree into
//! [`Event`]s, and [`convert`] makes the same text of them. What is kept:
//!
//! - The text of the one outermost `<article>`; else of the one `<main>`; else of the body.
//! - Paragraphs, headings and other blocks stand apart by a blank line. `<br>`, list items and
//!   table rows are a line each (two `<br>` make a blank line), the cells of a row are parted by
//!   a tab. There is never more than one blank line, except in `<pre>`, which keeps its white space.
//! - Elsewhere spaces, tabs and line ends become one space. A no-break space is not one of them.
//! - No marks are added: neither bullets nor numbers, nor the quotation marks of `<q>`.
//! - Elements that are not read as text are left out, see [`is_left_out`].

/// A step through a page's tree, in document order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An element starts.
    Open {
        /// Its name in lower case.
        tag: String,
        /// Those of its attributes that [`attributes_of`] names; others are passed over.
        attributes: Vec<(String, String)>,
    },
    /// Characters, with their entities resolved.
    Text(String),
    /// The element that was opened last ends; every element does, `<br>` too.
    Close,
}

/// What a page says of its article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlArticle {
    /// On one line.
    pub title: Option<String>,
    /// Empty where the page has no text.
    pub text: String,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// Where the page says it is published; http or https.
    pub url: Option<String>,
    /// When it was published, as the page says it.
    pub published: Option<String>,
    /// The name of the paper or site.
    pub publisher: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
}

/// The attributes that [`convert`] looks at on elements of that tag.
pub fn attributes_of(tag: &str) -> &'static [&'static str] {
    match tag {
        "html" => &["lang"],
        "meta" => &["name", "property", "content"],
        "link" => &["rel", "href"],
        _ => &["hidden"],
    }
}

/// Whether elements of that tag hold no text of an article: what is never shown, what is shown
/// only where something else fails, what is for pressing and not for reading, and the readings
/// above Chinese and Japanese characters, which would stand in the middle of words.
pub fn is_left_out(tag: &str) -> bool {
    let never_shown =
        ["head", "title", "script", "style", "template", "noscript", "noframes", "datalist"];
    let embedded = ["svg", "iframe", "object", "canvas", "audio", "video", "progress", "meter"];
    let controls = ["nav", "button", "select", "textarea", "dialog"];
    let readings = ["rt", "rp", "rtc"];
    [&never_shown[..], &embedded, &controls, &readings].iter().any(|tags| tags.contains(&tag))
}

/// The article of a page.
pub fn convert(events: &[Event]) -> HtmlArticle {
    let body = shown(events, "body").into_iter().next().unwrap_or(events);
    let only = |tag| match shown(body, tag)[..] {
        [inner] => text_of(inner),
        _ => String::new(),
    };
    let text = [only("article"), only("main")].into_iter().find(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| text_of(body));

    let head = Head::of(events);
    let heading = || shown(body, "h1").first().map(|inner| text_of(inner));
    let title = head.meta(&["og:title"]).or(head.title.clone()).or_else(heading);
    let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    HtmlArticle {
        title: title.map(|title| one_line(&title)).filter(|title| !title.is_empty()),
        text,
        url: head.canonical.clone().or_else(|| head.meta(&["og:url"])).filter(is_web),
        published: head.meta(&["article:published_time", "datepublished", "date", "dc.date"]),
        publisher: head.meta(&["og:site_name", "publisher", "dc.publisher"]),
        author: head.meta(&["author", "article:author", "dc.creator"]),
        language: head.language,
    }
}

/// What the page says of itself, beside its text.
#[derive(Default)]
struct Head {
    language: Option<String>,
    title: Option<String>,
    canonical: Option<String>,
    /// Name in lower case and content, in document order.
    metas: Vec<(String, String)>,
}

impl Head {
    fn of(events: &[Event]) -> Head {
        let mut head = Head::default();
        let mut at = 0;
        while at < events.len() {
            let event = &events[at];
            at += 1;
            let Event::Open { tag, .. } = event else { continue };
            let attribute = |name| attribute(event, name).map(one_line).filter(|it| !it.is_empty());
            match tag.as_str() {
                // A drawing's title is not the page's.
                "svg" => at = end(events, at - 1),
                "html" if head.language.is_none() => head.language = attribute("lang"),
                "title" if head.title.is_none() => {
                    let title = one_line(&text_of(&events[at..end(events, at - 1)]));
                    head.title = (!title.is_empty()).then_some(title);
                }
                "link" if head.canonical.is_none() => {
                    let canonical =
                        attribute("rel").filter(|rel| rel.eq_ignore_ascii_case("canonical"));
                    head.canonical = canonical.and_then(|_| attribute("href"));
                }
                "meta" => {
                    let name = attribute("property").or_else(|| attribute("name"));
                    let name = name.map(|name| name.to_ascii_lowercase());
                    head.metas.extend(name.zip(attribute("content")));
                }
                _ => {}
            }
        }
        head
    }

    /// The content of the first of these names that the page has.
    fn meta(&self, names: &[&str]) -> Option<String> {
        let find = |wanted| self.metas.iter().find(|(name, _)| name == wanted);
        names.iter().find_map(|&wanted| find(wanted)).map(|(_, content)| content.clone())
    }
}

fn attribute<'a>(event: &'a Event, wanted: &str) -> Option<&'a str> {
    let Event::Open { attributes, .. } = event else { return None };
    attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

/// Where the element that opens at `open` closes; the end if it does not.
fn end(events: &[Event], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, event) in events.iter().enumerate().skip(open) {
        match event {
            Event::Open { .. } => depth += 1,
            Event::Close => depth = depth.saturating_sub(1),
            Event::Text(_) => {}
        }
        if depth == 0 {
            return at;
        }
    }
    events.len()
}

/// Whether the element is to be passed over with all that is in it.
fn is_skipped(event: &Event, tag: &str) -> bool {
    is_left_out(tag) || attribute(event, "hidden").is_some()
}

/// What is inside each outermost element of that tag that is not left out.
fn shown<'a>(events: &'a [Event], wanted: &str) -> Vec<&'a [Event]> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < events.len() {
        if let Event::Open { tag, .. } = &events[at] {
            let skipped = is_skipped(&events[at], tag);
            if skipped || tag == wanted {
                let end = end(events, at);
                found.extend((!skipped).then(|| &events[at + 1..end]));
                at = end;
            }
        }
        at += 1;
    }
    found
}

/// What is between two stretches of text; the greater of several holds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Gap {
    None,
    Space,
    Tab,
    Line,
    Blank,
}

impl Gap {
    fn as_str(self) -> &'static str {
        match self {
            Gap::None => "",
            Gap::Space => " ",
            Gap::Tab => "\t",
            Gap::Line => "\n",
            Gap::Blank => "\n\n",
        }
    }
}

/// What an element's edges put between the text inside and outside of it.
fn edge(tag: &str, in_list: bool) -> Gap {
    match tag {
        "td" | "th" => Gap::Tab,
        "li" | "dt" | "dd" | "tr" => Gap::Line,
        // A list in a list does not tear it apart.
        "ul" | "ol" | "menu" if in_list => Gap::Line,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center"
        | "details" | "dir" | "div" | "dl" | "fieldset" | "figcaption" | "figure" | "footer"
        | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "hr"
        | "legend" | "listing" | "main" | "menu" | "ol" | "p" | "plaintext" | "pre" | "search"
        | "section" | "summary" | "table" | "ul" | "xmp" => Gap::Blank,
        _ => Gap::None,
    }
}

fn keeps_white_space(tag: &str) -> bool {
    matches!(tag, "pre" | "listing" | "plaintext" | "xmp")
}

/// Text as it is put together.
struct Writer {
    out: String,
    /// What goes before the next character, unless it is the first.
    gap: Gap,
    /// How many elements that keep white space are open.
    pre: usize,
    /// How many list items are open.
    items: usize,
}

impl Writer {
    fn widen(&mut self, gap: Gap) {
        if gap > self.gap {
            self.gap = gap;
        }
    }

    fn write(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push_str(self.gap.as_str());
        }
        self.gap = Gap::None;
        self.out.push_str(text);
    }

    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            return self.write(text);
        }
        for (index, word) in text.split(|char: char| char.is_ascii_whitespace()).enumerate() {
            // There is white space before every word but the first.
            if index > 0 {
                self.widen(Gap::Space);
            }
            if !word.is_empty() {
                self.write(word);
            }
        }
    }

    fn line_break(&mut self) {
        match self.gap {
            _ if self.pre > 0 => self.write("\n"),
            Gap::Line | Gap::Blank => self.gap = Gap::Blank,
            _ => self.gap = Gap::Line,
        }
    }

    fn open(&mut self, tag: &str) {
        if tag == "br" {
            return self.line_break();
        }
        self.widen(edge(tag, self.items > 0));
        self.pre += usize::from(keeps_white_space(tag));
        self.items += usize::from(tag == "li");
    }

    fn close(&mut self, tag: &str) {
        self.items -= usize::from(tag == "li");
        if keeps_white_space(tag) {
            self.pre -= 1;
            // The gap behind it takes the place of its last line end.
            self.out
                .truncate(self.out.trim_end_matches(|char: char| char.is_ascii_whitespace()).len());
        }
        self.widen(edge(tag, self.items > 0));
    }
}

/// The text of all that is not left out.
fn text_of(events: &[Event]) -> String {
    let mut writer = Writer { out: String::new(), gap: Gap::None, pre: 0, items: 0 };
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < events.len() {
        match &events[at] {
            Event::Open { tag, .. } if is_skipped(&events[at], tag) => at = end(events, at),
            Event::Open { tag, .. } => {
                writer.open(tag);
                open.push(tag);
            }
            Event::Text(text) => writer.text(text),
            Event::Close => {
                if let Some(tag) = open.pop() {
                    writer.close(tag);
                }
            }
        }
        at += 1;
    }
    writer.out
}

fn one_line(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
