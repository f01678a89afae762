"""What a password must be (L-SEC-3): long, mixed, not about the person, not one of the last five."""

from __future__ import annotations

import re
import secrets
from difflib import SequenceMatcher

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from organisations import pinyin
from organisations.models import User

#: Letters and digits that cannot be mistaken for one another when read from a slip of paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_CAPITALS = "ABCDEFGHJKMNPQRSTUVWXYZ"
_DIGITS = "23456789"
#: A piece this long of a name or number inside the password makes it guessable.
_TELLING = 4


class LongEnough:
    def __init__(self, min_length: int = 12) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(f"密码至少 {self.min_length} 位，现在是 {len(password)} 位。", code="password_short")

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 位"


class ThreeOfFourClasses:
    def validate(self, password: str, user: User | None = None) -> None:
        classes = [r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]"]
        if sum(bool(re.search(pattern, password)) for pattern in classes) < 3:
            raise ValidationError("须含小写字母、大写字母、数字、符号中的三类。", code="password_classes")

    def get_help_text(self) -> str:
        return "含小写字母、大写字母、数字、符号中的三类"


class NotThePerson:
    """Not like the name, its pinyin, the login name, the staff number or the telephone; no identity number in it."""

    def validate(self, password: str, user: User | None = None) -> None:
        if re.search(r"\d{11,}", password):
            raise ValidationError("密码里不能有手机号、身份证号。", code="password_number")
        if user is None:
            return
        low = password.lower()
        for word in self._words(user):
            near = SequenceMatcher(a=low, b=word).quick_ratio() >= 0.7
            if word in low or near:
                raise ValidationError("密码不能与姓名、登录名、工号或手机号相近。", code="password_person")

    def _words(self, user: User) -> set[str]:
        spelt = set(pinyin.full(user.name).split())
        own = {user.username.lower(), user.staff_number.lower(), user.phone, user.phone[-8:], *spelt}
        return {word for word in own if len(word) >= _TELLING} | ({user.name} if user.name else set())

    def get_help_text(self) -> str:
        return "不与姓名、登录名、手机号相近"


class NotUsedBefore:
    def __init__(self, remembered: int = 5) -> None:
        self.remembered = remembered

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        past = list(user.past_passwords.order_by("-id").values_list("password", flat=True)[: self.remembered])
        if any(check_password(password, held) for held in {user.password, *past}):
            raise ValidationError(f"不能使用最近 {self.remembered} 次用过的密码。", code="password_used")

    def get_help_text(self) -> str:
        return f"不是最近 {self.remembered} 次用过的"


def one_time() -> str:
    """A password to be read out and changed at once: four groups, about 70 bits."""
    groups = ["".join(secrets.choice(letters) for _ in range(4)) for letters in (_CAPITALS, _LETTERS, _DIGITS, _LETTERS)]
    return "-".join(groups)
