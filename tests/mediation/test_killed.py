"""kill -9 in the middle of a dispute's acts: each is there whole or not at all (architecture §4; ALL-6).

A process of its own works on the test's database through the real actions and is killed at moments spread over the act.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from casework.models import Case, Deadline, Document, Entry, Notice
from mediation.models import Agreement, AgreementItem, Dispute, HandOver, Round, Rung, Signature
from mediation.screening import actions as screening
from organisations import clock
from organisations.models import Unit
from tests.factories import disputes, disputes_talks

#: Does the act to one thing after the other, and says each before it begins and after it is done.
WORK = """
import sys
import django
django.setup()
from datetime import date
from mediation.actions import agreements, ladder
from mediation.models import Dispute
from mediation.screening import actions as screening
from organisations import clock
from organisations.models import Area, User
from organisations.scope import scope_of
from tests.factories import disputes_talks
by = scope_of(User.objects.get(username=sys.argv[1]), clock.today())
for one in sys.argv[2:]:
    {before}
    print(f"begin {one}", flush=True)
    {act}
    print(f"done {one}", flush=True)
"""


@dataclass(frozen=True)
class Work:
    """Who does what: Python for the worker, the second line being the act itself."""

    who: str
    act: str
    before: str = "pass"

    @property
    def program(self) -> str:
        return WORK.replace("{before}", self.before).replace("{act}", self.act)


AGREE = Work("village_cadre", "agreements.agree(one, **terms, by=by)", "terms = disputes_talks.terms(Dispute.objects.get(case__number=one))")
OFFER = Work("village_cadre", 'ladder.offer(one, reason="需要专业测绘，请镇站调处。", by=by)')
TAKE = Work("town_handler", "ladder.take(one, by=by)")
REPORT = Work(
    "village_cadre",
    "screening.report(int(one), visit, by=by)",
    'visit = screening.Report("孙村", "一组", 12, clock.today(), found=tuple('
    'screening.Found(f"第{n}件：院墙排水", "陈家与孙家", Area.objects.get(name="九曲村").id, "02") for n in (1, 2)))',
)
#: Seconds after the beginning of an act at which the worker dies: an act takes some tens of milliseconds.
MOMENTS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05)


@pytest.mark.django_db(transaction=True)
def test_an_agreement_is_whole_or_not_there(county):
    _survives(AGREE, [disputes_talks.mediating(county).case.number for _ in MOMENTS], _agreed)


@pytest.mark.django_db(transaction=True)
def test_an_offer_to_the_next_step_is_whole_or_not_there(county):
    _survives(OFFER, [disputes.failed_twice(county).case.number for _ in MOMENTS], _offered)


@pytest.mark.django_db(transaction=True)
def test_taking_a_dispute_over_is_whole_or_not_there(county):
    _survives(TAKE, [disputes.offered(county).case.number for _ in MOMENTS], _taken)


@pytest.mark.django_db(transaction=True)
def test_the_report_of_a_sweep_is_whole_or_not_there(county):
    with clock.at(clock.now() - timedelta(weeks=len(MOMENTS) - 1)):
        screening.open_rounds()
    screening.open_rounds()
    rounds = [str(row.pk) for row in Round.objects.filter(unit=county.units["jiuqu"]).order_by("pk")]
    assert len(rounds) == len(MOMENTS)
    _survives(REPORT, rounds, _reported)


def _survives(work: Work, todo: list[str], whole: Callable[[list[str]], set[str]]) -> None:
    """Killed at each moment nothing acknowledged is lost and nothing is half; what is left is then done."""
    everything, acknowledged = list(todo), set[str]()
    for moment in MOMENTS:
        acknowledged |= _killed_after(moment, work, todo)
        left = whole(everything)
        assert acknowledged <= left, "what was acknowledged is there"
        todo = [one for one in everything if one not in left]
    with _worker(work, todo) as worker:
        assert worker.wait(timeout=120) == 0
    assert whole(everything) == set(everything)


def _worker(work: Work, todo: list[str]) -> subprocess.Popen[str]:
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = {**os.environ, "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}", "PYTHONPATH": str(settings.BASE_DIR)}
    return subprocess.Popen([sys.executable, "-c", work.program, work.who, *todo], cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE, text=True)


def _killed_after(moment: float, work: Work, todo: list[str]) -> set[str]:
    """The worker's first act begun, then so many seconds, then SIGKILL. Returns what it said was done."""
    if not todo:
        return set()
    with _worker(work, todo) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("begin")
        time.sleep(moment)
        worker.send_signal(signal.SIGKILL)
        said = worker.stdout.read()
    return {line.split()[1] for line in said.splitlines() if line.startswith("done")}


def _agreed(numbers: list[str]) -> set[str]:
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


def _offered(numbers: list[str]) -> set[str]:
    """The disputes offered to the town: the hand-over, its hours, the town's sight of it and its notice stand, or none."""
    done = set()
    for case in Case.objects.filter(number__in=numbers):
        town = Unit.objects.get(name="阜山镇群众工作站").pk
        rows = (
            HandOver.objects.filter(dispute=case.pk, to_step=3, answer="").count(),
            Deadline.objects.filter(case=case, key="med.handover", unit=town, met_on=None, dropped_on=None).count(),
            Notice.objects.filter(case=case, kind="dispute.offer", to_unit=town).count(),
            Entry.objects.filter(case=case, act="dispute.offer", text__contains="专业测绘").count(),
        )
        is_done = case.state == "dispute_offered"
        assert rows == ((1, 1, 1, 1) if is_done else (0,) * 4), (case.number, case.state, rows)
        assert Entry.objects.filter(case=case).count() == case.entries
        if is_done:
            done.add(case.number)
    return done


def _taken(numbers: list[str]) -> set[str]:
    """The disputes the town took over: answer, new step with its limit, unit and history stand, or none."""
    done = set()
    for case in Case.objects.filter(number__in=numbers):
        town = Unit.objects.get(name="阜山镇群众工作站").pk
        rows = (
            HandOver.objects.filter(dispute=case.pk, to_step=3, answer="taken").count(),
            Rung.objects.filter(dispute=case.pk, step=3, unit=town, ended_on=None).count(),
            Deadline.objects.filter(case=case, key="med.step3", unit=town, met_on=None, dropped_on=None).count(),
            Notice.objects.filter(case=case, kind="dispute.take").exclude(to_unit=town).count() - 1,  # one for the second step, before
            Dispute.objects.filter(pk=case.pk, step=3).count(),
        )
        is_done = case.unit_id == town
        assert rows == ((1,) * 5 if is_done else (0,) * 5), (case.number, case.state, rows)
        assert Entry.objects.filter(case=case).count() == case.entries
        if is_done:
            done.add(case.number)
    return done


def _reported(rounds: list[str]) -> set[str]:
    """The rounds reported: both findings with the report, or neither."""
    done = set()
    for row in Round.objects.filter(pk__in=rounds):
        assert row.findings.count() == (2 if row.reported_at else 0), row
        if row.reported_at:
            done.add(str(row.pk))
    return done
