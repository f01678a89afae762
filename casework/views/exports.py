"""Export of what is on screen: the same filter, order and columns, on record before a byte leaves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from casework import actions, exports
from casework.queries import columns, lists
from casework.views.doors import business
from casework.views.lists import filters_of, taste_of, words_of
from organisations import clock
from organisations.scope import Scope

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_GET
@business
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """导出: CSV or XLSX of the filter in the address. Raises NotAllowed through actions.export."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    filters, shown = lists.looked_up(scope, filters_of(request, scope)), taste_of(request).columns
    form = "xlsx" if request.GET.get("form") == "xlsx" else "csv"
    words, now = words_of(filters), clock.now()
    count = columns.count(scope, filters, actions.MOST_EXPORTED)
    actions.export(form=form, words=words, query=filters.query(), count=count, by=scope)
    unit = scope.home.unit_name if scope.home else ""
    mark = f"{scope.user.name}（{unit}）于 {timezone.localtime(now):%Y-%m-%d %H:%M:%S} 导出 · {words} · 共 {count} 件 · 内部资料，注意保密"
    head = [[mark], [column.label for column in shown]]
    if form == "csv":
        pieces = exports.csv_pieces(head, columns.csv_blocks(scope, filters, shown))
    else:
        pieces = exports.xlsx_pieces(head, columns.rows(scope, filters, shown), [column.width for column in shown])
    response = StreamingHttpResponse(pieces, content_type=TYPES[form])
    response.headers["Content-Disposition"] = content_disposition_header(True, exports.file_name(words[:30], scope.user.name, now, form))
    response.headers["Cache-Control"] = "no-store"
    return response
