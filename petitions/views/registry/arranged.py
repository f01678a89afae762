"""How the page of a petition lays out its acts."""

from __future__ import annotations

from casework.registry import Layout
from petitions.views.registry import letters, review, supervision, terms

#: Acts of the front door that do not lead on: they write down who did what, they join cases.
RECORDS = frozenset({"designate", "hear", "investigate", "answer_point", "note", "hand_over", "sign_task", "report_task", "confirm_task"})
JOINS = frozenset({"link", "unlink", "merge", "unmerge"})

LAYOUT = Layout(
    usual=(
        *("sign_task", "report_task", "confirm_task", "answer_instruction", "reply_supervision", "answer_advice"),
        *("approve_extension", "refuse_extension", "accept_simple", "convert"),
        *("answer_point", "hear", "investigate", "answer", "guide", "refer", "object", "refuse_return", "send_back"),
        *("record_hearing", "follow_up", "note", "designate", "urge", "settle", "serve"),
    ),
    groups=(
        ("期限与简易办理", terms.ACTS),
        ("复查复核与听证", review.ACTS),
        ("督办与领导", supervision.ACTS),
        ("文书与送达", letters.ACTS),
        (
            "记录与分工",
            frozenset({"designate", "hear", "investigate", "answer_point", "note", "hand_over", "sign_task", "report_task", "confirm_task"}),
        ),
        ("关联、并案与转办", JOINS | {"refer", "return_referral"}),
        ("办理", ()),
    ),
    apart=frozenset({"withdraw", "void", "retract", "reopen", "return_task", "take_back", "return_referral"}),
)
