"""解除关联 (unlink) over HTTP: the five questions (architecture §13), and what a mark set by mistake leaves behind: nothing but two lines."""

from __future__ import annotations

import pytest

from casework import chain
from casework.models import Case, Entry, Link
from petitions import actions
from tests.factories import petitions
from tests.factories.five import FiveQuestions


def linked(county, kind: str = "repeat"):
    earlier = petitions.registered(county).case.number
    return actions.link(petitions.registered(county).case.number, other=earlier, kind=kind, reason="同一事项", by=county.scope("clerk"))


class TestUnlink(FiveQuestions):
    code, made, wrong, doer, state = "unlink", "linked", "voided", "clerk", "registered"
    rooms = (globals(), *FiveQuestions.rooms)

    def typed(self, county, petition):
        link = Link.objects.filter(source=petition.case).first()
        return {"other": link.target.number if link else petitions.registered(county).case.number, "reason": "点错了"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["repeat", "related"])
def test_a_link_set_by_mistake_is_undone_from_either_side(county, kind):
    later = linked(county, kind)
    earlier = Link.objects.get().target
    actions.unlink(earlier.number, other=later.case.number, reason="点错了", by=county.scope("office"))
    link = Link.objects.get()
    assert (link.undone_by, link.undo_reason) == (county.people["office"], "点错了")
    assert not {"repeat"} & {mark for case in Case.objects.all() for mark in case.marks}
    assert Entry.objects.filter(act="petition.unlink").count() == 2
    assert list(chain.verify_cases()) == []


@pytest.mark.django_db
def test_the_page_leads_from_the_link_to_its_undoing(county, sign_in):
    later = linked(county)
    earlier = Link.objects.get().target
    client = sign_in("clerk")
    page = client.get(f"/petitions/{later.case.number}/").content.decode()
    assert f"?act=unlink&amp;other={earlier.number}#act" in page
    form = client.get(f"/petitions/{later.case.number}/", {"act": "unlink", "other": earlier.number}).context["form"]
    assert form["other"].value() == earlier.number
    assert "act=unlink" not in client.get(f"/petitions/{petitions.registered(county).case.number}/").content.decode()


@pytest.mark.django_db
def test_a_merged_case_says_so_in_its_head_and_may_not_be_unlinked(county, sign_in):
    main = petitions.registered(county).case.number
    child = actions.merge(petitions.registered(county).case.number, into=main, reason="同一事项", by=county.scope("office"))
    page = sign_in("office").get(f"/petitions/{child.case.number}/").content.decode()
    head = page.split("casehead__title")[1].split("</header>")[0]
    assert "本件已并入" in head
    assert main in head
    assert "act=unlink" not in page
    assert "本件已并入" not in sign_in("office").get(f"/petitions/{main}/").content.decode()
