"""What the project holds, in the forms in which readers are asked for it.

Nothing here knows how Avow writes: the project's own file is read as docs/file-format.md says.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Document:
    """What one annotator, or `gold`, marked in an article."""

    article: dict
    owner: str
    status: str
    annotations: list
    relations: list

    @property
    def text(self):
        return self.article["text"]

    def links(self):
        """The relations that lead from an annotation of the document to another of it."""
        own = {it["id"] for it in self.annotations}
        return [it for it in self.relations if (it["to"] or {}).get("annotation") in own]


class Truth:
    """A project's annotations: those of its people, or the adjudicated ones."""

    def __init__(self, file, gold):
        self.project = json.loads(Path(file).read_text(encoding="utf-8"))
        self.names = {it["id"]: it["name"] for it in self.project["speakers"]}
        self.attributes = self.project["scheme"]["attributes"]
        chosen = []
        for article in self.project["articles"]:
            sets = [{"annotator": "gold", **article["gold"]}] if gold and article["gold"] else []
            chosen += [(article, it) for it in (sets if gold else article["sets"])]
        there = {it["id"] for _, of in chosen for it in of["annotations"]}
        self.documents = [self._document(article, of, there) for article, of in chosen]

    def _document(self, article, of, there):
        own = {it["id"] for it in of["annotations"]}
        leads = lambda to: "annotation" not in (to or {}) or to["annotation"] in there
        relations = [it for it in self.project["relations"] if it["from"]["annotation"] in own and leads(it["to"])]
        return Document(article, of["annotator"], of["status"], of["annotations"], relations)

    def document(self, text, owner):
        """The document of that text, for formats that name articles in their own way."""
        found = [it for it in self.documents if (it.text, it.owner) == (text, owner)]
        assert len(found) == 1, f"no document of {owner} has the text {text[:40]!r}"
        return found[0]

    def spans(self):
        """(article, owner, annotation, label, start, end, words) of each span."""
        return sorted(
            (it.article["id"], it.owner, of["id"], of["label"], span["start"], span["end"], span["text"])
            for it in self.documents
            for of in it.annotations
            for span in of["spans"]
        )

    def relations(self):
        """(id, type, from, to, note) of each relation; `to` is an annotation, a group, or words."""
        ends = lambda to: (to or {}).get("annotation") or (to or {}).get("group")
        return sorted(
            (it["id"], it["type"], it["from"]["annotation"], ends(it["to"]) or it["target_text"], it["note"])
            for document in self.documents
            for it in document.relations
        )

    def group(self, annotation):
        """The id of an annotation's group, or nothing."""
        members = lambda group: [it["annotation"] for it in group["members"]]
        return "".join(it["id"] for it in self.project["groups"] if annotation["id"] in members(it))

    def values(self, annotation):
        """Attributes as lines of text: names, words, yes or no, a number. What is empty is not there."""
        said = {it["id"]: self._plain(annotation["attributes"].get(it["id"]), it["kind"]) for it in self.attributes}
        return {name: value for name, value in said.items() if value}

    def _plain(self, value, kind):
        if value is None:
            return ""
        if kind == "speaker":
            return "; ".join(self.names[it["id"]] for it in value)
        if kind == "span":
            return "; ".join(it["text"] for it in value)
        if kind == "yes-no":
            return "yes" if value else "no"
        return f"{value:g}" if kind == "number" else value

    def all_values(self):
        """(annotation, attribute, value) of all that have one."""
        every = [it for document in self.documents for it in document.annotations]
        return sorted((it["id"], name, value) for it in every for name, value in self.values(it).items())


def same(found, wanted, what):
    """Says what differs, which two long lists do not."""
    found, wanted = sorted(found), sorted(wanted)
    odd, missing = [it for it in found if it not in wanted], [it for it in wanted if it not in found]
    assert found == wanted, f"{what}: found and not there {odd[:3]}, there and not found {missing[:3]}"
    return len(found)


def units(text, offset, unit):
    """An offset in code points as one in another unit."""
    return len(text[:offset].encode("utf-16-le")) // 2 if unit == "utf16" else offset


def cut(text, start, end, unit):
    """What stands between offsets of a unit."""
    if unit == "code-point":
        return text[start:end]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def plain(name):
    """What a name becomes where only plain words may stand."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "-", name)
    return name if name[:1].isalpha() else f"x{name}"


def touched(tokens, span):
    """From the first to the last of the tokens, each (start, end), that a span touches."""
    at = [at for at, (start, end) in enumerate(tokens) if start < span["end"] and span["start"] < end]
    return at[0], at[-1]
