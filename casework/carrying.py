"""From the inbox to the ways out of the house: who wants which notice by e-mail, SMS or work chat, and when.

The inbox comes first and is complete; this sweep looks at each notice once and puts what is wanted into the outbox. What
leaves the house says the number, what it is about in one word, and a date: never a word of the matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from casework import gateway, notices, outbox
from casework.addressees import Addressee, Staff, staff
from casework.models import Notice, NoticePreference, Outgoing
from organisations import cipher, clock
from organisations.models import User

BATCH = 500
#: When a citizen's telephone may ring [design].
DAY_FROM, DAY_UNTIL = time(8, 0), time(20, 0)


@dataclass(frozen=True)
class Wishes:
    """Who wants to be told beyond the inbox at all, by which working ways."""

    posts: Staff
    by_person: dict[int, NoticePreference]
    phones: dict[int, str]

    def concern(self, to: Addressee) -> bool:
        """Whether anybody meant by this addressee has such a wish."""
        return bool(self.by_person) and not self.by_person.keys().isdisjoint(self.posts.people(to))

    def ways(self, person: int) -> list[tuple[str, str]]:
        """(channel, address in clear) of each way the person wants and the house has."""
        wish = self.by_person[person]
        found = []
        if wish.by_email and wish.email:
            found.append((Outgoing.Channel.EMAIL, wish.email))
        if wish.by_sms and self.phones.get(person):
            found.append((Outgoing.Channel.SMS, self.phones[person]))
        if wish.by_chat:
            found.append((Outgoing.Channel.CHAT, self.phones.get(person, "")))
        return [(channel, address) for channel, address in found if gateway.has(channel)]


def wishes(posts: Staff) -> Wishes:
    """Everybody's preferences, where there is a way out at all. Two statements, none in a house without a gateway."""
    if not any(gateway.has(channel) for channel in Outgoing.Channel):
        return Wishes(posts, {}, {})
    found = {wish.user_id: wish for wish in NoticePreference.objects.all() if wish.by_email or wish.by_sms or wish.by_chat}
    phones = dict(User.objects.filter(pk__in=found, is_active=True).exclude(phone="").values_list("pk", "phone"))
    return Wishes(posts, found, phones)


def sweep() -> int:
    """Carry what nobody has looked at yet, oldest first; a notice and its messages are one transaction. Returns how many."""
    now = clock.now()
    wanted = wishes(staff(clock.today()))
    carried = 0
    while True:
        with transaction.atomic():
            batch = list(
                Notice.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
                .filter(is_carried=False)
                .select_related("case", "deadline")
                .order_by("id")[:BATCH]
            )
            outbox.put(message for notice in batch for message in _messages(notice, wanted, now))
            Notice.objects.filter(pk__in=[notice.pk for notice in batch]).update(is_carried=True)
        carried += len(batch)
        if not batch:
            return carried


def _messages(notice: Notice, wanted: Wishes, now: datetime) -> Iterable[outbox.Message]:
    to = Addressee(unit_id=notice.to_unit_id, role=notice.to_role, user_id=notice.to_user_id)
    for person in sorted(wanted.posts.people(to) & wanted.by_person.keys()):
        wish = wanted.by_person[person]
        if not notice.is_statutory and (notice.kind in wish.muted or (wish.only_digest and notice.kind != notices.DIGEST)):
            continue
        for channel, address in wanted.ways(person):
            yield outbox.Message(
                channel=channel,
                user_id=person,
                address_token=cipher.encrypt(address),
                subject=outbox.subject(notice),
                text=outbox.text(notice, channel),
                key=f"n{notice.pk}:{person}:{channel}",
                not_before=after_quiet(wish, now),
            )


def after_quiet(wish: NoticePreference, now: datetime) -> datetime:
    """Now, or the end of the person's quiet hours (which may run over midnight)."""
    if wish.quiet_from is None or wish.quiet_until is None:
        return now
    return _after(wish.quiet_from, wish.quiet_until, now)


def by_daylight(now: datetime) -> datetime:
    """Now, or the next morning: a citizen's telephone does not ring at night."""
    return _after(DAY_UNTIL, DAY_FROM, now)


def _after(quiet_from: time, quiet_until: time, now: datetime) -> datetime:
    local = timezone.localtime(now)
    at = local.time()
    runs_over = quiet_from > quiet_until
    is_quiet = (at >= quiet_from or at < quiet_until) if runs_over else quiet_from <= at < quiet_until
    if not is_quiet:
        return now
    end = local.replace(hour=quiet_until.hour, minute=quiet_until.minute, second=0, microsecond=0)
    return end + timedelta(days=1) if runs_over and at >= quiet_from else end
