"""What is typed for 催办, 督办, 批示, 接访, 包案, 陪访代访, the proposals and urgent reports, checked for shape."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from casework import deadlines
from casework.actforms import day, people_of, prose, unit
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role
from petitions import codes
from petitions.forms.acts.form import ActForm
from petitions.models import Accompaniment, SponsorVisit
from petitions.queries.case import CasePage
from petitions.queries.supervision import case as queries

MOMENTS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]


def moment(label: str, *, required: bool = True, help_text: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=MOMENTS,
        help_text=help_text,
        error_messages={"required": f"请写{label}。", "invalid": "时间请写成 2026-03-15 09:30。"},
        widget=forms.DateTimeInput(attrs={"placeholder": "2026-03-15 09:30"}, format="%Y-%m-%d %H:%M"),
    )


def leaders() -> list[tuple[Any, str]]:
    return [("", "—"), *people_of(Post.objects.current(clock.today()).filter(role=Role.LEADER, user__is_active=True))]


class RowForm(ActForm):
    """An act on one of several rows of the case: a single one is chosen already."""

    act = ""
    no = forms.TypedChoiceField(
        label="哪一项", coerce=int, error_messages={"required": "请选择是哪一项。", "invalid_choice": "这一项现在不能办理，请刷新后再看。"}
    )

    def prepare(self) -> None:
        rows = queries.rows_for(self.act, self.held, self.scope)
        self.fields["no"].choices = rows if len(rows) == 1 else [("", "—"), *rows]  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.initial.setdefault("no", rows[0][0])


# -- 催办, 督办 ------------------------------------------------------------------------------------------------------------------------------


class UrgeForm(ActForm):
    words = prose("催办内容", rows=3, longest=300)
    is_citizen = forms.BooleanField(label="信访人来电、来访催问（不出具催办单，每日一次）", required=False)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"words": "请抓紧依法办理，按期答复信访人。"}


class ProposeSupervisionForm(ActForm):
    reasons = forms.MultipleChoiceField(
        label="督办情形",
        choices=codes.SUPERVISION_REASONS.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择督办情形。"},
    )
    method = forms.ChoiceField(label="建议的督办方式", choices=codes.SUPERVISION_METHODS.choices, initial="03")
    words = prose("存在的问题", help_text="时间、事实，写进督办函。")


class ConfirmSupervisionForm(RowForm):
    act = "confirm_supervision"
    reasons = forms.MultipleChoiceField(
        label="督办情形",
        choices=codes.SUPERVISION_REASONS.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择督办情形。"},
    )
    method = forms.ChoiceField(label="督办方式", choices=codes.SUPERVISION_METHODS.choices, help_text="发函督办的同时出具督办函。")
    words = prose("存在的问题", rows=3)
    requirement = prose("办理要求", rows=3, help_text="接在“请于某日前”之后。")
    due_on = day("反馈期限", required=False)

    def prepare(self) -> None:
        super().prepare()
        chosen = str(self.initial.get("no", ""))
        row = next((row for row in self.held.supervisions if str(row.pk) == chosen), None)
        if row is not None:
            for name, value in (("reasons", row.reasons), ("method", row.method), ("words", row.words)):
                self.initial.setdefault(name, value)
        usual = deadlines.preview("pet.supervise_reply", clock.today()).due_on
        self.initial.setdefault("requirement", "查明原因，依法办结，向信访人作出答复")
        self.fields["due_on"].help_text = f"不填为 10 个工作日，即 {usual.month}月{usual.day}日。"


class DropSupervisionForm(RowForm):
    act = "drop_supervision"
    words = prose("不予督办的理由", rows=3, longest=300)


class ReplySupervisionForm(RowForm):
    keeps_draft = True
    act = "reply_supervision"
    text = prose("反馈情况", rows=6, longest=5000, help_text="问题原因、整改措施、办理结果。")


class CloseSupervisionForm(RowForm):
    act = "close_supervision"
    words = prose("审核意见", rows=3, longest=300)


class ReturnSupervisionForm(RowForm):
    act = "return_supervision"
    words = prose("退回理由", rows=3, longest=300)
    due_on = day("重新反馈的期限", required=False, help_text="不填为 10 个工作日。")


# -- 批示, 接访, 包案 ------------------------------------------------------------------------------------------------------------------------


class GiveInstructionForm(ActForm):
    words = prose("批示意见", help_text="只有领导、县中心和落实单位看得到。")
    unit_id = unit("落实单位")
    due_on = day("反馈期限", required=False, help_text="填写的，到期前提醒落实单位。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"unit_id": held.case.unit_id}


class AnswerInstructionForm(RowForm):
    keeps_draft = True
    act = "answer_instruction"
    text = prose("落实情况", rows=6, longest=5000)


class AcknowledgeInstructionForm(RowForm):
    act = "acknowledge_instruction"


class RecordReceptionForm(ActForm):
    leader_id = forms.TypedChoiceField(label="接访领导", coerce=int, error_messages={"required": "请选择接访领导。"})
    mode = forms.ChoiceField(label="接访方式", choices=codes.RECEPTION_MODES.choices)
    on = day("接访日期")
    place = forms.CharField(label="接访地点", max_length=80, error_messages={"required": "请写接访地点。"})
    opinion = prose("领导意见", help_text="写进领导接访记录；选了责任单位的，同时交其落实。")
    unit_id = unit("责任单位", required=False)
    due_on = day("办结时限", required=False)

    def starting(self, held: CasePage) -> dict[str, Any]:
        tree = directory.current()
        return {"on": clock.today(), "place": tree.units[tree.centre_id].name if tree.centre_id else ""}

    def prepare(self) -> None:
        self.fields["leader_id"].choices = leaders()  # type: ignore[attr-defined]


class SponsorForm(ActForm):
    keeps_draft = True
    leader_id = forms.TypedChoiceField(label="包案领导", coerce=int, error_messages={"required": "请选择包案领导。"})
    undertaking_unit_id = unit("承办单位")
    assisting_unit_id = unit("协助的村（社区）", required=False)
    guarantees = forms.MultipleChoiceField(
        label="包案内容", choices=codes.FOUR_GUARANTEES.choices, widget=forms.CheckboxSelectMultiple, error_messages={"required": "请选择包案内容。"}
    )
    plan = prose("化解方案", rows=6, longest=5000)
    from_on = day("自")
    until_on = day("至", help_text="到期前提醒包案领导和承办单位。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"undertaking_unit_id": held.case.unit_id, "guarantees": list(codes.FOUR_GUARANTEES), "from_on": clock.today()}

    def prepare(self) -> None:
        self.fields["leader_id"].choices = leaders()  # type: ignore[attr-defined]


class RecordSponsorWorkForm(ActForm):
    keeps_draft = True
    kind = forms.ChoiceField(label="类别", choices=SponsorVisit.Kind.choices)
    on = day("日期")
    words = prose("情况", rows=5, longest=5000)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today()}


class EndSponsorshipForm(ActForm):
    result = prose("化解结果", rows=5, longest=5000)


# -- 陪访代访, 建议, 重大紧急 ----------------------------------------------------------------------------------------------------------------


class AccompanyForm(ActForm):
    kind = forms.ChoiceField(label="方式", choices=Accompaniment.Kind.choices)
    worker_id = forms.TypedChoiceField(label="工作人员", coerce=int, error_messages={"required": "请选择工作人员。"})
    on = day("日期")
    to_organ = forms.CharField(label="去往机关", max_length=80, error_messages={"required": "请写去往机关。"})
    words = prose("经过和结果", rows=4, longest=5000)
    avoided = forms.BooleanField(label="避免了越级走访", required=False, initial=True)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today(), "worker_id": self.scope.user.id}

    def prepare(self) -> None:
        posts = Post.objects.current(clock.today()).filter(unit__in={self.held.case.unit_id, *self.scope.unit_ids}, user__is_active=True)
        self.fields["worker_id"].choices = [("", "—"), *people_of(posts)]  # type: ignore[attr-defined]


class AdviseForm(ActForm):
    keeps_draft = True
    kind = forms.ChoiceField(label="种类", choices=codes.ADVICE_KINDS.choices)
    unit_id = unit("建议对象")
    facts = prose("事实", rows=5, longest=5000)
    words = prose("建议", rows=5, longest=5000)
    due_on = day("反馈期限", required=False)

    def starting(self, held: CasePage) -> dict[str, Any]:
        """Whoever handles it; the centre writes no letter to itself."""
        return {} if held.case.unit_id == directory.current().centre_id else {"unit_id": held.case.unit_id}

    def prepare(self) -> None:
        usual = deadlines.preview("pet.advice_reply", clock.today()).due_on
        self.fields["due_on"].help_text = f"不填为 {usual.month}月{usual.day}日。对方须书面反馈是否采纳。"


class AnswerAdviceForm(RowForm):
    keeps_draft = True
    act = "answer_advice"
    is_adopted = forms.TypedChoiceField(
        label="是否采纳",
        choices=[("", "—"), ("1", "采纳"), ("0", "不采纳")],
        coerce=lambda value: value == "1",
        error_messages={"required": "请选择是否采纳。"},
    )
    text = prose("采纳情况或不采纳的理由", rows=6, longest=5000, help_text="写进反馈单。")


class ReportUrgentForm(ActForm):
    keeps_draft = True
    known_at = moment("知悉时间")
    phoned_at = moment("电话报告时间", required=False, help_text="还没有打电话的不填，请先打电话报告。")
    happened = forms.CharField(label="发生时间、地点", max_length=200, error_messages={"required": "请写发生时间、地点。"})
    batches = forms.IntegerField(label="批次", min_value=1, max_value=9999, initial=1)
    people = forms.IntegerField(label="人次", min_value=1, max_value=999_999, error_messages={"required": "请写人次。"})
    demands = prose("诉求与组织者", rows=3)
    scene = prose("现场情况", rows=3)
    measures = prose("已采取措施", rows=3)
    needs = prose("需上级协调事项", rows=2, required=False)
    phone = forms.CharField(label="报告人电话", max_length=30, error_messages={"required": "请写报告人电话。"})
    recipients = forms.CharField(label="报送", max_length=200, error_messages={"required": "请写报送机关。"})

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {
            "known_at": timezone.localtime(clock.now()),
            "people": held.case.headcount,
            "recipients": "本级党委、政府，上级主管部门，信访工作联席会议办公室，上一级信访部门",
        }
