"""What a person types to keep a text for an act (常用语)."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.widgets import Typeahead, TypeaheadField, styled
from petitions import codes
from petitions.forms.intake import describe_topic, resolve_topic
from petitions.rules import STEPS, citations


def act_choices() -> list[tuple[str, str]]:
    """The acts in whose forms words are written, in the order of the procedure."""
    return [(code, step.label) for code, step in STEPS.items() if code not in ("sign", "sign_task", "confirm_task", "retract", "take_back")]


class TextForm(forms.Form):
    """A text with its blanks; the owner is chosen once and stays."""

    owner = forms.ChoiceField(label="给谁用")
    act = forms.ChoiceField(label="用于", error_messages={"required": "请选择用于哪一步。"})
    topic_code = TypeaheadField(
        label="只用于分类",
        resolve=resolve_topic,
        required=False,
        widget=Typeahead("petitions:lookup-categories", describe_topic, {"placeholder": "不填就是所有分类"}),
    )
    name = forms.CharField(label="名称", max_length=40, help_text="选用时输入名称的拼音首字母就能找到。", error_messages={"required": "请写名称。"})
    text = forms.CharField(
        label="内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="要填的地方写成 {要填的内容}，如 {金额}；用的时候按 Tab 逐个填写，没填完不能提交。",
        error_messages={"required": "请写内容。", "max_length": "内容最多 2000 字。"},
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        self.fields["act"].choices = [("", "—"), *act_choices()]  # type: ignore[attr-defined]
        styled(self)

    def clean_topic_code(self) -> str:
        """A whole class is kept by its leading characters, so that its branches are meant too."""
        code = str(self.cleaned_data.get("topic_code") or "")
        return code[: 2 * codes.CATEGORIES[code].level] if code else ""

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        wrong = citations.unknown_articles(text)
        if wrong:
            raise forms.ValidationError(f"没有这一条：{'、'.join(wrong)}。请核对条款。", code="no_article")
        return text
