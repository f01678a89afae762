"""The yearly report (条例§41): about no single petition, so it is no step of one."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from casework import documents
from casework.models import Document
from casework.rules import NotAllowed
from organisations import access, clock, directory
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.scope import Scope
from petitions.papers.annual import annual_report
from petitions.queries import annual as queries
from petitions.rules import local_date

#: Who issues it: the centre's office and its head.
ISSUERS = frozenset({Role.OFFICE, Role.HEAD})


@transaction.atomic
def issue(year: int, *, to: str, words: str, signer: str, by: Scope) -> Document:
    """Number and freeze the report of a year. An earlier one of the same year stays. Raises NotAllowed."""
    standing = by.holds(ISSUERS, directory.current().centre_id)
    now = clock.now()
    if standing is None:
        raise NotAllowed("年度报告由县中心出具。", code="wrong_role", status=403)
    if year > local_date(now).year or year not in queries.years():
        raise NotAllowed("没有这一年的数据。", code="no_year", status=422)
    paper = annual_report(year, [asdict(table) for table in queries.tables(year)], to=to, words=words, signer=signer, today=local_date(now))
    made = documents.issue(None, paper, by=standing, at=now)
    access.log(AccessEntry.Event.EXPORT, user=by.user, unit_id=standing.unit_id, object_type="paper", object_id=made.pk, object_label=made.number)
    return made
