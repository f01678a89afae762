"""The demo's 催办, 督办, 批示, 包案, receptions, proposals and urgent reports, on cases that wait at the end of the two years.

Walked by the real acts under the moving clock once the cases stand: each story takes the next open case that has been
quiet long enough for its steps, the demo sign-ins' department first, so that the same seed tells the same stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from casework.models import Deadline, Entry
from organisations import clock, directory
from organisations.models import User
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.scope import Scope, scope_of
from petitions.actions import advising, leading, supervision
from petitions.citizen import person
from petitions.demo import hours
from petitions.demo.staff import DEMO_DEPARTMENT
from petitions.demo.walk import World
from petitions.models import Petition
from petitions.rules import State
from petitions.rules.supervision import RECEPTION_CHANNELS

#: Proposals of the clock that wait on the desk on the last day.
PROPOSALS = 12
#: Working days a case must have been quiet: the longest story fits in.
QUIET = 6


@dataclass
class Story:
    """One case and the moment at which its story stands; `then` lets working days pass and does an act."""

    world: World
    petition: Petition
    moment: datetime
    rng: Random
    scopes: dict[tuple[int, date], Scope]

    @property
    def number(self) -> str:
        return self.petition.case.number

    @property
    def unit_id(self) -> int:
        return self.petition.case.unit_id

    @property
    def centre_id(self) -> int:
        return self.world.unit_id("centre")

    def then(self, days: int, act: Callable[..., Petition], role: Role, at: int | None = None, /, **facts: Any) -> None:
        self.moment = self.world.hours.later(self.moment, self.rng, days=days)
        with clock.at(self.moment):
            self.petition = act(self.number, by=self.by(role, at or self.centre_id), **facts)

    def by(self, role: Role, unit_id: int) -> Scope:
        day = self.moment.date()
        user_id = self.who(role, unit_id)
        if (user_id, day) not in self.scopes:
            self.scopes[user_id, day] = scope_of(User.objects.get(pk=user_id), day)
        return self.scopes[user_id, day]

    def who(self, role: Role, unit_id: int) -> int:
        day = self.moment.date()
        return self.world.roster.acting(self.world.roster.holders(unit_id, role, day)[0], day)

    def day(self, days: int) -> date:
        return self.world.hours.calendar.add_working_days(self.moment.date(), days)

    def row(self, rows: str) -> int:
        """The newest row of that kind: the one the next act is about."""
        return getattr(self.petition, rows).order_by("-pk").values_list("pk", flat=True)[0]

    @property
    def village_id(self) -> int | None:
        """The village's own room, where the case arose in a village."""
        code = directory.current().areas[self.petition.case.area_id].code
        return self.world.county.units[code].id if len(code) == 12 and code in self.world.county.units else None


def _urged(story: Story, times: int) -> None:
    story.then(1, supervision.urge, Role.OFFICE, words="请抓紧办理，按期答复信访人。")
    if times > 1:
        story.moment = story.world.hours.later(story.moment, story.rng, days=1)
        with clock.at(story.moment):
            story.petition = supervision.urge_by_citizen(story.number, words="想问问办到哪一步了。", by=person.scope())
    if times > 2:
        story.then(1, supervision.urge, Role.OFFICE, words="信访人已多次催问，请两日内联系信访人。")


def _supervised(story: Story, upto: str, *, method: str = "02") -> None:
    story.then(
        0, supervision.propose_supervision, Role.OFFICE, reasons=["04"], method=method, words="承诺期限临近，至今没有调查核实记录，信访人多次来电。"
    )
    if upto == "proposed":
        return
    story.then(
        0,
        supervision.confirm_supervision,
        Role.HEAD,
        no=story.row("supervisions"),
        reasons=["04"],
        method=method,
        words="承诺期限临近，至今没有调查核实记录。",
        requirement="完成调查核实，当面答复信访人",
        due_on=story.day(2) if upto == "late" else None,
    )
    if upto in ("running", "late"):
        return
    story.then(
        2,
        supervision.reply_supervision,
        Role.HEAD,
        story.unit_id,
        no=story.row("supervisions"),
        text="已约定本周到现场丈量，届时请信访人和村委会到场，结果当场告知。",
    )
    if upto == "returned":
        story.then(1, supervision.return_supervision, Role.OFFICE, no=story.row("supervisions"), words="没有写明责任人和完成时间。")
    elif upto == "closed":
        story.then(1, supervision.close_supervision, Role.OFFICE, no=story.row("supervisions"), words="已电话核实，按约定推进。")


def _instructed(story: Story, upto: str) -> None:
    story.then(
        1,
        leading.give_instruction,
        Role.LEADER,
        words="请主要负责同志亲自过问，一周内见面沟通，结果报我。",
        unit_id=story.unit_id,
        due_on=story.day(5),
    )
    if upto == "given":
        return
    story.then(
        2, leading.answer_instruction, Role.HEAD, story.unit_id, no=story.row("instructions"), text="已与信访人见面，对方案基本认可，正在细化。"
    )
    if upto == "seen":
        story.then(1, leading.acknowledge_instruction, Role.LEADER, no=story.row("instructions"))


def _sponsored(story: Story, upto: str) -> None:
    village = story.village_id
    story.then(
        0,
        leading.sponsor,
        Role.OFFICE,
        leader_id=story.who(Role.LEADER, story.centre_id),
        undertaking_unit_id=story.unit_id,
        assisting_unit_id=village if village != story.unit_id else None,
        plan="一是查清历史成因；二是与信访人面对面商定方案；三是村委会每周走访，掌握思想动态。",
        from_on=story.day(0),
        until_on=story.day(40),
    )
    story.then(1, leading.record_sponsor_work, Role.LEADER, kind="visit", on=story.day(0), words="入户走访，听取意见，当面解释政策。")
    story.then(1, leading.record_sponsor_work, Role.HEAD, story.unit_id, kind="work", on=story.day(0), words="调取原始档案，拟定两套方案。")
    if village and village != story.unit_id and story.world.roster.holders(village, Role.VILLAGE_CADRE, story.day(0)):
        story.then(
            1, leading.record_sponsor_work, Role.VILLAGE_CADRE, village, kind="warning", on=story.day(0), words="信访人打听去市里的车，情绪有波动。"
        )
    if upto == "ended":
        story.then(1, leading.end_sponsorship, Role.OFFICE, result="双方签订协议，信访人书面表示息诉息访。")


def _advised(story: Story, upto: str) -> None:
    story.then(
        1,
        advising.advise,
        Role.OFFICE,
        kind="1",
        unit_id=story.unit_id,
        facts="今年以来同类信访事项较多，多因事前没有告知、事后没有回应引起。",
        words="建议在审批前履行告知程序，建立首次来访三日内回应制度。",
    )
    if upto == "answered":
        story.then(
            3,
            advising.answer_advice,
            Role.HEAD,
            story.unit_id,
            no=story.row("advices"),
            is_adopted=True,
            text="已修订办事指南，自下月起实行事前告知。",
        )


def _accompanied(story: Story, kind: str) -> None:
    story.then(
        2,
        advising.accompany,
        Role.OFFICE,
        kind=kind,
        worker_id=story.who(Role.OFFICE, story.centre_id),
        on=story.day(0),
        to_organ="烟台市信访局",
        words="到市信访局当面反映，市局答复由县里继续办理，信访人同意回来等候。",
        avoided=True,
    )


def _reported(story: Story) -> None:
    known = story.moment + timedelta(minutes=5)
    story.then(
        0,
        advising.report_urgent,
        Role.OFFICE,
        known_at=known,
        phoned_at=known,
        happened=f"{known:%m月%d日}，县中心门前",
        batches=1,
        people=max(story.petition.case.headcount, 12),
        demands="要求当面答复并明确办理时限，组织者为来访代表。",
        scene="在门前聚集，没有堵门，秩序基本正常。",
        measures="已引导代表到接谈室，通知责任单位到场。",
        needs="请分管领导到场接谈。",
        phone="0535-8213000",
        recipients="本级党委、政府，信访工作联席会议办公室，上一级信访部门",
    )


def _received(story: Story) -> None:
    story.then(
        1,
        leading.record_reception,
        Role.OFFICE,
        leader_id=story.who(Role.LEADER, story.centre_id),
        mode="1",
        on=story.day(0),
        place="县群众工作中心接访大厅",
        opinion="诉求合理部分立即解决，需要时间的说明步骤和时限，由责任单位当面答复。",
        unit_id=story.unit_id,
        due_on=story.day(10),
    )


#: One case each, in this order.
STORIES: tuple[tuple[Callable[..., None], dict[str, Any]], ...] = (
    (_supervised, {"upto": "replied"}),
    (_instructed, {"upto": "given"}),
    (_sponsored, {"upto": "running"}),
    (_urged, {"times": 3}),
    (_supervised, {"upto": "late"}),
    (_advised, {"upto": "given"}),
    (_urged, {"times": 2}),
    (_supervised, {"upto": "proposed", "method": "03"}),
    (_instructed, {"upto": "answered"}),
    (_supervised, {"upto": "returned"}),
    (_sponsored, {"upto": "ended"}),
    (_supervised, {"upto": "running", "method": "04"}),
    (_instructed, {"upto": "seen"}),
    (_advised, {"upto": "answered"}),
    (_urged, {"times": 1}),
    (_supervised, {"upto": "closed", "method": "03"}),
    (_accompanied, {"kind": "with"}),
    (_accompanied, {"kind": "for"}),
    (_reported, {}),
)
#: Leaders' receptions: of cases that came in that way.
RECEPTIONS = 3


@dataclass
class Told:
    """What was refused, for the command to say; none is expected."""

    refused: list[str] = field(default_factory=list)


def write(world: World, until: datetime) -> Told:
    """Tell the stories up to `until`, and let the clock propose what is due then."""
    told = Told()
    scopes: dict[tuple[int, date], Scope] = {}
    quiet = list(_quiet(world, until))
    received = [row for row in quiet if row.channel in RECEPTION_CHANNELS][:RECEPTIONS]
    others = [row for row in quiet if row not in received]
    plays: list[tuple[Petition, Callable[..., None], dict[str, Any]]] = [(row, _received, {}) for row in received]
    plays += [(row, play, how) for row, (play, how) in zip(others, STORIES, strict=False)]
    for petition, play, how in plays:
        story = Story(world, petition, _last(petition), Random(f"supervision:{world.seed}:{petition.case.number}"), scopes)  # noqa: S311
        try:
            with transaction.atomic():
                play(story, **how)
        except NotAllowed as refusal:
            told.refused.append(f"{story.number} {play.__name__.lstrip('_')}：{refusal}")
    with clock.at(until):
        supervision.propose_due(until.astimezone(hours.ZONE).date(), PROPOSALS)
    return told


def _quiet(world: World, until: datetime) -> Iterator[Petition]:
    """Open cases at a unit whose last line is old enough, the demo department's first, then in order of arrival."""
    calendar = world.hours.calendar
    before = datetime.combine(calendar.add_working_days(until.astimezone(hours.ZONE).date(), -QUIET), hours.AFTERNOON[1], hours.ZONE)
    newest = Entry.objects.filter(case=OuterRef("pk")).order_by("-no").values("at")[:1]
    moving = Deadline.objects.filter(case=OuterRef("pk"), suspended_on__isnull=False)
    rows = (
        Petition.objects.filter(case__state__in=[State.ACCEPTED, State.SIGNED, State.ROUTED, State.DELIVERED], case__confidential=False)
        .exclude(case__unit=world.unit_id("centre"))
        .exclude(Exists(moving))
        .annotate(last_at=Subquery(newest))
        .filter(last_at__lte=before)
        .select_related("case")
        .order_by("pk")
    )
    own, day = world.unit_id(DEMO_DEPARTMENT), until.astimezone(hours.ZONE).date()
    led = [row for row in rows if world.roster.holders(row.case.unit_id, Role.HEAD, day)]
    yield from sorted(led, key=lambda row: (row.case.unit_id != own, row.pk))


def _last(petition: Petition) -> datetime:
    return petition.last_at.astimezone(hours.ZONE)  # type: ignore[attr-defined]  # annotated by _quiet
