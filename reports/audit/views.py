"""The doors of the auditor's room: doubts, samples and papers, questions, proof of history, the trace of exports."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import chain
from casework.models import Case
from casework.rules import NotAllowed
from casework.views.doors import business
from organisations import clock
from organisations.requests import StaffRequest
from organisations.scope import Scope
from petitions.queries import record
from reports.actions import refresh
from reports.audit import actions, books, forms, proof, queries, returns, rules
from reports.forms import selection
from reports.models import AuditQuestion, Sample, WorkingPaper
from reports.month import queries as months
from reports.queries import behind, ground
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES

View = Callable[..., HttpResponseBase]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MISSING = (Sample.DoesNotExist, WorkingPaper.DoesNotExist, AuditQuestion.DoesNotExist, Case.DoesNotExist)


def _found(view: View) -> View:
    """What the person does not see does not exist."""

    @business
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except _MISSING as missing:
            raise Http404 from missing

    return guarded


def _auditors(view: View) -> View:
    """For auditors alone (403 for others)."""

    @_found
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        queries.auditor(request.scope)
        return view(request, *args, **kwargs)

    return guarded


def _back(name: str, *args: Any) -> HttpResponse:
    answer = redirect(f"reports:{name}", *args)
    answer.status_code = 303
    return answer


def _file(data: bytes | str, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def _where(data: QueryDict, scope: Scope) -> tuple[Selection, django_forms.Form]:
    """The period and filters of the address; a wrong one is refused in words. Raises NotAllowed (422)."""
    form = selection.bound(data)
    if not form.is_valid():
        raise NotAllowed("".join(str(text) for texts in form.errors.values() for text in texts), code="wrong_selection", status=422)
    return form.selection(scope), form


# -- doubts -----------------------------------------------------------------------------------------------------------------


@require_GET
@_auditors
def room(request: StaffRequest) -> HttpResponse:
    """The auditor's home: every doubt with its count in the period, own samples, open questions."""
    refresh.refresh_if_old()
    where, _ = _where(request.GET, request.scope)
    found = list(queries.samples(request.scope)[:6])
    progress = queries.progress(found)
    context = {
        "active": "audit",
        "where": where,
        "query": selection.query(where),
        "tallies": queries.counts(where, request.scope),
        "unclosed": months.unclosed(clock.today()),
        "unread": months.unread(request.scope),
        "samples": [(one, *progress.get(one.pk, (0, 0))) for one in found],
        "questions": queries.questions(request.scope).exclude(state=AuditQuestion.State.ACCEPTED)[:8],
        "today": clock.today(),
        "units": queries.askable(request.scope),
    }
    return render(request, "reports/audit/room.html", context)


@require_GET
@_auditors
def doubt(request: StaffRequest, code: str) -> HttpResponse:
    """The findings of one doubt in the period, page by page."""
    found = queries.doubts().get(code)
    if found is None:
        raise Http404
    refresh.refresh_if_old()
    where, _ = _where(request.GET, request.scope)
    number = request.GET.get("page", "")
    page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    rows, total = queries.findings(found, where, request.scope, page)
    last = max(-(-total // queries.PAGE), 1)
    query = selection.query(where)
    context = {
        "active": "audit",
        "doubt": found,
        "where": where,
        "query": query,
        "rows": rows,
        "total": total,
        "units": queries.askable(request.scope),
        "previous_url": f"?{query}&page={page - 1}" if page > 1 else "",
        "next_url": f"?{query}&page={page + 1}" if page < last else "",
        "page_words": f"共 {total} 条，第 {page} 页，共 {last} 页",
    }
    return render(request, "reports/audit/doubt.html", context)


# -- samples ----------------------------------------------------------------------------------------------------------------


@require_GET
@_auditors
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
@_auditors
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
            return _back("sample", sample.pk)
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
    papers = queries.papers(sample)
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
@_auditors
def sample(request: StaffRequest, pk: int) -> HttpResponse:
    """One sample: how it was drawn, its papers, the conclusion."""
    found = queries.samples(request.scope).get(pk=pk)
    return _sample_page(request, found, forms.SignForm(initial={"conclusion": found.conclusion}))


@require_POST
@_auditors
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
    return _back("sample", pk)


@require_GET
@_auditors
def redraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw again from what was kept, and compare."""
    found = queries.samples(request.scope).defer(None).get(pk=pk)
    context = {
        "active": "audit",
        "sample": found,
        "redraw": queries.redraw(found),
        "algorithm": rules.ALGORITHM_WORDS,
        "by_hand": rules.BY_HAND,
    }
    return render(request, "reports/audit/redraw.html", context)


@require_GET
@_auditors
def population(request: StaffRequest, pk: int) -> HttpResponse:
    """The numbers that were drawn from, a line each: what `sha256sum` and `sort` need to draw again by hand."""
    found = queries.samples(request.scope).defer(None).get(pk=pk)
    actions.on_record("抽样总体", f"{found.title}，{found.population_count}件", by=request.scope)
    return _file(rules.population_text(queries.members_of(found)), f"抽样总体_{found.pk}.txt", "text/plain; charset=utf-8")


@require_GET
@_auditors
def sample_book(request: StaffRequest, pk: int) -> HttpResponse:
    """The sample with its papers as a workbook."""
    found = queries.samples(request.scope).get(pk=pk)
    actions.on_record("抽样底稿", found.title, by=request.scope)
    data = books.sample(found, queries.papers(found), mark=actions.mark(request.scope), at=clock.now())
    return _file(data, f"审计抽样_{found.pk}.xlsx", XLSX)


@require_GET
@_auditors
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The sample with its papers for printing."""
    found = queries.samples(request.scope).get(pk=pk)
    actions.on_record("打印抽样底稿", found.title, by=request.scope)
    context = {
        "active": "audit",
        "sample": found,
        "papers": queries.papers(found),
        "mark": actions.mark(request.scope),
        "algorithm": rules.ALGORITHM_WORDS,
    }
    return render(request, "reports/audit/sheet.html", context)


# -- working papers ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@_auditors
def paper(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """One case's working paper beside its history. POST keeps it (303)."""
    of = queries.samples(request.scope).get(pk=pk)
    row = WorkingPaper.objects.select_related("case").get(sample=of, place=place)
    start = {"verdict": row.verdict, "words": row.words, "evidence": "、".join(str(no) for no in row.evidence)}
    form = forms.PaperForm(request.POST or None, initial=start)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            actions.note(pk, place, **form.cleaned_data, by=request.scope)
            messages.success(request, f"第{place}件已保存")
            return _back("paper", pk, place + 1) if place < of.size else _back("sample", pk)
        except NotAllowed as found:
            refusal, status = found.message, found.status
    may_see = Case.objects.visible_to(request.scope).filter(pk=row.case_id).exists()
    context = {
        "active": "audit",
        "sample": of,
        "row": row,
        "form": form,
        "lines": queries.lines_of(row.case) if may_see else [],
        "breaks": list(chain.verify_cases([row.case_id])),
        "may_see": may_see,
        "may_write": of.signed_at is None and of.drawn_by_id == request.user.pk,
        "refusal": refusal,
    }
    return render(request, "reports/audit/paper.html", context, status=status)


@require_POST
@_auditors
def keep(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """What is being typed in a working paper (autosave): 204; 409 once it was signed."""
    form = forms.PaperForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": "有内容需要改正，暂未保存。", "code": "invalid"}, status=422)
    try:
        actions.note(pk, place, **form.cleaned_data, by=request.scope)
    except NotAllowed as refusal:
        return JsonResponse({"message": refusal.message, "code": refusal.code}, status=refusal.status)
    return HttpResponse(status=204)


# -- questions --------------------------------------------------------------------------------------------------------------


@require_GET
@_found
def questions(request: StaffRequest) -> HttpResponse:
    """The auditor's questions, or those one's unit was asked: open ones first."""
    if request.scope.holds(rules.AUDITORS | rules.ANSWERING) is None:
        raise NotAllowed("审计询问由审计员提出、被询问单位答复，您没有这些岗位。", code="wrong_role", status=403)
    page = Paginator(queries.questions(request.scope), queries.PAGE).get_page(request.GET.get("page"))
    context = {
        "active": "questions",
        "rows": page.object_list,
        "today": clock.today(),
        "is_auditor": request.scope.holds(rules.AUDITORS) is not None,
        "total_text": f"共 {page.paginator.count} 项",
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "reports/audit/questions.html", context)


@require_http_methods(["GET", "POST"])
@_auditors
def ask(request: StaffRequest) -> HttpResponse:
    """GET the form, filled from a case or a working paper; POST asks (303)."""
    start = {"number": request.GET.get("number", ""), "unit_id": request.GET.get("unit", ""), "subject": request.GET.get("subject", "")[:80]}
    sample_id = request.GET.get("sample", "")
    form = forms.AskForm(request.POST or None, initial=start)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            of = int(sample_id) if sample_id.isascii() and sample_id.isdigit() and len(sample_id) < 10 else None
            question = actions.ask(**form.cleaned_data, sample_id=of, by=request.scope)
            messages.success(request, f"已发给{question.unit.short_name}，答复期限{question.due_on:%Y-%m-%d}")
            return _back("question", question.pk)
        except NotAllowed as found:
            refusal, status = found.message, found.status
        except Case.DoesNotExist:
            form.add_error("number", "没有这个编号的案件。")
    return render(request, "reports/audit/ask.html", {"active": "questions", "form": form, "refusal": refusal}, status=status)


ACTS: dict[str, tuple[type[django_forms.Form], Callable[..., Any], str]] = {
    "answer": (forms.AnswerForm, actions.answer, "已答复，等待审计确认"),
    "accept": (forms.AcceptForm, actions.accept, "已确认"),
    "again": (forms.AgainForm, actions.ask_again, "已要求补充，期限重新计算"),
}


def _question_page(
    request: StaffRequest, found: AuditQuestion, tried: dict[str, django_forms.Form], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    is_waiting, is_answered = found.state == AuditQuestion.State.ASKED, found.state == AuditQuestion.State.ANSWERED
    may_answer = is_waiting and queries.answerer(request.scope, found) is not None
    may_judge = is_answered and queries.is_asker(request.scope, found)
    context = {
        "active": "questions",
        "question": found,
        "turns": found.turns.order_by("no"),
        "today": clock.today(),
        "answer": (tried.get("answer") or forms.AnswerForm()) if may_answer else None,
        "accept": (tried.get("accept") or forms.AcceptForm(initial={"words": "答复属实，予以确认。"})) if may_judge else None,
        "again": (tried.get("again") or forms.AgainForm()) if may_judge else None,
        "form": next(iter(tried.values()), None),
        "sees_case": found.case is not None and Case.objects.visible_to(request.scope).filter(pk=found.case.pk).exists(),
        "refusal": refusal,
    }
    return render(request, "reports/audit/question.html", context, status=status)


@require_GET
@_found
def question(request: StaffRequest, pk: int) -> HttpResponse:
    """One question with everything said, and what this person may do now."""
    return _question_page(request, queries.questions(request.scope).get(pk=pk), {})


@require_POST
@_found
def act(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """One of ACTS: 303 back, or the page again with what was wrong and what was typed."""
    found = queries.questions(request.scope).get(pk=pk)
    if code not in ACTS:
        raise Http404
    kind, do, done = ACTS[code]
    form = kind(request.POST)
    if not form.is_valid():
        return _question_page(request, found, {code: form}, status=422)
    try:
        do(pk, **form.cleaned_data, by=request.scope)
    except NotAllowed as refusal:
        return _question_page(request, queries.questions(request.scope).get(pk=pk), {code: form}, refusal=refusal.message, status=refusal.status)
    messages.success(request, done)
    return _back("question", pk)


# -- proof ------------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@_auditors
def integrity(request: StaffRequest) -> HttpResponse:
    """Series of numbers against the rows, and checks of chains and seals. POST checks a period (303)."""
    today = clock.today()
    form = forms.IntegrityForm(request.POST or None, initial={"since": today.replace(day=1), "until": today})
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            found = actions.check_integrity(**form.cleaned_data, by=request.scope)
            messages.success(
                request,
                f"已核验{found.cases}件、{found.lines}条历史记录" + ("，未发现改动" if not found.breaks else f"，发现{len(found.breaks)}处不符"),
            )
            return _back("integrity")
        except NotAllowed as told:
            refusal, status = told.message, told.status
    context = {"active": "audit", "form": form, "series": queries.series(), "checks": queries.checks()[:20], "refusal": refusal}
    return render(request, "reports/audit/integrity.html", context, status=status)


@require_GET
@_auditors
def history(request: StaffRequest) -> HttpResponse:
    """The history of one case with its proof, as a file that `verifier` checks without the application."""
    number = request.GET.get("number", "").strip()
    case = Case.objects.visible_to(request.scope).get(number=number)
    actions.on_record("历史记录及校验", case.number, by=request.scope, case=case)
    return _file(proof.package(case, mark=actions.mark(request.scope)), f"历史记录_{case.number}.json", "application/json")


@require_GET
@_auditors
def verifier(request: StaffRequest) -> HttpResponse:
    """The program that checks the file, one file, standard library only."""
    script = (settings.BASE_DIR / "tools" / "verify_history.py").read_bytes()
    return _file(script, "verify_history.py", "text/x-python; charset=utf-8")


@require_GET
@_auditors
def trace(request: StaffRequest) -> HttpResponse:
    """Who looked into identities and took things away, among the cases and units within reach."""
    form = forms.TraceForm(request.GET)
    sought = form.sought() if form.is_valid() else None
    if sought is None:
        return render(request, "reports/audit/trace.html", {"active": "audit", "form": form, "rows": []}, status=422)
    before = request.GET.get("before", "")
    rows = queries.trace(sought, request.scope)
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows[: queries.PAGE + 1])
    asked = request.GET.copy()
    asked.pop("before", None)
    older = f"?{asked.urlencode()}&before={found[queries.PAGE - 1].pk}" if len(found) > queries.PAGE else ""
    context = {"active": "audit", "form": form, "rows": found[: queries.PAGE], "next_url": older, "export_query": asked.urlencode()}
    return render(request, "reports/audit/trace.html", context)


@require_GET
@_auditors
def trace_book(request: StaffRequest) -> HttpResponse:
    """The same search as a workbook."""
    form = forms.TraceForm(request.GET)
    if not form.is_valid():
        raise NotAllowed("查询条件有误，请回到页面改正。", code="wrong_search", status=422)
    entry = actions.on_record("访问痕迹", "审计查询结果", by=request.scope)
    rows = queries.trace(form.sought(), request.scope).filter(id__lt=entry.pk)[: books.MOST_ROWS]
    data = books.trace(rows.iterator(chunk_size=2000), mark=actions.mark(request.scope), at=clock.now())
    return _file(data, f"访问痕迹_{clock.today():%Y%m%d}.xlsx", XLSX)


# -- what goes upward -------------------------------------------------------------------------------------------------------


@require_GET
@_found
def monthly(request: StaffRequest) -> HttpResponse:
    """The 矛盾纠纷 return of a period by level, type and number of people; every number opens its cases."""
    ground.of(request.scope)
    refresh.refresh_if_old()
    where, _ = _where(request.GET, request.scope)
    context: dict[str, Any] = {
        "active": "audit" if request.scope.holds(rules.AUDITORS) else "dashboard",
        "where": where,
        "query": selection.query(where),
        "bands": returns.BANDS,
        "found": returns.read(where),
        "units": [],
    }
    return render(request, "reports/audit/return.html", context)


@require_GET
@_found
def monthly_cases(request: StaffRequest) -> HttpResponse:
    """The cases behind one number of the return."""
    ground.of(request.scope)
    where, _ = _where(request.GET, request.scope)
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
        "previous_url": f"?{query.urlencode()}&page={page - 1}" if page > 1 else "",
        "next_url": f"?{query.urlencode()}&page={page + 1}" if page < last else "",
        "page_words": f"共 {count} 件，第 {page} 页，共 {last} 页",
    }
    return render(request, "reports/behind.html", context)


@require_GET
@_found
def monthly_book(request: StaffRequest) -> HttpResponse:
    """The return as a workbook with live sums."""
    ground.of(request.scope)
    refresh.refresh_if_old()
    where, _ = _where(request.GET, request.scope)
    words = f"矛盾纠纷月报表，{where.ground.name}，{where.period.label}"
    mark = actions.take("矛盾纠纷月报表", words, by=request.scope)
    data = books.monthly(returns.read(where), words, mark=mark, at=clock.now())
    return _file(data, f"矛盾纠纷月报表_{where.period.since:%Y%m%d}-{where.period.until:%Y%m%d}.xlsx", XLSX)


@require_GET
@_auditors
def record_page(request: StaffRequest) -> HttpResponse:
    """The petitions of a period in the columns of the national record: how many, which columns, what is empty and why."""
    refresh.refresh_if_old()
    where, _ = _where(request.GET, request.scope)
    context = {
        "active": "audit",
        "where": where,
        "query": selection.query(where),
        "count": len(queries.petitions(where, request.scope)),
        "columns": record.COLUMNS,
        "filled": sum(1 for column in record.COLUMNS if not column.lack),
        "units": queries.askable(request.scope),
    }
    return render(request, "reports/audit/record.html", context)


@require_GET
@_auditors
def record_book(request: StaffRequest) -> HttpResponse:
    """The same as a workbook: first sheet as the province wants it, second sheet what each column is."""
    refresh.refresh_if_old()
    where, _ = _where(request.GET, request.scope)
    ids = queries.petitions(where, request.scope)
    if len(ids) > books.MOST_ROWS:
        raise NotAllowed(f"超过{books.MOST_ROWS // 10_000}万件，请缩短期间，分段导出。", code="too_many_rows", status=422)
    words = f"省级列序信访件清单，{where.period.label}，{len(ids)}件"
    mark = actions.take("省级列序清单", words, by=request.scope)
    data = books.record_of(ids, words, mark=mark, at=clock.now())
    return _file(data, f"信访件清单_{where.period.since:%Y%m%d}-{where.period.until:%Y%m%d}.xlsx", XLSX)
