"""The doors of one case, whatever its kind: its page, its acts, the letter before it is sent, materials, limits, the next of the list.

Each kind makes one `CaseDoors` and ends its own addresses with its `urls()`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import drafts, explain, kinds, presence, viewings
from casework.actforms import ActForm
from casework.acting import Procedure
from casework.models import Document
from casework.previewing import as_pdf
from casework.queries import cards, clocks, history, lists, papers, progress
from casework.registry import Entry, Layout, arrange
from casework.rules import NotAllowed, Place, Step, check, who
from organisations import clock, directory
from organisations.queries import people
from organisations.requests import StaffRequest
from organisations.scope import Scope

#: Lines of colleagues that a conflict shows at most.
MOST_CONFLICTING = 20
#: What an address may fill in: which point, task or row an act is about, and the number of another case.
FROM_ADDRESS = ("no", "into", "other")
#: Draft keys are made from person, case and act, so that the form finds its draft again without a look-up table.
_DRAFTS = uuid.UUID("7e3c1c58-61f5-4b0e-9f0a-0d7b8e9a4c11")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What colleagues did while the form was being filled, and what stands in the form."""

    theirs: list[history.Line]
    mine: list[tuple[str, str]]


def _instead_of(step: Step | None, place: Place, scope: Scope) -> str:
    """Whose name the open act is signed with beside the person's own («B 代 A»), or empty."""
    standing = who(step, place, scope) if step is not None else None
    if standing is None or standing.absence_id is None:
        return ""
    return next((row.user.name for row in people.substitutions(scope.user.id, clock.today()) if row.pk == standing.absence_id), "")


def _no_extras(*_: Any) -> dict[str, Any]:
    return {}


def _nothing_kept(held: Any, scope: Scope) -> None:
    """Who sees the case sees all of it."""


@dataclass(frozen=True, eq=False)
class CaseDoors:
    """One kind's case page.

    `held` is everything on the page (a `casework.queries.children.CaseRows`), `row` the kind's own row. The kind gives
    how rows are found (`find`, `page`, `frame`), which acts are lawful, what its page shows beside what every page shows
    (`context`), what an act's form starts with (`initial`) and what it shows beside its fields (`act_context`).
    """

    #: Of the kind's addresses, which end with `urls()`.
    namespace: str
    procedure: Procedure[Any]
    registry: Mapping[str, Entry]
    layout: Layout
    template: str
    find: Callable[[str, Scope], Any]
    page: Callable[..., Any]
    frame: Callable[[Any], Any]
    lawful: Callable[[Any, Scope], dict[str, Step]]
    timeline: Callable[[Any, datetime | None], list[history.StageLines]]
    context: Callable[[StaffRequest, Any, dict[str, Step], str, ActForm[Any] | None], dict[str, Any]]
    initial: Callable[[StaffRequest, Any, str], dict[str, Any]] = _no_extras
    act_context: Callable[[StaffRequest, Any, str, ActForm[Any]], dict[str, Any]] = _no_extras
    #: Of which act how much is not there yet.
    missing: Callable[[Any, dict[str, Step]], Mapping[str, int]] = _no_extras
    #: Takes out of `held` what on a case in sight is kept from this person all the same.
    keep_back: Callable[[Any, Scope], None] = _nothing_kept
    #: The action behind the upload of materials; without it the page offers none.
    attaching: Callable[..., Any] | None = None
    #: The act done and undone again for its letter (`casework.previewing`); without it nothing is previewed.
    previewing: Callable[..., list[Document]] | None = None
    #: Acts with a page of their own.
    elsewhere: Collection[str] = frozenset()
    #: Acts whose draft is kept for each `no` apart.
    draft_no: Collection[str] = frozenset()
    #: What the person who brought the matter is called.
    addressee: str = "当事人"
    #: Papers that are delivered to people, and those opened as copies without the person's identity.
    served: Collection[str] = frozenset()
    hiding: Collection[str] = frozenset()
    #: Limits that run on after the case is closed.
    owed_after: Collection[str] = frozenset()
    #: Which entry of the side bar is lit.
    active: str = "cases"
    #: The name of the address that offers texts for a form (常用语).
    texts: str = ""

    def urls(self) -> list[URLPattern]:
        """The addresses of one case, for the end of the kind's own list: the last two take any word after the number."""
        return [
            path("<str:number>/follow/", self.follow, name="follow"),
            path("<str:number>/attach/", self.attach, name="attach"),
            path("<str:number>/due/", self.due, name="due"),
            path("<str:number>/deadlines/<int:pk>/", self.deadline, name="deadline"),
            path("<str:number>/beside/<str:way>/", self.beside, name="beside"),
            path("<str:number>/", self.detail, name="detail"),
            path("<str:number>/<str:code>/preview/", self.preview, name="preview"),
            path("<str:number>/<str:code>/", self.act, name="act"),
        ]

    # -- addresses -------------------------------------------------------------------------------------------------------------------------

    @method_decorator(require_GET)
    def detail(self, request: StaffRequest, number: str) -> HttpResponse:
        """The page with its primary act open, or the one asked for by ?act=."""
        return self.draw(request, self.get(request, number))

    @method_decorator(require_http_methods(["GET", "POST"]))
    def act(self, request: StaffRequest, number: str, code: str) -> HttpResponse:
        """GET opens the case page at the act's form. POST does it: 303; 422 bad input; 409 wrong moment or stale; 403 not yours."""
        if code not in self.registry:
            raise Http404
        row = self.get(request, number)
        if request.method == "GET":
            query = {"act": code, **({"list": request.GET["list"]} if "list" in request.GET else {})}
            return redirect(f"{self.url('detail', number)}?{urlencode(query)}#act")
        entry = self.registry[code]
        if entry.needs_rows:
            held = self.page(row, with_history=False)
            self.keep_back(held, request.scope)
        else:
            held = self.frame(row)
        form = entry.form(request.POST, held=held, scope=request.scope)
        refusal = self.do(request, form, code, number)
        if refusal is None:
            return self.back(request, number)
        return self.draw(request, self.get(request, number), form=form, act=code, refusal=refusal, status=refusal.status)

    @method_decorator(require_POST)
    def preview(self, request: StaffRequest, number: str, code: str) -> HttpResponse:
        """Every paper of the act as one PDF, before anything is saved. 422 with what is missing."""
        if self.previewing is None or code not in self.registry or not self.registry[code].is_previewed:
            raise Http404
        held = self.page(self.get(request, number), with_history=False)
        self.keep_back(held, request.scope)
        form = self.registry[code].form(request.POST, held=held, scope=request.scope)
        self.check(code, held, request.scope)
        if not form.is_valid():
            words = "".join(
                f"{form.fields[name].label}：{errors[0]}" if name in form.fields else str(errors[0]) for name, errors in form.errors.items()
            )
            raise NotAllowed(f"还不能预览。{words}", code="form", status=422)
        try:
            found = self.previewing(code, self.registry[code].call, number, by=request.scope, typed=form.arguments())
        except self.procedure.model.DoesNotExist:
            raise Http404 from None
        if not found:
            raise NotAllowed(f"这一步不给{self.addressee}出具文书，没有可预览的。", code="no_paper", status=422)
        answer = HttpResponse(as_pdf(found), content_type="application/pdf")
        names = "、".join(document.name for document in found)
        answer.headers["Content-Disposition"] = "inline; filename*=UTF-8''" + quote(f"预览 {names} {number}.pdf")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @method_decorator(require_POST)
    def attach(self, request: StaffRequest, number: str) -> HttpResponse:
        """Add files to the case; each is a line of its history. 303, or the page again with why not."""
        row = self.get(request, number)
        if self.attaching is None:
            raise Http404
        try:
            self.attaching(number, request.FILES.getlist("files"), label=request.POST.get("label", "").strip(), by=request.scope)
        except NotAllowed as refusal:
            return self.draw(request, row, refusal=refusal, status=refusal.status)
        messages.success(request, "材料已上传")
        return self.back(request, number)

    @method_decorator(require_POST)
    def follow(self, request: StaffRequest, number: str) -> HttpResponse:
        """关注 or no longer: `on` says which."""
        case = self.get(request, number).case
        if request.POST.get("on") == "1":
            viewings.follow(case, request.user, clock.now())
        else:
            viewings.unfollow(case, request.user)
        return self.back(request, case.number)

    @method_decorator(require_GET)
    def deadline(self, request: StaffRequest, number: str, pk: int) -> HttpResponse:
        """为什么是这天到期: start event, rule and article, every day counted or passed over."""
        case = self.get(request, number).case
        found = clocks.find(case, pk, request.scope)
        if found is None:
            raise Http404
        context = {"active": self.active, "ns": self.namespace, "case": case, "why": explain.explain(found), "is_open": "all" in request.GET}
        template = "casework/case/deadline.html#why" if request.htmx else "casework/case/deadline.html"
        return render(request, template, context)

    @method_decorator(require_GET)
    def due(self, request: StaffRequest, number: str) -> HttpResponse:
        """From the lamp of a list to the account of the date it stands for; to the case where none runs."""
        case = self.get(request, number).case
        running = clocks.nearest(case)
        found = clocks.find(case, running.pk, request.scope) if running else None
        if found is None:
            messages.info(request, "本件现在没有正在计算的期限。")
            return redirect(self.url("detail", number))
        return redirect(self.url("deadline", number, found.pk))

    @method_decorator(require_GET)
    def beside(self, request: StaffRequest, number: str, way: str) -> HttpResponse:
        """The next (J) or previous (K) case of the list the person came from, whose query is in ?list=."""
        here = self.get(request, number)
        query = request.GET.get("list", "")
        before, after = lists.neighbours(request.scope, dict(parse_qsl(query)), here.case.number)
        kind, found = after if way == "next" else before
        if not found:
            messages.info(request, "这份清单已经到头了。")
            kind, found = here.case.kind, here.case.number
        # A list holds several kinds of case, each with its own page.
        return redirect(f"{reverse(kinds.get(kind).detail_url, args=[found])}?{urlencode({'list': query})}")

    # -- what the kind's own doors use too -------------------------------------------------------------------------------------------------

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{name}", args=args)

    def get(self, request: StaffRequest, number: str) -> Any:
        """The kind's row through the asker's scope; outside it the same 404 as a number that does not exist."""
        try:
            return self.find(number, request.scope)
        except ObjectDoesNotExist:
            raise Http404 from None

    def check(self, code: str, held: Any, scope: Scope) -> None:
        """May this person do the act on the case as the page has it? Raises NotAllowed."""
        check(self.procedure.steps, code, held.place, scope, self.procedure.state_labels)

    def do(self, request: StaffRequest, form: ActForm[Any], code: str, number: str) -> NotAllowed | None:
        """Do the act with what was typed. None when it is done, else why it was not."""
        try:
            self.check(code, form.held, request.scope)
            if not form.is_valid():
                return NotAllowed("", code="form", status=422)
            row = self.registry[code].call(number, by=request.scope, **form.arguments())
        except NotAllowed as refusal:
            return refusal
        except self.procedure.model.DoesNotExist:
            raise Http404 from None
        if form.keeps_draft:
            drafts.done(self._draft_key(request, form.held, code, str(form.cleaned_data.get("no", ""))), request.scope)
        self.say_done(request, code, row)
        return None

    def say_done(self, request: StaffRequest, code: str, row: Any) -> None:
        """The toast after an act; where the act can be taken back it carries the button (address and version as tags)."""
        number = row.case.number
        undo = f"{self.url('act', number, 'take_back')} {row.case.version}" if code in self.procedure.undoable else ""
        messages.success(request, f"{number} {self.registry[code].done}", extra_tags=undo)

    def back(self, request: StaffRequest, number: str) -> HttpResponse:
        """To the case page (303), with the list it was reached from."""
        query = request.GET.get("list", "")
        address = self.url("detail", number)
        answer = redirect(f"{address}?{urlencode({'list': query})}" if query else address)
        answer.status_code = 303
        return answer

    # -- the page --------------------------------------------------------------------------------------------------------------------------

    def draw(
        self,
        request: StaffRequest,
        row: Any,
        *,
        form: ActForm[Any] | None = None,
        act: str = "",
        refusal: NotAllowed | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The case page. With `form` the act that was sent stands open again, as typed, with why it was not done."""
        scope, now, today = request.scope, clock.now(), clock.today()
        before, show = request.GET.get("before", ""), request.GET.get("show", "")
        held = self.page(row, show=show, before=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None)
        self.keep_back(held, scope)
        case = held.case
        acts = self.lawful(held, scope)
        viewers = viewings.look(case, request.user, now)
        if refusal is None and not act:
            refusal = self._why_not(request.GET.get("act", ""), held, acts, scope)
        code = act or ("" if refusal else self._open_act(request, acts, case.state))
        if form is None and code:
            form = self._make_form(request, held, code)
        next_label, next_who = progress.next_step(self.procedure.steps, case)
        tree = directory.current()
        stages = self.timeline(held, viewers.mine)
        context = {
            "active": self.active,
            "ns": self.namespace,
            "here": self.url("detail", case.number),
            "addressee": self.addressee,
            "texts_url": reverse(self.texts) if self.texts else "",
            "held": held,
            "case": case,
            "unit": tree.units[case.unit_id],
            "area": tree.areas[case.area_id],
            "next_label": next_label,
            "next_who": next_who,
            "stages": stages,
            "present": presence.others(case, request.user, now),
            "conflict": conflict(form, refusal, case.version, stages),
            "chips": history.CHIPS,
            "show": show,
            "clocks": clocks.clocks(case, held.deadlines, owed_after=self.owed_after),
            "cards": cards.of_case(scope, held.cards, held.deadlines, today),
            "related": history.related(case, held.links, scope),
            "paper_lines": papers.lines(held, served=self.served, hiding=self.hiding),
            "copy_lines": papers.copies(held),
            "viewers": viewers,
            "acts": arrange(
                {key: step for key, step in acts.items() if key not in self.elsewhere},
                self.registry,
                opened=code,
                state=case.state,
                missing=self.missing(held, acts),
                usual=self.layout.usual,
                groups=self.layout.groups,
                apart=self.layout.apart,
            ),
            "may_attach": self.attaching is not None and "note" in acts,
            "may_undo": {"unlink", "unmerge"} & set(acts),
            "open_act": code,
            "step": self.procedure.steps.get(code),
            "is_lawful": code in acts,
            "instead_of": _instead_of(acts.get(code), held.place, scope),
            "today": today,
            "form": form,
            "refusal": refusal,
            "list": request.GET.get("list", ""),
            **self.context(request, held, acts, code, form),
            **self._act_context(request, held, code, form),
        }
        return render(request, self.template, context, status=status)

    def _why_not(self, asked: str, held: Any, acts: dict[str, Step], scope: Scope) -> NotAllowed | None:
        """Why the act an address names cannot be done now: another act's form in its place would be filled by mistake."""
        if asked not in self.registry or asked in acts:
            return None
        try:
            self.check(asked, held, scope)
        except NotAllowed as refusal:
            return refusal
        return NotAllowed(f"本件现在没有需要您“{self.procedure.steps[asked].label}”的事。", code="nothing_to_do")

    def _open_act(self, request: StaffRequest, acts: dict[str, Step], state: str) -> str:
        """The act asked for if it is lawful, else the primary one that leads on, else the first."""
        asked = request.GET.get("act", "")
        if asked in acts and asked not in self.elsewhere:
            return asked
        onward = [code for code, step in acts.items() if step.primary and step.to != state]
        return next(iter([*onward, *(code for code in acts if code not in self.elsewhere)]), "")

    def _make_form(self, request: StaffRequest, held: Any, code: str) -> ActForm[Any]:
        """The act's form as it opens: from its draft, from the address, or from the case."""
        initial = {**self.initial(request, held, code), **{name: request.GET[name] for name in FROM_ADDRESS if name in request.GET}}
        made = self.registry[code].form
        if made.keeps_draft:
            kept = drafts.read(self._draft_key(request, held, code, str(initial.get("no", ""))), request.scope)
            initial.update({name: values[-1] for name, values in (kept or {}).items() if values and name not in ("version", "no")})
        return made(held=held, scope=request.scope, initial=initial)

    def _act_context(self, request: StaffRequest, held: Any, code: str, form: ActForm[Any] | None) -> dict[str, Any]:
        """What the open form needs beside its fields."""
        if form is None:
            return {}
        found = {"entry": self.registry[code], **self.act_context(request, held, code, form)}
        if form.keeps_draft:
            no = str(form["no"].value() or "") if "no" in form.fields else ""
            key = self._draft_key(request, held, code, no)
            found["draft_url"] = reverse("casework:draft", args=[f"{self.procedure.code}.{code}", key])
            found["draft_label"] = f"{held.case.number} {self.procedure.steps[code].label}"
        return found

    def _draft_key(self, request: StaffRequest, held: Any, code: str, no: str) -> uuid.UUID:
        """One draft a person, case and act (and point): opened again anywhere, it is the same."""
        return uuid.uuid5(_DRAFTS, f"{request.user.pk}:{held.case.pk}:{code}:{no if code in self.draft_no else ''}")


def conflict(form: ActForm[Any] | None, refusal: NotAllowed | None, version: int, stages: Iterable[history.StageLines]) -> Conflict | None:
    """Both sides of a form that came too late (habit 17); None where it did not. Every act raises the version by one."""
    if form is None or refusal is None or refusal.code not in ("stale", "wrong_moment"):
        return None
    typed = form.data.get("version", "")
    since = version - int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 1
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
