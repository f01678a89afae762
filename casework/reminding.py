"""The sweep that tells people of running limits, each once, whatever crashes (ALL-3).

What is to be told on which day is `reminders`; whom that means today is `addressees`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.utils import timezone

from casework import carrying, gateway, kinds, notices, outbox
from casework.addressees import Addressee, Matter, Staff, staff
from casework.models import Limit, Outgoing, Party
from casework.reminders import BY_THE_HOUR, HOURLY, Plan, days, hour_words, is_statutory, plan, words
from organisations import clock
from organisations.snapshots import pinned

#: Limits claimed in one transaction: an act on one of their cases waits for no more than that, and memory stays flat.
BATCH = 1000
#: A weekly reminder ends after so many days: nobody reads one of fifty years ago.
LONGEST = 20 * 365


@dataclass(frozen=True, slots=True)
class _Due:
    """A limit that is due to be spoken of, as the claim reads it."""

    id: int
    limit_id: int
    name: str
    due_on: date
    remind_on: date
    unit_id: int | None
    case_id: int
    kind: str
    number: str
    title: str
    case_unit_id: int
    handler_id: int | None
    confidential: bool
    readers: list[int] | None


@dataclass(frozen=True, slots=True)
class _Known:
    """A version of a limit, as one run keeps it: its plan, the days it is spoken of, whether it can be muted."""

    plan: Plan
    days: tuple[int, ...]
    is_statutory: bool


#: The case is locked with its limit, because a notice refers to it: without that an act and the sweep could wait for each
#: other. What somebody works on at this moment is skipped and taken at the next run.
_CLAIM = """
WITH due AS (
    SELECT d.id, d.limit_id, d.name, d.due_on, d.remind_on, d.unit_id, d.case_id,
           c.kind, c.number, c.title, c.unit_id AS case_unit_id, c.handler_id, c.confidential
    FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
    WHERE d.met_on IS NULL AND d.dropped_on IS NULL AND d.remind_on IS NOT NULL AND d.suspended_on IS NULL AND d.remind_on <= %s
    ORDER BY d.remind_on LIMIT %s
    FOR NO KEY UPDATE OF d SKIP LOCKED FOR KEY SHARE OF c SKIP LOCKED
)
SELECT due.*, (SELECT array_agg(r.reader) FROM casework_reach r WHERE r.case_id = due.case_id) FROM due
"""


#: Limits in hours around their end. After a day the ordinary reminders have taken over.
_BY_THE_HOUR = """
SELECT d.id, d.limit_id, d.name, d.due_on, d.due_on AS remind_on, d.unit_id, d.case_id,
       c.kind, c.number, c.title, c.unit_id AS case_unit_id, c.handler_id, c.confidential,
       (SELECT array_agg(r.reader) FROM casework_reach r WHERE r.case_id = d.case_id), d.due_at
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
WHERE d.met_on IS NULL AND d.dropped_on IS NULL AND d.suspended_on IS NULL AND d.due_at IS NOT NULL AND d.due_at <= %s AND d.due_at > %s
ORDER BY d.due_at
FOR NO KEY UPDATE OF d SKIP LOCKED FOR KEY SHARE OF c SKIP LOCKED
"""
DAY = timedelta(days=1)


def sweep_hours() -> int:
    """Tell of limits in hours: an hour before they end, when they end, and an hour after. Returns how many notices are new.

    A sweep that comes late tells by the last moment that has passed, once: what is over is not announced afterwards.
    """
    with pinned(), transaction.atomic():
        posts = staff(clock.today())
        return Teller(posts=posts, wishes=carrying.wishes(posts), today=clock.today(), now=clock.now()).hours()


def sweep() -> int:
    """Tell everybody who is to be told by today, batch by batch, and return how many limits were looked at.

    Each batch is one transaction: notices and the limit's next day are written together or not at all, and a notice
    that is there already stays the only one. Two sweeps at once take different rows.
    """
    today, now = clock.today(), clock.now()
    looked = 0
    with pinned():
        posts = staff(today)
        teller = Teller(posts=posts, wishes=carrying.wishes(posts), today=today, now=now)
        while True:
            with transaction.atomic():
                found = teller.batch()
            looked += found
            if not found:
                return looked


@dataclass
class Teller:
    """What one run knows: the day, who holds which post, who wants to be told beyond the inbox."""

    posts: Staff
    wishes: carrying.Wishes
    today: date
    now: datetime
    known: dict[int, _Known] = field(default_factory=dict)

    def batch(self) -> int:
        """One claim and what follows from it, in the caller's transaction. Returns how many limits were claimed."""
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [self.today, BATCH])
            due = [_Due(*row) for row in cursor.fetchall()]
        if not due:
            return 0
        sponsors = kinds.sponsors((row.kind, row.case_id) for row in due)
        lines: list[notices.Line] = []
        to_petitioner: list[tuple[_Due, int]] = []
        following: list[date | None] = []
        for row in due:
            known = self._known(row.limit_id)
            matter = self._matter(row, sponsors)
            # From the stored day up to today: one day on an ordinary day, all of them after an outage.
            first = bisect_left(known.days, (row.remind_on - row.due_on).days)
            last = bisect_right(known.days, (self.today - row.due_on).days)
            if known.plan.to_petitioner:
                to_petitioner += [(row, offset) for offset in known.days[first:last][-1:]]
            else:
                for offset in known.days[first:last]:
                    lines += [self._line(row, known, offset, to) for to in self._told(known.plan, offset, matter)]
            following.append(row.due_on + timedelta(days=known.days[last]) if last < len(known.days) else None)
        notices.insert(lines, self.now)
        self._tell_petitioners(to_petitioner)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE casework_deadline d SET remind_on = n.day FROM unnest(%s::bigint[], %s::date[]) AS n (id, day) WHERE d.id = n.id",
                [[row.id for row in due], following],
            )
        return len(due)

    def hours(self) -> int:
        """Limits that run in hours, told by the last of their moments that has come. Returns how many notices are new."""
        with connection.cursor() as cursor:
            cursor.execute(_BY_THE_HOUR, [self.now - timedelta(minutes=HOURLY[0]), self.now - DAY])
            rows = [(_Due(*row[:-1]), row[-1]) for row in cursor.fetchall()]
        sponsors = kinds.sponsors((row.kind, row.case_id) for row, _ in rows)
        lines: list[notices.Line] = []
        for row, due_at in rows:
            minutes = max(offset for offset in HOURLY if due_at + timedelta(minutes=offset) <= self.now)
            text = hour_words(row.number, row.name, row.title, due_at, self.now)
            for to in self._told(BY_THE_HOUR, minutes, self._matter(row, sponsors)):
                line = self._line(row, self._known(row.limit_id), 0, to)
                lines.append(replace(line, text=text, key=f"h{row.id}:{due_at.timestamp():.0f}:{minutes}:{to.key}"))
        return notices.insert(lines, self.now)

    def _matter(self, row: _Due, sponsors: Mapping[int, int]) -> Matter:
        return Matter(
            unit_id=row.unit_id or row.case_unit_id,
            case_unit_id=row.case_unit_id,
            handler_id=row.handler_id,
            is_protected=row.confidential,
            readers=frozenset(row.readers or ()),
            sponsor_id=sponsors.get(row.case_id),
        )

    def _known(self, limit_id: int) -> _Known:
        if limit_id not in self.known:
            limit = Limit.objects.get(pk=limit_id)
            finite = tuple(takewhile(lambda offset: offset <= LONGEST, days(limit)))
            self.known[limit_id] = _Known(plan(limit), finite, is_statutory(limit))
        return self.known[limit_id]

    def _told(self, found: Plan, offset: int, matter: Matter) -> set[Addressee]:
        told = self.posts.handler(matter) if found.to_handler else set()
        for since, part in ((found.head_from, self.posts.head), (found.office_from, self.posts.office), (found.leader_from, self.posts.lead)):
            if since is not None and offset >= since:
                told |= part(matter)
        return told or self.posts.named(matter)

    def _line(self, row: _Due, known: _Known, offset: int, to: Addressee) -> notices.Line:
        return notices.Line(
            case_id=row.case_id,
            to=to,
            kind=notices.REMINDER,
            text=words(row.number, row.name, row.title, row.due_on, offset, self.today),
            key=f"r{row.id}:{row.due_on:%y%m%d}:{offset}:{to.key}",
            deadline_id=row.id,
            offset=offset,
            is_statutory=known.is_statutory,
            is_carried=not self.wishes.concern(to),
        )

    def _tell_petitioners(self, found: list[tuple[_Due, int]]) -> None:
        """The person's own terms: a number, a date and where to ask, by SMS, where a telephone is known (L-SEC-3).

        The text is the same on each of a term's days, so after an outage only the newest is sent; and none that would
        ring when the date is over, for nothing can be done with it any more.
        """
        rings_at = carrying.by_daylight(self.now)
        due = [(row, offset) for row, offset in found if row.due_on >= timezone.localdate(rings_at)]
        if not due or not gateway.has(Outgoing.Channel.SMS):
            return
        people = Party.objects.filter(case__in={row.case_id for row, _ in due}, position=Party.Position.PETITIONER).exclude(phone_token="")
        tokens = dict(people.order_by("-no").values_list("case_id", "phone_token"))
        outbox.put(
            outbox.Message(
                channel=Outgoing.Channel.SMS,
                address_token=tokens[row.case_id],
                text=outbox.sms_text("petitioner", number=row.number, day=row.due_on),
                key=f"r{row.id}:{row.due_on:%y%m%d}:{offset}:petitioner:sms",
                not_before=rings_at,
            )
            for row, offset in due
            if row.case_id in tokens
        )
