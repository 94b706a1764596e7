"""Training data, by `datasets` of Hugging Face."""

import datasets

from rows import Row, Wrong
from truth import same

datasets.disable_progress_bars()


def read(folder, truth):
    rows = datasets.load_dataset("json", data_dir=str(folder), split="train", cache_dir=str(folder / "cache"))
    types = rows.features
    assert not [it for it in types.values() if getattr(it, "dtype", "") in ("null", "Json")], types
    # Where each row has a date, the column is one of times.
    dates = [(it.article["id"], it.article["source"]["published"]) for it in truth.documents]
    same([(row["id"], str(row["published"])[:10]) for row in rows], dates, "dates")
    spans, relations, values = [], [], []
    for row in rows:
        text, speakers = row["text"], [it["id"] for it in truth.attributes if it["kind"] == "speaker"]
        for it in row["annotations"]:
            mentions = [one for name in speakers for one in it["attributes"][name]]
            for span in [it, *it["spans"], *mentions, *it["attributes"]["cue"]]:
                assert span["start"] == -1 or text[span["start"] : span["end"]] == span["text"], span
            spans += [(row["id"], row["annotator"], it["id"], it["label"], *place(s)) for s in it["spans"]]
            values += [(it["id"], name, line(value)) for name, value in it["attributes"].items() if value]
        relations += [
            (it["id"], it["type"], it["from"], it["to"] or it["to_group"] or it["to_text"], it["note"])
            for it in row["relations"]
        ]
    notes = [(it["id"], it["note"], it["group"]) for row in rows for it in row["annotations"]]
    every = [it for document in truth.documents for it in document.annotations]
    same(notes, [(it["id"], it["note"], truth.group(it)) for it in every], "notes and groups")
    same(mentions_in(rows), mentions_of(every), "mentions")
    counts = same(spans, truth.spans(), "spans"), same(relations, truth.relations(), "relations")
    return *counts, same(values, truth.all_values(), "values")


def place(span):
    return span["start"], span["end"], span["text"]


def line(value):
    return value if isinstance(value, str) else "; ".join(it.get("name", it["text"]) for it in value)


def mentions_in(rows):
    """Where speakers are named."""
    each = [(it["id"], speaker) for row in rows for it in row["annotations"] for speaker in it["attributes"]["speaker"]]
    return [(id, speaker["id"], speaker["start"]) for id, speaker in each]


def mentions_of(annotations):
    each = [(it["id"], speaker) for it in annotations for speaker in it["attributes"].get("speaker", [])]
    return [(id, speaker["id"], (speaker.get("mention") or {"start": -1})["start"]) for id, speaker in each]


ROWS = [
    Row(
        "training",
        "datasets",
        read,
        (
            Wrong("a span", "train.jsonl", '"start":30,"end":45', '"start":31,"end":46'),
            Wrong("a link", "train.jsonl", '"to":"inner"', '"to":"nested"'),
            Wrong("a value", "train.jsonl", '"directness":"mixed"', '"directness":"direct"'),
            Wrong("composed text", "train.jsonl", "Zoe\u0301 Adler said", "Zo\u00e9 Adler said"),
        ),
    )
]
