//! Texts and places in them: examples that read, and laws over texts that are hard to get right.
#![cfg(not(target_arch = "wasm32"))]

use avow::text::marked::{self, Marked, MarkedError};
use avow::text::{Anchor, Hasher, Pos, Span, Text, TextHash, Unit, locate};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// A text with a selection, from its notation.
fn read(notation: &str) -> Marked {
    marked::parse(notation).unwrap_or_else(|error| panic!("{notation:?}: {error}"))
}

/// The place of the caret in a notation, and its text.
fn caret(notation: &str) -> (Text, Pos) {
    let marked = read(notation);
    let (_, head) = marked.selection.expect("a caret");
    (marked.text, head)
}

/// The text with a caret at a place, printed.
fn show_caret(text: &Text, at: Pos) -> String {
    Marked { text: text.clone(), spans: Vec::new(), selection: Some((at, at)) }.to_string()
}

/// The text with a span selected, printed.
fn show_span(text: &Text, span: Span) -> String {
    let selection = Some((span.start(), span.end()));
    Marked { text: text.clone(), spans: Vec::new(), selection }.to_string()
}

/// Every stop of `step` from one end of a text, in the notation with a `|` at each.
fn stops(notation: &str, from: impl Fn(&Text) -> Pos, step: impl Fn(&Text, Pos) -> Pos) -> String {
    let text = Text::new(notation);
    let mut places = vec![];
    let mut at = from(&text);
    loop {
        let next = step(&text, at);
        if next == at {
            break;
        }
        places.push(next);
        at = next;
    }
    places.sort();
    let mut shown = String::new();
    let mut last = Pos::default();
    for place in places {
        shown += text.slice(text.span(last, place).unwrap());
        shown.push('|');
        last = place;
    }
    shown + text.slice(text.span(last, text.len()).unwrap())
}

fn forward(notation: &str, step: impl Fn(&Text, Pos) -> Pos) -> String {
    stops(notation, |_| Pos::default(), step)
}

fn backward(notation: &str, step: impl Fn(&Text, Pos) -> Pos) -> String {
    stops(notation, Text::len, step)
}

/// Checks what an operation makes of the selection in `before`.
#[track_caller]
fn check_span(op: impl Fn(&Text, Span) -> Span, before: &str, after: &str) {
    let marked = read(before);
    let (anchor, head) = marked.selection.expect("a selection");
    let span = marked.text.span(anchor, head).unwrap();
    assert_eq!(show_span(&marked.text, op(&marked.text, span)), after, "from {before}");
}

// ---- Texts ----

#[test]
fn line_ends_and_byte_order_marks_are_normal() {
    assert_eq!(Text::new("\u{feff}a\r\nb\rc\n\rd").as_str(), "a\nb\nc\n\nd");
    assert_eq!(Text::new("\u{feff}\u{feff}a\u{feff}").as_str(), "a\u{feff}");
    assert_eq!(Text::new("a\0\u{a0}\u{2028}\t").as_str(), "a\0\u{a0}\u{2028}\t");
}

#[test]
fn a_text_is_named_by_its_content() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Text::default().hash(), empty);
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(Text::new("abc").hash(), abc);
    assert_eq!(Text::new("a\r\n"), Text::new("a\n"));
    assert_ne!(Text::new("a"), Text::new("b"));
}

#[test]
fn a_hash_of_a_file_stays_what_it_is() {
    let abc = Text::new("abc");
    let hash = TextHash::from(abc.hash());
    assert!(hash.is_sha256() && hash.names(&abc) && !hash.names(&Text::default()));
    assert_eq!(hash.to_string(), abc.hash());
    let (large, short) = (abc.hash().to_uppercase(), &abc.hash()[..63]);
    for other in ["", "abc", &large, short, &format!("{short}g"), &format!("{short}ü")] {
        let named = TextHash::from(other);
        assert!(!named.is_sha256() && !named.names(&abc), "{other}");
        assert_eq!(named.to_string(), other);
        assert_eq!(serde_json::to_value(&named).unwrap(), other);
        assert_eq!(serde_json::from_value::<TextHash>(other.into()).unwrap(), named);
    }
    let mut texts = ["b", "a", "abc"].map(|text| Text::new(text).hash().to_owned());
    let mut hashes = texts.clone().map(TextHash::from);
    texts.sort();
    hashes.sort();
    assert_eq!(hashes.map(String::from), texts, "in one order");
}

#[test]
fn spans_compare_as_stretches() {
    let text = Text::new("0123456789");
    let span = |a, b| text.span(text.pos(a).unwrap(), text.pos(b).unwrap()).unwrap();
    assert_eq!(span(5, 2), span(2, 5));
    assert!(span(2, 5).overlaps(span(4, 6)) && !span(2, 5).overlaps(span(5, 6)));
    assert!(span(2, 5).touches(span(5, 6)) && !span(2, 5).touches(span(6, 7)));
    assert!(!span(2, 5).overlaps(span(3, 3)) && span(2, 5).covers(span(5, 5)));
    assert!(
        span(2, 5).contains(text.pos(2).unwrap()) && !span(2, 5).contains(text.pos(5).unwrap())
    );
    assert_eq!(span(2, 5).intersection(span(4, 9)), Some(span(4, 5)));
    assert_eq!(span(2, 5).intersection(span(5, 9)), None);
    assert_eq!(span(2, 3).union(span(7, 8)), span(2, 8));
    assert_eq!(text.pos(11), None);
}

// ---- Units ----

#[test]
fn the_sample_counts_differ_in_every_unit() {
    // A family of four people and three joiners; one composed and one decomposed e with acute.
    let text =
        Text::new("\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} \u{e9} e\u{301}");
    assert_eq!(text.offset(text.len(), Unit::Utf8), 32);
    assert_eq!(text.offset(text.len(), Unit::Utf16), 16);
    assert_eq!(text.offset(text.len(), Unit::CodePoint), 12);
    assert_eq!(forward(text.as_str(), Text::next_grapheme).matches('|').count(), 5);
    assert_eq!(text.pos_at(1, Unit::Utf16), None, "inside a surrogate pair");
    assert_eq!(text.pos_at_or_before(1, Unit::Utf16), Pos::default());
    assert_eq!(text.pos_at(2, Unit::Utf16), text.pos(4));
    assert_eq!(text.pos_at(17, Unit::Utf16), None);
    assert_eq!(text.pos_at_or_before(17, Unit::Utf16), text.len());
}

// ---- Paragraphs ----

#[test]
fn a_line_end_belongs_to_the_paragraph_that_it_ends() {
    let text = Text::new("ab\n\ncd\n");
    let lines: Vec<_> = text.paragraphs().iter().map(|p| text.slice(*p)).collect();
    assert_eq!(lines, ["ab", "", "cd", ""]);
    let at = |byte| text.paragraph_at(text.pos(byte).unwrap());
    assert_eq!([at(0), at(2), at(3), at(4), at(6), at(7)], [0, 0, 1, 2, 2, 3]);
    let within =
        |a, b| text.paragraphs_in(text.span(text.pos(a).unwrap(), text.pos(b).unwrap()).unwrap());
    assert_eq!(within(0, 3), 0..1, "a triple click ends at the next paragraph's start");
    assert_eq!(within(0, 4), 0..2);
    assert_eq!(within(1, 5), 0..3);
    assert_eq!(within(4, 4), 2..3);
    assert_eq!(within(7, 7), 3..4);
    assert_eq!(Text::default().paragraphs().len(), 1);
}

#[test]
fn paragraph_steps_skip_blank_lines() {
    let text = "One.\n\n \nTwo.\nThree.\n";
    assert_eq!(forward(text, Text::next_paragraph), "One.\n\n \n|Two.\n|Three.\n|");
    assert_eq!(backward(text, Text::previous_paragraph), "|One.\n\n \n|Two.\n|Three.\n");
    let (text, at) = caret("One.\nTw|o.");
    assert_eq!(show_caret(&text, text.previous_paragraph(at)), "One.\n|Two.");
}

// ---- Words and sentences ----

#[test]
fn word_steps_stop_at_words_and_at_runs_of_signs() {
    let text = "He said: \"No.\"\n\nShe left.";
    assert_eq!(forward(text, Text::next_word), "He| said|:| \"|No|.\"|\n\nShe| left|.|");
    assert_eq!(backward(text, Text::previous_word), "|He |said|: |\"|No|.\"\n\n|She |left|.");
}

#[test]
fn a_word_is_found_from_inside_and_from_its_end() {
    let word = |notation: &str| {
        let (text, at) = caret(notation);
        text.word_at(at).map(|span| text.slice(span).to_owned())
    };
    assert_eq!(word("do|n't go").as_deref(), Some("don't"));
    assert_eq!(word("don't| go").as_deref(), Some("don't"));
    assert_eq!(word("don't |go").as_deref(), Some("go"));
    assert_eq!(word("go. | Now"), None);
    assert_eq!(word("go.|"), None);
    assert_eq!(word("|"), None);
    assert_eq!(word("記|者").as_deref(), Some("者"));
}

#[test]
fn words_are_counted_without_signs() {
    let text = Text::new("The US's “plan” — 3.5 % — don't\nfail 🎉");
    let words: Vec<_> = text.words_in(text.all()).map(|w| text.slice(w)).collect();
    assert_eq!(words, ["The", "US's", "plan", "3.5", "don't", "fail"]);
}

#[test]
fn sentences_leave_out_the_space_around_them() {
    let sentence = |notation: &str| {
        let (text, at) = caret(notation);
        show_span(&text, text.sentence_at(at))
    };
    assert_eq!(sentence("One fell. T|wo rose! Why?"), "One fell. [Two rose!|] Why?");
    assert_eq!(sentence("One fell.| Two rose!"), "[One fell.|] Two rose!");
    assert_eq!(sentence("One fell. Two rose!|\nNext"), "One fell. [Two rose!|]\nNext");
    assert_eq!(sentence("“No.” S|he left."), "“No.” [She left.|]");
    assert_eq!(sentence("One.\n|\nTwo."), "One.\n|\nTwo.");
    let text = "One fell. Two rose!\n\n  Three.";
    assert_eq!(forward(text, Text::next_sentence), "One fell. |Two rose!\n\n  |Three.|");
    assert_eq!(backward(text, Text::previous_sentence), "|One fell. |Two rose!\n\n  |Three.");
}

#[test]
fn a_full_stop_after_a_title_or_an_initial_ends_no_sentence() {
    let sentences = |text: &str| forward(text, Text::next_sentence);
    assert_eq!(
        sentences("“Mr. Smith met Gov. J. B. Doe.” He left."),
        "“Mr. Smith met Gov. J. B. Doe.” |He left.|"
    );
    assert_eq!(sentences("The U.S. Senate met. It rose."), "The U.S. Senate met. |It rose.|");
    assert_eq!(sentences("He left the U.S. The Senate met."), "He left the U.S. |The Senate met.|");
    assert_eq!(sentences("He left the U.S. “No.”"), "He left the U.S. |“No.”|");
    assert_eq!(sentences("So do I. Then he left."), "So do I. |Then he left.|");
    assert_eq!(sentences("On Aug. 5 Ada left."), "On Aug. 5 Ada left.|");
    assert_eq!(sentences("Acme Inc. Director X left."), "Acme Inc. Director X left.|");
}

#[test]
fn trimming_takes_white_space_only() {
    check_span(Text::trim, "a[ \n b \u{a0}\u{3000}|]c", "a \n [b|] \u{a0}\u{3000}c");
    check_span(Text::trim, "a[ \n |]b", "a| \n b");
    check_span(Text::trim, "a[ \u{301}b|]", "a[ \u{301}b|]");
}

#[test]
fn snapping_grows_to_whole_words() {
    let snap = Text::snap_to_words;
    check_span(snap, "He d[on't k|]now", "He [don't know|]");
    check_span(snap, "the U[S's p|]lan", "the [US's plan|]");
    check_span(snap, "the U[S’s |]plan", "the [US’s|] plan");
    check_span(snap, "said [“No,|]” and", "said [“No,|]” and");
    check_span(snap, "said “[N|]o,” and", "said “[No|],” and");
    check_span(snap, "a[ |]b", "a| b");
    check_span(snap, "w|ord", "w|ord");
    check_span(snap, "記[者|]会", "記[者|]会");
    check_span(snap, "1,0[0|]0 votes", "[1,000|] votes");
    check_span(snap, "[👩|]\u{200d}👧!", "[👩\u{200d}👧|]!");
    check_span(snap, "at[ a|]n end\n", "at [an|] end\n");
}

#[test]
fn snapping_to_words_never_cuts_a_thai_vowel() {
    check_span(Text::snap_to_words, "น[\u{e33}|] น", "[น\u{e33}|] น");
    check_span(Text::snap_to_words, "[น|]\u{e33}น", "[น\u{e33}|]น");
}

#[test]
fn snapping_grows_to_whole_graphemes() {
    check_span(Text::snap_to_graphemes, "xe[\u{301}y|]", "x[e\u{301}y|]");
    check_span(Text::snap_to_graphemes, "x[e|]\u{301}y", "x[e\u{301}|]y");
    check_span(Text::snap_to_graphemes, "xe|\u{301}y", "x|e\u{301}y");
    check_span(Text::snap_to_graphemes, "🇫[🇷|]🇩🇪", "[🇫🇷|]🇩🇪");
}

// ---- Direction ----

#[test]
fn direction_is_that_of_the_paragraph_and_of_the_run() {
    let text = Text::new("abc\nשלום abc 12\n123\n\nالخبر\nabc שלום");
    let paragraphs: Vec<_> = (0..7).map(|p| text.is_right_to_left(p)).collect();
    assert_eq!(paragraphs, [false, true, false, false, true, false, false]);

    let runs = |notation: &str| {
        let (text, at) = caret(notation);
        text.runs_right_to_left(at)
    };
    assert!(!runs("a|bc"));
    assert!(runs("|שלום abc"));
    assert!(runs("שלום| abc"));
    assert!(!runs("שלום |abc"));
    assert!(!runs("שלום abc|"), "at the end, the character before");
    assert!(!runs("שלום |12 שלום"), "numbers run from left to right");
    assert!(runs("abc |שלום"));
    assert!(runs("abc שלום|\nabc"));
    assert!(runs("שלום abc | \nabc"), "white space at the end runs with the paragraph");
    assert!(!runs("שלום\n|\nשלום"));
}

// ---- Anchors ----

#[test]
fn a_quote_is_found_in_its_unit_in_another_or_elsewhere() {
    let text = Text::new("🎉 é No, no. No.");
    let span = |a, b| text.span(text.pos(a).unwrap(), text.pos(b).unwrap()).unwrap();
    assert_eq!(locate(&text, 4, 6, Unit::CodePoint, "No"), Anchor::Declared(span(8, 10)));
    assert_eq!(
        locate(&text, 5, 7, Unit::CodePoint, "No"),
        Anchor::OtherUnit(span(8, 10), Unit::Utf16)
    );
    assert_eq!(
        locate(&text, 8, 10, Unit::CodePoint, "No"),
        Anchor::OtherUnit(span(8, 10), Unit::Utf8)
    );
    assert_eq!(locate(&text, 6, 8, Unit::CodePoint, "No"), Anchor::Searched(span(8, 10)));
    assert_eq!(locate(&text, 99, 101, Unit::CodePoint, "No"), Anchor::Searched(span(16, 18)));
    assert_eq!(locate(&text, 0, 2, Unit::CodePoint, "Yes"), Anchor::NotFound);
    assert_eq!(locate(&text, 1, 2, Unit::CodePoint, ""), Anchor::Declared(span(4, 5)));
    assert_eq!(locate(&text, 2, 1, Unit::CodePoint, ""), Anchor::NotFound);
    assert_eq!(locate(&text, 2, 99, Unit::CodePoint, ""), Anchor::NotFound);
}

#[test]
fn the_nearest_of_overlapping_occurrences_is_found() {
    let text = Text::new("aaaa b");
    let at = |byte| text.pos(byte).unwrap();
    let found = |start| locate(&text, start, start + 9, Unit::Utf8, "aa").span().unwrap().start();
    assert_eq!([found(0), found(1), found(2), found(3), found(5)], [0, 1, 2, 2, 2].map(at));
}

#[test]
fn a_quote_with_foreign_line_ends_is_found() {
    let text = Text::new("a\r\nb");
    assert_eq!(locate(&text, 0, 4, Unit::CodePoint, "a\r\nb"), Anchor::Searched(text.all()));
}

// ---- Marked text ----

#[test]
fn marks_show_nested_crossing_and_broken_spans() {
    let marked = read(r#"<q:"A,":q> <s:X:s> said. <q:"<c1:B <c2:C:c1> D.":q>:c2>[ ok|]"#);
    assert_eq!(marked.text.as_str(), r#""A," X said. "B C D." ok"#);
    let names: Vec<_> = marked.spans.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["q", "s", "c1", "c2"]);
    let covered = |name| -> Vec<_> {
        marked.spans_of(name).iter().map(|span| marked.text.slice(*span)).collect()
    };
    assert_eq!(covered("q"), [r#""A,""#, r#""B C D.""#]);
    assert_eq!(covered("c1"), ["B C"]);
    assert_eq!(covered("c2"), [r#"C D.""#]);
    assert_eq!(marked.selection.map(|(a, h)| h.get() - a.get()), Some(3));
}

#[test]
fn canonical_marks_print_as_they_were_read() {
    for canonical in [
        "",
        "|",
        "plain: a:b > \\:c1> c1> \\\\",
        "\\<c1: \\[\\|\\]",
        "<c1:ab:c1><c1:cd:c1>",
        "<c1:[ab|]:c1>",
        "<c1:[|ab]:c1>",
        "<a:<b:same:b>:a>",
        "<b:<a:same:a>:b>",
        "<b:x:b> <b:<a:same:a>:b>",
        "<a:x<b:y:a>z:b>",
        "<c::c>|<d:x:d>",
        "x<c:y:c><d::d><e:z:e>",
        "שלום <c1:👩\u{200d}👧:c1>\n\0",
    ] {
        assert_eq!(read(canonical).to_string(), canonical);
    }
}

#[test]
fn other_marks_print_in_canonical_order() {
    for (other, canonical) in [
        ("<a:<b:long:a>er:b>", "<b:<a:long:a>er:b>"),
        ("<a:<b:same:a>:b>", "<a:<b:same:b>:a>"),
        ("[<a:x:a>|]", "<a:[x|]:a>"),
        ("[|]", "|"),
        ("\\a\r\n", "a\n"),
        ("\u{feff}<a:\\\u{feff}x:a>", "<a:x:a>"),
    ] {
        assert_eq!(read(other).to_string(), canonical);
    }
}

#[test]
fn wrong_marks_say_what_and_where() {
    use MarkedError::*;
    let name = || "c".to_owned();
    for (wrong, error) in [
        ("a < b", NotAMark { at: 2 }),
        ("<1c:x:1c>", NotAMark { at: 0 }),
        ("<c:a<c:b", OpenAlready { at: 4, name: name() }),
        ("a:c>", NotOpen { at: 1, name: name() }),
        ("<c:a", NeverClosed { name: name() }),
        ("[ab]", NoHead { at: 3 }),
        ("[a|b]", NoHead { at: 4 }),
        ("[ab|", StrayBracket { at: 4 }),
        ("ab]", StrayBracket { at: 2 }),
        ("|a|", StrayBracket { at: 2 }),
        ("a\\", NothingEscaped),
    ] {
        assert_eq!(marked::parse(wrong), Err(error), "{wrong}");
    }
}

// ---- Laws ----

/// What texts are made of: each piece is a trap for somebody.
const PIECES: &[&str] = &[
    "a",
    "said",
    "don't",
    "US's",
    "Mr",
    "3.5",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u{feff}",
    ".",
    ". ",
    "! ",
    "? ",
    "\"",
    "“",
    "”",
    "’",
    "'",
    "—",
    ",",
    ":",
    "<",
    ">",
    "[",
    "|",
    "]",
    "\\",
    "c1>",
    "<c1:",
    ":c1>",
    "é",
    "e\u{301}",
    "\u{301}",
    " \u{301}",
    "\u{200d}",
    "\u{fe0f}",
    "👩",
    "👩\u{200d}👧",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "👍🏽",
    "🇫🇷",
    "🇫",
    "𝔘",
    "𐍈",
    "שלום",
    "ש\"ל",
    "خبر",
    "\u{600}",
    "\u{200f}",
    "\u{2067}",
    "\u{2069}",
    "\u{202e}",
    "記者",
    "かな",
    "カナ",
    "한국",
    "\u{1100}",
    "\u{1161}",
    "น\u{e33}",
    "\u{e33}",
    "क\u{94d}ष",
    "\u{94d}",
    "\0",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "\u{200b}",
    "\u{b}",
    "\u{ad}",
];

fn raw_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        9 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    // Long enough to cross a few checkpoints of the unit table, and often short.
    prop_oneof![3 => 0..12usize, 1 => 0..200usize]
        .prop_flat_map(move |pieces| prop::collection::vec(piece.clone(), pieces))
        .prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = Text> {
    raw_text().prop_map(|raw| Text::new(&raw))
}

/// Every place of a text, from its characters.
fn places(text: &Text) -> Vec<Pos> {
    let bytes = text.as_str().char_indices().map(|(at, _)| at).chain([text.as_str().len()]);
    bytes.map(|at| text.pos(at as u32).expect("a character boundary")).collect()
}

fn text_and_span() -> impl Strategy<Value = (Text, Span)> {
    (text(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(text, a, b)| {
        let places = places(&text);
        let span = text.span(*a.get(&places), *b.get(&places)).expect("places of this text");
        (text, span)
    })
}

fn grapheme_places(text: &Text) -> Vec<Pos> {
    let bytes = text.as_str().grapheme_indices(true).map(|(at, _)| at);
    bytes.chain([text.as_str().len()]).map(|at| text.pos(at as u32).unwrap()).collect()
}

/// A whole text at once, to compare with what goes by paragraphs.
fn naive_offset(text: &Text, pos: Pos, unit: Unit) -> usize {
    let before = &text.as_str()[..pos.get() as usize];
    match unit {
        Unit::Utf8 => before.len(),
        Unit::Utf16 => before.encode_utf16().count(),
        Unit::CodePoint => before.chars().count(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_goes_in_again_unchanged(raw in raw_text()) {
        let text = Text::new(&raw);
        let normal = !text.as_str().contains('\r') && !text.as_str().starts_with('\u{feff}');
        prop_assert!(normal);
        let again = Text::new(text.as_str());
        prop_assert_eq!(&again, &text);
        prop_assert_eq!(again.hash(), text.hash());
    }

    #[test]
    fn a_text_in_pieces_has_the_name_of_the_whole(pieces in prop::collection::vec(raw_text(), 0..5)) {
        let mut hasher = Hasher::default();
        pieces.iter().for_each(|piece| hasher.add(piece));
        let whole = Text::new(&pieces.concat());
        prop_assert_eq!(&hasher.finish(), whole.hash());
    }

    #[test]
    fn units_round_trip(text in text()) {
        for unit in Unit::ALL {
            let mut whole = std::collections::BTreeMap::new();
            for pos in places(&text) {
                let offset = naive_offset(&text, pos, unit) as u32;
                prop_assert_eq!(text.offset(pos, unit), offset);
                prop_assert_eq!(text.pos_at(offset, unit), Some(pos));
                whole.insert(offset, pos);
            }
            for offset in 0..=text.offset(text.len(), unit) + 3 {
                let (at, before) = whole.range(..=offset).next_back().expect("zero is a place");
                prop_assert_eq!(text.pos_at_or_before(offset, unit), *before);
                let within = offset <= text.offset(text.len(), unit);
                prop_assert_eq!(text.pos_at(offset, unit), (*at == offset && within).then_some(*before));
            }
            prop_assert_eq!(text.pos_at(u32::MAX, unit), None);
            prop_assert_eq!(text.pos_at_or_before(u32::MAX, unit), text.len());
        }
    }

    #[test]
    fn word_boundaries_are_those_of_unicode_that_cut_no_grapheme(text in text()) {
        for (index, paragraph) in text.paragraphs().iter().enumerate() {
            let expected: Vec<Pos> = text
                .slice(*paragraph)
                .split_word_bound_indices()
                .map(|(at, _)| text.pos(paragraph.start().get() + at as u32).unwrap())
                .chain([paragraph.end()])
                .filter(|at| text.snap_to_graphemes(Span::empty(*at)).start() == *at)
                .collect();
            prop_assert_eq!(text.word_boundaries(index).collect::<Vec<_>>(), expected);
        }
        prop_assert_eq!(text.word_boundaries(text.paragraphs().len()).count(), 0);
    }

    #[test]
    fn paragraphs_partition_the_text(text in text()) {
        let lines: Vec<_> = text.paragraphs().iter().map(|p| text.slice(*p)).collect();
        prop_assert_eq!(lines.join("\n"), text.as_str());
        prop_assert!(lines.iter().all(|line| !line.contains('\n')));
        for pos in places(&text) {
            let paragraph = text.paragraphs()[text.paragraph_at(pos)];
            prop_assert!(paragraph.start() <= pos && pos <= paragraph.end());
        }
    }

    #[test]
    fn a_span_is_in_the_paragraphs_of_its_characters((text, span) in text_and_span()) {
        let mut expected: Vec<_> = places(&text)
            .into_iter()
            .filter(|pos| span.contains(*pos))
            .map(|pos| text.paragraph_at(pos))
            .collect();
        expected.dedup();
        if span.is_empty() {
            expected.push(text.paragraph_at(span.start()));
        }
        prop_assert_eq!(text.paragraphs_in(span).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn grapheme_steps_are_those_of_the_whole_text(text in text()) {
        let stops = grapheme_places(&text);
        for pair in stops.windows(2) {
            prop_assert_eq!(text.next_grapheme(pair[0]), pair[1]);
            prop_assert_eq!(text.previous_grapheme(pair[1]), pair[0]);
        }
        prop_assert_eq!(text.next_grapheme(text.len()), text.len());
        prop_assert_eq!(text.previous_grapheme(Pos::default()), Pos::default());
        for pos in places(&text) {
            let next = stops.iter().copied().find(|stop| *stop > pos).unwrap_or(text.len());
            prop_assert_eq!(text.next_grapheme(pos), next);
            let before = stops.iter().copied().rev().find(|stop| *stop < pos).unwrap_or_default();
            prop_assert_eq!(text.previous_grapheme(pos), before);
        }
    }

    #[test]
    fn characters_beside_a_place_are_those_of_the_text(text in text()) {
        let stops = places(&text);
        for pair in stops.windows(2) {
            prop_assert_eq!(text.chars_beside(pair[0]).1, pair[1]);
            prop_assert_eq!(text.chars_beside(pair[1]).0, pair[0]);
        }
        prop_assert_eq!(text.chars_beside(text.len()).1, text.len());
        prop_assert_eq!(text.chars_beside(Pos::default()).0, Pos::default());
        for pos in grapheme_places(&text) {
            let beside = (text.previous_grapheme(pos), text.next_grapheme(pos));
            prop_assert_eq!(text.graphemes_beside(pos), beside);
        }
    }

    #[test]
    fn every_step_moves_to_a_grapheme_boundary_until_the_end(text in text()) {
        let stops = grapheme_places(&text);
        let forward = [Text::next_word, Text::next_sentence, Text::next_paragraph];
        let backward = [Text::previous_word, Text::previous_sentence, Text::previous_paragraph];
        for pos in places(&text) {
            for step in forward {
                let next = step(&text, pos);
                prop_assert!(stops.binary_search(&next).is_ok());
                prop_assert!(next > pos || next == text.len());
            }
            for step in backward {
                let next = step(&text, pos);
                prop_assert!(stops.binary_search(&next).is_ok());
                prop_assert!(next < pos || next == Pos::default());
            }
        }
    }

    #[test]
    fn words_are_whole_and_apart(text in text()) {
        let words: Vec<_> = text.words_in(text.all()).collect();
        prop_assert!(words.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        for word in &words {
            prop_assert_eq!(text.snap_to_words(*word), *word);
            prop_assert_eq!(text.word_at(word.start()), Some(*word));
            prop_assert!(text.slice(*word).chars().any(char::is_alphanumeric));
        }
        for pos in places(&text) {
            let at = words.iter().find(|w| w.contains(pos));
            let at = at.or_else(|| words.iter().find(|w| w.end() == pos));
            prop_assert_eq!(text.word_at(pos), at.copied());
            let cut = words.iter().any(|word| word.start() < pos && pos < word.end());
            prop_assert!(!text.is_between_words(pos) || !cut);
        }
    }

    #[test]
    fn each_sentence_is_one_from_any_place_in_it(text in text()) {
        for pos in places(&text) {
            let sentence = text.sentence_at(pos);
            prop_assert_eq!(text.trim(sentence), sentence);
            prop_assert_eq!(text.sentence_at(sentence.start()), sentence);
            let paragraph = text.paragraphs()[text.paragraph_at(pos)];
            prop_assert!(paragraph.covers(sentence));
            prop_assert_eq!(sentence.is_empty(), text.trim(paragraph).is_empty());
        }
    }

    /// The oracle segments the whole text at once, where steps start near their place.
    #[test]
    fn word_steps_and_snaps_are_those_of_the_whole_text(text in text()) {
        let whole = grapheme_places(&text);
        let mut edges: Vec<Pos> = text
            .as_str()
            .split_word_bound_indices()
            .map(|(at, _)| text.pos(at as u32).unwrap())
            .chain([text.len()])
            .collect();
        edges.retain(|edge| whole.binary_search(edge).is_ok());
        let signs = |span: Span| !text.slice(span).contains(|c: char| c.is_alphanumeric());
        let blank = |span: Span| text.slice(span).trim().is_empty();
        let segments = edges.windows(2).map(|pair| text.span(pair[0], pair[1]).unwrap());
        let mut stops: Vec<Span> = vec![];
        for segment in segments.filter(|s| !blank(*s)) {
            match stops.last_mut() {
                Some(last) if last.touches(segment) && signs(*last) && signs(segment) => {
                    *last = last.union(segment);
                }
                _ => stops.push(segment),
            }
        }
        for pos in places(&text) {
            let next = stops.iter().map(|s| s.end()).find(|end| *end > pos);
            prop_assert_eq!(text.next_word(pos), next.unwrap_or(text.len()));
            let previous = stops.iter().rev().map(|s| s.start()).find(|start| *start < pos);
            prop_assert_eq!(text.previous_word(pos), previous.unwrap_or_default());

            let next = text.span(pos, text.next_grapheme(pos)).unwrap();
            if !blank(next) && text.trim(next) == next {
                let start = edges.iter().rev().find(|edge| **edge <= next.start()).unwrap();
                let end = edges.iter().find(|edge| **edge >= next.end()).unwrap();
                prop_assert_eq!(text.snap_to_words(next), text.span(*start, *end).unwrap());
            }
        }
    }

    #[test]
    fn trimming_and_snapping_settle_at_once((text, span) in text_and_span()) {
        let stops = grapheme_places(&text);
        let whole = |span: Span| {
            stops.binary_search(&span.start()).is_ok() && stops.binary_search(&span.end()).is_ok()
        };
        let trimmed = text.trim(span);
        prop_assert_eq!(text.trim(trimmed), trimmed);
        prop_assert!(span.covers(trimmed));
        prop_assert_eq!(trimmed.is_empty(), text.slice(span).trim().is_empty());
        if whole(span) {
            prop_assert!(whole(trimmed));
        }

        let graphemes = text.snap_to_graphemes(span);
        prop_assert!(whole(graphemes));
        prop_assert_eq!(text.snap_to_graphemes(graphemes), graphemes);
        prop_assert!(span.is_empty() || graphemes.covers(span));
        prop_assert_eq!(graphemes.is_empty(), span.is_empty());

        let words = text.snap_to_words(span);
        prop_assert!(whole(words));
        prop_assert_eq!(text.snap_to_words(words), words);
        prop_assert!(trimmed.is_empty() || words.covers(trimmed));
        prop_assert_eq!(words.is_empty(), trimmed.is_empty());
    }

    /// Unicode knows more paragraph separators than the line end; without those, one run of the
    /// algorithm over the whole text says the same.
    #[test]
    fn direction_is_that_of_the_whole_text(text in text()) {
        let other_separators = ['\u{85}', '\u{2029}', '\u{1c}', '\u{1d}', '\u{1e}'];
        let text = Text::new(&text.as_str().replace(other_separators, " "));
        let info = unicode_bidi::BidiInfo::new(text.as_str(), None);
        for pos in places(&text) {
            let paragraph = text.paragraphs()[text.paragraph_at(pos)];
            let at = if pos < paragraph.end() { pos } else { text.previous_grapheme(pos) };
            let at = at.get() as usize;
            let line = info.paragraphs.iter().find(|p| p.range.contains(&at));
            let Some(line) = line.filter(|_| !paragraph.is_empty()) else {
                prop_assert!(!text.runs_right_to_left(pos));
                continue;
            };
            prop_assert_eq!(text.is_right_to_left(text.paragraph_at(pos)), line.level.is_rtl());
            let levels = info.reordered_levels(line, line.range.clone());
            if pos < paragraph.end() {
                prop_assert_eq!(text.runs_right_to_left(pos), levels[at].is_rtl());
            } else {
                let last = levels[pos.get() as usize - 1].is_rtl();
                prop_assert_eq!(text.runs_right_to_left(pos), last);
            }
        }
    }

    #[test]
    fn a_quote_is_located((text, span) in text_and_span(), unit in 0..3usize, off in 0..40u32) {
        let unit = Unit::ALL[unit];
        let quote = text.slice(span);
        let (start, end) = (text.offset(span.start(), unit), text.offset(span.end(), unit));
        prop_assert_eq!(locate(&text, start, end, unit, quote), Anchor::Declared(span));

        let moved = locate(&text, start + off, end + off, unit, quote);
        if !quote.is_empty() {
            prop_assert_eq!(moved.span().map(|s| text.slice(s)), Some(quote));
        }
        if let Anchor::Searched(found) = moved {
            let near = text.pos_at_or_before(start + off, unit).get();
            let content = text.as_str();
            let nearest = content
                .char_indices()
                .map(|(at, _)| at as u32)
                .filter(|at| content[*at as usize..].starts_with(quote))
                .min_by_key(|at| (at.abs_diff(near), *at));
            prop_assert_eq!(Some(found.start().get()), nearest);
        }
        let absent = format!("{quote}\u{10ffff}absent");
        prop_assert_eq!(locate(&text, start, end, unit, &absent), Anchor::NotFound);
    }

    #[test]
    fn marked_text_prints_and_reads_back(marked in marked_text()) {
        let printed = marked.to_string();
        let again = read(&printed);
        prop_assert_eq!(&again.text, &marked.text);
        prop_assert_eq!(again.selection, marked.selection);
        for (name, spans) in &marked.spans {
            let mut spans = spans.clone();
            spans.sort();
            prop_assert_eq!(again.spans_of(name), spans);
        }
        prop_assert_eq!(again.to_string(), printed.as_str(), "printing is canonical");
        prop_assert_eq!(read(&again.to_string()), again);
    }

    #[test]
    fn any_notation_is_read_or_refused(raw in raw_text()) {
        if let Ok(marked) = marked::parse(&raw) {
            let printed = marked.to_string();
            prop_assert_eq!(read(&printed).to_string(), printed);
        }
    }
}

/// A text with up to four annotations, each of up to three spans apart, and a selection.
fn marked_text() -> impl Strategy<Value = Marked> {
    let index = any::<prop::sample::Index>;
    let annotation = (prop::collection::vec(index(), 0..6), any::<bool>());
    let annotations = prop::collection::vec(annotation, 0..5);
    (text(), annotations, prop::option::of((index(), index()))).prop_map(
        |(text, annotations, selection)| {
            // Few places, so that marks meet.
            let places: Vec<_> = places(&text).into_iter().take(6).collect();
            let mut spans = Vec::new();
            for (number, (mut edges, reversed)) in annotations.into_iter().enumerate() {
                edges.sort_by_key(|edge| edge.index(places.len()));
                let mut own: Vec<Span> = edges
                    .chunks_exact(2)
                    .map(|pair| {
                        text.span(*pair[0].get(&places), *pair[1].get(&places)).expect("places")
                    })
                    .collect();
                if reversed {
                    own.reverse();
                }
                // A name without a span has no mark to print.
                if !own.is_empty() {
                    spans.push((format!("c{}", 9 - number), own));
                }
            }
            let selection = selection.map(|(a, h)| (*a.get(&places), *h.get(&places)));
            Marked { text, spans, selection }
        },
    )
}
