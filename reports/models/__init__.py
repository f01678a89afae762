from reports.models.facts import Fact, FactColumns, FactState, Stale
from reports.models.places import Outlines, TownPlace

__all__ = ["Fact", "FactColumns", "FactState", "Outlines", "Stale", "TownPlace"]
