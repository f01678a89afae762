"""The court desk 便民巡回法庭 (HALL-17): a dispute before it, its stages as dated rows, how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mediation import codes
from mediation.models.dispute import Dispute
from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class CourtMatter(models.Model):
    """One going of a dispute to the court desk. Fees are waived there (全免诉讼费用); the amount waived is kept."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="court_matters")
    from_state = models.CharField("移送前的状态", max_length=24, help_text="a broken agreement the court does not take is still broken")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="法院")
    reason = models.CharField("移送理由", max_length=500)
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    court_number = models.CharField("案号", max_length=60, blank=True)
    fee_waived = models.DecimalField("免收诉讼费（元）", max_digits=10, decimal_places=2, null=True)
    result = models.CharField("结果", max_length=1, choices=codes.COURT_RESULTS.choices, blank=True)
    report = models.CharField("办理情况", max_length=1000, blank=True)
    ended_on = models.DateField("办结日期", null=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(result=""), name="court_matter_one_open"),
            models.CheckConstraint(condition=Q(fee_waived=None) | Q(fee_waived__gte=0), name="court_fee_not_negative"),
        ]


class CourtRecord(models.Model):
    """One row of work at the desk, in one of its six stages; mediation may happen in each (把调解贯穿全过程)."""

    matter = models.ForeignKey(CourtMatter, models.CASCADE, related_name="records")
    stage = models.CharField("阶段", max_length=1, choices=codes.COURT_STAGES.choices)
    on = models.DateField("日期")
    staff = models.CharField("法庭人员", max_length=80)
    words = models.CharField("情况", max_length=1000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
