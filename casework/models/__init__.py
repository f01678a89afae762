"""What every case has, whatever its kind: the row on the docket, its readers, people, history, clocks, papers."""

from casework.models.attempts import Attempt
from casework.models.desk import Draft, SavedView, Submission, TextTemplate, TextUse, Viewing
from casework.models.docket import Case, CaseQuerySet, Link, Party, Reach, ReachQuerySet, SearchText
from casework.models.exports import Export
from casework.models.history import Counter, Entry, Seal
from casework.models.inbox import Follow, Notice, NoticePreference, Outgoing, SweepRun
from casework.models.letters import Attachment, Copy, Delivery, Document
from casework.models.terms import CalendarChange, Card, Deadline, DeadlineEvent, Holiday, Limit, OfficeHours

__all__ = [
    "Attachment",
    "Attempt",
    "CalendarChange",
    "Card",
    "Case",
    "CaseQuerySet",
    "Copy",
    "Counter",
    "Deadline",
    "DeadlineEvent",
    "Delivery",
    "Document",
    "Draft",
    "Entry",
    "Export",
    "Follow",
    "Holiday",
    "Limit",
    "Link",
    "Notice",
    "NoticePreference",
    "OfficeHours",
    "Outgoing",
    "Party",
    "Reach",
    "ReachQuerySet",
    "SavedView",
    "Seal",
    "SearchText",
    "Submission",
    "SweepRun",
    "TextTemplate",
    "TextUse",
    "Viewing",
]
