"""The letters of a petition's acts before they are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from casework import previewing
from casework.documents import Paper
from organisations import clock
from petitions import papers
from petitions.models import Petition, Refusal, Reply


def _decision(petition: Petition) -> Paper:
    reply = Reply.objects.filter(petition=petition, approved_at=None, sent_back_at=None).get()
    return papers.decision(petition, petition.case, reply, clock.today())


def _refusal(petition: Petition) -> Paper:
    return papers.refusal(petition, petition.case, Refusal.objects.get(petition=petition, is_approved=None), clock.today())


#: Acts that propose a paper which somebody else's act will issue.
PROPOSED: Mapping[str, Callable[[Petition], Paper]] = {"prepare": _decision, "decline": _refusal}

preview = partial(previewing.preview, proposed=PROPOSED)
