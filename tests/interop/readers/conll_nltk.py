"""CoNLL-2003, by nltk's reader of such corpora."""

import nltk.data
from nltk.corpus.reader.conll import ConllCorpusReader

from readers.conll import ROWS as FAST
from readers.conll import compare
from rows import Row


def read(folder, truth):
    # It opens nothing but what lies in a folder that it was told of.
    nltk.data.path.append(str(folder))
    columns = ("words", "pos", "ignore", "chunk")
    documents = []
    for sentence in ConllCorpusReader(str(folder), ["conll.conll"], columns).iob_sents():
        # What starts a document is a sentence of its own, out of which the reader takes all.
        if not sentence:
            documents.append([])
        else:
            documents[-1].append([(word, tag) for word, _, tag in sentence])
    return compare([(None, it) for it in documents], truth)


ROWS = [Row("conll", "nltk", read, FAST[0].wrong)]
