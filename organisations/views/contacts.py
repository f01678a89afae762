"""For everybody: the contact book, absences, hand-over of open items, and the lookups of units, people and places."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisations import clock, directory, handover
from organisations.actions import absences, handovers
from organisations.forms.absence import AbsenceForm, HandOverForm
from organisations.models import Absence, Post, User
from organisations.queries import people
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.views.door import scope, whole


@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """Who holds which post where, who is away and who stands in. Read only."""
    tree, today = directory.current(), clock.today()
    words = request.GET.get("q", "").strip()
    home = scope(request).home
    unit = tree.units.get(whole(request.GET.get("unit")) or (home.unit_id if home else tree.centre_id or 0))
    if words:
        units, found = people.find_units(words), people.contacts_by_words(words, today)
    elif unit is None:
        units, found = [], []
    else:
        units = [tree.units[i] for i in tree.children.get(unit.id, ()) if tree.units[i].is_active]
        found = people.contacts(unit.id, today)
    context = {
        "active": "contacts",
        "q": words,
        "unit": None if words else unit,
        "above": [tree.units[i] for i in unit.ancestor_ids[:-1]] if unit and not words else [],
        "units": units,
        "contacts": found,
        # Whose open items this person could hand over: the office all, a head those of the own unit (HALL-14).
        "hands_over_all": scope(request).holds({Role.OFFICE}) is not None,
        "hands_over_units": [standing.unit_id for standing in scope(request).standings if standing.role in people.LEADING],
    }
    return render(request, "organisations/contacts.html", context)


@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest) -> HttpResponse:
    """One's own absences, and as head those of one's staff."""
    by, today = scope(request), clock.today()
    if by.is_admin:
        raise Http404
    staff = people.staff(by, today)
    chosen = whole(request.POST.get("person") or request.GET.get("person")) or by.user.id
    form = AbsenceForm(
        request.POST or None,
        staff=staff,
        substitutes=people.colleagues(chosen, today),
        today=today,
        initial={"person": chosen},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            entered = absences.go_away(
                user_id=given["person"].id,
                substitute_id=given["substitute"].id,
                from_on=given["from_on"],
                until_on=given["until_on"],
                authority=given["authority"],
                by=by,
            )
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已登记：{entered.substitute.name} 代 {entered.user.name}，至 {entered.until_on:%m月%d日}。")
            return redirect("organisations:absence")
    context = {
        "active": "contacts",
        "form": form,
        "mine": people.absences([user.id for user in staff], today),
        "substitutions": people.substitutions(by.user.id, today),
        "has_staff": len(staff) > 1,
    }
    return render(request, "organisations/absence.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def come_back(request: HttpRequest, absence_id: int) -> HttpResponse:
    by = scope(request)
    get_object_or_404(Absence, pk=absence_id, user__in=people.staff(by, clock.today()))
    ended = absences.come_back(absence_id, by=by)
    messages.success(request, f"{ended.substitute.name} 不再代 {ended.user.name}。")
    return redirect("organisations:absence")


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, user_id: int) -> HttpResponse:
    """The open items of somebody who leaves: the person, the unit's head or the centre's office hands them over."""
    by, today = scope(request), clock.today()
    leaver = people.leaver(user_id, by, today)
    if leaver is None:
        raise Http404
    items = handover.open_items(leaver.id, by)
    places = {item.unit_id for item in items} | {directory.current().centre_id or 0}
    people_there = User.objects.filter(id__in=Post.objects.handling(today).filter(unit__in=places).values("user")).exclude(id=leaver.id)
    form = HandOverForm(
        request.POST or None,
        choices=[(f"{item.source}:{item.number}", item.number) for item in items],
        people=people_there.order_by("name"),
    )
    results: list[handovers.Result] = []
    if request.method == "POST" and form.is_valid():
        try:
            results = handovers.hand_over(
                form.chosen(), from_user=leaver, to_user=form.cleaned_data["successor"], words=form.cleaned_data["words"], by=by
            )
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            items = handover.open_items(leaver.id, by)
    ticked = set(request.POST.getlist("items"))
    context = {
        "active": "contacts",
        "leaver": leaver,
        "items": [(item, directory.current().units[item.unit_id].short_name, f"{item.source}:{item.number}" in ticked) for item in items],
        "export": f"person={leaver.id}",
        "form": form,
        "results": results,
    }
    return render(request, "organisations/hand_over.html", context, status=422 if form.errors else 200)


@require_GET
def lookup_people(request: HttpRequest) -> HttpResponse:
    found = list(people.people(request.GET.get("q", "")).filter(is_active=True)[: people.LOOKUP])
    posts = people.units_of([user.id for user in found], clock.today())
    rows = [
        {"value": user.id, "label": f"{user.name}（{user.username}）", "hint": "、".join(post.unit.short_name for post in posts.get(user.id, []))}
        for user in found
    ]
    return JsonResponse(rows, safe=False)
