"""Sign-in, its second step, sign-out, and the page's question whether the session still lives."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisations import rules, sessions
from organisations.actions import signing_in
from organisations.forms.own import CodeForm, SignInForm
from organisations.models import User
from organisations.views.door import safe_next

BACKEND = "django.contrib.auth.backends.ModelBackend"
_PENDING = "awaiting_code"


@login_not_required
@never_cache
@sensitive_post_parameters("password", "otp_token")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if "overlay" in request.GET and request.method == "POST":
        return _overlay(request)
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(wanted)
    form = SignInForm(request.POST or None)
    message = ""
    if request.method == "POST" and form.is_valid():
        answer = signing_in.sign_in(form.cleaned_data["username"], form.cleaned_data["password"])
        if answer.needs_code and answer.user:
            request.session.cycle_key()
            began = {"user": answer.user.pk, "at": timezone.now().timestamp(), "password": answer.user.get_session_auth_hash()}
            request.session[_PENDING] = {**began, "next": wanted}
            return redirect("organisations:sign-in-code")
        if answer.user:
            _begin(request, answer.user)
            return redirect(wanted)
        message = answer.message
    context = {"form": form, "message": message, "next": wanted, "expired": "expired" in request.GET}
    return render(request, "organisations/sign_in.html", context, status=422 if request.method == "POST" else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second factor, within five minutes of the password."""
    pending: dict[str, Any] = request.session.get(_PENDING) or {}
    user = User.objects.filter(pk=pending.get("user", 0), is_active=True).first()
    if user is None or timezone.now().timestamp() - pending["at"] > rules.CODE_WITHIN.total_seconds():
        return redirect("organisations:sign-in")
    if not constant_time_compare(pending.get("password", ""), user.get_session_auth_hash()):  # reset between the two steps
        return redirect("organisations:sign-in")
    form = CodeForm(request.POST or None)
    message = ""
    if request.method == "POST" and form.is_valid():
        answer = signing_in.confirm_code(user, form.cleaned_data["code"])
        if answer.user:
            _begin(request, answer.user)
            return redirect(safe_next(request, pending["next"]))
        message = answer.message
    status = 422 if request.method == "POST" else 200
    return render(request, "organisations/sign_in_code.html", {"form": form, "message": message, "name": user.name}, status=status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        signing_in.sign_out(request.user)
    logout(request)
    answer = redirect("organisations:sign-in")
    # The Back button on a shared desk must not show the pages of whoever sat there.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@never_cache
@require_GET
def keep(request: HttpRequest) -> HttpResponse:
    """204 while the session lives (and a touch), 401 when it does not."""
    return HttpResponse(status=204)


def _overlay(request: HttpRequest) -> HttpResponse:
    """Sign in on top of a page whose session died: the page and what was typed stay (beyond.md 1)."""
    form = SignInForm(request.POST)
    if not form.is_valid():
        return JsonResponse(_reply(request, message="请输入登录名和密码。"), status=422)
    code = request.POST.get("otp_token", "").replace(" ", "")
    answer = signing_in.sign_in(form.cleaned_data["username"], form.cleaned_data["password"], code)
    if answer.user is None or answer.needs_code:
        return JsonResponse(_reply(request, message=answer.message, needs_otp=answer.needs_code or bool(code)), status=422)
    _begin(request, answer.user)
    if signing_in.must_change_password(answer.user) or sessions.must_enrol(request.session):
        words = "密码已到期或须先绑定动态口令：请在新标签页打开“个人设置”办好，再回到本页登录。"
        return JsonResponse(_reply(request, message=words), status=422)
    return JsonResponse(_reply(request, ok=True))


def _reply(request: HttpRequest, *, ok: bool = False, message: str = "", needs_otp: bool = False) -> dict[str, Any]:
    return {"ok": ok, "csrf": get_token(request), "needs_otp": needs_otp, "message": message}


def _begin(request: HttpRequest, user: User) -> None:
    terms = signing_in.terms(user)
    login(request, user, backend=BACKEND)
    request.session.pop(_PENDING, None)
    sessions.begin(request.session, idle_minutes=terms.idle_minutes, must_enrol=terms.must_enrol)
