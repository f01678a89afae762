"""Export of what is on screen: the same filter, order and columns. A short list comes at once, a long one in the background."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import actions, exports_jobs, exports_lists
from casework.exports_forms import ExportForm
from casework.exports_jobs import Asked
from casework.models import Export
from casework.rules import NotAllowed
from casework.views.lists import filters_of, taste_of, words_of
from organisations import clock
from organisations.requests import StaffRequest

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
#: What an address says about the export itself and not about the list.
_OWN = {"form", "options", "ids", "columns", "after", "before", "page"}
Answer = TypeVar("Answer", bound=StreamingHttpResponse)
#: Exports shown on the page of one's own.
SHOWN = 50


@require_http_methods(["GET", "POST"])
def take(request: StaffRequest, code: str) -> HttpResponseBase:
    """导出 of any list: GET hands a short one out, or asks; POST asks for a file made in the background. Raises NotAllowed."""
    listing = _listing(request, code)
    given = request.GET.dict() if request.method == "GET" else dict(parse_qsl(request.POST.get("list", "")))
    params = {name: value for name, value in given.items() if name not in _OWN}
    words = exports_jobs.look(listing, params, request.scope).words
    return _answer(request, Asked(listing, params, words, _form_of(request)))


@require_http_methods(["GET", "POST"])
def take_cases(request: StaffRequest) -> HttpResponseBase:
    """导出 of the worklist: the address's filter, and the columns chosen on this machine."""
    listing = _listing(request, "cases")
    if not exports_lists.is_open_to(listing, request.scope):
        raise NotAllowed("您的岗位不能查看或导出案件。", code="no_cases", status=403)
    filters = filters_of(request, request.scope)
    params = {**dict(parse_qsl(filters.query())), "columns": ",".join(column.code for column in taste_of(request).columns)}
    return _answer(request, Asked(listing, params, words_of(filters), _form_of(request)))


def _listing(request: StaffRequest, code: str) -> exports_lists.Listing:
    """The list, unless there is none, or it is somebody else's console (L-SEC-4)."""
    listing = exports_lists.find(code)
    if listing is None or (listing.roles is not None and not exports_lists.is_open_to(listing, request.scope)):
        raise Http404
    return listing


def _form_of(request: StaffRequest) -> str:
    return "xlsx" if request.GET.get("form") == "xlsx" else "csv"


def _answer(request: StaffRequest, asked: Asked) -> HttpResponseBase:
    if request.method == "POST":
        return _ask(request, asked)
    table = exports_jobs.look(asked.listing, asked.params, request.scope)
    count = table.count(actions.MOST_EXPORTED)
    if count > actions.MOST_EXPORTED:
        raise NotAllowed(f"超过 {actions.MOST_EXPORTED // 10_000} 万行，请缩小筛选范围后分次导出。", code="too_many_rows", status=422)
    is_at_once = count <= exports_jobs.AT_ONCE or (asked.form == Export.Form.CSV and table.lines is not None)
    if not is_at_once or request.GET.get("options"):
        form = ExportForm(initial={"form": asked.form, "ids": ""}, listing=asked.listing, by=request.scope)
        return _choices(request, asked, form, count)
    return _send(request, asked, table, count)


def _send(request: StaffRequest, asked: Asked, table: exports_lists.Table, count: int) -> StreamingHttpResponse:
    export = exports_jobs.send(asked, count, by=request.scope)
    now = clock.now()
    if not count:
        pieces = exports_jobs.pieces(export, table, iter(()), by=request.scope, at=now)
    elif asked.form == Export.Form.CSV and table.lines is not None:
        pieces = exports_jobs.lines(export, table, table.lines(), by=request.scope, at=now)
    else:
        pieces = exports_jobs.pieces(export, table, table.rows(), by=request.scope, at=now)
    return _as_file(StreamingHttpResponse(pieces, content_type=TYPES[asked.form]), export, request)


def _ask(request: StaffRequest, asked: Asked) -> HttpResponse:
    form = ExportForm(request.POST, listing=asked.listing, by=request.scope)
    if not form.is_valid():
        return _choices(request, asked, form, _count(request, asked), status=422)
    ids = form.cleaned_data.get("ids", "")
    wanted = Asked(asked.listing, {**asked.params, **({"ids": ids} if ids else {})}, asked.words, form.cleaned_data["form"])
    try:
        export = exports_jobs.ask(wanted, ground=form.cleaned_data.get("ground", ""), by=request.scope)
    except NotAllowed as refusal:
        return _choices(request, asked, form, _count(request, asked), refusal=refusal.message, status=refusal.status)
    messages.success(request, f"已开始导出，编号 {export.number}。可以离开本页，完成后会有消息。")
    return redirect("casework:exports")


def _count(request: StaffRequest, asked: Asked) -> int:
    return exports_jobs.look(asked.listing, asked.params, request.scope).count(actions.MOST_EXPORTED)


def _choices(request: StaffRequest, asked: Asked, form: ExportForm, count: int, *, refusal: str = "", status: int = 200) -> HttpResponse:
    query = urlencode({name: value for name, value in asked.params.items() if name != "columns"})
    context = {
        "active": asked.listing.code,
        "listing": asked.listing,
        "words": asked.words,
        "count": count,
        "is_long": count > exports_jobs.AT_ONCE,
        "kept_days": exports_jobs.KEPT_DAYS,
        "form": form,
        "refusal": refusal,
        "query": query,
        "back": f"{reverse(asked.listing.page)}?{query}",
    }
    return render(request, "casework/exports_ask.html", context, status=status)


# -- one's own --------------------------------------------------------------------------------------------------------------------------


@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """我的导出; for htmx the table alone, asked for every two seconds while something is made."""
    rows = list(Export.objects.filter(user=request.user).defer("token")[:SHOWN])
    context = {"active": "exports", "rows": rows, "is_busy": any(row.is_open for row in rows), "kept_days": exports_jobs.KEPT_DAYS}
    context["is_waiting"] = context["is_busy"] and not exports_jobs.is_worked_at(clock.now())
    return render(request, "casework/exports.html#rows" if request.htmx else "casework/exports.html", context)


@require_GET
def download(request: StaffRequest, pk: int) -> FileResponse:
    """The file, to its own person only; 404 for everybody else. Raises NotAllowed."""
    try:
        export, path = exports_jobs.fetch(pk, by=request.scope)
    except Export.DoesNotExist:
        raise Http404 from None
    return _as_file(FileResponse(path.open("rb"), content_type=TYPES[export.form]), export, request)


def _as_file(response: Answer, export: Export, request: StaffRequest) -> Answer:
    name = exports_jobs.file_name(export, request.user.name)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response


#: What can be done with a job of one's own: the act, and what is said when it was done.
_ACTS = {"cancel": (exports_jobs.cancel, "已取消。"), "retry": (exports_jobs.retry, "已重新排队。")}


@require_POST
def act(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """取消, 重试. Raises NotAllowed."""
    if code not in _ACTS:
        raise Http404
    do, words = _ACTS[code]
    try:
        do(pk, by=request.scope)
    except Export.DoesNotExist:
        raise Http404 from None
    messages.success(request, words)
    return redirect("casework:exports")
