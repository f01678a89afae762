"""What a person chooses for an export: the kind of file, whether identity numbers come along, and on what ground."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.exports_lists import CLEAR, MASKED, REVEALING, Listing
from casework.models import Export
from organisations.scope import Scope


class ExportForm(forms.Form):
    """The choices this person has for this list: identity numbers in clear only for REVEALING roles (L-SEC-40)."""

    form = forms.ChoiceField(label="文件格式", choices=Export.Form.choices, widget=forms.RadioSelect)
    ids = forms.ChoiceField(label="证件号码", required=False, widget=forms.RadioSelect)
    ground = forms.CharField(
        label="理由",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "input"}),
        help_text="导出完整证件号码须写明用途，记入访问日志。",
    )

    def __init__(self, *args: Any, listing: Listing, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "不含"), (MASKED, "含，中间打星号")]
        if REVEALING & by.roles:
            choices.append((CLEAR, "含完整号码"))
        self.fields["ids"].choices = choices  # type: ignore[attr-defined]
        if not listing.has_people:
            del self.fields["ids"], self.fields["ground"]
        elif not REVEALING & by.roles:
            del self.fields["ground"]
