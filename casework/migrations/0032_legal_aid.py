import json
from datetime import date
from pathlib import Path
from typing import ClassVar

from django.db import migrations

FIRST_DAY = date(2000, 1, 1)
FILE = Path(__file__).parents[1] / "data" / "limits.json"


def add_missing(apps, schema_editor):
    """A county in service gets the limit of legal aid; what it has set itself stays. An empty database is the seed's to fill."""
    limits = apps.get_model("casework", "Limit").objects.using(schema_editor.connection.alias)
    known = set(limits.values_list("key", flat=True))
    if not known:
        return
    rows = [row for row in json.loads(FILE.read_text(encoding="utf-8")) if row["key"] == "med.legal_aid" and row["key"] not in known]
    limits.bulk_create(
        limits.model(
            key=row["key"],
            name=row["name"],
            n=row["n"],
            unit=row["unit"],
            base=row["base"],
            who=row["who"],
            roll=row["roll"],
            is_duty=row["is_duty"],
            warn_days=row["warn_days"],
            max_extension=row["max_extension"] or None,
            cites=row["cites"],
            is_verified=row["verified"],
            valid_from=FIRST_DAY,
        )
        for row in rows
    )


class Migration(migrations.Migration):
    """Backwards the row may stay: an older program asks for none of it."""

    dependencies: ClassVar = [("casework", "0031_mended")]

    operations: ClassVar = [migrations.RunPython(add_missing, migrations.RunPython.noop)]
