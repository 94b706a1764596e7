//! UIMA CAS in JSON, as INCEpTION exports it and as we write it.
//!
//! A type whose super types lead to `uima.tcas.Annotation` is a layer: of relations where its
//! structures lead from one to another, of spans else. Offsets count UTF-16 units, and there are no
//! covered words; but words and sentences stand there too and tell if they do.

use std::collections::BTreeMap;

use super::brat::owned;
use super::incoming::{
    At, InAnnotation, InDocument, InPlace, InRelation, InSpan, InTarget, InValue, Incoming, Units,
};
use super::json::Json;
use super::places::Places;
use super::{Peeked, SourceFile, file_name, files_of, stem};
use crate::text::Unit;

const ANNOTATION: &str = "uima.tcas.Annotation";
const SOFA: &str = "uima.cas.Sofa";
/// Layers that say where the text has its parts.
const PARTS: [&str; 3] = ["Sentence", "Token", "DocumentAnnotation"];
/// Layers that say something of the whole.
const METADATA: [&str; 2] = ["DocumentMetaData", "CASMetadata"];
/// Features that are no attributes.
const OWN: [&str; 9] = ["begin", "end", "^begin", "^end", "label", "id", "group", "note", "sofa"];
/// Where a relation starts and where it leads, by what layers call it.
const ENDS: [(&str, &str); 2] = [("@Governor", "@Dependent"), ("@source", "@target")];

pub(in crate::format::dataset) fn is_file(file: &Peeked<'_>) -> bool {
    file.keys.has("%FEATURE_STRUCTURES")
}

pub(in crate::format::dataset) fn read(files: &[SourceFile], to: &mut Incoming) {
    for file in files_of(files, is_file) {
        let at = file.at();
        match Json::parse(file.text) {
            Ok(cas) => {
                let document = document(at, &cas, to);
                to.documents.extend(document);
            }
            Err(error) => {
                let remedy = "It was left out; export it again";
                to.notes.note(&at, "It is not JSON", remedy, &error.to_string());
            }
        }
    }
}

/// Whose a file is and which article it is of: a folder for each annotator, or, in what INCEpTION
/// exports, a folder for each article.
fn place(path: &str) -> Option<(Option<String>, String)> {
    let folders: Vec<&str> = path.split('/').collect();
    if let [.., "annotation" | "curation" | "annotation_ser" | "curation_ser", article, _] =
        &folders[..]
    {
        return match stem(file_name(path)) {
            // What nobody has touched yet.
            "INITIAL_CAS" => None,
            "CURATION_USER" => Some((Some("gold".to_owned()), (*article).to_owned())),
            user => Some((Some(user.to_owned()), (*article).to_owned())),
        };
    }
    let (owner, article) = owned(stem(path));
    Some((owner.map(str::to_owned), article))
}

/// The structures of a file, each with its number.
fn structures<'a>(cas: &'a Json<'a>) -> Vec<(String, &'a Json<'a>)> {
    let all = cas.get("%FEATURE_STRUCTURES");
    let listed = all.list().iter().map(|it| (it.get("%ID").text().into_owned(), it));
    listed.chain(all.entries().iter().map(|(id, it)| (id.to_string(), it))).collect()
}

fn document(at: At, cas: &Json, to: &mut Incoming) -> Option<InDocument> {
    let (owner, article) = place(&at.file)?;
    let all = structures(cas);
    let sofa = all.iter().find(|(_, it)| {
        &*it.get("%TYPE").text() == SOFA && it.get("sofaString").as_str().is_some()
    });
    let (view, text) = match sofa {
        Some((id, sofa)) => (id.as_str(), sofa.get("sofaString").as_str().unwrap_or_default()),
        None => ("", ""),
    };
    let text = Places::of(text);
    let mut document = InDocument::new(at, article, text, Units::Likely(Unit::Utf16));
    document.owner = owner;
    let layers = Layers::of(cas.get("%TYPES"));
    let mut reader = Reader { document, marks: BTreeMap::new(), ids: BTreeMap::new() };
    for (id, structure) in &all {
        let kind = structure.get("%TYPE").text();
        let sofa = structure.get("@sofa");
        if !sofa.is_null() && &*sofa.text() != view {
            let what = "Something is of another view of the text";
            to.notes.note(&reader.document.at, what, "It was left out", short(&kind));
        } else if METADATA.contains(&short(&kind)) {
            reader.document.title = structure.get("documentTitle").given();
        } else if layers.has(&kind, structure) {
            reader.structure(id, short(&kind), structure, to);
        }
    }
    let relations = all.iter().filter(|(_, it)| layers.has(&it.get("%TYPE").text(), it));
    for (_, structure) in relations {
        reader.relation(short(&structure.get("%TYPE").text()), structure);
    }
    Some(reader.document)
}

/// Which types are annotations.
struct Layers(BTreeMap<String, bool>);

impl Layers {
    fn of(types: &Json) -> Layers {
        let above: BTreeMap<&str, &Json> =
            types.entries().iter().map(|(name, it)| (&**name, it.get("%SUPER_TYPE"))).collect();
        let mut known = BTreeMap::from([(ANNOTATION.to_owned(), true)]);
        for name in above.keys() {
            // The way up to what is known; one that comes back to itself leads nowhere.
            let (mut way, mut at) = (Vec::new(), *name);
            let found = loop {
                if let Some(known) = known.get(at) {
                    break *known;
                }
                known.insert(at.to_owned(), false);
                way.push(at);
                match above.get(at).and_then(|it| it.as_str()) {
                    Some(next) => at = next,
                    None => break at == DOCUMENT,
                }
            };
            known.extend(way.into_iter().map(|it| (it.to_owned(), found)));
        }
        Layers(known)
    }

    /// Whether a structure is an annotation; of a type that the file does not tell, one with a start
    /// and an end is.
    fn has(&self, kind: &str, structure: &Json) -> bool {
        let stands = !structure.any(&["begin", "^begin"]).is_null();
        self.0.get(kind).copied().unwrap_or(stands)
    }
}

/// A built-in type that files need not declare.
const DOCUMENT: &str = "uima.tcas.DocumentAnnotation";

/// A type's name without what stands before it.
fn short(kind: &str) -> &str {
    kind.rsplit('.').next().unwrap_or(kind)
}

struct Reader {
    document: InDocument,
    /// By number, which annotation a structure is of.
    marks: BTreeMap<String, usize>,
    /// By id and label, which annotation it is: spans of one are one.
    ids: BTreeMap<(String, String), usize>,
}

impl Reader {
    fn structure(&mut self, number: &str, kind: &str, structure: &Json, to: &mut Incoming) {
        let start = structure.any(&["begin", "^begin"]).offset();
        let end = structure.any(&["end", "^end"]).offset();
        if PARTS.contains(&kind) {
            self.document.tokens.extend(start.zip(end));
            let language = structure.get("language").given();
            let language = language.filter(|it| it != "x-unspecified");
            self.document.source.language = self.document.source.language.take().or(language);
            return;
        }
        if ends(structure).is_some() {
            return;
        }
        let text = |key: &str| structure.get(key).text().into_owned();
        let span = InSpan::at(start, end);
        let (id, label) = (text("id"), label(kind, structure));
        let known = self.ids.get(&(id.clone(), label.clone())).copied();
        if let Some(at) = known.filter(|_| !id.is_empty()) {
            self.marks.insert(number.to_owned(), at);
            self.document.annotations[at].spans.push(span);
            return;
        }
        let at = self.document.annotations.len();
        self.marks.insert(number.to_owned(), at);
        self.ids.insert((id.clone(), label.clone()), at);
        let mut annotation = match id.is_empty() {
            true => InAnnotation::numbered(number.to_owned(), label),
            false => InAnnotation::named(id, label),
        };
        annotation.spans = vec![span];
        annotation.group = text("group");
        annotation.note = text("note");
        for (name, value) in structure.entries() {
            if name.starts_with('%') || name == "@sofa" || OWN.contains(&&**name) {
                continue;
            }
            // The label, where there is none that is called so.
            if name == "value" && structure.get("label").given().is_none() {
                continue;
            }
            match value.given() {
                Some(value) if !name.starts_with(['@', '^']) => {
                    annotation.attributes.push((name.to_string(), InValue::Text(value)));
                }
                None if value.is_null() => {}
                _ => {
                    let what = "A feature is no text";
                    to.notes.note(&self.document.at, what, "It was left out", name);
                }
            }
        }
        self.document.annotations.push(annotation);
    }

    fn relation(&mut self, kind: &str, structure: &Json) {
        let Some((from, to)) = ends(structure) else { return };
        let end = |number: &Json| {
            let mark = self.marks.get(&*number.text());
            let mark = mark.and_then(|at| self.document.annotations.get(*at));
            InPlace::here(mark.map_or("", |it| &it.id))
        };
        let relation = InRelation {
            at: self.document.at.clone(),
            id: structure.get("id").text().into_owned(),
            kind: label(kind, structure),
            owner: None,
            from: end(from),
            to: InTarget::Annotation(end(to)),
            note: structure.get("note").text().into_owned(),
        };
        self.document.relations.push(relation);
    }
}

/// What a structure says that it is; else what its layer is called.
fn label(kind: &str, structure: &Json) -> String {
    structure.any(&["label", "value"]).given().unwrap_or_else(|| kind.to_owned())
}

/// Where a structure leads from and to, if it is of a layer of relations.
fn ends<'a>(structure: &'a Json<'a>) -> Option<(&'a Json<'a>, &'a Json<'a>)> {
    let ends = ENDS.iter().map(|(from, to)| (structure.get(from), structure.get(to)));
    ends.into_iter().find(|(from, to)| !from.is_null() || !to.is_null())
}
