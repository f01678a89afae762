"""The way of a matter as the person reads it: its stops with their days, passed, reached and ahead (L-PET-82)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from casework.models import Case
from casework.rules import Outcome
from organisations import clock, directory
from petitions.citizen.rules import NOT_YET
from petitions.models import Dispatch, Petition, Review
from petitions.rules import State, chain, local_date

REVIEW_WORDS = {Review.Round.REVIEW.value: "复查", Review.Round.REREVIEW.value: "复核"}


def day_words(day: date) -> str:
    """«12月29日», with the year when it is another one."""
    this_year = day.year == clock.today().year
    return f"{day.month}月{day.day}日" if this_year else f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on the way. `state` is done, now or todo."""

    label: str
    state: str
    text: str
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    pk: int
    code: str
    name: str
    number: str
    on: date
    corrects: str


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stop of the way under its three names: passed, reached, ahead."""

    passed: str
    reached: str
    ahead: str
    is_done: bool
    text: str = ""
    paper: int | None = None


def steps(
    petition: Petition,
    dispatches: Sequence[Dispatch],
    letters: Sequence[Letter],
    reviews: Sequence[Review],
    counted: dict[str, int],
    *,
    may_be_rated: bool,
) -> tuple[Step, ...]:
    """The way of the matter with the dates of L-PET-82; the first stop that is not passed is where it stands."""
    case = petition.case
    is_taken_back = petition.settled_as == Outcome.WITHDRAWN
    answer = [_Stop("您已撤回", "", "", True)] if is_taken_back else _stops_of_the_answer(petition, letters)
    before, after = _around_the_answer(reviews)
    again = [_stop_of_review(case, row, letters) for row in before]
    stops = [stop for stop in _stops_before_the_answer(petition, dispatches, letters, again) if stop.is_done or not is_taken_back] + answer
    stops += [_stop_of_review(case, row, letters) for row in after]
    if counted["rated"]:
        stops.append(_Stop("您已评价", "", "", True))
    elif case.state == State.FED_BACK:
        stops.append(_Stop("已听取您的意见", "", "", True))
    elif case.is_open and may_be_rated and not is_taken_back:
        stops.append(_Stop("", "请您评价", "请您评价", False))
    now = next((stop for stop in stops if not stop.is_done), None) if case.is_open else None
    found = []
    for stop in stops:
        state = "done" if stop.is_done else "now" if stop is now else "todo"
        label = {"done": stop.passed, "now": stop.reached, "todo": stop.ahead}[state]
        found.append(Step(label, state, stop.text, stop.paper))
    return tuple(step for step in found if case.is_open or step.state == "done")


def _around_the_answer(reviews: Sequence[Review]) -> tuple[Sequence[Review], Sequence[Review]]:
    """What came before the answer in force, up to the opinion that had the matter handled again, and what followed on it."""
    cut = max((no for no, row in enumerate(reviews, start=1) if row.conclusion == chain.REDO and row.delivered_on), default=0)
    return reviews[:cut], reviews[cut:]


#: What came of a review, as the person reads it.
REVIEWED = {"1": "维持原来的答复", chain.CHANGED: "变更了原来的答复", chain.REDO: "撤销原来的答复，由原单位重新办理"}


def _stop_of_review(case: Case, row: Review, letters: Sequence[Letter]) -> _Stop:
    """One round with its days and its letter; nothing of an opinion before it was delivered."""
    word = REVIEW_WORDS[row.round]
    if row.rejected_on:
        return _Stop(f"{word}申请没有受理，已告诉您理由", "", "", True, day_words(row.rejected_on))
    if row.decided_on is None or row.delivered_on is None:
        return _Stop(f"已{word}", f"正在送达{word}意见" if row.decided_on else f"正在{word}", word, not case.is_open)
    told = [REVIEWED.get(row.conclusion, ""), f"{day_words(row.decided_on)} 作出", f"{day_words(row.delivered_on)} 送达"]
    paper = next((one.pk for one in letters if one.pk == row.document_id), None)
    return _Stop(f"已{word}", "", "", True, "，".join(part for part in told if part), paper)


def changed(petition: Petition, reviews: Sequence[Review]) -> str:
    """By which opinion, and to what, the answer shown was changed; empty while it stands."""
    _, after = _around_the_answer(reviews)
    row = next((row for row in reversed(after) if row.conclusion == chain.CHANGED and row.delivered_on), None)
    if row is None or petition.replied_on is None:
        return ""
    return f"上面的答复已被{REVIEW_WORDS[row.round]}意见变更为：{row.changed_to}"


def _stops_before_the_answer(petition: Petition, dispatches: Sequence[Dispatch], letters: Sequence[Letter], again: Sequence[_Stop]) -> list[_Stop]:
    """Up to the handling. `again`: the reviews after which it began anew."""
    units, case = directory.current().units, petition.case
    opened = timezone.localtime(case.opened_at)
    stops = [_Stop("已登记", "登记", "登记", True, f"{day_words(opened.date())} {opened:%H:%M}")]
    stops += [_Stop(f"已转交{units[sent.to_unit_id].short_name}", "", "", True, day_words(local_date(sent.sent_at))) for sent in dispatches]
    if petition.replied_on and not petition.accepted_on:
        return stops
    if not dispatches:
        stops.append(_Stop("", NOT_YET.get(case.state, "正在确定办理单位"), "转交办理单位", False))
    paper = next((one.pk for one in reversed(letters) if one.code == "P05"), None)
    accepted = petition.accepted_on
    stops.append(
        _Stop(
            "已受理", NOT_YET.get(case.state, "等待是否受理的告知"), "告诉您是否受理", bool(accepted), day_words(accepted) if accepted else "", paper
        )
    )
    stops += again
    handling = "暂停办理" if case.state == State.SUSPENDED else "正在重新办理" if again else "正在办理"
    stops.append(_Stop("已重新办理" if again else "已办理", handling, "办理", bool(petition.replied_on)))
    return stops


def _stops_of_the_answer(petition: Petition, letters: Sequence[Letter]) -> list[_Stop]:
    answered = petition.replied_on
    text = f"{day_words(answered)} 作出" if answered else ""
    if answered and petition.delivered_on:
        text += f"，{day_words(petition.delivered_on)} 送达"
    names = {Outcome.REFUSED: "没有受理，已告诉您理由", Outcome.NOT_OURS: "已告诉您应走的途径"}
    passed = names.get(Outcome(petition.settled_as), "已答复") if answered and petition.settled_as else "已答复"
    paper = next((one.pk for one in reversed(letters) if one.code in ("P11", "P06", "P07", "P09", "P12")), None) if answered else None
    is_done = bool(petition.delivered_on) or (not petition.case.is_open and bool(answered))
    return [_Stop(passed, "正在送达答复" if answered else "答复您", "答复您", is_done, text, paper)]
