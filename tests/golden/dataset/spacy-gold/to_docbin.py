"""Makes a DocBin beside each file of documents: python to_docbin.py spacy.jsonl"""

import json
import sys
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

# spaCy takes only what is announced.
for name in ("article", "title", "annotator", "status", "annotations", "relations"):
    Doc.set_extension(name, default=None)

vocab = spacy.blank("xx").vocab
for path in map(Path, sys.argv[1:]):
    with path.open(encoding="utf-8") as lines:
        docs = [Doc(vocab).from_json(json.loads(line)) for line in lines]
    DocBin(docs=docs, store_user_data=True).to_disk(path.with_suffix(".spacy"))
    longest = max((len(span) for doc in docs for span in doc.spans["sc"]), default=0)
    print(f"{path}: {len(docs)} documents; the longest span has {longest} tokens")
