"""What a person agrees to: being shown online, a position on one's duties; and the telephone in clear, on record."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from mediation.corps import norms, rules, scope
from mediation.corps.actions import writing
from mediation.models import CareerStep, Mediator
from organisations import cipher
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope

Event, Step = AccessEntry.Event, CareerStep.Kind


@transaction.atomic
def consent(mediator_id: int, *, hours: str, by: Scope) -> Mediator:
    """The person agrees to be shown on the public page at stated hours (MED-9). Raises NotAllowed."""
    mediator, standing, now = writing.begin_own(mediator_id, by)
    if not hours.strip():
        raise NotAllowed("请填写网上服务时间，如“周一至周五 9:00—11:00”。", code="hours", status=422)
    today = timezone.localdate(now)
    mediator.consented_on, mediator.withdrawn_on, mediator.online_hours = today, None, hours.strip()
    mediator.save(update_fields=["consented_on", "withdrawn_on", "online_hours"])
    writing.career(mediator, Step.CONSENT, today, standing, now, words=hours.strip())
    writing.log(Event.APPOINT, mediator, by, f"同意网上公开：{hours.strip()}")
    return mediator


@transaction.atomic
def withdraw(mediator_id: int, *, by: Scope) -> Mediator:
    """The consent is taken back; from today nobody is shown. Raises NotAllowed."""
    mediator, standing, now = writing.begin_own(mediator_id, by)
    today = timezone.localdate(now)
    if not rules.consents(mediator.consented_on, mediator.withdrawn_on, today):
        raise NotAllowed("现在没有生效的同意。", code="no_consent")
    mediator.withdrawn_on = today
    mediator.save(update_fields=["withdrawn_on"])
    writing.career(mediator, Step.WITHDRAW, today, standing, now)
    writing.log(Event.APPOINT, mediator, by, "撤回网上公开")
    return mediator


@transaction.atomic
def consent_position(mediator_id: int, *, by: Scope) -> Mediator:
    """The person, nobody for them, agrees that a duty may carry a position (beyond.md). Raises NotAllowed."""
    mediator, now = writing.begin_self(mediator_id, by)
    today = timezone.localdate(now)
    if not norms.on(today).takes_positions:
        raise NotAllowed("本县没有开启定位，无须同意。", code="no_positions", status=403)
    mediator.position_consented_on, mediator.position_withdrawn_on = today, None
    mediator.save(update_fields=["position_consented_on", "position_withdrawn_on"])
    writing.career(mediator, Step.POSITION_CONSENT, today, None, now)
    writing.log(Event.APPOINT, mediator, by, "本人同意记录定位")
    return mediator


@transaction.atomic
def withdraw_position(mediator_id: int, *, by: Scope) -> Mediator:
    """Taken back by the person at any time. Raises NotAllowed."""
    mediator, now = writing.begin_self(mediator_id, by)
    today = timezone.localdate(now)
    if not rules.consents(mediator.position_consented_on, mediator.position_withdrawn_on, today):
        raise NotAllowed("现在没有生效的同意。", code="no_consent")
    mediator.position_withdrawn_on = today
    mediator.save(update_fields=["position_withdrawn_on"])
    writing.career(mediator, Step.POSITION_WITHDRAW, today, None, now)
    writing.log(Event.APPOINT, mediator, by, "本人撤回定位同意")
    return mediator


@transaction.atomic
def reveal_phone(mediator_id: int, *, by: Scope) -> str:
    """The telephone in clear, on record before it is shown (L-SEC-7). Raises NotAllowed."""
    mediator = scope.visible(by).get(pk=mediator_id)
    if not mediator.phone_token:
        raise NotAllowed("没有登记电话。", code="empty", status=422)
    writing.log(Event.REVEAL, mediator, by, "", field="电话")
    return cipher.decrypt(mediator.phone_token)
