from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mediation", "0011_mended")]

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
    ]
