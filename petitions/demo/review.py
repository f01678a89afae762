"""The demo's review chains: matters of the two years against whose decision people went to the next body, at every step of it.

Walked by the real acts under the moving clock, after the cases themselves: each takes up the newest case that was closed
before its day and may still be reviewed, so that the same seed gives the same chains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import Exists, Max, OuterRef

from casework.models import Entry
from casework.rules import Outcome
from organisations import clock
from organisations.models import User
from organisations.roles import Role
from organisations.scope import Scope, scope_of
from petitions import actions
from petitions.actions import ending, hearing, review
from petitions.demo import units
from petitions.demo.walk import World
from petitions.models import FollowUp, Petition, Review
from petitions.queries.review import open_right

OFFICE, HANDLER, HEAD = "孙志远", "曹明德", "秦正声"
UPPER = "烟台市人民政府"

#: How many days before the last one the person was not content, and what happened since. The last step is where the chain stands;
#: those that stand in a state of their own come first, for a county with few closed cases.
CHAINS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (5, ("ask",)),
    (10, ("ask", "refuse")),
    (12, ("ask", "accept")),
    (17, ("ask", "accept", "draft")),
    (22, ("ask", "accept", "draft", "sign")),
    (42, ("ask", "accept", "draft", "sign", "deliver", "appeal")),
    (26, ("ask", "accept", "revoke", "sign", "deliver")),
    (30, ("ask", "accept", "draft", "sign", "deliver")),
    (7, ("ask",)),
    (15, ("ask", "accept", "call")),
    (60, ("ask", "accept", "draft", "sign", "deliver", "home")),
    (100, ("ask", "accept", "draft", "sign", "deliver", "appeal", "letter", "last", "owed", "home")),
    (130, ("ask", "accept", "change", "sign", "deliver", "appeal", "letter", "last", "owed", "paid", "home")),
    (60, ("lapse",)),
    (75, ("lapse",)),
)
REQUESTS = (
    ("请求撤销原处理意见，重新认定事实。", "调查时没有通知我到现场，认定的面积与实际不符。"),
    ("请求责令原单位履行处理意见中答应的事项。", "处理意见写明一个月内办完，至今没有办。"),
    ("请求变更处理意见第一项。", "补偿标准应按新的文件执行，原意见适用的是旧文件。"),
)
FACTS = "经调阅案卷、听取双方陈述并实地复核，原处理意见认定的主要事实有登记档案和现场记录证明。"
REASONS = "原处理意见认定事实清楚，适用依据正确，程序符合规定。依据《信访工作条例》第三十五条第二款。"


@dataclass
class Chain:
    """One case on its way up; `now` moves on with each step."""

    world: World
    petition: Petition
    rng: Random
    now: datetime

    @property
    def number(self) -> str:
        return self.petition.case.number

    def later(self, days: int) -> None:
        self.now = self.world.hours.later(self.now, self.rng, days=days)

    def by(self, name: str) -> Scope:
        return scope_of(User.objects.get(name=name), self.now.date())

    def walk(self, steps: tuple[str, ...]) -> None:
        for step in steps:
            self.later(self.rng.randint(1, 2))
            with clock.at(self.now):
                getattr(self, step)()

    def ask(self) -> None:
        request, grounds = self.rng.choice(REQUESTS)
        is_late = open_right(self.petition).is_late(self.now.date())
        late_reason = "在外地务工，回乡后才看到意见书。" if is_late else ""
        review.seek_review(self.number, request=request, grounds=grounds, late_reason=late_reason, by=self.by(OFFICE))

    appeal = ask

    def refuse(self) -> None:
        review.reject_review(self.number, words="请求事项没有在原信访事项中提出，不属于复查范围。", by=self.by(HANDLER))

    def accept(self) -> None:
        is_late = Review.objects.filter(petition=self.petition).exclude(late_reason="").exists()
        late_words = "务工情况属实，逾期有正当理由。" if is_late else ""
        review.accept_review(self.number, words="符合受理条件。", late_words=late_words, by=self.by(HANDLER))

    def call(self) -> None:
        people: dict[str, Any] = {"chair": "宋立民", "panel": ["于海波", "杨素芹", "衣晓光"]}
        on = self.now.date() + timedelta(days=9)
        place = f"{self.world.county.name}群众工作中心听证室"
        hearing.call_hearing(
            self.number, held_on=on, begins_at=time(9, 30), place=place, attendees="信访人、原办理机关、律师一名", by=self.by(HANDLER), **people
        )

    def draft(self, **changes: Any) -> None:
        opinion: dict[str, Any] = {"facts": FACTS, "words": REASONS, "conclusion": "1", "remedy_unit": UPPER, **changes}
        review.draft_review(self.number, by=self.by(HANDLER), **opinion)

    def revoke(self) -> None:
        words = "原处理意见没有回应信访人提交的新证据，主要事实不清。依据《信访工作条例》第三十五条第二款。"
        self.draft(conclusion="3", redo_days=30, remedy_unit="", words=words)

    def change(self) -> None:
        self.draft(conclusion="2", changed_to="补偿按现行标准计算，差额在三十日内补足。", outcome=Outcome.SOLVED)

    def sign(self) -> None:
        review.decide_review(self.number, words="同意。", by=self.by(HEAD))

    def deliver(self, by: str = HANDLER) -> None:
        review.deliver_review(
            self.number, delivery="1", delivered_on=self.now.date(), receiver=self.petition.case.subject[:20], proof="送达回证", by=self.by(by)
        )

    def letter(self) -> None:
        number = f"烟政复核〔{self.now.year}〕{self.rng.randint(3, 90)}号"
        words = "原处理意见和复查意见事实清楚、依据正确，予以维持。"
        review.enter_review(self.number, conclusion="1", outside_number=number, decided_on=self.now.date(), words=words, by=self.by(OFFICE))

    def last(self) -> None:
        self.deliver(OFFICE)

    def owed(self) -> None:
        unit_id = self.world.unit_id(self.petition.case.town_code)
        due_on = self.now.date() + timedelta(days=60)
        text = "每月走访一次，做好政策解释，协助申请临时救助。"
        ending.follow_up(self.number, unit_id=unit_id, text=text, due_on=due_on, by=self.by(OFFICE))

    def paid(self) -> None:
        task = FollowUp.objects.get(petition=self.petition)
        user = self.world.roster.holders(task.unit_id, Role.HANDLER, self.now.date())[0]
        scope = scope_of(User.objects.get(pk=user), self.now.date())
        ending.finish_follow_up(self.number, task_id=task.pk, result="已走访三次，临时救助金已发放。", by=scope)

    def home(self) -> None:
        by = self.by(OFFICE)
        actions.feedback(self.number, way="phone", on=self.now.date(), words="已收到意见书。", is_reached=True, office_rating="1", by=by)
        actions.close(self.number, words="", by=by)

    def lapse(self) -> None:
        ending.conclude(self.number, by=self.by(OFFICE))


def write(world: World) -> None:
    """Walk the chains; a county too small or too young for one goes without it."""
    taken: set[int] = set()
    for index, (age, steps) in enumerate(CHAINS):
        start = world.until - timedelta(days=age)
        petition = next((p for p in _closed(world, start, in_time=steps != ("lapse",)) if p.pk not in taken), None)
        if petition is None:
            continue
        taken.add(petition.pk)
        rng = Random(f"review:{world.seed}:{index}")  # noqa: S311 (a demo county, not a secret)
        Chain(world, petition, rng, world.hours.on(start, rng)).walk(steps)


def _closed(world: World, start: date, *, in_time: bool) -> Sequence[Petition]:
    """Closed matters of units on that day, newest first; those whose right to ask is still open for a week come first when `in_time`."""
    found = (
        Petition.objects.filter(
            case__closed_at__date__lt=start,
            case__outcome__in=[Outcome.SOLVED, Outcome.EXPLAINED],
            case__confidential=False,
            is_anonymous=False,
            concluded_on=None,
        )
        # Nothing that was done on that day or after it may come to stand behind.
        .exclude(Exists(Entry.objects.filter(case=OuterRef("case"), at__date__gte=start)))
        .filter(case__deadlines__key="pet.review_apply")
        .exclude(case__unit__in=(world.unit_id("centre"), world.unit_id(units.GOVERNMENT)))
        .exclude(case__town_code="")
        .annotate(right_until=Max("case__deadlines__due_on"))
        .select_related("case")
        .order_by("-case__closed_at", "-case_id")[:60]
    )
    until = {petition.pk: petition.right_until for petition in found}
    if not in_time:
        return [petition for petition in found if until[petition.pk] < start]
    return sorted(found, key=lambda petition: until[petition.pk] <= start + timedelta(days=7))
