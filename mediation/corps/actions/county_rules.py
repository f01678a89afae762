"""The county's norms for the corps: a new version from a day on, never a change of a past one (L-CUR-7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mediation.models import CorpsRules
from organisations import access, clock
from organisations.models import AccessEntry, Unit
from organisations.roles import Role
from organisations.rules import NotAllowed, check_holds
from organisations.scope import Scope

#: What a line of the log says elsewhere: its own columns, or nothing of what was decided.
_APART = frozenset({"id", "valid_from", "reason", "set_by", "set_at"})


@transaction.atomic
def set_rules(measures: Mapping[str, Any], *, valid_from: date, reason: str, by: Scope) -> CorpsRules:
    """A new version of the county's measures, from a day not in the past (L-CUR-7). Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    now = clock.now()
    if valid_from < timezone.localdate(now):
        raise NotAllowed("施行日不能早于今天。", code="past", status=422)
    latest = CorpsRules.objects.select_for_update().first()
    if latest is not None and valid_from <= latest.valid_from:
        raise NotAllowed(f"已有自 {latest.valid_from:%Y年%-m月%-d日} 起施行的版本，新版本须更晚。", code="not_later", status=422)
    if measures["committee_least"] > measures["committee_most"]:
        raise NotAllowed("调委会最少人数不能多于最多人数。", code="range", status=422)
    made = CorpsRules.objects.create(**measures, valid_from=valid_from, reason=reason, set_by=by.user, set_at=now)
    access.log(
        AccessEntry.Event.POLICY,
        user=by.user,
        object_type="corps_rules",
        object_id=made.pk,
        object_label=f"调解队伍标准，自 {valid_from} 起",
        ground=reason,
        detail={
            "after": {str(field.verbose_name): _plain(getattr(made, field.name)) for field in CorpsRules._meta.fields if field.name not in _APART}
        },
    )
    return made


def _plain(value: Any) -> bool | str:
    if isinstance(value, bool):
        return value
    if isinstance(value, Unit):
        return value.name
    return "" if value is None else str(value)
