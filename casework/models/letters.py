"""Files and papers of a case."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models.desk import Draft
from casework.models.docket import Case
from organisations.models import Unit

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


class Document(models.Model):
    """A numbered paper with its frozen content. The stored PDF never changes; a correction is a new paper."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
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
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", help_text="the paper this one puts right")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["verify_code"], condition=~Q(verify_code=""), name="document_verify_code_once")]
        indexes: ClassVar = [models.Index(fields=["id"], name="document_to_render", condition=Q(rendered_at=None))]


class Delivery(models.Model):
    """How a paper reached, or failed to reach, the person (送达, L-PET-73, L-TIME-8). `delivered_on` starts the rights that run from receipt."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="deliveries")
    way = models.CharField("送达方式", max_length=1, help_text="delivery_methods")
    posted_on = models.DateField("交邮日期", null=True)
    delivered_on = models.DateField("收到日期", null=True)
    receiver = models.CharField("签收人", max_length=40, blank=True)
    proof = models.CharField("送达凭证", max_length=200, blank=True)
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
