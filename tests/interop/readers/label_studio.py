"""Label Studio's tasks, by its SDK. It does not look at offsets and words: that is done here."""

import json

from label_studio_sdk.label_interface import LabelInterface

from rows import Row, Wrong
from truth import same


def read(folder, truth):
    config = LabelInterface((folder / "config.xml").read_text(encoding="utf-8"))
    config.validate()
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    spans, wanted, relations, links, values, expected = [], [], [], [], [], []
    for task in tasks:
        text, owners = task["data"]["text"], task["data"]["annotators"]
        assert len(owners) == len(task["annotations"])
        for owner, annotation in zip(owners, task["annotations"]):
            # The SDK's validate_task() fails on every task that has annotations, so they are taken alone.
            assert config.validate_annotation(annotation), annotation
            document = truth.document(text, owner)
            assert task["data"]["article"] == document.article["id"]
            assert annotation["ground_truth"] == (owner == "gold")
            for it in annotation["result"]:
                if it["type"] == "relation":
                    relations.append((it["labels"], it["from_id"], it["to_id"], it["direction"]))
                    continue
                value, place = it["value"], (it["id"], it["value"]["start"], it["value"]["end"])
                words = text[place[1] : place[2]]
                if it["type"] == "labels":
                    assert value["text"] == words, it
                    spans.append((owner, *place, value["labels"], words))
                else:
                    content = value.get("choices") or value.get("text") or [f"{value['number']:g}"]
                    values.append((*place, it["from_name"], *content))
            for it in document.annotations:
                for at, span in enumerate(it["spans"]):
                    place = (it["id"] if at == 0 else f"{it['id']}-{at + 1}", span["start"], span["end"])
                    wanted.append((owner, *place, [it["label"]], span["text"]))
                    given = {**truth.values(it), **({"note": it["note"]} if it["note"] else {})}
                    expected += [(*place, name, value) for name, value in given.items()]
            links += [
                ([it["type"]], it["from"]["annotation"], it["to"]["annotation"], "right") for it in document.links()
            ]
    counts = same(spans, wanted, "spans"), same(relations, links, "relations")
    return *counts, same(values, expected, "values")


ROWS = [
    Row(
        "label-studio",
        "label-studio-sdk",
        read,
        (
            Wrong("a span", "tasks.json", '"start": 30,\n', '"start": 31,\n'),
            Wrong(
                "a label", "tasks.json", '"labels": [\n                "quote"', '"labels": [\n                "qoute"'
            ),
            Wrong("a label of the configuration", "config.xml", '<Label value="quote"/>', '<Label value="qoute"/>'),
            Wrong("a link", "tasks.json", '"to_id": "inner"', '"to_id": "nested"'),
            Wrong("a value", "tasks.json", '"mixed"', '"direct"'),
        ),
    )
]
