"""签收 (sign) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestSign(FiveQuestions):
    code, made, wrong, doer, state = "sign", "routed", "accepted", "handler", "signed"
