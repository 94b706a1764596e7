"""Reads what Avow writes with the tools that people read it with, and compares it with the project.

Run as `python interop.py AVOW PROJECT FOLDER [full]`: AVOW is the command, PROJECT a project's file,
FOLDER an empty one to work in. `cargo xtask test --interop` does all that. Each reader is also given
files that are wrong on purpose, and must notice each.
"""

import importlib
import json
import platform
import shutil
import subprocess
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

from truth import Truth

FAST = ["training", "tables", "spacy_docs", "doccano", "label_studio", "brat", "cas", "conll"]
FULL = ["doccano_import", "spacy_train", "web_annotation", "web_node", "conll_nltk"]


def convert(avow, project, row, folder, gold):
    """Has a dataset written; one that others are made from has every annotation."""
    line = [avow, "convert", project, "--to", row.format, "--boilerplate", *row.options, "-o", folder]
    done = subprocess.run([*line, *(["--gold"] if gold else [])], capture_output=True, encoding="utf-8")
    problems = [it for it in done.stderr.splitlines() if it.startswith(Path(project).name)]
    assert done.returncode == 0 and not problems, done.stderr


def notices(row, folder, truth, wrong):
    """Whether a reader stumbles over a dataset in which one thing is wrong."""
    # A folder that was never read before: readers keep what they know of one.
    copy = folder.with_name(f"{folder.name}-{row.wrong.index(wrong)}")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("cache"))
    file = copy / wrong.file
    text = file.read_bytes().decode()
    assert wrong.before in text, f"{wrong.file} has no {wrong.before!r}"
    file.write_bytes(text.replace(wrong.before, wrong.after, 1).encode())
    try:
        with warnings.catch_warnings(action="ignore"):
            row.read(copy, truth)
    except Exception:
        return
    finally:
        shutil.rmtree(copy)
    raise SystemExit(f"{row.reader} did not notice that {wrong.what} of {row.format} was wrong: {wrong.after!r}")


def version_of(package):
    if package == "doccano":
        pinned = (Path(__file__).parent / "doccano/requirements.txt").read_text(encoding="utf-8").split("\n")
        return next(it.removeprefix("doccano==") for it in pinned if it.startswith("doccano=="))
    if package.startswith("@"):
        file = Path(__file__).parent / "node/node_modules" / package / "package.json"
        return json.loads(file.read_text(encoding="utf-8"))["version"]
    return f"Python {platform.python_version()}" if package == "json" else version(package)


def main(avow, project, folder, modules):
    print(f"{'format':<26} {'reader':<24} {'version':<14} spans links values wrong")
    rows = [row for name in modules for row in importlib.import_module(f"readers.{name}").ROWS]
    for at, row in enumerate(rows):
        counts, truths = [], [Truth(project, gold) for gold in (False, True)]
        folders = [Path(folder) / f"{at}-{row.format}{end}" for end in ("", "-gold")]
        for out, truth, gold in zip(folders, truths, (False, True)):
            convert(avow, project, row, out, gold)
            counts.append(row.read(out, truth))
        spans, links, values = map(sum, zip(*counts))
        for wrong in row.wrong:
            notices(row, folders[0], truths[0], wrong)
        name = row.name or " ".join([row.format, *row.options[1:]])
        counted = f"{spans:>5} {links:>5} {values:>6} {len(row.wrong):>5}"
        print(f"{name:<26} {row.reader:<24} {version_of(row.reader):<14} {counted}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4], FAST + (FULL if sys.argv[4:] == ["full"] else []))
