"""Handing open items from one person to another, one by one, each through the case's own act (opening 29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist

from organisations import access, handover
from organisations.models import AccessEntry, User
from organisations.rules import NotAllowed
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Result:
    number: str
    is_done: bool
    words: str


def hand_over(items: Sequence[tuple[str, str]], *, from_user: User, to_user: User, words: str, by: Scope) -> list[Result]:
    """Each (source, number) is its own transaction; what could not be handed over says why. Raises NotAllowed."""
    if by.is_admin:
        raise NotAllowed("三员不能移交业务事项，请所在单位负责人或县中心办理。", code="admin", status=403)
    if not to_user.is_active or to_user.id == from_user.id:
        raise NotAllowed("接手人须是另一名在岗人员。", code="successor", status=422)
    results = [_one(source, number, from_user, to_user, words, by) for source, number in items]
    done = [result.number for result in results if result.is_done]
    access.log(
        AccessEntry.Event.HAND_OVER,
        user=by.user,
        object_type="user",
        object_id=from_user.id,
        object_label=f"{from_user.name} → {to_user.name}",
        ground=words,
        detail={"numbers": done, "failed": len(results) - len(done)},
        succeeded=len(done) == len(results),
    )
    return results


def _one(source: str, number: str, from_user: User, to_user: User, words: str, by: Scope) -> Result:
    try:
        handover.transfer(source, number, from_user.id, to_user.id, words, by)
    except NotAllowed as refusal:
        return Result(number, False, refusal.message)
    except (ObjectDoesNotExist, LookupError):
        return Result(number, False, "没有找到，或不在您的查看范围内。")
    return Result(number, True, f"已移交给{to_user.name}。")
