"""The pages of the reports: the list and the asking, one report with its progress, its files, its check and its closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.rules import NotAllowed
from casework.views.doors import business
from organisations import clock
from organisations.requests import StaffRequest
from reports.models import Report, ReportFile
from reports.month import actions, papers, queries, rules
from reports.month.forms import AskForm, LetterForm, TakeBackForm
from reports.rules.periods import Span

_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "json": "application/json",
    "py": "text/x-python; charset=utf-8",
}


@require_http_methods(["GET", "POST"])
@business
def listing(request: StaffRequest) -> HttpResponse:
    """Reports of one's own ground, newest first; POST asks for one. Raises NotAllowed (403)."""
    found = queries.listed(request.scope)
    form = AskForm(request.POST or None, scope=request.scope)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                report = actions.ask(form.cleaned_data["unit"], form.period(), by=request.scope)
                return redirect("reports:month", report.pk)
            except NotAllowed as error:
                refusal, status = error.message, error.status
    number = request.GET.get("page", "")
    page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    count = found.count()
    last = max(-(-count // queries.PAGE), 1)
    rows = found[(page - 1) * queries.PAGE : page * queries.PAGE]
    context = {
        "active": "months",
        "form": form,
        "refusal": refusal,
        "rows": [_row(report) for report in rows],
        "count": count,
        "unclosed": [rules.label(period) for period in queries.unclosed(clock.today())] if queries.is_reminded(request.scope) else [],
        "unread": queries.unread(request.scope),
        "previous_url": f"?page={page - 1}" if page > 1 else "",
        "next_url": f"?page={page + 1}" if page < last else "",
        "page_words": f"共 {count} 份，第 {page} 页，共 {last} 页",
    }
    return render(request, "reports/month/list.html", context, status=status)


def _row(report: Report) -> dict[str, Any]:
    period = queries.period_of(report)
    is_over = report.is_over and report.closing_id is None  # type: ignore[attr-defined]
    return {"report": report, "label": rules.label(period), "sort": rules.TITLES[Span(report.span)], "is_over": is_over}


def _found(request: StaffRequest, pk: int) -> Report:
    """A report the person may see; otherwise there is none (404). Raises NotAllowed (403) for who has no figures."""
    try:
        return queries.of(pk, request.scope)
    except Report.DoesNotExist as missing:
        raise Http404 from missing


@require_GET
@business
def one(request: StaffRequest, pk: int) -> HttpResponse:
    report = _found(request, pk)
    actions.opened(report, by=request.scope)
    return render(request, "reports/month/one.html", _context(request, report))


@require_GET
@business
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress alone, asked for every two seconds; when the report is there the whole page comes anew."""
    report = _found(request, pk)
    response = render(request, "reports/month/progress.html", {"report": report})
    if not report.is_waiting:
        response.headers["HX-Refresh"] = "true"
    return response


@require_GET
@business
def verify(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything stored of a sealed report computed again, now."""
    report = _found(request, pk)
    if not report.is_sealed:
        raise NotAllowed("没有封存的报告不能核验。", code="not_sealed")
    findings = actions.verify(report)
    context = {**_context(request, report), "findings": findings, "is_good": all(found.is_good for found in findings), "at": clock.now()}
    return render(request, "reports/month/one.html", context)


def _context(request: StaffRequest, report: Report) -> dict[str, Any]:
    row = _row(report)
    return {
        **row,
        "active": "months",
        "files": report.files.defer("content"),
        "closing": report.closing,
        "may_check": actions.may_check(report, by=request.scope),
        "may_close": actions.may_close(report, by=request.scope),
        "waits_for": actions.waits_for(report, by=request.scope),
        "previous": report.previous_sha256,
        **_letters(request, report),
    }


def _letters(request: StaffRequest, report: Report) -> dict[str, Any]:
    """The letters the report went up with, and the form that fits: to issue one, or to take the standing one back."""
    if not report.is_sealed or not queries.may_send_up(report, request.scope):
        return {"letters": []}
    letters = list(report.letters.select_related("document", "withdrawn_by"))
    stands = any(letter.withdrawn_at is None for letter in letters)
    return {"letters": letters, "back_form": TakeBackForm()} if stands else {"letters": letters, "letter_form": LetterForm()}


def _posted(act: Callable[..., Report]) -> Callable[..., HttpResponseBase]:
    """A button of the page: do it, show the report it leads to."""

    @require_POST
    @business
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        _found(request, pk)
        return redirect("reports:month", act(pk, by=request.scope).pk)

    return view


check = _posted(actions.check)
close = _posted(actions.close)
again = _posted(actions.again)


@require_POST
@business
def letter(request: StaffRequest, pk: int) -> HttpResponse:
    """The letter the sealed report goes up with; it opens as a paper."""
    report = _found(request, pk)
    form = LetterForm(request.POST)
    if form.is_valid():
        return redirect("casework:paper", actions.send_up(pk, to=form.cleaned_data["to"], signer=form.cleaned_data["signer"], by=request.scope).pk)
    return render(request, "reports/month/one.html", {**_context(request, report), "letter_form": form}, status=422)


@require_POST
@business
def letter_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The standing letter is taken back."""
    report = _found(request, pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        actions.take_back(pk, because=form.cleaned_data["because"], by=request.scope)
        return redirect("reports:month", pk)
    return render(request, "reports/month/one.html", {**_context(request, report), "back_form": form}, status=422)


@require_GET
@business
def original(request: StaffRequest, pk: int, sort: str) -> HttpResponse:
    """The file as it was made."""
    report = _found(request, pk)
    try:
        file = actions.original(report, sort, by=request.scope)
    except ReportFile.DoesNotExist as missing:
        raise Http404 from missing
    return _download(file.name, bytes(file.content))


@require_GET
@business
def copy(request: StaffRequest, pk: int, sort: str) -> HttpResponse:
    """A copy with the reader's mark."""
    report = _found(request, pk)
    try:
        name, content = actions.copy(report, sort, by=request.scope)
    except ReportFile.DoesNotExist as missing:
        raise Http404 from missing
    return _download(name, content)


@require_GET
@business
def package(request: StaffRequest, pk: int) -> HttpResponse:
    name, content = actions.package(_found(request, pk), by=request.scope)
    return _download(name, content)


@require_GET
@business
def manifest(request: StaffRequest, pk: int) -> HttpResponse:
    report = _found(request, pk)
    if not report.is_sealed:
        raise Http404
    return _download("manifest.json", report.manifest.encode())


@require_GET
@business
def verifier(request: StaffRequest) -> HttpResponse:
    """The program that checks a package without this system (tools/verify_report.py)."""
    return _download("verify_report.py", papers.VERIFIER.read_bytes())


def _download(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPES[name.rsplit(".", 1)[1]])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
