"""The acts on papers: input and action."""

from __future__ import annotations

from petitions.actions import letters as actions
from petitions.api import letters_inputs as s
from petitions.api.acts.shape import Act
from petitions.api.serializers import NoInput

ACTS: dict[str, Act] = {
    "issue_form": (NoInput, actions.issue_form),
    "settle": (s.SettleInput, actions.settle),
    "serve": (s.ServeInput, actions.serve),
    "correct_paper": (s.CorrectPaperInput, actions.correct_paper),
}
