"""How often somebody outside has tried something lately."""

from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """Tries of one kind by one address or at one number, in the window that began `since`. The key is a keyed hash: no address, no number."""

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()
