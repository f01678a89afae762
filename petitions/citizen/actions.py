"""What the person does: rate, add material, ask again, ask for review; and bringing a matter online.

Each act is entered by «信访人（网上）» in the same history as everybody's. A form acted on once does nothing the second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework import attachments, cases, deadlines, notices, outbox
from casework.models import Attachment, Case, Entry, Party
from casework.rules import NotAllowed, check
from organisations import cipher, clock, directory
from petitions import codes
from petitions.actions import act as beats
from petitions.actions import intake as intake_acts
from petitions.actions import review as review_acts
from petitions.actions import supervision as supervision_acts
from petitions.citizen import entrance, person
from petitions.citizen import queries as pages
from petitions.citizen.entrance import Inside
from petitions.citizen.rules import FILE_BYTES, FILES_A_DAY, FILES_AT_ONCE, IN_REVIEW, STEPS, TEXT_CODE_LIFE, check_rating
from petitions.models import Petition, Rating
from petitions.queries import accused
from petitions.queries.acts import place_of
from petitions.rules import DISSATISFIED, PROTECTED_PURPOSES, STATE_LABELS, State, local_date

#: How the files of the person are told from the clerk's.
MATERIAL = "信访人补充"
#: Satisfied or not: what a rating may be.
LEVELS = frozenset(codes.SATISFACTION_LEVELS)


def _begin(code: str, visit: Inside) -> beats.Act:
    """Lock the visit's own matter and ask the person's table of steps. Raises NotAllowed."""
    by = person.scope()
    petition = Petition.objects.visible_to(by).select_for_update(of=("self", "case")).select_related("case").filter(pk=visit.petition_id).first()
    if petition is None or petition.case.confidential:
        raise NotAllowed("查询已经结束，请重新查询。", code="over", status=403)
    case = petition.case
    step = STEPS[code]
    if case.state not in step.frm:
        raise NotAllowed(_not_now(code, case), code="wrong_moment")
    return beats.Act(
        procedure=beats.PROCEDURE,
        code=code,
        step=step,
        row=petition,
        case=case,
        by=by,
        standing=check(STEPS, code, place_of(case, with_tasks=False), by, STATE_LABELS),
        now=clock.now(),
        before=(cases.columns(petition), cases.columns(case)),
    )


def _not_now(code: str, case: Case) -> str:
    words = {"rate": pages.NO_ANSWER_YET, "add_material": pages.why_not_add(case), "dissent": pages.why_not_dissent(case)}
    return words[code]


@transaction.atomic
def rate(visit: Inside, *, form: UUID, office: str, unit: str = "", cause: str = "", reason: str = "") -> None:
    """The person's own rating of the office and of the unit, apart; changed once at most, both are kept (L-CLS-20…26).

    不满意 puts the matter back on the office's desk of return visits, also when it was closed, with five working days to
    go back to the person; while a higher body looks at it anew it is told to the centre, and the visit follows
    the review. Satisfied where the office was about to ask, nobody needs to ask any more. Raises NotAllowed.
    """
    if not entrance.first_time(visit, form):
        return
    act = _begin("rate", visit)
    facts = pages.rating_facts(act.petition, act.today)
    if facts.reply is None or facts.why_not:
        raise NotAllowed(facts.why_not, code="not_rateable")
    check_rating(office, unit, cause, levels=LEVELS, has_unit=facts.has_unit)
    is_bad = DISSATISFIED in (office, unit)
    is_called_back = is_bad and act.case.state not in IN_REVIEW
    given = {Rating.Target.OFFICE: office, **({Rating.Target.UNIT: unit} if facts.has_unit else {})}
    Rating.objects.filter(reply=facts.reply, replaced_at=None).update(replaced_at=act.now)
    for target, value in given.items():
        is_this = value == DISSATISFIED
        Rating.objects.create(
            petition=act.petition,
            reply=facts.reply,
            target=target,
            value=value,
            cause=cause if is_this else "",
            reason=reason.strip() if is_this else "",
            at=act.now,
        )
    if is_bad:
        _mark_dissatisfied(act, "请在5个工作日内回访" if is_called_back else "正在复查（复核），办结前请一并回访")
    else:
        cases.unmark(act.case, "dissatisfied")
    deadlines.turn(
        act.case,
        on=act.today,
        meet=["pet.satisfaction"],
        start=[deadlines.Start("pet.call_back", act.today, "信访人评价不满意", directory.current().centre_id)] if is_called_back else [],
    )
    beats.finish(
        act,
        to=_after_rating(act.case.state, is_bad=is_bad),
        text=reason.strip(),
        detail={
            "office_rating": codes.SATISFACTION_LEVELS.label(office),
            "unit_rating": codes.SATISFACTION_LEVELS.label(unit) if facts.has_unit else "",
            "reason": codes.DISSATISFACTION_CAUSES.label(cause) if is_bad else "",
            "changed": facts.changes > 0,
        },
        findable=reason.strip(),
    )


def why_not_rate(petition: Petition) -> str:
    """Why the person cannot rate now, or an empty string."""
    return pages.rating_facts(petition, clock.today()).why_not


def _after_rating(state: str, *, is_bad: bool) -> str | None:
    """Closed is not fixed (beyond.md 16): who is not satisfied is asked again. None keeps the state."""
    if is_bad:
        return State.REPORTED if state in (State.FED_BACK, State.CLOSED) else None
    return State.FED_BACK if state == State.REPORTED else None


def _mark_dissatisfied(act: beats.Act, wanted: str) -> None:
    cases.mark(act.case, "dissatisfied")
    if not act.case.is_open:
        cases.reopen(act.case)
    _tell_centre(act, "petition.rate", f"{act.case.number} 信访人网上评价不满意，{wanted}：{act.case.title}")


def _tell_centre(act: beats.Act, kind: str, text: str) -> None:
    notices.notify(act.case, kind=kind, text=text, at=act.now, to_unit_id=directory.current().centre_id)


@transaction.atomic
def add_material(visit: Inside, *, form: UUID, words: str, uploads: Sequence[UploadedFile]) -> None:
    """Words and files the person adds while the matter is handled; whoever handles it is told (条例§19). Raises NotAllowed."""
    if not entrance.first_time(visit, form):
        return
    act = _begin("add_material", visit)
    if not words.strip() and not uploads:
        raise NotAllowed("请写几句说明，或者选择要补充的文件。", code="nothing", status=422)
    _check_files(uploads, held=_files_today(act.case, act.today))
    held = [attachments.add(upload, by=act.by, case=act.case, label=MATERIAL) for upload in uploads]
    _tell_handler(act, "petition.add_material", f"{act.case.number} 信访人网上补充了材料：{act.case.title}")
    beats.finish(act, text="\n".join(filter(None, [words.strip(), "、".join(file.name for file in held)])), findable=words.strip())


def _files_today(case: Case, today: date) -> int:
    stamps = Attachment.objects.filter(case=case, label=MATERIAL).values_list("uploaded_at", flat=True)
    return sum(local_date(at) == today for at in stamps)


def _check_files(uploads: Sequence[UploadedFile], *, held: int = 0) -> None:
    if len(uploads) > FILES_AT_ONCE:
        raise NotAllowed(f"一次最多选{FILES_AT_ONCE}个文件。", code="too_many", status=422)
    if held + len(uploads) > FILES_A_DAY:
        raise NotAllowed(f"一件事一天最多补充{FILES_A_DAY}个文件，请明天再来，或把材料送到窗口。", code="too_many_today", status=422)
    for upload in uploads:
        if upload.size is None or upload.size > FILE_BYTES:
            raise NotAllowed(f"“{(upload.name or '')[:40]}”超过10兆，请压缩后再传。", code="too_big", status=422)


def _tell_handler(act: beats.Act, kind: str, text: str) -> None:
    """The handler where there is one who can read it, the unit otherwise."""
    handler = act.case.handler
    if handler is not None and handler.is_active:
        notices.notify(act.case, kind=kind, text=text, at=act.now, to_user_id=handler.id)
    else:
        notices.notify(act.case, kind=kind, text=text, at=act.now, to_unit_id=act.case.unit_id)


@transaction.atomic
def dissent(visit: Inside, *, form: UUID, words: str) -> None:
    """The person disagrees with anything that was done: the centre is told, not who did it; once a day. Raises NotAllowed.

    It moves nothing and starts no term: the higher body is asked by `seek_review`, the centre may send back, press or open again.
    """
    if not entrance.first_time(visit, form):
        return
    act = _begin("dissent", visit)
    last = Entry.objects.filter(case=act.case, act="petition.dissent").order_by("-no").first()
    if last is not None and local_date(last.at) == act.today:
        raise NotAllowed("您今天的意见县中心已经收到，请等候回音；明天还可以再提。", code="said_today")
    _tell_centre(act, "petition.dissent", f"{act.case.number} 信访人网上提出异议，请核对：{act.case.title}")
    beats.finish(act, text=words.strip(), findable=words.strip())


@transaction.atomic
def urge(visit: Inside, *, form: UUID, words: str) -> None:
    """Ask again 催办: counted, shown, and told where it waits (L-PET-92). Raises NotAllowed."""
    petition = _still_inside(visit)
    if entrance.first_time(visit, form):
        if pages.why_not_urge(petition):
            raise NotAllowed(pages.why_not_urge(petition), code="wrong_moment")
        supervision_acts.urge_by_citizen(visit.number, words=words.strip() or "信访人请求尽快办理。", by=person.scope())


@transaction.atomic
def seek_review(visit: Inside, *, form: UUID, request: str, grounds: str, late_reason: str = "") -> None:
    """Ask the higher body for 复查 or 复核, within the term or with the reason why it is late (条例§35 §36). Raises NotAllowed."""
    petition = _still_inside(visit)
    if entrance.first_time(visit, form):
        pages.open_right(petition)
        review_acts.seek_review(
            visit.number,
            request=request,
            grounds=grounds,
            received_on=clock.today(),
            late_reason=late_reason,
            is_online=True,
            by=person.scope(),
        )


def _still_inside(visit: Inside) -> Petition:
    """The matter may have become protected between the page and the act. Raises NotAllowed."""
    petition = Petition.objects.select_related("case").filter(pk=visit.petition_id, case__confidential=False).first()
    if petition is None:
        raise NotAllowed("查询已经结束，请重新查询。", code="over", status=403)
    return petition


# -- a code by SMS -------------------------------------------------------------------------------------------------------------------------

#: Encrypted and thrown away where there is nobody to send to, so that asking costs the same.
NOBODY = "10000000000"


def send_text_code(number: str, phone: str, *, address: str) -> entrance.Asked | entrance.Refused:
    """Ask for a code and put it into the outbox; for a telephone that is not the matter's the message is written and taken back."""
    asked = entrance.ask_text_code(number, phone, address=address)
    if isinstance(asked, entrance.Refused):
        return asked
    now = clock.now()
    text, ends = outbox.sms_text("query_code", code=asked.code), now + TEXT_CODE_LIFE
    with transaction.atomic():
        outbox.post_sms(asked.phone or NOBODY, text, key=f"query-code:{asked.key}", at=now, useless_after=ends)
        if not asked.phone:
            transaction.set_rollback(True)
    return asked


# -- bringing a matter ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of an online form. `opened` lets the browser see its own matter; a protected one nobody sees online."""

    petition: Petition
    opened: entrance.Opened | None


@transaction.atomic
def submit(intake: intake_acts.Intake, uploads: Sequence[UploadedFile], *, is_new_facts: bool) -> Brought:
    """Register what was brought online: channel 网信, by the person, to whoever routes at the centre (条例§19, L-CLS-10).

    The same form sent twice is one matter. The same person with the same words is told so once. Raises NotAllowed.
    """
    by = person.scope()
    held = intake_acts.registered_before(intake.submission, by)
    if held is not None:
        return _brought(held)
    _check_files(uploads)
    if not is_new_facts:
        _check_not_brought_before(intake)
    if intake.purpose in PROTECTED_PURPOSES and not _is_somebody_named(intake):
        raise NotAllowed("检举控告请到县群众工作中心登记窗口或者拨打举报电话，由专人登记。", code="nobody_named")
    petition = intake_acts.register(replace(intake, channel="300", source="4"), by=by)
    for upload in uploads:
        attachments.add(upload, by=by, case=petition.case, label="网上提交")
    return _brought(petition)


def _is_somebody_named(intake: intake_acts.Intake) -> bool:
    """Nobody sits at a counter who would read it: without a discipline contact a protected matter would be nobody's."""
    return accused.is_somebody_there(intake_acts.complained_about(intake))


def _brought(petition: Petition) -> Brought:
    return Brought(petition, None if petition.case.confidential else entrance.open_after_submitting(petition))


def _check_not_brought_before(intake: intake_acts.Intake) -> None:
    """Same person by telephone or identity number, same title or words, still open: told, not registered again (L-PET-39)."""
    phones = [cipher.blind_index("phone", one.phone) for one in intake.people if one.phone]
    ids = [cipher.blind_index("id", one.id_number) for one in intake.people if one.id_number]
    if not (phones or ids):
        return
    mine = Party.objects.filter(case__confidential=False, case__closed_at=None, position__in=entrance.OPENERS)
    same_person = mine.filter(phone_index__in=phones).values_list("case_id", flat=True) if phones else Party.objects.none()
    by_id = mine.filter(id_index__in=ids).values_list("case_id", flat=True) if ids else Party.objects.none()
    numbers = {*same_person, *by_id}
    for petition in Petition.objects.select_related("case").filter(pk__in=numbers).order_by("-pk")[:50]:
        if _plain(petition.story) == _plain(intake.story):
            day = local_date(petition.case.opened_at)
            raise NotAllowed(
                f"同样的内容您在{day.year}年{day.month}月{day.day}日已经提出过，正在办理，不用重复提交。"
                "凭当时的编号和查询码可以看进度；有新情况请在进度页“补充材料”。确实是另一件事的，请勾选“这是另一件事”再提交。",
                code="brought_before",
            )


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
