"""The system administrator arranges the map: squares of the towns, and outlines loaded or taken off. Each change is logged (L-SEC-5)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import transaction

from casework.rules import NotAllowed
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.scope import Scope
from reports.models import Outlines, TownPlace
from reports.rules import outlines, places


@transaction.atomic
def arrange(squares: Mapping[str, places.Square], *, towns: Mapping[str, str], by: Scope) -> None:
    """Put every town on its square. Raises NotAllowed (422) where two share one, 403 for anybody but the system administrator."""
    _check(by)
    taken: dict[places.Square, str] = {}
    for code, square in squares.items():
        if square in taken:
            raise NotAllowed(
                f"“{towns[taken[square]]}”和“{towns[code]}”在同一格（第 {square[0]} 列第 {square[1]} 行），请改一个。", code="same_square"
            )
        taken[square] = code
    TownPlace.objects.select_for_update().all().delete()
    TownPlace.objects.bulk_create([TownPlace(town_code=code, column=column, row=row) for code, (column, row) in squares.items()])
    _log(by, "乡镇方位", f"{len(squares)} 个乡镇")


@transaction.atomic
def load(name: str, data: bytes, *, towns: Mapping[str, str], by: Scope) -> Outlines:
    """Take in a GeoJSON file of outlines; it is drawn from now on. Raises outlines.Refused with every reason against it."""
    _check(by)
    found = outlines.read(data, towns)
    made = Outlines.objects.create(
        name=name[:120],
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        shapes=[[outline.code, outline.rings] for outline in found],
        loaded_at=clock.now(),
        loaded_by=by.user,
    )
    _log(by, "乡镇边界", f"载入 {made.name}，SHA-256 {made.sha256}")
    return made


@transaction.atomic
def take_off(*, by: Scope) -> int:
    """The outlines are drawn no more, the squares again. Returns how many files were taken off; their rows stay."""
    _check(by)
    taken = Outlines.objects.filter(removed_at=None).update(removed_at=clock.now(), removed_by=by.user)
    if taken:
        _log(by, "乡镇边界", "撤下")
    return taken


def _check(by: Scope) -> None:
    if Role.SYSTEM_ADMIN not in by.roles:
        raise NotAllowed("乡镇方位由系统管理员设置。", code="wrong_role", status=403)


def _log(by: Scope, label: str, detail: str) -> None:
    access.log(AccessEntry.Event.POLICY, user=by.user, object_type="reports.places", object_label=label, detail={"change": detail})
