"""The home page of who looks (beyond.md habit 29): a leader's and a head's six figures, an auditor's unread months and ways to check."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from casework.homes import Addition, Tile, Words
from casework.kinds import Panel
from organisations import clock, directory
from organisations.roles import Role
from organisations.scope import Scope
from reports.actions import refresh
from reports.audit import queries as audit
from reports.dashboard import queries
from reports.month import queries as months
from reports.queries import addresses, ground
from reports.queries.figures import Selection
from reports.rules.periods import Span, period_of

#: Who finds the six figures on the home page.
_SHOWN = frozenset({Role.LEADER, Role.HEAD})


def six(scope: Scope) -> Addition | None:
    """This month's six figures of the person's own ground, with change and reason."""
    if not scope.roles & _SHOWN:
        return None
    today = clock.today()
    where = Selection(period=period_of(Span.MONTH, today), on=today, ground=ground.of(scope))
    state = queries.current()
    if not queries.is_fresh(state):
        refresh.refresh_if_old()
        state = queries.current()
    cards = queries.cards(where, queries.Links(_behind, _board), "home", state)
    tiles = tuple(
        Tile(
            card.name,
            Words(card.value.words, card.value.url),
            "" if card.value.words == "—" else card.unit,
            (Words(card.change), *(Words(note.words, note.url) for note in card.notes)),
            "bad" if card.is_bad else "",
            card.formula,
        )
        for card in cards
    )
    name = "全县" if where.ground.is_county else directory.current().units[where.ground.unit_id].short_name
    return Addition(f"{name}本月数据", tiles, Words("驾驶舱", reverse("reports:dashboard")), "信访事项，按各指标口径")


def checking(scope: Scope) -> Addition | None:
    """Where an auditor begins: months nobody of them has opened, doubts, samples, the chain."""
    if Role.AUDITOR not in scope.roles:
        return None
    unread = months.unread(scope)
    tiles = (
        Tile("未读月报", Words(str(unread), reverse("reports:months")), "份", tone="warn" if unread else ""),
        Tile("疑点清单", Words("查看", reverse("reports:audit")), notes=(Words("补录、倒签、评价后重开、答复无送达凭证等"),)),
        Tile("随机抽查", Words("抽查", reverse("reports:samples")), notes=(Words("种子有记录，任何人可以重抽"),)),
        Tile("完整性校验", Words("校验", reverse("reports:integrity")), notes=(Words("历史、封存月报的哈希链"),)),
    )
    return Addition("审计", tiles, Words("审计", reverse("reports:audit")))


def found(scope: Scope) -> list[Panel]:
    """An auditor's doubts of the month, unsigned samples and open questions; for a unit the questions that wait for its answer."""
    return audit.home_panels(scope)


def _behind(where: Selection, code: str, part: str = "counted", **changes: Any) -> str:
    return f"{reverse('reports:behind')}?{addresses.number_query(where, code, part, **changes)}"


def _board(where: Selection, **changes: Any) -> str:
    return f"{reverse('reports:dashboard')}?{addresses.query(where, **changes)}"
