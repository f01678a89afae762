"""What the sides say of a person proposed; the team of a dispute (MED-6, MED-8)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from casework import cases, notices
from casework.rules import NotAllowed
from mediation.actions import act as beats
from mediation.actions import mediators
from mediation.matching import queries as matching
from mediation.matching.rules import LETTERS, QUARRELLING
from mediation.models import Assignment, Dispute, Mediating, Mediator, Side, SideWord, TeamSeat
from mediation.queries import naming
from organisations import clock, directory
from organisations.models import Post
from organisations.scope import Scope

#: Words of an objection at least, so that the next proposal can heed it.
LEAST_WORDS = 2


@transaction.atomic
def hear_choice(number: str, *, mediator_id: int, letter: str, answer: str, words: str = "", by: Scope, version: int | None = None) -> Dispute:
    """A side agrees to a person, or objects: then nobody proposes or names him here (调解法§23). The newest word stands. Raises NotAllowed."""
    act = beats.begin("hear_choice", number, by, version)
    member = matching.member(mediator_id)
    if not Side.objects.filter(dispute=act.dispute, letter=letter).exists():
        raise NotAllowed("本件没有这一方。", code="no_side", status=422)
    objects = answer == SideWord.Answer.OBJECTS
    if objects and len(words.strip()) < LEAST_WORDS:
        raise NotAllowed("不同意的，请记下理由。", code="words_needed", status=422)
    why = "" if objects else matching.why_not(act.dispute, member)
    if why:
        raise NotAllowed(f"{member.name}不宜调解本件：{why}。", code="conflict", status=422)
    SideWord.objects.filter(dispute=act.dispute, mediator=member, letter=letter, replaced_at=None).update(replaced_at=act.now)
    SideWord.objects.create(dispute=act.dispute, mediator=member, letter=letter, answer=answer, words=words[:300], by=by.user, at=act.now)
    said = f"{LETTERS[letter]}{SideWord.Answer(answer).label}由{member.name}调解"
    return beats.finish(act, text=words, detail={"choice": said})


def check_fit(act: beats.Act, member: Mediator) -> None:
    """Nobody with an interest of his own, nobody a side objected to (调解法§23; L-MED-5). Raises NotAllowed."""
    why = matching.why_not(act.dispute, member)
    if why:
        raise NotAllowed(f"{member.name}不宜调解本件：{why}。请另选他人。", code="conflict", status=422)


def appoint_member(act: beats.Act, mediator_id: int, words: str) -> Mediating:
    """A member of the corps leads the mediation; chosen where both sides agreed, else named. Raises NotAllowed."""
    member = matching.member(mediator_id)
    check_fit(act, member)
    accepted = matching.agreeing(act.dispute, member.pk)
    return mediators.appoint(
        act,
        name=member.name,
        unit_id=member.unit_id,
        user_id=member.user_id,
        mediator_id=member.pk,
        chosen=Mediating.Chosen.CHOSEN if set(accepted) >= QUARRELLING else Mediating.Chosen.NAMED,
        accepted_by=accepted,
        words=words,
    )


def appoint_official(act: beats.Act, user_id: int, words: str) -> Mediating:
    """Somebody in office leads it; as the member of the corps he may be besides. Raises NotAllowed."""
    post = Post.objects.current(act.today).filter(user=user_id, user__is_active=True).select_related("user").first()
    if post is None:
        raise NotAllowed("调解员须是在岗人员。", code="not_in_office", status=422)
    member = matching.serving().filter(user=user_id).first()
    if member is not None:
        return appoint_member(act, member.pk, words)
    return mediators.appoint(act, name=post.user.name, unit_id=post.unit_id, user_id=user_id, words=words)


@transaction.atomic
def form_team(
    number: str,
    *,
    seat_ids: Sequence[int],
    mediator_ids: Sequence[int] = (),
    user_ids: Sequence[int] = (),
    words: str = "",
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """The village's three, and N by the facts of the dispute: all of them mediate together (MED-6, MED-7). Raises NotAllowed."""
    act = beats.begin("form_team", number, by, version)
    seats = [seat for seat in matching.seats(act.case.area_id) if seat.pk in set(seat_ids)]
    missing = matching.missing_parts(seats)
    if missing:
        lacking = "、".join(missing)
        raise NotAllowed(f"“3+N”团队须有法律顾问、司法所人员、新乡贤，还缺：{lacking}。", code="parts_missing", status=422)
    running = Mediating.objects.filter(dispute=act.dispute, until_on=None).values_list("mediator_id", "user_id")
    there = {("m", mediator_id) for mediator_id, _ in running if mediator_id} | {("u", user_id) for _, user_id in running if user_id}
    names = []
    for seat in seats:
        label = TeamSeat.Part(seat.part).label
        names += _join(act, there, label, name=seat.name, unit_id=seat.unit_id, user_id=seat.user_id, mediator_id=seat.mediator_id)
    for mediator_id in mediator_ids:
        member = matching.member(mediator_id)
        names += _join(act, there, "调解员", name=member.name, unit_id=member.unit_id, user_id=member.user_id, mediator_id=member.pk)
    for post in _posts(user_ids):
        names += _join(act, there, "部门人员", name=post.user.name, unit_id=post.unit_id, user_id=post.user_id, mediator_id=None)
    if not names:
        raise NotAllowed("这些人已经在调解本件了。", code="nothing_changed", status=422)
    return beats.finish(act, text=words, detail={"team": names})


def _join(
    act: beats.Act, there: set[tuple[str, int]], label: str, *, name: str, unit_id: int, user_id: int | None, mediator_id: int | None
) -> list[str]:
    """One more of the team, unless that person mediates already. The name as history shows it."""
    if {("m", mediator_id or 0), ("u", user_id or 0)} & there:
        return []
    if mediator_id is not None:
        check_fit(act, matching.member(mediator_id))
    mediators.appoint(
        act,
        name=name,
        unit_id=unit_id,
        user_id=user_id,
        mediator_id=mediator_id,
        chosen=Mediating.Chosen.TEAM,
        part=Mediating.Part.JOINING,
        words=label,
    )
    there |= {(kind, pk) for kind, pk in (("m", mediator_id), ("u", user_id)) if pk}
    if user_id is not None:
        text = f"{act.case.number} 请您参加“3+N”团队调解：{act.case.title}"
        notices.notify(act.case, kind="dispute.form_team", text=text, at=act.now, to_user_id=user_id)
    return [f"{name}（{label}）"]


@transaction.atomic
def hand_over(
    number: str,
    *,
    to_user_id: int,
    from_user_id: int | None = None,
    from_mediator_id: int | None = None,
    words: str,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Who leaves gives a colleague his part of the dispute: leading, joining, and with it the talk that is planned (HALL-14).

    The sides' acceptance is asked anew (调解法§19). What binds a person to a side ends: nobody inherits it (MED-5). Raises NotAllowed.
    """
    act = beats.begin("hand_over", number, by, version)
    theirs = naming.of(act.case, user_id=from_user_id, mediator_id=from_mediator_id)
    if not theirs.name:
        raise NotAllowed("本件现在不由这个人调解或经办，可能已经移交，请刷新后再看。", code="not_named")
    if to_user_id == from_user_id:
        raise NotAllowed("接手人须是另一名在岗人员。", code="itself", status=422)
    units = {act.case.unit_id, directory.current().centre_id, *(row.unit_id for row in theirs.mediating)}
    post = Post.objects.handling(act.today).filter(user=to_user_id, unit__in=units).select_related("user").first()
    if post is None:
        raise NotAllowed("只能移交给责任单位、调解员所在单位或县中心的在岗人员，领导和审计员除外。", code="not_of_unit", status=422)
    gone = f"工作移交给{post.user.name}"
    Mediating.objects.filter(pk__in=[row.pk for row in theirs.mediating]).update(until_on=act.today, ended_because=gone)
    Assignment.objects.filter(pk__in=[row.pk for row in theirs.assigned]).update(until_on=act.today)
    if theirs.mediating:
        leads = any(row.part == Mediating.Part.LEADING for row in theirs.mediating)
        _take_part(act, post, Mediating.Part.LEADING if leads else Mediating.Part.JOINING, f"接替{theirs.name}")
    if theirs.is_handler:
        act.case.handler_id = to_user_id
    act.shown |= cases.show_to(act.case, {-to_user_id})
    notices.notify(act.case, kind="dispute.hand_over", text=f"{number} 由{theirs.name}移交给您：{words}", at=act.now, to_user_id=to_user_id)
    ended = [f"{Side.Letter(row.letter).label}" for row in theirs.assigned]
    detail = {"from": theirs.name, "to": post.user.name, **({"bond_ended": ended} if ended else {})}
    return beats.finish(act, text=words, detail=detail)


def _take_part(act: beats.Act, post: Post, part: str, words: str) -> None:
    """The successor leads where the leaver led; who mediates here already does not fall back by joining."""
    if part == Mediating.Part.JOINING and Mediating.objects.filter(dispute=act.dispute, user=post.user_id, until_on=None).exists():
        return
    member = matching.serving().filter(user=post.user_id).first()
    if member is not None:
        check_fit(act, member)
    accepted = matching.agreeing(act.dispute, member.pk) if member is not None else ()
    mediators.appoint(
        act,
        name=post.user.name,
        unit_id=post.unit_id,
        user_id=post.user_id,
        mediator_id=member.pk if member is not None else None,
        part=part,
        accepted_by=accepted,
        words=words,
    )


def _posts(user_ids: Sequence[int]) -> list[Post]:
    found: dict[int, Post] = {}
    for post in Post.objects.current(clock.today()).filter(user__in=user_ids, user__is_active=True).select_related("user"):
        found.setdefault(post.user_id, post)
    return list(found.values())
