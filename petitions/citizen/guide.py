"""What everybody may know of the procedure: where to go, what is done by whom, how long it takes, in the words of the law (L-PET-80)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casework import limits
from casework.models import Limit
from casework.public import Place
from casework.rules import STAGES, role_words
from organisations import clock
from organisations.models import Unit
from petitions.citizen.rules import PROMISES
from petitions.citizen.rules import STEPS as OWN_STEPS
from petitions.papers.letter import numeral
from petitions.rules import STAGE_OF, front, review, terms

UNIT_WORDS = {Limit.Unit.CALENDAR: "天", Limit.Unit.WORKING: "个工作日", Limit.Unit.MONTH: "个月"}
#: How our short citations begin, and what the law is called; the rest of a citation names our own documents
#: or another place's practice, and is left out.
LAWS = {"条例": "《信访工作条例》", "简易": "《信访事项简易办理办法》", "民诉法": "《民事诉讼法》"}
_ARTICLE = re.compile(r"§(\d+)([①-⑨]?)(?:\(([一二三四五六七八九])\))?")


def law_words(cites: str) -> str:
    """«条例§19 §23；HALL-2» → «《信访工作条例》第十九条、第二十三条»; a rule of the county by its own name; empty for ours alone."""
    told = []
    for part in cites.split("；"):
        law = next((name for short, name in LAWS.items() if part.startswith(f"{short}§")), None)
        if law:
            told.append(law + "、".join(_article(*found) for found in _ARTICLE.findall(part)))
        elif not re.match(r"[A-Z]+-|地方办法", part):
            told.append(part)
    return "，".join(told)


def _article(number: str, paragraph: str, item: str) -> str:
    words = f"第{numeral(int(number))}条"
    words += f"第{numeral('①②③④⑤⑥⑦⑧⑨'.index(paragraph) + 1)}款" if paragraph else ""
    return words + (f"第（{item}）项" if item else "")


@dataclass(frozen=True, slots=True)
class Rule:
    """One act of the procedure as anybody may read it."""

    label: str
    explain: str
    who: str


def stations() -> list[Place]:
    """Town stations with their own counters."""
    rows = Unit.objects.filter(kind=Unit.Kind.STATION, active_until=None).order_by("path")
    return [Place(row.name, row.address, row.phone) for row in rows]


def procedure() -> list[tuple[str, list[Rule]]]:
    """The table of steps as printed procedure, by stage: the very table the buttons come from, as far as it is law and not house-keeping.

    What leaders and the office do among themselves about a matter (批示, 督办, 包案) is not the person's procedure.
    """
    shown = {**front.STEPS, **terms.STEPS, **review.STEPS, **OWN_STEPS}
    by_stage: dict[int, list[Rule]] = {}
    for code, step in shown.items():
        law = law_words(step.cites)
        if code not in OWN_STEPS and not law.startswith(tuple(LAWS.values())):
            continue
        stage = min((STAGE_OF[state] for state in step.frm if state in STAGE_OF), default=1)
        who = "信访人" if code in OWN_STEPS else role_words(step)
        by_stage.setdefault(stage, []).append(Rule(step.label, step.explain, " · ".join(filter(None, [who, law]))))
    return [(STAGES[stage - 1], found) for stage, found in sorted(by_stage.items())]


def limits_told() -> list[tuple[str, str, str]]:
    """The limits the person is told, with length and article."""
    settings, today = limits.current(), clock.today()
    found = []
    for key in PROMISES:
        if key not in settings.limits:
            continue
        limit = settings.limit(key, today)
        if limit.n:
            found.append((limit.name, f"{limit.n}{UNIT_WORDS[Limit.Unit(limit.unit)]}", law_words(limit.cites)))
    return found


def rights_told() -> dict[str, str]:
    """How long the person's own rights last: to ask for review and re-review, to rate."""
    settings, today = limits.current(), clock.today()
    return {name: settings.length(f"pet.{name}", today) for name in ("review_apply", "rereview_apply", "satisfaction")}
