"""The month's sheet: drafted, checked, fixed by three people; a case is paid once ever; nothing fixed changes (MED-13, L-MED-60…63)."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from casework.models import Case, Notice
from casework.rules import NotAllowed
from mediation.models import CareerStep, CorpsRules, PayLine, PayPart, PaySheet, PayStop, RewardedCase, YearAssessment
from mediation.pay import actions, queries
from mediation.pay.rules import Kind, State, money, suspicions
from organisations import clock
from organisations.models import AccessEntry
from tests.factories import disputes, disputes_closing
from tests.factories import disputes_pay as factory
from tests.petitions.test_concurrency import at_once

ADDRESS = "/mediation/pay/"


def last_month() -> date:
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


def agreed(county, *people, on=None, **changes):
    return factory.agreed(county, *people, on=on or last_month().replace(day=20), **changes)


def archived(county, *people, on=None, **changes):
    return factory.archived(county, *people, on=on or last_month().replace(day=20), **changes)


@pytest.fixture
def today(county) -> date:
    return clock.today()


@pytest.fixture
def month(today) -> date:
    """The month before: one that still runs is drafted, and not approved."""
    return last_month()


@pytest.fixture
def people(county):
    return factory.mediator(county, "田和", unit="fushan", user="mediator", grade="1"), factory.mediator(county, "孙大爷", kind="worthy")


def draft(county, month):
    return actions.draft(county.units["fushan"].pk, month, by=county.scope("town_handler"))


def fixed(county, month):
    sheet = draft(county, month)
    actions.check(sheet.pk, by=county.scope("town_head"))
    return actions.fix(sheet.pk, by=county.scope("centre_head"))


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda error: error.code == code)


def test_a_sheet_holds_subsidies_and_rewards_shared_to_the_cent(county, people, month):
    dispute = archived(county, *people, people_count=3)
    sheet = draft(county, month)
    lines = list(sheet.lines.order_by("no"))
    assert [(line.kind, line.mediator.name) for line in lines] == [
        (Kind.SUBSIDY, "田和"),
        (Kind.REWARD, "田和"),
        (Kind.REWARD, "孙大爷"),
    ]
    assert [line.amount for line in lines] == [Decimal("1800.00"), Decimal("72.00"), Decimal("72.00")]
    assert RewardedCase.objects.get(dispute=dispute).amount == Decimal("144.00")
    assert sheet.total == sum(line.amount for line in lines)
    assert "50%" in lines[1].words


def test_a_dispute_walked_by_the_real_acts_to_the_archive_is_rewarded(county, today):
    """Accepted, mediated, agreed, performed, visited, archived by the acts of the other stages: pay reads what they wrote."""
    cadre = factory.mediator(county, "孙村", user="village_cadre", kind="village")
    dispute = disputes_closing.archived(county)
    line = draft(county, today.replace(day=1)).lines.get(kind=Kind.REWARD)
    assert (line.mediator, line.dispute, line.amount) == (cadre, dispute, Decimal("120.00"))
    assert "当事人满意系数1" in line.words


def test_what_is_not_archived_or_performed_waits_with_the_reason(county, people, month):
    agreed(county, *people)
    sheet = draft(county, month)
    assert not sheet.lines.filter(kind=Kind.REWARD).exists()
    assert [why for _, why in queries.waiting(sheet.unit_id, month)] == ["协议尚未履行完毕"]


def test_a_case_is_paid_once_ever_however_often_and_in_whatever_month(county, people, month):
    dispute = archived(county, people[0])
    sheet = fixed(county, month)
    assert sheet.lines.filter(dispute=dispute).count() == 1
    later = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    assert dispute.pk not in {case.id for case in queries.facts(sheet.unit_id, later).cases}
    by = county.people["office"]
    second = PaySheet.objects.create(unit=county.units["centre"], month=month, state="draft", total=0, drafted_by=by, drafted_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RewardedCase.objects.create(dispute=dispute, sheet=second, amount=1)


def test_drafting_again_gives_the_same_lines(county, people, month):
    archived(county, *people)
    first = [(line.no, line.words, line.amount) for line in draft(county, month).lines.all()]
    again = draft(county, month)
    assert [(line.no, line.words, line.amount) for line in again.lines.all()] == first
    assert PaySheet.objects.count() == 1


def test_three_different_people_and_nobody_their_own_money(county, people, month):
    sheet = draft(county, month)
    with refused("wrong_role"):
        actions.check(sheet.pk, by=county.scope("town_handler"))
    with refused("wrong_moment"):
        actions.fix(sheet.pk, by=county.scope("centre_head"))
    actions.check(sheet.pk, by=county.scope("town_head"))
    with refused("wrong_role"):
        actions.fix(sheet.pk, by=county.scope("town_head"))
    people[1].user = county.people["centre_head"]
    people[1].save()
    PayLine.objects.filter(mediator=people[0]).update(mediator=people[1])
    with refused("own_money"):
        actions.fix(sheet.pk, by=county.scope("centre_head"))
    actions.fix(sheet.pk, by=county.scope("leader"))
    sheet.refresh_from_db()
    assert (sheet.drafted_by.name, sheet.checked_by.name, sheet.fixed_by.name) == ("张磊", "李国栋", "李建国")


def test_what_cannot_be_changed_afterwards_is_asked_once_more(county, people, month, sign_in):
    sheet = draft(county, month)
    dialog = 'data-open="confirm-fix"'
    assert dialog not in sign_in("town_head").get(f"{ADDRESS}{sheet.pk}/").content.decode()
    actions.check(sheet.pk, by=county.scope("town_head"))
    page = sign_in("centre_head").get(f"{ADDRESS}{sheet.pk}/").content.decode()
    assert dialog in page
    assert 'form="fix-form">审定' in page.split('id="confirm-fix"')[1]


def test_a_month_that_still_runs_is_drafted_and_not_approved(county, people, today):
    sheet = draft(county, today.replace(day=1))
    with refused("month_running"):
        actions.check(sheet.pk, by=county.scope("town_head"))
    with clock.at(clock.now() + timedelta(days=33)):
        with refused("drafted_early"):
            actions.check(sheet.pk, by=county.scope("town_head"))
        draft(county, today.replace(day=1))
        assert actions.check(sheet.pk, by=county.scope("town_head")).state == "checked"


def test_given_back_it_is_a_draft_again_with_the_words(county, people, month):
    sheet = draft(county, month)
    actions.check(sheet.pk, by=county.scope("town_head"))
    with refused("not_draft"):
        draft(county, month)
    actions.give_back(sheet.pk, words="少列了一件", by=county.scope("centre_head"))
    sheet.refresh_from_db()
    assert (sheet.state, sheet.checked_by, sheet.returned_words) == ("draft", None, "少列了一件")


def test_a_fixed_sheet_cannot_be_changed_by_any_statement(county, people, month):
    archived(county, people[0])
    sheet = fixed(county, month)
    statements = [
        lambda: sheet.lines.update(amount=0),
        lambda: PayLine.objects.filter(sheet=sheet).delete(),
        lambda: PaySheet.objects.filter(pk=sheet.pk).update(total=1),
        lambda: RewardedCase.objects.filter(sheet=sheet).delete(),
    ]
    for statement in statements:
        with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
            statement()


def test_twins_are_held_until_the_head_clears_them(county, people, month):
    archived(county, people[0])
    twin = archived(county, people[0])
    sheet = draft(county, month)
    held = sheet.lines.get(dispute=twin)
    assert (held.state, held.amount) == (State.HELD, 0)
    assert "同一纠纷" in held.reason
    assert not RewardedCase.objects.filter(dispute=twin).exists()
    with refused("wrong_role"):
        actions.clear(twin.case.number, verdict="pay", words="看过卷", by=county.scope("town_handler"))
    actions.clear(twin.case.number, verdict="pay", words="两条沟，分别看过现场", by=county.scope("town_head"))
    assert sheet.lines.get(dispute=twin).amount == Decimal("120.00")


def test_refused_after_a_look_it_is_settled_with_nothing(county, people, month):
    archived(county, people[0])
    twin = archived(county, people[0])
    sheet = draft(county, month)
    actions.clear(twin.case.number, verdict="refuse", words="同一条沟写了两卷", by=county.scope("town_head"))
    line = sheet.lines.get(dispute=twin)
    assert (line.state, line.amount) == (State.NONE, 0)
    assert "同一条沟" in line.reason


def test_held_lines_of_a_fixed_sheet_come_again_later(county, people, month):
    archived(county, people[0])
    twin = archived(county, people[0])
    sheet = fixed(county, month)
    assert sheet.lines.get(dispute=twin).state == State.HELD
    actions.clear(twin.case.number, verdict="pay", words="两条沟，分别看过现场", by=county.scope("town_head"))
    later = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    assert [case.id for case in queries.facts(sheet.unit_id, later).cases] == [twin.pk]


def test_stated_parts_rule_and_must_add_up(county, people, month):
    dispute = archived(county, people[0])
    sheet = draft(county, month)
    number, by = dispute.case.number, county.scope("town_handler")
    with refused("parts_do_not_add_up"):
        actions.state_parts(number, parts={people[0].pk: 60, people[1].pk: 30}, by=by)
    actions.state_parts(number, parts={people[0].pk: 65, people[1].pk: 35}, by=by)
    assert dict(sheet.lines.filter(dispute=dispute).values_list("mediator", "amount")) == {people[0].pk: Decimal(78), people[1].pk: Decimal(42)}


def test_a_co_mediator_of_another_station_has_a_part_and_a_stranger_of_it_none(county, people, month, sign_in):
    afar, stranger = (factory.mediator(county, name, unit="xinzhuang") for name in ("外镇调解员", "外镇路人"))
    dispute = archived(county, people[0], afar)
    number, by = dispute.case.number, county.scope("town_handler")
    made = actions.state_parts(number, parts={people[0].pk: 60, afar.pk: 40}, by=by)
    assert {row.mediator_id: row.part for row in made} == {people[0].pk: 60, afar.pk: 40}
    with refused("not_a_mediator"):
        actions.state_parts(number, parts={people[0].pk: 60, stranger.pk: 40}, by=by)
    client = sign_in("town_handler")
    page = client.get(f"/mediation/pay/cases/{number}/").content.decode()
    assert "外镇调解员" in page
    assert "外镇路人" not in page
    typed = {"who_1": people[0].pk, "part_1": 50, "who_2": afar.pk, "part_2": 50}
    assert client.post(f"/mediation/pay/cases/{number}/parts/", typed).status_code == 303
    assert dict(PayPart.objects.filter(dispute=dispute).values_list("mediator", "part")) == {people[0].pk: 50, afar.pk: 50}


def test_a_failed_assessment_withholds_and_a_release_pays_back_once(county, people, month, today):
    archived(county, people[0])
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    stop = actions.withhold(people[0].pk, year=before.year - 1, from_on=before, words="培训不足，群众评议差", by=county.scope("town_head"))
    with refused("stopped_already"):
        actions.withhold(people[0].pk, year=before.year - 1, from_on=before, words="x", by=county.scope("town_head"))
    first = fixed(county, before)
    assert [(line.state, line.amount) for line in first.lines.all()] == [(State.WITHHELD, 0)]
    assert "考核不合格" in first.lines.get().reason
    with refused("wrong_role"):
        actions.release(stop.pk, decision="back", words="x", by=county.scope("town_handler"))
    actions.release(stop.pk, decision="back", words="补考合格", by=county.scope("town_head"))
    sheet = draft(county, today.replace(day=1))
    back = sheet.lines.get(kind=Kind.BACK)
    assert (back.amount, back.of_id) == (Decimal("1800.00"), first.lines.get().pk)
    assert sheet.lines.filter(kind=Kind.REWARD, state=State.DUE).count() == 1
    assert draft(county, today.replace(day=1)).lines.filter(kind=Kind.BACK).count() == 1


def test_released_without_paying_back(county, people, month):
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    stop = actions.withhold(people[0].pk, year=before.year - 1, from_on=before, words="评议差", by=county.scope("town_head"))
    fixed(county, before)
    actions.release(stop.pk, decision="from_now", words="已改正", by=county.scope("centre_head"))
    assert PayStop.objects.get().released_by == county.people["centre_head"]
    assert not draft(county, month).lines.filter(kind=Kind.BACK).exists()


def test_an_oral_agreement_is_paid_too(county, people, month):
    """L-MED-61."""
    dispute = archived(county, people[0], form="2")
    assert draft(county, month).lines.get(dispute=dispute).amount == Decimal("120.00")


def test_a_correction_is_a_later_line_and_survives_a_new_draft(county, people, month):
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    wrong = fixed(county, before).lines.get()
    sheet = draft(county, month)
    with refused("wrong_amount"):
        actions.correct(sheet.pk, of=wrong.pk, amount=Decimal(-5000), words="x", by=county.scope("town_handler"))
    actions.correct(sheet.pk, of=wrong.pk, amount=Decimal("-100.50"), words="任职日期录错", by=county.scope("town_handler"))
    sheet = draft(county, month)
    assert sheet.lines.get(kind=Kind.CORRECTION).amount == Decimal("-100.50")
    assert sheet.total == Decimal("1699.50")


def test_new_rules_hold_from_a_coming_month_on(county, people, month):
    settings = queries.settings_of(month)
    new = actions.NewRules(date(month.year + 1, 1, 1), "县财政局2026年12号", settings)
    with refused("wrong_role"):
        actions.set_rules(new, by=county.scope("town_head"))
    with refused("wrong_day"):
        actions.set_rules(actions.NewRules(month, "x", settings), by=county.scope("centre_head"))
    actions.set_rules(new, by=county.scope("centre_head"))
    assert queries.settings_of(date(month.year + 1, 3, 1)) == settings


def test_the_workbook_adds_up_itself_and_says_what_the_page_says(county, people, month, sign_in):
    archived(county, *people)
    sheet = draft(county, month)
    answer = sign_in("town_head").get(f"{ADDRESS}{sheet.pk}/export/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book["明细"].iter_rows(min_row=4, values_only=True))
    assert rows[-1][6] == f"=SUM(G4:G{3 + len(rows) - 1})"
    reader = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)
    for leaf, column in (("明细", 7), ("按人合计", 6)):
        total = reader[leaf].cell(reader[leaf].max_row, column).value
        assert Decimal(str(total)) == sheet.total, "who reads without computing sees the sum too"
    assert book.properties.creator == "李国栋（阜山镇）", "the file itself says whose copy it is"
    assert "调解员补贴发放表" in book.properties.title
    assert sum(Decimal(str(row[6])) for row in rows[:-1]) == sheet.total
    assert AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT, object_type="pay_sheet", object_id=str(sheet.pk)).exists()


def reckoned(formula: str, book: openpyxl.Workbook, row: int) -> Decimal:
    """What a spreadsheet program makes of the second leaf's formulas: SUM of cells of the row, SUMIFS over the first leaf."""
    if formula.startswith("=SUM("):
        return sum((reckoned(str(book["按人合计"][f"{column}{row}"].value), book, row) for column in "CDE"), Decimal(0))
    found = Decimal(0)
    for last, kind in re.findall(r'SUMIFS\(明细!G4:G(\d+),明细!B4:B\1,A\d+,明细!D4:D\1,"([^"]+)"\)', formula):
        for line in book["明细"].iter_rows(min_row=4, max_row=int(last), values_only=True):
            if (line[1], line[3]) == (book["按人合计"][f"A{row}"].value, kind):
                found += Decimal(str(line[6]))
    return found


def test_two_people_of_one_name_are_two_rows_and_every_cell_is_the_screen_s(county, people, month, sign_in):
    namesake = factory.mediator(county, people[0].name)
    archived(county, *people, namesake)
    sheet = draft(county, month)
    shown = queries.by_person(queries.lines(sheet))
    assert [one.name for one in shown].count(people[0].name) == 2
    book = openpyxl.load_workbook(io.BytesIO(sign_in("town_head").get(f"{ADDRESS}{sheet.pk}/export/").content))
    leaf = book["按人合计"]
    for row, one in enumerate(shown, start=4):
        assert (leaf[f"A{row}"].value, leaf[f"B{row}"].value) == (one.mediator_id, one.name)
        assert [reckoned(str(leaf[f"{column}{row}"].value), book, row) for column in "CDEF"] == [one.subsidy, one.reward, one.other, one.total]
    page = sign_in("town_head").get(f"{ADDRESS}{sheet.pk}/").content.decode()
    assert all(money(one.total) in page for one in shown)
    assert money(sum((one.total for one in shown), Decimal(0))) in page


def test_a_fixed_sheet_has_its_paper(county, people, month, sign_in):
    archived(county, *people)
    sheet = fixed(county, month)
    assert sheet.document.paper == "M20"
    answer = sign_in("town_handler").get(f"{ADDRESS}{sheet.pk}/paper/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert sign_in("other_handler").get(f"{ADDRESS}{sheet.pk}/paper/").status_code == 404


# -- in the browser -----------------------------------------------------------------------------------------------------------------------------


def test_the_way_of_a_sheet_through_three_browsers(county, people, month, sign_in):
    archived(county, *people)
    keeper, head, centre = sign_in("town_handler"), sign_in("town_head"), sign_in("centre_head")
    made = keeper.post(ADDRESS, {"unit": county.units["fushan"].pk, "month": f"{month:%Y-%m}"})
    assert made.status_code == 303
    page = keeper.get(made.url).content.decode()
    assert "TJ370685" in page
    assert "初审通过" not in page
    assert "初审通过" in head.get(made.url).content.decode()
    assert head.post(f"{made.url}check/").status_code == 303
    assert keeper.post(f"{made.url}check/").status_code == 409
    assert centre.post(f"{made.url}give_back/", {"words": ""}).status_code == 422
    assert centre.post(f"{made.url}fix/").status_code == 303
    assert "已审定" in keeper.get(made.url).content.decode()
    own = sign_in("mediator").get(ADDRESS).content.decode()
    assert "我的补贴" in own
    assert "1,800.00" in own


def test_who_sees_what(county, people, month, sign_in):
    dispute = archived(county, people[0])
    sheet = draft(county, month)
    seen = {person: sign_in(person).get(f"{ADDRESS}{sheet.pk}/").status_code for person in ("overseer", "auditor", "leader", "office")}
    assert set(seen.values()) == {200}
    for person in ("other_handler", "handler", "mediator", "village_cadre"):
        client = sign_in(person)
        assert client.get(f"{ADDRESS}{sheet.pk}/").status_code == 404
        assert client.get(f"{ADDRESS}{sheet.pk}/export/").status_code == 404
        assert client.post(f"{ADDRESS}{sheet.pk}/check/").status_code == 404
        assert client.get(f"{ADDRESS}cases/{dispute.case.number}/").status_code == 404
        assert client.get(ADDRESS).status_code == 200
    assert "1,800.00" not in sign_in("mediator").get(ADDRESS).content.decode()
    assert sign_in("system_admin").get(ADDRESS).status_code == 403


def test_pages_of_a_case_of_stops_and_of_rules(county, people, month, sign_in):
    archived(county, people[0])
    twin = archived(county, people[0])
    draft(county, month)
    head, keeper = sign_in("town_head"), sign_in("town_handler")
    address = f"{ADDRESS}cases/{twin.case.number}/"
    assert "疑似" in head.get(address).content.decode()
    assert head.post(f"{address}clear/", {"verdict": "pay", "words": ""}).status_code == 422
    assert head.post(f"{address}clear/", {"verdict": "pay", "words": "看过现场，是两条沟"}).status_code == 303
    parts = {"who_1": people[0].pk, "part_1": 70, "who_2": people[1].pk, "part_2": 20}
    assert keeper.post(f"{address}parts/", parts).status_code == 422
    assert keeper.post(f"{address}parts/", {**parts, "part_2": 30}).status_code == 303
    form = {"mediator_id": people[0].pk, "year": month.year - 1, "from_on": month.isoformat(), "words": "评议不合格"}
    assert keeper.post(f"{ADDRESS}stops/", form).status_code == 403
    assert head.post(f"{ADDRESS}stops/", form).status_code == 303
    assert "评议不合格" in head.get(f"{ADDRESS}stops/").content.decode()
    assert head.post(f"{ADDRESS}stops/{PayStop.objects.get().pk}/release/", {"decision": "back", "words": "补考合格"}).status_code == 303
    page = sign_in("centre_head").get(f"{ADDRESS}rules/")
    shown = page.context["form"]
    typed = {name: shown.initial[name] for name in shown.fields if shown.initial.get(name) is not None}
    answer = sign_in("centre_head").post(
        f"{ADDRESS}rules/", {**typed, "valid_from": f"{month.year + 1}-01-01", "reason": "县文", "is_oral_paid": "on"}
    )
    assert answer.status_code == 303
    assert queries.settings_of(date(month.year + 1, 1, 1)) == queries.settings_of(month)


def test_whose_signature_is_awaited_is_told_and_who_drafted_learns_what_became_of_it(county, people, month):
    archived(county, *people)
    sheet = draft(county, month)
    draft(county, month)
    told = Notice.objects.get(kind="pay.drafted")
    assert (told.to_unit, told.to_role) == (county.units["fushan"], "head")
    actions.check(sheet.pk, by=county.scope("town_head"))
    centre = Notice.objects.filter(kind="pay.checked", to_unit=county.units["centre"]).values_list("to_role", flat=True)
    assert set(centre) == {"head", "leader"}
    actions.give_back(sheet.pk, words="少一件", by=county.scope("centre_head"))
    assert Notice.objects.get(kind="pay.given_back").to_user == county.people["town_handler"]
    actions.check(sheet.pk, by=county.scope("town_head"))
    actions.fix(sheet.pk, by=county.scope("centre_head"))
    assert "已审定" in Notice.objects.get(kind="pay.fixed").text


def test_the_grade_is_that_of_the_month_and_not_todays(county, people, today):
    person = people[0]
    CareerStep.objects.create(
        mediator=person, kind="grade", on=today, from_grade="4", to_grade="1", by=county.people["town_head"], by_label="站长", at=clock.now()
    )
    before = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for of, grade in ((today.replace(day=1), "1"), (before, "4")):
        found = {row.id: row.grade for row in queries.facts(county.units["fushan"].pk, of).mediators}
        assert found[person.pk] == grade


def test_a_year_is_assessed_once_and_failing_withholds_the_pay(county, people, month, sign_in):
    address, head = f"{ADDRESS}assessments/", sign_in("town_head")
    archived(county, people[0])
    form = {"mediator_id": people[0].pk, "year": month.year, "verdict": "failed", "from_on": "", "words": "全年未参加培训。"}
    assert head.post(address, form).status_code == 422
    assert sign_in("town_handler").post(address, {**form, "from_on": month.isoformat()}).status_code == 403
    assert head.post(address, {**form, "from_on": month.isoformat()}).status_code == 303
    made = YearAssessment.objects.get()
    assert (made.facts["mediated"], made.facts["agreed"], made.facts["training_days"]) == (1, 1, "0")
    assert PayStop.objects.get().mediator == people[0]
    assert head.post(address, {**form, "verdict": "competent"}).status_code == 409
    page = head.get(address).content.decode()
    assert "全年未参加培训。" in page
    assert "不合格" in page
    assert "全年未参加培训。" not in sign_in("other_handler").get(address).content.decode()


def test_twins_in_two_villages_are_found_by_the_number_and_not_the_name(county, people, month):
    """The same two people under other spellings: only the blind index of the numbers is the same (L-SEC-3)."""
    numbers = {"甲": "11010519491231002X", "乙": "11010519680101001X"}

    def pair(names: tuple[str, str]):
        return [disputes.person(name, letter, id_type="111", id_number=numbers[key]) for name, letter, key in zip(names, "ab", numbers, strict=True)]

    archived(county, people[0], people=pair(("陈桂兰", "陈德旺")), type_code="03")
    there = archived(county, people[0], people=pair(("陈贵兰", "陈得旺")), type_code="02")
    Case.objects.filter(pk=there.pk).update(area=county.areas["dongliang"])
    there.refresh_from_db()
    facts, beside = queries.case_facts(there, month)
    assert len(beside) == 1
    assert facts.parties == beside[0].parties
    assert "当事人相同" in suspicions([facts], beside, queries.settings_of(month))[facts.id]


def test_a_twin_in_another_village_that_left_the_numbers_out_is_found_by_both_names(county, people, month):
    numbers = {"a": "11010519491231002X", "b": "11010519680101001X"}
    known = [disputes.person(name, letter, id_type="111", id_number=numbers[letter]) for name, letter in (("陈桂兰", "a"), ("陈德旺", "b"))]
    archived(county, people[0], people=known, type_code="03")
    bare = [disputes.person(name, letter, id_type="", id_number="") for name, letter in (("陈桂兰", "a"), ("陈德旺", "b"))]
    there = archived(county, people[0], people=bare, type_code="02")
    Case.objects.filter(pk=there.pk).update(area=county.areas["dongliang"])
    there.refresh_from_db()
    facts, beside = queries.case_facts(there, month)
    assert facts.parties != beside[0].parties
    assert "当事人相同" in suspicions([facts], beside, queries.settings_of(month))[facts.id]


@pytest.mark.django_db(transaction=True)
def test_two_sheets_at_once_on_real_connections_pay_a_case_once(county, people, month):
    """The same case is due on two months' sheets drafted in the same moment: one takes it, the other is told or goes without (L-MED-63)."""
    archived(county, *people, on=(month - timedelta(days=40)))
    before = (month - timedelta(days=1)).replace(day=1)
    by, unit_id = county.scope("town_handler"), county.units["fushan"].pk
    made = at_once([lambda: actions.draft(unit_id, month, by=by), lambda: actions.draft(unit_id, before, by=by)])
    assert any(isinstance(one, PaySheet) for one in made)
    assert all(isinstance(one, PaySheet) or one.code == "paid_elsewhere" for one in made)
    assert RewardedCase.objects.count() == 1
    assert PayLine.objects.filter(kind=Kind.REWARD).values("sheet").distinct().count() == 1


def test_a_case_s_page_leads_to_the_dispute_only_whom_the_dispute_lets_in(county, people, month, sign_in):
    """The justice bureau checks the money of the whole county; the disputes themselves are not its to read."""
    CorpsRules.objects.create(valid_from=month, bureau=county.units["labour"])
    dispute = archived(county, people[0])
    draft(county, month)
    ways = {}
    for person in ("labour_head", "town_head", "centre_head"):
        client = sign_in(person)
        page = client.get(f"{ADDRESS}cases/{dispute.case.number}/")
        assert page.status_code == 200
        ways[person] = f'href="/mediation/{dispute.case.number}/' in page.content.decode()
        assert client.get(f"/mediation/{dispute.case.number}/").status_code == (200 if ways[person] else 404)
    assert ways == {"labour_head": False, "town_head": True, "centre_head": True}
