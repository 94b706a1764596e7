//! Tables in CSV: articles and annotations, and links if they are there. Other separators are taken
//! too.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::incoming::{
    At, InAnnotation, InAttribute, InDocument, InPlace, InRelation, InSpan, InTarget, InValue,
    Incoming, Units,
};
use super::places::Places;
use super::training::status_named;
use super::{Peeked, SourceFile, files_of};
use crate::format::dataset::tables::COLUMNS;
use crate::project::Source;
use crate::text::Unit;

/// What a table holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Articles,
    Annotations,
    Relations,
}

/// Whether a column of annotations is an attribute. Other tables have a status beside annotations too.
fn is_attribute(column: &str) -> bool {
    column != "status" && !COLUMNS.contains(&column)
}

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    kind(file.text).is_some()
}

/// What a table holds and what separates its cells, by its first line.
fn kind(text: &str) -> Option<(Kind, u8)> {
    let first = text.lines().next().unwrap_or_default();
    [',', ';', '\t'].into_iter().find_map(|between| {
        let cells: Vec<&str> = first.split(between).map(|it| it.trim().trim_matches('"')).collect();
        let has = |name: &str| cells.contains(&name);
        let kind = if has("from_annotation") && has("to_annotation") {
            Kind::Relations
        } else if has("article_id") && has("label") && (has("start") || has("start_utf16")) {
            Kind::Annotations
        } else if has("article_id") && has("text") {
            Kind::Articles
        } else {
            return None;
        };
        Some((kind, between as u8))
    })
}

/// A row, by the names of its columns.
struct Row {
    at: At,
    cells: csv::StringRecord,
}

/// The rows of a table.
struct Table {
    columns: BTreeMap<String, usize>,
    names: Vec<String>,
    rows: Vec<Row>,
}

impl Table {
    fn get<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        let index = self.columns.get(column);
        index.and_then(|index| row.cells.get(*index)).unwrap_or_default()
    }

    fn text(&self, row: &Row, column: &str) -> String {
        self.get(row, column).to_owned()
    }

    fn given(&self, row: &Row, column: &str) -> Option<String> {
        Some(self.text(row, column)).filter(|it| !it.is_empty())
    }

    fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
}

/// Reads a table; rows that are none are noted.
fn table(file: &Peeked<'_>, between: u8, to: &mut Incoming) -> Table {
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder
        .delimiter(between)
        .has_headers(false)
        .flexible(true)
        .from_reader(file.text.as_bytes());
    let mut table = Table { columns: BTreeMap::new(), names: Vec::new(), rows: Vec::new() };
    // The reader's own lines are those where it stopped before, within line ends of two signs.
    let (mut line, mut counted) = (1, 0);
    let mut at = |position: Option<&csv::Position>| {
        let from = position.map_or(counted, |it| it.byte() as usize).max(counted);
        let rest = file.text.as_bytes().get(counted..).unwrap_or_default();
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let blank = rest.iter().skip(from - counted).take_while(|byte| ends(byte)).count();
        let passed = rest.iter().take(from - counted + blank);
        line += passed.filter(|byte| **byte == b'\n').count() as u32;
        counted = from + blank;
        file.at().line(line)
    };
    for record in reader.records() {
        match record {
            Ok(cells) if table.names.is_empty() => {
                table.names = cells.iter().map(|it| it.trim().to_owned()).collect();
                table.columns = table.names.iter().cloned().zip(0..).collect();
            }
            Ok(cells) => {
                let at = at(cells.position());
                table.rows.push(Row { at, cells });
            }
            Err(error) => {
                let at = at(error.position());
                let remedy = "It was left out; write the table again";
                to.notes.note(&at, "A row cannot be read", remedy, &error.to_string());
            }
        }
    }
    table
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    let mut tables: Vec<(Kind, Table)> = Vec::new();
    for file in files_of(files, is_file) {
        if let Some((kind, between)) = kind(file.text) {
            tables.push((kind, table(&file, between, to)));
        }
    }
    let mut sets = Sets::default();
    let of = |wanted: Kind| tables.iter().filter(move |(kind, _)| *kind == wanted);
    for (_, table) in of(Kind::Articles) {
        sets.articles(table, to);
    }
    for (_, table) in of(Kind::Annotations) {
        sets.annotations(table, to);
    }
    for (_, table) in of(Kind::Relations) {
        to.relations.extend(table.rows.iter().map(|row| relation(table, row)));
    }
}

/// Documents while they are filled.
#[derive(Default)]
struct Sets {
    /// By article and annotator, the document; by article, the first of it.
    known: BTreeMap<(String, String), usize>,
    articles: BTreeMap<String, usize>,
    /// By text, that it is kept.
    texts: BTreeMap<String, Arc<Places>>,
    /// By document and id, the annotation.
    annotations: BTreeMap<(usize, String), usize>,
}

impl Sets {
    fn articles(&mut self, table: &Table, to: &mut Incoming) {
        for row in &table.rows {
            let (article, raw) = (table.text(row, "article_id"), table.get(row, "text"));
            let text = match self.texts.get(raw) {
                Some(text) => text.clone(),
                None => Places::of(raw),
            };
            self.texts.insert(raw.to_owned(), text.clone());
            let units = Units::Declared(Unit::CodePoint);
            let mut document = InDocument::new(row.at.clone(), article.clone(), text, units);
            document.owner = table.given(row, "annotator");
            document.status = status_named(table.get(row, "status"));
            document.title = table.has("title").then(|| table.text(row, "title"));
            document.source = Source {
                url: table.given(row, "url"),
                publisher: table.given(row, "publisher"),
                published: table.given(row, "published"),
                language: table.given(row, "language"),
                ..Source::default()
            };
            let set = (article.clone(), table.text(row, "annotator"));
            self.known.entry(set).or_insert(to.documents.len());
            self.articles.entry(article).or_insert(to.documents.len());
            to.documents.push(document);
        }
    }

    /// The document of a row; a new one of the article's text where the annotator has none.
    fn document(&mut self, table: &Table, row: &Row, to: &mut Incoming) -> Option<usize> {
        let (article, owner) = (table.text(row, "article_id"), table.text(row, "annotator"));
        if let Some(known) = self.known.get(&(article.clone(), owner.clone())) {
            return Some(*known);
        }
        let first = to.documents.get(*self.articles.get(&article)?)?;
        let mut document =
            InDocument::new(row.at.clone(), article.clone(), first.text.clone(), first.units);
        document.title = first.title.clone();
        document.source = first.source.clone();
        document.owner = Some(owner.clone()).filter(|it| !it.is_empty());
        to.documents.push(document);
        self.known.insert((article, owner), to.documents.len() - 1);
        Some(to.documents.len() - 1)
    }

    fn annotations(&mut self, table: &Table, to: &mut Incoming) {
        let attributes = table.names.iter().filter(|it| !it.is_empty() && is_attribute(it));
        let attributes: Vec<&String> = attributes.collect();
        let declared = attributes.iter().map(|name| InAttribute::new(name, None));
        to.declared.attributes.extend(declared);
        // Without the column of code points, that of UTF-16 units.
        let (start, end, unit) = match table.has("start") {
            true => ("start", "end", Unit::CodePoint),
            false => ("start_utf16", "end_utf16", Unit::Utf16),
        };
        for row in &table.rows {
            let id = table.text(row, "annotation_id");
            let Some(index) = self.document(table, row, to) else {
                let what = "An annotation is of an article that is not there";
                let remedy = "It was left out; put the table of articles beside it";
                to.notes.note(&row.at, what, remedy, &id);
                continue;
            };
            let document = &mut to.documents[index];
            document.units = Units::Declared(unit);
            let offset = |column| table.get(row, column).trim().parse::<u32>().ok();
            let words = table.text(row, "text");
            let span = InSpan { words, ..InSpan::at(offset(start), offset(end)) };
            let known = self.annotations.get(&(index, id.clone())).filter(|_| !id.is_empty());
            if let Some(at) = known {
                document.annotations[*at].spans.push(span);
                continue;
            }
            self.annotations.insert((index, id.clone()), document.annotations.len());
            let mut annotation = InAnnotation::named(id, table.text(row, "label"));
            annotation.at = Some(row.at.clone());
            annotation.spans = vec![span];
            annotation.group = table.text(row, "group");
            annotation.note = table.text(row, "note");
            let value =
                |name: &String| Some((name.clone(), InValue::Text(table.given(row, name)?)));
            annotation.attributes = attributes.iter().filter_map(|name| value(name)).collect();
            document.annotations.push(annotation);
        }
    }
}

fn relation(table: &Table, row: &Row) -> InRelation {
    let text = |column| table.text(row, column);
    let place = |article, id| InPlace { article: Some(text(article)), id: text(id) };
    let to = match (text("to_annotation"), text("to_group")) {
        (id, _) if !id.is_empty() => InTarget::Annotation(place("to_article", "to_annotation")),
        (_, group) if !group.is_empty() => InTarget::Group(group),
        _ => InTarget::Words(text("to_text")),
    };
    InRelation {
        at: row.at.clone(),
        id: text("relation_id"),
        kind: text("type"),
        owner: table.has("annotator").then(|| text("annotator")),
        from: place("from_article", "from_annotation"),
        to,
        note: text("note"),
    }
}
