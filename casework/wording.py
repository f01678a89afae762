"""Blanks of a text template that nobody filled: in what is typed, and in what is about to leave the house."""

from __future__ import annotations

import re
from collections.abc import Mapping

from organisations.rules import NotAllowed

#: A blank of our own text templates (常用语): {写什么}. Full-width braces come from other systems' texts.
OWN_BLANK = re.compile(r"[{｛][^{}｛｝\n]{0,40}[}｝]")
#: How people leave a place to be filled in a letter. 〔2026〕12号 and 【案号】 of another office's paper are no blanks.
_BLANKS = re.compile(
    r"[{｛][^{}｛｝\n]{0,40}[}｝]"
    r"|[〔［\[][\s　×Xx_＿…年]*[〕］\]]"
    r"|【(?:[\s　×Xx_＿…．.·*＊?？]*|[^【】\n]{0,20}(?:填写|此处|请写|请填|待填|选填)[^【】\n]{0,20})】"
    r"|（[\s　]*）|\([\s　]*\)"
    r"|×{2,}|(?<![A-Za-z0-9])[Xx]{2,}(?![A-Za-z0-9])"
    r"|[_＿]{2,}"
    r"|(?<!\d)[\s　]+年[\s　]+月([\s　]+日)?"
    r"|(?:在此|此处)(?:填写|输入)"
)
#: How much of the sentence a refusal quotes on each side of the blank. Characters.
_AROUND = 6
#: Where they stop: at a line's end and at the next blank, which is quoted by itself.
_EDGE = re.compile(r"[\n{}｛｝]")


def blanks_in(text: str) -> list[str]:
    """The places left to fill, each with the words around it: «补偿款{金额}元，»."""
    return [_quoted(text, found) for found in _BLANKS.finditer(text)]


def own_blanks_in(text: str) -> list[str]:
    """The blanks of our own templates alone: what a witness said may hold any other sign."""
    return [_quoted(text, found) for found in OWN_BLANK.finditer(text)]


def _quoted(text: str, found: re.Match[str]) -> str:
    before = _EDGE.split(text[max(0, found.start() - _AROUND) : found.start()])[-1]
    after = _EDGE.split(text[found.end() : found.end() + _AROUND])[0]
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
