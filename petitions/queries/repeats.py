"""The repeat check at registration (L-PET-39): who was here before, and with what; only within the clerk's scope.

Four looks, each by an index: identity and telephone by their blind indexes, class and place by (topic_code, area),
similar text by the bigram index with few rare trigrams, so that no look depends on how many cases there are.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as datetime_time
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from casework.models import Case, Party, Reach
from organisations import cipher, clock, directory, identity
from organisations.scope import Scope
from petitions import codes, rules
from petitions.models import Feedback, Petition, Rating

#: Overlap from which two texts are worth a clerk's look, and from which they alone make a candidate.
ALIKE, VERY_ALIKE = 0.35, 0.6
MAX_CANDIDATES, MAX_HISTORY, MAX_NEIGHBOURS = 5, 10, 6
#: How many rows the text look may fetch by estimate; trigrams more frequent than that say nothing.
TEXT_ROWS = 2000
#: How much more often than by chance two neighbouring pairs of characters meet in one text.
NEIGHBOURS = 50
MAX_TRIGRAMS = 8
#: Seconds a process keeps what the database knows about the frequency of bigrams.
FREQUENCY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form so far. Numbers in clear, never stored from here."""

    ids: Sequence[str] = ()
    phones: Sequence[str] = ()
    names: Sequence[str] = ()
    topic_code: str = ""
    area_id: int | None = None
    respondent_unit_id: int | None = None
    respondent_name: str = ""
    text: str = ""
    is_protected: bool = False
    dismissed: Collection[str] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.ids or self.phones or (self.topic_code and self.area_id) or len(self.text) >= 6)


@dataclass(slots=True)
class Found:
    """One earlier case: why it is shown, how alike, and whether it may be joined to the new one."""

    petition: Petition
    reasons: list[str] = field(default_factory=list)
    is_person: bool = False
    is_neighbour: bool = False
    is_recent: bool = False
    overlap: float = 0.0
    score: float = 0.0
    can_join: bool = True
    party_id: int | None = None
    rating: str = ""
    days: int = 0

    @property
    def case(self) -> Case:
        return self.petition.case

    @property
    def percent(self) -> int:
        return min(99, round(self.score * 100))


@dataclass(slots=True)
class Repeats:
    candidates: list[Found]
    history: list[Found]
    neighbours: list[Found]
    seconds: float
    is_empty: bool = False


def check(typed: Typed, scope: Scope) -> Repeats:
    """Candidates, this person's history, same class and place. At most six queries."""
    started = time.perf_counter()
    if typed.is_empty:
        return Repeats([], [], [], 0.0, is_empty=True)
    people = _same_people(typed, scope)
    near = _same_class_and_place(typed, scope)
    alike = _similar_texts(typed, scope)
    petitions = Petition.objects.select_related("case__unit", "case__handler").in_bulk({*people, *near, *alike})
    ratings = _ratings(people)
    wanted = bigrams(typed.text)
    since = years_before(clock.today(), rules.REPEAT_YEARS)
    found = [_judge(petition, typed, people.get(pk), pk in near, wanted, since, ratings.get(pk, "")) for pk, petition in petitions.items()]
    candidates = sorted((f for f in found if _is_candidate(f) and f.case.number not in typed.dismissed), key=lambda f: -f.score)[:MAX_CANDIDATES]
    shown = {id(f) for f in candidates}
    newest = sorted((f for f in found if id(f) not in shown), key=lambda f: f.case.opened_at, reverse=True)
    return Repeats(
        candidates=candidates,
        history=[f for f in newest if f.is_person][:MAX_HISTORY],
        neighbours=[f for f in newest if f.is_neighbour and not f.is_person][:MAX_NEIGHBOURS],
        seconds=time.perf_counter() - started,
    )


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _seen(scope: Scope):
    return Exists(Reach.objects.filter(case=OuterRef("case_id"), reader__in=scope.readers))


def _same_people(typed: Typed, scope: Scope) -> dict[int, tuple[str, int]]:
    """Case → (why, party) of earlier cases of the same person: the number itself, else name and telephone."""
    ids = [cipher.blind_index("id", number) for number in typed.ids]
    phones = [cipher.blind_index("phone", number) for number in typed.phones]
    if not (ids or phones):
        return {}
    same = Q()
    if ids:
        same |= Q(id_index__in=ids)
    if phones:
        same |= Q(phone_index__in=phones)
    rows = (
        Party.objects.filter(same)
        .filter(_seen(scope))
        .exclude(position=Party.Position.RESPONDENT)
        .order_by("-case_id")
        .values_list("case_id", "id", "id_index", "phone_index", "name")[:60]
    )
    found: dict[int, tuple[str, int]] = {}
    for case_id, party_id, id_index, _phone_index, name in rows:
        why = "同一证件号" if id_index and id_index in ids else "同姓名同电话" if name in typed.names else "同一电话"
        if case_id not in found or why == "同一证件号":
            found[case_id] = (why, party_id)
    return found


def _same_class_and_place(typed: Typed, scope: Scope) -> set[int]:
    if not (typed.topic_code and typed.area_id):
        return set()
    since = years_before(clock.today(), rules.REPEAT_YEARS)
    midnight = timezone.make_aware(datetime.combine(since, datetime_time.min))
    # Ordered by a column without an index of its own, so that the (topic_code, area) index is always the way in.
    rows = (
        Case.objects.filter(topic_code=typed.topic_code, area=typed.area_id, opened_at__gte=midnight)
        .filter(Exists(Reach.objects.filter(case=OuterRef("pk"), reader__in=scope.readers)))
        .order_by("-opened_at")
        .values_list("id", flat=True)[:40]
    )
    return set(rows)


def _similar_texts(typed: Typed, scope: Scope) -> set[int]:
    """Cases that share a rare run of three characters with the text; scored later. Skipped when nothing is rare."""
    trigrams = _rare_trigrams(typed.text)
    if not trigrams or not scope.readers:
        return set()
    ors = " OR ".join(["bigrams(t.text) @> %s::text[]"] * len(trigrams))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH hit AS MATERIALIZED (SELECT t.case_id FROM casework_searchtext t WHERE {ors} LIMIT %s) "  # noqa: S608 (placeholders only)
            "SELECT hit.case_id FROM hit WHERE EXISTS (SELECT FROM casework_reach r WHERE r.case_id = hit.case_id AND r.reader = ANY(%s)) "
            "ORDER BY hit.case_id DESC LIMIT 60",
            [*([t[:2], t[1:]] for t in trigrams), TEXT_ROWS, list(scope.readers)],
        )
        return {row[0] for row in cursor.fetchall()}


def bigrams(text: str) -> set[str]:
    """Pairs of neighbouring characters, punctuation and blanks left out."""
    runs = "".join(char if char.isalnum() else " " for char in text.lower()).split()
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)}


def overlap(one: set[str], other: set[str]) -> float:
    """0…1: the share of the shorter text found in the longer; short scraps are compared with the whole."""
    if not one or not other:
        return 0.0
    shared, least = len(one & other), min(len(one), len(other))
    return shared / least if least >= 12 else 2 * shared / (len(one) + len(other))


def _rare_trigrams(text: str) -> list[str]:
    """The rarest runs of three characters by the database's own statistics, as long as they stay few rows."""
    runs = "".join(char if char.isalnum() else " " for char in text.lower()).split()
    trigrams = {run[i : i + 3] for run in runs for i in range(len(run) - 2)}
    known, floor, rows = _frequencies()
    estimated = sorted((_share(known.get(t[:2], floor), known.get(t[1:], floor)) * rows, t) for t in trigrams)
    chosen, budget = [], float(TEXT_ROWS)
    for estimate, trigram in estimated[:MAX_TRIGRAMS]:
        if estimate > budget:
            break
        budget -= estimate
        chosen.append(trigram)
    return chosen


def _share(one: float, other: float) -> float:
    """How many texts hold both pairs: neighbours go together far more often than chance, never more often than the rarer."""
    return min(one, other, one * other * NEIGHBOURS)


_held: tuple[float, dict[str, float], float, float] | None = None


def _frequencies() -> tuple[dict[str, float], float, float]:
    """(bigram → share of cases that have it, share assumed for the others, number of cases), as ANALYZE found them."""
    global _held
    if _held is None or time.monotonic() - _held[0] > FREQUENCY_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.most_common_elems::text::text[], s.most_common_elem_freqs, c.reltuples FROM pg_class c "
                "LEFT JOIN pg_stats s ON s.schemaname = 'public' AND s.tablename = 'search_bigrams' AND s.attname = 'bigrams' "
                "WHERE c.oid = 'casework_searchtext'::regclass"
            )
            elements, shares, rows = cursor.fetchone()
        known = dict(zip(elements or (), (shares or ())[: len(elements or ())], strict=False))
        _held = (time.monotonic(), known, min(known.values(), default=0.0) / 4, max(rows, 0.0))
    return _held[1:]


def _ratings(case_ids: Iterable[int]) -> dict[int, str]:
    """The last rating of the unit, in words, of this person's earlier cases: told at the return visit, or given online. One statement."""
    numbers = list(case_ids)
    told = Feedback.objects.filter(petition__in=numbers).exclude(unit_rating="").values_list("petition_id", "unit_rating", "at")
    given = Rating.objects.filter(petition__in=numbers, target=Rating.Target.UNIT, replaced_at=None).values_list("petition_id", "value", "at")
    rows = told.union(given, all=True).order_by("at")
    return {pk: codes.SATISFACTION_LEVELS.label(code) for pk, code, _ in rows}


def _judge(petition: Petition, typed: Typed, person: tuple[str, int] | None, is_near: bool, wanted: set[str], since: date, rating: str) -> Found:
    case = petition.case
    found = Found(petition, is_person=person is not None, is_neighbour=is_near, rating=rating)
    opened = rules.local_date(case.opened_at)
    found.days, found.is_recent = (clock.today() - opened).days, opened >= since
    found.overlap = overlap(wanted, bigrams(f"{case.title} {petition.story}"))
    found.can_join = not (typed.is_protected or case.confidential)
    weight = 0.0
    if person is not None:
        found.reasons.append(person[0])
        found.party_id = person[1]
        weight += {"同一证件号": 0.4, "同姓名同电话": 0.35}.get(person[0], 0.15)
    if typed.topic_code and case.topic_code == typed.topic_code:
        found.reasons.append("同一分类")
        weight += 0.15
    if typed.area_id and case.area_id == typed.area_id:
        found.reasons.append("同一地点")
        weight += 0.15
    if _same_respondent(petition, typed):
        found.reasons.append("同一被反映对象")
        weight += 0.2
    if found.overlap >= ALIKE:
        found.reasons.append("内容相近")
    found.score = min(1.0, weight + 0.45 * found.overlap)
    return found


def _same_respondent(petition: Petition, typed: Typed) -> bool:
    if typed.respondent_unit_id:
        return petition.respondent_unit_id == typed.respondent_unit_id
    return bool(typed.respondent_name) and petition.respondent_name == typed.respondent_name


def _is_candidate(found: Found) -> bool:
    """Worth asking the clerk: same person about the same, same respondent with class and place, or much the same words."""
    if not found.is_recent:
        return False
    is_sure_person = found.is_person and found.reasons[0] != "同一电话"
    about_the_same = "同一分类" in found.reasons or "同一被反映对象" in found.reasons or found.overlap >= ALIKE
    same_matter = found.is_neighbour and "同一被反映对象" in found.reasons
    return (is_sure_person and about_the_same) or same_matter or found.overlap >= VERY_ALIKE


def earlier_person(party_id: int, name: str, scope: Scope) -> Party | None:
    """A person of an earlier case in scope, whose numbers the new registration takes over unseen."""
    return Party.objects.filter(pk=party_id, name=name).filter(_seen(scope)).first()


def numbers_of(party: Party) -> tuple[str, str]:
    """Identity and telephone number in clear, for storing on another case; never for showing (L-SEC-7)."""
    return (cipher.decrypt(party.id_token) if party.id_token else "", cipher.decrypt(party.phone_token) if party.phone_token else "")


def typed_numbers(ids: Iterable[str], phones: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those of the typed numbers that are complete and right; the others cannot match anything."""
    good_ids, good_phones = [], []
    for text in ids:
        try:
            good_ids.append(identity.parse_id(text, today=clock.today()).number)
        except identity.IdentityError:
            if len(number := identity.normalise_id(text)) >= 6:
                good_ids.append(number)
    for text in phones:
        try:
            good_phones.append(identity.normalise_phone(text))
        except identity.IdentityError:
            continue
    return good_ids, good_phones


def last_time(number: str, party_id: str, scope: Scope) -> dict[str, Any]:
    """What an earlier case already says of person and matter; numbers only masked. Raises Petition.DoesNotExist."""
    petition = Petition.objects.visible_to(scope).select_related("case").get(case__number=number)
    case, tree = petition.case, directory.current()
    parties = list(Party.objects.filter(case=case).exclude(position__in=[Party.Position.AGENT, Party.Position.RESPONDENT]))
    person = next((p for p in parties if str(p.pk) == party_id), parties[0] if parties else None)
    unit = tree.units.get(petition.respondent_unit_id or 0)
    return {
        "person": None if person is None else _person(person, tree),
        "matter": {
            "topic": _choice(case.topic_code, f"{case.topic_code}  {codes.category_label(case.topic_code, 2)}"),
            "area": _choice(case.area_id, tree.areas[case.area_id].path_name),
            "place": petition.place,
            "respondent": _choice(unit.id, unit.name) if unit else _choice("", petition.respondent_name),
        },
        "care_needs": petition.care_needs,
    }


def _person(person: Party, tree: directory.Directory) -> dict[str, Any]:
    home = tree.areas.get(person.area_id or 0)
    return {
        "carry": person.pk,
        "name": person.name,
        "sex": person.sex,
        "nation": person.nation,
        "occupation": person.occupation,
        "id_masked": person.id_masked,
        "phone_masked": person.phone_masked,
        "area": _choice(home.id, home.path_name) if home else _choice("", ""),
        "address": person.address,
    }


def _choice(value: int | str, label: str) -> dict[str, str]:
    return {"value": str(value), "label": label}
