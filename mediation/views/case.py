"""The case page of a dispute: what only this page shows."""

from __future__ import annotations

from typing import Any

from casework.actforms import ActForm
from casework.rules import Step
from casework.views.casepages import CaseDoors
from mediation.actions import keeping
from mediation.chamber import queries as chamber
from mediation.matching import pages as matching
from mediation.queries import closing, court, joint, talks
from mediation.queries import dispute as queries
from mediation.queries.acts import PROCEDURE
from mediation.queries.dispute import CasePage
from mediation.views.registry import LAYOUT, REGISTRY
from organisations import clock
from organisations.requests import StaffRequest


def _context(request: StaffRequest, held: CasePage, acts: dict[str, Step], code: str, form: ActForm[Any] | None) -> dict[str, Any]:
    label, who = queries.next_step(held)
    conversations = chamber.of_dispute(held.case.pk)
    return {
        "next_label": label,
        "next_who": who,
        "dispute": held.dispute,
        "flow": queries.flow(held),
        "levels": queries.ladder_of(held),
        "side_a": held.on_side("a"),
        "side_b": held.on_side("b"),
        "side_c": held.on_side("c"),
        "risk_words": queries.risk_words(held, clock.today()),
        "is_risk_lapsed": queries.is_risk_lapsed(held, clock.today()),
        "may_amend": "amend" in acts,
        "stands": talks.stands(held),
        "gap": talks.gap(held),
        "talks": talks.talks(held),
        "agreements": talks.agreements(held, clock.today()),
        "todo": talks.todo(held, acts),
        "joint_rows": joint.receivers(held.body_referrals),
        "joint_people": [(row, held.name(row.person_id)) for row in held.assignments],
        "matching": matching.part(held),
        "after": closing.after(held, clock.today()),
        "chamber": conversations,
        "chamber_noting": chamber.noting(conversations, request.scope),
        "court_rows": court.of_case(held.court_matters, held.court_records),
    }


def _missing(held: CasePage, acts: dict[str, Step]) -> dict[str, int]:
    """Of which act how much is not there yet: the dossier's required items before it is archived, the team before an agreement."""
    found = {"archive": len(closing.missing_of(held))} if "archive" in acts else {}
    return found | ({"agree": talks.before_agreeing(held)} if "agree" in acts else {})


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
    missing=_missing,
    attaching=keeping.attach,
    active="dispute",
    addressee="当事人",
)
