"""kill -9 in the middle of writes: what was acknowledged is there, whole and once."""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg

from launch.envfile import read_env_file
from launch.paths import ROOT
from tests.launch.house import House

# A case that lacks anything of what one registration writes.
HALF_WRITTEN = """
SELECT c.number FROM casework_case c
LEFT JOIN petitions_petition p ON p.case_id = c.id
WHERE p.case_id IS NULL
   OR (SELECT count(*) FROM petitions_point WHERE petition_id = c.id) <> 2
   OR (SELECT count(*) FROM casework_party WHERE case_id = c.id) <> 1
   OR (SELECT count(*) FROM casework_entry WHERE case_id = c.id) <> c.entries
   OR NOT EXISTS (SELECT FROM casework_reach WHERE case_id = c.id)
   OR NOT EXISTS (SELECT FROM casework_deadline WHERE case_id = c.id)
   OR (SELECT count(*) FROM casework_searchtext WHERE case_id = c.id) <> 1
"""

# The small county of the tests, and a token for each of two clerks.
PREPARE = """
import json
from rest_framework.authtoken.models import Token
from tests.factories import county
made = county.build()
tokens = [Token.objects.create(user=made.people[name]).key for name in ("clerk", "clerk2")]
print(json.dumps({"area": made.areas["jiuqu"].id, "tokens": tokens}))
"""


def manage(house: House, *words: str) -> str:
    env = {**house.env, **read_env_file(house.var / "env")}
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Clerk:
    """Registers one petition after the other over the API. An unanswered one is sent again with the same key until it is answered."""

    def __init__(self, address: str, token: str, area: int) -> None:
        self.address, self.token, self.area = address, token, area
        self.acknowledged: dict[str, str] = {}
        self.refused: list[str] = []
        self.interrupted = 0
        self.going_home = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self) -> None:
        while not self.going_home.is_set():
            key = str(uuid.uuid4())
            while key not in self.acknowledged:
                try:
                    self.acknowledged[key] = self.register(key)
                except urllib.error.HTTPError as answer:
                    if answer.code < 500 and answer.code != 429:
                        self.refused.append(answer.read().decode())
                        return
                    self.pause()
                except (OSError, ValueError):  # no connection, or an answer cut short
                    self.pause()

    def pause(self) -> None:
        self.interrupted += 1
        time.sleep(0.2)

    def register(self, key: str) -> str:
        body = {
            "title": key,
            "story": "村口路灯坏了半年，夜里出行不便。",
            "points": ["修复路灯", "说明原因"],
            "channel": "300",
            "purpose": "02",
            "topic_code": "010303",
            "area_id": self.area,
            "received_on": datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat(),
            "people": [{"position": "petitioner", "name": "陈桂兰", "phone": "13800132046"}],
        }
        headers = {"Authorization": f"Token {self.token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}api/v1/petitions/", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return str(json.load(answer)["case"]["number"])

    def has_written(self, count: int, seconds: float = 120) -> None:
        wanted, deadline = len(self.acknowledged) + count, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert not self.refused, self.refused
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {wanted} after {seconds} s"
            time.sleep(0.05)

    def go_home(self) -> None:
        self.going_home.set()
        self.thread.join(60)
        assert not self.thread.is_alive()


def test_killing_web_worker_and_database_under_writing_clerks_loses_nothing_acknowledged_and_halves_nothing(house: House) -> None:
    house.start()
    prepared = json.loads(manage(house, "shell", "--no-imports", "-c", PREPARE).splitlines()[-1])
    clerks = [Clerk(house.address, token, prepared["area"]) for token in prepared["tokens"]]

    for clerk in clerks:
        clerk.has_written(5)
    house.kill_all_but_the_launcher()
    for clerk in clerks:
        clerk.has_written(5)
    house.kill_everything()
    house.start()
    for clerk in clerks:
        clerk.has_written(5)
    for clerk in clerks:
        clerk.go_home()

    acknowledged = {key: number for clerk in clerks for key, number in clerk.acknowledged.items()}
    with psycopg.connect(house.database_url) as connection:
        kept = connection.execute("SELECT title, number FROM casework_case").fetchall()
        halves = connection.execute(HALF_WRITTEN).fetchall()
    assert all(clerk.interrupted for clerk in clerks)
    assert len(kept) == len(acknowledged) >= 30
    assert dict(kept) == acknowledged
    assert sorted(int(number.split("-")[-1]) for _, number in kept) == list(range(1, len(kept) + 1)), "a gap or a twin"
    assert halves == []
    assert "核对无误" in manage(house, "verify_history")
