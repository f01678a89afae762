"""The ladder of a late duty: 提醒 → 黄牌 → 红牌 (L-PET-92, beyond.md 15). A rung is reached by the calendar, not by the sweep.

`given_on` is the day the rule was met, also when the sweep came later and also when the duty was met in between: the cards
after an outage are those there would have been without it. A card is lifted by rule, when the duty is met or falls away;
it is never lowered and never taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from casework import carrying, cases, kinds, notices, timeline
from casework.addressees import Addressee, Matter, Staff, staff
from casework.models import Card, Case, Deadline, Limit
from casework.reminders import GENERAL, PLANS
from casework.rules import NotAllowed
from organisations import clock, directory
from organisations.roles import Role
from organisations.scope import Scope, Standing
from organisations.snapshots import pinned

BATCH = 500
#: A term up to so many calendar days is a short one.
SHORT = 15
ACT, ACT_LABEL = "card.acknowledge", "签收督办牌"
#: Dates on which something is looked at again: the unit is not late with what a court or an expert has not done.
WITHOUT_CARDS = frozenset({"pet.suspended", "med.court_accept", "med.court_decide"})
#: The tags of the lists, by level.
MARKS = {Card.Level.YELLOW: "yellow", Card.Level.RED: "red"}


@dataclass(frozen=True, slots=True)
class Rung:
    """A level and the days after the due date on which an unmet duty reaches it."""

    level: Card.Level
    days: int
    days_short: int
    rule: str


#: [design] after the proposals of L-PET-92 (1, 7 and 15 days late); a short term is half as patient.
LADDER = (
    Rung(Card.Level.PLAIN, 1, 1, "超期 1 天"),
    Rung(Card.Level.YELLOW, 7, 3, "超期 7 天（15 日以内的短期限 3 天）"),
    Rung(Card.Level.RED, 15, 7, "超期 15 天（15 日以内的短期限 7 天）"),
)


def rungs(base_on: date, due_on: date, first_due_on: date | None = None) -> list[tuple[Rung, date]]:
    """Every rung with the day it is reached if the duty is not met before. `first_due_on` is what it was before it was moved."""
    is_short = ((first_due_on or due_on) - base_on).days <= SHORT
    return [(rung, due_on + timedelta(days=rung.days_short if is_short else rung.days)) for rung in LADDER]


def first_day(limit: Limit, due_on: date) -> date | None:
    """The day on which an unmet duty reaches the first rung; nobody is late with a right, nor with a date beyond all calendars."""
    has_cards = limit.is_duty and limit.key not in WITHOUT_CARDS
    return due_on + timedelta(days=LADDER[0].days) if has_cards and due_on.year < MAXYEAR else None


@dataclass(frozen=True, slots=True)
class _Late:
    id: int
    key: str
    name: str
    base_on: date
    due_on: date
    first_due_on: date | None
    met_on: date | None
    dropped_on: date | None
    suspended_on: date | None
    unit_id: int | None
    case_id: int
    kind: str
    number: str
    title: str
    case_unit_id: int
    handler_id: int | None
    confidential: bool
    readers: list[int] | None
    given: list[int] | None

    @property
    def until(self) -> date | None:
        """The last day on which a rung could still be reached: a duty met on that very day was not met when the day began."""
        return min((day for day in (self.met_on, self.dropped_on, self.suspended_on) if day), default=None)


_COLUMNS = """d.id, d.key, d.name, d.base_on, d.due_on, d.first_due_on, d.met_on, d.dropped_on, d.suspended_on, d.unit_id, d.case_id,
       c.kind, c.number, c.title, c.unit_id AS case_unit_id, c.handler_id, c.confidential"""
_AROUND = """(SELECT array_agg(r.reader) FROM casework_reach r WHERE r.case_id = late.case_id),
       (SELECT array_agg(k.level) FROM casework_card k WHERE k.deadline_id = late.id)"""
#: The case is locked too: its tags change, and an act that holds it is not waited for but skipped until the next run.
_CLAIM = f"""
WITH late AS (
    SELECT {_COLUMNS} FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
    WHERE d.card_on <= %s ORDER BY d.card_on LIMIT %s
    FOR NO KEY UPDATE OF d, c SKIP LOCKED
)
SELECT late.*, {_AROUND} FROM late
"""  # noqa: S608 (constants of this module)
_ONE = f"""
WITH late AS (SELECT {_COLUMNS} FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id WHERE d.id = ANY(%s) AND d.is_duty)
SELECT late.*, {_AROUND} FROM late
"""  # noqa: S608 (constants of this module)
_LIFT = """
WITH over AS (
    SELECT k.id, k.case_id, coalesce(d.met_on, d.dropped_on) AS on, d.met_on IS NOT NULL AS is_met
    FROM casework_card k JOIN casework_deadline d ON d.id = k.deadline_id JOIN casework_case c ON c.id = k.case_id
    WHERE k.lifted_on IS NULL AND (d.met_on IS NOT NULL OR d.dropped_on IS NOT NULL)
    ORDER BY k.id LIMIT %s
    FOR NO KEY UPDATE OF k, c SKIP LOCKED
)
UPDATE casework_card k SET lifted_on = over.on, lift_reason = CASE WHEN over.is_met THEN %s ELSE %s END
FROM over WHERE k.id = over.id RETURNING k.case_id
"""
_MET, _DROPPED = "期限事项已办结，自动解除", "期限不再计算（退回、改派或办结），自动解除"
#: The tags of a case are those of its standing cards; the trigger carries them to the lists.
_MARK = """
UPDATE casework_case c SET marks = array(
    SELECT m FROM unnest(c.marks) m WHERE m <> ALL(%(tags)s::text[])
    UNION ALL SELECT CASE max(k.level) WHEN %(red)s THEN 'red' ELSE 'yellow' END
    FROM casework_card k WHERE k.case_id = c.id AND k.lifted_on IS NULL HAVING max(k.level) >= %(yellow)s)
WHERE c.id = ANY(%(cases)s)
"""


def sweep() -> int:
    """Give the cards whose day has come and lift those whose duty is done. Returns how many cards changed."""
    today, now = clock.today(), clock.now()
    changed = 0
    with pinned():
        posts = staff(today)
        wishes = carrying.wishes(posts)
        while True:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(_CLAIM, [today, BATCH])
                    late = [_Late(*row) for row in cursor.fetchall()]
                changed += _give(late, posts, wishes, today, now)
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE casework_deadline d SET card_on = n.day FROM unnest(%s::bigint[], %s::date[]) AS n (id, day) WHERE d.id = n.id",
                        [[row.id for row in late], [_next(row, today) for row in late]],
                    )
            if not late:
                break
        while True:
            with transaction.atomic():
                lifted = _lift()
            changed += lifted
            if not lifted:
                return changed


def catch_up(deadlines: Collection[Deadline], on: date, now: datetime) -> None:
    """Give what these duties have earned up to and with `on`, before their due date is moved: an outage must not save them a card."""
    late = [deadline.pk for deadline in deadlines if deadline.pk and deadline.card_on is not None and deadline.card_on <= on]
    if not late:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [late])
        rows = [_Late(*row) for row in cursor.fetchall()]
    posts = staff(on)
    _give(rows, posts, carrying.wishes(posts), on, now)


def _give(late: Sequence[_Late], posts: Staff, wishes: carrying.Wishes, until: date, now: datetime) -> int:
    """Write the cards these duties have earned until then, tell of them, mark the cases."""
    earned = [(row, rung, day) for row in late for rung, day in _earned(row, until)]
    if not earned:
        return 0
    sponsors = kinds.sponsors((row.kind, row.case_id) for row, _, _ in earned)
    Card.objects.bulk_create(
        [
            Card(
                case_id=row.case_id,
                deadline_id=row.id,
                level=rung.level,
                unit_id=row.unit_id or row.case_unit_id,
                reason=f"“{row.name}”{row.due_on:%Y年%-m月%-d日}到期，到{day:%-m月%-d日}仍未完成，已超 {(day - row.due_on).days} 天",
                rule=rung.rule,
                given_on=day,
                entered_at=now,
            )
            for row, rung, day in earned
        ],
        ignore_conflicts=True,
    )
    notices.insert([_line(row, rung, day, to, wishes) for row, rung, day in earned for to in _told(row, rung, sponsors, posts)], now)
    _mark({row.case_id for row, rung, _ in earned if rung.level in MARKS})
    return len(earned)


def _earned(row: _Late, until: date) -> list[tuple[Rung, date]]:
    last = min(until, row.until) if row.until else until
    given = set(row.given or ())
    return [(rung, day) for rung, day in rungs(row.base_on, row.due_on, row.first_due_on) if day <= last and rung.level not in given]


def _next(row: _Late, today: date) -> date | None:
    """When the sweep has to look again; a duty that has stopped running is done with."""
    if row.until is not None:
        return None
    return next((day for _, day in rungs(row.base_on, row.due_on, row.first_due_on) if day > today), None)


def _told(row: _Late, rung: Rung, sponsors: dict[int, int], posts: Staff) -> set[Addressee]:
    """A yellow card goes to head and office, a red one to the lead official too. Of the first rung the reminder has told."""
    if rung.level not in MARKS:
        return set()
    matter = Matter(
        unit_id=row.unit_id or row.case_unit_id,
        case_unit_id=row.case_unit_id,
        handler_id=row.handler_id,
        is_protected=row.confidential,
        readers=frozenset(row.readers or ()),
        sponsor_id=sponsors.get(row.case_id),
    )
    told = posts.head(matter) | posts.office(matter)
    if PLANS.get(row.key, GENERAL).to_handler:
        told |= posts.handler(matter)
    if rung.level == Card.Level.RED:
        told |= posts.lead(matter)
    return told or posts.named(matter)


def _line(row: _Late, rung: Rung, day: date, to: Addressee, wishes: carrying.Wishes) -> notices.Line:
    return notices.Line(
        to=to,
        kind=notices.CARD,
        text=f"{row.number} {rung.level.label}（{day:%-m月%-d日}）：{row.name}{row.due_on:%-m月%-d日}到期未完成：{row.title}",
        key=f"c{row.id}:{rung.level.value}:{to.key}",
        case_id=row.case_id,
        deadline_id=row.id,
        is_statutory=True,
        is_carried=not wishes.concern(to),
    )


def _lift() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LIFT, [BATCH, _MET, _DROPPED])
        lifted = [case_id for (case_id,) in cursor.fetchall()]
    _mark(set(lifted))
    return len(lifted)


def _mark(case_ids: Collection[int]) -> None:
    if case_ids:
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"tags": list(MARKS.values()), "red": Card.Level.RED, "yellow": Card.Level.YELLOW, "cases": sorted(case_ids)}
            cursor.execute(_MARK, values)


# -- the head's word ------------------------------------------------------------------------------------------------------------------


def may_acknowledge(card: Card, by: Scope) -> Standing | None:
    """The head of the unit that got the card, or of a unit above it: where there is none, and where the one there does not."""
    unit = directory.current().units.get(card.unit_id)
    above = reversed(unit.ancestor_ids) if unit is not None else ()
    return next((standing for at in above if (standing := by.holds({Role.HEAD}, at)) is not None), None)


@transaction.atomic
def acknowledge(card_id: int, *, words: str, by: Scope) -> Card:
    """The head signs for the card and says what will be done. Raises Card.DoesNotExist outside the scope, and NotAllowed."""
    card = Card.objects.get(pk=card_id)
    case = Case.objects.visible_to(by).select_for_update().filter(pk=card.case_id).first()
    if case is None:
        raise Card.DoesNotExist
    standing = may_acknowledge(card, by)
    if standing is None:
        raise NotAllowed("督办牌由收牌单位的负责人签收，您没有这个岗位。", code="wrong_role", status=403)
    if not words.strip():
        raise NotAllowed("请写明原因和整改措施。", code="no_words", status=422)
    card = Card.objects.select_for_update().get(pk=card_id)
    if card.level not in MARKS:
        raise NotAllowed("超期提醒不需要签收，黄牌、红牌才需要。", code="no_signature")
    if card.acknowledged_at is not None:
        raise NotAllowed("这张牌已经签收过。", code="acknowledged")
    now = clock.now()
    card.acknowledged_by_id, card.acknowledged_at, card.acknowledged_words = standing.user_id, now, words.strip()[:300]
    card.save(update_fields=["acknowledged_by", "acknowledged_at", "acknowledged_words"])
    before = cases.columns(case)
    label = Card.Level(card.level).label
    timeline.record(
        case,
        act=ACT,
        label=ACT_LABEL,
        standing=standing,
        at=now,
        text=f"签收{label}（{card.given_on:%Y-%m-%d}）：{card.acknowledged_words}",
        detail={"card": card.pk, "level": label},
    )
    cases.save(case, before)
    return card
