"""What the person who brought the matter does without an account."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
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
    reason = models.CharField("不满意原因", max_length=300, blank=True)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["reply", "target"], condition=Q(replaced_at=None), name="rating_one_standing")]
