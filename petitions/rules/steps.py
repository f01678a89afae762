"""All acts on a petition in one table; each stage of the work keeps its own rows."""

from __future__ import annotations

from casework.rules import Step
from petitions.rules import front, letters, referring, review, supervision, terms

#: Feeds the actions' check, the buttons, the API's `allowed_acts`, the printed procedure and the tests.
STEPS: dict[str, Step] = {**front.STEPS, **terms.STEPS, **review.STEPS, **supervision.STEPS, **letters.STEPS, **referring.STEPS}
