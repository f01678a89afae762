"""Going away and handing over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from organisations.models import User
from organisations.widgets import styled


class _Person(forms.ModelChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(empty_label="请选择", **options)

    def label_from_instance(self, user: Any) -> str:
        return f"{user.name}（{user.username}）"


class AbsenceForm(forms.Form):
    person = _Person(label="谁请假", queryset=User.objects.none())
    substitute = _Person(label="代办人", queryset=User.objects.none(), help_text="同一单位的在岗人员")
    from_on = forms.DateField(label="从")
    until_on = forms.DateField(label="至（含当天）")
    authority = forms.CharField(label="授权依据", max_length=120, help_text="如：2026年3月公休假审批单，局长批准")

    def __init__(self, *args: Any, staff: QuerySet[User], substitutes: QuerySet[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("person", staff), ("substitute", substitutes)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = people
        self.fields["from_on"].initial = today
        styled(self)


class HandOverForm(forms.Form):
    items = forms.MultipleChoiceField(label="移交哪些", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请先勾选要移交的事项。"})
    successor = _Person(label="接手人", queryset=User.objects.none())
    words = forms.CharField(label="移交事由", max_length=200)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items, successor = self.fields["items"], self.fields["successor"]
        if isinstance(items, forms.MultipleChoiceField) and isinstance(successor, forms.ModelChoiceField):
            items.choices = choices
            successor.queryset = people
        styled(self)

    def chosen(self) -> list[tuple[str, str]]:
        """(source, number) of each ticked item."""
        pairs = [value.partition(":") for value in self.cleaned_data["items"]]
        return [(source, number) for source, _, number in pairs]
