"""How form fields are dressed: the design's classes by widget, and the one choice that is found by typing.

It is bound by static/js/typeahead.js. The hidden input is what is sent; without JavaScript the words alone are, and resolved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.urls import reverse_lazy
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


class Picked(str):
    """What a type-ahead sent: the code picked from the list, and the words that stood in the box."""

    text: str = ""

    @classmethod
    def of(cls, value: Any, text: str = "") -> Picked:
        picked = cls(value or "")
        picked.text = text or getattr(value, "text", "")
        return picked


class Typeahead(forms.Widget):
    """`source`: address of the lookup, or its name. `describe` turns a stored value into the words shown; typed words come back as `<name>_text`."""

    def __init__(self, source: str, describe: Callable[[str], str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source if source.startswith("/") else reverse_lazy(source)
        self.describe = describe

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Picked:
        return Picked.of(data.get(name, "").strip(), data.get(f"{name}_text", "").strip())

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        picked = Picked.of(value)
        words = self.describe(picked) if picked else picked.text
        shown = self.build_attrs({"class": "input", "type": "text", **self.attrs}, attrs or {})
        return format_html(
            '<div class="typeahead{}" data-typeahead data-src="{}"><input type="hidden" name="{}" value="{}">'
            '<input{} name="{}_text" value="{}"></div>',
            " is-picked" if picked and words else "",
            self.source,
            name,
            str(picked),
            flatatt(shown),
            name,
            words or picked.text,
        )


class TypeaheadField(forms.CharField):
    """`resolve` turns what was picked, or typed exactly, into the value kept, or None when there is no such thing."""

    def __init__(
        self, *, resolve: Callable[[str], Any], free_text: bool = False, error_messages: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(error_messages=error_messages, **kwargs)
        self.resolve = resolve
        self.free_text = free_text

    def clean(self, value: Any) -> Any:
        picked = Picked.of(value)
        found = self.resolve(picked or picked.text) if (picked or picked.text) else None
        if found is not None:
            return found
        if picked.text and not self.free_text:
            raise forms.ValidationError(f"“{picked.text}”没有找到，请从列表中选择。", code="not_found")
        if self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return None
