"""UIMA CAS JSON, by dkpro-cassis, with the type system beside it."""

import cassis

from rows import Row, Wrong
from truth import same

SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type."
OWN = ["label", "id", "group", "note"]


def read(folder, truth):
    with open(folder / "TypeSystem.xml", "rb") as file:
        alone = cassis.load_typesystem(file)
    names = [*OWN, *(it["id"] for it in truth.attributes)]
    spans, wanted, relations, links, values, expected = [], [], [], [], [], []
    files = sorted(folder.glob("*/*.json"))
    assert len(files) == len(truth.documents)
    for file in files:
        with open(file, "rb") as content:
            cas = cassis.load_cas_from_json(content)
        for kind in ("custom.Span", "custom.Relation"):
            features = lambda system: sorted((it.name, it.rangeType.name) for it in system.get_type(kind).features)
            assert features(cas.typesystem) == features(alone), kind
        owner = file.parent.name
        document = truth.document(cas.sofa_string, owner)
        covered = [it.get_covered_text() for it in cas.select(SEGMENTATION + "Token")]
        assert "".join(covered) == "".join(cas.sofa_string.split()), "tokens"
        sentences = [it.get_covered_text() for it in cas.select(SEGMENTATION + "Sentence")]
        assert "".join("".join(sentences).split()) == "".join(covered), "sentences"
        for it in cas.select("custom.Span"):
            said = {name: it.get(name) for name in names if it.get(name)}
            spans.append((owner, it.begin, it.end, it.get_covered_text(), it.label, it.id))
            values += [(owner, it.begin, name, value) for name, value in said.items() if name not in ("label", "id")]
        for it in cas.select("custom.Relation"):
            relations.append((it.id, it.label, it.Governor.id, it.Dependent.id, it.begin, it.end))
        ends = {it["id"]: it["spans"][0] for it in document.annotations}
        for it in document.annotations:
            given = {**truth.values(it), "group": truth.group(it), "note": it["note"]}
            for span in it["spans"]:
                wanted.append((owner, span["start"], span["end"], span["text"], it["label"], it["id"]))
                expected += [(owner, span["start"], name, value) for name, value in given.items() if value]
        for it in document.links():
            to = ends[it["to"]["annotation"]]
            own = it["id"], it["type"], it["from"]["annotation"], it["to"]["annotation"]
            links.append((*own, to["start"], to["end"]))
    counts = same(spans, wanted, "spans"), same(relations, links, "relations")
    return *counts, same(values, expected, "values")


ROWS = [
    Row(
        "cas",
        "dkpro-cassis",
        read,
        (
            # Code points, where UTF-16 units are meant: there is an emoji before.
            Wrong("a span", "bo/ferry.json", '"begin":140,"end":158,"label"', '"begin":138,"end":156,"label"'),
            Wrong("a link", "ada/ferry.json", '"@Governor":91,"@Dependent":92', '"@Governor":92,"@Dependent":91'),
            Wrong("a value", "ada/ferry.json", '"directness":"mixed"', '"directness":"direct"'),
            Wrong("the type system", "TypeSystem.xml", "<name>tone</name>", "<name>tune</name>"),
            Wrong("composed text", "ada/ferry.json", "Zoe\u0301 Adler said", "Zo\u00e9 Adler said"),
        ),
    )
]
