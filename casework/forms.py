"""What people type around their work: the name of a view, the columns of the list, an administrator's settings."""

from __future__ import annotations

import re

from django import forms

from casework import gateway, kinds
from casework.limits import Terms
from casework.models import Limit, Outgoing
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


# -- the system administrator's settings ------------------------------------------------------------------------------------------------


class _Dressed(forms.Form):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        styled(self)


class HolidayFileForm(_Dressed):
    """A file with the days of one or more years; it is read and compared before anything is changed."""

    file = forms.FileField(label="文件", help_text="本系统的 CSV（date、kind、name_zh 三列），或 holiday-cn 的 JSON")


class BringInForm(_Dressed):
    """The table as it was looked at, with the reason."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=100_000)
    reason = forms.CharField(label="依据", max_length=200, help_text="如：国办发明电〔2026〕×号，国务院办公厅关于 2027 年部分节假日安排的通知")


class OwnDayForm(_Dressed):
    """A closing day of the county's own, or a weekend day it works."""

    day = forms.DateField(label="日期")
    is_off = forms.TypedChoiceField(label="安排", choices=[("1", "放假（停止办公）"), ("0", "上班")], coerce=lambda value: value == "1")
    name = forms.CharField(label="名称", max_length=40, help_text="如：机关搬迁停止办公、民族节日")
    reason = forms.CharField(label="依据", max_length=200)


class GroundForm(_Dressed):
    """Why something is taken back."""

    reason = forms.CharField(label="原因", max_length=200)


def _time(label: str, initial: str) -> forms.TimeField:
    return forms.TimeField(label=label, initial=initial, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class HoursForm(_Dressed):
    """Office hours from a day on."""

    valid_from = forms.DateField(label="自何日起")
    morning_from = _time("上午上班", "08:30")
    morning_until = _time("上午下班", "12:00")
    afternoon_from = _time("下午上班", "14:00")
    afternoon_until = _time("下午下班", "17:30")


class TermsForm(_Dressed):
    """A new version of a limit."""

    n = forms.IntegerField(label="长度", required=False, help_text="“按交办要求”的期限不填")
    unit = forms.ChoiceField(label="单位", choices=Limit.Unit.choices)
    roll = forms.ChoiceField(label="末日逢休息日", choices=[("none", "不顺延（机关的期限）"), ("forward", "顺延到下一工作日（群众的权利）")])
    max_extension = forms.IntegerField(label="最长延期", required=False, help_text="与期限同一单位；依法不能延期的留空")
    warn_days = forms.CharField(label="提醒日", required=False, max_length=80, help_text="到期前的天数，如 15、7、3、1、0；最早的一天起亮黄灯")
    cites = forms.CharField(label="依据", max_length=120)
    is_verified = forms.BooleanField(label="县里已经核定", required=False)
    valid_from = forms.DateField(label="自何日起施行", help_text="今天或以后；以前开始的案件仍按旧版本")
    reason = forms.CharField(label="修改原因", max_length=200)

    def clean_warn_days(self) -> tuple[int, ...]:
        given = [part for part in re.split(r"[、,，;；\s]+", self.cleaned_data["warn_days"].strip()) if part]
        if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in given):
            raise forms.ValidationError("提醒日只写天数，用顿号分开，如 15、7、3。")
        return tuple(int(part) for part in given)

    def terms(self) -> Terms:
        """What was typed, as the verb takes it."""
        return Terms(**{name: self.cleaned_data[name] for name in ("n", "unit", "roll", "warn_days", "max_extension", "cites", "is_verified")})

    @staticmethod
    def of(limit: Limit) -> dict[str, object]:
        """The form's beginning: the terms of the version that holds."""
        names = ("n", "unit", "roll", "max_extension", "cites", "is_verified")
        return {**{name: getattr(limit, name) for name in names}, "warn_days": "、".join(map(str, limit.warn_days))}
