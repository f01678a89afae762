"""Pay of mediators: settings by day, the monthly sheet and its lines, cases rewarded once ever, what is withheld and why (MED-13, L-MED-60…63)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from casework.models import Document
from mediation.models.corps import Mediator
from mediation.models.dispute import Dispute
from mediation.pay.rules import KIND_WORDS, STATE_WORDS
from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class PayRules(models.Model):
    """One version of the county's rules of pay; the newest begun on the month's last day holds for that month (L-CUR-7)."""

    valid_from = models.DateField("施行日", unique=True)
    kinds = ArrayField(models.CharField(max_length=8), verbose_name="领固定补贴的类别")
    subsidies = models.JSONField("固定补贴（元/月）", help_text="grade → yuan, as text")
    rates = models.JSONField("案件补贴基数（元）", help_text="difficulty → yuan, as text")
    people = models.JSONField("人数系数", help_text="[from how many people on, factor], rising")
    satisfaction = models.JSONField("满意度系数", help_text="satisfaction of the follow-up visit → factor, as text")
    least = models.DecimalField("每件最低（元）", max_digits=8, decimal_places=2)
    most = models.DecimalField("每件最高（元）", max_digits=8, decimal_places=2)
    month_cap = models.DecimalField("每人每月案件补贴上限（元）", max_digits=8, decimal_places=2, null=True)
    is_oral_paid = models.BooleanField("口头协议也计案件补贴", default=True)
    twin_days = models.PositiveSmallIntegerField("疑似重复：相隔不超过（天）")
    likeness = models.DecimalField("疑似重复：文字相似达到", max_digits=3, decimal_places=2)
    same_day = models.PositiveSmallIntegerField("同一人一天达成协议超过（件）即核实")
    reason = models.CharField("依据", max_length=200)
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(least__gte=0) & Q(most__gte=F("least")), name="pay_rules_least_to_most")]


class PaySheet(models.Model):
    """A month's sheet of one station (or of the centre): drafted, checked, fixed by three people. Fixed, it never changes (by a trigger)."""

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        CHECKED = "checked", "已初审"
        FIXED = "fixed", "已审定"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    month = models.DateField("月份", help_text="its first day")
    state = models.CharField(max_length=8, choices=State.choices)
    total = models.DecimalField("合计（元）", max_digits=12, decimal_places=2)
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    checked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    fixed_at = models.DateTimeField(null=True)
    returned_words = models.CharField("退回意见", max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-month", "unit__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "month"], name="pay_sheet_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="pay_sheet_month_is_first_day"),
            models.CheckConstraint(condition=Q(checked_by=None) | ~Q(checked_by=F("drafted_by")), name="pay_sheet_checked_by_another"),
            models.CheckConstraint(
                condition=Q(fixed_by=None) | (~Q(fixed_by=F("drafted_by")) & ~Q(fixed_by=F("checked_by"))), name="pay_sheet_fixed_by_a_third"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", checked_by=None, fixed_by=None)
                | Q(state="checked", checked_by__isnull=False, fixed_by=None)
                | Q(state="fixed", checked_by__isnull=False, fixed_by__isnull=False, document__isnull=False),
                name="pay_sheet_state_has_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RewardedCase(models.Model):
    """A dispute's reward was settled on this sheet: once ever, also across years (L-MED-63). Its primary key is the guard."""

    dispute = models.OneToOneField(Dispute, models.PROTECT, primary_key=True, related_name="+")
    sheet = models.ForeignKey(PaySheet, models.PROTECT, related_name="rewarded")
    amount = models.DecimalField(max_digits=8, decimal_places=2)


class PayLine(models.Model):
    """One line: a subsidy, a part of a case's reward, what is paid back after a release, or a correction; the sentence and every factor with it."""

    sheet = models.ForeignKey(PaySheet, models.PROTECT, related_name="lines")
    month = models.DateField()
    no = models.PositiveIntegerField()
    kind = models.CharField("项目", max_length=10, choices=[(kind.value, words) for kind, words in KIND_WORDS.items()])
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="pay_lines")
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, related_name="+")
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="later", help_text="the line it corrects or pays back")
    share = models.DecimalField("应计（元）", max_digits=10, decimal_places=2)
    amount = models.DecimalField("实发（元）", max_digits=10, decimal_places=2)
    state = models.CharField(max_length=8, choices=[(state.value, words) for state, words in STATE_WORDS.items()])
    words = models.CharField("计算说明", max_length=500)
    reason = models.CharField("不发或待核实的原因", max_length=500, blank=True)
    factors = models.JSONField(default=dict)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", help_text="who entered a correction")

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "no"], name="pay_line_no_once"),
            models.UniqueConstraint(fields=["mediator", "month"], condition=Q(kind="subsidy"), name="pay_subsidy_once_a_month"),
            models.UniqueConstraint(fields=["dispute", "mediator"], condition=Q(kind="reward") & ~Q(state="held"), name="pay_reward_once_ever"),
            models.UniqueConstraint(fields=["of"], condition=Q(kind="back"), name="pay_back_once"),
            models.CheckConstraint(condition=Q(state="due") | Q(amount=0), name="pay_line_not_due_pays_nothing"),
            models.CheckConstraint(condition=Q(state="due") | ~Q(reason=""), name="pay_line_not_due_has_reason"),
            models.CheckConstraint(condition=Q(kind="correction") | Q(amount__gte=0, amount__lte=F("share")), name="pay_line_within_share"),
            models.CheckConstraint(condition=Q(kind__in=["subsidy", "reward"]) | Q(of__isnull=False), name="pay_line_later_names_earlier"),
        ]
        indexes: ClassVar = [models.Index(fields=["mediator", "month"], name="pay_line_of_person")]


class PayVerdict(models.Model):
    """A person looked at a suspicion of padding and decided (twin dossiers, many on one day)."""

    class Verdict(models.TextChoices):
        PAY = "pay", "核实无误，照发"
        REFUSE = "refuse", "确属重复或不实，不发"

    dispute = models.OneToOneField(Dispute, models.PROTECT, primary_key=True, related_name="+")
    verdict = models.CharField("核实结论", max_length=8, choices=Verdict.choices)
    words = models.CharField("核实情况", max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PayPart(models.Model):
    """The stated part of a case's reward, in hundredths. Where none is stated, those who mediated share equally."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="+")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="+")
    part = models.PositiveSmallIntegerField("份额（%）")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "mediator"], name="pay_part_once"),
            models.CheckConstraint(condition=Q(part__range=(1, 100)), name="pay_part_hundredths"),
        ]


class YearAssessment(models.Model):
    """How a mediator did in a year, as the station's head judged it: one a person and year (MED-13)."""

    class Verdict(models.TextChoices):
        EXCELLENT = "excellent", "优秀"
        COMPETENT = "competent", "合格"
        BASIC = "basic", "基本合格"
        FAILED = "failed", "不合格"

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="assessments")
    year = models.PositiveSmallIntegerField("考核年度")
    verdict = models.CharField("考核结果", max_length=9, choices=Verdict.choices)
    facts = models.JSONField("考核依据", help_text="the year's figures as they stood on the day: mediated, agreed, training days, duties")
    words = models.CharField("考核意见", max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-year", "mediator"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["mediator", "year"], name="year_assessment_once")]


class PayStop(models.Model):
    """A failed yearly assessment: nothing is paid from a day on, until somebody decides to release it (MED-13)."""

    class Release(models.TextChoices):
        BACK = "back", "恢复发放，补发停发部分"
        FROM_NOW = "from_now", "恢复发放，停发部分不补"

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="pay_stops")
    year = models.PositiveSmallIntegerField("考核年度")
    from_on = models.DateField("停发之日")
    words = models.CharField("考核情况", max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    release = models.CharField("处理决定", max_length=8, choices=Release.choices, blank=True)
    released_on = models.DateField("恢复之日", null=True)
    released_words = models.CharField("恢复理由", max_length=300, blank=True)
    released_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediator"], condition=Q(released_on=None), name="pay_stop_one_running"),
            models.CheckConstraint(
                condition=Q(released_on=None, release="") | (Q(released_on__isnull=False) & ~Q(release="")), name="pay_stop_release_decided"
            ),
        ]
