//! Boundary checks: what each rule finds and what it lets be, and that fixes mend.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use avow::annotation::check::{About, Finding, Fix, check as findings};
use avow::annotation::{
    Annotation, AnnotationId, AttributeValue, Origin, Spans, SpeakerMention, Timestamp,
};
use avow::map::Map;
use avow::scheme::{Extra, Rule, Scheme, default_guidelines, default_scheme};
use avow::text::marked::{Marked, parse};
use avow::text::{Span, Text};
use proptest::prelude::*;

/// An annotation that lacks nothing. Its label is that of its name's first letter.
fn annotation(name: &str, spans: &[Span]) -> Annotation {
    let label = match name.chars().next() {
        Some('d') => "denial",
        Some('q') => "quote",
        _ => "claim",
    };
    let speaker = SpeakerMention { id: "jo".into(), mention: None, extra: Extra::new() };
    let speaker = AttributeValue::Speakers(vec![speaker]);
    Annotation {
        id: name.into(),
        label: label.into(),
        spans: Spans::new(spans.iter().copied()).unwrap(),
        attributes: [("speaker".into(), speaker)].into_iter().collect(),
        note: String::new(),
        origin: Origin::Hand,
        created: Timestamp(0),
        updated: Timestamp(0),
        extra: Extra::new(),
    }
}

/// What is found of the annotation whose name has no digits; the others are its neighbours.
#[track_caller]
fn found(notation: &str) -> (Marked, Vec<Finding>) {
    let marked = parse(notation).unwrap();
    let all: Vec<Arc<Annotation>> =
        marked.spans.iter().map(|(name, spans)| Arc::new(annotation(name, spans))).collect();
    let of = |it: &&Arc<Annotation>| it.id.as_str().chars().all(char::is_alphabetic);
    let checked = all.iter().find(of).expect("a name without digits");
    let found = findings(&marked.text, &default_scheme(), checked, &all, true);
    (marked, found)
}

/// Checks the names of the rules that are found broken.
#[track_caller]
fn check(notation: &str, expected: &str) {
    let (_, found) = found(notation);
    let names: Vec<&str> = found.iter().map(|finding| finding.rule.name()).collect();
    assert_eq!(names.join(" "), expected, "in {notation}");
}

/// Checks that one rule is found broken, and what its fix makes of the annotation.
#[track_caller]
fn mends(before: &str, rule: &str, after: &str) {
    check(before, rule);
    let (mut marked, found) = found(before);
    let Some(Fix::Spans(spans)) = &found[0].fix else { panic!("no fix for {before}") };
    let named = |name: &str| name.chars().all(char::is_alphabetic);
    let of = marked.spans.iter_mut().find(|(name, _)| named(name)).unwrap();
    of.1 = spans.iter().collect();
    assert_eq!(marked.to_string(), after, "from {before}");
}

/// Checks the stretch that is at fault.
#[track_caller]
fn at_fault(notation: &str, expected: &str) {
    let (marked, found) = found(notation);
    assert_eq!(marked.text.slice(found[0].at), expected, "in {notation}");
}

// ---- What holds for all ----

#[test]
fn white_space_at_an_end_is_cut() {
    check("He said <c:it rained:c>.", "");
    mends("He said<c: it rained :c>.", "white-space", "He said <c:it rained:c> .");
    mends("<q:“A,”:q> he<q: :q>said. <q:“B.”:q>", "white-space", "<q:“A,”:q> he said. <q:“B.”:q>");
    mends("He:\n<c:\nit rained\n:c>\n", "white-space", "He:\n\n<c:it rained:c>\n\n");
    at_fault("He said<c: \tit rained:c>.", " \t");
    at_fault("He said <c:it rained \u{a0}:c>", " \u{a0}");
    // A combining mark makes white space a sign.
    check("He said<c: \u{301}it rained:c>.", "");
}

#[test]
fn an_annotation_of_nothing_but_white_space_cannot_be_mended() {
    let (_, found) = found("it<c: :c>rained");
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].rule, &found[0].fix), (&Rule::WhiteSpace, &None));
}

#[test]
fn half_words_grow() {
    mends("He said i<c:t rain:c>ed.", "half-word", "He said <c:it rained:c>.");
    mends("<c:it didn:c>’t rain", "half-word", "<c:it didn’t:c> rain");
    mends("<c:it is 3.:c>5 metres", "half-word", "<c:it is 3.5:c> metres");
    mends("<c:it is e:c>\u{301}t\u{e9}", "half-word", "<c:it is e\u{301}t\u{e9}:c>");
    mends("it is 👩<c:\u{200d}👧 wet:c>", "half-word", "it is <c:👩\u{200d}👧 wet:c>");
    mends("<c:הגש:c>ר בטוח", "half-word", "<c:הגשר:c> בטוח");
    at_fault("He said it <c:rai:c>ned.", "ned");
    // White space that forms a grapheme with the sign before it is no part of the word.
    check("<c:it is 1\u{600} :c> ", "");
    // The text lacks a space.
    check("He said <c:it rained:c>.The mayor", "");
    mends("<c:it rained.The ma:c>yor", "half-word", "<c:it rained.The mayor:c>");
    mends("<c:it rai:c>ned.The mayor", "half-word", "<c:it rained:c>.The mayor");
}

#[test]
fn scripts_without_spaces_have_no_half_words() {
    check("市長は<c:橋は安:c>全だと述べた", "");
    check("新しい<c:コンピ:c>ューターを", "");
    check("นายกบอกว่า<c:สะพาน:c>ปลอดภัย", "");
    // But a vowel sign belongs to its letter.
    mends("<c:สะพ:c>\u{e33}", "half-word", "<c:สะพ\u{e33}:c>");
}

#[test]
fn annotations_that_cross_are_found() {
    check("<c:it <q1:“rained”:q1>:c>", "");
    check("<c:it rained:c> <d1:no:d1>", "");
    check("<q:“it <q1:rained:q> hard”:q1>", "crossing marks");
    check("<c:it <d1:rained:c> hard:d1>", "crossing");
    check("<c:it <d1:rained:c> <c2:hard:d1> now:c2>", "crossing");
    at_fault("<c:it <d1:rained:c> hard:d1>", "rained");
    // A broken quote covers nothing of what lies between its parts.
    check("<q:“A <c1:b,”:q> he said. <q:“C:c1> d.”:q>", "crossing");
    check("<q:“A <c1:b:c1>,”:q> he said. <q:“<c1:C d:c1>.”:q>", "");
}

#[test]
fn the_same_twice_is_found() {
    check("<c:<c1:it rained:c1>:c>", "twice");
    check("<c:it rained:c>, <c1:it rained:c1>", "");
    // The same words may be a quote and a claim.
    check("<c:<q1:it rained:q1>:c>", "");
    let (_, found) = found("<c:<c1:it rained:c1>:c>");
    assert_eq!(found[0].about, Some(About::Annotation("c1".into())));
}

#[test]
fn a_required_attribute_is_missed() {
    let mut scheme = default_scheme();
    let text = Text::new("it rained");
    let mut claim = annotation("c", &[text.all()]);
    let sentences = |scheme: &Scheme, claim: &Annotation| -> Vec<String> {
        let found = findings(&text, scheme, claim, &[], true);
        found.iter().map(|finding| finding.sentence(scheme)).collect()
    };
    assert!(sentences(&scheme, &claim).is_empty());
    claim.attributes = Map::new();
    assert_eq!(sentences(&scheme, &claim), ["Speaker is required and has no value."]);
    scheme.attributes.iter_mut().for_each(|it| it.required = it.id.as_str() == "certainty");
    assert_eq!(sentences(&scheme, &claim), ["Certainty is required and has no value."]);
    claim.attributes.insert("certainty".into(), AttributeValue::Text(" ".into()));
    assert_eq!(sentences(&scheme, &claim), ["Certainty is required and has no value."]);
    claim.attributes.insert("certainty".into(), AttributeValue::Text("certain".into()));
    assert!(sentences(&scheme, &claim).is_empty());
    // Of another label.
    claim.attributes = Map::new();
    claim.label = "quote".into();
    scheme.labels[2].rules.clear();
    assert!(sentences(&scheme, &claim).is_empty());
}

#[test]
fn a_label_that_nobody_knows_keeps_to_what_holds_for_all() {
    let text = Text::new("that it rained. ");
    let mut odd = annotation("c", &[text.all()]);
    odd.label = "unheard-of".into();
    let found = findings(&text, &default_scheme(), &odd, &[], false);
    assert_eq!(found.iter().map(|it| it.rule.name()).collect::<Vec<_>>(), ["white-space"]);
    // So does one whose label has rules that nobody knows.
    let mut scheme = default_scheme();
    scheme.labels[0].rules = vec![Rule::from("in-verse".to_owned())];
    odd.label = "claim".into();
    assert_eq!(findings(&text, &scheme, &odd, &[], false).len(), 1);
}

// ---- Quotes ----

#[test]
fn a_quote_takes_its_marks_along() {
    check("<q:“We won,”:q> she said.", "");
    mends("“<q:We won:q>,” she said.", "marks", "<q:“We won,”:q> she said.");
    mends("“<q:We won,:q>” she said.", "marks", "<q:“We won,”:q> she said.");
    mends("<q:“We won:q>,” she said.", "marks", "<q:“We won,”:q> she said.");
    mends("<q:“We won,:q>” she said.", "marks", "<q:“We won,”:q> she said.");
    mends("“<q:We won,”:q> she said.", "marks", "<q:“We won,”:q> she said.");
    mends("“<q:We:q> have won,” she said.", "marks", "<q:“We have won,”:q> she said.");
    mends("“We have <q:won:q>!” she said.", "marks", "<q:“We have won!”:q> she said.");
    mends("“We have <q:won:q>”, she said.", "marks", "<q:“We have won”:q>, she said.");
    at_fault("<q:“We won:q>,” she said.", ",”");
    // Words in the midst of a quotation, and words without marks, may be what they are.
    check("“We have <q:won a:q> lot”", "");
    check("<q:We won:q>, she said.", "");
}

#[test]
fn a_quote_ends_at_its_marks() {
    mends("<q:“We won,” she said:q>.", "marks", "<q:“We won,”:q> she said.");
    mends("<q:She said “We won.”:q>", "marks", "She said <q:“We won.”:q>");
    mends("<q:“A,” she said, “B,” she:q>", "marks", "<q:“A,” she said, “B,”:q> she");
    mends("“<q:We won,” she said:q>.", "marks", "<q:“We won,”:q> she said.");
    check("<q:“A,” she said. “B.”:q>", "");
}

#[test]
fn each_part_of_a_broken_quote_has_marks() {
    check("<q:“A,”:q> she said. <q:“B.”:q>", "");
    mends("“<q:A:q>,” she said. “<q:B:q>.”", "marks", "<q:“A,”:q> she said. <q:“B.”:q>");
    mends("<q:“A,”:q> she said. “<q:B.”:q>", "marks", "<q:“A,”:q> she said. <q:“B.”:q>");
    mends("<q:“A:q> b <q:c”:q> she", "marks", "<q:“A b c”:q> she");
}

#[test]
fn a_quote_of_several_paragraphs_closes_once() {
    check("<q:“One.:q>\n<q:“Two.”:q>", "");
    check("<q:“One.\n\n“Two.”:q>", "");
    check("<q:“One.:q>", "");
    mends("<q:“One.\n\n“Two:q>.”", "marks", "<q:“One.\n\n“Two.”:q>");
    mends("“<q:One.:q>\n“<q:Two.:q>”", "marks", "“<q:One.:q>\n<q:“Two.”:q>");
    // The text lacks a mark.
    check("<q:“One:q>, she said.", "");
    check("<q:One”:q>, she said.", "");
    check("One. “Two, she said. <q:“Three”:q>, he said.", "");
}

#[test]
fn marks_are_known_in_many_scripts() {
    for (before, after) in [
        ("\"<q:A:q>,\" he said.", "<q:\"A,\":q> he said."),
        ("'<q:It isn't:q>,' he said.", "<q:'It isn't,':q> he said."),
        ("‘<q:It isn’t:q>,’ he said.", "<q:‘It isn’t,’:q> he said."),
        ("“‘<q:A:q>,’ he said,” she said.", "“<q:‘A,’:q> he said,” she said."),
        ("\"'<q:A:q>'\" B", "\"<q:'A':q>\" B"),
        ("Er sagte: „<q:A:q>.“ Sie: „B.“", "Er sagte: <q:„A.“:q> Sie: „B.“"),
        ("Er sagte: ‚<q:A:q>‘, sie „B“", "Er sagte: <q:‚A‘:q>, sie „B“"),
        ("On rzekł: „<q:A:q>”.", "On rzekł: <q:„A”:q>."),
        ("Er sagte: »<q:A:q>«, sie »B«", "Er sagte: <q:»A«:q>, sie »B«"),
        ("Hon sade: ”<q:A:q>”, han ”B”", "Hon sade: <q:”A”:q>, han ”B”"),
        ("Il dit : « <q:A:q> », elle « B »", "Il dit : <q:« A »:q>, elle « B »"),
        ("Il dit : «\u{a0}<q:A:q>.\u{a0}»", "Il dit : <q:«\u{a0}A.\u{a0}»:q>"),
        ("市長は「<q:橋は安全:q>だ」と", "市長は<q:「橋は安全だ」:q>と"),
        ("「『<q:橋:q>』は安全だ」と", "「<q:『橋』:q>は安全だ」と"),
        ("他说：“<q:我们赢了:q>。”她说“不”", "他说：<q:“我们赢了。”:q>她说“不”"),
        ("אמר: \"<q:הגשר בטוח:q>\".", "אמר: <q:\"הגשר בטוח\":q>."),
        // Typists mix them.
        ("“<q:A:q>,\" he said. “B.”", "<q:“A,\":q> he said. “B.”"),
        ("“<q:A:q>,“ he said. “B.”", "<q:“A,“:q> he said. “B.”"),
    ] {
        mends(before, "marks", after);
    }
}

#[test]
fn apostrophes_are_no_marks() {
    check("<q:’90s music:q> and the workers’ rights", "");
    check("the <q:workers’:q> rights", "");
    check("the <q:workers':q> rights", "");
    mends("“<q:The workers’ day:q>,” he", "marks", "<q:“The workers’ day,”:q> he");
    mends("\"<q:In the '90s:q>,\" he", "marks", "<q:\"In the '90s,\":q> he");
    check("<c:the workers’:c>", "");
    check("’<c:90s:c>", "");
}

#[test]
fn a_lone_mark_turns_nothing_around() {
    mends(
        "6\" of rain fell. \"<q:A:q>,\" he said.",
        "marks",
        "6\" of rain fell. <q:\"A,\":q> he said.",
    );
    mends("\"One. \"<q:A:q>,\" he said.", "marks", "\"One. <q:\"A,\":q> he said.");
    check("One,” he said. <q:“A,”:q> he said.", "");
}

// ---- Claims and denials ----

#[test]
fn the_stop_of_the_sentence_stays_outside() {
    check("He said <c:it rained:c>. He left.", "");
    mends(
        "He said <c:it rained.:c> He left.",
        "no-final-stop",
        "He said <c:it rained:c>. He left.",
    );
    mends("(He said <d:it never did.:d>)", "no-final-stop", "(He said <d:it never did:d>.)");
    mends("He said <c:it rained..:c>", "no-final-stop", "He said <c:it rained:c>..");
    mends("他说<c:下雨了。:c>", "no-final-stop", "他说<c:下雨了:c>。");
    mends("He said <c:it rained 👧🏽.:c>", "no-final-stop", "He said <c:it rained 👧🏽:c>.");
    mends(
        "<c:It rained.:c> So he said. <c:It poured.:c>",
        "no-final-stop",
        "<c:It rained:c>. So he said. <c:It poured:c>.",
    );
    // What is asked, called out or left open is so by the speaker.
    check("<c:Was it wet?:c> <d1:No!:d1> he said", "");
    check("<c:It rained...:c>", "");
    check("<c:下雨了。。。:c>", "");
    // The text's stop is in the midst of a sentence.
    check("He called <c:a meeting.:c> with the board", "");
    check("<c:it rained. It poured:c>.", "");
}

#[test]
fn an_abbreviation_keeps_its_stop() {
    for words in ["he works for Acme Inc.", "it is in the U.S.", "it is 9 a.m.", "of Jo Reyes Jr."]
    {
        check(&format!("He said <c:{words}:c> Then he left."), "");
    }
    mends("He said <c:so did I.:c>", "no-final-stop", "He said <c:so did I:c>.");
    mends("<c:it is the U.S..:c>", "no-final-stop", "<c:it is the U.S.:c>.");
}

#[test]
fn words_that_lead_in_stay_outside() {
    mends("She said <c:that it rained:c>.", "no-lead-in", "She said that <c:it rained:c>.");
    mends("She asked <c:whether it rained:c>.", "no-lead-in", "She asked whether <c:it rained:c>.");
    mends("“<c:And we won:c>,” she said", "no-lead-in", "“And <c:we won:c>,” she said");
    mends("said <d:and that  it never did:d>", "no-lead-in", "said and that  <d:it never did:d>");
    mends("“<c:But, we won:c>,” she said", "no-lead-in", "“But, <c:we won:c>,” she said");
    mends("it rained, <c:so we left:c>", "no-lead-in", "it rained, so <c:we left:c>");
    at_fault("She said <c:that it rained:c>.", "that ");
    // Not all of them do.
    for words in [
        "that is wrong",
        "that’s wrong",
        "That man is wrong",
        "so far it is dry",
        "so viel ist sicher",
        "and",
        "and/or it rains",
        "thatch burns",
        "Whether or not it rains, we sail",
        "it rained and we left",
    ] {
        check(&format!("She said <c:{words}:c>, he said"), "");
    }
    // The second part of a broken claim goes on.
    check("“<c:We won:c>,” she said, “<c:and they lost:c>.”", "");
    // A quote is as it is.
    check("<q:“And we won,”:q> she said", "");
}

#[test]
fn a_claim_in_quotation_marks_leaves_them_out() {
    check("“<c:We won:c>,” she said.", "");
    mends("<c:“We won,”:c> she said.", "inside-marks", "“<c:We won:c>,” she said.");
    mends("<c:“We won:c>,” she said.", "inside-marks", "“<c:We won:c>,” she said.");
    mends("“<c:We won,:c>” she said.", "inside-marks", "“<c:We won:c>,” she said.");
    mends("“A, and <c:we won,”:c> she said.", "inside-marks", "“A, and <c:we won:c>,” she said.");
    mends("She said, <d:“We never did.”:d>", "inside-marks", "She said, “<d:We never did:d>.”");
    mends("“<c:We won, ,:c>” she said.", "inside-marks", "“<c:We won:c>, ,” she said.");
    mends("“<c:We won.:c>” She left.", "inside-marks", "“<c:We won:c>.” She left.");
    mends("Il dit : <c:« Oui. »:c>", "inside-marks", "Il dit : « <c:Oui:c>. »");
    mends("Er sagte: <c:„Ja.“:c>", "inside-marks", "Er sagte: „<c:Ja:c>.“");
    mends("市長は<c:「橋は安全だ。」:c>と", "inside-marks", "市長は「<c:橋は安全だ:c>。」と");
    mends("<c:“A,”:c> she said. “<c:No.:c>”", "inside-marks", "“<c:A:c>,” she said. “<c:No:c>.”");
    check("“<c:We did?:c>” she said.", "");
    check("“<c:We are the U.S.:c>” She left.", "");
    // A quotation that goes on in the next paragraph.
    mends("<c:“We won:c> and left.\n“B.”", "inside-marks", "“<c:We won:c> and left.\n“B.”");
}

#[test]
fn a_claim_that_is_quoted_in_part_keeps_the_marks_of_that_part() {
    check("She called <c:the ferry “a heap of rust.”:c> He left.", "");
    check("<c:“Old” bridges fall:c>, she said.", "");
    check("<c:“Old” is “bad”:c>, she said.", "");
    check("<c:the ferry is “old,” they say, and “bad”:c>.", "");
    check("She called <c:the ferry “a heap of rust.:c>”", "");
    // The whole is quoted, and a part of it once more.
    check("“<c:The ‘ferry’:c>,” she said, “<c:is ‘old’:c>.”", "");
    mends("<c:“The ‘ferry’”:c> she", "inside-marks", "“<c:The ‘ferry’:c>” she");
}

#[test]
fn claims_and_denials_lie_apart() {
    check("<c:it rained, he said, and <d1:it never poured:d1>:c>", "apart");
    check("<d1:he denies that <c:it rained:c>:d1>", "apart");
    check("<c:it rained:c> and <c1:it poured:c1>", "");
    check("<q1:“<c:It rained:c>.”:q1>", "");
    at_fault("<d1:he denies that <c:it rained:c>:d1>", "it rained");
    // One fault is found once.
    check("<c:it <c1:rained:c> hard:c1>", "crossing");
}

#[test]
fn a_denial_is_linked() {
    let text = Text::new("it never rained");
    let names = |name: &str, linked| -> Vec<String> {
        let found =
            findings(&text, &default_scheme(), &annotation(name, &[text.all()]), &[], linked);
        found.iter().map(|it| it.rule.name().to_owned()).collect()
    };
    assert_eq!(names("d", false), ["linked"]);
    assert!(names("d", true).is_empty() && names("c", false).is_empty());
}

// ---- Rules and guidelines ----

#[test]
fn rules_have_names_numbers_and_sentences() {
    let scheme = default_scheme();
    let items: Vec<&str> =
        default_guidelines().lines().filter(|line| line.starts_with(char::is_numeric)).collect();
    for (at, item) in items.iter().enumerate() {
        assert!(item.starts_with(&format!("{}. ", at + 1)), "{item}");
    }
    assert_eq!(items.len(), 15);
    let at = Text::new("a").all();
    let mut sentences = Vec::new();
    for rule in Rule::ALL {
        assert_eq!(Rule::from(rule.name().to_owned()), rule);
        assert!(rule.number().is_none_or(|number| (1..=15).contains(&number)));
        let about = Some(About::Attribute("speaker".into()));
        sentences.push(Finding { rule, at, about, fix: None }.sentence(&scheme));
    }
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), Rule::ALL.len());
    for label in &scheme.labels {
        assert!(label.rules.iter().all(|rule| Rule::ALL.contains(rule)));
    }
}

#[test]
fn what_the_guidelines_mark_breaks_no_rule() {
    for item in default_guidelines().lines().filter(|line| line.starts_with(char::is_numeric)) {
        let label = match item.split_once('.').unwrap().0 {
            "2" => "q",
            "8" | "9" => "d",
            _ => "c",
        };
        let mut bold = item.split("**");
        let mut text = bold.next().unwrap().to_owned();
        let mut marked = Vec::new();
        while let (Some(inside), Some(after)) = (bold.next(), bold.next()) {
            marked.push((text.len() as u32, (text.len() + inside.len()) as u32));
            text = text + inside + after;
        }
        let text = Text::new(&text);
        for (start, end) in marked {
            let it = annotation(label, &[Span::stored(start, end).unwrap()]);
            assert_eq!(findings(&text, &default_scheme(), &it, &[], true), [], "in {item}");
        }
    }
}

// ---- Laws ----

fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "It",
        "rained",
        "that ",
        "and ",
        "So we ",
        "U.S.",
        "Inc.",
        "e\u{301}",
        "\u{301}",
        "👩\u{200d}👧",
        "\u{200d}",
        "🇫🇷",
        "橋",
        "コン",
        "สะพ\u{e33}",
        "גשר",
        "\u{600}",
        "\u{0}",
        "1",
        "_",
        ".",
        ".",
        "。",
        "...",
        ",",
        "?",
        "!",
        "(",
        ")",
        "“",
        "”",
        "“",
        "”",
        "\"",
        "\"",
        "'",
        "’",
        "‘",
        "„",
        "«",
        "»",
        "「",
        "」",
        " ",
        " ",
        " ",
        "\u{a0}",
        "\u{2028}",
        "\n",
        ". ",
        ", ",
        ",” ",
        " “",
        ".” ",
        "a.B",
    ]);
    prop::collection::vec(pieces, 1..30).prop_map(|pieces| pieces.concat())
}

/// A text with some spans of it.
fn spans() -> impl Strategy<Value = (Text, Spans)> {
    let ends =
        prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4);
    (texts(), ends).prop_filter_map("no text", |(text, ends)| {
        let text = Text::new(&text);
        let places: Vec<u32> = text
            .as_str()
            .char_indices()
            .map(|(at, _)| at as u32)
            .chain([text.len().get()])
            .collect();
        let place = |it: prop::sample::Index| text.pos(*it.get(&places)).unwrap();
        let spans = ends.into_iter().filter_map(|(a, b)| text.span(place(a), place(b)));
        let spans = Spans::new(spans.filter(|span| !span.is_empty())).ok()?;
        Some((text, spans))
    })
}

/// As many fixes as it may take until nothing is left to fix.
const ENOUGH: usize = 40;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_mend_and_end((text, spans) in spans(), label in "[cdq]", pick in any::<prop::sample::Index>()) {
        let scheme = default_scheme();
        let mut it = annotation(&label, spans.as_slice());
        for round in 0.. {
            prop_assert!(round < ENOUGH, "no end: {:?} {:?}", text, it.spans);
            let found = findings(&text, &scheme, &it, &[], true);
            for finding in &found {
                prop_assert!(!finding.at.is_empty());
                prop_assert_eq!(text.span(finding.at.start(), finding.at.end()), Some(finding.at));
            }
            let fixable: Vec<_> = found.iter().filter(|finding| finding.fix.is_some()).collect();
            if fixable.is_empty() {
                let unfixed = found.iter().all(|it| it.rule == Rule::WhiteSpace);
                prop_assert!(unfixed, "{:?} {:?}", found, it.spans);
                break;
            }
            let finding = *pick.get(&fixable);
            let Some(Fix::Spans(spans)) = &finding.fix else { unreachable!() };
            for span in spans.iter() {
                prop_assert!(!span.is_empty());
                prop_assert_eq!(text.span(span.start(), span.end()), Some(span));
            }
            prop_assert_eq!(&Spans::new(spans.iter()).unwrap(), spans);
            it.spans = spans.clone();
            let again = findings(&text, &scheme, &it, &[], true);
            let mended = again.iter().all(|it| it.rule != finding.rule);
            prop_assert!(mended, "{:?} of {:?}: {:?}", finding, text, again);
        }
    }

    #[test]
    fn the_order_of_neighbours_means_nothing(
        (text, a) in spans(),
        label in "[cdq]",
        other in "[cdq]",
        ends in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let places: Vec<u32> = text.as_str().char_indices().map(|(at, _)| at as u32).collect();
        let place = |it: prop::sample::Index| text.pos(*it.get(&places)).unwrap();
        let other_span = text.span(place(ends.0), place(ends.1)).unwrap();
        if other_span.is_empty() {
            return Ok(());
        }
        let one = Arc::new(annotation(&label, a.as_slice()));
        let mut two = annotation(&other, &[other_span]);
        two.id = AnnotationId::from("x");
        let two = Arc::new(two);
        let scheme = default_scheme();
        let clash = |it: &Arc<Annotation>| -> Vec<(Rule, Span)> {
            let found = findings(&text, &scheme, it, &[one.clone(), two.clone()], true);
            let clashes = found.into_iter().filter(|it| matches!(it.about, Some(About::Annotation(_))));
            clashes.map(|it| (it.rule, it.at)).collect()
        };
        // Both say the same of each other, and say nothing if they share nothing.
        prop_assert_eq!(clash(&one), clash(&two));
        prop_assert!(clash(&one).is_empty() || a.iter().any(|span| span.overlaps(other_span)));
    }
}
