"""Reads a year's holidays out of a file: our own table (CSV) or the JSON of holiday-cn. Every bad row is named."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

#: Bytes a calendar file may have: twenty years of days are under 50 KB.
MOST_BYTES = 500_000
MOST_ERRORS = 50

_KINDS = {"holiday": True, "放假": True, "makeup_workday": False, "上班": False, "调休上班": False}
_COLUMNS = {"date": "date", "日期": "date", "kind": "kind", "类型": "kind", "name_zh": "name", "名称": "name"}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from Monday to Friday."""

    day: date
    is_off: bool
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says: its days, the years it settles whole, and what is wrong with it. Nothing is used while `errors` has a line."""

    days: tuple[Day, ...]
    years: frozenset[int]
    errors: tuple[str, ...]

    def text(self) -> str:
        """The days as our own CSV: what the person looked at before saying yes is what is brought in."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["date", "kind", "name_zh"])
        writer.writerows([row.day.isoformat(), "holiday" if row.is_off else "makeup_workday", row.name] for row in self.days)
        return out.getvalue()


def read(content: bytes) -> Table:
    """The table in a file. Never raises: what cannot be read is an error line with its row."""
    if len(content) > MOST_BYTES:
        return _bad("文件太大。放假安排一年只有几十行，请确认选对了文件。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    if not text.strip():
        return _bad("文件是空的。")
    return _read_json(text) if text.lstrip().startswith(("{", "[")) else _read_csv(text)


def _bad(*errors: str) -> Table:
    return Table((), frozenset(), errors)


def _read_csv(text: str) -> Table:
    reader = csv.reader(io.StringIO(text))
    try:
        heads = [_COLUMNS.get(head.strip().lower(), "") for head in next(reader)]
        missing = [words for name, words in (("date", "date（日期）"), ("kind", "kind（类型）"), ("name", "name_zh（名称）")) if name not in heads]
        if missing:
            return _bad(f"第 1 行：缺少列 {'、'.join(missing)}。")
        places = {name: heads.index(name) for name in ("date", "kind", "name")}
        rows = [
            (f"第 {reader.line_num} 行", *(row[at].strip() if at < len(row) else "" for at in places.values()))
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        return _bad(f"第 {reader.line_num} 行：不是规范的 CSV（{error}）。")
    found = [(where, day, _KINDS.get(kind.lower()), kind, name) for where, day, kind, name in rows]
    return _checked(found, None)


def _read_json(text: str) -> Table:
    try:
        held = json.loads(text)
    except json.JSONDecodeError as error:
        return _bad(f"不是规范的 JSON（第 {error.lineno} 行第 {error.colno} 个字符）。")
    except (ValueError, RecursionError):  # a number without end, brackets without end
        return _bad("不是规范的 JSON。")
    if not isinstance(held, dict) or not isinstance(held.get("days"), list) or not isinstance(held.get("year"), int):
        return _bad("JSON 里应有 year（年份）和 days（日期列表）。")
    if not 1990 <= held["year"] <= 2200:
        return _bad(f"年份 {held['year']} 不合理。")
    found = []
    for no, given in enumerate(held["days"], start=1):
        row = given if isinstance(given, dict) else {}
        is_off = row.get("isOffDay")
        found.append((f"第 {no} 条", str(row.get("date", "")), is_off if isinstance(is_off, bool) else None, str(is_off), str(row.get("name", ""))))
    return _checked(found, held["year"])


def _checked(rows: Iterable[tuple[str, str, bool | None, str, str]], year: int | None) -> Table:
    days: dict[date, Day] = {}
    errors: list[str] = []
    where_of: dict[date, str] = {}
    for where, day_text, is_off, kind, name in rows:
        try:
            day = date.fromisoformat(day_text)
        except ValueError:
            errors.append(f"{where}：日期“{day_text[:20]}”不对，应为 2027-01-01 的写法。")
            continue
        problem = _problem(day, is_off, kind, name)
        if day in days:
            problem = f"{day} 与{where_of[day]}重复。"
        if problem:
            errors.append(f"{where}：{problem}")
            continue
        days[day], where_of[day] = Day(day, bool(is_off), name), where
    years = {day.year for day, row in days.items() if row.is_off and (day.month, day.day) == (10, 1)}
    errors += _stray(days, where_of, years, year)
    if not days and not errors:
        errors.append("文件里没有日期。")
    return Table(tuple(days[day] for day in sorted(days)), frozenset(years), tuple(errors[:MOST_ERRORS]))


def _problem(day: date, is_off: bool | None, kind: str, name: str) -> str:
    if is_off is None:
        return f"类型“{kind[:20]}”不对，应为 holiday（放假）或 makeup_workday（调休上班）。"
    if not name or len(name) > 40:
        return "缺少节日名称。" if not name else "名称不能超过 40 个字。"
    if not is_off and day.weekday() < 5:
        return f"{day} 是星期{_WEEKDAYS[day.weekday()]}，本来就上班，不能作调休上班。"
    return ""


def _stray(days: dict[date, Day], where_of: dict[date, str], years: set[int], year: int | None) -> Iterator[str]:
    """A table must settle whole years (1 October is off in each); only December before it may belong to its New Year."""
    if year is not None and year not in years:
        yield f"{year} 年没有国庆节（10月1日）放假，不是完整的一年。"
        return
    wanted = years if year is None else {year}
    for day in sorted(days):
        is_new_year_before = day.month == 12 and day.year + 1 in wanted
        if day.year not in wanted and not is_new_year_before:
            yield f"{where_of[day]}：{day} 所在的 {day.year} 年不完整（没有 10月1日放假），整年的安排要一起导入。"
