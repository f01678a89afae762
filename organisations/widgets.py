"""How form fields are dressed: the design's classes by widget, and the picker of a unit or a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.widgets.Input, "input"),
)


def styled(form: forms.BaseForm) -> None:
    """Put the design's class on every field's widget. Call at the end of a form's `__init__`."""
    for field in form.fields.values():
        for widget, name in _CLASSES:
            if isinstance(field.widget, widget):
                held = field.widget.attrs.get("class", "")
                if name and name not in held.split():
                    field.widget.attrs["class"] = f"{held} {name}".strip()
                break
        if isinstance(field, forms.DateField):
            field.widget.attrs.setdefault("data-date", "")
            field.widget.attrs.setdefault("placeholder", "如 0315、+7、今天")
            if isinstance(field.widget, forms.DateInput):
                field.widget.format = "%Y-%m-%d"


class Picker(forms.Widget):
    """A combobox over a lookup address: a hidden id and the words typed. Without JavaScript the words alone are sent."""

    def __init__(self, src: str, label_of: Callable[[str], str]) -> None:
        super().__init__()
        self.src = src
        self.label_of = label_of

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> str:
        return str(data.get(name) or data.get(f"{name}_typed") or "").strip()

    def value_omitted_from_data(self, data: Any, files: MultiValueDict[str, Any], name: str) -> bool:
        return name not in data and f"{name}_typed" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        held = str(value or "")
        described = (attrs or {}).get("aria-describedby", "")
        return format_html(
            '<div data-typeahead data-src="{}"><input type="hidden" name="{}" value="{}">'
            '<input class="input" id="{}" name="{}_typed" value="{}" placeholder="名称或拼音首字母"{}{}></div>',
            self.src,
            name,
            held if (held.isdecimal() and len(held) < 19) else "",
            (attrs or {}).get("id", f"id_{name}"),
            name,
            self.label_of(held),
            format_html(' aria-describedby="{}"', described) if described else "",
            SafeString(' aria-invalid="true"') if (attrs or {}).get("aria-invalid") else "",
        )


class PickedField(forms.Field):
    """The id behind a Picker; words typed without picking are resolved when they name exactly one."""

    def __init__(self, *, src: str, label_of: Callable[[str], str], find: Callable[[str], int | None], missing: str, **options: Any) -> None:
        super().__init__(widget=Picker(src, label_of), **options)
        self.find = find
        self.missing = missing

    def to_python(self, value: Any) -> int | None:
        if not value:
            return None
        found = self.find(str(value))
        if found is None:
            raise forms.ValidationError(self.missing, code="unknown")
        return found
