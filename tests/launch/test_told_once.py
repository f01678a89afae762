"""Sixty simulated days, 2,000 cases, real workers, real Valkey, killed at random: told once, and never missed (issue §2, ALL-3).

What should have been told is computed here a second time, from the law's table alone: nothing of casework.reminders,
addressees or escalation is used for it.
"""

from __future__ import annotations

import http.server
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction

from casework import deadlines
from casework.models import Card, Case, Deadline, Notice, NoticePreference, Outgoing, Party, Reach
from launch.paths import ROOT, VAR
from launch.servers import Valkey
from organisations import cipher, clock
from organisations.models import Absence, Post
from organisations.scope import Standing
from tests.factories.county import County

CASES = 2_000
DAYS = 60
FIRST = date(2026, 3, 2)
SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Days of the simulation (0 is the first) with both beats, and without any.
TWO_BEATS = range(20, 30)
NO_BEAT = range(40, 45)
#: Days on which something is killed with -9.
HAVOC = {
    3: "child",
    7: "worker",
    12: "valkey",
    16: "child",
    22: "worker",
    27: "child",
    33: "valkey",
    37: "worker",
    45: "worker",
    46: "child",
    51: "child",
}
#: Real seconds a simulated day may take before the test gives up.
PATIENCE = 120.0

# -- appendix C, a second time -----------------------------------------------------------------------------------------------------------

BEFORE = {
    "pet.handle": (15, 7, 3, 1, 0),
    "pet.notify_forwarded": (5, 2, 0),
    "pet.review": (7, 3, 0),
    "pet.review_apply": (10, 3),
}
TERM = {"pet.handle": 60, "pet.notify_forwarded": 15, "pet.review": 30, "pet.review_apply": 30}
AFTER = {
    "pet.handle": (1, 3, 7, *range(14, 400, 7)),
    "pet.notify_forwarded": (1, 3),
    "pet.review": (1, 3),
    "pet.review_apply": (),
}
#: From which day on whom: head, office, leader.
PARTS = {
    "pet.handle": (-3, 0, 3),
    "pet.notify_forwarded": (0, 0, None),
    "pet.review": (-7, None, None),
}


@dataclass
class Model:
    """One deadline as this test understands it."""

    key: str
    case: int
    unit: int
    handler: int | None
    named: tuple[int, ...]
    has_phone: bool
    base: date
    due: date
    known: date
    pk: int = 0
    stop: date | None = None
    stop_is_met: bool = True
    extend_on: date | None = None
    suspend_on: date | None = None
    resume_on: date | None = None
    met: date | None = None
    dropped: date | None = None
    suspended: date | None = None
    first_due: date | None = None
    told: set[tuple[date, int]] = field(default_factory=set)

    @property
    def is_running(self) -> bool:
        return self.met is None and self.dropped is None and self.suspended is None

    def offsets(self) -> list[int]:
        return [*(-day for day in BEFORE[self.key]), *AFTER[self.key]]


@dataclass
class World:
    """The county's people as this test knows them."""

    centre: int
    parents: dict[int, int | None]
    heads: dict[int, bool]
    away: dict[int, tuple[date, date, int]]

    def told_to(self, row: Model, offset: int, day: date) -> set[str]:
        if row.named:
            return {f"p{person}" for person in row.named}
        found = {f"p{row.handler}"} if row.handler else {f"u{row.unit}"}
        if row.handler in self.away:
            since, until, substitute = self.away[row.handler]
            if since <= day <= until:
                found.add(f"p{substitute}")
        head, office, leader = PARTS[row.key]
        if head is not None and offset >= head:
            at = row.unit
            while not self.heads.get(at):
                at = self.parents[at] or 0
            found.add(f"u{at}head")
        if office is not None and offset >= office:
            found.add(f"u{self.centre}office")
        if leader is not None and offset >= leader:
            found.add(f"u{self.centre}leader")
        return found


# -- the real processes -------------------------------------------------------------------------------------------------------------------


class Gateway(http.server.BaseHTTPRequestHandler):
    """A real SMS gateway on a real socket. Every seventh request fails."""

    taken: Counter[str] = Counter()
    asked = 0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked += 1
        fails = type(self).asked % 7 == 0
        if not fails:
            type(self).taken[f"{self.headers['Idempotency-Key']} {body['phone']} {body['text']}"] += 1
        answer = b'{"code": 0}'
        self.send_response(500 if fails else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Quiet: the test counts."""


@dataclass
class Processes:
    """Two workers, beats and a Valkey of their own over the test's database."""

    folder: Path
    sms_port: int
    valkey: Valkey = field(init=False)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    beats: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.valkey = Valkey(self.folder / "valkey", "simulation", self.folder / "valkey.log")

    def start(self) -> None:
        self.valkey.start()
        self.workers = [self._celery("worker", number) for number in range(2)]

    def _env(self) -> dict[str, str]:
        database = settings.DATABASES["default"]
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        kept = {name: value for name, value in os.environ.items() if name not in ("CACHE_URL", "CACHE_KEY_PREFIX", "TEST_DB_NAME")}
        return {
            **kept,
            "DATABASE_URL": url,
            "REDIS_URL": self.valkey.url(0),
            "SIMULATED_CLOCK": str(self.folder / "clock"),
            "LOG_LEVEL": "WARNING",
            "SMS_URL": f"http://127.0.0.1:{self.sms_port}/send",
            "SMS_BODY": '{"phone": "{phone}", "text": "{text}"}',
            "SMS_EXPECTS": '"code": 0',
        }

    def _celery(self, what: str, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "tests.launch.simulated", what, "-l", "WARNING"]
        command += (
            ["-c", "1", "--without-gossip", "--without-mingle", "--without-heartbeat", "-n", f"w{number}{time.monotonic_ns()}@sim"]
            if what == "worker"
            else ["--pidfile=", "-s", str(self.folder / f"beat{number}")]
        )
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self._env(), stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def beat(self, wanted: int) -> None:
        """So many beats run from now on."""
        while len(self.beats) < wanted:
            self.beats.append(self._celery("beat", len(self.beats)))
        while len(self.beats) > wanted:
            _kill(self.beats.pop())

    def havoc(self, what: str, rng: random.Random) -> None:
        self.killed[what] += 1
        if what == "valkey":
            assert self.valkey.child is not None
            assert self.valkey.child.process is not None
            _kill(self.valkey.child.process)
            self.valkey.ensure_running()
            return
        victim = rng.randrange(len(self.workers))
        if what == "child":
            for child in psutil.Process(self.workers[victim].pid).children():
                child.kill()
            return
        _kill(self.workers[victim])
        self.workers[victim] = self._celery("worker", victim)

    def check(self) -> None:
        """Fail at once when a process has given up by itself."""
        for process in [*self.workers, *self.beats]:
            assert process.poll() is None, self.logs()

    def logs(self) -> str:
        """The ends of what the processes said."""
        return "\n".join(f"{path.name}: {path.read_text(encoding='utf-8', errors='replace')[-1500:]}" for path in self.folder.glob("*.log"))

    def stop(self) -> None:
        for process in [*self.beats, *self.workers]:
            _kill(process)
        self.valkey.stop()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """-9 to a process and to all below it."""
    try:
        found = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        found = []
    for each in found:
        if each.is_running():
            each.kill()
    process.wait(10)


@pytest.fixture
def processes() -> Iterator[Processes]:
    folder = Path(tempfile.mkdtemp(prefix="test-told-", dir=VAR))
    Gateway.taken, Gateway.asked = Counter(), 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Processes(folder, server.server_address[1])
    yield made
    made.stop()
    server.shutdown()
    server.server_close()
    shutil.rmtree(folder, ignore_errors=True)


# -- the county and its cases -------------------------------------------------------------------------------------------------------------


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def at(on: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(on, clock_time(hour, minute), SHANGHAI)


def world_of(county: County) -> World:
    """Heads, parents and one absence; the water office has no head, so the centre's is told."""
    county.people["labour_handler"].phone = "13900000001"
    county.people["labour_handler"].save()
    NoticePreference.objects.create(user=county.people["labour_handler"], by_sms=True)
    since, until = day(10), day(25)
    Absence.objects.create(
        user=county.people["labour_handler"],
        substitute=county.people["clerk"],
        from_on=since,
        until_on=until,
        authority="请假单",
        entered_by=county.people["labour_head"],
    )
    heads = set(Post.objects.filter(role="head").values_list("unit_id", flat=True))
    return World(
        centre=county.units["centre"].id,
        parents={unit.id: unit.parent_id for unit in county.units.values()},
        heads={unit.id: unit.id in heads for unit in county.units.values()},
        away={county.people["labour_handler"].id: (since, until, county.people["clerk"].id)},
    )


def build(county: County, rng: random.Random) -> list[Model]:
    """2,000 cases with their limits, written in bulk; each limit as `deadlines` starts it."""
    handlers = {"land": "handler", "labour": "labour_handler", "water": "water_handler", "fushan": "town_handler"}
    eve = at(FIRST - timedelta(days=1), 18)
    cases, models = [], []
    for number in range(CASES):
        name = rng.choice(list(handlers))
        unit = county.units[name]
        handler = county.people[handlers[name]] if rng.random() < 0.7 else None
        is_protected = rng.random() < 0.03
        if is_protected:
            handler = county.people["discipline"]
        cases.append(
            Case(
                number=f"370685-2026-{number:06d}",
                kind="petition",
                title=f"第{number}件",
                subject="陈某",
                state="accepted",
                stage=4,
                state_since=eve,
                area=county.areas["jiuqu"],
                topic_code="010303",
                topic="土地",
                unit=unit,
                handler=handler,
                registered_by=county.people["clerk"],
                registered_unit=county.units["centre"],
                opened_at=eve,
                confidential=is_protected,
            )
        )
    Case.objects.bulk_create(cases, batch_size=500)
    reach, parties = [], []
    for case in cases:
        unit_ids = [int(part) for part in case.unit.path.strip("/").split("/")]
        readers = [-county.people["discipline"].id] if case.confidential else unit_ids
        reach += [Reach(case=case, reader=reader) for reader in readers]
        if rng.random() < 0.5:
            parties.append(Party(case=case, no=1, position="petitioner", name="陈某", phone_token=cipher.encrypt(f"138{case.pk:08d}")))
    Reach.objects.bulk_create(reach, batch_size=2000)
    Party.objects.bulk_create(parties, batch_size=1000)
    phones = {party.case_id for party in parties}
    rows = []
    with clock.at(eve):
        for case in cases:
            key = rng.choices(list(TERM), (60, 20, 10, 10))[0]
            base = FIRST - timedelta(days=rng.randint(0, TERM[key] + 10))
            deadline = deadlines.preview(key, base)
            deadline.case = case
            rows.append(deadline)
            models.append(
                Model(
                    key=key,
                    case=case.pk,
                    unit=case.unit_id,
                    handler=case.handler_id,
                    named=(county.people["discipline"].id,) if case.confidential else (),
                    has_phone=case.pk in phones,
                    base=base,
                    due=deadline.due_on,
                    known=FIRST - timedelta(days=1),
                )
            )
    Deadline.objects.bulk_create(rows, batch_size=1000)
    for model, row in zip(models, rows, strict=True):
        model.pk = row.pk
        plan_acts(model, rng)
    return models


def plan_acts(model: Model, rng: random.Random) -> None:
    """What happens to the limit, and when: most are met, early or late; some dropped, extended, suspended."""
    if rng.random() < 0.75:
        model.stop = model.due + timedelta(days=rng.randint(-20, 25))
        model.stop_is_met = rng.random() < 0.85
    if model.key != "pet.handle":
        return
    if model.due < FIRST + timedelta(days=15):
        return
    chance = rng.random()
    if chance < 0.05:
        model.extend_on = model.due - timedelta(days=rng.randint(1, 10))
        model.stop = None
    elif chance < 0.10:
        model.suspend_on = model.due - timedelta(days=rng.randint(2, 12))
        model.resume_on = model.suspend_on + timedelta(days=rng.randint(1, 15))
        model.stop = None


# -- one day ------------------------------------------------------------------------------------------------------------------------------

_LEFT = """
SELECT (SELECT count(*) FROM casework_deadline WHERE met_on IS NULL AND dropped_on IS NULL AND suspended_on IS NULL AND remind_on <= %(day)s)
     + (SELECT count(*) FROM casework_deadline WHERE card_on <= %(day)s)
     + (SELECT count(*) FROM casework_card k JOIN casework_deadline d ON d.id = k.deadline_id
        WHERE k.lifted_on IS NULL AND (d.met_on IS NOT NULL OR d.dropped_on IS NOT NULL))
     + (SELECT count(*) FROM casework_notice WHERE NOT is_carried),
       (SELECT count(*) FROM casework_outgoing WHERE sent_at IS NULL AND dead_at IS NULL)
"""


class Driver:
    """Moves the clock, kills, waits until the house has caught up, and acts."""

    def __init__(self, processes: Processes, county: County, models: list[Model], rng: random.Random) -> None:
        self.processes, self.county, self.models, self.rng = processes, county, models, rng
        self.by = self._standing()

    def _standing(self) -> Standing:
        found = self.county.scope("head").home
        assert found is not None
        return found

    def set_clock(self, moment: datetime) -> None:
        new = self.processes.folder / "clock.new"
        new.write_text(moment.isoformat(), encoding="ascii")
        new.rename(self.processes.folder / "clock")

    def catch_up(self, number: int) -> None:
        """Until nothing of this day is left; while only messages are, minutes of the day pass, so that leases and pauses end."""
        started, minute = time.monotonic(), 0
        kill_after = self.rng.uniform(0.05, 0.4) if number in HAVOC else None
        while True:
            self.set_clock(at(day(number), 9 + minute // 60, minute % 60))
            if kill_after is not None and time.monotonic() - started > kill_after:
                self.processes.havoc(HAVOC[number], self.rng)
                kill_after = None
            self.processes.check()
            with connection.cursor() as cursor:
                cursor.execute(_LEFT, {"day": day(number)})
                left, unsent = cursor.fetchone()
            if not left and not unsent and kill_after is None:
                return
            assert time.monotonic() - started < PATIENCE, f"day {number}: {left} left, {unsent} unsent\n{self.processes.logs()}"
            if not left:
                minute = min(minute + 2, 840)
            time.sleep(0.05)

    def act(self, number: int) -> None:
        """What people do at noon."""
        today = day(number)
        with clock.at(at(today, 12)), transaction.atomic():
            for column, is_met in (("met_on", True), ("dropped_on", False)):
                ids = [m.pk for m in self.models if m.stop == today and m.stop_is_met is is_met]
                Deadline.objects.filter(pk__in=ids).update(**{column: today})
            for model in self.models:
                if model.extend_on == today:
                    self._moved(model, "extend", days=20)
                if model.suspend_on == today:
                    self._moved(model, "suspend", on=today)
                if model.resume_on == today:
                    self._moved(model, "resume", on=today)

    def _moved(self, model: Model, verb: str, **facts: object) -> None:
        case = Case.objects.select_for_update().get(pk=model.case)
        common = {"reason": "情况复杂", "by": self.by, "at": clock.now()}
        if verb == "extend":
            deadlines.extend(case, Deadline.objects.get(pk=model.pk), cites="条例§34", **common, **facts)  # type: ignore[arg-type]
        elif verb == "suspend":
            deadlines.suspend(case, cites="条例", **common, **facts)  # type: ignore[arg-type]
        else:
            deadlines.resume(case, **common, **facts)  # type: ignore[arg-type]


# -- what should have come out ------------------------------------------------------------------------------------------------------------


def expected(models: list[Model], world: World) -> tuple[Counter[str], Counter[str], set[tuple[int, int, date, date | None]]]:
    """Notices by key, messages to petitioners by key, cards as (deadline, level, given, lifted)."""
    notices: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    for number in range(DAYS):
        today = day(number)
        if number not in NO_BEAT:
            for row in models:
                if not row.is_running:
                    continue
                reached: list[int] = []
                for offset in row.offsets():
                    on = row.due + timedelta(days=offset)
                    if not row.known <= on <= today or (row.due, offset) in row.told:
                        continue
                    row.told.add((row.due, offset))
                    reached.append(offset)
                    if row.key != "pet.review_apply":
                        notices.update(f"r{row.pk}:{row.due:%y%m%d}:{offset}:{to}" for to in world.told_to(row, offset, today))
                # The person is told of a term once a day at most, and never of one that is over.
                if row.key == "pet.review_apply" and row.has_phone and reached and today <= row.due:
                    messages[f"r{row.pk}:{row.due:%y%m%d}:{max(reached)}:petitioner:sms"] += 1
        for row in models:
            if row.stop == today and row.is_running:
                row.met, row.dropped = (today, None) if row.stop_is_met else (None, today)
            if row.extend_on == today:
                row.first_due, row.due, row.known = row.due, row.due + timedelta(days=20), today
            if row.suspend_on == today:
                row.suspended = today
            if row.resume_on == today and row.suspended:
                # The day of suspension is not counted, the day of resumption is.
                moved = row.due + (today - row.suspended)
                row.first_due, row.due, row.known, row.suspended = row.due, moved, today, None
    return notices, messages, cards_of(models)


def cards_of(models: list[Model]) -> set[tuple[int, int, date, date | None]]:
    last = day(DAYS - 1)
    found = set()
    for row in models:
        if row.key == "pet.review_apply":
            continue
        is_short = ((row.first_due or row.due) - row.base).days <= 15
        end = row.met or row.dropped
        for level, days in enumerate((1, 3, 7) if is_short else (1, 7, 15), start=1):
            given = row.due + timedelta(days=days)
            if given <= min(last, end or last, row.suspended or last):
                found.add((row.pk, level, given, end))
    return found


@pytest.mark.django_db(transaction=True)
def test_sixty_days_under_fire(county: County, processes: Processes) -> None:
    rng = random.Random(20260302)
    world = world_of(county)
    models = build(county, rng)
    driver = Driver(processes, county, models, rng)
    driver.set_clock(at(FIRST, 9))
    processes.start()
    for number in range(DAYS):
        processes.beat(0 if number in NO_BEAT else 2 if number in TWO_BEATS else 1)
        if number not in NO_BEAT:
            driver.catch_up(number)
        driver.act(number)
    # What was met at noon of the last day is lifted by the last run.
    driver.catch_up(DAYS - 1)
    processes.stop()

    notices, messages, cards = expected(models, world)
    assert len(notices) > 5_000
    assert len(messages) > 50
    assert len(cards) > 500
    assert sum(processes.killed.values()) == len(HAVOC)

    told = Counter(Notice.objects.filter(kind="reminder").values_list("key", flat=True))
    assert notices - told == Counter(), "missing"
    assert told - notices == Counter(), "told without reason"
    assert max(told.values()) == 1

    sent = Counter(Outgoing.objects.filter(user=None).values_list("key", flat=True))
    assert sent == messages
    assert not Outgoing.objects.filter(sent_at=None).exists()
    # A worker killed between sending and marking sends again under the same id: the gateway sees every message, and each id once or so.
    assert len(Gateway.taken) == Outgoing.objects.count()
    assert not any("第" in line or "陈" in line for line in Gateway.taken), "a word of the matter by SMS"

    given = set(Card.objects.values_list("deadline_id", "level", "given_on", "lifted_on"))
    assert given == cards
