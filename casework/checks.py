"""System checks: a kind of case without a label, a page or words for its states stops the start-up."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, reverse

from casework import kinds


@register()
def kinds_are_complete(**_: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for kind in kinds.every():
        if not kind.label or not kind.states:
            problems.append(Error(f"case kind {kind.code} lacks a label or states", id="casework.E001"))
        try:
            reverse(kind.detail_url, args=["X"])
        except NoReverseMatch:
            problems.append(Error(f"case kind {kind.code} lacks its page {kind.detail_url}", id="casework.E002"))
    return problems
