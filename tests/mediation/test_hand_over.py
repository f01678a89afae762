"""移交经办工作 (hand_over): nobody leaves a dispute, a side, a conversation behind; nor a unit as its last keeper (HALL-14, 调解法§19)."""

from __future__ import annotations

from typing import Any

import pytest

from casework import limits
from casework.models import Case, Entry, Notice
from casework.rules import NotAllowed
from mediation.actions import joint, people
from mediation.actions import ladder as acts
from mediation.chamber import actions as chamber
from mediation.chamber import rules as room
from mediation.corps.actions import appointments
from mediation.models import Assignment, Conversation, Invited, Mediating
from organisations import clock, handover
from organisations.actions import accounts, posts
from organisations.models import Post
from organisations.roles import Role
from organisations.rules import NotAllowed as Refused
from tests.factories import disputes, disputes_screening, disputes_talks
from tests.factories import disputes_chamber as online
from tests.factories import disputes_corps as corps
from tests.factories.county import County, new_person
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db
REASON = "与陈德旺是多年邻居，两家常来往，他听得进。"


def led(county: County) -> Any:
    """At 阜山镇, led by 田和."""
    dispute = disputes.in_town(county)
    by = county.scope("town_handler")
    return acts.name_mediator(dispute.case.number, to_user_id=county.people["mediator"].id, reason="双方选择", by=by)


class TestHandOver(FiveOfDispute):
    code, made, wrong, doer, state = "hand_over", "led", "declined", "town_head", "dispute_accepted"
    wrong_doer = "village_cadre"
    rooms = (vars(disputes), globals())

    def typed(self, county: County, dispute: Any) -> dict[str, Any]:
        people = county.people
        return {"leaver": f"u{people['mediator'].id}", "to_user_id": people["town_handler"].id, "words": "调离本镇"}

    def after(self, county: County, dispute: Any) -> None:
        people = county.people
        old, new = Mediating.objects.filter(dispute=dispute).order_by("id")
        assert (old.user, old.until_on, old.ended_because) == (people["mediator"], clock.today(), "工作移交给张磊")
        assert (new.user, new.part, new.until_on) == (people["town_handler"], "leading", None)
        assert Case.objects.get(pk=dispute.pk).handler == people["town_handler"]
        assert Notice.objects.filter(kind="dispute.hand_over", to_user=people["town_handler"]).count() == 1


def post_of(county: County, person: str) -> Post:
    return Post.objects.get(user=county.people[person])


def end(county: County, person: str) -> Post:
    return posts.end(post_of(county, person).id, until_on=clock.today(), ground="调离", by=county.scope("security_admin"))


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_a_mediator_leaves_only_after_the_hand_over_page(county: County, sign_in: Any) -> None:
    dispute = led(county)
    leaver = county.people["mediator"]
    assert handover.open_by_unit(leaver.id) == {county.units["fushan"].id: 1}
    with refused("open_items"):
        end(county, "mediator")
    with refused("open_items"):
        accounts.deactivate(leaver.id, ground="调离", by=county.scope("system_admin"))
    client, page = sign_in("town_head"), f"/hand-over/{leaver.id}/"
    assert dispute.case.number in client.get(page).content.decode()
    given = {"items": [f"dispute:{dispute.case.number}"], "successor": county.people["town_handler"].id, "words": "调离本镇"}
    assert "已移交给张磊" in client.post(page, given).content.decode()
    entry = Entry.objects.get(case=dispute.case, act="dispute.hand_over")
    assert (entry.by, entry.text) == (county.people["town_head"], "调离本镇")
    assert end(county, "mediator").until_on == clock.today()


def test_who_was_sent_to_a_side_is_named_too_and_the_bond_goes_to_nobody(county: County) -> None:
    number = disputes.accepted(county).case.number
    mediator = county.people["mediator"]
    joint.assign(number, to_user_id=mediator.id, relation="2", letter="b", reason=REASON, by=county.scope("village_cadre"))
    with refused("open_items"):
        end(county, "mediator")
    by = county.scope("village_cadre")
    people.hand_over(number, from_user_id=mediator.id, to_user_id=county.people["village_cadre"].id, words="调离", by=by)
    assert list(Assignment.objects.values_list("person", "until_on")) == [(mediator.id, clock.today())]
    assert "乙方" in str(Entry.objects.get(act="dispute.hand_over").detail)
    end(county, "mediator")


def test_who_was_sent_to_a_side_is_chosen_on_the_page_and_taken_from_it(county: County, sign_in: Any) -> None:
    dispute = disputes.accepted(county)
    number, mediator = dispute.case.number, county.people["mediator"]
    joint.assign(number, to_user_id=mediator.id, relation="2", letter="b", reason=REASON, by=county.scope("village_cadre"))
    browser = sign_in("village_cadre")
    assert f'value="u{mediator.id}"' in browser.get(f"/mediation/{number}/?act=hand_over").content.decode()
    version = Case.objects.get(number=number).version
    typed = {"leaver": f"u{mediator.id}", "to_user_id": county.people["village_cadre"].id, "words": "调离本镇", "version": version}
    assert browser.post(f"/mediation/{number}/hand_over/", typed).status_code == 303
    assert Assignment.objects.get(dispute=dispute, person=mediator).until_on == clock.today()


def test_a_planned_talk_is_told_with_its_hour(county: County, sign_in: Any) -> None:
    from_informed = disputes_talks.with_mediator(county)
    case = from_informed.case
    assert case.handler_id is not None
    page = sign_in("office").get(f"/hand-over/{case.handler_id}/").content.decode()
    assert case.number in page


def test_nobody_named_nobody_hands_over(county: County) -> None:
    number = led(county).case.number
    by = county.scope("town_head")
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "not_named"):
        people.hand_over(number, from_user_id=county.people["grid_worker"].id, to_user_id=county.people["town_handler"].id, words="调离", by=by)
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "not_of_unit"):
        people.hand_over(number, from_user_id=county.people["mediator"].id, to_user_id=county.people["other_handler"].id, words="调离", by=by)


def test_the_last_keeper_of_a_room_stays_until_another_is_appointed(county: County) -> None:
    disputes.accepted(county)
    with refused("last_one"):
        end(county, "village_cadre")
    with refused("last_one"):
        accounts.deactivate(county.people["village_cadre"].id, ground="调离", by=county.scope("system_admin"))
    person = new_person("second", "孙二村")
    person.save()
    Post.objects.create(user=person, unit=county.units["jiuqu"], role=Role.VILLAGE_CADRE, from_on=clock.today(), appointed_by=county.people["office"])
    assert end(county, "village_cadre").until_on == clock.today()


def test_a_round_to_report_holds_the_last_who_can_report_it(county: County) -> None:
    disputes_screening.opened(county)
    Post.objects.filter(user=county.people["grid_worker"]).delete()
    with refused("last_one"):
        end(county, "village_cadre")


def test_with_nothing_open_the_last_keeper_may_go(county: County) -> None:
    assert end(county, "village_cadre").until_on == clock.today()


def test_a_conversation_goes_to_another_of_the_corps(county: County, sign_in: Any) -> None:
    old = online.shown(county)
    row, _code = online.asked(county, old)
    with refused("open_items"):
        end(county, "mediator")
    with refused("open_items"):
        appointments.end(old.pk, on=clock.today(), reason="moved", words="调离", by=county.scope("town_handler"))
    client, page = sign_in("town_head"), f"/hand-over/{old.user_id}/"
    given = {"items": [f"chamber:{row.number}"], "successor": county.people["town_handler"].id, "words": "调离本镇"}
    assert "接手人须是在任、同意公开的调解员" in client.post(page, given).content.decode()
    online.shown(county, "张磊", user="town_handler")
    assert "已移交给张磊" in client.post(page, given).content.decode()
    assert list(Invited.objects.filter(conversation=row, declined_at=None).values_list("mediator__name", flat=True)) == ["张磊"]
    assert "由张磊继续与您沟通" in row.messages.last().text
    assert Conversation.objects.get(pk=row.pk).state == room.State.WAITING
    end(county, "mediator")


def test_a_booked_hour_goes_with_the_conversation(county: County) -> None:
    old, new = online.shown(county), online.shown(county, "张磊", user="town_handler")
    row, _code = online.asked(county, old, way=room.Way.VISIT)
    hour = next(iter(room.slots([held.block for held in old.chamber_hours.all()], clock.now(), limits.current().calendar)))
    chamber.offer(row.number, old.pk, hour, by=county.scope("mediator"))
    chamber.pass_on(row.number, old.user_id, county.people["town_handler"].id, "调离", county.scope("mediator"))
    assert row.bookings.get().mediator == new


def test_who_has_no_account_leaves_the_corps_after_the_hand_over(county: County) -> None:
    dispute = disputes.in_town(county)
    by = county.scope("town_handler")
    elder = corps.worthy(county, unit="fushan")
    acts.name_mediator(dispute.case.number, mediator_id=elder.pk, reason="双方选择", by=by)
    with refused("open_items"):
        appointments.end(elder.pk, on=clock.today(), reason="resigned", words="年事已高", by=by)
    to_user_id = county.people["town_handler"].id
    head = county.scope("town_head")
    people.hand_over(dispute.case.number, from_mediator_id=elder.pk, to_user_id=to_user_id, words="年事已高", by=head)
    appointments.end(elder.pk, on=clock.today(), reason="resigned", words="年事已高", by=by)
