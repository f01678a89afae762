"""Encryption of single fields with SM4-GCM, and keyed hashes to find them again.

A token reads ``kid:base64(nonce 12 | ciphertext | tag 16)``; the key id is bound as associated
data, so a token cannot be re-labelled. The first key of ``settings.FIELD_KEYS`` (id to 16 bytes) encrypts, all of
them decrypt: rotation means putting a new key in front and re-encrypting at leisure.
Identity and telephone numbers are stored so and never in clear (L-SEC-3, L-CODE-4).
"""

import base64
import hmac
import os
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

_NONCE = 12
_TAG = 16

IndexKind = Literal["id", "id_last4", "phone", "phone_last4"]


class CipherError(Exception):
    """A stored field cannot be read. ``str(error)`` is a Chinese sentence for the log and the screen."""


class UnknownKey(CipherError):
    """The token names a key that the settings do not hold."""


class Tampered(CipherError):
    """The token is damaged, was changed, or was made with another key of the same name."""


@lru_cache(maxsize=8)
def _keys(ring: tuple[tuple[str, bytes], ...]) -> dict[str, algorithms.SM4]:
    """Key objects by id, the current one first."""
    return {kid: algorithms.SM4(key) for kid, key in ring}


def _ring() -> dict[str, algorithms.SM4]:
    return _keys(tuple(settings.FIELD_KEYS.items()))


def encrypt(text: str) -> str:
    """Encrypt with the current key. The same text gives another token each time."""
    return seal(text.encode())


def seal(content: bytes) -> str:
    """The same for bytes that are no text."""
    kid, key = next(iter(_ring().items()))
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(key, modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(kid.encode())
    sealed = nonce + encryptor.update(content) + encryptor.finalize() + encryptor.tag
    return f"{kid}:{base64.b64encode(sealed).decode()}"


def decrypt(token: str) -> str:
    """The text of a token made by ``encrypt``; raises UnknownKey or Tampered."""
    return unseal(token).decode()


def unseal(token: str) -> bytes:
    """The bytes of a token made by ``seal``; raises UnknownKey or Tampered."""
    kid, _, body = token.partition(":")
    key = _ring().get(kid)
    if key is None:
        raise UnknownKey(f"没有编号为“{kid[:16]}”的字段加密密钥，无法读取加密内容。")
    try:
        sealed = base64.b64decode(body, validate=True)
    except ValueError:
        raise Tampered("加密内容已损坏或被改动，无法读取。") from None
    if len(sealed) < _NONCE + _TAG:
        raise Tampered("加密内容已损坏或被改动，无法读取。")
    nonce, text, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
    decryptor = Cipher(key, modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(kid.encode())
    try:
        return decryptor.update(text) + decryptor.finalize()
    except InvalidTag:
        raise Tampered("加密内容已损坏或被改动，无法读取。") from None


def key_id(token: str) -> str:
    """The id of the key that made a token, for finding rows still to be re-encrypted."""
    return token.partition(":")[0]


def current_key_id() -> str:
    """The id of the key that encrypts now."""
    return next(iter(_ring()))


def blind_index(kind: IndexKind, text: str) -> str:
    """32 hex characters: HMAC-SHA256 of a normalised value cut to 16 bytes.

    Equal values of one kind give equal results; kinds never meet. Normalise before calling.
    """
    return hmac.digest(settings.BLIND_INDEX_KEY, f"{kind}\0{text}".encode(), "sha256")[:16].hex()
