"""Everything the clock does, in one table: name → {"task", "schedule"}.

Each task is a sweep over rows that are due and not done; running it twice, or not at all for a day, changes nothing in the end.
Hours are those of Asia/Shanghai. A call that waited in the queue until the next one is due is thrown away: after an outage of
the workers one run is enough.
"""

from typing import Any

from celery.schedules import crontab


def _every(seconds: float, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 60.0)}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "remind": _every(300.0, "casework.remind"),
    "remind by the hour": _every(300.0, "casework.remind_by_the_hour"),
    "mark unaccepted": _every(1200.0, "casework.mark_unaccepted"),
    "cards": _every(300.0, "casework.give_cards"),
    "carry notices": _every(20.0, "casework.carry_notices"),
    "send messages": _every(15.0, "casework.send_outgoing"),
    "digests": _every(300.0, "casework.make_digests"),
    "render papers": _every(10.0, "casework.render_documents"),
    "settle texts": _every(60.0, "casework.settle_texts"),
    "make exports": _every(5.0, "casework.make_exports"),
    "forget exports": {"task": "casework.forget_exports", "schedule": crontab(hour=3, minute=50)},
    "sweep the store": {"task": "casework.sweep_store", "schedule": crontab(hour=4, minute=0)},
    "forget public visits": _every(600.0, "petitions.forget_visits"),
    "take imports in": _every(10.0, "petitions.run_imports"),
    "forget ledgers": {"task": "petitions.forget_ledgers", "schedule": crontab(hour=3, minute=40)},
    "follow the review chain": {"task": "petitions.follow_chain", "schedule": crontab(hour=6, minute=10)},
    "propose supervision": {"task": "petitions.propose_supervision", "schedule": crontab(hour="7,11,15", minute=10)},
    "offer the normal procedure": {"task": "petitions.offer_conversions", "schedule": crontab(hour=6, minute=20)},
    "forget visits of the mediators": _every(600.0, "mediation.forget_visits"),
    "bind dossiers": _every(60.0, "mediation.bind_dossiers"),
    "open screening rounds": _every(3600.0, "mediation.open_rounds"),
    "remind of screening": _every(1800.0, "mediation.remind_rounds"),
    "remind of legal aid": _every(3600.0, "mediation.remind_aid"),
    "remind of audit questions": {"task": "reports.remind_questions", "schedule": crontab(hour=8, minute=25)},
    "refresh facts": _every(20.0, "reports.refresh_facts"),
    "make reports": _every(10.0, "reports.make_reports"),
    "schedule reports": _every(3600.0, "reports.schedule_reports"),
    "seal history": {"task": "casework.seal_history", "schedule": crontab(hour=0, minute=20)},
    "catch up with the calendar": _every(300.0, "casework.catch_up_calendar"),
    "missing year": {"task": "casework.announce_missing_year", "schedule": crontab(hour=8, minute=10)},
    "forget answered keys": {"task": "casework.sweep_submissions", "schedule": crontab(hour=3, minute=40)},
}
