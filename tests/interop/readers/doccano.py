"""doccano's lines, as plain JSON: offsets in both units, and what the import needs beside them."""

import json
from functools import partial

from rows import Row, Wrong
from truth import cut, same, units


def read(folder, truth, unit, related):
    lines = (folder / "doccano.jsonl").read_bytes().decode().split("\n")
    spans, links, wanted, joined = [], [], [], []
    for row in map(json.loads, lines[:-1]):
        document = truth.document(row["text"], row["annotator"])
        key = (row["article"], row["annotator"])
        assert key == (document.article["id"], document.owner)
        entities = row.get("entities", [])
        found = [(it["start_offset"], it["end_offset"], it["label"]) for it in entities] if related else row["label"]
        spans += [(*key, start, end, label, cut(row["text"], start, end, unit)) for start, end, label in found]
        place = lambda it: tuple(units(document.text, it[end], unit) for end in ("start", "end"))
        pairs = [(it, span) for it in document.annotations for span in it["spans"]]
        wanted += [(*key, *place(span), it["label"], span["text"]) for it, span in pairs]
        # An end is named by an id that is nobody else's in the file.
        by_id = {it["id"]: (it["start_offset"], it["end_offset"], it["label"]) for it in entities}
        assert len(by_id) == len(entities)
        links += [(*key, it["type"], by_id[it["from_id"]], by_id[it["to_id"]]) for it in row.get("relations", [])]
        ends = {it["id"]: (*place(it["spans"][0]), it["label"]) for it in document.annotations}
        joined += [
            (*key, it["type"], ends[it["from"]["annotation"]], ends[it["to"]["annotation"]]) for it in document.links()
        ]
    return same(spans, wanted, "spans"), same(links, joined if related else [], "relations"), 0


def row(format, unit, related):
    place = '"start_offset":30,"end_offset":45', '"start_offset":31,"end_offset":46'
    wrong = [Wrong("a span", "doccano.jsonl", *(place if related else ("[30,45,", "[31,46,")))]
    here, other = ("140,158", "138,156") if unit == "utf16" else ("138,156", "140,158")
    keys = lambda pair: '"start_offset":{},"end_offset":{}'.format(*pair.split(",")) if related else f"[{pair},"
    wrong.append(Wrong("the unit", "doccano.jsonl", keys(here), keys(other)))
    if related:
        wrong.append(Wrong("a link", "doccano.jsonl", '"from_id":5,"to_id":6', '"from_id":6,"to_id":5'))
    return Row(format, "json", partial(read, unit=unit, related=related), tuple(wrong), ("--unit", unit))


ROWS = [
    row(format, unit, format == "doccano")
    for format in ("doccano", "doccano-spans")
    for unit in ("code-point", "utf16")
]
