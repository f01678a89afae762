"""What was taken out of the house as a list: the job of a large one, the record of every one."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class Export(models.Model):
    """One export of one person (L-SEC-40). A large one is a job: claimed, beaten on while it runs, kept for some days.

    `token` holds filter and columns, encrypted: somebody may have searched for an identity number. `asked_key` is a keyed
    hash of it, so that a second click finds the first one's job.
    """

    class State(models.TextChoices):
        SENT = "sent", "已下载"
        WAITING = "waiting", "排队中"
        RUNNING = "running", "生成中"
        DONE = "done", "可下载"
        FAILED = "failed", "未完成"
        CANCELLED = "cancelled", "已取消"
        REMOVED = "removed", "已过期清理"

    class Form(models.TextChoices):
        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"

    #: Still to be done.
    OPEN = (State.WAITING, State.RUNNING)

    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    listing = models.CharField("清单", max_length=30)
    label = models.CharField("内容", max_length=160, help_text="the list and its filter in words, long numbers masked")
    form = models.CharField("格式", max_length=4, choices=Form.choices)
    token = models.TextField(help_text="filter and columns, encrypted; empty once the file is gone for good")
    asked_key = models.CharField(max_length=64)
    ground = models.CharField("理由", max_length=300, blank=True, help_text="given to have identity numbers in clear")
    state = models.CharField("状态", max_length=10, choices=State.choices)
    asked_at = models.DateTimeField("时间")
    worker = models.CharField(max_length=32, blank=True, help_text="the claim: only who holds it may write progress and result")
    beat_at = models.DateTimeField(null=True, help_text="last sign of life of the claim")
    attempts = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveIntegerField("行数", default=0)
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    basis = models.CharField(max_length=64, blank=True, help_text="hash of the posts and readers the file was made for")
    failure = models.CharField(max_length=200, blank=True)
    downloads = models.PositiveIntegerField("下载次数", default=0)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "asked_key"], condition=Q(state__in=["waiting", "running"]), name="export_asked_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="export_open", condition=Q(state__in=["waiting", "running"])),
            models.Index(fields=["user", "-id"], name="export_of_user"),
            models.Index(fields=["expires_at"], name="export_to_remove", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """导出编号, as it stands in the file, in the log and on the page."""
        return f"DC{timezone.localtime(self.asked_at):%Y%m%d}-{self.pk:06d}"

    @property
    def percent(self) -> int:
        """How far it is; never 100 before it is done."""
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
