"""One step of the ladder as a setting."""

from __future__ import annotations

from django import forms

from casework.actforms import day, prose
from casework.widgets import styled
from mediation import codes


class StepForm(forms.Form):
    name = forms.CharField(label="调处组织", max_length=40, error_messages={"required": "请填写调处组织的名称。"})
    body = forms.ChoiceField(label="组织类型", choices=lambda: codes.BODIES.choices)
    chair = forms.CharField(label="召集人", max_length=40, required=False)
    record = forms.CharField(label="必备记录", max_length=120, error_messages={"required": "请写明结束本步前必须有的记录。"})
    valid_from = day("施行日")
    reason = prose("修改原因", rows=2, longest=200)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})  # type: ignore[arg-type]
        styled(self)
