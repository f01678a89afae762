"""Steps that concern a paper rather than the matter: issue on request, delivery, correction (L-PET-70, L-PET-73)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.rules import NotAllowed, Step, Where
from organisations.roles import Role
from petitions.rules import chain
from petitions.rules.actors import OPEN, UNIT
from petitions.rules.checks import ANNOUNCED, ANNOUNCEMENT_DAYS, POSTED
from petitions.rules.states import State

#: Papers that go to a person and are served on them (L-PET-73); the others stay between units or in the file.
SERVED = frozenset({"P05", "P06", "P07", "P08", "P09", "P10", "P11", "P12", "P14", "P15", "P22", "P23", "P29", "P30", "P31"})
#: delivery_methods whose proof is of its own kind (L-PET-73).
DIRECT, LEFT, ELECTRONIC, THROUGH = "1", "2", "3", "5"

STEPS: dict[str, Step] = {
    "issue_form": Step(
        "出具登记表",
        OPEN | {State.CLOSED},
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "条例§19 §22；L-PET-31",
        "按登记内容出具登记表，由信访人核对签名",
    ),
    "settle": Step(
        "出具和解协议书",
        frozenset({State.SIGNED, State.ACCEPTED}),
        None,
        UNIT,
        Where.HOLDER,
        "条例§33",
        "双方自愿达成一致的，写明协议内容和履行期限，由双方签名",
    ),
    "serve": Step(
        "登记文书送达",
        OPEN | {State.CLOSED},
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.HEAD}),
        Where.ANY,
        "条例§23 §35；L-PET-73；民诉法§88–95",
        "逐份登记送达的方式、日期、签收人和凭证，没有送到的也登记",
    ),
    "correct_paper": Step(
        "更正文书",
        OPEN | {State.CLOSED},
        None,
        frozenset({Role.HEAD}),
        Where.ANY,
        "L-PET-70；L-PET-71",
        "已发文书写错的，另出一份更正文书，写明原文号和日期；原文书保留",
    ),
}


#: What a deciding paper decides, by the name it has in the frozen content.
_DECIDED = frozenset({"support", "conclusion", "decision", "is_accepted", "outcome", "changed_lines", "redo_days"})
#: How alike a result must stay, 0 to 1: a slip of the pen leaves most of it as it stands.
_STILL_THE_SAME = 0.5
_REFUSING = ("不予", "不支持", "驳回")


def check_is_slip(before: Any, after: Any) -> None:
    """A correction puts a slip of the pen right and decides nothing (民诉法§157 by analogy; 条例§32). Raises NotAllowed.

    So it starts no new term: the right to review runs on from the receipt of the paper it corrects (条例§35). What changes the
    decision is a new decision, made by handling the matter again, and the right runs from that one's receipt.
    """
    is_other = _decided(before) != _decided(after) or any(
        chain.likeness(old, new) < _STILL_THE_SAME for old, new in zip(_results(before), _results(after), strict=True)
    )
    if is_other or any(_said(before).count(word) != _said(after).count(word) for word in _REFUSING):
        raise NotAllowed(
            "更正只能改笔误、误算，不能改变处理意见和结论，也不重新起算复查期限。"
            "要改变处理结果的，请重新办理后另行答复，复查期限从收到新的答复之日起算（条例第三十五条）。",
            code="changes_decision",
            status=422,
        )


def _decided(content: Any) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in _named(content) if name in _DECIDED]


def _results(content: Any) -> list[str]:
    return [str(value) for name, value in _named(content) if name == "result"]


def _said(content: Any) -> str:
    return "".join(value for _, value in _named(content) if isinstance(value, str))


def _named(content: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with the name it stands under, however deep."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from _named(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from _named(value, name)
    else:
        yield name, content


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a delivery, as plain facts."""

    way: str
    receiver: str
    receiver_kind: str
    witnesses: str
    proof: str
    words: str
    is_agreed: bool
    earlier_attempts: int


def check_attempt(*, way: str, today: date, issued_on: date, attempted_on: date, posted_on: date | None, delivered_on: date | None) -> None:
    """The days of one attempt stand in order, between the paper's own day and today (L-TIME-8). Raises NotAllowed."""
    days = [issued_on, attempted_on, *([posted_on] if posted_on else []), *([delivered_on] if delivered_on else [])]
    if min(days) < issued_on or max(days) > today:
        raise NotAllowed("送达、交邮、收到的日期不早于文书出具那天，不晚于今天。", code="delivery_date", status=422)
    if way in (POSTED, ANNOUNCED) and posted_on is None:
        raise NotAllowed("邮寄的写明交邮日期，公告的写明公告日期。", code="posted_needed", status=422)
    if posted_on and delivered_on and delivered_on < posted_on:
        raise NotAllowed("收到日期不能早于交邮、公告日期。", code="posted_date", status=422)
    if way == ANNOUNCED and posted_on and delivered_on and (delivered_on - posted_on).days < ANNOUNCEMENT_DAYS:
        raise NotAllowed(f"公告满{ANNOUNCEMENT_DAYS}日才视为送达。", code="announcement", status=422)


def check_proof(facts: Proof) -> None:
    """Each way of delivery has its own proof (L-PET-73). Raises NotAllowed."""
    if facts.way in (DIRECT, THROUGH) and not facts.receiver.strip():
        raise NotAllowed("请写明签收人。", code="receiver_needed", status=422)
    if facts.way == DIRECT and not facts.receiver_kind:
        raise NotAllowed("请写明签收人与受送达人的关系。", code="receiver_kind_needed", status=422)
    if facts.way == LEFT and not (facts.witnesses.strip() or facts.proof.strip()):
        raise NotAllowed("留置送达须有见证人签名，或者写明照片、录像的编号。", code="witness_needed", status=422)
    if facts.way == LEFT and not facts.words.strip():
        raise NotAllowed("留置送达须写明拒收的事由和经过。", code="refusal_needed", status=422)
    if facts.way == ELECTRONIC and not facts.is_agreed:
        raise NotAllowed("电子送达须经受送达人同意，请改用其他方式或者先取得同意。", code="consent_needed", status=422)
    if facts.way == POSTED and not facts.proof.strip():
        raise NotAllowed("邮寄送达须写明邮寄单号。", code="post_number_needed", status=422)
    if facts.way == ANNOUNCED and not facts.words.strip():
        raise NotAllowed("公告送达须写明原因和经过，记入案卷。", code="notice_reason_needed", status=422)
    if facts.way == ANNOUNCED and not facts.earlier_attempts:
        raise NotAllowed("公告是最后的送达方式，先用其他方式送达并登记没有送到的经过。", code="last_resort", status=422)
