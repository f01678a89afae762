"""A set of cases chosen at one moment: «选择全部 312 件» means those 312, not what the filter finds a minute later."""

from __future__ import annotations

from collections.abc import Sequence

from django.core import signing

from casework.rules import NotAllowed
from organisations.scope import Scope

_SALT = "casework.selection"
#: Seconds a frozen choice may be used.
VALID_FOR = 30 * 60


def freeze(numbers: Sequence[str], by: Scope, versions: Sequence[int] = ()) -> str:
    """The numbers (and the versions they were seen in) as a signed text that only this person can use."""
    return signing.dumps({"user": by.user.id, "numbers": list(numbers), "versions": list(versions)}, salt=_SALT, compress=True)


def thaw(token: str, by: Scope) -> tuple[list[str], list[int]]:
    """The frozen numbers and versions. Raises NotAllowed when the text is not ours, not theirs or too old."""
    try:
        held = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise NotAllowed("所选案件已过期，请回到清单重新勾选。", code="selection_expired", status=422) from error
    if held["user"] != by.user.id:
        raise NotAllowed("所选案件已过期，请回到清单重新勾选。", code="selection_expired", status=422)
    return held["numbers"], held["versions"]
