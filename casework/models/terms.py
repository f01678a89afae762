"""Calendar, limits and due dates: what the law gives, and what became of it on each case."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.models.docket import Case
from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class Holiday(models.Model):
    """A day that differs from Monday–Friday: off, or a worked weekend day (L-CAL-2); the county's own closing days too (L-CAL-5)."""

    class Source(models.TextChoices):
        STATE = "state", "国务院公布"
        COUNTY = "county", "本县规定"

    day = models.DateField("日期", unique=True)
    is_off = models.BooleanField("放假")
    name = models.CharField("名称", max_length=40)
    source = models.CharField("来源", max_length=6, choices=Source.choices, default=Source.STATE)


class CalendarChange(models.Model):
    """What became of a day of the calendar, and when (L-CAL-3). Never changed: limits that closed before it rest on what was."""

    day = models.DateField("日期")
    was_off = models.BooleanField("原为放假", null=True, help_text="None: an ordinary day")
    is_off = models.BooleanField("改为放假", null=True, help_text="None: an ordinary day again")
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("来源", max_length=6, choices=Holiday.Source.choices)
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]


class OfficeHours(models.Model):
    """When the counters are open, from a day on (L-CAL-6): limits in hours and «the same day» rest on it."""

    valid_from = models.DateField("自何日起", unique=True)
    morning_from = models.TimeField("上午上班", default=time(8, 30))
    morning_until = models.TimeField("上午下班", default=time(12, 0))
    afternoon_from = models.TimeField("下午上班", default=time(14, 0))
    afternoon_until = models.TimeField("下午下班", default=time(17, 30))


class Limit(models.Model):
    """A time limit as a setting (L-PET-T1, L-CUR-7): running cases keep the version they started under."""

    class Unit(models.TextChoices):
        CALENDAR = "calendar", "日"
        WORKING = "working", "工作日"
        MONTH = "month", "个月"
        HOURS = "hours", "小时"
        SET = "as_set", "按交办要求"

    key = models.CharField(max_length=40)
    name = models.CharField("名称", max_length=60)
    n = models.PositiveSmallIntegerField("长度", null=True)
    unit = models.CharField("单位", max_length=10, choices=Unit.choices)
    is_duty = models.BooleanField(default=True, help_text="a duty of ours; False is a right, and no lamp hangs on it")
    base = models.CharField("起算", max_length=60)
    who = models.CharField("谁的期限", max_length=60)
    roll = models.CharField(max_length=8, default="none", help_text="none for a duty, forward for a right (L-TIME-6)")
    warn_days = ArrayField(models.SmallIntegerField(), default=list)
    max_extension = models.PositiveSmallIntegerField(null=True)
    cites = models.CharField("依据", max_length=120)
    is_verified = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    set_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", help_text="None: came with the program")
    set_at = models.DateTimeField(null=True)
    reason = models.CharField("修改原因", max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="limit_version_once"),
        ]


class Deadline(models.Model):
    """A due date is a stored fact derived from an event; lateness is due_on < (met_on or today). No job changes it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    item = models.PositiveBigIntegerField(default=0, help_text="the row it belongs to, where one unit may owe several of a kind; else 0")
    is_duty = models.BooleanField(default=True)
    base_on = models.DateField()
    base_event = models.CharField(max_length=60)
    given_on = models.DateField(null=True, help_text="the date as set, for a limit «as set in the letter»")
    due_on = models.DateField()
    first_due_on = models.DateField(null=True, help_text="what it was before extension and suspension; None where neither happened")
    rolled_on = models.DateField(null=True)
    warn_on = models.DateField()
    is_provisional = models.BooleanField(default=False)
    met_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True, help_text="the duty fell away, e.g. the unit returned the case")
    remind_on = models.DateField(null=True, help_text="the next day somebody is reminded; None when nobody is any more")
    base_at = models.DateTimeField(null=True, help_text="the moment it runs from, of a limit in hours; the dates follow from it")
    due_at = models.DateTimeField(null=True, help_text="the moment it ends, of a limit in hours")
    met_at = models.DateTimeField(null=True, help_text="the moment it was met, of a limit in hours")
    card_on = models.DateField(null=True, help_text="the next day a card of the ladder is due; kept when the duty is met, for cards earned before")
    suspended_on = models.DateField(null=True, help_text="stands still since then; None while it runs")
    counted_by = models.BigIntegerField(default=0, db_default=0, help_text="the newest change of the calendar its dates were counted with; 0: none")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "key", "unit", "item"],
                condition=Q(met_on=None, dropped_on=None),
                nulls_distinct=False,
                name="deadline_one_running",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="deadline_running", condition=Q(met_on=None, dropped_on=None)),
            models.Index(fields=["remind_on"], name="deadline_to_remind", condition=Q(met_on=None, dropped_on=None, remind_on__isnull=False)),
            models.Index(fields=["due_at"], name="deadline_by_the_hour", condition=Q(met_on=None, dropped_on=None, due_at__isnull=False)),
            models.Index(fields=["card_on"], name="deadline_to_card", condition=Q(card_on__isnull=False)),
        ]


class DeadlineEvent(models.Model):
    """What moved a due date after it was set. Recomputing limit, start and events always gives the stored date (L-PET-21…23).

    RECOUNTED moves nothing by itself: it is the trace of a change of the calendar under a running limit (L-CAL-4).
    """

    class Kind(models.TextChoices):
        EXTENDED = "extended", "延期"
        SUSPENDED = "suspended", "中止"
        RESUMED = "resumed", "恢复"
        EXCLUDED = "excluded", "不计入期限"
        RECOUNTED = "recounted", "放假安排变更后重算"

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField("自")
    until_on = models.DateField("至", null=True, help_text="last day that is not counted, for EXCLUDED")
    days = models.PositiveSmallIntegerField("天数", null=True, help_text="in the limit's own unit, for EXTENDED")
    reason = models.CharField("理由", max_length=300)
    cites = models.CharField("依据", max_length=120, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Card(models.Model):
    """A rung of the ladder 普通 → 黄牌 → 红牌 that a late duty reached: given once, acknowledged, lifted by rule, never lowered."""

    class Level(models.IntegerChoices):
        PLAIN = 1, "提醒"
        YELLOW = 2, "黄牌"
        RED = 3, "红牌"

    case = models.ForeignKey(Case, models.CASCADE, related_name="cards")
    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="cards")
    level = models.PositiveSmallIntegerField("等级", choices=Level.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.CharField("事由", max_length=200)
    rule = models.CharField("规则", max_length=60)
    given_on = models.DateField("发牌日期", help_text="the day the rule was met, also when the sweep came later")
    entered_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_words = models.CharField("签收意见", max_length=300, blank=True)
    lifted_on = models.DateField("解除日期", null=True)
    lift_reason = models.CharField("解除事由", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["deadline", "level"], name="card_once_per_rung")]
        indexes: ClassVar = [models.Index(fields=["unit", "-level", "given_on"], name="card_standing", condition=Q(lifted_on=None))]
