//! UIMA CAS JSON, as INCEpTION and dkpro-cassis read it: a file for each set of an article.
//!
//! Offsets count UTF-16 units. The layers are INCEpTION's own for spans and relations, with a feature
//! for each attribute; spans of one `id` are one broken annotation.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value as Json, json};

use super::names::Names;
use super::xml::escaped;
use super::{Chosen, Counts, Document, File, Format, Held, Losses, Opened, Survey};
use crate::annotation::Annotation;
use crate::map::Map;
use crate::scheme::Scheme;
use crate::text::{Span, Unit};

pub(super) const FORMAT: Format = Format {
    id: "cas",
    name: "UIMA CAS JSON (INCEpTION)",
    about: "A file for each article, for INCEpTION and dkpro-cassis, with their type system.",
    units: &[Unit::Utf16],
    needs_text: true,
    load: "\
import cassis, glob
cas = cassis.load_cas_from_json(open(glob.glob(\"**/*.json\", recursive=True)[0], \"rb\"))
print([(it.label, it.get_covered_text()) for it in cas.select(\"custom.Span\")])",
};

const ANNOTATION: &str = "uima.tcas.Annotation";
const STRING: &str = "uima.cas.String";
const SPAN: &str = "custom.Span";
const RELATION: &str = "custom.Relation";
const SENTENCE: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence";
const TOKEN: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token";
/// Features of every span that are no attributes.
const OWN: [&str; 4] = ["label", "id", "group", "note"];
/// What the structure of a span has before its features.
const RESERVED: [&str; 7] = ["begin", "end", "sofa", "label", "id", "group", "note"];

/// An object whose keys keep their order: readers want the first to be first.
struct Keys(Vec<(String, Json)>);

impl Serialize for Keys {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// A type: its name, and its features each with what they range over.
type Type<'a> = (&'a str, Vec<(&'a str, &'a str)>);

fn types<'a>(scheme: &'a Scheme, features: &'a Names) -> Vec<Type<'a>> {
    let attributes = scheme.attributes.iter().map(|it| features.get(it.id.as_str()));
    let span = OWN.into_iter().chain(attributes).map(|name| (name, STRING)).collect();
    let relation = vec![("Governor", SPAN), ("Dependent", SPAN), ("label", STRING), ("id", STRING)];
    vec![(SPAN, span), (RELATION, relation), (SENTENCE, Vec::new()), (TOKEN, Vec::new())]
}

/// What the features of attributes are called.
fn features(scheme: &Scheme) -> Names {
    Names::identifiers(&RESERVED, scheme.attributes.iter().map(|it| it.id.as_str()))
}

pub(super) fn open(survey: &Survey, _: &Counts) -> Opened {
    let scheme = survey.project.scheme();
    let types = type_system(&types(scheme, &features(scheme)));
    let shared = vec![File::new("TypeSystem.xml", types)];
    Opened { shared, own_files: true, ..Opened::default() }
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let features = features(chosen.project.scheme());
    let mut pieces = Vec::new();
    for document in &chosen.documents {
        let owner = chosen.survey.owner_name(document);
        let name = format!("{owner}/{}.json", chosen.survey.article_name(&document.article.id));
        pieces.push(File::new(name, cas(document, chosen, &features, losses)));
    }
    pieces
}

/// The structures of a document while they are numbered.
struct Structures {
    all: Vec<Keys>,
}

impl Structures {
    /// The number that it gets.
    fn add(&mut self, kind: &str, keys: Vec<(&str, Json)>) -> usize {
        let id = self.all.len() + 1;
        let mut own = vec![("%ID".to_owned(), json!(id)), ("%TYPE".to_owned(), json!(kind))];
        own.extend(keys.into_iter().map(|(key, value)| (key.to_owned(), value)));
        self.all.push(Keys(own));
        id
    }
}

fn cas(
    document: &Document<'_>,
    chosen: &Chosen<'_>,
    features: &Names,
    losses: &mut Losses,
) -> String {
    let text = document.text;
    let mut all = Structures { all: Vec::new() };
    let at = |span: Span| {
        let (begin, end) = chosen.offsets(document, span);
        vec![("@sofa", json!(1)), ("begin", json!(begin)), ("end", json!(end))]
    };
    let sofa = [
        ("sofaNum", json!(1)),
        ("sofaID", json!("_InitialView")),
        ("mimeType", json!("text")),
        ("sofaString", json!(text.as_str())),
    ];
    all.add("uima.cas.Sofa", sofa.into());
    let mut whole = at(text.all());
    let language = document.article.source.language.as_deref().unwrap_or("x-unspecified");
    whole.push(("language", json!(language)));
    all.add("uima.tcas.DocumentAnnotation", whole);
    for sentence in text.sentences() {
        all.add(SENTENCE, at(sentence));
    }
    for token in text.tokens() {
        all.add(TOKEN, at(token));
    }

    let mut firsts = Map::new();
    for annotation in document.annotations.iter().copied() {
        let said = said(document, chosen, features, annotation, losses);
        for span in annotation.spans.iter() {
            let mut keys = at(span);
            keys.extend(said.iter().map(|(key, value)| (*key, json!(value))));
            let id = all.add(SPAN, keys);
            if firsts.get(&&annotation.id).is_none() {
                firsts.insert(&annotation.id, id);
            }
        }
    }
    for link in chosen.links(document, losses) {
        let mut keys = at(link.to.spans.first());
        keys.push(("@Governor", json!(firsts.get(&&link.from.id))));
        keys.push(("@Dependent", json!(firsts.get(&&link.to.id))));
        keys.push(("label", json!(link.relation.kind.as_str())));
        keys.push(("id", json!(link.relation.id.as_str())));
        all.add(RELATION, keys);
    }

    let members: Vec<usize> = (2..=all.all.len()).collect();
    let types = types(chosen.project.scheme(), features);
    let types = types.iter().map(|it| (it.0.to_owned(), type_json(it))).collect();
    let top = Top {
        types: Keys(types),
        structures: all.all,
        views: json!({ "_InitialView": { "%SOFA": 1, "%MEMBERS": members } }),
    };
    serde_json::to_string(&top).expect("keys are strings, and a String takes all") + "\n"
}

#[derive(serde::Serialize)]
struct Top {
    #[serde(rename = "%TYPES")]
    types: Keys,
    #[serde(rename = "%FEATURE_STRUCTURES")]
    structures: Vec<Keys>,
    #[serde(rename = "%VIEWS")]
    views: Json,
}

/// The features of an annotation that have a value.
fn said<'a>(
    document: &Document<'_>,
    chosen: &Chosen<'_>,
    features: &'a Names,
    annotation: &Annotation,
    losses: &mut Losses,
) -> Vec<(&'a str, String)> {
    let held = Held { note: true, group: true, broken: true, attributes: true };
    chosen.lose(document, annotation, held, losses);
    let own = [
        annotation.label.as_str(),
        annotation.id.as_str(),
        chosen.group(document, annotation),
        &annotation.note,
    ];
    let own = OWN.into_iter().zip(own.map(str::to_owned));
    let values = chosen.values(document, annotation, losses);
    let values = values.into_iter().map(|(it, value)| (features.get(it.id.as_str()), value));
    own.chain(values).filter(|(_, value)| !value.is_empty()).collect()
}

fn type_json((name, features): &Type<'_>) -> Json {
    let mut keys = serde_json::Map::new();
    keys.insert("%NAME".to_owned(), json!(name));
    keys.insert("%SUPER_TYPE".to_owned(), json!(ANNOTATION));
    for (feature, range) in features {
        keys.insert((*feature).to_owned(), json!({ "%NAME": feature, "%RANGE": range }));
    }
    Json::Object(keys)
}

/// The same types in the form of UIMA's own files.
fn type_system(types: &[Type<'_>]) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                   <typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n\
                   <types>\n"
        .to_owned();
    for (name, features) in types {
        out += &format!(
            "<typeDescription><name>{}</name><description/>\
             <supertypeName>{ANNOTATION}</supertypeName><features>\n",
            escaped(name)
        );
        for (feature, range) in features {
            out += &format!(
                "<featureDescription><name>{}</name><description/>\
                 <rangeTypeName>{}</rangeTypeName></featureDescription>\n",
                escaped(feature),
                escaped(range)
            );
        }
        out += "</features></typeDescription>\n";
    }
    out + "</types>\n</typeSystemDescription>\n"
}
