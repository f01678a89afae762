"""The form of an act on a petition, and the wizard that goes before some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casework import actforms
from petitions import codes
from petitions.queries.case import CasePage


class ActForm(actforms.ActForm[CasePage]):
    """An act's form on the page of a petition."""


#: The wizard's answers travel as fields of their own, so that the steps work without JavaScript.
LADDER_PREFIX = "q_"


def ladder_answers(data: Any) -> dict[str, str]:
    """The answers given so far, by question key; unknown keys and options are left out."""
    known = {q.key: {key for key, _ in q.choices} for q in codes.LADDER}
    found = {key: str(data.get(LADDER_PREFIX + key, "")) for key in known}
    return {key: answer for key, answer in found.items() if answer in known[key]}


def ladder_fields(answers: dict[str, str]) -> Sequence[tuple[str, str]]:
    """Hidden inputs that carry the answers on."""
    return [(LADDER_PREFIX + key, answer) for key, answer in answers.items()]
