"""The case page of a dispute: what only this page shows."""

from __future__ import annotations

from typing import Any

from casework.actforms import ActForm
from casework.rules import Step
from casework.views.casepages import CaseDoors
from mediation.actions import keeping
from mediation.queries import dispute as queries
from mediation.queries.acts import PROCEDURE
from mediation.queries.dispute import CasePage
from mediation.views.registry import LAYOUT, REGISTRY
from organisations import clock
from organisations.requests import StaffRequest


def _context(request: StaffRequest, held: CasePage, acts: dict[str, Step], code: str, form: ActForm[Any] | None) -> dict[str, Any]:
    return {
        "dispute": held.dispute,
        "flow": queries.flow(held),
        "levels": queries.ladder_of(held),
        "side_a": held.on_side("a"),
        "side_b": held.on_side("b"),
        "side_c": held.on_side("c"),
        "risk_words": queries.risk_words(held, clock.today()),
        "may_amend": "amend" in acts,
    }


DOORS = CaseDoors(
    namespace="mediation",
    procedure=PROCEDURE,
    registry=REGISTRY,
    layout=LAYOUT,
    template="mediation/detail.html",
    find=queries.find,
    page=queries.page,
    frame=queries.frame,
    lawful=queries.lawful,
    timeline=queries.timeline,
    context=_context,
    attaching=keeping.attach,
    addressee="当事人",
)
