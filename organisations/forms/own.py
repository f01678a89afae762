"""Sign-in, password, second factor, appearance."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from organisations import shortcuts
from organisations.widgets import styled


class SignInForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请输入登录名。"},
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请输入密码。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="动态口令",
        max_length=7,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": ""}),
        error_messages={"required": "请输入手机上显示的 6 位数字。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def clean_code(self) -> str:
        digits = re.sub(r"\s", "", self.cleaned_data["code"])
        if not re.fullmatch(r"\d{6}", digits):
            raise forms.ValidationError("动态口令是 6 位数字。")
        return digits


class PasswordForm(forms.Form):
    old = forms.CharField(label="原密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 12 位，含小写字母、大写字母、数字、符号中的三类；不与姓名、登录名、手机号相近；不是最近 5 次用过的。",
    )
    again = forms.CharField(label="再输入一次新密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", "两次输入的新密码不一致。")
        return cleaned


class RemoveFactorForm(forms.Form):
    password = forms.CharField(label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(label="颜色", choices=[("light", "浅色"), ("dark", "深色")], required=False)
    density = forms.ChoiceField(label="行高", choices=[("compact", "紧凑"), ("normal", "适中"), ("cozy", "宽松")], required=False)
    single_keys = forms.ChoiceField(label="单键快捷键", choices=[("on", "开"), ("off", "关")], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def changes(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if "single_keys" in given:
            given["single_keys"] = given["single_keys"] == "on"
        return given


class KeysForm(forms.Form):
    """The keyboard map, a field for each command. An empty field means the standard key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for command in shortcuts.COMMANDS:
            attrs = {"data-key-field": "", "autocomplete": "off", "spellcheck": "false", "aria-label": f"{command.label}的按键"}
            self.fields[command.code] = forms.CharField(label=command.label, max_length=20, required=False, widget=forms.TextInput(attrs=attrs))
        styled(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        keys = {command.code: shortcuts.spelled(cleaned.get(command.code, "")) or command.standard for command in shortcuts.COMMANDS}
        for code, sentence in shortcuts.problems(keys).items():
            self.add_error(code, sentence)
        return keys

    def rows(self) -> list[tuple[str, str, forms.BoundField]]:
        """Label, standard key, field."""
        return [(command.label, shortcuts.shown(command.standard), self[command.code]) for command in shortcuts.COMMANDS]
