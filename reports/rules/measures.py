"""The dictionary of measures: each number of a screen, a sheet, a paper, the API or a unit's score is defined here, once (opening 11).

A measure says which facts belong to a period (`cohort`), which of them are counted (`counted`) and which of those count as
met (`met`). A plain count has no `met`; a sum has `adds`. Conditions are functions of the moment the figure is true of,
because «overdue» depends on it. Definitions follow L-CLS-30…36 and change only with a new version and its first day: the
former stays in the dictionary, and the days of a period say which one is meant (`in_force`).

Forwarding can never improve a figure: a limit that ran out stays with the unit that let it run out (petitions/queries/facts.py),
the centre is measured by the forwarding that was right, a reopened matter counts against who closed it, a wrong forwarding
against who sent it.
"""

# ruff: noqa: E501 (a definition reads better in one piece)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import F, Q


@dataclass(frozen=True, slots=True)
class Moment:
    """What a figure is true of: the day `on`, and the last day that is wholly over then. They differ on the running day alone:
    a promise whose last day is today is neither kept late nor broken yet."""

    on: date
    over: date


When = Callable[[Moment], Q]


class Sort(StrEnum):
    """What the value is. A share is 0–100 with one decimal; days are a mean."""

    COUNT = "件"
    PEOPLE = "人次"
    SHARE = "%"
    DAYS = "天"


class Better(StrEnum):
    UP = "up"
    DOWN = "down"
    NEITHER = ""


#: First day of the dictionary.
_BEGINNING = date(2026, 1, 1)
#: Cohort of what is counted on a day, not in a period: open that day.
STOCK = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One definition. `answers` is the fact's column of the unit the figure speaks of; `kind` the kind of case it counts.

    `ripens` is the day a promise was kept, where the measure asks whether it was: a case belongs to it once that is decided.
    `stands` marks the family of the reply: its classes and its share are one row of a table and add up, and one of them asks
    the day. So all are read from the same past, as the matters stood on the last day of the period.
    """

    code: str
    name: str
    formula: str
    cites: str
    cohort: str
    counted: When
    sort: Sort = Sort.COUNT
    met: When | None = None
    adds: str = ""
    ripens: str = ""
    stands: bool = False
    exclusions: str = "已作废的登记"
    answers: str = "unit_id"
    kind: str = "petition"
    better: Better = Better.NEITHER
    target: Decimal | None = None
    least: int = 1
    group: str = ""
    version: int = 1
    valid_from: date = _BEGINNING
    valid_until: date | None = None

    @property
    def is_share(self) -> bool:
        return self.met is not None

    @property
    def is_stock(self) -> bool:
        return self.cohort == STOCK

    @property
    def asks_the_day(self) -> bool:
        """Whether the same facts are counted differently on another day (「统计日」): then they are read as they stood on that day."""
        return _asks_the_day(self)

    @property
    def is_as_stood(self) -> bool:
        """Whether a day that is over is told from the facts as they stood on it, and not from those of today."""
        return self.stands or self.asks_the_day

    def belongs(self, at: Moment) -> Q:
        """Which facts of the cohort are counted at a moment: of promises those that were kept by then or whose last day is over.

        The measure's own date has to have come, also where the cases are found by another one (统计口径 by day of
        registration): what is open was not ended, what nobody supervises was not supervised.
        """
        if self.is_stock:
            return self.counted(at)
        found = self.counted(at) & Q(**{f"{self.cohort}__isnull": False})
        if not self.ripens:
            return found
        return found & (Q(**{f"{self.ripens}__lte": at.on}) | Q(**{f"{self.cohort}__lte": at.over}))

    def value(self, numerator: int, denominator: int) -> Decimal | None:
        """What is shown; None where there is nothing to divide by."""
        if self.sort is Sort.SHARE:
            return share(numerator, denominator)
        if self.sort is Sort.DAYS:
            return (Decimal(numerator) / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP) if denominator else None
        return Decimal(numerator)

    def text(self, value: Decimal | None) -> str:
        if value is None:
            return "—"
        return f"{value:,.1f}" if self.sort in {Sort.SHARE, Sort.DAYS} else f"{value:,.0f}"


def share(part: int, whole: int) -> Decimal | None:
    """Percent with one decimal, half up."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


_SOME, _OTHER = Moment(date(2026, 1, 1), date(2026, 1, 1)), Moment(date(2026, 7, 1), date(2026, 7, 1))


@cache
def _asks_the_day(measure: Measure) -> bool:
    met = measure.met
    return measure.counted(_SOME) != measure.counted(_OTHER) or (met is not None and met(_SOME) != met(_OTHER))


def _always(**conditions: object) -> When:
    return lambda at: Q(**conditions)


def _q(condition: Q) -> When:
    return lambda at: condition


def _on_time(done: str, due: str) -> Q:
    return Q(**{f"{done}__lte": F(due)})


def _not_by(done: str, day: date) -> Q:
    return Q(**{done: None}) | Q(**{f"{done}__gt": day})


#: The law's limits of a matter: due day, the day it was met, what it is called.
OF_LAW = (("forward_due_on", "forwarded_on", "转送"), ("accept_due_on", "accepted_on", "受理告知"), ("reply_due_on", "replied_on", "办理答复"))


def _open(at: Moment) -> Q:
    return Q(registered_on__lte=at.on) & _not_by("closed_on", at.on)


def _late(at: Moment) -> Q:
    """A legal limit of the matter had run out on that day and was not met by then."""
    late = Q()
    for due, done, _ in OF_LAW:
        late |= Q(**{f"{due}__lt": at.on}) & _not_by(done, at.on)
    return late


def _due(at: Moment) -> Q:
    """A legal limit of the matter ends on that very day and was not met by then."""
    due_now = Q()
    for due, done, _ in OF_LAW:
        due_now |= Q(**{due: at.on}) & _not_by(done, at.on)
    return due_now


def _near(at: Moment) -> Q:
    """Amber: the next limit is in its warning days and nothing is late (DESIGN: red only once the date has passed)."""
    return Q(warn_on__lte=at.on, due_on__gte=at.on) & ~_late(at)


def _aged(least: int, most: int | None) -> When:
    def condition(at: Moment) -> Q:
        until = date.fromordinal(at.on.toordinal() - least)
        found = _open(at) & Q(received_on__lte=until)
        return found if most is None else found & Q(received_on__gt=date.fromordinal(at.on.toordinal() - most - 1))

    return condition


_FORMS_OF_LAW = Q(form__in=("100", "200", "300"))
#: 初次事项, not one of the courts; found out afterwards to be a repeat it stays a first one.
_FIRST = Q(is_first=True)
_RATED = Q(unit_rating__in=("0", "1", "3"))
_RATED_OFFICE = Q(office_rating__in=("0", "1", "3"))
#: From here on a promise counts once it is decided; before, one whose last day is today counted as broken until it was kept.
_RIPE = date(2026, 11, 1)
_UNDECIDED = "今天到期、还没有完成的，今天不计入，过了今天才算未按期。"

_ROWS = (
    # -- what came in ---------------------------------------------------------------------------------------------------
    Measure("cases", "登记件数", "登记日期在期间内的信访事项件数，一件计一次。", "L-CLS-31", "registered_on", _q(Q()), group="受理情况"),
    Measure(
        "visits",
        "来访批次",
        "登记日期在期间内、信访形式计入“来访”的件数；同一批人来一次计一批。",
        "L-CLS-31",
        "registered_on",
        _always(form="200"),
        group="受理情况",
    ),
    Measure(
        "visitors",
        "来访人次",
        "期间内来访各批次的人数之和；同一天同一地点的同一次来访重复登记并案的，只计一次。",
        "L-CLS-31",
        "registered_on",
        _always(form="200"),
        Sort.PEOPLE,
        adds="heads",
        group="受理情况",
    ),
    Measure(
        "groups",
        "集体访批次",
        "期间内来访中同一诉求5人以上（含5人）的批次。",
        "L-CLS-34",
        "registered_on",
        _always(is_group=True),
        better=Better.DOWN,
        group="受理情况",
    ),
    Measure(
        "group_visitors",
        "集体访人次",
        "集体访各批次的人数之和。",
        "L-CLS-31、L-CLS-34",
        "registered_on",
        _always(is_group=True),
        Sort.PEOPLE,
        adds="heads",
        better=Better.DOWN,
        group="受理情况",
    ),
    Measure(
        "repeat_rate",
        "重复信访率",
        "期间内登记的事项中，同一人（批人）就同一事项再次信访、经认定为重复的件数 ÷ 登记件数。",
        "L-CLS-30、L-CLS-32",
        "registered_on",
        _q(Q()),
        Sort.SHARE,
        met=_always(is_repeat=True),
        better=Better.DOWN,
        group="受理情况",
    ),
    Measure(
        "online_rate",
        "网信占比",
        "期间内登记的事项中，信访形式计入“网信”的件数 ÷ 登记件数。",
        "L-CLS-30",
        "registered_on",
        _q(Q()),
        Sort.SHARE,
        met=_always(form="300"),
        group="受理情况",
    ),
    Measure(
        "higher",
        "到上三级信访件数",
        "期间内登记、来源层级为国家、省、市的事项件数（HALL-19）。",
        "HALL-19",
        "registered_on",
        _always(source__in=("1", "2", "3")),
        better=Better.DOWN,
        group="受理情况",
    ),
    Measure(
        "to_capital",
        "进京信访件数",
        "期间内登记、来源层级为国家的事项件数。",
        "HALL-19",
        "registered_on",
        _always(source="1"),
        better=Better.DOWN,
        group="受理情况",
    ),
    Measure(
        "to_province",
        "赴省信访件数",
        "期间内登记、来源层级为省的事项件数。",
        "HALL-19",
        "registered_on",
        _always(source="2"),
        better=Better.DOWN,
        group="受理情况",
    ),
    Measure(
        "level_skips",
        "越级走访批次",
        "期间内登记、由国家、省、市转来的走访批次；来信、网信不算越级。",
        "L-CLS-33",
        "registered_on",
        _always(is_level_skip=True),
        better=Better.DOWN,
        group="受理情况",
    ),
    Measure(
        "avoided_skips",
        "避免越级走访件数",
        "期间内有陪访、代访记录并注明避免了越级走访的事项件数。",
        "HALL-16、HALL-19",
        "accompanied_on",
        _q(Q()),
        better=Better.UP,
        group="受理情况",
    ),
    # -- acceptance and reply -------------------------------------------------------------------------------------------
    Measure(
        "office_acceptance",
        "信访部门及时受理率",
        "转送（交办、告知）期限（收到信访事项起15日）在期间内届满的初次事项中，在期限内转到有权处理单位、当场答复或者告知不予受理的件数 ÷ 届满件数。国家口径以第一次转送为准；本中心从严：转错被退回的，以转到正确单位那一次为准，退回不重新起算。"
        + _UNDECIDED,
        "L-CLS-30、L-PET-20",
        "forward_due_on",
        _q(_FIRST & _FORMS_OF_LAW),
        Sort.SHARE,
        met=_q(_on_time("forwarded_on", "forward_due_on")),
        ripens="forwarded_on",
        exclusions="已作废的登记、转出前已认定的重复件、涉法涉诉件，来信、来访、网信以外的形式",
        answers="forward_unit_id",
        better=Better.UP,
        target=Decimal(100),
        least=5,
        group="受理和答复",
        version=2,
        valid_from=_RIPE,
    ),
    Measure(
        "unit_acceptance",
        "责任单位及时受理率",
        "到责任单位后15日的受理告知期限在期间内届满的初次事项中，在期限内受理告知（或者答复、告知不予受理）的件数 ÷ 届满件数。期限在本单位手里过了的，转走、退回都不能消除；在期限内提出异议并获同意的，不计入该单位。"
        + _UNDECIDED,
        "L-CLS-30、L-PET-20",
        "accept_due_on",
        _q(_FIRST & _FORMS_OF_LAW),
        Sort.SHARE,
        met=_q(_on_time("accepted_on", "accept_due_on")),
        ripens="accepted_on",
        exclusions="已作废的登记、转出前已认定的重复件、涉法涉诉件，来信、来访、网信以外的形式",
        answers="accept_unit_id",
        better=Better.UP,
        target=Decimal(100),
        least=5,
        group="受理和答复",
        version=2,
        valid_from=_RIPE,
    ),
    Measure(
        "reply_on_time",
        "按期答复率",
        "办理期限在期间内届满的事项中，在期限内作出答复（含不予受理告知、引导告知）的件数 ÷ 届满件数；经批准延期的按延长后的期限，正在中止的不计入。期限在哪个单位手里届满未答，就计在哪个单位。"
        + _UNDECIDED,
        "L-CLS-30、L-PET-21",
        "reply_due_on",
        _q(Q()),
        Sort.SHARE,
        met=_q(_on_time("replied_on", "reply_due_on")),
        ripens="replied_on",
        stands=True,
        answers="reply_unit_id",
        better=Better.UP,
        target=Decimal(95),
        least=5,
        group="受理和答复",
        version=2,
        valid_from=_RIPE,
    ),
    Measure(
        "replied_in_time",
        "已答按期",
        "办理期限在期间内届满、在期限内已答复的件数。",
        "L-CLS-30",
        "reply_due_on",
        _q(_on_time("replied_on", "reply_due_on")),
        stands=True,
        answers="reply_unit_id",
        group="受理和答复",
    ),
    Measure(
        "replied_late",
        "已答超期",
        "办理期限在期间内届满、超过期限在统计日以前才答复的件数。",
        "L-CLS-30",
        "reply_due_on",
        lambda at: Q(replied_on__gt=F("reply_due_on"), replied_on__lte=at.on),
        stands=True,
        answers="reply_unit_id",
        better=Better.DOWN,
        group="受理和答复",
    ),
    Measure(
        "unanswered_running",
        "未答未到期",
        "办理期限在期间内、统计日尚未答复、也还没有到期的件数；最后一天过完才算到期。",
        "L-CLS-30",
        "reply_due_on",
        lambda at: Q(reply_due_on__gt=at.over) & _not_by("replied_on", at.on),
        stands=True,
        answers="reply_unit_id",
        group="受理和答复",
    ),
    Measure(
        "unanswered_late",
        "未答超期",
        "办理期限在期间内届满、统计日仍未答复的件数。",
        "L-CLS-30",
        "reply_due_on",
        lambda at: Q(reply_due_on__lte=at.over) & _not_by("replied_on", at.on),
        stands=True,
        answers="reply_unit_id",
        better=Better.DOWN,
        group="受理和答复",
    ),
    Measure(
        "without_term",
        "未纳入期限",
        "登记日期在期间内、没有起算办理期限的事项件数（当场答复、引导、不予受理、尚未受理等）。",
        "L-CLS-30",
        "registered_on",
        _always(reply_due_on=None),
        stands=True,
        group="受理和答复",
    ),
    # -- what came of it ------------------------------------------------------------------------------------------------
    Measure("closed", "办结件数", "办结日期在期间内的事项件数。", "L-PET-10", "closed_on", _q(Q()), answers="reply_unit_id", group="办结和评价"),
    *(
        Measure(
            f"outcome_{code}",
            name,
            f"期间内办结、结果为“{name}”的件数。四种结果分别统计，不相加（信访人得到的答复不同）。",
            "L-PET-10、opening 20",
            "closed_on",
            _always(outcome=code),
            answers="reply_unit_id",
            group="办结和评价",
        )
        for code, name in (("solved", "已解决"), ("explained", "已解释说明"), ("not_ours", "不属本级"), ("refused", "不予受理"))
    ),
    Measure(
        "once",
        "一次化解率",
        "期间内办结、结果为已解决或已解释说明的事项中，只办理一轮就了结的件数 ÷ 这些事项的件数。重新办理、复查复核改变原意见、同一事项又来信访、第一次答复被评价不满意的，都不算一次化解，计在答复单位。",
        "beyond.md 4",
        "closed_on",
        _q(Q(outcome__in=("solved", "explained"))),
        Sort.SHARE,
        met=_always(is_once=True),
        exclusions="已作废的登记，结果为不属本级、不予受理、撤回的",
        answers="reply_unit_id",
        better=Better.UP,
        target=Decimal(85),
        least=5,
        group="办结和评价",
    ),
    Measure(
        "days",
        "平均办理天数",
        "期间内办结、结果为已解决或已解释说明的事项，从信访日期到最后一次办结日期的日历天数的平均数；不予受理、引导、撤回的不计入，重新办理的算到重新办结。",
        "beyond.md 2",
        "closed_on",
        _q(Q(days__isnull=False, outcome__in=("solved", "explained"))),
        Sort.DAYS,
        exclusions="已作废的登记，结果为不属本级、不予受理、撤回的",
        adds="days",
        answers="reply_unit_id",
        better=Better.DOWN,
        group="办结和评价",
    ),
    Measure(
        "participation",
        "参评率",
        "期间内第一次送达处理意见、可以评价的初次事项中，对信访部门或责任单位作了评价的件数 ÷ 可评价件数。以第一次答复的评价为准，本人网上评价优先于回访记录；未评价的就是未评价，不当作满意。",
        "L-CLS-24、L-CLS-30",
        "delivered_on",
        _always(is_rateable=True),
        Sort.SHARE,
        met=_q(_RATED | _RATED_OFFICE),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="reply_unit_id",
        better=Better.UP,
        group="办结和评价",
    ),
    Measure(
        "satisfaction",
        "群众满意率（责任单位）",
        "期间内第一次送达处理意见的初次事项中，对第一次答复，责任单位被评价“满意”“基本满意”的件数 ÷ 已评价件数。",
        "L-CLS-20、L-CLS-30",
        "delivered_on",
        _q(Q(is_rateable=True) & _RATED),
        Sort.SHARE,
        met=_always(unit_rating__in=("0", "1")),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="reply_unit_id",
        better=Better.UP,
        target=Decimal(90),
        least=5,
        group="办结和评价",
    ),
    Measure(
        "very_satisfied",
        "其中“满意”占比",
        "期间内第一次送达处理意见的初次事项中，责任单位被评价“满意”（不含基本满意）的件数 ÷ 已评价件数。",
        "L-CLS-30",
        "delivered_on",
        _q(Q(is_rateable=True) & _RATED),
        Sort.SHARE,
        met=_always(unit_rating="0"),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="reply_unit_id",
        better=Better.UP,
        least=5,
        group="办结和评价",
    ),
    Measure(
        "office_satisfaction",
        "群众满意率（信访部门）",
        "期间内第一次送达处理意见的初次事项中，对第一次答复，信访部门被评价“满意”“基本满意”的件数 ÷ 已评价件数。",
        "L-CLS-20、L-CLS-30",
        "delivered_on",
        _q(Q(is_rateable=True) & _RATED_OFFICE),
        Sort.SHARE,
        met=_always(office_rating__in=("0", "1")),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="forward_unit_id",
        better=Better.UP,
        target=Decimal(90),
        least=5,
        group="办结和评价",
    ),
    # -- what lies there ------------------------------------------------------------------------------------------------
    Measure("open", "在办件数", "统计日尚未办结的信访事项件数。", "L-CLS-30", STOCK, _open, group="在办"),
    Measure(
        "overdue",
        "超期未结",
        "统计日尚未办结，且转送、受理告知或办理答复的法定期限已过、没有按期完成的件数；期限在前一单位手里过了、到统计日仍未办结的也算。",
        "L-PET-20、L-PET-21",
        STOCK,
        lambda at: _open(at) & _late(at),
        better=Better.DOWN,
        group="在办",
    ),
    Measure(
        "due_today",
        "今日到期",
        "统计日尚未办结，且转送、受理告知或办理答复的法定期限就在统计日当天届满、还没有完成的件数；当天过完仍没有完成的，第二天就是超期。",
        "L-PET-20、L-PET-21",
        STOCK,
        lambda at: _open(at) & _due(at),
        better=Better.DOWN,
        group="在办",
    ),
    Measure(
        "near",
        "临期",
        "统计日尚未办结、没有超期、最近一个期限已进入预警日的件数。",
        "L-PET-25",
        STOCK,
        lambda at: _open(at) & _near(at),
        better=Better.DOWN,
        group="在办",
    ),
    Measure("aged_15", "在办15天以内", "统计日在办、信访日期距统计日0至15天的件数。", "beyond.md 26", STOCK, _aged(0, 15), group="在办"),
    Measure("aged_30", "在办16至30天", "统计日在办、信访日期距统计日16至30天的件数。", "beyond.md 26", STOCK, _aged(16, 30), group="在办"),
    Measure("aged_60", "在办31至60天", "统计日在办、信访日期距统计日31至60天的件数。", "beyond.md 26", STOCK, _aged(31, 60), group="在办"),
    Measure(
        "aged_over",
        "在办60天以上",
        "统计日在办、信访日期距统计日超过60天的件数。",
        "beyond.md 26",
        STOCK,
        _aged(61, None),
        better=Better.DOWN,
        group="在办",
    ),
    # -- supervision, reading, returns ----------------------------------------------------------------------------------
    Measure(
        "supervised", "督办件数", "期间内由信访部门决定督办的事项件数。", "L-PET-90", "supervised_on", _q(Q()), better=Better.DOWN, group="督办和流转"
    ),
    Measure(
        "yellow",
        "黄牌",
        "期间内达到黄牌（最高一级）的事项件数。",
        "beyond.md 3",
        "card_on",
        _always(card_level=2),
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "red",
        "红牌",
        "期间内达到红牌（最高一级）的事项件数。",
        "beyond.md 3",
        "card_on",
        _always(card_level=3),
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "urged",
        "被催办件数",
        "登记日期在期间内、被催办过的事项件数。",
        "beyond.md 10",
        "registered_on",
        _always(urged__gt=0),
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "misrouted",
        "转错退回率",
        "期间内首次转出的事项中，承办单位提出异议并被同意（裁定）退回的件数 ÷ 转出件数；计在首次转出的单位。",
        "L-PET-20、beyond.md 4",
        "sent_on",
        _q(Q()),
        Sort.SHARE,
        met=_always(returned=True),
        answers="sent_unit_id",
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "signed_next_day",
        "次日前签收率",
        "期间内首次转出的事项中，首次转到的单位在转出当天或第二天签收的件数 ÷ 转出件数；计在首次转到的单位。",
        "HALL-14",
        "sent_on",
        _q(Q()),
        Sort.SHARE,
        met=_q(Q(signed_on__lte=F("sent_on") + timedelta(days=1))),
        answers="sign_unit_id",
        better=Better.UP,
        group="督办和流转",
    ),
    # -- disputes -------------------------------------------------------------------------------------------------------
    Measure(
        "disputes",
        "受理调处纠纷",
        "受理日期在期间内的纠纷，每件计一次。",
        "MED-16",
        "accepted_on",
        _q(Q()),
        exclusions="已作废的登记、未受理和不予受理的",
        kind="dispute",
        group="矛盾纠纷",
    ),
    Measure(
        "settled",
        "调解成功",
        "期间内受理的纠纷中，已达成协议的件数，不论协议在哪一天达成。",
        "MED-16",
        "accepted_on",
        _always(result="1", replied_on__isnull=False),
        kind="dispute",
        better=Better.UP,
        group="矛盾纠纷",
    ),
    Measure(
        "settled_rate",
        "调解成功率",
        "调解成功 ÷ 受理调处；还在调解的也在分母里，所以期间越近，成功率越低。",
        "MED-16",
        "accepted_on",
        _q(Q()),
        Sort.SHARE,
        met=_always(result="1", replied_on__isnull=False),
        kind="dispute",
        better=Better.UP,
        target=Decimal(90),
        least=5,
        group="矛盾纠纷",
    ),
    Measure(
        "mediated_on_time",
        "按期调结率",
        "调解期限在期间内届满的纠纷中，在期限内达成协议或终止的件数 ÷ 届满件数。" + _UNDECIDED,
        "MED-2、75号令§33",
        "reply_due_on",
        _q(Q()),
        Sort.SHARE,
        met=_q(_on_time("replied_on", "reply_due_on")),
        ripens="replied_on",
        answers="reply_unit_id",
        kind="dispute",
        better=Better.UP,
        least=5,
        group="矛盾纠纷",
        version=2,
        valid_from=_RIPE,
    ),
    Measure(
        "prevented",
        "防止激化",
        "期间内受理的纠纷中，登记了防止激化及其事实的件数。",
        "MED-16",
        "accepted_on",
        _always(is_prevented=True),
        kind="dispute",
        better=Better.UP,
        group="矛盾纠纷",
    ),
)


def _former(row: Measure, until: date, **changes: Any) -> Measure:
    """A version that is no longer in force: as the one after it, but for what was changed."""
    return replace(row, version=row.version - 1, valid_from=_BEGINNING, valid_until=until, **changes)


#: Former versions. Periods that ended in their days, and what was closed by them, are counted by them.
_FORMER = tuple(_former(row, _RIPE - timedelta(days=1), ripens="", formula=row.formula.removesuffix(_UNDECIDED)) for row in _ROWS if row.ripens)

#: Code → every version, oldest first: without a gap, without an overlap, the last one without an end.
VERSIONS: dict[str, tuple[Measure, ...]] = {
    row.code: tuple(sorted((other for other in (*_FORMER, *_ROWS) if other.code == row.code), key=lambda other: other.valid_from)) for row in _ROWS
}
#: Code → the newest version.
MEASURES: dict[str, Measure] = {code: rows[-1] for code, rows in VERSIONS.items()}
#: Counts of which one is, or nearly is, the sum of the others: who knows all but one of them knows that one too.
ADDING_UP = (
    ("closed", "outcome_solved", "outcome_explained", "outcome_not_ours", "outcome_refused"),
    ("open", "aged_15", "aged_30", "aged_60", "aged_over"),
    ("higher", "to_capital", "to_province"),
)
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(row.group for row in _ROWS))


def in_force(code: str, day: date) -> Measure:
    """The version of a measure in force on a day: of a period, on its last one. Days before the dictionary go by its first version."""
    return next((row for row in reversed(VERSIONS[code]) if row.valid_from <= day), VERSIONS[code][0])


def numbered(code: str, version: int) -> Measure:
    """A version by its number, as a sealed report names it. Raises StopIteration for one there never was."""
    return next(row for row in VERSIONS[code] if row.version == version)


def versions(day: date) -> dict[str, int]:
    """Code → version of each measure in force on a day: what a sealed report names."""
    return {code: in_force(code, day).version for code in VERSIONS}
