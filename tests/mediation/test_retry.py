"""继续调解 (retry) over HTTP: the five questions."""

from __future__ import annotations

from tests.factories.disputes import FiveOfDispute


class TestRetry(FiveOfDispute):
    code, made, wrong, doer, state = "retry", "failed", "accepted", "village_cadre", "dispute_mediating"
