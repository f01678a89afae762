"""Disputes as the acts leave them, to be cast in numbers (`bench.disputes`).

The demo's stories are walked through `mediation.actions` in the generated county, every row that hangs on them is read, and the
transaction is taken back. What changes from cast to cast (ids, people, places, days, limits, hashes) becomes a slot in the row's
text; everything else is as the acts wrote it: a column a migration adds, a row an act newly writes are there without a line here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from operator import itemgetter
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, Model

from casework.calendar import Calendar
from casework.models import Case, Deadline, DeadlineEvent, Document, Entry, Notice, Party, Reach, SearchText
from casework.rules import NotAllowed
from casework.timeline import canonical
from mediation.actions import agreements, ladder, talks
from mediation.demo import closing as told_closing
from mediation.demo import joint as told_joint
from mediation.demo import ladder as told_ladder
from mediation.demo import talks as told_talks
from mediation.demo.story import Story
from mediation.models import AgreementItem, Dossier, HandOver, Mediating, Side
from organisations import directory
from organisations.models import Area, Unit, User
from petitions.demo import staff
from petitions.demo.hours import Hours
from petitions.demo.walk import World

SHANGHAI = timezone(timedelta(hours=8))
NULL = "\\N"
#: Where in the text of a line (`casework.timeline.canonical`) the person, the unit and the hash before stand.
BY, UNIT, BEFORE = 7, 9, 16
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
#: Stories that end, besides the archived ones.
ENDING = frozenset({"in_town"})
#: Whom a room or a station has: what a cast's people are found by.
Seat = tuple[str, str, int]
Slot = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one table as one text with places, and which slots go there."""

    table: str
    text: str
    places: tuple[int, ...]

    def cast(self, values: Sequence[Any]) -> str:
        if not self.places:
            return self.text % ()
        found = itemgetter(*self.places)(values)
        return self.text % (found if len(self.places) > 1 else (found,))


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved it: stood still, ran on, was extended."""

    kind: str
    on: date
    until_on: date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Limiting:
    """A deadline of the mould: from which day it runs, and whether it still does."""

    key: str
    base_on: date
    given_on: date | None
    base_at: time | None
    runs: bool
    moves: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Mould:
    """One dispute. `slots` say what each place takes; `span` are the working days from its first act to its last."""

    name: str
    is_open: bool
    span: int
    days: tuple[date, ...]
    offsets: tuple[int, ...]
    dues: dict[date, int]
    limits: tuple[Limiting, ...]
    slots: tuple[Slot, ...]
    sheets: tuple[Sheet, ...]
    news: tuple[tuple[date, Sheet], ...]
    lines: tuple[Sheet, ...]
    people: tuple[tuple[str, str, str, str, str], ...]
    widths: dict[str, int]
    papers: frozenset[str]


# -- the stories -------------------------------------------------------------------------------------------------------------------------


def _in_town(story: Story, difference: str) -> None:
    """Failed twice in the village; the town's station talks them into an agreement, it is kept, visited, archived."""
    _TOLD["_offered_to_town"](story, difference)
    town = HandOver.objects.filter(dispute=story.dispute, answer="").values_list("to_unit_id", flat=True).first()
    if not town or not story.then(1, ladder.take, town, words="接收，安排联合调查。"):
        return
    parties = sorted(Side.objects.filter(dispute=story.dispute).values_list("party_id", flat=True))
    signed = [talks.Signed(party_id, "1") for party_id in parties]
    story.then(1, talks.inform, signed=signed, on=story.moment.date())
    story.then(0, ladder.name_mediator, to_user_id=story.keeper(story.unit_id).user.id, reason="双方同意由镇站主持。")
    for days, gist in ((2, "双方各自陈述，愿意再谈。"), (4, "双方差距缩小，基本说定。")):
        story.moment = story.world.hours.later(story.moment, story.rng, days=days)
        story.then(
            0,
            talks.hold_session,
            kind="joint",
            letter="",
            began_at=story.moment - timedelta(minutes=70),
            ended_at=story.moment,
            place="镇调解室",
            present=parties,
            mediator_ids=list(Mediating.objects.filter(dispute=story.dispute, until_on=None).values_list("pk", flat=True)),
            minutes="镇站出示调查材料，逐项征求意见；双方就数额和时间反复协商，记录如下，双方核对无误。",
            gist=gist,
        )
    today = story.moment.date()
    total = story.dispute.amount or Decimal(1200)
    items = [agreements.Owed("money", "b", "a", "补偿款", today + timedelta(days=12), total, "转账")]
    story.then(
        0,
        agreements.agree,
        form="1",
        facts=story.dispute.story,
        disputed=story.dispute.demand,
        content="乙方一次付清补偿款，双方互不再追究。",
        items=items,
        total=total,
        reached_on=today,
        signed=signed,
        signed_on=today,
        sealed_on=today,
    )
    story.moment = story.world.hours.later(story.moment, story.rng, days=6)
    story.then(0, agreements.perform, item_no=1, on=story.moment.date(), proof="收条，双方签名确认。")
    next(plot for plot, before, _ in told_closing.PLOTS if plot.__name__ == "_archived" and before == "_kept")(story)


_TOLD: dict[str, Callable[[Story, str], object]] = {plot.__name__: plot for plot, _ in (*told_ladder.PLOTS, *told_talks.PLOTS)}


def _plots() -> Iterator[tuple[str, Callable[[Story, str], object], int]]:
    """Every story of the demo once, and one that goes from the village to the town's archive: name, plot, days it may take."""
    seen: set[str] = set()
    for plot, days in (*told_ladder.PLOTS, *told_talks.PLOTS):
        if plot.__name__ not in seen:
            seen.add(plot.__name__)
            yield plot.__name__.lstrip("_"), plot, days
    for after, before, days in told_closing.PLOTS:
        yield f"{before}{after.__name__}".lstrip("_"), partial(_one_after_another, _TOLD[before], after), days
    for joined, days, _ in told_joint.PLOTS:
        if joined.__name__ not in seen:
            seen.add(joined.__name__)
            yield joined.__name__.lstrip("_"), partial(_alone, joined), days
    yield "in_town", _in_town, 90


def _one_after_another(first: Callable[[Story, str], object], then: Callable[[Story], object], story: Story, difference: str) -> None:
    first(story, difference)
    then(story)


def _alone(plot: Callable[[Story], object], story: Story, difference: str) -> None:
    plot(story)


def make(county_code: str, seed: int, until: date, calendar: Calendar) -> list[Mould]:
    """Walk every plot with every quarrel, read what came of it, take it back."""
    with transaction.atomic():
        walked = _walk(county_code, seed, until, calendar)
        with connection.cursor() as db:
            db.execute("SET LOCAL timezone = 'UTC'")
        rows = _Rows(walked)
        found = [_Maker(rows, case_id, name, people, calendar).mould() for case_id, (name, people) in walked.items()]
        transaction.set_rollback(True)
    return found


def _walk(county_code: str, seed: int, until: date, calendar: Calendar) -> dict[int, tuple[str, dict[int, tuple[str, Seat]]]]:
    """By case: the plot's name, and who of the place did it, by the seat they hold. A story the county's posts cannot tell is left out."""
    world = World(seed=seed, until=until, hours=Hours(calendar), roster=_Present(), county=staff.unit_keys(county_code), plans=[])
    rooms = [
        (area, unit)
        for area, unit in told_ladder.staffed_rooms(world)
        if world.roster.holders(unit.id, "village_cadre", until)  # type: ignore[arg-type]
        and unit.kind == Unit.Kind.ROOM
    ]
    walked: dict[int, tuple[str, dict[int, tuple[str, Seat]]]] = {}
    for index, (name, plot, days) in enumerate(_plots()):
        # What ends is cast most: those stories are told with every quarrel, the others with a few.
        for no in range(len(told_ladder.QUARRELS)) if name in ENDING or name.endswith("_archived") else ((index * 3 + n * 5) % 8 for n in range(3)):
            quarrel = told_ladder.QUARRELS[no]
            area, unit = rooms[(index * 8 + no) * 5 % len(rooms)]
            rng = Random(f"mould:{seed}:{index}:{no}")
            began = world.hours.on(until - timedelta(days=140 + rng.randrange(60)), rng)
            try:
                with transaction.atomic():
                    story, difference = told_ladder.begin(world, quarrel, area, unit, rng, began, began + timedelta(days=days + 2))
                    plot(story, difference)
            except NotAllowed:
                continue  # an oral agreement about land, say: this quarrel has no such story
            walked[story.dispute.pk] = (f"{name}:{no}", _people(world, unit.id, world.unit_id(area.code[:9])))
    return walked


class _Present(staff.Roster):
    """Nobody is away: a substitute's absence belongs to its days and could not be cast to others."""

    def acting(self, user_id: int, day: date) -> int:
        return user_id


def seats(roster: staff.Roster, unit_id: int, level: str, day: date) -> dict[Seat, tuple[int, str]]:
    """Who sits where at a unit that day: (level, role, which of them) → id and name."""
    roles = {role for unit, role in roster.posts if unit == unit_id}
    return {
        (level, str(role), no): (user_id, roster.names[user_id])
        for role in roles
        for no, user_id in enumerate(roster.holders(unit_id, role, day))  # type: ignore[arg-type]
    }


def _people(world: World, room_id: int, station_id: int) -> dict[int, tuple[str, Seat]]:
    found = {**seats(world.roster, room_id, "room", world.until), **seats(world.roster, station_id, "station", world.until)}
    return {user_id: (name, seat) for seat, (user_id, name) in found.items()}


# -- the rows ----------------------------------------------------------------------------------------------------------------------------


class _Rows:
    """Every row that hangs on the walked cases, as COPY writes it, with the case it belongs to."""

    def __init__(self, cases: Collection[int]) -> None:
        self.of: dict[type[Model], dict[int, dict[str, str]]] = {}
        self.owner: dict[tuple[type[Model], int], int] = {}
        models = [model for app in ("casework", "mediation") for model in apps.get_app_config(app).get_models()]
        self._read(Case, {Case._meta.pk.column: set(cases)})
        grown = True
        while grown:
            grown = False
            for model in models:
                known = len(self.of.get(model, {}))
                self._read(model, {f.column: set(self.of[f.related_model]) for f in _foreign(model) if self.of.get(f.related_model)})
                grown = grown or len(self.of.get(model, {})) > known

    def _read(self, model: type[Model], keys: dict[Any, set[int]]) -> None:
        if not keys:
            return
        fields = model._meta.concrete_fields
        columns = ", ".join(f'"{f.column}"' for f in fields)
        wanted = " OR ".join(f'"{column}" IN ({", ".join(map(str, sorted(ids)))})' for column, ids in keys.items())
        pk = model._meta.pk.column
        sql = f'COPY (SELECT {columns} FROM {model._meta.db_table} WHERE {wanted} ORDER BY "{pk}") TO STDOUT'
        with connection.cursor() as db, db.copy(sql) as copy:
            lines = bytes(b"".join(bytes(part) for part in copy)).decode().splitlines()
        found = self.of.setdefault(model, {})
        for line in lines:
            row = dict(zip((str(f.column) for f in fields), line.split("\t"), strict=True))
            key = int(row[str(pk)])
            found[key] = row
            self.owner[model, key] = key if model is Case else self._owner(model, row)

    def _owner(self, model: type[Model], row: dict[str, str]) -> int:
        for f in _foreign(model):
            held = self.owner.get((f.related_model, int(row[f.column]))) if row[f.column] != NULL else None
            if held is not None:
                return held
        raise KeyError(model)


def _foreign(model: type[Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if f.is_relation and f.related_model is not model]


_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00"
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00")
_DAYS = (
    rf"(?P<moment>{_MOMENT})|(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<words>\d{{4}}年\d{{1,2}}月\d{{1,2}}日)"
    r"|(?P<short>\d{1,2}月\d{1,2}日)|（(?P<year>20\d\d)）"
)
_NUMBERS = re.compile(r"\d+")


@dataclass
class _Maker:
    """One case's rows turned into a mould."""

    rows: _Rows
    case_id: int
    name: str
    people: dict[int, tuple[str, Seat]]
    calendar: Calendar
    slots: dict[Slot, int] = field(default_factory=dict)
    days: tuple[date, ...] = ()
    dues: dict[date, int] = field(default_factory=dict)
    tokens: dict[str, Slot] = field(default_factory=dict)
    pattern: re.Pattern[str] = re.compile("")

    def mould(self) -> Mould:
        mine = {
            model: [(key, row) for key, row in found.items() if self.rows.owner[model, key] == self.case_id] for model, found in self.rows.of.items()
        }
        mine = {model: found for model, found in mine.items() if found}
        self.place = {(model, key): no for model, found in mine.items() for no, (key, _) in enumerate(found)}
        case = mine[Case][0][1]
        entries = list(Entry.objects.filter(case=self.case_id).order_by("no"))
        self.days = tuple(sorted({line.at.astimezone(SHANGHAI).date() for line in entries}))
        deadlines = mine.get(Deadline, [])
        self.dues = {date.fromisoformat(row["due_on"]): no for no, (_, row) in enumerate(deadlines)}
        for day in self.days:
            self.dues.pop(day, None)
        self._find_tokens(case, mine)
        sheets, news = [], []
        for model, found in mine.items():
            if model is Party:
                continue
            if model is Notice:
                news = [(_local(row["at"]).date(), self._sheet(model, [(key, row)])) for key, row in found]
            else:
                sheets.append(self._sheet(model, found))
        offsets = tuple(len(list(self._between(self.days[0], day))) for day in self.days)
        people = []
        for no, (_, row) in enumerate(mine[Party]):
            ids = (self._slot("id", Party, no), self._slot("case"))
            people.append((row["sex"], row["no"], row["position"], row["is_organisation"], f"{ids[0]},{ids[1]}"))
        return Mould(
            name=self.name,
            is_open=case["closed_at"] == NULL,
            span=offsets[-1],
            days=self.days,
            offsets=offsets,
            dues=self.dues,
            limits=tuple(
                _limiting(row, [event for _, event in mine.get(DeadlineEvent, []) if int(event["deadline_id"]) == key]) for key, row in deadlines
            ),
            lines=tuple(self._line(line, case["number"]) for line in entries),
            slots=tuple(self.slots),
            sheets=tuple(sheets),
            news=tuple(news),
            people=tuple(people),
            widths={model._meta.db_table: len(found) for model, found in mine.items()},
            papers=frozenset(row["paper"] for _, row in mine.get(Document, [])),
        )

    def _between(self, first: date, last: date) -> Iterator[date]:
        day = first
        while day < last:
            day += timedelta(days=1)
            if self.calendar.is_working(day):
                yield day

    def _slot(self, *slot: Any) -> int:
        return self.slots.setdefault(slot, len(self.slots))

    # -- what stands for something else ---------------------------------------------------------------------------------------------------

    def _find_tokens(self, case: dict[str, str], mine: dict[type[Model], list[tuple[int, dict[str, str]]]]) -> None:
        tree = directory.current()
        area = tree.areas[int(case["area_id"])]
        answering = [tree.units[unit_id] for unit_id in tree.answering[area.id]]
        self.units = {unit.id: unit.kind for unit in answering if unit.id != tree.centre_id}
        self.areas = {area.id: "village", area.town_id: "town"}
        town = tree.areas[area.town_id or 0]
        tokens: dict[str, Slot] = {case["number"]: ("number",), area.path_name: ("path",), area.name: ("village",), town.name: ("townname",)}
        for unit in answering:
            if unit.id in self.units:
                tokens |= {unit.name: ("unitname", unit.kind), unit.short_name: ("unitshort", unit.kind)}
                tokens |= {unit.phone: ("unitphone", unit.kind)} if unit.phone else {}
        tokens |= {name: ("name", seat) for name, seat in self.people.values()}
        for no, (_, row) in enumerate(mine[Party]):
            born = date.fromisoformat(row["born_on"])
            tokens |= {f"{born.year}年{born.month}月{born.day}日": ("party", no, "born")}
            tokens |= {row[column]: ("party", no, column) for column in ("name", "id_masked", "phone_masked", "address")}
        for no, (_, row) in enumerate(mine.get(Document, [])):
            tokens[row["number"]] = ("paper", no)
        for _, row in mine.get(Dossier, []):
            tokens[row["number"]] = ("dossier",)
        # What a longer name begins with is filled in before: a paper's number and a dossier's hold the unit's name.
        self.tokens = {token: slot for token, slot in tokens.items() if token}
        longest = sorted(self.tokens, key=len, reverse=True)
        self.pattern = re.compile(f"(?P<token>{'|'.join(map(re.escape, longest))})|{_DAYS}")
        self.papers = {no: row for no, (_, row) in enumerate(mine.get(Document, []))}

    def _text(self, text: str) -> tuple[str, list[int]]:
        """The text with its places, and which slots go there."""
        parts, places, end = [], [], 0
        for match in self.pattern.finditer(text):
            slot = self._meant(match)
            if slot is None:
                continue
            parts += [text[end : match.start()].replace("%", "%%"), "（%s）" if match["year"] else "%s"]
            places.append(self._slot(*slot))
            end = match.end()
        return "".join([*parts, text[end:].replace("%", "%%")]), places

    def _meant(self, match: re.Match[str]) -> Slot | None:
        if match["token"]:
            found = self.tokens[match["token"]]
            return self._paper(found[1]) if found[0] == "paper" else found
        if match["moment"]:
            moment = datetime.fromisoformat(match["moment"]).astimezone(SHANGHAI)
            return ("moment", *self._day(moment.date()), moment.time())
        if match["iso"]:
            return ("iso", *self._day(date.fromisoformat(match["iso"])))
        if match["words"]:
            year, month, day = map(int, _NUMBERS.findall(match["words"]))
            return ("words", *self._day(date(year, month, day)))
        if match["short"]:
            month, day = map(int, _NUMBERS.findall(match["short"]))
            found_day = next((d for d in self.days if (d.month, d.day) == (month, day)), None)
            return ("short", *self._day(found_day)) if found_day else None
        return ("year",)

    def _paper(self, no: int) -> Slot:
        """A paper's number: the unit's name and the word, the year, a number of its own."""
        row = self.papers[no]
        head = row["number"].partition("〔")[0]
        unit = self.units.get(int(row["unit_id"]))
        short = directory.current().units[int(row["unit_id"])].short_name
        return ("paper", no, unit, short, head.removeprefix(short), *self._day(_local(row["issued_at"]).date()))

    def _day(self, day: date) -> tuple[Any, ...]:
        """(what it hangs on, how many calendar days after it): an act's day, a limit's end, else the act before it."""
        if day in self.dues:
            return ("due", self.dues[day], 0)
        before = [no for no, act in enumerate(self.days) if act <= day]
        no = before[-1] if before else 0
        return ("act", no, (day - self.days[no]).days)

    # -- rows as text ---------------------------------------------------------------------------------------------------------------------

    def _sheet(self, model: type[Model], found: list[tuple[int, dict[str, str]]]) -> Sheet:
        texts, places = [], []
        for key, row in found:
            cells = []
            for f in model._meta.concrete_fields:
                text, slots = self._cell(model, f, str(f.column), key, row)
                cells.append(text)
                places += slots
            texts.append("\t".join(cells) + "\n")
        return Sheet(model._meta.db_table, "".join(texts), tuple(places))

    def _cell(self, model: type[Model], f: Field[Any, Any], column: str, key: int, row: dict[str, str]) -> tuple[str, list[int]]:
        value = row[column]
        special = self._special(model, column, key, row)
        if special is not None:
            return "%s", [self._slot(*special)]
        if value == NULL:
            return value, []
        if f.primary_key and not f.is_relation:
            return "%s", [self._slot("case") if model is Case else self._slot("id", model, self.place[model, key])]
        if f.is_relation:
            return self._pointer(f, int(value))
        kind = f.get_internal_type()
        if kind == "DateField":
            return "%s", [self._slot("iso", *self._day(date.fromisoformat(value)))]
        if kind == "DateTimeField":
            moment = _local(value)
            return "%s", [self._slot("moment", *self._day(moment.date()), moment.time())]
        if kind in ("CharField", "TextField", "JSONField", "ArrayField"):
            return self._text(value)
        return value.replace("%", "%%"), []

    def _pointer(self, f: Field[Any, Any], value: int) -> tuple[str, list[int]]:
        related: Any = f.related_model
        if (related, value) in self.place:
            return "%s", [self._slot(*self._id_of(related, value))]
        if related is Unit and value in self.units:
            return "%s", [self._slot("unit", self.units[value])]
        if related is User and value in self.people:
            return "%s", [self._slot("user", self.people[value][1])]
        if related is Area and value in self.areas:
            return "%s", [self._slot("area", self.areas[value])]
        return str(value), []

    def _id_of(self, model: type[Model], key: int) -> Slot:
        """The key of a row of ours: the case's where the row hangs on it one to one."""
        held: Any = model
        while held._meta.pk.is_relation:
            held = held._meta.pk.related_model
        return ("case",) if held is Case else ("id", held, self.place[held, key])

    def _special(self, model: type[Model], column: str, key: int, row: dict[str, str]) -> Slot | None:
        """Columns whose words alone do not say what they stand for."""
        value = row[column]
        if model in (Case, Reach) and column == "town_code":
            return ("towncode",)
        if model is Case:
            columns: dict[str, Slot] = {"due_on": ("nearest", "due"), "due_key": ("nearest", "key"), "warn_on": ("nearest", "warn")}
            return ("hash", -1) if column == "head_hash" else columns.get(column)
        if model is Reach:
            if column == "reader":
                return ("reader", self._reader(int(value)))
            if column in ("unit_id", "handler_id", "area_id") and value != NULL:
                places: dict[str, dict[Any, str]] = {"unit_id": self.units, "area_id": self.areas}
                held = places.get(column, {}).get(int(value))
                if column == "handler_id" and int(value) in self.people:
                    return ("user", self.people[int(value)][1])
                return (column.removesuffix("_id"), held) if held else None
            return {"due_on": ("nearest", "reach_due"), "warn_on": ("nearest", "reach_warn")}.get(column)
        if model is Deadline:
            if column in ("due_on", "first_due_on", "rolled_on", "warn_on", "is_provisional", "remind_on", "card_on", "due_at", "suspended_on"):
                return ("limit", self.place[model, key], column)
            if column == "item" and int(value) and (AgreementItem, int(value)) in self.place:
                return ("id", AgreementItem, self.place[AgreementItem, int(value)])
        if model is Entry and column in ("hash", "prev_hash"):
            no = int(row["no"])
            return ("hash", no if column == "hash" else no - 1)
        if model is Document and column in ("verify_code", "pdf_sha256", "rendered_at"):
            made = ("moment", *self._day(_local(row["issued_at"]).date()), _local(row["issued_at"]).time())
            return {"verify_code": ("verify", self._slot(*self._paper(self.place[model, key]))), "pdf_sha256": ("zeros",), "rendered_at": made}[
                column
            ]
        if model is Dossier and column in ("pages", "sha256", "bound_at"):
            filed = self._day(date.fromisoformat(row["filed_on"]))
            return {"pages": ("constant", 24), "sha256": ("zeros",), "bound_at": ("moment", *filed, time(18))}[column]
        if model is SearchText and column == "readers":
            return ("readers", tuple(self._reader(int(reader)) for reader in value.strip("{}").split(",")))
        if model is Notice and column == "key":
            return ("key", value.partition(":")[2].rpartition(":")[0], row["to_unit_id"] != NULL, self._reader(_addressee(row)))
        return None

    def _reader(self, reader: int) -> Slot:
        if reader in self.units:
            return ("unit", self.units[reader])
        if -reader in self.people:
            return ("user", self.people[-reader][1])
        return ("constant", reader)

    def _line(self, line: Entry, number: str) -> Sheet:
        """What the line's hash is taken over, item by item."""
        texts, places = [], []
        for at, item in enumerate(json.loads(canonical(line, number))):
            if at == BY and item in self.people:
                text, slots = "%s", [self._slot("user", self.people[item][1])]
            elif at == UNIT and item in self.units:
                text, slots = "%s", [self._slot("unit", self.units[item])]
            elif at == BEFORE:
                text, slots = '"%s"', [self._slot("hash", line.no - 1)]
            else:
                text, slots = self._text(_encode(item))
            texts.append(text)
            places += slots
        self._slot("hash", line.no)
        return Sheet("", f"[{','.join(texts)}]", tuple(places))


def _addressee(row: dict[str, str]) -> int:
    return int(row["to_unit_id"]) if row["to_unit_id"] != NULL else -int(row["to_user_id"])


def _local(stamp: str) -> datetime:
    match = _STAMP.fullmatch(stamp)
    assert match is not None, stamp
    return datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC).astimezone(SHANGHAI)


def _limiting(row: dict[str, str], events: Sequence[dict[str, str]]) -> Limiting:
    return Limiting(
        key=row["key"],
        base_on=date.fromisoformat(row["base_on"]),
        given_on=_day_or_none(row["given_on"]),
        base_at=_local(row["base_at"]).time() if row["base_at"] != NULL else None,
        runs=row["met_on"] == NULL and row["dropped_on"] == NULL and row["is_duty"] == "t" and row["suspended_on"] == NULL,
        moves=tuple(
            Moved(
                event["kind"],
                date.fromisoformat(event["on"]),
                _day_or_none(event["until_on"]),
                int(event["days"]) if event["days"] != NULL else None,
            )
            for event in events
        ),
    )


def _day_or_none(value: str) -> date | None:
    return None if value == NULL else date.fromisoformat(value)
