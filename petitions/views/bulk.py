"""Bulk acts: first a table of what will happen to each ticked petition, then a result per row.

Every row goes through the same action as the single form, in its own transaction (beyond.md 6, habit 12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from casework import actions as docket
from casework import kinds, selections
from casework.kinds import BulkAct
from casework.models import Case
from casework.queries import lists
from casework.rules import NotAllowed, check
from organisations import clock
from organisations.scope import Scope
from petitions import actions
from petitions.actions import supervision
from petitions.forms.bulk import FORMS, BulkForm
from petitions.models import Petition
from petitions.queries.acts import place_of
from petitions.rules import BULK_ACTS, KIND, STATE_LABELS, STEPS
from petitions.rules.checks import UNDOABLE

ACTS = {act.code: act for act in BULK_ACTS}
TAKE_BACK = BulkAct("take_back", "撤销", "arrow-back-up", STEPS["take_back"].roles)
_GONE = "没有这件案件，或已不在您的查看范围内。"


@dataclass(frozen=True, slots=True)
class Line:
    """One petition in the preview or in the result; `problem` is why it is left out, "" when it is not."""

    row: lists.Row | None
    number: str
    problem: str


@require_POST
def bulk(request: HttpRequest, act: str) -> HttpResponse:
    """Preview; with `confirm` the act itself. `print` only shows the list on paper."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    if act not in ACTS:
        raise Http404
    numbers, versions = _chosen(request, scope)
    if not numbers:
        raise NotAllowed("还没有勾选案件。", code="nothing_chosen", status=422)
    if len(numbers) > lists.BULK_LIMIT:
        raise NotAllowed(f"一次最多办理 {lists.BULK_LIMIT} 件，请分批。", code="too_many", status=422)
    rows = _rows(scope, numbers)
    if act == "print":
        context = {"rows": list(rows.values()), "words": "所选案件", "now": clock.now(), "query": request.POST.get("list", "")}
        return render(request, "casework/list_print.html", context)
    lines = [Line(rows.get(number), number, _problem(act, rows.get(number), scope)) for number in numbers]
    is_sent = "confirm" in request.POST
    form = FORMS[act](request.POST if is_sent else None, by=scope)
    if is_sent and form.is_valid():
        return _result(request, ACTS[act], _do(act, lines, form, scope, dict(zip(numbers, versions, strict=False))))
    frozen = selections.freeze(numbers, scope, [rows[n].case.version if n in rows else 0 for n in numbers])
    context = {
        "active": "cases",
        "act": ACTS[act],
        "form": form,
        "lines": lines,
        "frozen": frozen,
        "able": sum(1 for line in lines if not line.problem),
        "query": request.POST.get("list", ""),
    }
    return render(request, "petitions/bulk.html", context, status=422 if is_sent else 200)


def _chosen(request: HttpRequest, scope: Scope) -> tuple[list[str], list[int]]:
    """The frozen choice if there is one, else the ticks."""
    if request.POST.get("frozen"):
        return selections.thaw(request.POST["frozen"], scope)
    return list(dict.fromkeys(request.POST.getlist("number"))), []


def _rows(scope: Scope, numbers: list[str]) -> dict[str, lists.Row]:
    ids = dict(Case.objects.visible_to(scope).filter(number__in=numbers).values_list("number", "pk"))
    return {row.case.number: row for row in lists.rows_of(scope, [ids[n] for n in numbers if n in ids])}


def _problem(act: str, row: lists.Row | None, scope: Scope) -> str:
    """Why this petition cannot be done now, in the same words as the single act."""
    if row is None:
        return _GONE
    if act not in STEPS:
        return ""
    if row.case.kind != KIND.code:
        return f"这是{kinds.get(row.case.kind).label}，请打开后办理。"
    try:
        check(STEPS, act, place_of(row.case, with_tasks=False), scope, STATE_LABELS)
    except NotAllowed as error:
        return error.message
    return ""


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was just done to many: each by the same act as one, with a result per row."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    numbers, held = selections.thaw(request.POST.get("frozen", ""), scope)
    versions = dict(zip(numbers, held, strict=True))
    problems = {number: _one(lambda number: actions.take_back(number, by=scope, version=versions[number]), number) for number in numbers}
    return _result(request, TAKE_BACK, problems)


def _do(act: str, lines: list[Line], form: BulkForm, scope: Scope, versions: dict[str, int]) -> dict[str, str]:
    """Why each number was not done, "" where it was."""
    typed = form.arguments()
    calls: dict[str, Callable[..., Any]] = {
        "route": lambda number: actions.route(number, by=scope, version=versions.get(number), **typed),
        "designate": lambda number: actions.designate(number, by=scope, version=versions.get(number), **typed),
        "urge": lambda number: supervision.urge(number, by=scope, version=versions.get(number), **typed),
        "follow": lambda number: docket.follow(number, by=scope),
    }
    return {line.number: line.problem or _one(calls[act], line.number) for line in lines}


def _one(call: Callable[..., Any], number: str) -> str:
    try:
        call(number)
    except NotAllowed as error:
        return error.message
    except (Petition.DoesNotExist, Case.DoesNotExist):
        return _GONE
    return ""


def _result(request: HttpRequest, act: BulkAct, problems: dict[str, str]) -> HttpResponse:
    """Each petition as it stands now, and why it was not done."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    rows = _rows(scope, list(problems))
    lines = [Line(rows.get(number), number, problem) for number, problem in problems.items()]
    done = [line for line in lines if not line.problem]
    undoable = [line.number for line in done] if act.code in UNDOABLE else []
    now = dict(Case.objects.visible_to(scope).filter(number__in=undoable).values_list("number", "version")) if undoable else {}
    context = {
        "active": "cases",
        "act": act,
        "lines": lines,
        "done": len(done),
        "undo": selections.freeze(list(now), scope, list(now.values())) if now else "",
        "failed": len(lines) - len(done),
        "query": request.POST.get("list", ""),
        "is_done": True,
    }
    return render(request, "petitions/bulk_result.html", context)
