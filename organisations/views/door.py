"""What the doors of this app share: who may open a console, and where to go back to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from organisations.roles import Role
from organisations.scope import Scope

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def scope(request: HttpRequest) -> Scope:
    return request.scope  # type: ignore[attr-defined]


def console(role: Role) -> Callable[[View[P]], View[P]]:
    """The view exists for holders of one administrator role only; for everybody else there is no such page (L-SEC-4)."""

    def gate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if role not in scope(request).roles:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return gate


def safe_next(request: HttpRequest, wanted: str | None) -> str:
    """The page to go on to: of this server, not the sign-in itself; else the front page."""
    if (
        wanted
        and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        and not wanted.startswith("/sign-")
    ):
        return wanted
    return "/"


def whole(value: Any) -> int | None:
    """A whole number from an address, or None."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
