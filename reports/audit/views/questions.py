"""Questions to units: asked, answered, judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.models import Case
from casework.rules import NotAllowed
from organisations import clock
from organisations.requests import StaffRequest
from reports.audit import actions, forms, queries, rules
from reports.audit.views.doors import auditors_only, back, found_only
from reports.models import AuditQuestion


@require_GET
@found_only
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
@auditors_only
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
            return back("question", question.pk)
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
    offered = {"answer": may_answer, "accept": may_judge, "again": may_judge}
    context = {
        "active": "questions",
        "question": found,
        "turns": found.turns.order_by("no"),
        "today": clock.today(),
        "answer": (tried.get("answer") or forms.AnswerForm()) if may_answer else None,
        "accept": (tried.get("accept") or forms.AcceptForm(initial={"words": "答复属实，予以确认。"})) if may_judge else None,
        "again": (tried.get("again") or forms.AgainForm()) if may_judge else None,
        "form": next(iter(tried.values()), None),
        # Somebody was quicker: the field is gone from the page, what was typed into it is not.
        "unsent": next((form.data.get("words", "") for code, form in tried.items() if not offered[code]), ""),
        "unit_is_blind": queries.is_asker(request.scope, found) and not queries.unit_sees_case(found),
        "refusal": refusal,
    }
    return render(request, "reports/audit/question.html", context, status=status)


@require_GET
@found_only
def question(request: StaffRequest, pk: int) -> HttpResponse:
    """One question with everything said, and what this person may do now."""
    return _question_page(request, queries.questions(request.scope).get(pk=pk), {})


@require_POST
@found_only
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
    return back("question", pk)
