"""What moves a limit: one extension, standing still; and how a person was told in the simple procedure."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Deadline, Document
from petitions import codes
from petitions.models.petition import Petition

USER = settings.AUTH_USER_MODEL


class Extension(models.Model):
    """One extension of the handling limit, at most 30 days, approved before the due date by another person (L-PET-21…23)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="extensions")
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField("延长天数")
    reason = models.CharField("延期理由", max_length=300)
    requested_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    is_approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField("审批意见", max_length=300, blank=True)
    was_due_on = models.DateField("原届满日")
    new_due_on = models.DateField("延至", null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deadline"], condition=Q(is_approved=None), name="extension_one_asked"),
            models.UniqueConstraint(fields=["deadline"], condition=Q(is_approved=True), name="extension_once"),
        ]


class Suspension(models.Model):
    """The matter waits for something outside, on a ground and with evidence; its own clock stands still until resumed."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="suspensions")
    ground = models.CharField("事由", max_length=1, choices=codes.SUSPENSION_GROUNDS.choices)
    words = models.CharField("说明", max_length=300)
    evidence = models.CharField("依据材料", max_length=300)
    from_on = models.DateField("自")
    expected_until_on = models.DateField("预计至", null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resumed_on = models.DateField("恢复日期", null=True)
    resumed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    resume_words = models.CharField("恢复说明", max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    resume_document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["petition"], condition=Q(resumed_on=None), name="suspension_one_running")]


class Telling(models.Model):
    """How the person was told where no letter is asked for: when, by which way and number, to whom, by whom (L-SIM-5).

    A telephone number is stored as Party stores it: encrypted, and masked for the eye.
    """

    class About(models.TextChoices):
        ACCEPTED = "accepted", "简易受理"
        ANSWERED = "answered", "简易答复"
        CONVERTED = "converted", "转为普通程序"

    class Way(models.TextChoices):
        ORAL = "oral", "当面口头"
        PHONE = "phone", "电话"
        SMS = "sms", "短信"
        ONLINE = "online", "网上"
        PAPER = "paper", "书面"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="tellings")
    about = models.CharField("事由", max_length=10, choices=About.choices)
    way = models.CharField("方式", max_length=6, choices=Way.choices)
    told_at = models.DateTimeField("告知时间")
    person = models.CharField("被告知人", max_length=40)
    number = models.CharField("号码", max_length=40, blank=True)
    number_token = models.CharField(max_length=120, blank=True)
    words = models.TextField("告知内容")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="告知人")
    at = models.DateTimeField("记录时间")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
