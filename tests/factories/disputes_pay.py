"""Disputes that may be rewarded, and the people who mediate them, for tests of pay and figures.

The rows after the agreement are written here as the acts of talks and closing leave them: pay only reads them.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from casework.models import Case, Document, Reach
from mediation.models import Agreement, Appointment, Dispute, Dossier, FollowUpVisit, Mediating, Mediator
from mediation.rules import STAGE_OF, State
from organisations import clock, directory
from organisations.models import User
from tests.factories import disputes
from tests.factories.county import County

LONG_AGO, FAR_AHEAD = date(2024, 1, 1), date(2029, 12, 31)


def mediator(county: County, name: str, *, unit: str = "jiuqu", user: str = "", **facts: Any) -> Mediator:
    """Somebody of the corps, in office since long ago."""
    by = county.people["town_head"]
    usual: dict[str, Any] = {"kind": "peoples", "grade": "4", "sex": "1", "initials": "x", "entered_by": by, "entered_at": clock.now()}
    made = Mediator.objects.create(name=name, unit=county.units[unit], user=county.people[user] if user else None, **{**usual, **facts})
    term = {"from_on": LONG_AGO, "until_on": FAR_AHEAD, "way": "hired", "decided_by": "阜山镇调委会", "entered_by": by, "entered_at": clock.now()}
    Appointment.objects.create(mediator=made, unit=made.unit, **term)
    return made


def _paper(case: Case, code: str, by: User) -> Document:
    return Document.objects.create(
        case=case, paper=code, name=code, number=f"{code}-{uuid4().hex[:12]}", unit=case.unit, context={}, issued_by=by, issued_at=clock.now()
    )


def agreed(county: County, *people: Mediator, on: date | None = None, form: str = "1", **changes: Any) -> Dispute:
    """An agreement was reached on that day and these people mediated it."""
    on = on or clock.today()
    dispute = disputes.accepted(county, **changes)
    by = county.people["village_cadre"]
    Dispute.objects.filter(pk=dispute.pk).update(result="1", way="mediated", agreed_on=on, accepted_on=on)
    Case.objects.filter(pk=dispute.pk).update(state=State.AGREED, stage=STAGE_OF[State.AGREED])
    for person in people:
        Mediating.objects.create(
            dispute=dispute, user=person.user, name=person.name, unit=person.unit, chosen="named", part="leading", since_on=on, by=by, at=clock.now()
        )
    document = _paper(dispute.case, "M06", by)
    texts = {"facts": "f", "disputed": "d", "content": "c", "mediators": [person.name for person in people]}
    days = {"reached_on": on, "effective_on": on, "sealed_on": on}
    Agreement.objects.create(dispute=dispute, form=form, document=document, by=by, at=clock.now(), **texts, **days)
    return Dispute.objects.select_related("case").get(pk=dispute.pk)


def archived(county: County, *people: Mediator, on: date | None = None, satisfaction: str = "1", **changes: Any) -> Dispute:
    """Performed, visited, filed: its reward is owed."""
    dispute = agreed(county, *people, on=on, **changes)
    assert dispute.agreed_on is not None
    by, on = county.people["village_cadre"], dispute.agreed_on
    dispute.agreements.update(performed_on=on)
    visit = {"way": "home", "visited": "陈桂兰", "visitors": "田和", "performance": "1", "document": _paper(dispute.case, "M08", by)}
    FollowUpVisit.objects.create(dispute=dispute, on=on, satisfaction=satisfaction, by=by, at=clock.now(), **visit)
    days = {"began_on": on, "ended_on": on, "filed_on": on}
    Dossier.objects.create(dispute=dispute, number=f"卷{dispute.pk}", name="卷", mediators="田和", filed_by=by, **days)
    Case.objects.filter(pk=dispute.pk).update(
        state=State.ARCHIVED, stage=STAGE_OF[State.ARCHIVED], closed_at=clock.now(), outcome="solved", due_on=None, warn_on=None
    )
    return Dispute.objects.select_related("case").get(pk=dispute.pk)


def ledger(county: County, total: int, agreed: int, prevented: int = 0, petitions: int = 0, *, town: str = "fushan", since: date) -> list[Dispute]:
    """So many disputes accepted from that day on, so many of them agreed, as a year's ledger leaves them: one statement a table."""
    area, unit, by = county.areas["jiuqu" if town == "fushan" else "dongliang"], county.units[town], county.people["office"]
    now, tree = clock.now(), directory.current()
    start = Case.objects.count()
    kinds = ("02", "03", "04", "07")
    cases = [
        Case(
            number=f"TJ370685-2025-{start + no:06}",
            kind="dispute",
            title=f"纠纷{start + no}",
            subject="甲 与 乙",
            state=State.MEDIATING if no >= agreed else State.AGREED,
            stage=4 if no >= agreed else 5,
            state_since=now,
            area=area,
            town_code=county.areas[town].code,
            topic_code=f"TJ{kinds[no % 4]}",
            topic="邻里纠纷",
            unit=unit,
            registered_by=by,
            registered_unit=unit,
            opened_at=now,
        )
        for no in range(total)
    ]
    Case.objects.bulk_create(cases, batch_size=2000)
    readers = tree.readers_for([unit.pk])
    Reach.objects.bulk_create((Reach(case=case, reader=reader) for case in cases for reader in readers), batch_size=5000)
    made = [
        Dispute(
            case=case,
            type_code=kinds[no % 4],
            source="1",
            difficulty="2",
            story="x",
            received_on=since,
            body=("11", "21", "52")[no % 3],
            accepted_on=since + timedelta(days=no % 300),
            result="1" if no < agreed else "",
            way="mediated" if no < agreed else "",
            agreed_on=since + timedelta(days=no % 300 + 5) if no < agreed else None,
            amount=Decimal(100),
            prevented=("petition" if no < petitions else "fight") if no < prevented else "",
        )
        for no, case in enumerate(cases)
    ]
    return Dispute.objects.bulk_create(made, batch_size=2000)
