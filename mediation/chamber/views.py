"""The doors of the room: the public pages, without an account; and the staff's."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import effort, throttle
from casework.public import centre_place, hand_over, hours, public, secret
from casework.rules import NotAllowed
from casework.views.doors import business
from mediation import codes
from mediation.chamber import actions, entrance, files, forms, queries, rules
from mediation.models import ChamberFile, Conversation
from mediation.views.intake import write_down
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.requests import StaffRequest

P = ParamSpec("P")

COOKIE, FORM_COOKIE = "yimen_chamber", "yimen_chamber_form"
PATH = "/mediators/"
#: With a proof of effort, and without one (no JavaScript): matters from one address; matters from one telephone.
ASK_PROVEN = throttle.Limit("chamber-proven", 10, effort.LIFE)
ASK_PLAIN = throttle.Limit("chamber-plain", 3, effort.LIFE)
ASK_PHONE = throttle.Limit("chamber-phone", 3, timedelta(days=1))
#: What one visitor may do in a conversation: messages, and changes of the appointment.
SAY = throttle.Limit("chamber-say", 10, timedelta(minutes=10))
BOOK = throttle.Limit("chamber-book", 10, timedelta(hours=1))
#: Messages with files from one address, whichever conversation they are for.
FILES = throttle.Limit("chamber-files", 20, timedelta(hours=1))

NOT_FOUND = "没有查到。请对照保存的编号和查询码，再填一次。"
TOO_OFTEN = "试的次数太多了，请过10分钟再试，或者打电话问。"
ASKED_OFTEN = "从您这里提交得太多了，请过几个小时再来，或者到村（社区）群众工作室、打电话提出。您填写的内容还在。"
SAID_OFTEN = "发得太快了，请过10分钟再发。您写的内容还在。"
DONE = {
    "said": "已经发出，调解员看到后会回复您。",
    "booked": "已经约好，请按时到。",
    "confirmed": "已经确认，请按时到。",
    "cancelled": "已经取消。",
}


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, f"mediation/chamber/{template}.html", {"centre": centre_place(), "hours": hours(), **context}, status=status)


def visitors(view: Callable[Concatenate[HttpRequest, int, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only for a browser that was let in; every other one is sent to the question, whatever it asked for."""

    @public
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        held = entrance.inside(secret(request, COOKIE))
        return redirect("chamber:matter") if held is None else view(request, held, *args, **kwargs)

    return wrapped


# -- who mediates ------------------------------------------------------------------------------------------------------------------------------


@public
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Mediators who serve and have agreed to be shown, by town and speciality."""
    wanted = queries.read(request.GET)
    page = Paginator(queries.found(wanted), queries.PAGE).get_page(wanted.page)
    context = {
        "wanted": wanted,
        "people": [queries.shown(row) for row in page],
        "total": page.paginator.count,
        "towns": queries.towns(),
        "types": codes.TYPES.choices,
        "next_url": f"?{wanted.query}&page={page.next_page_number()}" if page.has_next() else "",
        "previous_url": f"?{wanted.query}&page={page.previous_page_number()}" if page.has_previous() else "",
    }
    return _page(request, "people", context)


@public
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with the free hours of the next days. Who has not agreed is not there."""
    row = queries.online().filter(pk=pk).first()
    if row is None:
        raise Http404
    return _page(request, "person", {"person": queries.shown(row), "days": queries.free(pk)})


# -- asking --------------------------------------------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A matter for one mediator or several; `?m=` marks those looked at."""
    if request.method == "POST":
        return _submitted(request, "ask", forms.AskForm(request.POST))
    marked = [pk for pk in request.GET.getlist("m")[: rules.MOST_MEDIATORS] if pk.isdecimal() and len(pk) < 13]
    return _asking(request, "ask", forms.AskForm(initial={**forms.fresh(), "mediators": marked}))


@public
@require_http_methods(["GET", "POST"])
def aid(request: HttpRequest) -> HttpResponse:
    """A request for legal aid."""
    if request.method == "POST":
        return _submitted(request, "aid", forms.AidForm(request.POST))
    return _asking(request, "aid", forms.AidForm(initial=forms.fresh()))


def _submitted(request: HttpRequest, template: str, form: forms.AskForm | forms.AidForm) -> HttpResponse:
    """Take it in and show number and code, once; the same form again shows the same ones."""
    if not form.is_valid():
        return _asking(request, template, form, status=422)
    browser = secret(request, FORM_COOKIE) or uuid.uuid4().hex
    submission = form.key(browser)
    if actions.asked_before(submission) is None and not _may_ask(request, form):
        return _asking(request, template, form, status=429, refusal=ASKED_OFTEN)
    try:
        asked = actions.ask(form.matter(), submission=submission, code=form.code(browser))
    except NotAllowed as refusal:
        return _asking(request, template, form, status=refusal.status, refusal=str(refusal))
    entrance.leave(secret(request, COOKIE))
    answer = _page(request, "slip", {"asked": asked, "matter": form.cleaned_data})
    hand_over(answer, COOKIE, asked.secret, rules.LONGEST.total_seconds(), PATH)
    return answer


def _may_ask(request: HttpRequest, form: forms.AskForm | forms.AidForm) -> bool:
    """A proof of effort or the narrower gate, and so many a day from one telephone; counted before anything is written."""
    is_proven = effort.spend(form.cleaned_data["effort"], form.cleaned_data["effort_answer"])
    from_address = throttle.within(ASK_PROVEN if is_proven else ASK_PLAIN, throttle.address(request))
    return throttle.within(ASK_PHONE, form.cleaned_data["phone"]) and from_address


def _asking(request: HttpRequest, template: str, form: Any, *, status: int = 200, refusal: str = "") -> HttpResponse:
    answer = _page(request, template, {"form": form, "refusal": refusal, "effort": effort.challenge(), "most": rules.MOST_MEDIATORS}, status=status)
    if not secret(request, FORM_COOKIE):
        hand_over(answer, FORM_COOKIE, uuid.uuid4().hex, effort.LIFE.total_seconds(), PATH)
    return answer


# -- the conversation ----------------------------------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "POST"])
def matter(request: HttpRequest) -> HttpResponse:
    """Ask with number and code, or see the conversation this browser was let in to."""
    if request.method == "POST":
        return _entered(request)
    held = entrance.inside(secret(request, COOKIE))
    if held is None:
        return _page(request, "enter", {"form": forms.EnterForm(initial={"number": request.GET.get("number", "")[:40]})})
    actions.read_by_person(held)
    return _talk(request, held, forms.SayForm(), done=DONE.get(request.GET.get("done", ""), ""))


def _entered(request: HttpRequest) -> HttpResponse:
    form = forms.EnterForm(request.POST)
    if not form.is_valid():
        return _page(request, "enter", {"form": form}, status=422)
    try:
        opened = entrance.open_by_code(form.cleaned_data["number"], form.cleaned_data["code"], address=throttle.address(request))
    except entrance.TooOften:
        return _page(request, "enter", {"form": form, "refusal": TOO_OFTEN}, status=429)
    if opened is None:
        return _page(request, "enter", {"form": form, "refusal": NOT_FOUND}, status=422)
    entrance.leave(secret(request, COOKIE))
    answer = redirect("chamber:matter")
    hand_over(answer, COOKIE, opened, rules.LONGEST.total_seconds(), PATH)
    return answer


def _talk(request: HttpRequest, held: int, form: forms.SayForm, *, status: int = 200, refusal: str = "", done: str = "") -> HttpResponse:
    talk = queries.talk(held)
    context = {"talk": talk, "row": talk.row, "form": form, "refusal": refusal, "done": done, **_files_told()}
    return _page(request, "talk", context, status=status)


def _files_told() -> dict[str, int]:
    return {"max_files": rules.FILES_AT_ONCE, "max_mib": rules.FILE_MIB}


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """«退出»: the visit is over here and in the browser."""
    entrance.leave(secret(request, COOKIE))
    answer = redirect("chamber:matter")
    for name in (COOKIE, FORM_COOKIE):
        answer.delete_cookie(name, path=PATH, samesite="Strict")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@visitors
@require_POST
def say(request: HttpRequest, held: int) -> HttpResponse:
    """One message of the person."""
    form = forms.SayForm(request.POST)
    if not form.is_valid():
        return _talk(request, held, form, status=422)
    uploads = request.FILES.getlist("files")
    if not throttle.within(SAY, str(held)) or (uploads and not throttle.within(FILES, throttle.address(request))):
        return _talk(request, held, form, status=429, refusal=SAID_OFTEN)
    try:
        actions.say(held, form.cleaned_data["text"].strip(), key=form.cleaned_data["key"], uploads=uploads)
    except NotAllowed as refusal:
        return _talk(request, held, form, status=refusal.status, refusal=str(refusal))
    return redirect(f"{PATH}matter/?done=said")


@visitors
@require_GET
def file(request: HttpRequest, held: int, pk: int) -> HttpResponse:
    """A file of one's own conversation; 404 for any other, the same as for no file at all."""
    return _sent(get_object_or_404(ChamberFile, pk=pk, conversation=held))


def _sent(found: ChamberFile) -> HttpResponse:
    """A picture to look at, a paper to keep; no script of it runs in the house's name."""
    try:
        with files.open_file(found.sha256) as content:
            answer = HttpResponse(content.read(), content_type=found.content_type)
    except FileNotFoundError:
        raise Http404 from None
    answer.headers["Content-Disposition"] = content_disposition_header(not found.is_picture, found.name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@visitors
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, held: int) -> HttpResponse:
    """Choose an hour, or another one in its place."""
    talk = queries.talk(held)
    if request.method == "GET":
        return _calendar(request, talk)
    form = forms.SlotForm(request.POST)
    if not form.is_valid():
        return _calendar(request, talk, status=422, refusal="请选择一个时间。")
    if not throttle.within(BOOK, str(held)):
        return _calendar(request, talk, status=429, refusal="改得太多了，请过一个小时再改，或者打电话说。")
    try:
        actions.book(held, *form.cleaned_data["slot"])
    except NotAllowed as refusal:
        return _calendar(request, queries.talk(held), status=refusal.status, refusal=str(refusal))
    return redirect(f"{PATH}matter/?done=booked")


def _calendar(request: HttpRequest, talk: queries.Talk, *, status: int = 200, refusal: str = "") -> HttpResponse:
    calendars = queries.calendars(talk.people) if talk.row.is_open else []
    return _page(request, "book", {"talk": talk, "row": talk.row, "calendars": calendars, "refusal": refusal}, status=status)


@visitors
@require_POST
def confirm(request: HttpRequest, held: int) -> HttpResponse:
    """Agree to the hour the mediator offered."""
    return _done(request, held, "confirmed", lambda: actions.confirm(held))


@visitors
@require_POST
def cancel(request: HttpRequest, held: int) -> HttpResponse:
    """Give the hour back."""
    return _done(request, held, "cancelled", lambda: actions.cancel(held, words="群众取消"))


def _done(request: HttpRequest, held: int, name: str, do: Callable[[], None]) -> HttpResponse:
    try:
        do()
    except NotAllowed as refusal:
        return _talk(request, held, forms.SayForm(), status=refusal.status, refusal=str(refusal))
    return redirect(f"{PATH}matter/?done={name}")


# -- the staff's room ------------------------------------------------------------------------------------------------------------------------------


@require_GET
@business
def room(request: StaffRequest) -> HttpResponse:
    """What waits for me or my unit, what is agreed for the coming days, and who of mine is shown online."""
    scope = request.scope
    if scope.holds(rules.ROOM) is None:
        raise PermissionDenied
    show = request.GET.get("show", "waiting")
    show = show if show in queries.SHOWS else "waiting"
    page = Paginator(queries.listed(scope, show), queries.PAGE).get_page(request.GET.get("page"))
    numbers = queries.counts(scope)
    context = {
        "active": "room",
        "shows": [(code, words, numbers[code]) for code, (words, _) in queries.SHOWS.items()],
        "show": show,
        "page": page,
        "appointments": queries.appointments(scope)[: queries.PAGE],
        "hosts": queries.host_lines(scope),
        "today": clock.today(),
        "next_url": f"?show={show}&page={page.next_page_number()}" if page.has_next() else "",
        "previous_url": f"?show={show}&page={page.previous_page_number()}" if page.has_previous() else "",
    }
    return render(request, "mediation/chamber/room.html", context)


@require_http_methods(["GET", "POST"])
@business
def one(request: StaffRequest, number: str) -> HttpResponse:
    """One conversation. POST `act=` one of ACTS."""
    row = get_object_or_404(queries.visible(request.scope), number=number)
    if request.method == "GET":
        if row.dispute is not None and not row.bookings.filter(state__in=rules.LIVE).exists():
            return redirect("mediation:detail", row.dispute.case.number)
        actions.read_by_house(row)
        return _one(request, row)
    do = ACTS.get(request.POST.get("act", ""))
    if do is None:
        raise Http404
    try:
        said = do(request, number)
    except NotAllowed as refusal:
        return _one(request, row, status=refusal.status, refusal=refusal.message)
    messages.success(request, said)
    answer = redirect("mediation:room-one", number) if queries.visible(request.scope).filter(number=number).exists() else redirect("mediation:room")
    answer.status_code = 303
    return answer


def _one(request: StaffRequest, row: Conversation, *, status: int = 200, refusal: str = "", phone: str = "", code: str = "") -> HttpResponse:
    talk = queries.talk(row.pk)
    context = {
        "active": "room",
        "talk": talk,
        "row": talk.row,
        "refusal": refusal,
        "phone": phone,
        "code": code,
        "form": forms.SayForm(request.POST if refusal and request.POST.get("act") == "answer" else None),
        **_files_told(),
        "words": forms.WordsForm(),
        "calendars": queries.calendars(talk.people) if row.is_open else [],
        "is_invited": any(person.user_id == request.user.id for person in talk.people),
        "is_keeper": row.unit_id in queries.kept(request.scope),
        "now": clock.now(),
        "today": clock.today(),
    }
    return render(request, "mediation/chamber/one.html", context, status=status)


def _checked(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise NotAllowed(str(next(iter(form.errors.values()))[0]), code="invalid", status=422)
    data: dict[str, Any] = form.cleaned_data
    return data


def _answer(request: StaffRequest, number: str) -> str:
    data = _checked(forms.SayForm(request.POST))
    actions.answer(number, data["text"].strip(), key=data["key"], by=request.scope, uploads=request.FILES.getlist("files"))
    return "已回复。"


def _take(request: StaffRequest, number: str) -> str:
    actions.take(number, by=request.scope)
    return "已接下。"


def _decline(request: StaffRequest, number: str) -> str:
    actions.decline(number, words=_checked(forms.WordsForm(request.POST))["words"], by=request.scope)
    return "已退回，由单位另行接待。"


def _close(request: StaffRequest, number: str) -> str:
    actions.close(number, words=_checked(forms.WordsForm(request.POST))["words"], by=request.scope)
    return "已结束。"


def _offer(request: StaffRequest, number: str) -> str:
    mediator_id, moment = _checked(forms.SlotForm(request.POST))["slot"]
    actions.offer(number, mediator_id, moment, by=request.scope)
    return "已提出时间，等群众确认。"


def _meeting(request: StaffRequest, number: str) -> str:
    actions.note_meeting(number, **_checked(forms.MeetingForm(request.POST)), by=request.scope)
    return "已记录。"


def _aid(request: StaffRequest, number: str) -> str:
    actions.decide_aid(number, **_checked(forms.VerdictForm(request.POST)), by=request.scope)
    return "已作出决定，群众可以看到。"


#: What the page of one conversation can do.
ACTS: dict[str, Callable[[StaffRequest, str], str]] = {
    "answer": _answer,
    "take": _take,
    "decline": _decline,
    "close": _close,
    "offer": _offer,
    "meeting": _meeting,
    "aid": _aid,
}


@require_POST
@business
def phone(request: StaffRequest, number: str) -> HttpResponse:
    """The telephone in clear, on record."""
    row = get_object_or_404(queries.visible(request.scope), number=number)
    return _one(request, row, phone=actions.phone(number, by=request.scope))


@require_GET
@business
def room_file(request: StaffRequest, pk: int) -> HttpResponse:
    """A file out of a conversation in sight, on record (L-SEC-7); 404 for any other."""
    found = get_object_or_404(queries.files(request.scope), pk=pk)
    answer = _sent(found)
    access.log(
        AccessEntry.Event.DOWNLOAD,
        user=request.user,
        unit_id=request.scope.home.unit_id if request.scope.home else None,
        object_type="chamber",
        object_id=found.conversation_id,
        object_label=f"{found.conversation.number} {found.name}",
        detail={"file": found.pk, "sha256": found.sha256},
    )
    return answer


@require_POST
@business
def renew_code(request: StaffRequest, number: str) -> HttpResponse:
    """A new code for who lost theirs and is here in person; shown this once."""
    row = get_object_or_404(queries.visible(request.scope), number=number)
    try:
        code = actions.renew_code(number, words=request.POST.get("words", ""), by=request.scope)
    except NotAllowed as refusal:
        return _one(request, row, status=refusal.status, refusal=refusal.message)
    return _one(request, row, code=code)


@require_http_methods(["GET", "POST"])
@business
def begin_dispute(request: StaffRequest, number: str) -> HttpResponse:
    """The dispute's own registration, begun from the conversation; saving it hands the conversation over (303 to the dispute)."""
    row = get_object_or_404(queries.visible(request.scope), number=number)
    return write_down(
        request,
        lambda: forms.registration(row, actions.phone(number, by=request.scope)),
        lambda intake: actions.begin_dispute(number, intake, by=request.scope),
        active="room",
    )


@require_http_methods(["GET", "POST"])
@business
def week(request: StaffRequest) -> HttpResponse:
    """When a mediator can be met: one's own hours, or those of one's unit's people."""
    hosts = list(queries.hosts(request.scope))
    if request.scope.holds(rules.ROOM) is None:
        raise PermissionDenied
    chosen = next((host for host in hosts if str(host.pk) == request.GET.get("person")), hosts[0] if hosts else None)
    form = forms.HoursForm(request.POST or None, people=hosts, initial=forms.hours_of(chosen) if chosen else None)
    if request.method == "POST" and form.is_valid():
        actions.set_hours(form.cleaned_data["mediator"], form.cleaned_data["weekdays"], form.spans(), by=request.scope)
        messages.success(request, "已保存，群众可以按新的时间预约；已经约好的不变。")
        return redirect("mediation:room")
    status = 422 if request.method == "POST" else 200
    return render(request, "mediation/chamber/week.html", {"active": "room", "form": form, "chosen": chosen}, status=status)
