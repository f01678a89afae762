"""Who and where, as plain facts a generating process holds: units, places, people in post, limits, a pool of townspeople."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from casework import escalation, limits, reminders
from casework.models import Limit
from casework.parties import PartyFacts, build
from organisations import directory, synthetic
from organisations.models import Post
from organisations.roles import ROLES, Role
from organisations.synthetic import Place
from petitions.demo import staff, units


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who acts: id and how history names them."""

    id: int
    name: str
    unit_id: int
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A village: where a case happens and who reads along."""

    area_id: int
    place: Place
    town_code: str
    readers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Townsman:
    """One of the pool, with the columns of a Party that do not depend on the case, ready for COPY."""

    name: str
    spot: int
    row: str
    phone_row: str


@dataclass(frozen=True, slots=True)
class Due:
    due_on: date
    rolled_on: date | None
    warn_on: date
    is_provisional: bool
    limit_id: int
    name: str
    is_duty: bool
    given_on: date | None
    remind_on: date | None
    card_on: date | None


@dataclass
class Facts:
    """All a generating process needs; made once, before the processes are forked."""

    county_code: str
    centre_id: int
    centre_readers: tuple[int, ...]
    clerks: list[Officer]
    office: list[Officer]
    discipline: list[Officer]
    discipline_unit: int
    handlers: dict[int, list[Officer]]
    heads: dict[int, Officer]
    readers_of: dict[int, tuple[int, ...]]
    department: dict[str, int]
    station: dict[str, int]
    unit_names: dict[int, str]
    spots: list[Spot]
    spot_sums: list[float]
    pool: list[Townsman] = field(default_factory=list)
    at_spot: dict[int, list[int]] = field(default_factory=dict)
    _due: dict[tuple[str, date], Due] = field(default_factory=dict)

    def draw_spot(self, rng: Random) -> int:
        return bisect(self.spot_sums, rng.random() * self.spot_sums[-1])

    def due(self, key: str, base_on: date, as_set: date | None = None) -> Due:
        """The limit of that kind from that day, as casework.deadlines reckons it; remembered, because days come again."""
        if as_set is None and (held := self._due.get((key, base_on))):
            return held
        settings = limits.current() if not _held else _held[0]
        if not _held:
            _held.append(settings)
        limit = settings.limit(key, base_on)
        warn = timedelta(days=max(limit.warn_days, default=0))
        if as_set is not None or limit.unit == Limit.Unit.SET or limit.n is None:
            assert as_set is not None
            return Due(as_set, None, as_set - warn, False, limit.pk, limit.name, limit.is_duty, as_set, *self._sweeps(limit, as_set, base_on))
        due = settings.calendar.due_date(base_on, limit.n, limit.unit, limit.roll)
        made = Due(
            due.due_on,
            due.rolled_on,
            due.due_on - warn,
            due.provisional,
            limit.pk,
            limit.name,
            limit.is_duty,
            None,
            *self._sweeps(limit, due.due_on, base_on),
        )
        self._due[(key, base_on)] = made
        return made

    @staticmethod
    def _sweeps(limit: Limit, due_on: date, base_on: date) -> tuple[date | None, date | None]:
        """When the clock first has to do with it: a reminder, a card."""
        return reminders.first_day(limit, due_on, base_on), escalation.first_day(limit, due_on)


#: The settings of limits, read once: a chunk must not ask the cache for each deadline.
_held: list[limits.Settings] = []


def write(county_code: str, seed: int, *, start: date, until: date) -> None:
    """Units and staff of the demo county into an empty database, by the demo's own builder."""
    limits.load_defaults()
    county = units.write(county_code)
    changed_at = datetime.combine(until, time(12), ZoneInfo("Asia/Shanghai"))
    staff.write(county, Random(f"staff:{seed}"), start=start, until=until, changed_at=changed_at)


def read(county_code: str, seed: int, people: int, *, until: date) -> Facts:
    """The facts of the county in the database, and `people` invented townspeople with encrypted numbers."""
    tree = directory.current()
    rng = Random(f"county:{seed}")
    officers: dict[tuple[int, Role], list[Officer]] = {}
    for post in Post.objects.current(until).filter(user__is_active=True).select_related("user", "unit").order_by("id"):
        role = Role(post.role)
        officers.setdefault((post.unit_id, role), []).append(
            Officer(
                post.user_id,
                post.user.name,
                post.unit_id,
                f"{post.user.name}（{post.unit.short_name} · {ROLES[role].label}）",
                f"10.8.{post.unit_id % 250}.{post.user_id % 250}",
            )
        )
    assert tree.centre_id is not None
    by_name = {unit.name: unit.id for unit in tree.units.values()}
    county_name = next(area.name for area in tree.areas.values() if area.level == "county")
    department = {d.name: by_name[name] for d in units.DEPARTMENTS if (name := f"{county_name}{d.name}") in by_name}
    station = {tree.areas[u.area_id].code: u.id for u in tree.units.values() if u.kind == "station" and u.area_id}
    working = [*department.values(), *station.values()]
    spots = _spots(tree, county_name)
    weights = [town * rng.lognormvariate(0, 0.6) for town in _town_weights(rng, spots)]
    facts = Facts(
        county_code=county_code,
        centre_id=tree.centre_id,
        centre_readers=tree.units[tree.centre_id].ancestor_ids,
        clerks=officers[(tree.centre_id, Role.WINDOW_CLERK)],
        office=officers[(tree.centre_id, Role.OFFICE)],
        discipline=officers[(tree.centre_id, Role.DISCIPLINE)],
        discipline_unit=department[units.DISCIPLINE_UNIT],
        handlers={u: officers.get((u, Role.HANDLER)) or officers[(u, Role.DISCIPLINE)] for u in working},
        heads={u: officers[(u, Role.HEAD)][0] for u in working},
        readers_of={u: tree.units[u].ancestor_ids for u in working},
        department=department,
        station=station,
        unit_names={u.id: u.short_name for u in tree.units.values()},
        spots=spots,
        spot_sums=list(accumulate(weights)),
    )
    _populate(facts, rng, people, until)
    return facts


def _spots(tree: directory.Directory, county_name: str) -> list[Spot]:
    spots = []
    for area in sorted(tree.areas.values(), key=lambda a: a.code):
        if area.level != "village" or area.town_id is None:
            continue
        readers = tuple(sorted(tree.readers_for(tree.answering.get(area.id, ()))))
        place = Place(area.code, county_name, tree.areas[area.town_id].name, area.name)
        spots.append(Spot(area.id, place, area.town_code, readers))
    return spots


def _town_weights(rng: Random, spots: Iterable[Spot]) -> list[float]:
    towns: dict[str, float] = {}
    for spot in spots:
        towns.setdefault(spot.town_code, rng.lognormvariate(0, 0.5) * (2.0 if spot.place.town.endswith("街道") else 1.0))
    return [towns[spot.town_code] * (2.5 if spot.place.is_urban else 1.0) for spot in spots]


def _populate(facts: Facts, rng: Random, people: int, until: date) -> None:
    born_by = until - timedelta(days=365)
    for number in range(people):
        spot = facts.draw_spot(rng)
        person = synthetic.person(rng, facts.spots[spot].place, today=born_by)
        given = PartyFacts(
            position="petitioner",
            name=person.name,
            sex=person.sex,
            born_on=person.born_on,
            nation=person.nation,
            occupation=person.occupation,
            id_type="111",
            id_number=person.id_number,
            phone=person.phone,
        )
        (party,) = build(None, [given])  # type: ignore[arg-type]
        head = f"{party.name}\t{party.initials}\t{person.sex}"
        phone = f"{party.phone_token}\t{party.phone_index}\t{party.phone_last4_index}"
        ids = f"{party.id_token}\t{party.id_index}\t{party.id_last4_index}"
        tail = f"{facts.spots[spot].area_id}\t{person.address}\t\t"
        facts.pool.append(
            Townsman(
                person.name,
                spot,
                f"{head}\t{person.born_on}\t{person.nation}\t{person.occupation}\t111\t{ids}\t{phone}\t{party.id_masked}\t{party.phone_masked}\t{tail}",
                f"{head}\t\\N\t{person.nation}\t{person.occupation}\t\t\t\t\t{phone}\t\t{party.phone_masked}\t{tail}",
            )
        )
        facts.at_spot.setdefault(spot, []).append(number)
