"""The small parts of the launcher."""

import os
import socket
import threading
from pathlib import Path

import pytest

from launch import ports, secrets_file
from launch.check import Stage, close, stages
from launch.children import Child
from launch.envfile import read_env_file, write_env_file
from launch.locks import try_lock, wait_for_lock
from launch.run import wait_for_answer
from launch.say import Refused


def test_an_env_file_is_private_and_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "env"
    write_env_file(file, {"A": "x=y", "B": "你好"})
    assert read_env_file(file) == {"A": "x=y", "B": "你好"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["env"]


def test_secrets_are_made_once_and_completed_later(tmp_path: Path) -> None:
    first = secrets_file.kept_secrets(tmp_path / "secrets.env")
    assert secrets_file.kept_secrets(tmp_path / "secrets.env") == first
    write_env_file(tmp_path / "secrets.env", {"FIELD_KEYS": first["FIELD_KEYS"]})
    later = secrets_file.kept_secrets(tmp_path / "secrets.env")
    assert later["FIELD_KEYS"] == first["FIELD_KEYS"]
    assert later["SECRET_KEY"] != first["SECRET_KEY"]


def test_a_lock_is_held_until_its_last_descriptor_is_closed(tmp_path: Path) -> None:
    held = try_lock(tmp_path / "lock")
    assert held is not None
    inherited = os.dup(held)
    os.close(held)
    assert wait_for_lock(tmp_path / "lock", 0.2) is None
    os.close(inherited)
    assert try_lock(tmp_path / "lock") is not None


def test_a_port_that_is_free_is_taken_as_wanted() -> None:
    port = ports.free_port()
    assert ports.web_port("127.0.0.1", port) == port


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(Refused, match="HOST"):
        ports.is_free("192.0.2.1", 8000)


def test_a_listening_port_is_not_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not ports.is_free("127.0.0.1", taken.getsockname()[1])


def test_a_stage_that_did_not_pass_says_so() -> None:
    stage = Stage("tests", [], is_tests=True, code=1, account={"passed": 3, "failed": 1, "skips": ["tests/x.py::y: why"]})
    assert not stage.passed
    assert "3 项通过，1 项失败，1 项跳过" in stage.line()


def in_a_house_of_its_own(folder: Path, body: str, failures: list[str]) -> Stage:
    """A stage of the browser that has run and failed; what it asks again is a file beside, with nothing of ours in it."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_late.py").write_text(body, encoding="utf-8")
    names = [f"{folder}/test_late.py::{name}" for name in failures]
    account: dict[str, int | list[str]] = {"passed": 7, "failed": len(names), "skips": [], "failures": names}
    return Stage("browser tests", [], is_tests=True, code=1, account=account, extra={"PYTEST_ADDOPTS": f"-p tests.accounting -c {folder}/pytest.ini"})


def test_a_late_page_gets_a_second_hearing_and_is_named(tmp_path: Path) -> None:
    stage = in_a_house_of_its_own(tmp_path, "def test_a(): pass\n", ["test_a"])
    stage.ask_again(os.environ, tmp_path)
    assert stage.passed
    assert "8 项通过，0 项失败" in stage.line()
    assert "第二次单独运行才通过" in stage.line()
    assert "test_late.py::test_a" in stage.line()


def test_what_fails_twice_stays_failed(tmp_path: Path) -> None:
    stage = in_a_house_of_its_own(tmp_path, "def test_a(): pass\ndef test_b(): assert False\n", ["test_a", "test_b"])
    stage.ask_again(os.environ, tmp_path)
    assert not stage.passed
    assert "7 项通过，2 项失败" in stage.line()
    assert "第二次" not in stage.line()


def test_many_failures_are_a_fault_and_not_asked_again(tmp_path: Path) -> None:
    stage = in_a_house_of_its_own(tmp_path, "def test_a(): pass\n", ["test_a"] * 4)
    stage.ask_again(os.environ, tmp_path)
    assert not stage.passed


GOOD = Stage("tests", [], is_tests=True, code=0, account={"passed": 9, "skips": []})


def test_the_closing_line_of_a_good_run_counts_nothing_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert close([GOOD], left_out=0, missing_packages=[]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "全部通过；9 项测试通过，0 项没有运行"


def test_a_browser_left_out_on_purpose_is_counted_and_not_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert close([GOOD], left_out=12, missing_packages=[]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "全部通过；9 项测试通过，12 项没有运行（其中浏览器测试 12 项）"


def test_a_browser_that_cannot_be_had_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert close([GOOD], left_out=12, missing_packages=["chromium"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "没有通过（失败：缺少 Chromium）；9 项测试通过，12 项没有运行（其中浏览器测试 12 项）"


def test_one_failed_stage_fails_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert close([GOOD, Stage("mypy", [], code=1)], left_out=0, missing_packages=[]) == 1
    assert "失败：mypy" in capsys.readouterr().out.splitlines()[-1]


def test_migrations_run_once_and_the_tests_copy_what_they_left() -> None:
    plan = {stage.name: stage for stage in stages({"TEST_TEMPLATE_URL": "postgres://yimen:x@127.0.0.1:1/yimen_template"}, with_browser=True)}
    assert plan["migrate"].extra == {"DATABASE_URL": "postgres://yimen:x@127.0.0.1:1/yimen_template"}
    assert plan["tests"].extra == plan["browser tests"].extra == {"TEST_DB_TEMPLATE": "yimen_template"}


def test_a_database_that_was_given_is_not_migrated_by_the_tests() -> None:
    plan = {stage.name: stage for stage in stages({"DATABASE_URL": "postgres://county:x@127.0.0.1:1/county"}, with_browser=False)}
    assert "migrate" not in plan
    assert plan["tests"].extra == {}


def test_a_start_that_hears_its_own_question_asks_again(tmp_path: Path) -> None:
    """Before the server listens, a try whose own port has the same number is connected with itself."""
    heard: list[bytes] = []

    def answer(listener: socket.socket) -> None:
        for reply in (None, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"):
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(4096))
                connection.sendall(reply or heard[-1])

    web = Child("网页服务", ["sleep", "60"], tmp_path / "web.log", os.environ)
    web.start()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer, args=(listener,), daemon=True)
        server.start()
        wait_for_answer(f"http://127.0.0.1:{listener.getsockname()[1]}/", web)
    server.join(10)
    web.stop()
    assert len(heard) == 2
