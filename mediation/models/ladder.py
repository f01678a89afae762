"""The ladder as the county set it: six steps with body, level, term and required record, each row a version with its first day (MED-2)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class LadderStep(models.Model):
    """One version of one step. The version valid on the day a dispute reaches the step holds for it; its days are the limit `med.step<no>`."""

    class Level(models.TextChoices):
        VILLAGE = "village", "村"
        TOWN = "town", "镇"
        COUNTY = "county", "县"

    no = models.PositiveSmallIntegerField("步")
    name = models.CharField("调处组织", max_length=40)
    level = models.CharField("层级", max_length=8, choices=Level.choices)
    body = models.CharField("组织类型", max_length=2, help_text="code of `mediation_bodies`")
    chair = models.CharField("召集人", max_length=40, blank=True)
    record = models.CharField("必备记录", max_length=120, help_text="what must be written before the step can end")
    valid_from = models.DateField("施行日")
    changed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    reason = models.CharField("修改原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["no", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["no", "valid_from"], name="ladder_step_version_once"),
            models.CheckConstraint(condition=models.Q(no__range=(1, 6)), name="ladder_step_known"),
        ]

    def __str__(self) -> str:
        return f"第{self.no}步 {self.name}"
