"""What becomes of a demo case's limits: asked for more days, standing still, handled the simple way. Plain facts, as in `walk`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from organisations.roles import Role
from petitions import rules
from petitions.actions.terms import Told

if TYPE_CHECKING:
    from petitions.demo.walk import Step, Walk

#: What a staged case's `terms` may say.
ASKED, EXTENDED, REFUSED = "asked", "extended", "refused"
SUSPENDED, RESUMED = "suspended", "resumed"
SIMPLE, ANSWERED, CONVERTED = "simple", "answered", "converted"
THE_SIMPLE_WAY = frozenset({SIMPLE, ANSWERED, CONVERTED})

WHY_LONGER = (
    "需委托测绘机构现场测量，测量报告尚未出具",
    "涉及多年前的权属资料，需到市档案馆调阅",
    "当事人外出务工，需等其返乡后现场核实",
    "需与上级主管部门会商政策适用问题",
)
NOT_LONGER = "主要事实已经查清，可以按期办结。"


@dataclass(frozen=True, slots=True)
class Wait:
    ground: str
    words: str
    evidence: str
    over: str


WAITS = (
    Wait("1", "双方就同一事实已向人民法院起诉，须以判决认定的事实为依据。", "人民法院受理案件通知书", "人民法院已作出生效判决。"),
    Wait("2", "已委托有资质的机构对房屋受损原因进行鉴定。", "鉴定委托书", "鉴定结论已收到。"),
    Wait("3", "信访人来电说明在外地就医，要求暂缓办理。", "通话记录", "信访人已返回，要求继续办理。"),
)
SIMPLY_ACCEPTED = "您反映的事项已经收到，按简易程序受理，10个工作日内答复您。"
SIMPLY_ANSWERED = "已将核实情况和处理结果向您说明，如需书面答复可以随时提出。"
MORE_COMPLEX = "经了解涉及多户，事实需要进一步核实，不能按简易程序办结。"


def after_acceptance(walk: Walk) -> Iterator[Step]:
    """Accepted by the normal procedure: more days are asked for near the end of the sixty, or the matter waits for something."""
    terms = walk.plan.terms
    accepted_on = walk.today
    if terms in (ASKED, EXTENDED, REFUSED):
        walk.go_to(min(accepted_on + timedelta(days=55), walk.world.hours.calendar.add_working_days(walk.world.until, -1)))
        yield walk.step("ask_extension", walk.handler, days=walk.rng.choice((15, 20, 30)), reason=walk.rng.choice(WHY_LONGER))
        if terms != ASKED:
            head = walk.second_person(walk.lead, walk.handler)
            walk.pause()
            if terms == EXTENDED:
                yield walk.step("approve_extension", head, words="同意延期。")
            else:
                yield walk.step("refuse_extension", head, words=NOT_LONGER)
        return
    wait = walk.rng.choice(WAITS)
    walk.wait(1, 3)
    head = walk.acting(walk.lead, Role.HEAD)
    facts = {"ground": wait.ground, "words": wait.words, "evidence": wait.evidence}
    yield walk.step("suspend", head, **facts, expected_until_on=_expected(walk))
    if terms == RESUMED:
        walk.go_to(walk.today + timedelta(days=14))
        yield walk.step("resume", walk.handler, words=wait.over)


def _expected(walk: Walk) -> date:
    return walk.today + timedelta(days=walk.rng.choice((20, 30)))


def the_simple_way(walk: Walk) -> Iterator[Step]:
    """Accepted for the simple procedure; answered by telephone, or put back on the normal one. A staged case may stop in between."""
    ground = "2" if walk.story.purpose in rules.SUGGESTION_PURPOSES else "1"
    facts: dict[str, Any] = {"ground": ground, "is_supportable": True, "is_outside_procedures": True}
    yield walk.step("accept_simple", walk.handler, **facts, words=SIMPLY_ACCEPTED, told=_told(walk))
    if walk.plan.terms == SIMPLE:
        return
    walk.wait(1, 4)
    refuses = any(demand.support == rules.NOT_SUPPORTED for demand in walk.story.demands)
    if walk.plan.terms == CONVERTED or refuses:
        yield walk.step("convert", walk.acting(walk.lead, Role.HEAD), words=MORE_COMPLEX, told=_told(walk))
        return
    results = {no: (demand.support, demand.result, walk.telling.ground) for no, demand in enumerate(walk.story.demands, start=1)}
    outcome = "solved" if walk.telling.outcome == "solved" else "explained"
    yield walk.step("answer_simple", walk.handler, results=results, text=SIMPLY_ANSWERED, outcome=outcome, told=_told(walk))


def _told(walk: Walk) -> Told:
    people = walk.telling.people
    return Told(way="phone", at=walk.now, person=people[0].name if people else "", number=people[0].phone if people else "")
