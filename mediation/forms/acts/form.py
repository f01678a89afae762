"""The form of an act on a dispute."""

from __future__ import annotations

from casework import actforms
from mediation.queries.dispute import CasePage


class ActForm(actforms.ActForm[CasePage]):
    """An act's form on the page of a dispute."""
