"""Web Annotations, put on a document by @apache-annotator/dom and by @recogito/text-annotator in Node."""

import json
import subprocess
from pathlib import Path

from readers.web_annotation import ROWS as BY_PYLD
from rows import Row, Wrong
from truth import same

NODE = Path(__file__).parent.parent / "node"


def found_by(script, folder):
    done = subprocess.run(["node", NODE / script, folder], check=True, capture_output=True)
    return [{**it, "id": it["id"].rsplit(":", 1)[1]} for it in json.loads(done.stdout)]


def read_by_apache(folder, truth):
    found = found_by("apache.mjs", folder)
    for it in found:
        # What surrounds the words makes them the only ones.
        assert len(it["quote"]) == 1 and it["position"] == it["quote"], it
    return compare([(it["id"], it["position"][0]) for it in found], truth)


def read_by_recogito(folder, truth):
    return compare([(it["id"], it["words"]) for it in found_by("recogito.mjs", folder)], truth)


def compare(found, truth):
    return same(found, [(id, words) for _, _, id, _, _, _, words in truth.spans()], "spans"), 0, 0


POSITION, WORDS = BY_PYLD[0].wrong[:2]
CODE_POINTS = Wrong("the unit", "annotations.jsonld", '"end": 158,\n', '"end": 156,\n')
APACHE = Row("web-annotation", "@apache-annotator/dom", read_by_apache, (POSITION, WORDS))
RECOGITO = Row(
    "web-annotation", "@recogito/text-annotator", read_by_recogito, (POSITION, CODE_POINTS), ("--unit", "utf16")
)
ROWS = [APACHE, RECOGITO]
