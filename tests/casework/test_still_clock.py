"""Where somebody waits for the background, a background that does not come is told: «排队中» for ever says nothing (DESIGN.md §8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from casework import exports_jobs, exports_lists, sweeps
from casework.models import SweepRun
from organisations import clock
from petitions.models import Import

WORDS = "后台一分钟没有接新的任务"


@pytest.fixture
def export(county, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    asked = exports_jobs.Asked(exports_lists.find("cases"), {"status": "open"}, "在办", "xlsx")
    return exports_jobs.ask(asked, ground="", by=county.scope("office"))


def ran(seconds: int) -> None:
    SweepRun.objects.update_or_create(name="casework.remind", defaults={"began_at": clock.now() - timedelta(seconds=seconds)})


def exports_page(sign_in) -> str:
    return sign_in("office").get(reverse("casework:exports")).content.decode()


def test_an_export_that_waits_for_a_clock_that_stands(sign_in, export):
    assert WORDS in exports_page(sign_in), "it has never run"
    ran(sweeps.STILL + 5)
    assert WORDS in exports_page(sign_in)
    ran(5)
    assert WORDS not in exports_page(sign_in), "any sweep that begins says that the workers live"


def test_nobody_is_told_who_waits_for_nothing(sign_in, export):
    assert exports_jobs.run_next()
    assert WORDS not in exports_page(sign_in)


def test_a_worker_that_beats_is_at_work(sign_in, export):
    export.state, export.beat_at = export.State.RUNNING, clock.now()
    export.save()
    assert WORDS not in exports_page(sign_in)


def test_an_import_that_waits(county, sign_in):
    batch = Import.objects.create(name="a.csv", sha256="0" * 64, state=Import.State.RUNNING, total=3, by=county.people["office"], at=clock.now())
    address = reverse("petitions:import-progress", args=[batch.pk])
    assert WORDS in sign_in("office").get(address).content.decode()
    ran(5)
    assert WORDS not in sign_in("office").get(address).content.decode()
