"""One case's acts in order of time, as plain facts: who does what when. Nothing is written here; `engine` does the acts.

A walk reads only the plan, the calendar and the roster, so it can be run again without the database: that is how an
interrupted seed finds its place.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from casework.models import Link
from organisations.roles import Role
from organisations.synthetic import TOWN_OFFICE
from petitions import codes, rules
from petitions.actions import Intake, TaskFacts
from petitions.demo import terms, units, words
from petitions.demo.hours import ZONE, Hours
from petitions.demo.plan import DEPARTMENT_DESK, TOWN_DESK, CasePlan
from petitions.demo.staff import DEMO_DEPARTMENT, Roster
from petitions.demo.telling import Telling, parties, tell
from petitions.demo.units import County
from petitions.rules import Mode, State


@dataclass(frozen=True, slots=True)
class Step:
    """One act. `other` names the plan whose case number is handed over as the argument `other_as`."""

    at: datetime
    act: str
    by: int
    facts: dict[str, Any]
    other: int | None = None
    other_as: str = ""


@dataclass
class World:
    """What every walk needs to know of the county."""

    seed: int
    until: date
    hours: Hours
    roster: Roster
    county: County
    plans: list[CasePlan]
    tellings: dict[int, Telling] = field(default_factory=dict)

    def telling(self, index: int) -> Telling:
        """What is said in the case; told once, because a repeat tells the same matter again."""
        if index not in self.tellings:
            plan = self.plans[index]
            earlier = plan.repeat_of if plan.repeat_of is not None else plan.merge_into
            self.tellings[index] = tell(self.seed, plan, None if earlier is None else self.telling(earlier))
        return self.tellings[index]

    def unit_id(self, key: str) -> int:
        return self.county.units[key].id


class Walk:
    """The generator of one case's steps; `now` moves on as the case does."""

    def __init__(self, world: World, plan: CasePlan) -> None:
        self.world = world
        self.plan = plan
        self.rng = Random(f"walk:{world.seed}:{plan.index}")  # noqa: S311  (a demo county, not a secret)
        self.telling = world.telling(plan.index)
        self.story = self.telling.story
        self.now = world.hours.on(plan.arrives, self.rng)
        self.lateness = self.rng.choices(("handle", "notify", "forward"), (70, 15, 15))[0] if plan.is_slow else ""
        self.same_day = False
        # Tasks are given out only where they will be done: not in what is led elsewhere, declined or taken back.
        joint_ends_early = plan.mode == Mode.JOINT and plan.fate not in ("handled", "instructed")
        self.mode = Mode.PROMISED if joint_ends_early else plan.mode
        self.lead = ""
        self.handler = 0
        self.prepared_by = 0
        self.handling_days = 0
        self.assisting: list[tuple[int, str]] = []
        self.tasks_given = 0

    # -- time, people, steps ---------------------------------------------------------------------------------------------------

    def wait(self, low: int, high: int) -> None:
        """Some working days pass; on a brisk case a day at the most, on a case answered at once a few minutes."""
        if self.same_day:
            self.now = self.world.hours.soon(self.now, minutes=self.rng.randrange(6, 18), seconds=self.rng.randrange(60))
            return
        days = self.rng.randint(0, 1) if self.plan.is_brisk else self.rng.randint(low, high)
        self.now = self.world.hours.later(self.now, self.rng, days=days)

    def pause(self) -> None:
        self.wait(0, 0) if self.same_day else self._pause()

    def _pause(self) -> None:
        self.now = self.world.hours.later(self.now, self.rng, days=0)

    @property
    def today(self) -> date:
        return self.now.date()

    def go_to(self, day: date) -> None:
        """On to that day, or the first working one after it."""
        self.now = max(self.now, self.world.hours.on(day, self.rng))

    def holder(self, unit: str, role: Role) -> int:
        """Somebody who holds the role there today; the first one more often, as in life."""
        holders = self.world.roster.holders(self.world.unit_id(unit), role, self.today)
        return holders[min(int(self.rng.random() ** 1.7 * len(holders)), len(holders) - 1)]

    def acting(self, unit: str, role: Role) -> int:
        """Such a person, or their substitute while they are away."""
        return self.world.roster.acting(self.holder(unit, role), self.today)

    def office(self) -> int:
        return self.acting("centre", Role.OFFICE)

    def second_person(self, unit: str, first: int) -> int:
        """The head, once the one who acts for the head is not the one who proposed."""
        approver = self.acting(unit, Role.HEAD)
        while approver == first:
            self.wait(1, 1) if not self.plan.is_brisk else self._next_day()
            approver = self.acting(unit, Role.HEAD)
        return approver

    def _next_day(self) -> None:
        self.now = self.world.hours.later(self.now, self.rng, days=1)

    def step(self, act: str, by: int, **facts: Any) -> Step:
        return Step(self.now, act, by, facts)

    def stops(self, state: str) -> bool:
        return self.plan.stop == state

    # -- the whole walk --------------------------------------------------------------------------------------------------------

    def steps(self) -> Iterator[Step]:
        yield from self._register()
        fate = self.plan.fate
        if fate == "protected":
            yield from self._protected()
        elif fate == "void":
            self.pause()
            yield self.step("void", self.office(), reason=self.rng.choice(words.VOID))
        elif fate == "spot":
            yield from self._spot()
        elif self.stops(State.REGISTERED) and fate != "instructed":
            return
        else:
            yield from self._sort()

    def _sort(self) -> Iterator[Step]:
        """On the office's desk: sent to a leader, led elsewhere, declined, taken back, merged, or sent to a unit."""
        fate = self.plan.fate
        yield from self._before_routing()
        if fate in ("proposed", "instructed"):
            yield from self._propose()
            if self.stops(State.PROPOSED) or self.stops(State.REGISTERED):
                return
        self.wait(13, 16) if self.lateness == "forward" else self.wait(0, 3)
        if fate == "guided":
            yield self._guide(self.office())
            yield from self._home("centre")
        elif fate == "declined":
            yield from self._decline("centre", self.office())
        elif fate == "withdrawn" and self.rng.random() < 0.5:
            yield self.step("withdraw", self.office(), words=self.rng.choice(words.WITHDRAWN))
            yield from self._conclude()
        else:
            yield from self._send_out()

    # -- registration ----------------------------------------------------------------------------------------------------------

    def _register(self) -> Iterator[Step]:
        plan, telling = self.plan, self.telling
        self.registrar = self._registrar()
        area = self.world.county.areas[plan.place.code]
        other = plan.repeat_of
        is_simple = plan.terms in terms.THE_SIMPLE_WAY
        intake = Intake(
            title=telling.title,
            story=telling.story.text,
            points=[demand.text[:300] for demand in self.story.demands],
            channel=telling.channel,
            purpose=self.story.purpose,
            topic_code=self.story.category,
            area_id=area.id,
            received_on=telling.received_on,
            people=parties(self.rng, telling, area.id),
            source="3" if telling.channel == "706" else "4",
            source_number=f"烟信转〔{plan.arrives.year}〕{self.rng.randint(10, 900)}号" if telling.channel == "706" else "",
            place=self.rng.choice(("", "", f"{plan.place.locality}{self.rng.randint(1, 9)}组")),
            respondent_unit_id=self._respondent(),
            respondent_name=self.story.accused_person[:60],
            # Whoever takes the simple way comes alone (L-SIM-3).
            headcount=1 if is_simple else self.story.headcount,
            involved_count=1 if is_simple else self.story.headcount,
            urgency=telling.urgency,
            flags=() if is_simple else telling.flags,
            internal_note=self.rng.choice(words.INTERNAL) if self.rng.random() < 0.08 else "",
            is_anonymous=telling.is_anonymous,
            is_oral=telling.is_oral,
            is_read_back=telling.is_oral or telling.channel == "200",
            repeat_reason=words.REPEAT if other is not None else "",
        )
        yield Step(self.now, "register", self.registrar, {"intake": intake}, other, "repeat_of" if other is not None else "")
        if self.rng.random() < 0.07:
            self._pause()
            yield self.step("attach", self.registrar, label=self.rng.choice(words.ATTACHMENTS), kind=self.rng.choice(("png", "pdf")))

    def _registrar(self) -> int:
        channel, town = self.telling.channel, self.plan.place.code[:9]
        inner = self.plan.repeat_of is not None or self.plan.fate in ("protected", "spot")
        if channel == "704" and not inner:
            workers = [self.world.roster.holders(unit.id, Role.GRID_WORKER, self.today) for key, unit in self._units_of(town)]
            found = [user for users in workers for user in users]
            if found:
                return self.rng.choice(found)
        if channel == "200" and not inner and self.rng.random() < 0.2:
            return self.acting(town, Role.HANDLER)
        role = Role.OFFICE if channel in ("100", "300", "705", "706", "710") and self.rng.random() < 0.5 else Role.WINDOW_CLERK
        return self.acting("centre", role)

    def _units_of(self, town: str) -> list[tuple[str, Any]]:
        return [(key, unit) for key, unit in self.world.county.units.items() if len(key) == 12 and key.startswith(town)]

    def _respondent(self) -> int | None:
        if self.story.accuses_town_office:
            return self.world.unit_id(self.plan.place.code[:9])
        if self.story.accused_unit == "派出所":
            return self.world.unit_id("公安局")
        return None

    def _before_routing(self) -> Iterator[Step]:
        if self.plan.merge_into is not None:
            self.wait(1, 2)
            yield Step(self.now, "merge", self.office(), {"reason": words.MERGED}, self.plan.merge_into, "into")
        if self.plan.is_brisk:
            return
        chance = self.rng.random()
        if chance < 0.03:
            self._pause()
            place = f"{self.plan.place.locality}{self.rng.randint(1, 9)}组{self.rng.randint(10, 99)}号"
            yield self.step("amend", self.office(), changes={"place": place}, reason=words.AMENDED)
        elif chance < 0.06:
            self._pause()
            to = self.world.roster.holders(self.world.unit_id("centre"), Role.WINDOW_CLERK, self.today)
            if self.registrar in to and len(to) > 1:
                yield self.step("hand_over", self.registrar, to_user_id=next(u for u in to if u != self.registrar), words=words.HANDED_OVER)
        elif chance < 0.08 and self.plan.repeat_of is None and self.plan.index > 3:
            yield from self._relate()

    def _relate(self) -> Iterator[Step]:
        """Mark an earlier case of the same place or class as related."""
        near = self.world.plans[max(0, self.plan.index - 300) : self.plan.index]
        for earlier in reversed(near):
            settled = (self.plan.arrives - earlier.arrives).days > 10 and earlier.fate != "protected"
            if settled and (earlier.category == self.plan.category or earlier.place.code == self.plan.place.code):
                self._pause()
                yield Step(self.now, "link", self.office(), {"kind": Link.Kind.RELATED, "reason": words.RELATED}, earlier.index, "other")
                return

    def _propose(self) -> Iterator[Step]:
        self.wait(0, 1)
        leader = self.holder("centre", Role.LEADER)
        yield self.step("propose", self.office(), leader_id=leader, words=self.rng.choice(words.PROPOSED))
        if self.stops(State.PROPOSED):
            return
        self.wait(0, 2)
        yield self.step("instruct", self.world.roster.acting(leader, self.today), words=self.rng.choice(words.INSTRUCTED))

    def _spot(self) -> Iterator[Step]:
        """Answered across the counter, 立即办."""
        if self.rng.random() < 0.75:
            self._pause()
            by = self.acting("centre", Role.WINDOW_CLERK)
        else:
            self.wait(0, 1)
            by = self.office()
        outcome = "solved" if self.telling.outcome == "solved" else "explained"
        results = {no: (demand.support, demand.result, self.telling.ground) for no, demand in enumerate(self.story.demands, start=1)}
        yield self.step("answer", by, results=results, text=self.story.reply, outcome=outcome)
        yield from self._conclude()

    # -- guided, declined ------------------------------------------------------------------------------------------------------

    def _guide(self, by: int) -> Step:
        question, option = self.rng.choice([(q, o) for q in codes.LADDER for o in q.options if q.key != "report"])
        answers: dict[str, str] = {}
        for rung in codes.LADDER:
            answers[rung.key] = option.key if rung is question else codes.NO
            if rung is question:
                break
        told = codes.wizard(answers)
        return self.step("guide", by, routes=list(told.route_codes), answers=answers, words=told.text_zh)

    def _decline(self, unit: str, by: int) -> Iterator[Step]:
        reason = self.rng.choice(words.DECLINED)
        yield self.step("decline", by, code=reason.code, words=reason.words, remedy=reason.remedy)
        if self.stops(State.DECLINING):
            return
        self.wait(0, 2)
        approver = self.second_person(unit, by)
        if unit != "centre" and self.rng.random() < 0.25:
            yield self.step("reject_decline", approver, words=words.NOT_DECLINED)
            yield from self._accept_and_handle()
            return
        yield self.step("approve_decline", approver, words="同意。")
        yield from self._home(unit)

    # -- to the unit -----------------------------------------------------------------------------------------------------------

    def _send_out(self) -> Iterator[Step]:
        """Routed, perhaps objected to, until the unit that handles it holds it."""
        right, objection = self._right_unit(), self.plan.objection
        wrong = right if self.plan.desk else self._other_unit(right)
        if objection in ("agreed", "disputed"):
            if self.plan.desk:
                right = self._other_unit(wrong)
            yield from self._objected(wrong)
            if self.stops(State.OBJECTED):
                return
            self.wait(0, 2)
            yield self.step("agree_return", self.office(), words=words.AGREED)
            if self.stops(State.RETURNED):
                return
            self.wait(0, 2)
        if objection == "disputed":
            yield from self._objected(self._other_unit(wrong))
            if self.stops(State.DISPUTED):
                return
            self.wait(1, 3)
            self.lead = right
            yield self.step("coordinate", self.acting("centre", Role.HEAD), to_unit_id=self.world.unit_id(right), words=words.COORDINATED)
        elif objection == "refused":
            yield from self._objected(right)
            self.wait(0, 2)
            yield self.step("refuse_return", self.office(), words=words.REFUSED_RETURN)
        else:
            yield self._route(right)
        if not self.stops(State.ROUTED):
            yield from self._taken()

    def _right_unit(self) -> str:
        town = self.plan.place.code[:9]
        if self.plan.desk == DEPARTMENT_DESK:
            return DEMO_DEPARTMENT
        if self.plan.desk == TOWN_DESK:
            return town
        if self.story.accuses_town_office:
            return self.story.department
        local = 0.55 if self.story.category.startswith("01") else 0.18
        return town if self.rng.random() < local else self.story.department

    def _other_unit(self, but: str) -> str:
        others = [d.name for d in units.DEPARTMENTS if d.is_resident and d.name not in (but, DEMO_DEPARTMENT)]
        return self.rng.choice(others)

    def _route(self, to: str) -> Step:
        """The four ways of HALL-2; what is answered the same day leaves the office early in the morning."""
        self.lead = to
        mode = self.mode
        if mode == Mode.IMMEDIATE and not self.plan.is_brisk:
            self.same_day = not self.lateness
            day = self.world.hours.calendar.add_working_days(self.today, 1)
            self.now = datetime.combine(day, time(8, 32), ZONE) + timedelta(minutes=self.rng.randrange(25), seconds=self.rng.randrange(60))
        self.handling_days = self._handling_days()
        expected = self.world.hours.calendar.add_working_days(self.today, self.handling_days + 8)
        facts: dict[str, Any] = {"mode": mode, "to_unit_id": self.world.unit_id(to), "words": self.rng.choice(words.ROUTED)}
        if mode in (Mode.PROMISED, Mode.PROXY):
            facts["promised_on"] = self._promise(expected)
        if mode == Mode.PROXY:
            facts["agent_id"] = self.holder(to, Role.HANDLER)
            facts["consent"] = words.CONSENT
        if mode == Mode.JOINT:
            facts["tasks"] = self._tasks(to)
        if self.rng.random() < 0.15 and not self.plan.is_brisk:
            facts["duty"] = "assign"
            facts["report_due_on"] = expected + timedelta(days=10)
        return self.step("route", self.office(), **facts)

    def _handling_days(self) -> int:
        if self.mode == Mode.IMMEDIATE:
            return 2
        return self.rng.randint(44, 58) if self.lateness == "handle" else self.rng.randint(5, 26)

    def _promise(self, expected: date) -> date:
        if self.plan.due_in is not None:
            return self.world.until + timedelta(days=self.plan.due_in)
        if self.lateness == "handle":
            return self.today + timedelta(days=self.rng.randint(15, 30))
        return expected + timedelta(days=self.rng.randint(1, 9))

    def _tasks(self, lead: str) -> list[TaskFacts]:
        names = [self.plan.place.code[:9] if name == TOWN_OFFICE else name for name in self.story.assisting]
        names = [name for name in dict.fromkeys([*names, "财政局", "司法局", "应急管理局", "审计局"]) if name != lead]
        count = 3 if self.plan.tasks_until else self.rng.choice((1, 2, 2, 3))
        # Numbers go on after the tasks that a return cancelled.
        self.assisting = list(enumerate(names[:count], start=self.tasks_given + 1))
        self.tasks_given += count
        due_on = self.today + timedelta(days=self.rng.randint(20, 30))
        return [TaskFacts(unit_id=self.world.unit_id(name), text=words.TASKS[no % len(words.TASKS)], due_on=due_on) for no, name in self.assisting]

    def _objected(self, unit: str) -> Iterator[Step]:
        yield self._route(unit)
        self.same_day = False
        self.wait(1, 3)
        yield self.step("object_to", self.acting(unit, Role.HANDLER), reason=self.rng.choice(words.OBJECTED))

    def _taken(self) -> Iterator[Step]:
        """Signed for; then led elsewhere or declined by the unit, or handled."""
        self.wait(13, 17) if self.lateness == "notify" else self.wait(0, 3)
        self.handler = self.holder(self.lead, Role.HANDLER)
        yield self.step("sign", self.handler)
        if self.stops(State.SIGNED):
            return
        if self.plan.fate == "declined_by_unit":
            self.wait(1, 3)
            yield from self._decline(self.lead, self.handler)
        elif self.plan.fate == "guided_by_unit":
            self.wait(1, 3)
            yield self._guide(self.handler)
            yield from self._home(self.lead)
        else:
            yield from self._accept_and_handle()

    def _accept_and_handle(self) -> Iterator[Step]:
        self.wait(0, 3)
        yield from self._keep_handler()
        if self.plan.terms in terms.THE_SIMPLE_WAY:
            yield from terms.the_simple_way(self)
            return
        yield self.step("accept", self.handler, words=self.rng.choice(words.ACCEPTED))
        if self.plan.fate == "withdrawn":
            self.wait(2, 9)
            yield from self._keep_handler()
            yield self.step("withdraw", self.handler, words=self.rng.choice(words.WITHDRAWN))
            yield from self._conclude()
            return
        if self.plan.terms:
            yield from terms.after_acceptance(self)
            return
        yield from self._designate()
        if self.mode == Mode.JOINT and self._has_tasks():
            yield from self._do_tasks()
            if self.plan.tasks_until:
                return
        if self.stops(State.ACCEPTED) and not (self.plan.send_back or self.plan.reopened):
            if self.rng.random() < 0.6:
                self.wait(1, 2)
                yield from self._heard()
            return
        yield from self._handle()

    def _has_tasks(self) -> bool:
        """A coordinated case goes on without the tasks of the unit that gave it back."""
        return self.plan.objection != "disputed"

    def _keep_handler(self) -> Iterator[Step]:
        """When the one who signed has left the post, the head hands the matter to whoever came after (HALL-14)."""
        holders = self.world.roster.holders(self.world.unit_id(self.lead), Role.HANDLER, self.today)
        if self.handler in holders:
            return
        self.handler = holders[0]
        yield self.step("hand_over", self.holder(self.lead, Role.HEAD), to_user_id=self.handler, words=words.SUCCESSOR)
        self.pause()

    def _designate(self) -> Iterator[Step]:
        holders = self.world.roster.holders(self.world.unit_id(self.lead), Role.HANDLER, self.today)
        if len(holders) < 2 or self.same_day or self.rng.random() > 0.1:
            return
        self.pause()
        self.handler = next(user for user in holders if user != self.handler)
        yield self.step("designate", self.acting(self.lead, Role.HEAD), person_id=self.handler, words="由你承办，注意时限。")

    def _do_tasks(self) -> Iterator[Step]:
        """Every assisting unit signs and reports, the lead unit confirms; a staged case stops half way."""
        if self.plan.tasks_until == "waiting":
            return
        for no, unit in self.assisting:
            self.wait(0, 1)
            yield self.step("sign_task", self.acting(unit, Role.HANDLER), no=no)
        some = self.plan.tasks_until == "some"
        for no, unit in self.assisting:
            if some and no == 3:  # one confirmed, one reported, one in hand
                return
            self.wait(1, 4)
            yield self.step("report_task", self.acting(unit, Role.HANDLER), no=no, result=self.rng.choice(words.TASK_RESULTS))
            if some and no == 2:
                continue
            self.wait(0, 1)
            yield from self._keep_handler()
            if self.rng.random() < 0.1:
                yield self.step("return_task", self.handler, no=no, reason=words.TASK_RETURNED)
                self.wait(1, 3)
                yield self.step("report_task", self.acting(unit, Role.HANDLER), no=no, result=self.rng.choice(words.TASK_RESULTS))
                self.pause()
            yield self.step("confirm_task", self.handler, no=no)

    # -- handling --------------------------------------------------------------------------------------------------------------

    def _handle(self) -> Iterator[Step]:
        quarter = max(1, self.handling_days // 4)
        self.wait(1, quarter)
        yield from self._heard()
        self.wait(1, quarter)
        yield from self._investigated()
        if self.plan.is_unmerged:
            yield self.step("unmerge", self.office(), reason=words.UNMERGED)
        if self.rng.random() < 0.3:
            self.wait(1, 2)
            yield from self._noted()
        self.wait(max(1, self.handling_days // 2 - 2), self.handling_days // 2 + 1)
        yield from self._answered()
        yield from self._prepared()
        if self.stops(State.UNDER_APPROVAL):
            return
        if self.plan.send_back:
            self.wait(0, 1)
            yield self.step("send_back", self.second_person(self.lead, self.prepared_by), words=self.rng.choice(words.SENT_BACK))
            if self.stops(State.ACCEPTED) and not self.plan.reopened:
                return
            self.wait(0, 2)
            yield from self._prepared()
        self.wait(0, 2)
        yield self.step("reply", self.second_person(self.lead, self.prepared_by), words="同意发出。")
        if not self.stops(State.REPLIED):
            yield from self._home(self.lead)

    def _officers(self) -> list[str]:
        colleagues = [
            *self.world.roster.holders(self.world.unit_id(self.lead), Role.HANDLER, self.today),
            *self.world.roster.holders(self.world.unit_id(self.lead), Role.HEAD, self.today),
            *self.world.roster.holders(self.world.unit_id(self.lead), Role.DISCIPLINE, self.today),
        ]
        others = [user for user in colleagues if user != self.handler]
        return [self.world.roster.names[self.handler], self.world.roster.names[others[0]]]

    def _heard(self) -> Iterator[Step]:
        yield from self._keep_handler()
        yield self.step(
            "hear", self.handler, on=self.today, officers=self._officers(), place=self.rng.choice(words.HEARD_AT), words=self.rng.choice(words.HEARD)
        )

    def _investigated(self) -> Iterator[Step]:
        yield from self._keep_handler()
        yield self.step(
            "investigate",
            self.handler,
            on=self.today,
            officers=self._officers(),
            place="现场",
            words=self.story.finding,
            evidence=self.rng.choice(words.EVIDENCE),
        )

    def _noted(self) -> Iterator[Step]:
        yield from self._keep_handler()
        chance = self.rng.random()
        by = self.handler
        if chance < 0.25:
            by = self.office()
        elif chance < 0.35 and self.lead == self.plan.place.code[:9]:
            by = self.acting(self.lead, Role.OVERSEER)
        happened = self.world.hours.on(self.world.hours.calendar.add_working_days(self.today, -1), self.rng) if chance > 0.7 else None
        yield self.step("note", by, text=self.rng.choice(words.NOTES), happened_at=happened, is_internal=chance < 0.15)

    def _answered(self) -> Iterator[Step]:
        yield from self._keep_handler()
        for no, demand in enumerate(self.story.demands, start=1):
            self.pause()
            yield self.step("answer_point", self.handler, no=no, support=demand.support, result=demand.result, ground=self.telling.ground)

    def _prepared(self) -> Iterator[Step]:
        self.pause()
        yield from self._keep_handler()
        self.prepared_by = self.handler
        yield self.step(
            "prepare",
            self.handler,
            text=self.story.reply,
            outcome=self.telling.outcome,
            support=self.telling.support,
            remedy_unit=f"{self.world.county.name}人民政府",
        )

    # -- the way home ----------------------------------------------------------------------------------------------------------

    def _home(self, unit: str) -> Iterator[Step]:
        """Delivered by whoever holds the case, reported, and back to the petitioner."""
        if self.stops(State.REPLIED):
            return
        replied_on = self.today
        self.wait(0, 4)
        by = yield from self._holder_of(unit)
        yield self._deliver(by, replied_on)
        if self.stops(State.DELIVERED):
            return
        self.wait(0, 2)
        by = yield from self._holder_of(unit)
        yield self.step("report", by, words=self.rng.choice(words.REPORTED))
        yield from self._conclude()

    def _holder_of(self, unit: str) -> Generator[Step, None, int]:
        if unit == "centre":
            return self.office()
        yield from self._keep_handler()
        return self.handler

    def _deliver(self, by: int, replied_on: date) -> Step:
        method = self.rng.choices(("1", "4", "3", "2"), (70, 18, 9, 3))[0]
        receiver = self.telling.people[0].name if self.telling.people else "收发室"
        facts: dict[str, Any] = {"delivery": method, "delivered_on": self.today, "receiver": receiver, "proof": words.PROOFS[method]}
        if method == "4":
            facts["posted_on"] = replied_on
        if method == "3":
            facts["is_agreed"] = True
        if method == "2":
            facts |= {"witnesses": "村委会干部、网格员", "words": "受送达人拒绝签收，文书留在其住所。"}
        return self.step("deliver", by, **facts)

    def _conclude(self) -> Iterator[Step]:
        """The office goes back to the petitioner, and closes; or the matter is handled again."""
        if self.stops(State.REPORTED):
            return
        self.same_day = False
        self.wait(1, 4)
        if self.rng.random() < 0.1:
            yield self._feedback(is_reached=False)
            self.wait(1, 2)
        again = self.plan.reopened and self.plan.fate in ("handled", "instructed")
        unhappy = again or self.plan.is_dissatisfied
        yield self._feedback(is_dissatisfied=unhappy)
        if self.stops(State.FED_BACK):
            return
        self.wait(0, 2)
        if not again:
            yield self.step("close", self.office(), words="")
            return
        yield self.step("reopen", self.office(), reason=words.REOPENED, due_on=self.today + timedelta(days=30))
        if self.stops(State.ACCEPTED):
            return
        yield from self._handled_again()

    def _handled_again(self) -> Iterator[Step]:
        self.wait(2, 6)
        yield from self._investigated()
        self.wait(1, 4)
        yield from self._answered()
        yield from self._prepared()
        self.wait(0, 2)
        yield self.step("reply", self.second_person(self.lead, self.prepared_by), words="同意发出。")
        replied_on = self.today
        self.wait(0, 2)
        yield from self._keep_handler()
        yield self._deliver(self.handler, replied_on)
        self.wait(0, 1)
        yield from self._keep_handler()
        yield self.step("report", self.handler, words=self.rng.choice(words.REPORTED))
        self.wait(1, 3)
        yield self._feedback()
        self.wait(0, 2)
        yield self.step("close", self.office(), words="")

    def _feedback(self, *, is_reached: bool = True, is_dissatisfied: bool = False) -> Step:
        by = self.office() if self.rng.random() < 0.6 else self.acting("centre", Role.WINDOW_CLERK)
        if not is_reached:
            return self.step("feedback", by, way="phone", on=self.today, words="电话无人接听。", is_reached=False)
        office_rating = self.rng.choices(("0", "1"), (80, 20))[0]
        unit_rating = "3" if is_dissatisfied else self.rng.choices(("0", "1"), (72, 28))[0]
        return self.step(
            "feedback",
            by,
            way=self.rng.choices(list(rules.FeedbackWay.values), (70, 15, 8, 7))[0],
            on=self.today,
            words=self.rng.choice(words.UNHAPPY if is_dissatisfied else words.CONTENT),
            is_reached=True,
            office_rating=office_rating,
            unit_rating=unit_rating,
            reason=self.rng.choice(words.UNHAPPY_WHY) if is_dissatisfied else "",
        )

    # -- protected -------------------------------------------------------------------------------------------------------------

    def _protected(self) -> Iterator[Step]:
        """检举控告: from one discipline contact to others, by name, and nobody else (L-PET-85/86)."""
        if self.stops(State.REGISTERED):
            return
        contact = self.holder("centre", Role.DISCIPLINE)
        contacts = self.world.roster.holders(self.world.unit_id(units.DISCIPLINE_UNIT), Role.DISCIPLINE, self.today)
        self.lead, self.handler, second = units.DISCIPLINE_UNIT, contacts[0], contacts[1]
        self.wait(0, 2)
        facts = {"mode": Mode.PROMISED, "words": "请依规依纪依法处理。", "promised_on": self.today + timedelta(days=55)}
        yield self.step("route", contact, to_unit_id=self.world.unit_id(units.DISCIPLINE_UNIT), **facts)
        self.wait(0, 2)
        yield self.step("sign", self.handler)
        self.wait(0, 3)
        yield self.step("accept", self.handler, words="已收到，将依规依纪依法处理。")
        if self.stops(State.ACCEPTED):
            return
        yield from self._protected_handling(contact, second)

    def _protected_handling(self, contact: int, second: int) -> Iterator[Step]:
        self.wait(3, 9)
        officers = [self.world.roster.names[self.handler], self.world.roster.names[second]]
        yield self.step("hear", self.handler, on=self.today, officers=officers, place="纪委监委谈话室", words=words.HEARD[0])
        self.wait(4, 12)
        yield self.step(
            "investigate", self.handler, on=self.today, officers=officers, place="现场", words=self.story.finding, evidence=words.EVIDENCE[0]
        )
        self.wait(2, 5)
        for no, demand in enumerate(self.story.demands, start=1):
            self._pause()
            yield self.step("answer_point", self.handler, no=no, support=demand.support, result=demand.result, ground=self.telling.ground)
        self._pause()
        remedy = f"{self.world.county.name}纪委监委"
        yield self.step(
            "prepare", self.handler, text=self.story.reply, outcome=self.telling.outcome, support=self.telling.support, remedy_unit=remedy
        )
        self.wait(0, 2)
        yield self.step("reply", second, words="同意。")
        replied_on = self.today
        self.wait(0, 2)
        yield self._deliver(self.handler, replied_on)
        self.wait(0, 1)
        yield self.step("report", self.handler, words="已办结。")
        self.wait(1, 3)
        facts = {"way": "phone", "words": "已当面反馈处理结果。", "is_reached": True, "office_rating": "0", "unit_rating": "0"}
        yield self.step("feedback", contact, on=self.today, **facts)
        self.wait(0, 1)
        yield self.step("close", contact, words="")
