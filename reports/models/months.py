"""Reports of a period and closed periods: what was asked for, what was made, what is sealed and never changes again.

A closing freezes the facts (`FrozenFact`) and the names they were read with (`Closing.frame`); a report of a closed period
is computed from these alone, so that it can be made again to the byte. Triggers (migration 0003) refuse every change of a
closing, of its facts and of a sealed report with its files.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from casework.models import Document
from organisations.models import Unit, User
from reports.models.facts import FactColumns, StoodColumns
from reports.rules.periods import Span


class Closing(models.Model):
    """One closed period of the county: who closed it, what was frozen, where the history stood."""

    since = models.DateField("自")
    until = models.DateField("至")
    span = models.CharField(max_length=8, choices=[(span.value, span.value) for span in Span])
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填报人")
    checked_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="审核封存人")
    closed_by_label = models.CharField(max_length=120)
    checked_by_name = models.CharField(max_length=60, help_text="as it was that day: a report made again bears the same name")
    closed_by_name = models.CharField(max_length=60)
    closed_at = models.DateTimeField()
    measures = models.JSONField(help_text="code → version of every measure in force at the end of the period")
    history_day = models.DateField(null=True, help_text="day of the last seal of the history chain")
    history_hash = models.CharField(max_length=64, blank=True)
    cases = models.PositiveIntegerField(help_text="frozen facts")
    sha256 = models.CharField(max_length=64, help_text="over the frozen facts in the order of their cases")
    frame = models.JSONField(help_text="names of units, places and categories on that day, and what was read beside the facts")
    restated = models.JSONField(help_text="figures of earlier closed periods that are different now")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["since", "until"], name="closing_once")]
        ordering: ClassVar = ["-until", "-pk"]


class FrozenFact(FactColumns):
    """A fact as it stood when the period was closed."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="facts")
    case_id = models.BigIntegerField()
    number = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["closing", "case_id"], name="frozen_once")]


class FrozenPast(StoodColumns):
    """How a frozen fact had stood on the days the report speaks of, where that differs from the day of closing."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="+", db_index=False)
    case_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["closing", "case_id", "stood_from"], name="frozen_past_once")]


class FrozenStood(FactColumns):
    """Frozen facts with their past: a view (migration 0006). One row a case once a closing and a day are chosen."""

    closing = models.ForeignKey(Closing, models.DO_NOTHING, related_name="+")
    case_id = models.BigIntegerField(primary_key=True)
    stood_from = models.DateField()
    stood_until = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "reports_frozenstood"


class Report(models.Model):
    """A report of a unit's ground over days, made by the worker; sealed when it belongs to a closing."""

    class State(models.TextChoices):
        ASKED = "asked", "排队中"
        MAKING = "making", "正在生成"
        READY = "ready", "已生成"
        FAILED = "failed", "未能生成"

    class Origin(models.TextChoices):
        ASKED = "asked", "按需生成"
        SCHEDULED = "scheduled", "定期生成"
        CLOSED = "closed", "封存"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since = models.DateField("自")
    until = models.DateField("至")
    span = models.CharField(max_length=8, choices=[(span.value, span.value) for span in Span])
    origin = models.CharField("来源", max_length=10, choices=Origin.choices)
    closing = models.ForeignKey(Closing, models.PROTECT, null=True, related_name="reports")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.ASKED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    word = models.CharField(max_length=60, blank=True, help_text="what is being done")
    claim = models.UUIDField(null=True, help_text="of the worker that is at it")
    beat_at = models.DateTimeField(null=True, help_text="when that worker last said something")
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    cut_off = models.DateTimeField(null=True, help_text="until when what happened is counted")
    made_at = models.DateTimeField(null=True)
    pages = models.PositiveSmallIntegerField(default=0)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="填报人")
    checked_at = models.DateTimeField(null=True)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    restated = models.JSONField(null=True, help_text="of a closed period's report of one unit: what is different now of earlier ones on its ground")
    restated_at = models.DateTimeField(null=True)
    manifest = models.TextField(blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "since", "until"], condition=Q(origin="scheduled"), name="report_scheduled_once"),
            models.UniqueConstraint(fields=["unit", "closing"], condition=Q(origin="closed"), name="report_closed_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], condition=Q(state__in=["asked", "making"]), name="report_waiting")]
        ordering: ClassVar = ["-pk"]

    @property
    def is_sealed(self) -> bool:
        return bool(self.manifest)

    @property
    def is_waiting(self) -> bool:
        return self.state in {self.State.ASKED, self.State.MAKING}


class ReportFile(models.Model):
    """The bytes of a report as they were made."""

    class Sort(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    sort = models.CharField(max_length=4, choices=Sort.choices)
    name = models.CharField(max_length=160)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "sort"], name="report_file_once")]
        ordering: ClassVar = ["name"]


class Reading(models.Model):
    """Who has opened a report: what a leader or an auditor has not looked at yet is shown to them."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="readings")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "user"], name="reading_once")]


class Letter(models.Model):
    """A letter a sealed report goes up with. One stands at a time; one taken back keeps its number and is void."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="letters")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report"], condition=Q(withdrawn_at=None), name="letter_stands_once")]
        ordering: ClassVar = ["-pk"]
