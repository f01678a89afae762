# ruff: noqa: S608 (statements are put together from constants of this app; every value is a parameter)
"""The columns of the worklist: what they are called, how wide, and what an export writes for them. No identity numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from casework import kinds, lamps
from casework.exports_book import neutral_sql
from casework.queries import lists
from casework.queries.filters import MARKS, Filters
from casework.rules import Urgency
from organisations import clock
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `sql` is a text expression over case `c`, unit `u`, area `a`, town `t` and handler `h`; `width` in characters."""

    code: str
    label: str
    width: int
    sql: str
    is_fixed: bool = False


def _case(expression: str, words: dict[str, str]) -> str:
    """CASE that turns codes into words; the words are constants of the house, quotes doubled all the same."""
    whens = " ".join(f"WHEN '{code}' THEN '{label.replace(chr(39), chr(39) * 2)}'" for code, label in words.items())
    return f"CASE {expression} {whens} ELSE {expression} END"


def _state_sql() -> str:
    words = {code: label for kind in kinds.every() for code, label in kind.states.items()}
    return _case("c.state", words)


_MARKS_SQL = (
    "coalesce((SELECT string_agg(CASE m WHEN 'urged' THEN '催办×' || c.urged ELSE "
    + _case("m", MARKS)
    + f" END, '、') FROM unnest(c.marks) m WHERE m NOT LIKE '{lamps.HOUR}%%:%%' AND m <> 'urged_often'), '')"
)
_DUE_SQL = f"coalesce(to_char(c.due_on, 'YYYY-MM-DD') || CASE WHEN '{lamps.PROVISIONAL}' = ANY(c.marks) THEN '（暂定）' ELSE '' END, '')"
_URGENCY_SQL = "CASE c.urgency " + " ".join(f"WHEN {value} THEN '{label}'" for value, label in Urgency.choices) + " ELSE '' END"

COLUMNS = (
    Column("lamp", "时限", 12, lamps.WORDS_SQL, is_fixed=True),
    Column("number", "编号", 22, "c.number", is_fixed=True),
    Column("title", "诉求", 48, "c.title", is_fixed=True),
    Column("subject", "信访人", 14, "c.subject"),
    Column("topic", "分类", 18, "c.topic"),
    Column("area", "属地", 18, "CASE WHEN length(a.code) > 9 THEN t.name || a.name ELSE a.name END"),
    Column("unit", "承办单位", 20, "u.short_name"),
    Column("handler", "承办人", 12, "coalesce(h.name, '')"),
    Column("state", "环节", 16, ""),
    Column("opened", "登记时间", 18, "to_char(c.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')"),
    Column("due", "到期日", 12, _DUE_SQL),
    Column("headcount", "人数", 8, "c.headcount::text"),
    Column("urgency", "紧急程度", 10, _URGENCY_SQL),
    Column("marks", "标签", 20, _MARKS_SQL),
)
BY_CODE = {column.code: column for column in COLUMNS}
#: What is shown until somebody chooses: the design's columns.
DEFAULT = ("lamp", "number", "title", "subject", "topic", "area", "unit", "handler", "state", "opened")
#: Rows the server hands over at a time.
CHUNK = 2_000


def chosen(codes: Sequence[str]) -> list[Column]:
    """The columns of those codes in the table's own order, the fixed ones always among them."""
    wanted = set(codes) & set(BY_CODE) or set(DEFAULT)
    return [column for column in COLUMNS if column.is_fixed or column.code in wanted]


def _select(scope: Scope, filters: Filters, columns: Sequence[Column]) -> tuple[str, list[Any]]:
    return _statement(scope, filters, [_expression(column) for column in columns])


def _expression(column: Column) -> str:
    if column.code == "state":
        return _state_sql()
    now = timezone.localtime(clock.now())
    return column.sql.replace("{today}", f"DATE '{clock.today().isoformat()}'").replace("{now}", f"'{now:%H:%M}'")


def _statement(scope: Scope, filters: Filters, expressions: Sequence[str]) -> tuple[str, list[Any]]:
    source, params = lists.export_source(scope, filters)
    statement = (
        f"SELECT {', '.join(expressions)} FROM ({source}) k JOIN casework_case c ON c.id = k.case_id "
        "JOIN organisations_unit u ON u.id = c.unit_id JOIN organisations_area a ON a.id = c.area_id "
        "LEFT JOIN organisations_area t ON t.id = a.parent_id LEFT JOIN organisations_user h ON h.id = c.handler_id "
        f"ORDER BY {lists.export_order(filters)}"
    )
    return statement, params


def rows(scope: Scope, filters: Filters, columns: Sequence[Column]) -> Iterator[tuple[Any, ...]]:
    """Every matching row, read by a server-side cursor: as the list stood when the first row was asked for."""
    sql, params = _select(scope, filters, columns)
    with closing(connection.chunked_cursor()) as db:
        db.execute(sql, params)
        while found := db.fetchmany(CHUNK):
            yield from found


def csv_blocks(scope: Scope, filters: Filters, columns: Sequence[Column]) -> Iterator[bytes]:
    """Every matching row as lines of CSV, written by PostgreSQL itself (COPY); Python only passes the blocks on."""
    typed = {"title", "subject", "topic", "handler"}
    expressions = [neutral_sql(f"({_expression(column)})") if column.code in typed else _expression(column) for column in columns]
    sql, params = _statement(scope, filters, expressions)
    statement = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]  # PostgreSQL's own
    with transaction.atomic(), connection.cursor() as db:
        # The sort of a long list stays in memory; the setting ends with the transaction.
        db.execute("SET LOCAL work_mem = '64MB'")
        with db.cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)") as copy:
            for block in copy:
                yield bytes(block)


def count(scope: Scope, filters: Filters, most: int) -> int:
    """How many rows an export would hold, counted no further than `most` + 1."""
    source, params = lists.export_source(scope, filters)
    if not source:
        return 0
    with connection.cursor() as db:
        db.execute(f"SELECT count(*) FROM ({source} LIMIT %s) t", [*params, most + 1])
        return int(db.fetchone()[0])
