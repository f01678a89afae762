"""The contracts of pyproject.toml hold: nobody imports upward, sideways or through another app's doors."""

import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignObject

ROOT = Path(__file__).parents[2]
LAYER = {"organisations": 0, "casework": 1, "petitions": 2, "mediation": 2, "reports": 3}
#: The kinds of case, side by side.
KINDS = frozenset({"petitions", "mediation"})


def test_import_contracts():
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_foreign_keys_point_downward():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignObject) and field.related_model._meta.app_label in LAYER:
                here, there = model._meta.app_label, field.related_model._meta.app_label
                assert LAYER.get(here, 0) >= LAYER[there], f"{model.__name__}.{field.name}"
                assert here == there or {here, there} - KINDS, f"{model.__name__}.{field.name} points sideways"


def test_no_reverse_name_leads_from_the_docket_upward():
    for model in apps.get_models():
        if model._meta.app_label not in KINDS:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignObject) and field.related_model._meta.app_label not in KINDS:
                assert not field.concrete or field.remote_field.hidden, f"{model.__name__}.{field.name} needs related_name='+'"
