"""Samples: drawn, signed off, drawn again, taken away."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.rules import NotAllowed
from organisations import clock
from organisations.requests import StaffRequest
from reports.audit import actions, books, forms, queries, rules
from reports.audit.views.doors import XLSX, auditors_only, back, download
from reports.models import Sample


@require_GET
@auditors_only
def samples(request: StaffRequest) -> HttpResponse:
    page = Paginator(queries.samples(request.scope), queries.PAGE).get_page(request.GET.get("page"))
    progress = queries.progress(list(page.object_list))
    rows = [(one, *progress.get(one.pk, (0, 0))) for one in page.object_list]
    context = {
        "active": "audit",
        "rows": rows,
        "units": queries.askable(request.scope),
        "total_text": f"共 {page.paginator.count} 份",
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "reports/audit/samples.html", context)


@require_http_methods(["GET", "POST"])
@auditors_only
def draw(request: StaffRequest) -> HttpResponse:
    """GET what would be drawn from; POST draws (303), or says why not (422, 409)."""
    population = forms.population(request.GET, request.scope)
    form = forms.DrawForm(request.POST or None, initial={"title": population.source[:80]})
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            asked = actions.Draw(source=population.source[:200], query=population.query[:500], case_ids=population.case_ids, **form.cleaned_data)
            sample = actions.draw(asked, by=request.scope)
            messages.success(request, f"已抽取{sample.size}件，请逐件填写底稿")
            return back("sample", sample.pk)
        except NotAllowed as found:
            refusal, status = found.message, found.status
    context = {
        "active": "audit",
        "form": form,
        "population": population,
        "count": len(population.case_ids),
        "algorithm": rules.ALGORITHM_WORDS,
        "refusal": refusal,
    }
    return render(request, "reports/audit/draw.html", context, status=status)


def _sample_page(request: StaffRequest, sample: Sample, form: django_forms.Form, *, refusal: str = "", status: int = 200) -> HttpResponse:
    papers = queries.papers(sample, request.scope)
    context = {
        "active": "audit",
        "sample": sample,
        "papers": papers,
        "done": sum(1 for one in papers if one.verdict),
        "bad": sum(1 for one in papers if one.verdict == "problem"),
        "form": form,
        "is_mine": sample.drawn_by_id == request.user.pk,
        "questions": sample.questions.select_related("unit"),
        "algorithm": rules.ALGORITHM_WORDS,
        "refusal": refusal,
    }
    return render(request, "reports/audit/sample.html", context, status=status)


@require_GET
@auditors_only
def sample(request: StaffRequest, pk: int) -> HttpResponse:
    """One sample: how it was drawn, its papers, the conclusion."""
    found = queries.samples(request.scope).get(pk=pk)
    return _sample_page(request, found, forms.SignForm(initial={"conclusion": found.conclusion}))


@require_POST
@auditors_only
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    """The papers become final (303), or what is missing (422)."""
    found = queries.samples(request.scope).get(pk=pk)
    form = forms.SignForm(request.POST)
    if not form.is_valid():
        return _sample_page(request, found, form, status=422)
    try:
        actions.sign(pk, conclusion=form.cleaned_data["conclusion"], by=request.scope)
    except NotAllowed as refusal:
        return _sample_page(request, found, form, refusal=refusal.message, status=refusal.status)
    messages.success(request, "已签字，底稿不再改动")
    return back("sample", pk)


@require_GET
@auditors_only
def redraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw again from what was kept, and compare."""
    found = queries.samples(request.scope).defer(None).get(pk=pk)
    context = {
        "active": "audit",
        "sample": found,
        "redraw": queries.redraw(found, request.scope),
        "algorithm": rules.ALGORITHM_WORDS,
        "by_hand": rules.BY_HAND_STRATUM if found.method == Sample.Method.STRATIFIED else rules.BY_HAND,
    }
    return render(request, "reports/audit/redraw.html", context)


@require_GET
@auditors_only
def population(request: StaffRequest, pk: int) -> HttpResponse:
    """The numbers that were drawn from, a line each: what `sha256sum` and `sort` need to draw again by hand."""
    found = queries.samples(request.scope).defer(None).get(pk=pk)
    actions.on_record("抽样总体", f"{found.title}，{found.population_count}件", by=request.scope)
    # Nothing may stand in the file but the numbers, or its hash would differ: who took it stands in its name.
    name = f"抽样总体_{found.pk}_{request.user.username}_{timezone.localtime(clock.now()):%Y%m%d%H%M}.txt"
    return download(queries.population_of(found, request.scope), name, "text/plain; charset=utf-8")


@require_GET
@auditors_only
def sample_book(request: StaffRequest, pk: int) -> HttpResponse:
    """The sample with its papers as a workbook."""
    found = queries.samples(request.scope).get(pk=pk)
    actions.on_record("抽样底稿", found.title, by=request.scope)
    data = books.sample(found, queries.papers(found, request.scope), mark=actions.mark(request.scope), at=clock.now())
    return download(data, f"审计抽样_{found.pk}.xlsx", XLSX)


@require_GET
@auditors_only
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The sample with its papers for printing."""
    found = queries.samples(request.scope).get(pk=pk)
    actions.on_record("打印抽样底稿", found.title, by=request.scope)
    context = {
        "active": "audit",
        "sample": found,
        "papers": queries.papers(found, request.scope),
        "mark": actions.mark(request.scope),
        "algorithm": rules.ALGORITHM_WORDS,
    }
    return render(request, "reports/audit/sheet.html", context)
