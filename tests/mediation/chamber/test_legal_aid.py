"""Legal aid asked for online runs under the county's limit (法律援助法§43): lamp, list, home, reminders; nothing ends it undecided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import limits
from casework.limits import Terms
from casework.models import Notice
from casework.rules import NotAllowed
from mediation.chamber import actions, queries, rules
from mediation.models import AidRequest, Conversation
from organisations import clock
from tests.factories import disputes
from tests.factories import disputes_chamber as chamber

pytestmark = pytest.mark.django_db


def asked(county) -> Conversation:
    return chamber.asked(county, way=rules.Way.AID, aid=actions.Aid(ground="wages", income="年收入一万二千元，无存款。"))[0]


def test_the_days_are_the_countys_setting_and_the_version_stays_with_the_application(county):
    first = asked(county).aid
    assert (first.due_on, first.warn_on) == (clock.today() + timedelta(days=7), clock.today() + timedelta(days=4))
    assert first.limit.cites == "法律援助法§43"
    held = limits.current().limit("med.legal_aid", clock.today())
    terms = Terms.of(held)
    limits.amend(
        held.key,
        Terms(5, terms.unit, terms.roll, terms.warn_days, terms.max_extension, terms.cites, terms.is_verified),
        valid_from=clock.today() + timedelta(days=1),
        reason="本县承诺五日",
        by=county.scope("system_admin"),
    )
    limits.forget()
    with clock.at(clock.now() + timedelta(days=2)):
        second = asked(county).aid
        assert second.due_on == clock.today() + timedelta(days=5)
    first.refresh_from_db()
    assert first.limit == held


def test_lamp_list_and_home_say_how_long_is_left(county, sign_in):
    row = asked(county)
    office = sign_in("office")
    for days, words in ((0, "余 7 天"), (5, "余 2 天"), (7, "今日到期"), (9, "超 2 天")):
        with clock.at(clock.now() + timedelta(days=days)):
            page = queries.listed(county.scope("office"), "asked")
            assert [one.number for one in page] == [row.number]
            panel = next(panel for panel in queries.panels(county.scope("office")) if panel.label == "掌上调解室")
            assert words in panel.rows[0].note
            late = days > 7
            assert queries.listed(county.scope("office"), "late").count() == queries.counts(county.scope("office"))["late"] == late
    listed = office.get("/mediation/room/?show=asked").content.decode()
    assert "lamp" in listed
    assert "余 7 天" in office.get(f"/mediation/room/{row.number}/").content.decode()
    assert row.name in office.get("/").content.decode()
    actions.decide_aid(row.number, verdict="granted", words="请带身份证到法律援助窗口。", by=county.scope("office"))
    assert queries.listed(county.scope("office"), "asked").count() == 0
    assert queries.listed(county.scope("office"), "decided").count() == 1


def test_what_is_late_has_a_tab_with_its_count(county, sign_in):
    """No case of the docket, so not among its 超期: the room counts and lists what of it is late, for whom it is."""
    row = asked(county)
    with clock.at(clock.now() + timedelta(days=9)):
        page = sign_in("office").get("/mediation/room/?show=late").content.decode()
        assert row.number in page
        assert '援助超期 <span class="cnt cnt--bad">1</span>' in page
        assert row.number not in sign_in("other_handler").get("/mediation/room/?show=late").content.decode()


def test_nothing_ends_it_before_it_is_decided(county, sign_in):
    row = asked(county)
    refused = sign_in("office").post(f"/mediation/room/{row.number}/", {"act": "close", "words": "先结束吧，以后再说"})
    assert refused.status_code == 409
    assert "还没有作出决定" in refused.content.decode()
    with pytest.raises(NotAllowed, match="还没有作出决定"):
        actions.begin_dispute(row.number, disputes.intake(county), by=county.scope("office"))
    actions.decide_aid(row.number, verdict="refused", words="不符合经济困难标准，可以申请异议。", by=county.scope("office"))
    actions.close(row.number, words="已经告知结果", by=county.scope("office"))
    row.refresh_from_db()
    assert row.state == "closed"


def test_each_warning_day_is_told_once_also_after_an_outage(county):
    asked(county)
    told = []
    for days in (0, 3, 4, 5, 7, 8, 12):  # the clock stood still on the sixth day
        with clock.at(clock.now() + timedelta(days=days)):
            told.append(actions.remind_aid())
    assert [bool(count) for count in told] == [False, False, True, False, True, True, False]
    assert Notice.objects.filter(kind="chamber.aid_due").count() == 3
    assert AidRequest.objects.get().verdict == "asked"
