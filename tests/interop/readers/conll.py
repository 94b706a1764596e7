"""CoNLL, by seqeval: as it takes tags where training scores them, a sentence after the other."""

from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities

from rows import Row, Wrong
from truth import same, touched


def read_single(folder, truth):
    documents = []
    for block in (folder / "conll.conll").read_bytes().decode().split("-DOCSTART- -X- -X- O\n\n")[1:]:
        rows = [[line.split(" ") for line in it.split("\n")] for it in sentences(block)]
        assert all(len(row) == 4 for sentence in rows for row in sentence)
        documents.append([[(row[0], row[3]) for row in sentence] for sentence in rows])
    return compare([(None, it) for it in documents], truth)


def read_tiers(folder, truth):
    head, rest = (folder / "tiers.tsv").read_bytes().decode().split("\n", 1)
    labels = head.split("\t")[1:]
    names = [it["id"] for it in truth.project["scheme"]["labels"]]
    assert labels == names
    documents = []
    for block in ("\n" + rest).split("\n# article ")[1:]:
        rows = [[line.split("\t") for line in it.split("\n")] for it in sentences(block.split("\n", 1)[1])]
        columns = {name: [[(row[0], row[at + 1]) for row in it] for it in rows] for at, name in enumerate(labels)}
        documents.append(columns)
    counts = [compare([(name, it[name]) for it in documents], truth)[0] for name in labels]
    return sum(counts), 0, 0


def sentences(block):
    return [it.strip("\n") for it in block.split("\n\n") if it.strip("\n")]


def compare(columns, truth):
    """Columns of the documents, in their order, of one label or of all."""
    assert len(columns) == len(truth.documents)
    found, wanted = [], []
    for number, (document, (label, column)) in enumerate(zip(truth.documents, columns)):
        tokens, starts, at = [], [], 0
        for sentence in column:
            starts.append(len(tokens))
            for word, _ in sentence:
                at = document.text.index(word, at)
                tokens.append((at, at + len(word)))
                at += len(word)
        assert "".join(word for it in column for word, _ in it) == "".join(document.text.split())
        for start, sentence in zip(starts, column):
            tags = [tag for _, tag in sentence]
            loose = get_entities(tags)
            strict = [(it.tag, it.start, it.end - 1) for it in Entities([tags], IOB2).entities[0]]
            assert loose == strict, (loose, strict)
            found += [(number, kind, start + first, start + last) for kind, first, last in loose]
        wanted += [(number, *it) for it in kept(document, tokens, starts, label)]
    return same(found, wanted, "spans"), 0, 0


def kept(document, tokens, starts, label):
    """What has room: the longest spans first, of two as long the earlier; in pieces, one a sentence."""
    own = [it for it in document.annotations if label in (None, it["label"])]
    spans = [(*touched(tokens, span), it["label"]) for it in own for span in it["spans"]]
    taken = set()
    for first, last, name in sorted(spans, key=lambda it: (it[0] - it[1], it[0])):
        places = set(range(first, last + 1))
        if places & taken:
            continue
        taken |= places
        begins = [first, *(it for it in starts if first < it <= last)]
        for begin, end in zip(begins, [*begins[1:], last + 1]):
            yield name.replace(" ", "_"), begin, end - 1


ROWS = [
    Row(
        "conll",
        "seqeval",
        read_single,
        (
            Wrong("a span", "conll.conll", "never -X- -X- I-quote", "never -X- -X- B-quote"),
            Wrong("a label", "conll.conll", "B-denial", "B-claim"),
            Wrong("a token", "conll.conll", "Zoe\u0301 ", "Zo\u00e9 "),
        ),
    ),
    Row(
        "conll-tiers",
        "seqeval",
        read_tiers,
        (
            Wrong("a span", "tiers.tsv", "never\tO\tO\tI-quote", "never\tO\tO\tB-quote"),
            Wrong("a tier", "tiers.tsv", "\tI-claim\tO\tI-quote", "\tI-claim\tI-quote\tO"),
        ),
    ),
]
