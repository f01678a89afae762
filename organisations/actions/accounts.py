"""The system administrator's acts on accounts (L-SEC-3, L-SEC-4), and what a person does to their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from rest_framework.authtoken.models import Token

from organisations import access, clock, handover, passwords, pinyin, rules, shortcuts
from organisations.actions import absences, posts
from organisations.actions.signing_in import end_sessions, needs_second_factor
from organisations.models import AccessEntry, PastPassword, Post, SecondFactor, User
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.scope import Scope

Event = AccessEntry.Event


@transaction.atomic
def create(*, username: str, name: str, staff_number: str, phone: str, by: Scope) -> tuple[User, str]:
    """A new account and its one-time password, which is shown once and kept nowhere. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    if User.objects.filter(username__iexact=username).exists():
        raise NotAllowed("这个登录名已有人使用，请另取一个。", code="username_taken", status=422)
    user = User(username=username, name=name, initials=pinyin.initials(name), staff_number=staff_number, phone=phone)
    word = passwords.one_time()
    user.set_password(word)
    user.save(force_insert=True)
    _log(Event.ACCOUNT, user, by, ground="新建账号")
    return user, word


@transaction.atomic
def amend(user_id: int, *, name: str, staff_number: str, phone: str, by: Scope) -> User:
    """Correct a person's own data. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    user = _locked(user_id)
    before = {"姓名": user.name, "工号": user.staff_number}
    user.name, user.staff_number, user.phone = name, staff_number, phone
    user.initials = pinyin.initials(name)
    user.save(update_fields=["name", "staff_number", "phone", "initials"])
    _log(Event.ACCOUNT, user, by, ground="修改资料", detail={"before": before, "after": {"姓名": name, "工号": staff_number}})
    return user


@transaction.atomic
def deactivate(user_id: int, *, ground: str, by: Scope) -> User:
    """Close an account; refused while open items name the person (opening 29). Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    user = _locked(user_id)
    if user.id == by.user.id:
        raise NotAllowed("不能停用自己的账号，请由另一名系统管理员办理。", code="self", status=403)
    if not user.is_active:
        raise NotAllowed("该账号已经停用。", code="inactive")
    waiting = sum(handover.open_by_unit(user.id).values())
    if waiting:
        raise NotAllowed(f"{user.name}名下还有 {waiting} 件未办结，请先由所在单位负责人或县中心移交，再停用账号。", code="open_items")
    for post in Post.objects.current(clock.today()).filter(user=user).select_related("unit", "user"):
        posts.check_not_last(post, clock.today())
    user.is_active = False
    user.save(update_fields=["is_active"])
    Token.objects.filter(user=user).delete()
    end_sessions([user.id])
    absences.end_with_account(user, by)
    _log(Event.ACCOUNT, user, by, ground=f"停用：{ground}")
    return user


@transaction.atomic
def activate(user_id: int, *, by: Scope) -> tuple[User, str]:
    """Open a closed account again, with a new one-time password. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    user = _locked(user_id)
    if user.is_active:
        raise NotAllowed("该账号正在使用，无需启用。", code="active")
    user.is_active = True
    user.save(update_fields=["is_active"])
    _log(Event.ACCOUNT, user, by, ground="重新启用")
    return user, _one_time(user)


@transaction.atomic
def reset_password(user_id: int, *, by: Scope) -> tuple[User, str]:
    """A new one-time password; every session of the person ends (L-SEC-8, L-SEC-9). Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    user = _locked(user_id)
    if user.id == by.user.id:
        raise NotAllowed("自己的密码请在“个人设置”里修改。", code="self", status=403)
    word = _one_time(user)
    _log(Event.PASSWORD_RESET, user, by)
    return user, word


@transaction.atomic
def reset_second_factor(user_id: int, *, by: Scope) -> User:
    """Forget a lost telephone: the next sign-in enrols a new one where the role demands it. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    user = _locked(user_id)
    if user.id == by.user.id:
        raise NotAllowed("不能解除自己的动态口令，请由另一名系统管理员办理。", code="self", status=403)
    removed, _ = SecondFactor.objects.filter(user=user).delete()
    if not removed:
        raise NotAllowed("该账号没有绑定动态口令。", code="no_device")
    end_sessions([user.id])
    _log(Event.SECOND_FACTOR, user, by, ground="管理员解除绑定")
    return user


def change_password(user: User, *, old: str, new: str) -> User:
    """One's own password. Raises NotAllowed for a wrong old one, ValidationError for an unfit new one."""
    if not user.check_password(old):
        access.log(Event.PASSWORD, user=user, ground="原密码不正确", succeeded=False)
        raise NotAllowed("原密码不正确。", code="wrong_password", status=422)
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        validate_password(new, held)
        _remember(held)
        held.set_password(new)
        held.password_changed_at = timezone.now()
        held.must_change_password = False
        held.save(update_fields=["password", "password_changed_at", "must_change_password"])
        access.log(Event.PASSWORD, user=held, ground="本人修改")
    return held


@transaction.atomic
def offer_second_factor(user: User) -> SecondFactor:
    """The device being set up: one unconfirmed secret at a time, kept until it is confirmed. Raises NotAllowed."""
    if SecondFactor.objects.filter(user=user, confirmed=True).exists():
        raise NotAllowed("已绑定动态口令。更换手机请先解除。", code="enrolled")
    User.objects.select_for_update().get(pk=user.pk)
    device, _ = SecondFactor.objects.get_or_create(user=user, confirmed=False, defaults={"name": "手机", "key": SecondFactor.new_key()})
    return device


def confirm_second_factor(user: User, code: str) -> SecondFactor:
    """The first right code binds the telephone. Raises NotAllowed."""
    device = offer_second_factor(user)
    with transaction.atomic():
        is_right = device.verify_token(code)
        if is_right:
            device.confirmed = True
            device.save()
        access.log(Event.SECOND_FACTOR, user=user, ground="本人绑定" if is_right else "绑定时口令不正确", succeeded=is_right)
    if not is_right:
        raise NotAllowed("动态口令不正确，请核对手机时间后输入新的 6 位数字。", code="wrong_code", status=422)
    return device


@transaction.atomic
def remove_second_factor(by: Scope, password: str) -> None:
    """One's own device, where no role demands one. Raises NotAllowed."""
    if not by.user.check_password(password):
        raise NotAllowed("密码不正确。", code="wrong_password", status=422)
    if needs_second_factor({s.role.value for s in by.standings if s.on_behalf_of_id is None}):
        raise NotAllowed("您的岗位须使用动态口令，不能解除。更换手机请找系统管理员。", code="required", status=403)
    SecondFactor.objects.filter(user=by.user).delete()
    access.log(Event.SECOND_FACTOR, user=by.user, ground="本人解除")


def appearance(user: User, **changes: Any) -> None:
    """Theme, density, single-key shortcuts: a person's own comfort, no log line."""
    fields = {name: value for name, value in changes.items() if name in {"theme", "density", "single_keys"}}
    if fields:
        User.objects.filter(pk=user.pk).update(**fields)


def move_keys(user: User, keys: Mapping[str, str]) -> None:
    """One's own keyboard map, whole (command: key). A person's own comfort, no log line. Raises NotAllowed."""
    if shortcuts.problems(keys):
        raise NotAllowed("快捷键有重复或不能用的，没有保存。", code="keys", status=422)
    User.objects.filter(pk=user.pk).update(keys=shortcuts.changes(keys))


@transaction.atomic
def make_token(by: Scope) -> str:
    """A new key for the interface; the one before it dies. Shown once. Raises NotAllowed."""
    if by.is_admin:
        raise NotAllowed("三员账号不能使用接口令牌。", code="admin", status=403)
    Token.objects.filter(user=by.user).delete()
    token = Token.objects.create(user=by.user)
    access.log(Event.TOKEN, user=by.user, ground="新建接口令牌")
    return token.key


@transaction.atomic
def revoke_token(by: Scope) -> None:
    removed, _ = Token.objects.filter(user=by.user).delete()
    if removed:
        access.log(Event.TOKEN, user=by.user, ground="撤销接口令牌")


@transaction.atomic
def ensure_clock_user() -> User:
    """The one row 系统 that acts for the clock; it cannot sign in."""
    user = User.objects.filter(is_clock=True).first()
    if user is None:
        user = User(username="xitong", name="系统", initials="xt", is_clock=True, is_active=False, must_change_password=False)
        user.set_unusable_password()
        user.save(force_insert=True)
    return user


def _locked(user_id: int) -> User:
    return User.objects.select_for_update().get(pk=user_id, is_clock=False)


def _one_time(user: User) -> str:
    word = passwords.one_time()
    _remember(user)
    user.set_password(word)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    Token.objects.filter(user=user).delete()
    end_sessions([user.id])
    return word


def _remember(user: User) -> None:
    if user.has_usable_password():
        PastPassword.objects.create(user=user, password=user.password)


def _log(event: AccessEntry.Event, user: User, by: Scope, *, ground: str = "", detail: dict[str, Any] | None = None) -> None:
    unit_id = Post.objects.current(clock.today()).filter(user=user).values_list("unit_id", flat=True).first()
    access.log(
        event,
        user=by.user,
        unit_id=unit_id,
        object_type="user",
        object_id=user.id,
        object_label=f"{user.name}（{user.username}）",
        ground=ground,
        detail=detail,
    )
