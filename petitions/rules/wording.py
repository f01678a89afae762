"""What the words of an answer must not be: a template left unfilled, the demand copied back, a shrug (§32, opening 19; 答非所问)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casework.rules import NotAllowed
from casework.wording import check_filled

#: A result that says less than this says nothing. Characters, punctuation left out.
MIN_RESULT = 4
#: Answers that answer nothing, whatever the demand was.
_SHRUGS = frozenset(
    [
        *("已办", "已办结", "办结", "已办理", "已处理", "已解决", "已落实", "已答复", "已回复", "已整改"),
        *("同上", "同前", "见上", "见下", "见附件", "详见附件", "情况属实", "不属实", "无", "没有", "略"),
    ]
)
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Answered:
    """One numbered point as plain words."""

    no: int
    demand: str
    result: str
    ground: str


def check_spot_point(point: Answered) -> None:
    """What is said at the window may be short, but it is no template and not the demand read back. Raises NotAllowed (422)."""
    where = f"第{point.no}项"
    check_filled({f"{where}处理结果": point.result, f"{where}依据": point.ground})
    if _bare(point.result) and _bare(point.result) == _bare(point.demand):
        raise NotAllowed(f"{where}的处理结果照抄了诉求本身，没有回答。请写明查明的事实和处理结果。", code="result_copies_demand", status=422)


def check_point(point: Answered) -> None:
    """A point's result and ground stand by themselves in the letter (§32, L-PET-70). Raises NotAllowed (422)."""
    check_spot_point(point)
    where = f"第{point.no}项"
    result = _bare(point.result)
    if len(result) < MIN_RESULT or result in _SHRUGS:
        raise NotAllowed(
            f"{where}的处理结果太短，看不出办了什么。请写明查明的事实和处理结果（条例第三十二条）。", code="result_too_short", status=422
        )
    ground = _bare(point.ground)
    if not ground or ground in _SHRUGS:
        raise NotAllowed(f"{where}没有写依据。请写明法律、法规、政策名称和条款。", code="ground_missing", status=422)


def doubts(points: Iterable[Answered]) -> list[str]:
    """What the writer and the signing head should look at again; two points may truly end alike, so it refuses nothing."""
    held = [point for point in points if point.result]
    found = []
    for first in held:
        same = [other.no for other in held if other.no > first.no and _bare(other.result) == _bare(first.result)]
        earlier = any(other.no < first.no and _bare(other.result) == _bare(first.result) for other in held)
        if same and not earlier:
            numbers = "、".join(str(no) for no in [first.no, *same])
            found.append(f"第 {numbers} 项的处理结果完全相同，请核对是否逐项回答。")
    return found


def _bare(text: str) -> str:
    """The words without punctuation and blanks."""
    return _NOT_WORDS.sub("", text)
