"""Without Valkey the house goes on: the cache forgets, nobody is signed out, nothing fails."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache, caches
from django.test import Client, override_settings

DEAD = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/1"}}


def test_every_question_is_a_miss() -> None:
    with override_settings(CACHES=DEAD):
        dead = caches["default"]
        dead.set("a", 1)
        dead.set_many({"a": 1})
        assert dead.get("a", "missing") == "missing"
        assert dead.get_many(["a"]) == {}
        assert dead.get_or_set("a", 7) == 7
        assert dead.add("a", 1)
        assert not dead.has_key("a")
        assert not dead.touch("a")
        assert not dead.delete("a")
        dead.delete_many(["a"])
        dead.clear()
        with pytest.raises(ValueError, match="not found"):
            dead.incr("a")


@pytest.mark.django_db
def test_a_living_cache_keeps_what_it_is_given() -> None:
    cache.set("a", 1)
    assert cache.get("a") == 1
    assert cache.incr("a") == 2
    assert not cache.add("a", 5)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("never-set")


@pytest.mark.django_db
def test_a_session_survives_the_loss_of_the_cache(sign_in) -> None:
    client: Client = sign_in("clerk")
    key = client.session.session_key
    with override_settings(CACHES=DEAD):
        assert SessionStore(session_key=key).get("_auth_user_id") is not None
