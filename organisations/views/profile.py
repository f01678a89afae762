"""One's own settings: data, password, second factor, appearance, interface key, recent sign-ins."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from rest_framework.authtoken.models import Token

from organisations import clock, qr, sessions, shortcuts
from organisations.actions import accounts, signing_in
from organisations.forms.own import AppearanceForm, CodeForm, KeysForm, PasswordForm, RemoveFactorForm
from organisations.models import User
from organisations.queries import people
from organisations.rules import NotAllowed
from organisations.views.door import scope


@never_cache
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    return _profile(request)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    user = _person(request)
    first = signing_in.must_change_password(user)
    if request.method == "POST" and form.is_valid():
        try:
            changed = accounts.change_password(user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except NotAllowed as refusal:
            form.add_error("old", refusal.message)
        except ValidationError as error:
            form.add_error("new", error)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, "密码已修改。其他地方的登录已全部退出。")
            return redirect("/" if first else "organisations:profile")
    context = {"form": form, "active": "profile", "first": first}
    return render(request, "organisations/password.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Bind a telephone: scan, type the first code."""
    user = _person(request)
    if signing_in.second_factor(user) is not None:
        return redirect("organisations:profile")
    device = accounts.offer_second_factor(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.confirm_second_factor(user, form.cleaned_data["code"])
        except NotAllowed as refusal:
            form.add_error("code", refusal.message)
        else:
            sessions.enrolled(request.session)
            messages.success(request, "动态口令已绑定，下次登录时使用。")
            return redirect("organisations:profile")
    context = {"form": form, "active": "profile", "secret": _grouped(device.config_url), "must": sessions.must_enrol(request.session)}
    return render(request, "organisations/second_factor.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_GET
def second_factor_code(request: HttpRequest) -> HttpResponse:
    """The QR code as a picture of its own address, so that no page needs inline data (CSP)."""
    device = accounts.offer_second_factor(_person(request))
    return HttpResponse(qr.svg(device.config_url), content_type="image/svg+xml")


@sensitive_post_parameters()
@require_POST
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    form = RemoveFactorForm(request.POST)
    if not form.is_valid():
        return _profile(request, remove=form, status=422)
    try:
        accounts.remove_second_factor(scope(request), form.cleaned_data["password"])
    except NotAllowed as refusal:
        form.add_error("password", refusal.message)
        return _profile(request, remove=form, status=refusal.status)
    messages.success(request, "已解除动态口令。")
    return redirect("organisations:profile")


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    form = AppearanceForm(request.POST)
    if not form.is_valid():
        return HttpResponse("没有这个选项。", status=422, content_type="text/plain; charset=utf-8")
    accounts.appearance(_person(request), **form.changes())
    if "X-Requested-With" in request.headers or "from_page" not in request.POST:
        return HttpResponse(status=204)
    messages.success(request, "显示设置已保存。")
    return redirect("organisations:profile")


@never_cache
@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """One's own keyboard map, all of it at once."""
    form = KeysForm(request.POST)
    if not form.is_valid():
        return _profile(request, keys=form, status=422)
    accounts.move_keys(_person(request), form.cleaned_data)
    messages.success(request, "快捷键已保存，各页面都按新键。")
    return redirect("organisations:profile")


@require_POST
def standard_keys(request: HttpRequest) -> HttpResponse:
    accounts.move_keys(_person(request), shortcuts.keys_of({}))
    messages.success(request, "快捷键已恢复标准。")
    return redirect("organisations:profile")


@never_cache
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    return _profile(request, new_token=accounts.make_token(scope(request)))


@require_POST
def revoke_token(request: HttpRequest) -> HttpResponse:
    accounts.revoke_token(scope(request))
    messages.success(request, "接口令牌已撤销，用它的程序不能再访问。")
    return redirect("organisations:profile")


def _profile(
    request: HttpRequest, *, remove: RemoveFactorForm | None = None, keys: KeysForm | None = None, new_token: str = "", status: int = 200
) -> HttpResponse:
    user = _person(request)
    today = clock.today()
    context = {
        "active": "profile",
        "posts": people.units_of([user.id], today).get(user.id, []),
        "device": signing_in.second_factor(user),
        "remove": remove or RemoveFactorForm(),
        "appearance": AppearanceForm(initial={"theme": user.theme, "density": user.density, "single_keys": "on" if user.single_keys else "off"}),
        "keys": keys or KeysForm(initial={code: shortcuts.shown(key) for code, key in shortcuts.keys_of(user.keys).items()}),
        "token": Token.objects.filter(user=user).first(),
        "new_token": new_token,
        "sign_ins": people.recent_sign_ins(user.id),
        "absences": people.absences([user.id], today),
        "substitutions": people.substitutions(user.id, today),
    }
    return render(request, "organisations/profile.html", context, status=status)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("a signed-in person")
    return request.user


def _grouped(config_url: str) -> str:
    """The secret for typing it in by hand, in groups of four."""
    secret = config_url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
