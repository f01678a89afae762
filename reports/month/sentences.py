"""How figures are said: changes, targets, shares, rankings. The words of a report are put together from these and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from reports.queries.figures import Figure


def change(now: int | Decimal | None, then: int | Decimal | None) -> Decimal | None:
    """Per cent by which `now` differs from `then`, one decimal; None where there was nothing."""
    if now is None or not then:
        return None
    return ((Decimal(now) - Decimal(then)) * 100 / Decimal(then)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def changed(figure: Figure, then: Figure) -> Decimal | None:
    """By how much a figure differs from an earlier one: a share by the points between the two shown shares, all else by per cent.

    The one rule of paper, sheet and sentences. None where nothing can be said.
    """
    if figure.measure.is_share:
        return None if figure.value is None or then.value is None else figure.value - then.value
    return change(figure.value, then.value)


def change_text(figure: Figure, then: Figure) -> str:
    """How a table shows a change: +6.2% for counts, +1.8点 for shares, 持平, «—» where nothing can be said."""
    found = changed(figure, then)
    if found is not None and not found:
        return "持平"
    return "—" if found is None else f"{found:+.1f}{'点' if figure.measure.is_share else '%'}"


def grew(figure: Figure, then: Figure, word: str) -> str:
    """同比增长6.2%; 环比持平; 上年同期没有."""
    found = changed(figure, then)
    if figure.measure.is_share:
        if found is None:
            return ""
        return f"{word}持平" if not found else f"{word}{'提高' if found > 0 else '下降'}{abs(found)}个百分点"
    if found is None:
        return f"{word}持平" if figure.value == then.value else f"{word}无法比较（对比期为0）"
    return f"{word}持平" if not found else f"{word}{'增长' if found > 0 else '下降'}{abs(found)}%"


def joined(parts: Sequence[str], sign: str = "，") -> str:
    return sign.join(part for part in parts if part)


def against_target(figure: Figure) -> str:
    """高于目标0.4个百分点, or nothing where there is no target or no value."""
    target = figure.measure.target
    if target is None or figure.value is None:
        return ""
    gap = figure.value - target
    if not gap:
        return f"达到目标（{target}%）"
    return f"{'高于' if gap > 0 else '低于'}目标（{target}%）{abs(gap)}个百分点"


def share_text(figure: Figure) -> str:
    """95.4%（41/43）; without anything to divide by it says so."""
    if figure.value is None:
        return "没有应计的件"
    return f"{figure.text}%（{figure.numerator}/{figure.denominator}）"


def rank_words(rows: Sequence[tuple[str, int]], unit: str = "件", most: int = 3) -> str:
    """城关镇236件、石桥镇131件."""
    return "、".join(f"{name}{number}{unit}" for name, number in rows[:most])
