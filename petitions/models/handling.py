"""What was done about a petition: inquiry, refusal, proposal, guidance, reply, feedback."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from petitions import codes, rules
from petitions.models.petition import Petition, code_array

USER = settings.AUTH_USER_MODEL


class Inquiry(models.Model):
    """听取陈述 or 调查核实 (条例§31(六), L-PET-61): both must stand before a decision can be issued."""

    class Kind(models.TextChoices):
        HEARD = "heard", "听取陈述"
        INVESTIGATED = "investigated", "调查核实"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="inquiries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField("日期")
    officers = models.CharField("经办人员（不少于2人）", max_length=80)
    place = models.CharField("地点", max_length=80, blank=True)
    words = models.TextField("内容")
    evidence = models.CharField("证据材料", max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "id"]


class Refusal(models.Model):
    """不予受理 / 不再受理: a coded reason, a second person's approval (L-PET-51)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="refusals")
    code = models.CharField(max_length=2, choices=codes.DECLINE_REASONS.choices)
    words = models.TextField("说明")
    remedy = models.CharField("救济途径", max_length=300)
    from_state = models.CharField(max_length=20)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    is_approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Proposal(models.Model):
    """报请领导: the office asks, the leader instructs."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="proposals")
    leader = models.ForeignKey(USER, models.PROTECT, related_name="+")
    words = models.CharField("拟办意见", max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    instruction = models.CharField("批示", max_length=500, blank=True)
    instructed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Guidance(models.Model):
    """引导至其他法定途径 (L-CLS-2): the answers of the wizard and the routes told."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="guidances")
    routes = code_array("途径")
    answers = models.JSONField(default=dict)
    words = models.TextField("告知内容")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Reply(models.Model):
    """答复意见 in one round of handling: prepared, signed by a second person, delivered. A reopened case has several."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="replies")
    text = models.TextField("答复意见")
    outcome = models.CharField("结果", max_length=12)
    remedy_unit = models.CharField("复查机关", max_length=80, blank=True)
    prepared_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sent_back_at = models.DateTimeField(null=True)
    sent_back_words = models.CharField(max_length=300, blank=True)
    delivery = models.CharField("送达方式", max_length=1, choices=codes.DELIVERY_METHODS.choices, blank=True)
    posted_on = models.DateField("交邮日期", null=True)
    delivered_on = models.DateField("收到日期", null=True)
    receiver = models.CharField("签收人", max_length=40, blank=True)
    proof = models.CharField("送达凭证", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Feedback(models.Model):
    """The office goes back to the petitioner; both are rated apart (L-CLS-20)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="feedbacks")
    way = models.CharField("回访方式", max_length=12, choices=rules.FeedbackWay.choices)
    on = models.DateField("回访日期")
    words = models.TextField("群众意见")
    is_reached = models.BooleanField("联系上", default=True)
    office_rating = models.CharField("对信访部门", max_length=1, choices=codes.SATISFACTION_LEVELS.choices, blank=True)
    unit_rating = models.CharField("对责任单位", max_length=1, choices=codes.SATISFACTION_LEVELS.choices, blank=True)
    reason = models.CharField("不满意原因", max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
