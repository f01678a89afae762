"""Searching the access log (L-SEC-5…7). Keyset paging by id: the last page is as fast as the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.db.models import Q, QuerySet
from django.utils import timezone

from organisations.models import AccessEntry
from organisations.queries.addresses import spoken

PAGE = 50

#: What the keys of a line's detail are called on the page and in its export; Chinese ones are drawn as they stand.
KEYS = {
    "attachment": "附件序号",
    "change": "改动",
    "count": "条数",
    "document": "文书序号",
    "dossier": "卷宗",
    "due_days": "天数",
    "due_unit": "怎样计算",
    "failed": "未移交件数",
    "file": "文件序号",
    "form": "格式",
    "from": "原为",
    "kind": "种类",
    "mark": "副本标记",
    "number": "编号",
    "numbers": "案件",
    "paper": "纸张",
    "people": "人数",
    "query": "条件",
    "rows": "行数",
    "sha256": "校验值",
    "time": "第几次",
    "to": "改为",
    "unit": "单位序号",
    "valid_from": "施行日",
    "years": "年限",
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What the auditor asks for; empty fields do not narrow."""

    user_id: int | None = None
    event: str = ""
    words: str = ""
    from_on: date | None = None
    until_on: date | None = None
    result: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Sought()


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[AccessEntry]
    older: int | None
    newer: int | None


def entries(sought: Sought) -> QuerySet[AccessEntry]:
    rows = AccessEntry.objects.select_related("unit").order_by("-id")
    if sought.user_id:
        rows = rows.filter(user=sought.user_id)
    if sought.event:
        rows = rows.filter(event=sought.event)
    if sought.words:
        # Both what stands there and what the page says in its stead: `GET /people/` is shown as «打开：账号管理».
        rows = rows.alias(shown=spoken()).filter(Q(object_label__contains=sought.words) | Q(object_type="url", shown__contains=sought.words))
    if sought.from_on:
        rows = rows.filter(at__gte=_midnight(sought.from_on))
    if sought.until_on:
        rows = rows.filter(at__lt=_midnight(sought.until_on + timedelta(days=1)))
    if sought.result:
        rows = rows.filter(succeeded=sought.result == "ok")
    return rows


def page(sought: Sought, *, before: int | None = None, after: int | None = None) -> Page:
    rows = entries(sought)
    if after is not None:
        found = list(rows.filter(id__gt=after).order_by("id")[: PAGE + 1])
        more = len(found) > PAGE
        found = found[:PAGE][::-1]
        return Page(found, older=found[-1].id if found else None, newer=found[0].id if found and more else None)
    found = list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    return Page(found, older=found[-1].id if more else None, newer=found[0].id if before and found else None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def told(detail: Mapping[str, Any]) -> str:
    """The detail of a line in words: `动态口令：否 → 是；行数：50`. What did not change is left out."""
    before, after = detail.get("before") or {}, detail.get("after") or {}
    told = {key: f"{_word(before[key])} → {_word(value)}" for key, value in after.items() if key in before and before[key] != value}
    told |= {key: _word(value) for key, value in after.items() if key not in before}
    for key, value in detail.items():
        if key == "changed":
            told |= {name: f"{_word(was)} → {_word(now)}" for name, (was, now) in value.items()}
        elif key == "query":
            told[KEYS[key]] = unquote_plus(value) or "全部"
        elif key not in ("before", "after"):
            told[KEYS.get(key, key)] = _word(value)
    return "；".join(f"{name}：{word}" for name, word in told.items())


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_word, value))
    return "无" if value in (None, "") else str(value)
