"""催办, 督办, 批示, 包案, 陪访代访 and the three proposals (L-PET-90…94, HALL-15, HALL-16, HALL-18)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Document
from organisations.models import Unit
from petitions import codes
from petitions.models.petition import Petition, code_array

USER = settings.AUTH_USER_MODEL


class Urging(models.Model):
    """One 催办, by the centre, a leader or the person who brought the matter; they are counted by their rows."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="urgings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    is_citizen = models.BooleanField("信访人催办", default=False)
    words = models.CharField("催办内容", max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]


class Supervision(models.Model):
    """督办: proposed (by the system or a person), confirmed by the office, answered by the unit, accepted or pressed on (条例§40)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        DROPPED = "dropped", "不予督办"
        RUNNING = "running", "待反馈"
        REPLIED = "replied", "已反馈待审核"
        CLOSED = "closed", "已办结"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="supervisions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="被督办单位")
    reasons = code_array("督办情形")
    method = models.CharField("督办方式", max_length=2, choices=codes.SUPERVISION_METHODS.choices)
    words = models.CharField("存在的问题", max_length=500)
    requirement = models.CharField("办理要求", max_length=500, blank=True)
    rule = models.CharField("触发规则", max_length=40, blank=True, help_text="rule and fact, e.g. overdue-7:4711; empty when a person proposed it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_on = models.DateField("提出日期")
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField("中心意见", max_length=300, blank=True)
    due_on = models.DateField("反馈期限", null=True)
    reply = models.TextField("反馈情况", blank=True)
    replied_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            # A rule names the fact it saw («overdue-7:4711»): what the office dropped is not proposed again the next morning.
            models.UniqueConstraint(fields=["petition", "rule"], condition=~Q(rule=""), name="supervision_rule_once"),
            models.UniqueConstraint(fields=["petition", "unit"], condition=Q(state="running"), name="supervision_one_running"),
        ]


class Instruction(models.Model):
    """领导批示 as a task: author, date, text, to whom, until when, what came of it (L-CLS-43). Read only by those it names and above."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="instructions")
    leader = models.ForeignKey(USER, models.PROTECT, related_name="+")
    words = models.CharField("批示内容", max_length=500)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="落实单位")
    due_on = models.DateField("反馈期限", null=True)
    at = models.DateTimeField()
    reply = models.TextField("落实情况", blank=True)
    replied_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField("领导阅知", null=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Sponsorship(models.Model):
    """领导包案 (HALL-15, L-CLS-42): the leader leads, a unit undertakes, the village assists and warns."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="sponsorships")
    leader = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="包案领导")
    undertaking_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="承办单位")
    assisting_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="协助预警的村（社区）")
    guarantees = code_array("四包")
    plan = models.TextField("化解方案")
    from_on = models.DateField("自")
    until_on = models.DateField("至")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    result = models.TextField("化解结果", blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["petition"], condition=Q(ended_at=None), name="sponsorship_one_running")]


class SponsorVisit(models.Model):
    """What one of the three parties did under a sponsorship: the leader's visit to the person, work of the unit, a warning of the village."""

    class Kind(models.TextChoices):
        VISIT = "visit", "走访约谈"
        WORK = "work", "工作进展"
        WARNING = "warning", "动态预警"

    sponsorship = models.ForeignKey(Sponsorship, models.CASCADE, related_name="visits")
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", help_text="whose record it is; None: the leader's own")
    on = models.DateField("日期")
    words = models.TextField("情况")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "id"]


class Accompaniment(models.Model):
    """陪访 / 代访 (HALL-16): a worker goes with the person, or for them, to the higher level."""

    class Kind(models.TextChoices):
        WITH = "with", "陪访"
        FOR = "for", "代访"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="accompaniments")
    kind = models.CharField("方式", max_length=4, choices=Kind.choices)
    worker = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="工作人员")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="工作人员单位", help_text="for the counts by unit (HALL-19)")
    on = models.DateField("日期")
    to_organ = models.CharField("去往机关", max_length=80)
    words = models.TextField("经过和结果")
    avoided_level_skip = models.BooleanField("避免越级走访", default=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "id"]


class Advice(models.Model):
    """Proposed to a unit: improve work, complete a policy, hold somebody to account (条例§40, L-PET-93), commend (HALL-18). Answered in writing."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="advices")
    kind = models.CharField("种类", max_length=2, choices=codes.ADVICE_KINDS.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="建议对象")
    facts = models.TextField("事实")
    words = models.TextField("建议")
    due_on = models.DateField("反馈期限")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_adopted = models.BooleanField("采纳", null=True)
    reply = models.TextField("反馈情况", blank=True)
    replied_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    reply_document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]


class Reception(models.Model):
    """领导接访 (L-CLS-41, L-CLS-43): which leader received the person where and how, what was said, who does it until when (P24)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="receptions")
    leader = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="接访领导")
    post = models.CharField("职务", max_length=60)
    mode = models.CharField("接访方式", max_length=1, choices=codes.RECEPTION_MODES.choices)
    on = models.DateField("接访日期")
    place = models.CharField("接访地点", max_length=80)
    opinion = models.CharField("处理意见", max_length=500)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="责任单位")
    due_on = models.DateField("办结时限", null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "id"]


class UrgentReport(models.Model):
    """重大紧急信访信息报告 (条例§25, appendix F12): when it was known, when it was told by telephone, when in writing (P26)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="urgent_reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="报告单位")
    known_at = models.DateTimeField("知悉时间")
    phoned_at = models.DateTimeField("电话报告时间", null=True)
    happened = models.CharField("发生时间、地点", max_length=200)
    batches = models.PositiveSmallIntegerField("批次", default=1)
    people = models.PositiveIntegerField("人次")
    demands = models.CharField("诉求与组织者", max_length=500)
    scene = models.CharField("现场情况", max_length=500)
    measures = models.CharField("已采取措施", max_length=500)
    needs = models.CharField("需上级协调事项", max_length=500, blank=True)
    phone = models.CharField("报告人电话", max_length=30)
    recipients = models.CharField("报送", max_length=200)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="报告人")
    at = models.DateTimeField("书面报告时间")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
