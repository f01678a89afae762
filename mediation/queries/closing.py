"""What the time after the talks asks: the agreement that stands, the last day for confirmation, the dossier as it is now, how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from casework import deadlines
from casework.models import Attachment, Case, Deadline, Document
from mediation import codes
from mediation.models import Agreement, Confirmation, Dispute, Dossier, DossierFile, Ending, KeepTerm, Performance, Side
from mediation.rules import dossier as rules
from mediation.rules.closing import CONFIRM
from mediation.rules.dossier import KEPT_YEARS, PROOF, SESSION, Line, Settled, Term

if TYPE_CHECKING:
    from mediation.queries.dispute import CasePage


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
    """The dossier as it is now. At most six statements."""
    papers = list(Document.objects.filter(case=dispute.pk).order_by("issued_at", "id"))
    files = list(Attachment.objects.filter(case=dispute.pk))
    has_agent = Side.objects.filter(dispute=dispute, is_agent=True).exists()
    return rules.lines(papers, files, places(dispute), settled=_of_rows(dispute, papers), has_agent=has_agent)


def _of_rows(dispute: Dispute, papers: Sequence[Document]) -> Settled:
    """How it came to its end. At most one statement."""
    if dispute.ended_on is not None:
        return _ended(dispute, has_notice=Ending.objects.filter(dispute=dispute).exists())
    return _agreed(dispute, papers, has_agreement=dispute.agreed_on is None or standing(dispute) is not None)


def _ended(dispute: Dispute, *, has_notice: bool) -> Settled:
    if dispute.accepted_on is None:
        return Settled.UNTAKEN
    return Settled.ENDED if has_notice else Settled.DECIDED


def _agreed(dispute: Dispute, papers: Sequence[Document], *, has_agreement: bool) -> Settled:
    """An agreement of this body rests on a talk it recorded; without one it was reached elsewhere, even where its items are written down here."""
    has_talk = any(paper.paper == SESSION for paper in papers)
    return Settled.HERE if dispute.agreed_on is None or (has_agreement and has_talk) else Settled.ELSEWHERE


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
        settled=_settled(held),
        has_agent=any(side.is_agent for side in held.sides),
    )
    return rules.missing(found)


def _settled(held: CasePage) -> Settled:
    dispute = held.dispute
    if dispute.ended_on is not None:
        return _ended(dispute, has_notice=bool(held.endings))
    return _agreed(dispute, held.papers, has_agreement=held.agreement is not None)


def of(dispute: Dispute) -> Dossier | None:
    return Dossier.objects.filter(dispute=dispute).select_related("filed_by").first()


# -- how long dossiers are kept -------------------------------------------------------------------------------------------------------------


def terms(on: date) -> dict[str, Term]:
    """The term of each difficulty on that day: the county's newest version, else what ships. One statement."""
    found = {code: Term(code, KEPT_YEARS[code], None, "本中心规定（待核定）") for code in codes.DIFFICULTIES}
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
