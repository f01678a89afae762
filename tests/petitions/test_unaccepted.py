"""超期未受理: nobody was told in fifteen days whether the matter is taken; a tag until it is (L-PET-20)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import deadlines
from casework.models import Case, Deadline, Reach
from organisations import clock
from petitions import actions
from tests.factories import petitions

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_the_tag_comes_the_day_after_and_goes_with_the_acceptance(county, sign_in):
    number = petitions.signed(county).case.number
    case = Case.objects.get(number=number)
    due_on = Deadline.objects.get(case=case, key="pet.notify_forwarded").due_on
    with clock.at(clock.now() + (due_on - clock.today())):
        assert deadlines.mark_unaccepted() == 0, "the last day is not over"
        assert number not in sign_in("head").get("/cases/?mark=unaccepted").content.decode()
    with clock.at(clock.now() + (due_on + DAY - clock.today())):
        assert deadlines.mark_unaccepted() == 1
        assert deadlines.mark_unaccepted() == 0
        assert Case.objects.get(number=number).version == case.version, "a tag is no act"
        client = sign_in("head")
        page = client.get("/cases/?mark=unaccepted").content.decode()
        assert number in page
        assert "超期未受理" in client.get(f"/petitions/{number}/").content.decode()
        assert Reach.objects.filter(case=case, marks__contains=["unaccepted"]).exists()
        actions.accept(number, words="已收到，将依法调查核实。", by=county.scope("handler"))
        assert "unaccepted" not in Case.objects.get(number=number).marks
        assert Deadline.objects.get(case=case, key="pet.handle").base_on == due_on, "the 60 days run from the last day of the notice"


def test_it_goes_when_the_unit_gives_the_matter_back(county):
    number = petitions.routed(county).case.number
    actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))
    with clock.at(clock.now() + 20 * DAY):
        assert deadlines.mark_unaccepted() == 1
        actions.agree_return(number, words="同意退回。", by=county.scope("office"))
        assert "unaccepted" not in Case.objects.get(number=number).marks


def test_a_matter_in_time_or_accepted_bears_no_tag(county):
    petitions.accepted(county)
    with clock.at(clock.now() + 40 * DAY):
        assert deadlines.mark_unaccepted() == 0
