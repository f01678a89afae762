"""Petitions brought by the real acts to the points at which their limits move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from organisations import clock
from petitions.actions import terms
from petitions.actions.terms import Told
from petitions.models import Petition
from tests.factories import petitions
from tests.factories.county import County

RESULTS = dict.fromkeys((1, 2), ("1", "已经协调邻居拆除越界部分。", "民法典第二百八十八条"))


def told(way: str = "phone", number: str = "13800132046", person: str = "陈桂兰", **changes: Any) -> Told:
    return Told(**{"way": way, "at": clock.now(), "person": person, "number": number, **changes})


def extension_asked(county: County, *, days: int = 30, **changes: Any) -> Petition:
    number = petitions.accepted(county, **changes).case.number
    return terms.ask_extension(number, days=days, reason="需委托测绘鉴定，结论尚未作出。", by=county.scope("handler"))


def extended(county: County, **changes: Any) -> Petition:
    return terms.approve_extension(extension_asked(county, **changes).case.number, words="同意。", by=county.scope("head"))


def suspended(county: County, **changes: Any) -> Petition:
    return terms.suspend(
        petitions.accepted(county, **changes).case.number,
        ground="2",
        words="已委托测绘机构鉴定四至。",
        evidence="鉴定委托书",
        expected_until_on=clock.today() + timedelta(days=20),
        by=county.scope("head"),
    )


def simple(county: County, **changes: Any) -> Petition:
    return terms.accept_simple(
        petitions.signed(county, **changes).case.number,
        ground="1",
        is_supportable=True,
        is_outside_procedures=True,
        words="按简易程序受理，10个工作日内答复。",
        told=told(),
        by=county.scope("handler"),
    )


def simply_answered(county: County, **changes: Any) -> Petition:
    number = simple(county, **changes).case.number
    return terms.answer_simple(number, results=RESULTS, text="已电话答复。", outcome="solved", told=told(), by=county.scope("handler"))


def converted(county: County, **changes: Any) -> Petition:
    return terms.convert(simple(county, **changes).case.number, words="情况较为复杂。", told=told(), by=county.scope("head"))
