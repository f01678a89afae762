"""How form fields are dressed: the design's classes by widget, so that every form looks alike without repeating itself."""

from __future__ import annotations

from django import forms

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.Input, "input"),
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
