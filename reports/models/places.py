"""Where the towns stand on the map of the dashboard: squares by direction, and the county's own outlines if it has loaded them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from organisations.models import User


class TownPlace(models.Model):
    """The square of a town: columns from the west, rows from the north, both from 1."""

    town_code = models.CharField("乡镇代码", max_length=9, primary_key=True)
    column = models.PositiveSmallIntegerField("列")
    row = models.PositiveSmallIntegerField("行")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "row"], name="town_place_one_a_square")]

    def __str__(self) -> str:
        return f"{self.town_code}: {self.column}/{self.row}"


class Outlines(models.Model):
    """One file of outlines as it was loaded, thinned for drawing. The newest that was not taken off is drawn; earlier ones stay."""

    name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField(max_length=64, help_text="of the file as it came")
    size = models.PositiveIntegerField(help_text="bytes of the file as it came")
    shapes = models.JSONField(help_text="[[town code, [ring, …]], …]; a ring is a list of [longitude, latitude]")
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name
