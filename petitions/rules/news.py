"""What the inbox calls the news of petitions: groups to filter by, and which of them a person may mute."""

from __future__ import annotations

from casework.kinds import NoticeGroup
from petitions.rules.steps import STEPS

#: Kinds that are no act's own code, with their words.
_OTHERS = {
    "task": "联动办任务",
    "offer_conversion": "提示转为普通程序",
    "rate": "信访人评价",
    "sponsor_warning": "包案预警",
    "urge_leader": "多次催办",
    "seen_instruction": "领导已阅落实情况",
    "add_material": "信访人补充材料",
    "dissent": "信访人提出异议",
}

#: Codes of acts (or of _OTHERS) by group. Work that comes in and word from above cannot be muted.
_GROUPS: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
    (
        "work",
        "转办交办",
        False,
        (
            "route",
            "designate",
            "hand_over",
            "coordinate",
            "task",
            "return_task",
            "send_back",
            "reopen",
            "refuse_return",
            "reject_decline",
            "follow_up",
            "sponsor",
        ),
    ),
    (
        "approval",
        "待审批签发",
        False,
        ("prepare", "decline", "ask_extension", "offer_conversion", "draft_review", "reject_review"),
    ),
    (
        "supervision",
        "批示督办",
        False,
        (
            "propose",
            "instruct",
            "give_instruction",
            "answer_instruction",
            "seen_instruction",
            "propose_supervision",
            "confirm_supervision",
            "reply_supervision",
            "return_supervision",
            "close_supervision",
            "advise",
            "answer_advice",
            "urge",
            "urge_leader",
            "report_urgent",
            "sponsor_warning",
        ),
    ),
    ("review", "复查复核", False, ("seek_review", "redirect_review", "deliver_review", "return_review", "decide_review", "accept_review")),
    ("objection", "异议协调", True, ("object", "agree_return")),
    ("person", "信访人动态", True, ("rate", "add_material", "dissent", "withdraw")),
)


def notice_groups() -> tuple[NoticeGroup, ...]:
    """The groups with their kinds; every other act's news is 办理进展 and may be muted."""
    words = {**{code: step.label for code, step in STEPS.items()}, **_OTHERS}
    grouped = [
        NoticeGroup(code, label, {f"petition.{act}": words[act] for act in acts if act in words}, is_mutable=is_mutable)
        for code, label, is_mutable, acts in _GROUPS
    ]
    known = {kind for group in grouped for kind in group.kinds}
    rest = {f"petition.{act}": label for act, label in words.items() if f"petition.{act}" not in known}
    return (*grouped, NoticeGroup("progress", "办理进展", rest))
