"""Widgets written in Python say what Django's templates say."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from organisations.rendering import QuickWidgets

NASTY = "<b>&\"'甲"
CHOICES = [("", "—"), ("1", NASTY), ("组", [("2", "二"), (3, "三")])]


class Everything(forms.Form):
    text = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"data-x": NASTY, "readonly": True, "disabled": False}))
    number = forms.IntegerField(min_value=1)
    mail = forms.EmailField(required=False)
    address = forms.URLField(assume_scheme="https", required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    day = forms.DateField()
    prose = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    tick = forms.BooleanField()
    one = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    unknown = forms.NullBooleanField()
    file = forms.FileField()


FILLED: dict[str, Any] = {
    "text": NASTY,
    "number": 12_345,
    "mail": "a@b.cn",
    "hidden": SafeString("<safe>"),
    "day": date(2026, 3, 15),
    "prose": f"一行\n{NASTY}",
    "tick": True,
    "one": "1",
    "several": ["1", "2"],
    "radio": 3,
    "boxes": ["2", "3"],
}


def lean(html: object) -> str:
    """Without blanks and line breaks after a tag: between options and before a label they mean nothing."""
    return re.sub(r">\s*\n\s*", ">", str(html)).replace("> ", ">")


@pytest.mark.parametrize("values", [{}, FILLED], ids=["empty", "filled"])
@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_each_widget_is_written_as_django_writes_it(name: str, values: dict[str, Any]) -> None:
    quick, slow = Everything(initial=values, renderer=QuickWidgets()), Everything(initial=values, renderer=DjangoTemplates())
    assert lean(quick[name]) == lean(slow[name])


@pytest.mark.parametrize("name", ["radio", "boxes", "one"])
def test_single_boxes_of_a_choice_are_written_as_django_writes_them(name: str) -> None:
    quick, slow = Everything(initial=FILLED, renderer=QuickWidgets()), Everything(initial=FILLED, renderer=DjangoTemplates())
    assert [lean(box) for box in quick[name]] == [lean(box) for box in slow[name]]
    assert [lean(box.tag()) for box in quick[name]] == [lean(box.tag()) for box in slow[name]]


def test_what_was_typed_wrongly_is_written_back_the_same() -> None:
    data = {"text": NASTY * 20, "number": "x", "one": "9", "day": "yesterday", "boxes": ["9"]}
    quick, slow = Everything(data, renderer=QuickWidgets()), Everything(data, renderer=DjangoTemplates())
    assert [lean(quick[name]) for name in quick.fields] == [lean(slow[name]) for name in slow.fields]
