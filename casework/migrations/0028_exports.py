from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0027_speed"),
        ("organisations", "0004_citizens_query"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listing", models.CharField(max_length=30, verbose_name="清单")),
                ("label", models.CharField(help_text="the list and its filter in words, long numbers masked", max_length=160, verbose_name="内容")),
                ("form", models.CharField(choices=[("xlsx", "Excel"), ("csv", "CSV")], max_length=4, verbose_name="格式")),
                ("token", models.TextField(help_text="filter and columns, encrypted; empty once the file is gone for good")),
                ("asked_key", models.CharField(max_length=64)),
                ("ground", models.CharField(blank=True, help_text="given to have identity numbers in clear", max_length=300, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "已下载"),
                            ("waiting", "排队中"),
                            ("running", "生成中"),
                            ("done", "可下载"),
                            ("failed", "未完成"),
                            ("cancelled", "已取消"),
                            ("removed", "已过期清理"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="时间")),
                ("worker", models.CharField(blank=True, help_text="the claim: only who holds it may write progress and result", max_length=32)),
                ("beat_at", models.DateTimeField(help_text="last sign of life of the claim", null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("done", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("basis", models.CharField(blank=True, help_text="hash of the posts and readers the file was made for", max_length=64)),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("downloads", models.PositiveIntegerField(default=0, verbose_name="下载次数")),
                ("unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state__in", ["waiting", "running"])), fields=["asked_at"], name="export_open"),
                    models.Index(fields=["user", "-id"], name="export_of_user"),
                    models.Index(condition=models.Q(("state", "done")), fields=["expires_at"], name="export_to_remove"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])), fields=("user", "asked_key"), name="export_asked_once"
                    )
                ],
            },
        ),
    ]
