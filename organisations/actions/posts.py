"""The security administrator's acts: appoint, end a post, set what a role demands (L-SEC-4)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from organisations import access, appointments, clock, directory, handover, rules
from organisations.actions.signing_in import end_sessions
from organisations.models import AccessEntry, Post, RolePolicy, SecondFactor, Unit, User
from organisations.roles import ROLES, Role
from organisations.rules import NotAllowed
from organisations.scope import Scope

Event = AccessEntry.Event


@transaction.atomic
def appoint(*, user_id: int, unit_id: int, role: str, title: str, from_on: date, until_on: date | None, by: Scope) -> Post:
    """Give a person a role at a unit from a date (任职). Their sessions end; matters about that unit are read no longer (L-PET-86).

    Raises NotAllowed.
    """
    user = User.objects.select_for_update().get(pk=user_id, is_clock=False)
    unit = Unit.objects.get(pk=unit_id)
    today = clock.today()
    held = frozenset(Role(r) for r in Post.objects.filter(user=user).exclude(until_on__lt=min(today, from_on)).values_list("role", flat=True))
    rules.check_appointment(held, Role(role), by.roles, to_self=user.id == by.user.id)
    rules.check_period(from_on, until_on)
    if not user.is_active:
        raise NotAllowed("该账号已停用，不能任职。", code="inactive")
    if unit.active_until is not None:
        raise NotAllowed("该单位已撤销，不能任职。", code="unit_closed")
    try:
        with transaction.atomic():
            post = Post.objects.create(user=user, unit=unit, role=role, title=title, from_on=from_on, until_on=until_on, appointed_by=by.user)
    except IntegrityError as error:
        raise NotAllowed("此人在该单位已有同一岗位，任职时间重叠。", code="twice") from error
    appointments.tell(user.id)
    end_sessions([user.id])
    _log(Event.APPOINT, post, by, f"{from_on} 起" + (f"至 {until_on}" if until_on else ""))
    return post


@transaction.atomic
def end(post_id: int, *, until_on: date, ground: str, by: Scope) -> Post:
    """End a post on a day; refused while it would leave open items behind (opening 29). Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SECURITY_ADMIN)
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=post_id)
    today = clock.today()
    if post.user_id == by.user.id:
        raise NotAllowed("不能免去自己的岗位，请由另一名安全管理员办理。", code="self", status=403)
    if post.until_on is not None and post.until_on < today:
        raise NotAllowed("该岗位已经结束。", code="ended")
    rules.check_period(post.from_on, until_on)
    behind = left_behind(post)
    if behind:
        words = "、".join(f"{directory.current().units[unit_id].short_name} {count} 件" for unit_id, count in behind.items())
        raise NotAllowed(f"{post.user.name}还有未办结的事项：{words}。请先由本人、所在单位负责人或县中心移交。", code="open_items")
    check_not_last(post, until_on)
    post.until_on, post.ended_by = until_on, by.user
    post.save(update_fields=["until_on", "ended_by"])
    end_sessions([post.user_id])
    _log(Event.POST_END, post, by, f"至 {until_on}：{ground}")
    return post


def left_behind(post: Post) -> dict[int, int]:
    """Open items by unit which the person could not work on without this post. Counts only: an administrator reads no case."""
    remaining = set(Post.objects.current(clock.today()).filter(user=post.user_id).exclude(pk=post.pk).values_list("unit_id", flat=True))
    return rules.left_behind(handover.open_by_unit(post.user_id), remaining, directory.current().centre_id)


def check_not_last(post: Post, until_on: date) -> None:
    """Whoever can still work on what lies with the unit does not leave as the last one (opening 29). Raises NotAllowed."""
    after = Post.objects.current(until_on + timedelta(days=1)).filter(unit=post.unit_id, user__is_active=True)
    others = set(after.exclude(pk=post.pk).values_list("role", flat=True))
    left = sum(count for receivers, count in handover.needing(post.unit_id, post.role) if not receivers & others)
    if left:
        raise NotAllowed(
            f"{post.unit.short_name}还有 {left} 件未办结，{post.user.name}是最后一名能办理的人。请先任命接替的人，再结束这个岗位。", code="last_one"
        )


@transaction.atomic
def set_policy(role: str, *, second_factor: bool, idle_minutes: int | None, by: Scope) -> RolePolicy:
    """What a role demands of a sign-in. People whom it newly binds must sign in again. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SECURITY_ADMIN)
    facts = ROLES[Role(role)]
    policy, _ = RolePolicy.objects.select_for_update().get_or_create(role=role, defaults={"second_factor": facts.second_factor})
    before = {"动态口令": policy.second_factor, "无操作退出": policy.idle_minutes}
    after = {"动态口令": second_factor, "无操作退出": idle_minutes}
    if before == after:
        return policy
    policy.second_factor, policy.idle_minutes = second_factor, idle_minutes
    policy.save(update_fields=["second_factor", "idle_minutes"])
    holders = list(Post.objects.current(clock.today()).filter(role=role).exclude(user=by.user).values_list("user_id", flat=True))
    if second_factor and not before["动态口令"]:
        bound = set(SecondFactor.objects.filter(user__in=holders, confirmed=True).values_list("user_id", flat=True))
        end_sessions([user_id for user_id in holders if user_id not in bound])
    access.log(
        Event.POLICY,
        user=by.user,
        object_type="role",
        object_id=role,
        object_label=facts.label,
        detail={"before": before, "after": after},
    )
    return policy


def _log(event: AccessEntry.Event, post: Post, by: Scope, ground: str) -> None:
    access.log(
        event,
        user=by.user,
        unit_id=post.unit_id,
        object_type="post",
        object_id=post.id,
        object_label=f"{post.user.name} · {post.unit.short_name} · {post.get_role_display()}",
        ground=ground,
    )
