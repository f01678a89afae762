"""What the demo's people do online: rate their answers, add material. By the real acts, under the moving clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from django.db.models import Max, QuerySet

from casework.models import Entry
from casework.parties import PartyFacts
from organisations import cipher, clock, synthetic
from petitions.actions import Intake
from petitions.citizen import actions, entrance
from petitions.citizen.entrance import Inside
from petitions.demo import hours
from petitions.demo.walk import World
from petitions.models import Petition
from petitions.rules import State

#: Ratings of the office and of the unit, with cause and words; the last are on the desk of return visits.
SATISFIED = (("0", "0"), ("0", "1"), ("1", "1"), ("0", "0"), ("1", "0"), ("0", "0"))
DISSATISFIED = (("0", "3", "5", "答应月底前修好，到现在没有动工。"), ("1", "3", "3", "第二项诉求没有说清楚。"))
MATERIAL = ("补充当年的承包合同照片说明：合同在村委会备过案。", "邻居两户可以作证，电话已告诉工作人员。", "上周又发生一次，时间是晚上八点左右。")
#: Matters brought on the public page, still with the routing desk.
ONLINE = 3
#: Working days a case must have been quiet before the person comes back to it.
QUIET = 2
_FORMS = UUID("6f9619ff-8b86-4d11-b42d-00c04fc964ff")


def write(world: World, horizon: datetime) -> None:
    """Once, when the cases stand; first some bring a matter of their own. Rated is what lay quiet, in its window."""
    bring(world, horizon)
    rated = [*_quiet(world, State.CLOSED, horizon, 40)]
    for (office, unit), (petition, moment) in zip(SATISFIED, _rateable(rated), strict=False):
        _do(petition, moment, "rate", lambda visit, form, o=office, u=unit: actions.rate(visit, form=form, office=o, unit=u))  # type: ignore[misc]
    for (office, unit, cause, words), (petition, moment) in zip(DISSATISFIED, _rateable(_quiet(world, State.DELIVERED, horizon, 20)), strict=False):
        given = {"office": office, "unit": unit, "cause": cause, "reason": words}
        _do(petition, moment, "rate", lambda visit, form, g=given: actions.rate(visit, form=form, **g))  # type: ignore[misc]
    for told, (petition, moment) in zip(MATERIAL, _quiet(world, State.ACCEPTED, horizon, 20), strict=False):
        _do(petition, moment, "material", lambda visit, form, t=told: actions.add_material(visit, form=form, words=t, uploads=()))  # type: ignore[misc]


def bring(world: World, horizon: datetime) -> None:
    """Matters brought on the public page in the last hour of the last day: they wait on the routing desk (条例§19)."""
    villages = sorted(code for code in world.county.areas if len(code) == 12)
    for no in range(ONLINE):
        rng = Random(f"online:{world.seed}:{no}")  # noqa: S311
        moment = horizon - timedelta(minutes=(ONLINE - no) * 11 + rng.randrange(5))
        with clock.at(moment):
            brought = actions.submit(_online(world, rng, rng.choice(villages), moment, no), (), is_new_facts=False)
            if brought.opened is not None:
                entrance.leave(brought.opened.secret)


def _online(world: World, rng: Random, village: str, moment: datetime, no: int) -> Intake:
    """One person's own matter, as the public form gives it."""
    area = world.county.areas[village]
    place = synthetic.Place(village, world.county.name, world.county.areas[village[:9]].name, area.name)
    stories = (synthetic.story(rng, place, on=moment.date()) for _ in range(50))
    story = next(told for told in stories if not told.is_protected and told.headcount == 1)
    who = synthetic.person(rng, place, today=moment.date())
    return Intake(
        title=story.title[:60],
        story=story.text,
        points=[demand.text for demand in story.demands],
        channel="300",
        purpose=story.purpose,
        topic_code=story.category,
        area_id=area.id,
        received_on=moment.date(),
        people=[PartyFacts(position="petitioner", name=who.name, phone=who.phone, address=who.address[:120])],
        submission=uuid5(_FORMS, f"online:{world.seed}:{no}"),
    )


def _quiet(world: World, state: str, horizon: datetime, most: int) -> list[tuple[Petition, datetime]]:
    """Cases of that state, newest first, with a moment after their last line."""
    found = []
    for petition in _open_to_their_people().filter(case__state=state).order_by("-pk")[:most]:
        last = Entry.objects.filter(case_id=petition.pk).aggregate(at=Max("at"))["at"]
        moment = world.hours.later(last.astimezone(hours.ZONE), Random(f"citizen:{world.seed}:{petition.case.number}"), days=QUIET)  # noqa: S311
        if moment < horizon:
            found.append((petition, moment))
    return found


def _rateable(found: Iterable[tuple[Petition, datetime]]) -> Iterable[tuple[Petition, datetime]]:
    for petition, moment in found:
        with clock.at(moment):
            if not actions.why_not_rate(petition):
                yield petition, moment


def _do(petition: Petition, moment: datetime, what: str, act: Callable[[Inside, UUID], None]) -> None:
    with clock.at(moment):
        opened = entrance.open_after_submitting(petition)
        visit = entrance.inside(opened.secret)
        if visit is not None:
            act(visit, uuid5(_FORMS, f"{petition.case.number}:{what}"))
        entrance.leave(opened.secret)


def _open_to_their_people() -> QuerySet[Petition]:
    return Petition.objects.select_related("case").filter(case__confidential=False, is_anonymous=False)


def keys() -> list[tuple[str, str, str, str]]:
    """(state in words, number, query code, last four) of matters to try the public page with: one in work, one to be rated."""
    found = []
    for state, words in ((State.ACCEPTED, "正在办理"), (State.DELIVERED, "已答复，可以评价")):
        for petition in _open_to_their_people().filter(case__state=state, case__marks__len=0).order_by("-pk")[:10]:
            phone = petition.case.parties.exclude(phone_token="").values_list("phone_token", flat=True).first()
            if phone:
                code = petition.query_code
                found.append((words, petition.case.number, f"{code[:4]}-{code[4:]}", cipher.decrypt(phone)[-4:]))
                break
    return found
