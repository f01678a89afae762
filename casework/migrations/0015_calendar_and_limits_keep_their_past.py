from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes of the calendar are remembered, a limit's version says who set it, a change of the calendar leaves its trace."""

    dependencies: ClassVar = [
        ("casework", "0014_each_attempt_of_delivery"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="deadlineevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("extended", "延期"),
                    ("suspended", "中止"),
                    ("resumed", "恢复"),
                    ("excluded", "不计入期限"),
                    ("recounted", "放假安排变更后重算"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="deadlineevent",
            name="days",
            field=models.PositiveSmallIntegerField(help_text="in the limit's own unit, for EXTENDED", null=True, verbose_name="天数"),
        ),
        migrations.AddField(
            model_name="limit",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="修改原因"),
        ),
        migrations.AddField(
            model_name="limit",
            name="set_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="limit",
            name="set_by",
            field=models.ForeignKey(
                help_text="None: came with the program",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="CalendarChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("was_off", models.BooleanField(help_text="None: an ordinary day", null=True, verbose_name="原为放假")),
                ("is_off", models.BooleanField(help_text="None: an ordinary day again", null=True, verbose_name="改为放假")),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="名称")),
                ("source", models.CharField(choices=[("state", "国务院公布"), ("county", "本县规定")], max_length=6, verbose_name="来源")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
