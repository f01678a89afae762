"""What every public page stands on: no account, nothing kept by browsers and proxies, signed cookies, whom to call and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse

from casework.models import OfficeHours
from casework.widgets import styled
from organisations import clock, directory
from organisations.models import Area, Unit

P = ParamSpec("P")
_SALT = "yimen.public"


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open to everybody; nothing of it stays in the browser's or a proxy's store."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return login_not_required(wrapped)


def secret(request: HttpRequest, name: str) -> str:
    """What a cookie of ours holds; empty when there is none or somebody made it up."""
    try:
        return str(request.get_signed_cookie(name, salt=_SALT))
    except (KeyError, signing.BadSignature):
        return ""


def hand_over(answer: HttpResponse, name: str, value: str, seconds: float, path: str) -> None:
    """A cookie signed, not for scripts, not sent from other sites, only to the pages below `path`."""
    answer.set_signed_cookie(name, value, salt=_SALT, max_age=int(seconds), path=path, secure=settings.HTTPS, httponly=True, samesite="Strict")


class PublicForm(forms.Form):
    """Labels without a colon, the house's control classes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)


def plainly(field: forms.Field, **attrs: str) -> forms.Field:
    """A field that no telephone completes, capitalises or corrects."""
    field.widget.attrs.update({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", **attrs})
    return field


class PlaceField(forms.TypedChoiceField):
    """A village of the county, or a town where the village is not known, chosen from a list by town."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, choices=lambda: [("", "请选择"), *villages()], **kwargs)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go or call."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Hours:
    morning: str
    afternoon: str


def hours() -> Hours:
    """When the counters are open on working days (L-CAL-6)."""
    row = OfficeHours.objects.filter(valid_from__lte=clock.today()).order_by("-valid_from").first() or OfficeHours()
    return Hours(_span(row.morning_from, row.morning_until), _span(row.afternoon_from, row.afternoon_until))


def _span(start: time, end: time) -> str:
    return f"{start:%H:%M}–{end:%H:%M}"


def centre_place() -> Place | None:
    row = Unit.objects.filter(pk=directory.current().centre_id or 0).first()
    return Place(row.name, row.address, row.phone) if row else None


def villages() -> list[tuple[str, list[tuple[int, str]]]]:
    """Places to choose from, by town; the town as a whole comes first."""
    areas = directory.current().areas
    found: list[tuple[str, list[tuple[int, str]]]] = []
    for town in (area for area in areas.values() if area.level == Area.Level.TOWN):
        inside = [(area.id, area.name) for area in areas.values() if area.parent_id == town.id]
        found.append((town.name, [(town.id, f"{town.name}（不清楚是哪个村）"), *inside]))
    return found
