"""What every paper of a dispute says, and how its days, people and lines are written. Plain values only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from casework.documents import Paper
from casework.models import Case, Party
from mediation import codes
from mediation.models import Dispute, Side
from organisations import directory

_SEX = {"1": "男", "2": "女"}


def sheet(code: str, dispute: Dispute, today: date, *, word: str, template: str, **more: Any) -> Paper:
    """The paper with number, matter and unit of the dispute. `word` stands in its number: «九曲村调查〔2026〕1号»."""
    case = dispute.case
    unit = directory.current().units[case.unit_id]
    context: dict[str, Any] = {
        "case_number": case.number,
        "title": case.title,
        "type": codes.TYPES[dispute.type_code].name,
        "unit": unit.name,
        "unit_phone": unit.phone,
        "date": day_words(today),
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


def day_words(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def moment_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{day_words(local.date())}{local:%H:%M}"


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def people_of(case: Case) -> list[dict[str, Any]]:
    """The parties by side as a paper names them: numbers masked, agents behind whom they speak for."""
    tree = directory.current()
    found = Side.objects.filter(dispute=case.pk).select_related("party").order_by("letter", "is_agent", "party__no")
    return [
        {
            "letter": side.letter,
            "side": side.get_letter_display(),
            "is_agent": side.is_agent,
            "name": side.party.name,
            "sex": _SEX.get(side.party.sex, ""),
            "born_on": day_words(side.party.born_on),
            "id_number": side.party.id_masked,
            "phone": side.party.phone_masked,
            "address": _address(side.party, tree),
            "authority": side.party.authority,
        }
        for side in found
    ]


def names_of(case: Case) -> str:
    """«陈桂兰、陈德旺»: the parties without their agents."""
    return "、".join(row["name"] for row in people_of(case) if not row["is_agent"])


def _address(party: Party, tree: directory.Directory) -> str:
    """Place and address; the address alone where it names the place itself."""
    area = tree.areas.get(party.area_id or 0)
    return party.address if area is None or area.name in party.address else f"{area.path_name}{party.address}"
