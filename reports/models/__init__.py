from reports.models.facts import Fact, FactColumns, FactState, Stale
from reports.models.months import Closing, FrozenFact, Reading, Report, ReportFile
from reports.models.places import Outlines, TownPlace

__all__ = ["Closing", "Fact", "FactColumns", "FactState", "FrozenFact", "Outlines", "Reading", "Report", "ReportFile", "Stale", "TownPlace"]
