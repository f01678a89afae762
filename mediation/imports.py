"""Mediation cases written down elsewhere, as JSON lines: checked row by row first, then registered through the real acts.

A line has event_type, event_description, disputing_parties («甲, 乙») and dialog (speaker, text, strategy); `sys` is the
mediator. A dialogue becomes a held session with its minutes. What the file does not hold is not invented: no agreement
is written, since nobody signed one here; the dispute stands where a person can go on.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from casework.actforms import split_names
from casework.models import Case
from casework.parties import PartyFacts
from casework.rules import NotAllowed
from mediation import codes
from mediation.actions import intake, ladder, talks
from mediation.models import Dispute, Mediating, Side, SignWay
from organisations import clock
from organisations.scope import Scope

#: Type words of the public case collections → type of dispute; our own names are known by themselves.
TYPES = {
    "家庭婚姻纠纷": "01",
    "遗产继承纠纷": "01",
    "社区邻里纠纷": "02",
    "房产土地纠纷": "03",
    "经济债务纠纷": "04",
    "公司经营纠纷": "05",
    "治安刑事纠纷": "06",
    "校园教育纠纷": "06",
    "环境污染纠纷": "09",
    "劳资劳动纠纷": "11",
    "消费旅游纠纷": "14",
    "医疗健康纠纷": "15",
    "交通事故纠纷": "16",
}
MEDIATOR = "sys"
#: Who helps and is no party, by a word of the name.
HELPERS = (
    *("调解", "干部", "民警", "片警", "警察", "律师", "工作人员", "社区人员", "司法所", "领导", "主席", "村委", "居委", "主任", "书记"),
    *("法官", "会长", "亲朋", "无明确"),
)
ORGANISATIONS = ("公司", "厂", "医院", "学校", "银行", "商场", "酒店", "集团", "中心", "物业", "幼儿园", "饭店", "超市", "合作社", "殡仪馆", "旅行社")
LEAST_STORY, MOST_STORY, MOST_NAME, MOST_MINUTES, MOST_GIST = 10, 5000, 60, 20_000, 500
#: The same line makes the same number, so that a second run finds what the first one made.
_SERIES = UUID("6f0f6d52-6f3e-4b5e-9d53-0b6a5f4f6a97")


@dataclass(frozen=True, slots=True)
class Row:
    """One line that can be imported."""

    no: int
    title: str
    story: str
    type_code: str
    sides: tuple[tuple[str, str], ...]
    guests: tuple[str, ...]
    minutes: str
    gist: str
    key: UUID


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be, in words."""

    no: int
    words: str


@dataclass(slots=True)
class Outcome:
    """What a run did."""

    numbers: list[str] = field(default_factory=list)
    talks: int = 0
    again: int = 0
    problems: list[Problem] = field(default_factory=list)


def read(path: Path) -> tuple[list[Row], list[Problem]]:
    """Every line of the file, checked for shape, nothing written. Raises NotAllowed (422) for what is no such file."""
    rows, problems = [], []
    for no, line in _lines(path):
        try:
            rows.append(_row(no, line))
        except NotAllowed as refusal:
            problems.append(Problem(no, refusal.message))
    return rows, problems


def bring_in(rows: Sequence[Row], *, area_id: int, by: Scope) -> Outcome:
    """Register each line with its session, each in a transaction of its own; one that was brought in before is left as it is.

    A matter the file tells twice is one dispute with a second session.
    """
    done = Outcome()
    made: dict[UUID, Dispute] = {}
    known = set(Case.objects.filter(submission__in=[row.key for row in rows]).values_list("submission", flat=True))
    for row in rows:
        if row.key in known:
            done.again += 1
            continue
        try:
            if row.key in made:
                _hold(made[row.key], row, by)
                done.talks += 1
            else:
                made[row.key] = _bring_in(row, area_id, by)
                done.numbers.append(made[row.key].case.number)
        except NotAllowed as refusal:
            done.problems.append(Problem(row.no, refusal.message))
    return done


@transaction.atomic
def _bring_in(row: Row, area_id: int, by: Scope) -> Dispute:
    today = clock.today()
    people = [
        intake.SidePerson(letter, PartyFacts(position="", name=name, is_organisation=any(word in name for word in ORGANISATIONS)))
        for letter, name in row.sides
    ]
    dispute = intake.register(
        intake.Intake(
            title=row.title,
            story=row.story,
            type_code=row.type_code,
            area_id=area_id,
            received_on=today,
            people=people,
            is_willing=True,
            submission=row.key,
            at_own_level=True,
        ),
        by=by,
    )
    if row.minutes:
        _talk(dispute, row, by)
    return dispute


def _talk(dispute: Dispute, row: Row, by: Scope) -> None:
    """Taken on, both told of their rights, mediated once: the dialogue is the minutes."""
    number = dispute.case.number
    ladder.accept(number, is_willing=True, words="导入的调解案例，双方愿意调解。", by=by)
    parties = {side.letter: side.party_id for side in Side.objects.filter(dispute=dispute).order_by("-party_id")}
    signed = [talks.Signed(party_id, SignWay.SIGNED) for party_id in parties.values()]
    talks.inform(number, signed=signed, on=clock.today(), by=by)
    ladder.name_mediator(number, to_user_id=by.user.id, reason="导入时由登记人确定", by=by)
    _hold(dispute, row, by)


def _hold(dispute: Dispute, row: Row, by: Scope) -> None:
    now = clock.now()
    talks.hold_session(
        dispute.case.number,
        kind="joint",
        began_at=now - timedelta(hours=1),
        ended_at=now,
        place="导入案例",
        present=list(Side.objects.filter(dispute=dispute).values_list("party_id", flat=True)),
        minutes=row.minutes,
        gist=row.gist,
        mediator_ids=list(Mediating.objects.filter(dispute=dispute, until_on=None).values_list("pk", flat=True)),
        guests=row.guests,
        is_agreed_to_guests=bool(row.guests),
        by=by,
    )


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            for no, line in enumerate(file, start=1):
                if line.strip():
                    yield no, json.loads(line)
    except (ValueError, OSError, EOFError) as error:
        raise NotAllowed(f"文件看不懂，须是每行一条 JSON 的文件（.jsonl 或 .jsonl.gz）：{error}", code="file_type", status=422) from error


def _row(no: int, line: Any) -> Row:
    if not isinstance(line, dict):
        raise _wrong("不是一条案例")
    story = str(line.get("event_description") or "").strip()
    if not LEAST_STORY <= len(story) <= MOST_STORY:
        raise _wrong(f"纠纷简要情况（event_description）须有 {LEAST_STORY} 到 {MOST_STORY} 字")
    word = str(line.get("event_type") or "").strip()
    type_code = TYPES.get(word) or next((code for code, row in codes.TYPES.items() if row.name == word), "")
    if not type_code:
        raise _wrong(f"纠纷类型“{word}”没有对应的类型")
    talk = line.get("dialog") or []
    if not isinstance(talk, list) or not all(isinstance(said, dict) for said in talk):
        raise _wrong("调解对话（dialog）须是一列发言")
    named = split_names(str(line.get("disputing_parties") or ""))
    spoke = [name for said in talk for name in split_names(str(said.get("speaker") or "")) if name != MEDIATOR]
    parties = _parties(named, spoke)
    first, second = parties[:2]
    return Row(
        no=no,
        title=f"{first[:20]}与{second[:20]}{codes.TYPES[type_code].name}",
        story=story,
        type_code=type_code,
        sides=(("a", first), ("b", second), *(("c", name) for name in parties[2:])),
        guests=tuple(dict.fromkeys(name for name in named if _helps(name))),
        minutes=_minutes(talk),
        gist=_gist(talk),
        key=uuid5(_SERIES, f"{word}\n{story}"),
    )


def _parties(named: Sequence[str], spoke: Sequence[str]) -> list[str]:
    """Those named as parties who do not only help; where fewer than two are named, those who speak. Raises NotAllowed."""
    parties = list(dict.fromkeys(name for name in named if not _helps(name)))
    if len(parties) < 2:
        parties = list(dict.fromkeys([*parties, *(name for name in spoke if not _helps(name))]))
    if len(parties) < 2:
        raise _wrong("双方当事人（disputing_parties）不足两方")
    if any(len(name) > MOST_NAME for name in parties):
        raise _wrong(f"当事人姓名超过 {MOST_NAME} 字")
    return parties


def _helps(name: str) -> bool:
    return any(word in name for word in HELPERS)


def _minutes(talk: Sequence[dict[str, Any]]) -> str:
    """The dialogue as minutes are written: who said what, and by which way of mediating."""
    lines = []
    for said in talk:
        who = "调解员" if said.get("speaker") == MEDIATOR else str(said.get("speaker") or "")
        way = str(said.get("strategy") or "")
        lines.append(f"{who}{f'（{way}）' if way else ''}：{str(said.get('text') or '').strip().strip('“”')}")
    return "\n".join(lines)[:MOST_MINUTES]


def _gist(talk: Sequence[dict[str, Any]]) -> str:
    """What the mediator said last when it came to an agreement, else last of all."""
    spoken = [said for said in talk if said.get("speaker") == MEDIATOR]
    agreed = [said for said in spoken if said.get("strategy") == "达成调解协议"]
    last = (agreed or spoken or [{}])[-1]
    return str(last.get("text") or "").strip().strip("“”")[:MOST_GIST]


def _wrong(words: str) -> NotAllowed:
    return NotAllowed(f"{words}。", code="wrong_row", status=422)
