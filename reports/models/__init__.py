from reports.models.audit import AuditQuestion, AuditTurn, IntegrityCheck, Sample, WorkingPaper
from reports.models.facts import BEGINNING, HANDED_ON, STOOD, Fact, FactColumns, FactState, PastFact, Restated, Stale, StoodColumns, StoodFact
from reports.models.months import Closing, FrozenFact, FrozenPast, FrozenStood, Letter, Reading, Report, ReportFile
from reports.models.places import Outlines, TownPlace
from reports.models.tallies import Tally

__all__ = [
    "BEGINNING",
    "HANDED_ON",
    "STOOD",
    "AuditQuestion",
    "AuditTurn",
    "Closing",
    "Fact",
    "FactColumns",
    "FactState",
    "FrozenFact",
    "FrozenPast",
    "FrozenStood",
    "IntegrityCheck",
    "Letter",
    "Outlines",
    "PastFact",
    "Reading",
    "Report",
    "ReportFile",
    "Restated",
    "Sample",
    "Stale",
    "StoodColumns",
    "StoodFact",
    "Tally",
    "TownPlace",
    "WorkingPaper",
]
