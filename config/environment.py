"""Reads the process environment for settings.py: one function per shape of value, each failing at start-up with the variable's name."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: see .env.example; `make run` and `make services` set it by themselves")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"1", "0", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes"}


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str) -> dict[str, Any]:
    """postgres://user:password@host:port/name?option=value, percent-encoded; the options go to libpq (sslmode, target_session_attrs …)."""
    url = urlsplit(required(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgres://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
    }


def redis_database(name: str, after: int) -> str:
    """The numbered database `after` places behind the one the address names: redis://…/4 and 1 → redis://…/5; none named is 0.

    The number counts: with two installations on one server the workers of one would take the other's jobs.
    """
    url = urlsplit(required(name))
    if url.scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured(f"{name} must begin with redis:// or rediss://")
    number = url.path.strip("/") or "0"
    if not number.isdecimal():
        raise ImproperlyConfigured(f"{name} must end with the number of a database, as in redis://host:6379/0")
    return url._replace(path=f"/{int(number) + after}").geturl()


def keys(name: str) -> dict[str, bytes]:
    """`kid:hex,kid:hex`, 16 bytes each: the first encrypts, all decrypt (L-SEC-3). Order is kept."""
    ring: dict[str, bytes] = {}
    for pair in required(name).split(","):
        kid, _, digits = pair.strip().partition(":")
        key = hex_bytes(name, digits, 16)
        if not kid or kid in ring:
            raise ImproperlyConfigured(f"{name} needs a different name before each colon")
        ring[kid] = key
    return ring


def hex_bytes(name: str, digits: str, length: int) -> bytes:
    try:
        value = bytes.fromhex(digits)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be hexadecimal") from error
    if len(value) != length:
        raise ImproperlyConfigured(f"{name} must be {length} bytes ({2 * length} hexadecimal digits) long")
    return value


def gateway(name: str) -> dict[str, Any]:
    """X_URL and beside it X_BODY, X_HEADERS (`Name: value`, separated by |) and X_EXPECTS of an HTTP gateway; {} without a URL."""
    url, prefix = text(name), name.removesuffix("_URL")
    if not url:
        return {}
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"{name} must begin with http:// or https://")
    pairs = [line.partition(":") for line in text(f"{prefix}_HEADERS").split("|") if line.strip()]
    if not all(colon for _, colon, _ in pairs):
        raise ImproperlyConfigured(f"{prefix}_HEADERS must read Name: value, separated by |")
    return {
        "url": url,
        "body": text(f"{prefix}_BODY", '{"phone": "{phone}", "text": "{text}", "id": "{key}"}'),
        "headers": {name.strip(): value.strip() for name, _, value in pairs},
        "expects": text(f"{prefix}_EXPECTS"),
    }
