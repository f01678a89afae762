"""What people and the clock do with reports: ask for one, check it, close the period, make what waits, hand it out, prove it."""

from reports.month.actions.asking import again, ask, schedule
from reports.month.actions.closing import check, close, may_check, may_close, waits_for
from reports.month.actions.handing import copy, opened, original, package
from reports.month.actions.letters import send_up, take_back
from reports.month.actions.making import build, make_next
from reports.month.actions.proving import Finding, rebuild, verify

__all__ = [
    "Finding",
    "again",
    "ask",
    "build",
    "check",
    "close",
    "copy",
    "make_next",
    "may_check",
    "may_close",
    "opened",
    "original",
    "package",
    "rebuild",
    "schedule",
    "send_up",
    "take_back",
    "verify",
    "waits_for",
]
