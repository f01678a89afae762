"""Facts catch up with the docket. The only writer of facts; safe to run twice, at once, or not for a while."""

# ruff: noqa: E501, S608 (a statement reads better in one line; columns and kinds are this program's own, ids are a parameter)

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from casework import kinds
from casework.facts import COLUMNS
from organisations import clock
from reports.models import STOOD, Fact, FactState, Tally
from reports.queries import stood, tallies

#: No figure is older (issue 5 §2).
MOST_AGE = timedelta(seconds=60)
#: Cases in one transaction.
PORTION = 2_000
#: Advisory lock: one refresher at a time.
_LOCK = 7_105_505
#: The days of the first and the last thing that happened to a case; None where only today is known.
Days = tuple[date | None, date | None]

#: Without news for longer than this the facts were behind: an outage, not the minute's round.
OUTAGE = timedelta(hours=1)
#: Who holds a matter now, of which no date tells since when.
HOLDER = frozenset({"unit_id", "handler_id"})

#: A case whole: of its days none is left for another portion, which would find it changed already. The cases are named first, so
#: that each one's rows are found by index, however many wait.
_TAKE = """
WITH first AS MATERIALIZED (SELECT DISTINCT case_id FROM (SELECT case_id FROM reports_stale ORDER BY id LIMIT %s) oldest),
taken AS (DELETE FROM reports_stale WHERE case_id IN (SELECT case_id FROM first) RETURNING case_id, happened_on)
SELECT case_id, min(happened_on), max(happened_on), count(*) FROM taken GROUP BY case_id
"""
_SET = ", ".join(f"{column} = EXCLUDED.{column}" for column in COLUMNS[1:])
_OLD = ", ".join(f"old.{column}" for column in COLUMNS[1:])
_MADE = ", ".join(f"made.{column}" for column in COLUMNS[1:])
_NEW = ", ".join(f"EXCLUDED.{column}" for column in COLUMNS[1:])
_RIGHT_OLD = ", ".join(f"old.{column}" for column in stood.put_right())
_RIGHT_MADE = ", ".join(f"made.{column}" for column in stood.put_right())
_DAYS_OLD = ", ".join(f"old.{column}" for column in stood.found_by())
_DAYS_MADE = ", ".join(f"made.{column}" for column in stood.found_by())
_DAYS_PAST = ", ".join(f"p.{column}" for column in stood.found_by() if column in STOOD)
_STOOD_OLD = ", ".join(f"old.{column}" for column in STOOD)
_STOOD_MADE = ", ".join(f"made.{column}" for column in STOOD)
#: From the day something happened the case stands as it does now; until then as it was held, if it was there. What is entered
#: late takes back what had been held of the days since.
_TURN = f"""
WITH turned (case_id, day, held_until) AS (SELECT * FROM unnest(%(ids)s::bigint[], %(days)s::date[], %(held)s::date[])),
changed AS (SELECT old.*, turned.day, turned.held_until FROM reports_fact old JOIN turned USING (case_id)),
gone AS (DELETE FROM reports_pastfact p USING changed c WHERE p.case_id = c.case_id AND p.stood_from >= c.day),
cut AS (UPDATE reports_pastfact p SET stood_until = c.day FROM changed c WHERE p.case_id = c.case_id AND p.stood_from < c.day AND p.stood_until > c.day),
kept AS (INSERT INTO reports_pastfact (case_id, {", ".join(STOOD)}, stood_from, stood_until)
         SELECT case_id, {", ".join(STOOD)}, stood_from, day FROM changed WHERE stood_from < day AND registered_on < day),
held AS (INSERT INTO reports_pastfact (case_id, {", ".join(STOOD)}, stood_from, stood_until)
         SELECT case_id, {", ".join(STOOD)}, day, held_until FROM changed WHERE day < held_until AND registered_on < held_until)
UPDATE reports_fact f SET stood_from = greatest(c.day, c.held_until) FROM changed c WHERE f.case_id = c.case_id
"""
#: Between the first and the last act of an outage: dates and limits as they stand now (a date tells by itself on which days it
#: had come), the holder of before.
_HELD = f"""
UPDATE reports_pastfact p SET {", ".join(f"{column} = f.{column}" for column in STOOD if column not in HOLDER)}
  FROM reports_fact f JOIN unnest(%(ids)s::bigint[], %(days)s::date[]) AS t (case_id, day) USING (case_id)
 WHERE p.case_id = f.case_id AND p.stood_from = t.day AND p.stood_until = f.stood_from
"""
#: A later day says nothing more once an earlier one is restated.
_RESTATE = """
WITH later AS (DELETE FROM reports_restated WHERE since > %(since)s)
INSERT INTO reports_restated (since, version, at) SELECT %(since)s, version, %(now)s FROM reports_factstate
ON CONFLICT (since) DO UPDATE SET version = EXCLUDED.version, at = EXCLUDED.at
"""


def refresh() -> int:
    """Bring every fact up to date, portion by portion; returns how many facts changed. Returns at once when another is at it."""
    changed = 0
    while True:
        taken, found = _portion()
        changed += found
        if taken < PORTION:
            break
    _tally_anew()
    return changed


def refresh_if_old() -> None:
    """For a page: the facts it shows are at most a minute old, also when the clock's process is dead.

    Nobody waits for more than one portion: behind by more (a ledger taken in), the page says how old its figures are.
    """
    at = FactState.objects.values_list("refreshed_at", flat=True).first()
    if at is None or clock.now() - at >= MOST_AGE:
        _portion()


@transaction.atomic
def _portion() -> tuple[int, int]:
    """One portion of what changed, with its tallies. Returns rows taken and facts changed; nothing where another is at it."""
    with connection.cursor() as db:
        if not _alone(db):
            return 0, 0
        now = clock.now()
        db.execute(_TAKE, [PORTION])
        found = db.fetchall()
        taken = sum(times for _, _, _, times in found)
        changed, since = _catch_up(db, {case_id: (first, last) for case_id, first, last, _ in found}) if found else (0, None)
        db.execute(
            "INSERT INTO reports_factstate (id, version, changed_at, refreshed_at, tallied) VALUES (1, 1, %(now)s, %(upto)s, '') "
            "ON CONFLICT (id) DO UPDATE SET refreshed_at = coalesce(%(upto)s, reports_factstate.refreshed_at), "
            "version = reports_factstate.version + %(step)s, "
            "changed_at = CASE WHEN %(step)s > 0 THEN %(now)s ELSE reports_factstate.changed_at END",
            {"now": now, "upto": now if taken < PORTION else None, "step": 1 if changed else 0},
        )
        if since is not None:
            db.execute(_RESTATE, {"since": since, "now": now})
    return taken, changed


def _alone(db) -> bool:
    """Whether nobody else refreshes while this transaction lasts."""
    db.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
    row = db.fetchone()
    return bool(row and row[0])


def _catch_up(db, touched: dict[int, Days]) -> tuple[int, date | None]:
    """Make the facts of these cases again where they differ. What they counted for is taken off the tallies before, and put on after.

    `touched` says of each case on which days the first and the last thing happened; None where only today is known. Returns how
    many changed, and the first day of which a figure may have become another.
    """
    selects = [kind.facts for kind in kinds.every() if kind.facts]
    found = [row for select in selects for row in _differing(db, select, list(touched))]
    differing = [case_id for case_id, *_ in found]
    if not differing:
        return 0, None
    is_tallied = tallies.are_kept()
    facts = Fact.objects.filter(pk__in=differing)
    if is_tallied:
        _tally(db, facts, -1)
    turned = _turn(db, {case_id: touched[case_id] for case_id, is_turned, _ in found if is_turned})
    changed = sum(_remake(db, select, differing) for select in selects)
    if turned["days"] != turned["held"]:
        db.execute(_HELD, turned)
    if is_tallied:
        _tally(db, facts, 1)
    return changed, min([*turned["days"], *(since for *_, since in found if since is not None)], default=None)


def _turn(db, days: dict[int, Days]) -> dict[str, list[Any]]:
    """Keep how these facts stood until the first thing happened; returns which, from which day, and until when their holder is kept.

    A fact is made from the docket as it stands now. After an outage the acts of several days are taken together: what stood
    between them nobody wrote down here. Then the holder is told as changed with the last act, so that nobody is said to have had
    a matter before it came to him; that it lay with a third in between, or came to him with an earlier act already, is lost.
    What was entered late, for a day before the outage, turns everything on its day as always.
    """
    today = clock.today()
    since = _behind_since()
    firsts = [min(first or today, today) for first, _ in days.values()]
    lasts = [min(last or today, today) for _, last in days.values()]
    held = [last if since is not None and since <= first else first for first, last in zip(firsts, lasts, strict=True)]
    turned: dict[str, list[Any]] = {"ids": list(days), "days": firsts, "held": held}
    if days:
        db.execute(_TURN, turned)
    return turned


def _behind_since() -> date | None:
    """The day of the last news where that is long ago; None in the minute's round."""
    at = FactState.objects.values_list("refreshed_at", flat=True).first()
    return timezone.localtime(at).date() if at is not None and clock.now() - at > OUTAGE else None


def _differing(db, select: str, ids: list[int]) -> list[tuple[int, bool, date | None]]:
    """Which facts differ: each with whether what it stood as differs, and from which day on days that are over are put right by it.

    Most of what is touched changes no fact: a note, a copy, a reminder.
    """
    db.execute(
        f"SELECT made.case_id, old.case_id IS NOT NULL AND ({_STOOD_OLD}) IS DISTINCT FROM ({_STOOD_MADE}), "
        f"CASE WHEN old.case_id IS NULL OR ({_RIGHT_OLD}) IS DISTINCT FROM ({_RIGHT_MADE}) THEN least({_DAYS_OLD}, {_DAYS_MADE}, "
        f"(SELECT min(least({_DAYS_PAST})) FROM reports_pastfact p WHERE p.case_id = made.case_id)) END "
        f"FROM ({select}) made LEFT JOIN reports_fact old USING (case_id) "
        f"WHERE old.case_id IS NULL OR ({_OLD}) IS DISTINCT FROM ({_MADE})",
        {"ids": ids},
    )
    return db.fetchall()


def _remake(db, select: str, ids: list[int]) -> int:
    db.execute(
        f"INSERT INTO reports_fact AS old ({', '.join(COLUMNS)}) {select} ON CONFLICT (case_id) DO UPDATE SET {_SET} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})",
        {"ids": ids},
    )
    return db.rowcount


def _tally(db, facts: QuerySet[Fact], sign: int) -> None:
    for family in tallies.families():
        db.execute(*tallies.statement(family, facts, sign))


@transaction.atomic
def _tally_anew() -> None:
    """All tallies from all facts: once, and whenever the dictionary changed. Until then figures are read from facts."""
    if tallies.are_kept():
        return
    with connection.cursor() as db:
        if not _alone(db):
            return
        Tally.objects.all().delete()
        _tally(db, Fact.objects.all(), 1)
        FactState.objects.update(tallied=tallies.fingerprint(), version=F("version") + 1)
