"""Files and papers of a case."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from casework.models.desk import Draft
from casework.models.docket import Case, Reach
from organisations.models import Unit
from organisations.scope import Scope

USER = settings.AUTH_USER_MODEL


class Attachment(models.Model):
    """A file, distrusted: type sniffed, served only through the scope, named by its SHA-256 on disk."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="attachments")
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, related_name="attachments")
    name = models.CharField("文件名", max_length=160)
    label = models.CharField("材料名称", max_length=60, blank=True)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_internal = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, scope: Scope) -> DocumentQuerySet:
        """Papers of cases the scope sees, and papers about no case (annual reports) of the units whose work it sees."""
        of_case = Exists(Reach.objects.filter(case=OuterRef("case"), reader__in=scope.readers))
        return self.filter(of_case | Q(case=None, unit__in=[reader for reader in scope.readers if reader > 0]))


class Document(models.Model):
    """A numbered paper with its frozen content. The stored PDF never changes; a correction is a new paper."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="documents", help_text="null: about no single matter")
    paper = models.CharField("文种", max_length=4)
    name = models.CharField(max_length=60)
    number = models.CharField("文号", max_length=60, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    context = models.JSONField()
    issued_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    verify_code = models.CharField("验证码", max_length=20, blank=True, help_text="what the QR code leads to; no case number in it")
    withdrawn_at = models.DateTimeField(null=True, help_text="void: the act that issued it was taken back; the number stays")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", help_text="the paper this one puts right")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["verify_code"], condition=~Q(verify_code=""), name="document_verify_code_once")]
        indexes: ClassVar = [models.Index(fields=["id"], name="document_to_render", condition=Q(rendered_at=None))]


class Delivery(models.Model):
    """One attempt to bring a paper to the person (送达, L-PET-73, L-TIME-8); several are kept.

    `delivered_on` is the day that starts the rights that run from receipt; null while the post is on its way or after
    an attempt that reached nobody, whose reason stands in `words`.
    """

    class Way(models.TextChoices):
        DIRECT = "1", "直接送达"
        LEFT = "2", "留置送达"
        ELECTRONIC = "3", "电子送达"
        POST = "4", "邮寄送达（挂号/EMS）"
        THROUGH = "5", "转交/委托送达"
        NOTICE = "6", "公告送达"

    class Receiver(models.TextChoices):
        SELF = "self", "受送达人本人"
        HOUSEHOLD = "household", "同住成年家属"
        LEGAL = "legal", "法定代表人、负责人"
        MAIL_ROOM = "mail_room", "负责收件的人"
        AGENT = "agent", "代理人、指定代收人"

    document = models.ForeignKey(Document, models.PROTECT, related_name="deliveries")
    way = models.CharField("送达方式", max_length=1, choices=Way.choices)
    attempted_on = models.DateField("送达日", help_text="when it was handed over, left, sent, posted or announced")
    posted_on = models.DateField("交邮日期", null=True, help_text="or the day of the public notice")
    delivered_on = models.DateField("收到日期", null=True)
    receiver = models.CharField("签收人", max_length=40, blank=True)
    receiver_kind = models.CharField("签收人身份", max_length=10, choices=Receiver.choices, blank=True)
    place = models.CharField("送达地点", max_length=120, blank=True)
    witnesses = models.CharField("见证人", max_length=80, blank=True)
    proof = models.CharField("送达凭证", max_length=200, blank=True)
    words = models.CharField("事由", max_length=300, blank=True, help_text="refusal, why nobody was reached, why a public notice was the last resort")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Copy(models.Model):
    """One copy of a paper handed to one reader, with a visible mark, so that a leak can be traced (beyond.md opening 7)."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="copies")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    mark = models.CharField("标记", max_length=12, unique=True)
    shows_identity = models.BooleanField("含信访人身份", default=False)
    ground = models.CharField("理由", max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
