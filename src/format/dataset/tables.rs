//! Tables in CSV (RFC 4180): articles, annotations and relations.
//!
//! An annotation has one row for each of its spans. Offsets stand in two units beside each other:
//! `start` and `end` count code points (Python), `start_utf16` and `end_utf16` count what JavaScript
//! and Java do. Nothing is put before a cell that a spreadsheet would take for a formula, since that
//! would change the text.

use super::chosen::end;
use super::{Chosen, Counts, Document, File, Format, Frame, Losses, Opened, Survey};
use crate::annotation::Annotation;
use crate::text::{Span, Unit};

pub(super) const FORMAT: Format = Format {
    id: "csv",
    name: "Tables (CSV)",
    about: "Articles, annotations and relations, with offsets in code points and in UTF-16.",
    units: &[],
    needs_text: false,
    load: "\
import pandas
annotations = pandas.read_csv(\"FOLDERannotations.csv\", dtype=str, keep_default_na=False)
print(annotations[[\"label\", \"text\"]])",
};

/// A table while it is written.
struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new() -> Table {
        let mut builder = csv::WriterBuilder::new();
        Table(builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        // All rows have as many cells as the first, and a vector takes all.
        self.0.write_record(cells).expect("a row of the table");
    }

    fn into_lines(self) -> String {
        String::from_utf8(self.0.into_inner().unwrap_or_default()).expect("cells are UTF-8")
    }
}

const ARTICLES_FILE: &str = "articles.csv";
const ANNOTATIONS_FILE: &str = "annotations.csv";
const RELATIONS_FILE: &str = "relations.csv";

pub(super) fn open(survey: &Survey, _: &Counts) -> Opened {
    let attributes = &survey.project.scheme().attributes;
    let ids: Vec<&str> = attributes.iter().map(|it| it.id.as_str()).collect();
    let frame = |name, columns: &[&str]| {
        let mut table = Table::new();
        table.row(columns.iter().copied());
        Frame { before: table.into_lines(), ..Frame::plain(name) }
    };
    Opened {
        frames: vec![
            frame(ARTICLES_FILE, &ARTICLE_COLUMNS),
            frame(ANNOTATIONS_FILE, &[&COLUMNS, &ids[..]].concat()),
            frame(RELATIONS_FILE, &RELATION_COLUMNS),
        ],
        ..Opened::default()
    }
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    vec![
        File::new(ARTICLES_FILE, articles(chosen).into_lines()),
        File::new(ANNOTATIONS_FILE, annotations(chosen, losses).into_lines()),
        File::new(RELATIONS_FILE, relations(chosen).into_lines()),
    ]
}

const ARTICLE_COLUMNS: [&str; 10] = [
    "article_id",
    "annotator",
    "status",
    "title",
    "url",
    "publisher",
    "published",
    "language",
    "sha256",
    "text",
];

const RELATION_COLUMNS: [&str; 10] = [
    "relation_id",
    "type",
    "annotator",
    "from_article",
    "from_annotation",
    "to_article",
    "to_annotation",
    "to_group",
    "to_text",
    "note",
];

fn articles(chosen: &Chosen<'_>) -> Table {
    let mut table = Table::new();
    for document in &chosen.documents {
        let (article, source) = (document.article, &document.article.source);
        let given = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        table.row([
            article.id.as_str(),
            document.owner_id(),
            document.status.name(),
            &article.title,
            &given(&source.url),
            &given(&source.publisher),
            &given(&source.published),
            &given(&source.language),
            document.text.hash(),
            if chosen.choice.text { document.text.as_str() } else { "" },
        ]);
    }
    table
}

/// What comes before the columns of attributes.
pub(super) const COLUMNS: [&str; 13] = [
    "article_id",
    "annotator",
    "annotation_id",
    "label",
    "span",
    "spans",
    "start",
    "end",
    "start_utf16",
    "end_utf16",
    "text",
    "group",
    "note",
];

fn annotations(chosen: &Chosen<'_>, losses: &mut Losses) -> Table {
    let mut table = Table::new();
    for document in &chosen.documents {
        for annotation in &document.annotations {
            let values = chosen.values(document, annotation, losses);
            for (at, span) in annotation.spans.iter().enumerate() {
                let own = own_cells(document, chosen, annotation, at, span);
                table.row(
                    own.iter().chain(values.iter().map(|(_, value)| value)).map(String::as_str),
                );
            }
        }
    }
    table
}

fn own_cells(
    document: &Document<'_>,
    chosen: &Chosen<'_>,
    annotation: &Annotation,
    at: usize,
    span: Span,
) -> [String; 13] {
    let offset = |pos, unit| document.text.offset(pos, unit).to_string();
    [
        document.article.id.to_string(),
        document.owner_id().to_owned(),
        annotation.id.to_string(),
        annotation.label.to_string(),
        (at + 1).to_string(),
        annotation.spans.len().to_string(),
        offset(span.start(), Unit::CodePoint),
        offset(span.end(), Unit::CodePoint),
        offset(span.start(), Unit::Utf16),
        offset(span.end(), Unit::Utf16),
        document.words(span, chosen.choice).to_owned(),
        chosen.group(document, annotation).to_owned(),
        annotation.note.clone(),
    ]
}

fn relations(chosen: &Chosen<'_>) -> Table {
    let mut table = Table::new();
    for relation in chosen.documents.iter().flat_map(|it| &it.relations) {
        let (to_article, to_annotation, to_group) = end(relation);
        table.row([
            relation.id.as_str(),
            relation.kind.as_str(),
            relation.annotator.as_str(),
            relation.from.article.as_str(),
            relation.from.annotation.as_str(),
            to_article,
            to_annotation,
            to_group,
            relation.target_text.as_deref().unwrap_or_default(),
            &relation.note,
        ]);
    }
    table
}
