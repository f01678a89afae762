from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("mediation", "0003_ties"),
        ("organisations", "0004_citizens_query"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "occasion",
                    models.CharField(choices=[("date", "重点时段"), ("place", "重点区域"), ("group", "重点人群")], max_length=8, verbose_name="类别"),
                ),
                ("focus", models.CharField(max_length=500, verbose_name="排查重点")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(verbose_name="结束日期")),
                ("due_on", models.DateField(verbose_name="上报截止日")),
                ("opened_at", models.DateTimeField()),
                ("submission", models.UUIDField(unique=True)),
                ("opened_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("weekly", "每周"), ("half_monthly", "每半月"), ("monthly", "每月"), ("special", "专项"), ("none", "不排查")],
                        max_length=12,
                        verbose_name="周期",
                    ),
                ),
                ("period", models.CharField(help_text="W2026-47, H2026-11-1, M2026-11; S<id> of a special round", max_length=16)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("due_on", models.DateField(verbose_name="上报截止日")),
                ("opened_at", models.DateTimeField()),
                ("missed_told_at", models.DateTimeField(help_text="when unit, town and centre were told that no report came", null=True)),
                ("is_nothing", models.BooleanField(null=True, verbose_name="未发现")),
                ("who", models.CharField(blank=True, max_length=120, verbose_name="排查人员")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="走访地点")),
                ("households", models.PositiveIntegerField(null=True, verbose_name="走访户数")),
                ("visited_on", models.DateField(null=True, verbose_name="走访日期")),
                ("visited_at", models.TimeField(null=True, verbose_name="走访时间")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="其他情况")),
                ("is_late", models.BooleanField(default=False, verbose_name="逾期上报")),
                ("reported_as", models.CharField(blank=True, help_text="the office the reporter acted by, as history names it", max_length=80)),
                ("reported_at", models.DateTimeField(null=True)),
                ("submission", models.UUIDField(null=True)),
                ("branch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                (
                    "campaign",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="mediation.campaign"),
                ),
                (
                    "reported_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "ordering": ["-until_on", "unit_id"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("no", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=500, verbose_name="什么事")),
                ("people", models.CharField(max_length=120, verbose_name="涉及的人（大概）")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="地点")),
                (
                    "type_code",
                    models.CharField(
                        choices=[
                            ("01", "婚姻家庭纠纷"),
                            ("02", "邻里纠纷"),
                            ("03", "房屋、宅基地纠纷"),
                            ("04", "合同纠纷"),
                            ("05", "生产经营纠纷"),
                            ("06", "损害赔偿纠纷"),
                            ("07", "山林土地纠纷"),
                            ("08", "征地拆迁纠纷"),
                            ("09", "环境污染纠纷"),
                            ("10", "拖欠农民工工资纠纷"),
                            ("11", "其他劳动争议"),
                            ("12", "旅游纠纷"),
                            ("13", "电子商务纠纷"),
                            ("14", "其他消费纠纷"),
                            ("15", "医疗纠纷"),
                            ("16", "道路交通事故纠纷"),
                            ("17", "物业纠纷"),
                            ("99", "其他纠纷"),
                        ],
                        max_length=2,
                        verbose_name="纠纷类型",
                    ),
                ),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("threat", "扬言报复或自伤"),
                                ("fight", "已有肢体冲突"),
                                ("crowd", "多人聚集或串联"),
                                ("petition", "扬言越级上访"),
                                ("repeated", "反复争吵、久拖未决"),
                                ("weak", "涉及老人、妇女、儿童或困难家庭"),
                            ],
                            max_length=8,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="风险苗头",
                    ),
                ),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[("", "待处置"), ("dispute", "已登记为纠纷"), ("linked", "已并入在办纠纷"), ("on_spot", "当场化解")],
                        max_length=8,
                        verbose_name="处置",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="当场处理情况")),
                ("ended_at", models.DateTimeField(null=True)),
                ("area", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.area")),
                ("dispute", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mediation.dispute")),
                (
                    "ended_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="mediation.round")),
            ],
            options={
                "ordering": ["round_id", "no"],
            },
        ),
        migrations.CreateModel(
            name="RoundDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.TextField()),
                ("saved_at", models.DateTimeField()),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="mediation.round")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="ScreeningRhythm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("centre", "群众工作中心"),
                            ("station", "群众工作站（镇街）"),
                            ("department", "县直部门"),
                            ("area_station", "片区信访维稳工作站"),
                            ("room", "群众工作室（村、社区）"),
                            ("above", "上级机关"),
                        ],
                        max_length=16,
                        verbose_name="单位类型",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("weekly", "每周"), ("half_monthly", "每半月"), ("monthly", "每月"), ("none", "不排查")],
                        max_length=12,
                        verbose_name="排查周期",
                    ),
                ),
                ("due_days", models.PositiveSmallIntegerField(default=0, verbose_name="周期结束后几日内上报")),
                (
                    "due_unit",
                    models.CharField(
                        choices=[("calendar", "日"), ("working", "个工作日")], default="calendar", max_length=8, verbose_name="怎样计算"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="施行日")),
                ("changed_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200, verbose_name="修改原因")),
                ("changed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit", verbose_name="单位"
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from", "-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(condition=models.Q(("until_on__gte", models.F("from_on"))), name="campaign_ends_after_start"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(condition=models.Q(("due_on__gte", models.F("until_on"))), name="campaign_due_after_end"),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(condition=models.Q(("reported_at", None)), fields=["due_on"], name="round_unreported"),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(fields=["unit", "-until_on"], name="round_of_unit"),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(fields=["until_on", "branch"], name="round_period"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("unit", "rhythm", "period"), name="round_once"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(condition=models.Q(("until_on__gte", models.F("from_on"))), name="round_ends_after_start"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_nothing", None), ("reported_at", None), ("reported_by", None)),
                    models.Q(
                        ("households__isnull", False),
                        ("is_nothing__isnull", False),
                        ("reported_at__isnull", False),
                        ("reported_by__isnull", False),
                        ("visited_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="round_reported_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("campaign__isnull", False), ("rhythm", "special")),
                    models.Q(models.Q(("rhythm", "special"), _negated=True), ("campaign", None)),
                    _connector="OR",
                ),
                name="round_special",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(condition=models.Q(("ending", "")), fields=["round"], name="finding_open"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("round", "no"), name="finding_no_once"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dispute", None), ("ended_at", None), ("ending", "")),
                    models.Q(("dispute__isnull", False), ("ended_at__isnull", False), ("ending__in", ["dispute", "linked"])),
                    models.Q(("dispute", None), ("ended_at__isnull", False), ("ending", "on_spot"), models.Q(("words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="finding_ended_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="rounddraft",
            constraint=models.UniqueConstraint(fields=("round", "user"), name="round_draft_once"),
        ),
        migrations.AddConstraint(
            model_name="screeningrhythm",
            constraint=models.UniqueConstraint(fields=("kind", "unit", "valid_from"), name="screening_rhythm_once", nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name="screeningrhythm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", ""), ("unit__isnull", False)), models.Q(models.Q(("kind", ""), _negated=True), ("unit", None)), _connector="OR"
                ),
                name="screening_rhythm_of_kind_or_unit",
            ),
        ),
    ]
