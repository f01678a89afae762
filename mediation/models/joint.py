"""Bodies together: the dispute sent to another body and what came back (MED-3, MED-4), 会诊 and who is sent to whom (MED-5)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.models import Document
from mediation import codes
from mediation.models.dispute import Dispute, Side
from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class BodyReferral(models.Model):
    """One sending to another body, of the house or outside (L-MED-24): taken or returned, and how it ended there."""

    class Answer(models.TextChoices):
        WAITING = "", "待接收"
        TAKEN = "taken", "已接收"
        RETURNED = "returned", "已退回"
        RECALLED = "recalled", "已撤回"

    class Result(models.TextChoices):
        WAITING = "", "办理中"
        AGREED = "agreed", "调解达成协议"
        DECIDED = "decided", "由该组织依法处理完毕"
        FAILED = "failed", "未能解决，退回继续调解"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="body_referrals")
    body = models.CharField("调处组织", max_length=2, choices=codes.BODIES.choices)
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    outside = models.CharField("系统外组织名称", max_length=80, blank=True)
    reason = models.CharField("移送理由", max_length=500)
    consent = models.CharField("双方同意的情况", max_length=300)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", help_text="the M13")
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    words = models.CharField("答复意见", max_length=500, blank=True)
    result = models.CharField(max_length=8, choices=Result.choices, blank=True)
    way = models.CharField("化解方式", max_length=24, choices=codes.WAYS.choices, blank=True)
    ended_on = models.DateField("办结日期", null=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    report = models.CharField("办理结果", max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(result="", answer__in=("", "taken")), name="body_referral_one_open"),
            models.CheckConstraint(condition=Q(to_unit__isnull=False) | ~Q(outside=""), name="body_referral_has_receiver"),
        ]

    @property
    def is_open(self) -> bool:
        return not self.result and self.answer in (self.Answer.WAITING, self.Answer.TAKEN)

    @property
    def answering_unit_id(self) -> int:
        """Who answers in the system: the receiving unit; for a body outside the house, whoever sent it writes down what it said."""
        return self.to_unit_id or self.from_unit_id


class Consultation(models.Model):
    """会诊: who sat together where and when, what was said, what was decided (MED-5)."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="consultations")
    held_at = models.DateTimeField("会诊时间")
    place = models.CharField("地点", max_length=80)
    members = ArrayField(models.CharField(max_length=80), verbose_name="参加人员", help_text="name and unit of each, as they were called that day")
    minutes = models.TextField("会诊记录")
    conclusion = models.CharField("会诊结论", max_length=1000)
    convened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]


class Assignment(models.Model):
    """A person sent to one side because of what binds them: 亲情, 感情 or 真情, with the reason kept (MED-5)."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="assignments")
    person = models.ForeignKey(USER, models.PROTECT, related_name="+")
    relation = models.CharField("情分", max_length=1, choices=codes.BONDS.choices)
    letter = models.CharField("面向", max_length=1, choices=Side.Letter.choices)
    reason = models.CharField("理由", max_length=300)
    assigned_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until_on = models.DateField("止", null=True, help_text="left the post: what binds one person to a side goes to nobody else")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["dispute", "person", "letter"], condition=Q(until_on=None), name="assignment_once")]
