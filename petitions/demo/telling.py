"""Who brings a demo case and what they say: the plan's place and category told as an Intake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from casework.parties import PartyFacts
from organisations import synthetic
from organisations.synthetic import Person, Story
from petitions import rules
from petitions.actions.intake import QUERY_ALPHABET
from petitions.demo.plan import CasePlan

#: What a point's result rests on, by the first two digits of the category.
GROUNDS = {
    "01": "《中华人民共和国村民委员会组织法》第三十条",
    "02": "《中华人民共和国土地管理法》第四十八条",
    "03": "《物业管理条例》及本市有关规定",
    "04": "《中华人民共和国劳动法》第五十条",
    "05": "《医疗纠纷预防和处理条例》第二十二条",
    "06": "《中华人民共和国义务教育法》第十二条",
    "07": "《优化营商环境条例》",
    "08": "《中华人民共和国消费者权益保护法》第三十九条",
    "09": "《中华人民共和国公路法》第三十五条",
    "10": "《社会救助暂行办法》第九条",
    "11": "《信访工作条例》第三十一条",
    "12": "《军人抚恤优待条例》",
    "13": "《中华人民共和国电信条例》",
    "14": "《中华人民共和国环境保护法》第四十二条",
    "15": "《中华人民共和国旅游法》第九十二条",
    "16": "《中华人民共和国政府信息公开条例》第三十三条",
    "17": "《事业单位人事管理条例》",
    "18": "《信访工作条例》第三十条",
    "99": "《信访工作条例》第三十一条",
}
#: Forms of HALL-1 with weights: letter, visit, online, call, leader's reception, work day, grid, 12345, from above …
CHANNELS = {
    "200": 46,
    "100": 9,
    "300": 11,
    "400": 9,
    "701": 4,
    "703": 5,
    "704": 5,
    "708": 6,
    "706": 2,
    "705": 1,
    "710": 2,
}


@dataclass(frozen=True, slots=True)
class Telling:
    story: Story
    people: tuple[Person, ...]
    channel: str
    is_anonymous: bool
    is_oral: bool
    title: str
    flags: tuple[str, ...]
    urgency: int
    received_on: date

    @property
    def outcome(self) -> str:
        supports = {demand.support for demand in self.story.demands}
        if supports == {"3"}:
            return "refused"
        return "solved" if self.story.is_solved else "explained"

    @property
    def support(self) -> str:
        supports = {demand.support for demand in self.story.demands}
        return supports.pop() if len(supports) == 1 else "4"

    @property
    def ground(self) -> str:
        return GROUNDS[self.story.category[:2]]


def query_code(seed: int, index: int) -> str:
    """The code the case is found by again after an interruption; the same for the same seed."""
    rng = Random(f"code:{seed}:{index}")  # noqa: S311  (a demo county, not a secret)
    return "".join(rng.choice(QUERY_ALPHABET) for _ in range(8))


def tell(seed: int, plan: CasePlan, first: Telling | None) -> Telling:
    """The case as it is brought; `first` is the earlier one it repeats."""
    rng = Random(f"story:{seed}:{plan.index}")  # noqa: S311
    if first is not None and plan.repeat_of is not None:
        story = synthetic.retell(rng, first.story, plan.place, on=plan.arrives)
    else:
        story = synthetic.story(rng, plan.place, on=plan.arrives, category=plan.category)
    if first is not None and plan.merge_into is not None:
        story = synthetic.retell(rng, first.story, plan.place, on=plan.arrives)
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    if story.headcount >= rules.GROUP_FROM and channel not in ("200", "100", "701"):
        channel = "200"
    is_anonymous = channel == "100" and plan.repeat_of is None and rng.random() < 0.3
    is_anonymous = is_anonymous or (story.is_protected and rng.random() < 0.25)
    if is_anonymous:
        channel = "100"
    representatives = 1 if story.headcount == 1 else min(rules.MAX_REPRESENTATIVES, story.headcount, rng.randint(1, 4))
    people = [synthetic.person(rng, plan.place, today=plan.arrives) for _ in range(representatives)]
    if first is not None and first.people and plan.repeat_of is not None:
        people[0] = first.people[0]
    weekend = rng.randrange(3) if channel in ("300", "705") else 0
    return Telling(
        story=story,
        people=() if is_anonymous else tuple(people),
        channel=channel,
        is_anonymous=is_anonymous,
        is_oral=channel == "200" and rng.random() < 0.4,
        title=story.title[:80],
        flags=_flags(rng, story),
        urgency=_urgency(rng, story),
        received_on=plan.arrives - timedelta(days=weekend),
    )


def _flags(rng: Random, story: Story) -> tuple[str, ...]:
    flags = []
    if story.headcount >= 30:
        flags.append("zdjjbz")
    if story.category.startswith("1102") or story.category.startswith("1105"):
        flags.append("sfssbz")
    if rng.random() < 0.02:
        flags.append("jabz")
    if rng.random() < 0.01:
        flags.append("yybz")
    return tuple(flags)


def _urgency(rng: Random, story: Story) -> int:
    if story.headcount >= 30:
        return 2
    return 1 if rng.random() < 0.1 else 0


def parties(rng: Random, telling: Telling, area_id: int) -> list[PartyFacts]:
    """The people as the clerk types them; a caller often gives no identity number."""
    with_id = telling.channel not in ("400", "708", "705") or rng.random() < 0.3
    position = "petitioner" if telling.story.headcount <= 1 else "representative"
    rows = [
        PartyFacts(
            position=position,
            name=person.name,
            sex=person.sex,
            born_on=person.born_on if with_id else None,
            nation=person.nation,
            occupation=person.occupation,
            id_type="111" if with_id else "",
            id_number=person.id_number if with_id else "",
            phone=person.phone,
            area_id=area_id,
            address=person.address[:120],
        )
        for person in telling.people
    ]
    if rows and rng.random() < 0.03:
        rows.append(
            PartyFacts(
                position="agent",
                name=synthetic.name(rng, "1", 1980),
                phone=synthetic.phone(rng),
                relation="子女",
                authority="授权委托书（当面签署）",
            )
        )
    return rows
