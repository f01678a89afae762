"""What a person types for the acts of the review chain, checked for shape."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from casework.actforms import day, prose, split_names, unit
from casework.rules import Outcome
from organisations import clock, directory
from petitions import codes
from petitions.forms.acts.form import ActForm
from petitions.forms.acts.front import DeliverForm
from petitions.queries import review as queries
from petitions.queries.case import CasePage
from petitions.rules import chain

_OUTCOMES = [("", "结果不变"), *((o.value, o.label) for o in (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.REFUSED))]


class SeekReviewForm(ActForm):
    keeps_draft = True
    received_on = day("收到申请日期")
    posted_on = day("交邮日期", required=False, help_text="邮寄的填写，以邮戳为准；期限按交邮日期计算。")
    organ_id = unit("复查（复核）机关", required=False)
    organ_name = forms.CharField(label="县外机关名称", max_length=80, required=False, help_text="上一级机关在县外的，不选上一栏，在这里写名称。")
    request = prose("请求事项", rows=3, longest=2000)
    grounds = prose("事实和理由", rows=5, longest=5000, help_text="不服哪一项、为什么。写进申请书，打印后由信访人签名。")
    late_reason = prose("逾期的正当理由", required=False, rows=2, longest=300, help_text="超过期限才填写，是否成立由受理机关决定。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        found: dict[str, Any] = {"received_on": clock.today()}
        right = queries.page_right(held)
        if right is None:
            return found
        organ = queries.suggested_organ(held.case.unit_id, right.organ_name)
        return {**found, "organ_id": organ.unit_id or "", "organ_name": "" if organ.unit_id else organ.name}

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("organ_id") and typed.get("organ_name"):
            # A suggestion left standing beside a name typed by hand would be two bodies.
            self.add_error("organ_name", "县内机关和县外机关只填一个。")
        if not self.errors and not typed.get("organ_id") and not typed.get("organ_name"):
            self.add_error("organ_id", "请选择复查（复核）机关，县外的写名称。")
        return typed


class RedirectReviewForm(ActForm):
    organ_id = unit("有权的复查（复核）机关", required=False)
    organ_name = forms.CharField(label="县外机关名称", max_length=80, required=False, help_text="有权机关在县外的，不选上一栏，在这里写名称。")
    words = prose("转送理由", rows=3, longest=500, help_text="为什么不属本机关，如“原办理机关的上一级机关是市自然资源局”。")

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if bool(typed.get("organ_id")) == bool(typed.get("organ_name")):
            self.add_error("organ_id", "请选择县内的机关，或者写明县外机关的名称，只填一个。")
        return typed


class AcceptReviewForm(ActForm):
    words = prose("审查意见", required=False, rows=2, help_text="提交后出具受理告知书。")
    late_words = prose("同意逾期理由", required=False, rows=2, longest=300)

    def prepare(self) -> None:
        running = self.held.running_review
        if running is None or not running.late_reason:
            del self.fields["late_words"]
            return
        self.fields["late_words"].required = True
        self.fields["late_words"].help_text = f"信访人逾期申请，理由是：{running.late_reason}"
        self.fields["late_words"].error_messages["required"] = "逾期的申请，受理须写明同意的意见。"


class RejectReviewForm(ActForm):
    words = prose("不予受理的理由", rows=5, help_text="写进不予受理告知书；须另一人审批。")


class RefuseRejectReviewForm(ActForm):
    words = prose("退回意见", rows=3, longest=300)


class OpinionForm(ActForm):
    """What every opinion says; which fields the round and the conclusion need is the action's affair."""

    conclusion = forms.ChoiceField(
        label="结论",
        choices=[("", "—"), *((code, codes.REVIEW_CONCLUSIONS[code].name) for code in chain.OPINIONS)],
        error_messages={"required": "请选择结论。"},
    )
    facts = prose("查明的事实", rows=6, longest=10_000)
    words = prose("理由和依据", rows=5, longest=10_000, help_text="本机关认为……，依据哪些法律法规政策的哪一条。")
    changed_to = prose("变更后的意见", required=False, rows=3, longest=5000, help_text="结论是变更的填写。")
    outcome = forms.ChoiceField(label="变更后的办理结果", required=False, choices=_OUTCOMES)
    redo_days = forms.IntegerField(
        label="重新办理期限（日）", required=False, min_value=1, max_value=chain.MOST_REDO_DAYS, help_text="结论是撤销并责令重新办理的填写。"
    )
    remedy_unit = forms.CharField(label="复核机关", required=False, max_length=80, help_text="复查意见书要写明：不服的向哪个机关申请复核。")

    def prepare(self) -> None:
        running = self.held.running_review
        if running is not None and running.round == 2:
            del self.fields["remedy_unit"]


class DraftReviewForm(OpinionForm):
    keeps_draft = True

    def starting(self, held: CasePage) -> dict[str, Any]:
        row = held.running_review
        if row is None or not row.conclusion:
            return {}
        names = ("conclusion", "facts", "words", "changed_to", "outcome", "redo_days", "remedy_unit")
        return {name: getattr(row, name) for name in names}


class EnterReviewForm(OpinionForm):
    outside_number = forms.CharField(label="来文文号", max_length=60, error_messages={"required": "请写来文文号。"})
    decided_on = day("来文日期")
    facts = prose("查明的事实", required=False, rows=4, longest=10_000)
    words = prose("意见摘要", rows=5, longest=10_000, help_text="来文的理由、依据和结论；来文扫描件请上传到“文书与材料”。")
    field_order = ("version", "outside_number", "decided_on", "conclusion", "words")

    def prepare(self) -> None:
        super().prepare()
        self.fields["conclusion"].choices = [("", "—"), *codes.REVIEW_CONCLUSIONS.choices]  # type: ignore[attr-defined]


class ReturnReviewForm(ActForm):
    words = prose("要补充、修改的内容", longest=300)


class DecideReviewForm(ActForm):
    words = prose("审签意见", required=False, rows=3)


class DeliverReviewForm(DeliverForm):
    delivered_on = day("收到日期", help_text="申请复核的30日从这一天起算；复核意见从这一天起终结。")


class WithdrawReviewForm(ActForm):
    words = prose("撤回经过", help_text="谁、何时、以什么方式表示撤回。", longest=2000)


class CallHearingForm(ActForm):
    keeps_draft = True
    held_on = day("听证日期", help_text=f"至少在{chain.HEARING_NOTICE_DAYS}天以后。")
    begins_at = forms.TimeField(
        label="开始时间",
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "如 9:30"}),
        error_messages={"required": "请写开始时间，如 9:30。", "invalid": "时间看不明白，请写成 9:30。"},
    )
    place = forms.CharField(label="地点", max_length=80, error_messages={"required": "请写听证地点。"})
    chair = forms.CharField(label="主持人", max_length=30, error_messages={"required": "请写主持人。"})
    panel = forms.CharField(
        label="听证员",
        max_length=120,
        help_text=f"不少于{chain.MIN_PANEL}人，用顿号分开；经办过本件的不能参加。",
        error_messages={"required": "请写听证员。"},
    )
    attendees = forms.CharField(
        label="参加人", max_length=200, help_text="信访人、承办单位，以及律师、人大代表、政协委员等。", error_messages={"required": "请写参加人。"}
    )

    def starting(self, held: CasePage) -> dict[str, Any]:
        tree = directory.current()
        people = [person.name for person in held.people if person.position != "respondent"]
        original = held.running_review.original_unit_id if held.running_review else held.case.unit_id
        return {
            "held_on": clock.today() + timedelta(days=chain.HEARING_NOTICE_DAYS),
            "attendees": "、".join([*people, tree.units[original].name]),
        }

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "panel": split_names(self.cleaned_data["panel"])}


class RecordHearingForm(ActForm):
    keeps_draft = True
    is_held = forms.TypedChoiceField(label="是否举行", choices=[("1", "如期举行"), ("0", "没有举行")], coerce=lambda value: value == "1", initial="1")
    attendees = forms.CharField(label="到场人员", max_length=200, required=False)
    minutes = prose("听证笔录", rows=9, longest=20_000, help_text="没有举行的写明原因。")
    conclusion = prose("听证结论", required=False, rows=3, longest=5000)
    is_public = forms.BooleanField(label="结论公示", required=False)
    excluded_from = day("不计期限自", required=False, help_text="复核听证的时间不计入期限，从通知之日起。")
    excluded_until = day("不计期限至", required=False)

    def starting(self, held: CasePage) -> dict[str, Any]:
        called = self._called(held)
        return {"attendees": called.attendees, "excluded_from": called.announced_on, "excluded_until": called.held_on} if called else {}

    @staticmethod
    def _called(held: CasePage) -> Any:
        return next((hearing for hearing in held.hearings if hearing.recorded_at is None), None)

    def prepare(self) -> None:
        running, called = self.held.running_review, self._called(self.held)
        if running is None or running.round != 2 or called is None or called.review_id != running.pk:
            del self.fields["excluded_from"], self.fields["excluded_until"]


class ConcludeForm(ActForm):
    words = prose("说明", required=False, rows=3)


class FollowUpForm(ActForm):
    unit_id = unit("基层单位")
    text = prose("任务", rows=3, longest=300, help_text="疏导教育、矛盾化解、帮扶救助，做什么。")
    due_on = day("期限")


class FinishFollowUpForm(ActForm):
    task_id = forms.TypedChoiceField(label="任务", coerce=int, error_messages={"required": "请选择任务。"})
    result = prose("结果", rows=5, longest=5000)

    def prepare(self) -> None:
        own = queries.own_follow_ups(self.held, self.scope)
        self.fields["task_id"].choices = [(row.pk, row.text) for row in own]  # type: ignore[attr-defined]
