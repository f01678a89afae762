"""The security administrator's console: posts, what a role demands, absences."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisations import clock, directory
from organisations.actions import posts
from organisations.forms.consoles import EndPostForm, PolicyForm, PostForm, PostSearchForm
from organisations.models import Post, RolePolicy
from organisations.queries import people
from organisations.roles import ROLES, Role
from organisations.rules import IDLE_MINUTES, NotAllowed
from organisations.views.door import console, scope, whole

_gate = console(Role.SECURITY_ADMIN)


@_gate
@require_GET
def posts_list(request: HttpRequest) -> HttpResponse:
    form = PostSearchForm(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    today = clock.today()
    found = people.posts(
        words=given.get("q", ""), unit_id=given.get("unit"), role=given.get("role", ""), ended=given.get("ended", False), today=today
    )
    start = whole(request.GET.get("page")) or 0
    rows = list(found[start * people.PAGE : (start + 1) * people.PAGE + 1])
    query = request.GET.copy()
    query["page"] = str(start + 1)
    context = {
        "active": "posts",
        "form": form,
        "rows": rows[: people.PAGE],
        "next": f"?{query.urlencode()}" if len(rows) > people.PAGE else "",
        "today": today,
    }
    return render(request, "organisations/posts.html", context)


@_gate
@require_http_methods(["GET", "POST"])
def post_new(request: HttpRequest) -> HttpResponse:
    form = PostForm(request.POST or None, initial={"user_id": whole(request.GET.get("person")), "unit_id": whole(request.GET.get("unit"))})
    if request.method == "POST" and form.is_valid():
        try:
            post = posts.appoint(**form.cleaned_data, by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已任职：{post.user.name}，{post.unit.short_name} {post.get_role_display()}。")
            return redirect("organisations:posts")
    return render(request, "organisations/post_new.html", {"active": "posts", "form": form}, status=422 if form.errors else 200)


@_gate
@require_http_methods(["GET", "POST"])
def post_end(request: HttpRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("user", "unit"), pk=post_id)
    form = EndPostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            posts.end(post_id, **form.cleaned_data, by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{post.user.name}的岗位到期日已登记。")
            return redirect("organisations:posts")
    tree = directory.current()
    context = {
        "active": "posts",
        "post": post,
        "form": form,
        "waiting": [(tree.units[unit_id].short_name, count) for unit_id, count in posts.left_behind(post).items()],
    }
    return render(request, "organisations/post_end.html", context, status=422 if form.errors else 200)


@_gate
@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    return _policies(request)


@_gate
@require_POST
def policy(request: HttpRequest, role: str) -> HttpResponse:
    form = PolicyForm(request.POST, prefix=get_role(role).value)
    if form.is_valid():
        posts.set_policy(role, **form.cleaned_data, by=scope(request))
        messages.success(request, f"{ROLES[get_role(role)].label}的登录要求已保存。")
        return redirect("organisations:policies")
    return _policies(request, wrong=form, status=422)


@_gate
@require_GET
def absences(request: HttpRequest) -> HttpResponse:
    context = {"active": "posts", "absences": people.absences(None, clock.today())}
    return render(request, "organisations/absences.html", context)


def get_role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError as error:
        raise Http404 from error


def _policies(request: HttpRequest, wrong: PolicyForm | None = None, status: int = 200) -> HttpResponse:
    held = {policy.role: policy for policy in RolePolicy.objects.all()}
    rows = []
    for role, facts in ROLES.items():
        policy = held.get(role)
        initial = {
            "second_factor": policy.second_factor if policy else facts.second_factor,
            "idle_minutes": policy.idle_minutes if policy else None,
        }
        form = wrong if wrong is not None and wrong.prefix == role.value else PolicyForm(initial=initial, prefix=role.value)
        rows.append((role.value, facts, form))
    return render(request, "organisations/policies.html", {"active": "policies", "rows": rows, "idle": IDLE_MINUTES}, status=status)
