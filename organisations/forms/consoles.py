"""What the three administrators type."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from organisations import clock, identity
from organisations.forms.fields import person_field, place_field, unit_field, villages
from organisations.models import AccessEntry, Unit, User
from organisations.queries.access_log import Sought
from organisations.roles import CHOICES
from organisations.rules import SENSIBLE_DAYS
from organisations.widgets import styled


class _Dressed(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class PersonForm(_Dressed):
    name = forms.CharField(label="姓名", max_length=30)
    staff_number = forms.CharField(label="工号", max_length=20, required=False)
    phone = forms.CharField(label="手机", max_length=20, required=False)

    def clean_name(self) -> str:
        try:
            return identity.normalise_name(self.cleaned_data["name"])
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message) from error

    def clean_phone(self) -> str:
        if not self.cleaned_data["phone"]:
            return ""
        try:
            return identity.normalise_phone(self.cleaned_data["phone"])
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message) from error


class AccountForm(PersonForm):
    username = forms.CharField(label="登录名", max_length=30, help_text="3 到 30 个字符：小写字母开头，可含数字、点、横线。以后不能改。")
    field_order = ("username", "name", "staff_number", "phone")

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).strip().lower()
        if not re.fullmatch(r"[a-z][a-z0-9._-]{2,29}", name):
            raise forms.ValidationError("登录名须以小写字母开头，3 到 30 个字符，只用字母、数字、点和横线。")
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("这个登录名已有人使用，请另取一个。")
        return name


class GroundForm(_Dressed):
    ground = forms.CharField(label="原因", max_length=200)


class UnitForm(_Dressed):
    name = forms.CharField(label="全称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=40, help_text="列表和文书里显示的名字")
    area_id = place_field("属地", required=False, help_text="中心、工作站、村（社区）工作室须选定；企业工作室选所在的村（社区）或镇（街）；部门不选")
    villages = forms.TypedMultipleChoiceField(
        label="所辖村（片区站）",
        required=False,
        coerce=int,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="只有片区站需要；一个村只能属于一个片区站。按住 Ctrl 可多选。",
    )
    is_resident = forms.BooleanField(label="入驻大厅", required=False)
    contact = forms.CharField(label="联系人", max_length=40, required=False)
    phone = forms.CharField(label="联系电话", max_length=20, required=False)
    address = forms.CharField(label="地址", max_length=120, required=False)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["villages"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = villages()

    def clean_credit_code(self) -> str:
        if not self.cleaned_data["credit_code"]:
            return ""
        try:
            return identity.parse_uscc(self.cleaned_data["credit_code"])
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message) from error

    def facts(self) -> dict[str, Any]:
        """As the unit acts take them."""
        given = dict(self.cleaned_data)
        given["village_ids"] = given.pop("villages")
        return given


class NewUnitForm(UnitForm):
    kind = forms.ChoiceField(label="类型", choices=[choice for choice in Unit.Kind.choices if choice[0] != Unit.Kind.CENTRE])
    parent_id = unit_field("上级单位")
    field_order = ("kind", "parent_id", "name", "short_name", "area_id", "villages")


class MoveForm(_Dressed):
    parent_id = unit_field("移到哪个单位之下")


class CloseForm(_Dressed):
    successor_id = unit_field("承接单位", required=False, help_text="职责由谁承接；没有可不填")


class PostForm(_Dressed):
    user_id = person_field("人员")
    unit_id = unit_field("单位")
    role = forms.ChoiceField(label="岗位", choices=CHOICES)
    title = forms.CharField(label="职务", max_length=40, required=False)
    from_on = forms.DateField(label="任职起", initial=clock.today)
    until_on = forms.DateField(label="任职止", required=False, help_text="不填为长期")


class EndPostForm(_Dressed):
    until_on = forms.DateField(label="任职到哪天（含当天）", initial=clock.today)
    ground = forms.CharField(label="原因", max_length=200)


class PolicyForm(_Dressed):
    second_factor = forms.BooleanField(label="登录须动态口令", required=False)
    idle_minutes = forms.IntegerField(
        label="无操作多少分钟退出", min_value=5, max_value=30, required=False, help_text="5 到 30；不填按 30 分钟。窗口岗位建议 10 分钟。"
    )


class PostSearchForm(_Dressed):
    q = forms.CharField(label="人员", required=False)
    unit = unit_field("单位", required=False)
    role = forms.ChoiceField(label="岗位", choices=[("", "全部岗位"), *CHOICES], required=False)
    ended = forms.BooleanField(label="看已结束的", required=False)


class LogSearchForm(_Dressed):
    user_id = person_field("人员", required=False)
    event = forms.ChoiceField(label="事件", choices=[("", "全部事件"), *AccessEntry.Event.choices], required=False)
    words = forms.CharField(label="对象", max_length=60, required=False)
    from_on = forms.DateField(label="从", required=False, validators=SENSIBLE_DAYS)
    until_on = forms.DateField(label="到", required=False, validators=SENSIBLE_DAYS)
    result = forms.ChoiceField(label="结果", choices=[("", "全部"), ("ok", "成功"), ("bad", "失败")], required=False)

    def sought(self) -> Sought:
        return Sought(**self.cleaned_data)
