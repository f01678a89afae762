"""`python -m launch test`: every check of the house, each stage run whatever the one before said, one closing table, one exit code.

With arguments only pytest runs, with these arguments.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from launch.children import die_with_parent
from launch.paths import ROOT, VAR
from launch.say import say
from launch.signals import Stopped, ignore_signals, stop_on_signals
from launch.system import CHROMIUM, FOR_TEST, provide
from launch.throwaway import TEMPLATE_URL, throw_away_services

BROWSER = "browser tests"
# Two browsers, two servers and two databases share the cores of the machine: a page may come later than a test waits for it. So many
# tests of the browser at most are asked once more, alone; whoever passes only then is named in the closing line. More of them are a fault.
ASKED_AGAIN = 3
PROCESSES = os.environ.get("TEST_PROCESSES", "2")
# Some hundred processes are started; what the first has compiled the others need not, wherever the shell forbids it beside the sources.
BYTECODE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(VAR / "pycache")}


@dataclass
class Stage:
    name: str
    command: Sequence[str]
    is_tests: bool = False
    code: int | None = None
    seconds: float = 0.0
    account: dict[str, int | list[str]] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    second: list[str] = field(default_factory=list)

    def run(self, env: Mapping[str, str], reports: Path) -> None:
        say(f"── {self.name}")
        report = reports / f"{self.name.replace(' ', '-')}.json"
        began = time.monotonic()
        process = subprocess.Popen(
            list(self.command),
            cwd=ROOT,
            env={**env, **self.extra, **({"TEST_REPORT": str(report)} if self.is_tests else {})},
            start_new_session=True,
            preexec_fn=die_with_parent(15),  # noqa: PLW1509  (the launcher has one thread)
        )
        try:
            self.code = process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        self.seconds = time.monotonic() - began
        if report.exists():
            self.account = json.loads(report.read_text(encoding="utf-8"))

    def ask_again(self, env: Mapping[str, str], reports: Path) -> None:
        """Run the few tests that failed once more, one by one with nothing beside them; they pass only if all of them do now."""
        failed = self.account.get("failures")
        if not isinstance(failed, list) or not 0 < len(failed) <= ASKED_AGAIN:
            return
        alone = Stage(f"{self.name} again", [sys.executable, "-m", "pytest", "-q", "-n", "0", *failed], is_tests=True, extra=self.extra)
        alone.run(env, reports)
        self.seconds += alone.seconds
        if alone.passed and alone.count("passed") == len(failed):
            self.code, self.second = 0, failed
            self.account = {**self.account, "passed": self.count("passed") + len(failed), "failed": 0}

    @property
    def passed(self) -> bool:
        return self.code == 0

    def count(self, outcome: str) -> int:
        value = self.account.get(outcome, 0)
        return value if isinstance(value, int) else len(value)

    def line(self) -> str:
        verdict = "未运行" if self.code is None else "通过" if self.passed else f"失败（代码 {self.code}）"
        counts = f"：{self.count('passed')} 项通过，{self.count('failed')} 项失败，{self.count('skips')} 项跳过" if self.account else ""
        late = f"；第二次单独运行才通过：{'、'.join(self.second)}" if self.second else ""
        return f"  {verdict:<6} {self.seconds:6.1f} 秒  {self.name}{counts}{late}"


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def stages(env: Mapping[str, str], with_browser: bool) -> list[Stage]:
    python = sys.executable
    pytest = [python, "-m", "pytest", "-q"]
    copied: dict[str, str] = {}
    migrate: list[Stage] = []
    if TEMPLATE_URL in env:
        # All migrations once, from nothing: half a minute that each process of the tests would need again. They copy what stands then.
        migrate = [Stage("migrate", [python, "manage.py", "migrate", "--no-input", "-v", "0"], extra={"DATABASE_URL": env[TEMPLATE_URL]})]
        copied = {"TEST_DB_TEMPLATE": urlsplit(env[TEMPLATE_URL]).path.removeprefix("/")}
    house = [
        Stage("ruff check", [tool("ruff"), "check", "--quiet"]),
        Stage("ruff format", [tool("ruff"), "format", "--check", "--quiet"]),
        Stage("mypy", [tool("mypy"), "--no-error-summary"]),
        Stage("import contracts", [tool("lint-imports")]),
        Stage("templates", [tool("djlint"), "--lint", "--quiet", "templates"]),
        Stage("django check", [python, "manage.py", "check", "--fail-level", "WARNING"]),
        Stage("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        *migrate,
        Stage("tests", [*pytest, "-n", PROCESSES, "-m", "not browser"], is_tests=True, extra=copied),
    ]
    if with_browser:
        house.append(Stage(BROWSER, [*pytest, "-n", PROCESSES, "-m", "browser", "tests/browser"], is_tests=True, extra=copied))
    return house


def count_browser_tests(env: Mapping[str, str]) -> int:
    """How many tests BROWSER=0 leaves out, asked of pytest itself."""
    command = [sys.executable, "-m", "pytest", "-qq", "--collect-only", "-m", "browser", "tests/browser", "-p", "no:randomly"]
    listed = subprocess.run(command, cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False)
    return sum(1 for line in listed.stdout.splitlines() if "::" in line)


def test(arguments: Sequence[str]) -> int:
    """Exit code 0 only when every stage ran and passed, or BROWSER=0 asked for the browser to be left out."""
    browser_wanted = os.environ.get("BROWSER", "1") != "0"
    stop_on_signals()
    try:
        missing = provide((*FOR_TEST, CHROMIUM) if browser_wanted else FOR_TEST)
        no_chromium = CHROMIUM in missing
        if no_chromium:
            say("没有 Chromium，浏览器测试不能运行，本次检验以失败结束；确实不要浏览器测试请用 BROWSER=0 make test")
        with contextlib.ExitStack() as stack:
            env = {**os.environ, **BYTECODE, **stack.enter_context(throw_away_services())}
            stack.callback(ignore_signals)
            if arguments:
                return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=env, check=False).returncode
            reports = Path(env["TEST_FOLDER"])
            plan = stages(env, with_browser=browser_wanted and not no_chromium)
            for stage in plan:
                stage.run(env, reports)
                if stage.name == BROWSER and not stage.passed:
                    stage.ask_again(env, reports)
            left_out = 0 if browser_wanted and not no_chromium else count_browser_tests(env)
    except Stopped:
        say("已中断")
        return 130
    return close(plan, left_out, missing_packages=[need.package for need in missing])


def close(plan: Sequence[Stage], left_out: int, missing_packages: Sequence[str]) -> int:
    say("── 小结")
    for stage in plan:
        sys.stdout.write(stage.line() + "\n")
    failed = [stage.name for stage in plan if not stage.passed]
    browser_missing = CHROMIUM.package in missing_packages
    not_run = left_out + sum(stage.count("skips") for stage in plan)
    total = sum(stage.count("passed") for stage in plan)
    good = not failed and not browser_missing
    reason = "" if good else f"（失败：{'、'.join([*failed, *(['缺少 Chromium'] if browser_missing else [])])}）"
    sys.stdout.write(f"{'全部通过' if good else '没有通过'}{reason}；{total} 项测试通过，{not_run} 项没有运行")
    sys.stdout.write(f"（其中浏览器测试 {left_out} 项）\n" if left_out else "\n")
    return 0 if good else 1
