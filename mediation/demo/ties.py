"""Who knows whom in the demo county: ties of some parties, 3+N teams of staffed villages, what sides said of a person proposed, a team at work."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from casework.demo import World
from casework.models import Party
from casework.rules import NotAllowed
from mediation.actions import ladder as steps
from mediation.actions import people
from mediation.demo.ladder import staffed_rooms
from mediation.demo.story import NobodyThere, Story
from mediation.matching import actions, queries
from mediation.models import Dispute, Mediator, Side, TeamSeat
from mediation.rules import State
from organisations import clock
from organisations.models import Area, Unit

#: So many open disputes get their ties.
DISPUTES = 6
#: What is between the parties of a dispute and three people near them: the first is trusted by both, the last has an interest.
BONDS = ((("kin", "trust"), ("kin", "comrade")), (("classmate",), ("neighbour", "colleague")), ((), ("debt",)))


def write(world: World, horizon: datetime) -> list[str]:
    """Tell the teams first, then ties and what came of them; what was refused is returned, in words: none is expected."""
    refused = []
    for area, unit in staffed_rooms(world):
        try:
            _team(world, area, unit, horizon)
        except (NotAllowed, NobodyThere) as refusal:
            refused.append(f"团队 {area.name}：{refusal}")
    rooms = [unit.id for _, unit in staffed_rooms(world)]
    held = Dispute.objects.filter(case__unit__in=rooms, case__state__in=[State.ACCEPTED, State.MEDIATING]).select_related("case", "case__area")
    for no, dispute in enumerate(held.order_by("case__number")[:DISPUTES]):
        try:
            _known(world, dispute, no, horizon)
        except (NotAllowed, NobodyThere) as refusal:
            refused.append(f"推荐 {dispute.case.number}：{refusal}")
    return refused


def _team(world: World, area: Area, unit: Unit, horizon: datetime) -> None:
    """The three fixed parts, from the corps."""
    rng = Random(f"team:{area.code}")  # noqa: S311  (a demo county, not a secret)
    story = _keeping(world, None, rng, world.hours.later(horizon - timedelta(days=40), rng, days=1), horizon)
    with clock.at(story.moment):
        by = story.keeper(unit.id)
        for part in (TeamSeat.Part.ADVISER, TeamSeat.Part.JUSTICE, TeamSeat.Part.WORTHY):
            # One adviser, one worker of the justice office serve many villages: where the town has none, the county's first comes.
            of_kind = queries.serving().filter(kind=part).order_by("pk")
            member = of_kind.filter(pk__in=queries.near(area.id).values("pk")).first() or of_kind.first()
            if member is not None:
                actions.seat(area.id, part=part, mediator_id=member.pk, by=by)


def _known(world: World, dispute: Dispute, no: int, horizon: datetime) -> None:
    """Ties with both sides; the sides are asked; of every third the person is named, of every third the village's team is called in."""
    rng = Random(f"ties:{dispute.case.number}")  # noqa: S311
    story = _keeping(world, dispute, rng, world.hours.later(dispute.case.state_since, rng, days=1), horizon)
    if story.moment > horizon:
        return
    sides = dict(Side.objects.filter(dispute=dispute, is_agent=False).values_list("letter", "party_id"))
    with clock.at(story.moment):
        by = story.keeper(dispute.case.unit_id)
        asked = queries.near(dispute.case.area_id).exclude(kind__in=[Mediator.Kind.ADVISER, Mediator.Kind.JUSTICE])
        seated = [seat.mediator_id for seat in queries.seats(dispute.case.area_id) if seat.mediator_id]
        near = list(asked.exclude(pk__in=seated).order_by("pk"))
        chosen = rng.sample(near, min(len(near), len(BONDS)))
        until = clock.today() + timedelta(days=730)
        for member, bonds in zip(chosen, BONDS, strict=False):
            for letter, kinds in zip("ab", bonds, strict=True):
                party = Party.objects.get(pk=sides[letter])
                for kind in kinds:
                    actions.enter_tie(actions.TieInput(member.pk, kind, "committee", until, party=party), by=by)
    if not chosen or no % 3 == 2:
        seats = queries.seats(dispute.case.area_id)
        if not queries.missing_parts(seats):
            story.then(1, people.form_team, seat_ids=[seat.pk for seat in seats], words="涉及测绘和邻里多户，请团队共同调解。")
        return
    answers = ("agrees", "agrees") if no % 3 == 0 else ("agrees", "objects")
    for letter, answer in zip("ab", answers, strict=True):
        words = "" if answer == "agrees" else "他家和对方沾亲，怕说不公道。"
        story.then(1, people.hear_choice, mediator_id=chosen[0].pk, letter=letter, answer=answer, words=words)
    if no % 3 == 0:
        story.then(1, steps.name_mediator, mediator_id=chosen[0].pk, reason="双方当事人共同选择。")


def _keeping(world: World, dispute: Dispute | None, rng: Random, moment: datetime, horizon: datetime) -> Story:
    return Story(world, dispute, rng, moment, horizon)  # type: ignore[arg-type]  # a team's story has no dispute
