"""The inbox: told to the right people, read once for the unit, never past the scope."""

import pytest
from django.urls import reverse

from casework.models import Notice, NoticePreference
from casework.queries import inbox
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def test_a_routed_case_is_news_for_the_unit_and_nobody_else(county):
    petitions.routed(county)
    assert inbox.unread(county.scope("handler")) == 1
    assert inbox.unread(county.scope("handler2")) == 1
    for person in ("labour_handler", "clerk", "system_admin", "audit_admin"):
        assert inbox.unread(county.scope(person)) == 0


def test_a_protected_case_is_no_news_for_those_who_may_not_see_it(county):
    case = petitions.registered(county, purpose="03").case
    Notice.objects.create(case=case, to_unit=county.units["land"], kind="x", text="保密件的标题", at=case.opened_at, key="k1")
    assert inbox.unread(county.scope("handler")) == 0
    assert inbox.page(county.scope("handler"), only_new=True) == ([], None)


def test_reading_marks_it_for_the_unit_and_says_who(county, sign_in):
    petitions.routed(county)
    client = sign_in("handler")
    page = client.get(reverse("casework:inbox")).content.decode()
    assert "转来待签收" in page
    notice = Notice.objects.get(to_unit=county.units["land"])
    client.post(reverse("casework:inbox-read"), {"id": [notice.pk]})
    notice.refresh_from_db()
    assert notice.read_by == county.people["handler"]
    assert inbox.unread(county.scope("handler2")) == 0
    assert "王海涛已读" in sign_in("handler2").get(reverse("casework:inbox"), {"show": "all"}).content.decode()


def test_opening_goes_to_the_case(county, sign_in):
    case = petitions.routed(county).case
    notice = Notice.objects.get(to_unit=county.units["land"])
    assert sign_in("labour_handler").post(reverse("casework:notice", args=[notice.pk])).status_code == 404
    response = sign_in("handler").post(reverse("casework:notice", args=[notice.pk]))
    assert response.url == reverse("petitions:detail", args=[case.number])
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_somebody_elses_notice_stays_new(county, sign_in):
    petitions.routed(county)
    notice = Notice.objects.get(to_unit=county.units["land"])
    sign_in("labour_handler").post(reverse("casework:inbox-read"), {"id": [notice.pk]})
    sign_in("labour_handler").post(reverse("casework:inbox-read"), {"all": "1"})
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_bell_is_a_small_fragment(county, sign_in, django_assert_max_num_queries):
    petitions.routed(county)
    client = sign_in("handler")
    client.get(reverse("casework:bell"))
    with django_assert_max_num_queries(4):
        answer = client.get(reverse("casework:bell")).content.decode()
    assert "1 条未读" in answer
    assert "<html" not in answer
    assert sign_in("handler").get(reverse("casework:inbox"), {"before": "x"}).status_code == 200


@pytest.mark.parametrize("person", ["handler", "handler2", "head", "office", "clerk", "labour_handler", "audit_admin"])
def test_the_bell_counts_what_the_inbox_shows(county, person):
    """The bell asks by hand, the inbox by Django: whatever is addressed, muted, read or protected, both mean the same notices."""
    case, protected = petitions.routed(county).case, petitions.registered(county, purpose="03").case
    land, handler = county.units["land"], county.people["handler"]
    told = {"text": "x", "at": case.opened_at}
    for n, addressed in enumerate(
        [
            {"to_unit": land},
            {"to_unit": land, "to_role": "handler"},
            {"to_unit": land, "to_role": "head"},
            {"to_unit": county.units["labour"], "to_role": "handler"},
            {"to_user": handler},
            {"to_user": county.people["office"]},
        ]
    ):
        for m, of in enumerate([{"case": case}, {"case": protected}, {"case": None}]):
            Notice.objects.create(**addressed, **of, kind="loud", key=f"a{n}{m}", **told)
            Notice.objects.create(**addressed, **of, kind="quiet", key=f"b{n}{m}", **told)
            Notice.objects.create(**addressed, **of, kind="quiet", is_statutory=True, key=f"c{n}{m}", **told)
            Notice.objects.create(**addressed, **of, kind="loud", read_at=case.opened_at, key=f"d{n}{m}", **told)
    NoticePreference.objects.create(user=handler, muted=["quiet"])
    scope = county.scope(person)
    assert inbox.unread(scope) == inbox.mine(scope).filter(read_at=None).count()
