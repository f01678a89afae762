"""The environment is read strictly: a mistake stops the start with the variable's name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgres://us%40er:p%2Fw@db.example:5433/name?sslmode=require")
    assert environment.database("X") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "name",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(("given", "queue", "cache"), [("/0", "/0", "/1"), ("", "/0", "/1"), ("/", "/0", "/1"), ("/4", "/4", "/5")])
def test_the_database_that_is_named_and_the_next(monkeypatch: pytest.MonkeyPatch, given, queue, cache) -> None:
    """Two installations on one server: the number of the second was not looked at, and each took the other's jobs."""
    monkeypatch.setenv("X", f"redis://:secret@127.0.0.1:6379{given}")
    assert environment.redis_database("X", 0) == f"redis://:secret@127.0.0.1:6379{queue}"
    assert environment.redis_database("X", 1) == f"redis://:secret@127.0.0.1:6379{cache}"


def test_the_first_key_is_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", f"new:{'ab' * 16},old:{'cd' * 16}")
    ring = environment.keys("X")
    assert list(ring) == ["new", "old"]
    assert ring["old"] == b"\xcd" * 16


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (environment.database, "mysql://x/y"),
        (environment.keys, "k1:abc"),
        (environment.keys, "k1:zz"),
        (environment.keys, f"{'ab' * 16}"),
        (environment.keys, f"a:{'ab' * 16},a:{'cd' * 16}"),
        (environment.required, " "),
        (lambda name: environment.number(name, 1), "five"),
        (environment.flag, "perhaps"),
        (lambda name: environment.redis_database(name, 0), "http://x"),
        (lambda name: environment.redis_database(name, 0), "redis://x/first"),
        (lambda name: environment.hex_bytes(name, "abcd", 32), "abcd"),
    ],
)
def test_a_mistake_names_the_variable(monkeypatch: pytest.MonkeyPatch, read, value) -> None:
    monkeypatch.setenv("WRONG_NAME", value)
    with pytest.raises(ImproperlyConfigured, match="WRONG_NAME"):
        read("WRONG_NAME")


def test_empty_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "")
    assert environment.number("X", 7) == 7
    assert environment.text("X", "d") == "d"
    assert environment.flag("X", True) is True
    assert environment.words("X", "a, b,") == ["a", "b"]
