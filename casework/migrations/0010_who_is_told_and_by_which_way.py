from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0009_clock_notices_papers"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SweepRun",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(help_text="the last run that went through", null=True)),
                ("took_ms", models.PositiveIntegerField(default=0)),
                ("done", models.IntegerField(default=0, help_text="what the last run says it did, in its own unit")),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name="deadline",
            name="card_on",
            field=models.DateField(
                help_text="the next day a card of the ladder is due; kept when the duty is met, for cards earned before",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="to_role",
            field=models.CharField(
                blank=True,
                default="",
                help_text="of the unit's people only those who hold this post; empty: all of them",
                max_length=16,
            ),
            preserve_default=False,
        ),
        # What was told before there were ways out of the house is not sent after the fact.
        migrations.AddField(
            model_name="notice",
            name="is_carried",
            field=models.BooleanField(default=True, help_text="looked at for ways out of the house (casework.carrying)"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="is_carried",
            field=models.BooleanField(default=False, help_text="looked at for ways out of the house (casework.carrying)"),
        ),
        migrations.AddField(
            model_name="noticepreference",
            name="only_digest",
            field=models.BooleanField(
                default=False,
                help_text="beyond the inbox; statutory reminders go out one by one all the same",
                verbose_name="只发每日汇总",
            ),
        ),
        migrations.AddField(
            model_name="noticepreference",
            name="digested_on",
            field=models.DateField(help_text="the last day whose digest was made", null=True),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(condition=models.Q(("card_on__isnull", False)), fields=["card_on"], name="deadline_to_card"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("is_carried", False)), fields=["id"], name="notice_to_carry"),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(condition=models.Q(("dead_at__isnull", False)), fields=["-dead_at"], name="outgoing_dead"),
        ),
    ]
