"""Identity numbers, telephone numbers and unit codes: parse, check, normalise, mask.

Pure functions; nothing here reads the clock (``today`` is an argument) or the database.
Sources: L-CODE-1/2/3 (GB 11643), L-CODE-15 (telephone), L-CODE-20 (GB 32100), L-SEC-39 (masking).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_EARLIEST_YEAR = 1900

# First two digits of GB/T 2260. Counties are not checked: old codes stay valid (L-CODE-2).
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_USCC_VALUES = {char: value for value, char in enumerate(_USCC_ALPHABET)}

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_PHONE_PUNCTUATION = re.compile(r"[\s\-()\.·_—–－]+")

MALE = "1"
FEMALE = "2"
UNKNOWN_SEX = "0"


class IdentityError(ValueError):
    """A number a person typed cannot be right.

    ``str(error)`` is a Chinese sentence for the clerk; ``code`` is stable for programs:
    empty, length, old_form, character, region, birth, future, check, phone, name.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A checked 18-character resident identity number and what it says (L-CODE-3)."""

    number: str
    area: str
    born_on: date
    sex: str

    def age_on(self, day: date) -> int:
        """Full years of age on ``day``; ValueError before the birth date."""
        return age_on(self.born_on, day)


def age_on(born_on: date, day: date) -> int:
    """Full years between a birth date and ``day``. Born on 29 February: a year older on 1 March."""
    if day < born_on:
        raise ValueError("日期早于出生日期。")
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _plain(text: str) -> str:
    """Half-width text without blanks and invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf")


# --- resident identity number -----------------------------------------------------------------


def normalise_id(text: str) -> str:
    """The number as it is stored: half-width, no blanks, capital letters. Checks nothing."""
    return _plain(text).upper()


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def parse_id(text: str, *, today: date) -> ResidentId:
    """Check a resident identity number completely; raises IdentityError naming what is wrong."""
    number = normalise_id(text)
    _check_id_shape(number)
    if number[:2] not in _PROVINCES and number[0] != "9":
        raise IdentityError(f"身份证号码前6位地区码“{number[:6]}”不存在，请核对。", "region")
    born_on = _birth_date(number, today)
    expected = check_digit(number[:17])
    if number[17] != expected:
        raise IdentityError("身份证号码校验码不对，请逐位核对号码。", "check")
    sex = MALE if int(number[16]) % 2 else FEMALE
    return ResidentId(number=number, area=number[:6], born_on=born_on, sex=sex)


def _check_id_shape(number: str) -> None:
    if not number:
        raise IdentityError("请填写身份证号码。", "empty")
    if len(number) == 15 and number.isascii() and number.isdigit():
        raise IdentityError("15位旧身份证号码已停止使用，请填写18位号码。", "old_form")
    if len(number) < 18:
        raise IdentityError(f"身份证号码位数不足，应为18位，现为{len(number)}位。", "length")
    if len(number) > 18:
        raise IdentityError(f"身份证号码位数过多，应为18位，现为{len(number)}位。", "length")
    for place, char in enumerate(number, start=1):
        if char in "0123456789" or (char == "X" and place == 18):
            continue
        hint = "，字母X只能在最后一位" if char == "X" else ""
        raise IdentityError(f"身份证号码第{place}位“{char}”不是数字{hint}。", "character")


def _birth_date(number: str, today: date) -> date:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    shown = f"{year}年{month}月{day}日"
    try:
        born_on = date(year, month, day)
    except ValueError:
        raise IdentityError(f"身份证号码中的出生日期不存在：{shown}，请核对第7至14位。", "birth") from None
    if year < _EARLIEST_YEAR:
        raise IdentityError(f"身份证号码中的出生日期早于{_EARLIEST_YEAR}年：{shown}，请核对第7至14位。", "birth")
    if born_on > today:
        raise IdentityError(f"身份证号码中的出生日期晚于今天：{shown}，请核对第7至14位。", "future")
    return born_on


# --- unified social credit code ---------------------------------------------------------------


def uscc_check_digit(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100). KeyError on a bad character."""
    total = sum(_USCC_VALUES[c] * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def parse_uscc(text: str) -> str:
    """The checked, normalised unified social credit code; raises IdentityError."""
    code = _plain(text).upper()
    if not code:
        raise IdentityError("请填写统一社会信用代码。", "empty")
    if len(code) != 18:
        word = "不足" if len(code) < 18 else "过多"
        raise IdentityError(f"统一社会信用代码位数{word}，应为18位，现为{len(code)}位。", "length")
    for place, char in enumerate(code, start=1):
        if char not in _USCC_VALUES:
            raise IdentityError(
                f"统一社会信用代码第{place}位“{char}”不对，代码中没有字母 I、O、S、V、Z。",
                "character",
            )
    if uscc_check_digit(code[:17]) != code[17]:
        raise IdentityError("统一社会信用代码校验码不对，请逐位核对。", "check")
    return code


# --- telephone --------------------------------------------------------------------------------


def normalise_phone(text: str, *, area_code: str = "") -> str:
    """Digits of a mobile (11) or a landline with its area code (10 to 12); raises IdentityError.

    +86 and 0086 are dropped. A local number of 7 or 8 digits gets ``area_code`` (such as "0535")
    in front when one is given and is refused otherwise. Extensions are not part of the number.
    """
    digits = _PHONE_PUNCTUATION.sub("", _plain(text))
    if not digits:
        raise IdentityError("请填写联系电话。", "empty")
    digits = re.sub(r"^(?:\+86|0086)", "", digits)
    if re.match(r"861[3-9]", digits) and len(digits) == 13:
        digits = digits[2:]
    if not (digits.isascii() and digits.isdigit()):
        raise IdentityError("联系电话只能填写数字，分机号请写在备注中。", "character")
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    if _LOCAL.fullmatch(digits) and area_code:
        return area_code + digits
    raise IdentityError(_phone_complaint(digits), "phone")


def _phone_complaint(digits: str) -> str:
    if digits.startswith("1"):
        if len(digits) != 11:
            return f"手机号码应为11位，现为{len(digits)}位。"
        return f"手机号码不能以“{digits[:2]}”开头，请核对。"
    if _LOCAL.fullmatch(digits):
        return "固定电话请加区号，例如 0535-8212345。"
    return "联系电话不对，应为11位手机号码，或带区号的固定电话。"


def is_mobile(digits: str) -> bool:
    """Whether a normalised number can receive a text message."""
    return _MOBILE.fullmatch(digits) is not None


# --- names ------------------------------------------------------------------------------------


def normalise_name(text: str) -> str:
    """A person's name of 2 to 15 characters as stored (L-CODE-16); raises IdentityError.

    Blanks inside a Chinese name are dropped, inside a Latin one collapsed; every middle dot
    becomes U+00B7.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    name = re.sub(r"[•‧∙⋅・･．]", "·", name)
    if not re.search(r"[A-Za-z]", name):
        name = name.replace(" ", "")
    if not name:
        raise IdentityError("请填写姓名。", "empty")
    if len(name) < 2:
        raise IdentityError("姓名至少两个字。", "name")
    limit = 15 if not re.search(r"[A-Za-z]", name) else 50
    if len(name) > limit:
        raise IdentityError(f"姓名过长，最多{limit}个字。", "name")
    for char in name:
        if not (char.isalpha() or char in "·' -."):
            raise IdentityError(f"姓名中不能有“{char}”。", "name")
    return name


# --- masking (L-SEC-39) -----------------------------------------------------------------------


def mask_id(number: str) -> str:
    """First six and last four: ``370685********1234``. Shorter papers keep the last two at most."""
    length = len(number)
    if length >= 15:
        return number[:6] + "*" * (length - 10) + number[-4:]
    if length >= 7:
        return number[:2] + "*" * (length - 4) + number[-2:]
    return "*" * length


def mask_phone(digits: str) -> str:
    """``138****1234``; a landline keeps its area code and last two: ``0535*****45``."""
    if is_mobile(digits):
        return f"{digits[:3]}****{digits[-4:]}"
    length = len(digits)
    if length < 7:
        return "*" * length
    area = 0
    if digits.startswith("0") and length >= 10:
        area = 3 if digits[1] in "12" else 4
    return digits[:area] + "*" * (length - area - 2) + digits[-2:]


def mask_name(name: str) -> str:
    """``张*`` or ``张**``: the first character; two stars at most, so length does not identify."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""
