"""What a 督办, an instruction, a sponsored case and an urging promise beyond the five questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from casework.models import Case, Deadline, Document, Entry, Notice, SearchText
from casework.queries import home, lists
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import User
from organisations.scope import Scope
from petitions import actions
from petitions.actions import advising, leading, supervision
from petitions.actions.supervision import ClockStanding
from petitions.citizen import person
from petitions.models import Petition, Supervision
from petitions.queries.supervision import due, ledger
from petitions.queries.supervision import home as supervision_home
from petitions.rules import supervision as ladder
from petitions.tasks import propose_supervision
from tests.factories import petitions, supervised
from tests.factories.supervised import first

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def days_on(days: int):
    return clock.at(clock.now() + timedelta(days=days))


# -- 催办 (beyond.md 17) ---------------------------------------------------------------------------------------------------------------------


def test_the_third_urging_reaches_the_leaders_and_every_one_is_counted(county, sign_in):
    number = petitions.accepted(county).case.number
    for _ in range(3):
        supervision.urge(number, words="请抓紧办理。", by=county.scope("office"))
    case = Case.objects.get(number=number)
    assert case.urged == 3
    assert Notice.objects.filter(kind="petition.urge_leader", to_user=county.people["leader"]).count() == 1
    supervision.urge(number, words="请抓紧办理。", by=county.scope("leader"))
    assert Notice.objects.filter(kind="petition.urge_leader").count() == 1
    assert "催办×4" in sign_in("handler").get(f"/petitions/{number}/").content.decode()
    page = sign_in("handler").get("/cases/?status=open&mark=urged").content.decode()
    assert number in page
    assert "催办×4" in page


def test_from_the_third_urging_on_the_case_stands_on_the_leaders_home(county, sign_in):
    """Issue 3 §3: «at 3 to the leader»: what the inbox said once stays in sight, counted as its list counts."""

    def line() -> int | None:
        return next(section for section in home.of(county.scope("leader")).sections if section.label == "多次催办").count

    number = petitions.accepted(county).case.number
    for expected in (0, 0, 1, 1):
        supervision.urge(number, words="请抓紧办理。", by=county.scope("office"))
        assert (line() or 0) == expected
    page = sign_in("leader").get("/cases/?mark=urged_often").content.decode()
    assert number in page
    assert '共 <b class="num">1</b> 件' in page
    assert page.count("催办×4") == 1
    assert "urged_often</span>" not in page


def test_the_person_urges_once_a_day_and_is_told_kindly(county):
    number = petitions.accepted(county).case.number
    supervision.urge_by_citizen(number, words="", by=person.scope())
    with pytest.raises(NotAllowed, match="明天还可以再催") as refusal:
        supervision.urge_by_citizen(number, words="再催", by=person.scope())
    assert refusal.value.code == "urged_today"
    with pytest.raises(NotAllowed):
        supervision.urge(number, words="电话催问", is_citizen=True, by=county.scope("clerk"))
    supervision.urge(number, words="请抓紧。", by=county.scope("office"))
    with days_on(1):
        supervision.urge_by_citizen(number, words="请问到哪一步了", by=person.scope())
    assert Case.objects.get(number=number).urged == 3
    assert Document.objects.filter(case__number=number, paper="P18").count() == 1
    assert Entry.objects.filter(case__number=number, act="petition.urge").first().by_label == "信访人（网上）"


def test_a_protected_case_is_no_news_to_leaders_not_named(county):
    petition = petitions.registered(county, purpose="03")
    for _ in range(3):
        supervision.urge(petition.case.number, words="请抓紧。", by=county.scope("clerk"))
    assert not Notice.objects.filter(kind="petition.urge_leader").exists()
    with pytest.raises(Petition.DoesNotExist):
        supervision.urge_by_citizen(petition.case.number, by=person.scope())


# -- 督办 (L-PET-90…92) ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "rule", "method"),
    [
        (0, "", ""),
        (1, "overdue-1", "03"),
        (6, "overdue-1", "03"),
        (7, "overdue-7", "02"),
        (14, "overdue-7", "02"),
        (15, "overdue-15", "04"),
        (200, "overdue-15", "04"),
    ],
)
def test_l_pet_92_days_over_the_limit(days, rule, method):
    found = ladder.overdue(4711, "办结", days, is_answer=False)
    assert (found.rule, found.method) == (f"{rule}:4711", method) if found else not rule


def test_l_pet_92_dissatisfied_and_repeated():
    assert ladder.dissatisfied(1) is None
    assert ladder.dissatisfied(2).method == ladder.METHOD_LETTER
    assert ladder.repeated(9, 2) is None
    assert ladder.repeated(9, 3).method == ladder.METHOD_TALK


def test_the_clock_climbs_the_ladder_and_proposes_each_fact_once(county):
    """The acceptance runs 20 promised days; the proposals follow from the date, also after the clock stood still."""
    petition = petitions.accepted(county)
    due = Deadline.objects.get(case=petition.pk, key="pet.promised").due_on
    late = {days: datetime.combine(due + timedelta(days=days), datetime.min.time().replace(hour=8), ZONE) for days in (0, 1, 2, 7, 15)}
    seen = []
    for moment in late.values():
        with clock.at(moment):
            propose_supervision()
            propose_supervision()
        seen.append([(row.rule.split(":")[0], row.state) for row in petition.supervisions.order_by("id")])
    assert seen == [
        [],
        [("overdue-1", "proposed")],
        [("overdue-1", "proposed")],
        [("overdue-1", "dropped"), ("overdue-7", "proposed")],
        [("overdue-1", "dropped"), ("overdue-7", "dropped"), ("overdue-15", "proposed")],
    ]
    newest = petition.supervisions.get(state="proposed")
    assert newest.proposed_by == User.objects.get(is_clock=True)
    assert Entry.objects.filter(case=petition.pk).order_by("-no").first().by_label == "系统（按期限规则自动提出）"
    with clock.at(late[15]):
        supervision.drop_supervision(petition.case.number, no=newest.pk, words="正在重大疾病期间，暂不约谈。", by=county.scope("office"))
        propose_supervision()
    assert not petition.supervisions.filter(state="proposed").exists()


def test_after_an_outage_only_the_hardest_rung_is_proposed(county):
    petition = petitions.accepted(county)
    due = Deadline.objects.get(case=petition.pk, key="pet.promised").due_on
    with clock.at(datetime.combine(due + timedelta(days=20), datetime.min.time(), ZONE)):
        propose_supervision()
    assert [row.rule.split(":")[0] for row in petition.supervisions.all()] == ["overdue-15"]


def test_the_second_dissatisfaction_is_proposed_and_a_protected_case_never_is(county):
    petition = petitions.reported(county)
    for _ in range(2):
        actions.feedback(
            petition.case.number,
            way="phone",
            on=clock.today(),
            words="不满意",
            is_reached=True,
            unit_rating="3",
            reason="没有解决",
            by=county.scope("office"),
        )
    petitions.registered(county, purpose="03")
    propose_supervision()
    row = Supervision.objects.get()
    assert (row.petition_id, row.rule, row.method) == (petition.pk, "dissatisfied:2", "02")


def test_the_third_repeat_is_proposed_on_the_newest_case(county):
    root = petitions.routed(county).case.number
    newest = None
    for _ in range(3):
        newest = petitions.routed(county, repeat_of=root, repeat_reason="同一事项")
    propose_supervision()
    row = Supervision.objects.get()
    assert (row.petition_id, row.method) == (newest.pk, "04")


def test_a_case_under_supervision_is_not_closed(county):
    petition = petitions.fed_back(county)
    by = county.scope("office")
    supervision.propose_supervision(petition.case.number, reasons=["05"], method="03", words="处理意见没有落实。", by=by)
    row = petition.supervisions.get()
    supervision.confirm_supervision(
        petition.case.number, no=row.pk, reasons=["05"], method="03", words="没有落实。", requirement="落实处理意见", by=by
    )
    with pytest.raises(NotAllowed, match="正在督办"):
        actions.close(petition.case.number, by=by)
    supervision.close_supervision(petition.case.number, no=row.pk, words="已落实。", by=by)
    assert actions.close(petition.case.number, by=by).case.closed_at is not None


def test_a_second_supervision_takes_the_first_over(county):
    petition = supervised.running_supervision(county, method="03")
    number, by = petition.case.number, county.scope("office")
    supervision.propose_supervision(number, reasons=["02"], method="02", words="网上督办没有反馈。", by=by)
    supervision.confirm_supervision(
        number,
        no=first(petition.supervisions),
        reasons=["02"],
        method="02",
        words="没有反馈。",
        requirement="书面说明",
        due_on=clock.today() + timedelta(days=3),
        by=by,
    )
    assert list(petition.supervisions.order_by("id").values_list("state", flat=True)) == ["closed", "running"]
    running = Deadline.objects.filter(case=petition.pk, key__startswith="pet.supervise", met_on=None, dropped_on=None)
    assert [row.key for row in running] == ["pet.supervise_set"]


def test_only_a_unit_of_the_case_is_supervised_and_only_it_answers(county):
    number = petitions.accepted(county).case.number
    by = county.scope("office")
    for unit in ("labour", "centre"):
        with pytest.raises(NotAllowed):
            supervision.propose_supervision(number, reasons=["01"], method="03", words="拖延。", unit_id=county.units[unit].id, by=by)
    petition = supervised.running_supervision(county)
    with pytest.raises(NotAllowed) as refusal:
        supervision.reply_supervision(petition.case.number, no=first(petition.supervisions), text="代为反馈。", by=county.scope("clerk"))
    assert refusal.value.status == 403


def test_the_clock_is_no_post(county):
    scope = supervision.clock_scope()
    assert isinstance(scope, Scope)
    assert isinstance(scope.standings[0], ClockStanding)
    assert not due.due(clock.today(), 10)


# -- 批示 (L-CLS-43) -------------------------------------------------------------------------------------------------------------------------

SECRET = "务必查清村干部是否优亲厚友"


def test_the_words_of_an_instruction_are_read_by_leader_office_and_the_unit_alone(county, sign_in):
    petition = supervised.under_instruction(county, words=SECRET)
    number = petition.case.number
    for reader in ("leader", "office", "centre_head", "handler", "head"):
        assert SECRET in sign_in(reader).get(f"/petitions/{number}/").content.decode(), reader
    for reader in ("auditor", "clerk", "town_handler", "overseer", "village_cadre"):
        page = sign_in(reader).get(f"/petitions/{number}/").content.decode()
        assert "领导批示" in page, reader
        assert SECRET not in page, reader


def test_the_words_of_an_instruction_are_in_no_history_search_interface_export_or_notice(county, sign_in):
    petition = supervised.under_instruction(county, words=SECRET)
    number = petition.case.number
    leading.answer_instruction(number, no=first(petition.instructions), text=SECRET + "已查", by=county.scope("handler"))
    assert not Entry.objects.filter(text__contains=SECRET).exists()
    assert not SearchText.objects.filter(text__contains=SECRET).exists()
    assert not Notice.objects.filter(text__contains=SECRET).exists()
    for reader in ("auditor", "office", "clerk"):
        token, _ = Token.objects.get_or_create(user=county.people[reader])
        machine = APIClient()
        machine.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        for part in ("", "timeline/"):
            answer = machine.get(f"/api/v1/petitions/{number}/{part}")
            assert answer.status_code == 200
            assert SECRET not in answer.content.decode(), (reader, part)
        row = machine.get(f"/api/v1/petitions/{number}/supervision/").json()["instructions"][0]
        assert (row["is_readable"], row["words"]) == ((True, SECRET) if reader == "office" else (False, ""))
        client = sign_in(reader)
        for address in (
            f"/search/?q={SECRET[:6]}",
            "/petitions/supervision/?book=instruction&status=all",
            "/cases/",
        ):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert SECRET not in answer.content.decode(), (reader, address)
        exported = b"".join(client.get("/petitions/supervision/export/?book=instruction&status=all").streaming_content).decode()
        assert number in exported
        assert SECRET not in exported


def test_an_instruction_asked_for_is_restricted_too(county, sign_in):
    number = petitions.registered(county).case.number
    actions.propose(number, leader_id=county.people["leader"].id, words="请批示。", by=county.scope("office"))
    actions.instruct(number, words=SECRET, by=county.scope("leader"))
    assert not Entry.objects.filter(text__contains=SECRET).exists()
    assert SECRET in sign_in("office").get(f"/petitions/{number}/").content.decode()
    assert SECRET not in sign_in("auditor").get(f"/petitions/{number}/").content.decode()


def test_two_instructions_to_one_unit_run_to_the_nearer_date_first(county):
    petition = supervised.under_instruction(county)
    number, land = petition.case.number, county.units["land"].id
    leading.give_instruction(number, words="另请两日内报告。", unit_id=land, due_on=clock.today() + timedelta(days=2), by=county.scope("leader"))

    def running():
        return [row.due_on for row in Deadline.objects.filter(case=petition.pk, key="pet.instruction", met_on=None, dropped_on=None)]

    assert running() == [clock.today() + timedelta(days=2)]
    leading.answer_instruction(number, no=first(petition.instructions), text="已报告。", by=county.scope("handler"))
    assert running() == [clock.today() + timedelta(days=7)]
    older = petition.instructions.get(replied_at=None)
    leading.answer_instruction(number, no=older.pk, text="已落实。", by=county.scope("head"))
    assert running() == []


def test_the_age_of_an_instruction_stands_on_the_leaders_home(county):
    supervised.under_instruction(county)
    with days_on(3):
        panels = {panel.label: panel for panel in home.of(county.scope("leader")).panels}
        assert panels["我的批示"].rows[0].note.startswith("已 3 天")
        owed = {panel.label: panel for panel in home.of(county.scope("handler")).panels}
        assert owed["须书面反馈"].rows[0].note.startswith("批示")
    assert home.of(county.scope("clerk")).panels == []


def test_only_the_leader_who_gave_it_acknowledges(county):
    petition = supervised.answered_instruction(county)
    county.people["leader2"] = county.people["overseer"]
    with pytest.raises(NotAllowed):
        leading.acknowledge_instruction(petition.case.number, no=first(petition.instructions), by=county.scope("overseer"))


# -- 包案 (HALL-15) --------------------------------------------------------------------------------------------------------------------------


def test_the_three_parties_each_have_their_view_and_their_own_records(county, sign_in):
    petition = supervised.sponsored(county)
    number = petition.case.number
    for reader in ("leader", "handler", "village_cadre"):
        tabs = {tab.code: tab.count for tab in lists.tabs(county.scope(reader))}
        assert tabs["sponsored"] == 1, reader
        assert number in sign_in(reader).get("/cases/?status=open&mark=sponsored").content.decode()
    assert supervision_home.sponsor_leaders([petition.pk]) == {petition.pk: county.people["leader"].id}
    leading.record_sponsor_work(number, kind="visit", on=clock.today(), words="入户走访。", by=county.scope("leader"))
    leading.record_sponsor_work(number, kind="work", on=clock.today(), words="组织丈量。", by=county.scope("handler"))
    with pytest.raises(NotAllowed):
        leading.record_sponsor_work(number, kind="warning", on=clock.today(), words="预警。", by=county.scope("leader"))
    with pytest.raises(NotAllowed):
        leading.record_sponsor_work(number, kind="work", on=clock.today(), words="旁人。", by=county.scope("town_handler"))
    assert list(petition.sponsorships.get().visits.values_list("unit_id", flat=True)) == [None, county.units["land"].id]


def test_a_protected_case_is_neither_sponsored_nor_advised(county):
    number = petitions.registered(county, purpose="03").case.number
    with pytest.raises(NotAllowed):
        leading.sponsor(
            number,
            leader_id=county.people["leader"].id,
            undertaking_unit_id=county.units["land"].id,
            plan="方案",
            from_on=clock.today(),
            until_on=clock.today(),
            by=county.scope("discipline"),
        )


# -- 台账, 督办台 ----------------------------------------------------------------------------------------------------------------------------


def test_the_desk_and_the_ledger_show_what_waits(county, sign_in):
    waiting = supervised.proposed_supervision(county)
    running = supervised.running_supervision(county)
    desk = sign_in("centre_head").get("/petitions/supervision/desk/").content.decode()
    assert f"?act=confirm_supervision&amp;no={first(waiting.supervisions)}#act" in desk
    assert running.case.number not in desk
    with days_on(40):
        assert [len(part.rows) for part in ledger.desk(county.scope("office"))] == [1, 0, 1]
        late = ledger.ledger(county.scope("auditor"), ledger.read({"status": "late"}))
        assert [row.petition_id for row in late] == [running.pk]
    page = sign_in("auditor").get("/petitions/supervision/?status=open&method=02").content.decode()
    assert waiting.case.number in page
    assert running.case.number in page
    assert waiting.case.number not in sign_in("other_handler").get("/petitions/supervision/?status=all").content.decode()
    assert sign_in("handler").get("/petitions/supervision/desk/").status_code == 403
    for book in ledger.BOOKS:
        assert sign_in("office").get(f"/petitions/supervision/?book={book}&status=late&unit=x&since=2026").status_code == 200


def test_hall_16_going_along_counts_as_a_level_not_skipped(county):
    number = petitions.accepted(county).case.number

    for avoided in (True, False):
        advising.accompany(
            number,
            kind="for",
            worker_id=county.people["town_handler"].id,
            on=clock.today(),
            to_organ="烟台市信访局",
            words="代为反映。",
            avoided=avoided,
            by=county.scope("office"),
        )
    found = ledger.level_skips_avoided(county.scope("office"), clock.today(), clock.today())
    assert found == {county.units["fushan"].id: 1}


# -- 领导接访 at the register page -----------------------------------------------------------------------------------------------------------


def _typed(county, **more):
    return {
        "submission": "6f0f4f3e-7f0e-4c7f-8f5e-0c9a5b1c2d3e",
        "channel": "701",
        "received_on": clock.today().isoformat(),
        "headcount": "1",
        "urgency": "0",
        "purpose": "02",
        "topic": "010303",
        "title": "邻居砌墙占用宅基地",
        "story": "反映邻居翻建院墙越界。",
        "area": str(county.areas["jiuqu"].id),
        "handling": "route",
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-name": "陈桂兰",
        "people-0-area": str(county.areas["jiuqu"].id),
        "points-TOTAL_FORMS": "1",
        "points-INITIAL_FORMS": "0",
        "points-0-text": "重新丈量",
        **more,
    }


def test_a_leaders_reception_is_registered_with_its_record(county, sign_in):
    client = sign_in("clerk")
    assert client.post("/petitions/register/", _typed(county)).status_code == 422
    assert not Petition.objects.exists()
    answer = client.post(
        "/petitions/register/",
        _typed(
            county,
            leader=str(county.people["leader"].id),
            reception_mode="3",
            reception_place="九曲村委会",
            opinion="请自然资源局到现场丈量。",
            opinion_unit=str(county.units["land"].id),
            opinion_due_on=(clock.today() + timedelta(days=15)).isoformat(),
        ),
    )
    assert answer.status_code == 302, answer.context["registration"].errors
    petition = Petition.objects.get()
    row = petition.receptions.get()
    assert (row.leader, row.mode, row.place) == (county.people["leader"], "3", "九曲村委会")
    assert petition.instructions.get().unit_id == county.units["land"].id
    assert Document.objects.get(case=petition.pk).paper == "P24"
    assert sign_in("handler").get(f"/petitions/{petition.case.number}/").status_code == 200
