"""The conditions the definitions are made of: what is open, late, due, near on a day; what the law counts. Pure."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from reports.rules.measures.meaning import Moment, When


def always(**conditions: object) -> When:
    return lambda at: Q(**conditions)


def that(condition: Q) -> When:
    return lambda at: condition


def on_time(done: str, due: str) -> Q:
    return Q(**{f"{done}__lte": F(due)})


def not_by(done: str, day: date) -> Q:
    return Q(**{done: None}) | Q(**{f"{done}__gt": day})


#: The law's limits of a matter: due day, the day it was met, what it is called.
OF_LAW = (("forward_due_on", "forwarded_on", "转送"), ("accept_due_on", "accepted_on", "受理告知"), ("reply_due_on", "replied_on", "办理答复"))


def is_open(at: Moment) -> Q:
    return Q(registered_on__lte=at.on) & not_by("closed_on", at.on)


def is_late(at: Moment) -> Q:
    """A legal limit of the matter had run out on that day and was not met by then."""
    late = Q()
    for due, done, _ in OF_LAW:
        late |= Q(**{f"{due}__lt": at.on}) & not_by(done, at.on)
    return late


def is_due(at: Moment) -> Q:
    """A legal limit of the matter ends on that very day and was not met by then."""
    due_now = Q()
    for due, done, _ in OF_LAW:
        due_now |= Q(**{due: at.on}) & not_by(done, at.on)
    return due_now


def is_near(at: Moment) -> Q:
    """Amber: the next limit is in its warning days and nothing is late (DESIGN: red only once the date has passed)."""
    return Q(warn_on__lte=at.on, due_on__gte=at.on) & ~is_late(at)


def aged(least: int, most: int | None) -> When:
    def condition(at: Moment) -> Q:
        until = date.fromordinal(at.on.toordinal() - least)
        found = is_open(at) & Q(received_on__lte=until)
        return found if most is None else found & Q(received_on__gt=date.fromordinal(at.on.toordinal() - most - 1))

    return condition


FORMS_OF_LAW = Q(form__in=("100", "200", "300"))
#: 初次事项, not one of the courts; found out afterwards to be a repeat it stays a first one.
FIRST = Q(is_first=True)
RATED = Q(unit_rating__in=("0", "1", "3"))
RATED_OFFICE = Q(office_rating__in=("0", "1", "3"))


#: From here on a promise counts once it is decided; before, one whose last day is today counted as broken until it was kept.
RIPE = date(2026, 11, 1)
#: From here on a card, an urging, a supervision counts with whom it was given to, a dispute with every body that took it up.
CARRIED = date(2026, 11, 23)
UNDECIDED = "今天到期、还没有完成的，今天不计入，过了今天才算未按期。已经过去的期间，按最后一天的情况统计，以后的办理不改变它。"
