"""Batches of messages taken in from files."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from casework.models import Case

USER = settings.AUTH_USER_MODEL


class Import(models.Model):
    """A batch of messages taken from a file: dry run, then all or nothing by batch; resumable and undoable."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "待核对"
        CHECKED = "checked", "已试运行"
        RUNNING = "running", "导入中"
        DONE = "done", "已导入"
        FAILED = "failed", "未通过"
        UNDONE = "undone", "已撤销"

    name = models.CharField("文件", max_length=160)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, blank=True, help_text="of the sealed file; empty once it is forgotten")
    columns = models.JSONField(default=list, db_default=[], help_text="names in the first line of the file")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    total = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    @property
    def taken_in(self) -> int:
        """Rows registered so far: those left out are walked over (`done_rows`) and make no case."""
        return min(self.done_rows, self.good)


class ImportRow(models.Model):
    """One row of the file: what is wrong with it, or the case it became."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    no = models.PositiveIntegerField("行号")
    problem = models.CharField("问题", max_length=300, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "no"], name="import_row_once"),
        ]
