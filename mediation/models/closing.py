"""After the talks: judicial confirmation, visits, inquiries, and the dossier with the term it is kept (L-MED-12, 13, 46, 48, 50, 51)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Attachment, Document
from mediation import codes
from mediation.models.dispute import Dispute

USER = settings.AUTH_USER_MODEL


class Confirmation(models.Model):
    """Both parties asked a court to confirm the agreement; the court takes it or not, confirms or not (L-MED-12, L-MED-13)."""

    class Court(models.TextChoices):
        """Why this court: 调解法§33, 民诉法§205."""

        INVITING = "inviting", "邀请调解的人民法院"
        DOMICILE = "domicile", "一方当事人住所地"
        SUBJECT = "subject", "标的物所在地"
        BODY = "body", "调解组织所在地"

    class Tier(models.TextChoices):
        BASIC = "basic", "基层人民法院"
        INTERMEDIATE = "intermediate", "中级人民法院"

    class State(models.TextChoices):
        APPLIED = "applied", "等待法院决定是否受理"
        NOT_TAKEN = "not_taken", "法院不予受理"
        TAKEN = "taken", "法院已受理，等待裁定"
        CONFIRMED = "confirmed", "裁定确认有效"
        REFUSED = "refused", "裁定驳回"
        WITHDRAWN = "withdrawn", "当事人撤回"

    #: Nothing more is to come from the court.
    OVER = (State.NOT_TAKEN, State.CONFIRMED, State.REFUSED, State.WITHDRAWN)

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="confirmations")
    court = models.CharField("法院", max_length=60)
    tier = models.CharField("级别", max_length=12, choices=Tier.choices)
    why_court = models.CharField("管辖依据", max_length=10, choices=Court.choices)
    why_words = models.CharField("管辖说明", max_length=200)
    effective_on = models.DateField("协议生效日期")
    last_on = models.DateField("申请期限届满日", help_text="the thirtieth day, or the next working day")
    applied_on = models.DateField("申请日期")
    applicants = models.CharField("申请人", max_length=300)
    state = models.CharField(max_length=10, choices=State.choices)
    answered_on = models.DateField("法院决定受理与否的日期", null=True)
    court_number = models.CharField("案号", max_length=60, blank=True, help_text="（2026）鲁0685民特1号, 调确字")
    decided_on = models.DateField("裁定日期", null=True)
    ground = models.CharField("不予受理、驳回的情形", max_length=2, blank=True, choices=codes.CONFIRMATION_REFUSALS.choices)
    words = models.CharField("说明", max_length=500, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the M10")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(state__in=["applied", "taken"]), name="confirmation_one_at_court"),
            models.CheckConstraint(condition=~Q(state__in=["not_taken", "refused"]) | ~Q(ground=""), name="confirmation_refused_has_ground"),
            models.CheckConstraint(
                condition=~Q(state__in=["taken", "confirmed", "refused"]) | ~Q(court_number=""), name="confirmation_taken_has_number"
            ),
        ]


class FollowUpVisit(models.Model):
    """Somebody went or called to see whether the agreement is kept, and what the parties think of it (L-MED-50)."""

    class Way(models.TextChoices):
        HOME = "home", "上门"
        CALL = "call", "电话"
        HERE = "here", "来访"
        ONLINE = "online", "视频、线上"

    class Satisfaction(models.TextChoices):
        GOOD = "1", "满意"
        FAIR = "2", "基本满意"
        BAD = "3", "不满意"
        NONE = "9", "未表态"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="visits")
    on = models.DateField("回访日期")
    way = models.CharField("回访方式", max_length=8, choices=Way.choices)
    visited = models.CharField("被回访人", max_length=80)
    visitors = models.CharField("回访人", max_length=80)
    performance = models.CharField("履行情况", max_length=1, choices=codes.PERFORMANCE.choices)
    satisfaction = models.CharField("满意度", max_length=1, choices=Satisfaction.choices)
    problems = models.CharField("反映的问题", max_length=1000, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the M08")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Inquiry(models.Model):
    """Somebody was asked about the facts, by two, in writing; the record is signed on each page (L-MED-48)."""

    class Signed(models.TextChoices):
        EACH_PAGE = "each", "逐页签名"
        FINGERPRINT = "fingerprint", "逐页按指印"
        REFUSED = "refused", "拒绝签名"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="inquiries")
    asked = models.CharField("被调查人", max_length=60)
    asked_facts = models.CharField("被调查人情况", max_length=120, help_text="sex, age, trade, what he or she is to the parties")
    askers = models.CharField("调查人", max_length=80)
    recorder = models.CharField("记录人", max_length=30)
    others = models.CharField("其他参加人", max_length=120, blank=True)
    place = models.CharField("地点", max_length=80)
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间")
    content = models.TextField("调查内容")
    signed = models.CharField("签名", max_length=12, choices=Signed.choices)
    refused_because = models.CharField("拒签的原因和见证人", max_length=200, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the M04")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ended_at__gte=models.F("began_at")), name="inquiry_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(signed="refused") | ~Q(refused_because=""), name="inquiry_refused_has_reason"),
        ]


class DossierFile(models.Model):
    """An attachment stands at this item of the dossier (L-MED-46): 身份证明, 证据, 履行凭证 …"""

    attachment = models.OneToOneField(Attachment, models.CASCADE, primary_key=True, related_name="+")
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="dossier_files")
    item = models.CharField("卷内项目", max_length=2)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Dossier(models.Model):
    """The closed volume: number, days, term it is kept; bound once as one PDF, whose bytes never change (L-MED-46, L-MED-51)."""

    dispute = models.OneToOneField(Dispute, models.CASCADE, primary_key=True, related_name="dossier")
    number = models.CharField("卷号", max_length=60, unique=True)
    name = models.CharField("卷名", max_length=120)
    mediators = models.CharField("调解员", max_length=120)
    began_on = models.DateField("起")
    ended_on = models.DateField("止")
    filed_on = models.DateField("立卷日期")
    filed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    keep_years = models.PositiveSmallIntegerField("保管期限（年）", null=True, help_text="null: for ever")
    remarks = models.CharField("备注", max_length=500, blank=True)
    pages = models.PositiveIntegerField("页数", null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bound_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dispute"], name="dossier_to_bind", condition=Q(bound_at=None))]

    @property
    def keep_words(self) -> str:
        return "永久" if self.keep_years is None else f"{self.keep_years}年"


class KeepTerm(models.Model):
    """How long dossiers of one difficulty are kept, from a day on: a setting, because no rule of ours was verified (L-MED-51)."""

    difficulty = models.CharField("难易程度", max_length=1, choices=codes.DIFFICULTIES.choices)
    years = models.PositiveSmallIntegerField("年", null=True, help_text="null: for ever")
    valid_from = models.DateField("施行日")
    reason = models.CharField("依据", max_length=200)
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["difficulty", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["difficulty", "valid_from"], name="keep_term_version_once"),
            models.CheckConstraint(condition=Q(years=None) | Q(years__gte=10), name="keep_term_ten_years_at_least"),
        ]
