"""Which form and which action an act has, and how the page shows it. A new act is one row of its stage."""

from casework.registry import Entry, Layout
from mediation.views.registry import closing, court, joint, ladder, people, prevention, talks

REGISTRY: dict[str, Entry] = {**ladder.ACTS, **people.ACTS, **talks.ACTS, **closing.ACTS, **joint.ACTS, **court.ACTS, **prevention.ACTS}

#: How the page of a dispute lays out its acts.
LAYOUT = Layout(
    usual=("take", "give_back", *talks.USUAL, *closing.USUAL, "note", "fail", "assess", *court.USUAL, *joint.USUAL),
    groups=(
        ("调解与协议", talks.ACTS),
        ("确认、回访与归档", closing.ACTS),
        ("调解员与团队", frozenset({"name_mediator", *people.ACTS})),
        ("联动与会诊", joint.ACTS),
        ("法庭", court.ACTS),
        ("记录与评估", frozenset({"note", "assess", "alarm", "amend", *prevention.ACTS})),
        ("三级六步", ()),
    ),
    apart=frozenset({"void", "decline", "recall", "call_off", "give_back", "leap", "return_referral", "return_body", "recall_body"}),
)

__all__ = ["LAYOUT", "REGISTRY"]
