"""The counter: the register page, its repeat check and deadline fragments, and the receipt."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import attachments, deadlines, drafts
from casework.models import Attachment, Case, Deadline, Party, Reach
from casework.rules import NotAllowed, Place, check, who
from organisations import access, clock, directory, identity
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.scope import Scope
from petitions import actions, codes
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
from petitions.models import Petition, Point
from petitions.queries import repeats
from petitions.rules import MAX_REPRESENTATIVES, PROTECTED_PURPOSES, STATE_LABELS, STEPS, State

#: 常用语 (Alt T): put where the cursor stands.
QUICK_TEXTS = (
    "来访人称：",
    "此前曾向村委会反映，未得到解决。",
    "此前曾向镇政府反映，至今未收到答复。",
    "来访人要求：一是；二是；三是。",
    "已告知来访人逐级反映和依法分类处理的规定，来访人表示理解。",
    "来访人情绪平稳，已做好解释。",
    "来访人未携带相关材料，已告知补充提交的方式和时间。",
    "以上内容已向来访人宣读，来访人确认无误。",
)
#: Who may hand out and reprint a receipt besides the unit that registered: it carries the query code.
RECEIPT_ROLES = frozenset({Role.WINDOW_CLERK, Role.OFFICE})


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
        petition = actions.take_in(registration.intake(), by=scope, spot=registration.spot(), merge_into=registration.merge_into)
    except NotAllowed as refusal:
        registration.refusal = str(refusal)
        return _page(request, registration, status=refusal.status)
    except Petition.DoesNotExist:
        registration.refusal = "没有找到要并入的案件，请在右侧重新选择。"
        return _page(request, registration, status=422)
    printing = "&print=1" if "print" in request.POST else ""
    return redirect(f"{reverse('petitions:register')}?done={petition.case.number}{printing}")


def _check_may_register(scope: Scope) -> None:
    tree = directory.current()
    check(STEPS, "register", Place("", tree.centre_id or 0, tree.centre_id, None, is_confidential=False), scope, {"": "新件"})


def _empty_or_kept(request: HttpRequest, scope: Scope) -> HttpResponse:
    key = _uuid(request.GET.get("draft", ""))
    if key is None:
        return _page(request, Registration(scope))
    kept = drafts.read(key, scope)
    if kept is None:
        done = actions.registered_before(key, scope)
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
            "limit": deadlines.preview("pet.forward", clock.today()),
            "quick_texts": QUICK_TEXTS,
            "can_answer": who(STEPS["answer"], new_case, scope) is not None,
            "forwarded_channels": ",".join(FORWARDED_CHANNELS),
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
            "merging": data.get("merge_into", ""),
            "can_merge": who(STEPS["merge"], new_case, scope) is not None and not is_protected,
            "is_protected": is_protected,
        },
    )


@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """The deadline said before saving, for the date that stands in the form."""
    try:
        received = date.fromisoformat(request.GET.get("received_on", ""))
    except ValueError:
        received = clock.today()
    return render(request, "petitions/register_limit.html", {"limit": deadlines.preview("pet.forward", received)})


@require_GET
def same_as_last_time(request: HttpRequest, number: str) -> JsonResponse:
    """What an earlier case of the same person already says, so that nobody is asked twice; numbers stay masked."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    petition = _visible(number, scope)
    tree = directory.current()
    wanted = request.GET.get("person", "")
    parties = list(Party.objects.filter(case=petition.case).exclude(position__in=[Party.Position.AGENT, Party.Position.RESPONDENT]))
    person = next((p for p in parties if str(p.pk) == wanted), parties[0] if parties else None)
    unit = tree.units.get(petition.respondent_unit_id or 0)
    return JsonResponse(
        {
            "person": None
            if person is None
            else {
                "carry": person.pk,
                "name": person.name,
                "sex": person.sex,
                "nation": person.nation,
                "occupation": person.occupation,
                "id_masked": person.id_masked,
                "phone_masked": person.phone_masked,
                "area": _choice(person.area_id, tree.areas[person.area_id].path_name if person.area_id in tree.areas else ""),
                "address": person.address,
            },
            "matter": {
                "topic": _choice(petition.case.topic_code, f"{petition.case.topic_code}  {codes.category_label(petition.case.topic_code, 2)}"),
                "area": _choice(petition.case.area_id, tree.areas[petition.case.area_id].path_name),
                "place": petition.place,
                "respondent": _choice(unit.id if unit else "", unit.name if unit else petition.respondent_name),
            },
            "care_needs": petition.care_needs,
        }
    )


def _choice(value: object, label: str) -> dict[str, str]:
    return {"value": "" if value is None else str(value), "label": label}


def _visible(number: str, scope: Scope) -> Petition:
    try:
        return (
            Petition.objects.visible_to(scope).select_related("case__unit", "case__registered_unit", "case__registered_by").get(case__number=number)
        )
    except Petition.DoesNotExist as missing:
        raise Http404 from missing


def _for_receipt(number: str, scope: Scope) -> Petition:
    petition = _visible(number, scope)
    case: Case = petition.case
    is_counter = scope.holds(RECEIPT_ROLES, directory.current().centre_id) is not None
    if not (is_counter or case.registered_by_id == scope.user.id or case.registered_unit_id in scope.unit_ids):
        raise NotAllowed("回执上有查询码，只能由登记单位或县中心打印。", code="not_registrar", status=403)
    return petition


@require_GET
@xframe_options_sameorigin
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """A4 or, with `paper=80`, the 80 mm slip; `large=1` in big print. `print=1` prints and is logged; a later one says 补打."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    petition = _for_receipt(number, scope)
    case = petition.case
    earlier = AccessEntry.objects.filter(object_type="case", object_id=str(case.pk), event=AccessEntry.Event.PRINT, field="登记回执").count()
    printing = "print" in request.GET
    paper = "80" if request.GET.get("paper") == "80" else "a4"
    if printing:
        access.log(
            AccessEntry.Event.PRINT,
            user=scope.user,
            unit_id=scope.home.unit_id if scope.home else None,
            object_type="case",
            object_id=case.pk,
            object_label=case.number,
            field="登记回执",
            detail={"paper": paper, "time": earlier + 1},
        )
    tree = directory.current()
    centre = tree.units.get(tree.centre_id or 0)
    parties = list(Party.objects.filter(case=case))
    return render(
        request,
        "petitions/receipt_80.html" if paper == "80" else "petitions/receipt.html",
        {
            "petition": petition,
            "case": case,
            "people": [(p.get_position_display(), identity.mask_name(p.name), p.phone_masked) for p in parties],
            "petitioner": parties[0] if parties else None,
            "masked_name": identity.mask_name(parties[0].name) if parties else "匿名",
            "points": list(Point.objects.filter(petition=petition)),
            "files": Attachment.objects.filter(case=case, is_internal=False).count(),
            "forward_by": _due(case, "pet.forward"),
            "channel": codes.CHANNELS.label(petition.channel),
            "purpose": codes.PURPOSES.label(petition.purpose),
            "topic": codes.category_label(case.topic_code, 2),
            "area": tree.areas[case.area_id].path_name,
            "state": STATE_LABELS[case.state],
            "code": f"{petition.query_code[:4]}-{petition.query_code[4:]}",
            "centre": centre,
            "copy_no": earlier + 1 if printing else earlier or 1,
            "is_reprint": earlier > 0,
            "is_large": "large" in request.GET,
            "is_printing": printing,
            "paper": paper,
            "now": clock.now(),
        },
    )


def _due(case: Case, key: str) -> Deadline | None:
    return Deadline.objects.filter(case=case, key=key).first()


@require_GET
def qr(request: HttpRequest, number: str) -> HttpResponse:
    """The progress address with the number, as SVG; no name, no code: whoever finds the paper learns nothing."""
    petition = _visible(number, request.scope)  # type: ignore[attr-defined]
    out = BytesIO()
    address = request.build_absolute_uri(f"/progress/?number={petition.case.number}")
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, nl=False)
    answer = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
