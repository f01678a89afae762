"""The acts of the front door: form, action, words."""

from __future__ import annotations

from casework import actforms
from casework.registry import Entry
from petitions import actions
from petitions.forms.acts import front as forms
from petitions.forms.routing import RouteForm

ACTS: dict[str, Entry] = {
    "route": Entry(RouteForm, actions.route, "分流转办", "已分流", needs_rows=False, is_previewed=True, template="petitions/acts/_route.html"),
    "answer": Entry(forms.AnswerForm, actions.answer, "当场答复", "已答复，待回访"),
    "propose": Entry(forms.ProposeForm, actions.propose, "报请批示", "已报请领导"),
    "instruct": Entry(forms.InstructForm, actions.instruct, "签发批示", "已批示"),
    "guide": Entry(
        forms.GuideForm, actions.guide, "出具引导告知书", "已出具引导告知书，待送达", is_previewed=True, template="petitions/acts/_ladder.html"
    ),
    "decline": Entry(forms.DeclineForm, actions.decline, "提交审批", "已提交审批", is_previewed=True, template="petitions/acts/_ladder.html"),
    "approve_decline": Entry(actforms.OptionalWordsForm, actions.approve_decline, "同意不予受理", "已同意，告知书待送达", is_previewed=True),
    "reject_decline": Entry(forms.RejectDeclineForm, actions.reject_decline, "退回拟办", "已退回，继续办理", is_grave=True),
    "sign": Entry(forms.SignForm, actions.sign, "签收", "已签收，由您负责到移交为止", needs_rows=False),
    "object": Entry(forms.ObjectForm, actions.object_to, "提出异议", "已提出异议，等待中心答复", is_previewed=True),
    "agree_return": Entry(forms.AgreeReturnForm, actions.agree_return, "同意退回", "已退回，待中心分流", is_grave=True),
    "refuse_return": Entry(forms.RefuseReturnForm, actions.refuse_return, "不同意退回", "已答复，仍由原单位办理"),
    "coordinate": Entry(forms.CoordinateForm, actions.coordinate, "作出裁定", "已裁定责任单位", is_previewed=True),
    "accept": Entry(forms.AcceptForm, actions.accept, "受理并出具告知书", "已受理，告知书已出具", needs_rows=False, is_previewed=True),
    "designate": Entry(forms.DesignateForm, actions.designate, "指定承办人", "已指定承办人"),
    "hear": Entry(forms.HearForm, actions.hear, "记录听取陈述", "已记录听取陈述", is_previewed=True),
    "investigate": Entry(forms.InvestigateForm, actions.investigate, "记录调查核实", "已记录调查核实"),
    "answer_point": Entry(forms.AnswerPointForm, actions.answer_point, "保存这一项", "已保存处理结果", template="petitions/acts/_point.html"),
    "prepare": Entry(forms.PrepareForm, actions.prepare, "提交审签", "已提交审签", is_previewed=True, template="petitions/acts/_prepare.html"),
    "reply": Entry(
        actforms.OptionalWordsForm, actions.reply, "签发答复", "已签发，处理意见书待送达", is_previewed=True, template="petitions/acts/_reply.html"
    ),
    "send_back": Entry(forms.SendBackForm, actions.send_back, "退回修改", "已退回修改", is_grave=True),
    "deliver": Entry(forms.DeliverForm, actions.deliver, "登记送达", "已登记送达"),
    "report": Entry(forms.ReportForm, actions.report, "报县中心", "已报县中心"),
    "feedback": Entry(forms.FeedbackForm, actions.feedback, "登记回访", "已登记回访"),
    "close": Entry(actforms.OptionalWordsForm, actions.close, "办结归档", "已办结", is_grave=True),
    "reopen": Entry(forms.ReopenForm, actions.reopen, "重新办理", "已交重新办理"),
    "withdraw": Entry(forms.WithdrawForm, actions.withdraw, "登记撤回", "已登记撤回，待回访核实"),
    "void": Entry(actforms.ReasonForm, actions.void, "作废", "已作废，编号保留", is_grave=True),
    "retract": Entry(actforms.ReasonForm, actions.retract, "撤销导入", "已撤销导入，编号保留", is_grave=True),
    "amend": Entry(forms.AmendForm, actions.amend, "保存更正", "已更正，前后内容都已留存"),
    "note": Entry(forms.NoteForm, actions.note, "记下", "已记录"),
    "hand_over": Entry(forms.HandOverForm, actions.hand_over, "移交", "已移交"),
    "link": Entry(actforms.LinkForm, actions.link, "关联", "已关联"),
    "unlink": Entry(actforms.UnlinkForm, actions.unlink, "解除关联", "已解除关联"),
    "merge": Entry(actforms.MergeForm, actions.merge, "并案", "已并案，可随时解除", is_grave=True),
    "unmerge": Entry(actforms.ReasonForm, actions.unmerge, "解除并案", "已解除并案"),
    "take_back": Entry(forms.SignForm, actions.take_back, "撤销上一步", "已撤销，恢复到上一步之前", needs_rows=False),
    "sign_task": Entry(forms.SignTaskForm, actions.sign_task, "签收任务", "任务已签收"),
    "report_task": Entry(forms.ReportTaskForm, actions.report_task, "反馈任务", "任务已反馈"),
    "confirm_task": Entry(forms.ConfirmTaskForm, actions.confirm_task, "确认任务", "任务已确认"),
    "return_task": Entry(forms.ReturnTaskForm, actions.return_task, "退回任务", "任务已退回", is_grave=True),
}
