"""The counter: the register page, its repeat check and deadline fragments, and the receipt."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import attachments, deadlines, drafts
from casework.limits import FIRST_DAY, current
from casework.models import Reach
from casework.rules import NotAllowed, Place, check, who
from organisations import clock, directory, qr
from organisations.scope import Scope
from petitions.actions import intake as intake_acts
from petitions.forms.intake import (
    FORM,
    FORWARDED_CHANNELS,
    MAX_POINTS,
    POINT_MAX,
    STORY_MAX,
    TITLE_MAX,
    Registration,
    resolve_area,
    resolve_topic,
    resolve_unit,
)
from petitions.models import Petition
from petitions.queries import accused, receipts, repeats
from petitions.rules import MAX_REPRESENTATIVES, PROTECTED_PURPOSES, STEPS, State
from petitions.rules.supervision import RECEPTION_CHANNELS


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """One screen from an empty form to a printed receipt (DESIGN §6 a). Typed text is never lost: 422 redraws it."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    _check_may_register(scope)
    if request.method == "GET":
        return _empty_or_kept(request, scope)
    registration = Registration(scope, data=request.POST)
    if not registration.is_valid():
        return _page(request, registration, status=422)
    try:
        petition = intake_acts.take_in(
            registration.intake(), by=scope, spot=registration.spot(), merge_into=registration.merge_into, reception=registration.reception()
        )
    except NotAllowed as refusal:
        registration.refusal = str(refusal)
        return _page(request, registration, status=refusal.status)
    except Petition.DoesNotExist:
        registration.refusal = "没有找到要并入的案件，请在右侧重新选择。"
        return _page(request, registration, status=422)
    if intake_acts.is_kept_from_registrar(petition, scope):
        messages.warning(request, _kept_apart(petition))
        return redirect("petitions:register")
    printing = "&print=1" if "print" in request.POST else ""
    return redirect(f"{reverse('petitions:register')}?done={petition.case.number}{printing}")


def _kept_apart(petition: Petition) -> str:
    """What the counter says when the matter has just left its sight: the number for the person, and where it lies."""
    holder = directory.current().units[petition.case.unit_id].short_name
    return (
        f"{petition.case.number} 已登记，交{holder}纪检联络员办理。这件反映的是登记单位或者它的人员，"
        "本单位人员（包括您）今后查不到、看不到。请把编号抄给信访人，回执由纪检联络员出具。"
    )


def _check_may_register(scope: Scope) -> None:
    tree = directory.current()
    check(STEPS, "register", Place("", tree.centre_id or 0, tree.centre_id, None, is_confidential=False), scope, {"": "新件"})


def _empty_or_kept(request: HttpRequest, scope: Scope) -> HttpResponse:
    key = _uuid(request.GET.get("draft", ""))
    if key is None:
        return _page(request, Registration(scope))
    kept = drafts.read(key, scope, FORM)
    if kept is None:
        done = intake_acts.registered_before(key, scope)
        if done and intake_acts.is_kept_from_registrar(done, scope):
            messages.warning(request, _kept_apart(done))
            done = None
        return redirect("petitions:receipt", done.case.number) if done else redirect("petitions:register")
    return _page(request, Registration(scope, fields=kept, key=key), is_restored=True)


def _page(request: HttpRequest, registration: Registration, *, status: int = 200, is_restored: bool = False) -> HttpResponse:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    tree = directory.current()
    key = _uuid(str(registration.key))
    waiting = drafts.mine(scope.user, FORM)
    is_kept = any(draft.pk == key for draft in waiting)
    done = request.GET.get("done", "") if status == 200 else ""
    new_case = Place(State.REGISTERED, tree.centre_id or 0, tree.centre_id, scope.user.id, is_confidential=False)
    return render(
        request,
        "petitions/register.html",
        {
            "active": "register",
            "registration": registration,
            "form": registration.form,
            "people": registration.people,
            "points": registration.points,
            "files": attachments.of_draft(key, scope) if key and is_kept else [],
            "drafts": [draft for draft in waiting if draft.pk != key],
            "is_restored": is_restored,
            "mine_today": _mine_today(scope),
            "done": Petition.objects.visible_to(scope).select_related("case").filter(case__number=done).first() if done else None,
            **_limits(clock.today()),
            "can_answer": who(STEPS["answer"], new_case, scope) is not None,
            "forwarded_channels": ",".join(FORWARDED_CHANNELS),
            "reception_channels": ",".join(RECEPTION_CHANNELS),
            "protected_purposes": ",".join(sorted(PROTECTED_PURPOSES)),
            "max_people": MAX_REPRESENTATIVES,
            "max_points": MAX_POINTS,
            "title_max": TITLE_MAX,
            "story_max": STORY_MAX,
            "point_max": POINT_MAX,
            "centre_name": tree.units[tree.centre_id].short_name if tree.centre_id else "县中心",
        },
        status=status,
    )


def _mine_today(scope: Scope) -> int:
    """How many I registered since midnight: one short range of the reader's index."""
    midnight = timezone.make_aware(datetime.combine(clock.today(), time.min))
    return Reach.objects.filter(reader=-scope.user.id, opened_at__gte=midnight, case__registered_by=scope.user).count()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
def repeat_check(request: HttpRequest) -> HttpResponse:
    """The third pane, asked again as the clerk types. POST, so that no identity number stands in an address."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    data = request.POST
    rows = range(MAX_REPRESENTATIVES)
    ids, phones = repeats.typed_numbers(
        [text for n in rows if (text := data.get(f"people-{n}-id_number", "").strip())],
        [text for n in rows if (text := data.get(f"people-{n}-phone", "").strip())],
    )
    points = " ".join(data.get(name, "") for name in data if name.startswith("points-") and name.endswith("-text"))
    respondent = data.get("respondent", "").strip()
    is_protected = data.get("purpose", "") in PROTECTED_PURPOSES
    typed = repeats.Typed(
        ids=ids,
        phones=phones,
        names=[text for n in rows if (text := data.get(f"people-{n}-name", "").strip())],
        topic_code=resolve_topic(data.get("topic", "")) or "",
        area_id=resolve_area(data.get("area", "").strip()),
        respondent_unit_id=resolve_unit(respondent) if respondent else None,
        respondent_name="" if respondent else data.get("respondent_text", "").strip(),
        text=f"{data.get('title', '')} {data.get('story', '')} {points}".strip(),
        is_protected=is_protected,
        dismissed=data.get("not_repeat", "").split(","),
    )
    tree = directory.current()
    new_case = Place(State.REGISTERED, tree.centre_id or 0, tree.centre_id, scope.user.id, is_confidential=False)
    return render(
        request,
        "petitions/register_repeats.html",
        {
            "repeats": repeats.check(typed, scope),
            "chosen": data.get("repeat_of", ""),
            "new_facts": data.get("new_facts", ""),
            "merging": data.get("merge_into", ""),
            "can_merge": who(STEPS["merge"], new_case, scope) is not None and not is_protected,
            "is_protected": is_protected,
            "kept_by": accused.about_centre(
                accused.weigh(typed.respondent_unit_id, typed.respondent_name, is_said=is_protected and "is_about_centre" in data)
            ),
            "centre_name": tree.units[tree.centre_id].short_name if tree.centre_id else "",
        },
    )


@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """The deadline said before saving, for the date that stands in the form."""
    try:
        received = date.fromisoformat(request.GET.get("received_on", ""))
    except ValueError:
        received = clock.today()
    if not FIRST_DAY <= received <= clock.today():
        received = clock.today()
    return render(request, "petitions/register_limit.html", _limits(received))


def _limits(received: date) -> dict[str, Any]:
    """What the law gives from that day on: until when to forward and to tell, and how long the handling may take."""
    settings = current()
    return {
        "limit": deadlines.preview("pet.forward", received),
        "forward_length": settings.length("pet.forward", received),
        "handle_length": settings.length("pet.handle", received),
    }


@require_GET
def same_as_last_time(request: HttpRequest, number: str) -> JsonResponse:
    """What an earlier case of the same person already says, so that nobody is asked twice; numbers stay masked."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    try:
        return JsonResponse(repeats.last_time(number, request.GET.get("person", ""), scope))
    except Petition.DoesNotExist as missing:
        raise Http404 from missing


@require_GET
@xframe_options_sameorigin
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """A4 or, with `paper=80`, the 80 mm slip; `large=1` in big print. `print=1` prints and is logged; a later one says 补打."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    try:
        held = receipts.get(number, scope)
    except Petition.DoesNotExist as missing:
        raise Http404 from missing
    paper = "80" if request.GET.get("paper") == "80" else "a4"
    is_printing = "print" in request.GET
    if is_printing:
        receipts.log_printing(held, paper, scope)
    return render(
        request,
        "petitions/receipt_80.html" if paper == "80" else "petitions/receipt.html",
        {
            **held.context,
            "copy_no": held.printed_before + 1 if is_printing else held.printed_before or 1,
            "is_reprint": held.printed_before > 0,
            "is_large": "large" in request.GET,
            "is_printing": is_printing,
            "paper": paper,
            "may_register": bool(STEPS["register"].roles & scope.roles),
            "now": clock.now(),
        },
    )


@require_GET
def progress_code(request: HttpRequest, number: str) -> HttpResponse:
    """The progress address with the number, as SVG; no name, no code: whoever finds the paper learns nothing."""
    if not Petition.objects.visible_to(request.scope).filter(case__number=number).exists():  # type: ignore[attr-defined]
        raise Http404
    address = request.build_absolute_uri(f"/progress/?number={number}")
    answer = HttpResponse(qr.svg(address, scale=4), content_type="image/svg+xml")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
