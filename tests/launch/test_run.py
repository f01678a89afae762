"""`make run`, really run: killed, started twice, met with a taken port."""

import json
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import psycopg

from launch.envfile import read_env_file
from launch.paths import ROOT
from tests.launch.house import House


def healthy(house: House) -> bool:
    with urllib.request.urlopen(f"{house.address}healthz", timeout=10) as answer:
        return json.load(answer) == {"ok": True, "database": True, "cache": True}


def test_a_killed_run_starts_again_with_every_committed_row(house: House) -> None:
    house.start()
    with psycopg.connect(house.database_url) as connection:
        connection.execute("CREATE TABLE proof (word text)")
        connection.execute("INSERT INTO proof VALUES ('committed')")
    half_done = psycopg.connect(house.database_url)
    half_done.execute("INSERT INTO proof VALUES ('never committed')")

    house.kill_everything()
    house.start()

    with psycopg.connect(house.database_url) as connection:
        assert connection.execute("SELECT word FROM proof").fetchall() == [("committed",)]
    assert healthy(house)


def test_the_services_of_make_services_stay_when_make_is_gone(house: House) -> None:
    """Its processes otherwise stop with make, so that a killed `make run` leaves nothing behind."""
    command = [sys.executable, "-m", "launch", "services"]
    env = {**house.env, "MAKELEVEL": "1"}
    subprocess.run([*command, "--detach"], cwd=ROOT, env=env, capture_output=True, check=True)
    try:
        url = read_env_file(house.var / "dev" / "env")["DATABASE_URL"]
        time.sleep(2)  # the old fault showed itself within one
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        launcher = psutil.Process(int((house.var / "dev" / "services.lock").read_text()))
        subprocess.run([*command, "--stop"], cwd=ROOT, env=env, capture_output=True, check=True)
        launcher.wait(30)


def test_a_taken_port_is_named_a_second_start_is_told_and_stopping_leaves_nothing(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(house.env["PORT"])))
        taken.listen()
        house.start()
    assert f"端口 {house.env['PORT']} 已被占用" in house.said
    assert not house.address.endswith(f":{house.env['PORT']}/")
    assert healthy(house)

    second = house.launch()
    answer, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert "已经在运行" in answer
    assert house.address in answer

    processes = house.everything()
    assert house.stop() == 0
    assert psutil.wait_procs(processes, timeout=5)[1] == []
    assert not (house.var / "env").exists()


def test_a_dead_web_server_and_a_dead_database_are_started_again(house: House) -> None:
    house.start()
    children = [(process, " ".join(process.cmdline()[:2])) for process in house.everything()]
    for name in ("postgres", "gunicorn"):
        next(process for process, command in children if name in command).kill()
    house.wait_for("数据库意外停止，已重新启动", 90)
    house.wait_for("网页服务意外停止", 90)
    deadline = time.monotonic() + 60
    while True:
        try:
            assert healthy(house)
        except OSError:
            assert time.monotonic() < deadline, house.said
            time.sleep(0.2)
        else:
            break
