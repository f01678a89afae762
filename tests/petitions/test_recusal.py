"""Nobody is offered an act that would be refused to them by name (L-PET-46, L-PET-51, L-PET-71, L-PET-93; 条例§28③)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from organisations import clock
from organisations.models import Absence
from organisations.roles import Role
from petitions import actions
from petitions.queries import recusal
from tests.factories import petitions, reviews
from tests.factories.county import make_person, make_post

pytestmark = pytest.mark.django_db

ACTIONS = Path(actions.__file__).parent


def offered(county, sign_in, petition, person, code):
    return f"?act={code}#act" in sign_in(person).get(f"/petitions/{petition.case.number}/").content.decode()


def acts_that_reach(check: str) -> set[str]:
    """Codes of the acts whose function asks that check, itself or through a helper of its module."""
    found = set()
    for path in ACTIONS.glob("*.py"):
        functions = {node.name: node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}
        called = {name: _called(node) for name, node in functions.items()}
        reaching = {name for name, calls in called.items() if check in calls}
        while more := {name for name, calls in called.items() if calls & reaching} - reaching:
            reaching |= more
        for name in reaching:
            found |= _begun(functions[name])
    return found


def _called(node: ast.AST) -> set[str]:
    calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else call.id for call in calls if isinstance(call, ast.Attribute | ast.Name)}


def _begun(node: ast.AST) -> set[str]:
    begins = [c for c in ast.walk(node) if isinstance(c, ast.Call) and isinstance(c.func, ast.Attribute) and c.func.attr == "begin"]
    return {call.args[0].value for call in begins if call.args and isinstance(call.args[0], ast.Constant)}


def test_every_act_that_asks_by_name_is_known_to_the_page():
    """An act that gains such a check without its line here would show a button that is refused."""
    assert acts_that_reach("check_second") == set(recusal.PROPOSED_BY)
    assert acts_that_reach("check_not_involved") == set(recusal.INVOLVED)
    # Its rows are asked one by one: `supervision.rows_for`.
    assert acts_that_reach("check_not_about_oneself") == {"answer_advice"}
    # The others name somebody else than who acts: who is chosen is refused on the form.
    assert acts_that_reach("check_recusal") == {*recusal.TAKES_IT, "designate", "hand_over", "route", "accompany"}


@pytest.mark.parametrize(
    ("made", "code", "post"),
    [
        (reviews.review_asked, "accept_review", "review_handler"),
        (reviews.review_asked, "reject_review", "review_handler"),
        (reviews.reviewing, "draft_review", "review_handler"),
        (reviews.review_drafted, "decide_review", "review_head"),
    ],
)
@pytest.mark.parametrize("involved", ["handler", "head"])
def test_who_prepared_or_signed_the_answer_is_not_offered_its_review(county, sign_in, made, code, post, involved):
    """条例§28③: also where they stand in for somebody of the reviewing organ; the action refuses them in the same words."""
    petition, today = made(county), clock.today()
    assert offered(county, sign_in, petition, post, code)
    for substitute, is_offered in ((involved, False), ("handler2", True)):
        absence = Absence.objects.create(
            user=county.people[post], substitute=county.people[substitute], from_on=today, until_on=today, entered_by=county.people[post]
        )
        assert offered(county, sign_in, petition, substitute, code) is is_offered
        absence.delete()


@pytest.mark.parametrize(("made", "code"), [(petitions.routed, "sign"), (petitions.signed, "accept")])
def test_who_is_complained_about_is_not_offered_to_take_it(county, sign_in, made, code):
    """L-PET-46: a colleague is."""
    petition = made(county)
    petition.respondent_name = county.people["handler"].name
    petition.save(update_fields=["respondent_name"])
    petition.case.handler = None
    petition.case.save(update_fields=["handler"])
    assert not offered(county, sign_in, petition, "handler", code)
    assert offered(county, sign_in, petition, "handler2", code)


def test_only_the_leader_who_was_asked_is_offered_the_instruction(county, sign_in):
    """条例§22(一): another leader reads the matter, the answer is not theirs."""
    number = petitions.registered(county).case.number
    petition = actions.propose(number, leader_id=county.people["leader"].id, words="涉及面广，请批示。", by=county.scope("office"))
    other = make_person("leader2", "王领导")
    make_post(other, county.units["centre"], Role.LEADER, by=county.people["system_admin"])
    county.people["leader2"] = other
    assert offered(county, sign_in, petition, "leader", "instruct")
    assert not offered(county, sign_in, petition, "leader2", "instruct")
