from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0004_audit"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TownPlace",
            fields=[
                ("town_code", models.CharField(max_length=9, primary_key=True, serialize=False, verbose_name="乡镇代码")),
                ("column", models.PositiveSmallIntegerField(verbose_name="列")),
                ("row", models.PositiveSmallIntegerField(verbose_name="行")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("column", "row"), name="town_place_one_a_square")]},
        ),
        migrations.CreateModel(
            name="Outlines",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                ("sha256", models.CharField(help_text="of the file as it came", max_length=64)),
                ("size", models.PositiveIntegerField(help_text="bytes of the file as it came")),
                ("shapes", models.JSONField(help_text="[[town code, [ring, …]], …]; a ring is a list of [longitude, latitude]")),
                ("loaded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("loaded_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "removed_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
