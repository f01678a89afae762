"""How a person wants to be told beyond the inbox. Statutory reminders come whatever is chosen here (ALL-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.db import transaction

from casework import gateway, kinds
from casework.models import NoticePreference, Outgoing
from casework.rules import NotAllowed
from organisations.models import User
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose; `muted` are codes of groups of notices."""

    email: str = ""
    by_email: bool = False
    by_sms: bool = False
    by_chat: bool = False
    digest_at: time | None = None
    only_digest: bool = False
    quiet_from: time | None = None
    quiet_until: time | None = None
    muted: tuple[str, ...] = ()


def of(user: User) -> Choice:
    """The person's choice, or the default one: the inbox alone, and quiet nights for whoever adds a way."""
    held = NoticePreference.objects.filter(user=user).first()
    if held is None:
        return Choice(quiet_from=time(21, 0), quiet_until=time(7, 30))
    return Choice(
        email=held.email,
        by_email=held.by_email,
        by_sms=held.by_sms,
        by_chat=held.by_chat,
        digest_at=held.digest_at,
        only_digest=held.only_digest,
        quiet_from=held.quiet_from,
        quiet_until=held.quiet_until,
        muted=tuple(group.code for group in kinds.notice_groups() if group.kinds and set(group.kinds) <= set(held.muted)),
    )


@transaction.atomic
def choose(choice: Choice, *, by: Scope) -> NoticePreference:
    """Keep the choice. Raises NotAllowed where a way does not exist or has no address, or a group cannot be muted."""
    ways = ((choice.by_email, Outgoing.Channel.EMAIL), (choice.by_sms, Outgoing.Channel.SMS), (choice.by_chat, Outgoing.Channel.CHAT))
    for wanted, channel in ways:
        if wanted and not gateway.has(channel):
            raise NotAllowed(f"本单位还没有开通{channel.label}。", code="no_gateway", status=422)
    if choice.by_email and not choice.email:
        raise NotAllowed("选择了邮件，请填写电子邮箱。", code="no_email", status=422)
    if choice.by_sms and not by.user.phone:
        raise NotAllowed("您的账号没有登记手机号，请找系统管理员登记后再选短信。", code="no_phone", status=422)
    if (choice.quiet_from is None) != (choice.quiet_until is None):
        raise NotAllowed("免打扰时间请把起止都填上，或都留空。", code="half_quiet", status=422)
    if choice.only_digest and choice.digest_at is None:
        raise NotAllowed("选择只发每日汇总，请填写汇总时间。", code="no_time", status=422)
    groups = {group.code: group for group in kinds.notice_groups()}
    for code in choice.muted:
        if code not in groups or not groups[code].is_mutable:
            raise NotAllowed("这一类消息不能关闭。", code="not_mutable", status=422)
    muted = sorted({kind for code in choice.muted for kind in groups[code].kinds})
    held, _ = NoticePreference.objects.update_or_create(
        user=by.user,
        defaults={
            "email": choice.email,
            "by_email": choice.by_email,
            "by_sms": choice.by_sms,
            "by_chat": choice.by_chat,
            "digest_at": choice.digest_at,
            "only_digest": choice.only_digest,
            "quiet_from": choice.quiet_from,
            "quiet_until": choice.quiet_until,
            "muted": muted,
        },
    )
    return held
