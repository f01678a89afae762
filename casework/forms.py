"""What people type around their work: the name of a view, the columns of the list."""

from __future__ import annotations

from django import forms

from casework import gateway, kinds
from casework.models import Outgoing
from casework.preferences import Choice
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


class PreferencesForm(forms.Form):
    """How a person wants to be told. A way the house does not have is shown and cannot be ticked."""

    email = forms.EmailField(label="电子邮箱", required=False, max_length=120)
    by_email = forms.BooleanField(label="邮件", required=False)
    by_sms = forms.BooleanField(label="短信", required=False)
    by_chat = forms.BooleanField(label="工作群机器人", required=False)
    digest_at = forms.TimeField(label="每日汇总时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    only_digest = forms.BooleanField(label="站外只发每日汇总，不逐条发送", required=False)
    quiet_from = forms.TimeField(label="免打扰从", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(label="到", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    muted = forms.MultipleChoiceField(label="不再提醒的种类", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        mutable = [(group.code, group.label) for group in kinds.notice_groups() if group.is_mutable]
        self.fields["muted"].choices = mutable  # type: ignore[attr-defined]
        for name, channel in (("by_email", Outgoing.Channel.EMAIL), ("by_sms", Outgoing.Channel.SMS), ("by_chat", Outgoing.Channel.CHAT)):
            if not gateway.has(channel):
                self.fields[name].disabled = True
                self.fields[name].help_text = "本单位未开通"
        styled(self)

    def choice(self) -> Choice:
        """What was typed, as the verb takes it."""
        facts = dict(self.cleaned_data)
        return Choice(**{**facts, "muted": tuple(facts["muted"])})
