"""How the case page lays out the lawful acts: what leads on, what is usually done next, the rest by group, the grave ones apart."""

from __future__ import annotations

from dataclasses import dataclass

from casework.rules import Step
from petitions.views.registry import letters, review, supervision, terms
from petitions.views.registry.entry import Entry

#: So many acts stand open; the rest is behind «更多». The open one always shows.
MOST_SHOWN = 6
#: What is done next to the step that leads on, most usual first; whatever is not here is one click further away.
USUAL = (
    *("sign_task", "report_task", "confirm_task", "answer_instruction", "reply_supervision", "answer_advice"),
    *("approve_extension", "refuse_extension", "accept_simple", "convert"),
    *("answer_point", "hear", "investigate", "answer", "guide", "object", "refuse_return", "send_back"),
    *("record_hearing", "follow_up", "note", "designate", "urge", "settle", "serve"),
)
#: Acts of the front door that do not lead on: they write down, they join cases, they end or mend what was begun.
RECORDS = frozenset({"designate", "hear", "investigate", "answer_point", "note", "hand_over", "sign_task", "report_task", "confirm_task"})
JOINS = frozenset({"link", "merge", "unmerge"})
APART = frozenset({"withdraw", "void", "retract", "reopen", "return_task", "take_back"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One act as a button: `missing` counts what has to be done before."""

    code: str
    step: Step
    is_grave: bool
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Arranged:
    shown: tuple[Choice, ...]
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    apart: tuple[Choice, ...]

    @property
    def rest(self) -> int:
        """How many acts are behind «更多»."""
        return sum(len(choices) for _, choices in self.groups) + len(self.apart)


def arrange(acts: dict[str, Step], registry: dict[str, Entry], *, opened: str, state: str, missing: dict[str, int]) -> Arranged:
    """Lay out the acts. `opened` is the one whose form stands open, `missing` says of which act how much is not there yet."""
    choices = {code: Choice(code, step, registry[code].is_grave, missing.get(code, 0)) for code, step in acts.items()}
    leading = [code for code, step in acts.items() if step.primary and step.to != state]
    usual = [code for code in USUAL if code in acts and code not in leading and not choices[code].is_grave]
    shown = [*leading, *usual][:MOST_SHOWN]
    if opened in choices and opened not in shown:
        shown = [*shown[: MOST_SHOWN - 1], opened]
    left = [choice for code, choice in choices.items() if code not in shown]
    if len(left) == 1 and not _is_apart(left[0]):
        return Arranged((*(choices[code] for code in shown), left[0]), (), ())
    groups: dict[str, list[Choice]] = {}
    for choice in left:
        if not _is_apart(choice):
            groups.setdefault(_group(choice.code), []).append(choice)
    return Arranged(
        tuple(choices[code] for code in shown),
        tuple((label, tuple(rows)) for label, rows in groups.items()),
        tuple(choice for choice in left if _is_apart(choice)),
    )


def _is_apart(choice: Choice) -> bool:
    return choice.is_grave or choice.code in APART


def _group(code: str) -> str:
    for acts, label in (
        (terms.ACTS, "期限与简易办理"),
        (review.ACTS, "复查复核与听证"),
        (supervision.ACTS, "督办与领导"),
        (letters.ACTS, "文书与送达"),
    ):
        if code in acts:
            return label
    if code in RECORDS:
        return "记录与分工"
    return "关联与并案" if code in JOINS else "办理"
