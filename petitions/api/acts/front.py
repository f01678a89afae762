"""The acts of the front door: input and action."""

from __future__ import annotations

from petitions import actions
from petitions.api import serializers as s
from petitions.api.acts.shape import Act

ACTS: dict[str, Act] = {
    "route": (s.RouteInput, actions.route),
    "answer": (s.AnswerInput, actions.answer),
    "propose": (s.ProposeInput, actions.propose),
    "instruct": (s.WordsInput, actions.instruct),
    "guide": (s.GuideInput, actions.guide),
    "decline": (s.DeclineInput, actions.decline),
    "approve_decline": (s.OptionalWordsInput, actions.approve_decline),
    "reject_decline": (s.WordsInput, actions.reject_decline),
    "sign": (s.NoInput, actions.sign),
    "object": (s.ObjectInput, actions.object_to),
    "agree_return": (s.WordsInput, actions.agree_return),
    "refuse_return": (s.WordsInput, actions.refuse_return),
    "coordinate": (s.CoordinateInput, actions.coordinate),
    "accept": (s.WordsInput, actions.accept),
    "designate": (s.DesignateInput, actions.designate),
    "hear": (s.HearInput, actions.hear),
    "investigate": (s.InvestigateInput, actions.investigate),
    "answer_point": (s.PointInput, actions.answer_point),
    "prepare": (s.PrepareInput, actions.prepare),
    "reply": (s.OptionalWordsInput, actions.reply),
    "send_back": (s.WordsInput, actions.send_back),
    "deliver": (s.DeliverInput, actions.deliver),
    "report": (s.WordsInput, actions.report),
    "feedback": (s.FeedbackInput, actions.feedback),
    "close": (s.OptionalWordsInput, actions.close),
    "reopen": (s.ReopenInput, actions.reopen),
    "withdraw": (s.WordsInput, actions.withdraw),
    "void": (s.ReasonInput, actions.void),
    "retract": (s.ReasonInput, actions.retract),
    "amend": (s.AmendInput, actions.amend),
    "note": (s.NoteInput, actions.note),
    "hand_over": (s.HandOverInput, actions.hand_over),
    "link": (s.LinkInput, actions.link),
    "merge": (s.MergeInput, actions.merge),
    "unmerge": (s.ReasonInput, actions.unmerge),
    "take_back": (s.NoInput, actions.take_back),
    "sign_task": (s.TaskNo, actions.sign_task),
    "report_task": (s.TaskResult, actions.report_task),
    "confirm_task": (s.TaskNo, actions.confirm_task),
    "return_task": (s.TaskReason, actions.return_task),
}
