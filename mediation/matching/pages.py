"""What the room's pages show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from mediation.matching import queries
from mediation.matching.rules import HOW, LETTERS, Proposal, Reason
from mediation.models import Dispute, Mediating, Mediator, SideWord, TeamSeat
from mediation.queries.acts import allowed_acts
from mediation.queries.dispute import CasePage
from mediation.rules import HELD, State
from organisations import clock, directory
from organisations.directory import AreaFacts
from organisations.scope import Scope

#: How many are shown at once, and with «更多».
FIRST, MORE = 3, 15
#: Villages on one page of the teams.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One proposed person: what the keeper reads before asking the parties."""

    place: int
    proposal: Proposal
    mediator: Mediator
    by_side: tuple[tuple[str, int, tuple[Reason, ...]], ...]
    general: tuple[Reason, ...]
    words: tuple[tuple[str, str], ...]

    @property
    def is_agreed(self) -> bool:
        """Both sides said yes."""
        return {label for label, answer in self.words if answer == SideWord.Answer.AGREES} >= {LETTERS["a"], LETTERS["b"]}


def proposals(dispute: Dispute, scope: Scope, *, every: bool) -> dict[str, Any]:
    """The proposals with reasons; whoever was left out, for the keeper alone (the reason is nobody else's business)."""
    advice = queries.advice(dispute)
    acts = allowed_acts(dispute.case, scope)
    shown = advice.proposals[: MORE if every else FIRST]
    return {
        "lines": [_line(no, row, advice) for no, row in enumerate(shown, start=1)],
        "total": len(advice.proposals),
        "is_every": every,
        "department": advice.department,
        "may_name": "name_mediator" in acts,
        "may_hear": "hear_choice" in acts,
        "how": HOW,
        "excluded": advice.excluded if "name_mediator" in acts else (),
        "objected": [
            (row.mediator, LETTERS[row.letter], row.words)
            for row in SideWord.objects.filter(dispute=dispute, replaced_at=None, answer=SideWord.Answer.OBJECTS).select_related("mediator")
        ],
    }


def _line(no: int, row: Proposal, advice: queries.Advice) -> Line:
    said = advice.words.get(row.key, {})
    return Line(
        place=no,
        proposal=row,
        mediator=advice.mediator(row.key),
        by_side=tuple(
            (LETTERS[letter], points, tuple(reason for reason in row.reasons if reason.letter == letter)) for letter, points in row.trust.items()
        ),
        general=tuple(reason for reason in row.reasons if not reason.letter),
        words=tuple((LETTERS[letter], answer) for letter, answer in sorted(said.items())),
    )


def part(held: CasePage) -> dict[str, Any] | None:
    """What the dispute's own page needs to ask for proposals; nothing once there is nobody to look for. No statement."""
    if held.case.state not in {State.APPLIED, *HELD}:
        return None
    return {"is_led": any(row.until_on is None and row.part == Mediating.Part.LEADING for row in held.mediators)}


# -- teams ---------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Team:
    area: AreaFacts
    seats: tuple[TeamSeat, ...]
    missing: tuple[str, ...]


def areas(scope: Scope) -> set[int]:
    """The villages whose teams a person may read: those of the units they read."""
    tree = directory.current()
    own = {unit_id for unit_id in scope.readers if unit_id > 0}
    return {area_id for area_id, ids in tree.answering.items() if any(own & set(tree.units[unit_id].ancestor_ids) for unit_id in ids)}


def home_area(scope: Scope) -> int | None:
    """Where the person's own unit lies."""
    return directory.current().units[scope.home.unit_id].area_id if scope.home else None


def every_team(scope: Scope) -> list[Team]:
    """The villages one reads with their teams, whole ones first."""
    tree, mine = directory.current(), areas(scope)
    villages = [area for area in tree.areas.values() if area.level == "village" and area.id in mine]
    by_area: dict[int, list[TeamSeat]] = {}
    today = clock.today()
    for seat in queries.running_seats(today).filter(area__in=[area.id for area in villages]):
        by_area.setdefault(seat.area_id, []).append(seat)
    found = [Team(area, tuple(by_area.get(area.id, ())), tuple(queries.missing_parts(by_area.get(area.id, ())))) for area in villages]
    return sorted(found, key=lambda team: (not team.seats, bool(team.missing), team.area.code))


def teams(scope: Scope, number: str = "") -> dict[str, Any]:
    """A page of the villages with their teams; how many are whole and how many have none."""
    found = every_team(scope)
    page = Paginator(found, PAGE).get_page(number)
    return {
        "page": page,
        "page_words": f"第 {page.number} 页，共 {page.paginator.num_pages} 页；已组成的在前",
        "count": len(found),
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "whole": sum(not team.missing for team in found),
        "none": sum(not team.seats for team in found),
    }


def team(area: AreaFacts, scope: Scope) -> dict[str, Any]:
    seats = queries.seats(area.id)
    tree = directory.current()
    return {
        "area": area,
        "seats": seats,
        "missing": queries.missing_parts(seats),
        "may_keep": any(queries.keeper_at(scope, unit_id) for unit_id in tree.answering.get(area.id, ())),
    }
