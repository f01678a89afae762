"""Who had a request for review before it was sent on; ledgers stored in clear are sealed, those of finished batches go."""

from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import migrations, models, transaction

from organisations import cipher

#: Sealed by pieces of this many bytes, one a line.
_PIECE = 1 << 20


def _keep(content: bytes) -> str:
    """The ledger sealed into a file of its own; its path below MEDIA_ROOT."""
    name = f"imports/{uuid4().hex}.sealed"
    file = Path(settings.MEDIA_ROOT) / name
    scratch = file.with_name(f"{file.name}.part")
    with scratch.open("w", encoding="ascii") as out:
        scratch.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        for start in range(0, len(content), _PIECE):
            out.write(cipher.seal(content[start : start + _PIECE]) + "\n")
    scratch.replace(file)
    return name


def seal(apps: Any, schema_editor: Any) -> None:
    """Two batches of one ledger share one plain file, so files go when all are read, and the rows name the sealed ones for certain."""
    plain = set()
    batches = apps.get_model("petitions", "Import").objects
    for batch in batches.exclude(path="").exclude(path__endswith=".sealed"):
        file = Path(settings.MEDIA_ROOT) / batch.path
        plain.add(file)
        is_needed = file.is_file() and not (batch.state in ("done", "undone") and not batch.bad)
        batch.path = _keep(file.read_bytes()) if is_needed else ""
        batch.save(update_fields=["path"])
    for file in plain:
        transaction.on_commit(partial(file.unlink, missing_ok=True))


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
