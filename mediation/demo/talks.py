"""Disputes that were talked through: talks so far, agreed and kept, broken, settled at once, ended, told to step aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from casework.demo import World
from casework.rules import NotAllowed
from mediation.actions import agreements, endings, ladder, mediators, talks
from mediation.actions.agreements import Owed
from mediation.actions.talks import Said, Signed
from mediation.demo.ladder import QUARRELS, begin, staffed_rooms
from mediation.demo.story import NobodyThere, Story
from mediation.models import Mediating, Side

CENT = Decimal("0.01")


def write(world: World, horizon: datetime) -> list[str]:
    """Each plot once, from the last of the staffed villages on. Returns what the acts refused, in words: none, in a county that is staffed."""
    refused = []
    rooms = list(staffed_rooms(world))
    for index, (plot, days) in enumerate(PLOTS if rooms else ()):
        area, unit = rooms[-1 - index % len(rooms)]
        rng = Random(f"{world.seed}:talks:{index}")  # noqa: S311  (a demo county, not a secret)
        began = world.hours.on((horizon - timedelta(days=days)).date(), rng)
        try:
            story, difference = begin(world, QUARRELS[index % len(QUARRELS)], area, unit, rng, began, horizon)
            plot(story, difference)
        except (NotAllowed, NobodyThere) as refusal:
            refused.append(f"调解 {index} {plot.__name__.lstrip('_')}：{refusal}")
    return refused


def _parties(story: Story) -> dict[str, int]:
    return {side.letter: side.party_id for side in Side.objects.filter(dispute=story.dispute).order_by("-party_id")}


def _sums(story: Story) -> tuple[Decimal, Decimal]:
    """What is asked and what is offered at first."""
    asked = story.dispute.amount or Decimal(4000)
    return asked, (asked * Decimal("0.35")).quantize(CENT)


def _told(story: Story, difference: str) -> bool:
    """Accepted, rights signed by both, the room's secretary mediates."""
    if not story.then(1, ladder.accept, is_willing=True, words="分别征询双方，都愿意调解。"):
        return False
    signed = [Signed(party_id, "1") for _, party_id in sorted(_parties(story).items())]
    if not story.then(1, talks.inform, signed=signed, on=story.moment.date()):
        return False
    return story.then(0, ladder.name_mediator, to_user_id=story.keeper(story.unit_id).user.id, reason="双方同意由村调委会主任主持。")


def _apart(story: Story, difference: str) -> bool:
    """A talk with the second side alone."""
    if not _told(story, difference):
        return False
    asked, offered = _sums(story)
    story.then(0, talks.record_position, said=Said("a", [story.dispute.demand.rstrip("。"), "赔偿损失"], "asks", asked))
    return _talk(story, 2, kind="apart", letter="b", gist="愿意协商，先提出一个数额。", said=[Said("b", ["愿意恢复原状"], "offers", offered)])


def _joint(story: Story, difference: str) -> bool:
    if not _apart(story, difference):
        return False
    asked = _sums(story)[0]
    lower, higher = (asked * Decimal("0.8")).quantize(CENT), (asked * Decimal("0.6")).quantize(CENT)
    said = [Said("a", ["同意分期", "要求书面写清"], "asks", lower), Said("b", ["恢复原状", "分期支付"], "offers", higher)]
    return _talk(story, 3, kind="joint", letter="", gist="双方差距缩小，约定各自再想一想。", said=said)


def _talk(story: Story, days: int, **facts: object) -> bool:
    there = _parties(story)
    letter = str(facts["letter"])
    story.moment = story.world.hours.later(story.moment, story.rng, days=days)
    ended = story.moment
    if ended > story.until:
        return False
    return story.then(
        0,
        talks.hold_session,
        began_at=ended - timedelta(minutes=story.rng.randint(40, 110)),
        ended_at=ended,
        place="村调解室",
        present=[there[letter]] if letter else sorted(there.values()),
        mediator_ids=list(Mediating.objects.filter(dispute=story.dispute, until_on=None).values_list("pk", flat=True)),
        minutes="双方分别陈述事实和要求；调解员出示走访记录，讲明相邻关系和合同的有关规定，逐项征求意见。",
        **facts,
    )


def _planned(story: Story, difference: str) -> None:
    """Two talks so far, the next one agreed."""
    if _joint(story, difference):
        story.then(
            0,
            talks.plan_session,
            kind="joint",
            planned_at=(story.until + timedelta(days=2)).replace(hour=9, minute=30, second=0, microsecond=0),
            place="村调解室",
            invited="双方、村主任",
            called=[talks.Called(party_id, "phone") for party_id in sorted(_parties(story).values())],
        )


def _agreed(story: Story, difference: str) -> bool:
    """A written agreement of two instalments and a deed."""
    if not _joint(story, difference):
        return False
    asked, _ = _sums(story)
    total = (asked * Decimal("0.7")).quantize(CENT)
    first = (total / 2).quantize(CENT)
    today = story.world.hours.later(story.moment, Random(0), days=3).date()  # noqa: S311
    items = [
        Owed("money", "b", "a", "补偿款第一期", today + timedelta(days=10), first, "转账"),
        Owed("money", "b", "a", "补偿款第二期", today + timedelta(days=45), total - first, "转账"),
        Owed("deed", "b", "a", "恢复原状", today + timedelta(days=20)),
    ]
    return _sign(story, 3, "1", items, total, "乙方恢复原状并分两期补偿甲方，双方互不再追究。")


def _sign(story: Story, days: int, form: str, items: list[Owed], total: Decimal, content: str, **facts: object) -> bool:
    story.moment = story.world.hours.later(story.moment, Random(0), days=days)  # noqa: S311
    if story.moment > story.until:
        return False
    today = story.moment.date()
    return story.then(
        0,
        agreements.agree,
        form=form,
        facts=story.dispute.story,
        disputed=story.dispute.demand,
        content=content,
        items=items,
        total=total,
        reached_on=today,
        signed=[Signed(party_id, "1") for _, party_id in sorted(_parties(story).items())] if form == "1" else [],
        signed_on=today,
        sealed_on=today if form == "1" else None,
        **facts,
    )


def _first_paid(story: Story, difference: str) -> None:
    """The first instalment came on time."""
    if _agreed(story, difference):
        _pay(story, 5, 1)


def _pay(story: Story, days: int, no: int) -> bool:
    moment = story.world.hours.later(story.moment, Random(0), days=days)  # noqa: S311
    if moment > story.until:
        return False
    story.moment = moment
    return story.then(0, agreements.perform, item_no=no, on=moment.date(), proof="收条，双方签名确认。")


def _kept(story: Story, difference: str) -> None:
    """Everything was done; the visit is due."""
    if _agreed(story, difference):
        for days, no in ((4, 1), (6, 3), (8, 2)):
            _pay(story, days, no)


def _broken(story: Story, difference: str) -> None:
    """Nothing was paid, urging did not help."""
    if _agreed(story, difference):
        story.then(20, agreements.breach, words="三次上门督促，乙方称资金周转不开，拒绝付款。", routes=["court", "payment_order", "again"])


def _at_once(story: Story, difference: str) -> None:
    """Simple: by word of mouth, paid on the spot."""
    if not _told(story, difference):
        return
    story.then(0, ladder.assess, difficulty="1", scale="01", risk="", facts=[], review_on=None)
    said = [Said("a", ["赔偿医药费"], "asks", Decimal(800)), Said("b", ["愿意赔"], "offers", Decimal(600))]
    if not _talk(story, 1, kind="joint", letter="", gist="双方各让一步，当场付清。", said=said):
        return
    items = [Owed("money", "b", "a", "医药费", story.moment.date(), Decimal("700.00"), "现金")]
    _sign(story, 0, "2", items, Decimal("700.00"), "乙方当场赔付甲方七百元，双方和好。", is_on_the_spot=True)


def _ended(story: Story, difference: str) -> None:
    """No agreement: told of the court."""
    if _joint(story, difference):
        story.then(
            4,
            endings.terminate,
            reason="2",
            words=f"多次调解未能达成协议。{difference}",
            way="litigation",
            routes=["litigation"],
            limitation="请注意三年诉讼时效。",
        )


def _stepped_aside(story: Story, difference: str) -> None:
    """A side asks that the mediator step aside; the decision waits."""
    if not _told(story, difference):
        return
    row = Mediating.objects.filter(dispute=story.dispute, until_on=None).first()
    if row is not None:
        story.then(
            1,
            mediators.challenge,
            mediating_id=row.pk,
            letter="b",
            ground="relation",
            words="调解员与甲方是多年邻居，担心偏向。",
            raised_on=story.moment.date(),
        )


#: What becomes of the disputes, and how many days ago they began.
PLOTS: tuple[tuple[Callable[[Story, str], object], int], ...] = (
    (_planned, 14),
    (_agreed, 16),
    (_first_paid, 22),
    (_kept, 50),
    (_broken, 55),
    (_at_once, 12),
    (_ended, 26),
    (_stepped_aside, 6),
    (_told, 4),
)
