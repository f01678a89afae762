"""What is typed in the room, on both sides. Shape only."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils import timezone

from casework.actforms import prose
from casework.public import PlaceField, PublicForm, plainly
from casework.widgets import styled
from mediation.chamber import entrance, queries, rules
from mediation.chamber.actions import Aid, Matter
from mediation.chamber.rules import Ground, Meeting, Verdict, Way
from mediation.forms.intake import Registration
from mediation.models import Conversation, Mediator
from organisations import clock, identity


class EnterForm(PublicForm):
    """Number and code. Wrong in whichever of them reads the same."""

    number = forms.CharField(label="编号", max_length=40, error_messages={"required": "请填写编号。"})
    code = forms.CharField(label="查询码", max_length=24, error_messages={"required": f"请填写查询码，{entrance.CODE_LENGTH}位。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["number"], placeholder="如 TS370685-2026-000123")
        plainly(self.fields["code"])


class _WhoForm(PublicForm):
    """Who asks and about what; the same for a talk and for legal aid."""

    submission = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "请刷新页面后再试。", "invalid": "请刷新页面后再试。"})
    effort = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    effort_answer = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    name = forms.CharField(
        label="您的姓名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}), error_messages={"required": "请填写姓名。"}
    )
    phone = forms.CharField(
        label="手机号",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"}),
        error_messages={"required": "请填写手机号，方便联系您。"},
    )
    area = PlaceField(
        label="事情发生在", error_messages={"required": "请选择事情发生在哪个村（社区）。", "invalid_choice": "请选择事情发生在哪个村（社区）。"}
    )
    place = forms.CharField(label="详细地点", max_length=120, required=False)
    what = forms.CharField(
        label="是什么事",
        max_length=rules.WHAT_MAX,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "请写明是什么事。", "min_length": "请写清楚是什么事，至少5个字。"},
    )
    has_read = forms.BooleanField(label="我已经看过上面的个人信息处理告知", error_messages={"required": "请先看个人信息处理告知，再打勾。"})

    def clean_phone(self) -> str:
        try:
            return identity.normalise_phone(self.cleaned_data["phone"])
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean_name(self) -> str:
        try:
            return identity.normalise_name(self.cleaned_data["name"])
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def key(self, browser: str) -> UUID:
        """The form's key with the browser it was given to: the same form from another browser is another matter."""
        return uuid5(self.cleaned_data["submission"], browser)

    def code(self, browser: str) -> str:
        return entrance.code_of(self.cleaned_data["submission"], browser)

    def _facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"name": data["name"], "phone": data["phone"], "area_id": data["area"], "place": data["place"].strip(), "what": data["what"].strip()}


class AskForm(_WhoForm):
    """A matter for one mediator or up to three."""

    mediators = forms.TypedMultipleChoiceField(
        label="请谁调解",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择调解员。", "invalid_choice": "选的调解员现在不在网上接待，请重新选择。"},
    )
    way = forms.ChoiceField(
        label="怎样谈",
        choices=[
            (Way.TALK, "在网上留言，事情简单的"),
            (Way.VISIT, "约时间当面谈，事情复杂的"),
        ],
        initial=Way.TALK,
        widget=forms.RadioSelect,
    )
    field_order = ("mediators", "way")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediators"].choices = queries.choices()  # type: ignore[attr-defined]

    def clean_mediators(self) -> list[int]:
        chosen = list(dict.fromkeys(self.cleaned_data["mediators"]))
        if len(chosen) > rules.MOST_MEDIATORS:
            raise forms.ValidationError(f"最多选{rules.MOST_MEDIATORS}名调解员。")
        return chosen

    def matter(self) -> Matter:
        return Matter(**self._facts(), way=self.cleaned_data["way"], mediator_ids=self.cleaned_data["mediators"])


class AidForm(_WhoForm):
    """申请法律援助 (法律援助法§41, §42)."""

    ground = forms.ChoiceField(label="申请理由", choices=Ground.choices, widget=forms.RadioSelect, error_messages={"required": "请选择申请理由。"})
    income = forms.CharField(
        label="家庭收入情况",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明家里几口人、靠什么收入。"},
    )

    def matter(self) -> Matter:
        data = self.cleaned_data
        return Matter(**self._facts(), way=Way.AID, aid=Aid(data["ground"], data["income"].strip()))


class SayForm(PublicForm):
    """One message: words, or photos and papers, or both. What the files are is the act's to judge."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "请刷新页面后再试。", "invalid": "请刷新页面后再试。"})
    text = forms.CharField(
        label="想说的话",
        max_length=rules.MESSAGE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"一次最多{rules.MESSAGE_MAX}个字。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4()


class SlotForm(PublicForm):
    """One half hour out of those shown: mediator and moment."""

    slot = forms.RegexField(r"^\d{1,12}\|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$", label="时间", error_messages={"required": "请选择一个时间。"})

    def clean_slot(self) -> tuple[int, datetime]:
        mediator, moment = self.cleaned_data["slot"].split("|")
        try:
            return int(mediator), timezone.make_aware(datetime.fromisoformat(moment))
        except ValueError as error:
            raise forms.ValidationError("请选择一个时间。") from error


class WordsForm(forms.Form):
    """A reason, or nothing."""

    words = prose("原因", rows=2, longest=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)


class MeetingForm(WordsForm):
    state = forms.ChoiceField(choices=[(code, Meeting(code).label) for code in (Meeting.KEPT, Meeting.MISSED, Meeting.OFF)])


class VerdictForm(WordsForm):
    verdict = forms.ChoiceField(choices=[(code, Verdict(code).label) for code in (Verdict.GRANTED, Verdict.REFUSED)])


class HoursForm(forms.Form):
    """A mediator's week: the days, a morning and an afternoon."""

    mediator = forms.TypedChoiceField(label="调解员", coerce=int)
    weekdays = forms.TypedMultipleChoiceField(
        label="哪几天", coerce=int, choices=list(enumerate(rules.WEEKDAYS)), widget=forms.CheckboxSelectMultiple, required=False
    )
    morning_from = forms.TimeField(label="上午从", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    morning_until = forms.TimeField(label="到", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    afternoon_from = forms.TimeField(label="下午从", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    afternoon_until = forms.TimeField(label="到", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, people: list[Mediator], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["mediator"].choices = [(person.pk, f"{person.name}（{person.unit.short_name}）") for person in people]  # type: ignore[attr-defined]
        styled(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for part in ("morning", "afternoon"):
            start, end = data.get(f"{part}_from"), data.get(f"{part}_until")
            if (start is None) != (end is None):
                self.add_error(f"{part}_until", "起止时间都要填，或者都不填。")
            elif start is not None and end is not None and end <= start:
                self.add_error(f"{part}_until", "结束时间要晚于开始时间。")
        first_end, second_start = data.get("morning_until"), data.get("afternoon_from")
        if first_end and second_start and second_start < first_end:
            self.add_error("afternoon_from", "下午的时间不能和上午重叠。")
        return data

    def spans(self) -> list[tuple[time, time]]:
        data = self.cleaned_data
        return [(data[f"{part}_from"], data[f"{part}_until"]) for part in ("morning", "afternoon") if data[f"{part}_from"] is not None]


def hours_of(person: Mediator) -> dict[str, Any]:
    """The form's beginning: what holds now, or mornings of Tuesday and Thursday as a proposal."""
    blocks = [held.block for held in queries.hours_of(person)]
    day = [(block.start, block.end) for block in blocks if block.weekday == blocks[0].weekday] if blocks else [(time(9), time(11))]
    later = day[1] if len(day) > 1 else (None, None)
    return {
        "mediator": person.pk,
        "weekdays": sorted({block.weekday for block in blocks}) or [1, 3],
        "morning_from": day[0][0],
        "morning_until": day[0][1],
        "afternoon_from": later[0],
        "afternoon_until": later[1],
    }


def registration(row: Conversation, phone: str) -> Registration:
    """The dispute's own form, filled with what the person wrote; every word can be changed."""
    page = Registration()
    page.form.initial.update(
        {
            "title": f"{row.name}反映的{row.what.splitlines()[0]}"[:60],
            "area": str(row.area_id),
            "place": row.place,
            "source": "1",
            "received_on": timezone.localdate(row.opened_at),
            "story": row.what,
        }
    )
    page.people.forms[0].initial.update({"name": row.name, "phone": phone, "area": str(row.area_id)})
    return page


def fresh() -> dict[str, Any]:
    return {"submission": uuid4(), "today": clock.today()}
