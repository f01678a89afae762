"""As whom the person acts: the row 系统 with a standing of its own, so that history reads «信访人（网上）»."""

from __future__ import annotations

from dataclasses import dataclass

from casework.rules import NotAllowed
from organisations import directory
from organisations.models import User
from organisations.roles import Role
from organisations.scope import Scope, Standing

#: What the access log writes for somebody who has no account.
LABEL = "信访人（网上）"


@dataclass(frozen=True, slots=True)
class OnlineStanding(Standing):
    """Not a post: the acts are the person's own, entered without a clerk in between."""

    @property
    def label(self) -> str:
        return "网上"


def scope() -> Scope:
    """Where the person's acts are entered: at the centre, through which every ordinary matter is seen; a protected one is not.

    Raises NotAllowed where the county has no centre yet.
    """
    tree = directory.current()
    user = User.objects.filter(is_clock=True).first()
    if tree.centre_id is None or user is None:
        raise NotAllowed("本县的网上信访还没有开通，请到登记窗口提出。", code="not_open")
    centre = tree.units[tree.centre_id]
    standings = tuple(
        OnlineStanding(
            role=role,
            unit_id=centre.id,
            unit_ids=centre.ancestor_ids,
            unit_name=centre.short_name,
            user_id=user.id,
            user_name="信访人",
        )
        for role in (Role.OFFICE, Role.WINDOW_CLERK)
    )
    return Scope(user=user, standings=standings, readers=(centre.id,))
