"""Migrations match the models and are named by what they are for."""

from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_named_by_intent():
    names = [path.stem for path in ROOT.glob("*/migrations/0*.py")]
    assert names
    assert not [name for name in names if "auto_" in name]
