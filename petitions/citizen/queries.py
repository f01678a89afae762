"""What leaves the house of one matter: named here, field by field, and nothing else (L-PET-82, L-PET-86).

Templates of the public pages get these frozen rows of plain words and dates; no model row reaches them. Staff are not
named; a unit is, with its telephone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from casework import deadlines, explain, limits
from casework.models import Attachment, Case, Deadline, Document, Limit, Link
from casework.rules import NotAllowed, Outcome
from organisations import clock, directory
from petitions import codes
from petitions.citizen import way
from petitions.citizen.guide import UNIT_WORDS, law_words
from petitions.citizen.rules import (
    AWAITED,
    IN_REVIEW,
    LITIGATION_FLAG,
    OUTCOMES,
    OWED_IN,
    PAPERS,
    PROMISES,
    RATED_IN,
    STANDS,
    TAKEN_BACK,
    UNKNOWN_STAND,
    WITHHELD,
    Owed,
    Rateable,
    why_not_rate,
)
from petitions.citizen.rules import STEPS as OWN_STEPS
from petitions.citizen.way import REVIEW_WORDS, Letter, Step, day_words
from petitions.models import Dispatch, Petition, Point, Rating, Reply, Review, Supervision
from petitions.queries import review as review_queries
from petitions.rules import OPEN_STATES, State, local_date, review


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Until when something is owed, and why that day, in plain words. `missed`: of what was owed, the first day that has passed."""

    words: str
    missed: str
    on: date
    is_late: bool
    is_standing_still: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided on one numbered demand; empty while nothing is."""

    no: int
    text: str
    support: str
    result: str
    ground: str


@dataclass(frozen=True, slots=True)
class Given:
    """A rating of the person's own."""

    target: str
    value: str
    cause: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the page shows of one matter."""

    number: str
    title: str
    headline: str
    sentence: str
    comes_next: str
    outcome: str
    note: str
    promise: Promise | None
    steps: tuple[Step, ...]
    letters: tuple[Letter, ...]
    answers: tuple[Answer, ...]
    reply: str
    changed: str
    unit: Contact
    centre: Contact
    materials: tuple[tuple[str, date], ...]
    urged: int
    ratings: tuple[Given, ...]
    has_unit_rating: bool
    rate_until: date | None
    why_not_rate: str
    after_bad: str
    why_not_add: str
    why_not_urge: str
    why_not_dissent: str
    review: ReviewRight | None
    why_not_review: str
    is_merged: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class ReviewRight:
    """The right to ask a higher body, until when, and whom."""

    name: str
    until: date
    organ: str
    is_late: bool

    @property
    def words(self) -> str:
        """The right in one sentence, as the page shows and the telephone reads it."""
        if self.is_late:
            return f"申请{self.name}的期限到 {day_words(self.until)} 为止，已经过了；有正当理由的仍可以申请。"
        by = f"，由{self.organ}办理" if self.organ else ""
        return f"对答复不服的，{day_words(self.until)} 前可以申请{self.name}{by}。"


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """For the act as for the page: which reply, whether it may be rated now, whether there is a unit apart from the centre."""

    reply: Reply | None
    has_unit: bool
    until: date | None
    changes: int
    why_not: str
    #: Whether it is a matter whose answer is rated at all, now or once the answer has been received.
    may_be_rated: bool


# -- one matter ----------------------------------------------------------------------------------------------------------------------------


def progress(petition_id: int) -> Progress:
    """The page of one matter the browser was let in to. Raises Petition.DoesNotExist; a fixed number of statements."""
    petition = Petition.objects.select_related("case").get(pk=petition_id, case__confidential=False)
    case, today, tree = petition.case, clock.today(), directory.current()
    unit, centre = tree.units[case.unit_id], tree.units[tree.centre_id or case.unit_id]
    dispatches = list(Dispatch.objects.filter(petition=petition).order_by("id"))
    letters = _letters(case)
    running = list(Deadline.objects.filter(case=case, dropped_on=None).select_related("limit").prefetch_related("events").order_by("due_on", "id"))
    promise = _promise(case, running, today)
    is_taken_back = petition.settled_as == Outcome.WITHDRAWN and case.is_open
    stand = TAKEN_BACK if is_taken_back else STANDS.get(case.state, UNKNOWN_STAND)
    counted = _counted(petition)
    reviews = list(Review.objects.filter(petition=petition, withdrawn_on=None).order_by("id"))
    round_no = max((row.round for row in reviews), default=0)
    facts, (right, why_not_review) = rating_facts(petition, today), _review_right(petition, today)
    names = {"unit": unit.short_name, "centre": centre.short_name, "review": REVIEW_WORDS.get(round_no, "复查"), "rights": ""}
    rights = _rights(case, counted, round_no, facts, right)
    comes_next = stand.comes_next.format(**{**names, "rights": rights}) if case.is_open and (rights or "{rights}" not in stand.comes_next) else ""
    not_urged = why_not_urge(petition)
    outcome = OUTCOMES.get(case.outcome, "") if not case.is_open else ""
    headline, sentence = stand.headline.format(**names), stand.sentence.format(**names)
    note = _note(promise, counted, can_urge=not not_urged)
    answers, reply = _answers(petition), _reply_text(petition, facts.reply)
    return Progress(
        number=case.number,
        title=case.title,
        headline=headline,
        sentence=sentence,
        comes_next=comes_next,
        outcome=outcome,
        note=note,
        promise=promise,
        steps=way.steps(petition, dispatches, letters, reviews, counted, may_be_rated=facts.may_be_rated),
        letters=tuple(letters),
        answers=answers,
        reply=reply,
        changed=way.changed(petition, reviews),
        unit=Contact(unit.name, unit.phone),
        centre=Contact(centre.name, centre.phone),
        materials=tuple(
            (name, local_date(at))
            for name, at in Attachment.objects.filter(case=case, is_internal=False, label__in=("信访人补充", "网上提交"))
            .order_by("id")
            .values_list("name", "uploaded_at")
        ),
        urged=counted["urged"],
        ratings=_ratings(petition),
        has_unit_rating=facts.has_unit,
        rate_until=facts.until,
        why_not_rate=facts.why_not,
        after_bad=AFTER_BAD_IN_REVIEW if case.state in IN_REVIEW else AFTER_BAD,
        why_not_add=why_not_add(case),
        why_not_urge=not_urged,
        why_not_dissent=why_not_dissent(case),
        review=right,
        why_not_review=why_not_review,
        is_merged=Link.objects.filter(source=case, kind=Link.Kind.MERGED, undone_at=None).exists(),
        spoken=_spoken(
            case.title,
            headline,
            sentence,
            promise,
            note,
            comes_next,
            outcome,
            *(f"第 {answer.no} 项，{answer.text}：{answer.support}，{answer.result}" for answer in answers if answer.result),
            f"答复：{reply}" if reply else "",
            right.words if right else "",
            f"想问，可以打{unit.name}的电话：{unit.phone}" if unit.phone else f"想问，可以打县中心的电话：{centre.phone}" if centre.phone else "",
        ),
    )


def _counted(petition: Petition) -> dict[str, int]:
    """How often the person asked again, and whether the centre is pressing. One statement."""
    return Petition.objects.filter(pk=petition.pk).aggregate(
        urged=Count("urgings", filter=Q(urgings__is_citizen=True), distinct=True),
        pressed=Count("supervisions", filter=Q(supervisions__state__in=[Supervision.State.RUNNING, Supervision.State.REPLIED]), distinct=True),
        rated=Count("ratings", filter=Q(ratings__replaced_at=None), distinct=True),
    )


def _rights(case: Case, counted: dict[str, int], round_no: int, facts: RatingFacts, right: ReviewRight | None) -> str:
    """What the person may do about the answer, of this very matter: nothing is promised that the next page would refuse."""
    if case.state == State.REVIEW_DECIDED:
        return "后，不服的可以申请复核" if round_no == Review.Round.REVIEW else "后，这件事的信访程序就走完了"
    if case.state == State.REPLIED:
        return "后可以评价，不服的可以申请复查" if facts.may_be_rated else "后有疑问的，可以打电话问"
    told = [] if facts.why_not else ["您现在可以修改评价"] if counted["rated"] else ["您现在可以评价"]
    told += [f"不服的可以申请{right.name}"] if right is not None and not right.is_late else []
    return "，".join(told)


def _promise(case: Case, running: Sequence[Deadline], today: date) -> Promise | None:
    """The running limit the person waits for in this state: the nearest that still lies ahead, and besides it what was missed already."""
    wanted = AWAITED.get(case.state, ())
    mine = [limit for limit in running if limit.met_on is None and limit.is_duty and limit.key in wanted]
    if not mine or not case.is_open:
        return None
    mine.sort(key=lambda limit: (limit.due_on, wanted.index(limit.key)))
    late = [limit for limit in mine if limit.due_on < today and limit.suspended_on is None]
    first = next((limit for limit in mine if limit not in late), mine[-1])
    owed = OWED_IN.get(case.state)
    return Promise(
        words=_owed(owed or PROMISES[first.key], first.due_on, today),
        missed=f"原定 {day_words(late[0].due_on)} 前{(owed or PROMISES[late[0].key]).what}，现在已经超过。" if late else "",
        on=first.due_on,
        is_late=first in late,
        is_standing_still=first.suspended_on is not None,
        why=tuple(_why(first)),
    )


def _owed(owed: Owed, on: date, today: date) -> str:
    return f"{owed.lead}今天{owed.what}" if on == today else f"{owed.lead} {day_words(on)} 前{owed.what}"


def _why(deadline: Deadline) -> list[str]:
    """Why this day, in plain words (beyond.md 12): from when, how it is counted, what moved it, by which rule.

    The counting is the house's own account; the words somebody typed for an extension or a suspension stay in the house.
    """
    told, limit = explain.explain(deadline), deadline.limit
    start = f"从{day_words(deadline.base_on)}{deadline.base_event}起算"
    length = (
        f"，当天不算，从第二天数{limit.n}{UNIT_WORDS[Limit.Unit(limit.unit)]}。"
        if limit.n and limit.unit in UNIT_WORDS
        else "，日期是办理单位定下的。"
    )
    lines = [start + length, told.counting]
    if deadline.first_due_on and deadline.first_due_on != deadline.due_on:
        lines.append(f"原来到{day_words(deadline.first_due_on)}，后来依法延长或者扣除了不计算的时间，到{day_words(deadline.due_on)}。")
    if deadline.suspended_on:
        lines.append(f"自{day_words(deadline.suspended_on)}起暂停计算，恢复办理后接着算。")
    if deadline.is_provisional:
        lines.append("明年的放假安排还没有公布，日期公布后可能变动。")
    law = law_words(limit.cites)
    return [line for line in [*lines, told.ending, f"依据：{law}。" if law else ""] if line]


def _note(promise: Promise | None, counted: dict[str, int], *, can_urge: bool) -> str:
    pressed = "县中心正在督办这件事。" if counted["pressed"] else ""
    if promise is not None and promise.is_standing_still:
        return "因为要等别的程序或者材料，办理期限暂停计算，恢复后会告诉您。"
    if promise is not None and promise.missed:
        return promise.missed + (pressed or ("您可以点“催办”，也可以打电话问。" if can_urge else "您可以打电话问。"))
    return pressed


def _letters(case: Case) -> list[Letter]:
    """Issued papers addressed to the person, oldest first; the content itself is behind the paper's own door."""
    rows = _served(case.pk).order_by("id")
    return [
        Letter(pk, code, name, number, local_date(at), corrected or "")
        for pk, code, name, number, at, corrected in rows.values_list("pk", "paper", "name", "number", "issued_at", "corrects__number")
    ]


def letter(petition_id: int, pk: int) -> Document | None:
    """A paper addressed to the person, of this very matter; None for every other."""
    return _served(petition_id).filter(pk=pk).first()


def _served(case_id: int) -> QuerySet[Document]:
    return Document.objects.filter(case_id=case_id, case__confidential=False, paper__in=PAPERS, withdrawn_at=None).exclude(name__in=WITHHELD)


def _answers(petition: Petition) -> tuple[Answer, ...]:
    """The person's own demands; what was decided on them once the answer has been signed, never the draft."""
    is_out = petition.replied_on is not None and petition.settled_as in (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.REFUSED)
    return tuple(
        Answer(point.no, point.text, codes.REPLY_SUPPORT.label(point.support) if point.support else "", point.result, point.ground)
        if is_out
        else Answer(point.no, point.text, "", "", "")
        for point in Point.objects.filter(petition=petition)
    )


def _reply_text(petition: Petition, reply: Reply | None) -> str:
    return reply.text if reply is not None and petition.replied_on is not None else ""


def _ratings(petition: Petition) -> tuple[Given, ...]:
    return tuple(
        Given(
            row.get_target_display(),
            row.get_value_display(),
            row.get_cause_display() if row.cause else "",
            row.reason,
            local_date(row.at),
        )
        for row in Rating.objects.filter(petition=petition, replaced_at=None)
    )


AFTER_BAD = "评价“不满意”的，县中心会在5个工作日内回访您。"
AFTER_BAD_IN_REVIEW = "评价“不满意”的，县中心会知道，等复查（复核）有了结果再回访您。"
NO_ANSWER_YET = "收到答复后才能评价。"


def rating_facts(petition: Petition, today: date) -> RatingFacts:
    """The last signed answer and whether it may be rated today (L-CLS-20…25)."""
    reply = Reply.objects.filter(petition=petition).exclude(approved_at=None).order_by("-id").first()
    if reply is None:
        return RatingFacts(None, has_unit=True, until=None, changes=0, why_not=NO_ANSWER_YET, may_be_rated=_is_first_time(petition))
    until = _rate_until(petition, reply) if petition.delivered_on else None
    given = Rating.objects.filter(reply=reply, target=Rating.Target.OFFICE).count()
    facts = Rateable(
        outcome=reply.outcome,
        is_repeat="repeat" in petition.case.marks,
        is_litigation=LITIGATION_FLAG in petition.flags,
        until=until,
        changes=given,
    )
    has_unit = petition.case.unit_id != directory.current().centre_id
    why_not = why_not_rate(facts, today) if petition.case.state in RATED_IN else NO_ANSWER_YET
    return RatingFacts(reply, has_unit, until, given, why_not, may_be_rated=not why_not_rate(replace(facts, until=until or today), today))


def _is_first_time(petition: Petition) -> bool:
    """What decides before there is an answer whether it will be rated (L-CLS-21, L-CLS-22)."""
    return "repeat" not in petition.case.marks and LITIGATION_FLAG not in petition.flags


def _rate_until(petition: Petition, reply: Reply) -> date:
    """The stored window of this receipt; of an answer given on the spot the same length from that day."""
    received = reply.delivered_on or petition.delivered_on or clock.today()
    held = Deadline.objects.filter(case_id=petition.pk, key="pet.satisfaction", base_on=received, dropped_on=None).order_by("-id").first()
    return held.due_on if held else deadlines.preview("pet.satisfaction", received).due_on


def open_right(petition: Petition) -> review_queries.Right:
    """What may be asked of a higher body at this moment. Raises NotAllowed with words for the person."""
    right = review_queries.open_right(petition)
    if petition.case.state not in review.STEPS["seek_review"].frm:
        raise NotAllowed("这件事正在办理，答复送达以后才能申请复查。", code="wrong_moment")
    return right


def _review_right(petition: Petition, today: date) -> tuple[ReviewRight | None, str]:
    """What may be asked of a higher body, also when the term is over and a reason must be given; or why nothing may."""
    try:
        right = open_right(petition)
    except NotAllowed as refusal:
        return None, str(refusal)
    return ReviewRight(right.word, right.due_on, right.organ_name, right.is_late(today)), ""


def why_not_add(case: Case) -> str:
    """Why the person cannot add material now, or an empty string."""
    if case.state in OWN_STEPS["add_material"].frm:
        return ""
    if case.state == State.VOIDED:
        return "这一件登记有误，已经作废，不能补充材料。"
    return "这件事已经办结，不能再补充材料。有新的情况，可以申请复查，或者重新提出。"


def why_not_dissent(case: Case) -> str:
    """Why the person cannot object now, or an empty string."""
    return "" if case.state in OWN_STEPS["dissent"].frm else "这一件登记有误，已经作废。有疑问请打电话。"


def why_not_urge(petition: Petition) -> str:
    """Why the person cannot press now, or an empty string. What has been answered is not waited for."""
    case = petition.case
    if case.is_open and case.state in OPEN_STATES and not petition.replied_on:
        return ""
    return "这件事已经答复，不用催办。有疑问请打电话。" if case.is_open else "这件事已经办结，不能再催办。有疑问请打电话。"


def _spoken(*parts: str | Promise | None) -> str:
    """What the telephone reads out to who cannot read the page, in its order: state, answers, rights, whom to call."""
    words = [part if not isinstance(part, Promise) else "" if part.is_standing_still or part.is_late else part.words for part in parts]
    return "".join(word if word.endswith(("。", "？", "！")) else f"{word}。" for word in words if word)


# -- the receipt of an online matter -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slip:
    """What the person keeps: number and code, once, in the browser that brought the matter."""

    number: str
    code: str
    title: str
    points: tuple[str, ...]
    at: datetime
    forward_by: date | None
    answered_within: str
    centre: Contact
    needs_digits: bool


def slip(petition_id: int) -> Slip:
    petition = Petition.objects.select_related("case").get(pk=petition_id, case__confidential=False)
    tree, case = directory.current(), petition.case
    centre = tree.units[tree.centre_id or case.unit_id]
    code = petition.query_code
    return Slip(
        number=case.number,
        code=f"{code[:4]}-{code[4:]}",
        title=case.title,
        points=tuple(Point.objects.filter(petition=petition).values_list("text", flat=True)),
        at=case.opened_at,
        forward_by=Deadline.objects.filter(case=case, key="pet.forward").values_list("due_on", flat=True).first(),
        answered_within=limits.current().length("pet.handle", clock.today()),
        centre=Contact(centre.name, centre.phone),
        needs_digits=not petition.is_anonymous,
    )
