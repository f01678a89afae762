"""A hearing has an hour: who is called to one has to know when to be there (L-PET-65)."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0011_columns")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="hearing",
            name="begins_at",
            field=models.TimeField("开始时间", null=True, help_text="None: called before the hour was asked for"),
        ),
    ]
