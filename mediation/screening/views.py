"""The doors of 排查: the desk, a round and its report, findings, special rounds, coverage, the rhythm."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import documents
from casework.rules import NotAllowed
from casework.views.doors import business, console
from mediation.models import Campaign, Finding, Round
from mediation.screening import actions, papers, rules
from mediation.screening.forms import CampaignForm, ReportPage, RhythmForm, SettleForm, registration
from mediation.screening.queries import covering, desks, lists, rhythms, tables
from mediation.views.intake import write_down
from organisations import access, clock, directory
from organisations.models import AccessEntry
from organisations.requests import StaffRequest
from organisations.roles import Role


@require_GET
@business
def desk(request: StaffRequest) -> HttpResponse:
    """本周排查: what the person's unit owes now, with a big «未发现» and «发现了»; findings to deal with; for those above, the missed."""
    scope, today = request.scope, clock.today()
    wanted = lists.read({}, today)
    context = {
        "active": "screening",
        "desk": desks.desk(scope),
        "today": today,
        "below": desks.below(scope, wanted),
        "wanted": wanted,
        "may_open": scope.holds(rules.OPENING) is not None,
    }
    return render(request, "mediation/screening/desk.html", context)


@require_GET
@business
def rounds(request: StaffRequest) -> HttpResponse:
    """The rounds of a period, by status: the lists the coverage's numbers lead to."""
    today = clock.today()
    wanted = lists.read(request.GET, today)
    page = Paginator(lists.rounds(request.scope, wanted), lists.PAGE).get_page(wanted.page)
    statuses = [(code, label, wanted.query(status=code)) for code, (label, _) in lists.statuses(today).items()]
    return render(request, "mediation/screening/rounds.html", {**_listed(wanted, page), "statuses": statuses, "today": today})


@require_GET
@business
def findings(request: StaffRequest) -> HttpResponse:
    """The findings of a period, by how they ended; `open=1`: everything still open, of whatever period."""
    today = clock.today()
    wanted = lists.read(request.GET, today)
    every_open = request.GET.get("open") == "1"
    found = lists.open_findings(request.scope) if every_open else lists.findings(request.scope, wanted)
    page = Paginator(found, lists.PAGE).get_page(wanted.page)
    statuses = [(code, label, wanted.query(status=code)) for code, (label, _) in lists.ENDINGS.items()]
    return render(request, "mediation/screening/findings.html", {**_listed(wanted, page), "statuses": statuses, "every_open": every_open})


def _listed(wanted: lists.Wanted, page: Page) -> dict[str, object]:
    units = directory.current().units
    return {
        "active": "screening",
        "wanted": wanted,
        "page": page,
        "total": page.paginator.count,
        "of": [units[i].short_name for i in (wanted.branch, wanted.unit) if i in units],
        "previous_url": f"?{wanted.query(page=page.previous_page_number())}" if page.has_previous() else "",
        "next_url": f"?{wanted.query(page=page.next_page_number())}" if page.has_next() else "",
    }


@require_http_methods(["GET", "POST"])
@business
def round_page(request: StaffRequest, pk: int) -> HttpResponse:
    """A round. Unreported and one's own: the form (`?found=1` with findings); else what was reported. POST reports it (303)."""
    row = _round(request, pk)
    is_mine = rules.reporter(request.scope, row.unit_id) is not None
    if request.method == "POST":
        return _report(request, row)
    if row.reported_at is not None or not is_mine:
        return _told(request, row)
    draft = desks.draft(row, request.scope)
    return _form(request, ReportPage(row, request.scope, found=request.GET.get("found") == "1", draft=draft), has_draft=draft is not None)


def _report(request: StaffRequest, row: Round) -> HttpResponse:
    page = ReportPage(row, request.scope, found=request.POST.get("found") == "1", data=request.POST)
    if not page.is_valid():
        return _form(request, page, 422)
    try:
        actions.report(row.pk, page.report(), by=request.scope)
    except NotAllowed as refusal:
        page.refusal = refusal.message
        return _form(request, page, refusal.status)
    messages.success(request, "已上报：未发现。" if not page.has_findings else "已上报。请逐项处置发现的问题。")
    answer = redirect("mediation:screening-round", row.pk)
    answer.status_code = 303
    return answer


def _form(request: StaffRequest, page: ReportPage, status: int = 200, *, has_draft: bool = False) -> HttpResponse:
    context = {"active": "screening", "page": page, "row": page.row, "form": page.form, "today": clock.today(), "has_draft": has_draft}
    return render(request, "mediation/screening/report.html", context, status=status)


def _told(request: StaffRequest, row: Round) -> HttpResponse:
    context = {
        "active": "screening",
        "row": row,
        "findings": list(row.findings.select_related("area", "dispute__case", "ended_by")),
        "is_mine": rules.reporter(request.scope, row.unit_id) is not None,
        "today": clock.today(),
    }
    return render(request, "mediation/screening/round.html", context)


def _round(request: StaffRequest, pk: int) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.scope).select_related("unit", "branch", "campaign", "reported_by"), pk=pk)


@require_POST
@business
def save_draft(request: StaffRequest, pk: int) -> HttpResponse:
    """Autosave of the report. 204; 404 outside the scope; 409 when it was reported meanwhile."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    row = _round(request, pk)
    try:
        actions.keep_draft(row.pk, fields, by=request.scope)
    except NotAllowed as refusal:
        return JsonResponse({"message": refusal.message, "code": refusal.code}, status=refusal.status)
    return HttpResponse(status=204)


@require_GET
@business
def form(request: StaffRequest, pk: int) -> HttpResponse:
    """矛盾纠纷排查登记表 (M14) as PDF: filled in when reported, else blank to take along. Not numbered; each printing is on record."""
    row = _round(request, pk)
    content = documents.to_pdf(render_to_string(papers.TEMPLATE, papers.registration(row)))
    access.log(
        AccessEntry.Event.PRINT,
        user=request.user,
        unit_id=request.scope.home.unit_id if request.scope.home else None,
        object_type="screening",
        object_id=row.pk,
        object_label=f"{papers.NAME} {row.unit.short_name} {row.title}",
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(False, f"{papers.NAME} {row.unit.short_name} {row.period}.pdf") or "inline"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


# -- findings ------------------------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@business
def finding_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One finding with its three ways out. POST `act=settle` with words, or `act=link` with a dispute's number."""
    finding = _finding(request, pk)
    form = SettleForm(request.POST if request.POST.get("act") == "settle" else None)
    if request.method == "GET":
        return _ways(request, finding, form)
    if request.POST.get("act") == "settle" and not form.is_valid():
        return _ways(request, finding, form, status=422)
    try:
        if request.POST.get("act") == "settle":
            actions.settle(pk, words=form.cleaned_data["words"], by=request.scope)
        else:
            actions.link(pk, request.POST.get("number", ""), by=request.scope)
    except NotAllowed as refusal:
        return _ways(request, finding, form, status=refusal.status, refusal=refusal.message)
    messages.success(request, "已处置。")
    answer = redirect("mediation:screening-round", finding.round_id)
    answer.status_code = 303
    return answer


def _ways(request: StaffRequest, finding: Finding, form: SettleForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    words = request.GET.get("q", "")
    is_mine = rules.reporter(request.scope, finding.round.unit_id) is not None and not finding.ending
    context = {
        "active": "screening",
        "finding": finding,
        "form": form,
        "q": words,
        "cases": desks.linkable(finding, words, request.scope) if is_mine else [],
        "is_mine": is_mine,
        "refusal": refusal,
    }
    return render(request, "mediation/screening/finding.html", context, status=status)


@require_http_methods(["GET", "POST"])
@business
def finding_dispute(request: StaffRequest, pk: int) -> HttpResponse:
    """The dispute's own registration, begun from the finding; saving it links the two (303 to the dispute)."""
    finding = _finding(request, pk)
    if rules.reporter(request.scope, finding.round.unit_id) is None:
        raise PermissionDenied
    if request.method == "GET" and finding.ending:
        return redirect("mediation:screening-finding", pk)  # it says what became of it; a second form would only be filled in for nothing
    return write_down(request, lambda: registration(finding), lambda intake: actions.begin_dispute(pk, intake, by=request.scope), active="screening")


def _finding(request: StaffRequest, pk: int) -> Finding:
    related = ("round__unit", "round__campaign", "area", "dispute__case", "ended_by")
    return get_object_or_404(Finding.objects.visible_to(request.scope).select_related(*related), pk=pk)


# -- special rounds, coverage, the rhythm ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@business
def campaign(request: StaffRequest) -> HttpResponse:
    """布置专项排查, for units at and below one's own."""
    standing = request.scope.holds(rules.OPENING)
    if standing is None:
        raise PermissionDenied
    form = CampaignForm(request.POST or None, below=standing.unit_id)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.open_campaign(form.call(), by=request.scope)
            except NotAllowed as error:
                refusal, status = error.message, error.status
            else:
                messages.success(request, f"已布置“{made.name}”，{made.rounds.count()} 个单位已收到通知。")
                return redirect("mediation:screening")
    context = {"active": "screening", "form": form, "refusal": refusal, "campaigns": list(lists.campaigns(request.scope)[: lists.PAGE])}
    return render(request, "mediation/screening/campaign.html", context, status=status)


@require_POST
@business
def campaign_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a special round back, with the reason its units read."""
    try:
        found = actions.withdraw_campaign(pk, because=request.POST.get("because", "")[:200], by=request.scope)
    except Campaign.DoesNotExist:
        raise Http404 from None
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已撤回“{found.name}”，没有上报的单位已收到通知；已经上报的保留。")
    return redirect("mediation:screening-special")


@require_GET
@business
def coverage(request: StaffRequest) -> HttpResponse:
    """排查覆盖 by town, or with ?branch= by its units. Every number leads to its list."""
    today = clock.today()
    wanted = lists.read(request.GET, today)
    units = directory.current().units
    found = covering.coverage(request.scope, wanted)
    context = {
        "active": "screening",
        "wanted": wanted,
        "coverage": found,
        "lines": tables.table(found, wanted),
        "headings": tables.HEADINGS[1:],
        "branch": units[wanted.branch].name if wanted.branch in units else "",
        "months": [
            (words, wanted.query(since=first, until=last), first == wanted.since and last == wanted.until)
            for words, first, last in lists.months_back(today, 6)
        ],
    }
    return render(request, "mediation/screening/coverage.html", context)


@console(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def rhythm(request: StaffRequest) -> HttpResponse:
    """排查周期: what holds by kind of unit, its versions, a new version."""
    form = RhythmForm(request.POST or None)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.set_rhythm(**form.terms(), by=request.scope)
            except NotAllowed as error:
                refusal, status = error.message, error.status
            else:
                messages.success(request, f"新的周期自 {made.valid_from:%Y年%-m月%-d日} 起施行。")
                return redirect("mediation:screening-rhythm")
    context = {"active": "screening-rhythm", "settings": rhythms.settings(clock.today()), "form": form, "refusal": refusal, "today": clock.today()}
    return render(request, "mediation/screening/rhythm.html", context, status=status)
