"""What the yearly report says beyond its figures."""

from __future__ import annotations

from django import forms

from casework.actforms import prose
from casework.widgets import styled


class AnnualForm(forms.Form):
    to = forms.CharField(label="报送", max_length=120, initial="县委、县政府", error_messages={"required": "请写报送哪里。"})
    signer = forms.CharField(label="签发人", max_length=40, error_messages={"required": "请写签发人。"})
    words = prose("其他情况", required=False, rows=6, longest=3000)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        styled(self)
