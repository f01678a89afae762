"""What the clock does for every kind of case: sweeps over rows that are due and not done."""

from __future__ import annotations

import time

from casework import (
    almanac,
    carrying,
    cases,
    chain,
    deadlines,
    digest,
    documents,
    escalation,
    exports_jobs,
    outbox,
    reminding,
    store,
    submissions,
    throttle,
)
from casework.sweeps import once_a_day, sweep
from organisations import clock

#: Seconds one run makes papers before it lets other work in. A run begins every 10 seconds, so that a heap occupies two workers.
BUSY = 18


@sweep("casework.remind", "期限提醒", late_after=1800)
def remind() -> int:
    """Tell people of running limits. Returns how many limits were looked at."""
    return reminding.sweep()


@sweep("casework.give_cards", "黄牌红牌", late_after=1800)
def give_cards() -> int:
    """Give and lift the cards of late duties. Returns how many changed."""
    return escalation.sweep()


@sweep("casework.remind_by_the_hour", "按小时的期限提醒", late_after=900)
def remind_by_the_hour() -> int:
    """Tell people of limits that run in hours. Returns how many notices were new."""
    return reminding.sweep_hours()


@sweep("casework.mark_unaccepted", "超期未受理标记", late_after=7200)
def mark_unaccepted() -> int:
    """Tag the cases whose notice of acceptance is late. Returns how many."""
    return deadlines.mark_unaccepted()


@sweep("casework.carry_notices", "消息转发", late_after=600)
def carry_notices() -> int:
    """Put into the outbox what people want to have beyond the inbox. Returns how many notices were looked at."""
    return carrying.sweep()


@sweep("casework.send_outgoing", "外发消息", late_after=600)
def send_outgoing() -> int:
    """Send what is in the outbox. Returns how many messages were handed over."""
    return outbox.sweep()


@sweep("casework.make_digests", "每日汇总", late_after=1800)
def make_digests() -> int:
    """The daily digests whose time has come. Returns how many."""
    return digest.sweep()


@sweep("casework.render_documents", "生成文书", late_after=600)
def render_documents() -> int:
    """Make the papers that were issued and not opened yet, newest first. Returns how many were tried."""
    tried, until = 0, time.monotonic() + BUSY
    while time.monotonic() < until and documents.render_next():
        tried += 1
    return tried


@sweep("casework.settle_texts", "检索索引整理", late_after=1800)
def settle_texts() -> int:
    """Take what was registered since into the index of words. Returns how many pages of it were waiting."""
    return cases.settle_texts()


@sweep("casework.make_exports", "生成导出文件", late_after=600)
def make_exports() -> int:
    """Make the files that were asked for; one that a dead worker left half written begins again. Returns how many were taken up."""
    taken, until = 0, time.monotonic() + BUSY
    while time.monotonic() < until and exports_jobs.run_next():
        taken += 1
    return taken


@sweep("casework.forget_exports", "清理导出文件", late_after=once_a_day())
def forget_exports() -> int:
    """Remove export files whose days are over. Returns how many went."""
    return exports_jobs.forget(clock.now())


@sweep("casework.sweep_store", "清理无主文件", late_after=once_a_day())
def sweep_store() -> int:
    """Take away bytes that no row names: what a dead writer or a failed commit left. Returns how many went."""
    return store.sweep()


@sweep("casework.seal_history", "历史封存", late_after=once_a_day())
def seal_history() -> None:
    """Close the day's history under one hash; a second run on the same day finds nothing to do."""
    chain.seal(clock.today(), clock.now())


@sweep("casework.announce_missing_year", "缺放假安排通知", late_after=once_a_day())
def announce_missing_year() -> int:
    """Tell the system administrators that a year of the calendar is missing (L-CAL-3). Returns how many were told."""
    return almanac.announce_missing()


@sweep("casework.catch_up_calendar", "放假安排变更补算", late_after=1800)
def catch_up_calendar() -> int:
    """Count anew what acts wrote while the calendar was being changed (L-CAL-4). Returns how many limits got another date."""
    return almanac.catch_up()


@sweep("casework.sweep_submissions", "清理回执键", late_after=once_a_day())
def sweep_submissions() -> None:
    """Forget idempotency keys nobody retries any more."""
    submissions.sweep()
    throttle.sweep(clock.now())
