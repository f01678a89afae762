"""Rounds of looking for quarrels (排查, MED-1, L-GRID-12): their rhythm as set, the round of a unit, what it found and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mediation import codes
from mediation.models.dispute import Dispute
from mediation.screening import rules
from mediation.screening.rules import DueUnit, Ending, Occasion, Rhythm, Sign
from organisations import directory
from organisations.models import Area, Unit
from organisations.scope import Scope

USER = settings.AUTH_USER_MODEL


class ScreeningRhythm(models.Model):
    """One version of a rhythm, for a kind of unit or for one unit (a bureau that reports monthly, an enterprise weekly)."""

    kind = models.CharField("单位类型", max_length=16, choices=Unit.Kind.choices, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    rhythm = models.CharField("排查周期", max_length=12, choices=[c for c in Rhythm.choices if c[0] != Rhythm.SPECIAL])
    due_days = models.PositiveSmallIntegerField("周期结束后几日内上报", default=0)
    due_unit = models.CharField("怎样计算", max_length=8, choices=DueUnit.choices, default=DueUnit.CALENDAR)
    valid_from = models.DateField("施行日")
    changed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    reason = models.CharField("修改原因", max_length=200)

    class Meta:
        ordering: ClassVar = ["-valid_from", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "unit", "valid_from"], name="screening_rhythm_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(kind="", unit__isnull=False) | (~Q(kind="") & Q(unit=None)), name="screening_rhythm_of_kind_or_unit"),
        ]


class Campaign(models.Model):
    """A special round an office opens by hand: for a key date, key places or key groups (两会、春节、征地项目、欠薪工地…)."""

    name = models.CharField("名称", max_length=60)
    occasion = models.CharField("类别", max_length=8, choices=Occasion.choices)
    focus = models.CharField("排查重点", max_length=500)
    from_on = models.DateField("开始日期")
    until_on = models.DateField("结束日期")
    due_on = models.DateField("上报截止日")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    submission = models.UUIDField(unique=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="taken back: what nobody had reported yet is owed no more")
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField("撤回理由", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="campaign_ends_after_start"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("until_on")), name="campaign_due_after_end"),
        ]

    def __str__(self) -> str:
        return self.name


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, scope: Scope) -> RoundQuerySet:
        """Rounds of the unit and of those below it; none for an administrator."""
        return self.filter(unit__in=rules.seen_units(scope, directory.current()))


class Round(models.Model):
    """One unit's round of one period, and its report once there is one: «found» or an explicit «nothing found».

    The report is part of the round, so that there can never be two. `branch` is the town or department it is counted under.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    rhythm = models.CharField("周期", max_length=12, choices=Rhythm.choices)
    period = models.CharField(max_length=16, help_text="W2026-47, H2026-11-1, M2026-11; S<id> of a special round")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="rounds")
    from_on = models.DateField()
    until_on = models.DateField()
    due_on = models.DateField("上报截止日")
    opened_at = models.DateTimeField()
    missed_told_at = models.DateTimeField(null=True, help_text="when unit, town and centre were told that no report came")

    is_nothing = models.BooleanField("未发现", null=True)
    who = models.CharField("排查人员", max_length=120, blank=True)
    place = models.CharField("走访地点", max_length=200, blank=True)
    households = models.PositiveIntegerField("走访户数", null=True)
    visited_on = models.DateField("走访日期", null=True)
    visited_at = models.TimeField("走访时间", null=True)
    words = models.CharField("其他情况", max_length=500, blank=True)
    is_late = models.BooleanField("逾期上报", default=False)
    reported_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reported_as = models.CharField(max_length=80, blank=True, help_text="the office the reporter acted by, as history names it")
    reported_at = models.DateTimeField(null=True)
    submission = models.UUIDField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-until_on", "unit_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "rhythm", "period"], name="round_once"),
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="round_ends_after_start"),
            models.CheckConstraint(
                condition=Q(reported_at=None, is_nothing=None, reported_by=None)
                | Q(
                    reported_at__isnull=False, is_nothing__isnull=False, reported_by__isnull=False, households__isnull=False, visited_on__isnull=False
                ),
                name="round_reported_whole",
            ),
            models.CheckConstraint(
                condition=Q(rhythm="special", campaign__isnull=False) | (~Q(rhythm="special") & Q(campaign=None)), name="round_special"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="round_unreported", condition=Q(reported_at=None)),
            models.Index(fields=["unit", "-until_on"], name="round_of_unit"),
            models.Index(fields=["until_on", "branch"], name="round_period"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def visited(self) -> rules.Visited:
        """What `households` counts here. Needs `unit`."""
        return rules.visited(self.unit.kind)

    @property
    def title(self) -> str:
        """«2026年第47周（…）» or the special round's own name. Needs `campaign` where there is one."""
        return self.campaign.name if self.campaign else rules.words(self.period, self.from_on, self.until_on)


class RoundDraft(models.Model):
    """What somebody has typed of a report and not sent; encrypted, because it names people. One a person and round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    token = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "user"], name="round_draft_once")]


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, scope: Scope) -> FindingQuerySet:
        return self.filter(round__unit__in=rules.seen_units(scope, directory.current()))


class Finding(models.Model):
    """One thing a round came upon. It becomes a dispute, belongs to one already there, or was settled on the spot; it never just lies."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="findings")
    no = models.PositiveSmallIntegerField()
    what = models.CharField("什么事", max_length=500)
    people = models.CharField("涉及的人（大概）", max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    place = models.CharField("地点", max_length=120, blank=True)
    type_code = models.CharField("纠纷类型", max_length=2, choices=codes.TYPES.choices)
    signs = ArrayField(models.CharField(max_length=8, choices=Sign.choices), default=list, blank=True, verbose_name="风险苗头")
    ending = models.CharField("处置", max_length=8, choices=Ending.choices, blank=True)
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, related_name="+")
    words = models.CharField("当场处理情况", max_length=500, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["round_id", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "no"], name="finding_no_once"),
            models.CheckConstraint(
                condition=Q(ending="", dispute=None, ended_at=None)
                | Q(ending__in=["dispute", "linked"], dispute__isnull=False, ended_at__isnull=False)
                | (Q(ending="on_spot", dispute=None, ended_at__isnull=False) & ~Q(words="")),
                name="finding_ended_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["round"], name="finding_open", condition=Q(ending=""))]

    @property
    def sign_words(self) -> list[str]:
        return [Sign(sign).label for sign in self.signs]
