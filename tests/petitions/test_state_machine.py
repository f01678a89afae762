"""Whatever people do in whatever order, the house's promises hold (properties; hypothesis walks at random)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import chain
from casework.models import Case, Deadline, Reach
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions, rules
from petitions.actions import advising, ending, hearing, leading, review, supervision, terms
from petitions.models import Feedback, FollowUp, Petition, Reply, Review, Suspension, Task
from petitions.rules.chain import RIGHT_KEY
from tests.factories import petitions, reviews, supervised
from tests.factories import terms as limits_made
from tests.factories.county import PERSONAS, County
from tests.factories.petitions import allowed_acts

pytestmark = pytest.mark.django_db

PEOPLE = [key for key, (_, role, _) in PERSONAS.items() if not role.value.endswith("_admin")]
UNITS = ["land", "labour", "water", "fushan", "xinzhuang"]


def _soon(days: int):
    return clock.today() + timedelta(days=days)


def calls(county: County, number: str, person: str, unit: str) -> dict[str, Callable[[], Any]]:
    """Every act with input that would be right if the act were; `by` and the unit vary."""
    by = county.scope(person)
    unit_id = county.units[unit].id
    task_unit = county.units["water" if unit != "water" else "labour"].id
    base: dict[str, Any] = {"by": by}
    return {
        "route": lambda: actions.route(number, mode="LJB", to_unit_id=unit_id, words="请办理", **base),
        "route_joint": lambda: actions.route(
            number,
            mode="LDB",
            to_unit_id=unit_id,
            words="请牵头",
            tasks=[actions.TaskFacts(task_unit, "配合调查", _soon(5))],
            **base,
        ),
        "answer": lambda: actions.answer(
            number,
            results={1: ("1", "已逐项解答", "条例"), 2: ("1", "已逐项解答", "条例")},
            text="当场答复",
            outcome="explained",
            **base,
        ),
        "propose": lambda: actions.propose(number, leader_id=county.people["leader"].id, words="请批示", **base),
        "instruct": lambda: actions.instruct(number, words="同意", **base),
        "guide": lambda: actions.guide(number, routes=["R06"], answers={}, words="可申请行政复议", **base),
        "decline": lambda: actions.decline(number, code="A9", words="不属职权", remedy="向主管部门提出", **base),
        "approve_decline": lambda: actions.approve_decline(number, **base),
        "reject_decline": lambda: actions.reject_decline(number, words="应受理", **base),
        "sign": lambda: actions.sign(number, **base),
        "object": lambda: actions.object_to(number, reason="不属本单位职权", **base),
        "agree_return": lambda: actions.agree_return(number, words="同意", **base),
        "refuse_return": lambda: actions.refuse_return(number, words="应由你单位办理", **base),
        "coordinate": lambda: actions.coordinate(number, to_unit_id=unit_id, words="裁定", **base),
        "accept": lambda: actions.accept(number, words="受理", **base),
        "designate": lambda: actions.designate(number, person_id=by.user.id, **base),
        "hear": lambda: actions.hear(number, on=clock.today(), officers=["甲某", "乙某"], place="", words="听取", **base),
        "investigate": lambda: actions.investigate(
            number, on=clock.today(), officers=["甲某", "乙某"], place="", words="核实", evidence="笔录", **base
        ),
        "answer_point": lambda: [actions.answer_point(number, no=no, support="1", result="已经办结完毕", ground="有关依据", **base) for no in (1, 2)],
        "prepare": lambda: actions.prepare(number, text="答复", outcome="solved", support="1", remedy_unit="市政府", **base),
        "reply": lambda: actions.reply(number, **base),
        "send_back": lambda: actions.send_back(number, words="补充", **base),
        "deliver": lambda: actions.deliver(number, delivery="1", delivered_on=clock.today(), receiver="本人", proof="回证", **base),
        "report": lambda: actions.report(number, words="已办结", **base),
        "feedback": lambda: actions.feedback(
            number,
            way="phone",
            on=clock.today(),
            words="满意",
            is_reached=True,
            office_rating="0",
            unit_rating="1",
            **base,
        ),
        "close": lambda: actions.close(number, **base),
        "reopen": lambda: actions.reopen(number, reason="不满意", due_on=_soon(10), **base),
        "withdraw": lambda: actions.withdraw(number, words="自愿撤回", **base),
        "void": lambda: actions.void(number, reason="登记错误", **base),
        "note": lambda: actions.note(number, text="电话联系", **base),
        "take_back": lambda: actions.take_back(number, **base),
        "sign_task": lambda: actions.sign_task(number, no=1, **base),
        "report_task": lambda: actions.report_task(number, no=1, result="已配合", **base),
        "confirm_task": lambda: actions.confirm_task(number, no=1, **base),
        "return_task": lambda: actions.return_task(number, no=1, reason="不够", **base),
        **review_calls(county, number, base),
        **terms_calls(number, base),
        **supervision_calls(county, number, unit_id, base),
    }


def review_calls(county: County, number: str, base: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """The acts of the review chain. The terms are kept; what needs days to pass is refused by its own rule."""
    today = clock.today()
    task = FollowUp.objects.filter(petition__case__number=number).order_by("-id").first()
    return {
        "seek_review": lambda: review.seek_review(number, **reviews.REQUEST, **base),
        "enter_review": lambda: review.enter_review(
            number, conclusion="1", outside_number="烟政复核〔2026〕1号", decided_on=today, words="予以维持。", remedy_unit="省人民政府", **base
        ),
        "accept_review": lambda: review.accept_review(number, **base),
        "redirect_review": lambda: review.redirect_review(number, words="不属本机关复查。", organ_id=county.units["fushan"].id, **base),
        "redirect_out": lambda: review.redirect_review(number, words="不属本机关复查。", organ_name="烟台市人民政府", **base),
        "reject_review": lambda: review.reject_review(number, words="不属复查范围。", **base),
        "approve_reject_review": lambda: review.approve_reject_review(number, **base),
        "refuse_reject_review": lambda: review.refuse_reject_review(number, words="应当受理。", **base),
        "draft_review": lambda: review.draft_review(number, **reviews.OPINION, **base),
        "draft_redo": lambda: review.draft_review(number, **{**reviews.OPINION, "conclusion": "3", "redo_days": 10}, **base),
        "decide_review": lambda: review.decide_review(number, **base),
        "return_review": lambda: review.return_review(number, words="补充", **base),
        "deliver_review": lambda: review.deliver_review(number, delivered_on=today, **reviews.RECEIPT, **base),
        "withdraw_review": lambda: review.withdraw_review(number, words="自愿撤回。", **base),
        "call_hearing": lambda: hearing.call_hearing(
            number, held_on=_soon(7), begins_at=time(9, 30), place="听证室", chair="高主持", panel=["甲听证", "乙听证"], attendees="双方", **base
        ),
        "record_hearing": lambda: hearing.record_hearing(number, is_held=False, attendees="", minutes="信访人放弃听证。", conclusion="", **base),
        "conclude": lambda: ending.conclude(number, **base),
        "follow_up": lambda: ending.follow_up(number, unit_id=county.units["jiuqu"].id, text="走访", due_on=_soon(9), **base),
        "finish_follow_up": lambda: ending.finish_follow_up(number, task_id=task.pk if task else 1, result="已走访", **base),
    }


def terms_calls(number: str, base: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """The acts that move a limit."""
    told = limits_made.told()
    suspension = {"ground": "2", "words": "已委托鉴定。", "evidence": "鉴定委托书", "expected_until_on": _soon(20)}
    stated = {"is_supportable": True, "is_outside_procedures": True}
    return {
        "ask_extension": lambda: terms.ask_extension(number, days=10, reason="需等待鉴定结论", **base),
        "approve_extension": lambda: terms.approve_extension(number, **base),
        "refuse_extension": lambda: terms.refuse_extension(number, words="可以按期办结", **base),
        "suspend": lambda: terms.suspend(number, **suspension, **base),
        "set_expected": lambda: terms.set_expected(number, expected_until_on=_soon(33), words="鉴定机构来函推迟。", **base),
        "resume": lambda: terms.resume(number, words="鉴定结论已收到", **base),
        "accept_simple": lambda: terms.accept_simple(number, ground="1", **stated, words="按简易程序受理", told=told, **base),
        "answer_simple": lambda: terms.answer_simple(number, results=limits_made.RESULTS, text="已答复", outcome="solved", told=told, **base),
        "convert": lambda: terms.convert(number, words="情况较为复杂", told=told, **base),
    }


def supervision_calls(county: County, number: str, unit_id: int, base: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """催办, 督办, 批示, 包案 and what the centre says beyond the matter; each about the newest row of its kind."""
    today, leader_id = clock.today(), county.people["leader"].id
    held = Petition.objects.get(case__number=number)
    no = {name: supervised.first(getattr(held, name)) for name in ("supervisions", "instructions", "advices")}
    letter = {"reasons": ["01"], "method": "02", "words": "已超过办理期限仍未答复。"}
    term = {"from_on": today, "until_on": _soon(60)}
    return {
        "urge": lambda: supervision.urge(number, words="请抓紧办理。", **base),
        "propose_supervision": lambda: supervision.propose_supervision(number, **letter, **base),
        "confirm_supervision": lambda: supervision.confirm_supervision(number, no=no["supervisions"], **letter, requirement="依法答复", **base),
        "drop_supervision": lambda: supervision.drop_supervision(number, no=no["supervisions"], words="已经答复，不需督办。", **base),
        "reply_supervision": lambda: supervision.reply_supervision(number, no=no["supervisions"], text="已查明原因。", **base),
        "return_supervision": lambda: supervision.return_supervision(number, no=no["supervisions"], words="没有写明原因。", **base),
        "close_supervision": lambda: supervision.close_supervision(number, no=no["supervisions"], words="问题已经解决。", **base),
        "give_instruction": lambda: leading.give_instruction(number, words="请查清。", unit_id=unit_id, due_on=_soon(7), **base),
        "answer_instruction": lambda: leading.answer_instruction(number, no=no["instructions"], text="已当面答复。", **base),
        "acknowledge_instruction": lambda: leading.acknowledge_instruction(number, no=no["instructions"], **base),
        "record_reception": lambda: leading.record_reception(
            number, leader_id=leader_id, mode="1", on=today, place="接访室", opinion="依法办理。", unit_id=unit_id, due_on=_soon(9), **base
        ),
        "sponsor": lambda: leading.sponsor(number, leader_id=leader_id, undertaking_unit_id=unit_id, plan="邻里调解，落实排水。", **term, **base),
        "record_sponsor_work": lambda: leading.record_sponsor_work(number, kind="visit", on=today, words="走访信访人。", **base),
        "end_sponsorship": lambda: leading.end_sponsorship(number, result="已经化解。", **base),
        "advise": lambda: advising.advise(number, kind="1", unit_id=unit_id, facts="同类纠纷五件。", words="建立丈量制度。", **base),
        "answer_advice": lambda: advising.answer_advice(number, no=no["advices"], is_adopted=True, text="已经采纳。", **base),
        "accompany": lambda: advising.accompany(
            number, kind="with", worker_id=county.people["clerk"].id, on=today, to_organ="市信访局", words="陪同反映。", avoided=True, **base
        ),
        "report_urgent": lambda: advising.report_urgent(
            number,
            known_at=clock.now(),
            happened="镇政府门前",
            people=32,
            demands="支付拆迁款",
            scene="聚集",
            measures="已疏导",
            phone="0535-8210000",
            recipients="市委",
            **base,
        ),
    }


def check_promises(case: Case) -> None:
    case.refresh_from_db()
    assert case.state in set(rules.State)
    assert case.stage == rules.STAGE_OF[case.state]
    assert (case.closed_at is None) == (case.state in rules.OPEN_STATES)
    duties = Deadline.objects.filter(case=case, is_duty=True, met_on=None, dropped_on=None, suspended_on=None)
    nearest = min((d.due_on for d in duties), default=None)
    assert case.due_on == (nearest if case.closed_at is None else None)
    for reach in Reach.objects.filter(case=case):
        assert (reach.state, reach.is_open, reach.unit_id, reach.handler_id) == (
            case.state,
            case.closed_at is None,
            case.unit_id,
            case.handler_id,
        )
        assert reach.due_on == case.due_on or (case.due_on is None and reach.due_on.year == 9999)
    if case.state == rules.State.CLOSED:
        assert Reply.objects.filter(petition=case.pk).exclude(approved_at=None).exists()
        assert Feedback.objects.filter(petition=case.pk, is_reached=True).exists()
        assert not Task.objects.filter(petition=case.pk).exclude(state__in=["confirmed", "cancelled"]).exists()
    assert Suspension.objects.filter(petition=case.pk, resumed_on=None).count() == (case.state == rules.State.SUSPENDED)
    running = Review.objects.filter(petition=case.pk, decided_at=None, rejected_on=None, withdrawn_on=None).count()
    assert running == (case.state in WITH_AN_ORGAN)
    if Petition.objects.get(pk=case.pk).concluded_on:
        assert not Deadline.objects.filter(case=case, key__in=RIGHT_KEY.values(), met_on=None, dropped_on=None).exists()
    assert list(chain.verify_cases()) == []


#: While one of these holds, exactly one request for review is undecided.
WITH_AN_ORGAN = {
    rules.State.REVIEW_ASKED,
    rules.State.REVIEW_OUTSIDE,
    rules.State.REVIEW_REJECTING,
    rules.State.REVIEWING,
    rules.State.REVIEW_SIGNING,
}
#: Where a walk begins: the later ones reach what a walk from the counter hardly would.
STARTS = [
    petitions.registered,
    petitions.registered,
    petitions.delivered,
    reviews.review_asked,
    reviews.reviewing,
    reviews.reviewed,
    reviews.concluded,
    petitions.signed,
    limits_made.extension_asked,
    limits_made.suspended,
    limits_made.simple,
    supervised.proposed_supervision,
    supervised.running_supervision,
    supervised.replied_supervision,
    supervised.under_instruction,
    supervised.sponsored,
    supervised.advised,
]

WALKS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 120), st.sampled_from(UNITS)), min_size=5, max_size=40)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=WALKS, start=st.sampled_from(STARTS))
def test_random_walks_keep_every_promise(county, walk, start):
    case = start(county).case
    codes_of = {"route_joint": "route", "draft_redo": "draft_review", "redirect_out": "redirect_review"}
    for person, pick, unit in walk:
        scope = county.scope(person)
        case.refresh_from_db()
        visible = Case.objects.visible_to(scope).filter(pk=case.pk).exists()
        table = calls(county, case.number, person, unit)
        # Mostly take a lawful step, so that walks go far; every third time anything at all.
        lawful = [code for code in table if codes_of.get(code, code) in allowed_acts(case, scope)]
        options = lawful if lawful and pick % 3 else list(table)
        code = options[pick % len(options)]
        may = codes_of.get(code, code) in allowed_acts(case, scope)
        version = case.version
        try:
            table[code]()
            succeeded = True
        except NotAllowed:
            succeeded = False
        except Petition.DoesNotExist:
            succeeded = False
            assert not visible
        if succeeded:
            assert visible, f"{person} did {code} on a case out of scope"
            assert may, f"{person} did {code} in {case.state} without a button"
        else:
            case.refresh_from_db()
            assert case.version == version, f"a refused {code} changed the case"
        check_promises(case)
