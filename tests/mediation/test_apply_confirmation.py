"""申请司法确认 (apply_confirmation): together, within thirty days, at a court with jurisdiction (调解法§33, L-MED-12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casework.models import Deadline, Document
from casework.rules import NotAllowed
from mediation.models import Confirmation
from mediation.queries import dispute as queries
from mediation.rules.closing import check_court, check_in_time, check_may_apply
from organisations import clock
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

ZONE = ZoneInfo("Asia/Shanghai")


class TestApplyConfirmation(FiveOfDispute):
    code, made, wrong, doer, state, paper = "apply_confirmation", "agreed", "accepted", "village_cadre", "dispute_agreed", "M10"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {
            "applied_on": clock.today().isoformat(),
            "court": "招远市人民法院",
            "tier": "basic",
            "why_court": "domicile",
            "why_words": "甲方住阜山镇九曲村",
            "party_ids": disputes_closing.parties(petition),
        }

    def after(self, county: County, petition: Any) -> None:
        row = Confirmation.objects.get(dispute=petition)
        assert row.state == Confirmation.State.APPLIED
        assert row.last_on == Deadline.objects.get(case=petition.case, key="med.confirm").due_on
        running = Deadline.objects.get(case=petition.case, key="med.court_accept", met_on=None)
        assert running.due_on == clock.today() + timedelta(days=3)
        assert running.card_on is None, "nobody here is late with what a court has not done"
        words = Document.objects.get(case=petition.case, paper="M10").context
        assert words["why"] == "一方当事人住所地：甲方住阜山镇九曲村"
        assert [person["name"] for person in words["people"]] == ["陈桂兰", "陈德旺"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "last"),
    [
        # Plain: the day of effect is not counted (L-TIME-1).
        (date(2026, 3, 2), date(2026, 4, 1)),
        # Across the end of a short month.
        (date(2026, 1, 31), date(2026, 3, 2)),
        # The thirtieth day is a Sunday: to Monday (L-TIME-3).
        (date(2026, 3, 6), date(2026, 4, 7)),
        # The thirtieth day is the first of the National Day holidays: past them all.
        (date(2026, 9, 1), date(2026, 10, 8)),
        # Past the Spring Festival.
        (date(2026, 1, 17), date(2026, 2, 24)),
    ],
)
def test_the_thirty_days_run_to_a_working_day(county, day, last):
    with clock.at(datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)):
        dispute = disputes_closing.agreed(county)
    assert Deadline.objects.get(case=dispute.case, key="med.confirm").due_on == last
    with clock.at(datetime(last.year, last.month, last.day, 16, tzinfo=ZONE)):
        row = Confirmation.objects.get(dispute=disputes_closing.asked(dispute, county))
    assert row.last_on == last
    after = last + timedelta(days=1)
    with pytest.raises(NotAllowed) as late:
        check_in_time(after, day, last, after)
    assert late.value.code == "too_late"


@pytest.mark.django_db
def test_a_day_late_the_page_offers_it_but_the_act_refuses(county):
    with clock.at(datetime(2026, 3, 2, 10, tzinfo=ZONE)):
        dispute = disputes_closing.agreed(county)
    with clock.at(datetime(2026, 4, 2, 9, tzinfo=ZONE)), pytest.raises(NotAllowed) as refused:
        disputes_closing.asked(dispute, county)
    assert refused.value.code == "too_late"


@pytest.mark.django_db
def test_one_side_alone_cannot_ask(county):
    dispute = disputes_closing.agreed(county)
    with pytest.raises(NotAllowed) as refused:
        disputes_closing.asked(dispute, county, party_ids=disputes_closing.parties(dispute)[:1])
    assert refused.value.code == "not_joint"


@pytest.mark.django_db
def test_once_it_is_at_court_it_is_not_offered_again(county):
    dispute = disputes_closing.applied(county)
    with pytest.raises(NotAllowed) as refused:
        disputes_closing.asked(dispute, county)
    assert refused.value.code == "at_court"
    acts = queries.lawful(queries.page(dispute), county.scope("village_cadre"))
    assert "apply_confirmation" not in acts
    assert "record_court_acceptance" in acts


@pytest.mark.parametrize("concerns", ["12", "13", "14"])
def test_personal_status_is_named_before_anybody_applies(concerns):
    with pytest.raises(NotAllowed) as refused:
        check_may_apply(form="1", letters={"a", "b"}, sides={"a", "b"}, concerns=concerns)
    assert refused.value.code == "personal_status"
    assert "关系" in refused.value.message


def test_an_oral_agreement_cannot_be_confirmed():
    with pytest.raises(NotAllowed) as refused:
        check_may_apply(form="2", letters={"a", "b"}, sides={"a", "b"}, concerns="")
    assert refused.value.code == "not_written"


@pytest.mark.parametrize(("source", "why", "code"), [("31", "body", "inviting_court"), ("1", "inviting", "not_invited")])
def test_invited_mediation_goes_to_the_inviting_court_the_own_one_does_not(source, why, code):
    with pytest.raises(NotAllowed) as refused:
        check_court(source, why)
    assert refused.value.code == code
    check_court("31", "inviting")
    check_court("1", "domicile")
