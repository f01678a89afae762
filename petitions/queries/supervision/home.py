"""What of it waits for a person on the home page, and which leader has taken a case on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from casework.kinds import Panel, PanelRow
from organisations import clock, directory
from organisations.roles import Role
from organisations.scope import Scope
from petitions.models import Sponsorship
from petitions.rules import supervision as ladder
from petitions.rules.supervision import ANSWERING


def sponsor_leaders(case_ids: Collection[int]) -> dict[int, int]:
    """Case id → the leader who has taken it on (包案): the reminders go to them too (L-CLS-42)."""
    running = Sponsorship.objects.filter(petition__in=case_ids, ended_at=None)
    return dict(running.values_list("petition_id", "leader_id"))


#: Lines of a panel on the home page.
SHOWN = 6


def panels(scope: Scope) -> list[Panel]:
    """What waits for the person here: the leader's instructions by age and sponsored cases; what a unit must answer; the office's desk.

    One statement.
    """
    found = _led(scope) if Role.LEADER in scope.roles else _waiting(scope)
    return [panel for panel in found if panel.rows]


def _people(scope: Scope) -> list[int]:
    """The leader, and those the leader stands in for."""
    return [scope.user.id, *(s.on_behalf_of_id for s in scope.standings if s.role is Role.LEADER and s.on_behalf_of_id)]


#: What a leader is waiting for: own instructions not acknowledged yet, oldest first; sponsored cases, nearest end first.
_LED = """
SELECT o.what, c.number, c.title, o.at, o.due_on, o.replied_at
  FROM (SELECT 'instruction' AS what, petition_id, at, due_on, replied_at, at::date AS first FROM petitions_instruction
         WHERE seen_at IS NULL AND leader_id = ANY(%(people)s)
        UNION ALL
        SELECT 'sponsorship', petition_id, at, until_on, NULL, until_on FROM petitions_sponsorship
         WHERE ended_at IS NULL AND leader_id = ANY(%(people)s)) o
  JOIN casework_case c ON c.id = o.petition_id
 WHERE EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%(readers)s))
 ORDER BY o.first, c.id LIMIT %(most)s
"""


def _led(scope: Scope) -> list[Panel]:
    with connection.cursor() as db:
        db.execute(_LED, {"people": _people(scope), "readers": list(scope.readers), "most": _BOTH})
        rows = db.fetchall()
    today = clock.today()
    instructed, sponsored = [], []
    for what, number, title, at, due_on, replied_at in rows:
        url = reverse("petitions:detail", args=[number]) + "#led"
        late = "bad" if due_on and due_on < today and replied_at is None else ""
        if what == "sponsorship":
            sponsored.append(PanelRow(number, title, url, f"{due_on:%-m月%-d日}前化解", late))
        elif replied_at is not None:
            instructed.append(PanelRow(number, title, url, "已反馈，请阅", "blue"))
        else:
            until = f"，{due_on:%-m月%-d日}到期" if due_on else ""
            instructed.append(PanelRow(number, title, url, f"已 {(today - timezone.localdate(at)).days} 天{until}", late))
    ledger_url = reverse("petitions:supervision")
    return [
        Panel("我的批示", instructed[:SHOWN], f"{ledger_url}?book=instruction"),
        Panel("我包的案", sponsored[:SHOWN], f"{ledger_url}?book=sponsorship"),
    ]


#: What units owe in writing and what the desk has to confirm; `own` the units answered for, `desk` whether the desk is the person's.
_WAITING = """
SELECT o.what, c.number, c.title, o.due_on
  FROM (SELECT '督办' AS what, petition_id, due_on, id FROM petitions_supervision WHERE state = 'running' AND unit_id = ANY(%(own)s)
        UNION ALL
        SELECT '批示', petition_id, due_on, id FROM petitions_instruction WHERE replied_at IS NULL AND unit_id = ANY(%(own)s)
        UNION ALL
        SELECT '建议', petition_id, due_on, id FROM petitions_advice
         WHERE replied_at IS NULL AND unit_id = ANY(%(own)s) AND (kind <> %(blame)s OR unit_id = ANY(%(headed)s))
        UNION ALL
        SELECT '', petition_id, NULL, id FROM petitions_supervision WHERE state = 'proposed' AND %(desk)s) o
  JOIN casework_case c ON c.id = o.petition_id
 WHERE EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%(readers)s))
 ORDER BY o.due_on NULLS LAST, o.id LIMIT %(most)s
"""
#: Rows read for both panels together.
_BOTH = 60


def _waiting(scope: Scope) -> list[Panel]:
    own = [s.unit_id for s in scope.standings if s.role in ANSWERING]
    if not own:
        return []
    headed = [s.unit_id for s in scope.standings if s.role is Role.HEAD]
    desk = scope.holds(ladder.DESK, directory.current().centre_id) is not None
    with connection.cursor() as db:
        asked: dict[str, Any] = {"own": own, "headed": headed, "blame": ladder.BLAME, "desk": desk, "readers": list(scope.readers), "most": _BOTH}
        db.execute(_WAITING, asked)
        rows = db.fetchall()
    today = clock.today()
    owed, proposed = [], []
    for what, number, title, due_on in rows:
        url = reverse("petitions:detail", args=[number]) + "#led"
        if what:
            words = f"{what}，{due_on:%-m月%-d日}前反馈" if due_on else f"{what}待反馈"
            owed.append(PanelRow(number, title, url, words, "bad" if due_on and due_on < today else ""))
        else:
            proposed.append(PanelRow(number, title, url, "拟督办", "warn"))
    return [
        Panel("须书面反馈", owed[:SHOWN], reverse("petitions:supervision")),
        Panel("督办待确认", proposed[:SHOWN], reverse("petitions:supervision-desk")),
    ]
