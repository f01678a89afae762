"""The history, chained by hash, its seals, and the counters numbers are taken from."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from casework.models.docket import Case
from organisations.models import Absence, Unit

USER = settings.AUTH_USER_MODEL


class Entry(models.Model):
    """One line of a case's history: append-only (trigger), chained by hash within the case (ALL-6).

    `at` is when it was entered, `happened_at` when it took place. `prev_hash` is the hash of the entry before it
    on the same case; the case keeps the length and the head, so a missing tail shows as well as a changed line.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="timeline", db_index=False)  # entry_no_once begins with it
    no = models.PositiveIntegerField()
    at = models.DateTimeField()
    happened_at = models.DateTimeField()
    act = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    stage = models.PositiveSmallIntegerField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False)
    by_label = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)
    absence = models.ForeignKey(Absence, models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    is_internal = models.BooleanField(default=False)
    address = models.CharField(max_length=45, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "no"], name="entry_no_once"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} {self.label}"


class Seal(models.Model):
    """The day's head: a hash over all entries of the day and the seal before it, so that no case can vanish whole."""

    day = models.DateField(unique=True)
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    count = models.PositiveIntegerField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class Counter(models.Model):
    """The last number given in a series; taken with UPDATE … RETURNING in the caller's transaction, so no gap."""

    series = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveIntegerField(default=0)
