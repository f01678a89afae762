"""kill -9 in the middle of writes: what was acknowledged is there, whole and once; what was not is there whole or not at all."""

import queue
import subprocess
import sys
import threading

import psycopg

from launch.envfile import read_env_file
from launch.paths import ROOT
from tests.launch.house import House

# For every case: exactly what one registration writes.
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


def environment(house: House) -> dict[str, str]:
    return {**house.env, **read_env_file(house.var / "env")}


class Writer:
    """A registering process and what it has acknowledged: submission → number."""

    def __init__(self, house: House) -> None:
        self.acknowledged: dict[str, str] = {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.launch.writer", "write"], cwd=ROOT, env=environment(house), text=True, stdout=subprocess.PIPE
        )
        self.news: queue.Queue[None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                submission, number = line.split()
                self.acknowledged[submission] = number
                self.news.put(None)

    def wait_for_more(self, count: int) -> None:
        for _ in range(count):
            self.news.get(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def clear_news(writer: Writer) -> None:
    while not writer.news.empty():
        writer.news.get()


def test_killing_writers_web_worker_and_database_loses_no_acknowledged_petition_and_halves_none(house: House) -> None:
    house.start()
    subprocess.run([sys.executable, "-m", "tests.launch.writer", "build"], cwd=ROOT, env=environment(house), check=True)
    writers = [Writer(house), Writer(house)]
    survivor, victim = writers
    try:
        for writer in writers:
            writer.wait_for_more(10)
        house.kill_all_but_the_launcher()
        victim.kill()
        house.wait_for("数据库意外停止，已重新启动", 30)
        clear_news(survivor)
        survivor.wait_for_more(10)
        house.kill_everything()
        survivor.kill()
    finally:
        for writer in writers:
            writer.kill()
    house.start()

    acknowledged = {submission: number for writer in writers for submission, number in writer.acknowledged.items()}
    with psycopg.connect(house.database_url) as connection:
        kept = {str(submission): number for submission, number in connection.execute("SELECT submission, number FROM casework_case")}
        halves = connection.execute(HALF_WRITTEN).fetchall()
    assert len(acknowledged) >= 30
    assert {submission: kept.get(submission) for submission in acknowledged} == acknowledged
    assert len(kept) - len(acknowledged) <= 2, "at most one unacknowledged petition for each writer that was killed"
    assert sorted(int(number.split("-")[-1]) for number in kept.values()) == list(range(1, len(kept) + 1)), "no gap, no twin"
    assert halves == []
    verified = subprocess.run(
        [sys.executable, "manage.py", "verify_history"], cwd=ROOT, env=environment(house), capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stderr
