"""What people are told, and by which way."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.models.docket import Case
from casework.models.terms import Deadline
from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class Notice(models.Model):
    """A line in somebody's inbox (待我). Addressed to a unit or to a person, told once per `key`."""

    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="notices", help_text="None: news of the house, e.g. the calendar")
    to_unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="notices")
    to_role = models.CharField(max_length=16, blank=True, help_text="of the unit's people only those who hold this post; empty: all of them")
    to_user = models.ForeignKey(USER, models.CASCADE, null=True, related_name="notices")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    deadline = models.ForeignKey(Deadline, models.CASCADE, null=True, related_name="+", db_index=False)
    offset = models.SmallIntegerField(null=True, help_text="days from the due date this reminder belongs to; negative before it")
    is_statutory = models.BooleanField(default=False, help_text="cannot be muted")
    is_carried = models.BooleanField(default=False, help_text="looked at for ways out of the house (casework.carrying)")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_unit=None, to_user__isnull=False) | Q(to_unit__isnull=False, to_user=None),
                name="notice_one_addressee",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_unit", "-id"], name="notice_unit_new", condition=Q(read_at=None)),
            models.Index(fields=["to_user", "-id"], name="notice_user_new", condition=Q(read_at=None)),
            models.Index(fields=["id"], name="notice_to_carry", condition=Q(is_carried=False)),
        ]


class NoticePreference(models.Model):
    """By which ways a person wants to be told beyond the inbox, and when not. Statutory reminders cannot be muted."""

    user = models.OneToOneField(USER, models.CASCADE, primary_key=True, related_name="notice_preference")
    email = models.EmailField("电子邮箱", blank=True)
    by_email = models.BooleanField("邮件", default=False)
    by_sms = models.BooleanField("短信", default=False)
    by_chat = models.BooleanField("工作群机器人", default=False)
    digest_at = models.TimeField("每日汇总时间", null=True)
    only_digest = models.BooleanField("只发每日汇总", default=False, help_text="beyond the inbox; statutory reminders go out one by one all the same")
    digested_on = models.DateField(null=True, help_text="the last day whose digest was made")
    quiet_from = models.TimeField("免打扰起", null=True)
    quiet_until = models.TimeField("免打扰止", null=True)
    muted = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="不再提醒的种类")


class Outgoing(models.Model):
    """A message on its way out of the house (outbox): sent once per `key`, tried again with growing pauses, dead after the last try.

    Holds no word of a matter where the channel is SMS: only a number and a date.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "邮件"
        SMS = "sms", "短信"
        CHAT = "chat", "工作群"

    channel = models.CharField("途径", max_length=6, choices=Channel.choices)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    address_token = models.CharField(max_length=200, help_text="e-mail address or telephone number, encrypted (L-SEC-3)")
    subject = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField(help_text="quiet hours, and the pause before the next try")
    useless_after = models.DateTimeField(null=True, help_text="a code that no longer opens anything, an hour that has come: not sent any more")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], name="outgoing_waiting", condition=Q(sent_at=None, dead_at=None)),
            models.Index(fields=["-dead_at"], name="outgoing_dead", condition=Q(dead_at__isnull=False)),
        ]


class SweepRun(models.Model):
    """When a sweep of the clock last began, ended and failed: one row a sweep, read by the health page."""

    name = models.CharField(max_length=60, primary_key=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="the last run that went through")
    took_ms = models.PositiveIntegerField(default=0)
    done = models.IntegerField(default=0, help_text="what the last run says it did, in its own unit")
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)


class Follow(models.Model):
    """Somebody keeps an eye on a case (关注)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="followers")
    user = models.ForeignKey(USER, models.CASCADE, related_name="follows")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], name="follow_once"),
        ]
