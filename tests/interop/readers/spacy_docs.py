"""Doc JSON, by spaCy, and the DocBin that the script beside it makes."""

import json
import subprocess
import sys

import spacy
from spacy.tokens import Doc, DocBin

from rows import Row, Wrong
from truth import same, touched

# What stands in `_` is taken only where it was announced.
for name in ("article", "title", "annotator", "status", "annotations", "relations"):
    Doc.set_extension(name, default=None)


def read_lines(folder, truth):
    lines = (folder / "spacy.jsonl").read_bytes().decode().split("\n")[:-1]
    vocab = spacy.blank("xx").vocab
    return compare([Doc(vocab).from_json(json.loads(line), validate=True) for line in lines], truth)


def read_docbin(folder, truth):
    read_lines(folder, truth)
    script = [sys.executable, folder / "to_docbin.py", folder / "spacy.jsonl"]
    subprocess.run(script, check=True, capture_output=True)
    return compare(list(DocBin().from_disk(folder / "spacy.spacy").get_docs(spacy.blank("xx").vocab)), truth)


def compare(docs, truth):
    same(
        [(doc._.article, doc._.annotator) for doc in docs],
        [(it.article["id"], it.owner) for it in truth.documents],
        "docs",
    )
    spans, wanted, relations, links, values, notes = [], [], [], [], [], []
    for doc in docs:
        document = truth.document(doc.text, doc._.annotator)
        assert doc.text == "".join(token.text_with_ws for token in doc)
        assert doc[0].is_sent_start and doc.has_annotation("SENT_START")
        key = (doc._.article, doc._.annotator)
        found = [(of.label_, of.start_char, of.end_char, of.text) for of in doc.spans["sc"]]
        spans += [(*key, *it) for it in found]
        # A span takes all of the tokens that it touches.
        tokens = [(it.idx, it.idx + len(it)) for it in doc if not it.is_space]
        expected = []
        for it in document.annotations:
            ends = [touched(tokens, span) for span in it["spans"]]
            pieces = [(tokens[first][0], tokens[last][1]) for first, last in ends]
            expected += [(it["id"], it["label"], *piece, doc.text[slice(*piece)]) for piece in pieces]
        wanted += [(*key, *it[1:]) for it in expected]
        pieces = [(it["id"], it["label"], of["start"], of["end"]) for it in doc._.annotations for of in it["spans"]]
        same(pieces, [it[:-1] for it in expected], "spans of annotations")
        values += [(it["id"], name, value) for it in doc._.annotations for name, value in it["attributes"].items()]
        notes += [(it["id"], it["note"], it["group"]) for it in doc._.annotations]
        relations += [(it["id"], it["type"], it["from"], it["to"]) for it in doc._.relations]
        links += [(it["id"], it["type"], it["from"]["annotation"], it["to"]["annotation"]) for it in document.links()]
    every = [it for document in truth.documents for it in document.annotations]
    same(notes, [(it["id"], it["note"], truth.group(it)) for it in every], "notes and groups")
    counts = same(spans, wanted, "spans"), same(relations, links, "relations")
    return *counts, same(values, truth.all_values(), "values")


WRONG = (
    # From the quotation mark to the word after it: both are edges of tokens.
    Wrong("a span", "spacy.jsonl", '"sc":[{"start":30,', '"sc":[{"start":31,'),
    Wrong("an end within a token", "spacy.jsonl", '"sc":[{"start":30,', '"sc":[{"start":33,'),
    Wrong("a link", "spacy.jsonl", '"to":"inner"', '"to":"nested"'),
    Wrong("a value", "spacy.jsonl", '"directness":"mixed"', '"directness":"direct"'),
)
ROWS = [
    Row("spacy", "spacy", read_lines, WRONG),
    Row("spacy", "spacy", read_docbin, WRONG[:1], name="spacy, as DocBin"),
]
