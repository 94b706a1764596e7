"""One epoch of spaCy's spancat, trained on the DocBin that the script beside the lines makes."""

import json
import subprocess
import sys

import spacy
from spacy.tokens import DocBin

from rows import Row, Wrong
from truth import same


def read(folder, truth):
    run = lambda *line: subprocess.run([sys.executable, *line], cwd=folder, check=True, capture_output=True)
    run("to_docbin.py", "spacy.jsonl")
    docs = list(DocBin().from_disk(folder / "spacy.spacy").get_docs(spacy.blank("xx").vocab))
    lengths = sorted({len(span) for doc in docs for span in doc.spans["sc"]})
    run("-m", "spacy", "init", "config", "train.cfg", "--lang", "xx", "--pipeline", "spancat", "--force")
    suggester = f"--components.spancat.suggester.sizes={json.dumps(lengths)}"
    data = ["--paths.train=spacy.spacy", "--paths.dev=spacy.spacy", "--training.max_epochs=1"]
    run("-m", "spacy", "train", "train.cfg", "--output=model", *data, suggester)
    model = spacy.load(folder / "model" / "model-last")
    used = {it["label"] for document in truth.documents for it in document.annotations}
    same(model.get_pipe("spancat").labels, used, "labels")
    for document in truth.documents:
        model(document.text)
    return len(truth.spans()), 0, 0


ROWS = [
    Row(
        "spacy",
        "spacy",
        read,
        (
            Wrong("a span within a token", "spacy.jsonl", '"sc":[{"start":30,', '"sc":[{"start":33,'),
            Wrong("a label", "spacy.jsonl", '"label":"open question","kb_id"', '"label":"open","kb_id"'),
        ),
        name="spacy, trained",
    )
]
