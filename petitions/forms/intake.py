"""The register page's form: one matter, up to five people, numbered points, perhaps an agent, perhaps an answer.

`Registration` holds the three parts together, builds them from what was sent or from a draft, and turns them into
the action's `Intake`. Numbers are checked here (L-CODE-1…3, L-CODE-15); what the law asks is the action's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from casework.actforms import describe_area, describe_unit, resolve_area, resolve_unit, restored
from casework.parties import PartyFacts
from casework.rules import Outcome, Urgency
from casework.widgets import Picked, Typeahead, TypeaheadField, styled
from organisations import clock, identity
from organisations.models import Post
from organisations.roles import Role
from organisations.scope import Scope
from petitions import codes, rules
from petitions.actions import Intake, SpotAnswer
from petitions.forms.widgets import Secret
from petitions.queries import repeats
from petitions.rules.supervision import RECEPTION_CHANNELS

FORM = "petition.register"
RESIDENT_IDS = ("111", "112")
#: Flags a clerk sees and ticks at the counter; the others follow from acts.
COUNTER_FLAGS = ("zdjjbz", "yybz", "lmbz", "sfssbz", "sqbz", "jabz", "sksflbz", "rdwt")
#: Channels that come with a paper of another body: whose, and its number.
FORWARDED_CHANNELS = ("706", "707", "708", "710")
RELATIONS = ("近亲属", "近邻、朋友", "法定代理人", "律师、法律工作者", "单位工作人员", "村（社区）干部", "其他")
MAX_POINTS = 20

TITLE_MAX, STORY_MAX, POINT_MAX = 40, 5000, 300


def describe_topic(code: str) -> str:
    row = codes.CATEGORIES.get(code)
    return f"{row.code}  {codes.category_label(row.code, 2)}" if row else ""


def resolve_topic(text: str) -> str | None:
    code = text.split()[0] if text.split() else ""
    return code if code in codes.CATEGORIES else None


def resolve_leader(text: str) -> int | None:
    """A leader in office today, by key or by name when only one bears it."""
    posts = Post.objects.current(clock.today()).filter(role=Role.LEADER, user__is_active=True)
    found = posts.filter(user=int(text)) if text.isdecimal() and len(text) < 19 else posts.filter(user__name=text)
    people = set(found.values_list("user_id", flat=True)[:2])
    return people.pop() if len(people) == 1 else None


def describe_leader(value: str) -> str:
    posts = Post.objects.current(clock.today()).filter(role=Role.LEADER)
    found = posts.filter(user=int(value)) if value.isdecimal() and len(value) < 19 else posts.none()
    return found.values_list("user__name", flat=True).first() or ""


def blank(choices: list[tuple[str, str]], words: str = "—") -> list[tuple[str, str]]:
    return [("", words), *choices]


#: Choices are given as functions: a form copies its fields for every request, and a function is not copied.
class IntakeForm(forms.Form):
    """The matter itself and how it came in."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(label="信访形式", choices=lambda: codes.CHANNELS.choices, initial="200")
    received_on = forms.DateField(
        label="信访日期",
        input_formats=["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"],
        error_messages={"invalid": "日期看不懂，请写成 2026-03-15、0315、今天。"},
    )
    source = forms.ChoiceField(label="来源层级", choices=lambda: codes.SOURCES.choices, initial="4", required=False)
    source_number = forms.CharField(label="来文编号", max_length=60, required=False)
    headcount = forms.IntegerField(label="来访人数", min_value=1, max_value=9999, initial=1)
    involved_count = forms.IntegerField(label="涉及人数", min_value=1, max_value=999_999, required=False)
    is_anonymous = forms.BooleanField(label="匿名", required=False)
    is_oral = forms.BooleanField(label="口头提出，由我记录", required=False)
    is_read_back = forms.BooleanField(label="已向信访人宣读并核对无误", required=False)
    care_needs = forms.MultipleChoiceField(
        label="需要关照", choices=lambda: codes.CARE_NEEDS.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    internal_note = forms.CharField(label="接待备注", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    has_agent = forms.BooleanField(label="由他人代为提出", required=False)
    agent_name = forms.CharField(label="代理人姓名", max_length=60, required=False)
    agent_id_number = forms.CharField(label="代理人证件号", max_length=30, required=False, widget=Secret("id"))
    agent_phone = forms.CharField(label="代理人电话", max_length=30, required=False, widget=Secret("phone"))
    agent_relation = forms.ChoiceField(label="与信访人关系", choices=lambda: blank([(r, r) for r in RELATIONS], "请选择"), required=False)
    agent_authority = forms.CharField(label="代理权限依据", max_length=120, required=False)

    topic = TypeaheadField(
        label="事项分类",
        resolve=resolve_topic,
        error_messages={"required": "请选择事项分类，可输入编码、拼音首字母或关键字。"},
        widget=Typeahead("petitions:lookup-categories", describe_topic, {"placeholder": "编码、拼音首字母或关键字"}),
    )
    urgency = forms.TypedChoiceField(
        label="紧急程度", choices=lambda: Urgency.choices, coerce=int, initial=0, required=False, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(label="信访目的", choices=lambda: codes.PURPOSES.choices, initial="02")
    title = forms.CharField(label="诉求标题", max_length=TITLE_MAX, error_messages={"required": "请填写诉求标题，一句话说明要解决什么。"})
    story = forms.CharField(
        label="诉求内容",
        max_length=STORY_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "请填写诉求内容：请求、事实、理由。"},
    )
    area = TypeaheadField(
        label="问题发生地",
        resolve=resolve_area,
        error_messages={"required": "请选择问题发生地，可输入拼音首字母，如 jqc。"},
        widget=Typeahead("casework:lookup-areas", describe_area, {"placeholder": "村名或拼音首字母，如 jqc"}),
    )
    place = forms.CharField(label="详细地点", max_length=120, required=False)
    respondent = TypeaheadField(
        label="被反映单位 / 个人",
        resolve=resolve_unit,
        required=False,
        free_text=True,
        widget=Typeahead("casework:lookup-units", describe_unit, {"placeholder": "单位可选，个人直接写", "maxlength": "60"}),
    )
    is_about_centre = forms.BooleanField(label="反映县群众工作中心或其工作人员", required=False)
    flags = forms.MultipleChoiceField(
        label="标志",
        choices=[(code, codes.FLAGS[code].name.removesuffix("标志").removeprefix("是否")) for code in COUNTER_FLAGS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    prior_places = forms.MultipleChoiceField(
        label="此前去过哪里", choices=lambda: codes.PRIOR_PLACES.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    handling = forms.ChoiceField(
        label="处理方式",
        choices=[("route", "登记转分流"), ("answer", "当场答复")],
        initial="route",
        required=False,
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label="答复结果",
        choices=[(o.value, o.label) for o in (Outcome.SOLVED, Outcome.EXPLAINED)],
        initial=Outcome.SOLVED.value,
        required=False,
        widget=forms.RadioSelect,
    )
    answer_text = forms.CharField(label="当场答复的话", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    leader = TypeaheadField(
        label="接访领导",
        resolve=resolve_leader,
        required=False,
        widget=Typeahead("organisations:lookup-people", describe_leader, {"placeholder": "姓名或拼音首字母"}),
    )
    reception_mode = forms.ChoiceField(label="接访方式", choices=lambda: codes.RECEPTION_MODES.choices, required=False)
    reception_place = forms.CharField(label="接访地点", max_length=80, required=False)
    opinion = forms.CharField(label="领导意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    opinion_unit = TypeaheadField(
        label="责任单位",
        resolve=resolve_unit,
        required=False,
        widget=Typeahead("casework:lookup-units", describe_unit, {"placeholder": "名称或拼音首字母"}),
    )
    opinion_due_on = forms.DateField(
        label="办结时限",
        required=False,
        input_formats=["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"],
        error_messages={"invalid": "日期看不懂，请写成 2026-03-15、0315、今天。"},
    )
    repeat_of = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    repeat_reason = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    new_facts = forms.CharField(required=False, max_length=150, widget=forms.HiddenInput)
    merge_into = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    not_repeat = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name in ("title", "source_number", "place", "agent_name", "agent_authority"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["headcount"].widget.attrs.update({"inputmode": "numeric"})
        styled(self)

    def clean_agent_id_number(self) -> str:
        return _identity_number(self.cleaned_data["agent_id_number"])

    def clean_agent_phone(self) -> str:
        return _phone(self.cleaned_data["agent_phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("has_agent"):
            if not data.get("agent_name"):
                self.add_error("agent_name", "请填写代理人姓名。")
            if not data.get("agent_authority"):
                self.add_error("agent_authority", "请写明代理权限依据，如授权委托书、户口簿。")
        if data.get("is_oral") and not data.get("is_read_back"):
            self.add_error("is_read_back", "请向信访人宣读记录，核对后勾选。")
        if data.get("channel") in RECEPTION_CHANNELS:
            for name, words in (("leader", "请选择接访领导。"), ("reception_place", "请写接访地点。"), ("opinion", "请写领导意见。")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        received = data.get("received_on")
        if received and received > clock.today():
            self.add_error("received_on", "信访日期不能晚于今天。")
        if data.get("handling") == "answer" and not (data.get("answer_text") or "").strip():
            self.add_error("answer_text", "请写明当场答复的内容。")
        if data.get("handling") == "answer" and data.get("purpose") in rules.PROTECTED_PURPOSES:
            self.add_error("purpose", "检举控告类事项不能当场答复，请选“登记转分流”。")
        return data


class PersonForm(forms.Form):
    """One petitioner. The first row stands for the matter; up to four more represent a group (L-PET-76)."""

    name = forms.CharField(label="姓名", max_length=60, required=False)
    id_type = forms.ChoiceField(label="证件类型", choices=lambda: codes.ID_TYPES.choices, initial="111", required=False)
    id_number = forms.CharField(label="证件号码", max_length=30, required=False, widget=Secret("id"))
    phone = forms.CharField(label="联系电话", max_length=30, required=False, widget=Secret("phone", {"inputmode": "tel"}))
    sex = forms.ChoiceField(label="性别", choices=lambda: blank(codes.SEXES.choices), required=False)
    born_on = forms.DateField(
        label="出生日期",
        required=False,
        input_formats=["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"],
        widget=forms.DateInput(attrs={"placeholder": "1965-03-15"}),
    )
    nation = forms.ChoiceField(label="民族", choices=lambda: blank(codes.NATIONS.choices), required=False)
    occupation = forms.ChoiceField(label="职业", choices=lambda: blank(codes.OCCUPATIONS.choices), required=False)
    area = TypeaheadField(
        label="现住村（社区）",
        resolve=resolve_area,
        required=False,
        widget=Typeahead("casework:lookup-areas", describe_area, {"placeholder": "村名或拼音首字母"}),
    )
    address = forms.CharField(label="详细地址", max_length=120, required=False)
    carry = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name in ("name", "address"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        styled(self)

    @property
    def is_blank(self) -> bool:
        """Nothing but defaults was typed: the row is not a person."""
        data = getattr(self, "cleaned_data", {})
        return not any(data.get(name) for name in ("name", "id_number", "phone", "address", "area"))

    def clean_name(self) -> str:
        text = self.cleaned_data["name"]
        try:
            return identity.normalise_name(text) if text.strip() else ""
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number = (data.get("id_number") or "").strip()
        if number and data.get("id_type", "111") in ("", *RESIDENT_IDS):
            self._clean_resident_id(data, number)
        elif number:
            data["id_number"] = identity.normalise_id(number)
        return data

    def _clean_resident_id(self, data: dict[str, Any], number: str) -> None:
        """Checksum; birth and sex follow from the number, and what was typed must not contradict it (L-CODE-3)."""
        try:
            parsed = identity.parse_id(number, today=clock.today())
        except identity.IdentityError as error:
            self.add_error("id_number", forms.ValidationError(error.message, code=error.code))
            return
        if data.get("sex") in ("1", "2") and parsed.sex in ("1", "2") and data["sex"] != parsed.sex:
            self.add_error("sex", "与身份证号码上的性别不一致。")
        if data.get("born_on") and data["born_on"] != parsed.born_on:
            self.add_error("born_on", "与身份证号码上的出生日期不一致。")
        data["id_number"], data["sex"], data["born_on"] = parsed.number, data.get("sex") or parsed.sex, parsed.born_on


class PointForm(forms.Form):
    """One numbered demand, and how it was answered when it was answered on the spot."""

    text = forms.CharField(label="诉求", max_length=POINT_MAX, required=False)
    support = forms.ChoiceField(label="处理意见", choices=lambda: codes.REPLY_SUPPORT.choices, required=False)
    result = forms.CharField(label="结果", max_length=2000, required=False)
    ground = forms.CharField(label="依据", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        styled(self)


PeopleFormSet = forms.formset_factory(PersonForm, extra=0, min_num=1, max_num=rules.MAX_REPRESENTATIVES, absolute_max=20, can_delete=True)
PointFormSet = forms.formset_factory(PointForm, extra=0, min_num=1, max_num=MAX_POINTS, absolute_max=60, can_delete=True)


class Registration:
    """The three parts as one. With `data` bound and checked; with `fields` (a draft, a prefill) as first shown."""

    def __init__(self, scope: Scope, *, data: QueryDict | None = None, fields: Mapping[str, list[str]] | None = None, key: uuid.UUID | None = None):
        self.scope = scope
        today = clock.today().isoformat()
        if data is not None:
            self.form = IntakeForm(data)
            self.people = PeopleFormSet(data, prefix="people")
            self.points = PointFormSet(data, prefix="points")
        else:
            held = fields or {}
            self.form = IntakeForm(initial={"received_on": today, **restored(IntakeForm, held, ""), "submission": key or uuid.uuid4()})
            self.people = PeopleFormSet(prefix="people", initial=_rows(PersonForm, held, "people") or [{}])
            self.points = PointFormSet(prefix="points", initial=_rows(PointForm, held, "points") or [{}])
            # min_num already gives one row; what was kept fills the rows from the first on.
            self.people.min_num = self.points.min_num = 0
        self.refusal = ""

    @property
    def key(self) -> Any:
        try:
            return uuid.UUID(str(self.form["submission"].value()))
        except ValueError:
            return uuid.uuid4()

    @property
    def is_protected(self) -> bool:
        return self.form["purpose"].value() in rules.PROTECTED_PURPOSES

    @property
    def handling(self) -> str:
        return self.form["handling"].value() or "route"

    def is_valid(self) -> bool:
        parts = [self.form.is_valid(), self.people.is_valid(), self.points.is_valid()]
        if all(parts):
            parts.append(self._hang_together())
        return all(parts)

    def _hang_together(self) -> bool:
        """What needs more than one part: who there must be, and that answered points are answered."""
        matter, fine = self.form.cleaned_data, True
        if not matter["is_anonymous"]:
            first = self.people.forms[0]
            if not self._persons():
                first.add_error("name", "请填写姓名，或勾选“匿名”。")
                fine = False
            for person in self._persons():
                if not person.cleaned_data["name"]:
                    person.add_error("name", "请填写姓名。")
                    fine = False
            if fine and not (first.cleaned_data.get("area") or first.cleaned_data.get("address")):
                first.add_error("area", "请填写现住村（社区）或详细地址（条例第十九条）。")
                fine = False
        rows = self._point_rows()
        if not rows:
            self.points.forms[0].add_error("text", "请把诉求逐项写明，至少一项。")
            fine = False
        if matter["handling"] == "answer":
            for row in rows:
                for name, words in (("result", "请写明结果。"), ("ground", "请写明依据。")):
                    if not row.cleaned_data[name].strip():
                        row.add_error(name, words)
                        fine = False
        return fine

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """(field id, label, sentence) of everything wrong, in the order of the page."""
        found: list[tuple[str, str, str]] = []
        if not self.form.is_bound:
            return found
        for no, person in enumerate(self.people.forms, start=1):
            found += _errors(person, "" if no == 1 else f"第{no}人 ")
        found += _errors(self.form)
        for no, point in enumerate(self.points.forms, start=1):
            found += _errors(point, f"第{no}项")
        return found + [("", "", str(error)) for formset in (self.people, self.points) for error in formset.non_form_errors()]

    def _persons(self) -> list[PersonForm]:
        return [f for f in self.people.forms if not f.cleaned_data.get("DELETE") and not f.is_blank]

    def _headcount(self) -> int:
        """As many came as are written down, whatever was typed."""
        return max(self.form.cleaned_data["headcount"], len(self._persons()))

    def _point_rows(self) -> list[PointForm]:
        return [f for f in self.points.forms if not f.cleaned_data.get("DELETE") and f.cleaned_data.get("text", "").strip()]

    def intake(self) -> Intake:
        """The action's facts. Call after `is_valid`."""
        matter = self.form.cleaned_data
        respondent: Picked = self.form["respondent"].value()
        return Intake(
            title=matter["title"].strip(),
            story=matter["story"].strip(),
            points=[row.cleaned_data["text"].strip() for row in self._point_rows()],
            channel=matter["channel"],
            purpose=matter["purpose"],
            topic_code=matter["topic"],
            area_id=matter["area"],
            received_on=matter["received_on"],
            people=self._people_facts(),
            source=matter["source"] or "4",
            source_number=matter["source_number"],
            place=matter["place"],
            respondent_unit_id=matter["respondent"],
            respondent_name="" if matter["respondent"] else respondent.text,
            is_about_centre=matter["is_about_centre"],
            headcount=self._headcount(),
            involved_count=matter["involved_count"] or self._headcount(),
            urgency=matter["urgency"] or 0,
            flags=matter["flags"],
            prior_places=matter["prior_places"],
            care_needs=matter["care_needs"],
            internal_note=matter["internal_note"],
            is_anonymous=matter["is_anonymous"],
            is_oral=matter["is_oral"],
            is_read_back=matter["is_read_back"],
            repeat_of=matter["repeat_of"],
            repeat_reason=matter["repeat_reason"],
            new_facts=matter["new_facts"],
            submission=matter["submission"],
            draft=matter["submission"],
        )

    def spot(self) -> SpotAnswer | None:
        """What was answered at the window, if it was."""
        matter = self.form.cleaned_data
        if matter["handling"] != "answer":
            return None
        rows = enumerate(self._point_rows(), start=1)
        results = {no: (r.cleaned_data["support"] or "1", r.cleaned_data["result"].strip(), r.cleaned_data["ground"].strip()) for no, r in rows}
        return SpotAnswer(results=results, text=matter["answer_text"].strip(), outcome=matter["outcome"] or Outcome.SOLVED.value)

    def reception(self) -> dict[str, Any] | None:
        """What a leader's reception holds beside the matter, when that is how it came in (L-CLS-43)."""
        matter = self.form.cleaned_data
        if matter["channel"] not in RECEPTION_CHANNELS:
            return None
        return {
            "leader_id": matter["leader"],
            "mode": matter["reception_mode"] or next(iter(codes.RECEPTION_MODES)),
            "on": matter["received_on"],
            "place": matter["reception_place"],
            "opinion": matter["opinion"].strip(),
            "unit_id": matter["opinion_unit"],
            "due_on": matter["opinion_due_on"],
        }

    @property
    def merge_into(self) -> str:
        return self.form.cleaned_data["merge_into"]

    def _people_facts(self) -> list[PartyFacts]:
        matter = self.form.cleaned_data
        if matter["is_anonymous"]:
            return []
        persons = self._persons()
        position = "representative" if len(persons) > 1 and self._headcount() >= rules.GROUP_FROM else "petitioner"
        people = [self._facts(person.cleaned_data, position) for person in persons]
        if matter["has_agent"]:
            people.append(
                PartyFacts(
                    position="agent",
                    name=matter["agent_name"].strip(),
                    id_type="111" if matter["agent_id_number"] else "",
                    id_number=matter["agent_id_number"],
                    phone=matter["agent_phone"],
                    relation=matter["agent_relation"],
                    authority=matter["agent_authority"].strip(),
                )
            )
        return people

    def _facts(self, person: dict[str, Any], position: str) -> PartyFacts:
        id_number, phone = person["id_number"], person["phone"]
        if person["carry"] and not (id_number and phone):
            earlier = repeats.earlier_person(person["carry"], person["name"], self.scope)
            if earlier is not None:
                number, telephone = repeats.numbers_of(earlier)
                id_number, phone = id_number or number, phone or telephone
        return PartyFacts(
            position=position,
            name=person["name"],
            sex=person["sex"],
            born_on=person["born_on"],
            nation=person["nation"],
            occupation=person["occupation"],
            id_type=(person["id_type"] or "111") if id_number else "",
            id_number=id_number,
            phone=phone,
            area_id=person["area"],
            address=person["address"].strip(),
        )


def _identity_number(text: str) -> str:
    try:
        return identity.parse_id(text, today=clock.today()).number if text.strip() else ""
    except identity.IdentityError as error:
        raise forms.ValidationError(error.message, code=error.code) from error


def _phone(text: str) -> str:
    try:
        return identity.normalise_phone(text) if text.strip() else ""
    except identity.IdentityError as error:
        raise forms.ValidationError(error.message, code=error.code) from error


def _errors(form: forms.Form, before: str = "") -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if form.is_bound and form.data.get(form.add_prefix("DELETE")):
        return found
    for name, errors in form.errors.items():
        field = form[name] if name in form.fields else None
        found.append((field.id_for_label if field else "", before + str(field.label if field else ""), str(errors[0])))
    return found


def _rows(form: type[forms.Form], held: Mapping[str, list[str]], prefix: str) -> list[dict[str, Any]]:
    total = (held.get(f"{prefix}-TOTAL_FORMS") or ["0"])[0]
    numbers = range(min(int(total), 60)) if total.isdecimal() and len(total) < 9 else range(0)
    kept = [n for n in numbers if not any(held.get(f"{prefix}-{n}-DELETE", []))]
    return [restored(form, held, f"{prefix}-{n}-") for n in kept]
