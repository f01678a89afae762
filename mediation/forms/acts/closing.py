"""Forms of the time after the agreement: confirmation, visits, inquiries, the dossier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from casework.actforms import day, prose, split_names
from mediation import codes
from mediation.forms.acts.form import ActForm
from mediation.forms.acts.ladder import moment
from mediation.models import Confirmation, FollowUpVisit, Inquiry, Side
from mediation.queries.dispute import CasePage, people_choices
from mediation.rules import closing, dossier
from organisations import clock, directory

#: The court may need so many days more (法释〔2011〕5号§5).
MOST_COURT_DAYS = 10


class ApplyConfirmationForm(ActForm):
    applied_on = day("申请日期", help_text="自协议生效之日起30日内；最后一天逢节假日，顺延到下一个工作日。")
    party_ids = forms.TypedMultipleChoiceField(
        label="共同申请的当事人",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="须由双方（各方）共同申请，可由代理人代为申请。",
        error_messages={"required": "请勾选共同申请的当事人。"},
    )
    concerns = forms.ChoiceField(
        label="协议是否涉及身份关系",
        required=False,
        help_text="下列内容法院不予受理司法确认，先核对再申请。",
    )
    court = forms.CharField(label="受理法院", max_length=60, error_messages={"required": "请写明向哪个法院申请。"})
    tier = forms.ChoiceField(label="法院级别", choices=Confirmation.Tier.choices, help_text="依法应由中级人民法院管辖的，选中级。")
    why_court = forms.ChoiceField(label="管辖依据", choices=Confirmation.Court.choices)
    why_words = forms.CharField(
        label="管辖说明", max_length=200, help_text="如“甲方住阜山镇九曲村”。", error_messages={"required": "请写明这个法院为什么有管辖权。"}
    )

    def prepare(self) -> None:
        self.fields["party_ids"].choices = people_choices(self.held)  # type: ignore[attr-defined]
        names = [(code, f"涉及：{codes.CONFIRMATION_REFUSALS[code].name}") for code in closing.PERSONAL_STATUS]
        self.fields["concerns"].choices = [("", "都不涉及"), *names]  # type: ignore[attr-defined]

    def starting(self, held: CasePage) -> dict[str, Any]:
        tree = directory.current()
        county = next(area for area in tree.areas.values() if area.level == "county")
        is_invited = held.dispute.source == closing.FROM_COURT
        place = tree.areas[held.case.area_id].path_name
        return {
            "applied_on": clock.today(),
            "party_ids": [side.party_id for side in held.sides if not side.is_agent],
            "court": f"{county.name}人民法院",
            "why_court": Confirmation.Court.INVITING if is_invited else Confirmation.Court.BODY,
            "why_words": "" if is_invited else f"调解组织在{place}",
        }


class RecordCourtAcceptanceForm(ActForm):
    is_taken = forms.TypedChoiceField(
        label="法院决定", choices=[("1", "受理"), ("0", "不予受理")], coerce=lambda value: value == "1", widget=forms.RadioSelect
    )
    on = day("决定日期")
    court_number = forms.CharField(label="案号", max_length=60, required=False, help_text="受理的填写，如“（2026）鲁0685调确字第12号”。")
    ground = forms.ChoiceField(label="不予受理的情形", required=False)
    words = prose("说明", required=False, rows=2)

    def prepare(self) -> None:
        self.fields["ground"].choices = [("", "受理的不选"), *_grounds(closing.NOT_TAKEN_GROUNDS)]  # type: ignore[attr-defined]

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"is_taken": "1", "on": clock.today()}


class LengthenConfirmationForm(ActForm):
    days = forms.IntegerField(
        label="延长天数", min_value=1, max_value=MOST_COURT_DAYS, initial=MOST_COURT_DAYS, help_text="最多10日，经本院院长批准。"
    )
    reason = prose("法院说明的情况", rows=2)


class RecordConfirmationForm(ActForm):
    decision = forms.ChoiceField(
        label="结果",
        choices=[
            (Confirmation.State.CONFIRMED, "裁定调解协议有效"),
            (Confirmation.State.REFUSED, "裁定驳回申请（不予确认）"),
            (Confirmation.State.WITHDRAWN, "当事人撤回申请"),
        ],
        widget=forms.RadioSelect,
        help_text="裁定有效的，一方不履行，对方可以申请强制执行（民诉法§206）。",
    )
    on = day("日期")
    ground = forms.ChoiceField(label="不予确认的情形", required=False)
    words = prose("说明", required=False, rows=2)

    def prepare(self) -> None:
        self.fields["ground"].choices = [("", "确认有效或撤回的不选"), *_grounds(closing.REFUSED_GROUNDS)]  # type: ignore[attr-defined]

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today()}


def _grounds(offered: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, codes.CONFIRMATION_REFUSALS[code].name) for code in offered]


class FollowUpForm(ActForm):
    keeps_draft = True
    on = day("回访日期")
    way = forms.ChoiceField(label="回访方式", choices=FollowUpVisit.Way.choices)
    visited = forms.CharField(label="被回访人", max_length=80, error_messages={"required": "请写回访了谁。"})
    visitors = forms.CharField(label="回访人", max_length=80, error_messages={"required": "请写谁去回访。"})
    performance = forms.ChoiceField(label="履行情况", choices=lambda: codes.PERFORMANCE.choices)
    satisfaction = forms.ChoiceField(label="满意度", choices=FollowUpVisit.Satisfaction.choices)
    problems = prose("反映的问题", required=False, rows=3, longest=1000, help_text="没有全部履行的，写明哪些没有履行、什么原因。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        names = [person.name for person in held.people if any(side.party_id == person.pk and not side.is_agent for side in held.sides)]
        return {"on": clock.today(), "visited": "、".join(names)[:80], "visitors": self.scope.user.name}


class InquireForm(ActForm):
    keeps_draft = True
    asked = forms.CharField(label="被调查人", max_length=60, error_messages={"required": "请写被调查人姓名。"})
    asked_facts = forms.CharField(
        label="基本情况", max_length=120, help_text="性别、年龄、职业、与当事人的关系。", error_messages={"required": "请写被调查人的基本情况。"}
    )
    askers = forms.CharField(label="调查人", max_length=80, help_text="两人以上，用顿号隔开。", error_messages={"required": "请写调查人，两人以上。"})
    recorder = forms.CharField(label="记录人", max_length=30, error_messages={"required": "请写记录人。"})
    others = forms.CharField(label="其他参加人", max_length=120, required=False)
    place = forms.CharField(label="地点", max_length=80, error_messages={"required": "请写调查地点。"})
    began_at = moment("开始时间")
    ended_at = moment("结束时间")
    content = prose("调查内容", rows=8, longest=8000, help_text="一问一答，照实记录。")
    signed = forms.ChoiceField(label="被调查人签名", choices=Inquiry.Signed.choices)
    refused_because = forms.CharField(label="拒签的原因和见证人", max_length=200, required=False)

    def starting(self, held: CasePage) -> dict[str, Any]:
        now = timezone.localtime(clock.now())
        return {"askers": self.scope.user.name, "began_at": now, "ended_at": now}

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {**found, "askers": split_names(found["askers"])}


class FileMaterialForm(ActForm):
    file_ids = forms.TypedMultipleChoiceField(
        label="材料", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选要归入卷宗的材料。"}
    )
    item = forms.ChoiceField(label="归入", required=False)

    def prepare(self) -> None:
        held_at = {row.attachment_id: row.item for row in self.held.dossier_files}
        names = {item.code: item.name for item in dossier.FILED_AT}
        self.fields["file_ids"].choices = [  # type: ignore[attr-defined]
            (file.pk, f"{file.label or file.name}{f'（现在：{names[held_at[file.pk]]}）' if file.pk in held_at else ''}") for file in self.held.files
        ]
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            *((item.code, f"{item.code} {item.name}") for item in dossier.FILED_AT),
            ("", "不入卷"),
        ]

    def starting(self, held: CasePage) -> dict[str, Any]:
        placed = {row.attachment_id for row in held.dossier_files}
        loose = [file for file in held.files if file.pk not in placed]
        first = dossier.hint(loose[0]) if loose else ""
        return {"file_ids": [file.pk for file in loose if dossier.hint(file) == first][: len(loose)], "item": first or dossier.EVIDENCE}


class WriteReportForm(ActForm):
    keeps_draft = True
    summary = prose("简要案情", rows=4, longest=2000)
    result = prose("调解结果", rows=3, longest=1000)
    opinion = prose("审核意见", required=False, rows=2, help_text="由没有主持本件调解的负责人写；留空的，审核人在打印件上手写、签名。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        dispute = held.dispute
        agreement = next((row for row in getattr(held, "agreements", []) if row.replaced_on is None), None)
        return {"summary": dispute.story[:2000], "result": agreement.content[:1000] if agreement else ""}


class ArchiveForm(ActForm):
    name = forms.CharField(label="卷名", max_length=120, error_messages={"required": "请写卷名。"})
    remarks = prose("卷宗情况说明", required=False, rows=3, help_text="缺页、复印件、移交等需要说明的情况。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        first: dict[str, str] = {
            letter: next((person.name for side, person in held.on_side(letter) if not side.is_agent), "")  # type: ignore[attr-defined]
            for letter in (Side.Letter.FIRST, Side.Letter.SECOND)
        }
        kind = codes.TYPES[held.dispute.type_code].name
        return {"name": f"{first['a']}与{first['b']}{kind}"[:120]}
