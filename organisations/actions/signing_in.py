"""Signing in and out (L-SEC-3, L-SEC-8). Known and unknown names are answered alike, failures are counted before they are judged."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from organisations import access, clock, roles, rules
from organisations.models import AccessEntry, Post, RolePolicy, SecondFactor, SignInCount, User

Event = AccessEntry.Event


@dataclass(frozen=True, slots=True)
class Answer:
    """`user` when the password (and the code, if one was needed) was right; else `message` says what a person may know."""

    user: User | None = None
    needs_code: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the person's roles demand of the session that begins."""

    idle_minutes: int
    must_enrol: bool


def sign_in(username: str, password: str, code: str = "") -> Answer:
    """Password, and the second factor where the person has one. Writes the log; begins no session itself."""
    key = _key(username)
    known = User.objects.filter(username__iexact=username, is_clock=False).first()
    label = "" if known else f"未知登录名 {username[:2]}…"
    locked = _claim(key)
    if locked:
        access.log(Event.SIGN_IN_FAILED, user=known, user_label=label, ground="锁定期间又试", succeeded=False)
        return Answer(message=_locked_words(locked))
    user = authenticate(username=username, password=password)
    if user is None:
        return _failed(key, known, label, "登录名或密码不正确")
    if not isinstance(user, User):
        raise TypeError("AUTH_USER_MODEL is organisations.User")
    device = second_factor(user)
    if device is not None and not code:
        _give_back(key)
        return Answer(user=user, needs_code=True, message="请输入动态口令。")
    if device is not None and not _is_code(device, code):
        return _failed(key, user, "", "动态口令不正确")
    return _passed(key, user, "密码加动态口令" if device else "密码")


def confirm_code(user: User, code: str) -> Answer:
    """The second step of a sign-in whose password was right a moment ago."""
    key = _key(user.username)
    locked = _claim(key)
    if locked:
        access.log(Event.SIGN_IN_FAILED, user=user, ground="锁定期间又试", succeeded=False)
        return Answer(message=_locked_words(locked))
    device = second_factor(user)
    if not user.is_active or device is None or not _is_code(device, code):
        return _failed(key, user, "", "动态口令不正确")
    return _passed(key, user, "密码加动态口令")


def sign_out(user: User, ground: str = "") -> None:
    access.log(Event.SIGN_OUT, user=user, ground=ground)


def unlock(username: str, by: User | None) -> bool:
    """Let a locked name try again at once. True when it was locked or had failures."""
    known = User.objects.filter(username__iexact=username).first()
    removed, _ = SignInCount.objects.filter(key=_key(username)).delete()
    if removed:
        access.log(
            Event.UNLOCKED,
            user=by,
            user_label="" if by else "命令行",
            object_type="user",
            object_id=known.id if known else "",
            object_label=known.name if known else username,
        )
    return bool(removed)


def locked_until(usernames: list[str], now: datetime) -> dict[str, datetime]:
    """Which of these names are locked, and until when."""
    keys = {_key(name): name for name in usernames}
    rows = SignInCount.objects.filter(key__in=keys, locked_until__gt=now)
    return {keys[row.key]: row.locked_until for row in rows if row.locked_until}


def second_factor(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user, confirmed=True).first()


def needs_second_factor(held: set[str]) -> bool:
    """Whether one of the roles demands a code: the policy row where there is one, the role's own default otherwise."""
    policies = dict(RolePolicy.objects.filter(role__in=held).values_list("role", "second_factor"))
    return any(policies.get(role, roles.ROLES[roles.Role(role)].second_factor) for role in held)


def terms(user: User) -> Terms:
    """Idle limit and enrolment by the roles held today; the strictest wins."""
    held = set(Post.objects.current(clock.today()).filter(user=user).values_list("role", flat=True))
    limits = [n for n in RolePolicy.objects.filter(role__in=held).values_list("idle_minutes", flat=True) if n]
    return Terms(
        idle_minutes=min([rules.IDLE_MINUTES, *limits]),
        must_enrol=second_factor(user) is None and needs_second_factor(held),
    )


def must_change_password(user: User) -> bool:
    return user.must_change_password or rules.password_expired(user.password_changed_at, timezone.now(), settings.PASSWORD_DAYS)


def end_sessions(user_ids: list[int]) -> None:
    """Every session of these people begun before now is dead at its next request (L-SEC-8)."""
    User.objects.filter(id__in=user_ids).update(signed_out_at=timezone.now())


def _key(username: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), username.strip().casefold().encode(), "sha256").hexdigest()


@transaction.atomic
def _claim(key: str) -> datetime | None:
    """Count this try before it is judged, so that parallel guesses cannot exceed the limit. Locked: until when."""
    now = timezone.now()
    SignInCount.objects.bulk_create([SignInCount(key=key, last_at=now)], ignore_conflicts=True)
    count = SignInCount.objects.select_for_update().get(key=key)
    if count.locked_until and count.locked_until > now:
        return count.locked_until
    if count.locked_until or now - count.last_at > rules.LOCK:
        count.failures, count.locked_until = 0, None
    if count.failures >= rules.MAX_FAILURES:
        count.locked_until = now + rules.LOCK
        count.save()
        return count.locked_until
    count.failures += 1
    count.last_at = now
    count.save()
    return None


@transaction.atomic
def _give_back(key: str) -> None:
    """The password was right and the code is still to come: neither a failure nor a success."""
    count = SignInCount.objects.select_for_update().filter(key=key).first()
    if count is not None and count.failures:
        count.failures -= 1
        count.save(update_fields=["failures"])


@transaction.atomic
def _failed(key: str, known: User | None, label: str, words: str) -> Answer:
    count = SignInCount.objects.select_for_update().filter(key=key).first()
    failures = count.failures if count else 1
    access.log(Event.SIGN_IN_FAILED, user=known, user_label=label, ground=words, succeeded=False)
    if count is not None and failures >= rules.MAX_FAILURES:
        count.locked_until = timezone.now() + rules.LOCK
        count.save(update_fields=["locked_until"])
        access.log(Event.LOCKED, user=known, user_label=label, ground=f"连续 {rules.MAX_FAILURES} 次未通过")
        return Answer(message=_locked_words(count.locked_until))
    return Answer(message=f"{words}，还可以再试 {rules.MAX_FAILURES - failures} 次。")


@transaction.atomic
def _is_code(device: SecondFactor, code: str) -> bool:
    """Whether this code opens; from now on it is used. Tries at the same moment wait for each other's row: a code is good once."""
    held = SecondFactor.objects.select_for_update().filter(pk=device.pk).first()
    return held is not None and held.verify_token(code)


def _passed(key: str, user: User, how: str) -> Answer:
    SignInCount.objects.filter(key=key).delete()
    access.log(Event.SIGN_IN, user=user, ground=how)
    return Answer(user=user)


def _locked_words(until: datetime) -> str:
    return f"连续 {rules.MAX_FAILURES} 次没有通过，已锁定到 {timezone.localtime(until):%H:%M}。请到时再试，或请系统管理员解除锁定。"
