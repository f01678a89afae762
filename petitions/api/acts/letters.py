"""The acts on papers: input and action."""

from __future__ import annotations

from casework.api import Act
from casework.api.inputs import NoInput
from petitions.actions import letters as actions
from petitions.api import letters_inputs as s

ACTS: dict[str, Act] = {
    "issue_form": (NoInput, actions.issue_form),
    "settle": (s.SettleInput, actions.settle),
    "serve": (s.ServeInput, actions.serve),
    "correct_paper": (s.CorrectPaperInput, actions.correct_paper),
}
