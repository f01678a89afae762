from reports.models.audit import AuditQuestion, AuditTurn, IntegrityCheck, Sample, WorkingPaper
from reports.models.facts import Fact, FactColumns, FactState, Stale
from reports.models.months import Closing, FrozenFact, Reading, Report, ReportFile
from reports.models.places import Outlines, TownPlace
from reports.models.tallies import Tally

__all__ = [
    "AuditQuestion",
    "AuditTurn",
    "Closing",
    "Fact",
    "FactColumns",
    "FactState",
    "FrozenFact",
    "IntegrityCheck",
    "Outlines",
    "Reading",
    "Report",
    "ReportFile",
    "Sample",
    "Stale",
    "Tally",
    "TownPlace",
    "WorkingPaper",
]
