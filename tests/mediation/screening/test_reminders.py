"""Units are reminded before the due date; a missed round is told once to unit, town and centre, and stays on the list (appendix C, ALL-3)."""

from __future__ import annotations

import pytest

from casework.models import Notice, NoticePreference
from casework.queries import inbox
from mediation.models import Round
from mediation.screening import actions
from mediation.screening.queries import desks
from tests.factories import disputes_screening as screening
from tests.factories.disputes_screening import on

pytestmark = pytest.mark.django_db


def _to(county, unit, kind):
    return Notice.objects.filter(to_unit=county.units[unit], kind=kind)


def test_the_unit_is_reminded_the_day_before_and_on_the_day(county):
    with on(18):
        row = screening.opened(county)
        actions.remind()
        assert not _to(county, "jiuqu", "screening.due").exists()
    for day in (21, 21, 22, 22):
        with on(day):
            actions.remind()
    assert _to(county, "jiuqu", "screening.due").filter(key__startswith=f"sd{row.pk}:").count() == 2


def test_a_reported_round_is_not_spoken_of(county):
    with on(18):
        actions.report(screening.opened(county).pk, screening.nothing(), by=county.scope("village_cadre"))
    for day in (21, 22, 23):
        with on(day):
            actions.remind()
    assert not Notice.objects.filter(to_unit=county.units["jiuqu"], kind__startswith="screening.").exists()


def test_a_missed_round_is_told_once_to_unit_town_and_centre_and_never_closed(county):
    with on(18):
        row = screening.opened(county)
    for day in (23, 23, 24, 28):
        with on(day):
            actions.remind()
    assert _to(county, "jiuqu", "screening.missed").count() == 1
    assert _to(county, "fushan", "screening.missed").count() == 2  # 九曲村, 老翅村
    centre = _to(county, "centre", "screening.missed")
    assert centre.count() == 1  # a line a town and period
    assert "阜山镇" in centre.get().text
    assert "九曲村、老翅村" in centre.get().text
    with on(28):
        assert row in desks.desk(county.scope("village_cadre")).missed
        assert "缺报" in desks.panels(county.scope("village_cadre"))[0].rows[0].note
    with on(28):
        actions.report(row.pk, screening.nothing(visited_on=row.until_on), by=county.scope("village_cadre"))
        assert not desks.desk(county.scope("village_cadre")).missed


def test_after_an_outage_the_missed_are_told_all_the_same(county):
    with on(18):
        screening.opened(county)
    with on(20, month=12):
        actions.remind()
        actions.remind()
    assert _to(county, "jiuqu", "screening.missed").count() == 1
    assert not Round.objects.filter(missed_told_at=None, due_on__lt="2026-12-01").exists()


def test_an_open_finding_is_spoken_of_every_three_days(county):
    with on(18):
        finding = screening.found(county)
    for day in (19, 20):
        with on(day):
            actions.remind()
    assert not _to(county, "jiuqu", "screening.finding").exists()
    for day in (21, 22, 24):
        with on(day):
            actions.remind()
    assert _to(county, "jiuqu", "screening.finding").count() == 2
    with on(25):
        actions.settle(finding.pk, words="双方当面和好，都认可。", by=county.scope("village_cadre"))
    with on(28):
        actions.remind()
    assert _to(county, "jiuqu", "screening.finding").count() == 2


def test_it_can_be_muted_because_no_law_sets_it(county):
    with on(18):
        screening.opened(county)
    with on(22):
        actions.remind()
        scope = county.scope("village_cadre")
        assert inbox.mine(scope).filter(kind="screening.due").exists()
        NoticePreference.objects.create(user=scope.user, muted=["screening.due"])
        assert not inbox.mine(scope).filter(kind="screening.due").exists()


def test_the_notice_opens_the_desk(county, sign_in):
    with on(18):
        screening.opened(county)
    with on(22):
        actions.remind()
    notice = _to(county, "jiuqu", "screening.due").get()
    assert sign_in("village_cadre").post(f"/inbox/{notice.pk}/open/").headers["Location"] == "/mediation/screening/"
