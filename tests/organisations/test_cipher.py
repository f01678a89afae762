"""Field encryption and blind indexes: round trip, rotation, damage, separation of kinds (L-SEC-3)."""

import base64
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from organisations import cipher

OLD = {"a1": b"1" * 16}
NEW = {"b2": b"2" * 16}


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.FIELD_KEYS = NEW | OLD
    settings.BLIND_INDEX_KEY = b"3" * 32


def test_the_library_computes_sm4_as_the_standard_says() -> None:
    """GB/T 32907 appendix A: the example block under the example key."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()  # noqa: S305 - one block, against the standard's own example
    assert (encryptor.update(block) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_gcm_is_as_published() -> None:
    """RFC 8998 appendix A.1: SM4-GCM."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    text = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(bytes.fromhex("00001234567800000000abcd"))).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    encryptor.update(text)
    encryptor.finalize()
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@given(st.text(max_size=60))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_encrypted_is_read_back(text: str) -> None:
    token = cipher.encrypt(text)
    assert cipher.decrypt(token) == text
    assert cipher.key_id(token) == cipher.current_key_id() == "b2"
    assert re.fullmatch(r"b2:[A-Za-z0-9+/]+=*", token)


def test_the_same_text_never_gives_the_same_token() -> None:
    assert len({cipher.encrypt("370685190001010017") for _ in range(200)}) == 200


def test_an_older_key_still_reads_and_a_missing_one_is_named(settings: Any) -> None:
    settings.FIELD_KEYS = OLD
    token = cipher.encrypt("13805351234")
    settings.FIELD_KEYS = NEW | OLD
    assert cipher.decrypt(token) == "13805351234"
    settings.FIELD_KEYS = NEW
    with pytest.raises(cipher.UnknownKey, match="a1"):
        cipher.decrypt(token)


def test_another_key_of_the_same_name_is_noticed(settings: Any) -> None:
    token = cipher.encrypt("13805351234")
    settings.FIELD_KEYS = {"b2": b"4" * 16}
    with pytest.raises(cipher.Tampered):
        cipher.decrypt(token)


def test_a_token_cannot_be_relabelled(settings: Any) -> None:
    settings.FIELD_KEYS = {"b2": b"2" * 16, "c3": b"2" * 16}
    body = cipher.encrypt("13805351234").partition(":")[2]
    with pytest.raises(cipher.Tampered):
        cipher.decrypt(f"c3:{body}")


def test_every_changed_byte_is_noticed() -> None:
    kid, _, body = cipher.encrypt("370685190001010017").partition(":")
    sealed = bytearray(base64.b64decode(body))
    for place in range(len(sealed)):
        sealed[place] ^= 1
        with pytest.raises(cipher.Tampered):
            cipher.decrypt(f"{kid}:{base64.b64encode(sealed).decode()}")
        sealed[place] ^= 1


@pytest.mark.parametrize("body", ["", "AAAA", "不是密文", "%%%%", "A"])
def test_rubbish_is_an_error_of_our_own(body: str) -> None:
    with pytest.raises(cipher.CipherError):
        cipher.decrypt(f"b2:{body}")
    with pytest.raises(cipher.CipherError):
        cipher.decrypt(body)


def test_blind_index_is_stable_keyed_and_apart_by_kind(settings: Any) -> None:
    first = cipher.blind_index("id_last4", "1234")
    assert first == cipher.blind_index("id_last4", "1234")
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != cipher.blind_index("phone_last4", "1234")
    assert first != cipher.blind_index("id_last4", "1235")
    settings.BLIND_INDEX_KEY = b"5" * 32
    assert first != cipher.blind_index("id_last4", "1234")
