"""复查, 复核, hearings and what the base units owe after the last word (L-PET-10 rows 8 to 10, L-PET-54)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Document
from organisations.models import Unit
from petitions import codes
from petitions.models.handling import Reply
from petitions.models.petition import Petition

USER = settings.AUTH_USER_MODEL


class Review(models.Model):
    """One request for review (round 1, 复查) or re-review (round 2, 复核): by whom asked, who decides, what was decided."""

    class Round(models.IntegerChoices):
        REVIEW = 1, "复查"
        REREVIEW = 2, "复核"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField("程序", choices=Round.choices)
    of_reply = models.ForeignKey(Reply, models.PROTECT, null=True, related_name="+", help_text="the decision asked to be reviewed, in round 1")
    of_review = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="the review opinion, in round 2")
    original_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="原办理机关")
    original_handler = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", help_text="who gets the case back afterwards")
    original_number = models.CharField("原意见文号", max_length=60, blank=True)
    from_state = models.CharField(max_length=20, help_text="where the case stood; it goes back there when nothing is decided")
    organ = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="复查（复核）机关")
    organ_name = models.CharField("复查（复核）机关名称", max_length=80, help_text="also of an organ outside the county")
    earlier_organs = models.JSONField(default=list, help_text="who had the request before it was sent on: [unit id or null, until which day]")
    request = models.TextField("复查（复核）请求")
    grounds = models.TextField("理由")
    is_online = models.BooleanField("网上提出", default=False)
    posted_on = models.DateField("交邮日期", null=True)
    received_on = models.DateField("收到申请日期")
    late_reason = models.CharField("逾期的正当理由", max_length=300, blank=True)
    late_words = models.CharField("同意逾期理由", max_length=300, blank=True, help_text="of the reviewing organ, when it takes a late request")
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    accepted_on = models.DateField("受理日期", null=True)
    reject_proposed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    rejected_on = models.DateField("不予受理日期", null=True)
    rejected_words = models.CharField("不予受理理由", max_length=500, blank=True)
    facts = models.TextField("复查（复核）查明", blank=True)
    words = models.TextField("理由与依据", blank=True)
    conclusion = models.CharField("结论", max_length=1, choices=codes.REVIEW_CONCLUSIONS.choices, blank=True)
    changed_to = models.TextField("变更为", blank=True)
    outcome = models.CharField("变更后的办理结果", max_length=12, blank=True)
    revoked = models.JSONField(default=list, help_text="the points as decided before: a second decision may not repeat them (L-PET-72)")
    remedy_unit = models.CharField("复核机关", max_length=80, blank=True)
    redo_days = models.PositiveSmallIntegerField("责令重新办理期限（日）", null=True)
    drafted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_on = models.DateField("作出日期", null=True, help_text="the date on the paper; of an outside organ earlier than the entry")
    outside_number = models.CharField("外单位文号", max_length=60, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    delivery = models.CharField("送达方式", max_length=1, choices=codes.DELIVERY_METHODS.choices, blank=True)
    opinion_posted_on = models.DateField("意见书交邮日期", null=True)
    delivered_on = models.DateField("送达日期", null=True)
    receiver = models.CharField("签收人", max_length=40, blank=True)
    proof = models.CharField("送达凭证", max_length=200, blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["petition"],
                condition=Q(decided_at=None, rejected_on=None, withdrawn_on=None),
                name="review_one_running",
            ),
        ]


class Hearing(models.Model):
    """信访听证 (条例§31(六) §36②, L-PET-65). In a re-review its days are not counted (L-TIME-7)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="hearings")
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="hearings")
    announced_on = models.DateField("通知日期")
    held_on = models.DateField("听证日期")
    begins_at = models.TimeField("开始时间", null=True, help_text="None: called before the hour was asked for")
    place = models.CharField("地点", max_length=80)
    chair = models.CharField("主持人", max_length=30)
    panel = models.CharField("听证员", max_length=120)
    attendees = models.CharField("参加人", max_length=200, blank=True)
    minutes = models.TextField("听证笔录", blank=True)
    conclusion = models.TextField("听证结论", blank=True)
    is_public = models.BooleanField("结论公示", default=False)
    excluded_from = models.DateField("不计期限自", null=True)
    excluded_until = models.DateField("不计期限至", null=True)
    is_held = models.BooleanField("如期举行", null=True, help_text="None until recorded; False: called off, the reason in the minutes")
    notice = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="听证笔录")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]


class FollowUp(models.Model):
    """疏导教育、矛盾化解、帮扶救助 after the last word (条例§37③, L-PET-54): a task of the base unit, never a case reopened."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="follow_ups")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.CharField("任务", max_length=300)
    due_on = models.DateField("期限")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    result = models.TextField("结果", blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    done_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
