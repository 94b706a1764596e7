"""Reads what Avow writes with the tools that people read it with, and compares it with the project.

Run as `python interop.py AVOW PROJECT FOLDER`: AVOW is the command, PROJECT a project's file, FOLDER an
empty one to work in. `cargo xtask test --interop` does all that. Each reader is also given a file that
is wrong on purpose, and must notice it.
"""

import json
import subprocess
import sys
from pathlib import Path

import datasets
import pandas

AVOW, PROJECT, FOLDER = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
TRUTH = json.loads(PROJECT.read_text(encoding="utf-8"))


def convert(to):
    out = FOLDER / to
    subprocess.run([AVOW, "convert", PROJECT, "--to", to, "--boilerplate", "-o", out], check=True, capture_output=True)
    return out


def truth_spans():
    """What the project holds: (article, annotator, annotation, label, start, end, text) of each span."""
    return sorted(
        (article["id"], of["annotator"], it["id"], it["label"], span["start"], span["end"], span["text"])
        for article in TRUTH["articles"]
        for of in article["sets"]
        for it in of["annotations"]
        for span in it["spans"]
    )


def truth_relations():
    """(id, type, from, to) of each relation; to is an annotation, a group, or words."""
    ends = lambda to: (to or {}).get("annotation") or (to or {}).get("group") or ""
    return sorted(
        (it["id"], it["type"], it["from"]["annotation"], ends(it["to"]) or it["target_text"]) for it in TRUTH["relations"]
    )


def truth_speakers():
    """(annotation, speaker's name, place of the mention or -1) of each speaker that is given."""
    names = {it["id"]: it["name"] for it in TRUTH["speakers"]}
    return sorted(
        (it["id"], names[speaker["id"]], (speaker.get("mention") or {"start": -1})["start"])
        for article in TRUTH["articles"]
        for of in article["sets"]
        for it in of["annotations"]
        for speaker in it["attributes"].get("speaker", [])
    )


def read_training(folder):
    rows = datasets.load_dataset("json", data_files=str(folder / "train.jsonl"), split="train", cache_dir=str(FOLDER / "cache"))
    spans, relations, speakers = [], [], []
    for row in rows:
        for it in row["annotations"]:
            for span in [it, *it["spans"], *it["attributes"]["speaker"], *it["attributes"]["cue"]]:
                assert span["start"] == -1 or row["text"][span["start"] : span["end"]] == span["text"], span
            spans += [(row["id"], row["annotator"], it["id"], it["label"], s["start"], s["end"], s["text"]) for s in it["spans"]]
            speakers += [(it["id"], s["name"], s["start"]) for s in it["attributes"]["speaker"]]
        relations += [(it["id"], it["type"], it["from"], it["to"] or it["to_group"] or it["to_text"]) for it in row["relations"]]
    assert sorted(spans) == truth_spans()
    assert sorted(relations) == truth_relations()
    assert sorted(speakers) == truth_speakers()
    return len(spans), len(relations)


def read_tables(folder):
    read = lambda name: pandas.read_csv(folder / name, dtype=str, keep_default_na=False)
    articles, annotations, relations = read("articles.csv"), read("annotations.csv"), read("relations.csv")
    texts = dict(zip(articles.article_id, articles.text))
    spans = []
    for it in annotations.itertuples():
        text, start, end = texts[it.article_id], int(it.start), int(it.end)
        units = text.encode("utf-16-le")
        assert text[start:end] == it.text, it
        assert units[2 * int(it.start_utf16) : 2 * int(it.end_utf16)].decode("utf-16-le") == it.text, it
        spans.append((it.article_id, it.annotator, it.annotation_id, it.label, start, end, it.text))
    found = [(it.relation_id, it.type, it.from_annotation, it.to_annotation or it.to_group or it.to_text) for it in relations.itertuples()]
    assert sorted(spans) == truth_spans()
    assert sorted(found) == truth_relations()
    return len(spans), len(found)


def notices(read, folder, name, before, after):
    """Whether a reader stumbles over a file in which one thing is wrong."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert before in text, before
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    try:
        read(folder)
    except AssertionError:
        return
    raise SystemExit(f"the reader of {name} did not notice that {before!r} became {after!r}")


ROWS = [
    ("training", "datasets", datasets.__version__, read_training, "train.jsonl", '"start":20', '"start":21'),
    ("csv", "pandas", pandas.__version__, read_tables, "annotations.csv", ",5,19,5,20,", ",5,19,5,19,"),
]
datasets.disable_progress_bars()
print(f"{'format':<10} {'reader':<10} {'version':<9} spans links")
for to, reader, version, read, name, before, after in ROWS:
    folder = convert(to)
    spans, links = read(folder)
    print(f"{to:<10} {reader:<10} {version:<9} {spans:>5} {links:>5}")
    notices(read, folder, name, before, after)
