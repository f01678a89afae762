"""What a form says of wrong input, wherever it has no sentence of its own: one clear sentence with the expected form.

Django's shipped Chinese («输入一个有效的日期。») tells a clerk that something is wrong, not what to write instead.
"""

from __future__ import annotations

from django import forms
from django.core import validators

DAY = "日期看不懂，请写成 2026-03-15。"
MOMENT = "时间看不懂，请写成 2026-03-15 09:30。"
_STALE = "这一页已过期，请刷新后再试。"
_NO_SUCH = "没有“%(value)s”这一项，请重新选择。"

FIELDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "请填写这一项。"},
    forms.IntegerField: {"invalid": "请填写整数，例如 12。"},
    forms.FloatField: {"invalid": "请填写数字，例如 12.5。"},
    forms.DecimalField: {"invalid": "请填写数字，例如 12.5。"},
    forms.DateField: {"invalid": DAY},
    forms.TimeField: {"invalid": "时间看不懂，请写成 09:30。"},
    forms.DateTimeField: {"invalid": MOMENT},
    forms.ChoiceField: {"invalid_choice": _NO_SUCH},
    forms.MultipleChoiceField: {"invalid_choice": _NO_SUCH, "invalid_list": "请重新勾选。"},
    forms.ModelChoiceField: {"invalid_choice": "没有这一项，请重新选择。"},
    forms.ModelMultipleChoiceField: {"invalid_choice": "没有这一项，请重新选择。", "invalid_list": "请重新勾选。", "invalid_pk_value": _NO_SUCH},
    forms.UUIDField: {"invalid": _STALE},
    forms.FileField: {
        "invalid": "文件没有传上来，请重新选择。",
        "missing": "文件没有传上来，请重新选择。",
        "empty": "这是空文件，请重新选择。",
        "max_length": "文件名最多 %(max)d 字，请改短后再传。",
    },
}
VALIDATORS: dict[type, str] = {
    validators.RegexValidator: "格式不对，请照提示重新填写。",
    validators.EmailValidator: "电子邮箱看不懂，请写成 zhangsan@example.cn。",
    validators.MinValueValidator: "不能小于 %(limit_value)s。",
    validators.MaxValueValidator: "不能大于 %(limit_value)s。",
    validators.MinLengthValidator: "至少写 %(limit_value)d 字，现在是 %(show_value)d 字。",
    validators.MaxLengthValidator: "最多写 %(limit_value)d 字，现在是 %(show_value)d 字。",
    validators.ProhibitNullCharactersValidator: "含有不能保存的字符，请重新填写。",
}
DIGITS = {"max_digits": "最多 %(max)s 位数字。", "max_decimal_places": "小数最多 %(max)s 位。", "max_whole_digits": "整数部分最多 %(max)s 位。"}


def put() -> None:
    """Put our words in the place of Django's own, before any form is made (`apps.ready`)."""
    for field, words in FIELDS.items():
        field.default_error_messages = {**field.default_error_messages, **words}
    for validator, sentence in VALIDATORS.items():
        setattr(validator, "message", sentence)  # noqa: B010 (the classes declare a lazy translation)
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **DIGITS}
    forms.BaseFormSet.default_error_messages = {**forms.BaseFormSet.default_error_messages, "missing_management_form": _STALE}
