"""What a person types for an act on a case of any kind, checked for shape. Whether it may be done is the action's affair.

Every form takes the page it stands on, offers choices from it, carries the case's version and turns what was typed
into the action's own arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

from django import forms

from casework import wording
from casework.models import Case, Link
from casework.widgets import Picked, Typeahead, TypeaheadField, styled
from organisations import directory
from organisations.roles import ADMIN_ROLES
from organisations.scope import Scope

DAY_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"]
BAD_DAY = {"invalid": "日期看不懂，请写成 2026-03-15、0315、今天。"}


def describe_area(value: str) -> str:
    facts = directory.current().areas.get(int(value)) if value.isdecimal() and len(value) < 19 else None
    return facts.path_name if facts else ""


def resolve_area(text: str) -> int | None:
    """The id that was picked, or a place's full name typed out."""
    tree = directory.current()
    if text.isdecimal() and len(text) < 19:
        return int(text) if int(text) in tree.areas else next((a.id for a in tree.areas.values() if a.code == text), None)
    return next((a.id for a in tree.areas.values() if a.path_name == text), None)


def describe_unit(value: str) -> str:
    facts = directory.current().units.get(int(value)) if value.isdecimal() and len(value) < 19 else None
    return facts.name if facts else ""


def resolve_unit(text: str) -> int | None:
    tree = directory.current()
    if text.isdecimal() and len(text) < 19:
        return int(text) if int(text) in tree.units else None
    return next((unit.id for unit in tree.units.values() if text in (unit.name, unit.short_name)), None)


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date as the counter types it; forms.js turns 0315 and +7 into the ISO form that is sent."""
    return forms.DateField(label=label, required=required, input_formats=DAY_FORMATS, error_messages=BAD_DAY, help_text=help_text)


def prose(label: str, *, required: bool = True, rows: int = 4, longest: int = 500, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
        error_messages={"required": f"请写{label}。", "max_length": f"{label}最多 {longest} 字。"},
    )


def unit(label: str, *, required: bool = True) -> TypeaheadField:
    return TypeaheadField(
        label=label,
        resolve=resolve_unit,
        required=required,
        widget=Typeahead("casework:lookup-units", describe_unit, {"placeholder": "名称或拼音首字母"}),
        error_messages={"required": f"请选择{label}。"},
    )


def restored(form: type[forms.Form], held: Mapping[str, list[str]], prefix: str) -> dict[str, Any]:
    """Kept raw values as a form's initial, without checking them: a draft may be wrong and half finished."""
    initial: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        key = f"{prefix}{name}"
        values = held.get(key, [])
        if isinstance(field.widget, Typeahead):
            text = (held.get(f"{key}_text") or [""])[0]
            if values or text:
                initial[name] = Picked.of((values or [""])[0], text)
        elif isinstance(field, forms.BooleanField):
            if held:
                initial[name] = bool(values)
        elif isinstance(field, forms.MultipleChoiceField):
            initial[name] = values
        elif values:
            initial[name] = values[0]
    return initial


class HeldCase(Protocol):
    """The page a form stands on, whatever the kind of case."""

    @property
    def case(self) -> Case: ...


Held = TypeVar("Held", bound=HeldCase)


class ActForm(forms.Form, Generic[Held]):
    """What every act's form has: the page, the scope, the version the form was drawn from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    #: Fields whose words are worth keeping while they are typed.
    keeps_draft = False

    def __init__(self, *args: Any, held: Held, scope: Scope, **kwargs: Any) -> None:
        self.held, self.scope = held, scope
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"version": held.case.version, **self.starting(held), **kwargs["initial"]}
        kwargs.setdefault("auto_id", "act_%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.prepare()
        self._say_what_is_missing()
        styled(self)

    def starting(self, held: Held) -> dict[str, Any]:
        """What stands in the form when it opens."""
        return {}

    def prepare(self) -> None:
        """Choices that depend on the case."""

    def _say_what_is_missing(self) -> None:
        """A field left empty says which one it is, also where it has no sentence of its own: a form asks for several days and lists."""
        for field in self.fields.values():
            if field.label and field.error_messages["required"] is forms.Field.default_error_messages["required"]:
                verb = "选择" if isinstance(field, forms.ChoiceField) else "填写"
                field.error_messages["required"] = f"请{verb}{field.label}。"

    def clean(self) -> dict[str, Any]:
        """A blank of a text template still open is the field's own error, so that the page leads there."""
        for name, value in list(self.cleaned_data.items()):
            quotes = wording.own_blanks_in(value) if isinstance(self.fields[name].widget, forms.Textarea) else []
            if quotes:
                self.add_error(name, wording.blank_sentence(str(self.fields[name].label), quotes))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        """The action's keyword arguments, with the version."""
        return dict(self.cleaned_data)

    def shown(self) -> list[forms.BoundField]:
        """The fields a person sees, in order."""
        return [field for field in self if not field.is_hidden]


class OptionalWordsForm(ActForm[HeldCase]):
    words = prose("意见", required=False, rows=3)


class ReasonForm(ActForm[HeldCase]):
    reason = prose("原因", rows=3, longest=200)


class NoteForm(ActForm[HeldCase]):
    keeps_draft = True
    text = prose("内容", rows=5, longest=5000)
    happened_at = forms.DateTimeField(
        label="发生时间",
        required=False,
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"],
        error_messages={"invalid": "时间请写成 2026-03-15 09:30。"},
        widget=forms.DateTimeInput(attrs={"placeholder": "不填就是现在"}),
    )
    is_internal = forms.BooleanField(label="内部记录，不对外公开", required=False)


class UnlinkForm(ActForm[HeldCase]):
    other = forms.CharField(label="对方编号", max_length=24, error_messages={"required": "请写对方编号。"})
    reason = prose("理由", rows=2, longest=200)

    def clean_other(self) -> str:
        return str(self.cleaned_data["other"]).strip()


class LinkForm(UnlinkForm):
    kind = forms.ChoiceField(label="关系", choices=[(Link.Kind.REPEAT, "本件重复于对方"), (Link.Kind.RELATED, "两件有关")])
    field_order = ("version", "other", "kind", "reason")


class MergeForm(ActForm[HeldCase]):
    into = forms.CharField(label="主案编号", max_length=24, error_messages={"required": "请写主案编号。"})
    reason = prose("理由", rows=2, longest=200)

    def clean_into(self) -> str:
        return str(self.cleaned_data["into"]).strip()


def people_of(posts: Any) -> list[tuple[int, str]]:
    """Choices of people in office, once each, with what they are: «王海涛（自然资源局 · 承办人）»; the village before its town, the centre last."""
    found: dict[int, str] = {}
    for post in posts.exclude(role__in=ADMIN_ROLES).select_related("user", "unit").order_by("-unit__path", "user__name"):
        found.setdefault(post.user_id, f"{post.user.name}（{post.unit.short_name} · {post.title or post.get_role_display()}）")
    return list(found.items())


def split_names(text: str) -> list[str]:
    """«王海涛、宋涛» or names divided by commas, blanks or semicolons."""
    for mark in "，,；; \n\t/":
        text = text.replace(mark, "、")
    return [name for name in text.split("、") if name]
