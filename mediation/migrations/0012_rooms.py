from datetime import timedelta
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


def under_the_limit(apps, schema_editor):
    """Applications from before run under the limit as it ships: their last day stays, the lamp is amber from its first warning on."""
    requests = apps.get_model("mediation", "AidRequest").objects.using(schema_editor.connection.alias)
    limits = apps.get_model("casework", "Limit").objects.using(schema_editor.connection.alias)
    limit = limits.filter(key="med.legal_aid").order_by("valid_from").first()
    for request in requests.filter(limit=None):
        request.limit, request.warn_on = limit, request.due_on - timedelta(days=max(limit.warn_days, default=0))
        request.save(update_fields=["limit", "warn_on"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mediation", "0011_mended"), ("casework", "0032_legal_aid")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="screeningrhythm",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("centre", "群众工作中心"),
                    ("station", "群众工作站（镇街）"),
                    ("department", "县直部门"),
                    ("area_station", "片区信访维稳工作站"),
                    ("room", "群众工作室（村、社区）"),
                    ("enterprise", "群众工作室（企业）"),
                    ("above", "上级机关"),
                ],
                max_length=16,
                verbose_name="单位类型",
            ),
        ),
        migrations.AddField(
            model_name="aidrequest",
            name="limit",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.limit"),
        ),
        migrations.AddField(model_name="aidrequest", name="warn_on", field=models.DateField(null=True)),
        migrations.RunPython(under_the_limit, migrations.RunPython.noop),
        # The rows just written have deferred checks, and a table with those pending cannot be altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ChamberFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=80)),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AlterField(
            model_name="aidrequest",
            name="limit",
            field=models.ForeignKey(
                help_text="the version of the limit it runs under", on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.limit"
            ),
        ),
        migrations.AlterField(
            model_name="aidrequest",
            name="warn_on",
            field=models.DateField(help_text="from when the lamp is amber"),
        ),
        migrations.AddIndex(
            model_name="aidrequest",
            index=models.Index(condition=models.Q(("verdict", "asked")), fields=["due_on"], name="aid_waiting"),
        ),
        migrations.AddField(
            model_name="chamberfile",
            name="conversation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="files", to="mediation.conversation"),
        ),
        migrations.AddField(
            model_name="chamberfile",
            name="message",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="files", to="mediation.chambermessage"),
        ),
        migrations.AddConstraint(
            model_name="chamberfile",
            constraint=models.UniqueConstraint(fields=("conversation", "sha256"), name="chamber_file_once"),
        ),
    ]
