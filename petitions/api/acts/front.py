"""The acts of the front door: input and action."""

from __future__ import annotations

from casework.api import Act, inputs
from petitions import actions
from petitions.api import serializers as s

ACTS: dict[str, Act] = {
    "route": (s.RouteInput, actions.route),
    "answer": (s.AnswerInput, actions.answer),
    "propose": (s.ProposeInput, actions.propose),
    "instruct": (inputs.WordsInput, actions.instruct),
    "guide": (s.GuideInput, actions.guide),
    "decline": (s.DeclineInput, actions.decline),
    "approve_decline": (inputs.OptionalWordsInput, actions.approve_decline),
    "reject_decline": (inputs.WordsInput, actions.reject_decline),
    "sign": (inputs.NoInput, actions.sign),
    "object": (s.ObjectInput, actions.object_to),
    "agree_return": (inputs.WordsInput, actions.agree_return),
    "refuse_return": (inputs.WordsInput, actions.refuse_return),
    "coordinate": (s.CoordinateInput, actions.coordinate),
    "accept": (inputs.WordsInput, actions.accept),
    "designate": (s.DesignateInput, actions.designate),
    "hear": (s.HearInput, actions.hear),
    "investigate": (s.InvestigateInput, actions.investigate),
    "answer_point": (s.PointInput, actions.answer_point),
    "prepare": (s.PrepareInput, actions.prepare),
    "reply": (inputs.OptionalWordsInput, actions.reply),
    "send_back": (inputs.WordsInput, actions.send_back),
    "deliver": (s.DeliverInput, actions.deliver),
    "report": (inputs.WordsInput, actions.report),
    "feedback": (s.FeedbackInput, actions.feedback),
    "close": (inputs.OptionalWordsInput, actions.close),
    "reopen": (s.ReopenInput, actions.reopen),
    "withdraw": (inputs.WordsInput, actions.withdraw),
    "void": (inputs.ReasonInput, actions.void),
    "retract": (inputs.ReasonInput, actions.retract),
    "amend": (s.AmendInput, actions.amend),
    "note": (inputs.NoteInput, actions.note),
    "hand_over": (inputs.HandOverInput, actions.hand_over),
    "link": (inputs.LinkInput, actions.link),
    "unlink": (inputs.UnlinkInput, actions.unlink),
    "merge": (inputs.MergeInput, actions.merge),
    "unmerge": (inputs.ReasonInput, actions.unmerge),
    "take_back": (inputs.NoInput, actions.take_back),
    "sign_task": (s.TaskNo, actions.sign_task),
    "report_task": (s.TaskResult, actions.report_task),
    "confirm_task": (s.TaskNo, actions.confirm_task),
    "return_task": (s.TaskReason, actions.return_task),
}
