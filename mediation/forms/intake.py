"""The registration of a dispute: the matter and the people on its sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms

from casework.actforms import day, describe_area, prose, resolve_area, restored
from casework.parties import PartyFacts
from casework.widgets import Typeahead, TypeaheadField, styled
from mediation import codes
from mediation.actions.intake import Intake, SidePerson
from mediation.models import Side
from organisations import clock, identity

#: The name its drafts are kept under.
FORM = "dispute.register"
#: Rows for people: two that must be, four more for groups and agents.
ROWS = 6
#: On which side each row stands as the page opens.
LETTERS = ("a", "b", "a", "b", "c", "c")


class PersonForm(forms.Form):
    """A party or the agent of one."""

    letter = forms.ChoiceField(label="方", choices=Side.Letter.choices)
    name = forms.CharField(label="姓名（名称）", max_length=60, required=False)
    is_organisation = forms.BooleanField(label="单位", required=False)
    sex = forms.ChoiceField(label="性别", choices=[("", "—"), ("1", "男"), ("2", "女")], required=False)
    id_number = forms.CharField(label="证件号码", max_length=30, required=False)
    phone = forms.CharField(label="联系电话", max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    area = TypeaheadField(
        label="住所地",
        resolve=resolve_area,
        required=False,
        widget=Typeahead("casework:lookup-areas", describe_area, {"placeholder": "村名或拼音首字母"}),
    )
    address = forms.CharField(label="详细地址", max_length=120, required=False)
    is_agent = forms.BooleanField(label="是代理人", required=False)
    is_representative = forms.BooleanField(label="推选的代表", required=False)
    authority = forms.CharField(label="授权依据", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name in ("name", "address"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        styled(self)

    @property
    def is_blank(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        return not any(data.get(name) for name in ("name", "id_number", "phone", "address"))

    def clean_name(self) -> str:
        text = self.cleaned_data["name"].strip()
        if not text or self.data.get(self.add_prefix("is_organisation")):
            return text
        try:
            return identity.normalise_name(text)
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        try:
            return identity.normalise_phone(text) if text.strip() else ""
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number = (data.get("id_number") or "").strip()
        if number and not data.get("is_organisation"):
            try:
                parsed = identity.parse_id(number, today=clock.today())
            except identity.IdentityError as error:
                self.add_error("id_number", forms.ValidationError(error.message, code=error.code))
                return data
            data["id_number"], data["sex"], data["born_on"] = parsed.number, data.get("sex") or parsed.sex, parsed.born_on
        if not self.is_blank and not data.get("name"):
            self.add_error("name", "请填写姓名（名称）。")
        if data.get("is_agent") and not data.get("authority"):
            self.add_error("authority", "代理人须写明授权依据。")
        return data

    def person(self) -> SidePerson:
        data = self.cleaned_data
        facts = PartyFacts(
            position="",
            name=data["name"],
            is_organisation=data["is_organisation"],
            sex=data["sex"],
            born_on=data.get("born_on"),
            id_type="111" if data["id_number"] and not data["is_organisation"] else "",
            id_number=data["id_number"],
            phone=data["phone"],
            area_id=data["area"],
            address=data["address"].strip(),
            authority=data["authority"].strip(),
        )
        return SidePerson(data["letter"], facts, is_agent=data["is_agent"], is_representative=data["is_representative"])


PeopleForms = forms.formset_factory(PersonForm, extra=0, min_num=ROWS, max_num=ROWS, absolute_max=ROWS)


class MatterForm(forms.Form):
    """The dispute itself."""

    title = forms.CharField(label="标题", max_length=80, error_messages={"required": "请用一句话写明是什么纠纷。"})
    type_code = forms.ChoiceField(
        label="纠纷类型", choices=lambda: [("", "请选择"), *codes.TYPES.choices], error_messages={"required": "请选择纠纷类型。"}
    )
    source = forms.ChoiceField(label="案件来源", choices=lambda: codes.SOURCES.choices)
    area = TypeaheadField(
        label="发生地",
        resolve=resolve_area,
        widget=Typeahead("casework:lookup-areas", describe_area, {"placeholder": "村名或拼音首字母"}),
        error_messages={"required": "请选择纠纷发生的村（社区）。"},
    )
    place = forms.CharField(label="详细地点", max_length=120, required=False)
    happened_on = day("发生日期", required=False)
    received_on = day("申请（发现）日期")
    difficulty = forms.ChoiceField(label="难易程度", choices=lambda: codes.DIFFICULTIES.choices, initial="2")
    scale = forms.ChoiceField(label="事件规模", choices=lambda: codes.SCALES.choices)
    amount = forms.DecimalField(label="涉及金额（元）", required=False, max_digits=14, decimal_places=2, min_value=0)
    people_count = forms.IntegerField(label="涉及人数", min_value=2, max_value=100_000, initial=2)
    story = prose("纠纷简要情况", rows=6, longest=5000)
    demand = prose("申请事项", required=False, rows=2, longest=1000, help_text="申请方要求什么。")
    is_willing = forms.BooleanField(label="双方都愿意调解", required=False)
    at_own_level = forms.BooleanField(label="当事人直接向本级申请", required=False, help_text="不勾选的，由村（社区）群众工作室先行调处。")
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)


class Registration:
    """The whole page: matter and people, valid together. With `data` bound and checked; with `fields` (a draft) as it was left.

    `area_id` is where it happened, as a rule, while nothing is chosen yet.
    """

    def __init__(
        self, data: Any = None, *, fields: Mapping[str, list[str]] | None = None, key: UUID | None = None, area_id: int | None = None
    ) -> None:
        held = fields or {}
        if data is None:
            fresh = {"received_on": clock.today(), "difficulty": "2", "people_count": 2, "area": str(area_id or "")}
            self.form = MatterForm(initial={**fresh, **restored(MatterForm, held, ""), "submission": key or uuid4()})
            rows = [{"letter": letter, **restored(PersonForm, held, f"people-{no}-")} for no, letter in enumerate(LETTERS)]
            self.people = PeopleForms(prefix="people", initial=rows)
        else:
            self.form, self.people = MatterForm(data), PeopleForms(data, prefix="people")
        self.refusal = ""

    @property
    def key(self) -> UUID:
        """Under which its draft is kept, and the submission of the dispute it becomes."""
        try:
            return UUID(str(self.form["submission"].value()))
        except ValueError:
            return uuid4()

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.people.is_valid()])

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) in the order of the page, for the summary."""
        found = [(self.form[name].id_for_label, str(errors[0])) for name, errors in self.form.errors.items() if name in self.form.fields]
        for no, row in enumerate(self.people.forms, start=1):
            found += [(row[name].id_for_label, f"第{no}人：{errors[0]}") for name, errors in row.errors.items() if name in row.fields]
        return found

    def intake(self) -> Intake:
        """The action's facts. Call after `is_valid`."""
        data = self.form.cleaned_data
        return Intake(
            title=data["title"].strip(),
            story=data["story"].strip(),
            type_code=data["type_code"],
            area_id=data["area"],
            received_on=data["received_on"],
            people=[row.person() for row in self.people.forms if not row.is_blank],
            source=data["source"],
            difficulty=data["difficulty"],
            scale=data["scale"],
            demand=data["demand"].strip(),
            place=data["place"].strip(),
            happened_on=data["happened_on"],
            amount=data["amount"],
            people_count=data["people_count"],
            is_willing=data["is_willing"],
            at_own_level=data["at_own_level"],
            submission=data["submission"],
            draft=data["submission"],
        )
