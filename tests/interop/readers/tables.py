"""Tables, by pandas."""

import pandas

from rows import Row, Wrong
from truth import cut, same


def read(folder, truth):
    table = lambda name: pandas.read_csv(folder / name, dtype=str, keep_default_na=False)
    articles, annotations, relations = table("articles.csv"), table("annotations.csv"), table("relations.csv")
    wanted = [(it.article["id"], it.owner, it.status, it.text) for it in truth.documents]
    same(articles[["article_id", "annotator", "status", "text"]].itertuples(index=False, name=None), wanted, "articles")
    texts = dict(zip(articles.article_id, articles.text))
    spans, values, notes = [], set(), set()
    for it in annotations.to_dict("records"):
        text, start, end = texts[it["article_id"]], int(it["start"]), int(it["end"])
        assert text[start:end] == it["text"], it
        assert cut(text, int(it["start_utf16"]), int(it["end_utf16"]), "utf16") == it["text"], it
        spans.append((it["article_id"], it["annotator"], it["annotation_id"], it["label"], start, end, it["text"]))
        given = [of["id"] for of in truth.attributes if it[of["id"]]]
        values |= {(it["annotation_id"], name, it[name]) for name in given}
        notes.add((it["annotation_id"], it["note"], it["group"], it["spans"]))
    every = [it for document in truth.documents for it in document.annotations]
    same(notes, [(it["id"], it["note"], truth.group(it), str(len(it["spans"]))) for it in every], "notes and groups")
    found = [
        (it.relation_id, it.type, it.from_annotation, it.to_annotation or it.to_group or it.to_text, it.note)
        for it in relations.itertuples()
    ]
    counts = same(spans, truth.spans(), "spans"), same(found, truth.relations(), "relations")
    return *counts, same(values, truth.all_values(), "values")


ROWS = [
    Row(
        "csv",
        "pandas",
        read,
        (
            Wrong("a span", "annotations.csv", ",30,45,30,45,", ",31,46,31,46,"),
            Wrong("a UTF-16 offset", "annotations.csv", ",138,156,140,158,", ",138,156,138,156,"),
            Wrong("a link", "relations.csv", ",ferry,inner,", ",ferry,nested,"),
            Wrong("a value", "annotations.csv", "\u201d,,,,,mixed,", "\u201d,,,,,direct,"),
        ),
    )
]
