"""One dispute of the demo county on its way: whose turn it is, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from casework.demo import World
from casework.parties import PartyFacts
from mediation.actions.intake import SidePerson
from mediation.models import Dispute
from organisations import clock
from organisations.models import User
from organisations.roles import Role
from organisations.scope import Scope, scope_of
from organisations.synthetic import Person

#: Who keeps a dispute at each kind of unit, the usual one first.
KEEPING = (Role.VILLAGE_CADRE, Role.HANDLER, Role.OFFICE, Role.HEAD)


def on_side(letter: str, person: Person, area_id: int) -> SidePerson:
    """An invented person as a party who is willing to talk."""
    return SidePerson(
        letter,
        PartyFacts(
            position="",
            name=person.name,
            sex=person.sex,
            born_on=person.born_on,
            id_type="111",
            id_number=person.id_number,
            phone=person.phone,
            area_id=area_id,
            address=person.address,
        ),
        is_willing=True,
    )


class NobodyThere(Exception):
    """The story needs a post nobody holds on that day: it is not told."""


@dataclass
class Story:
    """`moment` moves on with each act; nothing happens after `until`."""

    world: World
    dispute: Dispute
    rng: Random
    moment: datetime
    until: datetime
    scopes: dict[tuple[int, date], Scope] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return self.dispute.case.number

    @property
    def unit_id(self) -> int:
        """The unit that holds the dispute now."""
        return self.dispute.case.unit_id

    def then(self, days: int, act: Callable[..., Dispute], unit_id: int | None = None, role: Role | None = None, /, **facts: Any) -> bool:
        """The next act, so many working days later, by the keeper of the unit that holds it (or of `unit_id`). False once the time is up."""
        moment = self.world.hours.later(self.moment, self.rng, days=days)
        if moment > self.until:
            return False
        self.moment = moment
        with clock.at(moment):
            self.dispute = act(self.number, by=self.keeper(unit_id or self.unit_id, role), **facts)
        return True

    def keeper(self, unit_id: int, role: Role | None = None) -> Scope:
        """Somebody in office there that day. Raises NobodyThere."""
        day = self.moment.date()
        for wanted in (role,) if role else KEEPING:
            holders = self.world.roster.holders(unit_id, wanted, day)
            if holders:
                return self.scope(self.world.roster.acting(holders[0], day))
        raise NobodyThere(f"{unit_id} {role} {day}")

    def scope(self, user_id: int) -> Scope:
        day = self.moment.date()
        if (user_id, day) not in self.scopes:
            self.scopes[user_id, day] = scope_of(User.objects.get(pk=user_id), day)
        return self.scopes[user_id, day]
