"""委托（移送）调解函 (M13): to whom the dispute goes, why, and that both parties agreed (L-MED-24)."""

from __future__ import annotations

from datetime import date

from casework.documents import Paper
from mediation.models import BodyReferral, Dispute
from mediation.papers.sheet import lines_of, names_of, sheet
from organisations import directory


def commission(dispute: Dispute, row: BodyReferral, today: date) -> Paper:
    """The letter that goes with the dispute; the parties by name only, their numbers stay in the system."""
    unit = directory.current().units[row.to_unit_id].name if row.to_unit_id else row.outside
    return sheet(
        "M13",
        dispute,
        today,
        word="调移",
        template="mediation/papers/commission.html",
        addressee=unit,
        parties=names_of(dispute.case),
        body=row.get_body_display(),
        story=lines_of(dispute.story),
        demand=lines_of(dispute.demand),
        reason=lines_of(row.reason),
        consent=lines_of(row.consent),
    )
