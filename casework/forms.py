"""What people type around their work: the name of a view, the columns of the list."""

from __future__ import annotations

from django import forms

from casework.queries.columns import COLUMNS
from casework.queries.filters import SIZES
from casework.widgets import styled


class ViewForm(forms.Form):
    """A view's name and whose it is."""

    name = forms.CharField(label="视图名称", max_length=20)
    for_unit = forms.BooleanField(label="本单位同事也能用", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        styled(self)


class ColumnsForm(forms.Form):
    """Which columns the list shows, how dense, how many rows."""

    columns = forms.MultipleChoiceField(
        label="显示的列", choices=[(c.code, c.label) for c in COLUMNS if not c.is_fixed], widget=forms.CheckboxSelectMultiple, required=False
    )
    density = forms.ChoiceField(label="行高", choices=[("compact", "紧凑"), ("normal", "标准")], widget=forms.RadioSelect)
    size = forms.TypedChoiceField(label="每页行数", choices=[(n, f"{n} 条") for n in SIZES], coerce=int, widget=forms.RadioSelect)
