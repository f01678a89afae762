"""When the county works: 8:30 to 12:00 and 13:30 to 17:30 on the working days of the State Council's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from casework.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = (time(8, 30), time(12, 0))
AFTERNOON = (time(13, 30), time(17, 30))


def is_office_time(calendar: Calendar, moment: datetime) -> bool:
    """Whether an act at that instant falls into working hours."""
    local = moment.astimezone(ZONE)
    clock = local.time()
    return calendar.is_working(local.date()) and (MORNING[0] <= clock <= MORNING[1] or AFTERNOON[0] <= clock <= AFTERNOON[1])


@dataclass(frozen=True, slots=True)
class Hours:
    """Moments at which somebody sits at a desk. Every answer is aware, in the county's time zone."""

    calendar: Calendar

    def on(self, day: date, rng: Random) -> datetime:
        """Some moment of the first working day on or after `day`; the morning is busier."""
        start, minutes = (MORNING[0], 200) if rng.random() < 0.55 else (AFTERNOON[0], 230)
        opening = datetime.combine(self.calendar.next_working(day), start, ZONE)
        return opening + timedelta(minutes=rng.randrange(minutes), seconds=rng.randrange(60))

    def later(self, moment: datetime, rng: Random, *, days: int) -> datetime:
        """`days` working days after the moment at some hour; with 0 a few minutes to an hour later, past lunch and night."""
        if days:
            return self.on(self.calendar.add_working_days(moment.date(), days), rng)
        return self.soon(moment, minutes=rng.randrange(6, 55), seconds=rng.randrange(60))

    def soon(self, moment: datetime, *, minutes: int, seconds: int = 0) -> datetime:
        """That much work later: what does not fit before lunch or the evening is done after it."""
        then = moment + timedelta(minutes=minutes, seconds=seconds)
        if is_office_time(self.calendar, then):
            return then
        spent = timedelta(minutes=minutes % 25, seconds=seconds)
        if then.time() < AFTERNOON[0] and self.calendar.is_working(then.date()):
            return datetime.combine(then.date(), AFTERNOON[0], ZONE) + spent
        return datetime.combine(self.calendar.add_working_days(moment.date(), 1), MORNING[0], ZONE) + spent
