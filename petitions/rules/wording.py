"""What the words of an answer must not be: a template left unfilled, the demand copied back, a shrug (§32, opening 19; 答非所问)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.rules import NotAllowed

#: A blank of our own text templates (常用语): {写什么}. Full-width braces come from other systems' texts.
OWN_BLANK = re.compile(r"[{｛][^{}｛｝\n]{0,40}[}｝]")
#: How people leave a place to be filled in a letter. 〔2026〕12号 and 【案号】 of another office's paper are no blanks.
_BLANKS = re.compile(
    r"[{｛][^{}｛｝\n]{0,40}[}｝]"
    r"|[〔［\[][\s　×Xx_＿年]*[〕］\]]"
    r"|【(?:[\s　×Xx_＿]*|[^【】\n]{0,20}(?:填写|此处|请写|请填|待填|选填)[^【】\n]{0,20})】"
    r"|（[\s　]*）|\([\s　]*\)"
    r"|×{2,}|(?<![A-Za-z0-9])[Xx]{2,}(?![A-Za-z0-9])"
    r"|[_＿]{2,}"
    r"|(?<!\d)[\s　]+年[\s　]+月([\s　]+日)?"
    r"|(?:在此|此处)(?:填写|输入)"
)
#: How much of the sentence a refusal quotes on each side of the blank. Characters.
_AROUND = 6
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


def blanks_in(text: str) -> list[str]:
    """The places left to fill, each with the words around it: «补偿款{金额}元，»."""
    return [_quoted(text, found) for found in _BLANKS.finditer(text)]


def own_blanks_in(text: str) -> list[str]:
    """The blanks of our own templates alone: what a witness said may hold any other sign."""
    return [_quoted(text, found) for found in OWN_BLANK.finditer(text)]


def _quoted(text: str, found: re.Match[str]) -> str:
    before = text[max(0, found.start() - _AROUND) : found.start()].split("\n")[-1]
    after = text[found.end() : found.end() + _AROUND].split("\n")[0]
    return f"{before}{found[0]}{after}"


def blank_sentence(label: str, quotes: list[str]) -> str:
    """«处理结果»里还有没填的空白：「补偿款{金额}元」…"""
    shown = "、".join(f"「{quote}」" for quote in quotes[:3])
    more = f"等 {len(quotes)} 处" if len(quotes) > 3 else ""
    return f"“{label}”里还有没填的空白：{shown}{more}。请填好或删去后再提交。"


def check_filled(texts: Mapping[str, str]) -> None:
    """No text of a template goes out unfilled. Keys are the fields' labels. Raises NotAllowed (422) naming the blank and where."""
    for label, text in texts.items():
        quotes = blanks_in(text)
        if quotes:
            raise NotAllowed(blank_sentence(label, quotes), code="blank_left", status=422)


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
