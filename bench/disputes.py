"""Disputes for COPY: the moulds of `bench.moulds` cast with other people, in other villages, on other days.

Days of acts stay working days, the time of day stays; limits are counted anew from their own day by the product's reckoning,
histories are chained anew. Same seed, same disputes (encrypted tokens apart).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.apps import apps
from django.db.models import Model

from bench import moulds, writing
from bench.county import Facts, Townsman
from bench.loading import Table
from bench.moulds import NULL, SHANGHAI, Limiting, Mould, Moved, Seat, Sheet
from casework import documents, escalation, limits, reckoning, reminders
from casework.calendar import Calendar
from casework.models import Document, Party
from organisations import directory, pinyin, synthetic
from organisations.models import Post, Unit, User
from organisations.roles import Role
from petitions.demo import staff

#: As many times as long as the story may a dispute take that ends; a running one lies as long as it is old.
LONGEST = 2.2
#: Notices are kept as long as those of petitions (`writing`).
NEWS_DAYS = 40
NEVER = "9999-12-31"
ZEROS = "0" * 64


@dataclass(frozen=True)
class Place:
    """A village: its units and people by seat, and the words it is called by."""

    spot: int
    area: dict[str, int]
    towncode: str
    unit: dict[str, int]
    unitname: dict[str, str]
    unitshort: dict[str, str]
    unitphone: dict[str, str]
    user: dict[Seat, tuple[int, str]]
    path: str
    village: str
    town: str


@dataclass
class Foundry:
    """All a casting process needs; made once, before the processes are forked.

    `case_ids` gives the key of a dispute by its place in the row, `bases` where each table's own keys begin.
    """

    county_code: str
    moulds: list[Mould]
    places: list[Place | None]
    settings: limits.Settings
    until: date
    working: list[date]
    case_ids: Callable[[int], int]
    bases: dict[str, int]
    widths: dict[str, int]
    numbers: dict[int, int]
    tables: dict[str, Table] = field(default_factory=dict)
    counted: dict[tuple[Any, ...], dict[str, str]] = field(default_factory=dict)

    @property
    def papers(self) -> set[str]:
        return {paper for mould in self.moulds for paper in mould.papers}


def build(facts: Facts, seed: int, until: date, *, case_ids: Callable[[int], int], bases: Callable[[Table], int], numbers: dict[int, int]) -> Foundry:
    """Staff every room, walk the moulds, take down what a cast needs. `numbers` are the last case numbers given, by year."""
    calendar = limits.current().calendar
    _staff_rooms(until)
    made = moulds.make(facts.county_code, seed, until, calendar)
    widths: dict[str, int] = {}
    for mould in made:
        for table, width in mould.widths.items():
            widths[table] = max(widths.get(table, 0), width)
    foundry = Foundry(
        county_code=facts.county_code,
        moulds=made,
        places=_places(facts, until),
        settings=limits.current(),
        until=until,
        working=_working_days(calendar, until),
        case_ids=case_ids,
        bases={},
        widths=widths,
        numbers=numbers,
        tables={name: _table(model) for model in apps.get_models() if (name := model._meta.db_table) in widths},
    )
    foundry.bases.update({name: bases(table) for name, table in foundry.tables.items()})
    return foundry


def _table(model: type[Model]) -> Table:
    return Table(model, tuple(str(f.column) for f in model._meta.concrete_fields))


def _working_days(calendar: Calendar, until: date) -> list[date]:
    first = date(until.year - 12, 1, 1)
    return [day for n in range((until - first).days + 1) if calendar.is_working(day := first + timedelta(days=n))]


def _staff_rooms(until: date) -> None:
    """The demo county staffs a few rooms of each town; where every village has disputes, every room has its secretary."""
    held = set(Post.objects.filter(role=Role.VILLAGE_CADRE).values_list("unit_id", flat=True))
    rooms = [unit for unit in Unit.objects.filter(kind=Unit.Kind.ROOM).order_by("id") if unit.pk not in held]
    example = User.objects.filter(posts__role=Role.VILLAGE_CADRE).order_by("id").first()
    since = Post.objects.order_by("from_on").values_list("from_on", flat=True).first()
    appointed_by = User.objects.filter(posts__role=Role.SECURITY_ADMIN).order_by("id").first()
    if example is None or since is None or appointed_by is None:
        raise RuntimeError("the county has no staff")
    rng = Random("secretaries")
    taken = set(User.objects.values_list("name", flat=True))
    people = []
    for unit in rooms:
        while (name := synthetic.name(rng, "1")) in taken:
            continue
        taken.add(name)
        people.append(
            User(
                username=f"cun{unit.pk}",
                name=name,
                initials=pinyin.initials(name),
                phone=synthetic.phone(rng),
                password=example.password,
                must_change_password=False,
                password_changed_at=example.password_changed_at,
            )
        )
    Post.objects.bulk_create(
        Post(user=user, unit=unit, role=Role.VILLAGE_CADRE, title="党支部书记、村（居）委会主任", from_on=since, appointed_by=appointed_by)
        for user, unit in zip(User.objects.bulk_create(people), rooms, strict=True)
    )


def _places(facts: Facts, until: date) -> list[Place | None]:
    """By spot; None where a village lacks its room, station or the people a mould needs."""
    tree, roster = directory.current(), staff.Roster()
    found: list[Place | None] = []
    for no, spot in enumerate(facts.spots):
        area = tree.areas[spot.area_id]
        units = {tree.units[i].kind: tree.units[i] for i in tree.answering.get(area.id, ()) if i != tree.centre_id}
        room, station = units.get(Unit.Kind.ROOM), units.get(Unit.Kind.STATION)
        if room is None or station is None or area.town_id is None:
            found.append(None)
            continue
        people = {**moulds.seats(roster, room.id, "room", until), **moulds.seats(roster, station.id, "station", until)}
        found.append(
            Place(
                spot=no,
                area={"village": area.id, "town": area.town_id},
                towncode=area.town_code,
                unit={kind: unit.id for kind, unit in units.items()},
                unitname={kind: unit.name for kind, unit in units.items()},
                unitshort={kind: unit.short_name for kind, unit in units.items()},
                unitphone={kind: unit.phone for kind, unit in units.items()},
                user=people,
                path=area.path_name,
                village=area.name,
                town=tree.areas[area.town_id].name,
            )
        )
    return found


def write_chunk(foundry: Foundry, facts: Facts, work: writing.Job, first: int) -> dict[str, list[str]]:
    """The rows of CHUNK disputes from index `first` on, by table."""
    rng = Random(f"disputes:{work.seed}:{first}")
    rows: dict[str, list[str]] = {name: [] for name in foundry.tables}
    for index in range(first, min(first + writing.CHUNK, work.count)):
        _Cast(foundry, facts, work, rng, index).write(rows)
    return rows


@dataclass(slots=True)
class _Cast:
    """One dispute being cast."""

    foundry: Foundry
    facts: Facts
    work: writing.Job
    rng: Random
    index: int
    pk: int = 0
    mould: Mould = None  # type: ignore[assignment]
    place: Place = None  # type: ignore[assignment]
    days: list[date] = field(default_factory=list)
    people: list[list[str]] = field(default_factory=list)
    rows_of_people: list[str] = field(default_factory=list)
    limits: list[dict[str, str]] = field(default_factory=list)
    nearest: dict[str, str] | None = None
    number: str = ""
    hashes: dict[int, str] = field(default_factory=dict)

    def write(self, rows: dict[str, list[str]]) -> None:
        self.pk = self.foundry.case_ids(self.index)
        opened, _ = writing.arrival(self.work, self.index)
        self._choose(opened)
        serial = self.index - self.work.first_of_year[opened.year] + 1 + self.foundry.numbers.get(opened.year, 0)
        self.number = f"TJ{self.foundry.county_code}-{opened.year}-{serial:06d}"
        self._people()
        self.limits = [self._limit(limit) for limit in self.mould.limits]
        running = [limit for limit, told in zip(self.limits, self.mould.limits, strict=True) if told.runs] if self.mould.is_open else []
        self.nearest = min(running, key=lambda limit: (limit["due_on"], limit["due_at"] == NULL, limit["key"]), default=None)
        values = self._values()
        for sheet in self.mould.sheets:
            rows[sheet.table].append(sheet.cast(values))
        for sheet in self._news():
            rows[sheet.table].append(sheet.cast(values))
        party = Party._meta.db_table
        for (_, order, position, is_organisation, ids), row in zip(self.mould.people, self.rows_of_people, strict=True):
            own, case = (values[int(slot)] for slot in ids.split(","))
            rows[party].append(f"{own}\t{case}\t{order}\t{position}\t{is_organisation}\t{row}\n")

    # -- which story, where, when, who ----------------------------------------------------------------------------------------------------

    def _choose(self, opened: date) -> None:
        foundry, rng = self.foundry, self.rng
        start = bisect_right(foundry.working, opened) - 1
        age = len(foundry.working) - 1 - start
        fitting = [mould for mould in foundry.moulds if mould.span <= age]
        stays_open = rng.random() < 2.718281828 ** (-(foundry.until - opened).days / writing.OPEN_DAYS)
        ended = [] if stays_open else [mould for mould in fitting if not mould.is_open]
        if ended:
            self.mould = rng.choice(ended)
            longest = min(LONGEST, age / self.mould.span) if self.mould.span else 1.0
            stretch = rng.uniform(1.0, longest)
        else:
            running = [mould for mould in fitting if mould.is_open]
            # What lies for months has come far: nobody's dispute waits half a year to be taken on.
            self.mould = rng.choice([mould for mould in running if mould.span * 3 >= min(age, 60)] or running)
            stretch = max(1.0, rng.uniform(0.3, 0.98) * age / self.mould.span) if self.mould.span else 1.0
        self.days = [foundry.working[start + int(offset * stretch)] for offset in self.mould.offsets]
        place = None
        while place is None:
            place = foundry.places[self.facts.draw_spot(rng)]
        self.place = place

    def _people(self) -> None:
        """Townspeople of the village, of the same sex as those of the story."""
        near = self.facts.at_spot.get(self.place.spot, [])
        chosen: list[Townsman] = []
        for sex, *_ in self.mould.people:
            pool: list[int] | range = near if len(near) > 8 else range(len(self.facts.pool))
            for _ in range(60):
                person = self.facts.pool[pool[int(self.rng.random() * len(pool))]]
                if person not in chosen and person.row.split("\t", 3)[2] == sex:
                    break
            chosen.append(person)
        self.rows_of_people = [person.row for person in chosen]
        self.people = [row.split("\t") for row in self.rows_of_people]

    # -- days and limits ------------------------------------------------------------------------------------------------------------------

    def _day(self, day: date) -> date:
        """Where a day of the mould falls, by the act before it."""
        before = [no for no, act in enumerate(self.mould.days) if act <= day]
        no = before[-1] if before else 0
        return self.days[no] + (day - self.mould.days[no])

    def _hung(self, on: str, no: int, after: int) -> date:
        return self.days[no] + timedelta(days=after) if on == "act" else date.fromisoformat(self.limits[no]["due_on"])

    def _limit(self, told: Limiting) -> dict[str, str]:
        base_on = self._day(told.base_on)
        given_on = self._day(told.given_on) if told.given_on else None
        moves = tuple(replace(move, on=self._day(move.on), until_on=self._day(move.until_on) if move.until_on else None) for move in told.moves)
        known = (told.key, base_on, given_on, told.base_at, moves)
        held = self.foundry.counted.get(known)
        if held is None:
            held = self.foundry.counted[known] = _reckoned(self.foundry.settings, *known)
        return held

    # -- what goes into the places --------------------------------------------------------------------------------------------------------

    def _values(self) -> list[Any]:
        """One value per slot; the hashes last, because they are taken over the others."""
        values: list[Any] = [None] * len(self.mould.slots)
        hashes: dict[int, int] = {}
        verified: list[tuple[int, int]] = []
        for at, slot in enumerate(self.mould.slots):
            if slot[0] == "hash":
                hashes[slot[1]] = at
            elif slot[0] == "verify":
                verified.append((at, slot[1]))
            else:
                values[at] = getattr(self, f"of_{slot[0]}")(*slot[1:])
        for at, paper in verified:
            values[at] = documents.verify_code(values[paper])
        before = ""
        for no, line in enumerate(self.mould.lines, start=1):
            if no - 1 in hashes:
                values[hashes[no - 1]] = before
            before = hashlib.sha256(line.cast(values).encode()).hexdigest()
        for no in (-1, len(self.mould.lines)):
            if no in hashes:
                values[hashes[no]] = before
        return values

    def of_case(self) -> int:
        return self.pk

    def of_id(self, model: type[Model], no: int) -> int:
        table = model._meta.db_table
        return self.foundry.bases[table] + self.index * self.foundry.widths[table] + no + 1

    def of_number(self) -> str:
        return self.number

    def of_unit(self, kind: str) -> int:
        return self.place.unit[kind]

    def of_unitname(self, kind: str) -> str:
        return self.place.unitname[kind]

    def of_unitshort(self, kind: str) -> str:
        return self.place.unitshort[kind]

    def of_unitphone(self, kind: str) -> str:
        return self.place.unitphone[kind]

    def _seated(self, seat: Seat) -> tuple[int, str]:
        """Who sits there; where a unit has fewer of a role, the first of them."""
        level, role, _ = seat
        return self.place.user.get(seat) or self.place.user[level, role, 0]

    def of_user(self, seat: Seat) -> int:
        return self._seated(seat)[0]

    def of_name(self, seat: Seat) -> str:
        return self._seated(seat)[1]

    def of_reader(self, slot: tuple[Any, ...]) -> int:
        if slot[0] == "unit":
            return self.place.unit[slot[1]]
        return -self.of_user(slot[1]) if slot[0] == "user" else int(slot[1])

    def of_readers(self, slots: tuple[tuple[Any, ...], ...]) -> str:
        return "{" + ",".join(str(self.of_reader(slot)) for slot in slots) + "}"

    def of_area(self, level: str) -> int:
        return self.place.area[level]

    def of_towncode(self) -> str:
        return self.place.towncode

    def of_townname(self) -> str:
        return self.place.town

    def of_village(self) -> str:
        return self.place.village

    def of_path(self) -> str:
        return self.place.path

    def of_party(self, no: int, column: str) -> str:
        row = self.people[no]
        if column == "born":
            born = date.fromisoformat(row[PARTY["born_on"]])
            return f"{born.year}年{born.month}月{born.day}日"
        return row[PARTY[column]]

    def of_paper(self, no: int, kind: str | None, short: str, word: str, on: str, act: int, after: int) -> str:
        unit = self.place.unitshort[kind] if kind else short
        return f"{unit}{word}〔{self._hung(on, act, after).year}〕{self.of_id(Document, no)}号"

    def of_dossier(self) -> str:
        return f"（{self.days[-1].year}）{self.place.unitshort['room']}人调字第{self.pk}号"

    def of_year(self) -> int:
        return self.days[0].year

    def of_iso(self, on: str, no: int, after: int) -> str:
        return self._hung(on, no, after).isoformat()

    def of_words(self, on: str, no: int, after: int) -> str:
        day = self._hung(on, no, after)
        return f"{day.year}年{day.month}月{day.day}日"

    def of_short(self, on: str, no: int, after: int) -> str:
        day = self._hung(on, no, after)
        return f"{day.month}月{day.day}日"

    def of_moment(self, on: str, no: int, after: int, at: time) -> str:
        return datetime.combine(self._hung(on, no, after), at, SHANGHAI).astimezone(UTC).isoformat()

    def of_limit(self, no: int, column: str) -> str:
        return self.limits[no][column]

    def of_nearest(self, what: str) -> str:
        limit = self.nearest
        if limit is None:
            return {"due": NULL, "key": "", "warn": NULL}.get(what, NEVER)
        return limit[{"due": "due_on", "key": "key", "warn": "warn_on", "reach_due": "due_on", "reach_warn": "warn_on"}[what]]

    def of_zeros(self) -> str:
        return ZEROS

    def of_constant(self, value: int) -> int:
        return value

    def of_key(self, act: str, is_unit: bool, slot: tuple[Any, ...]) -> str:
        reader = self.of_reader(slot)
        return f"{self.pk}:{act}:{'u' if is_unit else 'p'}{abs(reader)}"

    def _news(self) -> list[Sheet]:
        return [sheet for day, sheet in self.mould.news if (self.foundry.until - self._day(day)).days < NEWS_DAYS]


#: Where a townsman's row holds what papers name.
PARTY = {"name": 0, "sex": 2, "born_on": 3, "id_masked": 13, "phone_masked": 14, "address": 16}


def _reckoned(
    settings: limits.Settings, key: str, base_on: date, given_on: date | None, base_at: time | None, moves: tuple[Moved, ...]
) -> dict[str, str]:
    """The columns of a deadline that hang on its days, as `casework.deadlines` sets them when it starts."""
    limit = settings.limit(key, base_on)
    at = datetime.combine(base_on, base_at, SHANGHAI) if base_at else None
    found = reckoning.reckon(settings.calendar, limit, base_on, given_on, moves, at)
    warn_on = found.due_on - timedelta(days=max(limit.warn_days, default=0))
    columns: dict[str, object] = {
        "key": key,
        "due_on": found.due_on,
        "first_due_on": found.first_due_on,
        "rolled_on": found.rolled_on,
        "warn_on": warn_on,
        "is_provisional": "t" if found.provisional else "f",
        "due_at": found.due_at.astimezone(UTC).isoformat() if found.due_at else None,
        "suspended_on": found.suspended_on,
        "remind_on": None if found.suspended_on else reminders.first_day(limit, found.due_on, max([base_on, *(move.on for move in moves)])),
        "card_on": None if found.suspended_on else escalation.first_day(limit, found.due_on),
    }
    return {name: NULL if value is None else str(value) for name, value in columns.items()}
