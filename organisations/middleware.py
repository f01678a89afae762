"""What every request carries: where it came from, who is asking in which posts, whether the sign-in still lives, and a plain answer to a refusal."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from organisations import access, clock, problems, sessions
from organisations.access import Origin, origin
from organisations.actions import signing_in
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import scope_of

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("yimen.requests")


class PlainTextMiddleware:
    """No NUL anywhere in an address or a form: PostgreSQL holds none, and no keyboard types one. 400 instead of an error from below."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or _has_nul(request.GET):
            return self._refused(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        return self._refused(request) if request.method == "POST" and _has_nul(request.POST) else None

    def _refused(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return problems.response(400, "invalid", "内容里有不能保存的字符。")
        return HttpResponse(get_template("400.html").render(), status=400)  # before anybody is known: nothing of the frame


def _has_nul(data: QueryDict) -> bool:
    return any("\x00" in text for name, values in data.lists() for text in (name, *values))


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
        request.scope = SimpleLazyObject(lambda: scope_of(request.user, clock.today()))  # type: ignore[attr-defined,arg-type]
        return self.get_response(request)


class SessionLimitMiddleware:
    """Ends a sign-in that is over (L-SEC-8) and sends a person who must first change the password or enrol there.

    A request that a page makes by itself (header X-Background) does not count as somebody being there.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        now = timezone.now()
        why = sessions.ended(request.session, user, now)
        if why:
            signing_in.sign_out(user, why)
            logout(request)
            return self.get_response(request)
        if "X-Background" not in request.headers:
            sessions.touch(request.session, now)
        first = _first(request)
        if first and request.path not in _ALWAYS and not request.path.startswith(first):
            return _sent_to(request, first)
        return self.get_response(request)


#: Open to a person who must change the password or enrol first.
_ALWAYS = frozenset({"/sign-in/", "/sign-in/code/", "/sign-out/", "/session/keep/", "/healthz"})


def _first(request: HttpRequest) -> str:
    if signing_in.must_change_password(request.user):  # type: ignore[arg-type]
        return reverse("organisations:password")
    if sessions.must_enrol(request.session):
        return reverse("organisations:second-factor")
    return ""


def _sent_to(request: HttpRequest, url: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.response(403, "sign_in_incomplete", "请先在网页上修改密码或绑定动态口令。")
    if _is_partial(request):
        return HttpResponse(status=403, headers={"HX-Redirect": url})
    return redirect(url)


def _is_partial(request: HttpRequest) -> bool:
    """Made by a script of the page, not by the browser going somewhere."""
    headers = request.headers
    return "HX-Request" in headers or "X-Requested-With" in headers or headers.get("Sec-Fetch-Mode", "navigate") not in ("navigate", "")


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Everything is closed unless a view says otherwise. A script gets 401 and keeps its page; a browser goes to sign in."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if _is_partial(request):
            return HttpResponse("登录已超时，请重新登录。", status=401, content_type="text/plain; charset=utf-8", headers={"X-Session-Expired": "1"})
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        # A form whose session died comes back to its page, not to the address it was sent to.
        page = urlsplit(request.headers.get("Referer", ""))
        back = page.path if page.netloc == request.get_host() else "/"
        return redirect(f"{resolve_url(self.get_login_url(view_func))}?next={back}&expired=1")


class DeniedMiddleware:
    """A signed-in person's 403 and 404 on an address that exists are tries at what is not theirs (L-SEC-6)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match: Any = request.resolver_match
        if response.status_code in (403, 404) and match is not None and request.user.is_authenticated:
            home = request.scope.home  # type: ignore[attr-defined]
            access.log(
                AccessEntry.Event.DENIED,
                user=request.user,
                unit_id=home.unit_id if home else None,
                object_type="url",
                object_id=str(next(iter(match.kwargs.values()), ""))[:40],
                object_label=f"{request.method} {request.path}",
                ground=str(response.status_code),
                succeeded=False,
            )
        return response


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
