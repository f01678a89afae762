"""The acts of the review chain: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from petitions.actions import ending, hearing
from petitions.actions import review as actions
from petitions.forms.acts import review as forms

#: What is about to be signed, or what is asked, stands above the button.
_ASKED = "petitions/acts/_review.html"

ACTS: dict[str, Entry] = {
    "seek_review": Entry(
        forms.SeekReviewForm, actions.seek_review, "登记申请", "已登记申请，转复查复核机关审查", template="petitions/acts/_seek_review.html"
    ),
    "enter_review": Entry(forms.EnterReviewForm, actions.enter_review, "登记来文意见", "已登记上级机关的意见", template=_ASKED),
    "accept_review": Entry(forms.AcceptReviewForm, actions.accept_review, "受理申请", "已受理，告知书已出具", is_previewed=True, template=_ASKED),
    "redirect_review": Entry(forms.RedirectReviewForm, actions.redirect_review, "转送申请", "已转有权机关", template=_ASKED, is_grave=True),
    "reject_review": Entry(forms.RejectReviewForm, actions.reject_review, "提交审批", "已提交审批", template=_ASKED),
    "approve_reject_review": Entry(
        forms.DecideReviewForm, actions.approve_reject_review, "同意不予受理", "已同意，告知书待送达", is_previewed=True, template=_ASKED
    ),
    "refuse_reject_review": Entry(forms.RefuseRejectReviewForm, actions.refuse_reject_review, "退回审查", "已退回，继续审查"),
    "draft_review": Entry(forms.DraftReviewForm, actions.draft_review, "提交签发", "已提交签发", template=_ASKED),
    "decide_review": Entry(forms.DecideReviewForm, actions.decide_review, "签发意见书", "已签发，意见书待送达", is_previewed=True, template=_ASKED),
    "return_review": Entry(forms.ReturnReviewForm, actions.return_review, "退回修改", "已退回修改", is_grave=True),
    "deliver_review": Entry(forms.DeliverReviewForm, actions.deliver_review, "登记送达", "已登记送达，本件退回原单位"),
    "withdraw_review": Entry(forms.WithdrawReviewForm, actions.withdraw_review, "登记撤回申请", "已登记撤回，原意见有效", is_grave=True),
    "call_hearing": Entry(forms.CallHearingForm, hearing.call_hearing, "出具听证通知书", "听证通知书已出具", is_previewed=True),
    "record_hearing": Entry(forms.RecordHearingForm, hearing.record_hearing, "保存听证笔录", "已记录听证"),
    "conclude": Entry(forms.ConcludeForm, ending.conclude, "三级终结", "已三级终结", is_grave=True),
    "follow_up": Entry(forms.FollowUpForm, ending.follow_up, "交办任务", "已交办帮扶任务"),
    "finish_follow_up": Entry(forms.FinishFollowUpForm, ending.finish_follow_up, "反馈任务", "帮扶任务已反馈"),
}
