"""What people do with a petition, one function per act, split by stage of the work. The only writer.

Every act has the same beats: in one transaction lock the case through the scope, ask `rules`, change the rows,
write a line of history, return. `by` is the Scope of the acting person, who may stand in for a colleague.
"""

from petitions.actions.answering import (
    answer_point,
    approve_decline,
    decline,
    deliver,
    guide,
    hear,
    investigate,
    prepare,
    reject_decline,
    reply,
    send_back,
)
from petitions.actions.closing import close, feedback, reopen, report, retract, void, withdraw
from petitions.actions.intake import Intake, SpotAnswer, amend, answer, register
from petitions.actions.keeping import hand_over, link, merge, note, unlink, unmerge
from petitions.actions.routing import (
    TaskFacts,
    accept,
    agree_return,
    coordinate,
    designate,
    instruct,
    object_to,
    propose,
    refuse_return,
    route,
    sign,
)
from petitions.actions.tasks import confirm_task, report_task, return_task, sign_task
from petitions.actions.undoing import take_back

__all__ = [
    "Intake",
    "SpotAnswer",
    "TaskFacts",
    "accept",
    "agree_return",
    "amend",
    "answer",
    "answer_point",
    "approve_decline",
    "close",
    "confirm_task",
    "coordinate",
    "decline",
    "deliver",
    "designate",
    "feedback",
    "guide",
    "hand_over",
    "hear",
    "instruct",
    "investigate",
    "link",
    "merge",
    "note",
    "object_to",
    "prepare",
    "propose",
    "refuse_return",
    "register",
    "reject_decline",
    "reopen",
    "reply",
    "report",
    "report_task",
    "retract",
    "return_task",
    "route",
    "send_back",
    "sign",
    "sign_task",
    "take_back",
    "unlink",
    "unmerge",
    "void",
    "withdraw",
]
