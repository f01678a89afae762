"""What is done in the room: somebody asks, both sides talk, an hour is agreed, legal aid is decided, a conversation ends or becomes a dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework import attachments, deadlines, limits, notices
from casework.addressees import Addressee
from casework.numbers import Docket, next_number
from casework.rules import NotAllowed
from mediation.actions import intake as intakes
from mediation.chamber import entrance, files, queries, rules
from mediation.chamber.rules import Meeting, State, Verdict, Way
from mediation.models import AidRequest, Booking, ChamberFile, ChamberHours, ChamberMessage, ChamberVisit, Conversation, Dispute, Invited, Mediator
from mediation.rules.actors import KEEPERS
from organisations import access, cipher, clock, directory, identity
from organisations.models import AccessEntry, User
from organisations.scope import Scope, Standing

#: Kinds of notices (labels: mediation.rules.kind).
ASKED, SAID, BOOKED, AID = "chamber.asked", "chamber.said", "chamber.booked", "chamber.aid"
AID_DUE = "chamber.aid_due"
#: What a file out of the room is called among the dispute's own.
FILE_LABEL = "掌上调解室"


@dataclass(frozen=True, slots=True)
class Aid:
    ground: str
    income: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody writes to the room, checked for shape by the form. `form` is the form's own key."""

    name: str
    phone: str
    area_id: int
    place: str
    what: str
    way: str
    mediator_ids: Sequence[int] = ()
    aid: Aid | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    number: str
    code: str
    secret: str


# -- the person's side -------------------------------------------------------------------------------------------------------------------------


def ask(matter: Matter, *, submission: UUID, code: str) -> Asked:
    """Open a conversation and let the browser in. The same submission again opens the same one (L-SEC-10: only a hash of the code stays)."""
    held = asked_before(submission)
    if held is None:
        try:
            held = _ask(matter, submission, code)
        except IntegrityError:
            held = asked_before(submission)
            if held is None:
                raise
    return Asked(held.number, code, entrance.let_in(held.pk, held.number))


def asked_before(submission: UUID) -> Conversation | None:
    return Conversation.objects.filter(submission=submission).first()


@transaction.atomic
def _ask(matter: Matter, submission: UUID, code: str) -> Conversation:
    people = list(queries.online().filter(pk__in=matter.mediator_ids))
    if len(people) != len(set(matter.mediator_ids)):
        raise NotAllowed("选的调解员现在不在网上接待，请重新选择。", code="not_online", status=422)
    unit_id = queries.receiving(people[0].unit_id) if people else queries.aid_unit_id()
    tree, now = directory.current(), clock.now()
    county = next((area for area in tree.areas.values() if area.level == "county"), None)
    if unit_id is None or county is None:
        raise NotAllowed("本县的掌上调解室还没有开通，请到群众工作站（室）提出。", code="not_open")
    number = next_number(Docket(county.code, clock.today().year, rules.PREFIX))
    row = Conversation.objects.create(
        number=number,
        code_hash=entrance.hashed(number, code),
        way=matter.way,
        unit_id=unit_id,
        name=matter.name,
        phone_token=cipher.encrypt(matter.phone),
        phone_masked=identity.mask_phone(matter.phone),
        area_id=matter.area_id,
        place=matter.place,
        what=matter.what,
        opened_at=now,
        said_at=now,
        submission=submission,
    )
    Invited.objects.bulk_create(Invited(conversation=row, mediator=person) for person in people)
    if matter.aid is not None:
        term = deadlines.preview(rules.AID_LIMIT, clock.today())
        AidRequest.objects.create(
            conversation=row,
            ground=matter.aid.ground,
            income=matter.aid.income,
            limit=term.limit,
            due_on=term.due_on,
            warn_on=term.warn_on,
        )
    kind, words = (AID, "申请法律援助") if matter.way == Way.AID else (ASKED, "找您调解")
    _tell(row, kind, f"{row.number} {row.name}{words}：{_short(row.what)}", "0")
    return row


def say(conversation_id: int, text: str, *, key: UUID, uploads: Sequence[UploadedFile] = ()) -> None:
    """The person writes, or sends photos and papers. The same form twice says it once. Raises NotAllowed."""
    if _is_said(Conversation.objects.get(pk=conversation_id), key, uploads, user=None):
        return
    kept = files.take_in(uploads)
    with transaction.atomic():
        row = _open(conversation_id)
        if _write(row, text, key, kept, user=None, label=row.name):
            _tell(row, SAID, f"{row.number} {row.name}：{_short(text) or '发来' + _names(kept)}", str(key))
            files.store(kept)


@transaction.atomic
def read_by_person(conversation_id: int) -> None:
    ChamberMessage.objects.filter(conversation=conversation_id, read_at=None).exclude(user=None).update(read_at=clock.now())


def book(conversation_id: int, mediator_id: int, starts_at: datetime) -> Booking:
    """Take half an hour of a mediator; the one held before is given back. The database gives an hour to one only."""
    return _taking(lambda: _book(_open(conversation_id), mediator_id, starts_at, Meeting.BOOKED, "群众"))


@transaction.atomic
def confirm(conversation_id: int) -> None:
    """Agree to the hour that was offered."""
    row = _open(conversation_id)
    if not row.bookings.filter(state=Meeting.OFFERED).update(state=Meeting.BOOKED):
        raise NotAllowed("没有等您确认的时间。", code="no_offer")
    _tell(row, BOOKED, f"{row.number} {row.name}同意了约定的时间。", f"c{clock.now():%y%m%d%H%M%S}")


@transaction.atomic
def cancel(conversation_id: int, *, words: str) -> None:
    """Give the hour back, also one that stands after the matter became a dispute."""
    row = _lock(conversation_id)
    if not row.bookings.filter(state__in=rules.LIVE).update(state=Meeting.OFF, ended_words=words):
        raise NotAllowed("没有可以取消的预约。", code="no_booking")
    _tell(row, BOOKED, f"{row.number} {row.name}取消了预约。", f"x{clock.now():%y%m%d%H%M%S}")


# -- the house's side ----------------------------------------------------------------------------------------------------------------------------


def answer(number: str, text: str, *, key: UUID, by: Scope, uploads: Sequence[UploadedFile] = ()) -> None:
    """A mediator or the keeper writes, or sends photos and papers; with that the conversation is taken. Raises NotAllowed."""
    if _is_said(queries.visible(by).get(number=number), key, uploads, user=by.user):
        return
    kept = files.take_in(uploads)
    with transaction.atomic():
        row, standing = _held(number, by)
        if _write(row, text, key, kept, user=by.user, label=_label(row, standing, by)):
            _taken(row)
            files.store(kept)


@transaction.atomic
def take(number: str, *, by: Scope) -> None:
    row, _ = _held(number, by)
    if row.state != State.WAITING:
        raise NotAllowed("已经有人接了。", code="taken")
    _taken(row)


@transaction.atomic
def decline(number: str, *, words: str, by: Scope) -> None:
    """A mediator does not take it, with a reason; when nobody is left the unit's keeper is told."""
    row, _ = _held(number, by)
    _reasoned(words)
    own = row.invited.filter(mediator__user=by.user, declined_at=None)
    if not own.update(declined_at=clock.now(), declined_words=words):
        raise NotAllowed("只有被选中的调解员可以不接；本单位不接的，请写明原因结束。", code="not_invited", status=403)
    if not row.invited.filter(declined_at=None).exists():
        _tell(row, ASKED, f"{row.number} 调解员不能接（{_short(words)}），请本单位接待。", f"d{row.pk}")


def may_pass_on(row: Conversation, from_user_id: int, by: Scope) -> bool:
    """The mediator himself, or a keeper of the unit that receives or of the mediator's own."""
    if from_user_id == by.user.id:
        return True
    units = {row.unit_id, *row.invited.filter(mediator__user=from_user_id).values_list("mediator__unit", flat=True)}
    return any(by.holds(KEEPERS, unit_id) is not None for unit_id in units)


@transaction.atomic
def pass_on(number: str, from_user_id: int, to_user_id: int, words: str, by: Scope) -> None:
    """A mediator who leaves gives the conversation to another of the corps, with the hour that is booked; the person is told in it (HALL-14)."""
    row, standing = _held(number, by)
    if not may_pass_on(row, from_user_id, by):
        raise NotAllowed("由调解员本人或接待单位移交。", code="not_yours", status=403)
    old = row.invited.filter(mediator__user=from_user_id, declined_at=None).select_related("mediator").first()
    if old is None:
        raise NotAllowed("这次沟通现在不由他（她）接待。", code="not_invited")
    new = Mediator.objects.online(clock.today()).filter(user=to_user_id).first()
    if new is None:
        raise NotAllowed("接手人须是在任、同意公开的调解员。", code="not_shown", status=422)
    old.declined_at, old.declined_words = clock.now(), words[:300]
    old.save(update_fields=["declined_at", "declined_words"])
    Invited.objects.update_or_create(conversation=row, mediator=new, defaults={"declined_at": None, "declined_words": ""})
    booked = row.bookings.filter(mediator=old.mediator, state__in=rules.LIVE)
    hour = booked.values_list("starts_at", flat=True).first()
    if hour is not None and Booking.objects.filter(mediator=new, starts_at=hour).exclude(state=Meeting.OFF).exists():
        raise NotAllowed(f"{new.name}在约定的时间另有预约，请先与群众改约。", code="slot_taken")
    booked.update(mediator=new)
    _write(row, f"{old.mediator.name}不再接待，由{new.name}继续与您沟通。", uuid4(), (), user=by.user, label=_label(row, standing, by))
    _tell(row, ASKED, f"{row.number} 由{old.mediator.name}移交给您：{_short(words)}", f"p{row.pk}:{new.pk}")


@transaction.atomic
def close(number: str, *, words: str, by: Scope) -> None:
    """End it with a reason, which the person reads. An hour both agreed to is not lost by it: it is noted or called off first."""
    row, _ = _held(number, by)
    _check_aid(row)
    _reasoned(words)
    agreed = row.bookings.filter(state=Meeting.BOOKED).first()
    if agreed is not None:
        raise NotAllowed(f"还有约好的面谈（{_hour(agreed)}）。请先登记面谈结果，或者写明原因取消。", code="booked")
    row.bookings.filter(state=Meeting.OFFERED).update(state=Meeting.OFF, ended_words="沟通已结束")
    _end(row, State.CLOSED, words, by)


def offer(number: str, mediator_id: int, starts_at: datetime, *, by: Scope) -> Booking:
    """Propose an hour; it is held for the person until they agree or choose another."""

    def taken() -> Booking:
        row, standing = _held(number, by)
        made = _book(row, mediator_id, starts_at, Meeting.OFFERED, _label(row, standing, by))
        _taken(row)
        return made

    return _taking(taken)


@transaction.atomic
def note_meeting(number: str, *, state: str, words: str, by: Scope) -> None:
    """What became of the hour: met, nobody came, or called off by the house (with a reason the person reads)."""
    row = _lock(queries.visible(by).get(number=number).pk)
    _standing(row, by)
    booking = row.bookings.filter(state__in=rules.LIVE).first()
    if booking is None:
        raise NotAllowed("没有约定的时间。", code="no_booking")
    if state in (Meeting.KEPT, Meeting.MISSED) and booking.starts_at > clock.now():
        raise NotAllowed("约定的时间还没有到。", code="too_early")
    if state == Meeting.OFF:
        _reasoned(words)
    booking.state, booking.ended_words = state, words
    booking.save(update_fields=["state", "ended_words"])


@transaction.atomic
def decide_aid(number: str, *, verdict: str, words: str, by: Scope) -> None:
    """给予或不给予法律援助, with words: whom to see, or why not (法律援助法§43)."""
    row, _ = _held(number, by)
    if by.holds(KEEPERS, row.unit_id) is None:
        raise NotAllowed("由法律援助机构（司法局）决定。", code="not_keeper", status=403)
    _reasoned(words)
    fresh = AidRequest.objects.filter(conversation=row, verdict=Verdict.ASKED)
    if not fresh.update(verdict=verdict, words=words, decided_by=by.user, decided_at=clock.now()):
        raise NotAllowed("这件申请已经作出决定。", code="decided")
    _taken(row)


@transaction.atomic
def begin_dispute(number: str, intake: intakes.Intake, *, by: Scope) -> Dispute:
    """Register the dispute and give it the conversation, in one step. Sent twice it is the first dispute. An hour both agreed to stands."""
    row = _lock(queries.visible(by).get(number=number).pk)
    if row.dispute is not None and row.dispute == intakes.registered_before(intake.submission, by):
        return row.dispute
    _check_open(row)
    _check_aid(row)
    dispute = intakes.register(intake, by=by)
    _hand_over_files(row, dispute, by)
    row.bookings.filter(state=Meeting.OFFERED).update(state=Meeting.OFF, ended_words="已转为调解")
    agreed = row.bookings.filter(state=Meeting.BOOKED).first()
    if agreed is not None:
        _tell(row, BOOKED, f"{row.number} 已登记为纠纷，{_hour(agreed)}与{row.name}的面谈照旧，请按时到。", f"d{agreed.pk}")
    row.dispute = dispute
    _end(row, State.DISPUTE, f"已登记为纠纷 {dispute.case.number}", by)
    return dispute


@transaction.atomic
def read_by_house(row: Conversation) -> None:
    row.messages.filter(user=None, read_at=None).update(read_at=clock.now())


def phone(number: str, *, by: Scope) -> str:
    """The telephone in clear, on record (L-SEC-7)."""
    row = queries.visible(by).get(number=number)
    unit_id = by.home.unit_id if by.home else None
    access.log(
        AccessEntry.Event.REVEAL, user=by.user, unit_id=unit_id, object_type="chamber", object_id=row.pk, object_label=row.number, field="phone"
    )
    return cipher.decrypt(row.phone_token)


@transaction.atomic
def renew_code(number: str, *, words: str, by: Scope) -> str:
    """A new code for who lost the first one and came in person: how it was made sure who it is stays on record (L-SEC-7).

    The old code and every browser it let in are shut out. Returns the code, which is shown this once. Raises NotAllowed.
    """
    row, _ = _held(number, by)
    if len(words.strip()) < rules.REASON_LEAST:
        raise NotAllowed(f"请写明怎样核对的身份（看了什么证件、核对了电话），至少{rules.REASON_LEAST}个字。", code="reason", status=422)
    code = entrance.fresh_code()
    row.code_hash = entrance.hashed(row.number, code)
    row.save(update_fields=["code_hash"])
    ChamberVisit.objects.filter(conversation=row).delete()
    access.log(
        AccessEntry.Event.REVEAL,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="chamber",
        object_id=row.pk,
        object_label=row.number,
        field="code",
        ground=words.strip()[:200],
    )
    return code


@transaction.atomic
def remind_aid() -> int:
    """Applications for legal aid near the end of their days, or past it: once on each warning day of the limit, once when late (法律援助法§43).

    Returns how many notices are new.
    """
    today = clock.today()
    waiting = AidRequest.objects.filter(verdict=Verdict.ASKED, warn_on__lte=today)
    told = 0
    for asked in waiting.select_related("conversation", "limit"):
        left = (asked.due_on - today).days
        rung = min((days for days in asked.limit.warn_days if days >= left), default=left)
        when = f"还有{left}天到期" if left > 0 else "今天到期" if left == 0 else f"已超期{-left}天"
        text = f"{asked.conversation.number} 法律援助申请{when}，请作出决定"
        told += _tell(asked.conversation, AID_DUE, text, "late" if left < 0 else f"{rung}")
    return told


@transaction.atomic
def set_hours(mediator_id: int, weekdays: Iterable[int], spans: Iterable[tuple[time, time]], *, by: Scope) -> None:
    """The week's hours anew. What is booked already stays."""
    mediator = queries.hosts(by).filter(pk=mediator_id).first()
    if mediator is None:
        raise NotAllowed("只能设置自己、本单位和下级单位调解员的时间。", code="not_yours", status=403)
    ChamberHours.objects.filter(mediator=mediator).delete()
    held = list(spans)
    ChamberHours.objects.bulk_create(
        ChamberHours(mediator=mediator, weekday=weekday, start=start, end=end) for weekday in sorted(set(weekdays)) for start, end in held
    )


# -- parts ---------------------------------------------------------------------------------------------------------------------------------------


def _lock(pk: int) -> Conversation:
    return Conversation.objects.select_for_update(of=("self",), no_key=True).select_related("dispute").get(pk=pk)


def _check_open(row: Conversation) -> None:
    if not row.is_open:
        raise NotAllowed("这次沟通已经结束，不能再办。", code="closed")


def _check_aid(row: Conversation) -> None:
    """Whoever asked for legal aid is owed a decision within the law's days: nothing ends the conversation before it."""
    if AidRequest.objects.filter(conversation=row, verdict=Verdict.ASKED).exists():
        raise NotAllowed("法律援助申请还没有作出决定，请先决定给予或者不给予。", code="aid_undecided")


def _open(pk: int) -> Conversation:
    row = _lock(pk)
    _check_open(row)
    return row


def _held(number: str, by: Scope) -> tuple[Conversation, Standing]:
    """The conversation, locked, and the post it is acted on by. Raises DoesNotExist (404) out of sight, NotAllowed when it is over."""
    row = _open(queries.visible(by).get(number=number).pk)
    return row, _standing(row, by)


def _standing(row: Conversation, by: Scope) -> Standing:
    standing = by.holds(rules.ROOM, row.unit_id) or by.holds(rules.ROOM) or by.home
    if standing is None:
        raise NotAllowed("您的岗位不能办理。", code="no_post", status=403)
    return standing


def _label(row: Conversation, standing: Standing, by: Scope) -> str:
    """«调解员 田和» for the person they asked; for the keeper the unit as well."""
    own = row.invited.filter(mediator__user=by.user).exists()
    return f"{'调解员' if own else standing.unit_name} {by.user.name}"


def _reasoned(words: str) -> None:
    if len(words.strip()) < rules.REASON_LEAST:
        raise NotAllowed(f"请写明原因，至少{rules.REASON_LEAST}个字，群众看得到。", code="reason", status=422)


def _is_said(row: Conversation, key: UUID, uploads: Sequence[UploadedFile], *, user: User | None) -> bool:
    """Whether this form came before; and refuse what needs no look into the files, before any is unpacked. `_write` asks again, locked."""
    if row.messages.filter(key=key).exists():
        return True
    _check_open(row)
    _check_room(row, min(len(uploads), 1), user)
    return False


def _write(row: Conversation, text: str, key: UUID, kept: Sequence[files.Kept], *, user: User | None, label: str) -> bool:
    """Whether it is new. Runs with the conversation locked, so that the same form cannot slip in twice."""
    if row.messages.filter(key=key).exists():
        return False
    if not text and not kept:
        raise NotAllowed("请写下要说的话，或者选择要发的照片、材料。", code="nothing", status=422)
    _check_files(row, kept, user)
    now = clock.now()
    message = ChamberMessage.objects.create(conversation=row, user=user, by_label=label, text=text, at=now, key=key)
    ChamberFile.objects.bulk_create(
        ChamberFile(conversation=row, message=message, name=one.name, content_type=one.content_type, size=one.size, sha256=one.sha256) for one in kept
    )
    row.said_at = now
    row.save(update_fields=["said_at"])
    return True


def _check_files(row: Conversation, kept: Sequence[files.Kept], user: User | None) -> None:
    """Each file once, and so many of one side: neither can use up the other's. Raises NotAllowed."""
    there = dict(row.files.values_list("sha256", "name"))
    same = next((there[one.sha256] for one in kept if one.sha256 in there), "")
    if same:
        raise NotAllowed(f"这个文件已经发过：{same}。", code="same_file", status=422)
    _check_room(row, len(kept), user)


def _check_room(row: Conversation, more: int, user: User | None) -> None:
    of_side = row.files.filter(message__user=None) if user is None else row.files.exclude(message__user=None)
    if more and of_side.count() + more > rules.FILES_EACH_SIDE:
        raise NotAllowed(f"一次沟通最多发{rules.FILES_EACH_SIDE}个文件，其余的请当面交给调解员。", code="too_many", status=422)


def _hand_over_files(row: Conversation, dispute: Dispute, by: Scope) -> None:
    """What was sent in the room is the dispute's own from now on, with who sent it; the room keeps showing it."""
    there = set(dispute.case.attachments.values_list("sha256", flat=True))
    for one in row.files.select_related("message").exclude(sha256__in=there):
        with files.open_file(one.sha256) as content:
            upload = UploadedFile(content, one.name, one.content_type, one.size)
            attachments.add(upload, by=by, case=dispute.case, label=f"{FILE_LABEL} {one.message.by_label}")


def _taken(row: Conversation) -> None:
    row.state = State.TAKEN
    row.save(update_fields=["state"])


def _hour(booking: Booking) -> str:
    return f"{timezone.localtime(booking.starts_at):%-m月%-d日 %H:%M}"


def _end(row: Conversation, state: str, words: str, by: Scope) -> None:
    row.state, row.closed_words, row.closed_by, row.closed_at = state, words, by.user, clock.now()
    row.save(update_fields=["state", "closed_words", "closed_by", "closed_at", "dispute"])


def _taking(do: Callable[[], Booking]) -> Booking:
    try:
        with transaction.atomic():
            return do()
    except IntegrityError as error:
        raise NotAllowed("这个时间刚刚被别人约走了，请另选一个。", code="slot_taken") from error


def _book(row: Conversation, mediator_id: int, starts_at: datetime, state: str, label: str) -> Booking:
    mediator = Mediator.objects.filter(pk=mediator_id, conversations__in=row.invited.filter(declined_at=None)).first()
    if mediator is None:
        raise NotAllowed("请选择这次沟通里的调解员的时间。", code="not_invited", status=422)
    blocks = [held.block for held in queries.hours_of(mediator)]
    if starts_at not in rules.slots(blocks, clock.now(), limits.current().calendar):
        raise NotAllowed("这个时间不能预约，请从列出的时间里选。", code="no_slot", status=422)
    row.bookings.filter(state__in=rules.LIVE).update(state=Meeting.OFF, ended_words="改约")
    booking = Booking.objects.create(conversation=row, mediator=mediator, starts_at=starts_at, state=state, by_label=label, at=clock.now())
    if state == Meeting.BOOKED:
        _tell(row, BOOKED, f"{row.number} {row.name}约了{_hour(booking)}见{mediator.name}。", f"b{booking.pk}")
    return booking


def _tell(row: Conversation, kind: str, text: str, key: str) -> int:
    """Each mediator with a login; for one without, the unit, or who receives in its place. Returns how many are new."""
    people = list(row.invited.filter(declined_at=None).values_list("mediator__user", "mediator__unit"))
    to = {Addressee(user_id=user) if user else Addressee(unit_id=_receiver(row, unit)) for user, unit in people} or {Addressee(unit_id=row.unit_id)}
    return notices.insert([notices.Line(to=one, kind=kind, text=text, key=f"{kind}:{row.pk}:{key}:{one.key}") for one in to], clock.now())


def _receiver(row: Conversation, unit_id: int) -> int:
    """The mediator's unit where somebody is in office; else the conversation's own, which was chosen so that somebody is."""
    return unit_id if queries.receiving(unit_id) == unit_id else row.unit_id


def _names(kept: Sequence[files.Kept]) -> str:
    return "、".join(one.name for one in kept)[:60]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 30 else f"{flat[:30]}…"
