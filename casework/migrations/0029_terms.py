import json
from datetime import date
from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

FIRST_DAY = date(2000, 1, 1)
FILE = Path(__file__).parents[1] / "data" / "limits.json"
NEW = ("pet.follow_up",)


def add_new_limits(apps, schema_editor):
    """A county in service gets the limit of follow-ups; an empty database is the seed's to fill."""
    limits = apps.get_model("casework", "Limit").objects.using(schema_editor.connection.alias)
    known = set(limits.values_list("key", flat=True))
    if not known:
        return
    renamed = {"cites": "cites", "verified": "is_verified"}
    rows = [row for row in json.loads(FILE.read_text(encoding="utf-8")) if row["key"] in NEW and row["key"] not in known]
    limits.bulk_create(
        limits.model(
            **{renamed.get(name, name): value for name, value in row.items() if name != "max_extension"},
            max_extension=row["max_extension"] or None,
            valid_from=FIRST_DAY,
        )
        for row in rows
    )


class Migration(migrations.Migration):
    """Limits in hours keep their moments; several duties of one kind and unit run side by side; follow-ups have a limit of their own."""

    dependencies: ClassVar = [("casework", "0028_exports")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="deadline", name="deadline_one_running"),
        migrations.AddField(
            model_name="deadline",
            name="item",
            field=models.PositiveBigIntegerField(default=0, help_text="the row it belongs to, where one unit may owe several of a kind; else 0"),
        ),
        migrations.AddField(
            model_name="deadline",
            name="base_at",
            field=models.DateTimeField(null=True, help_text="the moment it runs from, of a limit in hours; the dates follow from it"),
        ),
        migrations.AddField(
            model_name="deadline",
            name="due_at",
            field=models.DateTimeField(null=True, help_text="the moment it ends, of a limit in hours"),
        ),
        migrations.AddField(
            model_name="deadline",
            name="met_at",
            field=models.DateTimeField(null=True, help_text="the moment it was met, of a limit in hours"),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dropped_on", None), ("met_on", None)),
                fields=("case", "key", "unit", "item"),
                name="deadline_one_running",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("dropped_on", None), ("due_at__isnull", False), ("met_on", None)),
                fields=["due_at"],
                name="deadline_by_the_hour",
            ),
        ),
        migrations.RunPython(add_new_limits, migrations.RunPython.noop),
    ]
