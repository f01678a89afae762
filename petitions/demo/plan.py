"""What becomes of each demo case: pure facts, drawn from the seed, before anything is written.

Most cases of the two years run to their end. The last weeks are laid out by STAGED so that every state has cases to
show on the day the county is seeded, half of them on the desks of the people in the sign-in table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from casework.calendar import Calendar
from organisations import synthetic
from organisations.synthetic import Place
from petitions.demo import terms
from petitions.rules import GROUP_FROM, NOT_SUPPORTED, Mode, State


@dataclass(frozen=True, slots=True)
class Staged:
    """`count` cases that stand in `state` on the last day, brought `days` working days before it; `how` shapes the walk."""

    state: str
    count: int
    days: int
    how: dict[str, Any] = field(default_factory=dict)


#: The unit of a staged case: the department or the town whose people have demo sign-ins, or whoever the story falls to.
DEPARTMENT_DESK = "department"
TOWN_DESK = "town"

STAGED: tuple[Staged, ...] = (
    Staged(State.REGISTERED, 7, 2),
    Staged(State.REGISTERED, 2, 8),
    Staged(State.REGISTERED, 1, 13),
    Staged(State.REGISTERED, 1, 4, {"fate": "instructed"}),
    Staged(State.REGISTERED, 2, 3, {"purpose": "03"}),
    Staged(State.RETURNED, 2, 9, {"objection": "agreed", "desk": DEPARTMENT_DESK}),
    Staged(State.RETURNED, 1, 9, {"objection": "agreed", "mode": Mode.JOINT}),
    Staged(State.PROPOSED, 3, 5, {"fate": "proposed"}),
    Staged(State.DECLINING, 1, 5, {"fate": "declined"}),
    Staged(State.DECLINING, 2, 9, {"fate": "declined_by_unit", "desk": DEPARTMENT_DESK}),
    Staged(State.DISPUTED, 2, 17, {"objection": "disputed"}),
    Staged(State.ROUTED, 4, 5, {"desk": DEPARTMENT_DESK}),
    Staged(State.ROUTED, 3, 5, {"desk": TOWN_DESK}),
    Staged(State.ROUTED, 3, 6),
    Staged(State.ROUTED, 1, 12, {"objection": "refused"}),
    Staged(State.OBJECTED, 2, 7, {"objection": "agreed", "desk": DEPARTMENT_DESK}),
    Staged(State.OBJECTED, 1, 7, {"objection": "agreed"}),
    Staged(State.SIGNED, 3, 7, {"desk": DEPARTMENT_DESK}),
    Staged(State.SIGNED, 2, 7, {"desk": TOWN_DESK}),
    Staged(State.SIGNED, 1, 18),
    Staged(State.ACCEPTED, 2, 14, {"desk": DEPARTMENT_DESK, "mode": Mode.PROMISED, "due_in": 0}),
    Staged(State.ACCEPTED, 2, 14, {"desk": DEPARTMENT_DESK, "mode": Mode.PROMISED, "due_in": 2}),
    Staged(State.ACCEPTED, 2, 22, {"desk": DEPARTMENT_DESK, "mode": Mode.PROMISED, "due_in": -5}),
    Staged(State.ACCEPTED, 2, 14, {"desk": TOWN_DESK, "mode": Mode.PROXY, "due_in": 1}),
    Staged(State.ACCEPTED, 1, 20, {"desk": TOWN_DESK, "mode": Mode.PROMISED, "due_in": -3}),
    Staged(State.ACCEPTED, 1, 12, {"desk": TOWN_DESK, "mode": Mode.PROMISED, "due_in": 0}),
    Staged(State.ACCEPTED, 4, 14, {"mode": Mode.JOINT, "desk": DEPARTMENT_DESK, "tasks_until": "some"}),
    Staged(State.ACCEPTED, 2, 9, {"mode": Mode.JOINT, "tasks_until": "waiting"}),
    Staged(State.ACCEPTED, 1, 20, {"desk": DEPARTMENT_DESK, "send_back": True}),
    Staged(State.ACCEPTED, 2, 30, {"reopened": True}),
    Staged(State.ACCEPTED, 1, 12, {"purpose": "03"}),
    Staged(State.ACCEPTED, 3, 40, {"desk": DEPARTMENT_DESK, "terms": terms.ASKED, "due_in": 25}),
    Staged(State.ACCEPTED, 1, 40, {"desk": TOWN_DESK, "terms": terms.ASKED, "due_in": 25}),
    Staged(State.ACCEPTED, 3, 50, {"desk": DEPARTMENT_DESK, "terms": terms.EXTENDED, "due_in": 20}),
    Staged(State.ACCEPTED, 1, 50, {"desk": TOWN_DESK, "terms": terms.EXTENDED, "due_in": 20}),
    Staged(State.ACCEPTED, 2, 40, {"desk": DEPARTMENT_DESK, "terms": terms.REFUSED, "due_in": 15}),
    Staged(State.SUSPENDED, 2, 12, {"desk": DEPARTMENT_DESK, "terms": terms.SUSPENDED, "due_in": 30}),
    Staged(State.SUSPENDED, 1, 12, {"desk": TOWN_DESK, "terms": terms.SUSPENDED, "due_in": 30}),
    Staged(State.SUSPENDED, 1, 32, {"desk": DEPARTMENT_DESK, "terms": terms.SUSPENDED, "due_in": 30}),
    Staged(State.ACCEPTED, 1, 28, {"desk": DEPARTMENT_DESK, "terms": terms.RESUMED, "due_in": 30}),
    Staged(State.SIMPLE, 2, 7, {"desk": DEPARTMENT_DESK, "terms": terms.SIMPLE, "due_in": 20}),
    Staged(State.SIMPLE, 1, 7, {"desk": TOWN_DESK, "terms": terms.SIMPLE, "due_in": 20}),
    Staged(State.SIMPLE, 1, 16, {"desk": DEPARTMENT_DESK, "terms": terms.SIMPLE, "due_in": 20}),
    Staged(State.DELIVERED, 2, 10, {"desk": DEPARTMENT_DESK, "terms": terms.ANSWERED, "due_in": 20}),
    Staged(State.ACCEPTED, 1, 16, {"desk": DEPARTMENT_DESK, "terms": terms.CONVERTED, "due_in": 30}),
    Staged(State.UNDER_APPROVAL, 3, 16, {"desk": DEPARTMENT_DESK}),
    Staged(State.UNDER_APPROVAL, 2, 16, {"desk": TOWN_DESK}),
    Staged(State.UNDER_APPROVAL, 2, 17),
    Staged(State.REPLIED, 2, 18, {"desk": DEPARTMENT_DESK}),
    Staged(State.REPLIED, 1, 6, {"fate": "guided"}),
    Staged(State.REPLIED, 1, 8, {"fate": "declined"}),
    Staged(State.DELIVERED, 2, 20, {"desk": DEPARTMENT_DESK}),
    Staged(State.DELIVERED, 1, 20, {"desk": TOWN_DESK}),
    Staged(State.REPORTED, 3, 3, {"fate": "spot"}),
    Staged(State.REPORTED, 2, 22),
    Staged(State.REPORTED, 1, 6, {"fate": "withdrawn"}),
    Staged(State.FED_BACK, 2, 24),
    Staged(State.FED_BACK, 1, 24, {"is_dissatisfied": True}),
    Staged(State.VOIDED, 1, 3, {"fate": "void"}),
)

#: Fates of the cases nothing is said about, with their weights.
FATES = {
    "handled": 520,
    "spot": 290,
    "guided": 60,
    "guided_by_unit": 20,
    "declined": 25,
    "declined_by_unit": 15,
    "withdrawn": 40,
    "void": 12,
    "instructed": 40,
}
OBJECTIONS = {"": 88, "agreed": 7, "refused": 3, "disputed": 2}
MODES = {Mode.PROMISED: 64, Mode.PROXY: 10, Mode.JOINT: 14, Mode.IMMEDIATE: 12}
#: One in eight runs past a limit; the others keep it.
SLOW_SHARE = 0.12
#: Days at the end in which cases come closer together.
DENSE_DAYS = 45
DENSE_SHARE = 0.17


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One case to be. `index` is its place in the order of arrival; everything else about it follows from the seed."""

    index: int
    arrives: date
    place: Place
    category: str
    fate: str = "handled"
    mode: str = Mode.PROMISED
    objection: str = ""
    stop: str = ""
    desk: str = ""
    purpose: str = ""
    due_in: int | None = None
    tasks_until: str = ""
    is_slow: bool = False
    is_brisk: bool = False
    is_dissatisfied: bool = False
    send_back: bool = False
    reopened: bool = False
    repeat_of: int | None = None
    merge_into: int | None = None
    is_unmerged: bool = False
    is_copied: bool = False
    terms: str = ""


def make(
    seed: int, count: int, places: Sequence[Place], *, start: date, until: date, calendar: Calendar, demo_town: str, demo_department: str
) -> list[CasePlan]:
    """`count` cases in order of arrival, the staged ones among them. Same arguments, same plans."""
    rng = Random(f"plan:{seed}")  # noqa: S311  (a demo county, not a secret)
    staged = [
        replace(plan, arrives=calendar.add_working_days(until, -days)) for days, plan in _staged(rng, places, until, demo_town, demo_department)
    ]
    plain = [_plain(rng, places, day) for day in _arrivals(rng, max(0, count - len(staged)), start, until)]
    in_order = sorted([*staged, *plain], key=lambda plan: plan.arrives)
    plans = [replace(plan, index=index) for index, plan in enumerate(in_order)]
    return _with_company(rng, plans)


def _arrivals(rng: Random, count: int, start: date, until: date) -> list[date]:
    dense = round(count * DENSE_SHARE)
    early = max(1, (until - start).days - DENSE_DAYS)
    days = [start + timedelta(days=int(early * rng.random() ** 0.85)) for _ in range(count - dense)]
    days += [until - timedelta(days=rng.randrange(DENSE_DAYS)) for _ in range(dense)]
    return days


def _draw(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _plain(rng: Random, places: Sequence[Place], day: date) -> CasePlan:
    place = rng.choice(places)
    story = synthetic.story(rng, place, on=day)
    fate = "protected" if story.is_protected else _draw(rng, FATES)
    if story.purpose in ("04", "05", "06") and rng.random() < 0.75:
        fate = "spot"
    return CasePlan(
        index=0,
        arrives=day,
        place=place,
        category=story.category,
        fate=fate,
        mode=_draw(rng, {str(mode): weight for mode, weight in MODES.items()}),
        objection=_draw(rng, OBJECTIONS),
        is_slow=rng.random() < SLOW_SHARE,
        is_dissatisfied=rng.random() < 0.06,
        send_back=rng.random() < 0.06,
        reopened=rng.random() < 0.03,
    )


def _staged(rng: Random, places: Sequence[Place], until: date, demo_town: str, demo_department: str) -> list[tuple[int, CasePlan]]:
    """The staged cases, each with how many working days before the end it is brought."""
    plans: list[tuple[int, CasePlan]] = []
    ordinary = [c for c in synthetic.categories() if _purpose_of(c) not in ("03", "04", "05", "06")]
    protected = [c for c in synthetic.categories() if _purpose_of(c) == "03"]
    own = [c for c in ordinary if synthetic.department_of(c) == demo_department]
    in_town = [place for place in places if place.code.startswith(demo_town)]
    for row in STAGED:
        for _ in range(row.count):
            desk = row.how.get("desk", "")
            categories = protected if row.how.get("purpose") == "03" else own if desk == DEPARTMENT_DESK else ordinary
            if row.how.get("terms") in terms.THE_SIMPLE_WAY:
                categories = [category for category in categories if _is_simple(category)] or categories
            plan = CasePlan(
                index=0,
                arrives=until,
                place=rng.choice(in_town if desk == TOWN_DESK else places),
                category=rng.choice(categories),
                stop=row.state,
                is_brisk=True,
            )
            fate = "protected" if row.how.get("purpose") == "03" else row.how.get("fate", "handled")
            plans.append((row.days, replace(plan, **{**row.how, "fate": fate})))
    return plans


def _purpose_of(category: str) -> str:
    return synthetic.story(Random(0), Place("000000", "县", "镇", "村"), on=date(2026, 1, 1), category=category).purpose  # noqa: S311


def _is_simple(category: str) -> bool:
    """Told by one person, and granted or explained: what the simple procedure is for (L-SIM-2, L-SIM-3)."""
    place = Place("000000", "县", "镇", "村")
    stories = [synthetic.story(Random(no), place, on=date(2026, 1, 1), category=category) for no in range(4)]  # noqa: S311
    return all(story.headcount < GROUP_FROM and all(demand.support != NOT_SUPPORTED for demand in story.demands) for story in stories)


def _with_company(rng: Random, plans: list[CasePlan]) -> list[CasePlan]:
    """Some come again with the same matter; some neighbours bring the same matter in the same week and are merged."""
    out = list(plans)
    for plan in plans:
        if plan.stop or plan.fate in ("protected", "void", "spot"):
            continue
        chance = rng.random()
        if chance < 0.09:
            earlier = [p for p in out[: plan.index] if _may_return(p) and 25 <= (plan.arrives - p.arrives).days <= 300]
            if earlier:
                first = rng.choice(earlier)
                out[plan.index] = replace(plan, repeat_of=first.index, place=first.place, category=first.category)
        elif chance < 0.12:
            near = [p for p in out[max(0, plan.index - 40) : plan.index] if _may_return(p) and 1 <= (plan.arrives - p.arrives).days <= 6]
            if near:
                main = rng.choice(near)
                out[plan.index] = replace(
                    plan, merge_into=main.index, place=main.place, category=main.category, fate="handled", is_unmerged=rng.random() < 0.3
                )
    return out


def _may_return(plan: CasePlan) -> bool:
    return plan.fate in ("handled", "instructed", "guided") and not plan.stop and plan.repeat_of is None and plan.merge_into is None
