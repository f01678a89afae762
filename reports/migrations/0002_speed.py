"""What makes a million cases fast: the county's figures added up per day; and the facts' columns of who sent and who had to sign."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

#: The facts' definitions changed with their columns: every fact is made again by the next refresh.
AGAIN = "INSERT INTO reports_stale (case_id) SELECT id FROM casework_case ORDER BY id"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0001_facts"),
    ]

    operations: ClassVar = [
        migrations.RenameField("fact", "returned_by_id", "sent_unit_id"),
        migrations.AlterField("fact", "sent_unit_id", models.BigIntegerField(help_text="who sent it first, rightly or wrongly", null=True)),
        migrations.AddField("fact", "sign_unit_id", models.BigIntegerField(help_text="to whom it went first", null=True)),
        migrations.AddField(
            "fact",
            "is_first",
            models.BooleanField(default=False, help_text="初次: nobody had found it to be a repeat before it was sent on or its first limit ran out"),
            preserve_default=False,
        ),
        migrations.AddField(
            "factstate",
            "tallied",
            models.CharField(blank=True, default="", help_text="by which dictionary the tallies are kept; another one: not at all", max_length=64),
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("family", models.SmallIntegerField()),
                ("dim", models.CharField(help_text="'' all, t town, u unit that answers, c category, f channel (form)", max_length=1)),
                ("day", models.DateField()),
                ("key", models.CharField(max_length=12)),
                (
                    "cells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        help_text="counted and met of each measure of the family, in the order of the dictionary",
                        size=None,
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("family", "dim", "day", "key"), name="tally_once")]},
        ),
        migrations.RemoveIndex("fact", "fact_registered"),
        migrations.AddIndex(
            "fact", models.Index(fields=["registered_on"], include=["kind", "is_counted", "topic_code", "town_code"], name="fact_came")
        ),
        migrations.RemoveIndex("fact", "fact_open"),
        migrations.AddIndex(
            "fact",
            models.Index(
                fields=["case"],
                include=[
                    *("kind", "is_counted", "confidential", "unit_id", "town_code", "area_id", "topic_code", "channel", "handler_id", "outcome"),
                    *("level", "registered_on", "received_on", "forward_due_on", "forwarded_on", "accept_due_on", "accepted_on"),
                    *("reply_due_on", "replied_on", "due_on", "warn_on", "closed_on"),
                ],
                name="fact_lying",
                condition=models.Q(closed_on=None),
            ),
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
