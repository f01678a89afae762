import json
from datetime import date
from pathlib import Path
from typing import ClassVar

from django.db import migrations

FIRST_DAY = date(2000, 1, 1)
FILE = Path(__file__).parents[1] / "data" / "limits.json"


def add_missing(apps, schema_editor):
    """A county in service gets the limits it does not know yet; what it has set itself stays. An empty database is the seed's to fill."""
    limits = apps.get_model("casework", "Limit").objects.using(schema_editor.connection.alias)
    known = set(limits.values_list("key", flat=True))
    if not known:
        return
    renamed = {"cites": "cites", "verified": "is_verified"}
    rows = [row for row in json.loads(FILE.read_text(encoding="utf-8")) if row["key"] not in known]
    limits.bulk_create(
        limits.model(
            **{renamed.get(name, name): value for name, value in row.items() if name != "max_extension"},
            max_extension=row["max_extension"] or None,
            valid_from=FIRST_DAY,
        )
        for row in rows
    )


class Migration(migrations.Migration):
    """The limits of the law's clock for counties that run already. Backwards the rows may stay: an older program asks for none of them."""

    dependencies: ClassVar = [
        ("casework", "0019_papers_taken_back"),
    ]

    operations: ClassVar = [
        migrations.RunPython(add_missing, migrations.RunPython.noop),
    ]
