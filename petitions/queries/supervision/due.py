"""What the clock finds to supervise (L-PET-92)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from organisations import directory
from petitions.models import Supervision
from petitions.rules import supervision as ladder
from petitions.rules.supervision import Trigger


@dataclass(frozen=True, slots=True)
class Due:
    """A case on which a rule fires."""

    number: str
    unit_id: int
    trigger: Trigger


#: The unit's latest duty of each case; ended, suspended and protected ones stay out. What leaders set themselves is no ground for 督办.
_OVERDUE = """
SELECT DISTINCT ON (d.case_id) d.id, d.name, d.key, d.unit_id, d.due_on, c.number, c.id
  FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
 WHERE d.met_on IS NULL AND d.dropped_on IS NULL AND d.suspended_on IS NULL AND d.is_duty AND d.due_on < %(today)s
   AND d.unit_id IS NOT NULL AND d.unit_id <> %(centre)s AND d.key <> ALL(%(apart)s)
   AND c.kind = 'petition' AND c.closed_at IS NULL AND NOT c.confidential AND c.state = ANY(%(states)s)
 ORDER BY d.case_id, d.due_on, d.id
"""
_DISSATISFIED = """
SELECT t.petition_id, count(*), c.number, c.unit_id
  FROM (SELECT petition_id FROM petitions_feedback WHERE is_reached AND unit_rating = %(worst)s
        UNION ALL
        SELECT petition_id FROM petitions_rating WHERE target = 'unit' AND value = %(worst)s AND replaced_at IS NULL) t
  JOIN casework_case c ON c.id = t.petition_id
 WHERE NOT c.confidential AND c.state = ANY(%(states)s) AND c.unit_id <> %(centre)s
 GROUP BY t.petition_id, c.number, c.unit_id HAVING count(*) >= %(times)s
 ORDER BY t.petition_id
"""
#: Each matter with all that repeats it, straight or through a repeat in between; supervised is the newest that is open at a unit.
_REPEATED = """
WITH RECURSIVE again AS (
    SELECT source_id, target_id FROM casework_link WHERE kind = 'repeat' AND undone_at IS NULL
), tree AS (
    SELECT a.target_id AS root, a.source_id AS member FROM again a WHERE NOT EXISTS (SELECT FROM again u WHERE u.source_id = a.target_id)
    UNION
    SELECT t.root, a.source_id FROM tree t JOIN again a ON a.target_id = t.member
), counted AS (
    SELECT root, count(DISTINCT member) AS times FROM tree GROUP BY root HAVING count(DISTINCT member) >= %(times)s
)
SELECT DISTINCT ON (n.root) n.root, n.times, c.number, c.unit_id, c.id
  FROM counted n
  JOIN (SELECT root, member FROM tree UNION SELECT root, root FROM tree) m ON m.root = n.root
  JOIN casework_case c ON c.id = m.member
 WHERE c.closed_at IS NULL AND NOT c.confidential AND c.state = ANY(%(states)s) AND c.unit_id <> %(centre)s
 ORDER BY n.root, c.id DESC
"""


def due(today: date, most: int) -> list[Due]:
    """What L-PET-92 proposes today and has not been proposed before, at most so many; the others come with the next run."""
    found: list[tuple[int, Due]] = []
    values: dict[str, Any] = {
        "today": today,
        "centre": directory.current().centre_id or 0,
        "states": sorted(ladder.SENT_OUT),
        "apart": ["pet.instruction", "pet.sponsor", "pet.advice_reply", "pet.advice_set", "pet.suspended", "pet.follow_up"],
    }
    with connection.cursor() as db:
        db.execute(_OVERDUE, values)
        for deadline_id, name, key, unit_id, due_on, number, case_id in db.fetchall():
            trigger = ladder.overdue(deadline_id, name, (today - due_on).days, is_answer=key.startswith("pet.supervise"))
            if trigger is not None:
                found.append((case_id, Due(number, unit_id, trigger)))
        db.execute(_DISSATISFIED, {**values, "worst": "3", "times": ladder.DISSATISFIED_TO_LETTER})
        for case_id, times, number, unit_id in db.fetchall():
            trigger = ladder.dissatisfied(times)
            if trigger is not None:
                found.append((case_id, Due(number, unit_id, trigger)))
        db.execute(_REPEATED, {**values, "times": ladder.REPEATS_TO_TALK})
        for root_id, times, number, unit_id, case_id in db.fetchall():
            trigger = ladder.repeated(root_id, times)
            if trigger is not None:
                found.append((case_id, Due(number, unit_id, trigger)))
    rows = Supervision.objects.filter(petition__in=[case_id for case_id, _ in found]).exclude(rule="")
    known = set(rows.values_list("petition_id", "rule"))
    return [item for case_id, item in found if (case_id, item.trigger.rule) not in known][:most]
