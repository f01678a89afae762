"""Two people answer the same hand-over at the same moment, on real connections: one wins, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from casework.rules import NotAllowed
from mediation.actions import ladder
from mediation.models import HandOver, Rung
from tests.factories import county as factory
from tests.factories import disputes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acts", [("take", "take"), ("take", "give_back"), ("take", "recall")])
def test_one_wins_and_the_other_is_told(acts):
    county = factory.build()
    number = disputes.offered(county).case.number
    who = {"take": "town_handler", "give_back": "town_head", "recall": "village_cadre"}
    facts = {"give_back": {"words": disputes.DIFFERENCES}}
    start = Barrier(2)

    def do(act: str) -> str:
        try:
            start.wait()
            getattr(ladder, act)(number, by=county.scope(who[act]), **facts.get(act, {}))
        except NotAllowed as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(do, acts))
    assert said[0] == "done"
    assert said[1] in ("wrong_moment", "wrong_role", "stale")
    assert HandOver.objects.filter(dispute__case__number=number, answer="").count() == 0
    assert Rung.objects.filter(dispute__case__number=number, ended_on=None).count() == 1
