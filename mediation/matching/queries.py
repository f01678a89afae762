"""What the engine is fed with, from the rows; and what the pages show of ties, sides' words and teams (MED-6, MED-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from casework.models import Party
from casework.rules import NotAllowed
from mediation.matching import rules
from mediation.matching.rules import CandidateFacts, DisputeFacts, Excluded, Person, Proposal, SideFacts, Spot, TieFacts
from mediation.models import Challenge, Dispute, Mediating, Mediator, Side, SideWord, TeamSeat, Tie
from mediation.rules.actors import KEEPERS
from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.models import Absence, Unit
from organisations.scope import Scope, Standing

#: On opposite sides of an earlier case: who complained or applied against who was complained of.
_AGAINST = {
    Party.Position.PETITIONER: 0,
    Party.Position.REPRESENTATIVE: 0,
    Party.Position.APPLICANT: 0,
    Party.Position.RESPONDENT: 1,
    Party.Position.OPPONENT: 1,
}


def key_of(mediator_id: int) -> str:
    return f"m{mediator_id}"


# -- who may keep ties and teams -----------------------------------------------------------------------------------------------------------


def keeper_at(scope: Scope, unit_id: int) -> Standing | None:
    """The standing by which this person keeps records of that unit: a keeper there or above it. None for everybody else."""
    above = directory.current().units[unit_id].ancestor_ids
    return next((s for s in scope.standings if s.role in KEEPERS and s.unit_id in above), None)


def kept_units(scope: Scope) -> list[UnitFacts]:
    """Every unit whose records this person keeps."""
    tree = directory.current()
    return [unit for unit in tree.units.values() if keeper_at(scope, unit.id) is not None]


def ties(scope: Scope) -> QuerySet[Tie]:
    """The ties that units within one's keeping wrote down; nobody else sees any."""
    return Tie.objects.filter(unit__in=[unit.id for unit in kept_units(scope)]).select_related("mediator", "mediator__unit", "unit", "entered_by")


def named(words: str) -> Q:
    """Ties of a member of the corps, or with a person, of that name."""
    return Q(mediator__name__startswith=words) | Q(person_name__startswith=words)


def serving() -> QuerySet[Mediator]:
    return Mediator.objects.serving(clock.today())


def near(area_id: int | None) -> QuerySet[Mediator]:
    """Serving members of the corps in the town of that place and at the county's own units; all of them where no town is known."""
    tree, found = directory.current(), serving()
    area = tree.areas.get(area_id or 0)
    if area is None or area.town_id is None:
        return found
    local = {unit.id for unit in tree.units.values() if _town(tree, unit) == area.town_id or unit.kind in (Unit.Kind.CENTRE, Unit.Kind.DEPARTMENT)}
    return found.filter(unit__in=local)


def _town(tree: directory.Directory, unit: UnitFacts) -> int | None:
    """The town a room, area station or station belongs to."""
    for unit_id in reversed(unit.ancestor_ids):
        area = tree.areas.get(tree.units[unit_id].area_id or 0)
        if area is not None:
            return area.town_id
    return None


# -- facts for the engine ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Advice:
    """What the keeper is shown: proposals, who was left out and why, the department the type concerns."""

    proposals: tuple[Proposal, ...]
    excluded: tuple[Excluded, ...]
    mediators: Mapping[str, Mediator]
    words: Mapping[str, Mapping[str, str]]
    department: UnitFacts | None

    def mediator(self, key: str) -> Mediator:
        return self.mediators[key]


def advice(dispute: Dispute) -> Advice:
    """Who could mediate this dispute, best first. As many statements for a corps of two as for one of two thousand."""
    people = list(Party.objects.filter(case_id=dispute.pk))
    indexes = [person.id_index for person in people if person.id_index]
    known = Tie.objects.filter(person_index__in=indexes, withdrawn_at=None)
    found = {
        key_of(row.pk): row
        for row in (near(dispute.case.area_id) | serving().filter(pk__in=known.values("mediator_id")))
        .distinct()
        .select_related("unit")
        .order_by("pk")
    }
    keys = _keys(people, found)
    facts = _facts(dispute, people, keys)
    bonds = [*_ties(known, people, keys), *_earlier(dispute, people, keys, found)]
    candidates = _candidates(dispute, found)
    today = clock.today()
    words: dict[str, dict[str, str]] = {}
    for row in SideWord.objects.filter(dispute=dispute, replaced_at=None):
        words.setdefault(key_of(row.mediator_id), {})[row.letter] = row.answer
    return Advice(
        proposals=tuple(rules.rank(facts, candidates, bonds, today=today)),
        excluded=tuple(rules.excluded(facts, candidates, bonds, today=today)),
        mediators=found,
        words=words,
        department=department(dispute.type_code),
    )


def why_not(dispute: Dispute, mediator: Mediator) -> str:
    """Why this member of the corps must not mediate this dispute, or nothing (回避)."""
    people = list(Party.objects.filter(case_id=dispute.pk))
    found = {key_of(mediator.pk): mediator}
    keys = _keys(people, found)
    facts = _facts(dispute, people, keys)
    indexes = [person.id_index for person in people if person.id_index]
    known = Tie.objects.filter(person_index__in=indexes, withdrawn_at=None, mediator=mediator)
    bonds = [*_ties(known, people, keys), *_earlier(dispute, people, keys, found)]
    (candidate,) = _candidates(dispute, found)
    return rules.conflict(facts, candidate, rules.by_candidate(facts, bonds, clock.today()).get(candidate.key, ()))


def agreeing(dispute: Dispute, mediator_id: int) -> list[str]:
    """The sides that agreed to this person."""
    standing = SideWord.objects.filter(dispute=dispute, mediator=mediator_id, replaced_at=None, answer=SideWord.Answer.AGREES)
    return sorted(standing.values_list("letter", flat=True))


def _keys(people: Sequence[Party], mediators: Mapping[str, Mediator]) -> dict[int, str]:
    """Who each party is: the member of the corps with the same number, else the number's index, else the row."""
    same = {row.id_index: key for key, row in mediators.items() if row.id_index}
    return {party.pk: same.get(party.id_index) or party.id_index or f"p{party.pk}" for party in people}


def _facts(dispute: Dispute, people: Sequence[Party], keys: Mapping[int, str]) -> DisputeFacts:
    letters = dict(Side.objects.filter(dispute=dispute).values_list("party_id", "letter"))
    sides: dict[str, list[Person]] = {}
    for party in people:
        letter = letters.get(party.pk)
        if letter is not None:
            sides.setdefault(letter, []).append(Person(keys[party.pk], party.name, _village(party.area_id)))
    refused = {
        key_of(row.mediator_id): rules.LETTERS[row.letter]
        for row in SideWord.objects.filter(dispute=dispute, replaced_at=None, answer=SideWord.Answer.OBJECTS)
    }
    for mediator_id, letter in Challenge.objects.filter(mediating__dispute=dispute, is_upheld=True).values_list("mediating__mediator_id", "letter"):
        refused[key_of(mediator_id or 0)] = rules.LETTERS[letter]
    return DisputeFacts(
        type_code=dispute.type_code,
        type_name=dispute.get_type_code_display(),
        spot=spot(dispute.case.area_id, None),
        sides=tuple(SideFacts(letter, tuple(found)) for letter, found in sorted(sides.items())),
        story=f"{dispute.story}\n{dispute.demand}",
        refused=refused,
    )


def _village(area_id: int | None) -> int:
    area = directory.current().areas.get(area_id or 0)
    return area.id if area is not None and area.level == "village" else 0


def spot(area_id: int | None, unit_id: int | None) -> Spot:
    """Village, area station and town of a place, or of the unit somebody sits at."""
    tree = directory.current()
    unit = tree.units.get(unit_id or 0)
    area = tree.areas.get(area_id or (unit.area_id if unit else None) or 0)
    village = area.id if area is not None and area.level == "village" else 0
    if unit is not None and unit.kind == Unit.Kind.AREA_STATION and not village:
        circle = unit.id
    else:
        answering = tree.answering.get(village, ()) if village else ()
        circle = next((i for i in answering if tree.units[i].kind == Unit.Kind.AREA_STATION and village in tree.units[i].village_ids), 0)
    town = area.town_id if area is not None else _town(tree, unit) if unit is not None else None
    return Spot(village, circle, town or 0)


def _ties(known: Iterable[Tie], people: Sequence[Party], keys: Mapping[int, str]) -> list[TieFacts]:
    mine = {person.id_index: keys[person.pk] for person in people if person.id_index}
    return [TieFacts(key_of(row.mediator_id), mine[row.person_index], row.kind, row.valid_from, row.valid_until) for row in known]


def _earlier(dispute: Dispute, people: Sequence[Party], keys: Mapping[int, str], mediators: Mapping[str, Mediator]) -> list[TieFacts]:
    """Members of the corps who stood against one of the parties in another case: no strangers to a quarrel."""
    mine = {person.id_index: keys[person.pk] for person in people if person.id_index}
    same = {row.id_index: key for key, row in mediators.items() if row.id_index}
    if not mine or not same:
        return []
    cases = Party.objects.filter(id_index__in=mine).exclude(case_id=dispute.pk).values("case_id")
    rows = Party.objects.filter(case_id__in=cases, position__in=_AGAINST, id_index__in={*mine, *same}).select_related("case")
    by_case: dict[int, list[Party]] = {}
    for row in rows:
        by_case.setdefault(row.case_id, []).append(row)
    found = []
    for present in by_case.values():
        for member in (row for row in present if row.id_index in same):
            for other in present:
                if other.id_index in mine and _AGAINST[other.position] != _AGAINST[member.position]:  # type: ignore[index]
                    began = timezone.localdate(member.case.opened_at)
                    found.append(TieFacts(same[member.id_index], mine[other.id_index], rules.Tie.QUARREL, began))
    return found


def _candidates(dispute: Dispute, mediators: Mapping[str, Mediator]) -> list[CandidateFacts]:
    users: dict[int | None, str] = {row.user_id: key for key, row in mediators.items() if row.user_id}
    records = _records(dispute, mediators, users)
    today = clock.today()
    absences = Absence.objects.filter(user__in=users, from_on__lte=today, until_on__gte=today, ended_at=None)
    away: dict[int | None, date] = dict(absences.order_by("until_on").values_list("user", "until_on"))
    found = []
    for key, row in mediators.items():
        handled, agreed, running = records.get(key, (0, 0, 0))
        found.append(
            CandidateFacts(
                key=key,
                name=row.name,
                spot=spot(row.area_id, row.unit_id),
                specialities=frozenset(row.specialities),
                handled=handled,
                agreed=agreed,
                open_cases=running,
                away_until=away.get(row.user_id),
                hours=rules.weekdays(row.online_hours),
            )
        )
    return found


def _records(dispute: Dispute, mediators: Mapping[str, Mediator], users: Mapping[int | None, str]) -> dict[str, tuple[int, int, int]]:
    """Of each: how many of this type came to an end in his hands, how many of them by agreement, how many run now."""
    done = Q(until_on=None) & Q(dispute__type_code=dispute.type_code)
    agreed = done & Q(dispute__agreed_on__isnull=False)
    counted = (
        Mediating.objects.filter(Q(mediator__in=[row.pk for row in mediators.values()]) | Q(user__in=list(users)))
        .exclude(dispute=dispute)
        .values("mediator_id", "user_id")
        .annotate(
            handled=Count("pk", filter=agreed | (done & Q(dispute__ended_on__isnull=False))),
            agreed=Count("pk", filter=agreed),
            running=Count("pk", filter=Q(until_on=None, dispute__agreed_on=None, dispute__case__closed_at=None)),
        )
        .order_by()
    )
    found: dict[str, tuple[int, int, int]] = {}
    for row in counted:
        key = key_of(row["mediator_id"]) if row["mediator_id"] else users.get(row["user_id"], "")
        before = found.get(key, (0, 0, 0))
        found[key] = (before[0] + row["handled"], before[1] + row["agreed"], before[2] + row["running"])
    return found


def department(type_code: str) -> UnitFacts | None:
    """The county department that the type usually concerns (属事), by its name; none where no department of that name exists."""
    units = [unit for unit in directory.current().units.values() if unit.kind == Unit.Kind.DEPARTMENT and unit.is_active]
    for word in rules.DEPARTMENTS.get(type_code, ()):
        for unit in units:
            if word in unit.name or word in unit.short_name:
                return unit
    return None


# -- teams (MED-6) -------------------------------------------------------------------------------------------------------------------------


def running_seats(day: date) -> QuerySet[TeamSeat]:
    """The places in teams on a day."""
    running = TeamSeat.objects.filter(ended_at=None, valid_from__lte=day)
    return running.filter(Q(valid_until=None) | Q(valid_until__gte=day)).select_related("unit")


def seats(area_id: int) -> list[TeamSeat]:
    """The village's team today, the three fixed parts first."""
    order = list(TeamSeat.Part.values)
    return sorted(running_seats(clock.today()).filter(area=area_id), key=lambda row: (order.index(row.part), row.pk))


def missing_parts(found: Iterable[TeamSeat]) -> list[str]:
    """Which of the three fixed parts nobody fills."""
    have = {seat.part for seat in found}
    return [TeamSeat.Part(part).label for part in rules.FIXED_PARTS if part not in have]


def member(mediator_id: int) -> Mediator:
    """A serving member of the corps. Raises NotAllowed."""
    found = serving().select_related("unit").filter(pk=mediator_id).first()
    if found is None:
        raise NotAllowed("没有这位调解员，或者已不在任。", code="not_serving", status=422)
    return found
