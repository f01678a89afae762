"""Reports of a period and the closing of a month over HTTP: who, when, twice, at once (issue 5 §3, EVAL-10, L-PET-97)."""

from __future__ import annotations

from datetime import date
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from casework.models import Case, Notice
from casework.rules import NotAllowed
from organisations.models import AccessEntry
from reports.models import Closing, FrozenFact, FrozenPast, Report, ReportFile
from reports.month import actions, queries, rules
from reports.month.actions import making
from reports.month.actions.making import Lost
from reports.queries import figures, ground
from reports.queries.figures import Selection
from reports.rules.periods import Period, Span, before, filled, whole
from tests.factories import months, petitions
from tests.factories.months import NOVEMBER, OCTOBER, at
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db

PAGE = "/reports/months/"


def add_a_fact(closing_id: int) -> None:
    """One more fact for a closed period."""
    fact = FrozenFact.objects.filter(closing=closing_id).first()
    fact.pk, fact.case_id, fact.number = None, fact.case_id + 1_000_000, "370685-2026-999999"
    fact.save(force_insert=True)


def ask(client: Client, **changes: str) -> object:
    return client.post(PAGE, {"unit": "", "span": "month", "since": "2026-10-05", **changes})


# -- who -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["leader", "office", "centre_head", "auditor", "town_head", "head", "overseer"])
def test_who_has_figures_has_the_reports(county, sign_in, person):
    page = sign_in(person).get(PAGE)
    assert page.status_code == 200
    assert "生成 PDF 和 Excel" in page.content.decode()


@pytest.mark.parametrize("person", ["handler", "clerk", "mediator", "village_cadre", "system_admin", "audit_admin"])
def test_who_has_no_figures_is_told_so(county, sign_in, person):
    assert sign_in(person).get(PAGE).status_code == 403
    assert sign_in(person).post(PAGE, {}).status_code == 403


def test_each_asks_for_the_own_ground_alone(county, sign_in):
    centre, town, land = (county.units[key].id for key in ("centre", "fushan", "land"))
    leader, town_head = sign_in("leader"), sign_in("town_head")
    for unit in (centre, town, land):
        assert ask(leader, unit=str(unit)).status_code == 302
    assert ask(town_head, unit=str(town)).status_code == 302
    refused = ask(town_head, unit=str(centre))
    assert refused.status_code == 422
    assert "2026-10-05" in refused.content.decode()
    of_centre, of_town = Report.objects.get(unit=centre), Report.objects.filter(unit=town)
    assert of_town.count() == 1  # the same one that waits is not made twice
    assert leader.get(f"{PAGE}{of_centre.pk}/").status_code == 200
    for address in ("", "pdf/", "copy/xlsx/", "package/", "manifest/", "verify/", "progress/"):
        assert town_head.get(f"{PAGE}{of_centre.pk}/{address}").status_code == 404
    assert sign_in("head").get(f"{PAGE}{of_town.get().pk}/").status_code == 404
    with pytest.raises(NotAllowed) as refusal:
        actions.ask(centre, OCTOBER, by=county.scope("town_head"))
    assert refusal.value.status == 403


def test_while_a_report_is_made_its_page_says_one_state(county, sign_in):
    leader = sign_in("leader")
    assert ask(leader, unit=str(county.units["centre"].id)).status_code == 302
    report = Report.objects.get()
    Report.objects.update(state=Report.State.MAKING, progress=45)
    # The heading does not come anew every two seconds, so it says nothing that changes.
    page = leader.get(f"{PAGE}{report.pk}/").content.decode()
    assert page.count(Report.State.MAKING.label) == 1


def test_a_wrong_period_is_said_and_what_was_typed_is_kept(county, sign_in):
    leader, centre = sign_in("leader"), str(county.units["centre"].id)
    for changes, words in (
        ({"since": "五月"}, "日期请写成"),
        ({"span": "any"}, "要填写结束日期"),
        ({"span": "any", "until": "2026-09-01"}, "结束日期不能早于"),
        ({"since": "2099-01-01"}, "期间还没有开始"),
        ({"since": "9999-12-31"}, "2000年至2100年"),
    ):
        answer = ask(leader, unit=centre, **changes)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert changes.get("since", "2026-10-05") in answer.content.decode()
    assert not Report.objects.exists()


# -- checking and closing: two people, the right moment ---------------------------------------------------------------------


def test_only_the_office_checks_and_only_the_centres_head_closes(county, sign_in):
    with at(11, 3):
        report = months.drafted(county)
    for person in ("leader", "auditor", "centre_head"):
        assert sign_in(person).post(f"{PAGE}{report.pk}/check/").status_code == 403
    for person in ("leader", "auditor", "office"):
        assert sign_in(person).post(f"{PAGE}{report.pk}/close/").status_code == 403
    for person in ("town_head", "head"):
        assert sign_in(person).post(f"{PAGE}{report.pk}/close/").status_code == 404
    assert not Closing.objects.exists()


def test_a_draft_nobody_checked_is_not_closed_and_is_checked_once(county, sign_in):
    with at(11, 3):
        report = months.drafted(county)
        head, office = sign_in("centre_head"), sign_in("office")
        assert head.post(f"{PAGE}{report.pk}/close/").status_code == 409
        assert office.post(f"{PAGE}{report.pk}/check/").status_code == 302
        again = office.post(f"{PAGE}{report.pk}/check/")
        assert again.status_code == 409
        assert "核对过了" in again.content.decode()
        assert "审核封存" in head.get(f"{PAGE}{report.pk}/").content.decode()


def test_what_cannot_be_taken_back_is_asked_once_more_and_only_of_who_may_do_it(county, sign_in):
    with at(11, 3):
        report = months.drafted(county)
        actions.check(report.pk, by=county.scope("office"))
        asked = sign_in("centre_head").get(f"{PAGE}{report.pk}/").content.decode()
        others = [sign_in(person).get(f"{PAGE}{report.pk}/").content.decode() for person in ("office", "auditor")]
    assert 'data-open="confirm-close"' in asked
    assert asked.count('id="confirm-close"') == 1
    # The same form with and without scripts: without them the first button hands it in.
    assert 'type="submit" form="close-form">封存 2026年10月</button>' in asked
    assert 'id="close-form" action="' in asked
    assert not any("confirm-close" in page for page in others)


def test_the_same_person_does_not_check_and_close(county):
    with at(11, 3):
        report = months.drafted(county, checked_by=county.people["centre_head"])
        with pytest.raises(NotAllowed) as refusal:
            actions.close(report.pk, by=county.scope("centre_head"))
    assert refusal.value.code == "same_person"


def test_not_before_the_month_is_over_to_the_hour(county):
    with at(10, 31, 23):
        report = months.drafted(county)
        with pytest.raises(NotAllowed) as early:
            actions.check(report.pk, by=county.scope("office"))
    assert early.value.code == "not_over"
    with at(11, 1, 0), pytest.raises(NotAllowed) as stale:
        actions.check(report.pk, by=county.scope("office"))
    assert stale.value.code == "early_draft"
    with at(11, 1, 0):
        fresh = months.drafted(county)
        assert actions.check(fresh.pk, by=county.scope("office")).checked_by == county.people["office"]


def test_weeks_and_towns_are_not_closed(county):
    with at(11, 3):
        week = months.drafted(county, filled(Span.WEEK, date(2026, 10, 7)))
        town = months.drafted(county, unit=county.units["fushan"])
        for report in (week, town):
            with pytest.raises(NotAllowed) as refusal:
                actions.check(report.pk, by=county.scope("office"))
            assert refusal.value.status == 422


@pytest.mark.django_db(transaction=True)
def test_a_month_is_closed_once_and_none_before_it_afterwards(county, sign_in):
    numbers = months.a_month(county)
    with at(11, 3):
        first, second = months.checked(county), months.checked(county)
        september = months.checked(county, whole(date(2026, 9, 1), date(2026, 9, 30)))
        head = sign_in("centre_head")
        assert head.post(f"{PAGE}{first.pk}/close/").status_code == 302
        again = head.post(f"{PAGE}{second.pk}/close/")
        assert again.status_code == 409
        assert "已经封存" in again.content.decode()
        assert head.post(f"{PAGE}{september.pk}/close/").status_code == 409
        closing = Closing.objects.get()
        assert set(closing.facts.values_list("number", flat=True)) == set(numbers)
        assert closing.history_hash
        assert queries.unclosed(date(2026, 11, 3)) == []
        assert [period.since for period in queries.unclosed(date(2026, 12, 3))] == [NOVEMBER.since]
    assert AccessEntry.objects.filter(object_type="closing", user=county.people["centre_head"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_make_one_closing(county):
    months.a_month(county)
    with at(11, 3):
        drafts = [months.checked(county), months.checked(county)]
    by = county.scope("centre_head")

    def close(pk: int) -> object:
        with at(11, 3):
            return actions.close(pk, by=by)

    answers = at_once([lambda pk=draft.pk: close(pk) for draft in drafts])
    assert sorted(type(answer).__name__ for answer in answers) == ["NotAllowed", "Report"]
    assert Closing.objects.count() == 1
    assert FrozenFact.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_closing_while_people_write_freezes_one_moment(county):
    months.a_month(county)
    with at(11, 3):
        report = months.checked(county)
    stop, written = Event(), []

    def write() -> None:
        try:
            with at(10, 30):
                while not stop.is_set() and len(written) < 30:
                    written.append(petitions.registered(county).case.number)
                    stop.wait(0.15)
        finally:
            connection.close()

    writer = Thread(target=write)
    writer.start()
    try:
        with at(11, 3):
            closed = actions.close(report.pk, by=county.scope("centre_head"))
    finally:
        stop.set()
        writer.join(timeout=60)
    frozen = FrozenFact.objects.filter(closing=closed.closing)
    added = [number for number in written if frozen.filter(number=number).exists()]
    # What was written before the snapshot is in it whole, what came after is not: a beginning of the series, without gaps.
    assert added == written[: len(added)]
    past = FrozenPast.objects.filter(closing=closed.closing).order_by()
    assert queries.inputs(frozen.order_by(), past) == (closed.closing.cases, closed.closing.sha256)
    where = Selection(OCTOBER, OCTOBER.until, ground.of_unit(county.units["centre"].id))
    assert figures.read("cases", where, frozen).numerator == 4 + len(added)


@pytest.mark.django_db(transaction=True)
def test_what_is_closed_cannot_be_changed_by_anybody(county):
    months.a_month(county)
    with at(11, 3):
        report = months.closed(county)
    Report.objects.filter(pk=report.pk).update(manifest="{}", manifest_sha256="0" * 64, state="ready")
    file = ReportFile(report=report, sort="pdf", name="x.pdf", content=b"x", size=1, sha256="0" * 64)
    file.save()
    for change in (
        lambda: Closing.objects.update(cases=0),
        lambda: Closing.objects.get().delete(),
        lambda: FrozenFact.objects.update(headcount=0),
        lambda: FrozenFact.objects.all()._raw_delete("default"),
        lambda: add_a_fact(report.closing_id),
        lambda: Report.objects.filter(pk=report.pk).update(manifest=""),
        lambda: ReportFile.objects.update(content=b"y"),
        lambda: ReportFile.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# -- the worker --------------------------------------------------------------------------------------------------------------


def test_a_silent_workers_report_is_taken_up_again_and_its_late_work_is_thrown_away(county, monkeypatch):
    with at(11, 3, 9):
        report = actions.ask(county.units["centre"].id, OCTOBER, by=county.scope("leader"))
        held: list[making._Hold] = []
        monkeypatch.setattr(making, "_make", held.append)
        assert actions.make_next()
        assert not actions.make_next()  # somebody is at it
    with at(11, 3, 10):
        assert actions.make_next()
        with pytest.raises(Lost):
            held[0].say(50, "排版")
        held[1].say(50, "排版")
    report.refresh_from_db()
    assert (report.state, report.progress, report.tries) == ("making", 50, 2)


def test_a_report_that_cannot_be_made_says_so_and_can_be_tried_again(county, sign_in, monkeypatch):
    def broken(hold: object) -> None:
        raise ZeroDivisionError

    with at(11, 3):
        report = actions.ask(county.units["centre"].id, OCTOBER, by=county.scope("leader"))
        with monkeypatch.context() as patch:
            patch.setattr(making, "_make", broken)
            assert [actions.make_next() for _ in range(4)] == [True, True, True, False]
        leader = sign_in("leader")
        page = leader.get(f"{PAGE}{report.pk}/").content.decode()
        assert "未能生成" in page
        assert leader.post(f"{PAGE}{report.pk}/again/").status_code == 302
        assert leader.post(f"{PAGE}{report.pk}/again/").status_code == 409
    report.refresh_from_db()
    assert report.state == "asked"


def test_the_clock_asks_for_each_period_once_also_after_an_outage(county):
    with at(11, 3):
        first = actions.schedule()
        assert actions.schedule() == 0
    made = Report.objects.filter(origin="scheduled")
    assert first == made.count() == sum(rules.CAUGHT_UP.values())
    assert set(made.filter(span="month").values_list("since", flat=True)) == {date(2026, 10, 1), date(2026, 9, 1), date(2026, 8, 1)}
    assert made.get(span="year").since == date(2025, 1, 1)
    with at(11, 10):  # a week without the clock
        assert actions.schedule() == 3 + 1
    days = made.filter(span="day").order_by("-since").values_list("since", flat=True)[:3]
    assert list(days) == [date(2026, 11, 9), date(2026, 11, 8), date(2026, 11, 7)]


def test_leaders_and_auditors_are_shown_what_is_not_closed(county, sign_in):
    with at(11, 3):
        assert "尚未封存：2026年10月" in sign_in("leader").get(PAGE).content.decode()
        assert "尚未封存：2026年10月" in sign_in("auditor").get(PAGE).content.decode()
        assert "尚未封存" not in sign_in("town_head").get(PAGE).content.decode()
        report = months.drafted(county, origin="scheduled")
        auditor = sign_in("auditor")
        assert "还没有打开" in auditor.get(PAGE).content.decode()
        auditor.get(f"{PAGE}{report.pk}/")
        assert "还没有打开" not in auditor.get(PAGE).content.decode()
        making._tell(report, report.asked_at)
        making._tell(report, report.asked_at)
    assert Notice.objects.filter(kind="report.ready").count() == len(rules.TOLD)


def test_a_draft_has_no_package_and_no_check(county, sign_in):
    with at(11, 3):
        report = months.drafted(county)
    leader = sign_in("leader")
    assert leader.get(f"{PAGE}{report.pk}/verify/").status_code == 409
    assert leader.get(f"{PAGE}{report.pk}/package/").status_code == 409
    assert leader.get(f"{PAGE}{report.pk}/manifest/").status_code == 404
    assert leader.get(f"{PAGE}{report.pk}/pdf/").status_code == 404
    assert Case.objects.count() == 0


# -- words and periods --------------------------------------------------------------------------------------------------


def test_the_week_over_new_year_has_one_number():
    assert rules.issue_number(filled(Span.WEEK, date(2026, 1, 2))) == "2026年第1期"
    assert rules.issue_number(filled(Span.WEEK, date(2025, 12, 29))) == "2026年第1期"
    assert rules.issue_number(filled(Span.WEEK, date(2025, 1, 1))) == "2025年第1期"


def test_days_that_fill_a_month_are_held_against_the_whole_month_before():
    """The screen's own days and the report's month cannot be compared with different days."""
    written_out = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert (before(written_out).since, before(written_out).until) == (date(2026, 9, 1), date(2026, 9, 30))
    assert written_out.label == "2026年10月"
    assert before(whole(date(2026, 10, 1), date(2026, 10, 31))) == before(filled(Span.MONTH, date(2026, 10, 9)))


def test_the_page_offers_only_what_the_act_does(county, sign_in):
    """A month that runs on is not handed in, one handed in is offered to the head alone (architecture: a button the action refuses)."""
    with at(11, 5):
        running, over = months.drafted(county, NOVEMBER), months.drafted(county)
        office, head = sign_in("office"), sign_in("centre_head")
        assert "已核对，报请封存" not in office.get(f"{PAGE}{running.pk}/").content.decode()
        assert "已核对，报请封存" in office.get(f"{PAGE}{over.pk}/").content.decode()
        assert "审核封存" not in head.get(f"{PAGE}{over.pk}/").content.decode()
        assert office.post(f"{PAGE}{over.pk}/check/").status_code == 302
        assert 'action="' + f"{PAGE}{over.pk}/close/" in head.get(f"{PAGE}{over.pk}/").content.decode()
        assert f"{PAGE}{over.pk}/close/" not in office.get(f"{PAGE}{over.pk}/").content.decode()
