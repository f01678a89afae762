"""Pay of mediators. A fixed sheet and what stands on it can no longer be changed, by nobody and no statement (MED-13)."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_FORWARD = """
CREATE FUNCTION refuse_fixed_pay_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'fixed' THEN
        RAISE EXCEPTION 'pay sheet % is fixed', OLD.id;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER pay_sheet_fixed BEFORE UPDATE OR DELETE ON mediation_paysheet FOR EACH ROW EXECUTE FUNCTION refuse_fixed_pay_sheet();
CREATE FUNCTION refuse_line_of_fixed_pay_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    SELECT id INTO found FROM mediation_paysheet
     WHERE state = 'fixed'
       AND ((TG_OP <> 'INSERT' AND id = OLD.sheet_id) OR (TG_OP <> 'DELETE' AND id = NEW.sheet_id)) LIMIT 1;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'pay sheet % is fixed', found;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER pay_line_fixed BEFORE INSERT OR UPDATE OR DELETE ON mediation_payline
    FOR EACH ROW EXECUTE FUNCTION refuse_line_of_fixed_pay_sheet();
CREATE TRIGGER rewarded_case_fixed BEFORE INSERT OR UPDATE OR DELETE ON mediation_rewardedcase
    FOR EACH ROW EXECUTE FUNCTION refuse_line_of_fixed_pay_sheet();
"""
_BACKWARD = """
DROP TRIGGER rewarded_case_fixed ON mediation_rewardedcase;
DROP TRIGGER pay_line_fixed ON mediation_payline;
DROP TRIGGER pay_sheet_fixed ON mediation_paysheet;
DROP FUNCTION refuse_line_of_fixed_pay_sheet();
DROP FUNCTION refuse_fixed_pay_sheet();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0026_limits_of_disputes"),
        ("mediation", "0007_joint"),
        ("organisations", "0004_citizens_query"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PaySheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="its first day", verbose_name="月份")),
                ("state", models.CharField(choices=[("draft", "编制中"), ("checked", "已初审"), ("fixed", "已审定")], max_length=8)),
                ("total", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="合计（元）")),
                ("drafted_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("fixed_at", models.DateTimeField(null=True)),
                ("returned_words", models.CharField(blank=True, max_length=300, verbose_name="退回意见")),
                (
                    "checked_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("document", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document")),
                ("drafted_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "fixed_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "ordering": ["-month", "unit__path"],
            },
        ),
        migrations.CreateModel(
            name="PayLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("no", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("subsidy", "固定补贴"), ("reward", "以案定补"), ("back", "补发"), ("correction", "更正")],
                        max_length=10,
                        verbose_name="项目",
                    ),
                ),
                ("share", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="应计（元）")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="实发（元）")),
                ("state", models.CharField(choices=[("due", "发放"), ("held", "待核实"), ("withheld", "停发"), ("none", "不发")], max_length=8)),
                ("words", models.CharField(max_length=500, verbose_name="计算说明")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="不发或待核实的原因")),
                ("factors", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="who entered a correction",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("dispute", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mediation.dispute")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pay_lines", to="mediation.mediator")),
                (
                    "of",
                    models.ForeignKey(
                        help_text="the line it corrects or pays back",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="mediation.payline",
                    ),
                ),
                ("sheet", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="mediation.paysheet")),
            ],
            options={
                "ordering": ["no"],
            },
        ),
        migrations.CreateModel(
            name="PayStop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="考核年度")),
                ("from_on", models.DateField(verbose_name="停发之日")),
                ("words", models.CharField(max_length=300, verbose_name="考核情况")),
                ("at", models.DateTimeField()),
                (
                    "release",
                    models.CharField(
                        blank=True,
                        choices=[("back", "恢复发放，补发停发部分"), ("from_now", "恢复发放，停发部分不补")],
                        max_length=8,
                        verbose_name="处理决定",
                    ),
                ),
                ("released_on", models.DateField(null=True, verbose_name="恢复之日")),
                ("released_words", models.CharField(blank=True, max_length=300, verbose_name="恢复理由")),
                ("released_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pay_stops", to="mediation.mediator")),
                (
                    "released_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-from_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PayVerdict",
            fields=[
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="mediation.dispute"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(choices=[("pay", "核实无误，照发"), ("refuse", "确属重复或不实，不发")], max_length=8, verbose_name="核实结论"),
                ),
                ("words", models.CharField(max_length=300, verbose_name="核实情况")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="RewardedCase",
            fields=[
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="mediation.dispute"
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=8)),
                ("sheet", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="rewarded", to="mediation.paysheet")),
            ],
        ),
        migrations.CreateModel(
            name="PayPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.PositiveSmallIntegerField(verbose_name="份额（%）")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mediation.dispute")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mediation.mediator")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("dispute", "mediator"), name="pay_part_once"),
                    models.CheckConstraint(condition=models.Q(("part__range", (1, 100))), name="pay_part_hundredths"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(unique=True, verbose_name="施行日")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None, verbose_name="领固定补贴的类别"),
                ),
                ("subsidies", models.JSONField(help_text="grade → yuan, as text", verbose_name="固定补贴（元/月）")),
                ("rates", models.JSONField(help_text="difficulty → yuan, as text", verbose_name="案件补贴基数（元）")),
                ("people", models.JSONField(help_text="[from how many people on, factor], rising", verbose_name="人数系数")),
                ("satisfaction", models.JSONField(help_text="satisfaction of the follow-up visit → factor, as text", verbose_name="满意度系数")),
                ("least", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="每件最低（元）")),
                ("most", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="每件最高（元）")),
                ("month_cap", models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name="每人每月案件补贴上限（元）")),
                ("is_oral_paid", models.BooleanField(default=True, verbose_name="口头协议也计案件补贴")),
                ("twin_days", models.PositiveSmallIntegerField(verbose_name="疑似重复：相隔不超过（天）")),
                ("likeness", models.DecimalField(decimal_places=2, max_digits=3, verbose_name="疑似重复：文字相似达到")),
                ("same_day", models.PositiveSmallIntegerField(verbose_name="同一人一天达成协议超过（件）即核实")),
                ("reason", models.CharField(max_length=200, verbose_name="依据")),
                ("set_at", models.DateTimeField()),
                ("set_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("least__gte", 0), ("most__gte", models.F("least"))), name="pay_rules_least_to_most")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="paysheet",
            constraint=models.UniqueConstraint(fields=("unit", "month"), name="pay_sheet_once_a_month"),
        ),
        migrations.AddConstraint(
            model_name="paysheet",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="pay_sheet_month_is_first_day"),
        ),
        migrations.AddConstraint(
            model_name="paysheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("checked_by", None), models.Q(("checked_by", models.F("drafted_by")), _negated=True), _connector="OR"),
                name="pay_sheet_checked_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="paysheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fixed_by", None),
                    models.Q(
                        models.Q(("fixed_by", models.F("drafted_by")), _negated=True), models.Q(("fixed_by", models.F("checked_by")), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="pay_sheet_fixed_by_a_third",
            ),
        ),
        migrations.AddConstraint(
            model_name="paysheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_by", None), ("fixed_by", None), ("state", "draft")),
                    models.Q(("checked_by__isnull", False), ("fixed_by", None), ("state", "checked")),
                    models.Q(("checked_by__isnull", False), ("document__isnull", False), ("fixed_by__isnull", False), ("state", "fixed")),
                    _connector="OR",
                ),
                name="pay_sheet_state_has_people",
            ),
        ),
        migrations.AddIndex(
            model_name="payline",
            index=models.Index(fields=["mediator", "month"], name="pay_line_of_person"),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.UniqueConstraint(fields=("sheet", "no"), name="pay_line_no_once"),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "subsidy")), fields=("mediator", "month"), name="pay_subsidy_once_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "reward"), models.Q(("state", "held"), _negated=True)),
                fields=("dispute", "mediator"),
                name="pay_reward_once_ever",
            ),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.UniqueConstraint(condition=models.Q(("kind", "back")), fields=("of",), name="pay_back_once"),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "due"), ("amount", 0), _connector="OR"), name="pay_line_not_due_pays_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "due"), models.Q(("reason", ""), _negated=True), _connector="OR"), name="pay_line_not_due_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "correction"), models.Q(("amount__gte", 0), ("amount__lte", models.F("share"))), _connector="OR"),
                name="pay_line_within_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="payline",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["subsidy", "reward"]), ("of__isnull", False), _connector="OR"), name="pay_line_later_names_earlier"
            ),
        ),
        migrations.AddConstraint(
            model_name="paystop",
            constraint=models.UniqueConstraint(condition=models.Q(("released_on", None)), fields=("mediator",), name="pay_stop_one_running"),
        ),
        migrations.AddConstraint(
            model_name="paystop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("release", ""), ("released_on", None)),
                    models.Q(("released_on__isnull", False), models.Q(("release", ""), _negated=True)),
                    _connector="OR",
                ),
                name="pay_stop_release_decided",
            ),
        ),
        migrations.RunSQL(_FORWARD, _BACKWARD),
    ]
