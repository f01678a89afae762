"""Names as they were when a month was closed, what a unit's report restates, and one standing letter for each sealed report."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: The only change a closing ever sees: names it did not keep yet. The trigger that forbids all others is let go for it.
NAMES = """
ALTER TABLE reports_closing DISABLE TRIGGER reports_closing_fixed;
UPDATE reports_closing c SET checked_by_name = k.name, closed_by_name = h.name
  FROM organisations_user k, organisations_user h WHERE k.id = c.checked_by_id AND h.id = c.closed_by_id;
ALTER TABLE reports_closing ENABLE TRIGGER reports_closing_fixed;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0029_terms"),
        ("reports", "0006_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="closing",
            name="checked_by_name",
            field=models.CharField(default="", help_text="as it was that day: a report made again bears the same name", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(model_name="closing", name="closed_by_name", field=models.CharField(default="", max_length=60), preserve_default=False),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="report",
            name="restated",
            field=models.JSONField(
                help_text="of a closed period's report of one unit: what is different now of earlier ones on its ground", null=True
            ),
        ),
        migrations.AddField(model_name="report", name="restated_at", field=models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.CharField(blank=True, max_length=200)),
                ("document", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document")),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="reports.report")),
                (
                    "withdrawn_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [models.UniqueConstraint(condition=models.Q(("withdrawn_at", None)), fields=("report",), name="letter_stands_once")],
            },
        ),
    ]
