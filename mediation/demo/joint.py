"""Disputes among several bodies: sent on and reported, 会诊 with people sent to each side, before the court desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from casework.demo import World
from casework.rules import NotAllowed
from mediation.actions import court, joint, ladder
from mediation.demo.ladder import QUARRELS, begin, staffed_rooms
from mediation.demo.story import NobodyThere, Story
from organisations.models import Post, User
from organisations.roles import Role

#: Keys of `World.county.units`.
COURT, LABOUR, JUSTICE = "人民法院", "人力资源和社会保障局", "司法局"


def _accepted(story: Story) -> None:
    story.then(1, ladder.accept, is_willing=True, words="分别征询双方，都愿意调解。")


def _sent(story: Story, key: str, body: str) -> int:
    _accepted(story)
    unit_id = story.world.unit_id(key)
    story.then(
        2,
        joint.refer_body,
        body=body,
        to_unit_id=unit_id,
        consent="双方当面表示同意，已记入调解记录。",
        reason="需要专业力量，移送后由专业调解员主持。",
    )
    return unit_id


def _reported(story: Story) -> None:
    """Agreed before the labour committee and reported back."""
    unit_id = _sent(story, LABOUR, "44")
    if story.then(1, joint.accept_body, unit_id, words="接收，已通知双方。"):
        story.then(4, joint.report_body, unit_id, result="agreed", words="双方达成协议，欠款分两次付清，首付当场支付。")


def _waits(story: Story) -> None:
    """The justice bureau has not answered yet."""
    _sent(story, JUSTICE, "52")


def _returned(story: Story) -> None:
    """The labour bureau gave it back: it is no labour matter."""
    unit_id = _sent(story, LABOUR, "44")
    story.then(1, joint.return_body, unit_id, words="双方不是劳动关系，属于承揽合同，请继续调解。")


def _outside(story: Story) -> None:
    """With the arbitration of land contracts, which has no desk in the house: the keeper writes down what it says."""
    _accepted(story)
    told = "双方同意申请仲裁委先行调解。"
    reason = "承包合同四至不一致，需要仲裁委调取档案。"
    story.then(2, joint.refer_body, body="71", to_unit_id=None, outside="农村土地承包仲裁委员会", consent=told, reason=reason)
    story.then(2, joint.accept_body, words="仲裁委电话告知已收到材料。")


def _consulted(story: Story) -> None:
    """Difficult: the room's members sit together, and two are sent, each to the side that listens to them."""
    _accepted(story)
    keeper = story.keeper(story.unit_id).user
    others = [person for person in _near(story) if person.pk != keeper.pk]
    if not others:
        raise NobodyThere("no second person for 会诊")
    story.then(
        2,
        joint.consult,
        held_at=story.moment,
        place="片区信访维稳工作站",
        member_ids=[keeper.pk, others[0].pk],
        outside=["老支书", "乡村振兴指导员"],
        minutes="各成员介绍入户了解的情况。症结不在地界，在于前年修路时的一句气话。双方都讲面子，须有人先递话。",
        conclusion="先分头做工作，三天后在工作站当面谈；疏通排水的费用由村里先垫。",
    )
    reason = "与一方是多年老邻居，两家常来往，他的话听得进。"
    story.then(1, joint.assign, to_user_id=others[0].pk, relation="2", letter="b", reason=reason)
    reason = "包村三年，帮这家办过低保，肯真心实意跑腿。"
    story.then(0, joint.assign, to_user_id=keeper.pk, relation="3", letter="a", reason=reason)


def _near(story: Story) -> list[User]:
    """People in office at the unit and at the station above it, in order of their accounts."""
    tree = (
        Post.objects.current(story.moment.date())
        .filter(unit__in=_units(story), user__is_active=True)
        .select_related("user")
        .order_by("user__username")
    )
    return [post.user for post in tree.exclude(role__in=(Role.AUDITOR, Role.DISCIPLINE))]


def _units(story: Story) -> list[int]:
    return [story.unit_id, story.world.unit_id(story.dispute.case.town_code)]


def _to_court(story: Story) -> int:
    _accepted(story)
    unit_id = story.world.unit_id(COURT)
    story.then(2, court.refer_court, to_unit_id=unit_id, is_wanted=True, reason="双方都愿意由便民法庭当面说清，现场立案。")
    return unit_id


def _stage(story: Story, days: int, stage: str, words: str, number: str = "", fee: Decimal | None = None) -> bool:
    on = story.world.hours.later(story.moment, Random(story.number), days=days).date()  # noqa: S311
    return story.then(
        days,
        court.record_court,
        story.world.unit_id(COURT),
        stage=stage,
        on=min(on, story.until.date()),
        staff="便民法庭审判员",
        words=words,
        court_number=number,
        fee_waived=fee,
    )


def _before_court(story: Story) -> None:
    """Filed at the desk, mediated before the hearing."""
    _to_court(story)
    _stage(story, 1, "1", "接待双方，释明诉讼风险和调解的好处，双方愿意先调。")
    _stage(story, 1, "2", "当日立案，全免诉讼费。", f"（{story.moment:%Y}）便民初{story.rng.randrange(10, 99)}号", Decimal(100))


def _out_of_court(story: Story) -> None:
    """Mediated at the desk: 调解书, back to the room."""
    unit_id = _to_court(story)
    _stage(story, 1, "1", "接待双方，听取各自意见。")
    _stage(story, 1, "2", "当日立案，全免诉讼费。", f"（{story.moment:%Y}）便民初{story.rng.randrange(10, 99)}号", Decimal(50))
    _stage(story, 2, "3", "庭前调解，双方就数额达成一致。")
    day = story.world.hours.later(story.moment, Random(story.number), days=1).date()  # noqa: S311
    words = "制作调解书，双方签收，请督促履行。"
    story.then(1, court.return_from_court, unit_id, result="1", ended_on=min(day, story.until.date()), words=words)


#: (how it goes, days ago it began, which quarrel of the ladder's).
PLOTS: tuple[tuple[Callable[[Story], None], int, int], ...] = (
    (_reported, 20, 3),
    (_waits, 5, 4),
    (_returned, 12, 6),
    (_outside, 15, 2),
    (_consulted, 9, 0),
    (_before_court, 8, 5),
    (_out_of_court, 24, 6),
    (_before_court, 6, 1),
)


def write(world: World, horizon: datetime) -> list[str]:
    """Tell the plots in the staffed villages; what was refused comes back in words."""
    refused = []
    rooms = list(staffed_rooms(world))
    for index, (plot, age, quarrel) in enumerate(PLOTS if rooms else ()):
        rng = Random(f"joint:{world.seed}:{index}")  # noqa: S311  (a demo county, not a secret)
        area, unit = rooms[(index * 3 + 1) % len(rooms)]
        began = world.hours.later(world.hours.on(world.until - timedelta(days=age), rng), rng, days=0)
        if began > horizon:
            continue
        try:
            story, _ = begin(world, QUARRELS[quarrel], area, unit, rng, began, horizon)
            plot(story)
        except (NotAllowed, NobodyThere) as refusal:
            refused.append(f"联动 {index} {plot.__name__.lstrip('_')}：{refusal}")
    return refused
