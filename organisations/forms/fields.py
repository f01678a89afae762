"""Fields that pick a unit or a person, by id from the lookup or by words when they name exactly one."""

from __future__ import annotations

from typing import Any

from organisations import directory
from organisations.models import Area, User
from organisations.queries.people import find_units
from organisations.widgets import Typeahead, TypeaheadField


def unit_field(label: str, *, required: bool = True, help_text: str = "") -> TypeaheadField:
    return TypeaheadField(
        resolve=_find_unit,
        widget=Typeahead("/lookups/units/", _unit_label, {"placeholder": "名称或拼音首字母"}),
        label=label,
        required=required,
        help_text=help_text,
    )


def person_field(label: str, *, required: bool = True, help_text: str = "") -> TypeaheadField:
    return TypeaheadField(
        resolve=_find_person,
        widget=Typeahead("/lookups/people/", _person_label, {"placeholder": "名称或拼音首字母"}),
        label=label,
        required=required,
        help_text=help_text,
    )


def place_field(label: str, *, required: bool = True, help_text: str = "") -> TypeaheadField:
    return TypeaheadField(
        resolve=_find_place,
        widget=Typeahead("/lookups/areas/", _place_label, {"placeholder": "名称或拼音首字母"}),
        label=label,
        required=required,
        help_text=help_text,
    )


def _unit_label(held: str) -> str:
    unit = directory.current().units.get(int(held)) if (held.isdecimal() and len(held) < 19) else None
    return unit.short_name if unit else held


def _find_unit(words: str) -> int | None:
    tree = directory.current()
    if words.isdecimal() and len(words) < 19:
        return int(words) if int(words) in tree.units else None
    exact = [unit.id for unit in find_units(words) if words in (unit.short_name, unit.name)]
    return exact[0] if len(exact) == 1 else None


def _person_label(held: str) -> str:
    user = User.objects.filter(pk=int(held)).first() if (held.isdecimal() and len(held) < 19) else None
    return f"{user.name}（{user.username}）" if user else held


def _find_person(words: str) -> int | None:
    people: Any = User.objects.filter(is_clock=False)
    if words.isdecimal() and len(words) < 19:
        return people.filter(pk=int(words)).values_list("id", flat=True).first()
    found = people.filter(username__iexact=words) | people.filter(name=words)
    ids = list(found.values_list("id", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def _place_label(held: str) -> str:
    place = directory.current().areas.get(int(held)) if (held.isdecimal() and len(held) < 19) else None
    return place.path_name if place else held


def _find_place(words: str) -> int | None:
    places = directory.current().areas
    if words.isdecimal() and len(words) < 19:
        return int(words) if int(words) in places else None
    exact = [area.id for area in places.values() if words in (area.name, area.path_name, area.code)]
    return exact[0] if len(exact) == 1 else None


def villages() -> list[tuple[int, str]]:
    return [(area.id, area.path_name) for area in directory.current().areas.values() if area.level == Area.Level.VILLAGE]
