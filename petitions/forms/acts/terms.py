"""What a person types for the acts that move a limit, checked for shape."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.actforms import day, prose
from organisations import clock
from petitions import codes
from petitions.actions.terms import SIMPLE_OUTCOMES, Told
from petitions.forms.acts.form import ActForm
from petitions.models import Telling
from petitions.queries import terms as queries
from petitions.queries.case import CasePage
from petitions.rules import NOT_SUPPORTED

_MOMENTS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]


class AskExtensionForm(ActForm):
    days = forms.IntegerField(
        label="延长天数", min_value=1, max_value=365, error_messages={"required": "请写延长几天。", "invalid": "天数请写整数。"}
    )
    reason = prose("延期理由", rows=3, longest=300, help_text="写进延期办理告知书，如“需委托鉴定，鉴定结论尚未作出”。")

    def prepare(self) -> None:
        self.days_most = queries.most_days(self.held)
        self.fields["days"].help_text = f"1 至 {self.days_most} 日，只能延长一次。"
        self.fields["days"].widget.attrs.update(min=1, max=self.days_most)


class ApproveExtensionForm(ActForm):
    words = prose("审批意见", required=False, rows=2, longest=300)


class RefuseExtensionForm(ActForm):
    words = prose("不同意的理由", rows=3, longest=300)


class SuspendForm(ActForm):
    ground = forms.ChoiceField(
        label="中止事由", choices=[("", "—"), *codes.SUSPENSION_GROUNDS.choices], error_messages={"required": "请选择中止事由。"}
    )
    words = prose("具体情况", rows=3, longest=300, help_text="写进中止办理告知书。")
    evidence = prose("依据材料", rows=2, longest=300, help_text="如法院受理通知书、鉴定委托书、通话记录；可在“文书与材料”上传。")
    expected_until_on = day("预计恢复日期", help_text="到期前系统提醒，不会一直挂起。")


class SetExpectedForm(ActForm):
    expected_until_on = day("新的预计恢复日期", help_text="到期前系统提醒；期限仍然中止。")
    words = prose("调整原因", rows=3, longest=300, help_text="如“鉴定机构来函，结论推迟到下月出具”。")


class ResumeForm(ActForm):
    words = prose("恢复的原因", rows=3, longest=300, help_text="如“鉴定结论已于今日收到”。写进恢复办理告知书。")


class ToldForm(ActForm):
    """Time, way, number and person of what is told without a letter (L-SIM-5)."""

    way = forms.ChoiceField(label="告知方式", choices=Telling.Way.choices, initial=Telling.Way.PHONE)
    number = forms.CharField(label="号码", max_length=40, required=False, help_text="电话、短信告知的写明。")
    person = forms.CharField(label="被告知人", max_length=40, required=False)
    told_at = forms.DateTimeField(
        label="告知时间",
        required=False,
        input_formats=_MOMENTS,
        error_messages={"invalid": "时间请写成 2026-03-15 09:30。"},
        widget=forms.DateTimeInput(attrs={"placeholder": "不填就是现在"}),
    )
    #: The fields above come last on the page.
    TOLD = ("way", "number", "person", "told_at")

    def prepare(self) -> None:
        self.order_fields([name for name in self.fields if name not in self.TOLD])

    def starting(self, held: CasePage) -> dict[str, Any]:
        first = held.people[0] if held.people else None
        return {"person": first.name if first else "", "number": first.phone_masked if first else ""}

    def arguments(self) -> dict[str, Any]:
        typed = {name: value for name, value in self.cleaned_data.items() if name not in self.TOLD}
        data = self.cleaned_data
        told = Told(way=data["way"], at=data["told_at"] or clock.now(), person=data["person"], number=data["number"])
        return {**typed, "told": told}


class AcceptSimpleForm(ToldForm):
    ground = forms.ChoiceField(
        label="简易办理情形", choices=[("", "—"), *codes.SIMPLE_GROUNDS.choices], error_messages={"required": "请选择属于哪种情形。"}
    )
    is_supportable = forms.BooleanField(label="已核对：不会对诉求不予支持", required=False)
    is_outside_procedures = forms.BooleanField(label="已核对：没有进入、也不应通过法定行政程序处理", required=False)
    words = prose("告知内容", rows=3, longest=500)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {**super().starting(held), "words": "您反映的事项已经收到，按简易程序受理，10个工作日内答复。"}


class AnswerSimpleForm(ToldForm):
    """简易答复: each point with its opinion, result and ground; the words said; how they were said."""

    text = prose("答复内容", rows=4, longest=5000, help_text="对信访人是怎么说的；各项结果会列入简易答复记录。")
    outcome = forms.ChoiceField(
        label="结果", choices=[("", "—"), *((o.value, o.label) for o in SIMPLE_OUTCOMES)], error_messages={"required": "请选择结果。"}
    )

    def prepare(self) -> None:
        offered = [("", "—"), *(row for row in codes.REPLY_SUPPORT.choices if row[0] != NOT_SUPPORTED)]
        for point in self.held.points:
            self.fields[f"support-{point.no}"] = forms.ChoiceField(label=f"第{point.no}项意见", choices=offered, help_text=point.text)
            self.fields[f"result-{point.no}"] = prose(f"第{point.no}项结果", rows=2, longest=5000)
            self.fields[f"ground-{point.no}"] = forms.CharField(label=f"第{point.no}项依据", max_length=300)
        points = [name for name in self.fields if "-" in name]
        self.order_fields([*points, "text", "outcome"])

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        results = {p.no: (typed.pop(f"support-{p.no}"), typed.pop(f"result-{p.no}"), typed.pop(f"ground-{p.no}")) for p in self.held.points}
        return {**typed, "results": results}


class ConvertForm(ToldForm):
    words = prose("转换理由", rows=3, longest=300, help_text="写进转为普通程序办理告知书。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {**super().starting(held), "words": "经了解情况较为复杂，不能按简易程序办结。"}
