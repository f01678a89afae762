"""Sums of an agreement (MED-10): instalments that add up to the cent, and 大写 that reads back to the same sum."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules import NotAllowed
from mediation.rules.money import LARGEST, capitals, check_sum

CENTS = st.integers(min_value=1, max_value=10**9).map(lambda cents: Decimal(cents) / 100)
SUMS = st.integers(min_value=0, max_value=int(LARGEST * 100)).map(lambda cents: Decimal(cents) / 100)


@given(st.lists(CENTS, min_size=1, max_size=10))
def test_instalments_make_exactly_their_sum(amounts):
    total = sum(amounts, Decimal(0))
    check_sum(amounts, total)
    for wrong in (total + Decimal("0.01"), total - Decimal("0.01")):
        with pytest.raises(NotAllowed):
            check_sum(amounts, wrong)


@given(CENTS)
def test_no_part_of_a_cent_and_nothing_below(amount):
    for wrong in (amount + Decimal("0.001"), Decimal(0), -amount):
        with pytest.raises(NotAllowed):
            check_sum([wrong], wrong)


@given(SUMS)
def test_capitals_read_back(amount):
    assert _read(capitals(amount)) == amount


@given(SUMS)
def test_no_gap_is_doubled(amount):
    assert "零零" not in capitals(amount)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("6500", "陆仟伍佰元整"),
        ("12000", "壹万贰仟元整"),
        ("10005.06", "壹万零伍元零陆分"),
        ("100000", "壹拾万元整"),
        ("1001000", "壹佰万壹仟元整"),
        ("100000001", "壹亿零壹元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("30.05", "叁拾元零伍分"),
    ],
)
def test_as_an_agreement_writes_it(amount, words):
    assert capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001", "1000000000000"])
def test_what_is_no_sum_of_money(amount):
    with pytest.raises(ValueError, match="not a sum"):
        capitals(Decimal(amount))


def _read(words: str) -> Decimal:
    """The sum that the words say, read by another rule than the one that wrote them."""
    yuan, group, digit, cents = 0, 0, 0, 0
    for sign in words:
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(sign) + 1), 0
        elif sign in "万亿":
            yuan, group, digit = yuan + (group + digit) * {"万": 10**4, "亿": 10**8}[sign], 0, 0
        elif sign == "元":
            yuan, group, digit = yuan + group + digit, 0, 0
        elif sign == "角":
            cents, digit = cents + digit * 10, 0
        elif sign == "分":
            cents, digit = cents + digit, 0
    return yuan + Decimal(cents) / 100
