"""Forms of the ladder: accept, decline, assess, alarm, fail, offer, leap, answer; note and correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from casework.actforms import day, people_of, prose
from mediation import codes
from mediation.forms.acts.form import ActForm
from mediation.forms.acts.people import member_choices
from mediation.models import Dispute
from mediation.queries import ladder
from mediation.queries.dispute import CasePage
from mediation.rules import LAST, LEVELS
from organisations import clock
from organisations.models import Post
from organisations.roles import Role

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
#: Facts a risk grade rests on, one a line, at most.
MOST_FACTS = 6
LONGEST_FACT = 200


def moment(label: str, *, required: bool = True, help_text: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=MOMENTS,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENTS[0]),
        error_messages={"invalid": "时间看不懂，请从控件里选择。", "required": f"请填写{label}。"},
    )


class WordsForm(ActForm):
    words = prose("说明", rows=3, longest=1000)


class OptionalWordsForm(ActForm):
    words = prose("说明", required=False, rows=2, longest=1000)


class ReasonForm(ActForm):
    reason = prose("理由", rows=3, longest=1000)


class AcceptForm(ActForm):
    is_willing = forms.BooleanField(label="已征询双方，都愿意调解", required=False, help_text="一方明确拒绝的，不得调解（调解法§17）。")
    words = prose("征询情况", required=False, rows=2)


class DeclineForm(ActForm):
    reason = prose("不予受理的理由", rows=3, help_text="依法由专门机关管辖、法院已受理、一方明确拒绝等。")
    routes = forms.MultipleChoiceField(
        label="告知可走的途径",
        choices=lambda: [(code, row.name) for code, row in codes.WAYS.items() if code != "mediated"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选告知的途径。"},
    )


class AssessForm(ActForm):
    difficulty = forms.ChoiceField(label="难易程度", choices=lambda: codes.DIFFICULTIES.choices)
    scale = forms.ChoiceField(label="事件规模", choices=lambda: codes.SCALES.choices)
    risk = forms.ChoiceField(label="风险等级", choices=Dispute.Risk.choices, required=False)
    facts = prose("风险依据", required=False, rows=3, longest=1200, help_text="一行一条事实，如“10月3日双方推搡”。只写事实，不贴标签。")
    review_on = day("复核日期", required=False, help_text="到期不复核，等级失效。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        row = held.dispute
        return {
            "difficulty": row.difficulty,
            "scale": row.scale,
            "risk": row.risk,
            "facts": "\n".join(row.risk_facts),
            "review_on": row.risk_review_on,
        }

    def clean_facts(self) -> str:
        found = _lines(self.cleaned_data["facts"])
        if len(found) > MOST_FACTS or any(len(line) > LONGEST_FACT for line in found):
            raise forms.ValidationError(f"最多 {MOST_FACTS} 条，每条不超过 {LONGEST_FACT} 字。")
        return "\n".join(found)

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {**found, "facts": _lines(found["facts"])}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class AlarmForm(ActForm):
    facts = prose("危险情形", rows=2)
    measures = prose("已采取的预防措施", rows=2)
    police = forms.CharField(label="接报公安机关和人员", max_length=120, error_messages={"required": "请写明向哪个派出所、谁报告。"})
    told_at = moment("报告时间")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"told_at": timezone.localtime(clock.now())}


class FailForm(ActForm):
    keeps_draft = True
    words = prose("分歧和已做的工作", rows=4, longest=1000, help_text="上一级要看：双方各坚持什么、差距在哪里、做过哪些工作。")


class OfferForm(ActForm):
    reason = prose("移交理由", rows=3, longest=1000)


class LeapForm(ActForm):
    to_step = forms.TypedChoiceField(label="移交给", coerce=int)
    urgency = prose("紧急情形", rows=2, help_text="有什么激化危险，谁授权越级。")
    reason = prose("移交理由", rows=2, longest=1000)

    def prepare(self) -> None:
        bodies = ladder.bodies(clock.today())
        self.fields["to_step"].choices = [  # type: ignore[attr-defined]
            (no, f"第{no}步 {bodies[no].name}（{LEVELS[no]}）") for no in range(self.held.dispute.step + 1, LAST + 1)
        ]


class GiveBackForm(ActForm):
    words = prose("退回理由和还要做的工作", rows=3, longest=1000)


class CallOffForm(ActForm):
    words = prose("为什么不再越级", rows=3, longest=1000, help_text="例如双方已经劝离，危险已经消除。由原来的组织接着办理。")


class NameMediatorForm(ActForm):
    mediator_id = forms.TypedChoiceField(label="调解员队伍里的人", coerce=int, required=False, empty_value=None)
    to_user_id = forms.TypedChoiceField(label="或者本单位在岗人员", coerce=int, required=False, empty_value=None)
    reason = prose("确定方式", rows=2, help_text="调委会指定，或者双方当事人共同选择。")

    def prepare(self) -> None:
        roles = [Role.MEDIATOR, Role.VILLAGE_CADRE, Role.HANDLER, Role.HEAD, Role.OFFICE]
        posts = Post.objects.current(clock.today()).filter(unit=self.held.case.unit_id, role__in=roles, user__is_active=True)
        self.fields["to_user_id"].choices = [("", "（不选）"), *people_of(posts)]  # type: ignore[attr-defined]
        asked = str(self.initial.get("no", "") or self.data.get("mediator_id", ""))
        self.fields["mediator_id"].choices = [("", "（不选）"), *member_choices(self.held, also=asked)]  # type: ignore[attr-defined]
        self.initial.setdefault("mediator_id", asked)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if "mediator_id" in typed and "to_user_id" in typed and (typed["mediator_id"] is None) == (typed["to_user_id"] is None):
            self.add_error("mediator_id", "请选一位：调解员队伍里的人，或者本单位在岗人员。")
        return typed


class NoteForm(ActForm):
    keeps_draft = True
    text = prose("情况", rows=4, longest=2000)
    happened_at = moment("发生时间", required=False, help_text="不填就是现在。")
    is_internal = forms.BooleanField(label="内部记录", required=False)


class AmendForm(ActForm):
    title = forms.CharField(label="标题", max_length=80)
    type_code = forms.ChoiceField(label="纠纷类型", choices=lambda: codes.TYPES.choices)
    story = prose("纠纷简要情况", rows=5, longest=5000)
    demand = prose("申请事项", required=False, rows=2, longest=1000)
    place = forms.CharField(label="发生地详址", max_length=120, required=False)
    amount = forms.DecimalField(label="涉及金额（元）", required=False, max_digits=14, decimal_places=2, min_value=0)
    people_count = forms.IntegerField(label="涉及人数", min_value=2, max_value=100_000)
    reason = prose("更正理由", rows=2, longest=200)

    def starting(self, held: CasePage) -> dict[str, Any]:
        row = held.dispute
        return {
            "title": held.case.title,
            "type_code": row.type_code,
            "story": row.story,
            "demand": row.demand,
            "place": row.place,
            "amount": row.amount,
            "people_count": row.people_count,
        }
