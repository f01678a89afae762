"""What every paper of a petition says, and how days, numbers and articles are written in a letter. Plain values only."""

from __future__ import annotations

import re
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils import timezone

from casework import folders, limits
from casework.documents import Paper
from casework.models import Case, Party
from organisations import directory
from petitions import codes
from petitions.models import Dispatch, Inquiry, Petition, Point

#: The limits a letter may name, by the word its template uses. They are settings: a letter says what held on its day (L-PET-24).
TERMS = {
    "decide": "pet.notify_forwarded",
    "object": "pet.object",
    "handle": "pet.handle",
    "review_apply": "pet.review_apply",
    "review": "pet.review",
    "rereview_apply": "pet.rereview_apply",
    "rereview": "pet.rereview",
}
#: Numbers of the second rank in a letter: （一）（二）… (L-DOC-6).
_NUMERALS = "一二三四五六七八九十"


def letter(code: str, petition: Petition, case: Case, today: date, *, word: str, template: str, unit_id: int | None = None, **more: Any) -> Paper:
    """The paper with what every paper of a petition says; `unit_id` issues it when that is not the unit which holds the case."""
    unit = directory.current().units[unit_id or case.unit_id]
    context: dict[str, Any] = {
        "case_number": case.number,
        "query_code": petition.query_code,
        "addressee": more["addressee"] if "addressee" in more else addressee_of(case),
        "title": case.title,
        "channel": codes.CHANNELS[petition.channel].name,
        "received_on": day_words(petition.received_on),
        "unit": unit.name,
        "unit_phone": unit.phone,
        "date": day_words(today),
        "terms": terms(today),
        **more,
    }
    return Paper(
        code=code,
        name=codes.DOCUMENT_TYPES[code].name,
        template=template,
        unit_id=unit.id,
        unit_name=unit.short_name,
        word=word,
        context=context,
    )


def terms(today: date) -> dict[str, str]:
    """«60日», «5个工作日» by the word of TERMS, and how long an extension may be."""
    settings = limits.current()
    longest = settings.limit(TERMS["handle"], today).max_extension
    return {**{word: settings.length(key, today) for word, key in TERMS.items()}, "extend": f"{longest}日" if longest else ""}


def addressee_of(case: Case) -> str:
    """Who the letter is to: the petitioners and the representatives of a group, by name."""
    people = sorted(folders.rows_of(case, Party, case=case), key=attrgetter("no"))
    return "、".join(person.name for person in people if person.position in ("petitioner", "representative")) or "来信人"


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def forwarded(petition: Petition, case: Case) -> dict[str, Any]:
    """By whom and when the matter came to the unit, when it did not come directly (L-PET-70 受理告知书, 处理意见书)."""
    sent = next(reversed(folders.rows_of(case, Dispatch, petition=petition, ended_at=None)), None)
    if sent is None:
        return {"from_unit": "", "forwarded_on": "", "taken_on": "", "duty": ""}
    day = day_words(timezone.localdate(sent.sent_at))
    return {"from_unit": directory.current().units[sent.from_unit_id].name, "forwarded_on": day, "taken_on": day, "duty": sent.get_duty_display()}


def points_of(petition: Petition, case: Case) -> list[Point]:
    return sorted(folders.rows_of(case, Point, petition=petition), key=attrgetter("no"))


def inquiries(petition: Petition, case: Case) -> tuple[str, str]:
    """«2026年5月1日，王海涛、宋涛» of the last hearing and the last investigation (L-PET-61)."""
    rows = sorted(folders.rows_of(case, Inquiry, petition=petition), key=attrgetter("on", "pk"))
    found = {row.kind: f"{day_words(row.on)}，{row.officers}" for row in rows}
    return found.get(Inquiry.Kind.HEARD, ""), found.get(Inquiry.Kind.INVESTIGATED, "")


def centre_name() -> str:
    tree = directory.current()
    facts = tree.units.get(tree.centre_id or 0)
    return facts.name if facts else "同级信访部门"


def numeral(no: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十: up to 99, more than a petition's points."""
    tens, ones = divmod(no, 10)
    if no <= len(_NUMERALS):
        return _NUMERALS[no - 1]
    return f"{_NUMERALS[tens - 1] if tens > 1 else ''}十{_NUMERALS[ones - 1] if ones else ''}"


def cited(law: str) -> str:
    """«条例§19③» as a letter cites it: 《信访工作条例》第十九条第三款; a local rule is cited by its name."""
    if not law.startswith("条例§"):
        return f"本地有关规定（{law}）"
    articles = []
    for number, paragraph, item in re.findall(r"§(\d+)([①-⑨]?)(?:\(([一二三四五六七八九])\))?", law):
        words = f"第{numeral(int(number))}条"
        words += f"第{numeral('①②③④⑤⑥⑦⑧⑨'.index(paragraph) + 1)}款" if paragraph else ""
        articles.append(words + (f"第{item}项" if item else ""))
    return f"《信访工作条例》{'、'.join(articles)}"


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentence(text: str) -> str:
    """The words with a full stop at their end, on one line."""
    joined = "".join(lines_of(text))
    return joined if joined.endswith(("。", "！", "？")) else f"{joined}。"
