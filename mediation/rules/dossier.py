"""What a dossier holds, in which order, and what it may not be closed without (L-MED-46)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING

from mediation import codes
from mediation.codes import DossierItem

if TYPE_CHECKING:
    from casework.models import Attachment, Document

#: At which item a paper of ours stands; any other stands with the explanation at the end.
ITEM_OF = {
    "M01": "1",
    "M02": "1",
    "M13": "1",
    "M14": "1",
    "M03": "2",
    "M04": "5",
    "M05": "7",
    "M06": "8",
    "M07": "8",
    "M09": "8",
    "M08": "10",
    "M10": "11",
}
IDENTITY, AUTHORITY, EVIDENCE, AGREEMENT, PROOF, REST = "3", "4", "6", "8", "9", "12"
RIGHTS, SESSIONS = "2", "7"
REPORT, SESSION = "M11", "M05"
#: Cover, table of contents and back cover are made when the dossier is bound.
MADE_WHEN_BOUND = frozenset({"0", "13"})
#: Items somebody may put an attachment at.
FILED_AT = tuple(item for item in codes.DOSSIER if item.code not in MADE_WHEN_BOUND)


class Settled(Enum):
    """How a dispute came to its end, as far as the dossier asks."""

    HERE = auto()
    """Agreed before this body, or not at an end yet: everything the list names."""
    ELSEWHERE = auto()
    """Agreed before another body or at the court's desk (L-MED-24, HALL-17): their paper is what was agreed, their talks are theirs."""
    DECIDED = auto()
    """Dealt with by another body's or the court's word (MED-3)."""
    ENDED = auto()
    """Ended without an agreement (调解法§26)."""
    UNTAKEN = auto()
    """Taken back before any body took it on: there is the notice, and nothing else need be there."""


#: What stands in the agreement's place.
_RESULTS = {
    Settled.ELSEWHERE: DossierItem(AGREEMENT, "调解协议书（移送组织、法庭达成的，归入其调解书）", True),
    Settled.DECIDED: DossierItem(AGREEMENT, "处理结果（判决书、裁决书、决定书等）", True),
    Settled.ENDED: DossierItem(AGREEMENT, "终止调解通知书", True),
    Settled.UNTAKEN: DossierItem(AGREEMENT, "终止调解通知书", True),
}
#: Words of a file's name or label, and the item it most likely belongs to.
_HINTS = (
    (("身份证", "户口", "营业执照", "居住证"), IDENTITY),
    (("委托书", "授权", "代理"), AUTHORITY),
    (("收据", "收条", "转账", "付款", "凭证", "履行"), PROOF),
    (("裁定", "法院", "确认"), "11"),
    (("申请书", "登记表"), "1"),
    (("协议",), AGREEMENT),
)
#: Years by difficulty as it ships: ten at least, difficult ones thirty, grave ones for ever. Unverified, therefore a setting (L-MED-51).
KEPT_YEARS: dict[str, int | None] = {"1": 10, "2": 10, "3": 30, "4": None}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the dossier with what stands there. `is_made` comes by itself when the dossier is bound."""

    item: DossierItem
    is_made: bool
    papers: tuple[Document, ...] = ()
    files: tuple[Attachment, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.is_made or bool(self.papers or self.files)

    @property
    def is_missing(self) -> bool:
        return self.item.is_required and not self.is_met


def lines(papers: Sequence[Document], files: Sequence[Attachment], places: Mapping[int, str], *, settled: Settled, has_agent: bool) -> list[Line]:
    """The dossier in its order. `places` says at which item an attachment stands; one without a place is not in it.

    With an agent the letter of authority is required. Where no talk took place here there is none to record.
    """
    standing = [paper for paper in papers if paper.withdrawn_at is None]
    reports = [paper for paper in standing if paper.paper == REPORT]
    standing = [paper for paper in standing if paper.paper != REPORT or paper is reports[-1]]
    kinds = {paper.paper for paper in standing}
    found = []
    for item in codes.DOSSIER:
        held = _item(item, kinds, settled, has_agent=has_agent)
        here = tuple(paper for paper in standing if ITEM_OF.get(paper.paper, REST) == item.code)
        found.append(Line(held, item.code in MADE_WHEN_BOUND, here, tuple(file for file in files if places.get(file.pk) == item.code)))
    return found


def _item(item: DossierItem, kinds: Collection[str], settled: Settled, *, has_agent: bool) -> DossierItem:
    if item.code == AGREEMENT:
        return _RESULTS.get(settled, item)
    if settled is Settled.UNTAKEN and item.code not in MADE_WHEN_BOUND:
        return DossierItem(item.code, item.name, False)
    if item.code == AUTHORITY:
        return DossierItem(item.code, item.name, has_agent)
    if settled is Settled.HERE:
        return item
    if item.code in (RIGHTS, SESSIONS):
        return DossierItem(item.code, item.name, SESSION in kinds)
    return item


def missing(found: Sequence[Line]) -> list[str]:
    """The names of what is required and not there."""
    return [line.item.name for line in found if line.is_missing]


def hint(file: Attachment) -> str:
    """The item a file most likely belongs to by its name, "" where nothing speaks for one."""
    words = f"{file.label} {file.name}"
    return next((item for signs, item in _HINTS if any(sign in words for sign in signs)), "")


@dataclass(frozen=True, slots=True)
class Term:
    """How long a dossier of one difficulty is kept from a day on: `years` None is for ever."""

    difficulty: str
    years: int | None
    valid_from: date | None
    reason: str

    @property
    def words(self) -> str:
        return "永久" if self.years is None else f"{self.years}年"
