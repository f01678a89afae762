"""The page of figures, the list behind each number, and the same numbers as a file."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from casework import actions, exports
from casework.exports_book import About
from casework.views.doors import business
from mediation.figures import queries
from mediation.figures.rules import DEFINITIONS, ROUNDING, SPLITS
from organisations import clock
from organisations.requests import StaffRequest

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_GET
@business
def figures(request: StaffRequest) -> HttpResponse:
    """Every figure of the period by one split; each number leads to the list it counts."""
    wanted = queries.read(request.GET)
    context = {
        "active": "figures",
        "wanted": wanted,
        "lines": queries.table(request.scope, wanted),
        "definitions": DEFINITIONS.values(),
        "rounding": ROUNDING,
        "splits": [(code, words, wanted.query(by=code, figure=None, group=None)) for code, words in SPLITS.items()],
        "split_words": SPLITS[wanted.split],
        "files": {form: f"{wanted.query(figure=None, group=None)}&form={form}" for form in TYPES},
    }
    return render(request, "mediation/figures/figures.html", context)


@require_GET
@business
def cases(request: StaffRequest) -> HttpResponse:
    """The cases behind one number, the same count."""
    wanted = queries.read(request.GET)
    result = queries.behind(request.scope, wanted)
    last = queries.pages(result)
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    context = {
        "active": "figures",
        "wanted": wanted,
        "definition": DEFINITIONS[wanted.figure],
        "group": queries.group_words(wanted),
        "result": result,
        "rows": queries.page_of(request.scope, result, number),
        "back": wanted.query(figure=None, group=None),
        "previous_url": f"?{wanted.query()}&page={number - 1}" if number > 1 else "",
        "next_url": f"?{wanted.query()}&page={number + 1}" if number < last else "",
        "page_words": f"共 {result.numerator} 件，第 {number} 页，共 {last} 页",
    }
    return render(request, "mediation/figures/cases.html", context)


@require_GET
@business
def export(request: StaffRequest) -> HttpResponseBase:
    """The table as CSV or XLSX; on record before a byte leaves (L-SEC-7). Raises NotAllowed."""
    scope, wanted, now = request.scope, queries.read(request.GET), clock.now()
    form = "xlsx" if request.GET.get("form") == "xlsx" else "csv"
    rows = queries.cells(queries.table(scope, wanted))
    words = f"调解数据_{SPLITS[wanted.split]}_{wanted.period.since:%Y%m%d}-{wanted.period.until:%Y%m%d}"
    actions.export(form=form, words=words, query=wanted.query(figure=None, group=None), count=len(rows), by=scope)
    unit = scope.home.unit_name if scope.home else ""
    whose = f"{scope.user.name}（{unit}）"
    mark = f"{whose}于 {timezone.localtime(now):%Y-%m-%d %H:%M:%S} 导出 · {words} · 内部资料，注意保密"
    head = [[mark], [SPLITS[wanted.split], *(row.label for row in DEFINITIONS.values())]]
    if form == "csv":
        pieces = exports.csv_pieces(head, (exports.csv_line([str(cell) for cell in row]) for row in rows))
    else:
        pieces = exports.xlsx_pieces(head, rows, [24, *(14 for _ in DEFINITIONS)], about=About(words, whose, now, mark))
    answer = StreamingHttpResponse(pieces, content_type=TYPES[form])
    answer.headers["Content-Disposition"] = content_disposition_header(True, exports.file_name(words, scope.user.name, now, form)) or "attachment"
    answer.headers["Cache-Control"] = "no-store"
    return answer
