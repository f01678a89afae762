"""Nothing is skipped in silence: a skipped test fails the run, and the numbers go to the file that `make test` adds up (TEST_REPORT)."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest


class Accounts:
    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.skipped: list[str] = []
        self.failures: list[str] = []
        self.deselected = 0

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.deselected += len(items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.append(f"{report.nodeid}: {reason(report)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed or report.skipped:
            self.outcomes[report.outcome] += 1
        if report.failed and report.nodeid not in self.failures:
            self.failures.append(report.nodeid)
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(f"{report.nodeid}: {reason(report)}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if os.environ.get("TEST_REPORT"):
            account = {**self.outcomes, "deselected": self.deselected, "skips": self.skipped, "failures": self.failures}
            Path(os.environ["TEST_REPORT"]).write_text(json.dumps(account, ensure_ascii=False), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.skipped:
            terminalreporter.write_line(f"not run, and that is a failure here: {line}", red=True)


def reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Accounts(), "accounts")
