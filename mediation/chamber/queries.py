"""What the public pages may show, by name, and which conversations a member of staff may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from casework import limits
from casework.kinds import Panel, PanelRow
from casework.lamps import lamp
from casework.models import Reach
from mediation import codes
from mediation.chamber import rules
from mediation.chamber.rules import State
from mediation.corps import norms
from mediation.models import Booking, ChamberFile, ChamberHours, ChamberMessage, Conversation, Invited, Mediator
from mediation.rules.actors import KEEPERS
from organisations import clock, directory, prepared
from organisations.models import Post
from organisations.scope import Scope

PAGE = 30
#: Rows of the home page's panel.
PANEL = 6
#: Words for the legal aid body among the units.
AID_NAME, BUREAU_NAME = "法律援助", "司法局"


# -- what everybody may know ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """A mediator as the public page shows one. No telephone, no identity, no year of birth."""

    pk: int
    name: str
    kind: str
    unit: str
    unit_phone: str
    town: str
    specialities: list[str]
    languages: str
    hours: str
    can_book: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    town: int = 0
    speciality: str = ""
    page: str = ""

    @property
    def query(self) -> str:
        return urlencode({"town": self.town or "", "speciality": self.speciality})


def read(data: QueryDict) -> Wanted:
    """Junk in the address shows everybody."""
    town, speciality = data.get("town", ""), data.get("speciality", "")
    known = {area.id for area in directory.current().areas.values() if area.level == "town"}
    return Wanted(
        int(town) if town.isdecimal() and len(town) < 10 and int(town) in known else 0,
        speciality if speciality in dict(codes.TYPES.choices) else "",
        data.get("page", "1"),
    )


def towns() -> list[tuple[int, str]]:
    return [(area.id, area.name) for area in directory.current().areas.values() if area.level == "town"]


def online() -> QuerySet[Mediator]:
    """Who serves and has agreed to be shown; a withdrawn consent counts from its day."""
    return Mediator.objects.online(clock.today()).select_related("unit").prefetch_related("chamber_hours")


def found(wanted: Wanted) -> QuerySet[Mediator]:
    rows = online()
    if wanted.town:
        tree = directory.current()
        units = [unit.id for unit in tree.units.values() if unit.area_id and tree.areas[unit.area_id].town_id == wanted.town]
        inside = [area.id for area in tree.areas.values() if area.town_id == wanted.town or area.id == wanted.town]
        rows = rows.filter(Q(unit__in=units) | Q(area__in=inside))
    if wanted.speciality:
        rows = rows.filter(specialities__contains=[wanted.speciality])
    return rows


def hours_of(row: Mediator) -> Iterable[ChamberHours]:
    """The person's weekly hours, as they were prefetched."""
    return row.chamber_hours.all()


def shown(row: Mediator) -> Person:
    tree = directory.current()
    types = dict(codes.TYPES.choices)
    area_id = row.area_id or row.unit.area_id
    area = tree.areas.get(area_id or 0)
    town = tree.areas.get(area.town_id or 0) if area else None
    blocks = [held.block for held in hours_of(row)]
    return Person(
        pk=row.pk,
        name=row.name,
        kind=row.get_kind_display(),
        unit=row.unit.name,
        unit_phone=row.unit.phone,
        town=town.name if town else "",
        specialities=[types[code] for code in row.specialities if code in types],
        languages=row.languages,
        hours=rules.hours_words(blocks) or row.online_hours,
        can_book=bool(blocks),
    )


def choices() -> list[tuple[int, str]]:
    return [(row.pk, f"{row.name}（{row.unit.short_name}，{row.get_kind_display()}）") for row in online()]


def aid_unit_id() -> int | None:
    """Where requests for legal aid go: the legal aid body, else the justice bureau (as the corps' settings name it), else the centre."""
    tree = directory.current()
    for words in (AID_NAME, BUREAU_NAME):
        named = next((unit.id for unit in tree.units.values() if unit.is_active and words in unit.name), None)
        if words == BUREAU_NAME:
            named = norms.on(clock.today()).bureau_id or named
        if named:
            return named
    return tree.centre_id


def receiving(unit_id: int) -> int:
    """Who receives people for that unit's mediators: itself, or the nearest unit above with a keeper in office. One statement."""
    chain = directory.current().units[unit_id].ancestor_ids
    posts = Post.objects.current(clock.today()).filter(unit__in=chain, role__in=KEEPERS, user__is_active=True)
    kept_units = set(posts.values_list("unit", flat=True))
    return next((at for at in reversed(chain) if at in kept_units), unit_id)


@dataclass(frozen=True, slots=True)
class Slot:
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    slots: list[Slot]


def free(mediator_id: int) -> list[Day]:
    """The half hours of one mediator that nobody has, by day."""
    now = clock.now()
    blocks = [row.block for row in ChamberHours.objects.filter(mediator=mediator_id)]
    taken = set(Booking.objects.filter(mediator=mediator_id, starts_at__gte=now).exclude(state=rules.Meeting.OFF).values_list("starts_at", flat=True))
    by_day: dict[date, list[Slot]] = defaultdict(list)
    for moment in rules.slots(blocks, now, limits.current().calendar):
        if moment not in taken:
            by_day[timezone.localdate(moment)].append(Slot(f"{mediator_id}|{moment:%Y-%m-%dT%H:%M}", moment))
    return [Day(on, slots) for on, slots in by_day.items()]


def calendars(people: Sequence[Mediator]) -> list[tuple[Mediator, list[Day]]]:
    return [(person, free(person.pk)) for person in people]


# -- one conversation ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Talk:
    """A conversation with all that hangs on it."""

    row: Conversation
    messages: list[ChamberMessage]
    people: list[Mediator]
    declined: list[Invited]
    booking: Booking | None
    past: list[Booking]

    @property
    def is_bookable(self) -> bool:
        return self.row.is_open and any(list(hours_of(person)) for person in self.people)


def talk(pk: int) -> Talk:
    row = Conversation.objects.select_related("unit", "area", "closed_by", "dispute__case", "aid__decided_by", "aid__limit").get(pk=pk)
    invited = list(row.invited.select_related("mediator__unit", "mediator__user").prefetch_related("mediator__chamber_hours"))
    bookings = list(row.bookings.select_related("mediator__unit"))
    return Talk(
        row=row,
        messages=list(row.messages.prefetch_related("files")),
        people=[one.mediator for one in invited if one.declined_at is None],
        declined=[one for one in invited if one.declined_at is not None],
        booking=next((one for one in bookings if one.state in rules.LIVE), None),
        past=[one for one in bookings if one.state not in rules.LIVE],
    )


def of_dispute(dispute_id: int) -> list[Talk]:
    """Conversations that became this dispute, for its page: of most there is none."""
    with prepared.cursor() as cursor:
        cursor.execute("SELECT id FROM mediation_conversation WHERE dispute_id = %s ORDER BY id", [dispute_id])
        found = [pk for (pk,) in cursor.fetchall()]
    return [talk(pk) for pk in found]


def noting(talks: Iterable[Talk], scope: Scope) -> set[int]:
    """Of which of these the person notes what became of the hour. No statement where none is agreed."""
    agreed = [talk.row.pk for talk in talks if talk.booking is not None]
    return set(visible(scope).filter(pk__in=agreed).values_list("pk", flat=True)) if agreed else set()


# -- the staff's room --------------------------------------------------------------------------------------------------------------------------


def kept(scope: Scope) -> set[int]:
    return {standing.unit_id for standing in scope.standings if standing.role in KEEPERS} if scope.readers else set()


def visible(scope: Scope) -> QuerySet[Conversation]:
    """A mediator's own; those of the units one keeps. Once a dispute, a conversation is seen by whoever may see the dispute."""
    if scope.is_admin or not scope.readers:
        return Conversation.objects.none()
    units = kept(scope)
    asked = Invited.objects.filter(conversation=OuterRef("pk"))
    mine = asked.filter(mediator__user=scope.user, declined_at=None)
    ours = asked.filter(mediator__unit__in=units)
    reached = Reach.objects.filter(case=OuterRef("dispute"), reader__in=scope.readers)
    return Conversation.objects.filter(Exists(mine) | Exists(ours) | Q(unit__in=units)).filter(Q(dispute=None) | Exists(reached))


def _late() -> Q:
    return Q(aid__verdict=rules.Verdict.ASKED, aid__due_on__lt=clock.today())


#: The lists of the room. Applications for legal aid are no cases of the docket: what of them is late is counted and listed here, and at home.
SHOWS: dict[str, tuple[str, Callable[[], Q]]] = {
    "waiting": ("等待回应", lambda: Q(state=State.WAITING)),
    "running": ("沟通中", lambda: Q(state=State.TAKEN)),
    "late": ("援助超期", _late),
    "asked": ("援助待决定", lambda: Q(aid__verdict=rules.Verdict.ASKED)),
    "decided": ("援助已决定", lambda: Q(way=rules.Way.AID) & ~Q(aid__verdict=rules.Verdict.ASKED)),
    "ended": ("已结束", lambda: Q(state__in=[State.CLOSED, State.DISPUTE])),
    "all": ("全部", Q),
}


ORDERS = dict.fromkeys(("late", "asked"), ("aid__due_on", "id"))


def listed(scope: Scope, show: str) -> QuerySet[Conversation]:
    """With the number of messages nobody of the house has read; applications for legal aid by their last day, everything else by the last word."""
    new = Count("messages", filter=Q(messages__user=None, messages__read_at=None))
    people = Prefetch("invited", Invited.objects.filter(declined_at=None).select_related("mediator"))
    rows = visible(scope).filter(SHOWS[show][1]()).select_related("unit", "area", "dispute__case", "aid").prefetch_related(people)
    return rows.annotate(new=new).order_by(*ORDERS.get(show, ("-said_at", "-id")))


def files(scope: Scope) -> QuerySet[ChamberFile]:
    """Files a member of staff may open: of the conversations in sight, and of those that became a dispute in sight."""
    if scope.is_admin or not scope.readers:
        return ChamberFile.objects.none()
    reached = Reach.objects.filter(case=OuterRef("conversation__dispute"), reader__in=scope.readers)
    return ChamberFile.objects.filter(Q(conversation__in=visible(scope)) | Exists(reached)).select_related("conversation")


def panels(scope: Scope) -> list[Panel]:
    """The home page's list for who receives people online: legal aid to decide, then conversations nobody has taken. One statement."""
    if scope.holds(rules.ROOM) is None:
        return []
    waiting = visible(scope).filter(Q(aid__verdict=rules.Verdict.ASKED) | Q(state=State.WAITING))
    found = waiting.select_related("aid").order_by(F("aid__due_on").asc(nulls_last=True), "opened_at", "pk")[:PANEL]
    rows = [_panel_row(row) for row in found]
    return [Panel("掌上调解室", rows, reverse("mediation:room"))] if rows else []


def _panel_row(row: Conversation) -> PanelRow:
    address = reverse("mediation:room-one", args=[row.number])
    title = f"{row.name}：{' '.join(row.what.split())[:30]}"
    if row.way != rules.Way.AID:
        return PanelRow(row.number, title, address, "等待回应", "warn")
    light = lamp(row.aid.due_on, row.aid.warn_on, None, clock.today())
    return PanelRow(row.number, title, address, f"法律援助 {light.text}", {"bad": "bad", "warn": "warn"}.get(light.kind, ""))


def counts(scope: Scope) -> dict[str, int]:
    wanted = {code: condition() for code, (_, condition) in SHOWS.items()}
    named = {code: Count("pk", filter=asked) if asked else Count("pk") for code, asked in wanted.items()}
    return visible(scope).order_by().aggregate(**named)


def appointments(scope: Scope) -> QuerySet[Booking]:
    """What is agreed or offered from today on, the soonest first."""
    rows = Booking.objects.filter(conversation__in=visible(scope), state__in=rules.LIVE, starts_at__date__gte=clock.today())
    return rows.select_related("conversation", "mediator").order_by("starts_at")


def hosts(scope: Scope) -> QuerySet[Mediator]:
    """Whose hours the scope may set: one's own, and those of the units one keeps and of those below them, which may have nobody in office."""
    if scope.is_admin or not scope.readers:
        return Mediator.objects.none()
    tree = directory.current()
    units = {unit.id for unit_id in kept(scope) - {tree.centre_id} for unit in tree.below(unit_id)} | kept(scope)
    rows = Mediator.objects.serving(clock.today()).filter(Q(user=scope.user) | Q(unit__in=units))
    return rows.select_related("unit").prefetch_related("chamber_hours")


@dataclass(frozen=True, slots=True)
class Host:
    """A mediator as the room's own page shows one: online or not, and the hours."""

    mediator: Mediator
    is_online: bool
    hours: str


def host_lines(scope: Scope) -> list[Host]:
    rows = list(hosts(scope)[:PAGE])
    shown_ids: Collection[int] = set(Mediator.objects.online(clock.today()).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [Host(row, row.pk in shown_ids, rules.hours_words(held.block for held in hours_of(row))) for row in rows]
