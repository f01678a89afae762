"""The case page of a petition: what only this page shows, and the wizard that goes before some acts."""

from __future__ import annotations

from typing import Any

from casework.actforms import ActForm
from casework.rules import Step
from casework.views.casepages import CaseDoors
from organisations import clock, directory
from organisations.requests import StaffRequest
from petitions import codes, rules
from petitions.actions import keeping, previewing
from petitions.forms.acts.form import ladder_answers, ladder_fields
from petitions.queries import blame, clocks, receipts
from petitions.queries import case as queries
from petitions.queries import papers as papers_queries
from petitions.queries import review as chain_queries
from petitions.queries import terms as terms_queries
from petitions.queries.acts import PROCEDURE
from petitions.queries.case import CasePage
from petitions.queries.supervision import case as supervision
from petitions.rules.letters import SERVED
from petitions.rules.referring import CLOCK_RUNS
from petitions.rules.supervision import LIMITS as OWED_AFTER
from petitions.views.registry import REGISTRY
from petitions.views.registry.arranged import LAYOUT

#: The acts that the lawful-route ladder goes before.
LADDER_ACTS = ("guide", "decline")


def _context(request: StaffRequest, held: CasePage, acts: dict[str, Step], code: str, form: ActForm[Any] | None) -> dict[str, Any]:
    petition = held.petition
    return {
        "petition": petition,
        "respondent_unit": directory.current().units.get(petition.respondent_unit_id or 0),
        "also_responsible": [(petition.agent.name, "代办", petition.agent_consent)] if petition.agent else [],
        "flow": queries.flow(held),
        "shares": clocks.shares(held),
        "ladder": chain_queries.ladder(held, clock.today()),
        "terms": terms_queries.terms(held),
        "may_approve_extension": "approve_extension" in acts,
        "instructions": supervision.instruction_lines(held, request.scope),
        "rounds": supervision.returned_rounds(held),
        "proposal": supervision.last_proposal(held, request.scope),
        "may_amend": "amend" in acts,
        "may_print_receipt": receipts.may_print(held.case, request.scope),
        "is_answering": "answer_point" in acts,
        "doable": set(acts),
        "topic_path": codes.category_label(held.case.topic_code),
    }


def _missing(held: CasePage, acts: dict[str, Step]) -> dict[str, int]:
    return {"prepare": len(rules.missing_before_decision(queries.decision_facts(held)))} if "prepare" in acts else {}


def _initial(request: StaffRequest, held: CasePage, code: str) -> dict[str, Any]:
    """What the wizard proposes, or the point with what was written of it before."""
    return point_initial(request, held) if code == "answer_point" else wizard_initial(request, code)


def point_initial(request: StaffRequest, held: CasePage) -> dict[str, Any]:
    """The point asked for by ?no=, else the first open one, with what was written of it before."""
    asked = request.GET.get("no", "")
    points = [p for p in held.points if str(p.no) == asked] or [p for p in held.points if not p.is_answered] or held.points
    if not points:
        return {}
    point = points[0]
    return {"no": point.no, "support": point.support, "result": point.result, "ground": point.ground}


def wizard_initial(request: StaffRequest, code: str) -> dict[str, Any]:
    """What the lawful-route ladder proposes (L-CLS-2); empty before its end. The office decides."""
    if code not in LADDER_ACTS:
        return {}
    answers = ladder_answers(request.GET)
    if not answers or codes.next_question(answers) is not None:
        return {}
    found = codes.wizard(answers)
    if code == "guide":
        return {"routes": [route for route in found.route_codes if route != codes.PETITION_ROUTE], "words": found.text_zh}
    return {"code": found.decline_code, "words": "", "remedy": found.text_zh[:300]}


def _act_context(request: StaffRequest, held: CasePage, code: str, form: ActForm[Any]) -> dict[str, Any]:
    """What the open form needs beside its fields: the wizard, which point, what is missing or doubtful."""
    answers = ladder_answers(form.data if form.is_bound else request.GET)
    is_ladder = code in LADDER_ACTS
    no = str(form["no"].value() or "") if code == "answer_point" else ""
    return {
        "point": next((p for p in held.points if str(p.no) == no), None),
        "ladder_question": codes.next_question(answers) if is_ladder and not form.is_bound and "skip" not in request.GET else None,
        "carried": ladder_fields(answers) if is_ladder else (),
        "ladder_step": len(answers) + 1,
        "ladder_steps": len(codes.LADDER),
        "missing": rules.missing_before_decision(queries.decision_facts(held)) if code == "prepare" else (),
        "doubts": rules.doubts(queries.answered(held)) if code in ("prepare", "reply") else (),
        "guidance": codes.wizard(answers) if is_ladder and answers and codes.next_question(answers) is None else None,
        "refer_clock": CLOCK_RUNS,
        "refer_limits": [limit for limit in held.deadlines if limit.is_duty and limit.met_on is None and limit.dropped_on is None],
        "right": chain_queries.page_right(held) if code == "seek_review" else None,
    }


DOORS = CaseDoors(
    namespace="petitions",
    procedure=PROCEDURE,
    registry=REGISTRY,
    layout=LAYOUT,
    template="petitions/detail.html",
    find=queries.find,
    page=queries.page,
    frame=queries.frame,
    lawful=queries.lawful,
    timeline=queries.timeline,
    context=_context,
    initial=_initial,
    act_context=_act_context,
    missing=_missing,
    keep_back=blame.keep_back,
    attaching=keeping.attach,
    previewing=previewing.preview,
    elsewhere=frozenset({"amend"}),
    draft_no=frozenset({"answer_point"}),
    addressee="信访人",
    served=SERVED,
    hiding=papers_queries.HIDING,
    owed_after=OWED_AFTER,
    texts="petitions:texts-pick",
)
