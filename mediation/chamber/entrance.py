"""The way in to one conversation without an account (L-SEC-8, L-SEC-10), and out again.

Unknown and wrong are one answer made of the same work. Tries are counted before anything is looked at.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from casework import throttle
from mediation.chamber.rules import IDLE, LONGEST, plain_code, plain_number
from mediation.models import ChamberVisit, Conversation
from organisations import access, clock
from organisations.models import AccessEntry

BY_ADDRESS = throttle.Limit("chamber-address", 40, timedelta(minutes=10))
BY_NUMBER = throttle.Limit("chamber-number", 10, timedelta(minutes=10))
#: What the access log writes for somebody who has no account.
LABEL = "群众（掌上调解室）"
#: Without 0, 1, I, L, O: read aloud and copied by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
#: What is compared with when there is nothing; no code hashes to it.
NOTHING = "-" * 64


class TooOften(Exception):
    """Too much was tried, by whomever."""


def code_of(form: UUID, browser: str) -> str:
    """The code that goes with one form of one browser. Sent twice it is the same; without this house's secret nobody can count it."""
    digest = hmac.new(settings.BLIND_INDEX_KEY, f"chamber-code:{form}:{browser}".encode(), sha256).digest()
    value, letters = int.from_bytes(digest, "big"), []
    for _ in range(CODE_LENGTH):
        value, rest = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def hashed(number: str, code: str) -> str:
    return hmac.new(settings.BLIND_INDEX_KEY, f"chamber:{number}:{code}".encode(), sha256).hexdigest()


def fresh_code() -> str:
    """A code nobody had before, for who lost the first one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def open_by_code(number: str, code: str, *, address: str) -> str | None:
    """The secret of a new visit, or None. Raises TooOften."""
    number, code = plain_number(number), plain_code(code)
    if not all([throttle.within(BY_ADDRESS, address), throttle.within(BY_NUMBER, number)]):
        raise TooOften
    row = Conversation.objects.filter(number=number).values_list("pk", "number", "code_hash").first()
    pk, own_number, held = row or (0, number, NOTHING)
    if not hmac.compare_digest(held, hashed(own_number, code)):
        return None
    return let_in(pk, own_number)


def let_in(conversation_id: int, number: str) -> str:
    """The browser's secret; its hash stays here."""
    now, secret = clock.now(), secrets.token_urlsafe(32)
    ChamberVisit.objects.create(key=_digest(secret), conversation_id=conversation_id, opened_at=now, seen_at=now)
    access.log(AccessEntry.Event.QUERY, user=None, user_label=LABEL, object_type="chamber", object_id=conversation_id, object_label=number)
    return secret


def inside(secret: str) -> int | None:
    """The conversation this browser was let in to, kept alive by being asked for; None when the visit is over."""
    if not secret:
        return None
    now, key = clock.now(), _digest(secret)
    alive = ChamberVisit.objects.filter(key=key, seen_at__gt=now - IDLE, opened_at__gt=now - LONGEST)
    if not alive.update(seen_at=now):
        return None
    return ChamberVisit.objects.filter(key=key).values_list("conversation_id", flat=True).first()


def leave(secret: str) -> None:
    if secret:
        ChamberVisit.objects.filter(key=_digest(secret)).delete()


def sweep() -> int:
    """Forget visits that are over. Returns how many."""
    now = clock.now()
    return ChamberVisit.objects.filter(Q(seen_at__lt=now - IDLE) | Q(opened_at__lt=now - LONGEST)).delete()[0]


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
