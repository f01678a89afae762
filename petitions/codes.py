"""Code tables of the petition work, the search in the content categories and the lawful-route ladder.

The tables are data (``petitions/data/*.json``): names and order are those of real systems, most codes
are local and never leave the county (L-CLS-50/51/53/54). Read once, at import; immutable after.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from casework.tables import Code, Table

_DATA = Path(__file__).parent / "data"

Row = TypeVar("Row", bound=Code)


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def _table(name: str, row: Callable[..., Row]) -> Table[Row]:
    return Table([row(**values) for values in _read(name)])


@dataclass(frozen=True, slots=True)
class Purpose(Code):
    """信访目的. ``law_class`` decides the workflow (L-PET-60); ``is_protected`` hides the case (L-PET-86)."""

    law_class: str
    is_protected: bool
    law: str


@dataclass(frozen=True, slots=True)
class Channel(Code):
    """信访形式. ``counts_as`` is the national form it is counted under (来信 100, 来访 200, 网信 300 …)."""

    counts_as: str

    @property
    def is_visit(self) -> bool:
        return self.counts_as == "200"


@dataclass(frozen=True, slots=True)
class VisitKind(Code):
    rule: str


@dataclass(frozen=True, slots=True)
class HallMode(Code):
    """立即办、承诺办、代理办、联动办 (HALL-2); ``due`` says in words when it must be done."""

    due: str


@dataclass(frozen=True, slots=True)
class DeclineReason(Code):
    """Why a matter is not accepted or led elsewhere (L-PET-50)."""

    kind: str
    law: str


@dataclass(frozen=True, slots=True)
class LawfulRoute(Code):
    """Another lawful way (law.md appendix A): to whom and how, until when to apply, until when it is decided."""

    org: str
    how: str
    apply_within: str
    decided_within: str
    cites: str


@dataclass(frozen=True, slots=True)
class DeliveryMethod(Code):
    """送达方式 (L-PET-73): which date counts as served and what proves it."""

    date_rule: str
    proof: str


@dataclass(frozen=True, slots=True)
class SuspensionGround(Code):
    """A ground on which a matter's own clock may stand still, with what it rests on."""

    cites: str


@dataclass(frozen=True, slots=True)
class DocumentType(Code):
    basis: str


PURPOSES = _table("purposes", Purpose)
CHANNELS = _table("channels", Channel)
SOURCES = _table("sources", Code)
VISIT_KINDS = _table("visit_kinds", VisitKind)
FLAGS = _table("flags", Code)
HANDLING_MODES = _table("handling_modes", Code)
HALL_MODES = _table("hall_modes", HallMode)
DECLINE_REASONS = _table("decline_reasons", DeclineReason)
LAWFUL_ROUTES = _table("lawful_routes", LawfulRoute)
DELIVERY_METHODS = _table("delivery_methods", DeliveryMethod)
REPLY_SUPPORT = _table("reply_support", Code)
REVIEW_CONCLUSIONS = _table("review_conclusions", Code)
SUPERVISION_REASONS = _table("supervision_reasons", Code)
SUPERVISION_METHODS = _table("supervision_methods", Code)
ADVICE_KINDS = _table("advice_kinds", Code)
RECEPTION_MODES = _table("reception_modes", Code)
FOUR_GUARANTEES = _table("four_guarantees", Code)
SIMPLE_GROUNDS = _table("simple_grounds", Code)
SUSPENSION_GROUNDS = _table("suspension_grounds", SuspensionGround)
SATISFACTION_LEVELS = _table("satisfaction_levels", Code)
#: Why somebody is not satisfied (L-CLS-26).
DISSATISFACTION_CAUSES = _table("dissatisfaction_causes", Code)
#: Named for the OpenAPI schema, in which both ratings share one enumeration.
SATISFACTION_CHOICES = SATISFACTION_LEVELS.choices
DELIVERY_CHOICES = DELIVERY_METHODS.choices
OCCUPATIONS = _table("occupations", Code)
ID_TYPES = _table("id_types", Code)
NATIONS = _table("nations", Code)
SEXES = _table("sexes", Code)
DOCUMENT_TYPES = _table("document_types", DocumentType)
#: What the counter should mind, and where the person has been before (register page).
CARE_NEEDS = _table("care_needs", Code)
PRIOR_PLACES = _table("prior_places", Code)


# --- content categories -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Category(Code):
    """One of 19 classes, 155 subclasses or 577 leaves of 内容分类 (L-CLS-50).

    ``parent`` is "" on the first level; ``path`` joins the names with "/"; ``initials`` holds every
    reading, separated by blanks; ``words`` are what people call it.
    """

    level: int
    parent: str
    path: str
    initials: str
    words: str

    @property
    def is_leaf(self) -> bool:
        return self.level == 3


CATEGORIES = _table("categories", Category)
TOP_CATEGORIES = [row for row in CATEGORIES.values() if row.level == 1]
UNCLEAR = "999901"

_CHILDREN: dict[str, list[Category]] = {}
for _row in CATEGORIES.values():
    _CHILDREN.setdefault(_row.parent, []).append(_row)

_OLD17: dict[str, str] = {row["path"]: row["code"] for row in _read("categories_old17")}


def category(code: str) -> Category:
    """The category of a six-digit code; KeyError when there is none."""
    return CATEGORIES[code]


def category_label(code: str, depth: int = 3) -> str:
    """The path shown to people, cut from the left to ``depth`` names: 土地征收／安置补偿. Unknown codes as they are."""
    row = CATEGORIES.get(code)
    return "／".join(row.path.split("/")[-depth:]) if row else code


def children(code: str = "") -> list[Category]:
    """The next level below a category, or the first level."""
    return list(_CHILDREN.get(code, ()))


def ancestors(code: str) -> list[Category]:
    """First level, second level and the category itself."""
    row: Category | None = CATEGORIES[code]
    found: list[Category] = []
    while row is not None:
        found.append(row)
        row = CATEGORIES.get(row.parent)
    return found[::-1]


def from_old17(path: str) -> str | None:
    """The present leaf for a path of the table used until 2020, such as 城乡建设/城乡规划/违章建筑 (L-CLS-52)."""
    return _OLD17.get(path.replace("／", "/").replace(" ", ""))


def _rank_of_word(row: Category, word: str) -> int | None:
    """How well one typed word fits: 0 best, None not at all."""
    if word.isdigit():
        return 0 if row.code.startswith(word) else None
    if word.isascii():
        return _rank_of_initials(row, word)
    if row.name == word:
        return 0
    if row.name.startswith(word):
        return 1
    if word in row.words.split():
        return 2
    if word in row.name:
        return 3
    if word in row.words:
        return 4
    return 6 if word in row.path else None


def _rank_of_initials(row: Category, letters: str) -> int | None:
    readings = row.initials.split()
    if letters in readings:
        return 0
    if any(reading.startswith(letters) for reading in readings):
        return 1
    if any(letters in reading for reading in readings):
        return 4
    parent = CATEGORIES.get(row.parent)
    if parent and any(p + r == letters for p in parent.initials.split() for r in readings):
        return 1
    return 7 if parent and any(p.startswith(letters) for p in parent.initials.split()) else None


def search_categories(q: str, limit: int = 20) -> list[Category]:
    """Categories for what a clerk types: code, pinyin initials, or characters; several words must all fit.

    Leaves come first because only they are filed under; then the better fit, the rest-class 其他 last among equals.
    """
    words = q.lower().replace("／", " ").replace("/", " ").split()
    if not words:
        return []
    found: list[tuple[bool, int, bool, str, Category]] = []
    for row in CATEGORIES.values():
        ranks = [_rank_of_word(row, word) for word in words]
        fitting = [rank for rank in ranks if rank is not None]
        if len(fitting) == len(ranks):
            found.append((not row.is_leaf, sum(fitting), row.name == "其他", row.code, row))
    found.sort(key=lambda hit: hit[:4])
    return [hit[4] for hit in found[:limit]]


# --- the lawful-route ladder (L-CLS-2) --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that ends the ladder: the routes it opens, best first, and the reason code."""

    key: str
    label: str
    route_codes: tuple[str, ...]
    decline_code: str


@dataclass(frozen=True, slots=True)
class Question:
    """One rung. ``NO`` is always an answer as well and leads to the next."""

    key: str
    text: str
    cites: str
    options: tuple[Option, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [*((option.key, option.label) for option in self.options), (NO, "不是")]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the ladder proposes; the office decides (L-CLS-3).

    ``decline_code`` is "" when the matter takes the petition procedure. ``branch`` is kept with the case.
    """

    route_codes: tuple[str, ...]
    decline_code: str
    text_zh: str
    cites: tuple[str, ...]
    branch: str


NO = "no"
PETITION_ROUTE = "R99"

LADDER: tuple[Question, ...] = tuple(
    Question(
        key=row["key"],
        text=row["text"],
        cites=row["cites"],
        options=tuple(Option(o["key"], o["label"], tuple(o["routes"]), o["decline"]) for o in row["options"]),
    )
    for row in _read("ladder")
)


def next_question(answers: Mapping[str, str]) -> Question | None:
    """The first rung without an answer, or None when the ladder has come to an end."""
    for question in LADDER:
        answer = answers.get(question.key)
        if not answer:
            return question
        if answer != NO:
            return None
    return None


def wizard(answers: Mapping[str, str]) -> Guidance:
    """The guidance for answers by question key; the first answer that is not ``NO`` decides.

    ValueError with a Chinese sentence when a rung is unanswered or an answer does not exist.
    """
    for question in LADDER:
        answer = answers.get(question.key, "")
        if answer == NO:
            continue
        if not answer:
            raise ValueError(f"还有问题没有回答：{question.text}")
        for option in question.options:
            if option.key == answer:
                return _guidance(question, option)
        raise ValueError(f"没有这个选项：{question.text}")
    route = LAWFUL_ROUTES[PETITION_ROUTE]
    return Guidance(
        route_codes=(PETITION_ROUTE,),
        decline_code="",
        text_zh=f"没有其他法定途径，按信访程序办理：{route.decided_within}。",
        cites=("信访工作条例第31条第6项", route.cites),
        branch="petition",
    )


def _guidance(question: Question, option: Option) -> Guidance:
    routes = [LAWFUL_ROUTES[code] for code in option.route_codes]
    lines = [f"{option.label}。建议告知信访人："]
    lines.extend(
        f"{number}. {route.name}：向{route.org}提出；申请期限：{route.apply_within}；办理期限：{route.decided_within}。"
        for number, route in enumerate(routes, start=1)
    )
    return Guidance(
        route_codes=option.route_codes,
        decline_code=option.decline_code,
        text_zh="\n".join(lines),
        cites=tuple(dict.fromkeys((question.cites, *(route.cites for route in routes)))),
        branch=f"{question.key}.{option.key}",
    )
