"""疑点: what an auditor looks for in the docket, one row of a table each: code, name, meaning in words, source, statement.

A statement gives one line a finding: the case, the day, the unit that answers, and in a few words what was found. Its period
are the parameters `since` and `until` (days, both included) and `begin` and `end` (moments, `end` excluded), `now` is the moment
of asking; it may read the relation `facts` (columns: `casework.facts.COLUMNS`), which the reader supplies. Every kind of case brings the doubts about
its own rows (`CaseKind.doubts`); the house's own ask the docket alone.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Columns of each statement, in this order.
COLUMNS = ("case_id", "day", "unit_id", "note")
#: The county's day of a moment.
DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One kind of irregularity. With `is_forbidden` the rules of acts exclude it: one finding means the program or the rows were tampered with."""

    code: str
    name: str
    words: str
    cites: str
    select: str
    is_forbidden: bool = False
