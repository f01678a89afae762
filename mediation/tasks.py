"""What the clock does for disputes: sweeps over what is due. Running one twice changes nothing."""

from casework.sweeps import sweep
from mediation import binding
from mediation.chamber import actions as chamber
from mediation.chamber import entrance
from mediation.screening import actions as screening


@sweep("mediation.open_rounds", "开启排查轮次", late_after=3 * 3600)
def open_rounds() -> int:
    """This period's rounds of every unit, and those an outage left out."""
    return screening.open_rounds()


@sweep("mediation.remind_rounds", "排查提醒", late_after=3 * 3600)
def remind_rounds() -> int:
    """Units of what is due and missed, their towns and the centre of what is missed."""
    return screening.remind()


#: Dossiers one run binds at most: each takes a second or two.
MOST_BOUND = 10


@sweep("mediation.bind_dossiers", "装订卷宗", late_after=1800)
def bind_dossiers() -> int:
    """Make the PDF of dossiers that were archived and not opened yet. Returns how many were tried."""
    tried = 0
    while tried < MOST_BOUND and binding.bind_next():
        tried += 1
    return tried


@sweep("mediation.forget_visits", "掌上调解室清理", late_after=3600)
def forget_visits() -> int:
    """Visits to the room's public pages that are over."""
    return entrance.sweep()


@sweep("mediation.remind_aid", "法律援助申请提醒", late_after=3 * 3600)
def remind_aid() -> int:
    """Applications for legal aid near their last day, or past it."""
    return chamber.remind_aid()
