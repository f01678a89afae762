"""Forms of mediation itself: notice of rights, challenge, talks, positions, agreement, performance, the end without one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from casework import gateway
from casework.actforms import day, prose, split_names
from casework.widgets import styled
from mediation import codes
from mediation.actions.agreements import MOST_ITEMS, Owed
from mediation.actions.talks import MOST_POINTS, Called, Said, Signed
from mediation.forms.acts.form import ActForm
from mediation.forms.acts.ladder import moment
from mediation.models import AgreementItem, Challenge, Position, Session, SessionCall, Side, SignWay
from mediation.queries.dispute import CasePage, people_choices
from mediation.rules.talks import BREACH_ROUTES, MOST_DAYS, ORAL, WRITTEN
from organisations import clock

#: Rows of an agreement that stand in the form without JavaScript; the page adds more.
EMPTY_ITEMS = 2


def money(label: str, *, required: bool = False, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        max_digits=14,
        decimal_places=2,
        min_value=0,
        help_text=help_text,
        error_messages={"invalid": "请填写数字，如 12000 或 12000.50。", "max_decimal_places": "最多写到分（两位小数）。"},
    )


def letters_in(held: CasePage) -> list[str]:
    """The sides this dispute has, in order."""
    return sorted({side.letter for side in held.sides})


def side_choices(held: CasePage) -> list[tuple[str, str]]:
    """«甲方 陈桂兰»: each side by the names of its parties."""
    people = {person.pk: person.name for person in held.people}
    found = []
    for letter in letters_in(held):
        names = "、".join(people[s.party_id] for s in held.sides if s.letter == letter and not s.is_agent and s.party_id in people)
        found.append((letter, f"{Side.Letter(letter).label} {names}"))
    return found


def points_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class SignersForm(ActForm):
    """A form that asks, for each side that still owes its name, who signed and how."""

    way = forms.ChoiceField(label="签名方式", choices=SignWay.choices, initial=SignWay.SIGNED)

    def asked(self) -> Sequence[str]:
        """Of which sides a name is asked."""
        return letters_in(self.held)

    def prepare(self) -> None:
        people = {person.pk: person.name for person in self.held.people}
        for letter in self.asked():
            own = [
                (side.party_id, f"{people[side.party_id]}{'（代理人）' if side.is_agent else ''}")
                for side in self.held.sides
                if side.letter == letter and side.party_id in people
            ]
            # Nobody stands as having signed until the clerk says who did: a name set beforehand would be sent unread.
            self.fields[f"signer_{letter}"] = forms.TypedChoiceField(
                label=f"{Side.Letter(letter).label}签名人", coerce=int, empty_value=None, required=False, choices=[("", "还没有签"), *own]
            )

    def signed(self) -> list[Signed]:
        data = self.cleaned_data
        found = (data.get(f"signer_{letter}") for letter in self.asked())
        return [Signed(party_id, data["way"]) for party_id in found if party_id]

    def signers(self) -> list[forms.BoundField]:
        return [self[f"signer_{letter}"] for letter in self.asked()]

    def plain(self) -> dict[str, Any]:
        """What was typed beside the names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "way" and not name.startswith("signer_")}


class InformForm(SignersForm):
    on = day("签收日期")

    def asked(self) -> Sequence[str]:
        told = {row.letter for row in self.held.informed}
        return [letter for letter in letters_in(self.held) if letter not in told]

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today()}

    def arguments(self) -> dict[str, Any]:
        return {**self.plain(), "signed": self.signed()}


class ChallengeForm(ActForm):
    mediating_id = forms.TypedChoiceField(label="调解员", coerce=int)
    letter = forms.ChoiceField(label="提出的一方")
    ground = forms.ChoiceField(label="理由", choices=Challenge.Ground.choices)
    words = prose("情况", rows=3)
    raised_on = day("提出日期")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"raised_on": clock.today()}

    def prepare(self) -> None:
        self.fields["mediating_id"].choices = [(row.pk, row.name) for row in self.held.mediating]  # type: ignore[attr-defined]
        self.fields["letter"].choices = side_choices(self.held)  # type: ignore[attr-defined]


class DecideChallengeForm(ActForm):
    is_upheld = forms.TypedChoiceField(
        label="决定", coerce=lambda value: value == "1", choices=[("1", "应当回避，另行确定调解员"), ("0", "不需要回避")], widget=forms.RadioSelect
    )
    words = prose("决定的理由", rows=3)


class KindForm(ActForm):
    """What a talk planned and a talk held share."""

    kind = forms.ChoiceField(label="方式", choices=Session.Kind.choices)
    letter = forms.ChoiceField(label="分别谈话的一方", required=False)

    def prepare(self) -> None:
        self.fields["letter"].choices = [("", "—"), *side_choices(self.held)]  # type: ignore[attr-defined]

    def place_before(self) -> str:
        """Where they met last, or the room of the unit."""
        return next((row.place for row in reversed(self.held.sessions)), "调解室")


class PlanSessionForm(KindForm):
    planned_at = moment("约定时间")
    place = forms.CharField(label="地点", max_length=80)
    is_closed = forms.BooleanField(label="当事人要求不公开", required=False)
    invited = forms.CharField(label="另外邀请的人", max_length=300, required=False, help_text="如：村主任、司法所、亲友；须经各方同意（调解法§20）。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        tomorrow = timezone.localtime(clock.now()).replace(hour=9, minute=30, second=0, microsecond=0) + timedelta(days=1)
        return {"planned_at": tomorrow}

    def prepare(self) -> None:
        super().prepare()
        self.fields["place"].initial = self.place_before()
        people = {person.pk: person for person in self.held.people}
        for side in self.held.sides:
            person = people.get(side.party_id)
            if person is not None:
                label = f"怎样通知{Side.Letter(side.letter).label} {person.name}{'（代理人）' if side.is_agent else ''}"
                self.fields[f"called_{side.party_id}"] = forms.ChoiceField(
                    label=label, required=False, choices=_call_ways(has_phone=bool(person.phone_token))
                )

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        ways = {name: found.pop(name) for name in list(found) if name.startswith("called_")}
        return {**found, "called": [Called(int(name.removeprefix("called_")), way) for name, way in ways.items() if way]}


def _call_ways(*, has_phone: bool) -> list[tuple[str, str]]:
    """How somebody can be told: by message only where there is a number and a way out."""
    way = SessionCall.Way
    offered = [way.PHONE, way.FACE, way.PAPER, *([way.SMS] if has_phone and gateway.has("sms") else [])]
    return [("", "由同一方的其他人转告"), *((str(one), "已" + one.label if one in (way.PHONE, way.FACE) else one.label) for one in offered)]


class HoldSessionForm(KindForm):
    keeps_draft = True
    began_at = moment("开始时间")
    ended_at = moment("结束时间")
    place = forms.CharField(label="地点", max_length=80)
    is_closed = forms.BooleanField(label="当事人要求不公开", required=False)
    present = forms.TypedMultipleChoiceField(
        label="到场的当事人和代理人", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选到场的人。"}
    )
    mediator_ids = forms.TypedMultipleChoiceField(
        label="调解员", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选调解员。"}
    )
    recorder = forms.CharField(label="记录人", max_length=60, required=False, help_text="不填就是您。")
    guests = forms.CharField(label="其他参加人", max_length=200, required=False, help_text="亲友、邻居、专家等，用顿号分开。")
    is_agreed_to_guests = forms.BooleanField(label="各方同意其他人参加", required=False)
    minutes = prose("调解经过", rows=6, longest=5000)
    gist = prose("要点（结果）", rows=2, longest=500, help_text="一两句话，列表里显示。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        now = timezone.localtime(clock.now()).replace(second=0, microsecond=0)
        found: dict[str, Any] = {"began_at": now - timedelta(hours=1), "ended_at": now}
        planned = held.planned
        if planned is not None:
            found |= {"kind": planned.kind, "letter": planned.letter, "place": planned.place, "is_closed": planned.is_closed}
        return found

    def prepare(self) -> None:
        super().prepare()
        self.fields["place"].initial = self.place_before()
        self.fields["present"].choices = people_choices(self.held)  # type: ignore[attr-defined]
        self.fields["mediator_ids"].choices = [(row.pk, f"{row.name}（{row.get_part_display()}）") for row in self.held.mediating]  # type: ignore[attr-defined]
        self.fields["mediator_ids"].initial = [row.pk for row in self.held.mediating]
        for letter in letters_in(self.held):
            name = Side.Letter(letter).label
            self.fields[f"points_{letter}"] = prose(
                f"{name}意见", required=False, rows=3, longest=1000, help_text=f"一行一条，最多 {MOST_POINTS} 条。"
            )
            self.fields[f"wants_{letter}"] = forms.ChoiceField(label=f"{name}金额", choices=[("", "不涉及"), *Position.Wants.choices], required=False)
            self.fields[f"amount_{letter}"] = money(f"{name}数额（元）")

    def sides(self) -> list[tuple[forms.BoundField, ...]]:
        """Points, kind and sum of each side, for the page."""
        return [tuple(self[f"{name}_{letter}"] for name in ("points", "wants", "amount")) for letter in letters_in(self.held)]

    def said(self) -> list[Said]:
        data = self.cleaned_data
        return [
            Said(letter, points_of(data[f"points_{letter}"]), data[f"wants_{letter}"], data[f"amount_{letter}"]) for letter in letters_in(self.held)
        ]

    def arguments(self) -> dict[str, Any]:
        found = {name: value for name, value in self.cleaned_data.items() if name.split("_")[0] not in ("points", "wants", "amount")}
        return {**found, "guests": split_names(found["guests"]), "said": self.said()}


class RecordPositionForm(ActForm):
    letter = forms.ChoiceField(label="哪一方")
    points = prose("意见", required=False, rows=4, longest=1000, help_text=f"一行一条，最多 {MOST_POINTS} 条。")
    wants = forms.ChoiceField(label="金额", choices=[("", "不涉及"), *Position.Wants.choices], required=False)
    amount = money("数额（元）")

    def prepare(self) -> None:
        self.fields["letter"].choices = side_choices(self.held)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"version": data["version"], "said": Said(data["letter"], points_of(data["points"]), data["wants"], data["amount"])}


class ItemRow(forms.Form):
    """One thing owed between the sides this dispute has. A row without content is no row."""

    kind = forms.ChoiceField(label="种类", choices=AgreementItem.Kind.choices)
    debtor = forms.ChoiceField(label="由谁履行", initial="b")
    creditor = forms.ChoiceField(label="向谁履行", initial="a")
    what = forms.CharField(label="内容", max_length=300, required=False)
    amount = money("金额（元）")
    due_on = day("履行期限", required=False)
    way = forms.CharField(label="方式", max_length=80, required=False)

    def __init__(self, *args: Any, letters: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("debtor", "creditor"):
            self.fields[name].choices = [(letter, Side.Letter(letter).label) for letter in letters]  # type: ignore[attr-defined]
        styled(self)

    def is_filled(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("what", "amount", "due_on"))

    def clean(self) -> dict[str, Any]:
        if self.is_filled():
            for name, sentence in (("what", "请写履行的内容。"), ("due_on", "请写履行期限。")):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return self.cleaned_data

    def owed(self) -> Owed:
        data = self.cleaned_data
        return Owed(data["kind"], data["debtor"], data["creditor"], data["what"], data["due_on"], data["amount"], data["way"])


Items = forms.formset_factory(ItemRow, extra=EMPTY_ITEMS, max_num=MOST_ITEMS, validate_max=True)


class AgreeForm(SignersForm):
    keeps_draft = True
    form = forms.ChoiceField(label="协议形式", choices=lambda: codes.AGREEMENT_FORMS.choices)
    is_writing_asked_for = forms.BooleanField(label="有一方要求书面协议", required=False)
    is_on_the_spot = forms.BooleanField(label="各项当场履行完毕", required=False)
    facts = prose("主要事实", rows=4, longest=3000)
    disputed = prose("争议事项", rows=2, longest=1000)
    responsibilities = prose("各方责任", required=False, rows=2, longest=1000)
    content = prose("协议内容", rows=4, longest=3000)
    total = money("金额合计（元）", help_text="没有金钱给付的不填。各项相加须与合计一致，分期的每期一项。")
    place = forms.CharField(label="履行地点", max_length=80, required=False)
    reached_on = day("达成日期")
    signed_on = day("签名日期")
    sealed_on = day("加盖调委会印章日期", required=False, help_text="书面协议必填。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound and "items-TOTAL_FORMS" in self.data else None
        self.items = Items(data, prefix="items", form_kwargs={"label_suffix": "", "letters": letters_in(self.held)})

    def starting(self, held: CasePage) -> dict[str, Any]:
        today = clock.today()
        form = ORAL if held.dispute.difficulty == "1" else WRITTEN
        return {
            "form": form,
            "facts": held.dispute.story,
            "disputed": held.dispute.demand,
            "reached_on": today,
            "signed_on": today,
            "sealed_on": today if form == WRITTEN else None,
        }

    def is_valid(self) -> bool:
        rows = not self.is_bound or not self.items.is_bound or self.items.is_valid()
        return super().is_valid() and rows

    def arguments(self) -> dict[str, Any]:
        owed = [row.owed() for row in self.items if row.is_filled()] if self.items.is_bound else []
        found = self.plain()
        return {**found, "total": found["total"] or Decimal(0), "items": owed, "signed": self.signed()}


class PerformForm(ActForm):
    item_no = forms.TypedChoiceField(label="哪一项", coerce=int)
    on = day("履行日期")
    amount = money("本次金额（元）", help_text="给付金钱的填本次付了多少；不填就是付清。")
    proof = forms.CharField(
        label="凭证", max_length=200, help_text="如：收条、转账记录、现场照片，双方确认。", error_messages={"required": "请写明凭证。"}
    )
    attachment_id = forms.TypedChoiceField(label="凭证文件", coerce=int, empty_value=None, required=False, help_text="先在“材料”里上传。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today()}

    def prepare(self) -> None:
        self.fields["item_no"].choices = [  # type: ignore[attr-defined]
            (item.no, f"第{item.no}项 {item.what}") for item in self.held.owed if item.done_on is None
        ]
        self.fields["attachment_id"].choices = [("", "—"), *((file.pk, file.label or file.name) for file in self.held.files)]  # type: ignore[attr-defined]


class BreachForm(ActForm):
    words = prose("督促的经过", rows=3, longest=1000, help_text="哪一项到期没有履行、怎样督促、对方怎么说。")
    routes = forms.MultipleChoiceField(
        label="告知可走的途径",
        choices=list(BREACH_ROUTES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选告知的途径。"},
    )


class MediateAgainForm(ActForm):
    is_willing = forms.BooleanField(label="双方都愿意重新调解", required=False)
    words = prose("情况", rows=3, longest=1000)


class ProlongForm(ActForm):
    days = forms.IntegerField(label="延长天数", min_value=1, max_value=MOST_DAYS, initial=MOST_DAYS)
    is_agreed = forms.BooleanField(label="各方当事人都同意", required=False)
    agreed_by = prose("同意的情况", rows=2, longest=300, help_text="谁、什么时候、怎样表示同意。")


class TerminateForm(ActForm):
    reason = forms.ChoiceField(label="终止情形", choices=lambda: codes.END_REASONS.choices)
    words = prose("情况", rows=3, longest=1000, help_text="做过哪些工作、为什么调不成。")
    way = forms.ChoiceField(label="引导的途径", choices=lambda: list(_ways()))
    routes = forms.MultipleChoiceField(
        label="书面告知的途径",
        choices=lambda: list(_ways()),
        widget=forms.CheckboxSelectMultiple,
        initial=["litigation"],
        error_messages={"required": "请勾选告知的途径。"},
    )
    limitation = forms.CharField(label="时效提示", max_length=300, required=False, help_text="本件的时效到哪一天，写在通知书上。")


class WithdrawForm(ActForm):
    words = prose("撤回的情况", rows=3, longest=1000, help_text="谁、什么时候、怎样提出撤回。")


def _ways() -> list[tuple[str, str]]:
    return [(code, row.name) for code, row in codes.WAYS.items() if code != "mediated"]
