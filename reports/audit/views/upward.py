"""What goes upward: the 矛盾纠纷 return, petitions in the columns of the national record."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.rules import NotAllowed
from organisations import clock, directory
from organisations.requests import StaffRequest
from petitions.queries import record
from reports.actions import refresh
from reports.audit import actions, books, forms, queries, returns, rules
from reports.audit.views.doors import XLSX, auditors_only, download, found_only, selected
from reports.forms import selection
from reports.queries import behind, ground
from reports.rules.measures import MEASURES


@require_GET
@found_only
def monthly(request: StaffRequest) -> HttpResponse:
    """The 矛盾纠纷 return of a period by level, type and number of people; every number opens its cases."""
    ground.of(request.scope)
    refresh.refresh_if_old()
    where = selected(request.GET, request.scope)
    returns.check(where)
    context: dict[str, Any] = {
        "active": "audit" if request.scope.holds(rules.AUDITORS) else "dashboard",
        "where": where,
        "query": selection.query(where),
        "bands": returns.BANDS,
        "found": returns.read(where),
        "units": [unit for unit in directory.current().below(where.ground.unit_id) if unit.is_active],
    }
    return render(request, "reports/audit/return.html", context)


@require_GET
@found_only
def monthly_cases(request: StaffRequest) -> HttpResponse:
    """The cases behind one number of the return."""
    ground.of(request.scope)
    where = selected(request.GET, request.scope)
    returns.check(where)
    cell = forms.CellForm(request.GET)
    if not cell.is_valid():
        raise NotAllowed("没有这个格子，请回到报表再点。", code="no_cell", status=422)
    page = cell.cleaned_data["page"] or 1
    part = returns.part(**{name: cell.cleaned_data[name] for name in ("stage", "type", "band")})
    measure = returns.SETTLED if cell.cleaned_data["settled"] else returns.COUNTED
    rows, count = behind.rows(measure, "counted", where, request.scope, page, part)
    last = max(-(-count // behind.PAGE), 1)
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "active": "audit" if request.scope.holds(rules.AUDITORS) else "dashboard",
        "measure": MEASURES[measure],
        "part": "",
        "where": where,
        "figure": None,
        "rows": rows,
        "count": count,
        "back": selection.query(where),
        "export_code": "return_cases",
        "export_query": query.urlencode(),
        "previous_url": f"?{query.urlencode()}&page={page - 1}" if page > 1 else "",
        "next_url": f"?{query.urlencode()}&page={page + 1}" if page < last else "",
        "page_words": f"共 {count} 件，第 {page} 页，共 {last} 页",
    }
    return render(request, "reports/behind.html", context)


@require_GET
@found_only
def monthly_book(request: StaffRequest) -> HttpResponse:
    """The return as a workbook with live sums."""
    ground.of(request.scope)
    refresh.refresh_if_old()
    where = selected(request.GET, request.scope)
    returns.check(where)
    words = f"矛盾纠纷月报表，{where.ground.name}，{where.period.label}"
    mark = actions.take("矛盾纠纷月报表", words, by=request.scope)
    data = books.monthly(returns.read(where), words, mark=mark, at=clock.now())
    return download(data, f"矛盾纠纷月报表_{where.period.since:%Y%m%d}-{where.period.until:%Y%m%d}.xlsx", XLSX)


@require_GET
@auditors_only
def record_page(request: StaffRequest) -> HttpResponse:
    """The petitions of a period in the columns of the national record: how many, which columns, what is empty and why."""
    refresh.refresh_if_old()
    where = selected(request.GET, request.scope)
    context = {
        "active": "audit",
        "where": where,
        "query": selection.query(where),
        "count": queries.petitions(where, request.scope).count(),
        "columns": record.COLUMNS,
        "filled": sum(1 for column in record.COLUMNS if not column.lack),
        "units": queries.askable(request.scope),
    }
    return render(request, "reports/audit/record.html", context)


@require_GET
@auditors_only
def record_book(request: StaffRequest) -> HttpResponse:
    """The same as a workbook: first sheet as the province wants it, second sheet what each column is."""
    refresh.refresh_if_old()
    where = selected(request.GET, request.scope)
    ids = list(queries.petitions(where, request.scope).values_list("case_id", flat=True)[: books.MOST_ROWS + 1])
    if len(ids) > books.MOST_ROWS:
        raise NotAllowed(f"超过{books.MOST_ROWS // 10_000}万件，请缩短期间，分段导出。", code="too_many_rows", status=422)
    words = f"省级列序信访件清单，{where.period.label}，{len(ids)}件"
    mark = actions.take("省级列序清单", words, by=request.scope)
    data = books.record_of(ids, words, mark=mark, at=clock.now())
    return download(data, f"信访件清单_{where.period.since:%Y%m%d}-{where.period.until:%Y%m%d}.xlsx", XLSX)
