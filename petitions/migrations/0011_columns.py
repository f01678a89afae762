"""The column names of a ledger stand on its row: no page opens the sealed file for them.

Ledgers of before have none until they are uploaded again; their columns are read from the file as long as it is kept.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0010_about_centre")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="import",
            name="columns",
            field=models.JSONField(db_default=[], default=list, help_text="names in the first line of the file"),
        ),
    ]
