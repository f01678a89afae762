"""The way in to one matter without an account, and out again (L-CLS-10, L-PET-38, L-SEC-8, L-SEC-10).

Unknown, wrong and forbidden are one answer made of one amount of work: the same statements on a row that is always
there, the same keyed comparisons. Tries are counted before anything is looked at (casework.throttle).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Q

from casework import throttle
from casework.models import Case, Party
from organisations import access, cipher, clock, identity
from organisations.models import AccessEntry
from petitions.citizen import person
from petitions.citizen.rules import IDLE, LONGEST, TEXT_CODE_DIGITS, TEXT_CODE_LIFE, TEXT_CODE_TRIES
from petitions.models import Petition, TextCode, Visit

#: One household, one hall machine, one village's shared line; one matter from wherever.
BY_ADDRESS = throttle.Limit("query-address", 40, timedelta(minutes=10))
BY_NUMBER = throttle.Limit("query-number", 10, timedelta(minutes=10))
#: An SMS costs money and disturbs: few to one telephone and on one matter.
SMS_BY_ADDRESS = throttle.Limit("sms-address", 10, timedelta(minutes=30))
SMS_BY_NUMBER = throttle.Limit("sms-number", 3, timedelta(minutes=30))
#: What is compared with when there is nothing; nobody can type it.
NOTHING = "-" * 32
#: People whose numbers open the matter: who brought it, and who speaks for them.
OPENERS = (Party.Position.PETITIONER, Party.Position.REPRESENTATIVE, Party.Position.AGENT)
#: Comparisons made whatever was found: five representatives and an agent, rounded up.
SLOTS = 8


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in. `is_throttled` says only that too much was tried, by whomever."""

    is_throttled: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """Let in: the secret goes to the browser, its hash stays here."""

    secret: str
    number: str


def open_by_code(number: str, code: str, digits: str, *, address: str) -> Opened | Refused:
    """Number and query code, and the last four of the telephone; of the identity number where no telephone is known;
    the code alone where neither is (L-CLS-25, L-PET-32)."""
    number, code, digits = plain_number(number), plain_code(code), plain_digits(digits)
    if not _may_try(BY_ADDRESS, BY_NUMBER, address, number):
        return Refused(is_throttled=True)
    held = _find(number)
    code_fits = hmac.compare_digest(held.code.encode(), code.encode())
    digits_fit = _fits(held, digits)
    if held.is_there & code_fits & digits_fit:
        return _let_in(held, Visit.Way.CODE)
    return Refused()


def plain_number(text: str) -> str:
    """As on the receipt, whatever dashes and widths a telephone's keyboard made of it."""
    folded = identity.normalise_id(text)[:40]
    for dash in "—–－−‐_":
        folded = folded.replace(dash, "-")
    bare = folded.replace("-", "")
    return f"{bare[:6]}-{bare[6:10]}-{bare[10:]}" if bare.isdigit() and len(bare) == 16 else folded


def plain_code(text: str) -> str:
    """Eight characters without blanks and dashes; as long as typed, up to twenty."""
    return "".join(char for char in identity.normalise_id(text) if char.isalnum())[:20]


def plain_digits(text: str) -> str:
    return identity.normalise_id(text)[:8]


@dataclass(frozen=True, slots=True)
class _Held:
    """What the comparisons need; of the stand-in row when the number leads nowhere."""

    is_there: bool
    petition_id: int
    number: str
    code: str
    phones: Sequence[str]
    ids: Sequence[str]
    whole_phones: Sequence[str]


def _may_try(by_address: throttle.Limit, by_number: throttle.Limit, address: str, number: str) -> bool:
    """Both are counted, also when the first is used up: which of them refused is nobody's business."""
    from_address = throttle.within(by_address, address)
    on_number = throttle.within(by_number, number)
    return from_address and on_number


def _find(number: str) -> _Held:
    """Three statements, whether the number is known, protected or neither. A protected matter is not there (L-PET-85, L-CLS-13)."""
    found = Case.objects.filter(number=number, kind="petition", confidential=False).values_list("pk", flat=True).first()
    stand_in = Petition.objects.order_by("pk").values_list("pk", flat=True).first()
    opening = Q(case__parties__position__in=OPENERS)
    row = (
        Petition.objects.filter(pk=found if found is not None else stand_in)
        .annotate(
            phones=ArrayAgg("case__parties__phone_last4_index", filter=opening, default=[]),
            ids=ArrayAgg("case__parties__id_last4_index", filter=opening, default=[]),
            whole_phones=ArrayAgg("case__parties__phone_index", filter=opening, default=[]),
        )
        .values_list("pk", "case__number", "query_code", "phones", "ids", "whole_phones")
        .first()
    )
    if row is None:
        return _Held(False, 0, "", NOTHING, (), (), ())
    pk, own_number, code, phones, ids, whole = row
    return _Held(found is not None, pk, own_number, code, _known(phones), _known(ids), _known(whole))


def _known(indexes: Sequence[str]) -> list[str]:
    return [index for index in indexes if index]


def _fits(held: _Held, digits: str) -> bool:
    """Every comparison is made, and a fixed number of them."""
    phone, last_of_id = cipher.blind_index("phone_last4", digits), cipher.blind_index("id_last4", digits)
    by_phone, by_id = _among(phone, held.phones), _among(last_of_id, held.ids)
    if held.phones:
        return by_phone
    return by_id if held.ids else True


def _among(index: str, known: Sequence[str]) -> bool:
    found = False
    for one in [*known, *[NOTHING] * SLOTS][: max(SLOTS, len(known))]:
        found |= hmac.compare_digest(index, one)  # no short cut: as many comparisons for a hit as for a miss
    return found


def _let_in(held: _Held, way: Visit.Way) -> Opened:
    now, secret = clock.now(), secrets.token_urlsafe(32)
    Visit.objects.create(key=_digest(secret), petition_id=held.petition_id, way=way, opened_at=now, seen_at=now)
    access.log(
        AccessEntry.Event.QUERY,
        user=None,
        user_label=person.LABEL,
        object_type="case",
        object_id=held.petition_id,
        object_label=held.number,
        ground=Visit.Way(way).label,
    )
    return Opened(secret, held.number)


def open_after_submitting(petition: Petition) -> Opened:
    """The browser that has just brought the matter sees it without typing what it is only now told."""
    held = _Held(True, petition.pk, petition.case.number, "", (), (), ())
    return _let_in(held, Visit.Way.SUBMITTED)


# -- a code by SMS -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A code was asked for. `phone` is set only where it is really to be sent; the page says the same either way."""

    secret: str
    key: str
    code: str
    phone: str = ""


def ask_text_code(number: str, phone: str, *, address: str) -> Asked | Refused:
    """A new code for the telephone given at registration; asked for any other number, a row that leads nowhere."""
    number = plain_number(number)
    digits = "".join(char for char in identity.normalise_id(phone) if char.isdigit())[:16]
    if not _may_try(SMS_BY_ADDRESS, SMS_BY_NUMBER, address, number):
        return Refused(is_throttled=True)
    held = _find(number)
    is_known = _among(cipher.blind_index("phone", digits), held.whole_phones) & held.is_there & identity.is_mobile(digits)
    secret, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**TEXT_CODE_DIGITS):0{TEXT_CODE_DIGITS}d}"
    TextCode.objects.create(
        key=_digest(secret),
        petition_id=held.petition_id if is_known else None,
        digest=_text_digest(secret, code),
        at=clock.now(),
    )
    return Asked(secret, _digest(secret), code, digits if is_known else "")


@transaction.atomic
def open_by_text_code(secret: str, code: str) -> Opened | Refused:
    """The code as it came by SMS: minutes, few tries, one use; the row is held while it is judged."""
    typed = "".join(char for char in identity.normalise_id(code) if char.isdigit())[:12]
    row = TextCode.objects.select_for_update(of=("self",)).select_related("petition__case").filter(key=_digest(secret), used_at=None).first()
    if row is None or row.tries >= TEXT_CODE_TRIES or row.at < clock.now() - TEXT_CODE_LIFE:
        return Refused()
    row.tries += 1
    fits = hmac.compare_digest(row.digest, _text_digest(secret, typed))
    petition = row.petition
    if fits and petition is not None and not petition.case.confidential:
        row.used_at = clock.now()
        row.save(update_fields=["tries", "used_at"])
        return _let_in(_Held(True, petition.pk, petition.case.number, "", (), (), ()), Visit.Way.SMS)
    row.save(update_fields=["tries"])
    return Refused()


def _text_digest(secret: str, code: str) -> str:
    return hmac.new(settings.BLIND_INDEX_KEY, f"text-code:{secret}:{code}".encode(), sha256).hexdigest()


# -- the visit -----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inside:
    """A visit that is still alive, to one matter."""

    key: str
    petition_id: int
    number: str
    way: str


def inside(secret: str) -> Inside | None:
    """The visit of this browser, kept alive by being asked for; None when it is over, or the matter became protected."""
    if not secret:
        return None
    now, key = clock.now(), _digest(secret)
    alive = Visit.objects.filter(key=key, seen_at__gt=now - IDLE, opened_at__gt=now - LONGEST)
    if not alive.update(seen_at=now):
        return None
    row = Visit.objects.filter(key=key, petition__case__confidential=False).values_list("petition_id", "petition__case__number", "way").first()
    return Inside(key, *row) if row else None


def leave(secret: str) -> None:
    """«退出»: nothing of the visit remains; the cookie kept by somebody opens nothing."""
    if secret:
        Visit.objects.filter(key=_digest(secret)).delete()


def first_time(visit: Inside, form: UUID) -> bool:
    """Claim a form of this visit; False when it was acted on before. Must run in the act's transaction: whoever clicks twice waits here."""
    row = Visit.objects.select_for_update().filter(key=visit.key).first()
    if row is None or form in row.done:
        return False
    row.done = [*row.done, form][-50:]
    row.save(update_fields=["done"])
    return True


def sweep() -> int:
    """Forget visits and codes that are over. Returns how many rows went."""
    now = clock.now()
    gone = Visit.objects.filter(Q(seen_at__lt=now - IDLE) | Q(opened_at__lt=now - LONGEST)).delete()[0]
    return gone + TextCode.objects.filter(at__lt=now - LONGEST).delete()[0]


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
