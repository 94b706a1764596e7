//! Files to articles: encodings, formats, web pages, deployments.
#![cfg(not(target_arch = "wasm32"))]

#[path = "cases/html/mod.rs"]
mod html_cases;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use avow::annotation::ArticleId;
use avow::cli::deployment::{Error, build};
use avow::cli::html::article;
use avow::format::articles::{
    Articles, FileKind, kind, other_texts, pasted, read, take_new, unique_id,
};
use avow::format::deployment::{
    Bytes, DeploymentError, LONGEST, List, Places, is_safe_path, parse,
};
use avow::format::encoding::{Damage, Decoded, Encoding, decode, decode_html};
use avow::format::lists::{Share, TooFew, deal};
use avow::format::native::Layout;
use avow::text::Text;
use proptest::prelude::*;

// Encodings

fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn check_decoded(bytes: &[u8], text: &str, encoding: Encoding) {
    let expected = Decoded { text: text.to_owned(), encoding, damage: None };
    assert_eq!(decode(bytes), expected);
}

#[test]
fn encodings_are_told_by_mark_by_zeros_and_by_validity() {
    let german = "„Nein“, sagte Zoë.\nGrüße 👍";
    check_decoded(german.as_bytes(), german, Encoding::Utf8);
    check_decoded(&[b"\xEF\xBB\xBF", german.as_bytes()].concat(), german, Encoding::Utf8);
    check_decoded(&[b"\xFF\xFE", &utf16le(german)[..]].concat(), german, Encoding::Utf16Le);
    check_decoded(&[b"\xFE\xFF", &utf16be(german)[..]].concat(), german, Encoding::Utf16Be);
    for unmarked in
        [german, "Hi", "\u{3000}一つ目の段落。\n\u{3000}二つ目、一。\n", "Он сказал: нет.\n"]
    {
        check_decoded(&utf16le(unmarked), unmarked, Encoding::Utf16Le);
        check_decoded(&utf16be(unmarked), unmarked, Encoding::Utf16Be);
    }
    check_decoded(
        b"\x93No,\x94 she said \x96 \x80 5",
        "“No,” she said – € 5",
        Encoding::Windows1252,
    );
    check_decoded(b"", "", Encoding::Utf8);
    check_decoded(b"one\0NUL", "one\0NUL", Encoding::Utf8);
}

#[test]
fn damage_is_replaced_and_reported() {
    let mut lone = utf16le("\u{FEFF}a b");
    lone.extend([0x00, 0xD8, b'c', 0]);
    let cut = [&lone[..], b"d"].concat();
    for (bytes, text) in [
        (&lone[..], "a b\u{FFFD}c"),
        (&cut, "a b\u{FFFD}c\u{FFFD}"),
        (&"“Grüße”, Zoë 👍".as_bytes()[..23], "“Grüße”, Zoë \u{FFFD}"),
        (b"\xEF\xBB\xBFa\xE4b", "a\u{FFFD}b"),
    ] {
        let decoded = decode(bytes);
        assert_eq!((&*decoded.text, decoded.damage), (text, Some(Damage::Replaced)));
    }
}

#[test]
fn every_byte_of_windows_1252_is_as_the_reference_has_it() {
    for byte in 0x80..=0xFF {
        let bytes = [byte];
        let (reference, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        check_decoded(&bytes, &reference, Encoding::Windows1252);
    }
}

#[test]
fn a_page_may_say_its_encoding() {
    let page = |charset: &str, letter: &[u8]| {
        decode_html(&[format!("<meta {charset}><p>").as_bytes(), letter].concat())
    };
    let content = "http-equiv=Content-Type content='text/html; charset=ISO-8859-1'";
    assert!(page(content, "é".as_bytes()).text.ends_with("Ã©"));
    assert!(page("charset = \"Windows-1252\" /", "é".as_bytes()).text.ends_with("Ã©"));
    assert!(page("charset=utf-8", "é".as_bytes()).text.ends_with("é"));
    assert!(page("charset=utf-8", b"caf\xE9").text.ends_with("café"));
    assert!(page("name=charset", b"caf\xE9").text.ends_with("café"));
    assert_eq!(page("charset=shift_jis", b"a").damage, None);
    let unknown = Some(Damage::Unknown("shift_jis".to_owned()));
    assert_eq!(page("charset=Shift_JIS", b"\x93\xFA").damage, unknown);
}

proptest! {
    #[test]
    fn utf16_is_as_the_reference_has_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for (mark, reference) in [([0xFF, 0xFE], encoding_rs::UTF_16LE), ([0xFE, 0xFF], encoding_rs::UTF_16BE)] {
            let (text, damaged) = reference.decode_without_bom_handling(&bytes);
            let decoded = decode(&[&mark[..], &bytes].concat());
            prop_assert_eq!(&*decoded.text, &*text);
            prop_assert_eq!(decoded.damage.is_some(), damaged);
        }
    }

    #[test]
    fn windows_1252_is_as_the_reference_has_it(ascii in "[ -~\n]{0,40}", high in 0x80..=0xFF_u8) {
        // Alone before ASCII, a high byte is never UTF-8.
        let bytes = [ascii.as_bytes(), &[high], ascii.as_bytes()].concat();
        let (reference, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        prop_assert_eq!(decode(&bytes).text, reference);
    }

    #[test]
    fn text_comes_back_from_every_encoding(text in "[^\0\u{FEFF}]\\PC{0,80}") {
        prop_assert_eq!(&decode(text.as_bytes()).text, &text);
        prop_assert_eq!(&decode(&utf16le(&format!("\u{FEFF}{text}"))).text, &text);
        prop_assert_eq!(&decode(&utf16be(&format!("\u{FEFF}{text}"))).text, &text);
    }

    #[test]
    fn no_file_brings_reading_down(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        ending in "(txt|md|html|json|jsonl|pdf)",
    ) {
        let file = format!("any.{ending}");
        let found = read(&file, &bytes, &article);
        prop_assert!(!found.articles.is_empty() || !found.problems.is_empty());
    }
}

// Formats

fn read_text(file: &str, content: &str) -> Articles {
    read(file, content.as_bytes(), &article)
}

/// Id, title and text of each article.
fn taken(found: &Articles) -> Vec<(&str, &str, &str)> {
    found
        .articles
        .iter()
        .map(|new| (new.article.id.as_str(), &*new.article.title, new.text.as_str()))
        .collect()
}

fn problems(found: &Articles) -> Vec<String> {
    found.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn plain_text_is_taken_as_it_is() {
    let found = read_text("./a\\b/c.TXT", "\u{FEFF}\r\n  A  headline \r\n\r\nZoe\u{308} said.\r");
    let text = "\n  A  headline \n\nZoe\u{308} said.\n";
    assert_eq!(taken(&found), [("a/b/c.TXT", "A headline", text)]);
    assert!(found.articles[0].article.text.names(&Text::new(text)));
    assert_eq!(found.articles[0].article.source.file.as_deref(), Some("a/b/c.TXT"));
    assert_eq!(problems(&found), [""; 0]);
}

#[test]
fn markdown_is_text_whose_title_has_no_marks() {
    for (content, title) in [
        ("## The *mud* remembers ##\n\nText", "The *mud* remembers"),
        ("# About C#\n", "About C#"),
        ("No heading #\n", "No heading #"),
        ("#\n", "a.md"),
    ] {
        let found = read_text("a.md", content);
        assert_eq!(taken(&found), [("a.md", title, content)]);
    }
    assert_eq!(read_text("a.txt", "# 1 fan").articles[0].article.title, "# 1 fan");
}

#[test]
fn long_titles_are_cut_at_a_word() {
    let title = |text: &str| read_text("a.txt", text).articles[0].article.title.clone();
    let long = title(&"word ".repeat(100));
    assert!(long.ends_with("word…") && long.chars().count() <= 121, "{long}");
    assert_eq!(title(&"字".repeat(500)), "字".repeat(120) + "…");
    assert_eq!(title(&"a".repeat(120)), "a".repeat(120));
}

#[test]
fn pages_give_their_text_and_where_they_are_from() {
    let page = include_str!("cases/html/article.html");
    let found = read_text("a/page.htm", page);
    let new = &found.articles[0].article;
    assert_eq!((new.id.as_str(), &*new.title), ("a/page.htm", "Ferry ramp \"was safe\""));
    assert_eq!(new.source.publisher.as_deref(), Some("The Red River Courier"));
    assert_eq!(new.source.language.as_deref(), Some("en-GB"));
    assert_eq!(new.metadata["author"], "Rufina Stell");
    let empty = read_text("a.html", "<script>1</script>");
    let expected = "a.html: There is no text in it. Look whether it is the file you meant.";
    assert_eq!(problems(&empty), [expected]);
}

#[test]
fn json_gives_one_article_or_several() {
    let one = r#"{"text": "Body", "title": " A\ntitle ", "url": "u", "published": 2031, "id": 7,
        "publisher": null, "desk": {"a": [1]}, "language": "de"}"#;
    let found = read_text("a.json", one);
    assert_eq!(taken(&found), [("7", "A title", "Body")]);
    let new = &found.articles[0].article;
    assert_eq!(new.source.url.as_deref(), Some("u"));
    assert_eq!(new.source.language.as_deref(), Some("de"));
    let metadata = serde_json::to_string(&new.metadata).unwrap();
    assert_eq!(metadata, r#"{"desk":{"a":[1]},"published":2031}"#);

    assert_eq!(taken(&read_text("a.json", r#"{"text": "Body"}"#)), [("a.json", "Body", "Body")]);
    let several = r#"[{"text": "One"}, {"text": 2}, 3, {"title": "No text"}, {"text": " "}, {"text": "Six", "id": "six"}]"#;
    for several in [several.to_owned(), format!(r#"{{"articles": {several}, "by": "us"}}"#)] {
        let found = read_text("a.json", &several);
        assert_eq!(taken(&found), [("a.json#1", "One", "One"), ("six", "Six", "Six")]);
        assert_eq!(
            problems(&found),
            [
                "a.json: Article 2: Its “text” is not a string. Give the article's text under the key “text”.",
                "a.json: Article 3: This is not a JSON object. Write an article as {\"text\": \"…\"}.",
                "a.json: Article 4: There is no “text”. Give the article's text under the key “text”.",
                "a.json: Article 5: There is no text in it. Look whether it is the file you meant.",
            ]
        );
    }
    assert_eq!(problems(&read_text("a.json", "[]")).len(), 1);
    assert_eq!(problems(&read_text("a.json", "7")).len(), 1);
    assert_eq!(
        problems(&read_text("a.json", "{\n  \"text\": \"a\",\n}")),
        [
            "a.json, line 3: This is not valid JSON at column 1: trailing comma. Mend it, or write the file again from where it came."
        ]
    );
}

#[test]
fn a_bad_line_does_not_stop_the_good_ones() {
    let lines = "\u{FEFF}{\"text\": \"One\"}\r\n\n{\"text\": }\n{\"text\": \"Two\", \"id\": \"b\"}\n\"no\"\n";
    let found = read_text("dir/a.jsonl", lines);
    assert_eq!(taken(&found), [("dir/a.jsonl#1", "One", "One"), ("b", "Two", "Two")]);
    let lines: Vec<_> = found.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(3), Some(5)]);
    assert_eq!(problems(&read_text("a.ndjson", "\n \n")).len(), 1);
}

#[test]
fn what_is_no_article_is_said() {
    let what = |file: &str, bytes: &[u8]| {
        let found = read(file, bytes, &article);
        assert!(found.articles.is_empty());
        found.problems[0].what.clone()
    };
    assert_eq!(what("a.txt", b" \n\t"), "There is no text in it");
    assert_eq!(what("a/b.docx", b"PK"), "Avow does not read .docx files");
    assert_eq!(what("a.b/README", b"Hi"), "The name of this file does not say what it is");
    let binary = "This is not text, whatever its name says";
    assert_eq!(what("a.txt", b"%PDF-1.7 \xE2\xE3"), binary);
    assert_eq!(what("a.txt", &(0..=255).collect::<Vec<u8>>()), binary);
    let work = "This is saved work and not an article";
    assert_eq!(what("a.json", br#"{"format": "avow", "version": 1}"#), work);
    assert_eq!(what("a.json", br#"{"format": "avow-rescue"}"#), work);
    let other = "This file of Avow's is neither an article nor saved work";
    assert_eq!(what("index.json", br#"{"format": "avow-deployment"}"#), other);
}

#[test]
fn files_are_told_apart_by_their_format() {
    let kind = |file: &str, content: &str| kind(file, content.as_bytes());
    let project = r#"{"format": "avow", "version": 1, "articles": [{"text": "a"}]}"#;
    assert_eq!(kind("a.avow.json", project), FileKind::Project(Layout::Object));
    assert_eq!(
        kind("a.json", &format!("\u{FEFF}\n{project}\n")),
        FileKind::Project(Layout::Object)
    );
    assert_eq!(
        kind("a.json", r#"{"articles": [], "format": "avow"}"#),
        FileKind::Project(Layout::Object)
    );
    assert_eq!(kind("a.json", r#"{ "format" : "avow", "cut o"#), FileKind::Project(Layout::Object));
    assert_eq!(kind("a", "{\n\"format\": \"avow\"}"), FileKind::Project(Layout::Object));
    assert_eq!(kind("a.avow.jsonl", project), FileKind::Project(Layout::Lines));
    assert_eq!(
        kind("a.json", &format!("{project}\n{{\"text\": 1}}")),
        FileKind::Project(Layout::Lines)
    );
    assert_eq!(kind("a.avow-rescue.json", r#"{"format":"avow-rescue"}"#), FileKind::Rescue);
    assert_eq!(kind("index.json", r#"{"format":"avow-deployment"}"#), FileKind::Unknown);
    assert_eq!(kind("a.pdf", "%PDF"), FileKind::Unknown);
    assert_eq!(kind("a.txt", "{\"format\": 7}"), FileKind::Articles);
    assert_eq!(kind("a.json", r#"{"text": "\"format\": \"avow\""}"#), FileKind::Articles);
    assert_eq!(kind("a.jsonl", r#"{"format": "my own", "text": "a"}"#), FileKind::Articles);
}

#[test]
fn hostile_json_is_a_problem() {
    let deep = "[".repeat(100_000);
    let found = read_text("a.json", &deep);
    assert!(found.problems[0].what.ends_with("its lists and objects are nested too deep"));
    let deep = format!("{{\"text\": \"a\", \"x\": {}", "{\"x\":".repeat(100_000));
    assert_eq!(kind("a.json", deep.as_bytes()), FileKind::Articles);
    assert_eq!(read_text("a.json", &deep).problems.len(), 1);

    let found =
        read_text("a.jsonl", "{\"text\": \"\\ud800\"}\n{\"text\": \"a\\u0000b \\ud83d\\ude00\"}");
    assert_eq!(found.problems[0].line, Some(1));
    assert_eq!(found.articles[0].text.as_str(), "a\0b 😀");

    let huge = format!("{{\"text\": \"{}\"}}\n{{\"text\": \"b\"}}", "long ".repeat(1_000_000));
    let found = read_text("a.jsonl", &huge);
    assert_eq!(found.articles.len(), 2);
    assert!(found.articles[0].article.title.chars().count() <= 121);
}

#[test]
fn pasted_text_follows_the_same_rules() {
    let new = pasted("One\r\nTwo", None).unwrap();
    assert_eq!((&*new.article.title, new.text.as_str()), ("One", "One\nTwo"));
    assert_eq!(new.article.id.as_str(), format!("pasted-{}", &new.text.hash()[..12]));
    assert_eq!(pasted("One", Some(" My\ttitle ")).unwrap().article.title, "My title");
    assert_eq!(pasted("One", Some(" ")).unwrap().article.title, "One");
    assert!(pasted(" \n", None).unwrap_err().to_string().starts_with("Pasted text: There is no"));
}

#[test]
fn another_text_of_an_article_is_known_by_id_address_or_file_and_title() {
    let lines = |lines: &str| read_text("a.jsonl", lines).articles;
    let here = lines(
        r#"{"id": "1", "title": "One", "text": "Old one"}
        {"id": "2", "title": "Two", "url": "https://a.example/2", "text": "Old two"}
        {"id": "3", "title": "Three", "text": "Old three"}
        {"id": "4", "title": "Four", "text": "Old four"}
        {"id": "5", "title": "Four", "text": "Older four"}"#,
    );
    let found = lines(
        r#"{"id": "1", "title": "New", "text": "New one"}
        {"id": "7", "title": "New", "url": "https://a.example/2", "text": "New two"}
        {"id": "8", "title": "Three", "text": "New three"}
        {"id": "9", "title": "Four", "text": "New four"}
        {"id": "1", "title": "New", "text": "Newest one"}
        {"id": "2", "title": "Two", "text": "Old three"}
        {"id": "10", "title": "Ten", "text": "New ten"}"#,
    );
    let (other, rest) = other_texts(found, here.iter().map(|new| &new.article));
    let named = |found: &[avow::format::NewArticle]| {
        let named = found.iter().map(|it| format!("{} {}", it.article.id, it.text.as_str()));
        named.collect::<Vec<_>>()
    };
    assert_eq!(named(&other), ["1 New one", "2 New two", "3 New three"]);
    // Two have that title; one came already; a text that is here is of nothing else.
    assert_eq!(named(&rest), ["9 New four", "1 Newest one", "2 Old three", "10 New ten"]);
}

#[test]
fn a_text_is_taken_once_and_ids_are_unique() {
    let old = read_text("a.txt", "Old").articles.remove(0).article;
    let found = ["Old\r\n", "Old", "New", "New", "Newer"].map(|text| read_text("a.txt", text));
    let found = found.into_iter().flat_map(|found| found.articles).collect();
    let new = take_new(found, [&old]);
    let ids =
        [("a.txt-2", "Old", "Old\n"), ("a.txt-3", "New", "New"), ("a.txt-4", "Newer", "Newer")];
    assert_eq!(taken(&new), ids);
    let whats: Vec<_> = new.problems.iter().map(|problem| &*problem.what).collect();
    let same = |title| format!("The same text as “{title}” is already here");
    assert_eq!(whats, [same("Old"), same("New")]);

    let ids: BTreeSet<ArticleId> = ["a", "a-2"].map(ArticleId::from).into();
    assert_eq!(unique_id(&"a".into(), &ids).as_str(), "a-3");
    assert_eq!(unique_id(&"b".into(), &ids).as_str(), "b");
}

// Web pages

#[test]
fn pages_are_as_their_golden_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/html");
    let update = std::env::var_os("UPDATE").is_some();
    for (name, page, expected) in html_cases::CASES {
        let found = html_cases::show(&article(page));
        if update {
            fs::write(folder.join(name).with_extension("txt"), &found).unwrap();
        } else {
            assert_eq!(found, *expected, "tests/cases/html/{name}.html; UPDATE=1 rewrites it");
        }
    }
    let pages = fs::read_dir(folder).unwrap().filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "html")
    });
    assert_eq!(pages.count(), html_cases::CASES.len(), "every page stands in CASES");
}

#[test]
fn pages_nested_very_deep_are_read() {
    let page = format!("{}deep", "<b>".repeat(10_000));
    assert_eq!(article(&page).text, "deep");
}

// Deployments

fn fresh_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn put(folder: &Path, file: &str, content: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn index(out: &Path) -> String {
    fs::read_to_string(out.join("articles/index.json")).unwrap()
}

#[test]
fn the_samples_become_a_deployment() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/articles");
    let out = fresh_folder("samples");
    let report = build(&samples, &out).unwrap();
    assert_eq!(report.problems, []);
    assert_eq!((report.articles, report.files), (13, 12), "{report}");
    let (deployment, problems) = parse(&index(&out)).unwrap();
    assert_eq!(problems, []);
    assert_eq!(deployment.project.id.as_str(), "avow-samples");
    assert_eq!(deployment.to_json(), index(&out));
    for entry in &deployment.articles {
        let text = fs::read_to_string(out.join("articles").join(&entry.file)).unwrap();
        let read = Text::new(&text);
        assert_eq!(read.as_str(), text);
        assert!(entry.sha256.names(&read));
        assert_eq!(entry.characters, text.chars().count() as u64);
        assert_eq!(entry.to_article().source.file.as_ref(), Some(&entry.file));
    }
    let ids: Vec<_> = deployment.articles.iter().map(|entry| entry.id.as_str()).collect();
    assert!(ids.contains(&"07-tram-fares.html") && ids.contains(&"hl-2207"), "{ids:?}");
}

#[test]
fn a_folder_becomes_a_project_and_stays_it() {
    let folder = fresh_folder("folder/My corpus");
    put(&folder, "b/deep/er/two.md", "# Two");
    put(&folder, "a.txt", "One");
    put(&folder, "b/copy.txt", "One");
    put(&folder, "b/bad.json", "{");
    put(&folder, "photo.jpg", "x");
    put(&folder, ".hidden/c.txt", "Hidden");
    put(&folder, ".DS_Store", "Hidden");
    let out = folder.join("dist");
    let first = build(&folder, &out).unwrap();
    assert_eq!((first.articles, first.files, first.problems.len()), (2, 4, 2), "{first}");
    assert_eq!(first.passed_over, ["photo.jpg"]);
    assert!(first.notes[0].contains("project.json"), "{first}");
    let before = index(&out);
    let (deployment, _) = parse(&before).unwrap();
    assert_eq!(deployment.project.title, "My corpus");
    assert_eq!(deployment.project.id.as_str().len(), 32);
    let ids: Vec<_> = deployment.articles.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["a.txt", "b/deep/er/two.md"]);

    // What was built is not read as articles, and nothing changes.
    let second = build(&folder, &out).unwrap();
    assert_eq!((second.articles, second.files, &second.notes[..]), (2, 4, &[][..]), "{second}");
    assert_eq!(index(&out), before);

    fs::remove_file(folder.join("b/deep/er/two.md")).unwrap();
    build(&folder, &out).unwrap();
    let texts = fs::read_dir(out.join("articles/texts")).unwrap();
    assert_eq!(texts.count(), 1, "what was withdrawn is not published");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_gets_an_id_from_its_articles() {
    let folder = fresh_folder("read-only");
    let out = fresh_folder("read-only-out");
    put(&folder, "a.txt", "One");
    // Also root cannot write through a link into a folder that does not exist.
    std::os::unix::fs::symlink("none/project.json", folder.join("project.json")).unwrap();
    let id = || {
        let report = build(&folder, &out).unwrap();
        assert!(report.notes[0].contains("Make the folder writable"), "{report}");
        parse(&index(&out)).unwrap().0.project.id
    };
    let first = id();
    assert_eq!(id(), first);
    put(&folder, "b.txt", "Two");
    assert_ne!(id(), first);
}

#[test]
fn what_cannot_be_built_says_what_to_do() {
    let folder = fresh_folder("cannot");
    let out = fresh_folder("cannot-out");
    let error = build(&folder, &out).unwrap_err();
    assert!(matches!(error, Error::NoArticle { .. }));
    assert!(error.to_string().contains("Put .txt, .md, .html, .json or .jsonl files into it"));
    assert!(!folder.join("project.json").exists());
    assert!(matches!(build(&folder.join("none"), &out), Err(Error::Io { .. })));

    put(&folder, "articles/a.txt", "One");
    let error = build(&folder.join("articles"), &folder).unwrap_err();
    assert!(matches!(error, Error::SamePlace(_)));
    for malformed in ["{", "{\"title\": \"no id\"}", "{\"id\": \" \"}", "[]"] {
        put(&folder, "project.json", malformed);
        let error = build(&folder, &out).unwrap_err();
        assert!(error.to_string().contains("project.json is malformed"), "{error}");
    }
    put(&folder, "project.json", "{\"id\": \"fixed\"}");
    build(&folder, &out).unwrap();
    let (deployment, _) = parse(&index(&out)).unwrap();
    assert_eq!(deployment.project.id.as_str(), "fixed");
    assert_eq!(deployment.project.title, "cannot");
}

#[test]
fn a_deployment_that_cannot_be_opened_says_why() {
    let error = |json: &str| parse(json).unwrap_err().to_string();
    let is = |json: &str, message: &str| {
        assert_eq!(error(json), format!("articles/index.json {message}"))
    };
    is("{\n,", "is not valid JSON at line 2, column 1: key must be a string");
    is("<!DOCTYPE html>", "is not valid JSON at line 1, column 1: expected value");
    is("[]", "does not say “format”: “avow-deployment”, so it is not this page's");
    is(r#"{"format": "avow"}"#, "is of the format “avow” and not “avow-deployment”");
    is(
        r#"{"format": "avow-deployment", "version": 3}"#,
        "is of version 3, and this page reads versions 1 to 2. Build both together",
    );
    let start = r#"{"format": "avow-deployment", "version": 1"#;
    is(
        &format!("{start}}}"),
        "has a wrong “project”: `ProjectMeta` is missing or of another shape",
    );
    is(
        &format!(r#"{start}, "project": {{"id": ""}}}}"#),
        "has a wrong “project”: its “id” is empty",
    );
    let start = format!(r#"{start}, "project": {{"id": "p"}}"#);
    assert!(error(&format!("{start}}}")).contains("a wrong “articles”"));
    assert!(
        error(&format!(r#"{start}, "articles": [], "scheme": 1}}"#)).contains("a wrong “scheme”")
    );
    assert!(error(&format!(r#"{start}, "articles": [], "lists": [{{}}]}}"#)).contains("“lists”"));
    assert!(matches!(parse("1"), Err(DeploymentError::OtherFormat(None))));
}

#[test]
fn a_bad_entry_does_not_stop_the_good_ones() {
    let hash = "0".repeat(64);
    let entry = |id: &str, file: &str, hash: &str| {
        format!(r#"{{"id": "{id}", "file": "{file}", "sha256": "{hash}"}}"#)
    };
    let articles = [
        entry("a", "texts/a.txt", &hash),
        entry("a", "texts/b.txt", &hash),
        entry("c", "../c.txt", &hash),
        entry("d", "d.txt", "0"),
        entry("", "e.txt", &hash),
        r#"{"id": "f", "file": "f.txt", "title": "No hash"}"#.to_owned(),
        "null".to_owned(),
        entry("h", "h.txt", &hash),
    ];
    let json = format!(
        r#"{{"format": "avow-deployment", "version": 1, "project": {{"id": "p"}}, "later": 1, "articles": [{}]}}"#,
        articles.join(",")
    );
    let (deployment, problems) = parse(&json).unwrap();
    let ids: Vec<_> = deployment.articles.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["a", "h"]);
    assert_eq!(deployment.articles[0].title, "a");
    let whats: Vec<_> = problems.iter().map(|problem| &*problem.what).collect();
    assert_eq!(
        whats,
        [
            "Article 2 was left out: another article has the id “a”",
            "Article 3 was left out: its “file” is no path below articles/: “../c.txt”",
            "Article 4 was left out: its “sha256” is not 64 lower-case hexadecimal digits",
            "Article 5 was left out: its “id” is empty",
            "Article 6 was left out: `sha256` is missing or of another shape",
            "Article 7 was left out: `Entry` is missing or of another shape",
        ]
    );
}

/// A deployment of version 2 with these articles and lists.
fn sharded(articles: &str, lists: &str) -> String {
    format!(
        r#"{{"format": "avow-deployment", "version": 2, "project": {{"id": "p"}}, "articles": [{articles}], "lists": [{lists}]}}"#
    )
}

fn in_shard(id: &str, bytes: &str) -> String {
    let hash = Text::new(id).hash().to_owned();
    format!(
        r#"{{"id": "{id}", "file": "shards/1.jsonl", "bytes": {bytes}, "from": "{id}.txt", "sha256": "{hash}"}}"#
    )
}

#[test]
fn a_place_in_a_shard_is_checked() {
    let last = (1_u64 << 53) - LONGEST;
    for (bytes, sound) in [
        ("[0, 1]".to_owned(), true),
        (format!("[{last}, {LONGEST}]"), true),
        (format!("[{}, 1]", last + 1), false),
        (format!("[0, {}]", LONGEST + 1), false),
        (format!("[{}, {}]", u64::MAX, u64::MAX), false),
        ("[0, 0]".to_owned(), false),
        ("[-1, 5]".to_owned(), false),
        ("[0.5, 5]".to_owned(), false),
        ("[1e300, 5]".to_owned(), false),
        (r#"["0", "5"]"#.to_owned(), false),
        ("[5]".to_owned(), false),
        ("{}".to_owned(), false),
        ("7".to_owned(), false),
    ] {
        let (deployment, problems) = parse(&sharded(&in_shard("a", &bytes), "")).unwrap();
        assert_eq!(
            (deployment.articles.len(), problems.is_empty()),
            (sound.into(), sound),
            "{bytes}"
        );
        let what = "Article 1 was left out: `bytes` is missing or of another shape";
        assert!(problems.iter().all(|problem| problem.what == what), "{bytes}");
    }
    let path = in_shard("a", "[0, 9]").replace("shards/1.jsonl", "../1.jsonl");
    assert_eq!(parse(&sharded(&path, "")).unwrap().1.len(), 1);
}

#[test]
fn a_deployment_with_shards_and_lists_reads_back_as_it_was_written() {
    let articles = [in_shard("a", "[0, 9]"), in_shard("b", "[10, 20]")].join(",");
    let lists = r#"{"annotator": "Ada", "articles": [1, 0]}, {"annotator": "Bo", "articles": []}"#;
    let (deployment, problems) = parse(&sharded(&articles, lists)).unwrap();
    assert_eq!(problems, []);
    let json = deployment.to_json();
    assert_eq!(json.lines().filter(|line| line.starts_with("{\"id\"")).count(), 2, "{json}");
    assert!(json.contains("\"version\": 2,\n"));
    assert_eq!(parse(&json), Ok((deployment.clone(), Vec::new())));

    let files: Vec<_> = deployment.articles.iter().map(|it| it.to_article().source.file).collect();
    assert_eq!(files, [Some("a.txt".to_owned()), Some("b.txt".to_owned())]);
    let places = Places::of(&deployment);
    let found = places.find(&Text::new("b").hash().into());
    assert_eq!(found, Some(&("shards/1.jsonl".to_owned(), Bytes::new(10, 20))));
    assert_eq!(places.find(&Text::new("c").hash().into()), None);
    // Where texts stand in files, by their names too: an article may have come from a shard once.
    let in_file = in_shard("b", "[10, 20]").replace(r#""bytes": [10, 20],"#, "");
    let places = Places::of(&parse(&sharded(&in_file, "")).unwrap().0);
    let found = places.find(&Text::new("b").hash().into());
    assert_eq!(found, Some(&("shards/1.jsonl".to_owned(), None)));
}

#[test]
fn a_list_names_articles_that_are_there_once() {
    let articles = [in_shard("a", "[0, 9]"), in_shard("b", "[0, 0]"), in_shard("c", "[9, 9]")];
    let lists = r#"{"annotator": "Ada", "articles": [2, 1, 0]},
                   {"annotator": "Bo", "articles": [2, 2, 9, 4000000000]}"#;
    let (deployment, problems) = parse(&sharded(&articles.join(","), lists)).unwrap();
    let list = |annotator: &str, articles: &[u32]| List {
        annotator: annotator.to_owned(),
        articles: articles.to_vec(),
    };
    assert_eq!(deployment.lists, [list("Ada", &[1, 0]), list("Bo", &[1])]);
    let whats: Vec<_> = problems.iter().map(|problem| &*problem.what).collect();
    assert_eq!(
        whats,
        [
            "Article 2 was left out: `bytes` is missing or of another shape",
            "The list of “Bo” names what is no article, or one twice",
        ]
    );

    let kept = |annotator: &str| {
        let mut deployment = deployment.clone();
        let is_there = deployment.keep_list_of(annotator);
        let ids = deployment.articles.iter().map(|entry| entry.id.to_string()).collect::<Vec<_>>();
        let others =
            deployment.others.map(|others| others.iter().map(|it| it.to_string()).collect());
        (is_there, ids.concat(), others.map(|others: Vec<_>| others.concat()))
    };
    assert_eq!(kept("Ada"), (true, "ca".to_owned(), Some(String::new())));
    assert_eq!(kept(" Bo"), (true, "c".to_owned(), Some("a".to_owned())));
    assert_eq!(kept("ada"), (false, "ac".to_owned(), None));
    let mut without = parse(&sharded(&articles.join(","), "")).unwrap().0;
    assert!(without.keep_list_of("Ada") && without.others.is_none());
}

// Lists

fn ids(count: usize) -> Vec<ArticleId> {
    (0..count).map(|at| format!("article {at}").into()).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("Annotator {at}")).collect()
}

/// What holds of all lists; gives for each article who has it.
fn check_lists(articles: usize, annotators: usize, share: Share, seed: u64) -> Vec<Vec<usize>> {
    let (ids, names) = (ids(articles), names(annotators));
    let lists = deal(&ids, &names, share, seed).unwrap();
    assert_eq!(deal(&ids, &names, share, seed).as_ref(), Ok(&lists), "one seed, one deal");
    assert!(lists.iter().map(|list| &list.annotator).eq(&names));
    let mut teams = vec![Vec::new(); articles];
    for (annotator, list) in lists.iter().enumerate() {
        let own: BTreeSet<u32> = list.articles.iter().copied().collect();
        assert_eq!(own.len(), list.articles.len(), "an article is in a list once");
        own.into_iter().for_each(|article| teams[article as usize].push(annotator));
    }
    let lengths = || lists.iter().map(|list| list.articles.len());
    assert!(lengths().max().unwrap() - lengths().min().unwrap() <= 1, "{:?}", lengths().max());
    teams
}

fn shared_by_pairs(teams: &[Vec<usize>], annotators: usize) -> Vec<usize> {
    let pairs = (0..annotators).flat_map(|a| (a + 1..annotators).map(move |b| [a, b]));
    let share = |pair: [usize; 2]| {
        teams.iter().filter(|team| pair.iter().all(|it| team.contains(it))).count()
    };
    pairs.map(share).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_overlap_by_what_was_asked_and_are_balanced(
        articles in 0..200_usize, annotators in 2..9_usize, percent in 0..=100_usize, seed: u64,
    ) {
        let teams = check_lists(articles, annotators, Share::Overlap(percent), seed);
        let of = |count| teams.iter().filter(|team| team.len() == count).count();
        let shared = (articles * percent + 50) / 100;
        assert_eq!((of(1), of(2)), (articles - shared, shared));
        let pairs = shared_by_pairs(&teams, annotators);
        assert!(pairs.iter().max().unwrap() - pairs.iter().min().unwrap() <= 1, "{pairs:?}");
    }

    #[test]
    fn each_article_is_in_so_many_lists(
        articles in 0..100_usize, annotators in 1..8_usize, more in 0..7_usize, seed: u64,
    ) {
        let each = 1 + more % annotators;
        let teams = check_lists(articles, annotators, Share::Each(each), seed);
        assert!(teams.iter().all(|team| team.len() == each));
    }
}

#[test]
fn what_annotators_share_is_strewn_over_their_lists() {
    let (ids, names) = (ids(300), names(3));
    let lists = deal(&ids, &names, Share::Overlap(20), 1).unwrap();
    let is_shared =
        |article: &u32| lists.iter().filter(|list| list.articles.contains(article)).count() == 2;
    for list in &lists {
        assert_eq!(list.articles.len(), 120);
        // 40 of 120 are, of each 30 some ten.
        for part in list.articles.chunks(30) {
            let shared = part.iter().filter(|article| is_shared(article)).count();
            assert!((4..=16).contains(&shared), "{shared}");
        }
    }
    let other = deal(&ids, &names, Share::Overlap(20), 2).unwrap();
    assert_ne!(lists, other);
    // Another order of the same articles changes places alone.
    let turned: Vec<_> = ids.iter().rev().cloned().collect();
    let again = deal(&turned, &names, Share::Overlap(20), 1).unwrap();
    for (list, again) in lists.iter().zip(&again) {
        assert!(list.articles.iter().map(|at| 299 - at).eq(again.articles.iter().copied()));
    }
}

#[test]
fn there_are_as_many_annotators_as_an_article_needs() {
    let few = |needed, there, share| {
        assert_eq!(deal(&[], &names(there), share, 1), Err(TooFew { needed, there }));
    };
    few(3, 2, Share::Each(3));
    few(2, 1, Share::Overlap(1));
    few(1, 0, Share::Overlap(0));
    few(1, 0, Share::Each(0));
}

// Paths

#[test]
fn paths_stay_below_the_deployment() {
    for safe in ["a.txt", "texts/0123.txt", "über/Ein Text.txt", "a..b/.c"] {
        assert!(is_safe_path(safe), "{safe}");
    }
    for unsafe_path in [
        "",
        "/a",
        "//host/a",
        "a//b",
        "..",
        "a/../b",
        "./a",
        "a/",
        "https://a",
        "data:,a",
        "a\\b",
        "%2e%2e/a",
        ".%2E/a",
        " ../a",
        ".. /a",
        ".\t./a",
        "a?b",
        "a#b",
    ] {
        assert!(!is_safe_path(unsafe_path), "{unsafe_path}");
    }
}
