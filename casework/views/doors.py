"""The door to business pages: the three administrators manage the system and have nothing to read here (L-SEC-4)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from casework.rules import NO_BUSINESS, NotAllowed
from organisations.roles import Role

View = Callable[..., HttpResponseBase]


def business(view: View) -> View:
    """Refuse an administrator with 403. Their scope shows no case anyhow; this says why."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.scope.is_admin:  # type: ignore[attr-defined]
            raise NotAllowed(NO_BUSINESS, code="no_cases", status=403)
        return view(request, *args, **kwargs)

    return guarded


def console(role: Role) -> Callable[[View], View]:
    """The view exists for holders of one administrator role only; for everybody else there is no such page (L-SEC-4)."""

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if role not in request.scope.roles:  # type: ignore[attr-defined]
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return gate
