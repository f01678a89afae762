"""Code tables of the mediation work (L-MED-40…51). The tables are data (``mediation/data/*.json``), read once, immutable after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.tables import Code, Table

_DATA = Path(__file__).parent / "data"


def read(name: str) -> list[dict[str, Any]]:
    """The rows of one shipped table."""
    rows: list[dict[str, Any]] = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def _table(name: str) -> Table[Code]:
    return Table([Code(row["code"], row["name"]) for row in read(name)])


@dataclass(frozen=True, slots=True)
class DocumentType(Code):
    """A paper of the mediation work (M01 …) and what it rests on."""

    basis: str


@dataclass(frozen=True, slots=True)
class DossierItem(Code):
    """One line of the dossier's fixed order (L-MED-46); `code` is its number."""

    is_required: bool


#: The ministry's list of types (L-MED-40).
TYPES = _table("types")
SOURCES = _table("sources")
DIFFICULTIES = _table("difficulty")
SCALES = _table("scales")
BODIES = _table("bodies")
RESULTS = _table("results")
END_REASONS = _table("end_reasons")
AGREEMENT_FORMS = _table("agreement_forms")
PERFORMANCE = _table("performance")
DOCUMENT_TYPES = Table([DocumentType(row["code"], row["name"], row["basis"]) for row in read("document_types")])
DOSSIER = tuple(DossierItem(str(row["no"]), row["name"], row["required"]) for row in read("dossier"))
#: Why a court does not take an application (1x) or does not confirm (2x), 法释〔2011〕5号 §4 §7; code → kind and words.
CONFIRMATION_REFUSALS = Table(
    [Code(f"{kind_no}{no}", item) for kind_no, row in enumerate(read("confirmation_refusals"), 1) for no, item in enumerate(row["items"], 1)]
)
#: First class of a petition's contents → type of dispute; «*» for the rest (L-MED-41). Only a default the clerk confirms.
FROM_PETITION = {row["petition"]: row["dispute"] for row in read("from_petition")}
#: 5+1: the five bodies that mediate and the lawyer or legal aid beside them (MED-3).
FIVE_AND_ONE = ("11", "52", "61", "21", "81", "91")
#: 1+5: mediated; or led to a lawful way or answered otherwise (MED-3).
WAYS = Table(
    [
        Code("mediated", "调解达成协议"),
        Code("litigation", "引导诉讼"),
        Code("arbitration", "引导仲裁"),
        Code("village_resolution", "村民会议（代表会议）决议"),
        Code("direct_reply", "直接答复"),
        Code("administrative_ruling", "行政裁决"),
    ]
)
#: What binds a mediator to a party (MED-5, 招远信访维稳工作站): the meaning stands with the word.
BONDS = Table(
    [
        Code("1", "亲情：亲属、宗亲，说话当事人听得进"),
        Code("2", "感情：邻里、同学、战友、同事，多年交情"),
        Code("3", "真情：没有亲故，肯真心实意帮着解决困难"),
    ]
)
#: The stages of the court desk; mediation runs through all of them (HALL-17).
COURT_STAGES = Table([Code("1", "接访"), Code("2", "立案"), Code("3", "庭前"), Code("4", "庭审"), Code("5", "庭后"), Code("6", "执行")])
#: How a matter ends at the court desk (多调少判).
COURT_RESULTS = Table(
    [
        Code("1", "调解书"),
        Code("2", "撤诉（已和解）"),
        Code("3", "判决"),
        Code("4", "裁定"),
        Code("5", "不予立案，退回调解"),
    ]
)
#: Which results settle the quarrel by agreement, which by the court's word; the rest goes back to mediation.
COURT_AGREED, COURT_DECIDED = frozenset({"1", "2"}), frozenset({"3", "4"})


def petition_default(top_class: str) -> str:
    """The type of dispute a petition of that first class usually is."""
    return FROM_PETITION.get(top_class, FROM_PETITION["*"])
