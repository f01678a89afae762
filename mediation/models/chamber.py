"""掌上调解室 (MED-9): conversations of people without an account, hours in a mediator's calendar, requests for legal aid."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models import Limit
from mediation.chamber import rules
from mediation.chamber.rules import Ground, Meeting, State, Verdict, Way
from mediation.models.corps import Mediator
from mediation.models.dispute import Dispute
from organisations.models import Area, Unit

USER = settings.AUTH_USER_MODEL


class ChamberHours(models.Model):
    """When a mediator can be met: a block of one weekday, every week."""

    mediator = models.ForeignKey(Mediator, models.CASCADE, related_name="chamber_hours")
    weekday = models.PositiveSmallIntegerField("星期", help_text="0 = Monday")
    start = models.TimeField("起")
    end = models.TimeField("止")

    class Meta:
        ordering: ClassVar = ["weekday", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediator", "weekday", "start"], name="chamber_hours_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="chamber_hours_weekday"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="chamber_hours_end_after_start"),
        ]

    @property
    def block(self) -> rules.Block:
        return rules.Block(self.weekday, self.start, self.end)


class Conversation(models.Model):
    """One matter somebody brought to the room. Of the code only a keyed hash is kept; the telephone is an SM4 token (L-SEC-3)."""

    number = models.CharField("编号", max_length=40, unique=True)
    code_hash = models.CharField(max_length=64)
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="接待单位")
    name = models.CharField("姓名", max_length=60)
    phone_token = models.CharField(max_length=120)
    phone_masked = models.CharField("电话", max_length=24)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="所在村（社区）")
    place = models.CharField("详细地点", max_length=120, blank=True)
    what = models.TextField("什么事", max_length=rules.WHAT_MAX)
    opened_at = models.DateTimeField()
    said_at = models.DateTimeField(help_text="when somebody last said something")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    closed_words = models.CharField("结束原因", max_length=300, blank=True)
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, related_name="conversations")
    submission = models.UUIDField(unique=True, help_text="of form and browser together; the code does not follow from it")

    class Meta:
        ordering: ClassVar = ["-said_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state=State.DISPUTE, dispute__isnull=False) | ~Q(state=State.DISPUTE), name="conversation_dispute"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, state__in=[State.CLOSED, State.DISPUTE]) | Q(closed_at=None, state__in=rules.OPEN),
                name="conversation_closed_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "state", "-said_at"], name="conversation_unit")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


class Invited(models.Model):
    """A mediator somebody asked for in a conversation; one who does not take it is out of it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="invited")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="conversations")
    declined_at = models.DateTimeField(null=True)
    declined_words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "mediator"], name="invited_once")]


class ChamberMessage(models.Model):
    """Something said. `user` None: by the person who asked. Never changed; `key` is the form's, so that it is said once."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=80)
    text = models.CharField(max_length=rules.MESSAGE_MAX)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, help_text="by the other side")
    key = models.UUIDField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "key"], name="chamber_message_once")]


class ChamberFile(models.Model):
    """A photo or paper that came with a message. The bytes lie under their hash (mediation.chamber.files); each once in a conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="files")
    message = models.ForeignKey(ChamberMessage, models.CASCADE, related_name="files")
    name = models.CharField("文件名", max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "sha256"], name="chamber_file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def sign(self) -> str:
        """One to three signs for the list of files."""
        return "图" if self.is_picture else "PDF" if self.content_type == "application/pdf" else "文"


class Booking(models.Model):
    """Half an hour with a mediator. The database lets nobody else have it, and lets a conversation have one at a time."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="bookings")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Meeting.choices)
    by_label = models.CharField(max_length=80, help_text="who made it")
    at = models.DateTimeField()
    ended_words = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediator", "starts_at"], condition=~Q(state=Meeting.OFF), name="booking_one_a_slot"),
            models.UniqueConstraint(fields=["conversation"], condition=Q(state__in=rules.LIVE), name="booking_one_a_conversation"),
        ]


class AidRequest(models.Model):
    """A request for legal aid with its answer (法律援助法§41–43). Refused only with a reason."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, primary_key=True, related_name="aid")
    ground = models.CharField("申请理由", max_length=12, choices=Ground.choices)
    income = models.CharField("家庭收入情况", max_length=300)
    verdict = models.CharField("决定", max_length=8, choices=Verdict.choices, default=Verdict.ASKED)
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="+", help_text="the version of the limit it runs under")
    due_on = models.DateField("作出决定的期限")
    warn_on = models.DateField(help_text="from when the lamp is amber")
    words = models.CharField("说明", max_length=500, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_on"], name="aid_waiting", condition=Q(verdict=Verdict.ASKED))]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ASKED, decided_at=None) | (~Q(verdict=Verdict.ASKED) & Q(decided_at__isnull=False) & ~Q(words="")),
                name="aid_decided_whole",
            ),
        ]

    @property
    def closed_at(self) -> datetime | None:
        """For the lamp, which is that of everything with a due date."""
        return self.decided_at

    @property
    def marks(self) -> tuple[str, ...]:
        return ()


class ChamberVisit(models.Model):
    """A browser that was let in to one conversation; the key is a hash of what stands in its cookie."""

    key = models.CharField(max_length=64, primary_key=True)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="chamber_visit_seen")]
