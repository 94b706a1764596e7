//! Markdown to blocks: what comes of it, and that nothing of it is ever markup.
#![cfg(not(target_arch = "wasm32"))]

use avow::format::markdown::{Block, BlockKind, read};
use avow::format::stored::{from_plain, to_plain};
use proptest::prelude::*;

/// A block in one line: its kind, its number, its words, and what it holds in brackets.
fn line(block: &Block) -> String {
    let kind = match block.kind {
        BlockKind::Heading => "h",
        BlockKind::Paragraph => "p",
        BlockKind::List => "list",
        BlockKind::Item => "item",
        BlockKind::Quotation => "quote",
        BlockKind::Code => "code",
        BlockKind::Line => "line",
    };
    let number = if block.number > 0 { block.number.to_string() } else { String::new() };
    let words = block.words.iter().map(|words| {
        let mut text = words.text.replace('\n', "⏎");
        for (set, sign) in [(words.emphasis, "_"), (words.strong, "*"), (words.code, "`")] {
            if set {
                text = format!("{sign}{text}{sign}");
            }
        }
        match &words.link {
            Some(link) => format!("{text}({link})"),
            None => text,
        }
    });
    let words: String = words.collect();
    let inner: Vec<String> = block.blocks.iter().map(line).collect();
    let inner = if inner.is_empty() { String::new() } else { format!("[{}]", inner.join(" ")) };
    format!("{kind}{number}:{words}{inner}")
}

#[track_caller]
fn check(markdown: &str, expected: &[&str]) {
    let blocks = read(markdown);
    assert_eq!(blocks.iter().map(line).collect::<Vec<_>>(), expected);
    assert_eq!(from_plain::<Vec<Block>>(to_plain(&blocks)).unwrap(), blocks, "JSON and back");
}

#[test]
fn guidelines_become_headings_paragraphs_and_numbered_rules() {
    check(
        "# Claims\n\nMark *what is said*, **not** `who`.\nAll of it.\n\n3. Trim.\n4. Grow:\n   - to words\n\n> As here.\n\n---\n\n    a < b\n",
        &[
            "h1:Claims",
            "p:Mark _what is said_, *not* `who`. All of it.",
            "list3:[item:[p:Trim.] item:[p:Grow: list:[item:[p:to words]]]]",
            "quote:[p:As here.]",
            "line:",
            "code:a < b⏎",
        ],
    );
}

#[test]
fn only_the_web_is_linked_and_markup_is_words() {
    check(
        "[a](https://example.org/x) [b](javascript:alert(1)) [c](file:///etc) <b onclick=x>d</b>\n\n<script>e</script>\n\n![f](https://example.org/p.png)",
        &["p:a(https://example.org/x) b c <b onclick=x>d</b>", "p:<script>e</script>⏎", "p:f"],
    );
}

#[test]
fn a_hundred_thousand_levels_do_no_harm() {
    let deep = read(&format!("{} x", "> ".repeat(100_000)));
    assert_eq!(deep[0].text(), "x");
    assert_eq!(read(&"- ".repeat(20_000)).len(), 1);
}

/// What would take minutes if each line cost the length of those before it.
#[test]
fn a_paragraph_of_many_lines_takes_its_time_and_no_more() {
    let started = std::time::Instant::now();
    let blocks = read(&"It rained.\n".repeat(100_000));
    assert_eq!(blocks[0].words.len(), 1);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

proptest! {
    #[test]
    fn whatever_is_written_is_shown(text in "[a-z#*_`>\\[\\]()<!0-9.\\- \\n“”é😀\u{202e}]{0,200}") {
        let blocks = read(&text);
        let shown: String = blocks.iter().map(Block::text).collect();
        // No letter is lost but those of addresses and of the names of languages.
        if !text.contains(['[', '<', '`', '(', '!']) {
            let letters = |text: &str| text.chars().filter(|it| it.is_alphabetic()).count();
            prop_assert_eq!(letters(&shown), letters(&text));
        }
        prop_assert_eq!(from_plain::<Vec<Block>>(to_plain(&blocks)).unwrap(), blocks);
    }
}
