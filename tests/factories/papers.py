"""Every kind of paper a petition leaves, issued by the real acts in the small county on one fixed Monday."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from casework.models import Document
from casework.parties import PartyFacts
from organisations import clock
from petitions import actions
from petitions.actions import advising, annual, hearing, keeping, leading, letters, review, routing, supervision, terms
from petitions.models import Petition
from tests.casework.files import pdf
from tests.factories import petitions, reviews, supervised
from tests.factories import terms as termed
from tests.factories.county import County
from tests.factories.supervised import first

#: A working Monday without a holiday near it.
MONDAY = datetime(2026, 11, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def paper_of(petition: Petition, code: str, name: str = "") -> Document:
    """The newest such paper of the matter."""
    named = {"name": name} if name else {}
    return Document.objects.filter(case=petition.pk, paper=code, **named).latest("pk")


def assigned(county: County) -> Petition:
    """A matter assigned with a report due, answered, delivered and reported."""
    number = petitions.registered(county).case.number
    due = clock.today() + timedelta(days=40)
    actions.route(
        number, mode="LJB", to_unit_id=county.units["land"].id, words="请认真办理。", duty="assign", report_due_on=due, by=county.scope("office")
    )
    by = county.scope("handler")
    actions.sign(number, by=by)
    actions.accept(number, words="已收到。", by=by)
    actions.hear(number, on=clock.today(), officers=["王海涛", "宋涛"], place="村委会", words="陈述院墙越界经过。", by=by)
    actions.investigate(number, on=clock.today(), officers=["王海涛", "宋涛"], place="现场", words="丈量。", evidence="丈量记录", by=by)
    for no in (1, 2):
        actions.answer_point(number, no=no, support="1", result="经丈量确认越界。", ground="民法典第二百三十六条", by=by)
    actions.prepare(number, text="支持您的请求。", outcome="solved", support="1", remedy_unit="招远市人民政府", by=by)
    actions.reply(number, by=county.scope("head"))
    actions.deliver(number, delivery="1", delivered_on=clock.today(), receiver="陈桂兰", proof="送达回证", by=by)
    return actions.report(number, words="已办结，信访人表示认可。", by=by)


def whole_person(county: County) -> dict[str, Any]:
    """What the counter can know of a visitor and the matter (L-PET-34, L-PET-35)."""
    visitor = PartyFacts(
        position="petitioner",
        name="陈桂兰",
        sex="2",
        born_on=date(1949, 12, 31),
        nation="01",
        occupation="01",
        id_type="111",
        id_number="110105194912310002",
        phone="13800132046",
        area_id=county.areas["jiuqu"].id,
        address="12号",
    )
    return {
        "people": [
            visitor,
            replace(visitor, position="agent", name="陈大壮", sex="1", relation="儿子", authority="授权委托书", id_number="", phone=""),
        ],
        "place": "村东头",
        "respondent_name": "王大山",
        "headcount": 2,
        "involved_count": 3,
        "is_oral": True,
        "is_read_back": True,
    }


def registration(county: County) -> Document:
    petition = petitions.registered(county, **whole_person(county))
    keeping.attach(petition.case.number, [pdf("宅基地证.pdf")], label="宅基地使用证复印件", by=county.scope("clerk"))
    letters.issue_form(petition.case.number, by=county.scope("clerk"))
    return paper_of(petition, "P01")


def with_material(county: County, *, duty: str) -> Petition:
    """Sent to the bureau with a file, the village's town assisting."""
    number = petitions.registered(county).case.number
    keeping.attach(number, [pdf("宅基地证.pdf")], label="宅基地使用证复印件", by=county.scope("clerk"))
    return actions.route(
        number,
        mode="LDB",
        to_unit_id=county.units["land"].id,
        words="请认真办理。",
        duty=duty,
        report_due_on=clock.today() + timedelta(days=40) if duty == "assign" else None,
        tasks=[actions.TaskFacts(county.units["fushan"].id, "到场见证丈量", clock.today() + timedelta(days=10))],
        by=county.scope("office"),
    )


def refused(county: County) -> Document:
    petition = petitions.registered(county)
    number = petition.case.number
    words = "你反映的院墙越界问题，招远市自然资源和规划局已于2026年10月20日受理，正在规定期限内办理。"
    remedy = "请等候招远市自然资源和规划局的处理意见；对处理意见不服的，可以自收到之日起30日内申请复查。"
    actions.decline(number, code="A1", words=words, remedy=remedy, by=county.scope("office"))
    return paper_of(actions.approve_decline(number, words="同意。", by=county.scope("centre_head")), "P06")


def refused_for_good(county: County) -> Document:
    earlier = reviews.concluded(county).case.number
    number = petitions.registered(county, repeat_of=earlier, new_facts="无").case.number
    actions.decline(number, code="A2", words="经审查属同一事项。", remedy="有新的事实、理由的可以另行提出。", by=county.scope("office"))
    return paper_of(actions.approve_decline(number, words="同意。", by=county.scope("centre_head")), "P07")


def guided(county: County) -> Document:
    number = petitions.registered(county).case.number
    words = "你反映的是相邻关系民事争议，可以先由人民调解委员会调解。"
    return paper_of(actions.guide(number, routes=["R01", "R06"], answers={}, words=words, by=county.scope("office")), "P09")


def posted(county: County) -> Document:
    """The decision, on its way by registered post."""
    petition = petitions.replied(county)
    paper = paper_of(petition, "P11")
    letters.serve(
        petition.case.number,
        document_id=paper.pk,
        way="4",
        attempted_on=clock.today(),
        posted_on=clock.today(),
        place="阜山镇九曲村12号",
        proof="EMS1234567890123",
        by=county.scope("handler"),
    )
    return paper_of(petition, "P16")


def received(county: County) -> Document:
    petition = petitions.replied(county)
    how: dict[str, Any] = {"receiver_kind": "household", "place": "阜山镇九曲村12号", "proof": "送达回证"}
    actions.deliver(petition.case.number, delivery="1", delivered_on=clock.today(), receiver="陈大壮", by=county.scope("handler"), **how)
    return paper_of(petition, "P16")


def rejected_review(county: County) -> Document:
    number = reviews.review_rejecting(county).case.number
    return paper_of(review.approve_reject_review(number, by=county.scope("review_head")), "P14", "复查不予受理告知书")


def last_word(county: County) -> Document:
    """A 复核 within the county, with a hearing whose days are not counted."""
    with clock.at(clock.now() - timedelta(days=8)):
        number = reviews.rereviewing(county).case.number
        reviews.call(county, number, "review_handler")
    by = county.scope("review_handler")
    minutes = {"attendees": "陈桂兰、阜山镇群众工作站", "minutes": "双方陈述，出示丈量记录。", "conclusion": "原意见认定的四至属实。"}
    hearing.record_hearing(number, is_held=True, by=by, **minutes)
    review.draft_review(number, by=by, **{**reviews.OPINION, "remedy_unit": ""})
    return paper_of(review.decide_review(number, by=county.scope("review_head")), "P15", "复核意见书")


def urged(county: County) -> Document:
    with clock.at(clock.now() - timedelta(days=25)):
        number = petitions.accepted(county).case.number
    supervision.urge(number, words="请抓紧办理", by=county.scope("office"))
    return paper_of(supervision.urge(number, words="请抓紧办理", by=county.scope("office")), "P18")


def advice_answered(county: County) -> Document:
    petition = supervised.advised(county)
    no = first(petition.advices)
    advising.answer_advice(petition.case.number, no=no, is_adopted=True, text="已建立批前现场丈量制度，自下月起执行。", by=county.scope("head"))
    return paper_of(petition, "P20")


def hearing_record(county: County) -> Document:
    number = reviews.hearing_called(county).case.number
    minutes = {"attendees": "陈桂兰、王海涛", "minutes": "双方陈述，出示丈量记录。", "conclusion": "应重新丈量。"}
    return paper_of(hearing.record_hearing(number, is_held=True, is_public=True, by=county.scope("handler"), **minutes), "P22", "听证笔录")


def settled(county: County) -> Document:
    petition = letters.settle(
        petitions.accepted(county, **whole_person(county)).case.number,
        other="王大山，男，住阜山镇九曲村13号",
        facts="双方宅基地相邻，对院墙位置有争议。经丈量，王大山新建院墙越界0.6米。",
        terms="王大山于2027年3月1日前拆除越界院墙\n陈桂兰不再就此事提出其他要求",
        performance="由九曲村村民委员会监督履行。",
        presided_by="王海涛",
        by=county.scope("handler"),
    )
    return paper_of(petition, "P23")


def reception(county: County) -> Document:
    petition = leading.record_reception(
        petitions.accepted(county).case.number,
        leader_id=county.people["leader"].id,
        mode="3",
        on=clock.today(),
        place="九曲村委会",
        opinion="请自然资源局三日内到现场丈量。",
        unit_id=county.units["land"].id,
        due_on=clock.today() + timedelta(days=15),
        by=county.scope("office"),
    )
    return paper_of(petition, "P24")


def sponsorship_ended(county: County) -> Document:
    number = supervised.sponsored(county).case.number
    leading.record_sponsor_work(number, kind="visit", on=clock.today(), words="入户听取意见", by=county.scope("leader"))
    leading.record_sponsor_work(number, kind="warning", on=clock.today(), words="近期可能去市里", by=county.scope("village_cadre"))
    return paper_of(leading.end_sponsorship(number, result="双方签订协议，息诉息访。", by=county.scope("leader")), "P25")


def urgent(county: County) -> Document:
    petition = advising.report_urgent(
        petitions.accepted(county).case.number,
        known_at=clock.now() - timedelta(hours=2, minutes=10),
        phoned_at=clock.now() - timedelta(hours=1, minutes=55),
        happened="11月9日7时50分，镇政府门前",
        batches=1,
        people=32,
        demands="要求支付拆迁款，组织者不详",
        scene="聚集在门前，未堵门",
        measures="已到场疏导，引导派代表座谈",
        phone="0535-8210000",
        recipients="市委、市政府，上一级信访部门",
        by=county.scope("town_handler"),
    )
    return paper_of(petition, "P26")


def year_report(county: County) -> Document:
    petitions.closed(county)
    petitions.routed(county)
    assigned(county)
    supervised.running_supervision(county)
    advice_answered(county)
    return annual.issue(2026, to="县委、县政府", words="全年无越级集体访。", signer="马国强", by=county.scope("office"))


def objection(county: County) -> Document:
    number = petitions.routed(county).case.number
    petition = routing.object_to(
        number, reason="该地块属林业部门管理，不属本单位职权。", suggested_unit_id=county.units["water"].id, by=county.scope("handler")
    )
    return paper_of(petition, "P28")


def resumed(county: County) -> Document:
    now = clock.now()
    with clock.at(now - timedelta(days=20)):
        number = petitions.accepted(county).case.number
    with clock.at(now - timedelta(days=12)):
        terms.suspend(
            number,
            ground="2",
            words="已委托测绘机构鉴定四至。",
            evidence="鉴定委托书",
            expected_until_on=clock.today() + timedelta(days=20),
            by=county.scope("head"),
        )
    return paper_of(terms.resume(number, words="鉴定结论已经作出。", by=county.scope("head")), "P30")


def corrected(county: County) -> Document:
    petition = petitions.replied(county)
    old = paper_of(petition, "P11")
    letters.correct_paper(
        petition.case.number,
        document_id=old.pk,
        changes=[("经丈量确认越界", "经丈量确认越界0.6米")],
        reason="漏写数值",
        by=county.scope("head"),
    )
    return paper_of(petition, "P11")


#: How each paper comes to be, by kind and, where a kind has several forms, by form.
MADE: Mapping[str, Callable[[County], Document]] = {
    "P01": registration,
    "P02": lambda county: paper_of(petitions.investigated(county), "P02"),
    "P03": lambda county: paper_of(with_material(county, duty="forward"), "P03"),
    "P04": lambda county: paper_of(with_material(county, duty="assign"), "P04"),
    "P05": lambda county: paper_of(petitions.accepted(county), "P05"),
    "P06": refused,
    "P07": refused_for_good,
    "P08": lambda county: paper_of(petitions.routed(county), "P08"),
    "P09": guided,
    "P10": lambda county: paper_of(termed.extended(county), "P10"),
    "P11": lambda county: paper_of(petitions.replied(county), "P11"),
    "P11-corrected": corrected,
    "P12": lambda county: paper_of(termed.simply_answered(county), "P12"),
    "P13": lambda county: paper_of(reviews.review_asked(county), "P13"),
    "P13-rereview": lambda county: paper_of(reviews.rereviewing(county), "P13", "复核申请书"),
    "P14": lambda county: paper_of(reviews.reviewing(county), "P14"),
    "P14-rejected": rejected_review,
    "P15": lambda county: paper_of(reviews.review_decided(county), "P15"),
    "P15-changed": lambda county: paper_of(reviews.review_decided(county, conclusion="2", changed_to="退还占用的0.6米宅基地。"), "P15"),
    "P15-revoked": lambda county: paper_of(reviews.review_decided(county, conclusion="3", redo_days=20, remedy_unit=""), "P15"),
    "P15-rereview": last_word,
    "P16": received,
    "P16-posted": posted,
    "P17": lambda county: paper_of(supervised.running_supervision(county), "P17"),
    "P18": urged,
    "P19": lambda county: paper_of(supervised.advised(county), "P19"),
    "P20": advice_answered,
    "P21": lambda county: paper_of(assigned(county), "P21"),
    "P22": lambda county: paper_of(reviews.hearing_called(county), "P22"),
    "P22-record": hearing_record,
    "P23": settled,
    "P24": reception,
    "P25": lambda county: paper_of(supervised.sponsored(county), "P25"),
    "P25-ended": sponsorship_ended,
    "P26": urgent,
    "P27": year_report,
    "P28": objection,
    "P29": lambda county: paper_of(termed.suspended(county), "P29"),
    "P30": resumed,
    "P31": lambda county: paper_of(termed.converted(county), "P31"),
}
