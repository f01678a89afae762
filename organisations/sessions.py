"""How long a sign-in lives (L-SEC-8): half an hour without a touch, twelve hours in all, and never past a forced end.

The stamps lie in the session itself, which is read from the cache. The last touch is written at most once a minute,
so an ordinary request costs no SQL, and the idle limit is kept to the minute. These are instants of the real clock:
an import that moves `organisations.clock` must not sign anybody out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from organisations.models import User
from organisations.rules import IDLE_MINUTES

_BEGAN = "signed_in_at"
_SEEN = "seen_at"
_IDLE = "idle_seconds"
_ENROL = "must_enrol"
#: Seconds between two writes of the last touch.
_STEP = 60


def begin(session: SessionBase, *, idle_minutes: int, must_enrol: bool) -> None:
    """Stamp a fresh sign-in."""
    moment = timezone.now().timestamp()
    session[_BEGAN] = session[_SEEN] = moment
    session[_IDLE] = idle_minutes * 60
    session[_ENROL] = must_enrol


def ended(session: SessionBase, user: User, moment: datetime) -> str:
    """Why the session is over, in a word for the log, or "" while it lives."""
    began = session.get(_BEGAN)
    if began is None:
        return ""
    if user.signed_out_at is not None and datetime.fromtimestamp(began, UTC) < user.signed_out_at:
        return "岗位、密码或策略变更，须重新登录"
    if moment.timestamp() - began > settings.SESSION_COOKIE_AGE:
        return "登录已满最长时间"
    if moment.timestamp() - session.get(_SEEN, began) > session.get(_IDLE, IDLE_MINUTES * 60) + _STEP:
        return "长时间无操作"
    return ""


def touch(session: SessionBase, moment: datetime) -> None:
    """The person did something; written once a minute."""
    now = moment.timestamp()
    session.setdefault(_BEGAN, now)
    if now - session.get(_SEEN, 0) >= _STEP:
        session[_SEEN] = now


def must_enrol(session: SessionBase) -> bool:
    return bool(session.get(_ENROL))


def enrolled(session: SessionBase) -> None:
    session[_ENROL] = False


def idle_seconds(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the page warns two minutes before the idle limit."""
    session = getattr(request, "session", None)
    return {"session_idle_seconds": session.get(_IDLE, IDLE_MINUTES * 60) if session is not None and request.user.is_authenticated else 0}
