"""The rooms beside the cases by machine: corps, pay and the online room's desk. The same acts, within the scope, once for their key."""

from __future__ import annotations

import base64
import io
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from mediation.chamber import queries
from mediation.models import (
    Activity,
    Appointment,
    Booking,
    Conversation,
    CorpsRules,
    Duty,
    Invited,
    Mediator,
    PayLine,
    PaySheet,
    PayStop,
    Seat,
    Training,
)
from organisations import clock
from organisations.problems import MEDIA_TYPE
from tests.factories import disputes_chamber as chamber
from tests.factories import disputes_corps as corps
from tests.factories import disputes_pay as pay
from tests.factories.county import County

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


class Machine:
    """Somebody's token, sending JSON; each write with a key of its own unless one is given."""

    def __init__(self, county: County, person: str) -> None:
        self.client = APIClient()
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=county.people[person])[0].key}")

    def get(self, path: str, **asked: Any) -> Any:
        answer = self.client.get(f"{V1}/{path}", asked)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def status(self, path: str) -> int:
        return self.client.get(f"{V1}/{path}").status_code

    def post(self, path: str, sent: Any = None, *, expect: int = 200, key: str = "") -> Any:
        answer = self.client.post(f"{V1}/{path}", sent or {}, format="json", headers={"Idempotency-Key": key or uuid.uuid4().hex})
        assert answer.status_code == expect, answer.content.decode()
        if expect >= 400:
            assert answer.headers["Content-Type"] == MEDIA_TYPE
        return answer.json()


def day(days: int = 0) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def facts(county: County, **changes: Any) -> dict[str, Any]:
    known = {"name": "陈德福", "sex": "1", "kind": "peoples", "unit_id": county.units["jiuqu"].id, "born_year": 1968, "phone": "13700135120"}
    return {**known, **changes}


def term(**changes: Any) -> dict[str, Any]:
    return {"way": "elected", "from_on": day(-200), "decided_by": "九曲村村民会议", **changes}


# -- corps --------------------------------------------------------------------------------------------------------------------------------------


def test_a_person_is_taken_in_once_for_the_key_renewed_graded_and_ended(county):
    keeper = Machine(county, "town_handler")
    sent = {"facts": facts(county), "term": term(), "grade": ""}
    first = keeper.post("corps/people/", sent, expect=201, key="corps-0001")
    assert keeper.post("corps/people/", sent, expect=201, key="corps-0001") == first
    assert Mediator.objects.count() == 1
    assert (first["person"]["phone_masked"], "13700135120" in str(first)) == ("137****5120", False)
    assert set(first["allowed_acts"]) == {"amend", "renew", "promote", "grade", "end", "consent"}
    pk = first["id"]
    keeper.post(f"corps/people/{pk}/renew/", {"term": term(from_on=day())})
    keeper.post(f"corps/people/{pk}/grade/", {"grade": "3", "on": day(), "decided_by": "县司法局", "words": "年度评定"})
    keeper.post(f"corps/people/{pk}/consent/", {"hours": "周一上午"})
    moved = keeper.post(f"corps/people/{pk}/amend/", {"facts": facts(county, unit_id=county.units["fushan"].id), "words": "换单位"}, expect=422)
    assert moved["code"] == "unit"
    ended = keeper.post(f"corps/people/{pk}/end/", {"on": day(), "reason": "resigned", "words": "外出务工"})
    assert [row["kind"] for row in ended["career"]].count("end") == 1
    assert keeper.post(f"corps/people/{pk}/end/", {"on": day(), "reason": "resigned", "words": "再离"}, expect=409)["code"] == "ended"
    assert Appointment.objects.filter(mediator=pk, ended_on=None).count() == 0


@pytest.mark.parametrize(("person", "seen"), [("village_cadre", 1), ("town_handler", 1), ("handler", 0)])
def test_lists_of_the_corps_hold_to_the_scope(county, person, seen):
    made = corps.member(county)
    machine = Machine(county, person)
    assert len(machine.get("corps/people/")["results"]) == seen
    assert machine.status(f"corps/people/{made.pk}/") == (200 if seen else 404)
    assert bool(machine.get("corps/gaps/")["results"]) == bool(seen)
    machine.post(f"corps/people/{made.pk}/withdraw/", expect=409 if seen else 404)


@pytest.mark.parametrize("person", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_is_refused_like_on_the_pages(county, person):
    """L-SEC-4: 403 with the page's own sentence, not an empty list; the corps' norms are the system's own settings."""
    member, machine = corps.member(county), Machine(county, person)
    rooms = ("people", "gaps", "households", "training", "learners", "duties", "fulfilment", "activities")
    paths = [*(f"corps/{name}/" for name in rooms), f"corps/people/{member.pk}/"]
    paths += ["pay/sheets/", "pay/own/", "pay/stops/", "pay/assessments/", "pay/rules/", "room/conversations/", "room/appointments/", "room/hosts/"]
    for path in [*paths, "screening/rounds/"]:
        answer = machine.client.get(f"{V1}/{path}")
        assert (answer.status_code, answer.json()["detail"]) == (403, "您的岗位管理系统本身，看不到信访件。"), path
    machine.post(f"corps/people/{member.pk}/withdraw/", expect=403)
    assert machine.status("corps/norms/") == 200


def test_pages_follow_each_other_without_a_gap(county):
    for n in range(5):
        corps.member(county, f"陈德{'福禄寿喜财'[n]}")
    machine = Machine(county, "town_handler")
    first = machine.get("corps/people/", limit=2)
    second = machine.get("corps/people/", limit=2, cursor=first["next"])
    third = machine.get("corps/people/", limit=2, cursor=second["next"])
    assert [len(page["results"]) for page in (first, second, third)] == [2, 2, 1]
    assert third["next"] is None
    assert len({row["id"] for page in (first, second, third) for row in page["results"]}) == 5
    assert len(machine.get("corps/people/", limit="0")["results"]) == 1
    assert len(machine.get("corps/people/", limit="x", cursor="-3")["results"]) == 5


def test_what_is_missing_or_wrong_is_said_with_the_field(county):
    machine = Machine(county, "town_handler")
    answer = machine.post("corps/people/", {"facts": facts(county, area_id=2**30, id_number="370685199001011234")}, expect=422)
    assert set(answer["errors"]) == {"facts", "term"}
    assert set(answer["errors"]["facts"]) == {"area_id", "id_number"}
    without = machine.client.post(f"{V1}/corps/households/", {"area_id": county.areas["jiuqu"].id, "n": 301, "on": day()}, format="json")
    assert (without.status_code, without.json()["code"]) == (422, "idempotency_key")
    late = machine.post("corps/people/", {"facts": facts(county), "term": term(from_on="9999-01-01")}, expect=422)
    assert set(late["errors"]["term"]) == {"from_on"}


def test_committee_seats_and_households(county):
    person, keeper, unit = corps.member(county), Machine(county, "village_cadre"), county.units["jiuqu"].id
    assert keeper.get(f"corps/committees/{unit}/")["faults"] == ["未设立"]
    keeper.post(f"corps/committees/{unit}/", {"name": "九曲村人民调解委员会", "on": day()}, expect=201)
    keeper.post(f"corps/committees/{unit}/", {"name": "再设", "on": day()}, expect=422)
    board = keeper.post(f"corps/committees/{unit}/seats/", {"mediator_id": person.pk, "post": "chair", "on": day()})
    seat = board["seats"][0]["id"]
    outsider = Machine(county, "other_handler")
    outsider.post(f"corps/seats/{seat}/end/", {"on": day()}, expect=404)
    outsider.post(f"corps/committees/{unit}/", {"name": "别人", "on": day()}, expect=404)
    assert keeper.post(f"corps/seats/{seat}/end/", {"on": day()})["seats"] == []
    assert Seat.objects.get(pk=seat).until_on == clock.today()
    area = county.areas["jiuqu"].id
    keeper.post("corps/households/", {"area_id": area, "n": 301, "on": day()}, expect=201)
    outsider.post("corps/households/", {"area_id": area, "n": 5, "on": day()}, expect=403)
    place = next(row for row in keeper.get("corps/gaps/")["results"] if row["unit_id"] == unit)
    assert (place["households"], place["needed"], place["present"], place["missing"]) == (301, 2, 1, 1)
    assert [row["n"] for row in keeper.get("corps/households/")["results"]] == [301]


def test_training_counts_for_who_came_and_is_the_keeper_s(county):
    person = corps.member(county)
    lesson = {"kind": "course", "name": "调解法", "on": day(), "days": "1.5", "place": "镇会议室", "unit_id": county.units["fushan"].id}
    sent = {**lesson, "attended": [{"mediator_id": person.pk, "days": "1.0"}]}
    Machine(county, "auditor").post("corps/training/", sent, expect=403)
    keeper = Machine(county, "town_handler")
    made = keeper.post("corps/training/", sent, expect=201)
    assert (made["came"], Training.objects.count()) == (1, 1)
    keeper.post("corps/training/", {**sent, "attended": [{"mediator_id": person.pk, "days": "2.0"}]}, expect=422)
    row = next(row for row in keeper.get("corps/learners/")["results"] if row["mediator_id"] == person.pk)
    assert (row["days"], row["short_by"]) == ("1.0", "3.0")


def picture() -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


def test_a_duty_in_and_out_with_a_photo_and_no_position_without_consent(county):
    person = corps.worthy(county)
    Mediator.objects.filter(pk=person.pk).update(user=county.people["mediator"])
    own = Machine(county, "mediator")
    sent = {"mediator_id": person.pk, "kind": "publicity", "place": "村委会", "photo": picture()}
    here = {"latitude": "37.36", "longitude": "120.41", "accuracy": 15}
    own.post("corps/duties/", {**sent, "position": here}, expect=403)
    made = own.post("corps/duties/", sent, expect=201)
    assert (made["has_photo"], made["left_at"], made["is_for_another"]) == (True, None, False)
    own.post("corps/duties/", {**sent, "photo": "不是照片"}, expect=422)
    assert own.post(f"corps/duties/{made['id']}/leave/", {"words": "发了传单"})["left_at"]
    own.post(f"corps/duties/{made['id']}/leave/", expect=409)
    assert own.get("corps/fulfilment/")["results"][0]["mediator_id"] == person.pk
    Machine(county, "other_handler").post(f"corps/duties/{made['id']}/void/", {"reason": "错了"}, expect=404)
    own.post(f"corps/duties/{made['id']}/void/", {"reason": "填错了"})
    assert Duty.objects.get().voided_at is not None
    assert own.get("corps/duties/", mediator_id=person.pk)["results"][0]["void_reason"] == "填错了"


def test_joint_activities_and_the_county_s_norms(county):
    keeper = Machine(county, "town_handler")
    sent = {
        "kind": Activity.Kind.values[0],
        "unit_id": county.units["fushan"].id,
        "on": day(),
        "place": "法庭",
        "partner": "玲珑法庭",
        "participants": "全体调解员",
        "outcome": "旁听一件",
    }
    made = keeper.post("corps/activities/", sent, expect=201)
    assert [row["id"] for row in keeper.get("corps/activities/")["results"]] == [made["id"]]
    assert Machine(county, "other_handler").get("corps/activities/")["results"] == []
    shipped = CorpsRules(valid_from=clock.today())
    names = [name for name in _NORMS if name != "training_days"]
    norms = {**{name: getattr(shipped, name) for name in names}, "training_days": "5.0", "valid_from": day(1), "reason": "县里规定"}
    keeper.post("corps/norms/", norms, expect=403)
    admin = Machine(county, "system_admin")
    assert admin.post("corps/norms/", norms, expect=201)["training_days"] == "5.0"
    admin.post("corps/norms/", norms, expect=422)
    assert admin.post("corps/norms/", {**norms, "valid_from": day(2), "committee_least": 10}, expect=422)["code"] == "range"


_NORMS = (
    *("small_village", "small_village_people", "large_village_people", "area_station_people", "town_people", "committee_least", "committee_most"),
    *("term_years", "training_days", "keeps_duties", "takes_positions"),
)


# -- pay ----------------------------------------------------------------------------------------------------------------------------------------


def test_a_sheet_by_three_machines_says_what_the_rows_say_to_the_cent(county):
    people = [pay.mediator(county, "田和"), pay.mediator(county, "陈福")]
    over = clock.today().replace(day=1) - timedelta(days=1)
    pay.archived(county, *people, on=over)
    drafter, checker, fixer = (Machine(county, who) for who in ("town_handler", "town_head", "centre_head"))
    sent = {"unit_id": county.units["fushan"].id, "month": over.replace(day=1).isoformat()}
    checker.post("pay/sheets/", sent, expect=403)
    sheet = drafter.post("pay/sheets/", sent, expect=201)
    pk = sheet["id"]
    assert "check" not in sheet["allowed_acts"]
    drafter.post(f"pay/sheets/{pk}/check/", expect=403)
    assert checker.post(f"pay/sheets/{pk}/check/")["state"] == "checked"
    checker.post(f"pay/sheets/{pk}/fix/", expect=403)
    assert fixer.post(f"pay/sheets/{pk}/give-back/", {"words": "核对人数"})["returned_words"] == "核对人数"
    checker.post(f"pay/sheets/{pk}/check/")
    fixed = fixer.post(f"pay/sheets/{pk}/fix/", key="fix-000001")
    assert fixer.post(f"pay/sheets/{pk}/fix/", key="fix-000001") == fixed
    fixer.post(f"pay/sheets/{pk}/fix/", expect=409)
    lines = drafter.get(f"pay/sheets/{pk}/lines/")["results"]
    assert sum(Decimal(line["amount"]) for line in lines) == Decimal(fixed["total"]) == PaySheet.objects.get().total
    assert sum(Decimal(row["total"]) for row in fixed["people"]) == Decimal(fixed["total"])
    assert all(line["words"] for line in lines)
    assert {line["id"] for line in lines} == set(PayLine.objects.values_list("pk", flat=True))
    for stranger in ("other_handler", "handler"):
        machine = Machine(county, stranger)
        assert (machine.get("pay/sheets/")["results"], machine.status(f"pay/sheets/{pk}/lines/")) == ([], 404)


def test_a_case_s_parts_suspicion_and_who_may_not_touch_them(county):
    people = [pay.mediator(county, "田和"), pay.mediator(county, "陈福")]
    far = pay.mediator(county, "外镇人", unit="xinzhuang")
    dispute = pay.archived(county, *people, on=clock.today().replace(day=1))
    number, keeper = dispute.case.number, Machine(county, "town_handler")
    parts = [{"mediator_id": people[0].pk, "part": 70}, {"mediator_id": people[1].pk, "part": 30}]
    assert [row["part"] for row in keeper.post(f"pay/cases/{number}/parts/", {"parts": parts})["parts"]] == [70, 30]
    assert keeper.post(f"pay/cases/{number}/parts/", {"parts": parts[:1]}, expect=422)["code"] == "parts_do_not_add_up"
    keeper.post(f"pay/cases/{number}/parts/", {"parts": [*parts, parts[0]]}, expect=422)
    stranger = [{"mediator_id": far.pk, "part": 100}]
    assert keeper.post(f"pay/cases/{number}/parts/", {"parts": stranger}, expect=422)["code"] == "not_a_mediator"
    keeper.post(f"pay/cases/{number}/clear/", {"verdict": "pay", "words": "核实"}, expect=403)
    decided = Machine(county, "town_head").post(f"pay/cases/{number}/clear/", {"verdict": "refuse", "words": "同一件"})
    assert (decided["verdict"], decided["verdict_words"]) == ("refuse", "同一件")
    assert Machine(county, "other_handler").status(f"pay/cases/{number}/") == 404


def test_a_failed_year_withholds_and_is_released(county):
    person = pay.mediator(county, "田和")
    head = Machine(county, "town_head")
    failed = {"mediator_id": person.pk, "year": clock.today().year - 1, "verdict": "failed", "words": "全年未办案"}
    assert head.post("pay/assessments/", failed, expect=422)["code"] == "from_needed"
    head.post("pay/assessments/", {**failed, "from_on": day()}, expect=201)
    stop = head.get("pay/stops/")["results"][0]
    Machine(county, "other_handler").post(f"pay/stops/{stop['id']}/release/", {"decision": "back", "words": "x" * 5}, expect=404)
    assert head.post(f"pay/stops/{stop['id']}/release/", {"decision": "back", "words": "补考合格"})["release"] == "back"
    assert PayStop.objects.get().released_on == clock.today()


def test_new_rules_of_pay_are_the_county_s(county):
    rules = {
        "valid_from": "2027-01-01",
        "reason": "县财政局文",
        "kinds": ["peoples"],
        "least": "50",
        "most": "400",
        "month_cap": None,
        "subsidies": {"1": "1800", "2": "1700", "3": "1600", "4": "1500", "none": "1500"},
        "rates": {"1": "50", "2": "120", "3": "200", "4": "300"},
        "people": [{"least": 1, "factor": "1"}, {"least": 3, "factor": "1.2"}, {"least": 10, "factor": "1.5"}],
        "is_oral_paid": True,
        "satisfaction": {"1": "1", "2": "0.9", "9": "0.8", "3": "0.6"},
        "twin_days": 30,
        "likeness": "0.85",
        "same_day": 3,
    }
    Machine(county, "town_head").post("pay/rules/", rules, expect=403)
    centre = Machine(county, "centre_head")
    assert centre.post("pay/rules/", rules, expect=201)["subsidies"][""] == "1500.00"
    wrong = [{"least": 2, "factor": "1"}, *rules["people"][1:]]
    centre.post("pay/rules/", {**rules, "valid_from": "2027-02-01", "people": wrong}, expect=422)


# -- the online room ------------------------------------------------------------------------------------------------------------------------------


def test_the_desk_takes_answers_offers_and_closes(county):
    person = chamber.shown(county)
    row, _ = chamber.asked(county, person)
    own, stranger = Machine(county, "mediator"), Machine(county, "other_handler")
    assert [found["number"] for found in own.get("room/conversations/", show="waiting")["results"]] == [row.number]
    assert stranger.get("room/conversations/")["results"] == []
    for act, sent in (("take", {}), ("close", {"words": "不属于我们"})):
        stranger.post(f"room/conversations/{row.number}/{act}/", sent, expect=404)
    own.post(f"room/conversations/{row.number}/take/")
    own.post(f"room/conversations/{row.number}/take/", expect=409)
    said = own.post(f"room/conversations/{row.number}/answer/", {"text": "明天上午到村委会谈", "key": str(uuid.uuid4())})
    assert said["messages"][-1]["text"] == "明天上午到村委会谈"
    assert "13800132046" not in str(said)
    moment = chamber.first_slots(person)[0]
    offered = own.post(f"room/conversations/{row.number}/offer/", {"mediator_id": person.pk, "starts_at": moment.isoformat()})
    assert offered["booking"]["state"] == "offered"
    assert [found["conversation"] for found in own.get("room/appointments/")["results"]] == [row.number]
    own.post(f"room/conversations/{row.number}/meeting/", {"state": "kept"}, expect=409)
    own.post(f"room/conversations/{row.number}/close/", {"words": "短"}, expect=422)
    assert own.post(f"room/conversations/{row.number}/close/", {"words": "双方已经谈妥"})["conversation"]["state"] == "closed"
    own.post(f"room/conversations/{row.number}/take/", expect=409)


def test_every_agreed_hour_is_listed_page_after_page(county):
    """More than a screen shows: the list for machines is not cut before it is paged."""
    row, _ = chamber.asked(county, chamber.shown(county))
    host = row.invited.get().mediator
    asked = [
        Conversation.objects.create(
            **{
                field.attname: getattr(row, field.attname)
                for field in Conversation._meta.concrete_fields
                if field.attname not in ("id", "number", "submission", "code_hash")
            },
            number=f"{row.number}-{no}",
            submission=uuid.uuid4(),
            code_hash=f"{no}",
        )
        for no in range(queries.PAGE + 5)
    ]
    Invited.objects.bulk_create(Invited(conversation=one, mediator=host) for one in asked)
    soon = clock.now() + timedelta(days=1)
    Booking.objects.bulk_create(
        Booking(conversation=one, mediator=host, starts_at=soon + timedelta(hours=no), state="booked", by_label="群众", at=clock.now())
        for no, one in enumerate(asked)
    )
    desk = Machine(county, "mediator")
    first = desk.get("room/appointments/", limit=20)
    second = desk.get("room/appointments/", limit=20, cursor=first["next"])
    assert [len(first["results"]), len(second["results"]), second["next"]] == [20, queries.PAGE + 5 - 20, None]


def test_who_declines_sees_it_no_more_and_hours_are_set(county):
    person = chamber.shown(county)
    row, _ = chamber.asked(county, person)
    own = Machine(county, "mediator")
    own.post(f"room/conversations/{row.number}/decline/", {"words": "与一方是亲戚"}, key="decline-1")
    own.post(f"room/conversations/{row.number}/decline/", {"words": "与一方是亲戚"}, key="decline-1")
    assert own.status(f"room/conversations/{row.number}/") == 404
    spans = [{"start": "09:00", "end": "11:00"}]
    host = own.post(f"room/hosts/{person.pk}/hours/", {"weekdays": [0, 2], "spans": spans})
    assert [(block["weekday"], block["start"]) for block in host["hours"]] == [(0, "09:00:00"), (2, "09:00:00")]
    own.post(f"room/hosts/{person.pk}/hours/", {"weekdays": [0], "spans": [*spans, {"start": "10:00", "end": "12:00"}]}, expect=422)
    Machine(county, "other_handler").post(f"room/hosts/{person.pk}/hours/", {"weekdays": [0], "spans": spans}, expect=404)


def test_a_conversation_becomes_a_dispute_in_one_step(county):
    row, _ = chamber.asked(county, chamber.shown(county))
    keeper = Machine(county, "town_handler")
    people = [{"letter": "a", "name": "陈桂兰", "phone": "13800132046"}, {"letter": "b", "name": "陈德旺"}]
    sent = {
        "title": "院墙堵了排水沟",
        "story": chamber.WHAT,
        "type_code": "02",
        "area_id": county.areas["jiuqu"].id,
        "received_on": day(),
        "people": people,
    }
    made = keeper.post(f"room/conversations/{row.number}/dispute/", sent, expect=201, key="dispute-01")
    assert made["conversation"]["state"] == "dispute"
    assert made["conversation"]["dispute"].startswith("TJ")
    assert keeper.post(f"room/conversations/{row.number}/dispute/", sent, expect=201, key="dispute-01") == made
    keeper.post(f"room/conversations/{row.number}/dispute/", sent, expect=409)
