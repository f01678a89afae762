"""Wrong input is told with the form that is expected, at every field without a sentence of its own."""

from __future__ import annotations

import re

import pytest
from django import forms

#: What Django ships.
SHIPPED = re.compile("有效的|字段|确保|输入整数|输入一个|表单的编码|ManagementForm|Null")


class Everything(forms.Form):
    count = forms.IntegerField(max_value=9)
    rate = forms.DecimalField(max_digits=4, decimal_places=1)
    day = forms.DateField()
    hour = forms.TimeField()
    moment = forms.DateTimeField()
    kind = forms.ChoiceField(choices=[("1", "一")])
    kinds = forms.MultipleChoiceField(choices=[("1", "一")])
    key = forms.UUIDField()
    email = forms.EmailField()
    code = forms.RegexField(r"^\d{8}$")
    words = forms.CharField(max_length=3)
    proof = forms.FileField()


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("count", "十二", "请填写整数，例如 12。"),
        ("count", "10", "不能大于 9。"),
        ("rate", "半", "请填写数字，例如 12.5。"),
        ("rate", "1.25", "小数最多 1 位。"),
        ("day", "2026-13-01", "日期看不懂，请写成 2026-03-15。"),
        ("hour", "25点", "时间看不懂，请写成 09:30。"),
        ("moment", "昨天", "时间看不懂，请写成 2026-03-15 09:30。"),
        ("kind", "7", "没有“7”这一项，请重新选择。"),
        ("kinds", "7", "没有“7”这一项，请重新选择。"),
        ("key", "abc", "这一页已过期，请刷新后再试。"),
        ("email", "张三", "电子邮箱看不懂，请写成 zhangsan@example.cn。"),
        ("code", "12", "格式不对，请照提示重新填写。"),
        ("words", "一二三四", "最多写 3 字，现在是 4 字。"),
        ("words", "一\x00", "含有不能保存的字符，请重新填写。"),
        ("words", "", "请填写这一项。"),
    ],
)
def test_a_field_says_what_to_write(name, typed, said):
    errors = Everything({name: [typed] if name == "kinds" else typed}).errors
    assert [str(error) for error in errors[name]] == [said]


def _subclasses(of: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    return {found for one in of.__subclasses__() for found in {one, *_subclasses(one)}}


def test_no_form_of_ours_has_a_sentence_of_djangos(client):
    """Every form the addresses know, in every message a field can give."""
    client.get("/")
    ours = [form for form in _subclasses(forms.BaseForm) if not form.__module__.startswith(("django.", "tests."))]
    assert len(ours) > 50
    for form in ours:
        for name, field in form.base_fields.items():
            for code, sentence in field.error_messages.items():
                assert not SHIPPED.search(str(sentence)), (form, name, code, sentence)
