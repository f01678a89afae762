"""A widget of the counter: a number that is masked once it is typed. Bound by static/js; the hidden input is what is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organisations import clock, identity


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
