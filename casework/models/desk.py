"""What a person keeps at the desk: drafts, views, and traces of use."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models.docket import Case
from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class Draft(models.Model):
    """Text somebody is still typing; encrypted as a whole, because it holds identity numbers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(USER, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="drafts")
    label = models.CharField(max_length=80, blank=True)
    token = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-saved_at"]
        indexes: ClassVar = [models.Index(fields=["user", "form"], name="draft_of_user")]


class SavedView(models.Model):
    """A named filter: mine, or my unit's. The query string is the whole of it."""

    user = models.ForeignKey(USER, models.CASCADE, null=True, related_name="views")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="views")
    name = models.CharField("名称", max_length=20)
    query = models.CharField(max_length=500)
    is_pinned = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "unit", "name"], nulls_distinct=False, name="view_name_once")]


class Viewing(models.Model):
    """Who looked at the case page, first and last. The page shows it (issue §3)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="viewings")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], name="viewing_once"),
        ]


class Submission(models.Model):
    """An `Idempotency-Key` that was answered: sent again it gets the same answer and changes nothing."""

    key = models.CharField(max_length=80)
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="submission_once"),
        ]


class TextTemplate(models.Model):
    """A text for an act (常用语), by class of matter, with required blanks written as {what belongs here}."""

    act = models.CharField("用于", max_length=40, help_text="code of a step")
    topic_code = models.CharField("分类", max_length=6, blank=True, help_text="leading characters; empty: any class")
    name = models.CharField("名称", max_length=40)
    initials = models.CharField(max_length=80)
    text = models.TextField("内容")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", help_text="None: the whole county's")
    user = models.ForeignKey(USER, models.CASCADE, null=True, related_name="+", help_text="a person's own")
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [models.Index(fields=["act"], name="text_template_act", condition=Q(retired_at=None))]


class TextUse(models.Model):
    """When a person last took a text: what is used stands first."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    template = models.ForeignKey(TextTemplate, models.CASCADE, related_name="uses", db_index=False)  # text_use_once begins with it
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["template", "user"], name="text_use_once")]
