"""What the centre says beyond the single matter: 陪访代访, proposals (L-PET-93, HALL-18), urgent reports (条例§25 §40)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from casework import cases, deadlines, documents, limits, notices
from casework.rules import NotAllowed, Urgency
from organisations import directory
from organisations.models import Post
from organisations.roles import ADMIN_ROLES
from organisations.scope import Scope
from petitions import codes, rules
from petitions.actions import act as beats
from petitions.actions.leading import show_to_unit
from petitions.actions.naming import desk_of
from petitions.actions.supervision import Term, meet_clock, run_clock, stand_for, tell_leaders, term_end, unit_name
from petitions.models import Accompaniment, Advice, Petition, UrgentReport
from petitions.papers import supervision as papers
from petitions.queries.supervision.case import answering
from petitions.rules import supervision as ladder

ADVICE_TERM = Term("pet.advice_reply", "pet.advice_set")


@transaction.atomic
def accompany(
    number: str,
    *,
    kind: str,
    worker_id: int,
    on: date,
    to_organ: str,
    words: str,
    avoided: bool,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """A worker went with the person, or for them, to a higher level; `avoided`: nobody had to skip a level (HALL-16). Raises NotAllowed."""
    act = beats.begin("accompany", number, by, version)
    if on > act.today:
        raise NotAllowed("日期不能晚于今天。", code="future", status=422)
    posts = Post.objects.current(act.today).filter(user=worker_id, user__is_active=True).exclude(role__in=ADMIN_ROLES)
    post = posts.select_related("user").order_by("id").first()
    if post is None:
        raise NotAllowed("陪访、代访的须是在岗工作人员。", code="not_in_office", status=422)
    rules.check_recusal(handler_name=post.user.name, respondent_name=act.petition.respondent_name)
    Accompaniment.objects.create(
        petition=act.petition,
        kind=kind,
        worker_id=worker_id,
        unit_id=post.unit_id,
        on=on,
        to_organ=to_organ,
        words=words,
        avoided_level_skip=avoided,
        by=by.user,
        at=act.now,
    )
    detail = {"way": Accompaniment.Kind(kind).label, "officers": post.user.name, "place": to_organ, "on": on.isoformat()}
    return beats.finish(act, text=words, detail=detail, findable=words)


@transaction.atomic
def advise(
    number: str,
    *,
    kind: str,
    unit_id: int,
    facts: str,
    words: str,
    by: Scope,
    due_on: date | None = None,
    version: int | None = None,
) -> Petition:
    """Propose to a unit: improve its work, complete a policy, hold somebody to account (条例§40②③), commend (HALL-18); P19. Raises NotAllowed."""
    act = beats.begin("advise", number, by, version)
    if act.case.confidential:
        raise NotAllowed("检举控告事项不出具建议书。", code="protected", status=422)
    if unit_id == directory.current().centre_id:
        raise NotAllowed("建议书不能发给县中心自己。", code="centre", status=422)
    rules.check_filled({"事实": facts, "建议": words})
    show_to_unit(act, unit_id)
    due_on = term_end(act, ADVICE_TERM, due_on)
    row = Advice(petition=act.petition, kind=kind, unit_id=unit_id, facts=facts, words=words, due_on=due_on, by=by.user, at=act.now)
    row.document = documents.issue(act.case, papers.advice_letter(act.petition, act.case, row, act.today), by=act.standing, at=act.now)
    row.save(force_insert=True)
    run_clock(act, ADVICE_TERM, unit_id, "建议书送达", due_on)
    text = f"{act.case.number} {codes.ADVICE_KINDS[kind].name}，请于{due_on.month}月{due_on.day}日前书面反馈是否采纳"
    answers = answering(row, act.case.handler_id)
    if answers.unit_id != unit_id:
        show_to_unit(act, answers.unit_id)
    for to in answers.told():
        notices.notify(act.case, kind="petition.advise", text=text, at=act.now, **to)
    is_blame = kind == ladder.BLAME
    detail = {"way": ladder.BLAME_WORDS if is_blame else codes.ADVICE_KINDS[kind].name, "to_unit": unit_name(unit_id), "due_on": due_on.isoformat()}
    return beats.finish(act, text="" if is_blame else words, detail=detail)


@transaction.atomic
def answer_advice(number: str, *, no: int, is_adopted: bool, text: str, by: Scope, version: int | None = None) -> Petition:
    """The unit says in writing whether it adopts the proposal; the answer is a paper of its own (条例§40④, P20). Raises NotAllowed."""
    act = beats.begin("answer_advice", number, by, version)
    row = Advice.objects.filter(petition=act.petition, pk=no).select_related("document").first()
    if row is None:
        raise NotAllowed("没有这一份建议。", code="no_advice", status=422)
    if row.replied_at is not None:
        raise NotAllowed("这一份建议已经反馈过了。", code="wrong_moment")
    by_whom = answering(row, act.case.handler_id)
    stand_for(act, by_whom.unit_id, by_whom.roles)
    ladder.check_not_about_oneself(by.user.id, act.standing.on_behalf_of_id, by_whom.kept_out)
    rules.check_filled({"反馈情况": text})
    row.is_adopted, row.reply, row.replied_by, row.replied_at = is_adopted, text, by.user, act.now
    paper = papers.advice_answer(act.petition, act.case, row, act.today, unit_id=by_whom.unit_id)
    row.reply_document = documents.issue(act.case, paper, by=act.standing, at=act.now)
    row.save(update_fields=["is_adopted", "reply", "replied_by", "replied_at", "reply_document"])
    owed = Advice.objects.filter(petition=act.petition, unit=row.unit_id, replied_at=None).values_list("due_on", flat=True)
    meet_clock(act, ADVICE_TERM, row.unit_id, "建议书送达", owed)
    said = "采纳" if is_adopted else "不采纳"
    note = f"{act.case.number} {unit_name(row.unit_id)}对建议书反馈：{said}"
    notices.notify(act.case, kind="petition.answer_advice", text=note, at=act.now, to_unit_id=desk_of(act))
    if row.kind == ladder.BLAME:
        return beats.finish(act, detail={"way": ladder.BLAME_WORDS, "outcome": said})
    return beats.finish(act, text=text, detail={"outcome": said}, findable=text)


@transaction.atomic
def report_urgent(
    number: str,
    *,
    known_at: datetime,
    happened: str,
    people: int,
    demands: str,
    scene: str,
    measures: str,
    phone: str,
    recipients: str,
    by: Scope,
    phoned_at: datetime | None = None,
    batches: int = 1,
    needs: str = "",
    version: int | None = None,
) -> Petition:
    """Report a major, urgent matter in writing and keep when it was known and when it was told (条例§25, P26). Raises NotAllowed."""
    act = beats.begin("report_urgent", number, by, version)
    ladder.check_urgent_times(known_at, phoned_at, act.now)
    row = UrgentReport(
        petition=act.petition,
        unit_id=act.standing.unit_id,
        known_at=known_at,
        phoned_at=phoned_at,
        happened=happened,
        batches=batches,
        people=people,
        demands=demands,
        scene=scene,
        measures=measures,
        needs=needs,
        phone=phone,
        recipients=recipients,
        by=by.user,
        at=act.now,
    )
    row.document = documents.issue(act.case, papers.urgent_report(act.petition, act.case, row, by.user.name, act.today), by=act.standing, at=act.now)
    row.save(force_insert=True)
    act.case.urgency = Urgency.URGENT
    cases.mark(act.case, ladder.URGENT)
    if ladder.URGENT not in act.petition.flags:
        act.petition.flags = [*act.petition.flags, ladder.URGENT]
    text = f"{act.case.number} 重大紧急信访信息，请阅：{act.case.title}"
    notices.notify(act.case, kind="petition.report_urgent", text=text, at=act.now, to_unit_id=desk_of(act))
    tell_leaders(act, "petition.report_urgent", text)
    deadlines.turn(act.case, on=act.today, meet=["pet.urgent_report"])
    first_told = min(phoned_at or act.now, act.now)
    hours = limits.current().limit("pet.urgent_report", act.today).n or 0
    detail = {"took": ladder.took(first_told - known_at)}
    if hours and (first_told - known_at).total_seconds() > hours * 3600:
        detail["late"] = f"超过 {hours} 小时"
    return beats.finish(act, text=scene, detail=detail, findable=f"{demands} {happened}")
