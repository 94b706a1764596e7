"""doccano's lines, taken by doccano's own import into a database and written from there again.

doccano has an environment of its own: DOCCANO_PYTHON names the Python of it.
"""

import os
import subprocess
from functools import partial
from pathlib import Path

from readers.doccano import ROWS as PLAIN
from readers.doccano import read as compare
from rows import Row

IMPORT = Path(__file__).parent.parent / "doccano/import.py"


def read(folder, truth, related):
    held = folder.with_name(f"{folder.name}-held")
    line = [os.environ["DOCCANO_PYTHON"], IMPORT, folder, held, folder.with_name("doccano.sqlite3")]
    subprocess.run(line, check=True, capture_output=True)
    return compare(held, truth, "code-point", related)


ROWS = [
    Row(
        it.format,
        "doccano",
        partial(read, related=it.format == "doccano"),
        it.wrong[-1:],
        name=f"{it.format}, imported",
    )
    for it in PLAIN
    if it.options == ("--unit", "code-point")
]
