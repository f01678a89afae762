"""The ladder: a card for each rung, on its true day, lifted by rule, the same after an outage as without it."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework import escalation
from casework.models import Card, Case, Deadline, Entry, Notice
from casework.rules import NotAllowed
from organisations import clock
from tests.factories import petitions

pytestmark = pytest.mark.django_db

DUE = date(2026, 5, 31)


def on(day: date, hour: int = 9) -> clock.at:
    return clock.at(timezone.make_aware(datetime.combine(day, time(hour))))


def sweep_on(day: date) -> None:
    with on(day):
        escalation.sweep()


@pytest.fixture
def accepted(county):
    with on(date(2026, 4, 1)):
        case = petitions.accepted(county, received_on=date(2026, 4, 1)).case
    Notice.objects.all().delete()
    Deadline.objects.exclude(key="pet.handle").delete()
    Deadline.objects.update(card_on=DUE + timedelta(days=1))
    return case


def cards() -> list[tuple]:
    return list(Card.objects.order_by("deadline_id", "level").values_list("deadline_id", "level", "given_on", "lifted_on"))


def levels() -> list[tuple]:
    return [card[1:] for card in cards()]


def test_one_seven_and_fifteen_days_late(county, accepted):
    for shift in range(-3, 30):
        sweep_on(DUE + timedelta(days=shift))
    assert levels() == [(1, date(2026, 6, 1), None), (2, date(2026, 6, 7), None), (3, date(2026, 6, 15), None)]
    accepted.refresh_from_db()
    assert "red" in accepted.marks
    assert "yellow" not in accepted.marks
    assert set(accepted.reach.values_list("marks", flat=True).first()) == set(accepted.marks)


def test_a_short_term_is_half_as_patient(county, accepted):
    Deadline.objects.update(base_on=DUE - timedelta(days=15))
    for shift in range(12):
        sweep_on(DUE + timedelta(days=shift))
    assert [card[1] for card in levels()] == [DUE + timedelta(days=n) for n in (1, 3, 7)]


def test_lifted_by_rule_with_the_day_and_the_reason_and_never_lowered(county, accepted):
    sweep_on(DUE + timedelta(days=8))
    Deadline.objects.update(met_on=DUE + timedelta(days=9))
    sweep_on(DUE + timedelta(days=12))
    assert levels() == [(1, date(2026, 6, 1), date(2026, 6, 9)), (2, date(2026, 6, 7), date(2026, 6, 9))]
    assert "办结" in Card.objects.first().lift_reason
    accepted.refresh_from_db()
    assert "yellow" not in accepted.marks
    sweep_on(DUE + timedelta(days=40))
    assert len(levels()) == 2


def test_earned_in_an_outage_and_met_before_its_end(county, accepted):
    Deadline.objects.update(met_on=DUE + timedelta(days=8))
    sweep_on(DUE + timedelta(days=20))
    assert levels() == [(1, date(2026, 6, 1), date(2026, 6, 8)), (2, date(2026, 6, 7), date(2026, 6, 8))]
    assert Card.objects.get(level=2).reason == "“申诉求决事项办结”2026年5月31日到期，到6月7日仍未完成，已超 7 天"


def test_in_time_earns_nothing_and_is_not_looked_at_again(county, accepted):
    Deadline.objects.update(met_on=DUE)
    sweep_on(DUE + timedelta(days=1))
    assert cards() == []
    assert Deadline.objects.get().card_on is None


def test_thirty_days_with_five_days_off_give_the_same_cards(county, accepted):
    """Sixty duties, met, dropped or left, under a sweep that runs every day and under one that is off for five days."""
    rng = random.Random(5)
    template = Deadline.objects.get()
    facts = []
    for number in range(60):
        due = DUE + timedelta(days=rng.randint(-10, 20))
        stop = rng.choice([None, due + timedelta(days=rng.randint(-3, 25))])
        facts.append((due, stop, rng.choice(["met_on", "dropped_on"]), rng.choice([12, 60]), number))

    def run(off: range) -> list[tuple]:
        Card.objects.all().delete()
        Deadline.objects.all().delete()
        made = []
        for due, _, _, term, number in facts:
            template.pk, template.key = None, f"pet.t{number}"
            template.due_on, template.base_on, template.card_on = due, due - timedelta(days=term), due + timedelta(days=1)
            template.save(force_insert=True)
            made.append(template.pk)
        for shift in range(-12, 31):
            day = DUE + timedelta(days=shift)
            if shift not in off:
                sweep_on(day)
            for pk, (_, stop, column, _, _) in zip(made, facts, strict=True):
                if stop == day:
                    Deadline.objects.filter(pk=pk).update(**{column: day})
        sweep_on(DUE + timedelta(days=31))
        return [(made.index(pk), *rest) for pk, *rest in cards()]

    whole = run(range(0))
    assert len(whole) > 60
    assert run(range(4, 9)) == whole


def test_moving_the_due_date_after_an_outage_keeps_what_was_earned(county, accepted):
    deadline = Deadline.objects.get()
    with on(DUE + timedelta(days=8)):
        escalation.catch_up([deadline], clock.today(), clock.now())
    assert [card[0] for card in levels()] == [1, 2]
    sweep_on(DUE + timedelta(days=8))
    assert [card[0] for card in levels()] == [1, 2]


def test_yellow_goes_to_head_and_office_red_to_the_leader_too(county, accepted):
    sweep_on(DUE + timedelta(days=7))
    told = set(Notice.objects.filter(kind="card").values_list("to_user__username", "to_unit__short_name", "to_role"))
    assert told == {("handler", None, ""), (None, "自然资源局", "head"), (None, "县中心", "office")}
    Notice.objects.all().delete()
    sweep_on(DUE + timedelta(days=15))
    assert ("县中心", "leader") in set(Notice.objects.values_list("to_unit__short_name", "to_role"))


def test_the_head_signs_for_it_with_words_and_history_keeps_them(county, accepted, sign_in):
    sweep_on(DUE + timedelta(days=7))
    card = Card.objects.get(level=2)
    client = sign_in("head")
    page = client.get(reverse("casework:cards")).content.decode()
    assert "黄牌" in page
    assert accepted.number in page
    done = client.post(reverse("casework:card-acknowledge", args=[card.pk]), {"words": "鉴定延误，下周三前答复"})
    assert done.status_code == 302
    card.refresh_from_db()
    assert card.acknowledged_by == county.people["head"]
    assert Entry.objects.filter(case=accepted, act="card.acknowledge", text__contains="下周三前答复").count() == 1
    assert "鉴定延误" in client.get(reverse("petitions:detail", args=[accepted.number])).content.decode()
    again = client.post(reverse("casework:card-acknowledge", args=[card.pk]), {"words": "再签一次"})
    assert again.status_code == 409


def test_others_may_not_and_strangers_see_no_card(county, accepted, sign_in):
    sweep_on(DUE + timedelta(days=7))
    card = Card.objects.get(level=2)
    with pytest.raises(NotAllowed):
        escalation.acknowledge(card.pk, words="知道了", by=county.scope("handler"))
    with pytest.raises(NotAllowed):
        escalation.acknowledge(card.pk, words=" ", by=county.scope("head"))
    with pytest.raises(Card.DoesNotExist):
        escalation.acknowledge(card.pk, words="知道了", by=county.scope("labour_head"))
    assert accepted.number not in sign_in("labour_head").get(reverse("casework:cards")).content.decode()
    assert sign_in("labour_head").post(reverse("casework:card-acknowledge", args=[card.pk]), {"words": "x"}).status_code == 404
    assert Case.objects.get().version == accepted.version
