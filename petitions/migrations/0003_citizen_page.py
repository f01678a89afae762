"""The person's page: who was let in, codes by SMS, proofs of effort used up, and why somebody was not satisfied (L-CLS-26)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

CAUSES = [
    ("1", "没有人联系过我"),
    ("2", "办得太慢，超过期限"),
    ("3", "没有逐项答复我的诉求"),
    ("4", "答复的事实与实际不符"),
    ("5", "答复的事没有落实"),
    ("6", "工作人员态度不好"),
    ("9", "其他原因"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0002_terms_review_supervision"),
    ]

    operations = [
        migrations.AddField(
            "rating", "cause", models.CharField(blank=True, choices=CAUSES, max_length=1, verbose_name="不满意的情形"), preserve_default=False
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("petition", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="petitions.petition")),
                ("way", models.CharField(choices=[("code", "查询码"), ("sms", "短信验证码"), ("submitted", "网上提交")], max_length=9)),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "done",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        default=list,
                        help_text="forms already acted on: the second click of a double click does nothing",
                        size=None,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["seen_at"], name="visit_seen")]},
        ),
        migrations.CreateModel(
            name="TextCode",
            fields=[
                (
                    "key",
                    models.CharField(help_text="hash of what stands in the browser that asked", max_length=64, primary_key=True, serialize=False),
                ),
                ("petition", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="petitions.petition")),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["at"], name="textcode_at")]},
        ),
        migrations.CreateModel(
            name="SpentEffort",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["at"], name="spenteffort_at")]},
        ),
    ]
