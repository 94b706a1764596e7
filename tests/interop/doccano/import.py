"""Has doccano's own import take a file, and writes what it then holds in the same form.

Run in an environment of its own, `python import.py FOLDER OUT DATABASE`: FOLDER has doccano.jsonl, OUT
will have one; DATABASE is a file of SQLite, made where there is none.
"""

import json
import os
import sys
from importlib.metadata import distribution
from pathlib import Path

folder, out, database = map(Path, sys.argv[1:])
sys.path.insert(0, str(distribution("doccano").locate_file("backend")))
os.environ["DATABASE_URL"] = f"sqlite:///{database.resolve()}"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.development"

import django

django.setup()

from data_import.datasets import load_dataset
from data_import.pipeline.catalog import RELATION_EXTRACTION, create_file_format
from data_import.pipeline.readers import FileName
from django.contrib.auth import get_user_model
from django.core.management import call_command
from examples.models import Example
from labels.models import Relation, Span
from projects.models import ProjectType, SequenceLabelingProject

call_command("migrate", verbosity=0)
user, _ = get_user_model().objects.get_or_create(username="nobody")
file = folder / "doccano.jsonl"
related = "entities" in json.loads(file.open(encoding="utf-8").readline())
project = SequenceLabelingProject.objects.create(
    name="interop",
    project_type=ProjectType.SEQUENCE_LABELING,
    created_by=user,
    allow_overlapping=True,
    use_relation=related,
)
name = FileName(full_path=str(file), generated_name=file.name, upload_name=file.name)
task = RELATION_EXTRACTION if related else ProjectType.SEQUENCE_LABELING
dataset = load_dataset(task, create_file_format("JSONL"), [name], project, column_label="label", encoding="utf_8")
dataset.save(user, batch_size=1000)
assert not dataset.errors, dataset.errors

lines = []
for example in Example.objects.filter(project=project).order_by("id"):
    spans = Span.objects.filter(example=example).order_by("id")
    row = {**example.meta, "text": example.text}
    if related:
        keys = ("id", "start_offset", "end_offset")
        row["entities"] = [{**{key: getattr(it, key) for key in keys}, "label": it.label.text} for it in spans]
        relations = Relation.objects.filter(example=example).order_by("id")
        ends = lambda it: {"from_id": it.from_id_id, "to_id": it.to_id_id}
        row["relations"] = [{"id": it.id, **ends(it), "type": it.type.text} for it in relations]
    else:
        row["label"] = [(it.start_offset, it.end_offset, it.label.text) for it in spans]
    lines.append(json.dumps(row, ensure_ascii=False) + "\n")
out.mkdir(exist_ok=True)
(out / "doccano.jsonl").write_text("".join(lines), encoding="utf-8")
