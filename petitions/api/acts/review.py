"""The acts of the review chain: input and action."""

from __future__ import annotations

from petitions.actions import review as actions
from petitions.api import review_inputs as r
from petitions.api import serializers as s
from petitions.api.acts.shape import Act

ACTS: dict[str, Act] = {
    "seek_review": (r.SeekReviewInput, actions.seek_review),
    "enter_review": (r.EnterReviewInput, actions.enter_review),
    "accept_review": (r.AcceptReviewInput, actions.accept_review),
    "reject_review": (s.WordsInput, actions.reject_review),
    "approve_reject_review": (s.OptionalWordsInput, actions.approve_reject_review),
    "refuse_reject_review": (s.WordsInput, actions.refuse_reject_review),
    "draft_review": (r.DraftReviewInput, actions.draft_review),
    "decide_review": (s.OptionalWordsInput, actions.decide_review),
    "return_review": (s.WordsInput, actions.return_review),
    "deliver_review": (s.DeliverInput, actions.deliver_review),
    "withdraw_review": (s.WordsInput, actions.withdraw_review),
    "call_hearing": (r.CallHearingInput, actions.call_hearing),
    "record_hearing": (r.RecordHearingInput, actions.record_hearing),
    "conclude": (s.OptionalWordsInput, actions.conclude),
    "follow_up": (r.FollowUpInput, actions.follow_up),
    "finish_follow_up": (r.FinishFollowUpInput, actions.finish_follow_up),
}
