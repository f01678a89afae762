from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0026_limits_of_disputes"),
        ("organisations", "0004_citizens_query"),
        ("mediation", "0006_talks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_at", models.DateTimeField(verbose_name="会诊时间")),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                (
                    "members",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        help_text="name and unit of each, as they were called that day",
                        size=None,
                        verbose_name="参加人员",
                    ),
                ),
                ("minutes", models.TextField(verbose_name="会诊记录")),
                ("conclusion", models.CharField(max_length=1000, verbose_name="会诊结论")),
                ("at", models.DateTimeField()),
                ("convened_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="consultations", to="mediation.dispute")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CourtMatter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="移送理由")),
                ("sent_at", models.DateTimeField()),
                ("court_number", models.CharField(blank=True, max_length=60, verbose_name="案号")),
                ("fee_waived", models.DecimalField(decimal_places=2, max_digits=10, null=True, verbose_name="免收诉讼费（元）")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("1", "调解书"), ("2", "撤诉（已和解）"), ("3", "判决"), ("4", "裁定"), ("5", "不予立案，退回调解")],
                        max_length=1,
                        verbose_name="结果",
                    ),
                ),
                ("report", models.CharField(blank=True, max_length=1000, verbose_name="办理情况")),
                ("ended_on", models.DateField(null=True, verbose_name="办结日期")),
                ("ended_at", models.DateTimeField(null=True)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="court_matters", to="mediation.dispute")),
                (
                    "ended_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("from_unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                ("sent_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit", verbose_name="法院"),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CourtRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("1", "接访"), ("2", "立案"), ("3", "庭前"), ("4", "庭审"), ("5", "庭后"), ("6", "执行")],
                        max_length=1,
                        verbose_name="阶段",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("staff", models.CharField(max_length=80, verbose_name="法庭人员")),
                ("words", models.CharField(max_length=1000, verbose_name="情况")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("matter", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="records", to="mediation.courtmatter")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("1", "亲情：亲属、宗亲，说话当事人听得进"),
                            ("2", "感情：邻里、同学、战友、同事，多年交情"),
                            ("3", "真情：没有亲故，肯真心实意帮着解决困难"),
                        ],
                        max_length=1,
                        verbose_name="情分",
                    ),
                ),
                ("letter", models.CharField(choices=[("a", "甲方"), ("b", "乙方"), ("c", "丙方")], max_length=1, verbose_name="面向")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("at", models.DateTimeField()),
                ("assigned_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="mediation.dispute")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("dispute", "person", "letter"), name="assignment_once")],
            },
        ),
        migrations.CreateModel(
            name="BodyReferral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "body",
                    models.CharField(
                        choices=[
                            ("11", "村人民调解委员会"),
                            ("12", "居(社区)人民调解委员会"),
                            ("21", "乡镇人民调解委员会"),
                            ("22", "街道人民调解委员会"),
                            ("31", "企业事业单位人民调解委员会"),
                            ("41", "行业性专业性人民调解委员会"),
                            ("42", "医疗纠纷调委会"),
                            ("43", "道路交通事故调委会"),
                            ("44", "劳动争议调委会"),
                            ("45", "物业纠纷调委会"),
                            ("51", "行政调解机关"),
                            ("52", "司法所"),
                            ("53", "公安派出所(治安调解)"),
                            ("61", "人民法院/诉前调解"),
                            ("62", "人民法庭(巡回法庭)"),
                            ("71", "农村土地(草原)承包仲裁委"),
                            ("72", "劳动人事仲裁委"),
                            ("81", "党政联合调处"),
                            ("91", "律师调解/法律援助"),
                            ("99", "其他"),
                        ],
                        max_length=2,
                        verbose_name="调处组织",
                    ),
                ),
                ("outside", models.CharField(blank=True, max_length=80, verbose_name="系统外组织名称")),
                ("reason", models.CharField(max_length=500, verbose_name="移送理由")),
                ("consent", models.CharField(max_length=300, verbose_name="双方同意的情况")),
                ("sent_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True, choices=[("", "待接收"), ("taken", "已接收"), ("returned", "已退回"), ("recalled", "已撤回")], max_length=8
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="答复意见")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "办理中"),
                            ("agreed", "调解达成协议"),
                            ("decided", "由该组织依法处理完毕"),
                            ("failed", "未能解决，退回继续调解"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mediated", "调解达成协议"),
                            ("litigation", "引导诉讼"),
                            ("arbitration", "引导仲裁"),
                            ("village_resolution", "村民会议（代表会议）决议"),
                            ("direct_reply", "直接答复"),
                            ("administrative_ruling", "行政裁决"),
                        ],
                        max_length=24,
                        verbose_name="化解方式",
                    ),
                ),
                ("ended_on", models.DateField(null=True, verbose_name="办结日期")),
                ("reported_at", models.DateTimeField(null=True)),
                ("report", models.CharField(blank=True, max_length=1000, verbose_name="办理结果")),
                (
                    "answered_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="body_referrals", to="mediation.dispute")),
                (
                    "document",
                    models.ForeignKey(
                        help_text="the M13", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document"
                    ),
                ),
                ("from_unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                (
                    "reported_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("sent_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("to_unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answer__in", ("", "taken")), ("result", "")),
                        fields=("dispute",),
                        name="body_referral_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_unit__isnull", False), models.Q(("outside", ""), _negated=True), _connector="OR"),
                        name="body_referral_has_receiver",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="courtmatter",
            constraint=models.UniqueConstraint(condition=models.Q(("result", "")), fields=("dispute",), name="court_matter_one_open"),
        ),
        migrations.AddConstraint(
            model_name="courtmatter",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_waived", None), ("fee_waived__gte", 0), _connector="OR"), name="court_fee_not_negative"
            ),
        ),
    ]
