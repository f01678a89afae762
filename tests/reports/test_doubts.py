"""Every doubt finds what its words say and nothing beside: a case on each side of every line (opening 12; ALL-6)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from casework.models import Card, Case, Deadline, DeadlineEvent, Delivery, Document, Entry, OfficeHours
from casework.viewings import look
from organisations import access, clock
from organisations.models import Absence, AccessEntry, Post
from petitions import actions as acts
from petitions.actions import review as review_acts
from petitions.models import Feedback, Rating, Reply, Review
from reports.actions import refresh
from reports.audit import queries, rules
from reports.queries import ground
from reports.queries.figures import Selection
from reports.rules.periods import Span, filled, whole
from tests.factories import petitions, reviews

pytestmark = pytest.mark.django_db


def listed(county: Any, code: str, since: date | None = None, until: date | None = None) -> list[queries.Finding]:
    """The findings of a doubt on those days, else of the year."""
    if "FROM facts" in queries.doubts()[code].select:
        refresh.refresh()
    scope, today = county.scope("auditor"), clock.today()
    period = whole(since, until) if since and until else filled(Span.YEAR, today)
    where = Selection(period, today, ground.of(scope))
    rows, total = queries.findings(queries.doubts()[code], where, scope, 1)
    assert total == len(rows)
    return rows


def notes(county: Any, code: str, *days: date) -> list[str]:
    return [row.note for row in listed(county, code, *days)]


def changed(table: str, assignment: str, where: str, params: list[Any]) -> None:
    """Change a row past the triggers that keep it."""
    with connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        db.execute(f"UPDATE {table} SET {assignment} WHERE {where}", params)
        db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def happened(entry: Entry, *, before: timedelta) -> None:
    """The line says it happened so long before it was entered."""
    changed("casework_entry", "happened_at = at - %s", "id = %s", [before, entry.pk])


def entered(entry: Entry, at: datetime) -> None:
    changed("casework_entry", "at = %s, happened_at = %s", "id = %s", [at, at, entry.pk])


def last(case: Case) -> Entry:
    return Entry.objects.filter(case=case).latest("no")


def noon(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())


# -- what was entered afterwards ----------------------------------------------------------------------------------------------


def test_a_line_is_late_after_three_days_not_on_the_third(county):
    case = petitions.accepted(county).case
    line = last(case)
    changed("casework_entry", "at = %s", "id = %s", [noon(clock.today()), line.pk])
    happened(line, before=timedelta(days=3))
    assert notes(county, "late_entry") == []
    happened(line, before=timedelta(days=4))
    assert ["晚4天" in note for note in notes(county, "late_entry")] == [True]


def test_a_ledger_taken_in_is_not_late_but_what_is_added_to_it_later_is(county):
    with clock.from_ledger(), clock.at(clock.now() - timedelta(days=90)):
        case = petitions.registered(county).case
    assert notes(county, "late_entry") == []
    acts.note(case.number, text="补记走访。", by=county.scope("office"))
    changed("casework_entry", "at = at + interval '2 hours'", "id = %s", [last(case).pk])
    happened(last(case), before=timedelta(days=9))
    assert len(notes(county, "late_entry")) == 1


def test_a_line_before_any_earlier_one_is_back_dated_even_behind_another_that_is(county):
    case = petitions.accepted(county).case
    *_, second, newest = Entry.objects.filter(case=case).order_by("no")
    happened(newest, before=timedelta(hours=23))
    assert notes(county, "back_dated") == []
    happened(second, before=timedelta(days=9))
    happened(newest, before=timedelta(days=8))
    assert sorted("早于此前录入的" in note for note in notes(county, "back_dated")) == [True, True]


def test_a_limit_met_by_a_line_entered_after_it_ran_out(county):
    case = petitions.accepted(county).case
    today, line = clock.today(), last(case)
    duty = Deadline.objects.filter(case=case, met_on=today, is_duty=True).first()
    Deadline.objects.filter(pk=duty.pk).update(met_on=today - timedelta(days=6), due_on=today - timedelta(days=5))
    assert notes(county, "met_afterwards") == []
    happened(line, before=timedelta(days=6))
    assert len(notes(county, "met_afterwards")) == 1
    Deadline.objects.filter(pk=duty.pk).update(due_on=today)
    assert notes(county, "met_afterwards") == []


@pytest.mark.parametrize(("entered_after", "is_found"), [(40, True), (30, False)])
def test_what_another_organ_decided_in_time_but_was_entered_after_it_is_found(county, entered_after, is_found):
    """By the acts themselves: only a letter from outside meets a limit on a day before it is entered."""
    start = clock.now() - timedelta(days=entered_after)
    with clock.at(start):
        number = reviews.outside(county).case.number
    review_acts.enter_review(
        number, conclusion="1", outside_number="烟政复核〔2026〕15号", decided_on=timezone.localdate(start) + timedelta(days=20),
        words="予以维持。", by=county.scope("office"),
    )  # fmt: skip
    found = notes(county, "met_afterwards")
    assert [note.startswith("作出复核意见") for note in found] == [True] * is_found
    assert not is_found or "登记上级机关意见" in found[0]


@pytest.mark.parametrize("code", ["extended_late", "own_approval", "unvisited", "unproven_performance"])
def test_what_the_acts_exclude_should_be_nought_and_says_so(code):
    """A second extension, an extension after the day, an archive without a visit, a performance without proof: no act writes them."""
    assert queries.doubts()[code].is_forbidden
    assert "系统不允许" in queries.doubts()[code].words


def test_an_extension_is_late_after_the_due_day_days_of_standing_still_added(county):
    case = petitions.accepted(county).case
    today = clock.today()
    row = Deadline.objects.filter(case=case, key="pet.handle").first()
    Deadline.objects.filter(pk=row.pk).update(first_due_on=today)
    common = {"deadline": row, "by": county.people["head"], "reason": "情况复杂"}
    event = DeadlineEvent.objects.create(kind="extended", on=today, days=30, at=clock.now(), **common)
    assert notes(county, "extended_late") == []
    Deadline.objects.filter(pk=row.pk).update(first_due_on=today - timedelta(days=3))
    assert len(notes(county, "extended_late")) == 1
    event.delete()
    DeadlineEvent.objects.create(kind="suspended", on=today - timedelta(days=9), at=clock.now(), **common)
    DeadlineEvent.objects.create(kind="resumed", on=today - timedelta(days=6), at=clock.now(), **common)
    DeadlineEvent.objects.create(kind="extended", on=today, days=30, at=clock.now(), **common)
    assert notes(county, "extended_late") == []
    Deadline.objects.filter(pk=row.pk).update(first_due_on=today - timedelta(days=4))
    assert ["此前中止、扣除3天" in note for note in notes(county, "extended_late")] == [True]


# -- who looked ---------------------------------------------------------------------------------------------------------------


def test_a_head_has_seen_it_only_while_he_was_head(county):
    case, head = petitions.closed(county).case, county.people["head"]
    assert len(listed(county, "unseen_by_head")) == 1
    look(case, county.people["handler"], clock.now())
    assert len(listed(county, "unseen_by_head")) == 1
    with clock.at(clock.now() - timedelta(days=9)):
        look(case, head, clock.now())
    Post.objects.filter(user=head, role="head").update(from_on=clock.today() - timedelta(days=8))
    assert len(listed(county, "unseen_by_head")) == 1
    look(case, head, clock.now())
    assert listed(county, "unseen_by_head") == []


def test_a_unit_without_a_head_in_those_days_is_no_finding(county):
    petitions.closed(county)
    Post.objects.filter(user=county.people["head"], role="head").update(until_on=clock.today() - timedelta(days=1))
    assert listed(county, "unseen_by_head") == []


def revealed(county: Any, case: Case, person: str, field: str, ago: timedelta) -> AccessEntry:
    with clock.at(clock.now() - ago):
        return access.log(
            AccessEntry.Event.REVEAL, user=county.people[person], object_type="case", object_id=case.pk, object_label=case.number, field=field
        )


def test_looking_into_an_identity_is_idle_when_the_week_is_over(county):
    case = petitions.accepted(county).case
    revealed(county, case, "leader", "证件号码", timedelta(days=6))
    assert notes(county, "idle_reveal") == []
    revealed(county, case, "leader", "联系电话", timedelta(days=8))
    assert ["联系电话" in note for note in notes(county, "idle_reveal")] == [True]
    revealed(county, case, "office", "证件号码", timedelta(days=8))
    assert len(notes(county, "idle_reveal")) == 2
    changed("casework_entry", "at = %s", "case_id = %s AND by_id = %s", [clock.now() - timedelta(days=2), case.pk, county.people["office"].pk])
    assert len(notes(county, "idle_reveal")) == 1
    revealed(county, case, "leader", "保密件", timedelta(days=9))
    assert len(notes(county, "idle_reveal")) == 1


def test_a_substitute_works_after_hours_in_the_lunch_break_and_on_days_off(county):
    case = petitions.accepted(county).case
    handler, line = county.people["handler"], last(case)
    monday = clock.today() - timedelta(days=clock.today().weekday() + 7)
    absence = Absence.objects.create(
        user=handler, substitute=county.people["handler2"], entered_by=county.people["head"],
        from_on=monday, until_on=monday + timedelta(days=9), authority="请假单",
    )  # fmt: skip
    OfficeHours.objects.filter(valid_from__lte=monday).delete()
    changed("casework_entry", "on_behalf_of_id = %s, absence_id = %s", "id = %s", [handler.pk, absence.pk, line.pk])
    told = {}
    for name, moment in {
        "morning": noon(monday, 8, 30),
        "before": noon(monday, 8, 29),
        "lunch": noon(monday, 12, 30),
        "afternoon": noon(monday, 17, 30),
        "evening": noon(monday, 17, 31),
    }.items():
        entered(line, moment)
        told[name] = len(notes(county, "substitute_after_hours", monday - timedelta(days=1), monday + timedelta(days=9)))
    assert told == {"morning": 0, "before": 1, "lunch": 1, "afternoon": 0, "evening": 1}
    OfficeHours.objects.create(valid_from=monday, morning_until=time(13), afternoon_from=time(13))
    entered(line, noon(monday, 12, 30))
    assert notes(county, "substitute_after_hours", monday - timedelta(days=1), monday + timedelta(days=9)) == []


# -- papers and cards ---------------------------------------------------------------------------------------------------------


def test_papers_corrected_twice_are_found_in_each_period_with_a_correction(county):
    case = petitions.replied(county).case
    paper = Document.objects.filter(case=case, paper="P11").get()
    today = clock.today()

    def correction(no: int, ago: int) -> Document:
        return Document.objects.create(
            case=case, paper="P11", name=paper.name, number=f"更正{no}", unit=paper.unit, context={}, corrects=paper,
            issued_by=paper.issued_by, issued_at=clock.now() - timedelta(days=ago),
        )  # fmt: skip

    correction(1, 200)
    days = today - timedelta(days=210), today - timedelta(days=190)
    assert notes(county, "corrected_again", *days) == []
    second = correction(2, 20)
    # The older period has one of the two in it as well as the newer one.
    assert notes(county, "corrected_again", *days) == ["更正文书2份，其中期间内1份"]
    assert len(notes(county, "corrected_again", today - timedelta(days=30), today)) == 1
    assert notes(county, "corrected_again", today - timedelta(days=100), today - timedelta(days=50)) == []
    Document.objects.filter(pk=second.pk).update(withdrawn_at=clock.now())
    assert notes(county, "corrected_again", *days) == []


def test_a_card_lifted_unsigned_is_found_a_signed_one_and_a_reminder_are_not(county):
    case, today = petitions.accepted(county).case, clock.today()
    duty = Deadline.objects.filter(case=case, is_duty=True).first()
    card = Card.objects.create(
        case=case, deadline=duty, level=2, unit=county.units["land"], reason="超期", rule="x", given_on=today, entered_at=clock.now()
    )
    assert notes(county, "unacknowledged") == []
    Card.objects.filter(pk=card.pk).update(lifted_on=today)
    assert len(notes(county, "unacknowledged")) == 1
    Card.objects.filter(pk=card.pk).update(level=1)
    assert notes(county, "unacknowledged") == []
    Card.objects.filter(pk=card.pk).update(level=3, acknowledged_at=clock.now(), acknowledged_by=county.people["head"])
    assert notes(county, "unacknowledged") == []


def unprove(case: Case, **changes: Any) -> None:
    Reply.objects.filter(petition__case=case).update(**({"proof": "", "receiver": ""} | changes))
    Delivery.objects.filter(document__case=case).update(proof="", receiver="", witnesses="", words="")


def test_a_delivered_reply_needs_the_proof_of_its_way(county):
    case = petitions.delivered(county).case
    assert notes(county, "unproven") == []
    unprove(case)
    assert ["直接送达" in note for note in notes(county, "unproven")] == [True]
    unprove(case, receiver="陈桂兰")
    assert notes(county, "unproven") == []
    unprove(case, receiver="陈桂兰", delivery="4")
    assert ["邮寄送达" in note for note in notes(county, "unproven")] == [True]
    Delivery.objects.filter(document__case=case).update(way="4", proof="EMS 1")
    assert notes(county, "unproven") == []
    Delivery.objects.filter(document__case=case).update(way="4", proof="", receiver="陈桂兰")
    assert len(notes(county, "unproven")) == 1
    Delivery.objects.filter(document__case=case).update(way="2", receiver="", witnesses="李四、王五")
    assert notes(county, "unproven") == []


def test_the_second_delivery_counts_as_much_as_the_first(county):
    """The first answer has its proof, the answer after the reopening has none: the facts hold the first day only."""
    case = petitions.closed(county).case
    first = Reply.objects.get(petition__case=case)
    day = clock.today() - timedelta(days=40)
    Reply.objects.filter(pk=first.pk).update(delivered_on=day)
    Reply.objects.create(
        petition=first.petition, text="再次答复", outcome="solved", prepared_by=first.prepared_by, prepared_at=clock.now(),
        approved_by=first.approved_by, approved_at=clock.now(), delivery="4", delivered_on=clock.today(), receiver="陈桂兰",
    )  # fmt: skip
    Delivery.objects.filter(document__case=case).update(delivered_on=day)
    assert [row.day for row in listed(county, "unproven")] == [clock.today()]


def test_a_review_opinion_needs_its_proof_too(county):
    case = petitions.closed(county).case
    review = Review.objects.create(
        petition_id=case.pk, round=1, original_unit=county.units["land"], from_state="closed", organ=county.units["centre"], organ_name="县政府",
        request="重新调查", grounds="不服", received_on=clock.today(), entered_by=county.people["office"], entered_at=clock.now(),
        decided_at=clock.now(), delivery="4", delivered_on=clock.today(),
    )  # fmt: skip
    assert ["复查复核意见" in note for note in notes(county, "unproven")] == [True]
    # Of a body outside the house the unit whose matter it is answers: a finding without a unit is no unit's to be asked.
    Review.objects.filter(pk=review.pk).update(organ=None, organ_name="烟台市人民政府")
    assert [row.unit for row in listed(county, "unproven")] == ["自然资源局"]
    Review.objects.filter(pk=review.pk).update(proof="EMS 2")
    assert notes(county, "unproven") == []


def test_who_prepared_may_not_sign_also_not_a_refusal(county):
    case = petitions.replied(county).case
    assert notes(county, "own_approval") == []
    reply = Reply.objects.get(petition__case=case)
    Reply.objects.filter(pk=reply.pk).update(prepared_by=reply.approved_by)
    assert len(notes(county, "own_approval")) == 1
    changed("casework_entry", "act = 'petition.approve_decline'", "case_id = %s AND act = 'petition.reply'", [case.pk])
    assert len(notes(county, "own_approval")) == 1
    changed("casework_entry", "act = 'petition.answer'", "case_id = %s AND act = 'petition.approve_decline'", [case.pk])
    assert notes(county, "own_approval") == []


# -- the person's word --------------------------------------------------------------------------------------------------------


def reopened(county: Any, case: Case) -> None:
    acts.reopen(case.number, reason="群众称没有拆除。", due_on=clock.today() + timedelta(days=20), by=county.scope("office"))


@pytest.mark.parametrize(("office", "unit", "count"), [("0", "", 1), ("", "2", 1), ("", "", 0)])
def test_reopened_after_a_rating_of_either_but_not_after_none(county, office, unit, count):
    case = petitions.closed(county).case
    Feedback.objects.filter(petition_id=case.pk).update(office_rating=office, unit_rating=unit)
    reopened(county, case)
    assert len(notes(county, "reopened_after_rating")) == count


def test_a_rating_after_the_reopening_is_none_before_it(county):
    case = petitions.closed(county).case
    reopened(county, case)
    Feedback.objects.filter(petition_id=case.pk).update(at=clock.now() + timedelta(hours=1))
    assert notes(county, "reopened_after_rating") == []


def test_feedback_counts_when_somebody_was_reached_before_the_close_and_in_this_round(county):
    case = petitions.closed(county).case
    case.refresh_from_db()
    assert notes(county, "without_feedback") == []
    rows = Feedback.objects.filter(petition_id=case.pk)
    rows.update(is_reached=False)
    assert len(notes(county, "without_feedback")) == 1
    rows.update(is_reached=True, at=case.closed_at + timedelta(days=1))
    assert len(notes(county, "without_feedback")) == 1
    rows.update(at=case.closed_at - timedelta(hours=1))
    assert notes(county, "without_feedback") == []
    reply = Reply.objects.get(petition_id=case.pk)
    rows.delete()
    Rating.objects.create(petition_id=case.pk, reply=reply, target="unit", value="0", at=case.closed_at - timedelta(minutes=1))
    assert notes(county, "without_feedback") == []


def test_feedback_of_the_round_before_does_not_count_for_the_next(county):
    case = petitions.closed(county).case
    Feedback.objects.filter(petition_id=case.pk).update(at=clock.now() - timedelta(hours=2))
    reopened(county, case)
    closed_at = clock.now() + timedelta(minutes=5)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=closed_at, outcome="solved", due_on=None, due_key="", warn_on=None)
    assert len(notes(county, "without_feedback")) == 1
    Feedback.objects.filter(petition_id=case.pk).update(at=closed_at - timedelta(minutes=1))
    assert notes(county, "without_feedback") == []


def test_every_doubt_says_in_words_what_it_looks_for():
    for doubt in queries.doubts().values():
        assert doubt.words.endswith("。"), doubt.code
        assert doubt.cites, doubt.code
    assert rules.LATE_DAYS == 3
