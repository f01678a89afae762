"""What the person who brought the matter does without an account, and what is remembered of the visit."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from petitions import codes
from petitions.models.handling import Reply
from petitions.models.petition import Petition

USER = settings.AUTH_USER_MODEL


class Rating(models.Model):
    """The person's own rating, one per target, changed at most once within the window; both are kept (L-CLS-20, L-CLS-25)."""

    class Target(models.TextChoices):
        OFFICE = "office", "信访部门"
        UNIT = "unit", "责任单位"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="ratings")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="+")
    target = models.CharField("对象", max_length=6, choices=Target.choices)
    value = models.CharField("评价", max_length=1, choices=codes.SATISFACTION_LEVELS.choices)
    cause = models.CharField("不满意的情形", max_length=1, choices=codes.DISSATISFACTION_CAUSES.choices, blank=True)
    reason = models.CharField("不满意原因", max_length=300, blank=True)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["reply", "target"], condition=Q(replaced_at=None), name="rating_one_standing")]


class Visit(models.Model):
    """The person's browser is let in to one matter for a short while. The key is a hash: who reads the table opens nothing."""

    class Way(models.TextChoices):
        CODE = "code", "查询码"
        SMS = "sms", "短信验证码"
        SUBMITTED = "submitted", "网上提交"

    key = models.CharField(max_length=64, primary_key=True)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    way = models.CharField(max_length=9, choices=Way.choices)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    done = ArrayField(models.UUIDField(), default=list, help_text="forms already acted on: the second click of a double click does nothing")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="visit_seen")]


class TextCode(models.Model):
    """A code sent by SMS: six digits, minutes, one use, few tries. Asked for a number nobody holds, the row leads nowhere."""

    key = models.CharField(max_length=64, primary_key=True, help_text="hash of what stands in the browser that asked")
    petition = models.ForeignKey(Petition, models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="textcode_at")]
