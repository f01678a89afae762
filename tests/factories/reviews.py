"""Petitions brought along the review chain by the real acts: 复查, 复核, hearing, the last word."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from organisations import clock
from petitions.actions import ending, hearing
from petitions.actions import review as actions
from petitions.models import FollowUp, Petition
from tests.factories import petitions
from tests.factories.county import County

UPPER = "烟台市人民政府"
REQUEST = {"request": "请求撤销处理意见，责令退还宅基地。", "grounds": "丈量时没有通知我到场，四至以旧证为准。"}
OPINION: dict[str, Any] = {
    "facts": "经实地复核，原处理意见认定的四至与登记档案一致。",
    "words": "原处理意见事实清楚、依据充分。依据《信访工作条例》第三十五条。",
    "conclusion": "1",
    "remedy_unit": UPPER,
}
RECEIPT = {"delivery": "1", "receiver": "陈桂兰", "proof": "送达回证"}


def review_asked(county: County, **changes: Any) -> Petition:
    return actions.seek_review(petitions.delivered(county, **changes).case.number, by=county.scope("office"), **REQUEST)


def review_asked_of_closed(county: County) -> Petition:
    return actions.seek_review(petitions.closed(county).case.number, by=county.scope("office"), **REQUEST)


def review_rejecting(county: County) -> Petition:
    return actions.reject_review(review_asked(county).case.number, words="请求事项超出原意见的范围。", by=county.scope("review_handler"))


def reviewing(county: County, **changes: Any) -> Petition:
    return actions.accept_review(review_asked(county, **changes).case.number, by=county.scope("review_handler"))


def review_drafted(county: County, **changes: Any) -> Petition:
    return actions.draft_review(reviewing(county).case.number, by=county.scope("review_handler"), **{**OPINION, **changes})


def review_decided(county: County, **changes: Any) -> Petition:
    return actions.decide_review(review_drafted(county, **changes).case.number, by=county.scope("review_head"))


def reviewed(county: County, **changes: Any) -> Petition:
    number = review_decided(county, **changes).case.number
    return actions.deliver_review(number, delivered_on=clock.today(), by=county.scope("review_handler"), **RECEIPT)


def revoked(county: County) -> Petition:
    """The decision was revoked; the unit has to decide anew within ten days."""
    return reviewed(county, conclusion="3", redo_days=10, remedy_unit="")


def outside(county: County) -> Petition:
    """The 复核 lies with a body outside the county."""
    return actions.seek_review(reviewed(county).case.number, by=county.scope("office"), **REQUEST)


def outside_decided(county: County) -> Petition:
    return actions.enter_review(
        outside(county).case.number,
        conclusion="1",
        outside_number="烟政复核〔2026〕15号",
        decided_on=clock.today(),
        words="原处理意见和复查意见事实清楚，予以维持。",
        by=county.scope("office"),
    )


def concluded(county: County) -> Petition:
    number = outside_decided(county).case.number
    return actions.deliver_review(number, delivered_on=clock.today(), by=county.scope("office"), **RECEIPT)


def lapsed(county: County) -> Petition:
    """Closed, and nobody asked for review within the thirty days."""
    with clock.at(clock.now() - timedelta(days=50)):
        return petitions.closed(county)


def rereviewing(county: County) -> Petition:
    """A 复核 within the county: the village's matter went to the town first."""
    number = town_reviewed(county).case.number
    actions.seek_review(number, by=county.scope("office"), **REQUEST)
    return actions.accept_review(number, by=county.scope("review_handler"))


def town_reviewed(county: County) -> Petition:
    """Decided by a room of the village, reviewed by its town."""
    number = petitions.delivered(county).case.number
    actions.seek_review(number, organ_id=county.units["fushan"].id, by=county.scope("office"), **REQUEST)
    actions.accept_review(number, by=county.scope("town_handler"))
    actions.draft_review(number, by=county.scope("town_handler"), **{**OPINION, "remedy_unit": "招远市人民政府"})
    actions.decide_review(number, by=county.scope("town_head"))
    return actions.deliver_review(number, delivered_on=clock.today(), by=county.scope("town_handler"), **RECEIPT)


def hearing_called(county: County, number: str = "", by: str = "handler") -> Petition:
    """Told eight days ago, held yesterday at the earliest."""
    with clock.at(clock.now() - timedelta(days=8)):
        number = number or petitions.accepted(county).case.number
        return call(county, number, by)


def call(county: County, number: str, by: str) -> Petition:
    return hearing.call_hearing(
        number,
        held_on=clock.today() + timedelta(days=7),
        begins_at=time(9, 30),
        place="县中心听证室",
        chair="高主持",
        panel=["甲听证", "乙听证"],
        attendees="陈桂兰、招远市自然资源和规划局",
        by=county.scope(by),
    )


def followed(county: County) -> Petition:
    return ending.follow_up(
        concluded(county).case.number,
        unit_id=county.units["jiuqu"].id,
        text="每月走访一次，帮助申请临时救助。",
        due_on=clock.today() + timedelta(days=30),
        by=county.scope("office"),
    )


def open_follow_up(petition: Petition) -> FollowUp:
    return FollowUp.objects.filter(petition=petition, done_on=None).latest("id")
