"""Widgets of the counter: a choice found by typing, and a number that is masked once it is typed.

Both are bound by static/js; the classes come from the design. The hidden input is what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organisations import clock, identity


class Picked(str):
    """What a type-ahead sent: the code picked from the list, and the words that stood in the box."""

    text: str = ""

    @classmethod
    def of(cls, value: Any, text: str = "") -> Picked:
        picked = cls(value or "")
        picked.text = text or getattr(value, "text", "")
        return picked


class Typeahead(forms.Widget):
    """`describe` turns a stored value into the words shown. The typed words come back as `<name>_text`."""

    def __init__(self, source: str, describe: Callable[[str], str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = reverse_lazy(source)
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


class Secret(forms.Widget):
    """An identity or telephone number: masked in the box once it is complete, whole only in what is sent."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kind = kind

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        held = str(value or "")
        shown = self.build_attrs(
            {"class": "input input--num", "type": "text", "autocomplete": "off", "spellcheck": "false", **self.attrs}, attrs or {}
        )
        return format_html(
            '<span class="secret" data-secret="{}"><input type="hidden" name="{}" value="{}"><input{} value="{}"></span>',
            self.kind,
            name,
            held,
            flatatt(shown),
            self.shown(held),
        )

    def shown(self, held: str) -> str:
        """Masked when it is a number; as typed while it is not one yet, so that the slip can be seen."""
        try:
            if self.kind == "id":
                return identity.mask_id(identity.parse_id(held, today=clock.today()).number)
            return identity.mask_phone(identity.normalise_phone(held))
        except identity.IdentityError:
            return held
