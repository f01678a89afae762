"""The public doors: ask, look, act, leave; bring a matter; what everybody may know. No account, no staff session."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import documents, effort, gateway, throttle
from casework.public import centre_place, hand_over, hours, public, secret
from casework.rules import NotAllowed
from organisations import access, qr
from organisations.models import AccessEntry
from petitions.citizen import actions, entrance, forms, guide, person, queries
from petitions.citizen.entrance import Inside, Opened, Refused
from petitions.citizen.rules import FILE_BYTES, FILES_AT_ONCE, LONGEST, PURPOSES, TEXT_CODE_LIFE
from petitions.models import Petition, Visit

P = ParamSpec("P")

#: The visit's own cookie: signed, not for scripts, not sent from other sites, only to the pages of the visit.
COOKIE, SMS_COOKIE, FORM_COOKIE = "yimen_visit", "yimen_sms", "yimen_form"
PATH, FORM_PATH = "/progress/", "/submit/"

#: With a proof of effort, and without one (no JavaScript): forms from one address.
SUBMIT_PROVEN = throttle.Limit("submit-proven", 10, effort.LIFE)
SUBMIT_PLAIN = throttle.Limit("submit-plain", 3, effort.LIFE)

#: One sentence for every way of not getting in (L-SEC-10): nobody learns which part was wrong, or that the matter exists.
NOT_FOUND = (
    "没有查到。请对照回执核对编号、查询码和手机号后四位。登记时没有留手机号的，填身份证号后四位；匿名的不用填。"
    "检举控告件依法保密，不能在网上查询，请打电话。"
)
TOO_OFTEN = "查询的次数太多了，请过10分钟再试，或者打电话问。"
CODE_WRONG = "验证码不对，或者已经过期。可以重新获取。"
#: What a page says after an act; the address names it, never the words.
DONE = {
    "rate": "已收到您的评价，谢谢。",
    "material": "已收到您补充的材料，经办单位会看到。",
    "dissent": "县中心已经收到您的意见，会核对。",
    "urge": "已经转告经办单位，请他们尽快办理。",
    "review": "已收到您的申请，会书面告诉您是否受理。",
}


def visitors(view: Callable[Concatenate[HttpRequest, Inside, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only for a browser that was let in; every other one is sent to ask, whatever it asked for."""

    @public
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visit = entrance.inside(secret(request, COOKIE))
        return redirect("citizen:progress") if visit is None else view(request, visit, *args, **kwargs)

    return wrapped


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, f"citizen/{template}.html", {"centre": centre_place(), "hours": hours(), **context}, status=status)


# -- in and out ----------------------------------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Ask for a matter, or see the one this browser was let in to."""
    if request.method == "POST":
        return _asked(request)
    visit, number = entrance.inside(secret(request, COOKIE)), request.GET.get("number", "")[:40]
    if visit is None or (number and entrance.plain_number(number) != visit.number):
        # The code of another receipt was scanned: whoever holds the telephone now asks for that one, and does not see this.
        form = forms.QueryForm(initial={"number": number})
        return _page(request, "ask", {"form": form, "has_sms": gateway.has("sms")})
    matter = queries.progress(visit.petition_id)
    done = DONE.get(request.GET.get("done", ""), "")
    return _page(request, "progress", {"matter": matter, "done": done, "is_own_submission": visit.way == Visit.Way.SUBMITTED})


def _asked(request: HttpRequest) -> HttpResponse:
    form = forms.QueryForm(request.POST)
    if not form.is_valid():
        return _page(request, "ask", {"form": form, "has_sms": gateway.has("sms")}, status=422)
    data = form.cleaned_data
    answer = entrance.open_by_code(data["number"], data["code"], data["digits"], address=throttle.address(request))
    if isinstance(answer, Refused):
        return _not_let_in(request, "ask", form, answer, NOT_FOUND)
    return _let_in(request, answer)


def _not_let_in(request: HttpRequest, template: str, form: Any, refused: Refused, words: str) -> HttpResponse:
    context = {"form": form, "refusal": TOO_OFTEN if refused.is_throttled else words, "has_sms": gateway.has("sms")}
    return _page(request, template, context, status=429 if refused.is_throttled else 422)


def _let_in(request: HttpRequest, opened: Opened) -> HttpResponse:
    """One matter in one browser: the visit before this one is over."""
    entrance.leave(secret(request, COOKIE))
    answer = redirect("citizen:progress")
    hand_over(answer, COOKIE, opened.secret, LONGEST.total_seconds(), PATH)
    return answer


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """«退出»: the visit is over here and in the browser."""
    entrance.leave(secret(request, COOKIE))
    answer = redirect("citizen:progress")
    for name, path in ((COOKIE, PATH), (SMS_COOKIE, PATH), (FORM_COOKIE, FORM_PATH)):
        answer.delete_cookie(name, path=path, samesite="Strict")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@public
@require_http_methods(["GET", "POST"])
def text_code(request: HttpRequest) -> HttpResponse:
    """No receipt at hand: a code to the telephone given at registration. The answer is the same for every number."""
    if not gateway.has("sms"):
        return _page(request, "sms", {"is_off": True})
    if request.method == "GET":
        return _page(request, "sms", {"form": forms.TextCodeForm(initial={"number": request.GET.get("number", "")[:40]})})
    form = forms.TextCodeForm(request.POST)
    if not form.is_valid():
        return _page(request, "sms", {"form": form}, status=422)
    asked = actions.send_text_code(form.cleaned_data["number"], form.cleaned_data["phone"], address=throttle.address(request))
    if isinstance(asked, Refused):
        return _not_let_in(request, "sms", form, asked, NOT_FOUND)
    answer = redirect("citizen:enter-code")
    hand_over(answer, SMS_COOKIE, asked.secret, TEXT_CODE_LIFE.total_seconds(), PATH)
    return answer


@public
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The code from the SMS, in the browser that asked for it."""
    form = forms.EnterCodeForm(request.POST if request.method == "POST" else None)
    minutes = int(TEXT_CODE_LIFE.total_seconds() // 60)
    if request.method == "GET":
        return _page(request, "sms_code", {"form": form, "minutes": minutes})
    if not form.is_valid():
        return _page(request, "sms_code", {"form": form, "minutes": minutes}, status=422)
    opened = entrance.open_by_text_code(secret(request, SMS_COOKIE), form.cleaned_data["code"])
    if isinstance(opened, Refused):
        return _page(request, "sms_code", {"form": form, "minutes": minutes, "refusal": CODE_WRONG}, status=422)
    answer = _let_in(request, opened)
    answer.delete_cookie(SMS_COOKIE, path=PATH, samesite="Strict")
    return answer


# -- the visit -----------------------------------------------------------------------------------------------------------------------------


@visitors
@require_GET
def paper(request: HttpRequest, visit: Inside, pk: int) -> HttpResponse:
    """A paper addressed to the person, of this matter; every other number is not there. Logged like every look (L-SEC-7)."""
    document = queries.letter(visit.petition_id, pk)
    if document is None:
        raise Http404
    try:
        content = documents.render(document)
    except documents.Falsified:
        return _page(request, "paper_failed", {"name": document.name}, status=503)
    access.log(
        AccessEntry.Event.DOWNLOAD,
        user=None,
        user_label=person.LABEL,
        object_type="case",
        object_id=visit.petition_id,
        object_label=f"{visit.number} {document.name}",
        detail={"document": document.pk},
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=f"{document.name}.pdf") or "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@visitors
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, visit: Inside) -> HttpResponse:
    """Satisfied or not, with the office and with the unit apart."""
    matter = queries.progress(visit.petition_id)
    form = forms.RatingForm(request.POST if request.method == "POST" else None, has_unit=matter.has_unit_rating)
    return _act(request, "rate", matter, matter.why_not_rate, form, lambda data: actions.rate(visit, **data))


@visitors
@require_http_methods(["GET", "POST"])
def material(request: HttpRequest, visit: Inside) -> HttpResponse:
    """More words, more files."""
    matter = queries.progress(visit.petition_id)
    form = forms.MaterialForm(request.POST if request.method == "POST" else None)
    uploads = request.FILES.getlist("files")
    return _act(request, "material", matter, matter.why_not_add, form, lambda data: actions.add_material(visit, uploads=uploads, **data))


@visitors
@require_http_methods(["GET", "POST"])
def urge(request: HttpRequest, visit: Inside) -> HttpResponse:
    """催办."""
    matter = queries.progress(visit.petition_id)
    form = forms.UrgeForm(request.POST if request.method == "POST" else None)
    return _act(request, "urge", matter, matter.why_not_urge, form, lambda data: actions.urge(visit, **data))


@visitors
@require_http_methods(["GET", "POST"])
def dissent(request: HttpRequest, visit: Inside) -> HttpResponse:
    """提出异议, to the centre."""
    matter = queries.progress(visit.petition_id)
    form = forms.DissentForm(request.POST if request.method == "POST" else None)
    return _act(request, "dissent", matter, matter.why_not_dissent, form, lambda data: actions.dissent(visit, **data))


@visitors
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, visit: Inside) -> HttpResponse:
    """申请复查, 申请复核."""
    matter = queries.progress(visit.petition_id)
    is_late = matter.review is not None and matter.review.is_late
    form = forms.ReviewForm(request.POST if request.method == "POST" else None, is_late=is_late)
    return _act(request, "review", matter, matter.why_not_review, form, lambda data: actions.seek_review(visit, **data))


def _act(
    request: HttpRequest, name: str, matter: queries.Progress, why_not: str, form: forms.OnceForm, do: Callable[[dict[str, Any]], None]
) -> HttpResponse:
    """Draw the act's form, or why there is none now; or do it and go back to the matter. What was typed stays when it is refused."""
    context = {"matter": matter, "why_not": why_not, "form": form, "max_files": FILES_AT_ONCE, "max_mib": FILE_BYTES // 1024 // 1024}
    if request.method == "GET":
        return _page(request, name, context)
    if not form.is_valid():
        return _page(request, name, context, status=422)
    try:
        do(form.cleaned_data)
    except NotAllowed as refusal:
        return _page(request, name, {**context, "refusal": str(refusal)}, status=refusal.status)
    except Petition.DoesNotExist:
        return redirect("citizen:progress")
    return redirect(f"{PATH}?done={name}")


@visitors
@require_GET
def slip(request: HttpRequest, visit: Inside) -> HttpResponse:
    """The receipt of what this browser brought; a browser let in otherwise knows its code already."""
    if visit.way != Visit.Way.SUBMITTED:
        return redirect("citizen:progress")
    held = queries.slip(visit.petition_id)
    return _page(request, "slip", {"slip": held, "qr": _qr(request, held.number)})


def _qr(request: HttpRequest, number: str) -> SafeString:
    """The address of this page with the number; whoever finds the paper learns nothing."""
    address = request.build_absolute_uri(f"{PATH}?number={number}")
    return qr.inline(address)


# -- bringing a matter ---------------------------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """One matter, from an empty form to number, code and receipt."""
    if request.method == "GET":
        return _submit_page(request, forms.SubmitForm(initial={"submission": uuid.uuid4()}))
    form = forms.SubmitForm(request.POST)
    if not form.is_valid():
        return _submit_page(request, form, status=422)
    if not _is_allowed_to_submit(request, form):
        words = "从您这里提交得太多了，请过几个小时再来，或者到登记窗口、打电话提出。您填写的内容还在。"
        return _submit_page(request, form, status=429, refusal=words)
    browser = secret(request, FORM_COOKIE)
    try:
        brought = actions.submit(form.intake(_bound(form, browser)), request.FILES.getlist("files"), is_new_facts=form.cleaned_data["is_new_facts"])
    except NotAllowed as refusal:
        return _submit_page(request, form, status=refusal.status, refusal=str(refusal))
    if brought.opened is None:
        return _page(request, "protected", {"number": brought.petition.case.number})
    answer = _let_in(request, brought.opened)
    answer.headers["Location"] = f"{PATH}slip/"
    answer.delete_cookie(FORM_COOKIE, path=FORM_PATH, samesite="Strict")
    return answer


def _is_allowed_to_submit(request: HttpRequest, form: forms.SubmitForm) -> bool:
    """A proof of effort, or the narrower gate of a browser without scripts; counted before anything is registered."""
    is_proven = effort.spend(form.cleaned_data["effort"], form.cleaned_data["effort_answer"])
    return throttle.within(SUBMIT_PROVEN if is_proven else SUBMIT_PLAIN, throttle.address(request))


def _bound(form: forms.SubmitForm, browser: str) -> uuid.UUID:
    """The form's key with the browser it was given to: the same form from another browser is another matter."""
    return uuid.uuid5(form.cleaned_data["submission"], browser or uuid.uuid4().hex)


def _submit_page(request: HttpRequest, form: forms.SubmitForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    context = {
        "form": form,
        "refusal": refusal,
        "effort": effort.challenge(),
        "purposes": PURPOSES,
        "max_points": forms.MAX_POINTS,
        "max_files": FILES_AT_ONCE,
        "max_mib": FILE_BYTES // 1024 // 1024,
    }
    answer = _page(request, "submit", context, status=status)
    if not secret(request, FORM_COOKIE):
        hand_over(answer, FORM_COOKIE, uuid.uuid4().hex, effort.LIFE.total_seconds(), FORM_PATH)
    return answer


# -- what everybody may know ---------------------------------------------------------------------------------------------------------------


@public
@require_GET
def information(request: HttpRequest) -> HttpResponse:
    """Channels, places, hours, how to query, law and procedure (条例§18①, L-PET-80)."""
    return _page(
        request,
        "information",
        {
            "stations": guide.stations(),
            "procedure": guide.procedure(),
            "limits": guide.limits_told(),
            "rights": guide.rights_told(),
            "has_sms": gateway.has("sms"),
        },
    )
