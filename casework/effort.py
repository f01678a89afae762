"""A proof of effort in place of a picture puzzle (L-SEC-10): the browser counts until a hash begins with enough zero bits.

A person does not notice the second it takes; somebody who sends ten thousand forms does. No JavaScript, no proof: the
form goes in all the same, under a narrower limit. A proof is good once and for an afternoon; that it was used is one try
counted by the brake, which outlives the token.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core import signing

from casework import throttle

#: Leading zero bits: about 130,000 hashes, under a second on a plain telephone.
BITS = 17
LIFE = timedelta(hours=6)
_SALT = "yimen.effort"
#: One use while the token can be shown; kept longer than the token lives.
_ONCE = throttle.Limit("effort", 1, LIFE + LIFE)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the page carries: the signed token goes back with the form, the worker needs the nonce and the bits."""

    token: str
    nonce: str
    bits: int


def challenge() -> Challenge:
    nonce = secrets.token_hex(12)
    return Challenge(signing.dumps([nonce, BITS], salt=_SALT), nonce, BITS)


def is_proof(nonce: str, bits: int, answer: str) -> bool:
    """SHA-256 of «nonce:answer» begins with so many zero bits."""
    digest = sha256(f"{nonce}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def spend(token: str, answer: str) -> bool:
    """Whether this is a good proof that nobody has used; from now on it is used."""
    try:
        nonce, bits = signing.loads(token, salt=_SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    if not (answer.isascii() and answer.isdigit() and len(answer) < 20 and is_proof(nonce, bits, answer)):
        return False
    return throttle.within(_ONCE, nonce)
