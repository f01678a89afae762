"""What every request carries: where it came from, who is asking in which posts, and a plain answer to a refusal."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from organisations import clock
from organisations.access import Origin, origin
from organisations.rules import NotAllowed
from organisations.scope import scope_of

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("yimen.requests")


class OriginMiddleware:
    """Puts address, session and request id where the access log and the history find them (L-SEC-6)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key or ""
        request_id = str(uuid.uuid4())
        token = origin.set(
            Origin(
                address=request.META.get("REMOTE_ADDR", ""),
                session=hashlib.sha256(key.encode()).hexdigest()[:16] if key else "",
                request_id=request_id,
            )
        )
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response.headers["X-Request-Id"] = request_id
        return response


class ScopeMiddleware:
    """`request.scope`: the person's posts and readers, computed once and only when asked for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = SimpleLazyObject(lambda: scope_of(request.user, clock.today()))  # type: ignore[attr-defined]
        return self.get_response(request)


class RefusalMiddleware:
    """An act that was refused answers with its own sentence and status; nothing was saved (409, 403, 422)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NotAllowed):
            return None
        log.info("refused %s %s: %s", request.method, request.path, error.code)
        return render(request, "errors/refused.html", {"refusal": error}, status=error.status)
