"""Forms of bodies together: send to another body and answer, 会诊, people sent to a side, to a petition and back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from casework import kinds
from casework.actforms import day, people_of, prose, split_names, unit
from mediation import codes
from mediation.forms.acts.form import ActForm
from mediation.forms.acts.ladder import moment
from mediation.forms.acts.talks import side_choices
from mediation.models import BodyReferral
from mediation.queries import joint as queries
from mediation.queries.dispute import CasePage
from organisations import clock

TO = "petition"


class ReferBodyForm(ActForm):
    body = forms.ChoiceField(
        label="调处组织", choices=lambda: [("", "请选择"), *codes.BODIES.choices], error_messages={"required": "请选择调处组织的种类。"}
    )
    to_unit_id = unit("接收单位", required=False)
    outside = forms.CharField(
        label="系统外组织名称", max_length=80, required=False, help_text="系统里没有这个单位的，写明名称，由您代为登记接收和结果。"
    )
    consent = prose("双方同意的情况", rows=2, longest=300, help_text="哪天、怎样征得双方同意移送。")
    reason = prose("移送理由", rows=3)


class OptionalWordsForm(ActForm):
    words = prose("说明", required=False, rows=2)


class ReturnBodyForm(ActForm):
    words = prose("理由", rows=3)


class ReportBodyForm(ActForm):
    result = forms.ChoiceField(label="结果", choices=[("", "请选择"), *BodyReferral.Result.choices[1:]], error_messages={"required": "请选择结果。"})
    way = forms.ChoiceField(
        label="处理途径",
        required=False,
        choices=lambda: [("", "—"), *((code, row.name) for code, row in codes.WAYS.items() if code != "mediated")],
        help_text="不是调解达成协议、而是依法处理完毕的，选择途径。",
    )
    ended_on = day("办结日期", required=False, help_text="不填就是今天。")
    words = prose("办理结果", rows=4, longest=1000)


class ConsultForm(ActForm):
    keeps_draft = True
    held_at = moment("会诊时间")
    place = forms.CharField(label="地点", max_length=80, error_messages={"required": "请填写地点。"})
    member_ids = forms.TypedMultipleChoiceField(label="参加人员", coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    outside = forms.CharField(label="其他参加人员", max_length=300, required=False, help_text="系统外的人，姓名加身份，用顿号分开。")
    minutes = prose("会诊记录", rows=5, longest=4000)
    conclusion = prose("会诊结论", rows=3, longest=1000, help_text="下一步怎么办、谁去做、什么时候。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"held_at": timezone.localtime(clock.now()), "member_ids": [self.scope.user.id]}

    def prepare(self) -> None:
        self.fields["member_ids"].choices = people_of(queries.colleagues(self.held.case))  # type: ignore[attr-defined]

    def clean_outside(self) -> list[str]:
        return split_names(self.cleaned_data["outside"])


class AssignForm(ActForm):
    to_user_id = forms.TypedChoiceField(label="安排谁", coerce=int)
    letter = forms.ChoiceField(label="做哪一方的工作")
    relation = forms.ChoiceField(label="情分", choices=lambda: codes.BONDS.choices, widget=forms.RadioSelect)
    reason = prose("理由", rows=3, longest=300, help_text="与当事人什么关系，为什么听得进他（她）的话。")

    def prepare(self) -> None:
        self.fields["letter"].choices = side_choices(self.held)  # type: ignore[attr-defined]
        self.fields["to_user_id"].choices = people_of(queries.colleagues(self.held.case))  # type: ignore[attr-defined]


class ReferPetitionForm(ActForm):
    sort = forms.ChoiceField(label="信访分类", error_messages={"required": "请选择信访分类。"})
    reason = prose("转办理由", rows=3, longest=200, help_text="为什么属于信访事项，如反映行政机关履职。双方意愿和已做的工作也写明。")

    def prepare(self) -> None:
        self.fields["sort"].choices = [("", "请选择"), *kinds.get(TO).referral_sorts]  # type: ignore[attr-defined]


class ReturnReferralForm(ActForm):
    reason = prose("退回理由", rows=3, longest=200)
