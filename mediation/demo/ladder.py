"""Disputes of the last months at every step of the ladder: settled below, handed on, given back, gone up in haste, declined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from casework.demo import World
from casework.rules import NotAllowed
from mediation.actions import intake as intake_acts
from mediation.actions import ladder, prevention
from mediation.demo.story import KEEPING, NobodyThere, Story, on_side
from organisations import clock, synthetic
from organisations.models import Area, Unit
from organisations.roles import Role
from organisations.synthetic import Place


@dataclass(frozen=True, slots=True)
class Quarrel:
    """What two people quarrel about."""

    type_code: str
    title: str
    story: str
    demand: str
    difference: str
    amount: int = 0


QUARRELS = (
    Quarrel(
        "03",
        "{a}与{b}宅基地边界及排水纠纷",
        "{b}翻建院墙时向{a}一侧移了约0.3米，堵住{a}家排水沟，雨天院内积水，双方多次争吵。",
        "拆除越界墙体，恢复排水沟。",
        "双方对越界宽度认定不一致，{a}要求拆墙，{b}只同意疏通排水沟；已入户走访两次、当面调解一次。",
        6500,
    ),
    Quarrel(
        "02",
        "{a}与{b}相邻通行纠纷",
        "{b}在两家共用的巷道堆放石料并安装铁门，{a}的农用车无法通行。",
        "清除石料，保证通行。",
        "{b}称巷道是自家老宅基，{a}称是集体通道；已查看村里底账，记载不清。",
    ),
    Quarrel(
        "07",
        "{a}与{b}林地承包界线纠纷",
        "两家承包的山林相邻，界石被雨水冲走，{b}在争议地段栽了三十多棵板栗树。",
        "重新确认四至，移走树苗。",
        "双方提供的承包合同四至不一致，都要求上级实地测量。",
        12000,
    ),
    Quarrel(
        "10",
        "{a}等向{b}讨要劳务费纠纷",
        "{a}等人给{b}承包的工地干活三个月，完工后{b}以工程款未到为由拖欠工钱。",
        "支付拖欠的劳务费。",
        "{b}承认欠款但只肯年底付一半，{a}等人要求一次付清。",
        48600,
    ),
    Quarrel(
        "01",
        "{a}与{b}赡养老人纠纷",
        "兄弟二人对老母亲的赡养费和轮流照料约定反悔，老人无人照料。",
        "按月给付赡养费，轮流照料。",
        "{b}称早年分家不公，不愿承担；已分别谈话三次。",
    ),
    Quarrel(
        "06",
        "{a}与{b}动物伤害赔偿纠纷",
        "{b}家的狗未拴，咬伤{a}的孙子，花去医药费和疫苗费。",
        "赔偿医药费、营养费。",
        "双方对营养费数额差距较大。",
        3800,
    ),
    Quarrel(
        "04",
        "{a}与{b}苹果收购合同纠纷",
        "{b}与{a}约定每斤两元三角收购苹果，行情下跌后只肯按一元七角结算。",
        "按约定价格结算货款。",
        "{b}称口头约定随行就市，{a}出示了微信记录。",
        21700,
    ),
    Quarrel(
        "17",
        "{a}与{b}小区漏水维修纠纷",
        "{b}家卫生间防水失效，{a}家天花板发霉脱落，维修费用谈不拢。",
        "修复防水，赔偿装修损失。",
        "双方对渗漏原因各执一词，需要第三方查验。",
        5200,
    ),
)


def _settled_below(story: Story, quarrel: str) -> None:
    """The village room works on it; the talks' own stories end it."""
    story.then(1, ladder.accept, is_willing=True, words="分别征询双方，都愿意调解。")
    story.then(3, ladder.assess, difficulty="2", scale="01", risk="", facts=[], review_on=None)


def _to_the_meeting(story: Story, quarrel: str) -> None:
    """Failed in the room, before the villagers' representatives now."""
    _settled_below(story, quarrel)
    story.then(2, ladder.fail, words=quarrel)
    story.then(1, ladder.offer, reason="请村民代表会议评议。")
    story.then(1, ladder.take, words="已安排代表会议。")


def _offered_to_town(story: Story, quarrel: str) -> None:
    """Failed twice in the village; the town has not answered yet."""
    _to_the_meeting(story, quarrel)
    story.then(3, ladder.fail, words=f"村民代表会议评议后仍未达成。{quarrel}")
    story.then(1, ladder.offer, reason="村级两步都未调成，需要专业力量，请镇站调处。")


def _taken_by_town(story: Story, quarrel: str) -> None:
    """The town's station holds it, with a grade of risk that rests on facts."""
    _offered_to_town(story, quarrel)
    town = _receiver(story)
    if not town or not story.then(1, ladder.take, town, words="接收，安排联合调查。"):
        return
    day = story.moment.date()
    story.then(
        1,
        ladder.assess,
        difficulty="3",
        scale="01",
        risk="middle",
        facts=[f"{day.month}月{day.day}日双方在地头推搡", "一方扬言上访"],
        review_on=day + timedelta(days=30),
    )


def _held_back(story: Story, quarrel: str) -> None:
    """A petition in a group was under way and did not start: counted as prevented (MED-16)."""
    _settled_below(story, quarrel)
    story.then(2, prevention.prevent, prevented="petition", facts="一方联系了十余户准备到县里集体上访，入户做通工作后没有去。")


def _given_back(story: Story, quarrel: str) -> None:
    """The town gave it back: the village had not met with both sides."""
    _offered_to_town(story, quarrel)
    town = _receiver(story)
    if town:
        story.then(1, ladder.give_back, town, words="村里还没有组织双方当面调解，请先补做一次并附记录。")


def _up_to_county(story: Story, quarrel: str) -> None:
    """Not settled in the town either: offered to the county's centre and taken."""
    _taken_by_town(story, quarrel)
    story.then(5, ladder.fail, words=f"镇站联合调查后仍有分歧。{quarrel}")
    story.then(1, ladder.offer, _town_of(story), Role.HEAD, reason="请镇党政联席会议研究。")
    town = _receiver(story)
    if not town or not story.then(1, ladder.take, town, words="列入本周联席会议。"):
        return
    story.then(4, ladder.fail, words=f"联席会议提出两套方案，双方都不接受。{quarrel}")
    story.then(1, ladder.offer, _town_of(story), Role.HEAD, reason="涉及部门职能，请县联合接访中心调处。")
    centre = _receiver(story)
    if centre:
        story.then(1, ladder.take, centre, words="接收，安排会诊。")


def _in_haste(story: Story, quarrel: str) -> None:
    """It may come to blows: the police told, past the village straight to the town."""
    _settled_below(story, quarrel)
    told = story.moment
    story.then(
        0,
        ladder.alarm,
        facts="双方各叫来亲属十余人，扬言动手。",
        measures="村干部到场劝离，安排人员值守。",
        police="辖区派出所值班民警",
        told_at=told,
    )
    story.then(0, prevention.prevent, prevented="fight", facts="双方亲属在场对峙，村干部、民警到场劝离，没有发生械斗。")
    story.then(
        0,
        ladder.leap,
        _town_of(story),
        Role.HEAD,
        to_step=3,
        urgency="双方纠集人员，有械斗危险，站长授权越级。",
        reason="请镇站直接调处。",
    )


def _declined(story: Story, quarrel: str) -> None:
    story.then(2, ladder.decline, reason="一方已向人民法院起诉并立案，依法不再调解。", routes=["litigation"])


def _new(story: Story, quarrel: str) -> None:
    """Waits for the room's answer."""


def _receiver(story: Story) -> int:
    """The unit whose answer is awaited, 0 where the story ended before."""
    return story.dispute.hand_overs.filter(answer="").values_list("to_unit_id", flat=True).first() or 0


def _town_of(story: Story) -> int:
    return story.world.unit_id(story.dispute.case.town_code)


#: (how it goes, days ago it began), told in turn over the quarrels and the villages.
PLOTS: tuple[tuple[Callable[[Story, str], None], int], ...] = (
    (_settled_below, 9),
    (_to_the_meeting, 14),
    (_offered_to_town, 19),
    (_taken_by_town, 26),
    (_given_back, 22),
    (_up_to_county, 52),
    (_in_haste, 6),
    (_declined, 30),
    (_new, 1),
    (_held_back, 5),
    (_taken_by_town, 33),
    (_new, 0),
)


def write(world: World, horizon: datetime) -> list[str]:
    """Tell the plots in the villages whose rooms are staffed; what was refused or could not be told is returned, in words."""
    refused = []
    rooms = list(staffed_rooms(world))
    for index, (plot, age) in enumerate(PLOTS * 2 if rooms else ()):
        rng = Random(f"dispute:{world.seed}:{index}")  # noqa: S311  (a demo county, not a secret)
        area, unit = rooms[index % len(rooms)]
        quarrel = QUARRELS[index % len(QUARRELS)]
        began = world.hours.later(world.hours.on(world.until - timedelta(days=age + index % 5), rng), rng, days=0)
        if began > horizon:
            continue
        try:
            story, difference = begin(world, quarrel, area, unit, rng, began, horizon)
            plot(story, difference)
        except (NotAllowed, NobodyThere) as refusal:
            refused.append(f"纠纷 {index} {plot.__name__.lstrip('_')}：{refusal}")
    return refused


def begin(world: World, quarrel: Quarrel, area: Area, unit: Unit, rng: Random, began: datetime, horizon: datetime) -> tuple[Story, str]:
    """The quarrel written down by the room's secretary; with what the two differ about. Raises NobodyThere."""
    place = Place(area.code, world.county.name, world.county.areas[area.code[:9]].name, area.name)
    first, second = (synthetic.person(rng, place, today=began.date()) for _ in range(2))
    names = {"a": first.name, "b": second.name}
    people = [on_side("a", first, area.id), on_side("b", second, area.id)]
    story = Story(world, None, rng, began, horizon)  # type: ignore[arg-type]  # the dispute comes with the first act
    with clock.at(began):
        story.dispute = intake_acts.register(
            intake_acts.Intake(
                title=quarrel.title.format(**names),
                story=quarrel.story.format(**names),
                type_code=quarrel.type_code,
                area_id=area.id,
                received_on=began.date(),
                people=people,
                source="1" if rng.random() < 0.6 else "2",
                demand=quarrel.demand,
                amount=Decimal(quarrel.amount) if quarrel.amount else None,
                is_willing=True,
            ),
            by=story.keeper(unit.id),
        )
    return story, quarrel.difference.format(**names)


def staffed_rooms(world: World) -> Iterator[tuple[Area, Unit]]:
    """Villages whose room has somebody in office, in order of their codes."""
    for code, area in sorted(world.county.areas.items()):
        unit = world.county.units.get(code) if len(code) == 12 else None
        if unit is not None and any(world.roster.holders(unit.id, role, world.until) for role in KEEPING):
            yield area, unit
