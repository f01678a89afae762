"""The acts of bodies together: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from mediation.actions import joint
from mediation.forms.acts import joint as forms

ACTS: dict[str, Entry] = {
    "refer_body": Entry(forms.ReferBodyForm, joint.refer_body, "移送调处组织", "已移送，函件已出具，等待接收", needs_rows=False),
    "accept_body": Entry(forms.OptionalWordsForm, joint.accept_body, "接收移送", "已接收，办结后请反馈结果"),
    "return_body": Entry(forms.ReturnBodyForm, joint.return_body, "退回移送", "已退回，由原组织继续调解", is_grave=True),
    "recall_body": Entry(forms.ReturnBodyForm, joint.recall_body, "撤回移送", "已撤回，由本级继续调解"),
    "report_body": Entry(forms.ReportBodyForm, joint.report_body, "反馈调处结果", "已反馈移送的组织"),
    "consult": Entry(forms.ConsultForm, joint.consult, "登记会诊", "已登记会诊，参加人员可以查看本件", needs_rows=False),
    "assign": Entry(forms.AssignForm, joint.assign, "安排信调员", "已安排，本人已收到通知"),
    "refer_petition": Entry(forms.ReferPetitionForm, joint.refer_petition, "转信访", "已转县中心，按信访程序办理", needs_rows=False),
    "return_referral": Entry(forms.ReturnReferralForm, joint.return_referral, "退回转办", "已退回转来的单位", is_grave=True),
}
#: What is done next most often, first.
USUAL: tuple[str, ...] = ("accept_body", "report_body", "consult", "assign", "refer_body")
