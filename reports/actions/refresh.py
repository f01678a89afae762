"""Facts catch up with the docket. The only writer of facts; safe to run twice, at once, or not for a while."""

# ruff: noqa: E501, S608 (a statement reads better in one line; columns and kinds are this program's own, ids are a parameter)

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from casework import kinds
from casework.facts import COLUMNS
from organisations import clock
from reports.models import BEGINNING, STOOD, Fact, FactState, Tally
from reports.queries import stood, tallies

#: No figure is older (issue 5 §2).
MOST_AGE = timedelta(seconds=60)
#: Cases in one transaction.
PORTION = 2_000
#: Advisory lock: one refresher at a time.
_LOCK = 7_105_505
#: What an act notes of how it left the case; the columns of a fact's past that no date tells.
NOTED = ("unit_id", "handler_id", "closed_on", "outcome")
#: How a case stood from a day on; without holder where an act of a former release noted none.
Step = tuple[date, int | None, int | None, date | None, str]

#: A case whole: of its days none is left for another portion, which would find it changed already. The cases are named first, so
#: that each one's rows are found by index, however many wait.
_TAKE = f"""
WITH first AS MATERIALIZED (SELECT DISTINCT case_id FROM (SELECT case_id FROM reports_stale ORDER BY id LIMIT %s) oldest),
taken AS (DELETE FROM reports_stale WHERE case_id IN (SELECT case_id FROM first) RETURNING id, case_id, happened_on, {", ".join(NOTED)})
SELECT case_id, happened_on, {", ".join(NOTED)} FROM taken ORDER BY case_id, id
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
#: From the day something happened the case stands otherwise; until then as it was held, if it was there. What is entered late takes
#: back what had been held of the days since.
_TURN = f"""
WITH turned (case_id, day) AS (SELECT * FROM unnest(%(ids)s::bigint[], %(days)s::date[])),
changed AS (SELECT old.*, turned.day FROM reports_fact old JOIN turned USING (case_id)),
gone AS (DELETE FROM reports_pastfact p USING changed c WHERE p.case_id = c.case_id AND p.stood_from >= c.day),
cut AS (UPDATE reports_pastfact p SET stood_until = c.day FROM changed c WHERE p.case_id = c.case_id AND p.stood_from < c.day AND p.stood_until > c.day),
kept AS (INSERT INTO reports_pastfact (case_id, {", ".join(STOOD)}, stood_from, stood_until)
         SELECT case_id, {", ".join(STOOD)}, stood_from, day FROM changed WHERE stood_from < day AND registered_on < day)
UPDATE reports_fact f SET stood_from = c.day FROM changed c WHERE f.case_id = c.case_id
"""
_BETWEEN = ", ".join(f"b.{column}" if column in NOTED else f"f.{column}" for column in STOOD)
#: Between acts that are taken together: holder and end as each act left them, limits as they stand now (a date tells by itself on
#: which days it had come). A case new to the reports stood from the beginning as its first act left it.
_PASS = f"""
WITH between_acts (case_id, since, until, {", ".join(NOTED)}) AS (
     SELECT * FROM unnest(%(ids)s::bigint[], %(since)s::date[], %(until)s::date[], %(units)s::bigint[], %(handlers)s::bigint[], %(closed)s::date[], %(outcomes)s::varchar[])),
held AS (INSERT INTO reports_pastfact (case_id, {", ".join(STOOD)}, stood_from, stood_until)
         SELECT f.case_id, {_BETWEEN}, b.since, b.until FROM reports_fact f JOIN between_acts b USING (case_id) WHERE f.registered_on < b.until)
UPDATE reports_fact f SET stood_from = last.day
  FROM (SELECT case_id, max(until) AS day FROM between_acts GROUP BY case_id) last WHERE f.case_id = last.case_id
"""
#: Cases that came to another holder, or to an end, on the way: also where they stand at last as they did at first.
_PASSED = """
SELECT DISTINCT s.case_id FROM unnest(%(step_ids)s::bigint[], %(units)s::bigint[], %(handlers)s::bigint[], %(closed)s::date[]) AS s (case_id, unit_id, handler_id, closed_on)
  JOIN reports_fact o USING (case_id)
 WHERE s.unit_id IS NOT NULL AND (s.unit_id, s.handler_id, s.closed_on) IS DISTINCT FROM (o.unit_id, o.handler_id, o.closed_on)
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
    # A clock that was set back leaves facts of a time still to come: those are not young.
    if at is None or not timedelta() <= clock.now() - at < MOST_AGE:
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
        taken = len(found)
        changed, since = _catch_up(db, _steps(found)) if found else (0, None)
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


def _steps(noted: list[tuple[Any, ...]]) -> dict[int, list[Step]]:
    """Of each case how it stood from which day on, as its acts left it one after the other. Acts are taken in the order they were

    entered, as if after each the facts had been made again: one entered late, for an earlier day, turns all days since. So acts
    of several days taken together, after an outage, say the same as one by one. Of a limit or a link alone today is the day.
    """
    today = clock.today()
    found: dict[int, list[Step]] = defaultdict(list)
    for case_id, day, *left in noted:
        steps = found[case_id]
        if day is None:
            continue
        since = min(day, today)
        while steps and steps[-1][0] >= since:
            steps.pop()
        unit_id, handler_id, closed_on, outcome = left
        steps.append((since, unit_id, handler_id, closed_on, outcome))
    return {case_id: steps or [(today, None, None, None, "")] for case_id, steps in found.items()}


def _catch_up(db, touched: dict[int, list[Step]]) -> tuple[int, date | None]:
    """Make the facts of these cases again where they differ. What they counted for is taken off the tallies before, and put on after.

    Returns how many changed, and the first day of which a figure may have become another.
    """
    selects = [kind.facts for kind in kinds.every() if kind.facts]
    steps = [(case_id, *step) for case_id, passed in touched.items() for step in passed]
    asked = {
        "ids": list(touched),
        "step_ids": [row[0] for row in steps],
        "units": [row[2] for row in steps],
        "handlers": [row[3] for row in steps],
        "closed": [row[4] for row in steps],
    }
    found = [row for select in selects for row in _differing(db, select, asked)]
    differing = [case_id for case_id, *_ in found]
    if not differing:
        return 0, None
    is_tallied = tallies.are_kept()
    facts = Fact.objects.filter(pk__in=differing)
    if is_tallied:
        _tally(db, facts, -1)
    turned = {case_id: touched[case_id] for case_id, turns, _, _ in found if turns}
    days = [steps[0][0] for steps in turned.values()]
    if turned:
        db.execute(_TURN, {"ids": list(turned), "days": days})
    for select in selects:
        _remake(db, select, differing)
    _pass(db, turned, {case_id: touched[case_id] for case_id, _, is_new, _ in found if is_new})
    if is_tallied:
        _tally(db, facts, 1)
    return len(differing), min([*days, *(since for *_, since in found if since is not None)], default=None)


def _pass(db, turned: dict[int, list[Step]], new: dict[int, list[Step]]) -> None:
    """Keep who had these cases between the acts that were taken together."""
    rows = []
    for case_id, steps in (turned | new).items():
        # Nothing to tell apart between two acts that left the case with the same holder.
        apart = [step for at, step in enumerate(steps) if at == 0 or step[1:] != steps[at - 1][1:]]
        for at, ((since, *left), (until, *_)) in enumerate(pairwise(apart)):
            if left[0] is not None:
                rows.append((case_id, BEGINNING if case_id in new and at == 0 else since, until, *left))
    if rows:
        names = ("ids", "since", "until", "units", "handlers", "closed", "outcomes")
        db.execute(_PASS, {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})


def _differing(db, select: str, asked: dict[str, Any]) -> list[tuple[int, bool, bool, date | None]]:
    """Which facts differ: each with whether what it stood as differs or did on the way, whether it is new, and from which day on

    days that are over are put right by it. Most of what is touched changes no fact: a note, a copy, a reminder.
    """
    db.execute(
        f"WITH passed AS ({_PASSED}) "
        f"SELECT made.case_id, passed.case_id IS NOT NULL OR (old.case_id IS NOT NULL AND ({_STOOD_OLD}) IS DISTINCT FROM ({_STOOD_MADE})), old.case_id IS NULL, "
        f"CASE WHEN old.case_id IS NULL OR ({_RIGHT_OLD}) IS DISTINCT FROM ({_RIGHT_MADE}) THEN least({_DAYS_OLD}, {_DAYS_MADE}, "
        f"(SELECT min(least({_DAYS_PAST})) FROM reports_pastfact p WHERE p.case_id = made.case_id)) END "
        f"FROM ({select}) made LEFT JOIN reports_fact old USING (case_id) LEFT JOIN passed USING (case_id) "
        f"WHERE old.case_id IS NULL OR passed.case_id IS NOT NULL OR ({_OLD}) IS DISTINCT FROM ({_MADE})",
        asked,
    )
    return db.fetchall()


def _remake(db, select: str, ids: list[int]) -> None:
    db.execute(
        f"INSERT INTO reports_fact AS old ({', '.join(COLUMNS)}) {select} ON CONFLICT (case_id) DO UPDATE SET {_SET} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})",
        {"ids": ids},
    )


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
