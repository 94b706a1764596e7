"""Web Annotations: as linked data by PyLD and rdflib, which see what a processor sees."""

import json
from importlib.metadata import version

import rdflib
from pyld import jsonld

from rows import Row, Wrong
from truth import same

# The words of http://www.w3.org/ns/anno.jsonld that a page uses: the published file is not fetched.
IRI, NAME = {"@type": "@id"}, {"@type": "@vocab"}
TIME = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
COUNT = {"@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"}
CONTEXT = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
    **{
        name: f"oa:{name}"
        for name in (
            "Annotation TextualBody SpecificResource TextPositionSelector TextQuoteSelector "
            "tagging linking commenting classifying exact prefix suffix"
        ).split()
    },
    "AnnotationPage": "as:OrderedCollectionPage",
    "AnnotationCollection": "as:OrderedCollection",
    "body": {"@id": "oa:hasBody", **IRI},
    "target": {"@id": "oa:hasTarget", **IRI},
    "source": {"@id": "oa:hasSource", **IRI},
    "selector": {"@id": "oa:hasSelector", **IRI},
    "motivation": {"@id": "oa:motivatedBy", **NAME},
    "purpose": {"@id": "oa:hasPurpose", **NAME},
    "value": {"@id": "rdf:value"},
    "start": {"@id": "oa:start", **COUNT},
    "end": {"@id": "oa:end", **COUNT},
    "created": {"@id": "dcterms:created", **TIME},
    "modified": {"@id": "dcterms:modified", **TIME},
    "items": {"@id": "as:items", "@container": "@list", **IRI},
    "partOf": {"@id": "as:partOf", **IRI},
    "total": {"@id": "as:totalItems", **COUNT},
    "startIndex": {"@id": "as:startIndex", **COUNT},
}
BASE = "https://example.org/dataset/"
PREFIXES = f"""
PREFIX oa: <{CONTEXT["oa"]}>
PREFIX rdf: <{CONTEXT["rdf"]}>
PREFIX avow: <urn:avow:>
"""
SPANS = """
SELECT ?it ?owner ?label ?source ?start ?end ?exact ?prefix ?suffix WHERE {
  ?it a oa:Annotation ; oa:motivatedBy oa:classifying ; avow:annotator ?owner ; oa:hasTarget ?target .
  ?it oa:hasBody [ oa:hasPurpose oa:tagging ; rdf:value ?label ] .
  ?target oa:hasSource ?source ; oa:hasSelector [ oa:start ?start ; oa:end ?end ] .
  ?target oa:hasSelector [ oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix ] .
}"""
LINKS = """
SELECT ?it ?kind ?from ?to WHERE {
  ?it oa:motivatedBy oa:linking ; oa:hasTarget ?from ; oa:hasBody [ oa:hasPurpose oa:tagging ; rdf:value ?kind ] .
  ?it oa:hasBody [ oa:hasPurpose oa:linking ; oa:hasSource ?to ] .
}"""
VALUES = """
SELECT ?it ?name ?value WHERE {
  ?it oa:motivatedBy oa:classifying ; oa:hasBody ?body .
  { ?body oa:hasPurpose oa:tagging ; ?name ?value . FILTER(STRSTARTS(STR(?name), "urn:avow:")) }
  UNION { ?body oa:hasPurpose oa:commenting ; rdf:value ?value . BIND(<urn:avow:note> AS ?name) }
}"""


def load(url, _options):
    assert url == "http://www.w3.org/ns/anno.jsonld", url
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": CONTEXT},
        "contentType": "application/ld+json",
    }


def read(folder, truth):
    page = json.loads((folder / "annotations.jsonld").read_text(encoding="utf-8"))
    jsonld.set_document_loader(load)
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=jsonld.to_rdf(page, {"format": "application/n-quads", "base": BASE}), format="nquads")
    ask = lambda query: [tuple(it.toPython() for it in row) for row in graph.query(PREFIXES + query)]
    last = lambda iri: str(iri).rsplit(":", 1)[1]
    spans, wanted = [], []
    for it, owner, label, source, start, end, exact, prefix, suffix in ask(SPANS):
        text = (folder / str(source).removeprefix(BASE)).read_bytes().decode()
        assert text[start:end] == exact, (it, exact)
        assert text[:start].endswith(prefix) and text[end:].startswith(suffix), (it, prefix, suffix)
        document = truth.document(text, owner)
        spans.append((document.article["id"], owner, last(it), label, start, end, exact))
    relations = [(last(it), kind, last(one), last(other)) for it, kind, one, other in ask(LINKS)]
    # Links to a group, or to words that are in no text, are not there.
    leads = [it for document in truth.documents for it in document.relations if "annotation" in (it["to"] or {})]
    links = [(it["id"], it["type"], it["from"]["annotation"], it["to"]["annotation"]) for it in leads]
    values = [(last(it), last(name), value) for it, name, value in ask(VALUES)]
    for document in truth.documents:
        for it in document.annotations:
            given = {**truth.values(it), "group": truth.group(it), "note": it["note"]}
            wanted += [(it["id"], name, value) for name, value in given.items() if value]
    assert len(page["items"]) == page["partOf"]["total"] == len({it[2] for it in spans}) + len(relations)
    counts = same(spans, truth.spans(), "spans"), same(relations, links, "relations")
    return *counts, same(values, wanted, "values")


ROWS = [
    Row(
        "web-annotation",
        "rdflib",
        read,
        (
            Wrong("a span", "annotations.jsonld", '"start": 30,', '"start": 31,'),
            Wrong("the words", "annotations.jsonld", "Zoe\u0301 Adler said", "Zo\u00e9 Adler said"),
            Wrong(
                "a link",
                "annotations.jsonld",
                '"source": "urn:avow:annotation:inner"',
                '"source": "urn:avow:annotation:nested"',
            ),
            Wrong(
                "a value", "annotations.jsonld", '"attribute_directness": "mixed"', '"attribute_directness": "direct"'
            ),
            Wrong("a word of the context", "annotations.jsonld", '"attribute_tone": "urn', '"attribute_tune": "urn'),
        ),
        name=f"web-annotation, PyLD {version('PyLD')}",
    )
]
