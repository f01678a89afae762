"""The pages of the corps. A door asks the scope for what it shows and hands what was typed to an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.views.doors import business, console
from mediation import codes
from mediation.corps import forms, norms, photos, queries, scope
from mediation.corps.actions import appointments, committees, consents, county_rules, duty_log, joint, lessons
from mediation.corps.tabs import tabs_of
from mediation.models import Activity, Committee, CorpsRules, Duty, Mediator, Seat
from organisations import clock, directory
from organisations.requests import StaffRequest
from organisations.roles import Role
from organisations.rules import NotAllowed


def _page(request: StaffRequest, template: str, tab: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {"active": "corps", "tabs": tabs_of(request.scope), "tab": tab, "today": clock.today(), "can_keep": scope.keeps(request.scope)}
    return render(request, f"mediation/corps/{template}.html", {**shared, **context}, status=status)


# -- people -----------------------------------------------------------------------------------------------------------------------------------


@require_GET
@business
def listing(request: StaffRequest) -> HttpResponse:
    wanted = queries.read(request.GET)
    pages = Paginator(queries.people(request.scope, wanted), queries.PAGE)
    page = pages.get_page(request.GET.get("page"))
    seen = scope.visible_units(request.scope)
    context = {
        "wanted": wanted,
        "shows": [(code, words, wanted.query(show=code)) for code, words in queries.SHOWS.items()],
        "rows": queries.lines(page),
        "total": pages.count,
        "kinds": Mediator.Kind.choices,
        "grades": [(code or "none", words) for code, words in Mediator.Grade.choices],
        "types": codes.TYPES.choices,
        "units": [(unit.id, unit.short_name) for unit in directory.current().units.values() if unit.id in seen and unit.is_active],
        "previous_url": f"?{wanted.query()}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?{wanted.query()}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return _page(request, "list", "corps", context)


@require_http_methods(["GET", "POST"])
@business
def new(request: StaffRequest) -> HttpResponse:
    _keeper(request)
    form = forms.EnterForm(request.POST or None, by=request.scope)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = appointments.enter(form.facts(data["unit"]), form.term(), grade=data["grade"], by=request.scope)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{made.name}已入队。")
            return redirect("mediation:corps-person", made.pk)
    return _page(request, "new", "corps", {"form": form}, 422 if form.errors else 200)


def _keeper(request: StaffRequest) -> None:
    """Refuse a page whose act the reader has no post for. Raises NotAllowed (403)."""
    if not scope.keeps(request.scope):
        raise NotAllowed("此项由所在单位（或上级单位）的工作人员办理。", code="not_keeper", status=403)


@require_GET
@business
def person(request: StaffRequest, pk: int) -> HttpResponse:
    held = _held(request, pk)
    return _page(
        request, "person", "corps", {"held": held, "acts": [(code, act.label) for code, act in ACTS.items() if code in queries.offered(held)]}
    )


def _held(request: StaffRequest, pk: int) -> queries.PersonPage:
    held = queries.person(request.scope, pk)
    if held is None:
        raise Http404
    return held


@dataclass(frozen=True, slots=True)
class PersonAct:
    """One act of the person's page: its words, its form, its action."""

    label: str
    form: type[forms.ActForm]
    action: Callable[..., Any]
    hint: str = ""


ACTS = {
    "amend": PersonAct("修改资料", forms.AmendForm, appointments.amend),
    "renew": PersonAct("续任", forms.RenewForm, appointments.renew, "任期最长三年（调解法第九条），期满可以连选连任。"),
    "promote": PersonAct("晋升（调任）", forms.PromoteForm, appointments.promote, "梯级选拔：村 → 片区站 → 镇（街），逐级进行。"),
    "grade": PersonAct("评定等级", forms.GradeForm, appointments.regrade),
    "end": PersonAct("离任", forms.EndForm, appointments.end),
    "consent": PersonAct("同意网上公开", forms.ConsentForm, consents.consent, "只公开姓名、擅长纠纷和服务时间，电话不公开；本人可以随时撤回。"),
    "withdraw": PersonAct("撤回网上公开", forms.SureForm, consents.withdraw),
    "consent-position": PersonAct(
        "同意记录定位", forms.SureForm, consents.consent_position, "只在您自己点“记录位置”的那一刻记录一次，不跟踪；可以随时撤回。"
    ),
    "withdraw-position": PersonAct("撤回定位同意", forms.SureForm, consents.withdraw_position, "以后的履职登记不再记录位置。"),
}


@require_http_methods(["GET", "POST"])
@business
def act(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """One act of the person's page. Whether it may be done is the action's word; what is offered is the table's."""
    held, found = _held(request, pk), ACTS.get(code)
    if found is None:
        raise Http404
    form = found.form(request.POST if request.method == "POST" else None, held=held, by=request.scope)
    if request.method == "POST" and form.is_valid():
        try:
            found.action(pk, **form.arguments(), by=request.scope)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已{found.label}：{held.mediator.name}。")
            return redirect("mediation:corps-person", pk)
    context = {"held": held, "act": found, "form": form, "fits": code in queries.offered(held)}
    return _page(request, "act", "corps", context, 422 if form.errors else 200)


@require_POST
@business
def phone(request: StaffRequest, pk: int) -> HttpResponse:
    held = _held(request, pk)
    number = consents.reveal_phone(pk, by=request.scope)
    return _page(request, "phone", "corps", {"held": held, "number": number})


# -- gaps and committees ------------------------------------------------------------------------------------------------------------------------


@require_GET
@business
def gaps(request: StaffRequest) -> HttpResponse:
    """Towns added up; one town's places in full. Whoever sees one town sees it at once."""
    towns = queries.gaps(request.scope)
    asked = request.GET.get("town", "")
    town = next((town for town in towns if str(town.unit.id) == asked), towns[0] if len(towns) == 1 else None)
    context = {
        "towns": towns,
        "town": town,
        "norms": norms.on(clock.today()),
        "total": {name: sum(getattr(row, name) for row in towns) for name in ("met", "short", "missing", "unknown", "committees")},
        "kept": {unit.id for unit in scope.kept_units(request.scope)},
        "enterprises": queries.enterprises(request.scope),
    }
    return _page(request, "gaps", "gaps", context)


@require_POST
@business
def households(request: StaffRequest) -> HttpResponse:
    form = forms.HouseholdsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写户数（整数）和统计日期。")
    else:
        try:
            made = committees.count_households(form.cleaned_data["area"], form.cleaned_data["n"], on=form.cleaned_data["on"], by=request.scope)
        except NotAllowed as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"{directory.current().areas[made.area_id].path_name}：{made.n} 户。")
    return redirect(f"{reverse('mediation:corps-gaps')}?town={queries.town_of(form.data.get('area', ''))}")


@require_http_methods(["GET", "POST"])
@business
def committee(request: StaffRequest, unit_id: int) -> HttpResponse:
    """A unit's committee: its members and their faults; a keeper sets it up and elects."""
    held = queries.board(request.scope, unit_id)
    if held is None:
        raise Http404
    form: Any
    if held.committee is None:
        form = forms.CommitteeForm(request.POST or None, initial={"name": f"{held.unit.short_name.removesuffix('工作室')}人民调解委员会"})
    else:
        form = forms.SeatForm(request.POST or None, candidates=held.candidates)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(held, form, request)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已保存。")
            return redirect("mediation:corps-committee", unit_id)
    return _page(request, "committee", "gaps", {"held": held, "form": form}, 422 if form.errors else 200)


def _decide(held: queries.Board, form: Any, request: StaffRequest) -> Committee | Seat:
    data = form.cleaned_data
    if held.committee is None:
        return committees.set_up_committee(held.unit.id, name=data["name"], on=data["on"], by=request.scope)
    return committees.seat(held.committee.pk, data["mediator"], post=data["post"], on=data["on"], by=request.scope)


@require_POST
@business
def unseat(request: StaffRequest, pk: int) -> HttpResponse:
    held = Seat.objects.filter(pk=pk, until_on=None, committee__unit__in=scope.visible_units(request.scope)).select_related("committee").first()
    if held is None:
        raise Http404
    try:
        committees.unseat(pk, on=clock.today(), by=request.scope)
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已离开调委会。")
    return redirect("mediation:corps-committee", held.committee.unit_id)


# -- training -----------------------------------------------------------------------------------------------------------------------------------


@require_GET
@business
def training(request: StaffRequest) -> HttpResponse:
    year = queries.read_year(request.GET)
    people = queries.learners(request.scope, year)
    context = {
        "year": year,
        "years": [(n, f"{n} 年") for n in range(clock.today().year, clock.today().year - 4, -1)],
        "events": list(queries.trainings(request.scope).filter(on__year=year)),
        "people": people,
        "short": sum(row.short_by > 0 for row in people),
        "norms": norms.on(min(clock.today(), date(year, 12, 31))),
    }
    return _page(request, "training", "training", context)


@require_http_methods(["GET", "POST"])
@business
def training_new(request: StaffRequest) -> HttpResponse:
    _keeper(request)
    form = forms.TrainingForm(request.POST or None, by=request.scope)
    if request.method == "POST" and form.is_valid():
        try:
            made = lessons.hold_training(form.lesson(), by=request.scope)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已登记：{made.name}。")
            return redirect("mediation:corps-training")
    return _page(request, "training_new", "training", {"form": form}, 422 if form.errors else 200)


# -- duties -------------------------------------------------------------------------------------------------------------------------------------


def _months() -> list[tuple[str, str]]:
    found, day = [], clock.today().replace(day=1)
    for _ in range(12):
        found.append((f"{day:%Y-%m}", f"{day:%Y年%-m月}"))
        day = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    return found


@require_GET
@business
def duties(request: StaffRequest) -> HttpResponse:
    month = queries.read_month(request.GET)
    measures = norms.on(clock.today())
    rows = queries.fulfilment(request.scope, month.year, month.month) if measures.keeps_duties else []
    context = {
        "month": f"{month:%Y-%m}",
        "months": _months(),
        "rows": rows,
        "with_gaps": sum(row.gaps > 0 for row in rows),
        "norms": measures,
        "can_log": measures.keeps_duties and queries.loggable(request.scope).exists(),
    }
    return _page(request, "duties", "duties", context)


@require_http_methods(["GET", "POST"])
@business
def duty_new(request: StaffRequest) -> HttpResponse:
    """Check in, or write down for somebody of one's unit. The page says whether positions are recorded, and why not."""
    people = list(queries.loggable(request.scope))
    own = next((row for row in people if row.user_id == request.scope.user.id), None)
    if not people:
        raise NotAllowed("您不是队员，所在单位也没有您可以代填的队员。", code="nobody", status=403)
    first = request.GET.get("person") or (own.pk if own else people[0].pk)
    form = forms.DutyForm(request.POST or None, request.FILES or None, people=people, initial={"mediator": first})
    if request.method == "POST" and form.is_valid():
        try:
            made = duty_log.log_duty(form.cleaned_data["mediator"], form.done(), by=request.scope)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已登记履职。" if made.left_at else "已签到，离开时请签退。")
            return redirect("mediation:corps-person", made.mediator_id)
    measures = norms.on(clock.today())
    held = queries.person(request.scope, own.pk) if own else None
    context = {"form": form, "own": own, "norms": measures, "may_position": bool(held and held.is_positioned and measures.takes_positions)}
    return _page(request, "duty_new", "duties", context, 422 if form.errors else 200)


@require_POST
@business
def duty_leave(request: StaffRequest, pk: int) -> HttpResponse:
    return _on_duty(request, pk, lambda words: duty_log.leave(pk, words=words, by=request.scope), "已签退。")


@require_POST
@business
def duty_void(request: StaffRequest, pk: int) -> HttpResponse:
    return _on_duty(request, pk, lambda words: duty_log.void_duty(pk, reason=words, by=request.scope), "已作废，记录和原因保留。")


def _on_duty(request: StaffRequest, pk: int, do: Callable[[str], Duty], said: str) -> HttpResponse:
    duty = _duty(request, pk)
    form = forms.WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        do(words)
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("mediation:corps-person", duty.mediator_id)


def _duty(request: StaffRequest, pk: int) -> Duty:
    duty = Duty.objects.filter(pk=pk, mediator__in=scope.visible(request.scope)).first()
    if duty is None:
        raise Http404
    return duty


@require_GET
@business
def duty_photo(request: StaffRequest, pk: int) -> FileResponse:
    duty = _duty(request, pk)
    try:
        content = photos.open_photo(duty.photo_sha256) if duty.photo_sha256 else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise Http404
    answer = FileResponse(content, content_type="image/jpeg")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


# -- joint activities ---------------------------------------------------------------------------------------------------------------------------


@require_GET
@business
def activities(request: StaffRequest) -> HttpResponse:
    wanted = queries.read_activities(request.GET)
    pages = Paginator(queries.activities(request.scope, wanted), queries.PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "kinds": Activity.Kind.choices,
        "years": [(n, f"{n} 年") for n in range(clock.today().year, clock.today().year - 5, -1)],
        "rows": page,
        "total": pages.count,
        "previous_url": f"?{wanted.query()}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?{wanted.query()}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return _page(request, "activities", "activities", context)


@require_http_methods(["GET", "POST"])
@business
def activity_new(request: StaffRequest) -> HttpResponse:
    _keeper(request)
    form = forms.ActivityForm(request.POST or None, by=request.scope)
    if request.method == "POST" and form.is_valid():
        try:
            joint.record_activity(form.meeting(), by=request.scope)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已登记。")
            return redirect("mediation:corps-activities")
    return _page(request, "activity_new", "activities", {"form": form}, 422 if form.errors else 200)


# -- the county's measures ------------------------------------------------------------------------------------------------------------------------


@console(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def measures(request: StaffRequest) -> HttpResponse:
    """The system administrator's page: every version, and a new one from a day on."""
    now = norms.on(clock.today())
    form = forms.RulesForm(request.POST or None, initial={name: getattr(now, name) for name in forms.MEASURES})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = county_rules.set_rules(form.measures(), valid_from=data["valid_from"], reason=data["reason"], by=request.scope)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"新标准自 {made.valid_from:%Y年%-m月%-d日} 起施行。")
            return redirect("mediation:corps-rules")
    context = {"active": "corps-rules", "form": form, "now": now, "versions": list(CorpsRules.objects.select_related("set_by", "bureau"))}
    return render(request, "mediation/corps/rules.html", context, status=422 if form.errors else 200)
