"""Sums of an agreement: exact to the cent, instalments that add up, and how a sum is written so that nobody alters it (大写)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from casework.rules import NotAllowed

CENT = Decimal("0.01")
#: What fourteen digits with two decimals hold.
LARGEST = Decimal("999999999999.99")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def check_sum(amounts: Iterable[Decimal], total: Decimal) -> None:
    """The items must make the stated total, to the cent (MED-10). Raises NotAllowed."""
    found = list(amounts)
    if any(amount <= 0 or amount != amount.quantize(CENT) for amount in found):
        raise NotAllowed("金额须大于 0，最多写到分。", code="not_cents", status=422)
    made = sum(found, Decimal(0))
    if made != total:
        raise NotAllowed(f"各项金额相加是 {made:.2f} 元，与写明的合计 {total:.2f} 元不一致，请核对。", code="sum", status=422)


def capitals(amount: Decimal) -> str:
    """«壹万贰仟元整», «叁拾元零伍分»: a sum of money as it stands in an agreement. Zero or more, at most `LARGEST`.

    Raises ValueError for a negative sum, one with parts of a cent, and one too large.
    """
    if not 0 <= amount <= LARGEST or amount != amount.quantize(CENT):
        raise ValueError(f"not a sum of money: {amount}")
    yuan, cents = divmod(int(amount * 100), 100)
    words = f"{_yuan(yuan)}元" if yuan else ""
    jiao, fen = divmod(cents, 10)
    if not cents:
        return f"{words or '零元'}整"
    # A gap before the cents is read out, so that no digit can be put into it.
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif words:
        words += "零"
    return words + (f"{_DIGITS[fen]}分" if fen else "整")


def _yuan(yuan: int) -> str:
    """Groups of four digits from the highest: each gap, within a group or between two, is one 零."""
    groups = []
    while yuan:
        yuan, rest = divmod(yuan, 10_000)
        groups.append(rest)
    words, has_gap = "", False
    for no in range(len(groups) - 1, -1, -1):
        group = groups[no]
        if not group:
            has_gap = bool(words)
            continue
        if words and (has_gap or group < 1000):
            words += "零"
        words += _group(group) + _GROUPS[no]
        has_gap = False
    return words


def _group(group: int) -> str:
    words, has_gap = "", False
    for no in range(3, -1, -1):
        digit = group // 10**no % 10
        if digit:
            words += ("零" if has_gap else "") + _DIGITS[digit] + _PLACES[no]
            has_gap = False
        else:
            has_gap = bool(words)
    return words
