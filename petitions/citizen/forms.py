"""The public forms: shape only. What may be done is the actions'; who may come in is the entrance's."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from casework.parties import PartyFacts
from casework.public import PlaceField, PublicForm, plainly
from organisations import clock, directory, identity
from petitions import codes
from petitions.actions import Intake
from petitions.citizen.rules import PURPOSES, TEXT_CODE_DIGITS, WORDS_MAX
from petitions.rules import PROTECTED_PURPOSES

MAX_POINTS, POINT_MAX, TITLE_MAX, STORY_MAX = 10, 300, 40, 5000
#: Rows for demands that stand ready without a script.
ROWS = 3


class QueryForm(PublicForm):
    """Number, code, last four. Wrong in whichever of them reads the same."""

    number = forms.CharField(label="编号", max_length=40, error_messages={"required": "请填写回执上的编号。"})
    code = forms.CharField(label="查询码", max_length=20, error_messages={"required": "请填写回执上的查询码，8位。"})
    digits = forms.CharField(label="手机号后四位", max_length=8, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["number"], inputmode="text", placeholder="如 370685-2026-000123")
        plainly(self.fields["code"], placeholder="如 7K4M-29PD")
        plainly(self.fields["digits"], inputmode="text", placeholder="如 2046")


class TextCodeForm(PublicForm):
    """Who lost the receipt: the number, and the telephone given at registration."""

    number = forms.CharField(label="编号", max_length=40, error_messages={"required": "请填写编号。"})
    phone = forms.CharField(label="登记时留的手机号", max_length=20, error_messages={"required": "请填写登记时留的手机号。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["number"])
        self.fields["phone"].widget.attrs.update({"inputmode": "tel", "autocomplete": "tel-national"})


class EnterCodeForm(PublicForm):
    code = forms.CharField(label=f"短信里的{TEXT_CODE_DIGITS}位数字", max_length=12, error_messages={"required": "请填写短信里的数字。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})


class OnceForm(PublicForm):
    """A form that is acted on once, however often it is sent."""

    form = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "请刷新页面后再试。", "invalid": "请刷新页面后再试。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].initial = self.fields["form"].initial or uuid4()


class RatingForm(OnceForm):
    office = forms.ChoiceField(
        label="对信访部门",
        choices=codes.SATISFACTION_LEVELS.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择对信访部门的评价。"},
    )
    unit = forms.ChoiceField(
        label="对责任单位",
        choices=codes.SATISFACTION_LEVELS.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择对责任单位的评价。"},
    )
    cause = forms.ChoiceField(
        label="不满意的，主要是",
        choices=[("", "请选择（满意的不用选）"), *codes.DISSATISFACTION_CAUSES.choices],
        required=False,
    )
    reason = forms.CharField(label="想说的话", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, has_unit: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_unit:
            del self.fields["unit"]


class MaterialForm(OnceForm):
    words = forms.CharField(label="说明", max_length=WORDS_MAX, required=False, widget=forms.Textarea(attrs={"rows": 4}))


class UrgeForm(OnceForm):
    words = forms.CharField(label="想说的话", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class DissentForm(OnceForm):
    words = forms.CharField(
        label="您的意见",
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写明哪里不对、您的意见是什么。"},
    )


class ReviewForm(OnceForm):
    request = forms.CharField(
        label="您的请求",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明要求怎样处理。"},
    )
    grounds = forms.CharField(
        label="理由",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写明为什么不服。"},
    )
    late_reason = forms.CharField(label="超过期限的原因", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, is_late: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_late:
            self.fields["late_reason"].required = True
            self.fields["late_reason"].error_messages["required"] = "已经超过申请期限，请写明正当理由。"
        else:
            del self.fields["late_reason"]


class SubmitForm(PublicForm):
    """One matter brought online: the same facts and the same numbered demands as at the counter (L-PET-30)."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    effort = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    effort_answer = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    purpose = forms.ChoiceField(
        label="您要",
        choices=[(code, words) for code, words, _ in PURPOSES],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择您要办什么。"},
    )
    is_anonymous = forms.BooleanField(label="我要匿名提出", required=False)
    name = forms.CharField(label="姓名", max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label="手机号", max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"})
    )
    id_number = forms.CharField(label="身份证号码", max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    address = forms.CharField(label="现住址", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "street-address"}))
    headcount = forms.IntegerField(
        label="一共几个人反映", min_value=1, max_value=9999, initial=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )

    title = forms.CharField(label="一句话说是什么事", max_length=TITLE_MAX, error_messages={"required": "请用一句话写是什么事。"})
    topic = forms.ChoiceField(
        label="哪方面的事",
        choices=[(codes.UNCLEAR, "不清楚，由工作人员归类"), *((row.code, row.name) for row in codes.TOP_CATEGORIES)],
        initial=codes.UNCLEAR,
        required=False,
    )
    area = PlaceField(
        label="事情发生在", error_messages={"required": "请选择事情发生在哪个村（社区）。", "invalid_choice": "请选择事情发生在哪个村（社区）。"}
    )
    place = forms.CharField(label="详细地点", max_length=120, required=False)
    respondent = forms.CharField(label="反映哪个单位或者谁", max_length=60, required=False)
    is_about_centre = forms.BooleanField(
        label="反映的是县群众工作中心或其工作人员", help_text="打了勾的，交纪检监察机关，县群众工作中心的人员看不到。", required=False
    )
    story = forms.CharField(
        label="事情经过",
        max_length=STORY_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请写明事情的经过：什么时候、在哪里、谁、怎么了，以前找过谁。"},
    )
    is_new_facts = forms.BooleanField(label="这是另一件事，或者有新的情况", required=False)
    has_read = forms.BooleanField(label="我已经看过上面的个人信息处理告知", error_messages={"required": "请先看个人信息处理告知，再打勾。"})
    is_true = forms.BooleanField(
        label="我对所写内容的真实性负责，不捏造、歪曲事实，不诬告陷害他人", error_messages={"required": "请确认后打勾（条例第十九条）。"}
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.points = self._typed_points(data)

    @staticmethod
    def _typed_points(data: QueryDict | None) -> list[str]:
        """The rows as typed, empty ones too, so that nothing jumps when the form comes back."""
        typed = [text[:POINT_MAX] for text in data.getlist("points")[:MAX_POINTS]] if data is not None else []
        return [*typed, *[""] * (ROWS - len(typed))]

    @property
    def wanted(self) -> list[str]:
        return [text.strip() for text in self.points if text.strip()]

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        try:
            return identity.normalise_phone(text) if text else ""
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean_name(self) -> str:
        text = self.cleaned_data["name"].strip()
        try:
            return identity.normalise_name(text) if text else ""
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean_id_number(self) -> str:
        text = self.cleaned_data["id_number"].strip()
        try:
            return identity.parse_id(text, today=clock.today()).number if text else ""
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("is_anonymous"):
            for name, words in (
                ("name", "请填写姓名，或者勾选“匿名”。"),
                ("phone", "请填写手机号，告知和答复要用。"),
                ("address", "请填写现住址（条例第十九条）。"),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        if not self.wanted:
            self.add_error(None, "请把您的诉求一项一项写明，至少一项。")
        return data

    @property
    def is_protected(self) -> bool:
        return self["purpose"].value() in PROTECTED_PURPOSES

    def intake(self, submission: UUID) -> Intake:
        """The action's facts. Call after `is_valid`. Who asks to be anonymous is kept nowhere."""
        data = self.cleaned_data
        people = () if data["is_anonymous"] else (self._person(data),)
        unit_id = _unit_named(data["respondent"])
        return Intake(
            title=data["title"].strip(),
            story=data["story"].strip(),
            points=self.wanted,
            channel="300",
            purpose=data["purpose"],
            topic_code=data["topic"] or codes.UNCLEAR,
            area_id=data["area"],
            received_on=clock.today(),
            people=people,
            place=data["place"].strip(),
            respondent_unit_id=unit_id,
            respondent_name="" if unit_id else data["respondent"].strip(),
            is_about_centre=data["is_about_centre"],
            headcount=data["headcount"],
            involved_count=data["headcount"],
            is_anonymous=data["is_anonymous"],
            submission=submission,
        )

    @staticmethod
    def _person(data: dict[str, Any]) -> PartyFacts:
        number = data["id_number"]
        known = identity.parse_id(number, today=clock.today()) if number else None
        return PartyFacts(
            position="petitioner",
            name=data["name"],
            sex=known.sex if known else "",
            born_on=known.born_on if known else None,
            id_type="111" if known else "",
            id_number=number,
            phone=data["phone"],
            address=data["address"].strip(),
        )


def _unit_named(text: str) -> int | None:
    """The unit of exactly that name, so that nobody of it learns of a complaint about it."""
    name = text.strip()
    return next((unit.id for unit in directory.current().units.values() if name and name in (unit.name, unit.short_name)), None)
