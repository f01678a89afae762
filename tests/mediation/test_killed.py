"""kill -9 in the middle of a dispute's acts: each is there whole or not at all (architecture §4; ALL-6).

A process of its own works on the test's database through the real actions and is killed at moments spread over the act.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from casework.models import Case, Deadline, Document, Entry
from mediation.models import Agreement, AgreementItem, Rung, Signature
from tests.factories import disputes_talks

#: Agrees one dispute after the other and says each number before it begins and after it is done.
WORK = """
import sys
import django
django.setup()
from mediation.actions import agreements
from mediation.models import Dispute
from organisations.models import User
from organisations.scope import scope_of
from organisations import clock
from tests.factories import disputes_talks
by = scope_of(User.objects.get(username="village_cadre"), clock.today())
for number in sys.argv[1:]:
    terms = disputes_talks.terms(Dispute.objects.get(case__number=number))
    print(f"begin {number}", flush=True)
    agreements.agree(number, **terms, by=by)
    print(f"done {number}", flush=True)
"""
#: Seconds after the beginning of an act at which the worker dies: an act takes some tens of milliseconds.
MOMENTS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05)


@pytest.mark.django_db(transaction=True)
def test_an_agreement_is_whole_or_not_there(county):
    numbers = [disputes_talks.mediating(county).case.number for _ in MOMENTS]
    acknowledged: set[str] = set()
    todo = list(numbers)
    for moment in MOMENTS:
        acknowledged |= _killed_after(moment, todo)
        left = _whole(numbers)
        assert acknowledged <= left, "what was acknowledged is there"
        todo = [number for number in numbers if number not in left]
    _work_on(todo)
    assert _whole(numbers) == set(numbers)


def _worker(numbers: list[str]) -> subprocess.Popen[str]:
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = {**os.environ, "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}", "PYTHONPATH": str(settings.BASE_DIR)}
    return subprocess.Popen([sys.executable, "-c", WORK, *numbers], cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE, text=True)


def _killed_after(moment: float, numbers: list[str]) -> set[str]:
    """The worker's first act begun, then so many seconds, then SIGKILL. Returns what it said was done."""
    if not numbers:
        return set()
    with _worker(numbers) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("begin")
        time.sleep(moment)
        worker.send_signal(signal.SIGKILL)
        said = worker.stdout.read()
    return {line.split()[1] for line in said.splitlines() if line.startswith("done")}


def _work_on(numbers: list[str]) -> None:
    with _worker(numbers) as worker:
        assert worker.wait(timeout=120) == 0


def _whole(numbers: list[str]) -> set[str]:
    """The disputes that are agreed; of every one all of the act's rows stand, or none."""
    agreed = set()
    for case in Case.objects.filter(number__in=numbers):
        rows = (
            Agreement.objects.filter(dispute=case.pk).count(),
            AgreementItem.objects.filter(agreement__dispute=case.pk).count(),
            Signature.objects.filter(agreement__dispute=case.pk).count(),
            Document.objects.filter(case=case, paper="M06").count(),
            Deadline.objects.filter(case=case, key="med.perform").count(),
            Deadline.objects.filter(case=case, key="med.confirm").count(),
            Rung.objects.filter(dispute=case.pk, end="settled").count(),
            Entry.objects.filter(case=case, act="dispute.agree").count(),
        )
        is_agreed = case.state == "dispute_agreed"
        assert rows == ((1, 3, 2, 1, 1, 1, 1, 1) if is_agreed else (0,) * 8), (case.number, case.state, rows)
        assert Entry.objects.filter(case=case).count() == case.entries
        if is_agreed:
            agreed.add(case.number)
    return agreed
