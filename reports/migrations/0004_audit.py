"""The auditor's room; what was signed stays as it was, and the doubts find their lines by small indexes.

The indexes are partial: a line costs nothing unless it is one an auditor asks about.
"""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION reports_audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what an auditor signed or said is never changed';
END $$;
CREATE FUNCTION reports_paper_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM reports_sample s WHERE s.id = OLD.sample_id AND s.signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'what an auditor signed or said is never changed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER reports_sample_kept BEFORE UPDATE OR DELETE ON reports_sample
    FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION reports_audit_keep();
CREATE TRIGGER reports_paper_kept BEFORE UPDATE OR DELETE ON reports_workingpaper
    FOR EACH ROW EXECUTE FUNCTION reports_paper_keep();
CREATE TRIGGER reports_turn_kept BEFORE UPDATE OR DELETE ON reports_auditturn
    FOR EACH ROW EXECUTE FUNCTION reports_audit_keep();
CREATE INDEX entry_entered_late ON casework_entry (at) WHERE at - happened_at > interval '24 hours';
CREATE INDEX entry_of_substitutes ON casework_entry (at) WHERE on_behalf_of_id IS NOT NULL;
CREATE INDEX entry_reopens ON casework_entry (at) WHERE act = 'petition.reopen';
CREATE INDEX reply_own_approval ON petitions_reply (approved_at) WHERE prepared_by_id = approved_by_id;
CREATE INDEX access_reveals ON organisations_accessentry (at) WHERE event = 'reveal' AND object_type = 'case';
CREATE INDEX card_lifted_unseen ON casework_card (lifted_on) WHERE acknowledged_at IS NULL AND lifted_on IS NOT NULL;
"""
BACKWARD = """
DROP INDEX card_lifted_unseen, access_reveals, reply_own_approval, entry_reopens, entry_of_substitutes, entry_entered_late;
DROP TRIGGER reports_turn_kept ON reports_auditturn;
DROP TRIGGER reports_paper_kept ON reports_workingpaper;
DROP TRIGGER reports_sample_kept ON reports_sample;
DROP FUNCTION reports_paper_keep();
DROP FUNCTION reports_audit_keep();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0003_months"),
        ("casework", "0029_terms"),
        ("petitions", "0008_terms"),
        ("organisations", "0004_citizens_query"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "unit",
                    models.ForeignKey(
                        help_text="at which the auditor holds the post",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                ("source", models.CharField(help_text="what was drawn from, in words", max_length=200, verbose_name="总体")),
                ("query", models.CharField(help_text="the same as an address: source and filters", max_length=500)),
                ("population", models.BinaryField()),
                ("population_count", models.PositiveIntegerField(verbose_name="总体件数")),
                ("population_sha256", models.CharField(max_length=64)),
                ("method", models.CharField(choices=[("simple", "简单随机"), ("stratified", "按责任单位分层")], max_length=10, verbose_name="方法")),
                ("size", models.PositiveIntegerField(verbose_name="样本数")),
                ("seed", models.CharField(max_length=80, verbose_name="种子")),
                (
                    "seed_way",
                    models.CharField(choices=[("given", "人工给定"), ("seal", "最近一次日封的校验值")], max_length=5, verbose_name="种子来源"),
                ),
                ("seed_words", models.CharField(blank=True, help_text="which seal", max_length=120)),
                ("algorithm", models.CharField(max_length=30)),
                ("drawn_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("drawn_at", models.DateTimeField()),
                ("conclusion", models.TextField(blank=True, verbose_name="总的结论")),
                (
                    "signed_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("signed_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, help_text="over the papers as signed", max_length=64)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="WorkingPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sample",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="reports.sample"),
                ),
                ("place", models.PositiveIntegerField(verbose_name="序号")),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case")),
                ("number", models.CharField(max_length=24, verbose_name="编号")),
                ("key", models.CharField(help_text="SHA-256 of seed, bar, number", max_length=64)),
                ("stratum", models.CharField(blank=True, max_length=40)),
                (
                    "verdict",
                    models.CharField(
                        blank=True, choices=[("fine", "符合"), ("problem", "有问题"), ("unclear", "无法判断")], max_length=8, verbose_name="结论"
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="情况")),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), blank=True, default=list, help_text="lines of the case's history", size=None
                    ),
                ),
                ("noted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "place"), name="paper_place_once"),
                    models.UniqueConstraint(fields=("sample", "number"), name="paper_case_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AuditQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                ("case", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case")),
                ("sample", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="reports.sample")),
                ("subject", models.CharField(max_length=80, verbose_name="事由")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "待答复"), ("answered", "待审计确认"), ("accepted", "已确认")], default="asked", max_length=8
                    ),
                ),
                ("due_on", models.DateField(verbose_name="答复期限")),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "asked_unit",
                    models.ForeignKey(
                        help_text="at which the auditor holds the post",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_on", models.DateField(help_text="of the last answer", null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("was_late", models.BooleanField(default=False, help_text="an answer came after its date")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["unit", "state", "due_on"], name="question_unit"),
                    models.Index(condition=models.Q(("state", "asked")), fields=["due_on"], name="question_waiting"),
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="AuditTurn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "question",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="reports.auditquestion"),
                ),
                ("no", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(choices=[("ask", "提出询问"), ("answer", "答复"), ("again", "要求补充"), ("accept", "确认")], max_length=6),
                ),
                ("words", models.TextField()),
                ("due_on", models.DateField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("by_label", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["no"],
                "constraints": [models.UniqueConstraint(fields=("question", "no"), name="turn_no_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="IntegrityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("cases", models.PositiveIntegerField()),
                ("lines", models.PositiveIntegerField()),
                ("breaks", models.JSONField(default=list, help_text="[where, what] of the first bad rows")),
                ("seals", models.PositiveIntegerField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
