"""What is remembered of disputes, the people who mediate, and what they do."""

from mediation.models.dispute import Alarm, Dispute, HandOver, Rung, Side
from mediation.models.ladder import LadderStep

__all__ = ["Alarm", "Dispute", "HandOver", "LadderStep", "Rung", "Side"]
