"""What a day that is over says is kept until that very day is restated; what is touched is found by its case.

Hot matters and the reply of years that are over are counted by index alone.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0008_room")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Restated",
            fields=[
                ("since", models.DateField(help_text="first day of which a figure may have become another", primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(help_text="the version of the facts it came with")),
                ("at", models.DateTimeField(help_text="told apart from the same version before a backup was put back")),
            ],
        ),
        migrations.AddIndex("stale", models.Index(fields=["case_id"], name="stale_case")),
        migrations.RemoveIndex("fact", "fact_came"),
        migrations.AddIndex(
            "fact",
            models.Index(fields=["registered_on"], include=["kind", "is_counted", "confidential", "topic_code", "town_code"], name="fact_came"),
        ),
        migrations.RemoveIndex("fact", "fact_reply_due"),
        migrations.AddIndex(
            "fact",
            models.Index(
                fields=["reply_due_on"],
                include=["case", "kind", "is_counted", "confidential", "reply_unit_id", "replied_on", "stood_from"],
                name="fact_reply_due",
                condition=models.Q(reply_due_on__isnull=False),
            ),
        ),
    ]
