from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organisations", "0005_sealed_second_factors")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="post",
            name="role",
            field=models.CharField(
                choices=[
                    ("window_clerk", "窗口登记员"),
                    ("office", "中心分流员"),
                    ("handler", "承办人"),
                    ("head", "单位负责人"),
                    ("mediator", "调解员"),
                    ("grid_worker", "网格员"),
                    ("village_cadre", "工作室干部"),
                    ("overseer", "工作站督导员"),
                    ("leader", "领导"),
                    ("discipline", "纪检联络员"),
                    ("auditor", "审计员"),
                    ("system_admin", "系统管理员"),
                    ("security_admin", "安全管理员"),
                    ("audit_admin", "审计管理员"),
                ],
                max_length=16,
                verbose_name="岗位",
            ),
        ),
        migrations.AlterField(
            model_name="rolepolicy",
            name="role",
            field=models.CharField(
                choices=[
                    ("window_clerk", "窗口登记员"),
                    ("office", "中心分流员"),
                    ("handler", "承办人"),
                    ("head", "单位负责人"),
                    ("mediator", "调解员"),
                    ("grid_worker", "网格员"),
                    ("village_cadre", "工作室干部"),
                    ("overseer", "工作站督导员"),
                    ("leader", "领导"),
                    ("discipline", "纪检联络员"),
                    ("auditor", "审计员"),
                    ("system_admin", "系统管理员"),
                    ("security_admin", "安全管理员"),
                    ("audit_admin", "审计管理员"),
                ],
                max_length=16,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="unit",
            name="kind",
            field=models.CharField(
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
                verbose_name="类型",
            ),
        ),
    ]
