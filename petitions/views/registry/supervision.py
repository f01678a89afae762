"""The acts of supervision: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from petitions.actions import advising, leading, supervision
from petitions.forms.acts import supervision as forms

ACTS: dict[str, Entry] = {
    "urge": Entry(forms.UrgeForm, supervision.urge, "催办", "已催办，承办单位会收到提醒", needs_rows=False),
    "propose_supervision": Entry(forms.ProposeSupervisionForm, supervision.propose_supervision, "提出督办", "已提出，等待中心确认"),
    "confirm_supervision": Entry(forms.ConfirmSupervisionForm, supervision.confirm_supervision, "确认督办", "督办已发出", is_previewed=True),
    "drop_supervision": Entry(forms.DropSupervisionForm, supervision.drop_supervision, "不予督办", "已记下不予督办的理由"),
    "reply_supervision": Entry(forms.ReplySupervisionForm, supervision.reply_supervision, "反馈督办", "已反馈，等待中心审核"),
    "close_supervision": Entry(forms.CloseSupervisionForm, supervision.close_supervision, "督办办结", "督办已办结"),
    "return_supervision": Entry(forms.ReturnSupervisionForm, supervision.return_supervision, "退回反馈", "已退回，重新反馈"),
    "give_instruction": Entry(forms.GiveInstructionForm, leading.give_instruction, "作出批示", "批示已交落实"),
    "answer_instruction": Entry(forms.AnswerInstructionForm, leading.answer_instruction, "反馈落实情况", "已反馈，领导会收到提醒"),
    "acknowledge_instruction": Entry(forms.AcknowledgeInstructionForm, leading.acknowledge_instruction, "已阅", "已阅知"),
    "record_reception": Entry(forms.RecordReceptionForm, leading.record_reception, "登记接访", "已登记，领导接访记录已出具", is_previewed=True),
    "sponsor": Entry(forms.SponsorForm, leading.sponsor, "确定包案", "已确定包案，登记表已出具", is_previewed=True),
    "record_sponsor_work": Entry(forms.RecordSponsorWorkForm, leading.record_sponsor_work, "记下包案工作", "已记录"),
    "end_sponsorship": Entry(forms.EndSponsorshipForm, leading.end_sponsorship, "结束包案", "包案已结束，登记表已出具", is_previewed=True),
    "accompany": Entry(forms.AccompanyForm, advising.accompany, "登记陪访代访", "已登记"),
    "advise": Entry(forms.AdviseForm, advising.advise, "出具建议书", "建议书已出具", is_previewed=True),
    "answer_advice": Entry(forms.AnswerAdviceForm, advising.answer_advice, "反馈采纳情况", "反馈单已出具", is_previewed=True),
    "report_urgent": Entry(forms.ReportUrgentForm, advising.report_urgent, "书面报告", "报告已出具，领导会收到提醒", is_previewed=True),
}
