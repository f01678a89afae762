"""How a month's pay follows from facts and settings (L-MED-60…63). Pure: no queries, no clock; money is Decimal, exact to the cent.

A case is rewarded when it succeeded, is performed and its dossier is archived; once ever. The reward is the rate of its
difficulty × a factor for the people involved × a factor for their satisfaction, never under the least nor over the most.
Several mediators share it by stated parts. What is not paid (civil servants, a failed assessment, a suspicion) has its
line too, with the reason: nothing disappears.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from organisations.roles import Role

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: Parts of a case's reward are stated in hundredths.
WHOLE = 100


class Kind(StrEnum):
    """What a line is for."""

    SUBSIDY = "subsidy"
    REWARD = "reward"
    BACK = "back"
    CORRECTION = "correction"


class State(StrEnum):
    """Whether a line is paid; the reason stands on the line."""

    DUE = "due"
    HELD = "held"
    WITHHELD = "withheld"
    NONE = "none"


KIND_WORDS = {Kind.SUBSIDY: "固定补贴", Kind.REWARD: "以案定补", Kind.BACK: "补发", Kind.CORRECTION: "更正"}
STATE_WORDS = {State.DUE: "发放", State.HELD: "待核实", State.WITHHELD: "停发", State.NONE: "不发"}
DIFFICULTIES = ("1", "2", "3", "4")
#: As a follow-up visit records it (L-MED-50).
SATISFACTION_WORDS = {"1": "满意", "2": "基本满意", "9": "未表态", "3": "不满意"}


@dataclass(frozen=True, slots=True)
class Settings:
    """One version of the county's rules of pay. `kinds` of mediators get the subsidy; `people` are (from how many on, factor), rising."""

    kinds: frozenset[str]
    subsidies: Mapping[str, Decimal]
    rates: Mapping[str, Decimal]
    people: Sequence[tuple[int, Decimal]]
    satisfaction: Mapping[str, Decimal]
    least: Decimal
    most: Decimal
    month_cap: Decimal | None
    is_oral_paid: bool
    twin_days: int
    likeness: Decimal
    same_day: int


#: What ships (东阿: 1,500 yuan a month; 50–400 a case). A county changes it with a validity date.
SHIPPED = Settings(
    kinds=frozenset({"peoples", "village"}),
    subsidies={"1": Decimal(1800), "2": Decimal(1700), "3": Decimal(1600), "4": Decimal(1500), "": Decimal(1500)},
    rates={"1": Decimal(50), "2": Decimal(120), "3": Decimal(200), "4": Decimal(300)},
    people=((1, Decimal("1.0")), (3, Decimal("1.2")), (10, Decimal("1.5"))),
    satisfaction={"1": Decimal("1.0"), "2": Decimal("0.9"), "9": Decimal("0.8"), "3": Decimal("0.6")},
    least=Decimal(50),
    most=Decimal(400),
    month_cap=Decimal(3000),
    is_oral_paid=True,
    twin_days=30,
    likeness=Decimal("0.85"),
    same_day=3,
)


@dataclass(frozen=True, slots=True)
class MediatorFacts:
    """A mediator in a month: grade, terms of office (both ends included; none on another station's sheet), since when pay is withheld."""

    id: int
    name: str
    kind: str
    grade: str
    grade_words: str
    terms: tuple[tuple[date, date], ...] = ()
    is_civil_servant: bool = False
    withheld_from: date | None = None
    withheld_why: str = ""
    #: Rewards that already lie on another sheet of the same month.
    drawn: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A dispute as the pay sees it. `parts` are (mediator, stated hundredths).

    `parties` are known by their numbers where those were written down, else by name; `names` are all their names.
    """

    id: int
    number: str
    agreed_on: date | None
    difficulty: str
    difficulty_words: str
    people: int
    satisfaction: str
    type_code: str
    area_id: int
    parties: frozenset[str]
    text: str
    parts: tuple[tuple[int, int], ...]
    names: frozenset[str] = frozenset()
    is_success: bool = True
    is_performed: bool = True
    is_archived: bool = True
    is_oral: bool = False
    is_paid: bool = False
    #: A person looked at the suspicion: "pay", "refuse" or nothing yet.
    verdict: str = ""
    verdict_words: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one sheet rests on. `cases` may be paid now; `others` are looked at for twins and days only."""

    mediators: Sequence[MediatorFacts]
    cases: Sequence[CaseFacts]
    others: Sequence[CaseFacts] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sheet. `share` is the mediator's part of the reward; `amount` what is paid of it."""

    kind: Kind
    mediator_id: int
    case_id: int | None
    share: Decimal
    amount: Decimal
    state: State
    words: str
    reason: str = ""
    factors: dict[str, str] = field(default_factory=dict)


def compute(month: date, facts: Facts, settings: Settings) -> list[Line]:
    """Every line of a month's sheet, in a fixed order. The same facts give the same lines; a paid case gives none."""
    people = {person.id: person for person in facts.mediators}
    lines = [line for person in facts.mediators if (line := subsidy(month, person, settings)) is not None]
    suspicious = suspicions(facts.cases, facts.others, settings)
    left = {person.id: _left(person, settings) for person in facts.mediators}
    for case in sorted(facts.cases, key=lambda case: (case.agreed_on or date.max, case.id)):
        if not case.is_paid and not why_not(case, settings):
            lines += _case_lines(month, case, people, suspicious.get(case.id, ""), settings, left)
    return lines


# -- the subsidy ----------------------------------------------------------------------------------------------------------------------------


def subsidy(month: date, person: MediatorFacts, settings: Settings) -> Line | None:
    """The month's fixed part: by grade, by the day where the appointment begins or ends within the month. None where there is none."""
    full = settings.subsidies.get(person.grade)
    days, all_days = days_in_office(month, person.terms), month_ends(month)[1].day
    if full is None or not days or person.is_civil_servant or person.kind not in settings.kinds:
        return None
    share = (full * days / all_days).quantize(CENT, ROUND_HALF_UP)
    words = f"{person.grade_words}，固定补贴每月{money(full)}元"
    if days < all_days:
        words += f"，本月任职{days}天（共{all_days}天），按天计{money(share)}元"
    factors = {"grade": person.grade, "full": str(full), "days": str(days), "of": str(all_days)}
    why = _withheld(month, person)
    state = State.WITHHELD if why else State.DUE
    return Line(Kind.SUBSIDY, person.id, None, share, ZERO if why else share, state, f"{words}。", why, factors)


def days_in_office(month: date, terms: Iterable[tuple[date, date]]) -> int:
    """Days of the month that lie in any of the terms; a day in two terms counts once."""
    first, last = month_ends(month)
    return sum(any(begins <= first + timedelta(days=day) <= ends for begins, ends in terms) for day in range(last.day))


def too_early(month: date, drafted_on: date, today: date) -> tuple[str, str]:
    """Why a month's sheet cannot be approved yet, as code and sentence; empty where it can."""
    after = month_ends(month)[1] + timedelta(days=1)
    if today < after:
        return "month_running", f"{month.month}月还没有结束，{after.month}月{after.day}日起才能审核这个月的发放表。"
    if drafted_on < after:
        return "drafted_early", "这张发放表是月底以前编制的，当月的案件和任职还没有列全。请经办人重新编制后再审核。"
    return "", ""


def month_ends(month: date) -> tuple[date, date]:
    """First and last day of the month."""
    return month.replace(day=1), month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _withheld(month: date, person: MediatorFacts) -> str:
    """A failed yearly assessment: nothing from then on, until a decision (MED-13)."""
    if person.withheld_from is None or person.withheld_from > month_ends(month)[1]:
        return ""
    return f"{person.withheld_why}，自{person.withheld_from:%Y-%m-%d}起停发"


# -- the reward -----------------------------------------------------------------------------------------------------------------------------


def why_not(case: CaseFacts, settings: Settings) -> str:
    """Which condition of L-MED-60 is still missing, in words; nothing when the case may be rewarded."""
    if not case.is_success:
        return "没有调解成功"
    if not case.is_performed:
        return "协议尚未履行完毕"
    if not case.is_archived:
        return "案卷尚未归档"
    if case.is_oral and not settings.is_oral_paid:
        return "本县规定口头协议不计案件补贴"
    if not case.parts:
        return "没有登记调解员"
    return ""


def reward(case: CaseFacts, settings: Settings) -> Decimal:
    """The case's whole reward: difficulty × people × satisfaction, within the least and the most."""
    product = settings.rates[case.difficulty] * people_factor(case.people, settings) * settings.satisfaction[case.satisfaction]
    return min(max(product, settings.least), settings.most).quantize(CENT, ROUND_HALF_UP)


def people_factor(count: int, settings: Settings) -> Decimal:
    """The factor of the last threshold the number reaches."""
    found = [factor for least, factor in settings.people if count >= least]
    return found[-1] if found else settings.people[0][1]


def shares(amount: Decimal, parts: Sequence[tuple[int, int]]) -> dict[int, Decimal]:
    """The amount in parts that add up exactly: cents rounded down, the rest to the largest remainders (ties: the first stated)."""
    whole = sum(part for _, part in parts)
    cents = int(amount / CENT)
    exact = [(who, Decimal(cents * part) / whole) for who, part in parts]
    found = {who: int(value.to_integral_value(ROUND_DOWN)) for who, value in exact}
    rest = cents - sum(found.values())
    for who, _ in sorted(exact, key=lambda pair: -(pair[1] - int(pair[1])))[:rest]:
        found[who] += 1
    return {who: (value * CENT).quantize(CENT) for who, value in found.items()}


def _case_lines(
    month: date, case: CaseFacts, people: Mapping[int, MediatorFacts], suspicion: str, settings: Settings, left: dict[int, Decimal | None]
) -> list[Line]:
    total = reward(case, settings)
    divided = shares(total, case.parts)
    whole = sum(part for _, part in case.parts)
    words, factors = _reward_words(case, total, settings)
    found = []
    for who, part in case.parts:
        person, share = people[who], divided[who]
        state, reason = _state_of(month, case, person, suspicion)
        amount = share if state is State.DUE else ZERO
        own = f"{words}；{len(case.parts)}人分配，本人{_percent(part, whole)}，计{money(share)}元" if len(case.parts) > 1 else words
        over = left[who]
        if state is State.DUE and over is not None:
            amount = min(share, over)
            left[who] = over - amount
            if amount < share:
                own += f"；本月案件补贴已到上限{money(settings.month_cap or ZERO)}元，实发{money(amount)}元"
        found.append(Line(Kind.REWARD, who, case.id, share, amount, state, f"{own}。", reason, {**factors, "part": f"{part}/{whole}"}))
    return found


def _state_of(month: date, case: CaseFacts, person: MediatorFacts, suspicion: str) -> tuple[State, str]:
    if case.verdict == "refuse":
        return State.NONE, f"经核实不予发放：{case.verdict_words}"
    if suspicion and case.verdict != "pay":
        return State.HELD, suspicion
    if person.is_civil_servant:
        return State.NONE, "公职人员履职调解，不计案件补贴"
    why = _withheld(month, person)
    return (State.WITHHELD, why) if why else (State.DUE, "")


def _reward_words(case: CaseFacts, total: Decimal, settings: Settings) -> tuple[str, dict[str, str]]:
    rate, people, liking = settings.rates[case.difficulty], people_factor(case.people, settings), settings.satisfaction[case.satisfaction]
    product = rate * people * liking
    words = (
        f"{case.number} 调解成功、已履行、案卷已归档：{case.difficulty_words}{money(rate)}元 × 涉及{case.people}人系数{_plain(people)}"
        f" × 当事人{SATISFACTION_WORDS[case.satisfaction]}系数{_plain(liking)} = {money(product)}元"
    )
    if product < settings.least:
        words += f"，按最低标准{money(total)}元"
    elif product > settings.most:
        words += f"，按最高标准{money(total)}元"
    factors = {"rate": str(rate), "people": str(people), "satisfaction": str(liking), "reward": str(total)}
    return words, factors


def _left(person: MediatorFacts, settings: Settings) -> Decimal | None:
    return None if settings.month_cap is None else max(settings.month_cap - person.drawn, ZERO)


def _percent(part: int, whole: int) -> str:
    return f"{_plain(Decimal(part * 100) / whole)}%" if (part * 100) % whole == 0 else f"{part}/{whole}"


def _plain(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def money(value: Decimal) -> str:
    """«1,500.00»: as every screen and paper of this room writes money."""
    return f"{value.quantize(CENT, ROUND_HALF_UP):,.2f}"


# -- padding --------------------------------------------------------------------------------------------------------------------------------


def suspicions(cases: Sequence[CaseFacts], others: Sequence[CaseFacts], settings: Settings) -> dict[int, str]:
    """Case → why its lines are held until a person clears them: twin dossiers, and too many agreements of one mediator on one day.

    Of twins the later one is held: whichever dispute is real, one reward is owed.
    """
    found: dict[int, list[str]] = {}
    wanted = {case.id for case in cases}
    everything = {case.id: case for case in (*others, *cases)}
    ordered = sorted((case for case in everything.values() if case.agreed_on is not None), key=lambda case: (case.agreed_on, case.id))
    for later, earlier in _near(ordered, settings):
        if later.id in wanted and (why := twin(earlier, later, settings)):
            found.setdefault(later.id, []).append(why)
    days = Counter((who, case.agreed_on) for case in ordered for who, _ in case.parts)
    for case in ordered:
        most = max((days[who, case.agreed_on] for who, _ in case.parts), default=0)
        if case.id in wanted and most > settings.same_day:
            found.setdefault(case.id, []).append(f"同一调解员{case.agreed_on:%m-%d}一天达成{most}件协议，超过{settings.same_day}件")
    return {case_id: "；".join(reasons) for case_id, reasons in found.items()}


def _near(ordered: Sequence[CaseFacts], settings: Settings) -> Iterable[tuple[CaseFacts, CaseFacts]]:
    """Pairs within the days of a twin, the later one first."""
    start = 0
    for index, later in enumerate(ordered):
        assert later.agreed_on is not None  # noqa: S101 (ordered holds dated ones only)
        while (later.agreed_on - (ordered[start].agreed_on or later.agreed_on)) > timedelta(days=settings.twin_days):
            start += 1
        for earlier in ordered[start:index]:
            yield later, earlier


def twin(earlier: CaseFacts, later: CaseFacts, settings: Settings) -> str:
    """Why two dossiers look like one dispute: near-identical text, and the same parties or the same place and type. Nothing if they do not."""
    same_parties = _are_same_people(earlier, later)
    same_place = (earlier.area_id, earlier.type_code) == (later.area_id, later.type_code)
    if not same_parties and not same_place:
        return ""
    like = likeness(earlier.text, later.text)
    if like < settings.likeness:
        return ""
    same = "当事人相同" if same_parties else "地点和类型相同"
    return f"疑似与{earlier.number}是同一纠纷：{same}，{settings.twin_days}天内，案情文字相似{int(like * 100)}%"


def _are_same_people(earlier: CaseFacts, later: CaseFacts) -> bool:
    """The same parties, or two of them: a quarrel has two, and adding a third or leaving the numbers out makes no other one."""
    if earlier.parties and earlier.parties == later.parties:
        return True
    return max(len(earlier.parties & later.parties), len(earlier.names & later.names)) > 1


def likeness(one: str, other: str) -> Decimal:
    """How alike two texts are by their pairs of letters (Dice): 0 nothing, 1 the same."""
    first, second = _pairs(one), _pairs(other)
    if not first and not second:
        return Decimal(1) if one == other and one else Decimal(0)
    both = sum((first & second).values())
    return (Decimal(2 * both) / (first.total() + second.total())).quantize(Decimal("0.0001"))


def _pairs(text: str) -> Counter[str]:
    letters = "".join(letter for letter in text if letter.isalnum())
    return Counter(letters[index : index + 2] for index in range(len(letters) - 1))


# -- stated parts, and who signs --------------------------------------------------------------------------------------------------------------


def equal_parts(mediators: Collection[int]) -> tuple[tuple[int, int], ...]:
    """Parts where none were stated: equal ones; what does not divide goes to the first."""
    each, rest = divmod(WHOLE, len(mediators)) if mediators else (0, 0)
    return tuple((who, each + (1 if index < rest else 0)) for index, who in enumerate(mediators))


def total(lines: Iterable[Line]) -> Decimal:
    """What the sheet pays."""
    return sum((line.amount for line in lines), ZERO)


#: Who makes the sheet, who checks it, who fixes it (three different people); who only reads.
DRAFTERS = frozenset({Role.HANDLER, Role.OFFICE})
CHECKERS = frozenset({Role.HEAD})
FIXERS = frozenset({Role.HEAD, Role.LEADER})
READERS = DRAFTERS | CHECKERS | FIXERS | {Role.AUDITOR, Role.OVERSEER}
