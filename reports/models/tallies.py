"""The county's figures of each day, added up: what a dashboard of a million cases is read from.

Kept by `actions.refresh` in the transaction that changes the facts: what the changed facts counted for before is taken off,
what they count for now is put on, both read by the dictionary's own conditions. A year is then 365 rows and not 160,000.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Tally(models.Model):
    """Sums of one family of measures (one kind, date and unit column) on one day, in all or for one town, unit, category, channel."""

    family = models.SmallIntegerField()
    dim = models.CharField(max_length=1, help_text="'' all, t town, u unit that answers, c category, f channel (form)")
    day = models.DateField()
    key = models.CharField(max_length=12)
    cells = ArrayField(models.IntegerField(), help_text="counted and met of each measure of the family, in the order of the dictionary")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["family", "dim", "day", "key"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.family} {self.dim} {self.day} {self.key}"
