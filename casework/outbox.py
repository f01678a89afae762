"""The outbox: messages on their way out of the house, tried with growing pauses, and what they may say.

A message is claimed by a conditional update that puts its next attempt behind a lease, and committed before anything is
sent. A worker killed between sending and marking leaves a message that looks unsent: after the lease it goes out again
under the same id (gateway.message_id). So nothing is ever lost, and twice is possible only there, where a receiver that
honours the id drops the second. Claiming as «sent» beforehand would turn the same crash into a message that never arrived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from casework import gateway, kinds, notices
from casework.models import Notice, Outgoing
from casework.rules import NotAllowed
from organisations import cipher, clock
from organisations.roles import Role
from organisations.scope import Scope

#: Minutes before the next attempt; after the last one the message is dead until somebody presses «再试».
PAUSES = (1, 5, 15, 60, 180, 360, 720)
MOST_ATTEMPTS = len(PAUSES) + 1
#: How long a claimed message is left to the worker that claimed it: longer than one request may take (gateway.TIMEOUT).
LEASE = timedelta(minutes=5)
#: Messages of one run, so that one worker is not held for ever.
MOST_SENT = 500

#: The address at which a person asks for the progress of a matter.
PROGRESS = "citizen:progress"
#: Every text an SMS or a chat robot may carry: number, date, count and where to look, never a word of the matter (issue §2).
SMS_TEXTS = {
    "petitioner": "【{sender}】编号{number}：请留意{day}这一日期，可凭编号和查询码查询：{site}",
    "query_code": "【{sender}】验证码{code}，10分钟内有效。如非本人操作，请忽略。",
    "meeting": "【{sender}】编号{number}：已约定{moment}与您见面，请带身份证件按时到场，详情请来电询问。",
    notices.REMINDER: "【{sender}】{number}：期限提醒，到期日{day}，请登录系统查看。",
    notices.CARD: "【{sender}】{number}：督办牌，到期日{day}，请登录系统查看。",
    notices.DIGEST: "【{sender}】{day}待办汇总已生成，请登录系统查看。",
    notices.CALENDAR: "【{sender}】系统日历需要维护，请登录系统查看。",
    "news": "【{sender}】{number}：有新消息，请登录系统查看。",
    "news_of_no_case": "【{sender}】您有新消息，请登录系统查看。",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What goes into the outbox. `address_token` is encrypted (L-SEC-3)."""

    channel: str
    address_token: str
    text: str
    key: str
    not_before: datetime
    subject: str = ""
    user_id: int | None = None
    useless_after: datetime | None = None


def put(messages: Iterable[Message]) -> None:
    """Write messages; one whose key is there already stays the only one. In the caller's transaction."""
    now = clock.now()
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                channel=message.channel,
                user_id=message.user_id,
                address_token=message.address_token,
                subject=message.subject[:80],
                text=message.text,
                key=message.key,
                created_at=now,
                not_before=message.not_before,
                useless_after=message.useless_after,
            )
            for message in messages
        ],
        ignore_conflicts=True,
    )


def post_sms(phone: str, text: str, *, key: str, at: datetime, useless_after: datetime | None) -> None:
    """An SMS to a telephone number given in clear, sent by the next run of the sweep, or not at all once its words are no longer true."""
    token = cipher.encrypt(phone)
    put([Message(channel=Outgoing.Channel.SMS, address_token=token, text=text, key=key, not_before=at, useless_after=useless_after)])


# -- what a message says --------------------------------------------------------------------------------------------------------------


def sms_text(kind: str, *, number: str = "", day: date | None = None, moment: datetime | None = None, code: str = "") -> str:
    """One of SMS_TEXTS filled in. It takes nothing a matter could hide in."""
    words = SMS_TEXTS.get(kind, SMS_TEXTS["news" if number else "news_of_no_case"])
    site = f"{settings.PUBLIC_URL}{reverse(PROGRESS)}"
    when = f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
    return words.format(sender=settings.SENDER_NAME, number=number, day=f"{day:%Y-%m-%d}" if day else "", moment=when, code=code, site=site)


def subject(notice: Notice) -> str:
    number = notice.case.number if notice.case else ""
    return f"{kinds.notice_label(notice.kind)} {number}".strip()


def text(notice: Notice, channel: str) -> str:
    """What leaves the house of a notice: by e-mail the name of the limit and its date besides, by SMS and chat a number and a date."""
    number = notice.case.number if notice.case else ""
    day = notice.deadline.due_on if notice.deadline else notice.at.date()
    if channel != Outgoing.Channel.EMAIL:
        return sms_text(notice.kind, number=number, day=day)
    lines = [subject(notice)]
    if notice.deadline is not None:
        lines.append(f"{notice.deadline.name}：{day:%Y-%m-%d} 到期")
    if notice.case is None:
        lines.append(notice.text)
    lines.append(f"请登录系统查看：{settings.PUBLIC_URL}")
    return "\n".join(lines)


# -- sending ----------------------------------------------------------------------------------------------------------------------------


def still_of_use(moment: datetime) -> Q:
    return Q(useless_after=None) | Q(useless_after__gt=moment)


def sweep() -> int:
    """Send what may go out by now; what would come too late is a dead letter. Returns how many were handed over."""
    now = clock.now()
    Outgoing.objects.filter(sent_at=None, dead_at=None, useless_after__lte=now).update(dead_at=now, last_error="过了有效时间，不再发出")
    sent = 0
    for _ in range(MOST_SENT):
        claimed = _claim()
        if claimed is None:
            break
        sent += _send(claimed)
    return sent


@transaction.atomic
def _claim() -> Outgoing | None:
    """The message that has waited longest, with its attempt counted and a lease on it."""
    now = clock.now()
    claimed = (
        Outgoing.objects.select_for_update(skip_locked=True).filter(sent_at=None, dead_at=None, not_before__lte=now).order_by("not_before").first()
    )
    if claimed is None:
        return None
    claimed.attempts += 1
    claimed.not_before = now + LEASE
    claimed.save(update_fields=["attempts", "not_before"])
    return claimed


def _send(message: Outgoing) -> bool:
    """Hand it over and write down what came of it; the last try's failure makes it a dead letter."""
    try:
        gateway.send(message.channel, address=cipher.decrypt(message.address_token), subject=message.subject, text=message.text, key=message.key)
    except (gateway.Undelivered, cipher.CipherError) as error:
        now = clock.now()
        is_last = message.attempts >= MOST_ATTEMPTS
        changes = {"dead_at": now} if is_last else {"not_before": now + timedelta(minutes=PAUSES[message.attempts - 1])}
        Outgoing.objects.filter(pk=message.pk, sent_at=None).update(last_error=str(error)[:200], **changes)
        return False
    Outgoing.objects.filter(pk=message.pk).update(sent_at=clock.now(), last_error="")
    return True


@transaction.atomic
def try_again(ids: Iterable[int], *, by: Scope) -> int:
    """Dead letters go back into the queue, except those that would come too late. Raises NotAllowed. Returns how many."""
    if by.holds({Role.SYSTEM_ADMIN}) is None:
        raise NotAllowed("发件由系统管理员处理。", code="wrong_role", status=403)
    now = clock.now()
    dead = Outgoing.objects.filter(still_of_use(now), pk__in=list(ids), dead_at__isnull=False, sent_at=None)
    return dead.update(dead_at=None, attempts=0, not_before=now)
