"""What the time after the talks asks: the agreement that stands, the last day for confirmation, the dossier as it is now, how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from casework import deadlines
from casework.models import Attachment, Case, Deadline, Document
from mediation import codes
from mediation.models import Agreement, Confirmation, Dispute, Dossier, DossierFile, KeepTerm, Performance, Side
from mediation.rules import dossier as rules
from mediation.rules.closing import CONFIRM
from mediation.rules.dossier import KEPT_YEARS, PROOF, Line, Term
from mediation.rules.states import State

if TYPE_CHECKING:
    from mediation.queries.dispute import CasePage

#: States in which the dossier has no agreement to hold.
UNSETTLED = frozenset({State.ENDED})


def standing(dispute: Dispute) -> Agreement | None:
    """The agreement that stands. One statement."""
    return Agreement.objects.filter(dispute=dispute, replaced_on=None).select_related("document").first()


def last_day(case: Case, effective_on: date) -> date:
    """Until when the parties may ask a court: the stored limit, or what it would be if it had been started that day (L-MED-12)."""
    held = Deadline.objects.filter(case=case, key=CONFIRM, base_on=effective_on).order_by("-pk").first()
    return held.due_on if held else deadlines.preview(CONFIRM, effective_on).due_on


def at_court(dispute: Dispute) -> Confirmation | None:
    """The application the court has not finished with."""
    return Confirmation.objects.filter(dispute=dispute).exclude(state__in=Confirmation.OVER).first()


# -- the dossier ---------------------------------------------------------------------------------------------------------------------------


def volume(dispute: Dispute) -> list[Line]:
    """The dossier as it is now. Four statements."""
    papers = list(Document.objects.filter(case=dispute.pk).order_by("issued_at", "id"))
    files = list(Attachment.objects.filter(case=dispute.pk))
    has_agent = Side.objects.filter(dispute=dispute, is_agent=True).exists()
    return rules.lines(papers, files, places(dispute), is_settled=is_settled(dispute), has_agent=has_agent)


def is_settled(dispute: Dispute) -> bool:
    return dispute.ended_on is None


def places(dispute: Dispute) -> dict[int, str]:
    """At which item each attachment stands: proofs of performance by themselves, the others where somebody put them. Two statements."""
    proofs = Performance.objects.filter(item__agreement__dispute=dispute, attachment__isnull=False).values_list("attachment_id", flat=True)
    put = DossierFile.objects.filter(dispute=dispute).values_list("attachment_id", "item")
    return {**{pk: PROOF for pk in proofs if pk is not None}, **dict(put)}


def missing_of(held: CasePage) -> list[str]:
    """What the dossier still lacks, from the rows of the page. No statement."""
    found = rules.lines(
        held.papers,
        held.files,
        {row.attachment_id: row.item for row in held.dossier_files},
        is_settled=is_settled(held.dispute),
        has_agent=any(side.is_agent for side in held.sides),
    )
    return rules.missing(found)


def of(dispute: Dispute) -> Dossier | None:
    return Dossier.objects.filter(dispute=dispute).select_related("filed_by").first()


# -- how long dossiers are kept -------------------------------------------------------------------------------------------------------------


def terms(on: date) -> dict[str, Term]:
    """The term of each difficulty on that day: the county's newest version, else what ships. One statement."""
    found = {code: Term(code, KEPT_YEARS[code], None, "本中心规定（L-MED-51，待核定）") for code in codes.DIFFICULTIES}
    for row in KeepTerm.objects.filter(valid_from__lte=on).order_by("valid_from"):
        found[row.difficulty] = Term(row.difficulty, row.years, row.valid_from, row.reason)
    return found


def term_versions() -> list[KeepTerm]:
    """What the county has set, newest first."""
    return list(KeepTerm.objects.select_related("set_by").order_by("-valid_from", "difficulty"))


@dataclass(frozen=True, slots=True)
class After:
    """What the page says of the time after the agreement."""

    confirmation: Confirmation | None
    last_on: date | None
    days_left: int
    missing: list[str]


def after(held: CasePage, today: date) -> After:
    """Confirmation and dossier for the case page, from its rows. No statement."""
    confirmation = held.confirmations[-1] if held.confirmations else None
    running = next((row for row in held.deadlines if row.key == CONFIRM and row.met_on is None and row.dropped_on is None), None)
    last_on = running.due_on if running else None
    return After(confirmation, last_on, (last_on - today).days if last_on else 0, missing_of(held))
