"""One message a person and day for those who want it: what is late, what is due today and soon, what is new (preferences).

Made once for each person and day, at the time they chose or as soon as the sweep runs again after it; a day that passed
altogether without the sweep is not made up, because the next digest says all of it again.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from casework import carrying, notices
from casework.addressees import Addressee, staff
from casework.models import NoticePreference
from casework.queries import inbox, lists
from casework.queries.filters import Filters
from organisations import clock
from organisations.scope import Scope, scope_of
from organisations.snapshots import pinned


def sweep() -> int:
    """Make the digests whose time has come today. Returns how many."""
    now = clock.now()
    local = timezone.localtime(now)
    made = 0
    with pinned():
        wishes = carrying.wishes(staff(local.date()))
        while True:
            with transaction.atomic():
                wish = (
                    NoticePreference.objects.select_for_update(skip_locked=True, of=("self",))
                    .select_related("user")
                    .filter(digest_at__lte=local.time(), user__is_active=True)
                    .exclude(digested_on__gte=local.date())
                    .order_by("pk")
                    .first()
                )
                if wish is None:
                    return made
                _make(wish, scope_of(wish.user, local.date()), wishes, now)
                wish.digested_on = local.date()
                wish.save(update_fields=["digested_on"])
                made += 1


def _make(wish: NoticePreference, scope: Scope, wishes: carrying.Wishes, now: datetime) -> None:
    if not scope.readers:
        return
    to = Addressee(user_id=wish.user_id)
    day = timezone.localdate(now)
    line = notices.Line(to=to, kind=notices.DIGEST, text=words(scope, now), key=f"d{wish.user_id}:{day:%y%m%d}", is_carried=not wishes.concern(to))
    notices.insert([line], now)


def words(scope: Scope, now: datetime) -> str:
    """The counts of the person's own worklist, and how much of the inbox is unread."""
    wanted = [Filters(awaiting=True), Filters(lamp="overdue"), Filters(lamp="today"), Filters(lamp="soon")]
    awaiting, overdue, due, soon = (count or 0 for count in lists.counts(scope, wanted))
    return (
        f"{timezone.localtime(now):%-m月%-d日}汇总：待办 {awaiting} 件，超期 {overdue} 件，今日到期 {due} 件，临期 {soon} 件，"
        f"未读消息 {inbox.unread(scope)} 条。"
    )
