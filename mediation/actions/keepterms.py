"""The county sets how long dossiers are kept: a new version for one difficulty from a day on (L-MED-51)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from casework.rules import NotAllowed
from mediation import codes
from mediation.models import KeepTerm
from mediation.queries import closing
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.rules import check_holds
from organisations.scope import Scope

#: Years: no dossier is kept for less; a hundred and more is «for ever».
LEAST, MOST = 10, 100


@transaction.atomic
def set_keep_term(*, difficulty: str, years: int | None, valid_from: date, reason: str, by: Scope) -> KeepTerm:
    """`years` None is for ever. Dossiers that are archived already keep the term they were given. Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    if difficulty not in codes.DIFFICULTIES:
        raise NotAllowed("请选择难易程度。", code="difficulty", status=422)
    if years is not None and not LEAST <= years <= MOST:
        raise NotAllowed(f"保管期限不少于{LEAST}年；长于{MOST}年的请选“永久”。", code="years", status=422)
    if valid_from < clock.today():
        raise NotAllowed("只能从今天或以后施行，不能改变已经归档的卷宗。", code="past", status=422)
    if closing.terms(valid_from)[difficulty].years == years:
        raise NotAllowed("没有改动。", code="nothing_changed", status=422)
    try:
        with transaction.atomic():
            row = KeepTerm.objects.create(
                difficulty=difficulty, years=years, valid_from=valid_from, reason=reason, set_by=by.user, set_at=clock.now()
            )
    except IntegrityError:
        raise NotAllowed("已经有一个从那天起施行的版本。", code="same_day", status=422) from None
    access.log(
        AccessEntry.Event.POLICY,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="keep_term",
        object_id=difficulty,
        object_label=f"卷宗保管期限：{codes.DIFFICULTIES[difficulty].name}",
        ground=reason,
        detail={"years": "永久" if years is None else str(years), "valid_from": valid_from.isoformat()},
    )
    return row
