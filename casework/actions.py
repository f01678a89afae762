"""What people do around their work: saved views, inbox marks, follows, exports on record. They change no case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction

from casework import viewings
from casework.models import Case, Notice, SavedView
from casework.queries import inbox
from casework.queries.filters import Filters
from casework.rules import NotAllowed
from organisations import access, clock
from organisations.models import AccessEntry, User
from organisations.roles import Role
from organisations.scope import Scope

#: Views a person or a unit may keep, so that the row of tabs stays readable.
MOST_VIEWS = 20
#: Rows one export may hold.
MOST_EXPORTED = 200_000
#: Exports an hour by role; the most generous of a person's roles counts (L-SEC-7).
EXPORTS_PER_HOUR = {Role.AUDITOR: 60, Role.OFFICE: 60, Role.LEADER: 30, Role.HEAD: 30}
EXPORTS_PER_HOUR_OTHERS = 20
#: As long as a telephone number or longer: not a case number, whose parts are parted by dashes.
_LONG_NUMBER = re.compile(r"\d{10,}[0-9Xx]")


# -- saved views ------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_view(*, name: str, filters: Filters, for_unit: bool, by: Scope) -> SavedView:
    """Keep the present filter under a name, for oneself or for one's unit. Raises NotAllowed."""
    unit_id = by.home.unit_id if for_unit and by.home else None
    if for_unit and unit_id is None:
        raise NotAllowed("您没有任职单位，不能存为单位视图。", code="no_unit", status=422)
    owner = {"unit_id": unit_id} if for_unit else {"user": by.user}
    if SavedView.objects.filter(**owner).count() >= MOST_VIEWS:
        raise NotAllowed(f"最多保存 {MOST_VIEWS} 个视图，请先删除不用的。", code="too_many", status=422)
    query = filters.query()
    if len(query) > SavedView._meta.get_field("query").max_length:  # type: ignore[operator]
        raise NotAllowed("筛选条件太长，存不下，请减少几项。", code="too_long", status=422)
    return _write(SavedView(name=name, query=query, **owner))


@transaction.atomic
def rename_view(pk: int, *, name: str, by: Scope) -> SavedView:
    """Give the view another name. Raises NotAllowed."""
    view = _own_view(pk, by)
    view.name = name
    return _write(view)


@transaction.atomic
def pin_view(pk: int, *, is_pinned: bool, by: Scope) -> SavedView:
    """Put the view on the home page, or take it off. Raises NotAllowed."""
    view = _own_view(pk, by)
    view.is_pinned = is_pinned
    return _write(view)


@transaction.atomic
def delete_view(pk: int, *, by: Scope) -> str:
    """Throw the view away and return its name. Raises NotAllowed."""
    view = _own_view(pk, by)
    name = view.name
    view.delete()
    return name


def _own_view(pk: int, by: Scope) -> SavedView:
    """The view if it is the person's or of a unit they hold a post at. Raises SavedView.DoesNotExist (404 at the doors)."""
    view = SavedView.objects.select_for_update().get(pk=pk)
    if view.user_id != by.user.id and view.unit_id not in by.unit_ids:
        raise SavedView.DoesNotExist
    return view


def _write(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NotAllowed(f"已有名为“{view.name}”的视图，请换一个名称。", code="name_taken", status=422) from error
    return view


# -- inbox and follows ------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark_read(ids: Sequence[int] | None, *, by: Scope) -> int:
    """Mark one's new notices as read, all of them with None; a unit's notice is read for the whole unit. Returns how many."""
    mine = inbox.unread_ids(by, ids)
    return Notice.objects.filter(pk__in=mine, read_at=None).update(read_at=clock.now(), read_by=by.user)


@transaction.atomic
def follow(number: str, *, by: Scope) -> Case:
    """Keep an eye on a case. Twice is once. Raises Case.DoesNotExist outside the scope."""
    case = Case.objects.visible_to(by).get(number=number)
    viewings.follow(case, by.user, clock.now())
    return case


def without_numbers(text: str) -> str:
    """The words of a filter without an identity or telephone number somebody may have typed: the log holds masked values only."""
    return _LONG_NUMBER.sub(lambda found: "*" * (len(found[0]) - 4) + found[0][-4:], text)


# -- exports ----------------------------------------------------------------------------------------------------------------------------


def one_at_a_time(by: Scope) -> None:
    """Two clicks of one person come one after the other, so that the second sees what the first made.

    Rows that name the person as their author may be written meanwhile: the key of the row is not locked.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.user.pk)


def check_pace(by: Scope) -> None:
    """So many exports an hour by role, not more (L-SEC-7). Raises NotAllowed."""
    most = max((EXPORTS_PER_HOUR.get(role, EXPORTS_PER_HOUR_OTHERS) for role in by.roles), default=EXPORTS_PER_HOUR_OTHERS)
    recent = AccessEntry.objects.filter(user=by.user, event=AccessEntry.Event.EXPORT).order_by("-id").values_list("at", flat=True)[:most]
    if len([at for at in recent if at > clock.now() - timedelta(hours=1)]) >= most:
        raise NotAllowed(f"一小时内最多导出 {most} 次，请稍后再试。", code="too_often", status=429)


@transaction.atomic
def export(*, form: str, words: str, query: str, count: int, by: Scope) -> AccessEntry:
    """Put an export on record before a byte of it leaves (L-SEC-7). Raises NotAllowed: too many rows, or too often."""
    if by.is_admin or not by.readers:
        raise NotAllowed("您的岗位不能查看或导出案件。", code="no_cases", status=403)
    if count > MOST_EXPORTED:
        raise NotAllowed(f"超过 {MOST_EXPORTED // 10_000} 万行，请缩小筛选范围后分次导出。", code="too_many_rows", status=422)
    check_pace(by)
    return access.log(
        AccessEntry.Event.EXPORT,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="case_list",
        object_label=without_numbers(words),
        detail={"form": form, "query": without_numbers(query), "rows": count},
    )
