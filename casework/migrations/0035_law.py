"""Each due date says by which state of the calendar it was counted. A constant default: no row is rewritten, no lock is held long."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0034_vacuum")]
    operations: ClassVar = [
        migrations.AddField(
            "deadline",
            "counted_by",
            models.BigIntegerField(db_default=0, default=0, help_text="the newest change of the calendar its dates were counted with; 0: none"),
        ),
    ]
