"""The house's own Celery application under a clock that a file moves: `celery -A tests.launch.simulated worker` (or beat).

Nothing else differs from `celery -A config`, but that beat rings several times a second.
"""

import os
from datetime import datetime
from pathlib import Path

from config.celery import app
from organisations import clock

_CLOCK = Path(os.environ["SIMULATED_CLOCK"])


def moment() -> datetime:
    return datetime.fromisoformat(_CLOCK.read_text(encoding="ascii"))


clock.run_by(moment)
app.conf.beat_schedule = {
    name: {"task": name, "schedule": 0.4, "options": {"expires": 60.0}}
    for name in ("casework.remind", "casework.give_cards", "casework.carry_notices", "casework.send_outgoing")
}
