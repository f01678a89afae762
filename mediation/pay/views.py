"""The pages of pay: sheets, one sheet with its acts, one case's reward, what is withheld, the county's rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import documents, exports
from casework.rules import NotAllowed
from casework.views.doors import business
from casework.views.papers import pdf
from mediation.models import Dispute, Mediator, PayRules, PaySheet, PayStop
from mediation.pay import actions, assessing, forms, queries
from mediation.pay import rules as pay_rules
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.requests import StaffRequest

#: Rows of one page of a list.
ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
View = Callable[..., HttpResponseBase]


def _found(view: View) -> View:
    """What the person does not see does not exist."""

    @business
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (PaySheet.DoesNotExist, Dispute.DoesNotExist, PayStop.DoesNotExist, Mediator.DoesNotExist) as missing:
            raise Http404 from missing

    return guarded


def _back(name: str, *args: Any) -> HttpResponse:
    answer = redirect(f"mediation:{name}", *args)
    answer.status_code = 303
    return answer


# -- the sheets -------------------------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@_found
def every(request: StaffRequest) -> HttpResponse:
    """GET the sheets one sees and one's own lines; POST drafts a month's sheet (303), or says why not."""
    scope = request.scope
    units = [(unit.id, unit.short_name) for unit in queries.sheet_units(scope) if queries.drafter_at(scope, unit.id)]
    form = forms.DraftForm(request.POST or None, units=units, initial={"month": f"{clock.today():%Y-%m}"})
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            sheet = actions.draft(form.cleaned_data["unit"], form.cleaned_data["month"], by=scope)
            messages.success(request, f"{sheet.month:%Y-%m}发放表已编制，共{sheet.lines.count()}行")
            return _back("pay-sheet", sheet.pk)
        except NotAllowed as found:
            refusal, status = found.message, found.status
    context = {
        "active": "pay",
        "sheets": queries.sheets(scope)[:60],
        "own": queries.own_lines(scope)[:60],
        "form": form,
        "may_draft": bool(units),
        "sees_sheets": bool(queries.sheet_units(scope)),
        "refusal": refusal,
    }
    return render(request, "mediation/pay/list.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the sheet's page."""

    label: str
    icon: str
    form: type[django_forms.Form]
    do: Callable[..., Any]
    done: str


ACTS: dict[str, Act] = {
    "check": Act("初审通过", "check", forms.NoWords, actions.check, "已初审，等待审定"),
    "fix": Act("审定", "shield-check", forms.NoWords, actions.fix, "已审定，发放表不再改动"),
    "give_back": Act("退回", "arrow-back-up", forms.ReturnForm, actions.give_back, "已退回编制"),
    "correct": Act("录入更正", "pencil", forms.CorrectForm, actions.correct, "更正已列入本表"),
}


def _lines_to_correct(sheet: PaySheet) -> list[tuple[int, str]]:
    rows = queries.to_correct(sheet)[:300]
    return [
        (row.pk, f"{row.month:%Y-%m} {row.mediator.name} {row.get_kind_display()} {row.dispute or ''} {pay_rules.money(row.amount)}元")
        for row in rows
    ]


def _act_form(code: str, sheet: PaySheet, data: Any = None) -> django_forms.Form:
    kind = ACTS[code].form
    return kind(data, lines=_lines_to_correct(sheet)) if kind is forms.CorrectForm else kind(data)


def _sheet_page(request: StaffRequest, sheet: PaySheet, *, refusal: str = "", tried: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    lines = queries.lines(sheet)
    offered = queries.offered(sheet, request.scope)
    context = {
        "active": "pay",
        "sheet": sheet,
        "lines": lines,
        "people": queries.by_person(lines),
        "held": [line for line in lines if line.state == pay_rules.State.HELD],
        "waiting": queries.waiting(sheet.unit_id, sheet.month) if "draft" in offered else [],
        "acts": [(code, ACTS[code], (tried or {}).get(code) or _act_form(code, sheet)) for code in ACTS if code in offered],
        "may_draft": "draft" in offered,
        "too_early": queries.too_early(sheet),
        "refusal": refusal,
        "form": next(iter((tried or {}).values()), None),
    }
    return render(request, "mediation/pay/sheet.html", context, status=status)


@require_GET
@_found
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """One sheet: sums by person, every line with its sentence, what is held, what is still missing."""
    return _sheet_page(request, queries.sheets(request.scope).get(pk=pk))


@require_POST
@_found
def act(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """One of ACTS: 303 back to the sheet, or the page again with what was wrong."""
    sheet = queries.sheets(request.scope).get(pk=pk)
    if code not in ACTS:
        raise Http404
    form = _act_form(code, sheet, request.POST)
    if not form.is_valid():
        return _sheet_page(request, sheet, tried={code: form}, status=422)
    try:
        ACTS[code].do(pk, **form.cleaned_data, by=request.scope)
    except NotAllowed as refusal:
        return _sheet_page(request, queries.sheets(request.scope).get(pk=pk), refusal=refusal.message, status=refusal.status)
    messages.success(request, ACTS[code].done)
    return _back("pay-sheet", pk)


@require_GET
@_found
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """The sheet as XLSX with live sums; on record (L-SEC-7)."""
    sheet, scope, now = queries.sheets(request.scope).get(pk=pk), request.scope, clock.now()
    unit = scope.home.unit_name if scope.home else ""
    whose = f"{scope.user.name}（{unit}）"
    mark = f"{whose}于 {timezone.localtime(now):%Y-%m-%d %H:%M:%S} 导出 · 内部资料，注意保密"
    answer = HttpResponse(actions.export(sheet, whose=whose, mark=mark, by=scope), content_type=XLSX)
    name = exports.file_name(f"{sheet.unit.short_name}{sheet.month:%Y-%m}调解员补贴", scope.user.name, now, "xlsx")
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_GET
@_found
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """The fixed sheet as PDF with its signature block; 404 before it is fixed. Every look is on record."""
    sheet = queries.sheets(request.scope).select_related("document").get(pk=pk)
    document = sheet.document
    if document is None:
        raise Http404
    try:
        content = documents.render(document)
    except (documents.Falsified, documents.MissingGlyphs) as failure:
        return render(request, "casework/paper_failed.html", {"document": document, "failure": failure}, status=503)
    home = request.scope.home
    unit_id = home.unit_id if home else None
    access.log(
        AccessEntry.Event.PRINT,
        user=request.user,
        unit_id=unit_id,
        object_type="paper",
        object_id=document.pk,
        object_label=f"{document.number} {document.name}",
    )
    return pdf(content, f"{document.number}.pdf")


# -- one case's reward ------------------------------------------------------------------------------------------------------------------------


def _case_page(
    request: StaffRequest, number: str, *, tried: dict[str, django_forms.Form] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    dispute = queries.case_of(number, request.scope)
    found = queries.reward_of(dispute, clock.today())
    people = [(person.pk, f"{person.name}（{person.unit.short_name}）") for person in queries.sharers(dispute, request.scope)]
    initial: dict[str, int] = {}
    for no, (who, part) in enumerate(found.facts.parts if found.facts else (), start=1):
        initial |= {f"who_{no}": who, f"part_{no}": part}
    tried = tried or {}
    context = {
        "active": "pay",
        "dispute": dispute,
        "found": found,
        "verdict_form": tried.get("clear") or forms.VerdictForm(),
        "parts_form": tried.get("parts") or forms.PartsForm(people=people, initial=initial),
        "may_open": queries.may_open(dispute, request.scope),
        "may_decide": queries.may_decide(dispute, request.scope),
        "may_state": queries.may_state(dispute, request.scope),
        "refusal": refusal,
        "form": next(iter(tried.values()), None),
    }
    return render(request, "mediation/pay/case.html", context, status=status)


@require_GET
@_found
def case(request: StaffRequest, number: str) -> HttpResponse:
    """How one case's reward comes about, what makes it suspicious, who shares it."""
    return _case_page(request, number)


def _decide(request: StaffRequest, number: str, code: str, form: django_forms.Form, do: Callable[..., Any], done: str) -> HttpResponse:
    if not form.is_valid():
        return _case_page(request, number, tried={code: form}, status=422)
    try:
        do(number, **form.cleaned_data, by=request.scope)
    except NotAllowed as refusal:
        return _case_page(request, number, tried={code: form}, refusal=refusal.message, status=refusal.status)
    messages.success(request, done)
    return _back("pay-case", number)


@require_POST
@_found
def clear(request: StaffRequest, number: str) -> HttpResponse:
    """The suspicion is looked into and decided."""
    queries.case_of(number, request.scope)
    return _decide(request, number, "clear", forms.VerdictForm(request.POST), actions.clear, "核实结论已记下，编制中的发放表已重新计算")


@require_POST
@_found
def parts(request: StaffRequest, number: str) -> HttpResponse:
    """Who shares the reward, in which parts."""
    dispute = queries.case_of(number, request.scope)
    people = [(person.pk, f"{person.name}（{person.unit.short_name}）") for person in queries.sharers(dispute, request.scope)]
    form = forms.PartsForm(request.POST, people=people)
    return _decide(request, number, "parts", form, actions.state_parts, "分配份额已记下，编制中的发放表已重新计算")


# -- what is withheld, and the rules ------------------------------------------------------------------------------------------------------------


def _stops_page(request: StaffRequest, *, tried: django_forms.Form | None = None, refusal: str = "", status: int = 200) -> HttpResponse:
    people = [(person.pk, f"{person.name}（{person.unit.short_name}）") for person in queries.people_of(request.scope)]
    today = clock.today()
    context = {
        "active": "pay",
        "rows": queries.stops(request.scope),
        "withhold_form": tried
        if isinstance(tried, forms.WithholdForm)
        else forms.WithholdForm(people=people, initial={"year": today.year - 1, "from_on": today}),
        "release_form": tried if isinstance(tried, forms.ReleaseForm) else forms.ReleaseForm(),
        "may_decide": queries.decides(request.scope),
        "refusal": refusal,
        "form": tried,
    }
    return render(request, "mediation/pay/stops.html", context, status=status)


@require_http_methods(["GET", "POST"])
@_found
def stops(request: StaffRequest) -> HttpResponse:
    """GET whose pay is withheld; POST withholds somebody's after a failed yearly assessment."""
    if request.method == "GET":
        return _stops_page(request)
    people = [(person.pk, person.name) for person in queries.people_of(request.scope)]
    form = forms.WithholdForm(request.POST, people=people)
    if not form.is_valid():
        return _stops_page(request, tried=form, status=422)
    try:
        actions.withhold(**form.cleaned_data, by=request.scope)
    except NotAllowed as refusal:
        return _stops_page(request, tried=form, refusal=refusal.message, status=refusal.status)
    messages.success(request, "已停发，编制中的发放表已重新计算")
    return _back("pay-stops")


@require_http_methods(["GET", "POST"])
@_found
def assessments(request: StaffRequest) -> HttpResponse:
    """GET the yearly assessments of the people one sees; POST writes one down (303), or says why not."""
    people = [(person.pk, f"{person.name}（{person.unit.short_name}）") for person in queries.people_of(request.scope)]
    form = forms.AssessForm(request.POST or None, people=people, initial={"year": clock.today().year})
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = assessing.assess(**form.cleaned_data, by=request.scope)
        except NotAllowed as found:
            refusal, status = found.message, found.status
        else:
            messages.success(request, f"{made.mediator.name}{made.year}年度考核已登记：{made.get_verdict_display()}")
            return _back("pay-assessments")
    page = Paginator(assessing.assessments(request.scope), ROWS).get_page(request.GET.get("page"))
    context = {"active": "pay", "page": page, "form": form, "refusal": refusal, "may_decide": queries.decides(request.scope)}
    return render(request, "mediation/pay/assessments.html", context, status=status)


@require_POST
@_found
def release(request: StaffRequest, pk: int) -> HttpResponse:
    """Pay again, as decided."""
    queries.stops(request.scope).get(pk=pk)
    form = forms.ReleaseForm(request.POST)
    if not form.is_valid():
        return _stops_page(request, tried=form, status=422)
    try:
        actions.release(pk, **form.cleaned_data, by=request.scope)
    except NotAllowed as refusal:
        return _stops_page(request, tried=form, refusal=refusal.message, status=refusal.status)
    messages.success(request, "已恢复发放，编制中的发放表已重新计算")
    return _back("pay-stops")


@require_http_methods(["GET", "POST"])
@_found
def rules(request: StaffRequest) -> HttpResponse:
    """GET the rules of pay in force and their versions; POST sets a new version."""
    now = queries.settings_of(clock.today())
    form = forms.RulesForm(request.POST or None, now=now)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = actions.set_rules(form.cleaned_data["new"], by=request.scope)
            messages.success(request, f"新标准自 {made.valid_from:%Y-%m-%d} 起施行")
            return _back("pay-rules")
        except NotAllowed as found:
            refusal, status = found.message, found.status
    context = {
        "active": "pay",
        "words": queries.words_of(now),
        "versions": [(row, queries.words_of(queries.read(row))) for row in PayRules.objects.select_related("set_by")],
        "form": form,
        "may_set": queries.fixer(request.scope) is not None,
        "refusal": refusal,
        "today": clock.today(),
    }
    return render(request, "mediation/pay/rules.html", context, status=status)
