"""The system administrator's console of accounts. A one-time password is shown once, on the page that answers the act."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisations import clock, directory, handover
from organisations.actions import accounts, signing_in
from organisations.forms.consoles import AccountForm, GroundForm, PersonForm
from organisations.models import User
from organisations.queries import people
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.views.door import console, scope

_gate = console(Role.SYSTEM_ADMIN)
SHOWS = {"": "在用", "inactive": "已停用", "locked": "已锁定"}


@_gate
@require_GET
def accounts_list(request: HttpRequest) -> HttpResponse:
    words, show, after = request.GET.get("q", ""), request.GET.get("show", ""), request.GET.get("after", "")
    found = people.people(words).filter(is_active=show != "inactive")
    if after:
        found = found.filter(username__gt=after)
    rows = list(found[: people.PAGE + 1])
    more, rows = len(rows) > people.PAGE, rows[: people.PAGE]
    locked = signing_in.locked_until([user.username for user in (found if show == "locked" else rows)], timezone.now())
    if show == "locked":
        rows, more = [user for user in found if user.username in locked], False
    posts = people.units_of([user.id for user in rows], clock.today())
    context = {
        "active": "people",
        "q": words,
        "show": show,
        "shows": SHOWS,
        "rows": [(user, posts.get(user.id, []), locked.get(user.username)) for user in rows],
        "next": rows[-1].username if more else "",
    }
    return render(request, "organisations/accounts.html", context)


@_gate
@never_cache
@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, word = accounts.create(**form.cleaned_data, by=scope(request))
        except NotAllowed as refusal:
            form.add_error("username", refusal.message)
        else:
            return _once(request, user, word, "账号已建好")
    return render(request, "organisations/account_new.html", {"active": "people", "form": form}, status=422 if form.errors else 200)


@_gate
@never_cache
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id, is_clock=False)
    form = PersonForm(request.POST or None, initial={"name": user.name, "staff_number": user.staff_number, "phone": user.phone})
    if request.method == "POST" and form.is_valid():
        accounts.amend(user_id, **form.cleaned_data, by=scope(request))
        messages.success(request, "资料已保存。")
        return redirect("organisations:account", user_id)
    return _account(request, user, form, status=422 if form.errors else 200)


@_gate
@require_POST
def account_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id, is_clock=False)
    ground = GroundForm(request.POST)
    if ground.is_valid():
        try:
            accounts.deactivate(user_id, ground=ground.cleaned_data["ground"], by=scope(request))
        except NotAllowed as refusal:
            ground.add_error(None, refusal.message)
            return _account(request, user, None, ground=ground, status=refusal.status)
        messages.success(request, f"{user.name}的账号已停用。")
        return redirect("organisations:account", user_id)
    return _account(request, user, None, ground=ground, status=422)


@_gate
@never_cache
@require_POST
def account_activate(request: HttpRequest, user_id: int) -> HttpResponse:
    get_object_or_404(User, pk=user_id, is_clock=False)
    user, word = accounts.activate(user_id, by=scope(request))
    return _once(request, user, word, "账号已重新启用")


@_gate
@never_cache
@require_POST
def account_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    get_object_or_404(User, pk=user_id, is_clock=False)
    user, word = accounts.reset_password(user_id, by=scope(request))
    return _once(request, user, word, "密码已重置")


@_gate
@require_POST
def account_unlock(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id, is_clock=False)
    done = signing_in.unlock(user.username, by=scope(request).user)
    messages.success(request, "已解除锁定。" if done else "该账号没有被锁定。")
    return redirect("organisations:account", user_id)


@_gate
@require_POST
def account_reset_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    get_object_or_404(User, pk=user_id, is_clock=False)
    user = accounts.reset_second_factor(user_id, by=scope(request))
    messages.success(request, f"{user.name}的动态口令已解除，下次登录时重新绑定。")
    return redirect("organisations:account", user_id)


def _account(request: HttpRequest, user: User, form: PersonForm | None, *, ground: GroundForm | None = None, status: int = 200) -> HttpResponse:
    tree = directory.current()
    context = {
        "active": "people",
        "person": user,
        "form": form or PersonForm(initial={"name": user.name, "staff_number": user.staff_number, "phone": user.phone}),
        "ground": ground or GroundForm(),
        "posts": people.units_of([user.id], clock.today()).get(user.id, []),
        "device": signing_in.second_factor(user),
        "locked": signing_in.locked_until([user.username], timezone.now()).get(user.username),
        # Counts by unit and no more: an administrator reads no case (L-SEC-4).
        "waiting": [(tree.units[unit_id].short_name, count) for unit_id, count in handover.open_by_unit(user.id).items()],
    }
    return render(request, "organisations/account.html", context, status=status)


def _once(request: HttpRequest, user: User, word: str, title: str) -> HttpResponse:
    return render(request, "organisations/account_once.html", {"active": "people", "person": user, "word": word, "title": title})
