//! Markdown to blocks that a page shows with elements of its own: no markup of it ever comes
//! through, and links lead to the web only.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::stored::shape;

/// A block of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// From 1 to 6 for headings; the first number of a numbered list, 0 for one without numbers.
    pub number: u32,
    /// What it says, of those that hold no blocks.
    pub words: Vec<Words>,
    /// What it holds: the items of a list, the blocks of an item or a quotation.
    pub blocks: Vec<Block>,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BlockKind {
    Heading,
    Paragraph,
    List,
    Item,
    Quotation,
    Code,
    Line,
}

/// A run of words that look alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// The words; a line break is a line end.
    pub text: String,
    /// Emphasised.
    pub emphasis: bool,
    /// Strongly.
    pub strong: bool,
    /// Set as code.
    pub code: bool,
    /// Where it leads: an address of the web.
    pub link: Option<String>,
}

impl Words {
    fn looks_like(&self, other: &Words) -> bool {
        let look = |it: &Words| (it.emphasis, it.strong, it.code);
        look(self) == look(other) && self.link == other.link
    }
}

shape! { Block { kind, number, words, blocks } }
shape! { Words { text, emphasis, strong, code, link } }
shape! {
    BlockKind {
        Heading => "heading", Paragraph => "paragraph", List => "list", Item => "item",
        Quotation => "quotation", Code => "code", Line => "line",
    }
}

impl Block {
    fn new(kind: BlockKind, number: u32) -> Block {
        Block { kind, number, words: Vec::new(), blocks: Vec::new() }
    }

    /// All that it says, as plain text.
    pub fn text(&self) -> String {
        let own = self.words.iter().map(|words| words.text.clone());
        own.chain(self.blocks.iter().map(Block::text)).collect::<Vec<_>>().concat()
    }
}

/// How deep blocks may lie in each other; what is deeper comes into the last.
const DEEPEST: usize = 24;

/// The blocks of a page. Whatever is written, something comes of it: CommonMark has no errors.
/// HTML in it is shown as it is written, and pictures as their descriptions.
pub fn read(markdown: &str) -> Vec<Block> {
    let mut page = Page { open: vec![Block::new(BlockKind::Item, 0)], look: Words::default() };
    // What was opened beyond the deepest, and is closed again without a block.
    let mut beyond = 0_usize;
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(tag) => match kind_of(&tag) {
                Some(_) if page.open.len() > DEEPEST => beyond += 1,
                Some((kind, number)) => page.open.push(Block::new(kind, number)),
                None => page.begin(tag),
            },
            Event::End(end) => match is_block(end) {
                true if beyond > 0 => beyond -= 1,
                true => page.close(),
                false => page.end(end),
            },
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                page.say(&text, false)
            }
            Event::Code(text) => page.say(&text, true),
            Event::SoftBreak => page.say(" ", false),
            Event::HardBreak => page.say("\n", false),
            Event::Rule => {
                page.open.push(Block::new(BlockKind::Line, 0));
                page.close();
            }
            _ => {}
        }
    }
    while page.open.len() > 1 {
        page.close();
    }
    page.open.pop().map_or_else(Vec::new, |whole| whole.blocks)
}

/// A page under way.
struct Page {
    /// The blocks that are open, the outermost first: that one is the page.
    open: Vec<Block>,
    /// How words look now.
    look: Words,
}

fn kind_of(tag: &Tag) -> Option<(BlockKind, u32)> {
    Some(match tag {
        Tag::Heading { level, .. } => (BlockKind::Heading, level_of(*level)),
        Tag::Paragraph | Tag::HtmlBlock => (BlockKind::Paragraph, 0),
        Tag::List(first) => {
            let first = first.map_or(0, |first| u32::try_from(first).unwrap_or(u32::MAX));
            (BlockKind::List, first)
        }
        Tag::Item => (BlockKind::Item, 0),
        Tag::BlockQuote(_) => (BlockKind::Quotation, 0),
        Tag::CodeBlock(_) => (BlockKind::Code, 0),
        _ => return None,
    })
}

fn is_block(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Heading(_)
            | TagEnd::Paragraph
            | TagEnd::HtmlBlock
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
    )
}

fn level_of(level: HeadingLevel) -> u32 {
    level as u32
}

impl Page {
    fn close(&mut self) {
        if let Some(done) = self.open.pop()
            && let Some(outer) = self.open.last_mut()
        {
            outer.blocks.push(done);
        }
    }

    fn begin(&mut self, tag: Tag) {
        match tag {
            Tag::Emphasis => self.look.emphasis = true,
            Tag::Strong => self.look.strong = true,
            Tag::Link { dest_url, .. } => {
                let web = dest_url.starts_with("https://") || dest_url.starts_with("http://");
                self.look.link = web.then(|| dest_url.into_string());
            }
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Emphasis => self.look.emphasis = false,
            TagEnd::Strong => self.look.strong = false,
            TagEnd::Link => self.look.link = None,
            _ => {}
        }
    }

    /// Words of the innermost block; those beside blocks, as in a tight list, get a paragraph.
    fn say(&mut self, text: &str, code: bool) {
        let Some(block) = self.open.last_mut() else { return };
        let words = Words { text: text.to_owned(), code, ..self.look.clone() };
        let holds_blocks =
            matches!(block.kind, BlockKind::Item | BlockKind::Quotation | BlockKind::List);
        let block = match holds_blocks {
            false => block,
            true => {
                if block.blocks.last().is_none_or(|last| last.kind != BlockKind::Paragraph) {
                    block.blocks.push(Block::new(BlockKind::Paragraph, 0));
                }
                let Some(paragraph) = block.blocks.last_mut() else { return };
                paragraph
            }
        };
        match block.words.last_mut() {
            Some(last) if last.looks_like(&words) => last.text.push_str(text),
            _ => block.words.push(words),
        }
    }
}
