//! Datasets read back: writing what was read writes the same, and what other tools export is taken.
#![cfg(not(target_arch = "wasm32"))]

mod law;

use std::collections::BTreeSet;
use std::sync::Arc;

use avow::annotation::{
    AttributeValue, Place, Relation, SpeakerMention, Status, Target, reading_order,
};
use avow::editor::OwnKeys;
use avow::editor::scheme::key_clashes;
use avow::format::dataset::{self, Choice, FORMATS, Read, SourceFile, Unreadable, Whose, format};
use avow::format::native;
use avow::project::{Owner, Project};
use avow::scheme::AttributeKind;
use avow::text::{Text, Unit};
use law::{
    INVENTED, Made, Mark, NOW, PIECES, holds, invented, law, limits, project, read_back, sources,
    words,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

#[test]
fn the_golden_project_reads_back() {
    for it in FORMATS {
        law(it, &invented(), &Choice::default());
        law(it, &invented(), &Choice { unit: Unit::Utf16, ..Choice::default() });
        let gold = Choice { whose: Whose::Gold, boilerplate: true, ..Choice::default() };
        if limits(it.id).owners {
            law(it, &invented(), &gold);
        }
    }
}

#[test]
fn a_scheme_of_ones_own_reads_back() {
    let attribute =
        |id: &str, kind: &str, values: &[&str]| json!({ "id": id, "kind": kind, "values": values });
    let label = |id: &str, attributes: &[&str]| json!({ "id": id, "attributes": attributes });
    let scheme = json!({
        "id": "moods", "version": 4,
        "labels": [label("Plan", &["tone", "sure", "weight", "about", "by"]), label("Fear", &["tone", "about"]),
                   label("Unused", &[])],
        "attributes": [attribute("tone", "choice", &["dark", "bright"]), attribute("sure", "yes-no", &[]),
                       attribute("weight", "number", &[]), attribute("about", "text", &[]),
                       attribute("by", "speaker", &[])],
        "relations": [{ "id": "feeds", "from": ["Plan"], "to": ["Fear"] }],
    });
    let mark = |id: &str, label: &str, start: usize, values: Json| {
        let words = &"We may go. They may fall."[start..start + 6];
        json!({ "id": id, "label": label, "attributes": values,
                "spans": [{ "start": start, "end": start + 6, "text": words }] })
    };
    let marks = [
        mark(
            "a",
            "Plan",
            0,
            json!({ "tone": "dark", "sure": true, "weight": 0.5, "about": "us", "by": [{ "id": "bo" }] }),
        ),
        mark("b", "Fear", 16, json!({ "tone": "bright", "about": "it" })),
    ];
    let mut file: Json = serde_json::from_str(INVENTED).unwrap();
    let place = |id: &str| json!({ "article": "a", "annotation": id });
    for (key, value) in [
        ("scheme", scheme),
        ("groups", json!([])),
        ("deleted", json!([])),
        ("speakers", json!([{ "id": "bo", "name": "bo" }])),
        (
            "articles",
            json!([{ "id": "a", "text": "We may go. They may fall.",
                              "sets": [{ "annotator": "ada", "annotations": marks }] }]),
        ),
        (
            "relations",
            json!([{ "id": "r", "type": "feeds", "annotator": "ada",
                               "from": place("a"), "to": place("b") }]),
        ),
    ] {
        file[key] = value;
    }
    let project = native::read("own.avow.json", &file.to_string()).unwrap().project;
    for it in FORMATS {
        let read = law(it, &project, &Choice::default());
        let scheme = read.project.scheme();
        assert!(scheme.id.as_str().starts_with("imported-"), "{}", it.id);
        assert!(scheme.labels.len() >= 2, "{}", it.id);
    }
}

fn mark() -> impl Strategy<Value = Mark> {
    let spans = prop::collection::vec((0..40_usize, 1..9_usize), 1..4);
    let link = prop::option::weighted(0.3, 0..6_usize);
    (0..3_usize, spans, (0..3_usize, 0..3_usize), any::<u8>(), link).prop_map(
        |(label, spans, ragged, values, links_to)| Mark { label, spans, ragged, values, links_to },
    )
}

fn made() -> impl Strategy<Value = Made> {
    let text = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 3..25)
        .prop_map(|pieces| format!("So{}", pieces.concat()));
    // Where nobody has begun, there is nothing to write.
    let first = prop::collection::vec(mark(), 1..6);
    let others = prop::collection::vec(prop::collection::vec(mark(), 0..6), 3);
    (prop::collection::vec(text, 2), first, others).prop_map(|(texts, first, mut sets)| {
        sets.insert(0, first);
        Made { texts, sets }
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_reads_back(made in made()) {
        holds(&made);
    }
}

#[test]
fn a_few_spans_that_fit_by_chance_do_not_outweigh_the_words_of_a_file() {
    let mark = |spans: &[(usize, usize)], ragged| Mark {
        label: 0,
        spans: spans.to_vec(),
        ragged,
        values: 0,
        links_to: None,
    };
    holds(&Made {
        texts: vec!["So It rained".into(), "So😀😀\n\n, . \n, ” Zoë\n\n\n.  “".into()],
        sets: vec![
            vec![mark(&[(0, 1)], (0, 0))],
            vec![],
            vec![],
            vec![mark(&[(26, 4)], (2, 0)), mark(&[(4, 2), (21, 3)], (2, 1))],
        ],
    });
}

fn files(files: &[(&str, &str)]) -> Vec<SourceFile> {
    let source =
        |(path, text): &(&str, &str)| SourceFile { path: (*path).into(), text: (*text).into() };
    files.iter().map(source).collect()
}

#[track_caller]
fn taken(sources: &[(&str, &str)]) -> Read {
    dataset::read(&files(sources), "p".into(), NOW).unwrap()
}

/// Each annotation as `article, owner, label: words; words`, with its values behind it.
fn shown(project: &Project) -> Vec<String> {
    let mut lines = Vec::new();
    for article in project.articles() {
        let loaded = project.loaded(&article.id).unwrap();
        for (owner, set) in loaded.sets.iter() {
            let owner = match owner {
                Owner::Gold => "gold",
                Owner::Annotator(id) => id.as_str(),
            };
            let mut all: Vec<_> = set.values().collect();
            all.sort_by(|a, b| reading_order(a, b));
            for it in all {
                let words: Vec<&str> = it.spans.iter().map(|it| loaded.text.slice(it)).collect();
                let mut line =
                    format!("{}, {owner}, {}: {}", article.id, it.label, words.join("; "));
                for (name, value) in it.attributes.iter() {
                    line += &match value {
                        AttributeValue::Text(text) => format!(" [{name} {text}]"),
                        AttributeValue::Speakers(them) => {
                            let id = |it: &SpeakerMention| it.id.to_string();
                            format!(
                                " [{name} {}]",
                                them.iter().map(id).collect::<Vec<_>>().join("+")
                            )
                        }
                        other => format!(" [{name} {other:?}]"),
                    };
                }
                if !it.note.is_empty() {
                    line += &format!(" ({})", it.note);
                }
                lines.push(line);
            }
        }
    }
    lines
}

/// Links as `words type words`, by the first words of their ends.
fn links(project: &Project) -> Vec<String> {
    let words = |place: &Place| {
        let text = project.text(&place.article).unwrap();
        text.slice(project.annotation_at(place).unwrap().spans.first()).to_owned()
    };
    let link = |it: &&Arc<Relation>| {
        let to = match &it.to {
            Some(Target::Annotation(place)) => words(place),
            other => format!("{other:?}"),
        };
        format!("{} {} {to}", words(&it.from), it.kind)
    };
    project.relations().iter().map(link).collect()
}

fn said(read: &Read) -> String {
    read.problems.iter().map(|it| format!("{it}\n")).collect()
}

#[test]
fn doccano_names_its_files_for_who_annotated_and_counts_as_its_screen_does() {
    let line = |spans: &str, more: &str| {
        format!(
            "{{\"id\":7,\"text\":\"😀 Ann says it is late. Bo denies it.\",\"shelf\":\"b\",\
             \"entities\":[{spans}],\"relations\":[{more}],\"Comments\":[\"Is it?\"]}}\n"
        )
    };
    let claim = r#"{"id":3,"label":"Claim","start_offset":12,"end_offset":22}"#;
    let denial = r#"{"id":4,"label":"denial","start_offset":27,"end_offset":36}"#;
    let speaker = r#"{"id":9,"label":"Who","start_offset":3,"end_offset":6}"#;
    let ann =
        line(&format!("{claim},{denial}"), r#"{"id":1,"from_id":4,"to_id":3,"type":"denies"}"#);
    let read = taken(&[("ann.jsonl", &ann), ("bo.jsonl", &line(speaker, ""))]);
    assert_eq!(
        shown(&read.project),
        ["7, ann, claim: it is late", "7, ann, denial: denies it", "7, bo, Who: Ann"]
    );
    assert_eq!(links(&read.project), ["denies it denies it is late"]);
    let said = said(&read);
    assert!(said.contains("ann.jsonl: Offsets count units of UTF-16"), "{said}");
    assert!(said.contains("ann.jsonl, line 1: A comment on a whole text: Is it?"), "{said}");
}

#[test]
fn label_studio_gives_regions_with_what_their_controls_say() {
    let config = r#"<View><!-- <Label value="no"/> -->
      <Labels name="kind" toName="t"><Label value="Plan &amp; wish"/><Label value='Fear'/></Labels>
      <Text name="t" value="$body"/>
      <Choices name="strength" toName="t" perRegion="true"><Choice value="weak"/><Choice value="strong"/></Choices>
      <Choices name="ironic" toName="t" perRegion="true"><Choice value="yes"/><Choice value="no"/></Choices>
      <Number name="weight" toName="t" perRegion="true"/>
      <Choices name="topic" toName="t"><Choice value="all"/></Choices></View>"#;
    let region = |id: &str, name: &str, kind: &str, value: Json| {
        let mut it = json!({ "start": 3, "end": 9, "text": "we go\\n" });
        it.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        json!({ "id": id, "from_name": name, "to_name": "t", "type": kind, "value": it })
    };
    let other = json!({ "start": 9, "end": 16, "text": "or fall", "labels": ["Fear"] });
    let tasks = json!([{
        "id": 12,
        "data": { "body": "So we go\nor fall", "url": "https://example.org/a-longer-string-than-it" },
        "annotations": [
            { "completed_by": { "id": 4, "email": "ann@example.org" }, "was_cancelled": false,
              "created_at": "2026-01-02T03:04:05.678Z",
              "result": [
                region("a", "strength", "choices", json!({ "choices": ["weak"] })),
                region("a", "kind", "labels", json!({ "labels": ["Plan & wish"] })),
                region("a", "ironic", "choices", json!({ "choices": ["no"] })),
                region("a", "weight", "number", json!({ "number": 2.5 })),
                { "id": "b", "from_name": "kind", "type": "labels", "value": other },
                { "from_name": "topic", "type": "choices", "value": { "choices": ["all"] } },
                { "type": "relation", "from_id": "b", "to_id": "a", "direction": "left" },
              ] },
            { "completed_by": 5, "was_cancelled": true, "result": [] },
        ],
        "predictions": [{ "result": [] }],
    }]);
    let read = taken(&[("config.xml", config), ("export.json", &tasks.to_string())]);
    assert_eq!(
        shown(&read.project),
        [
            "12, ann@example.org, Plan & wish: we go\n [ironic YesNo(false)] [strength weak] \
             [weight Number(2.5)]",
            "12, ann@example.org, Fear: or fall",
        ]
    );
    assert_eq!(links(&read.project), ["we go\n relation or fall"]);
    let sets: Vec<Status> =
        read.project.sets_of(&"12".into()).map(|(_, row)| row.status()).collect();
    assert_eq!(sets, [Status::Skipped, Status::Done]);
    let scheme = read.project.scheme();
    assert_ne!(scheme.id.as_str(), "claims-denials-quotes");
    let labels: Vec<_> = scheme.labels.iter().map(|it| (&*it.name, it.attributes.len())).collect();
    assert_eq!(labels, [("Plan & wish", 3), ("Fear", 0)]);
    let kinds: Vec<_> = scheme.attributes.iter().map(|it| (it.id.as_str(), it.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("strength", AttributeKind::Choice),
            ("ironic", AttributeKind::YesNo),
            ("weight", AttributeKind::Number)
        ]
    );
    let said = said(&read);
    assert!(said.contains("A task has predictions"), "{said}");
    assert!(said.contains("A value is of no region with a label: topic"), "{said}");
}

#[test]
fn brat_gives_fragments_notes_and_attributes_and_what_is_not_taken_is_listed() {
    let text = "Ann: “It is\r\nlate 😀 now.”\r\nBo laughed.\r\n";
    let ann = "T1\tQuote 5 11;13 25\t“It is late 😀 now.”\n\
               T2\tSource 0 3;27 29\tAnn Bo\n\
               T3\tTalk 30 37\tlaughed\n\
               E1\tTalk:T3 Who:T2\n\
               R1\tSays Arg1:T1 Arg2:E1\n\
               A1\tSure T1\n\
               M2\tLoud E1 very\n\
               #1\tAnnotatorNotes T1\tspeaker=Ann; Bo\n\
               #2\tAnnotatorNotes T1\t1 + 1 = 2\n\
               *\tEquiv T1 T2\n\
               N1\tReference T1 Wiki:7\tIt\n\
               whatever\n\
               T9\tQuote 1000 1004\tnowhere at all\n";
    let conf = "[entities]\n!Thing\n\tQuote\n\tSource | Src\n[relations]\nSays\tArg1:Quote, Arg2:<ANY>\n\
                [events]\nTalk\tWho:Source\n[attributes]\nSure\tArg:Quote\nLoud\tArg:Talk, Value:very|barely\n";
    let read = taken(&[
        ("news/annotation.conf", conf),
        ("news/ann/rain.txt", text),
        ("news/ann/rain.ann", ann),
        ("news/ann/lone.ann", "T1\tQuote 0 1\tx\n"),
    ]);
    assert_eq!(
        shown(&read.project),
        [
            "news/rain, ann, Source: Ann; Bo",
            "news/rain, ann, quote: “It is\nlate 😀 now.” [Sure YesNo(true)] [speaker Ann+Bo] \
             (1 + 1 = 2)",
            "news/rain, ann, Talk: laughed [Loud very]",
        ]
    );
    assert_eq!(links(&read.project), ["“It is\nlate 😀 now.” Says laughed"]);
    let said = said(&read);
    for what in [
        "news/ann/lone.ann: There is no text beside it",
        "line 4: Of an event the trigger was taken, and not its roles: E1",
        "line 10: An equivalence",
        "line 11: A normalization: N1",
        "line 12: A line is of no kind that brat has: whatever",
        "line 13: A span is not in the text: T9 of news/rain",
    ] {
        assert!(said.contains(what), "{what}\n{said}");
    }
    assert_eq!(said.lines().count(), 6, "{said}");
}

/// A CAS of one text, whose words stand there in UTF-16, with more structures.
fn cas(text: &str, types: Json, more: &[Json]) -> String {
    let read = Text::new(text);
    let mut structures = vec![
        json!({ "%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": text, "sofaID": "_InitialView" }),
    ];
    for token in read.tokens() {
        let at = |pos| read.offset(pos, Unit::Utf16);
        structures.push(json!({
            "%ID": structures.len() + 1, "@sofa": 1, "begin": at(token.start()), "end": at(token.end()),
            "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token",
        }));
    }
    structures.extend(more.iter().cloned());
    json!({ "%TYPES": types, "%FEATURE_STRUCTURES": structures }).to_string()
}

#[test]
fn inception_gives_layers_of_any_name_and_curation_is_gold() {
    let types = json!({
        "webanno.custom.Stance": { "%NAME": "webanno.custom.Stance", "%SUPER_TYPE": "my.Base",
                                   "mood": { "%NAME": "mood", "%RANGE": "uima.cas.String" } },
        "my.Base": { "%NAME": "my.Base", "%SUPER_TYPE": "uima.tcas.Annotation" },
        "my.Info": { "%NAME": "my.Info", "%SUPER_TYPE": "uima.cas.TOP" },
        "my.Round": { "%NAME": "my.Round", "%SUPER_TYPE": "my.Round" },
    });
    let entity = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";
    let more = [
        json!({ "%ID": 90, "%TYPE": entity, "@sofa": 1, "begin": 3, "end": 6, "value": "PER" }),
        json!({ "%ID": 91, "%TYPE": "webanno.custom.Stance", "@sofa": 1, "begin": 7, "end": 11,
                "mood": "dark", "@links": [90] }),
        json!({ "%ID": 92, "%TYPE": "my.Link", "@sofa": 1, "begin": 3, "end": 6,
                "@source": 91, "@target": 90 }),
        json!({ "%ID": 93, "%TYPE": "my.Info", "begin": 0, "end": 2, "value": "no span" }),
        json!({ "%ID": 94, "%TYPE": "my.Round", "begin": 0, "end": 2 }),
    ];
    let cas = cas("😀 Ann rues it.", types, &more);
    let read = taken(&[
        ("annotation/rain.txt/ann.json", &cas),
        ("annotation/rain.txt/INITIAL_CAS.json", &cas),
        ("curation/rain.txt/CURATION_USER.json", &cas),
    ]);
    assert_eq!(
        shown(&read.project),
        [
            "rain.txt, gold, PER: Ann",
            "rain.txt, gold, Stance: rues [mood dark]",
            "rain.txt, ann, PER: Ann",
            "rain.txt, ann, Stance: rues [mood dark]",
        ]
    );
    assert_eq!(links(&read.project), ["rues Link Ann", "rues Link Ann"]);
    assert!(said(&read).contains("A feature is no text: @links"), "{}", said(&read));
}

#[test]
fn web_annotations_come_in_any_shape() {
    let text = "😀 Ann says yes. Bo says yes too.";
    let quote = |exact: &str, before: &str| json!({ "type": "TextQuoteSelector", "exact": exact, "prefix": before });
    let at = |start: u32, end: u32| json!({ "type": "TextPositionSelector", "start": start, "end": end });
    let items = json!([
        // As Recogito counts.
        { "id": "#1", "body": { "purpose": "tagging", "value": "quote" }, "creator": { "id": "u7", "name": "Ann" },
          "target": { "source": "x", "selector": [quote("says yes", ""), at(7, 15)] } },
        // The words alone, which stand there twice.
        { "id": "#2", "type": "Annotation", "body": [{ "value": "Doubt" }, { "purpose": "commenting", "value": "Hm." }],
          "creator": "Bo", "target": [{ "selector": quote("says yes", "Bo ") }] },
        { "id": "#3", "motivation": "highlighting", "creator": "Bo",
          "target": { "selector": { "type": "RangeSelector", "refinedBy": at(3, 6) } } },
        { "id": "#4", "motivation": "linking", "body": "#1", "target": { "id": "#2" } },
        { "id": "#5", "target": { "selector": quote("never said", "") }, "body": { "value": "Doubt" } },
    ]);
    let page = json!({ "@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationCollection",
                       "first": { "type": "AnnotationPage", "items": items } });
    for (name, content) in [("page.jsonld", page.to_string()), ("list.json", items.to_string())] {
        let read = taken(&[(name, &content), ("rain.txt", text)]);
        assert_eq!(
            shown(&read.project),
            [
                "rain, Ann, quote: says yes",
                "rain, Bo, highlighting: Ann",
                "rain, Bo, Doubt: says yes (Hm.)"
            ]
        );
        let text = read.project.text(&"rain".into()).unwrap();
        let doubt =
            read.project.annotation_at(&Place { article: "rain".into(), annotation: "#2".into() });
        assert_eq!(text.offset(doubt.unwrap().spans.first().start(), Unit::CodePoint), 19);
        assert_eq!(links(&read.project), ["says yes linking says yes"]);
        let said = said(&read);
        assert!(said.contains("Offsets count units of UTF-16 and not code points"), "{said}");
        assert!(said.contains("A span is not in the text: #5 of rain"), "{said}");
    }
}

#[test]
fn plain_files_of_spacy_conll_and_tables_are_read() {
    let doc = json!({
        "text": "😀 Ann rues it.",
        "tokens": [{ "start": 0, "end": 1 }, { "start": 2, "end": 5 }, { "start": 6, "end": 10 },
                   { "start": 11, "end": 13 }, { "start": 13, "end": 14 }],
        "ents": [{ "start": 2, "end": 5, "label": "PER" }],
        "spans": { "mine": [{ "start": 2, "end": 10, "label": "Rue", "kb_id": "" }] },
        "underscore_span": { "mood": [{ "start": 2, "end": 10, "value": "dark" }] },
        "_": { "relations": [{ "type": "of", "head": [2, 10, "Rue"], "child": [2, 5, "PER"] }] },
    });
    let read = taken(&[("doc.json", &serde_json::to_string_pretty(&doc).unwrap())]);
    assert_eq!(
        shown(&read.project),
        ["doc.json, imported, Rue: Ann rues [mood dark]", "doc.json, imported, PER: Ann"]
    );
    assert_eq!(links(&read.project), ["Ann rues of Ann"]);

    let iob = "-DOCSTART- -X- O O\r\n\r\nAnn NNP B-NP I-PER\r\nLee NNP I-NP I-PER\r\nBo NNP B-NP B-PER\r\n\
               rue VB B-VP O\r\n\r\nit PRP B-NP U-THING\r\n";
    let read = taken(&[("train.conll", iob)]);
    assert_eq!(
        shown(&read.project),
        [
            "train-1, imported, PER: Ann Lee",
            "train-1, imported, PER: Bo",
            "train-1, imported, THING: it"
        ]
    );
    assert_eq!(read.project.text(&"train-1".into()).unwrap().as_str(), "Ann Lee Bo rue\nit");

    let articles = "article_id;text\r\na;\"Ann said: \"\"No; never.\"\"\"\r\n";
    let annotations = "article_id;annotator;label;start;end;text;tone\r\n\
                       a;bo;quote;10;22;\"\"\"No; never.\"\"\";calm\r\na;;Who;0;3;Ann;\r\nz;;Who;0;3;Ann;\r\n";
    let read = taken(&[("articles.csv", articles), ("annotations.csv", annotations)]);
    assert_eq!(
        shown(&read.project),
        ["a, bo, quote: \"No; never.\" [tone calm]", "a, imported, Who: Ann"]
    );
    let said = said(&read);
    let what = "annotations.csv, line 4: An annotation is of an article that is not there";
    assert!(said.contains(what), "{said}");
}

#[test]
fn wrong_units_are_noticed_in_every_format_that_counts() {
    // As many signs of one unit as the sign that takes their place has in the other.
    let marked = |sign: &str| {
        let text = format!("{sign} Ann said: “It rains.” Bo said: “It never rains.”");
        let found = ["“It rains.”", "“It never rains.”", "Ann said", "Bo said"].iter().enumerate();
        let marks: Vec<Json> = found
            .map(|(at, words)| {
                let start = text[..text.find(words).unwrap()].chars().count();
                let end = start + words.chars().count();
                let span = json!({ "start": start, "end": end, "text": words });
                json!({ "id": format!("m{at}"), "label": "quote", "spans": [span] })
            })
            .collect();
        let set = json!({ "annotator": "ada", "annotations": marks });
        project(json!([{ "id": "a", "text": text, "sets": [set] }]), json!({}))
    };
    for (id, sign, notice) in [
        ("training", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("label-studio", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("brat", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("csv", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("web-annotation", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("doccano", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("doccano-spans", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("spacy", "☺☺", "Offsets count units of UTF-16 and not code points"),
        ("cas", "☺", "Offsets count code points and not units of UTF-16"),
    ] {
        let project = marked(sign);
        let export = format(id).unwrap().write(&project, &Choice::default()).unwrap();
        let wrong = sources(&export.files).into_iter().map(|file| {
            let text = file.text.replace(sign, "😀");
            SourceFile { text, ..file }
        });
        let read = dataset::read(&wrong.collect::<Vec<_>>(), "p".into(), NOW).unwrap();
        assert_eq!(words(&read.project), words(&project), "{id}");
        assert!(said(&read).contains(notice), "{id}: {}", said(&read));
        assert_eq!(said(&read).lines().count(), 1, "{id}: {}", said(&read));
    }
    // The words of a CAS may be right and what somebody's program added wrong.
    let text = "😀 Ann rues it, Bo denies it, and so do we.";
    let words = ["Ann", "rues", "it", "Bo", "denies", "and so", "do", "Ann rues"];
    let spans: Vec<Json> = (50..)
        .zip(words)
        .map(|(id, words)| {
            let begin = text[..text.find(words).unwrap()].chars().count();
            let end = begin + words.chars().count();
            json!({ "%TYPE": "my.Mark", "%ID": id, "@sofa": 1, "begin": begin, "end": end })
        })
        .collect();
    let read = taken(&[("a.json", &cas(text, json!({}), &spans))]);
    assert!(shown(&read.project).contains(&"a, imported, Mark: Ann rues".to_owned()));
    assert!(said(&read).contains("Offsets count code points and not units of UTF-16"));
}

#[test]
fn what_the_default_scheme_knows_becomes_that_and_the_rest_is_added() {
    let line = |labels: &[&str]| {
        let all: Vec<Json> = labels.iter().map(|label| json!([0, 3, label])).collect();
        json!({ "id": 1, "text": "One two.", "label": all }).to_string()
    };
    let read = taken(&[("a.jsonl", &line(&["QUOTE", "Plan", "order", "Fear"]))]);
    let scheme = read.project.scheme();
    assert_eq!((scheme.id.as_str(), scheme.version), ("claims-denials-quotes", 3));
    let labels: Vec<_> =
        scheme.labels.iter().map(|it| (it.id.as_str(), it.key.as_str(), it.color.name())).collect();
    assert_eq!(
        labels,
        [
            ("claim", "c", "blue"),
            ("denial", "d", "orange"),
            ("quote", "q", "green"),
            ("Plan", "", "purple"),
            ("order", "o", "red"),
            ("Fear", "", "teal")
        ]
    );
    assert_eq!(key_clashes(scheme, &OwnKeys::default()), []);

    // What differs in no more than case is two labels where the file has both.
    let read = taken(&[("a.jsonl", &line(&["claim", "Claim"]))]);
    assert_eq!(shown(&read.project).len(), 2);
    assert!(read.project.scheme().label(&"Claim".into()).is_some());

    let read = taken(&[("a.jsonl", &line(&["Dog", "Cat"]))]);
    let scheme = read.project.scheme();
    assert!(scheme.id.as_str().starts_with("imported-"), "{}", scheme.id);
    let labels: Vec<&str> = scheme.labels.iter().map(|it| it.id.as_str()).collect();
    assert_eq!((labels, scheme.attributes.len()), (vec!["Dog", "Cat"], 0));
    assert_eq!(key_clashes(scheme, &OwnKeys::default()), []);
}

#[test]
fn documents_of_one_text_are_one_article_and_ids_are_unique() {
    let row = |annotator: &str, text: &str, start: u32, id: &str| {
        json!({ "id": "a", "annotator": annotator, "text": text, "offset_unit": "code-point",
                "annotations": [{ "id": id, "label": "claim", "start": start, "end": start + 3 }] })
        .to_string()
    };
    let lines = [
        row("ann", "One two.", 0, "x"),
        row("bo", "One two.", 4, "x"),
        row("bo", "One two three.", 4, "y"),
        row("ann", "One two.", 4, "z"),
        row("gold", "One two.", 4, "d1-1"),
    ];
    let read = taken(&[("rows.jsonl", &lines.join("\n"))]);
    assert_eq!(
        shown(&read.project),
        [
            "a, gold, claim: two",
            "a, ann, claim: One",
            "a, ann, claim: two",
            "a, bo, claim: two",
            "a-2, bo, claim: two"
        ]
    );
    let mut ids = BTreeSet::new();
    for article in read.project.articles() {
        for set in read.project.loaded(&article.id).unwrap().sets.values() {
            assert!(set.keys().all(|id| ids.insert(id.clone())));
        }
    }
    assert!(ids.contains(&"z".into()) && !ids.contains(&"x".into()));
    assert!(said(&read).contains("An article has an id that one with another text has: a"));
    let names: Vec<String> = read.project.annotators().iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["ann", "bo"]);
}

/// Fragments that go over line ends, in a text that brat has with either line end.
#[test]
fn line_ends_of_another_kind_move_nothing() {
    for it in FORMATS {
        let export = it.write(&invented(), &Choice::default()).unwrap();
        let read = read_back(it, &export);
        let windows: Vec<SourceFile> = (sources(&export.files).into_iter())
            .map(|file| {
                let text = file.text.replace("\r\n", "\n").replace('\n', "\r\n");
                // Within strings of JSON, the text has them too; offsets still count as they did.
                let text = text.replace("\\n", "\\r\\n");
                SourceFile { text, ..file }
            })
            .collect();
        let again = it.read(&windows, "p".into(), NOW).unwrap();
        // Where there are no words, nobody can tell that they counted without.
        if !matches!(it.id, "doccano" | "doccano-spans" | "cas" | "spacy") {
            assert_eq!(words(&again.project), words(&read.project), "{}: {}", it.id, said(&again));
        }
    }
}

#[test]
fn what_is_no_dataset_and_what_has_no_text_is_said() {
    for (name, text) in [
        ("a.txt", "Only a text."),
        ("a.json", "{\"id\": 1}"),
        ("a.json", ""),
        ("a.jsonl", "\u{feff}"),
        ("a.csv", "one,two\n1,2\n"),
        ("a.bin", "\0\0\0\0"),
    ] {
        let error = dataset::read(&files(&[(name, text)]), "p".into(), NOW).unwrap_err();
        assert_eq!(error, Unreadable::Unknown, "{name}");
    }
    assert!(dataset::read(&[], "p".into(), NOW).is_err());
    for id in ["training", "csv"] {
        let without = Choice { text: false, ..Choice::default() };
        let export = format(id).unwrap().write(&invented(), &without).unwrap();
        let error = dataset::read(&sources(&export.files), "p".into(), NOW).unwrap_err();
        assert!(error.to_string().contains("There is no text in it"), "{error}");
    }
}

/// Beginnings of files of each format, to be made hostile.
const SEEDS: &[(&str, &str)] = &[
    (
        "a.jsonl",
        r#"{"id":"a","annotator":"b","text":"One two.","offset_unit":"code-point","status":"done","annotations":[{"id":"x","label":"claim","start":0,"end":3,"text":"One","spans":[{"start":0,"end":3,"text":"One"}],"attributes":{"speaker":[{"id":"s","name":"S","start":4,"end":7,"text":"two"}],"cue":[{"start":4,"end":7,"text":"two"}],"directness":"direct"},"group":"g","note":"n"}],"relations":[{"id":"r","type":"denies","from":"x","to":"x","to_article":"a"}],"regions":[{"start":4,"end":7,"kind":"k"}]}"#,
    ),
    (
        "a.jsonl",
        r#"{"id":1,"text":"😀 One two.","entities":[{"id":1,"label":"claim","start_offset":0,"end_offset":3}],"relations":[{"id":1,"from_id":1,"to_id":1,"type":"denies"}],"Comments":[1]}"#,
    ),
    (
        "a.json",
        r#"[{"id":1,"data":{"text":"One two."},"annotations":[{"completed_by":1,"result":[{"id":"x","from_name":"label","type":"labels","value":{"start":0,"end":3,"text":"One","labels":["claim"]}},{"id":"x","from_name":"mood","type":"choices","value":{"choices":["dark"]}},{"type":"relation","from_id":"x","to_id":"x","direction":"right","labels":["denies"]}]}]}]"#,
    ),
    (
        "a.json",
        r#"{"%TYPES":{"T":{"%SUPER_TYPE":"uima.tcas.Annotation"}},"%FEATURE_STRUCTURES":[{"%ID":1,"%TYPE":"uima.cas.Sofa","sofaString":"😀 One two."},{"%ID":2,"%TYPE":"T","@sofa":1,"begin":0,"end":3,"label":"claim","mood":"dark"},{"%ID":3,"%TYPE":"R","@sofa":1,"begin":0,"end":3,"@Governor":2,"@Dependent":2}]}"#,
    ),
    (
        "a.jsonl",
        r#"{"text":"😀 One two.","tokens":[{"start":0,"end":3}],"ents":[{"start":0,"end":3,"label":"claim"}],"spans":{"sc":[{"start":0,"end":3,"label":"claim"}]},"_":{"article":"a","annotations":[{"id":"x","label":"claim","spans":[{"start":0,"end":3}],"attributes":{"mood":"dark"}}],"relations":[{"type":"denies","from":"x","to":"x"}]},"underscore_span":{"mood":[{"start":0,"end":3,"value":"dark"}]}}"#,
    ),
    (
        "a.jsonld",
        r#"{"@context":["x",{"attribute_mood":"urn:avow:attribute:mo%6Fd"}],"type":"AnnotationPage","items":[{"id":"x","body":[{"purpose":"tagging","value":"claim","attribute_mood":"dark"}],"target":[{"source":"t.txt","selector":[{"start":0,"end":3},{"exact":"One","prefix":"","value":"char=0,3"}]}]},{"motivation":"linking","body":[{"purpose":"linking","source":"x"}],"target":"x"}]}"#,
    ),
];

/// Every value in some JSON replaced by another, one at a time.
fn replaced(json: &Json, by: &Json, to: &mut Vec<Json>) {
    fn each(json: &Json, by: &Json, found: &mut dyn FnMut(Json)) {
        found(by.clone());
        match json {
            Json::Object(keys) => {
                for (key, value) in keys {
                    each(value, by, &mut |value| {
                        let mut keys = keys.clone();
                        keys.insert(key.clone(), value);
                        found(Json::Object(keys));
                    });
                    let mut fewer = keys.clone();
                    fewer.remove(key);
                    found(Json::Object(fewer));
                }
            }
            Json::Array(items) => {
                for (at, value) in items.iter().enumerate() {
                    each(value, by, &mut |value| {
                        let mut items = items.clone();
                        items[at] = value;
                        found(Json::Array(items));
                    });
                }
            }
            _ => {}
        }
    }
    each(json, by, &mut |json| to.push(json));
}

/// What was read can be written, and as a project's file be read.
fn is_sound(read: &Read) {
    let written = native::write(&read.project).unwrap();
    let again = native::read("again.avow.json", &written).unwrap();
    let kind = "that is not of the scheme's kind";
    assert!(again.problems.iter().all(|it| it.what.contains(kind)), "{:?}", again.problems);
    format("training").unwrap().write(&read.project, &Choice::default()).unwrap();
}

#[test]
fn any_value_in_any_place_is_taken_or_listed() {
    for (name, seed) in SEEDS {
        let json: Json = serde_json::from_str(seed).unwrap();
        for by in [
            json!(null),
            json!(true),
            json!(-1),
            json!(2.5),
            json!(u64::MAX),
            json!(1e300),
            json!(""),
            json!("x\0\u{202e}"),
            json!([]),
            json!({}),
            json!([[[{ "start": 1 }]]]),
        ] {
            let mut all = Vec::new();
            replaced(&json, &by, &mut all);
            for (at, json) in all.into_iter().enumerate() {
                let text = json.to_string();
                let sources = files(&[(name, &text), ("t.txt", "One two.")]);
                let read = dataset::read(&sources, "p".into(), NOW);
                // Writing each would take most of the time.
                read.iter().filter(|_| at % 4 == 0).for_each(is_sound);
            }
        }
    }
}

#[test]
fn files_that_are_cut_off_or_nested_or_no_text_are_no_danger() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for (name, seed) in SEEDS {
        for at in (0..seed.len()).filter(|at| seed.is_char_boundary(*at)) {
            for text in [seed[..at].to_owned(), format!("{}\n{seed}", &seed[..at])] {
                let sources = files(&[(name, &text), ("t.txt", "One two.")]);
                if let Ok(read) = dataset::read(&sources, "p".into(), NOW) {
                    is_sound(&read);
                }
            }
        }
        // Told that it is of another format, it is read as far as that goes.
        for format in FORMATS {
            let _ = format.read(&files(&[(name, seed)]), "p".into(), NOW);
        }
        for hostile in [
            deep("[", "]"),
            deep("{\"text\":", "}"),
            seed.replace("One two.", "One \\ud800 two."),
            seed.replace("claim", &deep("[", "]")),
            format!("\u{feff}{seed}"),
            format!("{}\0", seed),
        ] {
            let sources = files(&[(name, &hostile), ("t.txt", "One two.")]);
            let _ = dataset::read(&sources, "p".into(), NOW).map(|read| is_sound(&read));
        }
    }
    for ann in [
        "T1",
        "T1\t",
        "T1\tA",
        "T1\tA 1",
        "T1\tA 3 1\tx",
        "T1\tA 0 3;2 5\tOne e t",
        "T1\tA 0 0\t",
        "T1\tA -1 99999999999999999999\tOne",
        "R1\tA",
        "R1\tA Arg1:T1",
        "A1\tA",
        "#1\tA",
        "E1\tA",
        "\0",
        "T1\tA 0 3\tOne\nT1\tB 4 7\ttwo\nR1\tX Arg1:T1 Arg2:T7\nA1\tM T9 v",
        "*",
        "😀\t😀",
        "T1\tA 0 3;4 7;4294967295 4294967295\tOne two x",
    ] {
        let read =
            taken(&[("a.ann", ann), ("a.txt", "One two."), ("annotation.conf", "[x\n]\n<\n!")]);
        is_sound(&read);
    }
    for config in [
        "<",
        "<View",
        "<Label",
        "<Label value",
        "<Label value=",
        "<Label value='x",
        "<!--",
        "</",
        "<a =b c<d>",
    ] {
        let _ =
            dataset::read(&files(&[SEEDS[2], ("config.xml", config)]), "p".into(), NOW).unwrap();
    }
}

/// What would take hours if it cost the square of its size.
#[test]
fn large_files_take_their_time_and_no_more() {
    let time = |many| {
        let started = std::time::Instant::now();
        read_large(many);
        started.elapsed()
    };
    let (some, ten_times_as_many) = (time(1_000), time(10_000));
    // What costs the square would take a hundred times as long.
    assert!(ten_times_as_many < some * 40, "{some:?}, {ten_times_as_many:?}");
}

/// Reads files that have so many of everything.
fn read_large(many: usize) {
    let text = "It never rained. ".repeat(30_000);
    // Words that stand nowhere, each of which is searched.
    let lost: Vec<Json> = (0..many)
        .map(|at| json!({ "label": format!("L{at}"), "start": at, "end": at + 9, "text": "It hailed" }))
        .collect();
    let row = json!({ "id": "a", "text": text, "offset_unit": "code-point", "annotations": lost });
    let read = taken(&[("a.jsonl", &row.to_string())]);
    let told = said(&read);
    assert!(told.contains("A span is not in the text"), "{told}");
    // All that would be searched is more than a gigabyte.
    assert_eq!(told.contains("and not all were searched"), many * text.len() > 1 << 30, "{told}");

    // Many sets of one text, many documents of one id, many links from one span.
    let sets: Vec<Json> = (0..many).map(|at| json!({ "completed_by": at, "result": [] })).collect();
    let task = json!([{ "id": 1, "data": { "text": text }, "annotations": sets }]);
    assert_eq!(taken(&[("a.json", &task.to_string())]).project.annotators().len(), many);
    let line =
        |at: usize| format!("{{\"id\":1,\"text\":\"One {at}\",\"label\":[[0,3,\"L{at}\"]]}}\n");
    let lines: String = (0..many).map(line).collect();
    assert_eq!(taken(&[("a.jsonl", &lines)]).project.article_count(), many);

    // Types each of which is below the one before, and no end of it.
    let count = 5 * many;
    let types: serde_json::Map<String, Json> = (0..count)
        .map(|at| (format!("T{at}"), json!({ "%SUPER_TYPE": format!("T{}", (at + 1) % count) })))
        .collect();
    let cas = cas("One two.", Json::Object(types), &[]);
    taken(&[("a.json", &cas)]);
}
