"""Which report somebody asks for."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.widgets import styled
from organisations import clock
from organisations.rules import SENSIBLE_DAYS
from organisations.scope import Scope
from reports.month import queries, rules
from reports.rules.periods import Period, Span, filled, whole

_DAY = {"invalid": "日期请写成 2026-11-01 这样的形式。", "required": "请填写日期。"}


class LetterForm(forms.Form):
    """To whom a sealed report goes up, and who signs."""

    to = forms.CharField(label="主送机关", max_length=80, initial="县委、县政府")
    signer = forms.CharField(label="签发人", max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class TakeBackForm(forms.Form):
    """Why a letter is taken back."""

    because = forms.CharField(label="收回的原因", max_length=200, error_messages={"required": "请写明收回的原因。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class AskForm(forms.Form):
    """Whose report, of which length, and a day in it; any other days by their first and last."""

    unit = forms.TypedChoiceField(label="统计范围", coerce=int)
    span = forms.ChoiceField(label="种类", choices=rules.SORT_CHOICES, initial=Span.MONTH.value)
    since = forms.DateField(validators=SENSIBLE_DAYS, label="期间内的一天（自选期间填开始日期）", error_messages=_DAY)
    until = forms.DateField(validators=SENSIBLE_DAYS, label="结束日期（只有自选期间要填）", required=False, error_messages=_DAY)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = queries.units_for(scope)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["unit"].initial = units[0][0]
        styled(self)
        self.fields["since"].initial = rules.ended(Span.MONTH, clock.today())[0].since

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if cleaned.get("span") == Span.ANY.value and since and not until and "until" not in self.errors:
            self.add_error("until", "自选期间要填写结束日期。")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期。")
        if since and until and (until - since).days > 366:
            self.add_error("until", "自选期间最长一年。")
        return cleaned

    def period(self) -> Period:
        span, since, until = Span(self.cleaned_data["span"]), self.cleaned_data["since"], self.cleaned_data["until"]
        return whole(since, until) if span is Span.ANY else filled(span, since)
