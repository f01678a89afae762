"""Who had a request for review before it was sent on; ledgers stored in clear are sealed, those of finished batches go."""

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations, models

from petitions.imports import ledgers


def seal(apps: Any, schema_editor: Any) -> None:
    """Two batches of one ledger share one plain file, so files go when all are read."""
    plain = set()
    batches = apps.get_model("petitions", "Import").objects
    for batch in batches.exclude(path="").exclude(path__endswith=".sealed"):
        file = Path(settings.MEDIA_ROOT) / batch.path
        plain.add(file)
        is_needed = file.is_file() and not (batch.state in ("done", "undone") and not batch.bad)
        batch.path = ledgers.keep(file.read_bytes()) if is_needed else ""
        batch.save(update_fields=["path"])
    for file in plain:
        file.unlink(missing_ok=True)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0008_terms")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="review",
            name="earlier_organs",
            field=models.JSONField(default=list, help_text="who had the request before it was sent on: [unit id or null, until which day]"),
        ),
        migrations.AlterField(
            model_name="import",
            name="path",
            field=models.CharField(blank=True, help_text="of the sealed file; empty once it is forgotten", max_length=200),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
