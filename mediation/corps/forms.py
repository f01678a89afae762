"""What a person types for the corps, checked for shape. Whether it may be done is the action's affair."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from casework.actforms import day, prose
from casework.widgets import Typeahead, TypeaheadField, styled
from mediation import codes
from mediation.corps import norms, queries, rules, scope
from mediation.corps.actions.appointments import Facts, Term
from mediation.corps.actions.duty_log import Done, Position
from mediation.corps.actions.joint import Meeting
from mediation.corps.actions.lessons import Lesson
from mediation.corps.photos import MAX_BYTES
from mediation.models import Activity, Appointment, CorpsRules, Duty, Mediator, Training
from organisations import clock, directory, identity
from organisations.forms.fields import person_field
from organisations.rules import SENSIBLE_DAYS
from organisations.scope import Scope


def describe_area(held: str) -> str:
    place = directory.current().areas.get(int(held)) if held.isdecimal() and len(held) < 19 else None
    return place.path_name if place else ""


def resolve_village(words: str) -> int | None:
    places = directory.current().areas
    if words.isdecimal() and len(words) < 19:
        return int(words) if int(words) in places else None
    return next((place.id for place in places.values() if words in (place.path_name, place.code)), None)


class Plain(forms.Form):
    """Dressed, labels without colons."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)


def sensible_day(label: str, **options: Any) -> forms.DateField:
    """A day of this age: nothing can be reckoned from one of the year 1 or 9999."""
    field = day(label, **options)
    field.validators = [*field.validators, *SENSIBLE_DAYS]
    return field


def units_field(by: Scope, label: str, kinds: frozenset[str] | None = None) -> forms.TypedChoiceField:
    """A choice among the units whose corps the scope keeps."""
    choices = [(unit.id, unit.short_name) for unit in scope.kept_units(by) if kinds is None or unit.kind in kinds]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, error_messages={"required": f"请选择{label}。"})


# -- people -----------------------------------------------------------------------------------------------------------------------------------


class FactsForm(Plain):
    """A person of the corps."""

    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    sex = forms.ChoiceField(label="性别", choices=Mediator.Sex.choices)
    born_year = forms.IntegerField(
        label="出生年份", required=False, min_value=1900, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    id_number = forms.CharField(label="证件号码", max_length=30, required=False, help_text="加密保存；用来回避：当事人就是调解员本人时不会被推荐")
    phone = forms.CharField(label="联系电话", max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    kind = forms.ChoiceField(label="类别", choices=Mediator.Kind.choices)
    area = TypeaheadField(
        label="所在村（社区）",
        resolve=resolve_village,
        required=False,
        widget=Typeahead("casework:lookup-areas", describe_area, {"placeholder": "村名或拼音首字母"}),
    )
    user = person_field("关联账号", required=False, help_text="有登录账号的填，本人可在手机上自己登记履职")
    specialities = forms.MultipleChoiceField(label="擅长纠纷", choices=codes.TYPES.choices, required=False, widget=forms.CheckboxSelectMultiple)
    languages = forms.CharField(label="语言、方言", max_length=60, required=False)
    notes = forms.CharField(label="备注", max_length=300, required=False)
    is_civil_servant = forms.BooleanField(label="公职人员（不领案件补贴）", required=False)

    def clean_name(self) -> str:
        return _checked(identity.normalise_name, self.cleaned_data["name"])

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        return _checked(identity.normalise_phone, text) if text.strip() else ""

    def clean_id_number(self) -> str:
        text = self.cleaned_data["id_number"]
        return _checked(lambda typed: identity.parse_id(typed, today=clock.today()).number, text) if text.strip() else ""

    def facts(self, unit_id: int) -> Facts:
        data = self.cleaned_data
        return Facts(
            name=data["name"],
            sex=data["sex"],
            kind=data["kind"],
            unit_id=unit_id,
            born_year=data["born_year"],
            area_id=data["area"],
            id_number=data["id_number"],
            phone=data["phone"],
            specialities=tuple(data["specialities"]),
            languages=data["languages"],
            notes=data["notes"],
            is_civil_servant=data["is_civil_servant"],
            user_id=data["user"],
        )


def _checked(parse: Any, text: str) -> str:
    try:
        return str(parse(text))
    except identity.IdentityError as error:
        raise forms.ValidationError(error.message, code=error.code) from error


class TermForm(Plain):
    """A term of office with its contract."""

    way = forms.ChoiceField(label="产生方式", choices=Appointment.Way.choices)
    from_on = sensible_day("任期起")
    until_on = sensible_day("任期止", required=False, help_text="不填按一届满任期计")
    decided_by = forms.CharField(label="推选（决定）单位", max_length=80, error_messages={"required": "请写明由谁推选或决定。"})
    contract_number = forms.CharField(label="聘书（合同）编号", max_length=40, required=False)
    contract_from = sensible_day("合同起", required=False)
    contract_until = sensible_day("合同止", required=False)

    def term(self) -> Term:
        data = self.cleaned_data
        from_on = data["from_on"]
        return Term(
            way=data["way"],
            from_on=from_on,
            until_on=data["until_on"] or rules.usual_end(from_on, norms.on(from_on).term_years),
            decided_by=data["decided_by"],
            contract_number=data["contract_number"],
            contract_from=data["contract_from"],
            contract_until=data["contract_until"],
        )


class EnterForm(FactsForm, TermForm):
    """A new person: who they are, and their first term."""

    grade = forms.ChoiceField(label="等级", choices=Mediator.Grade.choices, required=False)

    def __init__(self, *args: Any, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = units_field(by, "所在单位")
        styled(self)


class ActForm(Plain):
    """A form of the person's page: made from the page it stands on, and who asks."""

    def __init__(self, *args: Any, held: queries.PersonPage, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        self.by = by
        self.prepare()
        styled(self)

    def prepare(self) -> None:
        """Fill choices and first values from the page."""

    def arguments(self) -> dict[str, Any]:
        """What the action takes beside the person and who asks."""
        return dict(self.cleaned_data)


class AmendForm(ActForm, FactsForm):
    words = forms.CharField(label="修改原因", max_length=200, error_messages={"required": "请写明修改原因。"})

    def prepare(self) -> None:
        person = self.held.mediator
        self.initial = {
            "name": person.name,
            "sex": person.sex,
            "born_year": person.born_year,
            "kind": person.kind,
            "area": person.area_id or "",
            "user": person.user_id or "",
            "specialities": person.specialities,
            "languages": person.languages,
            "notes": person.notes,
            "is_civil_servant": person.is_civil_servant,
            **self.initial,
        }
        for name, held in (("id_number", person.id_masked), ("phone", person.phone_masked)):
            self.fields[name].widget.attrs["placeholder"] = f"{held}（不改不填）" if held else ""

    def arguments(self) -> dict[str, Any]:
        return {"facts": self.facts(self.held.mediator.unit_id), "words": self.cleaned_data["words"]}


class RenewForm(ActForm, TermForm):
    def prepare(self) -> None:
        newest = self.held.terms[0] if self.held.terms else None
        self.initial = {"way": newest.way if newest else "", "decided_by": newest.decided_by if newest else "", **self.initial}

    def arguments(self) -> dict[str, Any]:
        return {"term": self.term()}


class PromoteForm(RenewForm):
    words = prose("选拔（调任）理由", rows=3, longest=300)

    def prepare(self) -> None:
        super().prepare()
        kinds = frozenset(str(kind) for kind in rules.RUNGS)
        self.fields["unit"] = units_field(self.by, "新单位", kinds)
        self.order_fields(["unit"])

    def arguments(self) -> dict[str, Any]:
        return {"unit_id": self.cleaned_data["unit"], "term": self.term(), "words": self.cleaned_data["words"]}


class GradeForm(ActForm):
    grade = forms.ChoiceField(label="评定等级", choices=Mediator.Grade.choices, required=False)
    on = sensible_day("评定日期")
    decided_by = forms.CharField(label="评定单位", max_length=80, error_messages={"required": "请写评定单位。"})
    words = forms.CharField(label="依据", max_length=300, error_messages={"required": "请写评定依据。"})


class EndForm(ActForm):
    on = sensible_day("离任日期", help_text="自这一天起不再任职")
    reason = forms.ChoiceField(label="离任原因", choices=[choice for choice in Appointment.End.choices if choice[0]])
    words = prose("说明", rows=3, longest=300)


class ConsentForm(ActForm):
    hours = forms.CharField(
        label="网上服务时间", max_length=80, help_text="如：周一至周五 9:00—11:00", error_messages={"required": "请填写网上服务时间。"}
    )
    said = forms.BooleanField(label="已取得本人同意公开姓名、擅长纠纷和服务时间", error_messages={"required": "须经本人同意。"})

    def arguments(self) -> dict[str, Any]:
        return {"hours": self.cleaned_data["hours"]}


class SureForm(ActForm):
    """Nothing to type: one button."""


# -- committees and households ------------------------------------------------------------------------------------------------------------------


class CommitteeForm(Plain):
    name = forms.CharField(label="调委会名称", max_length=80, error_messages={"required": "请填写名称。"})
    on = day("设立日期")


class SeatForm(Plain):
    mediator = forms.TypedChoiceField(label="队员", coerce=int)
    post = forms.ChoiceField(label="职务", choices=[("member", "委员"), ("chair", "主任")])
    on = sensible_day("当选日期")

    def __init__(self, *args: Any, candidates: list[Mediator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator"].choices = [(person.pk, f"{person.name}（{person.unit.short_name}）") for person in candidates]  # type: ignore[attr-defined]


class DayForm(Plain):
    on = sensible_day("日期")


class HouseholdsForm(Plain):
    area = forms.IntegerField(widget=forms.HiddenInput)
    n = forms.IntegerField(label="户数", min_value=1, max_value=100_000)
    on = sensible_day("统计日期")


# -- training -----------------------------------------------------------------------------------------------------------------------------------


class TrainingForm(Plain):
    """What was held, and who came for how long: one box of names, one number for all of them."""

    kind = forms.ChoiceField(label="类型", choices=Training.Kind.choices)
    name = forms.CharField(label="主题", max_length=80, error_messages={"required": "请填写主题。"})
    on = sensible_day("日期")
    days = forms.DecimalField(label="天数", min_value=rules.LEAST_DAYS, max_value=30, max_digits=3, decimal_places=1, initial=1)
    place = forms.CharField(label="地点", max_length=80, error_messages={"required": "请填写地点。"})
    teacher = forms.CharField(label="主讲（承办法官、案件）", max_length=80, required=False)
    came = forms.TypedMultipleChoiceField(
        label="参加人员", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选参加的人员。"}
    )
    partly = forms.TypedMultipleChoiceField(label="只到半程", coerce=int, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(person.pk, f"{person.name} · {person.unit.short_name}") for person in queries.loggable(by)]
        self.fields["unit"] = units_field(by, "组织单位")
        self.fields["came"].choices = people  # type: ignore[attr-defined]
        self.fields["partly"].choices = people  # type: ignore[attr-defined]
        styled(self)

    def lesson(self) -> Lesson:
        data = self.cleaned_data
        half = (data["days"] / 2).quantize(Decimal("0.1"))
        return Lesson(
            kind=data["kind"],
            name=data["name"],
            on=data["on"],
            days=data["days"],
            place=data["place"],
            teacher=data["teacher"],
            unit_id=data["unit"],
            attended={person: half if person in data["partly"] else data["days"] for person in data["came"]},
        )


# -- duties -------------------------------------------------------------------------------------------------------------------------------------


class DutyForm(Plain):
    """Check in now, or write down what was done on a day; a position only when the page offers it."""

    mediator = forms.TypedChoiceField(label="履职人", coerce=int)
    kind = forms.ChoiceField(label="履职内容", choices=Duty.Kind.choices, widget=forms.RadioSelect)
    place = forms.CharField(label="地点", max_length=80, error_messages={"required": "请填写地点。"})
    on = sensible_day("日期", required=False, help_text="现在签到的不填")
    came = forms.TimeField(
        label="到达时间", required=False, input_formats=["%H:%M", "%H%M"], widget=forms.TimeInput(attrs={"placeholder": "如 0900"}, format="%H:%M")
    )
    left = forms.TimeField(
        label="离开时间", required=False, input_formats=["%H:%M", "%H%M"], widget=forms.TimeInput(attrs={"placeholder": "如 1030"}, format="%H:%M")
    )
    words = forms.CharField(label="情况", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    people_count = forms.IntegerField(label="参加（服务）人数", min_value=1, max_value=100_000, required=False)
    case_number = forms.CharField(label="有关纠纷编号", max_length=30, required=False)
    photo = forms.FileField(
        label="照片",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment", "data-max-mib": MAX_BYTES // 2**20}),
        help_text="照片里的定位信息会自动去掉",
    )
    latitude = forms.DecimalField(max_digits=8, decimal_places=5, min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    longitude = forms.DecimalField(max_digits=8, decimal_places=5, min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)
    accuracy = forms.IntegerField(min_value=0, max_value=100_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[Mediator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator"].choices = [(person.pk, f"{person.name}（{person.unit.short_name}）") for person in people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("on") and not data.get("came"):
            self.add_error("came", "补记的请填到达时间。")
        return data

    def done(self) -> Done:
        data = self.cleaned_data
        on = data["on"] or clock.today()
        came_at = _moment(on, data["came"]) if data["came"] else clock.now()
        return Done(
            kind=data["kind"],
            came_at=came_at,
            left_at=_moment(on, data["left"]) if data["left"] else None,
            place=data["place"],
            words=data["words"],
            people_count=data["people_count"],
            case_number=data["case_number"].strip(),
            photo=data["photo"],
            position=self._position(),
        )

    def _position(self) -> Position | None:
        found = [self.cleaned_data.get(name) for name in ("latitude", "longitude", "accuracy")]
        return None if None in found else Position(*found)  # type: ignore[arg-type]


def _moment(on: date, at: Any) -> datetime:
    return timezone.make_aware(datetime.combine(on, at))


class WordsForm(Plain):
    words = forms.CharField(label="说明", max_length=200, required=False)


# -- joint activities ---------------------------------------------------------------------------------------------------------------------------


class ActivityForm(Plain):
    kind = forms.ChoiceField(label="类型", choices=Activity.Kind.choices)
    on = sensible_day("日期")
    place = forms.CharField(label="地点", max_length=80, error_messages={"required": "请填写地点。"})
    partner = forms.CharField(
        label="联动单位", max_length=80, help_text="如：阜山司法所、玲珑法庭、镇纪委", error_messages={"required": "请填写联动单位。"}
    )
    participants = forms.CharField(label="参加人员", max_length=200, error_messages={"required": "请填写参加人员。"})
    people_count = forms.IntegerField(label="人数", min_value=1, max_value=100_000, required=False)
    outcome = prose("情况和结果", rows=4, longest=1000)

    def __init__(self, *args: Any, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = units_field(by, "承办单位")
        styled(self)

    def meeting(self) -> Meeting:
        data = self.cleaned_data
        return Meeting(
            data["kind"], data["unit"], data["on"], data["place"], data["partner"], data["participants"], data["outcome"], data["people_count"]
        )


# -- the county's measures ------------------------------------------------------------------------------------------------------------------------

#: The fields of a version that the administrator sets.
MEASURES = (
    "small_village",
    "small_village_people",
    "large_village_people",
    "area_station_people",
    "town_people",
    "committee_least",
    "committee_most",
    "term_years",
    "training_days",
    "keeps_duties",
    "takes_positions",
    "bureau",
)


class RulesForm(forms.ModelForm):
    """A new version of the county's measures."""

    valid_from = sensible_day("自何日起施行")
    reason = forms.CharField(label="修改原因", max_length=200, error_messages={"required": "请写明修改原因。"})

    class Meta:
        model = CorpsRules
        fields = MEASURES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        held = self.fields["bureau"]
        held.queryset = held.queryset.filter(kind="department", active_until=None)  # type: ignore[attr-defined]
        styled(self)

    def _post_clean(self) -> None:
        """Judged by the action: the form only reads what was typed."""

    def measures(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in MEASURES}
