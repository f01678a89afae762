"""What a person types for the acts of the front door, checked for shape."""

from __future__ import annotations

from typing import Any

from django import forms

from casework import actforms
from casework.actforms import day, describe_area, people_of, prose, resolve_area, split_names, unit
from casework.models import Delivery
from casework.rules import Outcome, Urgency
from casework.widgets import Typeahead, TypeaheadField
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role
from petitions import codes, rules
from petitions.forms.acts.form import ActForm, ladder_answers
from petitions.forms.acts.letters import SIGNED_FOR, ask_by_way, unsigned, way_fields
from petitions.forms.intake import describe_topic, resolve_topic
from petitions.queries import review as chain_queries
from petitions.queries.case import CasePage, tasks_for


class SignForm(ActForm):
    pass


class InstructForm(ActForm):
    words = prose("批示意见")


class AgreeReturnForm(ActForm):
    words = prose("同意退回的意见")


class RefuseReturnForm(ActForm):
    words = prose("不同意的理由", help_text="承办单位会看到；本次转办不能再提异议。")


class AcceptForm(ActForm):
    words = prose("受理意见", help_text="提交后出具受理告知书，起算办理期限。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"words": "经审查，属于本单位职权范围，现予受理。"}


class RejectDeclineForm(ActForm):
    words = prose("退回意见")


class SendBackForm(ActForm):
    words = prose("要补充、修改的内容", longest=300)


class ReportForm(ActForm):
    words = prose("办理结果", longest=2000)


class WithdrawForm(ActForm):
    words = prose("撤回经过", help_text="谁、何时、以什么方式表示撤回。", longest=2000)


class ProposeForm(ActForm):
    leader_id = forms.TypedChoiceField(label="报请领导", coerce=int, error_messages={"required": "请选择领导。"})
    words = prose("拟办意见")

    def prepare(self) -> None:
        posts = Post.objects.current(clock.today()).filter(role=Role.LEADER, user__is_active=True)
        self.fields["leader_id"].choices = [("", "—"), *people_of(posts)]  # type: ignore[attr-defined]


class GuideForm(ActForm):
    routes = forms.MultipleChoiceField(label="法定途径", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请选择应走的法定途径。"})
    words = prose("告知内容", rows=8, longest=4000, help_text="向导的结论只是建议，由您决定；写进引导告知书。")

    def prepare(self) -> None:
        self.fields["routes"].choices = [  # type: ignore[attr-defined]
            (row.code, row.name) for row in codes.LAWFUL_ROUTES.values() if row.code != codes.PETITION_ROUTE
        ]

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "answers": ladder_answers(self.data)}


class DeclineForm(ActForm):
    code = forms.ChoiceField(label="理由", choices=[("", "—"), *codes.DECLINE_REASONS.choices], error_messages={"required": "请选择理由。"})
    words = prose("事实和理由", rows=6, longest=4000, help_text="写进不予受理告知书；须另一人审批。")
    remedy = prose("救济途径", rows=3, longest=300, help_text="向谁、以什么途径、什么期限内提出；或正由谁办理。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        """A repeat of a concluded matter, or of one in handling, cites that one by itself (L-PET-11, L-PET-12)."""
        word = chain_queries.last_word(held.case)
        if word is not None:
            return {
                "code": "B1" if word.lapsed_word else "A2",
                "words": f"{word.sentence}。你仍以同一事实和理由提出，没有提出新的事实和理由。",
                "remedy": "以同一事实和理由再提出的不再受理；有新的事实、理由的，可以另行提出。",
            }
        earlier = chain_queries.earlier_open(held.case)
        if earlier is None:
            return {}
        return {
            "code": "A1",
            "words": f"该事项（{earlier.number}）已由{earlier.unit.name}办理，正在规定期限内。",
            "remedy": f"请等候{earlier.unit.name}办理，凭该事项的编号和查询码可以查询进展。",
        }


class ObjectForm(ActForm):
    reason = prose("异议理由", help_text="写明为什么不属本单位职权，依据是什么。")
    suggested_unit_id = unit("建议责任单位", required=False)


class CoordinateForm(ActForm):
    to_unit_id = unit("责任单位")
    words = prose("裁定理由", help_text="裁定后不得再退；理由留作先例。")


class DesignateForm(ActForm):
    person_id = forms.TypedChoiceField(label="承办人", coerce=int, error_messages={"required": "请选择承办人。"})
    words = prose("交代事项", required=False, rows=2)

    def prepare(self) -> None:
        posts = Post.objects.handling(clock.today()).filter(unit=self.held.case.unit_id)
        self.fields["person_id"].choices = [("", "—"), *people_of(posts)]  # type: ignore[attr-defined]


class HandOverForm(ActForm):
    to_user_id = forms.TypedChoiceField(label="移交给", coerce=int, error_messages={"required": "请选择移交给谁。"})
    words = prose("移交事由", rows=3)

    def prepare(self) -> None:
        units = [self.held.case.unit_id, directory.current().centre_id]
        posts = Post.objects.handling(clock.today()).filter(unit__in=units)
        self.fields["to_user_id"].choices = [("", "—"), *people_of(posts)]  # type: ignore[attr-defined]


class HearForm(ActForm):
    keeps_draft = True
    on = day("日期")
    officers = forms.CharField(label="听取人员", max_length=80, help_text="不少于2人，用顿号分开。", error_messages={"required": "请写听取人员。"})
    place = forms.CharField(label="地点", max_length=80, required=False)
    words = prose("信访人陈述的事实和理由", rows=7, longest=10_000)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today(), "officers": self.scope.user.name}

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "officers": split_names(self.cleaned_data["officers"])}


class InvestigateForm(HearForm):
    words = prose("调查核实经过", rows=7, longest=10_000)
    evidence = prose("证据材料", rows=2, longest=300, help_text="如丈量记录、现场照片、档案摘录。")

    def prepare(self) -> None:
        self.fields["officers"].label = "调查人员"
        self.fields["officers"].error_messages["required"] = "请写调查人员。"


class AnswerPointForm(ActForm):
    keeps_draft = True
    no = forms.IntegerField(widget=forms.HiddenInput)
    support = forms.ChoiceField(label="处理意见", choices=[("", "—"), *codes.REPLY_SUPPORT.choices], error_messages={"required": "请选择处理意见。"})
    result = prose("处理结果", rows=6, longest=5000, help_text="时间、地点、查明的事实和处理结果。")
    ground = prose("依据", rows=2, longest=300, help_text="法律法规政策名称和条款。")


class AnswerForm(ActForm):
    """当场答复: each point with its opinion, result and ground, and what was said as a whole."""

    text = prose("答复内容", rows=5, longest=10_000)
    outcome = forms.ChoiceField(
        label="结果",
        choices=[("", "—"), *((o.value, o.label) for o in (Outcome.SOLVED, Outcome.EXPLAINED))],
        error_messages={"required": "请选择结果。"},
    )

    def prepare(self) -> None:
        for point in self.held.points:
            self.fields[f"support-{point.no}"] = forms.ChoiceField(
                label=f"第{point.no}项意见", choices=[("", "—"), *codes.REPLY_SUPPORT.choices], help_text=point.text
            )
            self.fields[f"result-{point.no}"] = prose(f"第{point.no}项结果", rows=2, longest=5000)
            self.fields[f"ground-{point.no}"] = forms.CharField(label=f"第{point.no}项依据", max_length=300)

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        results = {p.no: (typed[f"support-{p.no}"], typed[f"result-{p.no}"], typed[f"ground-{p.no}"]) for p in self.held.points}
        return {"text": typed["text"], "outcome": typed["outcome"], "results": results, "version": typed["version"]}


class PrepareForm(ActForm):
    keeps_draft = True
    outcome = forms.ChoiceField(
        label="办理结果",
        choices=[("", "—"), *((o.value, o.label) for o in rules.OUTCOMES_OF_REPLY)],
        error_messages={"required": "请选择办理结果。"},
    )
    support = forms.ChoiceField(
        label="总的处理意见", choices=[("", "—"), *codes.REPLY_SUPPORT.choices], error_messages={"required": "请选择处理意见。"}
    )
    text = prose("答复意见", rows=8, longest=20_000, help_text="各项诉求的结果和依据会自动列入，这里写总的意见。")
    remedy_unit = forms.CharField(
        label="复查机关", max_length=80, help_text="信访人不服时向其申请复查的上一级机关。", error_messages={"required": "请写复查机关。"}
    )

    def starting(self, held: CasePage) -> dict[str, Any]:
        last = held.reply
        if last is None:
            return {}
        return {"outcome": last.outcome, "support": held.petition.support, "text": last.text, "remedy_unit": last.remedy_unit}


class DeliverForm(ActForm):
    delivery = forms.ChoiceField(label="送达方式", choices=codes.DELIVERY_METHODS.choices)
    posted_on = day("交邮（公告）日期", required=False, help_text="邮寄、公告送达的填写。")
    delivered_on = day("收到日期", help_text="复查的30日从这一天起算。")
    receiver = forms.CharField(label="签收人", required=False, max_length=40)
    proof = forms.CharField(
        label="送达凭证", max_length=200, help_text="如送达回证、邮寄单号；电子送达写明本人同意。", error_messages={"required": "请写送达凭证。"}
    )

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"delivered_on": clock.today(), "receiver": held.people[0].name if held.people else ""}

    def prepare(self) -> None:
        self.fields.update(way_fields())
        ask_by_way(self, "delivery")
        self.fields["words"].shown_when = f"delivery={Delivery.Way.LEFT} {Delivery.Way.NOTICE}"  # type: ignore[attr-defined]
        self.fields["delivery"].widget.attrs["title"] = "；".join(f"{row.name}：{row.proof}" for row in codes.DELIVERY_METHODS.values())

    def clean(self) -> dict[str, Any]:
        typed = unsigned(super().clean() or {}, "delivery")
        if typed.get("delivery") in SIGNED_FOR and not typed.get("receiver"):
            self.add_error("receiver", "请写签收人。")
        return typed


class FeedbackForm(ActForm):
    way = forms.ChoiceField(label="回访方式", choices=rules.FeedbackWay.choices)
    on = day("回访日期")
    is_reached = forms.TypedChoiceField(
        label="是否联系上", choices=[("1", "联系上"), ("0", "没有联系上")], coerce=lambda value: value == "1", initial="1"
    )
    office_rating = forms.ChoiceField(label="对县中心", required=False, choices=[("", "未作评价"), *codes.SATISFACTION_LEVELS.choices])
    unit_rating = forms.ChoiceField(label="对责任单位", required=False, choices=[("", "未作评价"), *codes.SATISFACTION_LEVELS.choices])
    reason = prose("不满意原因", required=False, rows=2, longest=300)
    words = prose("群众意见", rows=4, longest=5000, help_text="没有联系上的，写明何时、打的哪个电话。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today()}


class ReopenForm(ActForm):
    due_on = day("重新办理的期限")
    reason = prose("重新办理的理由", help_text="各项诉求须重新写明处理意见。")


class NoteForm(actforms.NoteForm):
    is_internal = forms.BooleanField(label="内部记录，不对信访人公开", required=False)


class TaskForm(ActForm):
    """An act on one sub-task; which one is chosen among those that wait for this act."""

    act = ""
    no = forms.TypedChoiceField(label="任务", coerce=int, error_messages={"required": "请选择任务。"})

    def prepare(self) -> None:
        tree = directory.current()
        waiting = tasks_for(self.act, self.held, self.scope)
        self.fields["no"].choices = [  # type: ignore[attr-defined]
            (task.no, f"{task.no}. {tree.units[task.unit_id].short_name}：{task.text}") for task in waiting or self.held.tasks
        ]


class SignTaskForm(TaskForm):
    act = "sign_task"


class ConfirmTaskForm(TaskForm):
    act = "confirm_task"


class ReportTaskForm(TaskForm):
    act = "report_task"
    result = prose("办理结果", rows=5, longest=5000)


class ReturnTaskForm(TaskForm):
    act = "return_task"
    reason = prose("退回理由", rows=3)


class AmendForm(ActForm):
    """Correction of what was registered: the form opens with what stands; only what differs is a change."""

    title = forms.CharField(label="标题", max_length=40, error_messages={"required": "请写标题。"})
    story = prose("诉求内容", rows=8, longest=5000)
    topic_code = TypeaheadField(
        label="分类",
        resolve=resolve_topic,
        widget=Typeahead("petitions:lookup-categories", describe_topic),
        error_messages={"required": "请选择分类。"},
    )
    area_id = TypeaheadField(
        label="属地", resolve=resolve_area, widget=Typeahead("casework:lookup-areas", describe_area), error_messages={"required": "请选择属地。"}
    )
    place = forms.CharField(label="问题发生地", max_length=120, required=False)
    purpose = forms.ChoiceField(label="信访目的", choices=codes.PURPOSES.choices)
    channel = forms.ChoiceField(label="信访形式", choices=codes.CHANNELS.choices)
    urgency = forms.TypedChoiceField(label="紧急程度", choices=Urgency.choices, coerce=int)
    headcount = forms.IntegerField(label="来访人数", min_value=1, max_value=9999)
    involved_count = forms.IntegerField(label="涉及人数", min_value=1, max_value=999_999)
    respondent_unit_id = unit("被反映单位", required=False)
    respondent_name = forms.CharField(label="被反映人", max_length=60, required=False)
    is_about_centre = forms.BooleanField(label="反映县群众工作中心或其工作人员（检举控告）", required=False)
    flags = forms.MultipleChoiceField(label="标志", choices=codes.FLAGS.choices, required=False, widget=forms.CheckboxSelectMultiple)
    reason = prose("更正理由", rows=2, longest=200)

    def starting(self, held: CasePage) -> dict[str, Any]:
        names = [name for name in self.base_fields if name not in ("version", "reason")]
        found = {name: getattr(held.case if hasattr(held.case, name) else held.petition, name) for name in names}
        return {name: "" if value is None else value for name, value in found.items()}

    def beside(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with what stands now, in words."""
        before = self.starting(self.held)
        return [(field, self._in_words(field, before.get(field.name, ""))) for field in self.shown()]

    @staticmethod
    def _in_words(field: forms.BoundField, value: Any) -> str:
        widget = field.field.widget
        if isinstance(field.field, forms.BooleanField):
            return "是" if value else "否"
        if isinstance(widget, Typeahead):
            return widget.describe(str(value)) if value else ""
        if isinstance(field.field, forms.MultipleChoiceField | forms.ChoiceField):
            chosen = {str(item) for item in (value if isinstance(value, list) else [value])}
            offered: Any = field.field.choices
            return "、".join(str(label) for key, label in offered if str(key) in chosen)
        return str(value)

    def arguments(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        version, reason = typed.pop("version"), typed.pop("reason")
        before = self.starting(self.held)
        changes = {name: value for name, value in typed.items() if ("" if value is None else value) != before[name]}
        return {"changes": changes, "reason": reason, "version": version}
