"""The system administrator's calendar: a year at a glance, a published year brought in, own closing days, office hours (L-CAL-3…6)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import almanac, holiday_files, limits
from casework.forms import BringInForm, GroundForm, HolidayFileForm, HoursForm, OwnDayForm
from casework.models import Holiday
from casework.queries import calendar as queries
from casework.rules import NotAllowed
from organisations import clock
from organisations.roles import Role
from organisations.views.door import console, scope, whole

_gate = console(Role.SYSTEM_ADMIN)


@_gate
@require_GET
def year(request: HttpRequest) -> HttpResponse:
    return _year(request)


@_gate
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """A file is read and compared first; what was looked at is brought in with the second answer."""
    if "text" in request.POST:
        return _apply(request)
    form = HolidayFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _compared(request, holiday_files.read(form.cleaned_data["file"].read(holiday_files.MOST_BYTES + 1)))
    status = 422 if form.errors else 200
    return render(request, "casework/calendar_import.html", {"active": "calendar", "form": form}, status=status)


@_gate
@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    form = OwnDayForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            done = almanac.set_own(facts["day"], is_off=facts["is_off"], name=facts["name"], reason=facts["reason"], by=scope(request))
        except NotAllowed as refusal:
            form.add_error("day", refusal.message)
        else:
            messages.success(request, f"已登记。{_recounted(done)}")
            return _to_year(facts["day"].year)
    return _year(request, own=form, status=422)


@_gate
@require_POST
def remove_day(request: HttpRequest, pk: int) -> HttpResponse:
    day = get_object_or_404(Holiday, pk=pk, source=Holiday.Source.COUNTY).day
    form = GroundForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明取消的原因。")
        return _to_year(day.year)
    try:
        done = almanac.remove_own(day, reason=form.cleaned_data["reason"], by=scope(request))
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已取消。{_recounted(done)}")
    return _to_year(day.year)


@_gate
@require_POST
def set_hours(request: HttpRequest) -> HttpResponse:
    form = HoursForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        morning = facts["morning_from"], facts["morning_until"]
        afternoon = facts["afternoon_from"], facts["afternoon_until"]
        try:
            almanac.set_hours(valid_from=facts["valid_from"], morning=morning, afternoon=afternoon, by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "办公时间已保存。")
            return redirect("casework:calendar")
    return _year(request, hours=form, status=422)


def _year(request: HttpRequest, own: OwnDayForm | None = None, hours: HoursForm | None = None, status: int = 200) -> HttpResponse:
    today = clock.today()
    number = whole(request.GET.get("year")) or today.year
    if not queries.FIRST <= number <= queries.LAST:
        raise Http404
    context = {
        "active": "calendar",
        "year": queries.year(number),
        "export": f"year={number}",
        "today": today,
        "before": number - 1 if number > queries.FIRST else None,
        "after": number + 1 if number < queries.LAST else None,
        "missing": almanac.missing_year(limits.current().calendar, today),
        "own": own or OwnDayForm(),
        "ground": GroundForm(),
        "hours": hours or HoursForm(initial={"valid_from": today}),
    }
    return render(request, "casework/calendar.html", context, status=status)


def _compared(request: HttpRequest, table: holiday_files.Table, form: BringInForm | None = None) -> HttpResponse:
    found = [] if table.errors else almanac.compare(table)
    context = {
        "active": "calendar",
        "table": table,
        "differences": found,
        "resting": almanac.resting_on([row.day for row in found if row.is_counted]),
        "form": HolidayFileForm(),
        "apply": form or BringInForm(initial={"text": table.text()}),
    }
    return render(request, "casework/calendar_import.html", context, status=422 if table.errors or form else 200)


def _apply(request: HttpRequest) -> HttpResponse:
    form = BringInForm(request.POST)
    table = holiday_files.read(request.POST["text"].encode())
    if form.is_valid():
        try:
            done = almanac.bring_in(table, reason=form.cleaned_data["reason"], by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已导入，变更 {done.days} 天。{_recounted(done)}")
            return _to_year(max(table.years))
    return _compared(request, table, form)


def _recounted(done: almanac.Outcome) -> str:
    if not done.counted:
        return "没有在办期限受影响。"
    moved = f"{done.limits} 个到期日有变动或转为确定" if done.limits else "到期日都没有变动"
    return f"已重新计算在办期限 {done.counted} 个，{moved}。"


def _to_year(number: int) -> HttpResponse:
    answer = redirect("casework:calendar")
    answer["Location"] += f"?year={number}"
    return answer
