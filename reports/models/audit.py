"""What the auditor keeps: samples with their population and seed, a working paper for each case, questions with their answers.

None of it changes a case. A sample that was signed off is never changed again (trigger in migration 0004), neither its rows
nor its papers.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.models import Case
from organisations.models import Unit
from reports.audit.rules import VERDICTS

USER = settings.AUTH_USER_MODEL


class Sample(models.Model):
    """One draw: what was drawn from, by which seed, and what came of looking at it.

    `population` holds the numbers themselves (`rules.population_text`, compressed), so that the draw can be repeated from what
    was drawn from then, however much the docket has changed since.
    """

    class SeedWay(models.TextChoices):
        GIVEN = "given", "人工给定"
        SEAL = "seal", "最近一次日封的校验值"

    class Method(models.TextChoices):
        SIMPLE = "simple", "简单随机"
        STRATIFIED = "stratified", "按责任单位分层"

    title = models.CharField("名称", max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="at which the auditor holds the post")
    source = models.CharField("总体", max_length=200, help_text="what was drawn from, in words")
    query = models.CharField(max_length=500, help_text="the same as an address: source and filters")
    population = models.BinaryField()
    population_count = models.PositiveIntegerField("总体件数")
    population_sha256 = models.CharField(max_length=64)
    method = models.CharField("方法", max_length=10, choices=Method.choices)
    size = models.PositiveIntegerField("样本数")
    seed = models.CharField("种子", max_length=80)
    seed_way = models.CharField("种子来源", max_length=5, choices=SeedWay.choices)
    seed_words = models.CharField(max_length=120, blank=True, help_text="which seal")
    algorithm = models.CharField(max_length=30)
    drawn_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    conclusion = models.TextField("总的结论", blank=True)
    signed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="over the papers as signed")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title


class WorkingPaper(models.Model):
    """What the auditor found on one sampled case."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="papers", db_index=False)  # paper_place_once begins with it
    place = models.PositiveIntegerField("序号")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.CharField("编号", max_length=24)
    key = models.CharField(max_length=64, help_text="SHA-256 of seed, bar, number")
    stratum = models.CharField(max_length=40, blank=True)
    verdict = models.CharField("结论", max_length=8, choices=VERDICTS, blank=True)
    words = models.TextField("情况", blank=True)
    evidence = ArrayField(models.PositiveIntegerField(), default=list, blank=True, help_text="lines of the case's history")
    noted_at = models.DateTimeField(null=True)
    desk = models.CharField(max_length=16, blank=True, help_text="the window that wrote last, so that a second one overwrites nothing unseen")

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "place"], name="paper_place_once"),
            models.UniqueConstraint(fields=["sample", "number"], name="paper_case_once"),
        ]

    def __str__(self) -> str:
        return self.number


class AuditQuestion(models.Model):
    """A question to a unit. It runs until the auditor accepts an answer; who asks again gives a new date."""

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        ANSWERED = "answered", "待审计确认"
        ACCEPTED = "accepted", "已确认"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, related_name="questions")
    subject = models.CharField("事由", max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    due_on = models.DateField("答复期限")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="at which the auditor holds the post")
    asked_at = models.DateTimeField()
    answered_on = models.DateField(null=True, help_text="of the last answer")
    closed_at = models.DateTimeField(null=True)
    was_late = models.BooleanField(default=False, help_text="an answer came after its date")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["unit", "state", "due_on"], name="question_unit"),
            models.Index(fields=["due_on"], name="question_waiting", condition=models.Q(state="asked")),
        ]

    def __str__(self) -> str:
        return self.subject


class AuditTurn(models.Model):
    """One thing said in a question: asked, answered, accepted, asked again. Never changed."""

    class Kind(models.TextChoices):
        ASK = "ask", "提出询问"
        ANSWER = "answer", "答复"
        AGAIN = "again", "要求补充"
        ACCEPT = "accept", "确认"

    question = models.ForeignKey(AuditQuestion, models.CASCADE, related_name="turns", db_index=False)  # turn_no_once begins with it
    no = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    words = models.TextField()
    due_on = models.DateField(null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["question", "no"], name="turn_no_once")]


class IntegrityCheck(models.Model):
    """One run over the chains of a period's cases, kept with what it found."""

    since = models.DateField()
    until = models.DateField()
    cases = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    breaks = models.JSONField(default=list, help_text="[where, what] of the first bad rows")
    seals = models.PositiveIntegerField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
