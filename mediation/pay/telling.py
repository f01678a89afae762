"""Whose signature a sheet awaits is told so; who drafted it, what became of it (MED-13)."""

from __future__ import annotations

from collections.abc import Iterable

from casework import notices
from casework.addressees import Addressee
from casework.notices import Line
from mediation.models import PaySheet
from mediation.pay import queries
from organisations import clock, directory
from organisations.roles import Role


def drafted(sheet: PaySheet) -> None:
    """The head of the station checks it next. Drafted again on the same day, it is said once."""
    _tell(sheet, "drafted", [Addressee(sheet.unit_id, Role.HEAD)], f"待初审，合计{sheet.total:,.2f}元", f"{sheet.drafted_at:%Y%m%d}")


def checked(sheet: PaySheet) -> None:
    """The head or a leader of the centre, or the head of the justice bureau, fixes it."""
    centre, bureau = directory.current().centre_id, queries.bureau_id()
    to = [Addressee(centre, Role.HEAD), Addressee(centre, Role.LEADER)] if centre else []
    _tell(sheet, "checked", [*to, *([Addressee(bureau, Role.HEAD)] if bureau else [])], f"待审定，合计{sheet.total:,.2f}元", _moment())


def given_back(sheet: PaySheet, words: str) -> None:
    _tell(sheet, "given_back", [Addressee(user_id=sheet.drafted_by_id)], f"退回：{words}", _moment())


def fixed(sheet: PaySheet) -> None:
    _tell(sheet, "fixed", [Addressee(user_id=sheet.drafted_by_id)], f"已审定，合计{sheet.total:,.2f}元", _moment())


def _moment() -> str:
    return f"{clock.now():%Y%m%d%H%M%S%f}"


def _tell(sheet: PaySheet, what: str, to: Iterable[Addressee], words: str, once: str) -> None:
    text = f"{sheet.unit.short_name}{sheet.month:%Y年%-m月}调解员补贴发放表{words}"
    lines = [Line(to=one, kind=f"pay.{what}", text=text, key=f"pay{sheet.pk}:{what}:{once}:{one.key}") for one in to]
    notices.insert(lines, clock.now())
