import json
from datetime import date
from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FIRST_DAY = date(2000, 1, 1)
FILE = Path(__file__).parents[2] / "casework" / "data" / "limits.json"


def add_simple_follow_up(apps, schema_editor):
    """A county in service gets the shorter term of simple disputes; what it has set itself stays. An empty table is the seed's to fill."""
    limits = apps.get_model("casework", "Limit").objects.using(schema_editor.connection.alias)
    row = next(row for row in json.loads(FILE.read_text(encoding="utf-8")) if row["key"] == "med.followup_s")
    if not limits.exists() or limits.filter(key=row["key"]).exists():
        return
    renamed = {"verified": "is_verified"}
    limits.create(
        **{renamed.get(name, name): value for name, value in row.items() if name != "max_extension"},
        max_extension=row["max_extension"] or None,
        valid_from=FIRST_DAY,
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0025_disputes"),
        ("mediation", "0008_pay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="DossierFile",
            fields=[
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="casework.attachment"
                    ),
                ),
                ("item", models.CharField(max_length=2, verbose_name="卷内项目")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="dossier_files", to="mediation.dispute")),
            ],
        ),
        migrations.CreateModel(
            name="FollowUpVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="回访日期")),
                (
                    "way",
                    models.CharField(
                        choices=[("home", "上门"), ("call", "电话"), ("here", "来访"), ("online", "视频、线上")],
                        max_length=8,
                        verbose_name="回访方式",
                    ),
                ),
                ("visited", models.CharField(max_length=80, verbose_name="被回访人")),
                ("visitors", models.CharField(max_length=80, verbose_name="回访人")),
                (
                    "performance",
                    models.CharField(
                        choices=[("1", "已全部履行(即时履行)"), ("2", "部分履行"), ("3", "未履行"), ("4", "履行中(未到期)"), ("5", "反悔")],
                        max_length=1,
                        verbose_name="履行情况",
                    ),
                ),
                (
                    "satisfaction",
                    models.CharField(
                        choices=[("1", "满意"), ("2", "基本满意"), ("3", "不满意"), ("9", "未表态")], max_length=1, verbose_name="满意度"
                    ),
                ),
                ("problems", models.CharField(blank=True, max_length=1000, verbose_name="反映的问题")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="mediation.dispute")),
                (
                    "document",
                    models.ForeignKey(help_text="the M08", on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document"),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("court", models.CharField(max_length=60, verbose_name="法院")),
                ("tier", models.CharField(choices=[("basic", "基层人民法院"), ("intermediate", "中级人民法院")], max_length=12, verbose_name="级别")),
                (
                    "why_court",
                    models.CharField(
                        choices=[
                            ("inviting", "邀请调解的人民法院"),
                            ("domicile", "一方当事人住所地"),
                            ("subject", "标的物所在地"),
                            ("body", "调解组织所在地"),
                        ],
                        max_length=10,
                        verbose_name="管辖依据",
                    ),
                ),
                ("why_words", models.CharField(max_length=200, verbose_name="管辖说明")),
                ("effective_on", models.DateField(verbose_name="协议生效日期")),
                ("last_on", models.DateField(help_text="the thirtieth day, or the next working day", verbose_name="申请期限届满日")),
                ("applied_on", models.DateField(verbose_name="申请日期")),
                ("applicants", models.CharField(max_length=300, verbose_name="申请人")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "等待法院决定是否受理"),
                            ("not_taken", "法院不予受理"),
                            ("taken", "法院已受理，等待裁定"),
                            ("confirmed", "裁定确认有效"),
                            ("refused", "裁定驳回"),
                            ("withdrawn", "当事人撤回"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answered_on", models.DateField(null=True, verbose_name="法院决定受理与否的日期")),
                ("court_number", models.CharField(blank=True, help_text="（2026）鲁0685民特1号, 调确字", max_length=60, verbose_name="案号")),
                ("decided_on", models.DateField(null=True, verbose_name="裁定日期")),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("11", "不属于民事案件受理范围或不属本院管辖"),
                            ("12", "确认身份关系"),
                            ("13", "确认收养关系"),
                            ("14", "确认婚姻关系"),
                            ("21", "违反法律、行政法规强制性规定"),
                            ("22", "侵害国家利益、社会公共利益"),
                            ("23", "侵害案外人合法权益"),
                            ("24", "损害社会公序良俗"),
                            ("25", "内容不明确无法确认"),
                            ("26", "其他"),
                        ],
                        max_length=2,
                        verbose_name="不予受理、驳回的情形",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="confirmations", to="mediation.dispute")),
                (
                    "document",
                    models.ForeignKey(help_text="the M10", on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["applied", "taken"])), fields=("dispute",), name="confirmation_one_at_court"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["not_taken", "refused"]), _negated=True), models.Q(("ground", ""), _negated=True), _connector="OR"
                        ),
                        name="confirmation_refused_has_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["taken", "confirmed", "refused"]), _negated=True),
                            models.Q(("court_number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="confirmation_taken_has_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="dossier", serialize=False, to="mediation.dispute"
                    ),
                ),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="卷号")),
                ("name", models.CharField(max_length=120, verbose_name="卷名")),
                ("mediators", models.CharField(max_length=120, verbose_name="调解员")),
                ("began_on", models.DateField(verbose_name="起")),
                ("ended_on", models.DateField(verbose_name="止")),
                ("filed_on", models.DateField(verbose_name="立卷日期")),
                ("keep_years", models.PositiveSmallIntegerField(help_text="null: for ever", null=True, verbose_name="保管期限（年）")),
                ("remarks", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                ("pages", models.PositiveIntegerField(null=True, verbose_name="页数")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("bound_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("filed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("bound_at", None)), fields=["dispute"], name="dossier_to_bind")],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked", models.CharField(max_length=60, verbose_name="被调查人")),
                (
                    "asked_facts",
                    models.CharField(help_text="sex, age, trade, what he or she is to the parties", max_length=120, verbose_name="被调查人情况"),
                ),
                ("askers", models.CharField(max_length=80, verbose_name="调查人")),
                ("recorder", models.CharField(max_length=30, verbose_name="记录人")),
                ("others", models.CharField(blank=True, max_length=120, verbose_name="其他参加人")),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                ("began_at", models.DateTimeField(verbose_name="开始时间")),
                ("ended_at", models.DateTimeField(verbose_name="结束时间")),
                ("content", models.TextField(verbose_name="调查内容")),
                (
                    "signed",
                    models.CharField(
                        choices=[("each", "逐页签名"), ("fingerprint", "逐页按指印"), ("refused", "拒绝签名")], max_length=12, verbose_name="签名"
                    ),
                ),
                ("refused_because", models.CharField(blank=True, max_length=200, verbose_name="拒签的原因和见证人")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="inquiries", to="mediation.dispute")),
                (
                    "document",
                    models.ForeignKey(help_text="the M04", on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("ended_at__gte", models.F("began_at"))), name="inquiry_ends_after_it_begins"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed", "refused"), _negated=True), models.Q(("refused_because", ""), _negated=True), _connector="OR"
                        ),
                        name="inquiry_refused_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeepTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "difficulty",
                    models.CharField(
                        choices=[("1", "简易(口头协议、当场履行)"), ("2", "一般"), ("3", "疑难复杂"), ("4", "重大")],
                        max_length=1,
                        verbose_name="难易程度",
                    ),
                ),
                ("years", models.PositiveSmallIntegerField(help_text="null: for ever", null=True, verbose_name="年")),
                ("valid_from", models.DateField(verbose_name="施行日")),
                ("reason", models.CharField(max_length=200, verbose_name="依据")),
                ("set_at", models.DateTimeField()),
                ("set_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["difficulty", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("difficulty", "valid_from"), name="keep_term_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("years", None), ("years__gte", 10), _connector="OR"), name="keep_term_ten_years_at_least"
                    ),
                ],
            },
        ),
        migrations.RunPython(add_simple_follow_up, migrations.RunPython.noop),
    ]
