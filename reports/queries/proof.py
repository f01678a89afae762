"""Facts and tallies against what they are made from: everything is counted again, and the first that differs is named."""

# ruff: noqa: S608 (columns and kinds are this program's own; values are parameters)

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from casework import kinds
from casework.facts import COLUMNS
from casework.models import Case
from reports.models import Fact, Tally
from reports.queries import tallies

_PORTION = 5_000


def differences(portion: int = _PORTION) -> Iterator[str]:
    """What does not agree, in words of an administrator; nothing when all does. Cases touched since the last refresh differ rightly."""
    yield from _facts(portion)
    yield from _past()
    yield from _tallies()


def _facts(portion: int) -> Iterator[str]:
    last = 0
    while ids := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:portion]):
        last = ids[-1]
        with connection.cursor() as db:
            for kind in kinds.every():
                if kind.facts:
                    yield from _of_kind(db, kind.facts, kind.code, ids)


def _of_kind(db, select: str, kind: str, ids: list[int]) -> Iterator[str]:
    columns = ", ".join(COLUMNS)
    both = "".join(f", made.{column} AS made_{column}, held.{column} AS held_{column}" for column in COLUMNS[1:])
    db.execute(
        f"SELECT coalesce(made.case_id, held.case_id), made.case_id IS NULL, held.case_id IS NULL{both} FROM ({select}) made "
        f"FULL JOIN (SELECT {columns} FROM reports_fact WHERE case_id = ANY(%(ids)s) AND kind = %(kind)s) held ON held.case_id = made.case_id "
        f"WHERE ({', '.join('made.' + c for c in COLUMNS)}) IS DISTINCT FROM ({', '.join('held.' + c for c in COLUMNS)}) ORDER BY 1",
        {"ids": ids, "kind": kind},
    )
    for case_id, is_unmade, is_unheld, *values in db.fetchall():
        number = Case.objects.values_list("number", flat=True).get(pk=case_id)
        if is_unmade or is_unheld:
            yield f"{number}：{'统计表里多出一行' if is_unmade else '统计表里没有这一件'}"
            continue
        pairs = zip(COLUMNS[1:], values[::2], values[1::2], strict=True)
        yield "；".join(f"{number}：{column} 应为 {made}，记为 {held}" for column, made, held in pairs if made != held)


def _past() -> Iterator[str]:
    """Days on which a case would stand in two ways."""
    with connection.cursor() as db:
        db.execute(
            "SELECT c.number, p.stood_from, p.stood_until FROM reports_pastfact p JOIN reports_fact f USING (case_id) "
            "JOIN casework_case c ON c.id = p.case_id WHERE p.stood_until > f.stood_from OR p.stood_until <= p.stood_from "
            "OR EXISTS (SELECT FROM reports_pastfact o "
            "WHERE o.case_id = p.case_id AND o.id <> p.id AND o.stood_from < p.stood_until AND p.stood_from < o.stood_until) ORDER BY 1, 2"
        )
        rows = db.fetchall()
    yield from (f"{number}：{since}至{until}有两种统计状态" for number, since, until in rows)


@transaction.atomic
def _tallies() -> list[str]:
    """The tallies, added up again from all facts. Nothing to say where they are not kept yet."""
    if not tallies.are_kept():
        return []
    with connection.cursor() as db:
        db.execute(
            "CREATE TEMPORARY TABLE tally_again (family smallint, dim varchar, day date, key varchar, cells integer[], "
            "UNIQUE (family, dim, day, key))"
        )
        for family in tallies.families():
            sql, params = tallies.statement(family, Fact.objects.all(), 1, "tally_again")
            db.execute(sql, params)
        db.execute(
            "SELECT coalesce(a.family, t.family), coalesce(a.dim, t.dim), coalesce(a.day, t.day), coalesce(a.key, t.key), a.cells, t.cells "
            f"FROM tally_again a FULL JOIN {Tally._meta.db_table} t USING (family, dim, day, key) "
            "WHERE a.cells IS DISTINCT FROM t.cells AND EXISTS (SELECT FROM unnest(a.cells, t.cells) AS u (a, b) "
            "WHERE coalesce(u.a, 0) <> coalesce(u.b, 0)) ORDER BY 1, 2, 3, 4"
        )
        rows = db.fetchall()
        db.execute("DROP TABLE tally_again")
    return [f"日计数 {family}/{dim or '全部'}/{day}/{key}：应为 {made}，记为 {held}" for family, dim, day, key, made, held in rows]
