"""记对调解员的意见 (hear_choice): parties consent, the engine only proposes (调解法§19 §23; L-MED-5)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import ladder, people
from mediation.matching import queries
from mediation.models import Mediating, Mediator, SideWord
from tests.factories import disputes, disputes_people
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db


class TestHearChoice(FiveOfDispute):
    code, made, wrong, doer, state = "hear_choice", "proposed", "offered", "village_cadre", "dispute_accepted"
    rooms = (vars(disputes), vars(disputes_people))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        member = Mediator.objects.order_by("pk").first()
        return {"mediator_id": member.pk if member else 1, "letter": "a", "answer": "agrees", "words": ""}

    def after(self, county: County, petition: Any) -> None:
        word = SideWord.objects.get(dispute=petition)
        assert (word.letter, word.answer) == ("a", "agrees")


def hear(county: County, number: str, member: Mediator, letter: str, answer: str, words: str = "") -> None:
    people.hear_choice(number, mediator_id=member.pk, letter=letter, answer=answer, words=words, by=county.scope("village_cadre"))


def test_an_objection_takes_the_person_off_and_nobody_can_name_him(county: County) -> None:
    dispute = disputes_people.proposed(county)
    number, member = dispute.case.number, Mediator.objects.get()
    assert queries.advice(dispute).proposals[0].name == member.name
    hear(county, number, member, "b", "objects", "他跟对方走得近")
    advice = queries.advice(dispute)
    assert member.name not in [row.name for row in advice.proposals]
    assert "乙方提出回避" in [row.why for row in advice.excluded]
    with pytest.raises(NotAllowed) as refused:
        ladder.name_mediator(number, mediator_id=member.pk, reason="调委会指定。", by=county.scope("village_cadre"))
    assert refused.value.code == "conflict"


def test_the_newest_word_stands_and_both_yes_make_a_chosen_mediator(county: County) -> None:
    dispute = disputes_people.proposed(county)
    number, member = dispute.case.number, Mediator.objects.get()
    hear(county, number, member, "b", "objects", "先不要")
    with pytest.raises(NotAllowed):
        hear(county, number, member, "a", "agrees")
    SideWord.objects.filter(answer="objects").update(replaced_at=dispute.case.opened_at)
    for letter in "ab":
        hear(county, number, member, letter, "agrees")
    ladder.name_mediator(number, mediator_id=member.pk, reason="双方共同选择。", by=county.scope("village_cadre"))
    row = Mediating.objects.get(dispute=dispute)
    assert (row.mediator, row.chosen, row.accepted_by) == (member, "chosen", ["a", "b"])


def test_an_objection_needs_its_reason_and_a_side_that_is_there(county: County) -> None:
    dispute = disputes_people.proposed(county)
    member = Mediator.objects.get()
    for letter, answer, code in (("a", "objects", "words_needed"), ("c", "agrees", "no_side")):
        with pytest.raises(NotAllowed) as refused:
            hear(county, dispute.case.number, member, letter, answer)
        assert refused.value.code == code
