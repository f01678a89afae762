"""What the auditor of the demo county did in the last weeks, by the acts of the room: a signed sample, one half noted, one
just drawn; questions settled, answered late, open, and one a town let run out.

Populations lie wholly before the day of the draw, so that what is drawn from is what one could have drawn from then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.http import QueryDict

from casework.demo import World
from casework.models import Case
from organisations import clock
from organisations.models import Post, User
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.scope import Scope, scope_of
from petitions.demo import staff
from reports.actions import refresh
from reports.audit import actions, forms
from reports.models import AuditQuestion, Sample
from reports.rules.periods import Period, Span, before, filled

#: The other department asked, beside the one in the table of sign-ins.
OTHER_DEPARTMENT = "住房和城乡建设局"
FINE = (
    "受理、答复、送达均在期限内，文书齐全，送达回证签名与信访人一致。",
    "诉求逐项答复，依据写明条款，回访记录与评价一致。",
    "转送、签收、告知日期前后衔接，历史记录核验相符。",
    "调查笔录由两人签名，答复引用的事实有现场照片佐证。",
)
REGISTERED = (
    "登记要素齐全，诉求与来访人陈述一致，分流去向有依据。",
    "转送、签收、告知日期前后衔接，历史记录核验相符。",
    "分类、地点、人数登记准确。",
)
UNFINISHED = "历史记录已看完，附件还没有核对。"
PROBLEM = "送达回证由他人代签，没有注明代签人与信访人的关系，送达日难以核实。"
UNCLEAR = "回访记录只写“满意”，没有写联系的号码和时间，无法判断是否联系到本人。"
CONCLUSION = "抽查的案件总体办理规范，期限和答复质量符合要求。1件送达不规范，1件回访记录过简，已向责任单位询问，建议中心统一送达回证的填写要求。"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question to be told: to whom, how many working days ago, with how many days to answer, and what it says."""

    unit: str
    ago: int
    days: int
    subject: str
    words: str


def tell(world: World, horizon: datetime) -> list[str]:
    """Tell it, all or nothing; twice is once. Returns what was refused."""
    if Sample.objects.exists() or AuditQuestion.objects.exists():
        return []
    try:
        with transaction.atomic():
            _Room(world, horizon).tell()
    except NotAllowed as refusal:
        return [f"审计：{refusal}"]
    return []


class _Room:
    """The auditor at work, in order of time."""

    def __init__(self, world: World, horizon: datetime) -> None:
        self.world, self.horizon, self.rng = world, horizon, Random(f"audit:{world.seed}")  # noqa: S311 (a story, no secret)
        self.centre = world.county.units["centre"].pk

    def tell(self) -> None:
        with clock.at(self.horizon - timedelta(minutes=5)):
            refresh.refresh()
        month = before(filled(Span.MONTH, self.horizon.date()))
        signed = self._signed(month)
        self._settled(signed)
        self._late()
        self._half_noted(month)
        self._overdue()
        self._open()
        self._just_drawn()

    # -- samples ------------------------------------------------------------------------------------------------------------

    def _signed(self, month: Period) -> Sample | None:
        """A sample of last month's closed matters, looked at and signed."""
        moment = self._days_ago(14)
        sample = self._draw(f"{month.label}办结件抽查", f"from=measure&m=closed&since={month.since}&until={month.until}", 8, "stratified", moment)
        if sample is None:
            return None
        for no, paper in enumerate(sample.papers.select_related("case").order_by("place")):
            verdict, words = {1: ("problem", PROBLEM), 4: ("unclear", UNCLEAR)}.get(no, ("fine", FINE[no % len(FINE)]))
            self._note(sample, paper.place, paper.case, verdict, words, moment + timedelta(minutes=6 * (no + 1)))
        at = moment + timedelta(minutes=70)
        with clock.at(at):
            return actions.sign(sample.pk, conclusion=CONCLUSION, by=self._auditor(at))

    def _half_noted(self, month: Period) -> None:
        """A sample of last month's registrations, four papers written, one of them not finished."""
        moment = self._days_ago(3)
        sample = self._draw(f"{month.label}登记件抽查", f"from=measure&m=cases&since={month.since}&until={month.until}", 10, "simple", moment)
        if sample is None:
            return
        for no, paper in enumerate(sample.papers.select_related("case").order_by("place")[: len(REGISTERED) + 1]):
            verdict, words = ("", UNFINISHED) if no == len(REGISTERED) else ("fine", REGISTERED[no])
            self._note(sample, paper.place, paper.case, verdict, words, moment + timedelta(minutes=7 * (no + 1)))

    def _just_drawn(self) -> None:
        """A sample drawn today by the seal of the day before."""
        quarter = filled(Span.QUARTER, before(filled(Span.QUARTER, self.horizon.date())).since)
        moment = self.horizon - timedelta(minutes=3)
        query = f"from=measure&m=closed&since={quarter.since}&until={quarter.until}"
        with clock.at(moment):
            self._drawn(f"{quarter.label}答复质量抽查", query, 5, "simple", "seal", "", self._auditor(moment))

    def _draw(self, title: str, query: str, size: int, method: str, moment: datetime) -> Sample | None:
        with clock.at(moment):
            seed = f"公证抽号{moment:%m%d}-{self.rng.randrange(10_000):04d}"
            return self._drawn(title, query, size, method, "given", seed, self._auditor(moment))

    def _drawn(self, title: str, query: str, size: int, method: str, seed_way: str, seed: str, by: Scope) -> Sample | None:
        """Drawn as on the page; None where a small county has nothing to draw from."""
        found = forms.population(QueryDict(query), by)
        if not found.case_ids:
            return None
        return actions.draw(
            actions.Draw(
                title=title, source=found.source, query=found.query, case_ids=found.case_ids, size=min(size, len(found.case_ids)),
                method=method, seed_way=seed_way, seed=seed,
            ),
            by=by,
        )  # fmt: skip

    def _note(self, sample: Sample, place: int, case: Case, verdict: str, words: str, at: datetime) -> None:
        lines = sorted(self.rng.sample(range(1, case.entries + 1), min(2, case.entries)))
        with clock.at(at):
            desk = actions.Desk(f"{sample.pk:016x}", at)
            actions.note(sample.pk, place, verdict=verdict, words=words, evidence=lines, desk=desk, by=self._auditor(at))

    # -- questions ----------------------------------------------------------------------------------------------------------

    def _settled(self, sample: Sample | None) -> None:
        """About the problem of the signed sample: answered in time, more asked, answered, accepted."""
        paper = sample.papers.filter(verdict="problem").select_related("case").first() if sample else None
        if paper is None or sample is None:
            return
        unit_id = paper.case.unit_id
        asked = self._days_ago(13)
        with clock.at(asked):
            question = actions.ask(
                unit_id=unit_id, subject="送达回证代签", words="请说明代签人身份、与信访人的关系，并附证明。", days=5, number=paper.number,
                sample_id=sample.pk, by=self._auditor(asked),
            )  # fmt: skip
        self._answered(question, 11, "系信访人之子代签，信访人当日外出，电话确认过。")
        again = self._days_ago(10)
        with clock.at(again):
            actions.ask_again(question.pk, words="请补充户口簿复印件和电话确认的记录。", days=3, by=self._auditor(again))
        self._answered(question, 8, "户口簿复印件、通话记录已补入案卷，今后代签一律注明关系。")
        accepted = self._days_ago(7)
        with clock.at(accepted):
            actions.accept(question.pk, words="材料齐全，予以确认。", by=self._auditor(accepted))

    def _late(self) -> None:
        """Answered after its date, waiting for the auditor."""
        question = self._asked(
            _Asked(OTHER_DEPARTMENT, 9, 3, "会议纪要未入卷", "上月联席会议研究的事项没有在案件里留下纪要，请说明原因并补录。"),
        )
        self._answered(question, 4, "纪要因轮岗交接未及时上传，已补录，并明确由信访科专人负责。")

    def _overdue(self) -> None:
        town = staff.demo_town(self.world.county)  # type: ignore[arg-type]
        self._asked(_Asked(town, 10, 5, "代办事项登记不全", "上季度代办事项台账与系统登记相差较多，请逐项核对，说明漏登原因。"))

    def _open(self) -> None:
        """Runs now: the department of the sign-in table, about one of its own matters."""
        unit_id = self.world.unit_id(staff.DEMO_DEPARTMENT)
        self._asked(
            _Asked(staff.DEMO_DEPARTMENT, 2, 5, "答复依据不完整", "答复意见只引用了政策名称，没有写到具体条款，请补充依据，并说明是否影响结论。"),
            Case.objects.filter(unit=unit_id, closed_at__lt=self._days_ago(5), confidential=False).order_by("-closed_at", "-number").first(),
        )

    def _asked(self, asked: _Asked, case: Case | None = None) -> AuditQuestion:
        moment = self._days_ago(asked.ago)
        with clock.at(moment):
            return actions.ask(
                unit_id=self.world.unit_id(asked.unit), subject=asked.subject, words=asked.words, days=asked.days,
                number=case.number if case else "", sample_id=None, by=self._auditor(moment),
            )  # fmt: skip

    def _answered(self, question: AuditQuestion, ago: int, words: str) -> None:
        moment = self._days_ago(ago)
        who = self._person(question.unit_id, (Role.HEAD, Role.HANDLER, Role.OFFICE, Role.VILLAGE_CADRE), moment.date())
        with clock.at(moment):
            actions.answer(question.pk, words=words, by=who)

    # -- who and when -------------------------------------------------------------------------------------------------------

    def _days_ago(self, days: int) -> datetime:
        """Ten in the morning, so many working days before the last moment."""
        day = self.horizon.date()
        for _ in range(days):
            day -= timedelta(days=1)
            while not self.world.hours.calendar.is_working(day):
                day -= timedelta(days=1)
        return self.horizon.replace(year=day.year, month=day.month, day=day.day, hour=10, minute=0, second=0, microsecond=0)

    def _auditor(self, at: datetime) -> Scope:
        return self._person(self.centre, (Role.AUDITOR,), at.date())

    def _person(self, unit_id: int, roles: tuple[Role, ...], day: date) -> Scope:
        posts = Post.objects.current(day).filter(unit=unit_id, user__is_active=True)
        for role in roles:
            post = posts.filter(role=role).order_by("user__username").first()
            if post is not None:
                return scope_of(User.objects.get(pk=post.user_id), day)
        raise NotAllowed(f"单位{unit_id}在{day:%Y-%m-%d}没有人在岗。", code="vacant")
