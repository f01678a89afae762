"""The acts of the review chain: input and action."""

from __future__ import annotations

from casework.api import Act, inputs
from petitions.actions import ending, hearing
from petitions.actions import review as actions
from petitions.api import review_inputs as r
from petitions.api import serializers as s

ACTS: dict[str, Act] = {
    "seek_review": (r.SeekReviewInput, actions.seek_review),
    "enter_review": (r.EnterReviewInput, actions.enter_review),
    "accept_review": (r.AcceptReviewInput, actions.accept_review),
    "redirect_review": (r.RedirectReviewInput, actions.redirect_review),
    "reject_review": (inputs.WordsInput, actions.reject_review),
    "approve_reject_review": (inputs.OptionalWordsInput, actions.approve_reject_review),
    "refuse_reject_review": (inputs.WordsInput, actions.refuse_reject_review),
    "draft_review": (r.DraftReviewInput, actions.draft_review),
    "decide_review": (inputs.OptionalWordsInput, actions.decide_review),
    "return_review": (inputs.WordsInput, actions.return_review),
    "deliver_review": (s.DeliverInput, actions.deliver_review),
    "withdraw_review": (inputs.WordsInput, actions.withdraw_review),
    "call_hearing": (r.CallHearingInput, hearing.call_hearing),
    "record_hearing": (r.RecordHearingInput, hearing.record_hearing),
    "conclude": (inputs.OptionalWordsInput, ending.conclude),
    "follow_up": (r.FollowUpInput, ending.follow_up),
    "finish_follow_up": (r.FinishFollowUpInput, ending.finish_follow_up),
}
