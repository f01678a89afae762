"""Everything the clock does, in one table: name → {"task", "schedule"}.

Each task is a sweep over rows that are due and not done; running it twice, or not at all for a day, changes nothing in the end.
Hours are those of Asia/Shanghai.
"""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "render papers": {"task": "casework.render_documents", "schedule": 60.0},  # every minute
    "take imports in": {"task": "petitions.run_imports", "schedule": 10.0},
    "seal history": {"task": "casework.seal_history", "schedule": crontab(hour=0, minute=20)},
    "forget answered keys": {"task": "casework.sweep_submissions", "schedule": crontab(hour=3, minute=40)},
}
