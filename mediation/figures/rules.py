"""What each figure means, in words everybody can check, and how shares are rounded (MED-16). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure: its name, what is counted, and of which cases."""

    code: str
    label: str
    words: str
    is_share: bool = False


DEFINITIONS: dict[str, Definition] = {
    row.code: row
    for row in (
        Definition("handled", "受理调处", "受理日期在所选期间内的纠纷，每件计一次；已作废的登记、未受理和不予受理的不计。"),
        Definition("agreed", "调解成功", "所选期间内受理的纠纷中，截至查看时已达成协议（调解结果为“调解成功”）的件数，不论协议在哪一天达成。"),
        Definition(
            "success_rate",
            "成功率",
            "调解成功 ÷ 受理调处，四舍五入到0.1%。还在调解的也在分母里，所以期间越近，成功率越低。",
            is_share=True,
        ),
        Definition("prevented", "防止激化", "所选期间内受理的纠纷中，登记了“防止激化”（自杀、刑事案件、群体性械斗、群体性上访）及其事实的件数。"),
        Definition("petitions_prevented", "其中防止上访", "防止激化的纠纷中，登记为“防止群体性上访”的件数。"),
    )
}

#: The documents' own figures and how their shares come about.
ROUNDING = (
    "鄂托克前旗受理1,062件、化解993件，为93.5%。聊城受理8,505件、化解8,279件，8,279÷8,505＝97.34%，本系统写97.3%；"
    "材料上的98%是不足1%按1%进位的写法，四舍五入到整数应为97%。招远调处752件、防止激化104件。"
)

#: What the figures can be split by.
SPLITS = {"town": "乡镇（街道）", "type": "纠纷类型", "body": "调处组织", "way": "化解方式", "result": "调解结果", "month": "受理月份"}


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Result:
    """A figure of some cases: how many, of how many (nothing for a plain count), and which."""

    numerator: int
    denominator: int | None
    case_ids: tuple[int, ...]

    @property
    def percent(self) -> Decimal | None:
        return None if self.denominator is None else percent(self.numerator, self.denominator)


def percent(part: int, whole: int) -> Decimal | None:
    """The share in per cent to one place, half up; nothing of nothing."""
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def rounded_up(part: int, whole: int) -> int | None:
    """The share as the documents write it: every begun per cent counts as one (8,279 of 8,505 → 98)."""
    return int((Decimal(part * 100) / whole).to_integral_value(ROUND_CEILING)) if whole else None
