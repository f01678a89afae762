"""The acts of supervision: input and action."""

from __future__ import annotations

from casework.api import Act
from petitions.actions import advising, leading, supervision
from petitions.api import supervision_inputs as s

ACTS: dict[str, Act] = {
    "urge": (s.UrgeInput, supervision.urge),
    "propose_supervision": (s.ProposeSupervisionInput, supervision.propose_supervision),
    "confirm_supervision": (s.ConfirmSupervisionInput, supervision.confirm_supervision),
    "drop_supervision": (s.RowWordsInput, supervision.drop_supervision),
    "reply_supervision": (s.RowTextInput, supervision.reply_supervision),
    "close_supervision": (s.RowWordsInput, supervision.close_supervision),
    "return_supervision": (s.ReturnSupervisionInput, supervision.return_supervision),
    "give_instruction": (s.GiveInstructionInput, leading.give_instruction),
    "answer_instruction": (s.RowTextInput, leading.answer_instruction),
    "acknowledge_instruction": (s.RowNo, leading.acknowledge_instruction),
    "record_reception": (s.RecordReceptionInput, leading.record_reception),
    "sponsor": (s.SponsorInput, leading.sponsor),
    "record_sponsor_work": (s.SponsorWorkInput, leading.record_sponsor_work),
    "end_sponsorship": (s.EndSponsorshipInput, leading.end_sponsorship),
    "accompany": (s.AccompanyInput, advising.accompany),
    "advise": (s.AdviseInput, advising.advise),
    "answer_advice": (s.AnswerAdviceInput, advising.answer_advice),
    "report_urgent": (s.ReportUrgentInput, advising.report_urgent),
}
