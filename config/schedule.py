"""Everything the clock does, in one table: name → {"task", "schedule"}.

Each task is a sweep over rows that are due and not done; running it twice, or not at all for a day, changes nothing in the end.
Hours are those of Asia/Shanghai.
"""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {}
