"""The worklist: page, fragment, choice of columns, «选择全部», printed list. Everything is in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from casework import kinds, presence, selections
from casework.forms import ColumnsForm
from casework.queries import columns, home, lists
from casework.queries.filters import LAMPS, MARKS, PERIODS, SIZES, STATUSES, Filters, read
from casework.rules import Urgency
from casework.views.doors import business
from organisations import clock, directory
from organisations.models import User
from organisations.scope import Scope

COOKIE = "worklist"
#: The choice of columns is kept for a year on the machine it was made on.
COOKIE_AGE = 365 * 24 * 3600
#: Rows of a printed list.
MOST_PRINTED = 500


@dataclass(frozen=True, slots=True)
class Taste:
    """How somebody likes the list: columns, density, rows a page."""

    columns: list[columns.Column]
    density: str
    size: int


def taste_of(request: HttpRequest) -> Taste:
    """The cookie's choice; whatever in it is not known falls back to the design's."""
    held = dict(parse_qsl(request.COOKIES.get(COOKIE, "")))
    asked = request.GET.get("size") or held.get("size", "")
    size = int(asked) if asked in {str(n) for n in SIZES} else SIZES[1]
    codes = held["columns"].split(",") if held.get("columns") else columns.DEFAULT
    return Taste(columns.chosen(codes), held.get("density") if held.get("density") == "normal" else "compact", size)  # type: ignore[arg-type]


def filters_of(request: HttpRequest, scope: Scope) -> Filters:
    """The address's filter; an empty address is the role's own first view."""
    params = request.GET.dict() if request.method == "GET" else dict(parse_qsl(request.POST.get("list", "")))
    if set(params) - {"size", "after", "before", "mode"}:
        return read(params)
    return Filters(awaiting=any(item.role in scope.roles for kind in kinds.every() for item in kind.awaiting))


@require_GET
@business
def worklist(request: HttpRequest) -> HttpResponse:
    """案件: the page, or for htmx its list alone."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    filters, taste = lists.looked_up(scope, filters_of(request, scope)), taste_of(request)
    is_fragment = bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
    is_grouped = request.GET.get("mode") == "due" and filters.is_by_due
    page = lists.page(scope, filters, size=taste.size, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    urls = _urls(filters, page, taste, is_grouped=is_grouped)
    listed = kinds.listed(filters.topic)
    begins = kinds.register_url(listed, scope.roles)
    own = next((kind for kind in listed if kind.own_topic), None)
    context: dict[str, Any] = {
        "active": own.code if own else "cases",
        "heading": own.label if own else "案件",
        "filters": filters,
        "page": page,
        "taste": taste,
        "shown": {column.code for column in taste.columns},
        "is_grouped": is_grouped,
        "query": filters.query(),
        "chips": _chips(filters),
        "urls": urls,
        "bulk": [(kind, act) for kind in listed for act in kind.bulk_acts if act.roles & scope.roles],
        "bulk_limit": lists.BULK_LIMIT,
        "sizes": SIZES,
        "now": clock.now(),
        "present": presence.on_many((row.case.pk for row in page.rows), scope.user, clock.now()),
    }
    if is_fragment:
        response = render(request, "casework/list.html#list", context | {"total": lists.total(scope, filters)})
        response.headers["HX-Push-Url"] = urls["here"]
        return response
    tabs, total = lists.tabs_and_total(scope, home.views(scope), filters)
    context |= {
        "total": total,
        "views": [
            {
                "label": tab.label,
                "url": f"?{tab.query}",
                "count": tab.count,
                "tone": tab.tone,
                "is_current": tab.query == filters.query(sort="due"),
                "saved": tab.saved,
            }
            for tab in tabs
        ],
        "choices": _choices(scope, filters),
        "columns_form": ColumnsForm(initial={"columns": [c.code for c in taste.columns], "density": taste.density, "size": taste.size}),
        "register_url": reverse(begins) if begins else "",
    }
    return render(request, "casework/list.html", context)


def _urls(filters: Filters, page: lists.Page, taste: Taste, *, is_grouped: bool) -> dict[str, str]:
    base, mode = reverse("casework:list"), "&mode=due" if is_grouped else ""
    query = filters.query()
    return {
        "here": f"{base}?{query}{mode}",
        "previous": f"{base}?{query}{mode}&{urlencode({'before': page.before})}" if page.before else "",
        "next": f"{base}?{query}{mode}&{urlencode({'after': page.after})}" if page.after else "",
        "table": f"{base}?{query}",
        "grouped": f"{base}?{query}&mode=due",
        "by_due": f"{base}?{filters.query(sort='due')}",
        "by_opened": f"{base}?{filters.query(sort='old' if filters.sort == 'new' else 'new')}",
        "csv": f"{reverse('casework:export')}?{query}&form=csv",
        "xlsx": f"{reverse('casework:export')}?{query}&form=xlsx",
        "print": f"{reverse('casework:print')}?{query}",
        "size": f"{base}?{query}{mode}&size=",
    }


def _chips(filters: Filters) -> list[tuple[str, str]]:
    """(words, address without it) for everything that narrows the list."""
    tree = directory.current()
    base = reverse("casework:list")
    unit, village = tree.units.get(filters.unit or 0), tree.areas.get(filters.village or 0)
    town = next((a for a in tree.areas.values() if a.code == filters.town), None) if filters.town else None
    topics = dict(topic for kind in kinds.every() for topic in kind.topics)
    states = {code: label for kind in kinds.every() for code, label in kind.states.items()}
    found: list[tuple[str, dict[str, Any]]] = [
        ("待我办理" if filters.awaiting else "", {"awaiting": False}),
        ("我关注的" if filters.followed else "", {"followed": False}),
        (LAMPS.get(filters.lamp, ""), {"lamp": ""}),
        (f"状态：{'、'.join(states[s] for s in filters.states)}" if filters.states else "", {"states": ()}),
        (f"“{filters.q}”" if filters.q else "", {"q": ""}),
        (f"乡镇：{town.name if town else filters.town}" if filters.town else "", {"town": ""}),
        (f"村居：{village.path_name if village else filters.village}" if filters.village else "", {"village": None}),
        (f"分类：{topics.get(filters.topic) or topics.get(filters.topic[:2], filters.topic)}" if filters.topic else "", {"topic": ""}),
        (f"承办单位：{unit.short_name if unit else filters.unit}" if filters.unit else "", {"unit": None}),
        ("指定承办人" if filters.handler else "", {"handler": None}),
        (Urgency(filters.urgency).label if filters.urgency is not None else "", {"urgency": None}),
        (f"标签：{MARKS[filters.mark]}" if filters.mark else "", {"mark": ""}),
        (PERIODS.get(filters.period, ""), {"period": ""}),
        (f"{filters.since:%Y-%m-%d} 起登记" if filters.since else "", {"since": None}),
        (f"{filters.until:%Y-%m-%d} 止登记" if filters.until else "", {"until": None}),
        (STATUSES[filters.status] if filters.status != "open" else "", {"status": "open"}),
    ]
    return [(words, f"{base}?{filters.query(**without)}") for words, without in found if words]


def _choices(scope: Scope, filters: Filters) -> dict[str, Any]:
    """What the filter's selects offer. Places and units come from memory; people of one unit cost a query."""
    tree = directory.current()
    unit_id = filters.unit or (scope.home.unit_id if scope.home else None)
    people = User.objects.filter(posts__unit=unit_id, is_active=True).distinct().order_by("name").values_list("pk", "name")[:200]
    unit, village = tree.units.get(filters.unit or 0), tree.areas.get(filters.village or 0)
    below = {u.id for reader in scope.readers if reader > 0 for u in tree.below(reader)} if len(scope.readers) < 6 else set(tree.units)
    return {
        "towns": [(a.code, a.name) for a in tree.areas.values() if a.level == "town"],
        "topics": [topic for kind in kinds.every() for topic in kind.topics],
        "units": [
            (u.id, u.short_name)
            for u in tree.units.values()
            if u.kind in {"department", "station", "centre"} and (u.id in below or u.kind != "station")
        ],
        "unit_is_listed": unit is None or unit.kind in {"department", "station", "centre"},
        "unit_name": unit.short_name if unit else "",
        "village_name": village.path_name if village else "",
        "people": list(people),
        "states": [pair for kind in kinds.every() for pair in kind.states.items()],
        "urgencies": Urgency.choices,
        "marks": MARKS.items(),
        "periods": PERIODS.items(),
        "statuses": STATUSES.items(),
        "more_count": sum(
            1 for v in (filters.village, filters.handler, filters.urgency, filters.mark, filters.since, filters.until) if v not in (None, "")
        ),
    }


@require_POST
@business
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Remember columns, density and rows a page on this machine, and go back to the list."""
    form = ColumnsForm(request.POST)
    back = request.POST.get("back", "")
    target = back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("casework:list")
    response = redirect(target)
    if form.is_valid():
        held = {"columns": ",".join(form.cleaned_data["columns"]), "density": form.cleaned_data["density"], "size": form.cleaned_data["size"]}
        response.set_cookie(COOKIE, urlencode(held), max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=request.is_secure())
    else:
        messages.error(request, "列的设置没有保存，请重新选择。")
    return response


@require_POST
@business
def select_all(request: HttpRequest) -> HttpResponse:
    """«选择全部 N 件», frozen now: the numbers come back signed, so that later acts mean exactly these."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    filters = filters_of(request, scope)
    numbers = lists.numbers(scope, filters, lists.BULK_LIMIT + 1)
    context = {
        "frozen": selections.freeze(numbers[: lists.BULK_LIMIT], scope),
        "count": len(numbers[: lists.BULK_LIMIT]),
        "is_cut": len(numbers) > lists.BULK_LIMIT,
        "bulk_limit": lists.BULK_LIMIT,
        "at": clock.now(),
    }
    return render(request, "casework/list.html#frozen", context)


@require_GET
@business
def print_list(request: HttpRequest) -> HttpResponse:
    """打印清单: the list on paper, at most MOST_PRINTED rows."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    filters = filters_of(request, scope)
    page = lists.page(scope, filters, size=MOST_PRINTED)
    context = {
        "rows": page.rows,
        "words": words_of(filters),
        "now": clock.now(),
        "is_cut": bool(page.after),
        "most": MOST_PRINTED,
        "query": filters.query(),
    }
    return render(request, "casework/list_print.html", context)


def words_of(filters: Filters) -> str:
    """The filter in words, for a file name and for the log."""
    return "·".join(words for words, _ in _chips(replace(filters, sort="due"))) or "全部在办"
