"""The case page of a petition: everything about it, and the one act that is open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from casework import drafts, explain, presence, viewings
from casework.models import Case, Deadline
from casework.queries import cards, clocks, history, lists, papers, progress
from casework.registry import arrange
from casework.rules import NotAllowed, Step
from organisations import clock, directory
from organisations.requests import StaffRequest
from petitions import codes, rules
from petitions.forms.acts.form import ActForm, ladder_answers, ladder_fields
from petitions.models import Petition
from petitions.queries import case as queries
from petitions.queries import clocks as petition_clocks
from petitions.queries import papers as papers_queries
from petitions.queries import review as chain_queries
from petitions.queries import supervision
from petitions.queries import terms as terms_queries
from petitions.queries.case import CasePage
from petitions.rules import STEPS, checks
from petitions.rules.letters import SERVED
from petitions.rules.supervision import LIMITS as OWED_AFTER
from petitions.views.registry import REGISTRY
from petitions.views.registry.arranged import LAYOUT

#: Lines of colleagues that a conflict shows at most.
MOST_CONFLICTING = 20
#: Draft keys are made from person, case and act, so that the form finds its draft again without a look-up table.
_DRAFTS = uuid.UUID("7e3c1c58-61f5-4b0e-9f0a-0d7b8e9a4c11")


def get(request: StaffRequest, number: str) -> Petition:
    """The petition through the asker's scope; outside it the same 404 as a number that does not exist."""
    try:
        return queries.find(number, request.scope)
    except Petition.DoesNotExist:
        raise Http404 from None


@require_GET
def detail(request: StaffRequest, number: str) -> HttpResponse:
    """The page with its primary act open, or the one asked for by ?act=."""
    return draw(request, get(request, number))


def draw(
    request: StaffRequest,
    petition: Petition,
    *,
    form: ActForm | None = None,
    act: str = "",
    refusal: NotAllowed | None = None,
    status: int = 200,
) -> HttpResponse:
    """The case page. With `form` the act that was sent stands open again, as typed, with why it was not done."""
    scope = request.scope
    before = request.GET.get("before", "")
    held = queries.page(
        petition, show=request.GET.get("show", ""), before=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    )
    acts = queries.lawful(held, scope)
    viewers = viewings.look(held.case, request.user, clock.now())
    code = act or open_act(request, acts, held.case.state)
    if form is None and code:
        form = make_form(request, held, code)
    label, who = progress.next_step(STEPS, held.case)
    tree = directory.current()
    stages = queries.timeline(held, viewers.mine)
    context = {
        "active": "cases",
        "ns": "petitions",
        "addressee": "信访人",
        "texts_url": reverse("petitions:texts-pick"),
        "paper_lines": papers.lines(held, served=SERVED, hiding=papers_queries.HIDING),
        "copy_lines": papers.copies(held),
        "held": held,
        "case": held.case,
        "petition": petition,
        "unit": tree.units[held.case.unit_id],
        "area": tree.areas[held.case.area_id],
        "respondent_unit": tree.units.get(petition.respondent_unit_id or 0),
        "next_label": label,
        "next_who": who,
        "flow": queries.flow(held),
        "stages": stages,
        "present": presence.others(held.case, request.user, clock.now()),
        "conflict": conflict(form, refusal, held, stages),
        "chips": history.CHIPS,
        "show": request.GET.get("show", ""),
        "clocks": clocks.clocks(held.case, held.deadlines, owed_after=OWED_AFTER),
        "shares": petition_clocks.shares(held),
        "cards": cards.of_case(scope, held.cards, held.deadlines, clock.today()),
        "ladder": chain_queries.ladder(held, clock.today()),
        "terms": terms_queries.terms(held),
        "may_approve_extension": "approve_extension" in acts,
        "related": history.related(held.case, held.links, scope),
        "instructions": supervision.instruction_lines(held, scope),
        "proposal": supervision.last_proposal(held, scope),
        "viewers": viewers,
        "acts": arrange(
            {key: step for key, step in acts.items() if key != "amend"},
            REGISTRY,
            opened=code,
            state=held.case.state,
            missing={"prepare": len(rules.missing_before_decision(queries.decision_facts(held)))} if "prepare" in acts else {},
            usual=LAYOUT.usual,
            groups=LAYOUT.groups,
            apart=LAYOUT.apart,
        ),
        "may_amend": "amend" in acts,
        "may_attach": "note" in acts,
        "may_unmerge": "unmerge" in acts,
        "open_act": code,
        "step": STEPS.get(code),
        "is_lawful": code in acts,
        "is_answering": "answer_point" in acts,
        "today": clock.today(),
        "form": form,
        "refusal": refusal,
        "list": request.GET.get("list", ""),
        "topic_path": codes.category_label(held.case.topic_code),
        **act_context(request, held, code, form),
    }
    return render(request, "petitions/detail.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Conflict:
    """What colleagues did while the form was being filled, and what stands in the form."""

    theirs: list[history.Line]
    mine: list[tuple[str, str]]


def conflict(form: ActForm | None, refusal: NotAllowed | None, held: CasePage, stages: list[history.StageLines]) -> Conflict | None:
    """Both sides of a form that came too late (habit 17); None where it did not. Every act raises the version by one."""
    if form is None or refusal is None or refusal.code not in ("stale", "wrong_moment"):
        return None
    typed = form.data.get("version", "")
    since = held.case.version - int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 1
    lines = [line for stage in stages for line in stage.lines]
    mine = [(str(field.label), in_words(field)) for field in form.shown() if form.data.get(field.html_name)]
    return Conflict(lines[: max(1, min(since, MOST_CONFLICTING))], mine)


def in_words(field: BoundField) -> str:
    """What was typed or chosen, as it would be read aloud."""
    value = field.data
    chosen = {str(item) for item in (value if isinstance(value, list) else [value])}
    offered: Any = getattr(field.field, "choices", None)
    labels = [str(label) for key, label in offered or () if str(key) in chosen]
    return "、".join(labels) or str(getattr(value, "text", "") or value or "")


def open_act(request: StaffRequest, acts: dict[str, Step], state: str) -> str:
    """The act asked for if it is lawful, else the primary one that leads on, else the first."""
    asked = request.GET.get("act", "")
    if asked in acts and asked != "amend":
        return asked
    onward = [code for code, step in acts.items() if step.primary and step.to != state]
    return next(iter([*onward, *(code for code in acts if code != "amend")]), "")


def make_form(request: StaffRequest, held: CasePage, code: str) -> ActForm:
    """The act's form as it opens: from its draft, from the wizard, or from the case."""
    from_address = {name: request.GET[name] for name in ("no", "into", "other") if name in request.GET}
    initial: dict[str, Any] = {**from_address, **wizard_initial(request, code)}
    kind = REGISTRY[code].form
    if code == "answer_point":
        initial = {**point_initial(request, held), **initial}
    if kind.keeps_draft:
        kept = drafts.read(draft_key(request, held, code, str(initial.get("no", ""))), request.scope)
        initial.update({name: values[-1] for name, values in (kept or {}).items() if values and name not in ("version", "no")})
    return kind(held=held, scope=request.scope, initial=initial)


def point_initial(request: StaffRequest, held: CasePage) -> dict[str, Any]:
    """The point asked for by ?no=, else the first open one, with what was written of it before."""
    asked = request.GET.get("no", "")
    points = [p for p in held.points if str(p.no) == asked] or [p for p in held.points if not p.is_answered] or held.points
    if not points:
        return {}
    point = points[0]
    return {"no": point.no, "support": point.support, "result": point.result, "ground": point.ground}


def wizard_initial(request: StaffRequest, code: str) -> dict[str, Any]:
    """What the lawful-route ladder proposes (L-CLS-2); empty before its end. The office decides."""
    if code not in ("guide", "decline"):
        return {}
    answers = ladder_answers(request.GET)
    if not answers or codes.next_question(answers) is not None:
        return {}
    found = codes.wizard(answers)
    if code == "guide":
        return {"routes": [route for route in found.route_codes if route != codes.PETITION_ROUTE], "words": found.text_zh}
    return {"code": found.decline_code, "words": "", "remedy": found.text_zh[:300]}


def act_context(request: StaffRequest, held: CasePage, code: str, form: ActForm | None) -> dict[str, Any]:
    """What the open form needs beside its fields: wizard, draft, dialog, which point."""
    if form is None:
        return {}
    data = form.data if form.is_bound else request.GET
    answers = ladder_answers(data)
    is_ladder = code in ("guide", "decline")
    no = str(form["no"].value() or "") if "no" in form.fields else ""
    found: dict[str, Any] = {
        "entry": REGISTRY[code],
        "point": next((p for p in held.points if str(p.no) == no), None) if code == "answer_point" else None,
        "ladder_question": codes.next_question(answers) if is_ladder and not form.is_bound and "skip" not in request.GET else None,
        "carried": ladder_fields(answers) if is_ladder else (),
        "ladder_step": len(answers) + 1,
        "ladder_steps": len(codes.LADDER),
        "missing": rules.missing_before_decision(queries.decision_facts(held)) if code == "prepare" else (),
        "doubts": rules.doubts(queries.answered(held)) if code in ("prepare", "reply") else (),
        "guidance": codes.wizard(answers) if is_ladder and answers and codes.next_question(answers) is None else None,
        "right": chain_queries.page_right(held) if code == "seek_review" else None,
    }
    if form.keeps_draft:
        key = draft_key(request, held, code, no)
        found["draft_url"] = reverse("casework:draft", args=[f"petition.{code}", key])
        found["draft_label"] = f"{held.case.number} {STEPS[code].label}"
    return found


def draft_key(request: StaffRequest, held: CasePage, code: str, no: str) -> uuid.UUID:
    """One draft a person, case and act (and point): opened again anywhere, it is the same."""
    return uuid.uuid5(_DRAFTS, f"{request.user.pk}:{held.case.pk}:{code}:{no if code == 'answer_point' else ''}")


@require_GET
def beside(request: StaffRequest, number: str, way: str) -> HttpResponse:
    """The next (J) or previous (K) case of the list the person came from, whose query is in ?list=."""
    here = get(request, number)
    query = request.GET.get("list", "")
    before, after = lists.neighbours(request.scope, dict(parse_qsl(query)), here.case.number)
    found = after if way == "next" else before
    if not found:
        messages.info(request, "这份清单已经到头了。")
        found = here.case.number
    return redirect(f"{reverse('petitions:detail', args=[found])}?{urlencode({'list': query})}")


@require_GET
def deadline(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """为什么是这天到期: start event, rule and article, every day counted or passed over."""
    petition = get(request, number)
    found = Deadline.objects.filter(case=petition.case, pk=pk).select_related("limit").prefetch_related("events").first()
    if found is None:
        raise Http404
    context = {"active": "cases", "case": petition.case, "why": explain.explain(found), "is_open": "all" in request.GET}
    template = "petitions/deadline.html#why" if request.htmx else "petitions/deadline.html"
    return render(request, template, context)


@require_GET
def due(request: StaffRequest, number: str) -> HttpResponse:
    """From the lamp of a list to the account of the date it stands for; to the case where none runs."""
    case: Case = get(request, number).case
    found = clocks.nearest(case)
    if found is None:
        messages.info(request, "本件现在没有正在计算的期限。")
        return redirect("petitions:detail", number)
    return redirect("petitions:deadline", number, found.pk)


@require_POST
def follow(request: StaffRequest, number: str) -> HttpResponse:
    """关注 or no longer: `on` says which."""
    case: Case = get(request, number).case
    if request.POST.get("on") == "1":
        viewings.follow(case, request.user, clock.now())
    else:
        viewings.unfollow(case, request.user)
    return back(request, case.number)


def say_done(request: StaffRequest, code: str, petition: Petition) -> None:
    """The toast after an act; where the act can be taken back it carries the button (address and version as tags)."""
    number = petition.case.number
    undo = f"{reverse('petitions:act', args=[number, 'take_back'])} {petition.case.version}" if code in checks.UNDOABLE else ""
    messages.success(request, f"{number} {REGISTRY[code].done}", extra_tags=undo)


def back(request: StaffRequest, number: str) -> HttpResponse:
    """To the case page (303), with the list it was reached from."""
    query = request.GET.get("list", "")
    address = reverse("petitions:detail", args=[number])
    answer = redirect(f"{address}?{urlencode({'list': query})}" if query else address)
    answer.status_code = 303
    return answer
