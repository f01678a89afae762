"""Every state, step, outcome and paper has its Chinese words and its citation; one English word per term."""

import ast
import re
from pathlib import Path

import pytest

from casework.rules import STAGES, Outcome, role_words
from organisations.queries import access_log
from organisations.roles import ROLES, Role
from petitions import actions, codes, rules
from petitions.api.acts import ACTS
from petitions.rules import front

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Acts whose function has another name than the step, with the reason.
NAMED_OTHERWISE = {"object": "object_to"}  # `object` is Python's own


def test_every_state_has_words_a_stage_and_a_way_out():
    for state in rules.State:
        assert CHINESE.search(rules.STATE_LABELS[state])
        assert 1 <= rules.STAGE_OF[state] <= len(STAGES)
    reachable = {step.to for step in rules.STEPS.values()} | {rules.State.DISPUTED, rules.State.SIGNED, rules.State.REVIEW_OUTSIDE}
    assert set(rules.State) <= reachable
    for state in rules.OPEN_STATES:
        leaving = [c for c, s in rules.STEPS.items() if state in s.frm and s.to not in (None, state)]
        assert leaving, f"{state} is a dead end"


@pytest.mark.parametrize("code", list(rules.STEPS))
def test_every_step_has_words_a_citation_and_one_function(code):
    step = rules.STEPS[code]
    assert CHINESE.search(step.label)
    assert CHINESE.search(step.explain)
    assert re.search(r"条例§|L-|HALL-|ALL-|简易§|评价办法", step.cites)
    assert role_words(step)
    does = actions.register if code == "register" else ACTS[code][1]
    assert does.__name__ == NAMED_OTHERWISE.get(code, code)


def test_every_act_of_the_package_is_a_step():
    names = {name for name in actions.__all__ if name[0].islower()}
    assert names == {NAMED_OTHERWISE.get(code, code) for code in front.STEPS}


def test_every_role_and_outcome_has_words():
    assert set(ROLES) == set(Role)
    for facts in ROLES.values():
        assert CHINESE.search(facts.label)
        assert CHINESE.search(facts.duty)
    for outcome in Outcome:
        assert CHINESE.search(outcome.label)


def test_code_tables_are_in_chinese():
    for table in (codes.CHANNELS, codes.PURPOSES, codes.DECLINE_REASONS, codes.LAWFUL_ROUTES, codes.CATEGORIES):
        assert all(CHINESE.search(row.name) for row in table.values())


def test_every_detail_of_the_access_log_has_a_chinese_word():
    """A key written in English stands in the auditor's page and export as it is."""
    found = {}
    for app in ("organisations", "casework", "petitions", "mediation", "reports"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) != "access.log":
                    continue
                for keyword in node.keywords:
                    if keyword.arg == "detail" and isinstance(keyword.value, ast.Dict):
                        found |= {key.value: f"{path.name}:{node.lineno}" for key in keyword.value.keys if isinstance(key, ast.Constant)}
    assert len(found) > 12
    shapes = {"before", "after", "changed"}
    assert not {key: place for key, place in found.items() if not CHINESE.search(key) and key not in {*access_log.KEYS, *shapes}}


def test_words_of_the_tables_have_full_width_brackets():
    """They stand in choices, lists and papers (GB/T 15834): a half-width bracket among Chinese is a slip of the typist."""
    tables = [table for app in ("casework", "mediation", "organisations", "petitions", "reports") for table in (ROOT / app / "data").rglob("*.json")]
    half = [(table.name, words) for table in tables for words in re.findall(r"[\u4e00-\u9fff]\([^)]*\)", table.read_text(encoding="utf-8"))]
    assert len(tables) > 20
    assert half == []
