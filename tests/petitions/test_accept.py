"""受理告知 (accept) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework import documents, limits
from casework.models import Document
from organisations import clock
from tests.factories import petitions
from tests.factories.five import FiveQuestions


class TestAccept(FiveQuestions):
    code, made, wrong, doer, state = "accept", "signed", "routed", "handler", "accepted"
    paper = "P05"

    def typed(self, county, petition):
        return {"words": "现予受理。"}


@pytest.mark.django_db
def test_the_letter_names_the_limits_as_the_county_set_them(county):
    limit = limits.current().limit("pet.handle", clock.today())
    limits.amend(
        "pet.handle",
        replace(limits.Terms.of(limit), n=45, max_extension=15),
        valid_from=clock.today(),
        reason="省条例收紧",
        by=county.scope("system_admin"),
    )
    limits.forget()
    paper = Document.objects.get(case=petitions.accepted(county).case, paper="P05")
    words = documents.html(paper)
    assert "自受理之日起45日内办结" in words
    assert "延长不超过15日" in words
    sent = Document.objects.get(case=paper.case, paper="P03")
    assert "自收到之日起5个工作日内书面说明理由" in documents.html(sent)
