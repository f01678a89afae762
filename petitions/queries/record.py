"""The petition list in the columns of the national record (L-PET-34): our field or expression for each, or why there is none.

Codes of content and purpose are our own (L-CLS-50); they are never sent where the national ones belong. The names stand beside
them, and only codes known to be national go into a code column. Identity numbers and telephones are not part of the record.
"""

# ruff: noqa: S608, E501 (constants of this file, the ids are a parameter; expressions read better in one line)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from petitions import codes
from petitions.rules import STATE_LABELS

#: Codes of purpose and content known to be the national ones (L-PET-34; code tables).
NATIONAL_PURPOSES = frozenset({"99"})
NATIONAL_CATEGORIES = frozenset({"990000"})
#: The column a petition is known by, and the one whose code becomes words (751 of them, not for a statement).
NUMBER, CATEGORY = "信访件编号", "内容分类"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `code` is the national field name, empty for those the province adds; `lack` says why a column is empty."""

    label: str
    code: str
    select: str = "''"
    lack: str = ""


def _flag(code: str) -> str:
    return f"CASE WHEN p.flags @> ARRAY['{code}']::varchar[] THEN '1' ELSE '0' END"


def _names(table: Any, column: str) -> str:
    rows = " ".join(f"WHEN '{row.code}' THEN '{row.name}'" for row in table.values())
    return f"CASE {column} {rows} ELSE '' END"


def _counted_as() -> str:
    rows = " ".join(f"WHEN '{row.code}' THEN '{row.counts_as}'" for row in codes.CHANNELS.values())
    return f"CASE p.channel {rows} ELSE '' END"


def _states() -> str:
    rows = " ".join(f"WHEN '{code}' THEN '{label}'" for code, label in STATE_LABELS.items())
    return f"CASE c.state {rows} ELSE '' END"


def _only(known: frozenset[str], column: str) -> str:
    listed = ", ".join(f"'{code}'" for code in sorted(known))
    return f"CASE WHEN {column} IN ({listed}) THEN {column} ELSE '' END"


def _yes(condition: str) -> str:
    return f"CASE WHEN {condition} THEN '1' ELSE '0' END"


_DAY = "to_char({} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')"
_REVIEWED = "EXISTS (SELECT FROM petitions_review v WHERE v.petition_id = c.id AND v.round = {})"

COLUMNS: tuple[Column, ...] = (
    Column("行政区划", "xzqh", "left(a.code, 6)"),
    Column("信访件id", "xfjid", lack="国家系统的内部标识，由国家系统产生"),
    Column(NUMBER, "xfjbh", "c.number"),
    Column("来文编号", "", "p.source_number"),
    Column("查询码主题", "cxmzt", lack="本系统的查询码不分主题"),
    Column("查询码", "cxm", lack="查询码只交给信访人本人，不外传"),
    Column("信访日期", "xfrq", "p.received_on::text"),
    Column("信访形式", "", _names(codes.CHANNELS, "p.channel")),
    Column("信访形式代码", "xfxs", _counted_as()),
    Column("信访人数", "xfrs", "c.headcount::text"),
    Column("涉及人数", "sjrs", "p.involved_count::text"),
    Column("登记机构名称", "djjgmc", "ru.name"),
    Column("登记机构代码", "djjgdm", "ru.credit_code"),
    Column("登记部门", "djbm", "ru.short_name"),
    Column("登记人", "djr", "rb.name"),
    Column("登记时间", "djsj", _DAY.format("c.opened_at")),
    Column("概况信息", "gkxx", "c.title"),
    Column("投诉内容", "tsnr", "p.story"),
    Column("受信人", "sxr", lack="本系统不登记受信人"),
    Column("信访件状态", "xfjzt", _states()),
    Column("本机构初次标志", "bjgccbz", _yes("NOT c.marks @> ARRAY['repeat']::varchar[]")),
    Column("全国初次标志", "qgccbz", lack="是否全国初次只有国家系统能判断"),
    Column("重复信访标志", "cfxfbz", _yes("c.marks @> ARRAY['repeat']::varchar[]")),
    Column("问题属地代码", "wtsddm", "a.code"),
    Column(CATEGORY, "", "c.topic_code"),
    Column("内容分类代码", "nrfldm", _only(NATIONAL_CATEGORIES, "c.topic_code")),
    Column("信访目的", "", _names(codes.PURPOSES, "p.purpose")),
    Column("信访目的代码", "xfmddm", _only(NATIONAL_PURPOSES, "p.purpose")),
    Column("信访原因代码", "xfyydm", lack="国家的信访原因代码表没有公开"),
    Column("首次信访机构", "scxfjg", "coalesce(first.name, ru.name)"),
    Column("首次信访日期", "scxfrq", "coalesce(first.received_on, p.received_on)::text"),
    Column("三跨三分离标志", "sksflbz", _flag("sksflbz")),
    Column("信访积案标志", "jabz", _flag("jabz")),
    Column("复查标志", "fcbz", _yes(_REVIEWED.format("1"))),
    Column("复核标志", "fhbz", _yes(_REVIEWED.format("2"))),
    Column("办结标志", "bjbz", _yes("c.closed_at IS NOT NULL")),
    Column("审核认定办结标志", "shrdbjbz", _yes("p.concluded_on IS NOT NULL")),
    Column("联名标志", "lmbz", _flag("lmbz")),
    Column("公开标志", "gkbz", _flag("gkbz")),
    Column("重大紧急标志", "zdjjbz", _flag("zdjjbz")),
    Column("匿名", "nmbz", _yes("p.is_anonymous")),
    Column("扬言标志", "yybz", _flag("yybz")),
    Column("热点问题", "rdwt", _flag("rdwt")),
    Column("所属系统", "ssxt", lack="国家的系统分类代码表没有公开"),
    Column("限办截止时间", "xbjzsj", "coalesce(f.reply_due_on::text, '')"),
    Column("信访附件", "xgfj", "(SELECT count(*) FROM casework_attachment t WHERE t.case_id = c.id)::text"),
    Column("被反映人", "bfyrxm", "p.respondent_name"),
    Column("被反映单位", "bfyrdw", "coalesce(bu.name, '')"),
    Column("办理程序", "blcx", "CASE WHEN p.simple_ground <> '' AND p.converted_on IS NULL THEN '简易程序' ELSE '普通程序' END"),
    Column("答复意见书编号", "", "coalesce(d.number, '')"),
    Column("文种", "", "coalesce(d.name, '')"),
    Column("送达方式", "", _names(codes.DELIVERY_METHODS, "r.delivery")),
    Column("送达时间", "", "coalesce(r.delivered_on::text, '')"),
    Column("签收标志", "", _yes("r.receiver <> ''")),
    Column("告知复查复核权", "", _yes("r.remedy_unit <> ''")),
    Column("是否涉企", "sqbz", _flag("sqbz")),
    Column("涉法涉诉标志", "sfssbz", _flag("sfssbz")),
    Column("回访标志", "hfbz", _yes("EXISTS (SELECT FROM petitions_feedback b WHERE b.petition_id = c.id)")),
    Column("流转截止时间", "", "coalesce(f.forward_due_on::text, '')"),
)

_SELECT = f"""
SELECT {", ".join(column.select for column in COLUMNS)}
  FROM casework_case c
  JOIN petitions_petition p ON p.case_id = c.id
  JOIN organisations_area a ON a.id = c.area_id
  JOIN organisations_unit ru ON ru.id = c.registered_unit_id
  JOIN organisations_user rb ON rb.id = c.registered_by_id
  LEFT JOIN organisations_unit bu ON bu.id = p.respondent_unit_id
  LEFT JOIN LATERAL (SELECT (SELECT x.due_on FROM casework_deadline x WHERE x.case_id = c.id AND x.key IN ('pet.handle', 'pet.suggest', 'pet.simple_handle') ORDER BY x.id DESC LIMIT 1) AS reply_due_on,
                            (SELECT x.due_on FROM casework_deadline x WHERE x.case_id = c.id AND x.key = 'pet.forward' ORDER BY x.id LIMIT 1) AS forward_due_on) f ON true
  LEFT JOIN LATERAL (SELECT * FROM petitions_reply x WHERE x.petition_id = c.id ORDER BY x.id DESC LIMIT 1) r ON true
  LEFT JOIN LATERAL (SELECT x.number, x.name FROM casework_document x WHERE x.case_id = c.id AND x.paper IN ('P11', 'P12') AND x.withdrawn_at IS NULL ORDER BY x.id DESC LIMIT 1) d ON true
  LEFT JOIN LATERAL (SELECT u.name, q.received_on FROM casework_link l JOIN petitions_petition q ON q.case_id = l.target_id JOIN casework_case k ON k.id = l.target_id JOIN organisations_unit u ON u.id = k.registered_unit_id
                      WHERE l.source_id = c.id AND l.kind = 'repeat' ORDER BY q.received_on LIMIT 1) first ON true
 WHERE c.id = ANY(%s)
 ORDER BY c.number
"""


_CATEGORY_AT = next(place for place, column in enumerate(COLUMNS) if column.label == CATEGORY)


def rows(case_ids: list[int], portion: int = 2_000) -> Iterator[tuple[str, ...]]:
    """The record of each of these petitions, in portions of the given order."""
    for begin in range(0, len(case_ids), portion):
        with connection.cursor() as db:
            db.execute(_SELECT, [case_ids[begin : begin + portion]])
            yield from (_row(row) for row in db.fetchall())


def _row(row: tuple[str | None, ...]) -> tuple[str, ...]:
    cells = [cell or "" for cell in row]
    category = codes.CATEGORIES.get(cells[_CATEGORY_AT])
    cells[_CATEGORY_AT] = category.path if category else cells[_CATEGORY_AT]
    return tuple(cells)
